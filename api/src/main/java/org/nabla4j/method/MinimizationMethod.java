package org.nabla4j.method;

/**
 * A method for minimisation, with its options. Immutable.
 *
 * <p>A search has converged when the relative gradient (Dennis and Schnabel 1983, section 7.2) is
 * small, or when rounding hides any further progress; value and parameter tolerance are off unless
 * set:
 *
 * <pre>
 *   max_j |g_j|·max(|θ_j|, 1) ≤ gradientTolerance · max(|f|, 1)
 *   |Δf| ≤ valueTolerance · max(|f|, 1)
 *   max_j |Δθ_j| / max(|θ_j|, 1) ≤ parameterTolerance
 * </pre>
 *
 * <p>where g is the gradient, without the components that push a parameter against its bound.
 */
public sealed interface MinimizationMethod permits MinimizationOptions, ConstrainedMethod {

  /**
   * Largest relative gradient at which a search has converged.
   *
   * @return the tolerance; 0 leaves only the test for rounding
   */
  double gradientTolerance();

  /**
   * Relative reduction of f by a step below which a search has converged.
   *
   * @return the tolerance; 0 turns the test off
   */
  double valueTolerance();

  /**
   * Relative change of the parameters by a step below which a search has converged.
   *
   * @return the tolerance; 0 turns the test off
   */
  double parameterTolerance();

  /**
   * The most iterations of a search.
   *
   * @param parameters p, the number of parameters that are free
   * @return the limit
   */
  int iterationLimit(int parameters);
}
