package org.nabla4j.cpu.minimize;

import java.util.Arrays;
import org.nabla4j.cpu.algebra.Vectors;
import org.nabla4j.method.MinimizationMethod;
import org.nabla4j.result.Status;

/**
 * The loop of the methods whose steps minimise a quadratic model within a trust region: which steps
 * are taken, and the endings.
 *
 * <p>A small gradient ends a search only where the curvature is not negative, and steps are taken
 * after it as long as they converge fast and gain what can be seen in f.
 */
abstract class TrustRegionSearch extends Search {

  /** Relative gradient below which rounding can be the reason that no step lowers f. */
  private static final double SMALL_GRADIENT = 1e-3;

  /** A predicted gain below this share of f can be hidden by cancellation in f. */
  private static final double HIDDEN_GAIN = 1e-10;

  /** Failures in a row at which a hidden gain is given up. */
  private static final int MOST_HIDDEN = 3;

  /** A predicted gain below this share of max(|f|, 1) is not worth slow convergence. */
  private static final double SETTLED = 1e-9;

  /** A predicted gain below this share of all that has been gained is not worth a step. */
  private static final double NOTHING_LEFT = 1e-13;

  /** Fast convergence divides the gradient by more than this. */
  private static final double FAST = 10;

  final MinimizationMethod method;
  final double[] lower;
  final double[] upper;
  final int p;
  final Convergence convergence;

  final double[] theta;
  final double[] gradient;
  double value = Double.NaN;

  final double[] trial;
  final double[] step;

  /** What the model promises for the step, its length, and whether that is all of Δ. */
  double predicted;

  double length;
  boolean atBoundary;

  TrustRadius trust;
  private final int limit;
  private double startValue;
  private double relative;
  private double relativeBefore = Double.POSITIVE_INFINITY;
  private boolean started;
  private boolean settled;
  private int failures;
  private int iterations;
  private Status status;
  private double statusValue = Double.NaN;

  /**
   * Prepares a search.
   *
   * @param method options
   * @param start p parameters within the bounds; copied
   * @param lower lower bounds, or null where there are none; kept
   * @param upper upper bounds, or null where there are none; kept
   */
  TrustRegionSearch(MinimizationMethod method, double[] start, double[] lower, double[] upper) {
    this.method = method;
    this.lower = lower;
    this.upper = upper;
    this.p = start.length;
    this.convergence = new Convergence(method, lower, upper);
    this.theta = start.clone();
    this.trial = start.clone();
    this.gradient = new double[p];
    this.step = new double[p];
    int movable = 0;
    for (int j = 0; j < p; j++) {
      movable += isFixed(j) ? 0 : 1;
    }
    this.limit = method.iterationLimit(movable);
  }

  /** Takes the Hessian at the iterate; null for a method without. */
  abstract void take(double[] hessian);

  /** The region of the first step. */
  abstract TrustRadius firstRegion();

  /** Whether the Hessian at the iterate has no negative eigenvalue that is known. */
  abstract boolean isConvex();

  /**
   * Finds a step from the iterate within the region; {@link #propose} is called when it is done.
   */
  abstract void findStep();

  /** Finds a shorter step, about this share of the last; then as {@link #findStep}. */
  abstract void findShorterStep(double share);

  /** Tells f, its gradient and Hessian at the trial. */
  final void tellTrial(double f, double[] g, double[] h) {
    boolean finite =
        Math.abs(f) <= Double.MAX_VALUE && areFinite(g, p) && (h == null || areFinite(h, p * p));
    if (f < WolfeLineSearch.BOTTOM) {
      iterations += started ? 1 : 0;
      started = true;
      move(f, g);
      end(Status.UNBOUNDED, f);
    } else if (!started) {
      move(f, g);
      started = true;
      if (finite) {
        startValue = f;
        take(h);
        trust = firstRegion();
        advance();
      } else {
        Arrays.fill(gradient, Double.NaN);
        end(Status.NON_FINITE, Math.abs(f) <= Double.MAX_VALUE ? Double.NaN : f);
      }
    } else if (finite) {
      judge(f, g, h);
    } else {
      fail(0);
    }
  }

  /** Whether the first n are finite. */
  static boolean areFinite(double[] x, int n) {
    double probe = 0;
    for (int i = 0; i < n; i++) {
      probe += 0 * x[i]; // NaN where it is not finite
    }
    return probe == 0;
  }

  private void move(double f, double[] g) {
    value = f;
    System.arraycopy(trial, 0, theta, 0, p);
    System.arraycopy(g, 0, gradient, 0, p);
    relativeBefore = started ? relative : Double.POSITIVE_INFINITY;
    relative = convergence.relativeGradient(value, theta, gradient);
  }

