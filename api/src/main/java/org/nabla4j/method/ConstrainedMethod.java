package org.nabla4j.method;

/** A {@link MinimizationMethod} that can minimise under constraints. */
public sealed interface ConstrainedMethod extends MinimizationMethod permits ConstrainedOptions {

  /**
   * Largest violation of a constraint at a solution.
   *
   * @return the tolerance
   */
  double constraintTolerance();

  /**
   * How many starts are tried beside the one that is given.
   *
   * @return their number, 0 for none
   */
  int furtherStarts();
}
