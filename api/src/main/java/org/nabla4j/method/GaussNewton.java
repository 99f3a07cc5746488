package org.nabla4j.method;

import java.util.Objects;

/**
 * Gauss-Newton: minimises ½Σρ(r²) by steps δ that solve JᵀJδ = -Jᵀr, halved until the cost falls.
 *
 * <p>Faster than {@link LevenbergMarquardt} near a solution of a well-conditioned problem and for
 * models that are linear in their parameters; from far away, or where JᵀJ is singular, it fails
 * where damping would not. Options are immutable; every {@code with} method returns a changed copy.
 *
 * <p>Reference: J. Nocedal, S. J. Wright (2006), Numerical Optimization, section 10.3.
 */
public final class GaussNewton implements LeastSquaresMethod {

  /** √ε of double precision, the default tolerance of MINPACK's simple drivers. */
  private static final double SQRT_EPSILON = 1.4901161193847656e-8;

  private static final GaussNewton DEFAULTS =
      new GaussNewton(SQRT_EPSILON, SQRT_EPSILON, 0, 0, Covariance.FULL);

  private final double costTolerance;
  private final double parameterTolerance;
  private final double gradientTolerance;
  private final int maxEvaluations;
  private final Covariance covariance;

  private GaussNewton(
      double costTolerance,
      double parameterTolerance,
      double gradientTolerance,
      int maxEvaluations,
      Covariance covariance) {
    this.costTolerance = costTolerance;
    this.parameterTolerance = parameterTolerance;
    this.gradientTolerance = gradientTolerance;
    this.maxEvaluations = maxEvaluations;
    this.covariance = covariance;
  }

  /**
   * The default options: cost and parameter tolerance √ε ≈ 1.5e-8, no gradient tolerance, 200·(p+1)
   * evaluations, full covariance.
   *
   * @return the options
   */
  public static GaussNewton defaults() {
    return DEFAULTS;
  }

  @Override
  public double costTolerance() {
    return costTolerance;
  }

  @Override
  public double parameterTolerance() {
    return parameterTolerance;
  }

  @Override
  public double gradientTolerance() {
    return gradientTolerance;
  }

  @Override
  public int evaluationLimit(int parameters) {
    return Options.effectiveLimit(maxEvaluations, parameters);
  }

  @Override
  public Covariance covariance() {
    return covariance;
  }

  /**
   * Changes the cost tolerance.
   *
   * @param value relative reduction of the cost, 0 ≤ value &lt; 1; 0 turns the test off
   * @return a changed copy
   * @throws IllegalArgumentException if the value is out of range
   */
  public GaussNewton withCostTolerance(double value) {
    return new GaussNewton(
        Options.tolerance("costTolerance", value),
        parameterTolerance,
        gradientTolerance,
        maxEvaluations,
        covariance);
  }

  /**
   * Changes the parameter tolerance.
   *
   * @param value relative change of the parameters, 0 ≤ value &lt; 1; 0 turns the test off
   * @return a changed copy
   * @throws IllegalArgumentException if the value is out of range
   */
  public GaussNewton withParameterTolerance(double value) {
    return new GaussNewton(
        costTolerance,
        Options.tolerance("parameterTolerance", value),
        gradientTolerance,
        maxEvaluations,
        covariance);
  }

  /**
   * Changes the gradient tolerance.
   *
   * @param value cosine between residuals and Jacobian columns, 0 ≤ value &lt; 1; 0 turns the test
   *     off
   * @return a changed copy
   * @throws IllegalArgumentException if the value is out of range
   */
  public GaussNewton withGradientTolerance(double value) {
    return new GaussNewton(
        costTolerance,
        parameterTolerance,
        Options.tolerance("gradientTolerance", value),
        maxEvaluations,
        covariance);
  }

  /**
   * Changes cost and parameter tolerance together.
   *
   * @param value both tolerances, 0 ≤ value &lt; 1
   * @return a changed copy
   * @throws IllegalArgumentException if the value is out of range
   */
  public GaussNewton withTolerance(double value) {
    return withCostTolerance(value).withParameterTolerance(value);
  }

  /**
   * Changes the most evaluations of the model that one fit may use.
   *
   * @param value the limit, &gt; 0, or 0 for 200·(p + 1)
   * @return a changed copy
   * @throws IllegalArgumentException if the value is negative
   */
  public GaussNewton withMaxEvaluations(int value) {
    return new GaussNewton(
        costTolerance,
        parameterTolerance,
        gradientTolerance,
        Options.limit("maxEvaluations", value),
        covariance);
  }

  /**
   * Changes which uncertainties are computed.
   *
   * @param value the level
   * @return a changed copy
   */
  public GaussNewton withCovariance(Covariance value) {
    return new GaussNewton(
        costTolerance,
        parameterTolerance,
        gradientTolerance,
        maxEvaluations,
        Objects.requireNonNull(value, "covariance"));
  }

  @Override
  public String toString() {
    return "Gauss-Newton(costTolerance="
        + costTolerance
        + ", parameterTolerance="
        + parameterTolerance
        + ", gradientTolerance="
        + gradientTolerance
        + ", maxEvaluations="
        + (maxEvaluations == 0 ? "200(p+1)" : maxEvaluations)
        + ", covariance="
        + covariance
        + ")";
  }
}
