package org.nabla4j.cpu.codegen;

import static org.nabla4j.cpu.codegen.FloatingFormat.pick;
import static org.nabla4j.cpu.codegen.FloatingFormat.polynomial;

import org.nabla4j.cpu.codegen.Value.Bits;
import org.nabla4j.cpu.codegen.Value.Mask;
import org.nabla4j.cpu.codegen.Value.Real;

/**
 * Logarithms as lane arithmetic.
 *
 * <p>x = 2^k·(1 + f) with 1 + f between √½ and √2; with s = f / (2 + f),
 *
 * <pre>
 *   log(1 + f) = 2·artanh s = f − (½f² − s·(½f² + s²·P(s²)))
 * </pre>
 *
 * <p>where P is a minimax polynomial of own computation (Remez), and k·ln 2 is added in two parts
 * (Cody and Waite, Software Manual for the Elementary Functions, 1980).
 */
final class Logarithms {

  /** (2·artanh s / s − 2) / s² in s², |s| ≤ 3 − 2√2; error of the logarithm 2^-59.5. */
  private static final double[] P = {
    0.6666666666666735,
    0.3999999999941108,
    0.28571428743263394,
    0.22222198476101598,
    0.18183569726751547,
    0.15313903717100405,
    0.14797501937067212
  };

  /** The same for float; 2^-30.2. */
  private static final double[] P_FLOAT = {0.66666776, 0.3997755, 0.2987221};

  /** As {@link #P}, |s| ≤ ⅓; 2^-59.4. */
  private static final double[] P_WIDE = {
    0.6666666666666631,
    0.4000000000015725,
    0.28571428547852584,
    0.22222223969830035,
    0.18181743921264157,
    0.1538656000051284,
    0.1330097260149427,
    0.12106093710712724,
    0.08340070468841987,
    0.17018630033942173
  };

  /** The same for float; 2^-27.7. */
  private static final double[] P_WIDE_FLOAT = {
    0.66666675, 0.39998877, 0.28616884, 0.21427669, 0.24300894
  };

  private Logarithms() {}

  /**
   * x = 2^k·m.
   *
   * @param k exponent
   * @param stored bits of the exponent, shifted by the bias, and only for normal x
   * @param m between √½ and √2
   */
  record Split(Real k, Bits stored, Real m) {}

  /** Takes a positive number apart, subnormal or not. */
  static Split split(LaneCode c, Real x) {
    FloatingFormat f = FloatingFormat.of(c);
    int lift = f.fractionBits + 2;
    Mask subnormal = c.lt(x, c.constant(f.minNormal));
    Real lifted = c.select(subnormal, c.mul(x, c.constant(Math.scalb(1.0, lift))), x);
    Real integer = c.constant(Math.scalb(1.0, f.fractionBits) + f.bias);
    Real liftedInteger = c.constant(Math.scalb(1.0, f.fractionBits) + f.bias + lift);
    return split(c, lifted, c.select(subnormal, liftedInteger, integer));
  }

  /** Takes a positive normal number apart. */
  static Split splitNormal(LaneCode c, Real x) {
    FloatingFormat f = FloatingFormat.of(c);
    return split(c, x, c.constant(Math.scalb(1.0, f.fractionBits) + f.bias));
  }

  private static Split split(LaneCode c, Real x, Real integer) {
    FloatingFormat f = FloatingFormat.of(c);
    long rootHalf = f.bitsOf(Math.sqrt(0.5));
    long one = f.bitsOf(1);
    Bits moved = c.add(c.toBits(x), c.bits(one - rootHalf));
    Bits stored = c.lshr(moved, f.fractionBits);
    Bits asReal = c.or(stored, c.bits(f.bitsOf(Math.scalb(1.0, f.fractionBits))));
    Bits m = c.add(c.and(moved, c.bits(f.fractionMask)), c.bits(rootHalf));
    return new Split(c.sub(c.fromBits(asReal), integer), stored, c.fromBits(m));
  }

  /**
   * log(2^k·(1 + f)) before its last addition.
   *
   * @param kLn2 k·ln 2, its leading part, exact
   * @param rest what is to be added to it
   * @param restLow what rounding took from the rest
   */
  private record Sum(Real kLn2, Real rest, Real restLow) {
    Real rounded(LaneCode c) {
      return c.add(kLn2, rest);
    }
  }

  private static Sum logarithm(LaneCode c, Real k, Real f) {
    Real s = c.div(f, c.add(f, c.constant(2)));
    Real z = c.mul(s, s);
    Real r = c.mul(z, polynomial(c, z, pick(c, P, P_FLOAT)));
    Real halfSquare = c.mul(c.mul(c.constant(0.5), f), f);
    Real kLow = c.mul(k, pick(c, Exponentials.LN2_LOW, Exponentials.LN2_LOW_FLOAT));
    Real correction = c.sub(halfSquare, c.fma(s, c.add(halfSquare, r), kLow));
    Real rest = c.sub(f, correction);
    return new Sum(c.mul(k, Exponentials.ln2High(c)), rest, c.sub(c.sub(f, rest), correction));
  }

