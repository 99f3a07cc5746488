package org.nabla4j.cpu.minimize;

import org.nabla4j.cpu.algebra.Vectors;

/**
 * A step along a direction of descent within bounds: a {@link WolfeLineSearch} as far as no bound
 * is in the way, else backtracking along the path that is projected onto the bounds (Bertsekas
 * 1982)
 *
 * <pre>
 *   θ(α) = P(θ + α·d),  f(θ(α)) ≤ f(θ) + μ·∇f(θ)ᵀ(θ(α) - θ)
 * </pre>
 *
 * <p>so that many bounds can be met in one step.
 */
final class BoundedLine {

  /** Evaluations along the bent path, before a step that stays on the straight part is tried. */
  private static final int MOST_BENT = 10;

  /** A gain below this share of f, where the line search has failed, is rounding. */
  private static final double NOISE = 1e-12;

  /** Evaluations along the straight part. */
  private static final int MOST_TRIALS = 20;

  private final double[] lower;
  private final double[] upper;
  private final double decrease;
  private final WolfeLineSearch straight;

  private double[] from;
  private double value0;
  private double[] gradient0;
  private double[] direction;
  private double slope;
  private double room;
  private boolean bent;
  private boolean searching;
  private int trials;
  private double step;

  private double[] point;
  private double[] gradient;
  private double value;
  private double kept;

  /** The step that {@link #point} was written for. */
  private double written;

  /**
   * Prepares lines.
   *
   * @param parameters p
   * @param lower lower bounds, or null
   * @param upper upper bounds, or null
   * @param decrease μ of the strong Wolfe conditions
   * @param curvature η of the strong Wolfe conditions
   */
  BoundedLine(int parameters, double[] lower, double[] upper, double decrease, double curvature) {
    this.lower = lower;
    this.upper = upper;
    this.decrease = decrease;
    this.straight = new WolfeLineSearch(decrease, curvature, MOST_TRIALS);
    this.point = new double[parameters];
    this.gradient = new double[parameters];
  }

  /**
   * Begins a line. All arrays are kept until it ends, and none is modified.
   *
   * @param theta θ within the bounds
   * @param f f(θ), finite
   * @param g ∇f(θ)
   * @param d the direction; no component points out of a bound that θ stands on
   * @param gd ∇fᵀd, finite and &lt; 0
   * @param first the first step to try, &gt; 0
   */
  void begin(double[] theta, double f, double[] g, double[] d, double gd, double first) {
    from = theta;
    value0 = f;
    gradient0 = g;
    direction = d;
    slope = gd;
    room = room();
    kept = 0;
    trials = 0;
    searching = true;
    bent = first > room;
    step = first;
    if (!bent) {
      straight.begin(f, gd, first, room);
      step = straight.step();
    }
    writePoint();
  }

  /** How long a step may be until the first bound. */
  private double room() {
    double shortest = Double.POSITIVE_INFINITY;
    if (lower != null) {
      for (int j = 0; j < direction.length; j++) {
        if (direction[j] < 0) {
          shortest = Math.min(shortest, (lower[j] - from[j]) / direction[j]);
        }
      }
    }
    if (upper != null) {
      for (int j = 0; j < direction.length; j++) {
        if (direction[j] > 0) {
          shortest = Math.min(shortest, (upper[j] - from[j]) / direction[j]);
        }
      }
    }
    return shortest;
  }

  private void writePoint() {
    written = step;
    for (int j = 0; j < point.length; j++) {
      point[j] = from[j] + step * direction[j];
    }
    if (lower != null) {
      for (int j = 0; j < point.length; j++) {
        point[j] = Math.max(point[j], lower[j]);
      }
    }
    if (upper != null) {
      for (int j = 0; j < point.length; j++) {
        point[j] = Math.min(point[j], upper[j]);
      }
    }
  }

  /** Tells f and ∇f of the point; whether another one is to be evaluated. */
  boolean tell(double f, double[] g) {
    if (bent) {
      tellBent(f, g);
    } else if (straight.tell(f, Vectors.dot(g, direction))) {
      keep(f, g);
    }
    if (!bent) {
      searching = straight.outcome() == WolfeLineSearch.Outcome.SEARCHING;
      step = straight.step();
      if (straight.outcome() == WolfeLineSearch.Outcome.STALLED
          && value0 - value <= NOISE * Math.abs(value0)) {
        kept = 0; // no more than a fluke of rounding
      }
    }
    if (!searching && kept > 0) {
      step = kept;
    }
    if (searching || step != written) { // the last trial need not be what was kept
      writePoint();
    }
    return searching;
  }

  private void keep(double f, double[] g) {
    kept = step;
    value = f;
    System.arraycopy(g, 0, gradient, 0, g.length);
  }

  private void tellBent(double f, double[] g) {
    trials++;
    double expected = 0; // ∇f(θ)ᵀ(θ(α) - θ)
    double seen = 0; // the same with ∇f(θ(α))
    for (int j = 0; j < point.length; j++) {
      expected += gradient0[j] * (point[j] - from[j]);
      seen += g[j] * (point[j] - from[j]);
    }
    boolean finite = Math.abs(f) <= Double.MAX_VALUE && Math.abs(seen) <= Double.MAX_VALUE;
    double gain = f - value0;
    if (Math.abs(gain) <= WolfeLineSearch.ROUNDING * Math.abs(value0)) {
      gain = 0.5 * (expected + seen); // what rounding hides of f, the slopes tell
    }
    if (finite && expected < 0 && gain <= decrease * expected) {
      keep(f, g);
      searching = false;
      return;
    }
    double share = 0.1;
    if (finite && expected < 0) { // the minimum of the parabola through both values and the slope
      share = Math.max(0.1, Math.min(0.5, -expected / (2 * (f - value0 - expected))));
    }
    step *= share;
    if (step <= room || trials >= MOST_BENT) {
      bent = false;
      if (room * -slope > 0) {
        straight.begin(value0, slope, Math.min(step, room), room);
      } else {
        searching = false; // nothing is to be gained on the way to the bound
      }
    }
  }

  /** Where f is to be evaluated; after the line has ended, where it has led. */
  double[] point() {
    return point;
  }

  /** Whether a lower point was found. */
  boolean hasMoved() {
    return kept > 0;
  }

  /** Length of the step that was kept. */
  double step() {
    return kept;
  }

  /** Whether a bound was met. */
  boolean metBound() {
    return bent || kept >= room;
  }

  /** f where the line has led. */
  double value() {
    return value;
  }

  /** Takes the point that the line has led to, and leaves an array for the next one. */
  double[] takePoint(double[] other) {
    double[] taken = point;
    point = other;
    return taken;
  }

  /** Takes the gradient there, and leaves an array for the next one. */
  double[] takeGradient(double[] other) {
    double[] taken = gradient;
    gradient = other;
    return taken;
  }
}
