package org.nabla4j.cpu.constrained;

/**
 * The augmented Lagrangian of a function with constraints, as a function without:
 *
 * <pre>
 *   L(θ) = f + Σ_equalities (½ρg² − λg) + Σ_inequalities (max(λ − ρg, 0)² − λ²) / 2ρ
 *   λ⁺   = λ − ρg,   for inequalities max(λ − ρg, 0)
 *   ∇L   = ∇f − Σ λ⁺∇g
 *   H    = ∇²f − Σ λ⁺∇²g + ρ Σ ∇g∇gᵀ   over equalities and inequalities with λ − ρg &gt; 0
 * </pre>
 *
 * <p>Reference: R. T. Rockafellar (1973), Mathematical Programming 5.
 */
final class AugmentedFunction implements ConstrainedFunction {

  private final ConstrainedFunction function;
  private final int p;
  private final int m;
  private final int equalities;
  private final double[] lambda;
  private final double[] constraints;
  private final double[] updated;
  private final double[] jacobian;
  private final double[] unused;
  private double rho;

  AugmentedFunction(ConstrainedFunction function) {
    this.function = function;
    this.p = function.parameters();
    this.equalities = function.equalities();
    this.m = equalities + function.inequalities();
    this.lambda = new double[m];
    this.constraints = new double[m];
    this.updated = new double[m];
    this.jacobian = new double[m * p];
    this.unused = new double[p];
  }

  /** λ, the array itself: may be changed between minimisations. */
  double[] lambda() {
    return lambda;
  }

  void setPenalty(double value) {
    rho = value;
  }

  /** λ⁺ of values of the constraints. */
  void update(double[] g, double[] result) {
    for (int i = 0; i < m; i++) {
      double moved = lambda[i] - rho * g[i];
      result[i] = i < equalities ? moved : Math.max(moved, 0);
    }
  }

  @Override
  public int parameters() {
    return p;
  }

  @Override
  public int equalities() {
    return 0;
  }

  @Override
  public int inequalities() {
    return 0;
  }

  @Override
  public double values(double[] theta, double[] none) {
    double sum = function.values(theta, constraints);
    for (int i = 0; i < m; i++) {
      double g = constraints[i];
      if (i < equalities || lambda[i] - rho * g > 0) {
        sum += g * (0.5 * rho * g - lambda[i]);
      } else {
        sum -= lambda[i] * lambda[i] / (2 * rho);
      }
      if (Double.isNaN(g)) {
        return Double.NaN;
      }
    }
    return sum;
  }

  @Override
  public void gradients(double[] theta, double[] gradient, double[] none) {
    function.values(theta, constraints);
    update(constraints, updated);
    function.gradients(theta, gradient, jacobian);
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < p && updated[i] != 0; j++) {
        gradient[j] -= updated[i] * jacobian[i * p + j];
      }
    }
  }

  @Override
  public void hessian(double[] theta, double weight, double[] none, double[] hessian) {
    function.values(theta, constraints);
    update(constraints, updated);
    function.gradients(theta, unused, jacobian);
    function.hessian(theta, weight, updated, hessian);
    for (int i = 0; i < m; i++) {
      if (i < equalities || updated[i] > 0) {
        for (int j = 0; j < p; j++) {
          double product = rho * jacobian[i * p + j];
          for (int k = 0; k < p; k++) {
            hessian[j * p + k] += product * jacobian[i * p + k];
          }
        }
      }
    }
  }
}
