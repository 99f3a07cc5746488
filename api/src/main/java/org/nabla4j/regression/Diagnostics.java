package org.nabla4j.regression;

import java.util.List;

/**
 * How rows lie beside the fit that was made of them, in their order. Rows that were left out hold
 * NaN.
 */
public final class Diagnostics {

  static final int RESPONSE = 0;
  static final int PEARSON = 1;
  static final int DEVIANCE = 2;
  static final int STANDARDIZED = 3;
  static final int LEVERAGE = 4;
  static final int COOK = 5;
  private static final int COLUMNS = 6;

  /** Receives diagnostics block by block. */
  @FunctionalInterface
  public interface Sink {

    /**
     * Takes the diagnostics of the next rows.
     *
     * @param diagnostics of a run of rows; its arrays are the caller's to keep
     */
    void accept(Diagnostics diagnostics);
  }

  private final int rows;
  private final double[][] values;

  Diagnostics(int rows, double[][] values) {
    this.rows = rows;
    this.values = values;
  }

  /** Blocks one after the other. */
  static Diagnostics joined(List<Diagnostics> blocks) {
    List<double[][]> arrays = blocks.stream().map(block -> block.values).toList();
    double[][] all = Predictor.joined(arrays, blocks.isEmpty() ? COLUMNS : arrays.get(0).length);
    return new Diagnostics(all[0].length, all);
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
   * Residuals y − μ.
   *
   * @return a value for each row, the array itself
   */
  public double[] residuals() {
    return values[RESPONSE];
  }

  /**
   * Pearson residuals, (y − μ)√(w/V).
   *
   * @return a value for each row, the array itself
   */
  public double[] pearson() {
    return values[PEARSON];
  }

  /**
   * Deviance residuals, the root of the row's part of the deviance with the sign of y − μ.
   *
   * @return a value for each row, the array itself
   */
  public double[] deviance() {
    return values[DEVIANCE];
  }

  /**
   * Standardised residuals: Pearson's over √(φ(1 − h)); NaN where h is 1 within 1e-10.
   *
   * @return a value for each row, the array itself
   */
  public double[] standardized() {
    return values[STANDARDIZED];
  }

  /**
   * Leverages h, from 0 to 1: the diagonal of the hat matrix.
   *
   * @return a value for each row, the array itself
   */
  public double[] leverages() {
    return values[LEVERAGE];
  }

  /**
   * Cook's distances (Cook 1977), (r/(1 − h))² h/(φp) with Pearson residuals r; NaN where h is 1
   * within 1e-10.
   *
   * @return a value for each row, the array itself
   */
  public double[] cookDistances() {
    return values[COOK];
  }
}
