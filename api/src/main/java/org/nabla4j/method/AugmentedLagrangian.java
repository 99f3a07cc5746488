package org.nabla4j.method;

/**
 * The augmented Lagrangian method: minimises f under equality and inequality constraints and bounds
 * by a sequence of minimisations under the bounds alone, of
 *
 * <pre>
 *   f + Σ_equalities (½ρg² − λg) + Σ_inequalities (max(λ − ρg, 0)² − λ²) / 2ρ
 * </pre>
 *
 * <p>after each of which the multipliers become λ − ρg, for inequalities max(λ − ρg, 0), and ρ
 * grows unless the violation has shrunk. It takes more iterations than {@link
 * SequentialQuadraticProgramming}, but needs no linearisation of the constraints to be consistent.
 * Options are immutable; every {@code with} method returns a changed copy.
 *
 * <p>A problem with constraints often has several local minima, and starts from which the
 * constraints cannot be met. The search is therefore repeated from a few further starts, chosen
 * without chance, and the least minimum is taken; each costs about as much as the first.
 *
 * <p>References: M. R. Hestenes (1969), Journal of Optimization Theory and Applications 4; M. J. D.
 * Powell (1969), in R. Fletcher (ed.), Optimization; R. T. Rockafellar (1973), Mathematical
 * Programming 5; E. G. Birgin, J. M. Martínez (2014), Practical Augmented Lagrangian Methods.
 */
public final class AugmentedLagrangian extends ConstrainedOptions<AugmentedLagrangian> {

  private static final AugmentedLagrangian DEFAULTS =
      new AugmentedLagrangian(SHARED_DEFAULTS, Constrained.DEFAULTS);

  private AugmentedLagrangian(Values shared, Constrained constrained) {
    super(shared, constrained);
  }

  /**
   * The default options: gradient and constraint tolerance 1e-9, 4 further starts, 1000·(p+1)
   * iterations of all starts together.
   *
   * @return the options
   */
  public static AugmentedLagrangian defaults() {
    return DEFAULTS;
  }

  @Override
  AugmentedLagrangian with(Values changed) {
    return new AugmentedLagrangian(changed, constrained());
  }

  @Override
  AugmentedLagrangian with(Constrained changed) {
    return new AugmentedLagrangian(shared(), changed);
  }

  @Override
  int defaultIterationLimit(int parameters) {
    return (int) Math.min(Integer.MAX_VALUE, 1000L * (parameters + 1L));
  }

  @Override
  public String toString() {
    return describe("augmented Lagrangian");
  }
}
