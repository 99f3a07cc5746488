package org.nabla4j.method;

/**
 * Gauss-Newton: minimises ½Σρ(r²) by steps δ that solve JᵀJδ = -Jᵀr, halved until the cost falls.
 *
 * <p>Faster than {@link LevenbergMarquardt} near a solution of a well-conditioned problem and for
 * models that are linear in their parameters; from far away, or where JᵀJ is singular, it fails
 * where damping would not. Options are immutable; every {@code with} method returns a changed copy.
 *
 * <p>Reference: J. Nocedal, S. J. Wright (2006), Numerical Optimization, section 10.3.
 */
public final class GaussNewton extends SharedOptions<GaussNewton> {

  private static final GaussNewton DEFAULTS = new GaussNewton(Values.DEFAULTS);

  private GaussNewton(Values shared) {
    super(shared);
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
  GaussNewton with(Values changed) {
    return new GaussNewton(changed);
  }

  @Override
  public String toString() {
    return describe("Gauss-Newton", "");
  }
}
