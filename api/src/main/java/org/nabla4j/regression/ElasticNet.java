package org.nabla4j.regression;

import java.util.Arrays;
import java.util.Objects;

/**
 * Options of linear regression with the elastic net penalty (Zou and Hastie 2005). Immutable; every
 * {@code with} method returns a changed copy.
 *
 * <p>With n = Σw, minimised is
 *
 * <pre>
 *   1/(2n) Σ w (y − β₀ − xβ)² + λ (α‖β‖₁ + (1 − α)/2 ‖β‖²)
 * </pre>
 *
 * of columns standardised to a standard deviation of 1 (divisor n), about the mean if there is an
 * intercept and about 0 without one; coefficients are told for the columns as they are. The
 * intercept is not penalised. This is the objective that glmnet documents; where α &lt; 1 R's
 * glmnet also standardises the response, so that its λ of the squared part is this one times the
 * standard deviation of y.
 *
 * <p>α = 1 is the lasso, α = 0 ridge regression.
 */
public final class ElasticNet {

  private static final int DEFAULT_COUNT = 100;

  private final double l1Ratio;
  private final double[] lambdas;
  private final int count;
  private final double smallest;
  private final boolean standardized;
  private final double tolerance;
  private final int maxSweeps;

  private ElasticNet(
      double l1Ratio,
      double[] lambdas,
      int count,
      double smallest,
      boolean standardized,
      double tolerance,
      int maxSweeps) {
    this.l1Ratio = l1Ratio;
    this.lambdas = lambdas;
    this.count = count;
    this.smallest = smallest;
    this.standardized = standardized;
    this.tolerance = tolerance;
    this.maxSweeps = maxSweeps;
  }

  /**
   * A path over 100 values of λ, from the smallest at which all coefficients are 0 down to a share
   * of it, each the same multiple of the one before.
   *
   * @param l1Ratio α, from 0 to 1
   * @return the options
   * @throws IllegalArgumentException if α is not as above
   */
  public static ElasticNet path(double l1Ratio) {
    if (!(l1Ratio >= 0 && l1Ratio <= 1)) {
      throw new IllegalArgumentException("l1Ratio = " + l1Ratio + ", expected 0 to 1");
    }
    return new ElasticNet(l1Ratio, null, DEFAULT_COUNT, 0, true, 1e-12, 100_000);
  }

  /**
   * One value of λ.
   *
   * @param lambda λ, finite and ≥ 0
   * @param l1Ratio α, from 0 to 1
   * @return the options
   * @throws IllegalArgumentException if a number is not as above
   */
  public static ElasticNet of(double lambda, double l1Ratio) {
    return path(l1Ratio).withLambdas(lambda);
  }

  /**
   * Sets the values of λ.
   *
   * @param values finite and ≥ 0, at least one; copied, and sorted from the largest down
   * @return a changed copy
   * @throws IllegalArgumentException if the values are not as above
   */
  public ElasticNet withLambdas(double... values) {
    Objects.requireNonNull(values, "values");
    if (values.length == 0) {
      throw new IllegalArgumentException("values has length 0, expected at least one lambda");
    }
    for (double value : values) {
      if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException("lambda = " + value + ", expected finite and >= 0");
      }
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    for (int i = 0; i < sorted.length / 2; i++) {
      double swap = sorted[i];
      sorted[i] = sorted[sorted.length - 1 - i];
      sorted[sorted.length - 1 - i] = swap;
    }
    return new ElasticNet(l1Ratio, sorted, count, smallest, standardized, tolerance, maxSweeps);
  }

  /**
   * Sets how many values of λ are chosen, and how small the last one is.
   *
   * @param values how many, &gt; 1
   * @param share the last λ as a share of the first, between 0 and 1
   * @return a changed copy
   * @throws IllegalArgumentException if a number is not as above
   */
  public ElasticNet withChosenLambdas(int values, double share) {
    if (values < 2) {
      throw new IllegalArgumentException("values = " + values + ", expected > 1");
    }
    if (!(share > 0 && share < 1)) {
      throw new IllegalArgumentException("share = " + share + ", expected 0 < share < 1");
    }
    return new ElasticNet(l1Ratio, null, values, share, standardized, tolerance, maxSweeps);
  }

  /**
   * Sets whether columns are standardised before they are penalised.
   *
   * @param value whether they are; true unless set
   * @return a changed copy
   */
  public ElasticNet withStandardization(boolean value) {
    return new ElasticNet(l1Ratio, lambdas, count, smallest, value, tolerance, maxSweeps);
  }

  /**
   * Sets when coordinate descent ends.
   *
   * @param value a sweep ends it that changes no term xβ by more than √value standard deviations of
   *     y; &gt; 0 and &lt; 1, 10⁻¹² unless set
   * @return a changed copy
   * @throws IllegalArgumentException if the value is not as above
   */
  public ElasticNet withTolerance(double value) {
    if (!(value > 0 && value < 1)) {
      throw new IllegalArgumentException("tolerance = " + value + ", expected 0 < tolerance < 1");
    }
    return new ElasticNet(l1Ratio, lambdas, count, smallest, standardized, value, maxSweeps);
  }

  /**
   * Limits the work for each λ.
   *
   * @param value the most sweeps over the coefficients, &gt; 0; 100 000 unless set
   * @return a changed copy
   * @throws IllegalArgumentException if the value is not positive
   */
  public ElasticNet withMaxSweeps(int value) {
    if (value <= 0) {
      throw new IllegalArgumentException("maxSweeps = " + value + ", expected > 0");
    }
    return new ElasticNet(l1Ratio, lambdas, count, smallest, standardized, tolerance, value);
  }

  /**
   * The part of the penalty that is absolute values.
   *
   * @return α
   */
  public double l1Ratio() {
    return l1Ratio;
  }

  /**
   * Whether columns are standardised.
   *
   * @return true if they are
   */
  public boolean isStandardized() {
    return standardized;
  }

  /**
   * When coordinate descent ends.
   *
   * @return the tolerance
   */
  public double tolerance() {
    return tolerance;
  }

  /**
   * The most sweeps for each λ.
   *
   * @return the limit
   */
  public int maxSweeps() {
    return maxSweeps;
  }

  /**
   * The values of λ for a problem.
   *
   * @param largest the smallest λ at which all coefficients are 0
   * @param wide whether there are no more rows than columns: the path then ends sooner
   * @return values from the largest down; as they were set, or chosen
   */
  double[] lambdas(double largest, boolean wide) {
    if (lambdas != null) {
      return lambdas.clone();
    }
    double share = smallest > 0 ? smallest : wide ? 1e-2 : 1e-4;
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = largest * Math.pow(share, i / (count - 1.0));
    }
    return values;
  }
}
