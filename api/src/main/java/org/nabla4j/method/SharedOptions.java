package org.nabla4j.method;

import java.util.Objects;
import org.nabla4j.objective.Precision;

/**
 * The options that every method has, and their {@code with} methods, which return a changed copy.
 *
 * @param <M> the method
 */
abstract sealed class SharedOptions<M extends LeastSquaresMethod> implements LeastSquaresMethod
    permits LevenbergMarquardt, GaussNewton {

  /** Smallest relative change of a sum of squares in single precision that is not rounding. */
  private static final double SINGLE_TOLERANCE = 1e-6;

  /**
   * Their values.
   *
   * @param costTolerance relative reduction of the cost
   * @param parameterTolerance relative change of the parameters
   * @param gradientTolerance cosine between residuals and Jacobian columns
   * @param maxEvaluations the limit, 0 to leave it to the method
   * @param covariance which uncertainties are computed
   */
  record Values(
      double costTolerance,
      double parameterTolerance,
      double gradientTolerance,
      int maxEvaluations,
      Covariance covariance) {

    /** √ε of double precision, the default tolerance of MINPACK's simple drivers. */
    private static final double SQRT_EPSILON = 1.4901161193847656e-8;

    /** What every method begins with. */
    static final Values DEFAULTS = new Values(SQRT_EPSILON, SQRT_EPSILON, 0, 0, Covariance.FULL);
  }

  private final Values shared;

  SharedOptions(Values shared) {
    this.shared = shared;
  }

  /** This method with other shared options. */
  abstract M with(Values changed);

  @Override
  public double costTolerance() {
    return shared.costTolerance;
  }

  @Override
  public double costTolerance(Precision precision) {
    return effective(shared.costTolerance, precision);
  }

  @Override
  public double parameterTolerance() {
    return shared.parameterTolerance;
  }

  @Override
  public double parameterTolerance(Precision precision) {
    return effective(shared.parameterTolerance, precision);
  }

  private static double effective(double tolerance, Precision precision) {
    return Objects.requireNonNull(precision, "precision") == Precision.SINGLE
        ? Math.max(tolerance, SINGLE_TOLERANCE)
        : tolerance;
  }

  @Override
  public double gradientTolerance() {
    return shared.gradientTolerance;
  }

  @Override
  public int evaluationLimit(int parameters) {
    return shared.maxEvaluations > 0
        ? shared.maxEvaluations
        : (int) Math.min(Integer.MAX_VALUE, 200L * (parameters + 1L));
  }

  @Override
  public Covariance covariance() {
    return shared.covariance;
  }

  /**
   * Changes the cost tolerance.
   *
   * @param value relative reduction of the cost, 0 ≤ value &lt; 1; 0 turns the test off
   * @return a changed copy
   * @throws IllegalArgumentException if the value is out of range
   */
  public M withCostTolerance(double value) {
    return with(
        new Values(
            Checks.tolerance("costTolerance", value),
            shared.parameterTolerance,
            shared.gradientTolerance,
            shared.maxEvaluations,
            shared.covariance));
  }

  /**
   * Changes the parameter tolerance.
   *
   * @param value relative change of the parameters, 0 ≤ value &lt; 1; 0 turns the test off
   * @return a changed copy
   * @throws IllegalArgumentException if the value is out of range
   */
  public M withParameterTolerance(double value) {
    return with(
        new Values(
            shared.costTolerance,
            Checks.tolerance("parameterTolerance", value),
            shared.gradientTolerance,
            shared.maxEvaluations,
            shared.covariance));
  }

  /**
   * Changes the gradient tolerance.
   *
   * @param value cosine between residuals and Jacobian columns, 0 ≤ value &lt; 1; 0 turns the test
   *     off
   * @return a changed copy
   * @throws IllegalArgumentException if the value is out of range
   */
  public M withGradientTolerance(double value) {
    return with(
        new Values(
            shared.costTolerance,
            shared.parameterTolerance,
            Checks.tolerance("gradientTolerance", value),
            shared.maxEvaluations,
            shared.covariance));
  }

  /**
   * Changes cost and parameter tolerance together.
   *
   * @param value both tolerances, 0 ≤ value &lt; 1
   * @return a changed copy
   * @throws IllegalArgumentException if the value is out of range
   */
  public M withTolerance(double value) {
    return with(
        new Values(
            Checks.tolerance("tolerance", value),
            value,
            shared.gradientTolerance,
            shared.maxEvaluations,
            shared.covariance));
  }

  /**
   * Changes the most evaluations of the model in one fit, see {@link
   * LeastSquaresMethod#evaluationLimit(int)}.
   *
   * @param value the limit, &gt; 0, or 0 for 200·(p + 1)
   * @return a changed copy
   * @throws IllegalArgumentException if the value is negative
   */
  public M withMaxEvaluations(int value) {
    return with(
        new Values(
            shared.costTolerance,
            shared.parameterTolerance,
            shared.gradientTolerance,
            Checks.limit("maxEvaluations", value),
            shared.covariance));
  }

  /**
   * Changes which uncertainties are computed.
   *
   * @param value the level
   * @return a changed copy
   */
  public M withCovariance(Covariance value) {
    return with(
        new Values(
            shared.costTolerance,
            shared.parameterTolerance,
            shared.gradientTolerance,
            shared.maxEvaluations,
            Objects.requireNonNull(value, "value")));
  }

  Values shared() {
    return shared;
  }

  /** The name with the options; a method's own come before the covariance. */
  final String describe(String name, String own) {
    return name
        + "(costTolerance="
        + shared.costTolerance
        + ", parameterTolerance="
        + shared.parameterTolerance
        + ", gradientTolerance="
        + shared.gradientTolerance
        + ", maxEvaluations="
        + (shared.maxEvaluations == 0 ? "200(p+1)" : shared.maxEvaluations)
        + own
        + ", covariance="
        + shared.covariance
        + ")";
  }
}
