package org.nabla4j.cpu.constrained;

import java.util.Arrays;
import org.nabla4j.cpu.algebra.Cholesky;
import org.nabla4j.cpu.algebra.OrthogonalBasis;
import org.nabla4j.cpu.algebra.SymmetricEigen;

/**
 * A positive definite matrix B in place of the Hessian H of the Lagrangian, such that steps on the
 * constraints that are thought active are still those of Newton's method.
 *
 * <p>If H is positive definite, B = H. Otherwise let Y span the normals of the active constraints
 * and Z what is orthogonal to them. A step that meets the active constraints has its part in Y
 * settled by them, and its part in Z by ZᵀHZ and ZᵀHY alone; YᵀHY only shifts the multipliers. So
 *
 * <pre>
 *   ZᵀBZ = V|Λ|Vᵀ                       with ZᵀHZ = VΛVᵀ
 *   VᵀZᵀBY = VᵀZᵀHY                     but 0 in the rows where Λ was changed or is too small
 *   YᵀBY = |S| + YᵀBZ(ZᵀBZ)⁻¹ZᵀBY       with S = YᵀHY − YᵀBZ(ZᵀBZ)⁻¹ZᵀBY
 * </pre>
 *
 * <p>where |·| takes the absolute values of the eigenvalues and keeps them above a floor: along
 * negative curvature the step leads away from a saddle point, along none it ends at the region in
 * which the model is trusted. The floor vanishes with the gradient, so that it does not slow down
 * the last steps.
 *
 * <p>References: J. Nocedal, S. J. Wright (2006), Numerical Optimization, sections 16.2 and 18.4;
 * Y. N. Dauphin et al. (2014), Advances in Neural Information Processing Systems 27, for |Λ|.
 */
final class ConvexModel {

  /** Curvature relative to the largest that is not told from none. */
  private static final double ROUNDING = 1e-14;

  /** Pivot relative to its diagonal element below which a matrix is thought singular. */
  private static final double SMALL_PIVOT = 1e-10;

  /** Largest curvature across the active constraints that coupling may bring, to the largest. */
  private static final double COUPLED = 1e8;

  /** Least curvature across the active constraints, relative to the largest. */
  private static final double ACROSS = 1e-8;

  /** How far beyond the trusted region a minimum of the model may lie. */
  private static final double BEYOND = 100;

  private final int n;
  private final double[] hessian;
  private final boolean convex;
  private final double largest;

  /**
   * Looks at a Hessian.
   *
   * @param n rows and columns
   * @param hessian H by rows, finite, not modified
   */
  ConvexModel(int n, double[] hessian) {
    this.n = n;
    this.hessian = hessian;
    double most = 0;
    for (double value : hessian) {
      most = Math.max(most, Math.abs(value));
    }
    this.largest = most;
    this.convex = Cholesky.factor(n, hessian, SMALL_PIVOT, ROUNDING * largest) != null;
  }

  /** Whether B = H, whatever constraints are active. */
  boolean isConvex() {
    return convex;
  }

