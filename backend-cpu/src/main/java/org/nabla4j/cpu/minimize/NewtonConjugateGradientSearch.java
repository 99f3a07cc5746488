package org.nabla4j.cpu.minimize;

import java.util.Arrays;
import org.nabla4j.cpu.algebra.Vectors;
import org.nabla4j.method.NewtonConjugateGradient;

/**
 * Newton with truncated conjugate gradients (Steihaug 1983, Toint 1981): the model gᵀs + ½sᵀHs is
 * minimised along conjugate directions until the residual is small, the boundary ‖s‖ = Δ is met, or
 * a direction has negative curvature, which is followed to the boundary.
 *
 * <p>A step that is not taken is shortened without further products (Nocedal, Yuan 1998, Combining
 * trust region and line search techniques).
 *
 * <p>Bounds: parameters that the gradient pushes against them are held. The first direction is −g,
 * bent at the bounds (the Cauchy point of Lin and Moré 1999); conjugate gradients go on among what
 * is then inside, and begin anew where they meet a bound.
 *
 * <p>Memory is eight vectors.
 */
final class NewtonConjugateGradientSearch extends TrustRegionSearch {

  /** Share of the size of the start that the first step may have. */
  private static final double FIRST_RADIUS = 0.1;

  /** Largest residual, relative to the gradient, at which conjugate gradients stop. */
  private static final double FORCING = 0.5;

  /** Curvature relative to that of the first direction which is none. */
  private static final double FLAT = 1e-14;

  /** Share of the decrease that the slope promises which the Cauchy point must have. */
  private static final double CAUCHY_DECREASE = 0.1;

  private static final int MOST_CAUCHY = 20;

  /** Products that look for negative curvature where a search would end at its start. */
  private static final int MOST_PROBES = 50;

  /** What the next product is for. */
  private enum Phase {
    /** None is needed: the trial is to be evaluated. */
    NONE,
    /** Curvature along −g, for the Cauchy point. */
    STEEPEST,
    /** The model at the Cauchy point. */
    CAUCHY,
    /** The next conjugate direction. */
    CONJUGATE,
    /** The same, looking for negative curvature. */
    PROBE
  }

  private final NewtonConjugateGradient options;

  /** 1 where a parameter is free to move, else 0. */
  private final double[] free;

  private final double[] residual;
  private final double[] direction;

  /** H·step, as the residual in units of ‖g‖: squares of gradients may overflow. */
  private final double[] image;

  private double unit;

  private Phase phase = Phase.NONE;
  private double square;
  private double target;
  private double startNorm;
  private double cauchyShare;
  private double largestCurvature;
  private int products;

  /** Whether no negative curvature was found at the start. */
  private boolean probed;

  /**
   * Prepares a search.
   *
   * @param method options
   * @param start p parameters within the bounds; copied
   * @param lower lower bounds, or null where there are none; kept
   * @param upper upper bounds, or null where there are none; kept
   */
  NewtonConjugateGradientSearch(
      NewtonConjugateGradient method, double[] start, double[] lower, double[] upper) {
    super(method, start, lower, upper);
    this.options = method;
    this.free = new double[p];
    this.residual = new double[p];
    this.direction = new double[p];
    this.image = new double[p];
  }

  @Override
  Need need() {
    if (hasEnded()) {
      return Need.NOTHING;
    }
    return phase == Phase.NONE ? Need.GRADIENT : Need.PRODUCT;
  }

  @Override
  double[] point() {
    return phase == Phase.NONE ? trial : theta;
  }

  @Override
  double[] direction() {
    if (need() != Need.PRODUCT) {
      return super.direction();
    }
    return phase == Phase.CAUCHY ? step : direction;
  }

  @Override
  void tell(double f, double[] g, double[] h) {
    switch (phase) {
      case NONE -> tellTrial(f, g, null);
      case STEEPEST -> takeSteepest(g);
      case CAUCHY -> takeCauchy(g);
      case CONJUGATE -> takeConjugate(g);
      case PROBE -> takeProbe(g);
    }
  }

  @Override
  void take(double[] h) {}

  @Override
  TrustRadius firstRegion() {
    double around = Math.max(Vectors.norm(theta), 1);
    return new TrustRadius(
        options.initialRadius() * FIRST_RADIUS * around,
        options.maxRadius() * around,
        options.acceptance());
  }

  /** At the start nothing is known of the curvature: it is looked for; later steps have seen it. */
  @Override
  boolean isConvex() {
    return hasMoved() || probed;
  }

