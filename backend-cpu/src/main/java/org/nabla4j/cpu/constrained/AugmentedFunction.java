package org.nabla4j.cpu.constrained;

import java.util.Arrays;

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
 * <p>Each constraint has its own ρ, a common one divided by the square of a scale of the
 * constraint. Where f falls without end outside of the constraints no ρ need be large enough:
 * points beyond a largest violation can be put outside of the domain. Without f what is left is the
 * penalty.
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
  private final double[] scale;
  private final double[] rho;
  private double weight = 1;
  private double limit = Double.POSITIVE_INFINITY;

  /**
   * Begins with multipliers 0.
   *
   * @param function f and g
   * @param scale of the constraints, &gt; 0
   */
  AugmentedFunction(ConstrainedFunction function, double[] scale) {
    this.function = function;
    this.scale = scale;
    this.p = function.parameters();
    this.equalities = function.equalities();
    this.m = equalities + function.inequalities();
    this.lambda = new double[m];
    this.rho = new double[m];
    this.constraints = new double[m];
    this.updated = new double[m];
    this.jacobian = new double[m * p];
    this.unused = new double[p];
  }

  /** λ, the array itself: may be changed between minimisations. */
  double[] lambda() {
    return lambda;
  }

  /** Sets the common ρ. */
  void setPenalty(double value) {
    for (int i = 0; i < m; i++) {
      rho[i] = value / (scale[i] * scale[i]);
    }
  }

  /** Whether f counts. */
  void setObjective(boolean counts) {
    weight = counts ? 1 : 0;
  }

  /** Puts points with a larger violation outside of the domain. */
  void setLargestViolation(double value) {
    limit = value;
  }

  /** The largest violation, in the scale of the constraints. */
  double violation(double[] g) {
    double most = 0;
    for (int i = 0; i < m; i++) {
      most = Math.max(most, Evaluated.violation(g[i], i < equalities) / scale[i]);
    }
    return most;
  }

  /**
   * The largest g of an equality, and of an inequality the largest of g and of what it could be
   * with a multiplier of 0, in the scale of the constraints.
   */
  double infeasibility(double[] g) {
    double most = 0;
    for (int i = 0; i < m; i++) {
      double entry = i < equalities ? g[i] : Math.min(g[i], lambda[i] / rho[i]);
      most = Math.max(most, Math.abs(entry) / scale[i]);
    }
    return most;
  }

  /** λ⁺ of values of the constraints. */
  void update(double[] g, double[] result) {
    for (int i = 0; i < m; i++) {
      double moved = lambda[i] - rho[i] * g[i];
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
    double value = function.values(theta, constraints);
    double sum = weight == 0 ? 0 : value;
    for (int i = 0; i < m; i++) {
      double g = constraints[i];
      if (i < equalities || lambda[i] - rho[i] * g > 0) {
        sum += g * (0.5 * rho[i] * g - lambda[i]);
      } else {
        sum -= lambda[i] * lambda[i] / (2 * rho[i]);
      }
      if (Double.isNaN(g)) {
        return Double.NaN;
      }
    }
    if (limit < Double.POSITIVE_INFINITY && violation(constraints) > limit) {
      return Double.NaN;
    }
    return sum;
  }

  @Override
  public void gradients(double[] theta, double[] gradient, double[] none) {
    function.values(theta, constraints);
    update(constraints, updated);
    function.gradients(theta, gradient, jacobian);
    if (weight == 0) {
      Arrays.fill(gradient, 0);
    }
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < p && updated[i] != 0; j++) {
        gradient[j] -= updated[i] * jacobian[i * p + j];
      }
    }
  }

  @Override
  public void hessian(double[] theta, double ofObjective, double[] none, double[] hessian) {
    function.values(theta, constraints);
    update(constraints, updated);
    function.gradients(theta, unused, jacobian);
    function.hessian(theta, ofObjective * weight, updated, hessian);
    for (int i = 0; i < m; i++) {
      if (i < equalities || updated[i] > 0) {
        for (int j = 0; j < p; j++) {
          double product = rho[i] * jacobian[i * p + j];
          for (int k = 0; k < p; k++) {
            hessian[j * p + k] += product * jacobian[i * p + k];
          }
        }
      }
    }
  }
}
