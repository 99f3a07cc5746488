package org.nabla4j.cpu;

/**
 * LU decomposition of a square matrix with partial pivoting, PA = LU, in place.
 *
 * <p>Reference: G. H. Golub, C. F. Van Loan, Matrix Computations (4th edition, 2013), section 3.4.
 */
final class LuDecomposition {

  private final int n;
  private final double[][] lu;
  private final int[] rows;
  private double smallest;
  private double largest;

  LuDecomposition(int n) {
    this.n = n;
    this.lu = new double[n][n];
    this.rows = new int[n];
  }

  /**
   * Decomposes a matrix.
   *
   * @param matrix {@code n × n}; not modified
   * @return whether every pivot is a number other than 0
   */
  boolean decompose(double[][] matrix) {
    for (int i = 0; i < n; i++) {
      System.arraycopy(matrix[i], 0, lu[i], 0, n);
      rows[i] = i;
    }
    smallest = Double.POSITIVE_INFINITY;
    largest = 0;
    for (int k = 0; k < n; k++) {
      int pivot = k;
      for (int i = k + 1; i < n; i++) {
        if (Math.abs(lu[i][k]) > Math.abs(lu[pivot][k])) {
          pivot = i;
        }
      }
      double[] row = lu[pivot];
      lu[pivot] = lu[k];
      lu[k] = row;
      int number = rows[pivot];
      rows[pivot] = rows[k];
      rows[k] = number;
      double magnitude = Math.abs(row[k]);
      if (!(magnitude > 0 && magnitude < Double.POSITIVE_INFINITY)) {
        smallest = 0;
        return false;
      }
      smallest = Math.min(smallest, magnitude);
      largest = Math.max(largest, magnitude);
      for (int i = k + 1; i < n; i++) {
        double factor = lu[i][k] / row[k];
        lu[i][k] = factor;
        if (factor != 0) {
          for (int j = k + 1; j < n; j++) {
            lu[i][j] -= factor * row[j];
          }
        }
      }
    }
    return true;
  }

  /** Smallest pivot over the largest: a small one tells of a matrix that is nearly singular. */
  double pivotRatio() {
    return smallest / largest;
  }

  /**
   * Solves Ax = b.
   *
   * @param b n values; not modified
   * @param x receives the solution; not b itself
   */
  void solve(double[] b, double[] x) {
    for (int i = 0; i < n; i++) {
      double sum = b[rows[i]];
      for (int j = 0; j < i; j++) {
        sum -= lu[i][j] * x[j];
      }
      x[i] = sum;
    }
    for (int i = n - 1; i >= 0; i--) {
      double sum = x[i];
      for (int j = i + 1; j < n; j++) {
        sum -= lu[i][j] * x[j];
      }
      x[i] = sum / lu[i][i];
    }
  }
}
