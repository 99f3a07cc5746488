package org.nabla4j.method;

/**
 * Nonlinear conjugate gradients: steps along d ← -g + βd with the β of Hager and Zhang (2005, SIAM
 * Journal on Optimization 16), restarted along -g where d does not point downhill. Memory grows as
 * p; bounds by projection.
 */
public final class ConjugateGradient extends MinimizationOptions<ConjugateGradient> {

  private static final ConjugateGradient DEFAULTS = new ConjugateGradient(Values.DEFAULTS);

  private ConjugateGradient(Values shared) {
    super(shared);
  }

  /**
   * The default options.
   *
   * @return the options
   */
  public static ConjugateGradient defaults() {
    return DEFAULTS;
  }

  @Override
  ConjugateGradient with(Values changed) {
    return new ConjugateGradient(changed);
  }

  @Override
  int defaultIterationLimit(int parameters) {
    return (int) Math.min(Integer.MAX_VALUE, Math.max(10_000, 200L * (parameters + 1L)));
  }

  @Override
  public String toString() {
    return describe("conjugate gradients", "");
  }
}