  @Override
  void findStep() {
    products = 0;
    largestCurvature = 0;
    boolean bounded = lower != null || upper != null;
    for (int j = 0; j < p; j++) {
      free[j] = isHeld(j) ? 0 : 1;
      residual[j] = free[j] * gradient[j];
    }
    Arrays.fill(step, 0);
    Arrays.fill(image, 0);
    double norm = Vectors.norm(residual);
    startNorm = hasMoved() ? startNorm : norm;
    unit = norm > 0 ? norm : 1;
    for (int j = 0; j < p; j++) {
      residual[j] /= unit;
    }
    if (isStationaryStart()) {
      beginProbe();
      return;
    }
    target = Math.min(FORCING, Math.sqrt(norm / startNorm));
    turnToResidual();
    phase = bounded ? Phase.STEEPEST : Phase.CONJUGATE;
    if (!(square > 0)) {
      finish();
    }
  }

  private boolean isStationaryStart() {
    return !hasMoved()
        && !probed
        && convergence.gradientIsSmall(convergence.relativeGradient(value, theta, gradient));
  }

  /** d = −r, over what is free. */
  private void turnToResidual() {
    for (int j = 0; j < p; j++) {
      direction[j] = -free[j] * residual[j];
    }
    square = Vectors.dot(direction, direction);
  }

  /** The first point of the path P(θ − t·g) that is tried. */
  private void takeSteepest(double[] product) {
    double curvature = Vectors.dot(direction, product) / unit;
    double most = trust.radius() / Vectors.norm(direction);
    double share = curvature > 0 ? Math.min(square / curvature, most) : most;
    products++;
    if (!areFinite(product, p)) {
      share = most;
    }
    bend(share);
  }

  private void bend(double share) {
    cauchyShare = share;
    for (int j = 0; j < p; j++) {
      step[j] = project(j, theta[j] + share * direction[j]) - theta[j];
    }
    phase = Phase.CAUCHY;
  }

  private void takeCauchy(double[] product) {
    products++;
    double slope = Vectors.dot(gradient, step);
    double model = slope + 0.5 * Vectors.dot(step, product);
    boolean good = model <= CAUCHY_DECREASE * slope;
    if (!good && products < MOST_CAUCHY) {
      bend(0.25 * cauchyShare);
      return;
    }
    boolean finite = areFinite(product, p);
    for (int j = 0; j < p; j++) {
      image[j] = finite ? product[j] / unit : 0;
      residual[j] = gradient[j] / unit + image[j];
    }
    restart();
  }

  /** Goes on from the step along the residual, among what is inside the bounds. */
  private void restart() {
    for (int j = 0; j < p; j++) {
      double at = theta[j] + step[j];
      boolean low = lower != null && at <= lower[j];
      boolean high = upper != null && at >= upper[j];
      free[j] = low || high ? 0 : free[j];
    }
    turnToResidual();
    boolean room = Vectors.norm(step) < 0.99 * trust.radius();
    if (room && Math.sqrt(square) > target && products < mostProducts()) {
      phase = Phase.CONJUGATE;
    } else {
      finish();
    }
  }

  private int mostProducts() {
    return (int) Math.min(20 + 2L * p, 10_000);
  }

  private void takeConjugate(double[] product) {
    products++;
    double curvature = Vectors.dot(direction, product) / unit;
    if (!areFinite(product, p)) {
      finish();
      return;
    }
    double dd = Vectors.dot(direction, direction);
    largestCurvature = Math.max(largestCurvature, Math.abs(curvature) / dd);
    boolean curved = curvature > FLAT * largestCurvature * dd;
    double boundary = toBoundary();
    double length = curved ? Math.min(square / curvature, boundary) : boundary;
    double room = toBound();
    boolean stopped = room <= length;
    length = Math.min(length, room);
    for (int j = 0; j < p; j++) {
      step[j] += length * direction[j];
      double change = length * product[j] / unit;
      image[j] += change;
      residual[j] += change;
    }
    if (stopped) {
      putOnBounds();
      restart();
    } else if (length >= boundary || products >= mostProducts()) {
      finish();
    } else {
      goOn();
    }
  }

  /** The next conjugate direction d ← −r + βd. */
  private void goOn() {
    double before = square;
    square = 0;
    for (int j = 0; j < p; j++) {
      double r = free[j] * residual[j];
      square += r * r;
    }
    if (Math.sqrt(square) <= target) {
      if (phase == Phase.PROBE) {
        endProbe();
      } else {
        finish();
      }
      return;
    }
    double beta = square / before;
    for (int j = 0; j < p; j++) {
      direction[j] = free[j] * (beta * direction[j] - residual[j]);
    }
  }

