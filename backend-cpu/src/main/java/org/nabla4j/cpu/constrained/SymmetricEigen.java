package org.nabla4j.cpu.constrained;

/**
 * Eigenvalues and eigenvectors of a small symmetric matrix, A = VΛVᵀ, by cyclic Jacobi rotations.
 *
 * <p>Reference: G. H. Golub, C. F. Van Loan (2013), Matrix Computations, section 8.5.
 */
final class SymmetricEigen {

  private static final int SWEEPS = 60;

  private final int n;
  private final double[] a;

  /** V, column after column. */
  private final double[] v;

  /**
   * Decomposes.
   *
   * @param n rows and columns
   * @param matrix A by rows, finite, not modified
   */
  SymmetricEigen(int n, double[] matrix) {
    this.n = n;
    this.a = matrix.clone();
    this.v = new double[n * n];
    double square = 0;
    for (int i = 0; i < n; i++) {
      v[i * n + i] = 1;
      for (int k = 0; k < n; k++) {
        square = Math.max(square, Math.abs(a[i * n + k]));
      }
    }
    double rounding = square * Math.ulp(1.0) / 16;
    boolean rotated = true;
    for (int sweep = 0; sweep < SWEEPS && rotated; sweep++) {
      rotated = false;
      for (int i = 0; i < n; i++) {
        for (int k = i + 1; k < n; k++) {
          if (Math.abs(a[i * n + k]) > rounding / n) {
            rotate(i, k);
            rotated = true;
          }
        }
      }
    }
  }

  /** Makes element (i, k) zero. */
  private void rotate(int i, int k) {
    double theta = (a[k * n + k] - a[i * n + i]) / (2 * a[i * n + k]);
    double tangent = Math.copySign(1 / (Math.abs(theta) + Math.hypot(theta, 1)), theta);
    double cosine = 1 / Math.hypot(tangent, 1);
    double sine = tangent * cosine;
    for (int l = 0; l < n; l++) {
      double x = a[l * n + i];
      double y = a[l * n + k];
      a[l * n + i] = cosine * x - sine * y;
      a[l * n + k] = sine * x + cosine * y;
    }
    for (int l = 0; l < n; l++) {
      double x = a[i * n + l];
      double y = a[k * n + l];
      a[i * n + l] = cosine * x - sine * y;
      a[k * n + l] = sine * x + cosine * y;
      x = v[i * n + l];
      y = v[k * n + l];
      v[i * n + l] = cosine * x - sine * y;
      v[k * n + l] = sine * x + cosine * y;
    }
    a[i * n + k] = 0;
    a[k * n + i] = 0;
  }

  /** Eigenvalue k, in no particular order. */
  double value(int k) {
    return a[k * n + k];
  }

  /** Element i of eigenvector k. */
  double vector(int i, int k) {
    return v[k * n + i];
  }

  /** The index of the least eigenvalue; −1 if there is none. */
  int least() {
    int best = -1;
    for (int k = 0; k < n; k++) {
      if (best < 0 || value(k) < value(best)) {
        best = k;
      }
    }
    return best;
  }
}
