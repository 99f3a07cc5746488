package org.nabla4j.backend;

/** Is told of every step of a minimisation. */
@FunctionalInterface
public interface IterationListener {

  /**
   * Called at the start values, as step 0, and after every step; by one thread at a time, with the
   * problems of a batch in any order.
   *
   * @param problem the problem, 0 to B-1
   * @param iteration steps so far
   * @param theta the best parameters so far, fixed ones among them; the listener may keep the array
   * @param value f there
   * @param gradientNorm ‖∇f‖ there without what bounds hold; NaN for a method without gradients
   */
  void iteration(long problem, int iteration, double[] theta, double value, double gradientNorm);
}
