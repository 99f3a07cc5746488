package org.nabla4j.method;

/**
 * The options that every method of minimisation has, and their {@code with} methods, which return a
 * changed copy.
 *
 * @param <M> the method
 */
abstract sealed class MinimizationOptions<M extends MinimizationMethod>
    implements MinimizationMethod
    permits GradientDescent,
        ConjugateGradient,
        Bfgs,
        LimitedMemoryBfgs,
        TrustRegionOptions,
        NelderMead,
        ConstrainedOptions {

  /**
   * Their values.
   *
   * @param gradientTolerance relative gradient
   * @param valueTolerance relative reduction of f
   * @param parameterTolerance relative change of the parameters
   * @param maxIterations the limit, 0 to leave it to the method
   */
  record Values(
      double gradientTolerance,
      double valueTolerance,
      double parameterTolerance,
      int maxIterations) {

    /** What every method begins with. */
    static final Values DEFAULTS = new Values(1e-6, 0, 0, 0);
  }

  private final Values shared;

  MinimizationOptions(Values shared) {
    this.shared = shared;
  }

  /** This method with other shared options. */
  abstract M with(Values changed);

  /** The most iterations where the caller has set no limit. */
  abstract int defaultIterationLimit(int parameters);

  @Override
  public double gradientTolerance() {
    return shared.gradientTolerance;
  }

  @Override
  public double valueTolerance() {
    return shared.valueTolerance;
  }

  @Override
  public double parameterTolerance() {
    return shared.parameterTolerance;
  }

  @Override
  public int iterationLimit(int parameters) {
    return shared.maxIterations > 0 ? shared.maxIterations : defaultIterationLimit(parameters);
  }

  @Override
  public M withGradientTolerance(double value) {
    return with(
        new Values(
            Checks.tolerance("gradientTolerance", value),
            shared.valueTolerance,
            shared.parameterTolerance,
            shared.maxIterations));
  }

  /**
   * Changes the value tolerance.
   *
   * @param value relative reduction of f, 0 ≤ value &lt; 1; 0 turns the test off
   * @return a changed copy
   * @throws IllegalArgumentException if the value is out of range
   */
  public M withValueTolerance(double value) {
    return with(
        new Values(
            shared.gradientTolerance,
            Checks.tolerance("valueTolerance", value),
            shared.parameterTolerance,
            shared.maxIterations));
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
            shared.gradientTolerance,
            shared.valueTolerance,
            Checks.tolerance("parameterTolerance", value),
            shared.maxIterations));
  }

  @Override
  public M withMaxIterations(int value) {
    return with(
        new Values(
            shared.gradientTolerance,
            shared.valueTolerance,
            shared.parameterTolerance,
            Checks.limit("maxIterations", value)));
  }

  Values shared() {
    return shared;
  }

  /** The name with the options; {@code own} begins with a comma or is empty. */
  final String describe(String name, String own) {
    return name
        + "(gradientTolerance="
        + shared.gradientTolerance
        + ", valueTolerance="
        + shared.valueTolerance
        + ", parameterTolerance="
        + shared.parameterTolerance
        + (shared.maxIterations == 0 ? "" : ", maxIterations=" + shared.maxIterations)
        + own
        + ")";
  }
}
