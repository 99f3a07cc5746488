package org.nabla4j.regression;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The factored normal equations of a design, and what follows from the matrix alone: solutions, the
 * inverse, the condition number, the columns that depend on others. Used by one thread at a time.
 */
final class LinearSystem {

  /** Rounds of the power method: its quotient comes within a few percent of the largest value. */
  private static final int POWER_ROUNDS = 30;

  /** Terms of a combination below this share of the column are rounding. */
  private static final double NO_TERM = 1e-7;

  /** Digits of a combination's factors. */
  private static final int SHOWN_DIGITS = 6;

  private final Design design;
  private final NormalEquations equations;
  private final double[] ridge;
  private final RowPass.Precision precision;

  /** Null where sums are not finite. */
  private final OrderedCholesky factor;

  /** Made when first asked for: (S + Λ)⁻¹, packed. */
  private double[] inverse;

  /** Made when first asked for. */
  private double[][] covariance;

  /** Made when first asked for. */
  private double conditionNumber = Double.NaN;

  /**
   * Centres, scales and factors.
   *
   * @param sums Σ a x xᵀ; with responses, if the design has some, Σ a x y and Σ a y²
   * @param design of the sums
   * @param shift that the pass subtracted, or null
   * @param ridge λ for each column of X, or null
   * @param precision of the sums
   */
  LinearSystem(
      RowSums sums, Design design, double[] shift, double[] ridge, RowPass.Precision precision) {
    this.design = design;
    this.ridge = ridge;
    this.precision = precision;
    equations =
        new NormalEquations(
            sums, design.width(), design.responses().size(), design.intercept(), shift);
    factor = equations.isFinite() ? equations.factor(ridge, precision) : null;
  }

  NormalEquations equations() {
    return equations;
  }

  int responses() {
    return design.responses().size();
  }

  /** Whether the sums are finite; if not, there is no factor and nothing else can be asked for. */
  boolean isFinite() {
    return factor != null;
  }

  /** The number of columns of X that were kept, the intercept among them. */
  int rank() {
    return factor == null ? 0 : factor.rank() + (design.intercept() < 0 ? 0 : 1);
  }

  /** Solves for every response; null where sums are not finite. */
  Solution solve() {
    return factor == null ? null : new Solution();
  }

  /** (S + Λ)⁻¹, packed lower triangle. */
  private double[] inverse() {
    if (inverse == null) {
      inverse = factor.inverse(precision);
    }
    return inverse;
  }

  private double inverse(int i, int j) {
    return inverse()[i < j ? j * (j + 1) / 2 + i : i * (i + 1) / 2 + j];
  }

  private double penalised(int i, int j) {
    double sum = equations.sum(i, j);
    return i == j && ridge != null ? sum + equations.penalty(ridge, i) : sum;
  }

  /**
   * κ = √(λ_max/λ_min) of the matrix scaled to a diagonal of ones, of the columns that were kept.
   *
   * <p>λ_max of the matrix and of its inverse are found by the power method, which no cancellation
   * hurts: λ_min would drown in the rounding of the matrix.
   */
  double conditionNumber() {
    if (Double.isNaN(conditionNumber)) {
      conditionNumber = computeConditionNumber();
    }
    return conditionNumber;
  }

  private double computeConditionNumber() {
    int m = equations.size();
    int[] kept = new int[m];
    int r = 0;
    for (int k = 0; k < m; k++) {
      if (factor.isKept(k)) {
        kept[r++] = k;
      }
    }
    double[][] matrix = new double[r][r];
    double[][] reciprocal = new double[r][r];
    for (int i = 0; i < r; i++) {
      double rootI = Math.sqrt(penalised(kept[i], kept[i]));
      for (int j = 0; j < r; j++) {
        double root = rootI * Math.sqrt(penalised(kept[j], kept[j]));
        matrix[i][j] = penalised(kept[i], kept[j]) / root;
        reciprocal[i][j] = inverse(kept[i], kept[j]) * root;
      }
    }
    return r == 0 ? 1 : Math.sqrt(Math.max(1, largest(matrix) * largest(reciprocal)));
  }

