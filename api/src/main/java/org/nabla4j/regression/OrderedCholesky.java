package org.nabla4j.regression;

import java.util.Arrays;

/**
 * S = RᵀR of a symmetric positive semidefinite matrix in double-double, R upper triangular.
 *
 * <p>Columns are eliminated in their order. One whose rest is no more than what rounding of the
 * data leaves of a combination of columns before it is left out, and the combination is kept: so of
 * columns that depend on each other the first ones stay, as in R's {@code lm}.
 *
 * <p>With a the coefficients of the combination, column j is left out where its rest is at most the
 * noise of all columns in it:
 *
 * <pre>  noiseⱼ + Σ|aₖ|·noiseₖ.  </pre>
 */
final class OrderedCholesky {

  /** Rests of more than this share of a column are never dependent: no combination is computed. */
  private static final double CLEAR = 1e-8;

  private final int size;
  private final double[][] high;
  private final double[][] low;

  /** Columns that were kept, in order. */
  private final int[] kept;

  /** For each column the combination of the kept columns before it that it equals, or null. */
  private final double[][] combinations;

  private OrderedCholesky(
      int size, double[][] high, double[][] low, int[] kept, double[][] combinations) {
    this.size = size;
    this.high = high;
    this.low = low;
    this.kept = kept;
    this.combinations = combinations;
  }

  /**
   * Factors a matrix.
   *
   * @param sumHigh high parts, packed lower triangle by rows; not modified
   * @param sumLow low parts
   * @param noise what rounding makes of each column: its size, as the diagonal has its square
   * @return the factor
   */
  static OrderedCholesky of(double[] sumHigh, double[] sumLow, double[] noise) {
    int m = noise.length;
    double[][] h = new double[m][];
    double[][] l = new double[m][];
    double[] diagonal = new double[m];
    for (int i = 0; i < m; i++) {
      h[i] = new double[m - i];
      l[i] = new double[m - i];
      for (int j = i; j < m; j++) {
        int at = j * (j + 1) / 2 + i;
        h[i][j - i] = sumHigh[at];
        l[i][j - i] = sumLow[at];
      }
      diagonal[i] = h[i][0];
    }
    OrderedCholesky factor = new OrderedCholesky(m, h, l, new int[m], new double[m][]);
    int count = 0;
    for (int j = 0; j < m; j++) {
      if (factor.isDependent(j, count, diagonal[j], noise)) {
        continue;
      }
      factor.eliminate(j);
      factor.kept[count++] = j;
    }
    return new OrderedCholesky(m, h, l, Arrays.copyOf(factor.kept, count), factor.combinations);
  }

  private boolean isDependent(int j, int count, double diagonal, double[] noises) {
    double pivot = high[j][0];
    // A NaN is no dependence: it goes on into the results.
    if ((pivot > CLEAR * diagonal && pivot > square(noises[j]))
        || Double.isNaN(pivot)
        || Double.isInfinite(diagonal)) {
      return false;
    }
    double[] combination = combination(j, count);
    double noise = noises[j];
    for (int k = 0; k < count; k++) {
      noise += Math.abs(combination[kept[k]]) * noises[kept[k]];
    }
    if (pivot > square(noise)) {
      return false;
    }
    combinations[j] = combination;
    return true;
  }

  private static double square(double x) {
    return x * x;
  }

  /** R a = r with r the part of column j above the diagonal. */
  private double[] combination(int j, int count) {
    double[] ah = new double[size];
    double[] al = new double[size];
    DoubleDouble sum = new DoubleDouble();
    for (int k = count - 1; k >= 0; k--) {
      int row = kept[k];
      sum.set(high[row][j - row], low[row][j - row]);
      for (int t = k + 1; t < count; t++) {
        int column = kept[t];
        sum.subtractProduct(
            high[row][column - row], low[row][column - row], ah[column], al[column]);
      }
      sum.divide(high[row][0], low[row][0]);
      ah[row] = sum.high;
      al[row] = sum.low;
    }
    return ah;
  }

