package org.nabla4j.method;

import java.util.Objects;

/**
 * Levenberg-Marquardt: minimises ½Σρ(r²) by steps δ that solve (JᵀJ + λD)δ = -Jᵀr.
 *
 * <p>D is the running maximum of the diagonal of JᵀJ (Moré 1978) and λ follows the gain ratio, the
 * actual over the predicted reduction of the cost (Nielsen 1999). Tolerances mean what they mean in
 * MINPACK's {@code lmder}. Options are immutable; every {@code with} method returns a changed copy.
 *
 * <p>References: K. Levenberg (1944), Quarterly of Applied Mathematics 2; D. Marquardt (1963), SIAM
 * Journal on Applied Mathematics 11; J. J. Moré (1978), Lecture Notes in Mathematics 630; H. B.
 * Nielsen (1999), IMM-REP-1999-05.
 */
public final class LevenbergMarquardt implements LeastSquaresMethod {

  /** √ε of double precision, the default tolerance of MINPACK's simple drivers. */
  private static final double SQRT_EPSILON = 1.4901161193847656e-8;

  private static final LevenbergMarquardt DEFAULTS =
      new LevenbergMarquardt(SQRT_EPSILON, SQRT_EPSILON, 0, 0, 0.03, true, Covariance.FULL);

  private final double costTolerance;
  private final double parameterTolerance;
  private final double gradientTolerance;
  private final int maxEvaluations;
  private final double initialDamping;
  private final boolean polish;
  private final Covariance covariance;

  private LevenbergMarquardt(
      double costTolerance,
      double parameterTolerance,
      double gradientTolerance,
      int maxEvaluations,
      double initialDamping,
      boolean polish,
      Covariance covariance) {
    this.costTolerance = costTolerance;
    this.parameterTolerance = parameterTolerance;
    this.gradientTolerance = gradientTolerance;
    this.maxEvaluations = maxEvaluations;
    this.initialDamping = initialDamping;
    this.polish = polish;
    this.covariance = covariance;
  }

  /**
   * The default options: cost and parameter tolerance √ε ≈ 1.5e-8, no gradient tolerance, 200·(p+1)
   * evaluations, initial damping 0.03, polish on, full covariance.
   *
   * @return the options
   */
  public static LevenbergMarquardt defaults() {
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
   * λ of the first step, relative to the scaled diagonal.
   *
   * @return the damping, &gt; 0
   */
  public double initialDamping() {
    return initialDamping;
  }

  /**
   * Whether a converged fit takes undamped steps until they stop gaining, so that the parameters
   * hold nearly all the digits that the data determine.
   *
   * @return true to polish
   */
  public boolean polish() {
    return polish;
  }

  /**
   * Changes the cost tolerance.
   *
   * @param value relative reduction of the cost, 0 ≤ value &lt; 1; 0 turns the test off
   * @return a changed copy
   * @throws IllegalArgumentException if the value is out of range
   */
  public LevenbergMarquardt withCostTolerance(double value) {
    return new LevenbergMarquardt(
        Options.tolerance("costTolerance", value),
        parameterTolerance,
        gradientTolerance,
        maxEvaluations,
        initialDamping,
        polish,
        covariance);
  }

  /**
   * Changes the parameter tolerance.
   *
   * @param value relative change of the parameters, 0 ≤ value &lt; 1; 0 turns the test off
   * @return a changed copy
   * @throws IllegalArgumentException if the value is out of range
   */
  public LevenbergMarquardt withParameterTolerance(double value) {
    return new LevenbergMarquardt(
        costTolerance,
        Options.tolerance("parameterTolerance", value),
        gradientTolerance,
        maxEvaluations,
        initialDamping,
        polish,
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
  public LevenbergMarquardt withGradientTolerance(double value) {
    return new LevenbergMarquardt(
        costTolerance,
        parameterTolerance,
        Options.tolerance("gradientTolerance", value),
        maxEvaluations,
        initialDamping,
        polish,
        covariance);
  }

  /**
   * Changes cost and parameter tolerance together.
   *
   * @param value both tolerances, 0 ≤ value &lt; 1
   * @return a changed copy
   * @throws IllegalArgumentException if the value is out of range
   */
  public LevenbergMarquardt withTolerance(double value) {
    return withCostTolerance(value).withParameterTolerance(value);
  }

  /**
   * Changes the most evaluations of the model in one attempt. Where the first attempt has failed, a
   * second one takes another path from the start, with at most as many evaluations and 1000;
   * bounded problems have one attempt.
   *
   * @param value the limit, &gt; 0, or 0 for 200·(p + 1)
   * @return a changed copy
   * @throws IllegalArgumentException if the value is negative
   */
  public LevenbergMarquardt withMaxEvaluations(int value) {
    return new LevenbergMarquardt(
        costTolerance,
        parameterTolerance,
        gradientTolerance,
        Options.limit("maxEvaluations", value),
        initialDamping,
        polish,
        covariance);
  }

  /**
   * Changes the damping of the first step.
   *
   * @param value λ relative to the scaled diagonal, finite and &gt; 0
   * @return a changed copy
   * @throws IllegalArgumentException if the value is out of range
   */
  public LevenbergMarquardt withInitialDamping(double value) {
    return new LevenbergMarquardt(
        costTolerance,
        parameterTolerance,
        gradientTolerance,
        maxEvaluations,
        Options.positive("initialDamping", value),
        polish,
        covariance);
  }

  /**
   * Turns the polish on or off.
   *
   * @param value true to take undamped steps after convergence until they stop gaining
   * @return a changed copy
   */
  public LevenbergMarquardt withPolish(boolean value) {
    return new LevenbergMarquardt(
        costTolerance,
        parameterTolerance,
        gradientTolerance,
        maxEvaluations,
        initialDamping,
        value,
        covariance);
  }

  /**
   * Changes which uncertainties are computed.
   *
   * @param value the level
   * @return a changed copy
   */
  public LevenbergMarquardt withCovariance(Covariance value) {
    return new LevenbergMarquardt(
        costTolerance,
        parameterTolerance,
        gradientTolerance,
        maxEvaluations,
        initialDamping,
        polish,
        Objects.requireNonNull(value, "covariance"));
  }

  @Override
  public String toString() {
    return "Levenberg-Marquardt(costTolerance="
        + costTolerance
        + ", parameterTolerance="
        + parameterTolerance
        + ", gradientTolerance="
        + gradientTolerance
        + ", maxEvaluations="
        + (maxEvaluations == 0 ? "200(p+1)" : maxEvaluations)
        + ", initialDamping="
        + initialDamping
        + ", polish="
        + polish
        + ", covariance="
        + covariance
        + ")";
  }
}
