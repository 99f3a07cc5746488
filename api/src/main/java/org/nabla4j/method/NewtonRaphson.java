package org.nabla4j.method;

/** Newton-Raphson minimisation with the exact Hessian, in a trust region. */
public final class NewtonRaphson extends MinimizationOptions<NewtonRaphson> {

  private static final NewtonRaphson DEFAULTS = new NewtonRaphson(Values.DEFAULTS);

  private NewtonRaphson(Values shared) {
    super(shared);
  }

  /**
   * The default options.
   *
   * @return the options
   */
  public static NewtonRaphson defaults() {
    return DEFAULTS;
  }

  @Override
  NewtonRaphson with(Values changed) {
    return new NewtonRaphson(changed);
  }

  @Override
  int defaultIterationLimit(int parameters) {
    return (int) Math.min(Integer.MAX_VALUE, 200L * (parameters + 1L));
  }

  @Override
  public String toString() {
    return describe("Newton-Raphson", "");
  }
}
