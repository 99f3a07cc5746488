package org.nabla4j.cpu.constrained;

import java.util.Arrays;

/** A point with the values there, and the first derivatives once they were asked for. */
final class Evaluated {

  /** Distance from a constraint, relative to θ, that is not told from none where θ is huge. */
  private static final double FAR_OUT = 1e-9;

  private final int equalities;
  private final double[] theta;
  private final double value;
  private final double[] constraints;

  /** By what the constraints were multiplied, null for nothing. */
  private final double[] factors;

  private double[] gradient;
  private double[] jacobian;

  private Evaluated(
      int equalities, double[] theta, double value, double[] constraints, double[] factors) {
    this.equalities = equalities;
    this.factors = factors;
    this.theta = theta;
    this.value = value;
    this.constraints = constraints;
  }

  /** Evaluates f and g; the array of parameters is kept. */
  static Evaluated at(ConstrainedFunction function, double[] theta) {
    double[] constraints = new double[function.equalities() + function.inequalities()];
    double value = function.values(theta, constraints);
    return new Evaluated(
        function.equalities(), theta, value, constraints, ScaledConstraints.factors(function));
  }

  /** Evaluates the first derivatives; false if one of the constraints, or of f, is not finite. */
  boolean differentiate(ConstrainedFunction function, boolean objective) {
    gradient = new double[theta.length];
    jacobian = new double[constraints.length * theta.length];
    function.gradients(theta, gradient, jacobian);
    if (!objective && !isFinite(gradient)) {
      Arrays.fill(gradient, 0);
    }
    return isFinite(gradient) && isFinite(jacobian);
  }

  /** The same point and constraints, with an objective that is 0 everywhere. */
  Evaluated withoutObjective() {
    Evaluated result = new Evaluated(equalities, theta, 0, constraints, factors);
    result.gradient = new double[theta.length];
    result.jacobian = jacobian;
    return result;
  }

  /** Whether all numbers are finite. */
  static boolean isFinite(double[] values) {
    for (double v : values) {
      if (!Double.isFinite(v)) {
        return false;
      }
    }
    return true;
  }

  /** θ, the array itself. */
  double[] theta() {
    return theta;
  }

  /** f. */
  double value() {
    return value;
  }

  /** g, the array itself. */
  double[] constraints() {
    return constraints;
  }

  /** ∇f, the array itself. */
  double[] gradient() {
    return gradient;
  }

  /** The Jacobian of g, the array itself. */
  double[] jacobian() {
    return jacobian;
  }

  /** Whether the constraints are finite. */
  boolean hasConstraints() {
    return isFinite(constraints);
  }

  /** Whether f and the constraints are finite. */
  boolean isDefined() {
    return Double.isFinite(value) && hasConstraints();
  }

  /** Whether f is less than any minimum, where the constraints hold as well as can be expected. */
  boolean isUnbounded(ConstrainedFunction function, double tolerance) {
    if (!(value < -1e300) || !hasConstraints()) {
      return false;
    }
    double[] slopes = new double[constraints.length * theta.length];
    function.gradients(theta, new double[theta.length], slopes);
    for (int i = 0; i < constraints.length; i++) {
      if (!(violation(i) <= Math.max(tolerance, FAR_OUT * slope(slopes, i, theta)))) {
        return false;
      }
    }
    return true;
  }

  /** By how much a value of a constraint violates it. */
  static double violation(double constraint, boolean equality) {
    return equality ? Math.abs(constraint) : Math.max(-constraint, 0);
  }

  /** By how much a constraint is violated. */
  double violation(int i) {
    return violation(constraints[i], i < equalities);
  }

  /** By how much the constraint is violated that is violated most. */
  double violation() {
    double most = 0;
    for (int i = 0; i < constraints.length; i++) {
      double v = violation(i);
      most = v <= most ? most : v;
    }
    return most;
  }

  /** The same of the constraints as they were before they were multiplied by factors. */
  double writtenViolation() {
    double most = 0;
    for (int i = 0; i < constraints.length; i++) {
      double v = factors == null ? violation(i) : violation(i) / factors[i];
      most = v <= most ? most : v;
    }
    return most;
  }

  /** Σ ν_i·violation_i. */
  double penalty(double[] prices) {
    double sum = 0;
    for (int i = 0; i < constraints.length; i++) {
      sum += prices[i] * violation(i);
    }
    return sum;
  }

  /**
   * Whether every constraint is met: its violation is within a tolerance as it was written, and so
   * is its distance, |g| / max_j |∂g/∂θ_j|·max(|θ_j|, 1), with the slope here or the one that the
   * search began with if that is larger. What rounding of the constraint explains, and is not much
   * larger, is no violation. Needs the derivatives.
   */
  boolean isFeasible(double tolerance) {
    for (int i = 0; i < constraints.length; i++) {
      double v = violation(i);
      double slope = Math.max(slope(jacobian, i, theta), 1);
      double factor = factors == null ? 1 : factors[i];
      double rounding = Math.min(16 * Math.ulp(1.0) * terms(i), 1000 * tolerance * slope);
      if (!(v <= tolerance * Math.min(factor, slope) || v <= rounding)) {
        return false;
      }
    }
    return true;
  }

  /** max_j |∂g_i/∂θ_j|·max(|θ_j|, 1); NaN if a slope is. */
  static double slope(double[] jacobian, int i, double[] theta) {
    double most = 0;
    for (int j = 0; j < theta.length; j++) {
      double entry = Math.abs(jacobian[i * theta.length + j]) * Math.max(Math.abs(theta[j]), 1);
      most = Math.max(most, entry);
    }
    return most;
  }

  /** Σ_j |∂g_i/∂θ_j·θ_j|, about the size of the terms of a constraint. */
  private double terms(int i) {
    double sum = 0;
    for (int j = 0; j < theta.length; j++) {
      sum += Math.abs(jacobian[i * theta.length + j] * theta[j]);
    }
    return sum;
  }

  /** ∇f − Σ λ_i ∇g_i. */
  double[] lagrangianGradient(double weight, double[] multipliers) {
    int p = theta.length;
    double[] result = new double[p];
    for (int j = 0; j < p; j++) {
      double sum = weight == 0 ? 0 : weight * gradient[j];
      for (int i = 0; i < multipliers.length; i++) {
        sum -= multipliers[i] == 0 ? 0 : multipliers[i] * jacobian[i * p + j];
      }
      result[j] = sum;
    }
    return result;
  }
}
