package org.nabla4j.regression;

import java.util.Arrays;
import java.util.Objects;

/**
 * How a generalised linear model is fitted. Immutable; every {@code with} method returns a changed
 * copy.
 */
public final class GlmOptions {

  private static final GlmOptions DEFAULTS =
      new GlmOptions(Accuracy.AUTO, DependentColumns.DROP, 0, 1e-12, 100, null);

  private final Accuracy accuracy;
  private final DependentColumns dependentColumns;
  private final double ridge;
  private final double tolerance;
  private final int iterationLimit;
  private final double[] start;

  private GlmOptions(
      Accuracy accuracy,
      DependentColumns dependentColumns,
      double ridge,
      double tolerance,
      int iterationLimit,
      double[] start) {
    this.accuracy = accuracy;
    this.dependentColumns = dependentColumns;
    this.ridge = ridge;
    this.tolerance = tolerance;
    this.iterationLimit = iterationLimit;
    this.start = start;
  }

  /**
   * Automatic accuracy, dependent columns left out, no penalty, tolerance 1e-12, at most 100
   * iterations, start values from the responses.
   *
   * @return the options
   */
  public static GlmOptions defaults() {
    return DEFAULTS;
  }

  /**
   * Sets the accuracy of the sums. Iterations refine each other, so that {@link Accuracy#DOUBLE}
   * and {@link Accuracy#REFINED} are the same here.
   *
   * @param value the accuracy
   * @return a changed copy
   */
  public GlmOptions withAccuracy(Accuracy value) {
    Objects.requireNonNull(value, "value");
    return new GlmOptions(value, dependentColumns, ridge, tolerance, iterationLimit, start);
  }

  /**
   * Sets what becomes of columns that depend on others.
   *
   * @param value leave out or refuse
   * @return a changed copy
   */
  public GlmOptions withDependentColumns(DependentColumns value) {
    Objects.requireNonNull(value, "value");
    return new GlmOptions(accuracy, value, ridge, tolerance, iterationLimit, start);
  }

  /**
   * Adds the penalty λ‖β‖² to the deviance, of all coefficients but the intercept. Columns are not
   * standardised.
   *
   * @param lambda λ, finite and ≥ 0; 0 for none
   * @return a changed copy
   * @throws IllegalArgumentException if λ is not as above
   */
  public GlmOptions withRidge(double lambda) {
    if (!(lambda >= 0 && lambda < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("lambda = " + lambda + ", expected finite and >= 0");
    }
    return new GlmOptions(accuracy, dependentColumns, lambda, tolerance, iterationLimit, start);
  }

  /**
   * Sets when iterations end: when the next Newton step promises to lower the deviance by no more
   * than this share of it. That step and one more are still made, each of which squares what is
   * left.
   *
   * @param value from 0 to 1, not 0
   * @return a changed copy
   * @throws IllegalArgumentException if the value is not as above
   */
  public GlmOptions withTolerance(double value) {
    if (!(value > 0 && value <= 1)) {
      throw new IllegalArgumentException("tolerance = " + value + ", expected 0 < tolerance <= 1");
    }
    return new GlmOptions(accuracy, dependentColumns, ridge, value, iterationLimit, start);
  }

  /**
   * Limits the iterations.
   *
   * @param value most Newton steps before the last one, ≥ 1
   * @return a changed copy
   * @throws IllegalArgumentException if the value is below 1
   */
  public GlmOptions withIterationLimit(int value) {
    if (value < 1) {
      throw new IllegalArgumentException("iterationLimit = " + value + ", expected >= 1");
    }
    return new GlmOptions(accuracy, dependentColumns, ridge, tolerance, value, start);
  }

  /**
   * Sets the coefficients to begin with.
   *
   * @param values a finite number for each column of X; copied
   * @return a changed copy
   * @throws IllegalArgumentException if a value is not finite
   */
  public GlmOptions withStart(double... values) {
    double[] copy = Objects.requireNonNull(values, "values").clone();
    if (!Arrays.stream(copy).allMatch(Double::isFinite)) {
      throw new IllegalArgumentException(
          "start = " + Arrays.toString(copy) + ", expected finite numbers");
    }
    return new GlmOptions(accuracy, dependentColumns, ridge, tolerance, iterationLimit, copy);
  }

  /**
   * The accuracy of the sums.
   *
   * @return the accuracy
   */
  public Accuracy accuracy() {
    return accuracy;
  }

  /**
   * What becomes of columns that depend on others.
   *
   * @return leave out or refuse
   */
  public DependentColumns dependentColumns() {
    return dependentColumns;
  }

  /**
   * The penalty.
   *
   * @return λ, 0 for none
   */
  public double ridge() {
    return ridge;
  }

  /**
   * When iterations end.
   *
   * @return share of the deviance
   */
  public double tolerance() {
    return tolerance;
  }

  /**
   * The most iterations.
   *
   * @return ≥ 1
   */
  public int iterationLimit() {
    return iterationLimit;
  }

  /**
   * The coefficients to begin with.
   *
   * @return a copy, or null where they are found from the responses
   */
  public double[] start() {
    return start == null ? null : start.clone();
  }
}