  /**
   * Makes B.
   *
   * @param normals normals of the constraints that are thought active, {@code [count, n]}
   * @param count how many there are
   * @param gradient of the objective
   * @param radius largest |d_j| of a step
   * @return B by rows; H itself where it is positive definite
   */
  double[] positiveDefinite(double[] normals, int count, double[] gradient, double radius) {
    if (convex) {
      return hessian;
    }
    OrthogonalBasis basis = new OrthogonalBasis(n, normals, count);
    int q = basis.rank();
    int free = n - q;
    double[] m = basis.rotated(hessian);
    double[] reduced = new double[free * free];
    double slope = 0;
    double total = 0;
    for (int i = 0; i < n; i++) {
      total = Math.max(total, Math.abs(gradient[i]));
    }
    for (int k = 0; k < free; k++) {
      double sum = 0;
      for (int i = 0; i < n; i++) {
        sum += basis.get(i, q + k) * gradient[i];
      }
      slope = Math.max(slope, Math.abs(sum));
      for (int i = 0; i < free; i++) {
        reduced[k * free + i] = m[(q + k) * n + q + i];
      }
    }
    double least =
        Math.max(
            Math.max(ROUNDING * largest, slope / (BEYOND * radius)), ROUNDING * total / radius);
    if (!(least > 0)) {
      least = 1; // nothing pulls and nothing bends: the shortest step will do
    }
    double[] b = new double[n * n];
    double[] schur = new double[q * q]; // YᵀBZ(ZᵀBZ)⁻¹ZᵀBY
    double[] l = Cholesky.factor(free, reduced, SMALL_PIVOT, least);
    if (l == null || !keepReduced(m, q, l, b, schur)) {
      Arrays.fill(b, 0);
      Arrays.fill(schur, 0);
      changeReduced(m, q, new SymmetricEigen(free, reduced), least, b, schur);
    }
    double[] across = new double[q * q];
    for (int c = 0; c < q; c++) {
      for (int e = 0; e < q; e++) {
        across[c * q + e] = m[c * n + e] - schur[c * q + e];
      }
    }
    double floor = Math.max(Math.max(ACROSS * largest, total / (BEYOND * radius)), least);
    if (Cholesky.factor(q, across, SMALL_PIVOT, floor) == null) {
      SymmetricEigen outer = new SymmetricEigen(q, across);
      Arrays.fill(across, 0);
      for (int k = 0; k < q; k++) {
        double kept = Math.max(Math.abs(outer.value(k)), floor);
        outer.addSquare(k, kept, across, 0, q);
      }
    }
    for (int c = 0; c < q; c++) {
      for (int e = 0; e < q; e++) {
        b[c * n + e] = schur[c * q + e] + across[c * q + e];
      }
      for (int i = 0; i < free; i++) {
        b[c * n + q + i] = b[(q + i) * n + c];
      }
    }
    double[] result = basis.rotatedBack(b);
    double shift = least;
    while (Cholesky.factor(n, result, 0, 0.1 * ROUNDING * largest) == null
        && shift < Double.POSITIVE_INFINITY) { // what rounding took away
      for (int i = 0; i < n; i++) {
        result[i * n + i] += shift;
      }
      shift *= 10;
    }
    return result;
  }

  /**
   * Makes a B that is well conditioned, whatever constraints are active: |Λ| with H = VΛVᵀ, for
   * where the other B has led to no step.
   *
   * @return B by rows
   */
  double[] wellConditioned() {
    SymmetricEigen eigen = new SymmetricEigen(n, hessian);
    double least = largest > 0 ? ACROSS * largest : 1;
    double[] result = new double[n * n];
    for (int k = 0; k < n; k++) {
      double kept = Math.max(Math.abs(eigen.value(k)), least);
      eigen.addSquare(k, kept, result, 0, n);
    }
    return result;
  }

  /**
   * Z is left as it is where ZᵀHZ = LLᵀ is positive definite; false if its coupling to Y would make
   * B ill-conditioned.
   */
  private boolean keepReduced(double[] m, int q, double[] l, double[] b, double[] schur) {
    int free = n - q;
    double[] w = new double[free * q]; // L⁻¹ZᵀHY
    for (int i = 0; i < free; i++) {
      System.arraycopy(m, (q + i) * n, b, (q + i) * n, n);
      for (int c = 0; c < q; c++) {
        double sum = m[(q + i) * n + c];
        for (int k = 0; k < i; k++) {
          sum -= l[i * free + k] * w[k * q + c];
        }
        w[i * q + c] = sum / l[i * free + i];
      }
      for (int c = 0; c < q; c++) {
        for (int e = 0; e < q; e++) {
          schur[c * q + e] += w[i * q + c] * w[i * q + e];
        }
      }
    }
    for (int c = 0; c < q; c++) {
      if (!(schur[c * q + c] <= COUPLED * largest)) {
        return false;
      }
    }
    return true;
  }

  /** |Λ| in Z, and no coupling to Y where Λ was changed. */
  private void changeReduced(
      double[] m, int q, SymmetricEigen eigen, double least, double[] b, double[] schur) {
    int free = n - q;
    double[] coupling = new double[q]; // a row of VᵀZᵀHY
    for (int k = 0; k < free; k++) {
      double value = eigen.value(k);
      double kept = Math.max(Math.abs(value), least);
      eigen.addSquare(k, kept, b, q * n + q, n);
      if (value < least) {
        continue;
      }
      double squares = 0;
      for (int c = 0; c < q; c++) {
        double sum = 0;
        for (int i = 0; i < free; i++) {
          sum += eigen.vector(k, i) * m[(q + i) * n + c];
        }
        coupling[c] = sum;
        squares += sum * sum;
      }
      if (!(squares <= COUPLED * largest * kept)) {
        continue;
      }
      for (int c = 0; c < q; c++) {
        for (int i = 0; i < free; i++) {
          b[(q + i) * n + c] += eigen.vector(k, i) * coupling[c];
        }
        for (int e = 0; e < q; e++) {
          schur[c * q + e] += coupling[c] * coupling[e] / kept;
        }
      }
    }
  }
}
