package org.nabla4j.cpu.constrained;

/** Is told of the steps of a search under constraints. */
@FunctionalInterface
public interface SearchListener {

  /**
   * Called where a search begins, as step 0, and after every step. The first search is told as it
   * goes; one from a further start, with steps from 0 on, once it has ended somewhere better.
   *
   * @param iteration steps so far
   * @param theta θ, {@code [p]}; the listener may keep the array
   * @param value f there
   * @param violation of the constraint that is violated most
   * @param norm ‖∇f − Σ λ∇g − lower + upper‖ there, with the multipliers so far
   */
  void step(int iteration, double[] theta, double value, double violation, double norm);
}
