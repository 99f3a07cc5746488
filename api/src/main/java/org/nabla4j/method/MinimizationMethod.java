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
 *
 * <p>Where |f| is large the test of the gradient holds far from a minimum too. A gradient that is
 * not 0 therefore ends a search without constraints only if no step lowers f, or if little is left
 * to be gained. With τ = max(gradientTolerance², 16·2⁻⁵²) that means
 *
 * <ul>
 *   <li>for Newton's methods: the minimum of the quadratic model lies within the trust region and
 *       promises a gain of at most τ·|f|, or of at most 10⁻⁹·max(|f|, 1) where the last step has
 *       not divided the relative gradient by ten or the limit of iterations is reached; or the step
 *       promises at most 10⁻¹³ of all that was gained since the start;
 *   <li>for all others: the last step has changed f by at most τ·max(|f|, 1), or by at most
 *       gradientTolerance times all that was gained since the start. At the start, before any step:
 *       one along -g that changes no parameter by more than a tenth of max(max_j |θ_j|, 1) promises
 *       to first order a gain of at most τ·max(|f|, 1).
 * </ul>
 *
 * <p>Newton-Raphson in generated code, for batches of formulas with few parameters, ends where the
 * curvature is not negative and the minimum of the quadratic model promises a gain of at most
 * τ·max(|f|, 1), or of at most 10⁻⁹·max(|f|, 1) where a step was refused.
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
   * <p>A search along gradients counts one more for every ten points that it tries on the way from
   * an iterate to the next, so that it evaluates f and its gradient at most ten times an iteration,
   * and ten times more.
   *
   * @param parameters p, the number of parameters that are free
   * @return the limit
   */
  int iterationLimit(int parameters);

  /**
   * Changes the gradient tolerance.
   *
   * @param value largest relative gradient, 0 ≤ value &lt; 1; 0 leaves only the test for rounding
   * @return a changed copy
   * @throws IllegalArgumentException if the value is out of range
   */
  MinimizationMethod withGradientTolerance(double value);

  /**
   * Changes the most iterations.
   *
   * @param value the limit, &gt; 0, or 0 to leave it to the method
   * @return a changed copy
   * @throws IllegalArgumentException if the value is negative
   */
  MinimizationMethod withMaxIterations(int value);
}
