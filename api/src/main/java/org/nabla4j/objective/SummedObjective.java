package org.nabla4j.objective;

/**
 * A {@link DifferentiableObjective} that is a sum over data, f(θ) = Σ_k φ(θ, d_k) for k = 0..n-1,
 * and can be evaluated over some of its terms: what minibatches need.
 */
public interface SummedObjective extends DifferentiableObjective {

  /**
   * The number of terms, the same for every problem.
   *
   * @return n ≥ 1
   */
  int terms();

  /**
   * Computes the sum over some terms, and its gradient. Nothing is scaled: over all terms the
   * result is that of {@link #gradients(Points, double[], double[])}, but for rounding.
   *
   * @param points where, not to be modified
   * @param selection the indices of the terms, 0 ≤ index &lt; {@link #terms()}, in any order, not
   *     to be modified; may be longer
   * @param from where in {@code selection} the terms to be summed begin
   * @param to where they end, exclusive
   * @param values where Σ φ(θ, d_k) of each point goes, {@code [count]}; may be longer
   * @param gradients where Σ ∂φ/∂θ(θ, d_k) of each point goes, {@code [count, p]} row-major; may be
   *     longer
   */
  void gradients(
      Points points, int[] selection, int from, int to, double[] values, double[] gradients);
}
