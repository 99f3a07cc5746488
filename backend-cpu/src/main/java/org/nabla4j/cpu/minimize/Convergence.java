package org.nabla4j.cpu.minimize;

import org.nabla4j.method.MinimizationMethod;

/** The tests for convergence that {@link MinimizationMethod} states. */
final class Convergence {

  private final MinimizationMethod method;
  private final double[] lower;
  private final double[] upper;

  /**
   * Prepares the tests of a problem.
   *
   * @param method whose tolerances
   * @param lower lower bounds, or null where there are none
   * @param upper upper bounds, or null where there are none
   */
  Convergence(MinimizationMethod method, double[] lower, double[] upper) {
    this.method = method;
    this.lower = lower;
    this.upper = upper;
  }

  /** The component of the gradient, 0 where it pushes the parameter against its bound. */
  double projected(int j, double[] theta, double[] gradient) {
    return projected(j, theta, gradient, lower, upper);
  }

  /** The same for given bounds, null where there are none. */
  static double projected(
      int j, double[] theta, double[] gradient, double[] lower, double[] upper) {
    double g = gradient[j];
    boolean held =
        (lower != null && theta[j] <= lower[j] && g >= 0)
            || (upper != null && theta[j] >= upper[j] && g <= 0);
    return held ? 0 : g;
  }

  /** max_j |g_j|·max(|θ_j|, 1) / max(|f|, 1) of the projected gradient; NaN counts as infinite. */
  double relativeGradient(double value, double[] theta, double[] gradient) {
    double largest = 0;
    for (int j = 0; j < theta.length; j++) {
      double entry = Math.abs(projected(j, theta, gradient)) * Math.max(Math.abs(theta[j]), 1);
      largest = entry >= 0 ? Math.max(largest, entry) : Double.POSITIVE_INFINITY;
    }
    return largest / Math.max(Math.abs(value), 1);
  }

  /** max_j |Δθ_j| / max(|θ_j|, 1). */
  static double relativeStep(double[] from, double[] to) {
    double largest = 0;
    for (int j = 0; j < to.length; j++) {
      largest = Math.max(largest, Math.abs(to[j] - from[j]) / Math.max(Math.abs(to[j]), 1));
    }
    return largest;
  }

  /** Whether the gradient is small enough. */
  boolean gradientIsSmall(double relativeGradient) {
    return relativeGradient <= method.gradientTolerance();
  }

  /**
   * Whether so little is to be gained that no step is worth while: a gain within the square of the
   * gradient tolerance, or within rounding, relative to f.
   */
  boolean isLittle(double gain, double size) {
    double tolerance = method.gradientTolerance();
    return Math.abs(gain) <= Math.max(tolerance * tolerance, WolfeLineSearch.ROUNDING) * size;
  }

  /**
   * Whether the last step shows that little is left to be gained: a small gradient alone does not,
   * where f is large.
   *
   * @param gain what the last step has gained
   * @param total what all steps have gained
   * @param value f
   */
  boolean isLastGainLittle(double gain, double total, double value) {
    return isLittle(gain, Math.max(Math.abs(value), 1))
        || Math.abs(gain) <= method.gradientTolerance() * total;
  }

  /** Whether a step has gained too little to go on; never where the tolerance is 0. */
  boolean gainIsSmall(double before, double after) {
    double tolerance = method.valueTolerance();
    return tolerance > 0 && Math.abs(before - after) <= tolerance * Math.max(Math.abs(after), 1);
  }

  /** Whether a step was too short to go on; never where the tolerance is 0. */
  boolean stepIsShort(double relativeStep) {
    double tolerance = method.parameterTolerance();
    return tolerance > 0 && relativeStep <= tolerance;
  }

  /** Whether a predicted reduction of f is less than the rounding of f itself. */
  static boolean isRounding(double predicted, double value) {
    return Math.abs(predicted) <= 4 * Math.ulp(value);
  }
}
