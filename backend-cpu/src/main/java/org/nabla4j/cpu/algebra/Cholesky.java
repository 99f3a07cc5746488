package org.nabla4j.cpu.algebra;

/**
 * The Cholesky factor of a small dense matrix, A = LLᵀ, which says whether it is positive definite,
 * and the triangular systems that it leaves.
 *
 * <p>Reference: G. H. Golub, C. F. Van Loan (2013), Matrix Computations, section 4.2.
 */
public final class Cholesky {

  private Cholesky() {}

  /**
   * Factorises A = LLᵀ.
   *
   * @param n rows and columns
   * @param a A by rows, of which the lower triangle is read; not modified
   * @param relative least pivot, relative to the diagonal element
   * @param absolute least pivot
   * @return L by rows with zeros above, or null where a pivot is not finite, not positive or not
   *     above the least
   */
  public static double[] factor(int n, double[] a, double relative, double absolute) {
    double[] l = new double[n * n];
    return factor(n, a, relative, absolute, l) ? l : null;
  }

  /**
   * Factorises A = LLᵀ into an array.
   *
   * @param n rows and columns
   * @param a A by rows, of which the lower triangle is read; not modified
   * @param relative least pivot, relative to the diagonal element
   * @param absolute least pivot
   * @param l receives L by rows; what is above the diagonal is left as it is
   * @return false where a pivot is not finite, not positive or not above the least
   */
  public static boolean factor(int n, double[] a, double relative, double absolute, double[] l) {
    for (int k = 0; k < n; k++) {
      double pivot = a[k * n + k];
      for (int i = 0; i < k; i++) {
        pivot -= l[k * n + i] * l[k * n + i];
      }
      double least = Math.max(Math.max(relative * Math.abs(a[k * n + k]), absolute), 0);
      if (!(pivot > least && pivot < Double.POSITIVE_INFINITY)) {
        return false;
      }
      double root = Math.sqrt(pivot);
      l[k * n + k] = root;
      for (int row = k + 1; row < n; row++) {
        double sum = a[row * n + k];
        for (int i = 0; i < k; i++) {
          sum -= l[row * n + i] * l[k * n + i];
        }
        l[row * n + k] = sum / root;
      }
    }
    return true;
  }

  /**
   * Solves LLᵀx = −b.
   *
   * @param n rows and columns
   * @param l L by rows, not modified
   * @param b not modified; may be x
   * @param x receives the solution
   * @return ½bᵀ(LLᵀ)⁻¹b
   */
  public static double solveNegative(int n, double[] l, double[] b, double[] x) {
    double half = 0;
    for (int i = 0; i < n; i++) {
      double sum = -b[i];
      for (int k = 0; k < i; k++) {
        sum -= l[i * n + k] * x[k];
      }
      x[i] = sum / l[i * n + i];
      half += 0.5 * x[i] * x[i];
    }
    for (int i = n - 1; i >= 0; i--) { // by rows of L: x_i is done, its share leaves the others
      x[i] /= l[i * n + i];
      for (int k = 0; k < i; k++) {
        x[k] -= l[i * n + k] * x[i];
      }
    }
    return half;
  }
}
