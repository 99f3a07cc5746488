package org.nabla4j.objective;

/** An {@link Objective} that knows its gradient. */
public interface DifferentiableObjective extends Objective {

  /**
   * Computes f and ∇f.
   *
   * @param points where, not to be modified
   * @param values where f of each point goes, {@code [count]}; may be longer
   * @param gradients where ∂f/∂θ of each point goes, {@code [count, p]} row-major; may be longer
   */
  void gradients(Points points, double[] values, double[] gradients);
}