  private void eliminate(int j) {
    double[] rowHigh = high[j];
    double[] rowLow = low[j];
    DoubleDouble number = new DoubleDouble(rowHigh[0], rowLow[0]).sqrt();
    double rootHigh = number.high;
    double rootLow = number.low;
    number.set(1, 0).divide(rootHigh, rootLow);
    double inverseHigh = number.high;
    double inverseLow = number.low;
    rowHigh[0] = rootHigh;
    rowLow[0] = rootLow;
    for (int t = 1; t < rowHigh.length; t++) {
      number.set(rowHigh[t], rowLow[t]).multiply(inverseHigh, inverseLow);
      rowHigh[t] = number.high;
      rowLow[t] = number.low;
    }
    for (int i = j + 1; i < size; i++) {
      int from = i - j;
      DoubleDouble.subtractMultiple(
          rowHigh[from], rowLow[from], rowHigh, rowLow, from, high[i], low[i], 0, size - i);
    }
  }

  /**
   * The number of columns that were kept.
   *
   * @return the rank
   */
  int rank() {
    return kept.length;
  }

  /**
   * Whether a column was kept.
   *
   * @param j its index
   * @return false if it depends on columns before it
   */
  boolean isKept(int j) {
    return combinations[j] == null;
  }

  /**
   * What a column equals.
   *
   * @param j a column that was left out
   * @return factors of all columns, 0 for those that were left out
   */
  double[] combination(int j) {
    return combinations[j].clone();
  }

  /**
   * Solves S b = c.
   *
   * @param bHigh c, becomes b, 0 for columns that were left out
   * @param bLow its low parts
   */
  void solve(double[] bHigh, double[] bLow) {
    DoubleDouble number = new DoubleDouble();
    for (int j = 0; j < size; j++) {
      if (!isKept(j)) {
        bHigh[j] = 0;
        bLow[j] = 0;
      }
    }
    for (int j : kept) {
      number.set(bHigh[j], bLow[j]).divide(high[j][0], low[j][0]);
      bHigh[j] = number.high;
      bLow[j] = number.low;
      DoubleDouble.subtractMultiple(
          number.high, number.low, high[j], low[j], 1, bHigh, bLow, j + 1, size - j - 1);
    }
    for (int j = 0; j < size; j++) {
      if (!isKept(j)) {
        bHigh[j] = 0;
        bLow[j] = 0;
      }
    }
    for (int k = kept.length - 1; k >= 0; k--) {
      int j = kept[k];
      number.set(bHigh[j], bLow[j]);
      for (int i = j + 1; i < size; i++) {
        number.subtractProduct(high[j][i - j], low[j][i - j], bHigh[i], bLow[i]);
      }
      number.divide(high[j][0], low[j][0]);
      bHigh[j] = number.high;
      bLow[j] = number.low;
    }
  }

  /**
   * S⁻¹ of the columns that were kept.
   *
   * @param precision double for a matrix whose sums were made in double, at a fraction of the work
   * @return packed lower triangle by rows, 0 in rows and columns that were left out
   */
  double[] inverse(RowPass.Precision precision) {
    double[][] inverse =
        precision == RowPass.Precision.DOUBLE ? inverseInDouble() : inverseInDoubleDouble();
    double[] packed = new double[size * (size + 1) / 2];
    for (int i = 0; i < kept.length; i++) {
      for (int j = 0; j <= i; j++) {
        packed[kept[i] * (kept[i] + 1) / 2 + kept[j]] = inverse[i][j];
      }
    }
    return packed;
  }

