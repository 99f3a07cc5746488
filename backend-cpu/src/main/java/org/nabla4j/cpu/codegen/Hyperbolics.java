package org.nabla4j.cpu.codegen;

import static org.nabla4j.cpu.codegen.FloatingFormat.pick;
import static org.nabla4j.cpu.codegen.FloatingFormat.polynomial;

import org.nabla4j.cpu.codegen.Exponentials.Reduced;
import org.nabla4j.cpu.codegen.Value.Bits;
import org.nabla4j.cpu.codegen.Value.Real;

/**
 * Hyperbolic functions as lane arithmetic: with |x| = n·ln 2 + r, and sinh r and cosh r by minimax
 * polynomials of own computation (Remez),
 *
 * <pre>
 *   sinh |x| = ½(2^n − 2^−n)·cosh r + ½(2^n + 2^−n)·sinh r
 *   cosh |x| = ½(2^n + 2^−n)·cosh r + ½(2^n − 2^−n)·sinh r
 *   tanh |x| = 1 − 2 / (e^2|x| + 1), near 0 a polynomial
 * </pre>
 */
final class Hyperbolics {

  /** (sinh r − r) / r³ in r². */
  private static final double[] SINH = {
    0.16666666666666677,
    0.008333333333321515,
    0.0001984126988653252,
    2.7557243708613396E-6,
    2.5109238663080787E-8
  };

  private static final double[] SINH_FLOAT = {0.16666667, 0.008333289, 0.00019905165};

  /** (cosh r − 1) / r² in r². */
  private static final double[] COSH = {
    0.5,
    0.04166666666666671,
    0.0013888888888863651,
    2.480158736398719E-5,
    2.7557241297384435E-7,
    2.0924595234338434E-9
  };

  private static final double[] COSH_FLOAT = {0.5, 0.041666266, 0.0013946414};

  /** Below this the hyperbolic tangent is a polynomial. */
  private static final double NEAR = 0.625;

  /** (tanh x − x) / x³ in x², |x| ≤ {@link #NEAR}. */
  private static final double[] TANH = {
    -0.33333333333332876,
    0.13333333333264935,
    -0.053968253932489704,
    0.02186948760210423,
    -0.008863221320772361,
    0.0035919915807980664,
    -0.0014549705192301399,
    0.0005863526026170049,
    -0.00022863344325431938,
    7.721937435647999E-5,
    -1.6107627668584358E-5
  };

  private static final double[] TANH_FLOAT = {
    -0.33333284, 0.13331501, -0.05374406, 0.02065181, -0.005717924
  };

  private Hyperbolics() {}

  /** sinh x. Error: 1.8 ulp (1.7 in float). */
  static Real sinh(LaneCode c, Real x) {
    Parts p = parts(c, x);
    Real lost = c.sub(c.sub(p.grown, p.difference), p.shrunk);
    Real rest = c.fma(p.difference, p.coshRest, c.fma(p.sum, p.sinh, lost));
    Real quarter = c.add(p.difference, rest);
    Real y = overflowing(c, p.magnitude, c.add(quarter, quarter));
    // keeps subnormal numbers
    y = c.select(c.lt(p.magnitude, c.constant(FloatingFormat.of(c).minNormal)), p.magnitude, y);
    return FloatingFormat.withSign(c, y, FloatingFormat.sign(c, x));
  }

  /** cosh x. Error: 1.4 ulp (1.3 in float). */
  static Real cosh(LaneCode c, Real x) {
    Parts p = parts(c, x);
    Real lost = c.add(c.sub(p.grown, p.sum), p.shrunk);
    Real rest = c.fma(p.sum, p.coshRest, c.fma(p.difference, p.sinh, lost));
    Real half = c.add(p.sum, rest);
    return overflowing(c, p.magnitude, c.add(half, half));
  }

  /** tanh x. Error: 1.2 ulp (1.2 in float). */
  static Real tanh(LaneCode c, Real x) {
    FloatingFormat f = FloatingFormat.of(c);
    Real magnitude = c.abs(x);
    Real square = c.mul(x, x);
    Real cubic = c.mul(c.mul(magnitude, square), polynomial(c, square, pick(c, TANH, TANH_FLOAT)));
    Real near = c.add(magnitude, cubic);
    Reduced z = Exponentials.reduce(c, c.add(magnitude, magnitude), f.bias);
    Real p = Exponentials.expm1OfReduced(c, z);
    Real s = c.fromBits(c.shl(z.shifted(), f.fractionBits));
    Real one = c.constant(1);
    Real far = c.sub(one, c.div(c.constant(2), c.fma(s, p, c.add(s, one))));
    Real y = c.select(c.lt(magnitude, c.constant(NEAR)), near, far);
    y = c.select(c.gt(magnitude, c.constant(20)), one, y);
    return FloatingFormat.withSign(c, y, FloatingFormat.sign(c, x));
  }

  /**
   * The pieces of both functions.
   *
   * @param magnitude |x|
   * @param grown ¼·2^n
   * @param shrunk ¼·2^−n
   * @param sum ¼(2^n + 2^−n), rounded
   * @param difference ¼(2^n − 2^−n), rounded
   * @param sinh sinh r
   * @param coshRest cosh r − 1
   */
  private record Parts(
      Real magnitude,
      Real grown,
      Real shrunk,
      Real sum,
      Real difference,
      Real sinh,
      Real coshRest) {}

  private static Parts parts(LaneCode c, Real x) {
    FloatingFormat f = FloatingFormat.of(c);
    Real magnitude = c.abs(x);
    Reduced reduced = Exponentials.reduce(c, magnitude, f.bias - 2);
    Real r = reduced.r();
    Real z = c.mul(r, r);
    Bits up = c.shl(reduced.shifted(), f.fractionBits);
    long twice = f.exponent(2 * (f.bias - 2));
    // 2^−n vanishes against 2^n long before its exponent leaves the format
    Bits down = c.max(c.sub(c.bits(twice), up), c.bits(0));
    Real grown = c.fromBits(up);
    Real shrunk = c.fromBits(down);
    Real cubic = c.mul(c.mul(z, r), polynomial(c, z, pick(c, SINH, SINH_FLOAT)));
    return new Parts(
        magnitude,
        grown,
        shrunk,
        c.add(grown, shrunk),
        c.sub(grown, shrunk),
        c.add(r, c.add(cubic, reduced.low())),
        c.mul(z, polynomial(c, z, pick(c, COSH, COSH_FLOAT))));
  }

  private static Real overflowing(LaneCode c, Real magnitude, Real y) {
    Real infinity = c.constant(Double.POSITIVE_INFINITY);
    return c.select(c.gt(magnitude, pick(c, 710.6, 89.6)), infinity, y);
  }
}
