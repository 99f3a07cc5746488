package org.nabla4j.cpu.minimize;

/**
 * Steepest descent with backtracking along the projected path θ(α) = P(θ - α·∇f), until f(θ(α)) ≤
 * f(θ) + 10⁻⁴·∇fᵀ(θ(α) - θ) (Armijo 1966, Bertsekas 1976).
 */
final class BacktrackingSteps extends Steps {

  private static final double DECREASE = 1e-4;

  private final double[] point;
  private double length;
  private double hoped;
  private boolean begun;

  BacktrackingSteps(double[] start, double[] lower, double[] upper) {
    super(start, lower, upper);
    this.point = start.clone();
  }

  @Override
  boolean monotone() {
    return true;
  }

  @Override
  int patience() {
    return 100;
  }

  @Override
  double[] point() {
    return point;
  }

  @Override
  void advance() {
    length = length == 0 ? firstLength() : 2 * length;
    propose();
    hoped = -expected();
  }

  private void propose() {
    for (int j = 0; j < point.length; j++) {
      point[j] = project(j, theta[j] - length * gradient[j]);
    }
  }

  /** ∇f(θ)ᵀ(θ(α) - θ). */
  private double expected() {
    double sum = 0;
    for (int j = 0; j < point.length; j++) {
      sum += gradient[j] * (point[j] - theta[j]);
    }
    return sum;
  }

  @Override
  Outcome tell(double f, double[] g) {
    double expected = expected();
    boolean finite = Math.abs(f) <= Double.MAX_VALUE;
    if (!begun || (finite && f <= value + DECREASE * expected && RateSteps.isFinite(g))) {
      begun = true;
      value = f;
      System.arraycopy(point, 0, theta, 0, point.length);
      System.arraycopy(g, 0, gradient, 0, g.length);
      return Outcome.STEP;
    }
    if (isSame(theta, point)) {
      return Outcome.STUCK;
    }
    double share = finite ? -expected / (2 * (f - value - expected)) : 0;
    length *= Math.max(0.1, Math.min(0.5, share));
    propose();
    return Outcome.TRIAL;
  }

  @Override
  double predicted(double[] at, double[] g) {
    return hoped;
  }
}
