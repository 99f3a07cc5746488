package org.nabla4j.method;

/**
 * The simplex method of Nelder and Mead (1965), for objectives without derivatives; coefficients
 * that adapt to the number of parameters by Gao and Han (2012, Computational Optimization and
 * Applications 51). Values that are not finite count as +∞; bounds by projection.
 *
 * <p>It has no gradient to test. A simplex has converged when both
 *
 * <pre>
 *   max_i,j |θ_ij - θ_0j| / max(|θ_0j|, 1) ≤ parameterTolerance
 *   max_i |f_i - f_0| ≤ valueTolerance · max(|f_0|, 1)
 * </pre>
 *
 * <p>hold for its corners θ_i, of which θ_0 is the best; a tolerance of 0 stands for rounding. Then
 * a fresh simplex is set up around the best corner. The search ends when that one has converged too
 * and has gained nothing beyond the tolerances: a simplex that has collapsed onto a point that is
 * no minimum is found out.
 *
 * <p>{@link #withGradientTolerance} has no effect, since there is no gradient; neither {@link
 * #withValueTolerance} nor {@link #withParameterTolerance} alone ends a search.
 */
public final class NelderMead extends MinimizationOptions<NelderMead> {

  private static final NelderMead DEFAULTS = new NelderMead(new Values(0, 1e-10, 1e-7, 0), 0.05);

  private final double initialSize;

  private NelderMead(Values shared, double initialSize) {
    super(shared);
    this.initialSize = initialSize;
  }

  /**
   * The default options: value tolerance 10⁻¹⁰, parameter tolerance 10⁻⁷, initial size 0.05.
   *
   * @return the options
   */
  public static NelderMead defaults() {
    return DEFAULTS;
  }

  @Override
  NelderMead with(Values changed) {
    return new NelderMead(changed, initialSize);
  }

  /**
   * Edge of the first simplex relative to |θ_j|; absolute where the start is 0.
   *
   * @return the size, &gt; 0
   */
  public double initialSize() {
    return initialSize;
  }

  /**
   * Changes the size of the first simplex.
   *
   * @param value edge relative to |θ_j|, absolute where the start is 0; finite and &gt; 0
   * @return a changed copy
   * @throws IllegalArgumentException if the value is out of range
   */
  public NelderMead withInitialSize(double value) {
    return new NelderMead(shared(), Checks.positive("initialSize", value));
  }

  @Override
  int defaultIterationLimit(int parameters) {
    return (int) Math.min(Integer.MAX_VALUE, 1000L * (parameters + 1L));
  }

  @Override
  public String toString() {
    return describe("Nelder-Mead", ", initialSize=" + initialSize);
  }
}
