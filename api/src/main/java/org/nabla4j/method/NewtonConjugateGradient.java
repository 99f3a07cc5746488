package org.nabla4j.method;

/**
 * Newton with conjugate gradients inside: minimises the quadratic model of f in a trust region,
 *
 * <pre>
 *   gᵀs + ½sᵀHs → min,   ‖s‖ ≤ Δ
 * </pre>
 *
 * <p>approximately, from products of the Hessian H with vectors alone. A direction of negative
 * curvature is followed to the boundary. Bounds hold parameters that the gradient pushes against
 * them. For many parameters: memory grows as p.
 *
 * <p>Where the gradient is small at the start already, some products look for negative curvature,
 * so that a saddle point is left; a later point with a small gradient ends the search, for the
 * steps to it have seen the curvature.
 *
 * <p>References: T. Steihaug (1983), SIAM Journal on Numerical Analysis 20, 626-637; Ph. L. Toint
 * (1981), in Sparse Matrices and Their Uses; forcing sequence: R. S. Dembo, S. C. Eisenstat, T.
 * Steihaug (1982), SIAM Journal on Numerical Analysis 19, 400-408; bounds: C.-J. Lin, J. J. Moré
 * (1999), SIAM Journal on Optimization 9, 1100-1127.
 */
public final class NewtonConjugateGradient extends TrustRegionOptions<NewtonConjugateGradient> {

  private static final NewtonConjugateGradient DEFAULTS =
      new NewtonConjugateGradient(Values.DEFAULTS, Region.DEFAULTS);

  private NewtonConjugateGradient(Values shared, Region region) {
    super(shared, region);
  }

  /**
   * The default options: gradient tolerance 1e-6, 200·(p + 1) iterations, the usual first radius,
   * no largest radius, acceptance 1e-4.
   *
   * @return the options
   */
  public static NewtonConjugateGradient defaults() {
    return DEFAULTS;
  }

  @Override
  NewtonConjugateGradient with(Values changed) {
    return new NewtonConjugateGradient(changed, region());
  }

  @Override
  NewtonConjugateGradient with(Region changed) {
    return new NewtonConjugateGradient(shared(), changed);
  }

  @Override
  int defaultIterationLimit(int parameters) {
    return (int) Math.min(Integer.MAX_VALUE, 200L * (parameters + 1L));
  }

  @Override
  public String toString() {
    return describe("Newton-CG", describeRegion());
  }
}
