package org.nabla4j.method;

/**
 * Newton-Raphson for F(x) = 0 with exact derivatives, safeguarded.
 *
 * <p>One unknown: steps of Newton, or of Halley where the second derivative costs next to nothing,
 * inside an interval that shrinks with every sign; bisection where a step leaves it or gains too
 * little (W. H. Press et al., Numerical Recipes, 1986, {@code rtsafe}). For an equation left =
 * right whose sides are far apart the step is that of log left = log right. Several unknowns:
 * Newton steps by LU decomposition with partial pivoting, on ½‖DF‖² with row scales D by a line
 * search (J. E. Dennis, R. B. Schnabel, Numerical Methods for Unconstrained Optimization and
 * Nonlinear Equations, 1983, chapter 6). A search for a root of several unknowns that ends where
 * ‖DF‖ has a local minimum begins again, a few times at most, from other points about its start.
 *
 * <p>Iterations go on to the last digits that rounding leaves, whatever the tolerances; these say
 * what the result may be called. Each result states an uncertainty: how far the root can be from
 * it, by what is left of F and by rounding, bounded to first order at every operation of F. {@code
 * CONVERGED_PARAMETERS} promises that it is at most {@code parameterTolerance·|x|}, for systems
 * {@code parameterTolerance·max|x_j|}. {@code CONVERGED_COST} promises that |F| is at most {@code
 * residualTolerance} or zero to the rounding of F, and no more. A root that rounding does not
 * determine at all is {@code SINGULAR}.
 *
 * <p>Options are immutable; every {@code with} method returns a changed copy.
 */
public final class RootFinding {

  private static final RootFinding DEFAULTS = new RootFinding(1e-12, 0, 0);

  private static final int DEFAULT_ITERATIONS = 200;

  private final double parameterTolerance;
  private final double residualTolerance;
  private final int maxIterations;

  private RootFinding(double parameterTolerance, double residualTolerance, int maxIterations) {
    this.parameterTolerance = parameterTolerance;
    this.residualTolerance = residualTolerance;
    this.maxIterations = maxIterations;
  }

  /**
   * The default options: parameter tolerance 1e-12, residual tolerance 0, 200 iterations.
   *
   * @return the options
   */
  public static RootFinding defaults() {
    return DEFAULTS;
  }

  /**
   * Largest relative uncertainty of a root that is {@code CONVERGED_PARAMETERS}.
   *
   * @return the tolerance, ≥ 0 and &lt; 1
   */
  public double parameterTolerance() {
    return parameterTolerance;
  }

  /**
   * Largest |F| that is taken for zero although more digits could be had; for systems that of every
   * equation.
   *
   * @return the tolerance, ≥ 0; 0 for rounding only
   */
  public double residualTolerance() {
    return residualTolerance;
  }

  /**
   * The most iterations of a problem.
   *
   * @return the limit, &gt; 0
   */
  public int iterationLimit() {
    return maxIterations > 0 ? maxIterations : DEFAULT_ITERATIONS;
  }

  /**
   * Changes the parameter tolerance.
   *
   * @param value relative uncertainty, 0 ≤ value &lt; 1
   * @return a changed copy
   * @throws IllegalArgumentException if the value is out of range
   */
  public RootFinding withParameterTolerance(double value) {
    return new RootFinding(
        Checks.tolerance("parameterTolerance", value), residualTolerance, maxIterations);
  }

  /**
   * Changes the residual tolerance.
   *
   * @param value |F| in its own units, finite and ≥ 0
   * @return a changed copy
   * @throws IllegalArgumentException if the value is out of range
   */
  public RootFinding withResidualTolerance(double value) {
    if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "residualTolerance = " + value + ", expected a finite value >= 0");
    }
    return new RootFinding(parameterTolerance, value, maxIterations);
  }

  /**
   * Changes the most iterations.
   *
   * @param value the limit, &gt; 0, or 0 to leave it to the method
   * @return a changed copy
   * @throws IllegalArgumentException if the value is negative
   */
  public RootFinding withMaxIterations(int value) {
    return new RootFinding(
        parameterTolerance, residualTolerance, Checks.limit("maxIterations", value));
  }

  @Override
  public String toString() {
    return "Newton-Raphson(parameterTolerance="
        + parameterTolerance
        + ", residualTolerance="
        + residualTolerance
        + ", maxIterations="
        + iterationLimit()
        + ")";
  }
}
