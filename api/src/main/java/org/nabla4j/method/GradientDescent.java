package org.nabla4j.method;

/** Gradient descent: steps along -∇f. */
public final class GradientDescent extends MinimizationOptions<GradientDescent> {

  private static final GradientDescent DEFAULTS = new GradientDescent(Values.DEFAULTS);

  private GradientDescent(Values shared) {
    super(shared);
  }

  /**
   * The default options.
   *
   * @return the options
   */
  public static GradientDescent defaults() {
    return DEFAULTS;
  }

  @Override
  GradientDescent with(Values changed) {
    return new GradientDescent(changed);
  }

  @Override
  int defaultIterationLimit(int parameters) {
    return 100_000;
  }

  @Override
  public String toString() {
    return describe("gradient descent", "");
  }
}
