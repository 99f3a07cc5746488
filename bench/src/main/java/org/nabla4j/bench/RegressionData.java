package org.nabla4j.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.nabla4j.data.Rows;
import org.nabla4j.data.Tables;

/**
 * Rows of a regression whose coefficients are known, columns x1 to xp and y, and a check of answers
 * that needs no other solver: at the solution the residuals are orthogonal to every column.
 */
final class RegressionData {

  /** Which model. */
  enum Model {
    /** y = xβ and noise. */
    LINEAR,
    /** P(y = 1) = 1/(1 + exp(−xβ)). */
    LOGISTIC
  }

  /** Standard deviation of the linear model's noise. */
  static final double NOISE = 0.5;

  private static final long SEED = 11;

  /** Largest cosine between residuals and a column: rounding, no more. */
  private static final double ORTHOGONAL = 1e-9;

  /** Standard errors are those of a column alone, or larger by what columns share by chance. */
  private static final double LARGER = 1.2;

  /** Largest distance from the truth that is right, in standard errors. */
  private static final double SIGMAS = 6;

  private final Model model;
  private final double[] truth;
  private final double[][] x;
  private final double[] y;

  private RegressionData(Model model, int columns, int rows) {
    this.model = model;
    truth = truth(model, columns);
    x = new double[columns][rows];
    y = new double[rows];
    SplittableRandom random = new SplittableRandom(SEED);
    double[] row = new double[columns];
    for (int i = 0; i < rows; i++) {
      y[i] = row(model, random, truth, row);
      for (int j = 0; j < columns; j++) {
        x[j][i] = row[j];
      }
    }
  }

  /**
   * Makes the rows, from a fixed seed.
   *
   * @param model which one
   * @param columns p, without the intercept and y
   * @param rows how many
   */
  static RegressionData of(Model model, int columns, int rows) {
    return new RegressionData(model, columns, rows);
  }

  /** Intercept first; the linear predictor varies as much whatever the number of columns is. */
  static double[] truth(Model model, int columns) {
    double size = (model == Model.LINEAR ? 6 : 3) / Math.sqrt(columns);
    double[] truth = new double[columns + 1];
    truth[0] = 0.5;
    for (int j = 1; j <= columns; j++) {
      truth[j] = (j % 2 == 0 ? -size : size) * (0.5 + (double) j / columns);
    }
    return truth;
  }

  /**
   * Draws a row.
   *
   * @param model which one
   * @param random where from
   * @param truth intercept and p coefficients
   * @param x receives p numbers from -0.5 to 0.5
   * @return y
   */
  static double row(Model model, SplittableRandom random, double[] truth, double[] x) {
    double eta = truth[0];
    for (int j = 0; j < x.length; j++) {
      x[j] = random.nextDouble() - 0.5;
      eta += truth[j + 1] * x[j];
    }
    double draw = random.nextDouble();
    if (model == Model.LOGISTIC) {
      return draw < 1 / (1 + Math.exp(-eta)) ? 1 : 0;
    }
    // uniform noise: only its moments matter for so many rows
    return eta + NOISE * Math.sqrt(12) * (draw - 0.5);
  }

  int rows() {
    return y.length;
  }

  int columns() {
    return x.length;
  }

  long bytesPerRow() {
    return (long) Double.BYTES * (columns() + 1);
  }

  /** Operations of Σ x xᵀ, one triangle, and Σ x y, without those of the intercept. */
  long flopsPerRow() {
    return (long) columns() * (columns() + 1) + 2L * columns();
  }

  double[] column(int index) {
    return x[index];
  }

  double[] response() {
    return y;
  }

  /** The columns where they lie, x1 to xp and y. */
  Rows table() {
    Map<String, double[]> columns = new LinkedHashMap<>();
    for (int j = 0; j < x.length; j++) {
      columns.put("x" + (j + 1), x[j]);
    }
    columns.put("y", y);
    return Tables.columns(columns);
  }

  /** The columns as rows of p numbers. */
  double[][] matrix() {
    double[][] matrix = new double[rows()][columns()];
    for (int i = 0; i < matrix.length; i++) {
      for (int j = 0; j < x.length; j++) {
        matrix[i][j] = x[j][i];
      }
    }
    return matrix;
  }

  /**
   * Fails unless the answers are the solution: residuals orthogonal to every column, standard
   * errors that fit the residuals and the spread of each column, coefficients near the truth.
   *
   * @param coefficients intercept first
   * @param errors their standard errors
   * @param who says in the message whose they are
   * @throws IllegalStateException if they are wrong
   */
  void require(double[] coefficients, double[] errors, String who) {
    if (coefficients.length != truth.length || errors.length != truth.length) {
      throw new IllegalStateException(
          who + ": " + coefficients.length + " coefficients, expected " + truth.length);
    }
    int n = rows();
    double[] residual = new double[n];
    double[] weight = new double[n];
    double squares = 0;
    for (int i = 0; i < n; i++) {
      double eta = coefficients[0];
      for (int j = 0; j < x.length; j++) {
        eta += coefficients[j + 1] * x[j][i];
      }
      double mean = model == Model.LOGISTIC ? 1 / (1 + Math.exp(-eta)) : eta;
      residual[i] = y[i] - mean;
      weight[i] = model == Model.LOGISTIC ? mean * (1 - mean) : 1;
      squares += residual[i] * residual[i];
    }
    double scale = model == Model.LOGISTIC ? 1 : (n - truth.length) / squares;
    for (int j = 0; j < truth.length; j++) {
      double size = 0;
      double score = 0;
      double weights = 0;
      double mean = 0;
      double information = 0;
      for (int i = 0; i < n; i++) {
        double value = j == 0 ? 1 : x[j - 1][i];
        size += value * value;
        score += value * residual[i];
        weights += weight[i];
        mean += weight[i] * value;
        information += weight[i] * value * value;
      }
      if (j > 0) {
        information -= mean * mean / weights;
      }
      require(
          Math.abs(score) / Math.sqrt(size * squares),
          ORTHOGONAL,
          who + ": cosine between the residuals and column " + j);
      double least = 1 / Math.sqrt(scale * information);
      require(
          Math.abs(errors[j] / least - (LARGER + 1) / 2),
          (LARGER - 1) / 2 + ORTHOGONAL,
          who + ": standard error " + j + " = " + errors[j] + ", of the column alone " + least);
    }
    requireTruth(truth, coefficients, errors, who);
  }

  /** Fails unless coefficients are within a few standard errors of the truth. */
  static void requireTruth(double[] truth, double[] coefficients, double[] errors, String who) {
    for (int j = 0; j < truth.length; j++) {
      require(
          Math.abs(coefficients[j] - truth[j]) / errors[j],
          SIGMAS,
          who + ": distance of coefficient " + j + " from the truth in standard errors");
    }
  }

  private static void require(double value, double most, String what) {
    if (!(value <= most)) {
      throw new IllegalStateException(what + " is " + value + ", expected at most " + most);
    }
  }
}
