package org.nabla4j.regression;

import java.util.Arrays;
import java.util.List;

/**
 * What a fit predicts for rows, in their order. Rows in which something needed is missing hold NaN.
 *
 * <p>Confidence intervals are of the mean: η ± q·se(η), brought through the inverse link. Prediction
 * intervals are of a further response of weight 1 of a linear model, with the variance of the mean
 * and σ² together.
 */
public final class Predictions {

  static final int MEAN = 0;
  static final int ERROR = 1;
  static final int LOWER = 2;
  static final int UPPER = 3;
  static final int PREDICTION_LOWER = 4;
  static final int PREDICTION_UPPER = 5;
  private static final int COLUMNS = 6;

  /** Receives predictions block by block. */
  @FunctionalInterface
  public interface Sink {

    /**
     * Takes the predictions of the next rows.
     *
     * @param predictions of a run of rows; its arrays are the caller's to keep
     */
    void accept(Predictions predictions);
  }

  private final int rows;
  private final double[][] values;

  Predictions(int rows, double[][] values) {
    this.rows = rows;
    this.values = values;
  }

  /** Blocks one after the other. */
  static Predictions joined(List<Predictions> blocks) {
    List<double[][]> arrays = blocks.stream().map(block -> block.values).toList();
    double[][] all = Predictor.joined(arrays, blocks.isEmpty() ? COLUMNS : arrays.get(0).length);
    return new Predictions(all[0].length, all);
  }

  /**
   * The number of rows.
   *
   * @return rows, those with NaN among them
   */
  public int rows() {
    return rows;
  }

  /**
   * The means μ.
   *
   * @return a value for each row, the array itself
   */
  public double[] means() {
    return values[MEAN];
  }

  /**
   * The standard errors of the means, |dμ/dη|·se(η).
   *
   * @return a value for each row, the array itself
   */
  public double[] standardErrors() {
    return values[ERROR];
  }

  /**
   * Lower ends of the confidence intervals of the means.
   *
   * @return a value for each row, the array itself
   */
  public double[] lower() {
    return values[LOWER];
  }

  /**
   * Upper ends of the confidence intervals of the means.
   *
   * @return a value for each row, the array itself
   */
  public double[] upper() {
    return values[UPPER];
  }

  /**
   * Lower ends of the prediction intervals of a linear model.
   *
   * @return a value for each row; NaN of generalised linear models
   */
  public double[] predictionLower() {
    return predicted(PREDICTION_LOWER);
  }

  /**
   * Upper ends of the prediction intervals of a linear model.
   *
   * @return a value for each row; NaN of generalised linear models
   */
  public double[] predictionUpper() {
    return predicted(PREDICTION_UPPER);
  }

  private double[] predicted(int which) {
    if (which < values.length) {
      return values[which];
    }
    double[] missing = new double[rows];
    Arrays.fill(missing, Double.NaN);
    return missing;
  }
}
