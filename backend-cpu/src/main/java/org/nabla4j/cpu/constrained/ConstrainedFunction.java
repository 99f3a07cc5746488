package org.nabla4j.cpu.constrained;

/**
 * An objective f(θ) with constraints g(θ), which are counted with the equalities first:
 *
 * <pre>
 *   g_i(θ) = 0   for 0 ≤ i &lt; equalities
 *   g_i(θ) ≥ 0   for equalities ≤ i &lt; equalities + inequalities
 * </pre>
 *
 * <p>A value that is not finite says that a point lies outside the domain: methods step back from
 * it. A function may keep what it has computed last, and is not for use by several threads.
 */
public interface ConstrainedFunction {

  /**
   * The number of parameters.
   *
   * @return p, ≥ 1
   */
  int parameters();

  /**
   * The number of constraints g = 0.
   *
   * @return how many there are, ≥ 0
   */
  int equalities();

  /**
   * The number of constraints g ≥ 0, without the bounds of single parameters.
   *
   * @return how many there are, ≥ 0
   */
  int inequalities();

  /**
   * Computes f and g.
   *
   * @param theta θ, {@code [p]}, not to be modified
   * @param constraints receives g, equalities first; may be longer
   * @return f(θ)
   */
  double values(double[] theta, double[] constraints);

  /**
   * Computes ∇f and the Jacobian of g.
   *
   * @param theta θ, {@code [p]}, not to be modified
   * @param gradient receives ∂f/∂θ, {@code [p]}
   * @param jacobian receives ∂g_i/∂θ_j, {@code [constraints, p]} row-major; may be longer
   */
  void gradients(double[] theta, double[] gradient, double[] jacobian);

  /**
   * Computes the Hessian of the Lagrangian, w∇²f − Σ λ_i ∇²g_i.
   *
   * @param theta θ, {@code [p]}, not to be modified
   * @param weight w; where it is 0, f has no influence, whatever it is
   * @param multipliers λ, in the order of the constraints, not to be modified
   * @param hessian receives the Hessian, {@code [p, p]}, both triangles
   */
  void hessian(double[] theta, double weight, double[] multipliers, double[] hessian);
}