  /** The largest eigenvalue of a symmetric matrix with no negative ones. */
  private static double largest(double[][] a) {
    int n = a.length;
    double[] x = new double[n];
    for (int i = 0; i < n; i++) {
      // Far from any pattern that a matrix has.
      x[i] = 1 + Math.sin(1.0 + i);
    }
    double value = 0;
    double[] y = new double[n];
    for (int round = 0; round < POWER_ROUNDS; round++) {
      double norm = 0;
      for (double element : x) {
        norm += element * element;
      }
      norm = Math.sqrt(norm);
      double quotient = 0;
      for (int i = 0; i < n; i++) {
        double sum = 0;
        for (int j = 0; j < n; j++) {
          sum += a[i][j] * x[j];
        }
        y[i] = sum / norm;
        quotient += x[i] / norm * y[i];
      }
      value = Math.max(value, quotient);
      double[] swap = x;
      x = y;
      y = swap;
    }
    return value;
  }

  /**
   * C with cov(β) = σ²C, of X as it is: the inverse of Σ w x xᵀ; with a penalty (G+Λ)⁻¹G(G+Λ)⁻¹.
   *
   * @return p × p, the array itself; NaN in rows and columns that were left out
   */
  double[][] covariance() {
    if (covariance == null) {
      covariance = ridge == null ? plainCovariance() : ridgeCovariance();
    }
    return covariance;
  }

