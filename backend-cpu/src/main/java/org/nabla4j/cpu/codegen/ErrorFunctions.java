package org.nabla4j.cpu.codegen;

import static org.nabla4j.cpu.codegen.FloatingFormat.pick;
import static org.nabla4j.cpu.codegen.FloatingFormat.polynomial;

import java.util.Arrays;
import org.nabla4j.cpu.codegen.Exponentials.Reduced;
import org.nabla4j.cpu.codegen.Value.Bits;
import org.nabla4j.cpu.codegen.Value.Mask;
import org.nabla4j.cpu.codegen.Value.Real;

/**
 * The error function and its complement as lane arithmetic: near 0 a polynomial for erf, elsewhere
 *
 * <pre>
 *   erfc x = e^−x² · P(u) / (x + 2),   u = 2 / (x + 2) − 0.35
 * </pre>
 *
 * <p>with x² in two numbers. The form is that of Shepherd and Laframboise (Chebyshev approximation
 * of (1 + 2x)·exp(x²)·erfc x, 1981); the minimax polynomials are of own computation (Remez).
 */
final class ErrorFunctions {

  private static final double POLE = 2;
  private static final double CENTER = 0.35;

  /** erf x / x − 1 in x², |x| ≤ 1; error 2^-56.9. */
  private static final double[] ERF = {
    0.12837916709551256,
    -0.3761263890318355,
    0.11283791670945204,
    -0.02686617064326845,
    0.00522397760736771,
    -0.0008548325987465708,
    0.00012055295266589689,
    -1.492474385257014E-5,
    1.6447510133835539E-6,
    -1.6209134580975593E-7,
    1.3722858990308164E-8,
    -7.801068578142871E-10
  };

  /** The same for float; 2^-29.6. */
  private static final double[] ERF_FLOAT = {
    0.12837917, -0.37612626, 0.112835996, -0.026854428, 0.0051895124, -0.0008020718, 7.8889476E-5
  };

  /** (x + 2)·e^x²·erfc x in u, ½ ≤ x ≤ 28; error 2^-59.5. */
  private static final double[] P = {
    0.8394465840669567,
    1.0626757944180274,
    0.9485107107896118,
    0.4406103046657144,
    -0.14004140062700074,
    -0.3067902238676462,
    0.00018830844096084145,
    0.2328015043132185,
    0.008634893612970403,
    -0.21847479287986768,
    0.03155081490348969,
    0.22925843220393127,
    -0.1228976179009817,
    -0.22455947261191075,
    0.28064400791920413,
    0.128962498083093,
    -0.4808196521339234,
    0.17571444506933648,
    0.5509812849221833,
    -0.7147256415443923,
    -0.08519204458620552,
    0.9010427901643526,
    -0.8013698901334774,
    0.24306839358257226
  };

  /** The same for float, x ≤ 11; 2^-33. */
  private static final double[] P_FLOAT = {
    0.8394466,
    1.0626758,
    0.9485107,
    0.44061103,
    -0.1400448,
    -0.30684188,
    0.0004572233,
    0.23397486,
    -0.00011102302,
    -0.2172388,
    0.12438194
  };

  private ErrorFunctions() {}

  /** erf x. Error: 1.5 ulp (1.5 in float). */
  static Real erf(LaneCode c, Real x) {
    Real one = c.constant(1);
    Real magnitude = c.abs(x);
    Real near = near(c, magnitude);
    Real far = c.sub(one, tail(c, magnitude, false));
    Real y = c.select(c.lt(magnitude, one), near, far);
    return FloatingFormat.withSign(c, y, FloatingFormat.sign(c, x));
  }

  /**
   * erfc x = 1 − erf x. Error: 1.9 ulp (1.9 in float); results below the normal range to within
   * 2^-1074 (2^-149 in float).
   */
  static Real erfc(LaneCode c, Real x) {
    Real one = c.constant(1);
    Real half = c.constant(0.5);
    Real magnitude = c.abs(x);
    Real tail = tail(c, magnitude, true);
    Mask negative = c.lt(x, c.constant(0));
    Real far = c.select(negative, c.sub(c.constant(2), tail), tail);
    // 1 − x is exact where the rounding of x + x·Q would be felt
    Real z = c.mul(x, x);
    Real close = c.sub(c.sub(one, x), c.mul(x, polynomial(c, z, pick(c, ERF, ERF_FLOAT))));
    return c.select(c.lt(magnitude, half), close, far);
  }

  /** erf x for 0 ≤ x ≤ 1. */
  private static Real near(LaneCode c, Real x) {
    Real z = c.mul(x, x);
    return c.fma(x, polynomial(c, z, pick(c, ERF, ERF_FLOAT)), x);
  }

  /**
   * erfc x for x ≥ ½; 0 beyond the range of numbers.
   *
   * @param accurate whether to spend work on the last digits
   */
  private static Real tail(LaneCode c, Real magnitude, boolean accurate) {
    FloatingFormat f = FloatingFormat.of(c);
    Real one = c.constant(1);
    Real most = pick(c, 28, 11);
    Real x = c.select(c.gt(magnitude, most), most, magnitude);
    // e^−x² = 2^n·(high + low)
    Real square = c.mul(x, x);
    Reduced z = Exponentials.reduce(c, c.neg(square), 2 * f.bias);
    Real r = z.r();
    Real high = c.add(one, r);
    Real low = c.mul(c.mul(r, r), Exponentials.expRest(c, r));
    // divided by x + 2
    Real pole = c.constant(POLE);
    Real denominator = c.add(x, pole);
    Real inverse = c.div(one, denominator);
    Real u = c.fma(inverse, pole, c.constant(-CENTER));
    double[] a = pick(c, P, P_FLOAT);
    Real y;
    if (accurate) {
      Real small = c.sub(z.low(), FloatingFormat.productError(c, x, x, square));
      low = c.fma(small, c.add(high, low), low);
      low = c.add(FloatingFormat.sumError(c, one, r, high), low);
      // 1 − (x + 2)·inverse, with what the sum lost, by the larger of the two first
      Real product = c.mul(inverse, denominator);
      Real error = FloatingFormat.productError(c, inverse, denominator, product);
      Real back = c.sub(denominator, pole);
      Real lost = c.add(c.sub(x, back), c.sub(pole, c.sub(denominator, back)));
      Real residual = c.sub(c.sub(c.sub(one, product), error), c.mul(inverse, lost));
      u = c.fma(c.mul(inverse, pole), residual, u);
      Real constant = c.constant(a[0]);
      Real slope = c.mul(u, polynomial(c, u, Arrays.copyOfRange(a, 1, a.length)));
      Real p = c.add(constant, slope);
      Real pLow = FloatingFormat.sumError(c, constant, slope, p);
      Real numerator = c.mul(high, p);
      Real numeratorLow =
          c.fma(high, pLow, c.fma(low, p, FloatingFormat.productError(c, high, p, numerator)));
      Real q = c.mul(numerator, inverse);
      Real qLow = FloatingFormat.productError(c, numerator, inverse, q);
      y = c.add(q, c.fma(q, residual, c.fma(numeratorLow, inverse, qLow)));
    } else {
      y = c.mul(c.mul(c.add(high, low), polynomial(c, u, a)), inverse);
    }
    Bits half = c.lshr(z.shifted(), 1);
    Real first = c.fromBits(c.shl(half, f.fractionBits));
    Real second = c.fromBits(c.shl(c.sub(z.shifted(), half), f.fractionBits));
    return c.mul(c.mul(y, first), second);
  }
}
