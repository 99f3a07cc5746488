package org.nabla4j.cpu.constrained;

/**
 * A function whose constraints are multiplied by factors c, which make their slopes about 1 where a
 * search begins, so that it does not matter in which unit a constraint is written:
 *
 * <pre>
 *   h_i = c_i·g_i,   1/c_i ≈ max_j |∂g_i/∂θ_j|·max(|θ_j|, 1)
 * </pre>
 *
 * <p>The multipliers of g are c times those of h. The factors are powers of two: they cost no
 * digit.
 */
final class ScaledConstraints implements ConstrainedFunction {

  /** The largest exponent of a factor: its products with numbers of usual size are finite. */
  private static final int LARGEST = 1000;

  private final ConstrainedFunction function;
  private final double[] factors;
  private final double[] scaledMultipliers;
  private final int p;

  /**
   * Chooses the factors.
   *
   * @param function f and g
   * @param start where the search begins
   */
  ScaledConstraints(ConstrainedFunction function, double[] start) {
    this.function = function;
    this.p = function.parameters();
    int m = function.equalities() + function.inequalities();
    factors = new double[m];
    scaledMultipliers = new double[m];
    double[] g = new double[m];
    double[] jacobian = new double[m * p];
    if (m > 0) {
      function.values(start, g);
      function.gradients(start, new double[p], jacobian);
    }
    for (int i = 0; i < m; i++) {
      double scale = Evaluated.slope(jacobian, i, start);
      if (scale == 0) {
        scale = Math.abs(g[i]); // nothing else tells how large it may become
      }
      boolean known = scale > 0 && scale < Double.POSITIVE_INFINITY;
      int exponent = known ? Math.getExponent(scale) : 0;
      factors[i] = Math.scalb(1.0, -Math.max(-LARGEST, Math.min(exponent, LARGEST)));
    }
  }

  /** The same function with factors for another point. */
  ScaledConstraints rescaled(double[] at) {
    return new ScaledConstraints(function, at);
  }

  /** The factors in place of which another one has 1. */
  double[] relativeTo(ScaledConstraints other) {
    double[] ratios = new double[factors.length];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = factors[i] / other.factors[i];
    }
    return ratios;
  }

  /** c; the array itself, null for a function without factors. */
  static double[] factors(ConstrainedFunction function) {
    return function instanceof ScaledConstraints scaled ? scaled.factors : null;
  }

  @Override
  public int parameters() {
    return p;
  }

  @Override
  public int equalities() {
    return function.equalities();
  }

  @Override
  public int inequalities() {
    return function.inequalities();
  }

  @Override
  public double values(double[] theta, double[] constraints) {
    double value = function.values(theta, constraints);
    for (int i = 0; i < factors.length; i++) {
      constraints[i] *= factors[i];
    }
    return value;
  }

  @Override
  public void gradients(double[] theta, double[] gradient, double[] jacobian) {
    function.gradients(theta, gradient, jacobian);
    for (int i = 0; i < factors.length; i++) {
      for (int j = 0; j < p; j++) {
        jacobian[i * p + j] *= factors[i];
      }
    }
  }

  @Override
  public void hessian(double[] theta, double weight, double[] multipliers, double[] hessian) {
    for (int i = 0; i < factors.length; i++) {
      scaledMultipliers[i] = multipliers[i] * factors[i];
    }
    function.hessian(theta, weight, scaledMultipliers, hessian);
  }
}
