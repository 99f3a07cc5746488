package org.nabla4j.method;

/**
 * The options of methods whose steps are limited by a trust region, and their {@code with} methods,
 * which return a changed copy.
 *
 * @param <M> the method
 */
abstract sealed class TrustRegionOptions<M extends MinimizationMethod>
    extends MinimizationOptions<M> permits NewtonRaphson, NewtonConjugateGradient {

  /**
   * Their values.
   *
   * @param initialRadius of the first step
   * @param maxRadius of any step
   * @param acceptance least share of the predicted reduction
   */
  record Region(double initialRadius, double maxRadius, double acceptance) {

    /** What every method begins with. */
    static final Region DEFAULTS = new Region(1, Double.POSITIVE_INFINITY, 1e-4);
  }

  private final Region region;

  TrustRegionOptions(Values shared, Region region) {
    super(shared);
    this.region = region;
  }

  /** This method with another region. */
  abstract M with(Region changed);

  /**
   * Factor of the trust radius of the first step, whose usual value follows from the size of the
   * start and the Hessian there.
   *
   * @return the factor, &gt; 0
   */
  public double initialRadius() {
    return region.initialRadius;
  }

  /**
   * The largest trust radius, as a multiple of the size of the start.
   *
   * @return the multiple, &gt; 0, may be infinite
   */
  public double maxRadius() {
    return region.maxRadius;
  }

  /**
   * The least actual reduction of f, as a share of that which the model predicts, of a step that is
   * taken.
   *
   * @return the share, between 0 and ¼
   */
  public double acceptance() {
    return region.acceptance;
  }

  /**
   * Changes the trust radius of the first step; smaller where the search must stay near its start.
   *
   * @param value factor of the usual radius, finite and &gt; 0
   * @return a changed copy
   * @throws IllegalArgumentException if the value is out of range
   */
  public M withInitialRadius(double value) {
    double radius = Checks.positive("initialRadius", value);
    return with(new Region(radius, region.maxRadius, region.acceptance));
  }

  /**
   * Changes the largest trust radius.
   *
   * @param value multiple of the size of the start, &gt; 0; infinite for no limit
   * @return a changed copy
   * @throws IllegalArgumentException if the value is out of range
   */
  public M withMaxRadius(double value) {
    if (!(value > 0)) {
      throw new IllegalArgumentException("maxRadius = " + value + ", expected > 0");
    }
    return with(new Region(region.initialRadius, value, region.acceptance));
  }

  /**
   * Changes the least share of the predicted reduction.
   *
   * @param value the share, 0 &lt; value &lt; 0.25
   * @return a changed copy
   * @throws IllegalArgumentException if the value is out of range
   */
  public M withAcceptance(double value) {
    if (!(value > 0 && value < 0.25)) {
      throw new IllegalArgumentException(
          "acceptance = " + value + ", expected 0 < acceptance < 0.25");
    }
    return with(new Region(region.initialRadius, region.maxRadius, value));
  }

  Region region() {
    return region;
  }

  /** The region's options for a description. */
  final String describeRegion() {
    return ", initialRadius="
        + region.initialRadius
        + ", maxRadius="
        + region.maxRadius
        + ", acceptance="
        + region.acceptance;
  }
}
