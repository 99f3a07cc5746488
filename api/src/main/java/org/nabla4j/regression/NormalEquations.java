package org.nabla4j.regression;

import java.util.Arrays;

/**
 * The normal equations of a weighted linear regression, from sums over rows: centred if there is an
 * intercept, and scaled. Everything is in double-double. Not modified once made.
 *
 * <p>With an intercept the other columns and the responses are centred about their weighted means,
 * which is the elimination of the intercept:
 *
 * <pre>
 *   S_ij = s_i s_j (Σw xᵢxⱼ − x̄ᵢx̄ⱼ Σw)    c_i = s_i (Σw xᵢy − x̄ᵢȳ Σw)    T = Σw y² − ȳ² Σw
 * </pre>
 *
 * <p>Scales s are powers of two, so that scaling rounds nothing, and bring the diagonal of S
 * between ½ and 2. Means are of what was summed up: less the shift of the pass.
 */
final class NormalEquations {

  /** Rounding of the data, of columns that were computed from others: 2⁻⁴⁹. */
  private static final double DATA_ROUNDING = 16 * 0x1p-53;

  /** Roots of the rounding of sums, that are of squares: in double and in double-double. */
  private static final double SUM_ROUNDING = 0x1p-24;

  private static final double PRECISE_SUM_ROUNDING = 0x1p-50;

  private final int width;
  private final int responses;
  private final int intercept;

  /** Columns of X without the intercept: what is solved for. */
  private final int[] columns;

  private final double[] scale;
  private final double[] sumHigh;
  private final double[] sumLow;

  /** s ‖x‖ of the columns as they are. */
  private final double[] norms;

  /** s ‖x‖ of the columns less the shift. */
  private final double[] shiftedNorms;

  private final double[] meanHigh;
  private final double[] meanLow;
  private final double[] responseMeanHigh;
  private final double[] responseMeanLow;
  private final double[][] productHigh;
  private final double[][] productLow;
  private final double[] totalHigh;
  private final double[] totalLow;
  private final double[] uncentredTotal;
  private final double weight;
  private final double[] shift;

  /**
   * Centres and scales sums.
   *
   * @param sums Σ a x xᵀ, and Σ a x y and Σ a y² of q responses; not modified
   * @param width p
   * @param responses q
   * @param intercept index of the column of ones, or -1
   * @param shift p + q numbers that the pass subtracted, or null; not modified
   */
  NormalEquations(RowSums sums, int width, int responses, int intercept, double[] shift) {
    this.width = width;
    this.responses = responses;
    this.intercept = intercept;
    this.shift = shift == null ? new double[width + responses] : shift;
    columns = new int[intercept < 0 ? width : width - 1];
    for (int j = 0, k = 0; j < width; j++) {
      if (j != intercept) {
        columns[k++] = j;
      }
    }
    int m = columns.length;
    scale = new double[m];
    norms = new double[m];
    shiftedNorms = new double[m];
    sumHigh = new double[m * (m + 1) / 2];
    sumLow = new double[sumHigh.length];
    meanHigh = new double[m];
    meanLow = new double[m];
    responseMeanHigh = new double[responses];
    responseMeanLow = new double[responses];
    productHigh = new double[responses][m];
    productLow = new double[responses][m];
    totalHigh = new double[responses];
    totalLow = new double[responses];
    uncentredTotal = new double[responses];
    weight = intercept < 0 ? Double.NaN : sums.high()[sums.gram(intercept, intercept)];
    means(sums);
    products(sums);
    scale();
  }

  private void means(RowSums sums) {
    if (intercept < 0) {
      return;
    }
    int ones = sums.gram(intercept, intercept);
    double weightLow = sums.low()[ones];
    DoubleDouble mean = new DoubleDouble();
    for (int k = 0; k < columns.length; k++) {
      int at = gram(sums, intercept, columns[k]);
      mean.set(sums.high()[at], sums.low()[at]).divide(weight, weightLow);
      meanHigh[k] = mean.high;
      meanLow[k] = mean.low;
    }
    for (int r = 0; r < responses; r++) {
      int at = sums.product(r, intercept);
      mean.set(sums.high()[at], sums.low()[at]).divide(weight, weightLow);
      responseMeanHigh[r] = mean.high;
      responseMeanLow[r] = mean.low;
    }
  }

  private static int gram(RowSums sums, int i, int j) {
    return i < j ? sums.gram(j, i) : sums.gram(i, j);
  }

