package org.nabla4j.method;

/**
 * BFGS: a quasi-Newton method. It keeps an approximation B = LLᵀ of the Hessian, as the Cholesky
 * factor L, so that B stays positive definite in spite of rounding, and steps along −B⁻¹∇f to a
 * point that meets the strong Wolfe conditions
 *
 * <pre>
 *   f(θ + α·d) ≤ f(θ) + μ·α·∇fᵀd        sufficient decrease
 *   |∇f(θ + α·d)ᵀd| ≤ η·|∇fᵀd|          curvature
 * </pre>
 *
 * <p>After the first step B is scaled to the curvature that was met. Bounds hold parameters that
 * the gradient pushes against them, and steps bend where they meet further ones. Time of a step and
 * memory grow as p²; {@link LimitedMemoryBfgs} is for many parameters.
 *
 * <p>References: C. G. Broyden, R. Fletcher, D. Goldfarb, D. F. Shanno (1970); D. F. Shanno, K. H.
 * Phua (1978), Mathematical Programming 14, 149-160; J. E. Dennis, R. B. Schnabel (1983), Numerical
 * Methods for Unconstrained Optimization, section 9.2; line search: J. J. Moré, D. J. Thuente
 * (1994), ACM Transactions on Mathematical Software 20, 286-307.
 */
public final class Bfgs extends MinimizationOptions<Bfgs> {

  private static final Bfgs DEFAULTS = new Bfgs(Values.DEFAULTS, 1e-4, 0.9);

  private final double sufficientDecrease;
  private final double curvature;

  private Bfgs(Values shared, double sufficientDecrease, double curvature) {
    super(shared);
    this.sufficientDecrease = sufficientDecrease;
    this.curvature = curvature;
  }

  /**
   * The default options: gradient tolerance 1e-6, 200·(p + 1) iterations, sufficient decrease μ =
   * 1e-4 and curvature η = 0.9.
   *
   * @return the options
   */
  public static Bfgs defaults() {
    return DEFAULTS;
  }

  @Override
  Bfgs with(Values changed) {
    return new Bfgs(changed, sufficientDecrease, curvature);
  }

  /**
   * μ, the decrease that the line search asks for, as a share of what the slope promises.
   *
   * @return the share, between 0 and η
   */
  public double sufficientDecrease() {
    return sufficientDecrease;
  }

  /**
   * η, the slope that the line search may leave, as a share of the slope at its start.
   *
   * @return the share, between μ and 1
   */
  public double curvature() {
    return curvature;
  }

  /**
   * Changes the conditions of the line search; a small η makes it exact, which seldom pays.
   *
   * @param sufficientDecrease μ
   * @param curvature η
   * @return a changed copy
   * @throws IllegalArgumentException unless 0 &lt; μ &lt; η &lt; 1 and μ &lt; ½
   */
  public Bfgs withLineSearch(double sufficientDecrease, double curvature) {
    if (!(sufficientDecrease > 0
        && sufficientDecrease < 0.5
        && sufficientDecrease < curvature
        && curvature < 1)) {
      throw new IllegalArgumentException(
          "sufficientDecrease = "
              + sufficientDecrease
              + ", curvature = "
              + curvature
              + ", expected 0 < sufficientDecrease < curvature < 1, sufficientDecrease < 0.5");
    }
    return new Bfgs(shared(), sufficientDecrease, curvature);
  }

  @Override
  int defaultIterationLimit(int parameters) {
    return (int) Math.min(Integer.MAX_VALUE, 200L * (parameters + 1L));
  }

  @Override
  public String toString() {
    return describe(
        "BFGS", ", sufficientDecrease=" + sufficientDecrease + ", curvature=" + curvature);
  }
}