  /** The τ ≥ 0 with ‖s + τd‖ = Δ. */
  private double toBoundary() {
    double radius = trust.radius();
    double norm = Vectors.norm(direction);
    double reached = Math.min(Vectors.norm(step), radius);
    double rest = Math.sqrt(radius - reached) * Math.sqrt(radius + reached);
    double along = 0; // sᵀd/‖d‖
    for (int j = 0; j < p; j++) {
      along += step[j] * (direction[j] / norm);
    }
    double root = Math.hypot(along, rest);
    return (along > 0 ? rest * (rest / (along + root)) : root - along) / norm;
  }

  /** The τ ≥ 0 at which s + τd meets a bound. */
  private double toBound() {
    double room = Double.POSITIVE_INFINITY;
    for (int j = 0; lower != null && j < p; j++) {
      if (direction[j] < 0) {
        room = Math.min(room, (theta[j] + step[j] - lower[j]) / -direction[j]);
      }
    }
    for (int j = 0; upper != null && j < p; j++) {
      if (direction[j] > 0) {
        room = Math.min(room, (upper[j] - theta[j] - step[j]) / direction[j]);
      }
    }
    return Math.max(room, 0);
  }

  /** Puts on its bound what rounding has left beside or beyond it. */
  private void putOnBounds() {
    for (int j = 0; j < p; j++) {
      double at = theta[j] + step[j];
      double near = 4 * Math.ulp(at);
      if (lower != null && direction[j] < 0 && at <= lower[j] + near) {
        step[j] = lower[j] - theta[j];
      } else if (upper != null && direction[j] > 0 && at >= upper[j] - near) {
        step[j] = upper[j] - theta[j];
      }
      if (direction[j] != 0 && theta[j] + step[j] != project(j, theta[j] + step[j])) {
        free[j] = 0;
      }
    }
  }

  private void finish() {
    phase = Phase.NONE;
    predicted = -Vectors.dot(gradient, step) - 0.5 * unit * Vectors.dot(step, image);
    length = Vectors.norm(step);
    atBoundary = length >= 0.99 * trust.radius();
    propose();
  }

  @Override
  void findShorterStep(double share) {
    double slope = share * Vectors.dot(gradient, step);
    if (!(slope < 0)) {
      findStep(); // the step had nothing but curvature
      return;
    }
    Vectors.scale(share, step);
    Vectors.scale(share, image);
    finish();
  }

  /** Conjugate gradients on a system with a right-hand side that has a part of everything. */
  private void beginProbe() {
    unit = 1;
    long state = 0x9E3779B97F4A7C15L;
    for (int j = 0; j < p; j++) {
      state ^= state << 13;
      state ^= state >>> 7;
      state ^= state << 17;
      residual[j] = free[j] * (1 + 0x1p-64 * state);
    }
    turnToResidual();
    target = 1e-3 * Math.sqrt(square);
    phase = Phase.PROBE;
    if (!(square > 0)) {
      endProbe();
    }
  }

  private void takeProbe(double[] product) {
    products++;
    double curvature = Vectors.dot(direction, product);
    double dd = Vectors.dot(direction, direction);
    largestCurvature = Math.max(largestCurvature, Math.abs(curvature) / dd);
    if (curvature < -1e-11 * largestCurvature * dd) {
      leaveSaddle(product);
      return;
    }
    boolean curved = curvature > FLAT * largestCurvature * dd;
    if (!curved || !areFinite(product, p) || products >= MOST_PROBES) {
      endProbe();
      return;
    }
    double length = square / curvature;
    for (int j = 0; j < p; j++) {
      residual[j] += length * product[j];
    }
    goOn();
  }

  /** The start may be the answer, as the first step will show. */
  private void endProbe() {
    probed = true;
    phase = Phase.NONE;
    advance();
  }

  /** Along negative curvature to the boundary, or to a bound. */
  private void leaveSaddle(double[] product) {
    double most = trust.radius() / Vectors.norm(direction);
    double forth = Math.min(most, toBound());
    Vectors.scale(-1, direction);
    double back = Math.min(most, toBound());
    boolean down = Vectors.dot(gradient, direction) <= 0; // as it stands now, turned
    double share = (down && back > 0) || !(forth > 0) ? back : -forth;
    for (int j = 0; j < p; j++) {
      step[j] = share * direction[j];
      image[j] = -share * product[j];
    }
    finish();
  }
}
