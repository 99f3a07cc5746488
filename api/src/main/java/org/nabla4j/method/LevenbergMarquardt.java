package org.nabla4j.method;

/**
 * Levenberg-Marquardt: minimises ½Σρ(r²) by steps δ that solve (JᵀJ + λD)δ = -Jᵀr.
 *
 * <p>D is the running maximum of the diagonal of JᵀJ (Moré 1978) and λ follows the gain ratio, the
 * actual over the predicted reduction of the cost (Nielsen 1999). Tolerances mean what they mean in
 * MINPACK's {@code lmder}. Options are immutable; every {@code with} method returns a changed copy.
 *
 * <p>Where the first attempt has failed, a second one takes another path from the start, within the
 * same limit of evaluations; bounded problems have one attempt.
 *
 * <p>References: K. Levenberg (1944), Quarterly of Applied Mathematics 2; D. Marquardt (1963), SIAM
 * Journal on Applied Mathematics 11; J. J. Moré (1978), Lecture Notes in Mathematics 630; H. B.
 * Nielsen (1999), IMM-REP-1999-05.
 */
public final class LevenbergMarquardt extends SharedOptions<LevenbergMarquardt> {

  private static final LevenbergMarquardt DEFAULTS =
      new LevenbergMarquardt(Values.DEFAULTS, 0.03, true);

  private final double initialDamping;
  private final boolean polish;

  private LevenbergMarquardt(Values shared, double initialDamping, boolean polish) {
    super(shared);
    this.initialDamping = initialDamping;
    this.polish = polish;
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
  LevenbergMarquardt with(Values changed) {
    return new LevenbergMarquardt(changed, initialDamping, polish);
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
   * Changes the damping of the first step.
   *
   * @param value λ relative to the scaled diagonal, finite and &gt; 0
   * @return a changed copy
   * @throws IllegalArgumentException if the value is out of range
   */
  public LevenbergMarquardt withInitialDamping(double value) {
    return new LevenbergMarquardt(shared(), Checks.positive("initialDamping", value), polish);
  }

  /**
   * Turns the polish on or off.
   *
   * @param value true to take undamped steps after convergence until they stop gaining
   * @return a changed copy
   */
  public LevenbergMarquardt withPolish(boolean value) {
    return new LevenbergMarquardt(shared(), initialDamping, value);
  }

  @Override
  public String toString() {
    return describe(
        "Levenberg-Marquardt", ", initialDamping=" + initialDamping + ", polish=" + polish);
  }
}
