package org.nabla4j.method;

/**
 * Sequential quadratic programming: minimises f under equality and inequality constraints and
 * bounds by the steps d and multipliers λ of
 *
 * <pre>
 *   minimise ½dᵀHd + ∇f·d   subject to   g_i + ∇g_i·d = 0 or ≥ 0
 * </pre>
 *
 * <p>with H the exact Hessian of the Lagrangian f − Σ λg, made convex where it has to be. With
 * equalities alone this is Newton's method on the conditions of Lagrange, ∇f = Σ λ∇g and g = 0. A
 * search has converged when the relative gradient of the Lagrangian is within the gradient
 * tolerance and no constraint is violated by more than the constraint tolerance. The default
 * method: few iterations, exact multipliers. Options are immutable; every {@code with} method
 * returns a changed copy.
 *
 * <p>A problem with constraints often has several local minima, and starts from which the
 * constraints cannot be met. The search is therefore repeated from a few further starts, chosen
 * without chance, and the least minimum is taken; each costs about as much as the first.
 *
 * <p>References: S. P. Han (1977), Journal of Optimization Theory and Applications 22; M. J. D.
 * Powell (1978), Lecture Notes in Mathematics 630; J. Nocedal, S. J. Wright (2006), Numerical
 * Optimization, chapter 18.
 */
public final class SequentialQuadraticProgramming
    extends ConstrainedOptions<SequentialQuadraticProgramming> {

  private static final SequentialQuadraticProgramming DEFAULTS =
      new SequentialQuadraticProgramming(SHARED_DEFAULTS, Constrained.DEFAULTS);

  private SequentialQuadraticProgramming(Values shared, Constrained constrained) {
    super(shared, constrained);
  }

  /**
   * The default options: gradient and constraint tolerance 1e-9, 4 further starts, 200·(p+1)
   * iterations of all starts together.
   *
   * @return the options
   */
  public static SequentialQuadraticProgramming defaults() {
    return DEFAULTS;
  }

  @Override
  SequentialQuadraticProgramming with(Values changed) {
    return new SequentialQuadraticProgramming(changed, constrained());
  }

  @Override
  SequentialQuadraticProgramming with(Constrained changed) {
    return new SequentialQuadraticProgramming(shared(), changed);
  }

  @Override
  int defaultIterationLimit(int parameters) {
    return (int) Math.min(Integer.MAX_VALUE, 200L * (parameters + 1L));
  }

  @Override
  public String toString() {
    return describe("SQP");
  }
}
