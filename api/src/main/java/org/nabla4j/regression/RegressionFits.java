package org.nabla4j.regression;

import java.util.List;
import java.util.Objects;

/**
 * Linear regressions of several responses on the same columns, from one Gram matrix. Immutable; a
 * {@link RegressionFit} is made when it is asked for.
 *
 * <p>A row in which one response is missing is left out for all of them.
 */
public final class RegressionFits {

  private final OlsInference inference;

  RegressionFits(OlsInference inference) {
    this.inference = inference;
  }

  /**
   * The number of responses.
   *
   * @return q
   */
  public int count() {
    return inference.count();
  }

  /**
   * The responses as the formula says them.
   *
   * @return q names, not modifiable
   */
  public List<String> responses() {
    return inference.responses();
  }

  /**
   * The names of the coefficients, in order.
   *
   * @return p names, not modifiable
   */
  public List<String> names() {
    return inference.design().columns().stream().map(DesignColumn::name).toList();
  }

  /**
   * The fit of a response.
   *
   * @param index which, from 0
   * @return the fit
   * @throws IndexOutOfBoundsException if there is no such response
   */
  public RegressionFit fit(int index) {
    return inference.fit(Objects.checkIndex(index, count()));
  }

  /**
   * The fit of a response.
   *
   * @param response its name
   * @return the fit
   * @throws IllegalArgumentException if there is no response of that name
   */
  public RegressionFit fit(String response) {
    Objects.requireNonNull(response, "response");
    int index = responses().indexOf(response);
    if (index < 0) {
      throw new IllegalArgumentException(
          "there is no response " + response + ", expected one of " + responses());
    }
    return fit(index);
  }

  /**
   * The coefficients of every response.
   *
   * @return q rows of p values; NaN for columns that were left out
   */
  public double[][] coefficients() {
    double[][] all = new double[count()][];
    for (int r = 0; r < all.length; r++) {
      all[r] = inference.coefficients(r);
    }
    return all;
  }

  /**
   * The standard errors of every response.
   *
   * @return q rows of p values; NaN for columns that were left out
   */
  public double[][] standardErrors() {
    double[][] all = new double[count()][];
    for (int r = 0; r < all.length; r++) {
      all[r] = inference.standardErrors(r);
    }
    return all;
  }

  /**
   * R² of every response.
   *
   * @return q values, as {@link RegressionFit#rSquared()}
   */
  public double[] rSquared() {
    double[] all = new double[count()];
    for (int r = 0; r < all.length; r++) {
      all[r] = inference.rSquared(r);
    }
    return all;
  }

  /**
   * The residual standard error of every response.
   *
   * @return q values, as {@link RegressionFit#sigma()}
   */
  public double[] sigma() {
    double[] all = new double[count()];
    for (int r = 0; r < all.length; r++) {
      all[r] = Math.sqrt(inference.variance(r));
    }
    return all;
  }

  /** How many responses and columns, and what was done. */
  @Override
  public String toString() {
    return count()
        + (count() == 1 ? " response" : " responses")
        + " on "
        + inference.design().width()
        + " columns, "
        + inference.common().observations
        + " rows, by "
        + inference.common().method
        + " ("
        + inference.common().backend
        + ")";
  }
}
