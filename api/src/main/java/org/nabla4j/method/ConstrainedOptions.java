package org.nabla4j.method;

/**
 * The options that every method for constraints has.
 *
 * @param <M> the method
 */
abstract sealed class ConstrainedOptions<M extends ConstrainedMethod> extends MinimizationOptions<M>
    implements ConstrainedMethod permits SequentialQuadraticProgramming, AugmentedLagrangian {

  /**
   * Their values.
   *
   * @param constraintTolerance largest violation
   * @param furtherStarts how many
   */
  record Constrained(double constraintTolerance, int furtherStarts) {

    /** What every method begins with. */
    static final Constrained DEFAULTS = new Constrained(1e-9, 4);
  }

  /** Shared options with a gradient tolerance at which multipliers hold about as many digits. */
  static final Values SHARED_DEFAULTS = new Values(1e-9, 0, 0, 0);

  private final Constrained constrained;

  ConstrainedOptions(Values shared, Constrained constrained) {
    super(shared);
    this.constrained = constrained;
  }

  /** This method with other options for constraints. */
  abstract M with(Constrained changed);

  @Override
  public double constraintTolerance() {
    return constrained.constraintTolerance;
  }

  @Override
  public int furtherStarts() {
    return constrained.furtherStarts;
  }

  /**
   * Changes the constraint tolerance.
   *
   * @param value largest violation of a constraint, 0 &lt; value &lt; 1, as it is written and as a
   *     distance, |g| / max_j |∂g/∂θ_j|·max(|θ_j|, 1): a constraint in a tiny unit must be met too;
   *     what rounding of a constraint explains is no violation
   * @return a changed copy
   * @throws IllegalArgumentException if the value is out of range
   */
  public M withConstraintTolerance(double value) {
    return with(
        new Constrained(
            Checks.positiveTolerance("constraintTolerance", value), constrained.furtherStarts));
  }

  /**
   * Changes the number of further starts.
   *
   * @param value how many, ≥ 0; 0 leaves it at the minimum that the given start leads to
   * @return a changed copy
   * @throws IllegalArgumentException if the value is negative
   */
  public M withFurtherStarts(int value) {
    if (value < 0) {
      throw new IllegalArgumentException("furtherStarts = " + value + ", expected >= 0");
    }
    return with(new Constrained(constrained.constraintTolerance, value));
  }

  Constrained constrained() {
    return constrained;
  }

  /** The name with all options. */
  final String describe(String name) {
    return describe(
        name,
        ", constraintTolerance="
            + constrained.constraintTolerance
            + ", furtherStarts="
            + constrained.furtherStarts);
  }
}
