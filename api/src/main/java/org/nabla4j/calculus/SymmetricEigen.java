package org.nabla4j.calculus;

/**
 * Eigenvalues and eigenvectors of a symmetric matrix, A = V diag(λ) Vᵀ, by cyclic Jacobi rotations
 * (Golub and Van Loan 2013, section 8.5), for matrices of moderate size.
 */
final class SymmetricEigen {

  /** Quadratic convergence needs about log₂ p + 5 of them. */
  private static final int MAX_SWEEPS = 60;

  private final double[] values;
  private final double[][] vectors;

  /**
   * Decomposes a matrix of finite numbers.
   *
   * @param matrix symmetric, {@code [p][p]}; not modified
   */
  SymmetricEigen(double[][] matrix) {
    int p = matrix.length;
    double[][] a = new double[p][];
    vectors = new double[p][p];
    for (int i = 0; i < p; i++) {
      a[i] = matrix[i].clone();
      vectors[i][i] = 1;
    }
    for (int sweep = 0; sweep < MAX_SWEEPS && rotateAll(a); sweep++) {
      // a sweep that rotates nothing is the last
    }
    values = new double[p];
    for (int i = 0; i < p; i++) {
      values[i] = a[i][i];
    }
  }

  private boolean rotateAll(double[][] a) {
    boolean rotated = false;
    for (int i = 0; i < a.length; i++) {
      for (int j = i + 1; j < a.length; j++) {
        // What changes neither diagonal element is rounding.
        double small = Math.abs(a[i][j]) * 0x1p-3;
        if (a[i][i] + small == a[i][i] && a[j][j] + small == a[j][j]) {
          a[i][j] = 0;
          a[j][i] = 0;
        } else {
          rotate(a, i, j);
          rotated = true;
        }
      }
    }
    return rotated;
  }

  /** The rotation of rows and columns i and j that makes a[i][j] zero. */
  private void rotate(double[][] a, int i, int j) {
    double theta = (a[j][j] - a[i][i]) / (2 * a[i][j]);
    double t = Math.copySign(1, theta) / (Math.abs(theta) + Math.hypot(theta, 1));
    double c = 1 / Math.hypot(t, 1);
    double s = t * c;
    for (int k = 0; k < a.length; k++) {
      double x = a[k][i];
      double y = a[k][j];
      a[k][i] = c * x - s * y;
      a[k][j] = s * x + c * y;
      x = vectors[k][i];
      y = vectors[k][j];
      vectors[k][i] = c * x - s * y;
      vectors[k][j] = s * x + c * y;
    }
    for (int k = 0; k < a.length; k++) {
      double x = a[i][k];
      double y = a[j][k];
      a[i][k] = c * x - s * y;
      a[j][k] = s * x + c * y;
    }
    a[i][j] = 0;
    a[j][i] = 0;
  }

  /** The eigenvalues, in no particular order; the array itself. */
  double[] values() {
    return values;
  }

  /** Component i of the eigenvector of eigenvalue k. */
  double vector(int i, int k) {
    return vectors[i][k];
  }
}
