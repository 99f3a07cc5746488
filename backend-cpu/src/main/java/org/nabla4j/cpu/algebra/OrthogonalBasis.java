package org.nabla4j.cpu.algebra;

import java.util.Arrays;

/**
 * An orthogonal matrix Q = (Y Z) whose first columns Y span some vectors of n numbers, and whose
 * last columns Z are orthogonal to them, by Householder reflections. Vectors that depend on those
 * before them are left out.
 *
 * <p>Reference: G. H. Golub, C. F. Van Loan (2013), Matrix Computations, section 5.2.
 */
public final class OrthogonalBasis {

  /** Length of what is new in a vector, relative to it, below which it is left out. */
  private static final double DEPENDENT = 1e-10;

  private final int n;
  private final double[] q;
  private final double[] r;
  private final int[] kept;
  private int rank;

  /**
   * Finds the basis.
   *
   * @param n the length of a vector
   * @param vectors {@code [count, n]} by rows, not modified
   * @param count how many vectors
   */
  public OrthogonalBasis(int n, double[] vectors, int count) {
    this.n = n;
    this.q = new double[n * n];
    this.r = new double[n * n];
    this.kept = new int[n];
    for (int i = 0; i < n; i++) {
      q[i * n + i] = 1;
    }
    double[] v = new double[n];
    double[] w = new double[n];
    for (int c = 0; c < count && rank < n; c++) {
      Arrays.fill(w, 0); // w = Qᵀ·vector
      double all = 0;
      for (int i = 0; i < n; i++) {
        double value = vectors[c * n + i];
        all += value * value;
        for (int k = 0; k < n; k++) {
          w[k] += q[i * n + k] * value;
        }
      }
      double fresh = 0;
      for (int k = rank; k < n; k++) {
        fresh += w[k] * w[k];
      }
      if (!(fresh > DEPENDENT * DEPENDENT * all)) {
        continue;
      }
      double length = w[rank] > 0 ? -Math.sqrt(fresh) : Math.sqrt(fresh);
      Arrays.fill(v, 0);
      System.arraycopy(w, rank, v, rank, n - rank);
      v[rank] -= length;
      double beta = -1 / (length * v[rank]); // 2/‖v‖²
      for (int i = 0; i < n; i++) {
        double sum = 0;
        for (int k = rank; k < n; k++) {
          sum += q[i * n + k] * v[k];
        }
        sum *= beta;
        for (int k = rank; k < n; k++) {
          q[i * n + k] -= sum * v[k];
        }
      }
      for (int k = 0; k < rank; k++) {
        r[k * n + rank] = w[k];
      }
      r[rank * n + rank] = length;
      kept[rank++] = c;
    }
  }

  /**
   * How many independent vectors there are, the columns of Y.
   *
   * @return their number
   */
  public int rank() {
    return rank;
  }

  /**
   * An element of Q.
   *
   * @param i its row
   * @param k its column
   * @return Q_ik
   */
  public double get(int i, int k) {
    return q[i * n + k];
  }

  /**
   * Rotates a symmetric matrix.
   *
   * @param a A by rows, not modified
   * @return QᵀAQ
   */
  public double[] rotated(double[] a) {
    double[] half = new double[n * n];
    double[] result = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int l = 0; l < n; l++) {
        double value = a[i * n + l];
        for (int k = 0; k < n; k++) {
          half[i * n + k] += value * q[l * n + k];
        }
      }
    }
    for (int i = 0; i < n; i++) {
      for (int l = 0; l < n; l++) {
        double value = q[i * n + l];
        for (int k = 0; k < n; k++) {
          result[l * n + k] += value * half[i * n + k];
        }
      }
    }
    return result;
  }

  /**
   * Rotates a symmetric matrix back.
   *
   * @param a A by rows, not modified
   * @return QAQᵀ
   */
  public double[] rotatedBack(double[] a) {
    double[] half = new double[n * n];
    double[] result = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int l = 0; l < n; l++) {
        double value = q[i * n + l];
        for (int k = 0; k < n; k++) {
          half[i * n + k] += value * a[l * n + k];
        }
      }
    }
    for (int i = 0; i < n; i++) {
      for (int l = 0; l < n; l++) {
        double sum = 0;
        for (int k = 0; k < n; k++) {
          sum += half[i * n + k] * q[l * n + k];
        }
        result[i * n + l] = sum;
      }
    }
    return result;
  }

  /**
   * Solves ‖Σ x_c·vector_c − b‖ → min.
   *
   * @param b n numbers, not modified
   * @param x receives the coefficients of all vectors, 0 for those that were left out
   */
  public void leastSquares(double[] b, double[] x) {
    Arrays.fill(x, 0);
    double[] y = new double[rank];
    for (int k = rank - 1; k >= 0; k--) {
      double sum = 0;
      for (int i = 0; i < n; i++) {
        sum += q[i * n + k] * b[i];
      }
      for (int i = k + 1; i < rank; i++) {
        sum -= r[k * n + i] * y[i];
      }
      y[k] = sum / r[k * n + k];
      x[kept[k]] = y[k];
    }
  }
}
