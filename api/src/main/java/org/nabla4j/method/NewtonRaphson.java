package org.nabla4j.method;

/**
 * Newton-Raphson minimisation with the exact Hessian H, in a trust region: each step s minimises
 * the quadratic model of f in an ellipsoid,
 *
 * <pre>
 *   gᵀs + ½sᵀHs → min,   ‖D·s‖ ≤ Δ
 * </pre>
 *
 * <p>where D makes the Hessian's rows about equal (Ruiz 2001) and Δ follows the actual over the
 * predicted reduction. H may be indefinite: saddle points are left along negative curvature, also
 * where the gradient is zero, and no search converges where H has a negative eigenvalue. Near a
 * minimum these are Newton's own steps, and the search goes on while they gain what can be seen in
 * f. Bounds hold parameters that the gradient pushes against them.
 *
 * <p>A batch of formulas without constraints and with few parameters takes other steps: lanes of a
 * vector work on a problem each, with steps from a modified Cholesky factorization (Gill, Murray,
 * Wright 1981) that are damped where they do not lower f; what a lane cannot bring to an end is
 * searched for as above. The tests for convergence are the same, but counts of steps differ, and of
 * several minima a problem in a batch may reach another one than alone, or fall without end where
 * it alone finds a local minimum. Neither depends on the other problems of the batch.
 *
 * <p>Time of a step grows as p³, memory as p²; {@link NewtonConjugateGradient} is for many
 * parameters.
 *
 * <p>References: J. J. Moré, D. C. Sorensen (1983), SIAM Journal on Scientific and Statistical
 * Computing 4, 553-572; A. R. Conn, N. I. M. Gould, Ph. L. Toint (2000), Trust-Region Methods; D.
 * Ruiz (2001), RAL-TR-2001-034; bounds as in D. P. Bertsekas (1982), SIAM Journal on Control and
 * Optimization 20.
 */
public final class NewtonRaphson extends TrustRegionOptions<NewtonRaphson> {

  private static final NewtonRaphson DEFAULTS = new NewtonRaphson(Values.DEFAULTS, Region.DEFAULTS);

  private NewtonRaphson(Values shared, Region region) {
    super(shared, region);
  }

  /**
   * The default options: gradient tolerance 1e-6, 200·(p + 1) iterations, the usual first radius,
   * no largest radius, acceptance 1e-4.
   *
   * @return the options
   */
  public static NewtonRaphson defaults() {
    return DEFAULTS;
  }

  @Override
  NewtonRaphson with(Values changed) {
    return new NewtonRaphson(changed, region());
  }

  @Override
  NewtonRaphson with(Region changed) {
    return new NewtonRaphson(shared(), changed);
  }

  @Override
  int defaultIterationLimit(int parameters) {
    return (int) Math.min(Integer.MAX_VALUE, 200L * (parameters + 1L));
  }

  @Override
  public String toString() {
    return describe("Newton-Raphson", describeRegion());
  }
}
