package org.nabla4j.cpu.minimize;

import java.util.Arrays;

/**
 * Steps of Barzilai and Borwein (1988), projected onto the bounds (Birgin, Martínez and Raydan
 * 2000):
 *
 * <pre>
 *   d = P(θ - α·∇f) - θ,  α = sᵀy/yᵀy if that is below 0.15·sᵀs/sᵀy, else sᵀs/sᵀy
 * </pre>
 *
 * <p>after Zhou, Gao and Dai (2006); backtracking along d until f lies below its largest value of
 * the last ten iterates by 10⁻⁴ of what the gradient predicts (Grippo, Lampariello and Lucidi 1986;
 * Raydan 1997).
 */
final class SpectralSteps extends Steps {

  private static final int HISTORY = 10;
  private static final double DECREASE = 1e-4;
  private static final double RATIO = 0.15;

  private final double[] history = new double[HISTORY];
  private final double[] direction;
  private final double[] point;
  private double slope;
  private double share;
  private double length;
  private int accepted;

  SpectralSteps(double[] start, double[] lower, double[] upper) {
    super(start, lower, upper);
    this.direction = new double[start.length];
    this.point = start.clone();
    Arrays.fill(history, Double.NEGATIVE_INFINITY);
  }

  @Override
  int patience() {
    return 200;
  }

  @Override
  double[] point() {
    return point;
  }

  @Override
  void advance() {
    if (length == 0) {
      length = firstLength();
    }
    slope = 0;
    for (int j = 0; j < direction.length; j++) {
      direction[j] = project(j, theta[j] - length * gradient[j]) - theta[j];
      slope += gradient[j] * direction[j];
    }
    share = 1;
    propose();
  }

  private void propose() {
    for (int j = 0; j < point.length; j++) {
      point[j] = project(j, theta[j] + share * direction[j]);
    }
  }

  @Override
  Outcome tell(double f, double[] g) {
    if (accepted == 0) {
      accept(f, g);
      return Outcome.STEP;
    }
    double highest = Double.NEGATIVE_INFINITY;
    for (double earlier : history) {
      highest = Math.max(highest, earlier);
    }
    boolean finite = Math.abs(f) <= Double.MAX_VALUE && RateSteps.isFinite(g);
    if (finite && f <= highest + DECREASE * share * slope) {
      measure(g);
      accept(f, g);
      return Outcome.STEP;
    }
    if (isSame(theta, point)) {
      return Outcome.STUCK;
    }
    double rise = f - value - share * slope;
    double least = finite && rise > 0 ? -share * slope / (2 * rise) : 0;
    share *= Math.max(0.1, Math.min(0.5, least));
    propose();
    return Outcome.TRIAL;
  }

  private void accept(double f, double[] g) {
    value = f;
    history[accepted % HISTORY] = f;
    accepted = accepted + 1 == 2 * HISTORY ? HISTORY : accepted + 1;
    System.arraycopy(point, 0, theta, 0, point.length);
    System.arraycopy(g, 0, gradient, 0, g.length);
  }

  /** The length of the next step, from the change s of θ and y of the gradient. */
  private void measure(double[] g) {
    double ss = 0;
    double sy = 0;
    double yy = 0;
    for (int j = 0; j < g.length; j++) {
      double s = point[j] - theta[j];
      double y = g[j] - gradient[j];
      ss += s * s;
      sy += s * y;
      yy += y * y;
    }
    double longer = ss / sy;
    double shorter = sy / yy;
    if (sy > 0 && shorter > 0 && longer < Double.POSITIVE_INFINITY) {
      length = shorter < RATIO * longer ? shorter : longer;
    } else {
      length = Math.min(10 * length, 1e300); // the curvature is not positive
    }
  }

  @Override
  double predicted(double[] at, double[] g) {
    return -slope;
  }
}