  private void products(RowSums sums) {
    double[] high = sums.high();
    double[] low = sums.low();
    DoubleDouble sum = new DoubleDouble();
    for (int i = 0; i < columns.length; i++) {
      // Σw xᵢxⱼ − x̄ᵢx̄ⱼΣw as Σw xᵢxⱼ − x̄ᵢ·Σw xⱼ.
      for (int j = 0; j <= i; j++) {
        int at = sums.gram(columns[i], columns[j]);
        sum.set(high[at], low[at]);
        if (intercept >= 0) {
          int one = gram(sums, intercept, columns[j]);
          sum.subtractProduct(meanHigh[i], meanLow[i], high[one], low[one]);
        }
        sumHigh[i * (i + 1) / 2 + j] = sum.high;
        sumLow[i * (i + 1) / 2 + j] = sum.low;
      }
      for (int r = 0; r < responses; r++) {
        int at = sums.product(r, columns[i]);
        sum.set(high[at], low[at]);
        if (intercept >= 0) {
          int one = sums.product(r, intercept);
          sum.subtractProduct(meanHigh[i], meanLow[i], high[one], low[one]);
        }
        productHigh[r][i] = sum.high;
        productLow[r][i] = sum.low;
      }
    }
    for (int r = 0; r < responses; r++) {
      int at = sums.square(r);
      sum.set(high[at], low[at]);
      if (intercept >= 0) {
        int one = sums.product(r, intercept);
        sum.subtractProduct(responseMeanHigh[r], responseMeanLow[r], high[one], low[one]);
      }
      totalHigh[r] = sum.high;
      totalLow[r] = sum.low;
      uncentredTotal[r] = uncentred(sum.high, responseMeanHigh[r] + shift[width + r]);
    }
  }

  /** Σw x² of what has the centred sum of squares and the mean. */
  private double uncentred(double centred, double mean) {
    return intercept < 0 ? centred : Math.max(0, centred) + weight * mean * mean;
  }

  private void scale() {
    int m = columns.length;
    for (int k = 0; k < m; k++) {
      double diagonal = sumHigh[k * (k + 1) / 2 + k];
      double square = uncentred(diagonal, meanHigh[k] + shift[columns[k]]);
      double size = diagonal > square * square(DATA_ROUNDING) ? diagonal : square;
      scale[k] =
          size > 0 && Double.isFinite(size)
              ? Math.scalb(1.0, -Math.floorDiv(Math.getExponent(size) + 1, 2))
              : 1;
      norms[k] = Math.sqrt(square) * scale[k];
      shiftedNorms[k] = Math.sqrt(uncentred(diagonal, meanHigh[k])) * scale[k];
    }
    for (int i = 0; i < m; i++) {
      for (int j = 0; j <= i; j++) {
        double factor = scale[i] * scale[j];
        sumHigh[i * (i + 1) / 2 + j] *= factor;
        sumLow[i * (i + 1) / 2 + j] *= factor;
      }
      for (int r = 0; r < responses; r++) {
        productHigh[r][i] *= scale[i];
        productLow[r][i] *= scale[i];
      }
    }
  }

  private static double square(double x) {
    return x * x;
  }

  /**
   * Factors S + λs².
   *
   * @param ridge λ for each column of X, or null for none
   * @param precision of the sums
   * @return the factor
   */
  OrderedCholesky factor(double[] ridge, RowPass.Precision precision) {
    double[] high = sumHigh;
    double[] low = sumLow;
    if (ridge != null) {
      high = high.clone();
      low = low.clone();
      DoubleDouble sum = new DoubleDouble();
      for (int k = 0; k < columns.length; k++) {
        int at = k * (k + 1) / 2 + k;
        sum.set(high[at], low[at]).add(penalty(ridge, k), 0);
        high[at] = sum.high;
        low[at] = sum.low;
      }
    }
    double rounding = precision == RowPass.Precision.DOUBLE ? SUM_ROUNDING : PRECISE_SUM_ROUNDING;
    double[] noise = new double[columns.length];
    for (int k = 0; k < noise.length; k++) {
      // The data are rounded as they are, the sums without their shift.
      noise[k] = DATA_ROUNDING * norms[k] + rounding * shiftedNorms[k];
    }
    return OrderedCholesky.of(high, low, noise);
  }

  /** λs² of column k. */
  double penalty(double[] ridge, int k) {
    return ridge[columns[k]] * scale[k] * scale[k];
  }

  /** The number of columns that are solved for, m. */
  int size() {
    return columns.length;
  }

  /** Which column of X the k-th one that is solved for is. */
  int column(int k) {
    return columns[k];
  }

  double scale(int k) {
    return scale[k];
  }

  /** s_k ‖xₖ‖, the root of Σw x² of the column as it is. */
  double norm(int k) {
    return norms[k];
  }

  /** The largest size of a column beside its spread about the mean. */
  double largestNorm() {
    return Arrays.stream(norms).max().orElse(0);
  }

  /** S_ij rounded to double. */
  double sum(int i, int j) {
    return i < j ? sumHigh[j * (j + 1) / 2 + i] : sumHigh[i * (i + 1) / 2 + j];
  }

