package org.nabla4j.regression;


/** The factor F, lower triangular, of a quadratic form ‖Fx‖² = xᵀCx in the columns of a design. */
final class LeverageFactor {

  private LeverageFactor() {}

  /**
   * F of C = (Σ a x xᵀ + Λ)⁻¹.
   *
   * @param sums Σ a x xᵀ of p columns, less whatever shift; not modified
   * @param kept which columns count; others are as if they were 0
   * @param ridge λ of each column, or null
   * @return packed lower triangle by rows
   */
  static double[] ofInverse(RowSums sums, boolean[] kept, double[] ridge) {
    int p = kept.length;
    double[] scale = new double[p];
    for (int j = 0; j < p; j++) {
      double diagonal = sums.high()[sums.gram(j, j)];
      scale[j] =
          kept[j] && diagonal > 0 && diagonal < Double.POSITIVE_INFINITY
              ? Math.scalb(1.0, -Math.floorDiv(Math.getExponent(diagonal) + 1, 2))
              : 0;
    }
    double[] high = new double[p * (p + 1) / 2];
    double[] low = new double[high.length];
    DoubleDouble number = new DoubleDouble();
    for (int i = 0; i < p; i++) {
      for (int j = 0; j <= i; j++) {
        int from = sums.gram(i, j);
        double factor = scale[i] * scale[j];
        number.set(sums.high()[from] * factor, sums.low()[from] * factor);
        if (i == j && ridge != null) {
          number.add(ridge[i] * factor, 0);
        }
        high[i * (i + 1) / 2 + j] = factor == 0 ? 0 : number.high;
        low[i * (i + 1) / 2 + j] = factor == 0 ? 0 : number.low;
      }
    }
    double[] inverse = OrderedCholesky.of(high, low, new double[p]).inverseFactor();
    for (int i = 0; i < p; i++) {
      for (int j = 0; j <= i; j++) {
        inverse[i * (i + 1) / 2 + j] *= scale[j];
      }
    }
    return inverse;
  }

  /**
   * F of C = FᵀF, from the last column to the first, so that an intercept in front comes last and
   * leaves the least that C makes of any x.
   *
   * @param c p × p, symmetric, positive semidefinite but for rounding; rows and columns with NaN on
   *     the diagonal count as 0; not modified
   * @return packed lower triangle by rows
   */
  static double[] of(double[][] c) {
    int p = c.length;
    double[] factor = new double[p * (p + 1) / 2];
    for (int k = p - 1; k >= 0; k--) {
      double pivot = c[k][k] - product(factor, p, k, k);
      if (!(pivot > 0)) {
        continue;
      }
      double root = Math.sqrt(pivot);
      int row = k * (k + 1) / 2;
      factor[row + k] = root;
      for (int j = 0; j < k; j++) {
        double element = Double.isNaN(c[j][j]) ? 0 : c[k][j];
        factor[row + j] = (element - product(factor, p, k, j)) / root;
      }
    }
    return factor;
  }

  /** Σ_{m>k} F_mk F_mj. */
  private static double product(double[] factor, int p, int k, int j) {
    double sum = 0;
    for (int m = k + 1; m < p; m++) {
      int row = m * (m + 1) / 2;
      sum += factor[row + k] * factor[row + j];
    }
    return sum;
  }
}
