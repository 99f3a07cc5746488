package org.nabla4j.method;

/** Newton with conjugate gradients inside: needs products with the Hessian alone. */
public final class NewtonConjugateGradient extends MinimizationOptions<NewtonConjugateGradient> {

  private static final NewtonConjugateGradient DEFAULTS =
      new NewtonConjugateGradient(Values.DEFAULTS);

  private NewtonConjugateGradient(Values shared) {
    super(shared);
  }

  /**
   * The default options.
   *
   * @return the options
   */
  public static NewtonConjugateGradient defaults() {
    return DEFAULTS;
  }

  @Override
  NewtonConjugateGradient with(Values changed) {
    return new NewtonConjugateGradient(changed);
  }

  @Override
  int defaultIterationLimit(int parameters) {
    return (int) Math.min(Integer.MAX_VALUE, 200L * (parameters + 1L));
  }

  @Override
  public String toString() {
    return describe("Newton-CG", "");
  }
}