  /** c_k of a response, rounded to double. */
  double product(int response, int k) {
    return productHigh[response][k];
  }

  /** Σw, NaN without an intercept. */
  double weight() {
    return weight;
  }

  /** T, the sum of squares of a response about its mean; without an intercept, about 0. */
  double total(int response) {
    double total = totalHigh[response];
    double rounding = uncentredTotal[response] * square(DATA_ROUNDING);
    return total <= rounding ? 0 : total;
  }

  /** Whether all that was summed up is finite. */
  boolean isFinite() {
    return Arrays.stream(sumHigh).allMatch(Double::isFinite)
        && Arrays.stream(totalHigh).allMatch(Double::isFinite)
        && Arrays.stream(productHigh).flatMapToDouble(Arrays::stream).allMatch(Double::isFinite)
        && (intercept < 0 || Double.isFinite(weight));
  }

  /** c of a response as a right-hand side: high and low parts, copies. */
  double[][] rightSide(int response) {
    return new double[][] {productHigh[response].clone(), productLow[response].clone()};
  }

  /** s_k x̄_k of the columns as they are, not shifted, in high and low parts. */
  double[][] scaledMeans() {
    int m = columns.length;
    double[][] means = new double[2][m];
    DoubleDouble mean = new DoubleDouble();
    for (int k = 0; k < m; k++) {
      mean.set(meanHigh[k], meanLow[k]).add(shift[columns[k]], 0);
      means[0][k] = mean.high * scale[k];
      means[1][k] = mean.low * scale[k];
    }
    return means;
  }

  /**
   * s_k times a product of column k, centred: Σ r xₖ − x̄ₖ Σ r.
   *
   * @param sums that hold the products of one factor r with all columns
   * @param first where that of the first column stands
   * @return high and low parts
   */
  double[][] centred(RowSums sums, int first) {
    double[][] values = new double[2][columns.length];
    DoubleDouble sum = new DoubleDouble();
    for (int k = 0; k < columns.length; k++) {
      int at = first + columns[k];
      sum.set(sums.high()[at], sums.low()[at]);
      if (intercept >= 0) {
        int one = first + intercept;
        sum.subtractProduct(meanHigh[k], meanLow[k], sums.high()[one], sums.low()[one]);
      }
      values[0][k] = sum.high * scale[k];
      values[1][k] = sum.low * scale[k];
    }
    return values;
  }

  /**
   * ‖Xb‖² + 2bᵀ(c − Sb) = 2bᵀc − bᵀSb, what the coefficients take from T: the sum of squares that
   * is left differs from that of the exact solution by terms of second order in errors of b.
   *
   * @param response which response
   * @param bHigh scaled coefficients, high parts
   * @param bLow low parts
   * @return what is explained, and T less that, 0 where it is rounding of double-double arithmetic
   */
  double[] explainedAndRest(int response, double[] bHigh, double[] bLow) {
    int m = columns.length;
    DoubleDouble explained = new DoubleDouble();
    DoubleDouble row = new DoubleDouble();
    double size = Math.abs(totalHigh[response]);
    for (int i = 0; i < m; i++) {
      // Row i of 2c − Sb, times bᵢ.
      row.set(2 * productHigh[response][i], 2 * productLow[response][i]);
      for (int j = 0; j < m; j++) {
        int at = j <= i ? i * (i + 1) / 2 + j : j * (j + 1) / 2 + i;
        row.subtractProduct(sumHigh[at], sumLow[at], bHigh[j], bLow[j]);
      }
      explained.addProduct(row.high, row.low, bHigh[i], bLow[i]);
      size += Math.abs(productHigh[response][i] * bHigh[i]);
    }
    double part = explained.value();
    double rest = explained.multiply(-1, 0).add(totalHigh[response], totalLow[response]).value();
    return new double[] {part, rest <= 0x1p-98 * size ? 0 : rest};
  }

  /**
   * Coefficients of X as it is from those of the scaled columns.
   *
   * @param response which response
   * @param bHigh scaled coefficients, high parts
   * @param bLow low parts
   * @return p numbers
   */
  double[] coefficients(int response, double[] bHigh, double[] bLow) {
    double[] beta = new double[width];
    DoubleDouble constant =
        new DoubleDouble(shift[width + response], 0)
            .add(responseMeanHigh[response], responseMeanLow[response]);
    double[][] means = scaledMeans();
    for (int k = 0; k < columns.length; k++) {
      beta[columns[k]] = (bHigh[k] + bLow[k]) * scale[k];
      constant.subtractProduct(means[0][k], means[1][k], bHigh[k], bLow[k]);
    }
    if (intercept >= 0) {
      beta[intercept] = constant.value();
    }
    return beta;
  }
}
