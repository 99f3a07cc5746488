package org.nabla4j.method;

/** Sequential quadratic programming, for equality and inequality constraints. */
public final class SequentialQuadraticProgramming
    extends MinimizationOptions<SequentialQuadraticProgramming> {

  private static final SequentialQuadraticProgramming DEFAULTS =
      new SequentialQuadraticProgramming(new Values(1e-9, 0, 0, 0));

  private SequentialQuadraticProgramming(Values shared) {
    super(shared);
  }

  /**
   * The default options.
   *
   * @return the options
   */
  public static SequentialQuadraticProgramming defaults() {
    return DEFAULTS;
  }

  @Override
  SequentialQuadraticProgramming with(Values changed) {
    return new SequentialQuadraticProgramming(changed);
  }

  @Override
  int defaultIterationLimit(int parameters) {
    return (int) Math.min(Integer.MAX_VALUE, 200L * (parameters + 1L));
  }

  @Override
  public String toString() {
    return describe("SQP", "");
  }
}