  private double[][] plainCovariance() {
    int m = equations.size();
    double[][] c = missing();
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < m; j++) {
        if (factor.isKept(i) && factor.isKept(j)) {
          c[equations.column(i)][equations.column(j)] =
              inverse(i, j) * equations.scale(i) * equations.scale(j);
        }
      }
    }
    int one = design.intercept();
    if (one >= 0) {
      // z = S⁻¹x̄ in double-double: in double, collinear columns would leave no digit of x̄ᵀz.
      double[][] means = equations.scaledMeans();
      double[] zHigh = means[0].clone();
      double[] zLow = means[1].clone();
      factor.solve(zHigh, zLow);
      DoubleDouble variance = new DoubleDouble(1, 0).divide(equations.weight(), 0);
      for (int k = 0; k < m; k++) {
        variance.addProduct(means[0][k], means[1][k], zHigh[k], zLow[k]);
        if (factor.isKept(k)) {
          int column = equations.column(k);
          c[one][column] = -zHigh[k] * equations.scale(k);
          c[column][one] = c[one][column];
        }
      }
      c[one][one] = variance.value();
    }
    return c;
  }

  private double[][] ridgeCovariance() {
    int m = equations.size();
    double[][] inverse = new double[m][m];
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < m; j++) {
        inverse[i][j] = inverse(i, j);
      }
    }
    double[][] half = new double[m][m];
    for (int i = 0; i < m; i++) {
      for (int k = 0; k < m; k++) {
        double sum = equations.sum(i, k);
        for (int j = 0; j < m; j++) {
          half[i][j] += sum * inverse[k][j];
        }
      }
    }
    double[][] scaled = new double[m][m];
    for (int i = 0; i < m; i++) {
      for (int k = 0; k < m; k++) {
        for (int j = 0; j < m; j++) {
          scaled[i][j] += inverse[i][k] * half[k][j];
        }
      }
    }
    double[][] c = missing();
    double[] means = equations.scaledMeans()[0];
    int one = design.intercept();
    double variance = one < 0 ? 0 : 1 / equations.weight();
    for (int i = 0; i < m; i++) {
      if (!factor.isKept(i)) {
        continue;
      }
      double cross = 0;
      for (int j = 0; j < m; j++) {
        cross += scaled[i][j] * means[j];
        if (factor.isKept(j)) {
          c[equations.column(i)][equations.column(j)] =
              scaled[i][j] * equations.scale(i) * equations.scale(j);
        }
      }
      variance += means[i] * cross;
      if (one >= 0) {
        c[one][equations.column(i)] = -cross * equations.scale(i);
        c[equations.column(i)][one] = c[one][equations.column(i)];
      }
    }
    if (one >= 0) {
      c[one][one] = variance;
    }
    return c;
  }

  private double[][] missing() {
    double[][] matrix = new double[design.width()][design.width()];
    for (double[] row : matrix) {
      Arrays.fill(row, Double.NaN);
    }
    return matrix;
  }

  /** (G + Λ)⁻¹ of X as it is, without a penalty the array itself. */
  double[][] bread() {
    return ridge == null ? covariance() : plainCovariance();
  }

  /**
   * The Newton step of a model whose first score was summed up.
   *
   * @param change (G + Λ)⁻¹(Σ s x − Λβ), p numbers; 0 for columns that were left out
   * @param decrement (Σ s x − Λβ)ᵀ change: by how much it lowers the deviance, to second order
   */
  record Step(double[] change, double decrement) {}

  /**
   * The Newton step from β.
   *
   * @param sums Σ a x xᵀ that were factored, with a first score
   * @param beta p coefficients; not modified
   */
  Step step(RowSums sums, double[] beta) {
    double[] gradient = equations.centred(sums, sums.score(0, 0))[0];
    for (int k = 0; ridge != null && k < gradient.length; k++) {
      int column = equations.column(k);
      gradient[k] -= ridge[column] * beta[column] * equations.scale(k);
    }
    double[] step = gradient.clone();
    double[] low = new double[step.length];
    factor.solve(step, low);
    double[] change = new double[design.width()];
    double decrement = 0;
    DoubleDouble constant = new DoubleDouble();
    double[][] means = equations.scaledMeans();
    for (int k = 0; k < step.length; k++) {
      change[equations.column(k)] = step[k] * equations.scale(k);
      decrement += gradient[k] * step[k];
      constant.subtractProduct(means[0][k], means[1][k], step[k], low[k]);
    }
    int one = design.intercept();
    if (one >= 0) {
      double score = sums.high()[sums.score(0, one)];
      double level = score / equations.weight();
      change[one] = constant.add(level, 0).value();
      decrement += score * level;
    }
    return new Step(change, decrement);
  }

  /** Whether a column of X was kept. */
  boolean[] kept() {
    boolean[] kept = new boolean[design.width()];
    Arrays.fill(kept, true);
    for (int k = 0; k < equations.size(); k++) {
      kept[equations.column(k)] = factor.isKept(k);
    }
    return kept;
  }

  /**
   * How much longer than alone each column makes the variance: S_kk C_kk, NaN where there is none.
   */
  double[] varianceInflation() {
    double[] factors = OlsSolver.missing(design.width());
    double[][] c = covariance();
    for (int k = 0; k < equations.size(); k++) {
      int column = equations.column(k);
      double scale = equations.scale(k);
      factors[column] = equations.sum(k, k) / scale * (c[column][column] / scale);
    }
    return factors;
  }

  /** Estimated coefficients, tr((G+Λ)⁻¹G): the rank, less with a penalty. */
  double effectiveParameters() {
    double sum = rank();
    if (ridge != null) {
      for (int k = 0; k < equations.size(); k++) {
        if (factor.isKept(k)) {
          sum -= equations.penalty(ridge, k) * inverse(k, k);
        }
      }
    }
    return sum;
  }

  /**
   * Columns that were left out, each with the combination of columns before it that it equals, such
   * as {@code x3 = 2*x1 + x2}.
   */
  List<String> dependencies() {
    List<String> lines = new ArrayList<>();
    double[][] means = equations.scaledMeans();
    for (int k = 0; k < equations.size(); k++) {
      if (!factor.isKept(k)) {
        lines.add(dependency(k, factor.combination(k), means[0]));
      }
    }
    return lines;
  }

  private String dependency(int k, double[] combination, double[] means) {
    double size = equations.norm(k);
    double constant = means[k];
    // What rounding of the column leaves open of the others' factors, and so of the constant.
    double open = Math.ulp(size);
    double constantOpen = open;
    StringBuilder text = new StringBuilder(name(k)).append(" =");
    int terms = 0;
    for (int i = 0; i < combination.length; i++) {
      constant -= combination[i] * means[i];
      constantOpen += combination[i] == 0 ? 0 : open * Math.abs(means[i]);
      if (Math.abs(combination[i]) * equations.norm(i) > NO_TERM * size) {
        double factor = equations.scale(i) / equations.scale(k);
        append(text, combination[i] * factor, open * factor, name(i), terms++);
      }
    }
    if (design.intercept() >= 0
        && Math.abs(constant) * Math.sqrt(equations.weight()) > NO_TERM * size) {
      double scale = equations.scale(k);
      append(text, constant / scale, constantOpen / scale, "", terms++);
    }
    return terms == 0 ? text.append(" 0").toString() : text.toString();
  }

  private String name(int k) {
    return design.columns().get(equations.column(k)).name();
  }

  private static void append(
      StringBuilder text, double factor, double open, String name, int terms) {
    text.append(factor < 0 ? terms == 0 ? " -" : " - " : terms == 0 ? " " : " + ");
    int digits = (int) Math.floor(Math.log10(Math.abs(factor) / open));
    MathContext context = new MathContext(Math.max(1, Math.min(SHOWN_DIGITS, digits)));
    BigDecimal shown = new BigDecimal(Math.abs(factor)).round(context).stripTrailingZeros();
    if (name.isEmpty() || shown.compareTo(BigDecimal.ONE) != 0) {
      int exponent = shown.precision() - shown.scale();
      text.append(exponent > -5 && exponent < 10 ? shown.toPlainString() : shown.toString());
      text.append(name.isEmpty() ? "" : "*");
    }
    text.append(name);
  }

  /** Coefficients of every response. */
  final class Solution {
    private final double[][] high;
    private final double[][] low;
    private final double[] explained;
    private final double[] residualSquares;

    private Solution() {
      int q = responses();
      high = new double[q][];
      low = new double[q][];
      explained = new double[q];
      residualSquares = new double[q];
      for (int r = 0; r < q; r++) {
        double[][] side = equations.rightSide(r);
        factor.solve(side[0], side[1]);
        high[r] = side[0];
        low[r] = side[1];
        double[] parts = equations.explainedAndRest(r, high[r], low[r]);
        explained[r] = Math.max(0, parts[0]);
        residualSquares[r] = Math.max(0, parts[1]);
      }
    }

    /** β of X as it is; NaN for columns that were left out. */
    double[] coefficients(int response) {
      double[] beta = filledCoefficients(response);
      for (int k = 0; k < equations.size(); k++) {
        if (!factor.isKept(k)) {
          beta[equations.column(k)] = Double.NaN;
        }
      }
      return beta;
    }

    /** β of X as it is; 0 for columns that were left out. */
    double[] filledCoefficients(int response) {
      return equations.coefficients(response, high[response], low[response]);
    }

    /** What the columns take from the sum of squares of the response. */
    double explained(int response) {
      return explained[response];
    }

    /** Σ w (y − xβ)². */
    double residualSquares(int response) {
      return residualSquares[response];
    }

    /**
     * Corrects the first response by Newton's step from the coefficients rounded to double, of
     * which the sums are.
     *
     * @param sums of the residuals r = y − xβ
     * @param products where Σ w r x of the first column stands
     * @param squares where Σ w r² stands
     * @return the size of the correction as a share of that of the coefficients
     */
    double correct(RowSums sums, int products, int squares) {
      double[] beta = filledCoefficients(0);
      double[][] gradient = equations.centred(sums, products);
      DoubleDouble number = new DoubleDouble();
      double rss = sums.high()[squares];
      int one = design.intercept();
      if (one >= 0) {
        double sum = sums.high()[products + one];
        rss -= sum * sum / equations.weight();
      }
      for (int k = 0; ridge != null && k < gradient[0].length; k++) {
        int column = equations.column(k);
        double penalty = ridge[column] * equations.scale(k);
        number.set(gradient[0][k], gradient[1][k]).addProduct(-penalty, 0, beta[column], 0);
        gradient[0][k] = number.high;
        gradient[1][k] = number.low;
      }
      double[] step = gradient[0].clone();
      double[] stepLow = gradient[1].clone();
      factor.solve(step, stepLow);
      double change = 0;
      double size = 0;
      for (int k = 0; k < step.length; k++) {
        double before = beta[equations.column(k)] / equations.scale(k);
        number.set(before, 0).add(step[k], stepLow[k]);
        high[0][k] = number.high;
        low[0][k] = number.low;
        change += step[k] * step[k];
        size += number.high * number.high;
        rss -= gradient[0][k] * step[k];
        if (ridge != null) {
          // The least of RSS + λ‖β‖² falls by gᵀδ: RSS alone by that and what the penalty gains.
          rss += equations.penalty(ridge, k) * (square(before) - square(number.high));
        }
      }
      explained[0] = Math.max(0, explained[0] + (residualSquares[0] - rss));
      residualSquares[0] = Math.max(0, rss);
      return change == 0 ? 0 : Math.sqrt(change / size);
    }

    private static double square(double x) {
      return x * x;
    }
  }
}
