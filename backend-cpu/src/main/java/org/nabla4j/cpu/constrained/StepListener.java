package org.nabla4j.cpu.constrained;

/** Is told of the steps of one search by the solver that takes them. */
@FunctionalInterface
interface StepListener {

  /** For whom nobody listens. */
  StepListener NONE = (iteration, at, norm) -> {};

  /**
   * Called at the start, as step 0, and after every step.
   *
   * @param iteration steps so far
   * @param at the point
   * @param norm of the gradient of the Lagrangian without what bounds hold
   */
  void step(int iteration, Evaluated at, double norm);
}
