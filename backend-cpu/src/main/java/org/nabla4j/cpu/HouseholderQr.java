package org.nabla4j.cpu;

/**
 * QR factorisation of an n × p matrix by Householder reflections, with columns scaled to length
 * one: A·diag(1/s) = QR.
 *
 * <p>Reference: G. H. Golub, C. F. Van Loan (2013), Matrix Computations, section 5.2.
 */
final class HouseholderQr {

  private final int n;
  private final int largest;
  private final double[] a;
  private final double[] scale;
  private final double[] diagonal;
  private int p;

  /**
   * Prepares for matrices.
   *
   * @param n rows
   * @param p the most columns
   */
  HouseholderQr(int n, int p) {
    this.n = n;
    this.largest = p;
    this.a = new double[Math.multiplyExact(n, p)];
    this.scale = new double[p];
    this.diagonal = new double[p];
  }

  /** Where a matrix is put before {@link #factorise}, column after column; overwritten by it. */
  double[] matrix() {
    return a;
  }

  /**
   * Factorises.
   *
   * @param columns how many columns the matrix has, p ≤ n
   * @param b a right-hand side of n values, becomes Qᵀb
   * @return the smallest |R_jj|, 0 where a column is zero or there are fewer rows than columns
   */
  double factorise(int columns, double[] b) {
    if (columns > largest) {
      throw new IllegalArgumentException("columns = " + columns + ", expected <= " + largest);
    }
    p = columns;
    if (n < p) {
      return 0;
    }
    double least = Double.POSITIVE_INFINITY;
    for (int j = 0; j < p; j++) {
      double length = columnLength(j);
      scale[j] = length > 0 ? length : 1;
      for (int i = 0; i < n; i++) {
        a[j * n + i] /= scale[j];
      }
    }
    for (int j = 0; j < p; j++) {
      double length = Math.sqrt(dot(j, j, j));
      least = Math.min(least, length);
      if (!(length > 0)) {
        return 0;
      }
      double head = a[j * n + j];
      double mirrored = head > 0 ? -length : length;
      double v = head - mirrored;
      double beta = -1 / (mirrored * v); // 2/‖v‖²
      a[j * n + j] = v;
      for (int k = j + 1; k < p; k++) {
        double w = beta * dot(j, k, j);
        for (int i = j; i < n; i++) {
          a[k * n + i] -= w * a[j * n + i];
        }
      }
      double w = 0;
      for (int i = j; i < n; i++) {
        w += a[j * n + i] * b[i];
      }
      w *= beta;
      for (int i = j; i < n; i++) {
        b[i] -= w * a[j * n + i];
      }
      diagonal[j] = mirrored;
    }
    return least;
  }

  /** By way of a power of two near the largest element, so that no square is lost. */
  private double columnLength(int j) {
    double largest = 0;
    for (int i = j * n; i < (j + 1) * n; i++) {
      largest = Math.max(largest, Math.abs(a[i]));
    }
    if (!(largest > 0 && largest <= Double.MAX_VALUE)) {
      return largest;
    }
    int exponent = Math.getExponent(largest);
    double sum = 0;
    for (int i = j * n; i < (j + 1) * n; i++) {
      double scaled = Math.scalb(a[i], -exponent);
      sum += scaled * scaled;
    }
    return Math.scalb(Math.sqrt(sum), exponent);
  }

  private double dot(int j, int k, int from) {
    double sum = 0;
    for (int i = from; i < n; i++) {
      sum += a[j * n + i] * a[k * n + i];
    }
    return sum;
  }

  /** Length of a column of the matrix as it was. */
  double scale(int j) {
    return scale[j];
  }

  private double upper(int j, int k) {
    return j == k ? diagonal[j] : a[k * n + j];
  }

  /**
   * Solves the least-squares problem ‖Ax − b‖ → min.
   *
   * @param qtb Qᵀb, not modified
   * @param x receives p values, scaled: x_j · {@link #scale}
   */
  void solve(double[] qtb, double[] x) {
    for (int j = p - 1; j >= 0; j--) {
      double sum = qtb[j];
      for (int k = j + 1; k < p; k++) {
        sum -= upper(j, k) * x[k];
      }
      x[j] = sum / diagonal[j];
    }
  }

  /**
   * Computes (AᵀA)⁻¹ from R.
   *
   * @param inverse receives p × p values by rows
   */
  void invertGram(double[] inverse) {
    double[] r = new double[p * p]; // R⁻¹
    for (int k = 0; k < p; k++) {
      for (int j = k; j >= 0; j--) {
        double sum = j == k ? 1 : 0;
        for (int m = j + 1; m <= k; m++) {
          sum -= upper(j, m) * r[m * p + k];
        }
        r[j * p + k] = sum / diagonal[j];
      }
    }
    for (int i = 0; i < p; i++) {
      for (int j = 0; j < p; j++) {
        double sum = 0;
        for (int k = Math.max(i, j); k < p; k++) {
          sum += r[i * p + k] * r[j * p + k];
        }
        inverse[i * p + j] = sum / scale[i] / scale[j];
      }
    }
  }
}
