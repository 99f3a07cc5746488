package org.nabla4j.method;

/** The augmented Lagrangian method, for equality and inequality constraints. */
public final class AugmentedLagrangian extends MinimizationOptions<AugmentedLagrangian> {

  private static final AugmentedLagrangian DEFAULTS = new AugmentedLagrangian(Values.DEFAULTS);

  private AugmentedLagrangian(Values shared) {
    super(shared);
  }

  /**
   * The default options.
   *
   * @return the options
   */
  public static AugmentedLagrangian defaults() {
    return DEFAULTS;
  }

  @Override
  AugmentedLagrangian with(Values changed) {
    return new AugmentedLagrangian(changed);
  }

  @Override
  int defaultIterationLimit(int parameters) {
    return (int) Math.min(Integer.MAX_VALUE, 200L * (parameters + 1L));
  }

  @Override
  public String toString() {
    return describe("augmented Lagrangian", "");
  }
}
