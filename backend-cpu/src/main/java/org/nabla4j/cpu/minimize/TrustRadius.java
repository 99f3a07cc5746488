package org.nabla4j.cpu.minimize;

/**
 * Δ, the radius within which a quadratic model is trusted. With ρ the actual reduction of f divided
 * by the predicted one, a step is taken if ρ is at least a threshold, and Δ follows ρ (Conn, Gould,
 * Toint 2000, Trust-Region Methods, section 6.1).
 */
final class TrustRadius {

  /** Below this ρ a step that was taken was too long. */
  private static final double POOR = 0.25;

  /** Above this ρ a step to the boundary calls for a longer one. */
  private static final double GOOD = 0.75;

  /** Growth for a good step, and once more for one that was foretold to a tenth. */
  private static final double GROWTH = 1.5;

  /** After so many longer steps in a row Δ grows ever faster: f may have no minimum. */
  private static final int LONG_RUN = 3;

  private static final double WIDENING = 1e4;

  private static final double LARGEST = 1e300;

  private final double threshold;
  private final double most;
  private double radius;
  private int run;

  /**
   * Prepares.
   *
   * @param first Δ of the first step
   * @param most the largest Δ, may be infinite
   * @param threshold the least ρ of a step that is taken
   */
  TrustRadius(double first, double most, double threshold) {
    this.most = Math.min(most, LARGEST);
    this.radius = Math.min(Math.max(first, Double.MIN_NORMAL), this.most);
    this.threshold = threshold;
  }

  /** Δ. */
  double radius() {
    return radius;
  }

  /** Whether a step is taken; not if ρ is NaN. */
  boolean takes(double ratio) {
    return ratio > threshold;
  }

  /** Reduces Δ to a share of a step that was not taken, within a tenth to a half. */
  void reject(double length, double share) {
    run = 0;
    radius = Math.max(0.1, Math.min(0.5, share)) * length;
  }

  /** Enlarges Δ by far; whether that was possible. */
  boolean widen() {
    boolean room = radius < most;
    radius = Math.min(WIDENING * radius, most);
    return room;
  }

  /** Follows a step that was taken. */
  void accept(double ratio, double length, boolean atBoundary) {
    if (ratio < POOR) {
      run = 0;
      radius = 0.5 * length;
    } else if (ratio > GOOD && atBoundary) {
      run++;
      double growth = Math.abs(ratio - 1) < 0.1 ? GROWTH * GROWTH : GROWTH;
      growth *= run > LONG_RUN ? (double) run * run : 1;
      radius = Math.min(Math.max(radius, growth * length), most);
    } else {
      run = 0;
    }
  }
}