  /** Rows of the lower triangle; see the other one, which does the same with all digits. */
  private double[][] inverseInDouble() {
    int r = kept.length;
    double[][] x = new double[r][];
    for (int i = r - 1; i >= 0; i--) {
      double[] row = new double[r - i];
      int from = kept[i];
      for (int k = i + 1; k < r; k++) {
        subtract(row, k - i, high[from][kept[k] - from], x[k], r - k);
      }
      row[0] = 1;
      double diagonal = high[from][0];
      for (int k = 0; k < row.length; k++) {
        row[k] /= diagonal;
      }
      x[i] = row;
    }
    double[][] s = new double[r][];
    for (int i = 0; i < r; i++) {
      s[i] = new double[i + 1];
    }
    double[] column = new double[r];
    for (int k = 0; k < r; k++) {
      for (int i = 0; i <= k; i++) {
        column[i] = x[i][k - i];
      }
      for (int i = 0; i <= k; i++) {
        subtract(s[i], 0, -column[i], column, i + 1);
      }
    }
    return s;
  }

  private static void subtract(double[] y, int from, double factor, double[] x, int count) {
    for (int i = 0; i < count; i++) {
      y[from + i] -= factor * x[i];
    }
  }

  /** R⁻¹ of the kept columns, high and low parts: row i from column i on. */
  private double[][][] inverseRows() {
    int r = kept.length;
    // Row i of R⁻¹ from the rows below it: (R⁻¹)ᵢ = (eᵢ − Σ_{k>i} R_ik (R⁻¹)ₖ)/R_ii.
    double[][] xh = new double[r][];
    double[][] xl = new double[r][];
    DoubleDouble number = new DoubleDouble();
    for (int i = r - 1; i >= 0; i--) {
      double[] h = new double[r - i];
      double[] l = new double[r - i];
      int row = kept[i];
      for (int k = i + 1; k < r; k++) {
        int at = kept[k] - row;
        DoubleDouble.subtractMultiple(
            high[row][at], low[row][at], xh[k], xl[k], 0, h, l, k - i, r - k);
      }
      number.set(1, 0).divide(high[row][0], low[row][0]);
      double inverseHigh = number.high;
      double inverseLow = number.low;
      h[0] = 1;
      for (int k = 0; k < h.length; k++) {
        number.set(h[k], l[k]).multiply(inverseHigh, inverseLow);
        h[k] = number.high;
        l[k] = number.low;
      }
      xh[i] = h;
      xl[i] = l;
    }
    return new double[][][] {xh, xl};
  }

  /**
   * R⁻ᵀ of the columns that were kept: S⁻¹ is its transpose times itself.
   *
   * @return packed lower triangle by rows, 0 in rows and columns that were left out
   */
  double[] inverseFactor() {
    double[][] rows = inverseRows()[0];
    double[] packed = new double[size * (size + 1) / 2];
    for (int i = 0; i < rows.length; i++) {
      for (int k = i; k < rows.length; k++) {
        packed[kept[k] * (kept[k] + 1) / 2 + kept[i]] = rows[i][k - i];
      }
    }
    return packed;
  }

  private double[][] inverseInDoubleDouble() {
    int r = kept.length;
    double[][][] rows = inverseRows();
    double[][] xh = rows[0];
    double[][] xl = rows[1];
    // S⁻¹ = R⁻¹R⁻ᵀ = Σₖ of the outer products of the columns of R⁻¹.
    double[][] sh = new double[r][];
    double[][] sl = new double[r][];
    for (int i = 0; i < r; i++) {
      sh[i] = new double[i + 1];
      sl[i] = new double[i + 1];
    }
    double[] columnHigh = new double[r];
    double[] columnLow = new double[r];
    for (int k = 0; k < r; k++) {
      for (int i = 0; i <= k; i++) {
        columnHigh[i] = xh[i][k - i];
        columnLow[i] = xl[i][k - i];
      }
      for (int i = 0; i <= k; i++) {
        DoubleDouble.subtractMultiple(
            -columnHigh[i], -columnLow[i], columnHigh, columnLow, 0, sh[i], sl[i], 0, i + 1);
      }
    }
    return sh;
  }
}
