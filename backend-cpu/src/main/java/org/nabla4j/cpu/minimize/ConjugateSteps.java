package org.nabla4j.cpu.minimize;

/**
 * Steps along d ← -g + β·d with (Hager and Zhang 2005, 2013)
 *
 * <pre>
 *   β = max((y - 2·d·yᵀy/dᵀy)ᵀg / dᵀy,  0.4·dᵀg₋/dᵀd),  y = g - g₋
 * </pre>
 *
 * <p>g₋ being the gradient at the beginning of the last step. With bounds g is the projected
 * gradient, and d begins anew whenever a bound has been met.
 */
final class ConjugateSteps extends LineSteps {

  /** η of the truncation (Hager and Zhang 2013, CG_DESCENT 6). */
  private static final double TRUNCATION = 0.4;

  private boolean begun;
  private double beta;

  ConjugateSteps(double[] start, double[] lower, double[] upper) {
    super(start, lower, upper, 1e-4, 0.1);
  }

  @Override
  void remember() {
    double dy = 0;
    double yy = 0;
    double yg = 0;
    double dg = 0;
    double dg0 = 0;
    double dd = 0;
    for (int j = 0; j < direction.length; j++) {
      double g = projected(j, theta, gradient);
      double d = direction[j];
      double y = d == 0 && g == 0 ? 0 : gradient[j] - gradientBefore[j];
      dy += d * y;
      yy += y * y;
      yg += y * g;
      dg += d * g;
      dg0 += d * gradientBefore[j];
      dd += d * d;
    }
    begun = !metBound && dy > 0;
    beta = Math.max((yg - 2 * yy * dg / dy) / dy, TRUNCATION * dg0 / dd);
    begun &= Math.abs(beta) <= Double.MAX_VALUE;
  }

  @Override
  void forget() {
    begun = false;
  }

  @Override
  boolean direct() {
    if (!begun) {
      return false;
    }
    for (int j = 0; j < direction.length; j++) {
      double g = projected(j, theta, gradient);
      direction[j] = beta * direction[j] - g;
    }
    return true;
  }

  /** The step that would change f, to first order, as much as the last one has. */
  @Override
  double firstStep(double slope) {
    return lastStep * Math.min(lastSlope / slope, 10);
  }
}
