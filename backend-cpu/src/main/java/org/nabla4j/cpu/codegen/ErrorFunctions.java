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
 *   erfc x = e^−x² · P(u) / (x + 2),   u = 2 / (x + 2) − ½
 * </pre>
 *
 * <p>with x² in two numbers. The form is that of Shepherd and Laframboise (Chebyshev approximation
 * of (1 + 2x)·exp(x²)·erfc x, 1981); the minimax polynomials are of own computation (Remez).
 */
final class ErrorFunctions {

  private static final double POLE = 2;
  private static final double CENTER = 0.5;

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
    1.021582705242023,
    1.3743213688276212,
    1.1178883702242217,
    0.29153785205505417,
    -0.3441705902328096,
    -0.20733392217338723,
    0.1977991719347738,
    0.10717389667531138,
    -0.1697468275023124,
    -0.01759821944798075,
    0.1479384323489669,
    -0.06993519435683271,
    -0.08887613744883847,
    0.13201881391423254,
    -0.018339931828943497,
    -0.11869978155866491,
    0.13070502418577803,
    -0.007282071281803326,
    -0.1521815140361795,
    0.21164303324898293,
    0.040822912454988966,
    -0.35981101680733,
    0.03721606772639697,
    0.24306839358257226
  };

  /** The same for float, x ≤ 11; 2^-33. */
  private static final double[] P_FLOAT = {
    1.0215827,
    1.3743213,
    1.1178883,
    0.2915385,
    -0.34416857,
    -0.20737515,
    0.19769704,
    0.10825289,
    -0.16744669,
    -0.030665891,
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
   * erfc x = 1 − erf x. Error: 1.9 ulp (2.0 in float); results below the normal range to within
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
