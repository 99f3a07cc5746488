package org.nabla4j.expression;

import static org.nabla4j.expression.Expression.constant;

/**
 * ψ″, the derivative of trigamma, written out in elementary operations, so that it has derivatives
 * in its turn.
 *
 * <p>ψ″(x) = ψ″(x+1) − 2/x³ leads to arguments from which the asymptotic series (the derivative of
 * Abramowitz and Stegun 1964, 6.4.12) is exact to double precision; below ½ comes ψ″(x) = ψ″(1−x) −
 * 2π³ cos πx / sin³ πx.
 */
final class Tetragamma {
  private static final int SHIFT = 12;

  /** (2k+1) B₂ₖ for k = 1 … 8. */
  private static final double[] SERIES = {
    3 * 1.0 / 6,
    5 * -1.0 / 30,
    7 * 1.0 / 42,
    9 * -1.0 / 30,
    11 * 5.0 / 66,
    13 * -691.0 / 2730,
    15 * 7.0 / 6,
    17 * -3617.0 / 510
  };

  private Tetragamma() {}

  static Expression of(Expression x) {
    Expression reflected = Functions.lt(x, constant(0.5));
    Expression z = Functions.where(reflected, constant(1).minus(x), x);
    Expression angle = x.times(Math.PI);
    Expression cotangent = angle.cos().dividedBy(angle.sin().pow(3));
    Expression reflection = cotangent.times(2 * Math.PI * Math.PI * Math.PI);
    return shifted(z).minus(Functions.where(reflected, reflection, constant(0)));
  }

  private static Expression shifted(Expression z) {
    Expression y = z.plus(SHIFT);
    Expression w = constant(1).dividedBy(y.times(y));
    Expression series = constant(0);
    for (int k = SERIES.length - 1; k >= 0; k--) {
      series = w.times(series.plus(SERIES[k]));
    }
    // −1/y² − 1/y³ − Σ (2k+1) B₂ₖ / y²ᵏ⁺²
    Expression value = w.times(constant(-1).minus(constant(1).dividedBy(y)).minus(series));
    for (int k = SHIFT - 1; k >= 0; k--) {
      value = value.minus(constant(2).dividedBy(z.plus(k).pow(3)));
    }
    return Simplifier.simplify(value);
  }
}
