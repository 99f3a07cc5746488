package org.nabla4j.cpu.minimize;

import java.util.Arrays;

/**
 * Scales d &gt; 0 of the parameters such that |H_ij| ≤ d_i·d_j, about equal in each row: a step is
 * measured by ‖diag(d)·s‖. Each is the largest that the Hessians so far have asked for.
 *
 * <p>Reference: D. Ruiz (2001), A scaling algorithm to equilibrate both rows and columns norms in
 * matrices, RAL-TR-2001-034; the running maximum is that of J. J. Moré (1978), Lecture Notes in
 * Mathematics 630.
 */
final class SymmetricScaling {

  private static final int MOST_SWEEPS = 20;

  /** Smallest scale relative to the largest, of a parameter that hardly curves f. */
  private static final double FLOOR = 1e-8;

  private final int p;
  private final double[] scale;
  private final double[] now;
  private final double[] rows;

  /**
   * Prepares for matrices of one size.
   *
   * @param p rows and columns
   */
  SymmetricScaling(int p) {
    this.p = p;
    this.scale = new double[p];
    this.now = new double[p];
    this.rows = new double[p];
  }

  /** d; the array itself, valid until the next update. */
  double[] scale() {
    return scale;
  }

  /** Takes another Hessian, {@code [p, p]}, into account. */
  void update(double[] hessian) {
    Arrays.fill(now, 1);
    boolean even = false;
    for (int sweep = 0; sweep < MOST_SWEEPS && !even; sweep++) {
      even = sweep(hessian);
    }
    double most = 0;
    for (int j = 0; j < p; j++) {
      most = Math.max(most, Math.sqrt(Math.abs(hessian[j * p + j])));
    }
    for (int j = 0; j < p; j++) {
      scale[j] = Math.max(scale[j], Math.max(now[j], FLOOR * most));
    }
  }

  /** Divides rows and columns by the roots of their largest elements. */
  private boolean sweep(double[] hessian) {
    boolean even = true;
    for (int i = 0; i < p; i++) {
      double largest = 0;
      for (int j = 0; j < p; j++) {
        largest = Math.max(largest, Math.abs(hessian[i * p + j]) / now[i] / now[j]);
      }
      rows[i] = largest;
      even &= largest == 0 || Math.abs(largest - 1) < 0.01;
    }
    for (int i = 0; i < p; i++) {
      if (rows[i] > 0) {
        now[i] *= Math.sqrt(rows[i]);
      }
    }
    return even;
  }
}
