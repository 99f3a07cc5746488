package org.nabla4j.cpu.constrained;

import java.util.Arrays;

/** A point with the values there, and the first derivatives once they were asked for. */
final class Evaluated {

  private final int equalities;
  private final double[] theta;
  private final double value;
  private final double[] constraints;
  private double[] gradient;
  private double[] jacobian;

  private Evaluated(int equalities, double[] theta, double value, double[] constraints) {
    this.equalities = equalities;
    this.theta = theta;
    this.value = value;
    this.constraints = constraints;
  }

  /** Evaluates f and g; the array of parameters is kept. */
  static Evaluated at(ConstrainedFunction function, double[] theta) {
    double[] constraints = new double[function.equalities() + function.inequalities()];
    double value = function.values(theta, constraints);
    return new Evaluated(function.equalities(), theta, value, constraints);
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
    Evaluated result = new Evaluated(equalities, theta, 0, constraints);
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
  boolean isUnbounded(double tolerance) {
    double size = 1;
    for (double v : theta) {
      size = Math.max(size, Math.abs(v));
    }
    return value < -1e300 && hasConstraints() && violation() <= Math.max(tolerance, 1e-9 * size);
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

  /** Σ ν_i·violation_i. */
  double penalty(double[] prices) {
    double sum = 0;
    for (int i = 0; i < constraints.length; i++) {
      sum += prices[i] * violation(i);
    }
    return sum;
  }

  /**
   * Whether every violation is within a tolerance, or is the rounding of its constraint and not
   * much larger. Needs the derivatives.
   */
  boolean isFeasible(double tolerance) {
    for (int i = 0; i < constraints.length; i++) {
      double v = violation(i);
      if (!(v <= tolerance || v <= Math.min(16 * Math.ulp(1.0) * terms(i), 1000 * tolerance))) {
        return false;
      }
    }
    return true;
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
