package org.nabla4j.calculus;

/**
 * What a Taylor polynomial leaves out, estimated from the coefficients that come after it.
 *
 * <p>Of the terms |cₖhᵏ| beyond the polynomial, S₁ sums the first {@value #WINDOW} and S₂ the next
 * {@value #WINDOW}. If the rest falls as these two do, by q = S₂/S₁, the remainder is
 *
 * <pre>
 *   |R| ≈ S₁ + S₂ + S₂q + S₂q² + … = S₁/(1 − q)
 * </pre>
 *
 * <p>which is Cauchy's estimate with a radius of convergence taken from the coefficients. Where q ≥
 * 1 the terms do not fall: h is outside of what the series converges for, as far as these terms
 * tell, and the estimate is infinite.
 */
final class Remainder {

  private static final int WINDOW = 8;

  /** How many coefficients beyond the polynomial an estimate looks at. */
  static final int TERMS = 2 * WINDOW;

  private Remainder() {}

  /**
   * Estimates a remainder.
   *
   * @param c coefficients of the series
   * @param order of the polynomial
   * @param h distance from the point of expansion
   * @return an estimate ≥ 0, 0 at h = 0, NaN if not {@link #TERMS} coefficients follow
   */
  static double estimate(double[] c, int order, double h) {
    if (h == 0) {
      return 0;
    }
    if (c.length < order + 1 + TERMS) {
      return Double.NaN;
    }
    double first = sum(c, order + 1, h);
    double second = sum(c, order + 1 + WINDOW, h);
    if (second == 0 || first == 0) {
      return first + second;
    }
    double q = second / first;
    return q < 1 ? first / (1 - q) : q >= 1 ? Double.POSITIVE_INFINITY : Double.NaN;
  }

  private static double sum(double[] c, int from, double h) {
    double size = Math.abs(h);
    double sum = 0;
    for (int k = from; k < from + WINDOW; k++) {
      // A coefficient of 0 stays 0 however large the power.
      sum += c[k] == 0 ? 0 : Math.abs(c[k]) * Math.pow(size, k);
    }
    return sum;
  }
}
