package org.nabla4j.objective;

/** A {@link DifferentiableObjective} that knows its Hessian. */
public interface TwiceDifferentiableObjective extends DifferentiableObjective {

  /**
   * Computes f, ∇f and the Hessian H = ∂²f/∂θ∂θᵀ.
   *
   * @param points where, not to be modified
   * @param values where f of each point goes, {@code [count]}; may be longer
   * @param gradients where ∂f/∂θ of each point goes, {@code [count, p]} row-major; may be longer
   * @param hessians where H of each point goes, {@code [count, p, p]}, both triangles; may be
   *     longer
   */
  void hessians(Points points, double[] values, double[] gradients, double[] hessians);

  /**
   * Computes H·v without forming H where that is possible.
   *
   * @param points where, not to be modified
   * @param directions v of each point, {@code [count, p]} row-major, not to be modified
   * @param products where H·v of each point goes, {@code [count, p]} row-major; may be longer
   */
  void hessianProducts(Points points, double[] directions, double[] products);
}
