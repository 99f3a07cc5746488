package org.nabla4j.method;

/** L-BFGS: BFGS from the last few steps alone, for many parameters. */
public final class LimitedMemoryBfgs extends MinimizationOptions<LimitedMemoryBfgs> {

  private static final LimitedMemoryBfgs DEFAULTS = new LimitedMemoryBfgs(Values.DEFAULTS);

  private LimitedMemoryBfgs(Values shared) {
    super(shared);
  }

  /**
   * The default options.
   *
   * @return the options
   */
  public static LimitedMemoryBfgs defaults() {
    return DEFAULTS;
  }

  @Override
  LimitedMemoryBfgs with(Values changed) {
    return new LimitedMemoryBfgs(changed);
  }

  @Override
  int defaultIterationLimit(int parameters) {
    return 15_000;
  }

  @Override
  public String toString() {
    return describe("L-BFGS", "");
  }
}
