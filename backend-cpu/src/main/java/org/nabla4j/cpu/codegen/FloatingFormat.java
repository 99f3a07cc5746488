package org.nabla4j.cpu.codegen;

import org.nabla4j.cpu.codegen.Value.Bits;
import org.nabla4j.cpu.codegen.Value.Real;

/**
 * The binary layout of a lane's floating-point numbers, and the few idioms of lane arithmetic that
 * every elementary function needs.
 */
enum FloatingFormat {
  /** 64 bits: sign, 11 bits of exponent, 52 of fraction. */
  DOUBLE(52, 1023, 134217729.0),
  /** 32 bits: sign, 8 bits of exponent, 23 of fraction. */
  FLOAT(23, 127, 4097.0);

  /** Bits of the fraction, which is the distance of the exponent from bit 0. */
  final int fractionBits;

  /** What the stored exponent of 1 is, and the largest exponent of a finite number. */
  final int bias;

  /** The smallest normal number. */
  final double minNormal;

  /** Mask of the sign. */
  final long signBit;

  /** Mask of the fraction. */
  final long fractionMask;

  private final double splitter;

  FloatingFormat(int fractionBits, int bias, double splitter) {
    this.fractionBits = fractionBits;
    this.bias = bias;
    this.minNormal = Math.scalb(1.0, 1 - bias);
    this.signBit = bias == 1023 ? Long.MIN_VALUE : Integer.MIN_VALUE;
    this.fractionMask = (1L << fractionBits) - 1;
    this.splitter = splitter;
  }

  static FloatingFormat of(LaneCode c) {
    return c.target().isDouble() ? DOUBLE : FLOAT;
  }

  /** Bits of a number of this format. */
  long bitsOf(double v) {
    return this == DOUBLE ? Double.doubleToRawLongBits(v) : Float.floatToRawIntBits((float) v);
  }

  /** Bits of the positive number with this stored exponent and no fraction. */
  long exponent(int stored) {
    return (long) stored << fractionBits;
  }

  /**
   * 1.5·2^fractionBits + offset. A number far below it, added to it, is rounded to an integer, and
   * the lowest bits of the sum are those of the integer plus the offset.
   */
  double shifter(int offset) {
    return Math.scalb(1.5, fractionBits) + offset;
  }

  /** The first argument for double lanes, the second for float lanes. */
  static double[] pick(LaneCode c, double[] forDouble, double[] forFloat) {
    return c.target().isDouble() ? forDouble : forFloat;
  }

  /** The first argument for double lanes, the second for float lanes. */
  static Real pick(LaneCode c, double forDouble, double forFloat) {
    return c.constant(c.target().isDouble() ? forDouble : forFloat);
  }

  /**
   * a[0] + a[1]·x + a[2]·x² + ... by Horner's rule; longer ones as E(x²) + x·O(x²), whose halves
   * are computed side by side: a single chain of additions would make the processor wait.
   */
  static Real polynomial(LaneCode c, Real x, double... a) {
    if (a.length < 5) {
      return horner(c, x, a, 0, 1);
    }
    Real square = c.mul(x, x);
    return c.fma(horner(c, square, a, 1, 2), x, horner(c, square, a, 0, 2));
  }

  private static Real horner(LaneCode c, Real x, double[] a, int first, int stride) {
    int last = first + (a.length - 1 - first) / stride * stride;
    Real sum = c.constant(a[last]);
    for (int i = last - stride; i >= first; i -= stride) {
      sum = c.fma(sum, x, c.constant(a[i]));
    }
    return sum;
  }

  /** The bits of the sign alone. */
  static Bits sign(LaneCode c, Real x) {
    return c.and(c.toBits(x), c.bits(of(c).signBit));
  }

  /** A number that is not negative, given a sign. */
  static Real withSign(LaneCode c, Real magnitude, Bits sign) {
    return c.fromBits(c.or(c.toBits(magnitude), sign));
  }

  /** A number times ±1, as the sign bit says. */
  static Real flip(LaneCode c, Real x, Bits sign) {
    return c.fromBits(c.xor(c.toBits(x), sign));
  }

  /**
   * What rounding took from a product: a·b − p exactly, unless it underflows.
   *
   * <p>One fused multiply-add, or where there is none the splitting of Dekker (1971), which needs
   * both factors below 2^(bias − 28).
   *
   * @param p the rounded product of a and b
   */
  static Real productError(LaneCode c, Real a, Real b, Real p) {
    if (c.target().fma()) {
      return c.fma(a, b, c.neg(p));
    }
    Real ah = high(c, a);
    Real al = c.sub(a, ah);
    Real bh = high(c, b);
    Real bl = c.sub(b, bh);
    Real e = c.sub(c.mul(ah, bh), p);
    return c.add(c.add(c.add(e, c.mul(ah, bl)), c.mul(al, bh)), c.mul(al, bl));
  }

  private static Real high(LaneCode c, Real a) {
    Real t = c.mul(a, c.constant(of(c).splitter));
    return c.sub(t, c.sub(t, a));
  }

  /** What rounding took from the sum of a and b where |a| ≥ |b| or a = 0: a + b − s exactly. */
  static Real sumError(LaneCode c, Real a, Real b, Real s) {
    return c.add(c.sub(a, s), b);
  }
}