  /** Takes the trial, or not. */
  private void judge(double f, double[] g, double[] h) {
    double slope = Vectors.dot(gradient, step);
    double actual = value - f;
    if (Math.abs(actual) <= WolfeLineSearch.ROUNDING * Math.abs(value)) {
      // What rounding hides of f, the trapezoidal rule tells from the slopes.
      actual = -0.5 * (slope + Vectors.dot(g, step));
    }
    double ratio = actual / predicted;
    if (!trust.takes(ratio)) {
      fail(-0.5 * slope / (f - value - slope)); // the minimum of a parabola
      return;
    }
    trust.accept(ratio, length, atBoundary);
    failures = 0;
    iterations++;
    double before = value;
    double moved = Convergence.relativeStep(theta, trial);
    move(f, g);
    take(h);
    if (convergence.gainIsSmall(before, f)) {
      end(Status.CONVERGED_COST, Math.abs(before - f) / Math.max(Math.abs(f), 1));
    } else if (convergence.stepIsShort(moved)) {
      end(Status.CONVERGED_PARAMETERS, moved);
    } else {
      advance();
    }
  }

  /** The trial is no better: tries a share of the step, unless rounding hides what is sought. */
  private void fail(double share) {
    failures++;
    double size = Math.abs(value);
    boolean hidden =
        predicted <= WolfeLineSearch.ROUNDING * size
            || (failures >= MOST_HIDDEN && predicted <= HIDDEN_GAIN * size);
    if (settled || hidden) {
      stop(hidden);
    } else {
      trust.reject(length, share);
      findShorterStep(trust.radius() / length);
    }
  }

  /** At a new iterate: ends, or takes the next step. */
  final void advance() {
    settled = convergence.gradientIsSmall(relative) && isConvex();
    if (!settled && iterations >= limit) {
      end(Status.ITERATION_LIMIT, iterations);
    } else {
      findStep();
    }
  }

  /** Proposes the step that was found, or ends where it is not worth while. */
  final void propose() {
    if (settled
        && (predicted <= NOTHING_LEFT * (startValue - value) || (!atBoundary && isLittleLeft()))) {
      end(Status.CONVERGED_GRADIENT, relative);
      return;
    }
    if (iterations >= limit) {
      end(Status.ITERATION_LIMIT, iterations);
      return;
    }
    boolean same = true;
    for (int j = 0; j < p; j++) {
      trial[j] = project(j, theta[j] + step[j]);
      step[j] = trial[j] - theta[j];
      same &= step[j] == 0;
    }
    if (same && atBoundary && failures == 0 && trust.widen()) {
      findStep(); // scales have grown since, and left of the region what rounding hides
    } else if (same || !(predicted > 0)) {
      stop(true);
    }
  }

  /** Whether the minimum of the model, which is inside the region, is hardly lower than f. */
  private boolean isLittleLeft() {
    boolean slow = iterations >= limit || FAST * relative > relativeBefore;
    return convergence.isLittle(predicted, Math.abs(value))
        || (slow && predicted <= SETTLED * Math.max(Math.abs(value), 1));
  }

  /** No step lowers f. */
  private void stop(boolean hidden) {
    if (convergence.gradientIsSmall(relative)) {
      end(Status.CONVERGED_GRADIENT, relative);
    } else if (hidden && relative <= SMALL_GRADIENT) {
      end(Status.CONVERGED_COST, Math.max(predicted, 0) / Math.max(Math.abs(value), 1));
    } else {
      end(Status.NO_PROGRESS, relative);
    }
  }

  /** The number within the bounds that is nearest. */
  final double project(int j, double x) {
    double y = Math.max(-Double.MAX_VALUE, Math.min(Double.MAX_VALUE, x));
    y = lower == null ? y : Math.max(y, lower[j]);
    return upper == null ? y : Math.min(y, upper[j]);
  }

  /** Whether the bounds leave a parameter no room. */
  final boolean isFixed(int j) {
    return lower != null && upper != null && lower[j] >= upper[j];
  }

  /** Whether a parameter is to stay: the gradient pushes it against a bound. */
  final boolean isHeld(int j) {
    return isFixed(j) || (gradient[j] != 0 && convergence.projected(j, theta, gradient) == 0);
  }

  private void end(Status how, double quantity) {
    status = how;
    statusValue = quantity;
  }

  /** Whether a step has been taken. */
  final boolean hasMoved() {
    return iterations > 0;
  }

  final boolean hasEnded() {
    return status != null;
  }

  @Override
  double[] point() {
    return trial;
  }

  @Override
  final void cancel() {
    if (status == null) {
      end(Status.CANCELLED, Double.NaN);
    }
  }

  @Override
  final double[] best() {
    return theta;
  }

  @Override
  final double value() {
    return value;
  }

  @Override
  final double[] gradient() {
    return gradient;
  }

  @Override
  final Status status() {
    return status;
  }

  @Override
  final double statusValue() {
    return statusValue;
  }

  @Override
  final int iterations() {
    return iterations;
  }

  @Override
  public final String toString() {
    return method + " at iteration " + iterations;
  }
}
