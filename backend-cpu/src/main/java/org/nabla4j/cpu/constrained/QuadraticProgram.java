package org.nabla4j.cpu.constrained;

/**
 * A convex quadratic program in n variables:
 *
 * <pre>
 *   minimise ½dᵀBd + gᵀd   subject to   a_i·d + c_i = 0   for i &lt; equalities
 *                                       a_i·d + c_i ≥ 0   for the others
 *                                       lower ≤ d ≤ upper
 * </pre>
 */
final class QuadraticProgram {

  private final double[] hessian;
  private final double[] gradient;
  private final int equalities;
  private final double[] normals;
  private final double[] constants;
  private final double[] lower;
  private final double[] upper;

  /**
   * Names the arrays, which are kept and not modified.
   *
   * @param hessian B, symmetric and positive definite, {@code [n, n]} by rows
   * @param gradient g, {@code [n]}
   * @param equalities how many of the constraints are equalities; they come first
   * @param normals a, {@code [m, n]} by rows
   * @param constants c, {@code [m]}
   * @param lower lower bounds, −∞ where there is none
   * @param upper upper bounds, ≥ lower, ∞ where there is none
   */
  QuadraticProgram(
      double[] hessian,
      double[] gradient,
      int equalities,
      double[] normals,
      double[] constants,
      double[] lower,
      double[] upper) {
    this.hessian = hessian;
    this.gradient = gradient;
    this.equalities = equalities;
    this.normals = normals;
    this.constants = constants;
    this.lower = lower;
    this.upper = upper;
  }

  /** B. */
  double[] hessian() {
    return hessian;
  }

  /** g. */
  double[] gradient() {
    return gradient;
  }

  /** How many of the constraints are equalities. */
  int equalities() {
    return equalities;
  }

  /** a. */
  double[] normals() {
    return normals;
  }

  /** c. */
  double[] constants() {
    return constants;
  }

  /** Lower bounds. */
  double[] lower() {
    return lower;
  }

  /** Upper bounds. */
  double[] upper() {
    return upper;
  }

  /** n. */
  int size() {
    return gradient.length;
  }

  /** m, equalities and inequalities without the bounds. */
  int constraints() {
    return constants.length;
  }

  /** a_i·d. */
  double product(int i, double[] d) {
    int n = size();
    double sum = 0;
    for (int j = 0; j < n; j++) {
      sum += normals[i * n + j] * d[j];
    }
    return sum;
  }

  /** The same program with another linear term. */
  QuadraticProgram withGradient(double[] changed) {
    return new QuadraticProgram(hessian, changed, equalities, normals, constants, lower, upper);
  }

  /** The same program with other constants. */
  QuadraticProgram withConstants(double[] changed) {
    return new QuadraticProgram(hessian, gradient, equalities, normals, changed, lower, upper);
  }
}
