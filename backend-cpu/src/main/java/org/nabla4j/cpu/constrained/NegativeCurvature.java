package org.nabla4j.cpu.constrained;

import org.nabla4j.cpu.algebra.OrthogonalBasis;
import org.nabla4j.cpu.algebra.SymmetricEigen;

/**
 * The way out of a point that meets the first-order conditions without being a minimum: a direction
 * u along the active constraints in which the Lagrangian bends downwards, uᵀHu &lt; 0.
 *
 * <p>Reference: J. Nocedal, S. J. Wright (2006), Numerical Optimization, section 12.5.
 */
final class NegativeCurvature {

  /** Curvature relative to the largest that is not told from none. */
  private static final double FLAT = 1e-6;

  private NegativeCurvature() {}

  /**
   * Finds the direction of least curvature.
   *
   * @param at the point, with first derivatives
   * @param hessian of the Lagrangian, finite
   * @param multipliers λ
   * @param equalities how many constraints are equalities
   * @param bounds of the parameters
   * @return θ-directions of the length of θ to be tried, {@code [tries, p]}; none at a minimum
   */
  static double[][] directions(
      Evaluated at, double[] hessian, double[] multipliers, int equalities, Bounds bounds) {
    double[] theta = at.theta();
    int p = theta.length;
    int m = multipliers.length;
    double[] scale = new double[p];
    double[] gradient = at.lagrangianGradient(1, multipliers);
    double[] normals = new double[(p + m) * p];
    int count = 0;
    double most = 0;
    for (int j = 0; j < p; j++) {
      scale[j] = Math.max(Math.abs(theta[j]), 1);
      most = Math.max(most, Math.abs(gradient[j]) * scale[j]);
    }
    for (int j = 0; j < p; j++) {
      boolean held =
          bounds.lowerMultiplier(j, theta[j], gradient[j]) > 0
              || bounds.upperMultiplier(j, theta[j], gradient[j]) > 0
              || bounds.lower()[j] == bounds.upper()[j];
      if (held && Math.abs(gradient[j]) * scale[j] > FLAT * most) {
        normals[count++ * p + j] = 1;
      }
    }
    for (int i = 0; i < m; i++) {
      if (i < equalities || multipliers[i] > 0) {
        for (int j = 0; j < p; j++) {
          normals[count * p + j] = at.jacobian()[i * p + j] * scale[j];
        }
        count++;
      }
    }
    double[] curvature = new double[p * p];
    double largest = 0;
    for (int i = 0; i < p; i++) {
      for (int j = 0; j < p; j++) {
        curvature[i * p + j] = hessian[i * p + j] * scale[i] * scale[j];
        largest = Math.max(largest, Math.abs(curvature[i * p + j]));
      }
    }
    OrthogonalBasis basis = new OrthogonalBasis(p, normals, count);
    int q = basis.rank();
    int free = p - q;
    double[] rotated = basis.rotated(curvature);
    double[] reduced = new double[free * free];
    for (int i = 0; i < free; i++) {
      System.arraycopy(rotated, (q + i) * p + q, reduced, i * free, free);
    }
    SymmetricEigen eigen = new SymmetricEigen(free, reduced);
    if (free == 0 || !(eigen.value(0) < -FLAT * largest)) {
      return new double[0][];
    }
    double[] u = new double[p];
    double[] minus = new double[p];
    double[] inside = new double[p];
    for (int j = 0; j < p; j++) {
      double sum = 0;
      for (int i = 0; i < free; i++) {
        sum += basis.get(j, q + i) * eigen.vector(0, i);
      }
      u[j] = sum * scale[j];
      minus[j] = -u[j];
      inside[j] =
          theta[j] <= bounds.lower()[j]
              ? Math.abs(u[j])
              : theta[j] >= bounds.upper()[j] ? -Math.abs(u[j]) : u[j];
    }
    return new double[][] {u, minus, inside};
  }
}
