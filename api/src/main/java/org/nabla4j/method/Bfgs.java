package org.nabla4j.method;

/** BFGS: a quasi-Newton method that keeps an approximation of the inverse Hessian. */
public final class Bfgs extends MinimizationOptions<Bfgs> {

  private static final Bfgs DEFAULTS = new Bfgs(Values.DEFAULTS);

  private Bfgs(Values shared) {
    super(shared);
  }

  /**
   * The default options.
   *
   * @return the options
   */
  public static Bfgs defaults() {
    return DEFAULTS;
  }

  @Override
  Bfgs with(Values changed) {
    return new Bfgs(changed);
  }

  @Override
  int defaultIterationLimit(int parameters) {
    return (int) Math.min(Integer.MAX_VALUE, 200L * (parameters + 1L));
  }

  @Override
  public String toString() {
    return describe("BFGS", "");
  }
}