  /** Natural logarithm. Error: 0.8 ulp (0.8 in float). */
  static Real log(LaneCode c, Real x) {
    Split x2 = split(c, x);
    Real y = logarithm(c, x2.k, c.sub(x2.m, c.constant(1))).rounded(c);
    return special(c, x, y);
  }

  /**
   * A logarithm with more than the precision of a lane.
   *
   * @param high the logarithm, rounded
   * @param low what rounding took away
   */
  record Extended(Real high, Real low) {}

  /** Natural logarithm of a positive finite number, error of high + low: 2^-56 (2^-27 in float). */
  static Extended extended(LaneCode c, Real x) {
    Split x2 = split(c, x);
    Sum sum = logarithm(c, x2.k, c.sub(x2.m, c.constant(1)));
    Real high = sum.rounded(c);
    return new Extended(
        high, c.add(FloatingFormat.sumError(c, sum.kLn2, sum.rest, high), sum.restLow));
  }

  /** log(1 + x): what 1 + x loses by rounding is added to f. Error: 1.4 ulp (1.4 in float). */
  static Real log1p(LaneCode c, Real x) {
    FloatingFormat f = FloatingFormat.of(c);
    Real one = c.constant(1);
    Real u = c.add(one, x);
    // rounding of 1 + x, by the larger of the two first
    Real back = c.sub(u, one);
    Real lost = c.add(c.sub(x, back), c.sub(one, c.sub(u, back)));
    Split u2 = splitNormal(c, u);
    // 2^−k, or 0 where it is subnormal: then x is so large that it does not matter
    Bits scale =
        c.max(c.sub(c.bits(f.exponent(2 * f.bias)), c.shl(u2.stored, f.fractionBits)), c.bits(0));
    Real reduced = c.fma(lost, c.fromBits(scale), c.sub(u2.m, one));
    Real y = special(c, u, logarithm(c, u2.k, reduced).rounded(c));
    // the result has the sign of x: keeps −0
    return c.fromBits(c.or(c.toBits(y), FloatingFormat.sign(c, x)));
  }

  /** Logarithm to base 2, exact for powers of 2. Error: 0.9 ulp (0.9 in float). */
  static Real log2(LaneCode c, Real x) {
    Split x2 = split(c, x);
    Sum sum = logarithm(c, c.constant(0), c.sub(x2.m, c.constant(1)));
    Real high = pick(c, 0x1.71547652b82fep0, 0x1.715476p0);
    Real low = pick(c, 0x1.777d0ffda0d24p-56, 0x1.4ae0cp-26);
    Real y = c.mul(sum.rest, high);
    Real error = FloatingFormat.productError(c, sum.rest, high, y);
    error = c.fma(sum.rest, low, c.fma(sum.restLow, high, error));
    Real total = c.add(x2.k, y);
    Real rounding = FloatingFormat.sumError(c, x2.k, y, total);
    return special(c, x, c.add(total, c.add(rounding, error)));
  }

  /** Logarithm to base 10. Error: 0.8 ulp (0.8 in float). */
  static Real log10(LaneCode c, Real x) {
    Split x2 = split(c, x);
    Sum sum = logarithm(c, c.constant(0), c.sub(x2.m, c.constant(1)));
    Real high = pick(c, 0x1.bcb7b1526e50ep-2, 0x1.bcb7b2p-2);
    Real low = pick(c, 0x1.95355baaafad3p-57, -0x1.5b235ep-27);
    Real y = c.mul(sum.rest, high);
    Real error = FloatingFormat.productError(c, sum.rest, high, y);
    error = c.fma(sum.rest, low, c.fma(sum.restLow, high, error));
    // log10 2, cut off so that its products with k are exact, and the rest
    Real base = c.mul(x2.k, pick(c, 0x1.34413509f78p-2, 0x1.344p-2));
    error = c.fma(x2.k, pick(c, 0x1.fef311f12b358p-46, 0x1.3509f8p-18), error);
    Real total = c.add(base, y);
    Real rounding = FloatingFormat.sumError(c, base, y, total);
    return special(c, x, c.add(total, c.add(rounding, error)));
  }

  /** log(1 + e^x). Error: 1.6 ulp (1.8 in float). */
  static Real softplus(LaneCode c, Real x) {
    Real e = Exponentials.expOfNegative(c, c.neg(c.abs(x)));
    Real s = c.div(e, c.add(e, c.constant(2)));
    Real z = c.mul(s, s);
    Real r = c.mul(z, polynomial(c, z, pick(c, P_WIDE, P_WIDE_FLOAT)));
    Real halfSquare = c.mul(c.mul(c.constant(0.5), e), e);
    Real log1p = c.sub(e, c.sub(halfSquare, c.mul(s, c.add(halfSquare, r))));
    return c.add(c.max(x, c.constant(0)), log1p);
  }

  /** −∞ at 0, NaN below, ∞ at ∞, NaN for NaN. */
  private static Real special(LaneCode c, Real x, Real y) {
    Real zero = c.constant(0);
    Real finite = c.select(c.lt(x, c.constant(Double.POSITIVE_INFINITY)), y, x);
    Real none =
        c.select(c.eq(x, zero), c.constant(Double.NEGATIVE_INFINITY), c.constant(Double.NaN));
    return c.select(c.le(x, zero), none, finite);
  }
}
