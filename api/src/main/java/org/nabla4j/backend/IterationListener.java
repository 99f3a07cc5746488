package org.nabla4j.backend;

import java.util.Objects;

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

  /**
   * The same with what constraints say. Under constraints the search that begins at the start
   * values is told as it goes; one from a further start that ends lower is told after it has ended,
   * from its own step 0 on.
   *
   * @param problem the problem, 0 to B-1
   * @param iteration steps so far
   * @param theta the parameters, fixed ones among them; the listener may keep the array
   * @param value f there
   * @param gradientNorm ‖∇f − Σ multiplier·∇g‖ there without what bounds hold; NaN for a method
   *     without gradients
   * @param violation by how much the constraint is violated that is violated most; 0 without
   *     constraints
   */
  default void iteration(
      long problem,
      int iteration,
      double[] theta,
      double value,
      double gradientNorm,
      double violation) {
    Objects.requireNonNull(theta, "theta");
    iteration(problem, iteration, theta, value, gradientNorm);
  }
}
