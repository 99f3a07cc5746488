package org.nabla4j.cpu.constrained;

/** Cholesky factors of small dense matrices, which say whether a matrix is positive definite. */
final class Cholesky {

  private Cholesky() {}

  /**
   * Factorises A = LLᵀ.
   *
   * @param n rows and columns
   * @param a A by rows, of which the lower triangle is read; not modified
   * @param relative least pivot, relative to the diagonal element
   * @param absolute least pivot
   * @return L by rows, with what A has in the upper triangle, or null where a pivot is not finite,
   *     not positive or not above the least
   */
  static double[] factor(int n, double[] a, double relative, double absolute) {
    double[] l = a.clone();
    for (int k = 0; k < n; k++) {
      double pivot = l[k * n + k];
      for (int i = 0; i < k; i++) {
        pivot -= l[k * n + i] * l[k * n + i];
      }
      double least = Math.max(Math.max(relative * Math.abs(a[k * n + k]), absolute), 0);
      if (!(pivot > least && pivot < Double.POSITIVE_INFINITY)) {
        return null;
      }
      double root = Math.sqrt(pivot);
      l[k * n + k] = root;
      for (int row = k + 1; row < n; row++) {
        double sum = l[row * n + k];
        for (int i = 0; i < k; i++) {
          sum -= l[row * n + i] * l[k * n + i];
        }
        l[row * n + k] = sum / root;
      }
    }
    return l;
  }
}
