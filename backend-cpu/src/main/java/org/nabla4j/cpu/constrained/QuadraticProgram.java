package org.nabla4j.cpu.constrained;

/**
 * A convex quadratic program in n variables:
 *
 * <pre>
 *   minimise ½dᵀBd + gᵀd   subject to   a_i·d + c_i = 0   for i &lt; equalities
 *                                       a_i·d + c_i ≥ 0   for the others
 *                                       lower ≤ d ≤ upper
 * </pre>
 *
 * @param hessian B, symmetric and positive definite, {@code [n, n]} by rows
 * @param gradient g, {@code [n]}
 * @param equalities how many of the constraints are equalities; they come first
 * @param normals a, {@code [m, n]} by rows
 * @param constants c, {@code [m]}
 * @param lower lower bounds, −∞ where there is none
 * @param upper upper bounds, ≥ lower, ∞ where there is none
 */
record QuadraticProgram(
    double[] hessian,
    double[] gradient,
    int equalities,
    double[] normals,
    double[] constants,
    double[] lower,
    double[] upper) {

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

  /** The same program with other constants. */
  QuadraticProgram withConstants(double[] changed) {
    return new QuadraticProgram(hessian, gradient, equalities, normals, changed, lower, upper);
  }
}
