package org.nabla4j.cpu.codegen;

import static org.nabla4j.cpu.codegen.FloatingFormat.polynomial;

import org.nabla4j.cpu.codegen.Value.Bits;
import org.nabla4j.cpu.codegen.Value.Mask;
import org.nabla4j.cpu.codegen.Value.Real;

/** Cube root and hypotenuse as lane arithmetic. */
final class Roots {

  /** m^(−1/3), ½ ≤ m ≤ 4; error 2^-8.4. Minimax polynomial of own computation (Remez). */
  private static final double[] INVERSE = {
    1.7952608101013716,
    -1.5035212474222621,
    1.0272139586119362,
    -0.38916812275785445,
    0.074504925286457,
    -0.005620147231049892
  };

  private Roots() {}

  /**
   * Cube root: x = 2^3n·m; one step of a high-order iteration for r = m^(−1/3) (Householder),
   * without a division, then one Newton step for m·r². Error: 0.6 ulp (0.6 in float).
   */
  static Real cbrt(LaneCode c, Real x) {
    FloatingFormat f = FloatingFormat.of(c);
    int lift = f.fractionBits == 52 ? 54 : 27;
    Real magnitude = c.abs(x);
    Mask subnormal = c.lt(magnitude, c.constant(f.minNormal));
    Real lifted =
        c.select(subnormal, c.mul(magnitude, c.constant(Math.scalb(1.0, lift))), magnitude);
    Bits all = c.toBits(lifted);
    // exponent as a real, a third of it rounded to an integer
    Bits stored = c.lshr(all, f.fractionBits);
    Bits asReal = c.or(stored, c.bits(f.bitsOf(Math.scalb(1.0, f.fractionBits))));
    Real biased = c.constant(Math.scalb(1.0, f.fractionBits) + f.bias);
    Real exponent = c.sub(c.fromBits(asReal), biased);
    Real shifter = c.constant(f.shifter(0));
    Bits third = c.toBits(c.fma(exponent, c.constant(1.0 / 3), shifter));
    Bits times3 = c.add(third, c.add(third, third));
    Real m = c.fromBits(c.sub(all, c.shl(times3, f.fractionBits)));
    Real one = c.constant(1);
    Real r = polynomial(c, m, INVERSE);
    Real h = c.sub(one, c.mul(c.mul(m, r), c.mul(r, r)));
    // (1 − h)^(−1/3) = 1 + h/3 + 2h²/9 + 14h³/81 + ...
    Real step =
        c.target().isDouble()
            ? polynomial(c, h, 1.0 / 3, 2.0 / 9, 14.0 / 81, 35.0 / 243)
            : polynomial(c, h, 1.0 / 3, 2.0 / 9);
    r = c.fma(c.mul(r, h), step, r);
    Real r2 = c.mul(r, r);
    Real t = c.mul(m, r2);
    // m − t³, with the rounding errors of t² and t³ that matter
    Real t2 = c.mul(t, t);
    Real t2Low = FloatingFormat.productError(c, t, t, t2);
    Real t3 = c.mul(t2, t);
    Real t3Low = FloatingFormat.productError(c, t2, t, t3);
    Real residual = c.sub(c.sub(c.sub(m, t3), t3Low), c.mul(t2Low, t));
    Real y = c.fma(residual, c.mul(r2, c.constant(1.0 / 3)), t);
    Bits down = c.select(subnormal, c.bits(f.exponent(lift / 3)), c.bits(0));
    Bits scaled = c.sub(c.add(c.toBits(y), c.shl(third, f.fractionBits)), down);
    Mask ordinary =
        c.and(
            c.lt(c.constant(0), magnitude), c.lt(magnitude, c.constant(Double.POSITIVE_INFINITY)));
    Bits sign = FloatingFormat.sign(c, x);
    return c.select(ordinary, FloatingFormat.withSign(c, c.fromBits(scaled), sign), x);
  }

  /**
   * √(x² + y²), with the larger of the two brought near 1 by a power of 2. Error: 1.2 ulp (1.1 in
   * float). ∞ if either is, even if the other is NaN.
   */
  static Real hypot(LaneCode c, Real x, Real y) {
    FloatingFormat f = FloatingFormat.of(c);
    Real ax = c.abs(x);
    Real ay = c.abs(y);
    Mask swap = c.gt(ay, ax);
    Real larger = c.select(swap, ay, ax);
    Real smaller = c.select(swap, ax, ay);
    Bits exponent = c.and(c.toBits(larger), c.bits(f.bitsOf(Double.POSITIVE_INFINITY)));
    // both the power and its inverse are to be normal numbers
    Bits up = c.min(c.max(exponent, c.bits(f.exponent(1))), c.bits(f.exponent(2 * f.bias - 1)));
    Real down = c.fromBits(c.sub(c.bits(f.exponent(2 * f.bias)), up));
    Real a = c.mul(larger, down);
    Real b = c.mul(smaller, down);
    Real h = c.mul(c.sqrt(c.fma(a, a, c.mul(b, b))), c.fromBits(up));
    Real infinity = c.constant(Double.POSITIVE_INFINITY);
    return c.select(c.or(c.eq(ax, infinity), c.eq(ay, infinity)), infinity, h);
  }
}
