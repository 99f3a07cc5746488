package org.nabla4j.method;

/** The simplex method of Nelder and Mead, for objectives without derivatives. */
public final class NelderMead extends MinimizationOptions<NelderMead> {

  private static final NelderMead DEFAULTS = new NelderMead(Values.DEFAULTS);

  private NelderMead(Values shared) {
    super(shared);
  }

  /**
   * The default options.
   *
   * @return the options
   */
  public static NelderMead defaults() {
    return DEFAULTS;
  }

  @Override
  NelderMead with(Values changed) {
    return new NelderMead(changed);
  }

  @Override
  int defaultIterationLimit(int parameters) {
    return (int) Math.min(Integer.MAX_VALUE, 1000L * (parameters + 1L));
  }

  @Override
  public String toString() {
    return describe("Nelder-Mead", "");
  }
}
