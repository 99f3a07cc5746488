package org.nabla4j.regression;

import java.util.Objects;

/**
 * How a linear regression is computed. Immutable; every {@code with} method returns a changed copy.
 */
public final class OlsOptions {

  private static final OlsOptions DEFAULTS =
      new OlsOptions(Accuracy.AUTO, DependentColumns.DROP, 0);

  private final Accuracy accuracy;
  private final DependentColumns dependentColumns;
  private final double ridge;

  private OlsOptions(Accuracy accuracy, DependentColumns dependentColumns, double ridge) {
    this.accuracy = accuracy;
    this.dependentColumns = dependentColumns;
    this.ridge = ridge;
  }

  /**
   * Automatic accuracy, dependent columns left out, no penalty.
   *
   * @return the options
   */
  public static OlsOptions defaults() {
    return DEFAULTS;
  }

  /**
   * Sets the accuracy of the sums.
   *
   * @param value the accuracy
   * @return a changed copy
   */
  public OlsOptions withAccuracy(Accuracy value) {
    return new OlsOptions(Objects.requireNonNull(value, "value"), dependentColumns, ridge);
  }

  /**
   * Sets what becomes of columns that depend on others.
   *
   * @param value leave out or refuse
   * @return a changed copy
   */
  public OlsOptions withDependentColumns(DependentColumns value) {
    return new OlsOptions(accuracy, Objects.requireNonNull(value, "value"), ridge);
  }

  /**
   * Adds the penalty λ‖β‖² to the sum of squares Σw(y − xβ)², of all coefficients but the
   * intercept. Columns are not standardised.
   *
   * @param lambda λ, finite and ≥ 0; 0 for none
   * @return a changed copy
   * @throws IllegalArgumentException if λ is not as above
   */
  public OlsOptions withRidge(double lambda) {
    if (!(lambda >= 0 && lambda < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("lambda = " + lambda + ", expected finite and >= 0");
    }
    return new OlsOptions(accuracy, dependentColumns, lambda);
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
}
