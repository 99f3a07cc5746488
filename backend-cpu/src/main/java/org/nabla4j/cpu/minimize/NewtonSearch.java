package org.nabla4j.cpu.minimize;

import java.util.Arrays;
import org.nabla4j.method.NewtonRaphson;
import org.nabla4j.result.Status;

/**
 * Newton-Raphson minimisation: each step minimises the quadratic model gᵀs + ½sᵀHs in an ellipsoid
 * ‖Ds‖ ≤ Δ by {@link TrustRegionModel}, with D from {@link SymmetricScaling} and Δ from {@link
 * TrustRadius}.
 *
 * <p>A point with a small gradient ends the search only if H is positive semidefinite there, within
 * rounding; else the step follows negative curvature. Before it ends, steps are taken as long as
 * they converge quadratically and gain what can be seen in f.
 *
 * <p>Bounds: parameters that the gradient pushes against their bounds are held and the model is
 * minimised over the others (Bertsekas 1982, SIAM Journal on Control and Optimization 20); of those
 * that the step takes beyond a bound, it is cut there and minimised again over what is left.
 */
final class NewtonSearch extends Search {

  /** Share of the size of the start that the first step may have, if H is positive definite. */
  private static final double CONVEX_START = 1;

  /** The same where H is not: the length of such a step says nothing. */
  private static final double OTHER_START = 0.05;

  /** Negative eigenvalues down to this share of the largest one are rounding. */
  private static final double FLAT = 1e-11;

  /** Relative gradient below which rounding can be the reason that no step lowers f. */
  private static final double SMALL_GRADIENT = 1e-3;

  /** A predicted gain below this share of f can be hidden by cancellation in f. */
  private static final double HIDDEN_GAIN = 1e-10;

  /** Failures in a row at which a hidden gain is given up. */
  private static final int MOST_HIDDEN = 3;

  /** A predicted gain below this share of f is not worth a step once the gradient is small. */
  private static final double SETTLED = 1e-9;

  /** The same as a share of all that has been gained since the start. */
  private static final double NOTHING_LEFT = 1e-13;

  /** Quadratic convergence divides the gradient by more than this. */
  private static final double FAST = 10;

  private final NewtonRaphson method;
  private final double[] lower;
  private final double[] upper;
  private final int p;
  private final int limit;
  private final Convergence convergence;
  private final TrustRegionModel model;
  private final SymmetricScaling scaling;

  private final double[] theta;
  private final double[] gradient;
  private final double[] hessian;
  private double value = Double.NaN;
  private double startValue;
  private double relative;
  private double relativeBefore = Double.POSITIVE_INFINITY;

  private final double[] trial;
  private final double[] step;
  private TrustRadius trust;
  private double predicted;
  private double length;
  private boolean atBoundary;

  /** Which parameters are held, and those that are not; the model over these in the scales. */
  private final boolean[] held;

  private final int[] free;
  private final double[] freeGradient;
  private final double[] freeHessian;
  private final double[] freeStep;
  private final double[] candidate;

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
  NewtonSearch(NewtonRaphson method, double[] start, double[] lower, double[] upper) {
    this.method = method;
    this.lower = lower;
    this.upper = upper;
    this.p = start.length;
    this.convergence = new Convergence(method, lower, upper);
    this.model = new TrustRegionModel(p);
    this.scaling = new SymmetricScaling(p);
    this.theta = start.clone();
    this.trial = start.clone();
    this.gradient = new double[p];
    this.hessian = new double[Math.multiplyExact(p, p)];
    this.step = new double[p];
    this.held = new boolean[p];
    this.free = new int[p];
    this.freeGradient = new double[p];
    this.freeHessian = new double[p * p];
    this.freeStep = new double[p];
    this.candidate = new double[p];
    int movable = 0;
    for (int j = 0; j < p; j++) {
      movable += isFixed(j) ? 0 : 1;
    }
    this.limit = method.iterationLimit(movable);
  }

  @Override
  Need need() {
    return status == null ? Need.HESSIAN : Need.NOTHING;
  }

  @Override
  double[] point() {
    return trial;
  }

  @Override
  void tell(double f, double[] g, double[] h) {
    boolean finite = Math.abs(f) <= Double.MAX_VALUE && areFinite(g, p) && areFinite(h, p * p);
    if (f < WolfeLineSearch.BOTTOM) {
      iterations += started ? 1 : 0;
      move(f, g, h);
      end(Status.UNBOUNDED, f);
    } else if (!started) {
      started = true;
      value = f;
      if (finite) {
        begin(f, g, h);
      } else {
        System.arraycopy(g, 0, gradient, 0, p);
        end(Status.NON_FINITE, Math.abs(f) <= Double.MAX_VALUE ? Double.NaN : f);
      }
    } else if (finite) {
      judge(f, g, h);
    } else {
      fail(0);
    }
  }

  private static boolean areFinite(double[] x, int n) {
    double probe = 0;
    for (int i = 0; i < n; i++) {
      probe += 0 * x[i]; // NaN where it is not finite
    }
    return probe == 0;
  }

  private void begin(double f, double[] g, double[] h) {
    startValue = f;
    move(f, g, h);
    double[] d = scaling.scale();
    double square = 0;
    double most = 0;
    for (int j = 0; j < p; j++) {
      square += d[j] * theta[j] * (d[j] * theta[j]);
      most = Math.max(most, d[j]);
    }
    int size = reduce();
    boolean convex = model.isPositiveSemidefinite(freeHessian, size, FLAT);
    double share = convex ? CONVEX_START : OTHER_START;
    double around = Math.max(Math.sqrt(square), most);
    trust =
        new TrustRadius(
            method.initialRadius() * share * around,
            method.maxRadius() * around,
            method.acceptance());
    advance();
  }

  private void move(double f, double[] g, double[] h) {
    value = f;
    System.arraycopy(trial, 0, theta, 0, p);
    System.arraycopy(g, 0, gradient, 0, p);
    System.arraycopy(h, 0, hessian, 0, p * p);
    scaling.update(hessian);
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
    move(f, g, h);
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
      propose();
    }
  }

  /** At a new iterate: ends, or takes the next step. */
  private void advance() {
    settled =
        convergence.gradientIsSmall(relative)
            && model.isPositiveSemidefinite(freeHessian, reduce(), FLAT);
    if (!settled && iterations >= limit) {
      end(Status.ITERATION_LIMIT, iterations);
    } else {
      propose();
    }
  }

  private void propose() {
    findStep();
    if (settled
        && (iterations >= limit
            || predicted <= SETTLED * Math.abs(value)
            || predicted <= NOTHING_LEFT * (startValue - value)
            || FAST * relative > relativeBefore)) {
      end(Status.CONVERGED_GRADIENT, relative);
      return;
    }
    boolean same = true;
    for (int j = 0; j < p; j++) {
      trial[j] = project(j, theta[j] + step[j]);
      step[j] = trial[j] - theta[j];
      same &= step[j] == 0;
    }
    if (same || !(predicted > 0)) {
      stop(true);
    }
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

  private double project(int j, double x) {
    double y = Math.max(-Double.MAX_VALUE, Math.min(Double.MAX_VALUE, x));
    y = lower == null ? y : Math.max(y, lower[j]);
    return upper == null ? y : Math.min(y, upper[j]);
  }

  private boolean isFixed(int j) {
    return lower != null && upper != null && lower[j] >= upper[j];
  }

  /** Holds what the gradient pushes against a bound; how many are free. */
  private int reduce() {
    Arrays.fill(step, 0);
    for (int j = 0; j < p; j++) {
      boolean pushed = gradient[j] != 0 && convergence.projected(j, theta, gradient) == 0;
      held[j] = pushed || isFixed(j);
    }
    return restrict();
  }

  /** The model over what is not held, about what is; how many are free. */
  private int restrict() {
    int size = 0;
    for (int j = 0; j < p; j++) {
      if (!held[j]) {
        free[size++] = j;
      }
    }
    double[] d = scaling.scale();
    for (int a = 0; a < size; a++) {
      int i = free[a];
      double g = gradient[i];
      for (int j = 0; j < p; j++) {
        g += held[j] ? hessian[i * p + j] * step[j] : 0;
      }
      freeGradient[a] = g / d[i];
      for (int b = 0; b < size; b++) {
        freeHessian[a * size + b] = hessian[i * p + free[b]] / d[i] / d[free[b]];
      }
    }
    return size;
  }

  /** Minimises the model in the ellipsoid and the bounds. */
  private void findStep() {
    int size = reduce();
    solve(size, trust.radius());
    predicted = model.reduction();
    length = model.length();
    atBoundary = model.atBoundary();
    if ((lower != null || upper != null) && isOutside()) {
      findBoundedStep(size);
    }
  }

  private void solve(int size, double radius) {
    model.minimise(freeHessian, freeGradient, size, radius, freeStep);
    for (int a = 0; a < size; a++) {
      step[free[a]] = freeStep[a] / scaling.scale()[free[a]];
    }
  }

  private boolean isOutside() {
    for (int j = 0; j < p; j++) {
      if (project(j, theta[j] + step[j]) != theta[j] + step[j]) {
        return true;
      }
    }
    return false;
  }

  /** The best of several steps within the bounds, from the one that leads out of them. */
  private void findBoundedStep(int size) {
    double radius = trust.radius();
    predicted = 0;
    Arrays.fill(candidate, 0);
    double[] whole = step.clone();
    double room = 1;
    for (int j = 0; j < p; j++) {
      if (whole[j] != 0) {
        double kept = (project(j, theta[j] + whole[j]) - theta[j]) / whole[j];
        room = Math.min(room, Math.max(kept, 0));
      }
    }
    consider(whole, room);
    consider(whole, 1);
    consider(whole, -1); // negative curvature leads either way
    double[] steepest = new double[p];
    double norm = 0;
    for (int a = 0; a < size; a++) {
      norm += freeGradient[a] * freeGradient[a];
    }
    for (int a = 0; a < size && norm > 0; a++) {
      double d = scaling.scale()[free[a]];
      steepest[free[a]] = -freeGradient[a] / d * (radius / Math.sqrt(norm));
    }
    for (double share = 1; share > 1e-6; share *= 0.5) {
      consider(steepest, share);
    }
    System.arraycopy(whole, 0, step, 0, p);
    for (int round = 0; round < p && isOutside(); round++) {
      double used = 0;
      for (int j = 0; j < p; j++) {
        double cut = project(j, theta[j] + step[j]) - theta[j];
        held[j] |= cut != step[j];
        step[j] = held[j] ? cut : 0;
        used += scaled(j, step[j]);
      }
      double rest = radius * radius - used;
      if (rest > 0) {
        solve(restrict(), Math.sqrt(rest));
      }
    }
    consider(step.clone(), 1);
    System.arraycopy(candidate, 0, step, 0, p);
    double square = 0;
    for (int j = 0; j < p; j++) {
      square += scaled(j, step[j]);
    }
    length = Math.sqrt(square);
    atBoundary = length >= 0.99 * radius;
  }

  private double scaled(int j, double s) {
    double x = scaling.scale()[j] * s;
    return x * x;
  }

  /** Keeps a share of a step, cut at the bounds, if the model promises most of it. */
  private void consider(double[] whole, double share) {
    for (int j = 0; j < p; j++) {
      step[j] = project(j, theta[j] + share * whole[j]) - theta[j];
    }
    double reduction = 0;
    for (int i = 0; i < p; i++) {
      double curved = 0;
      for (int j = 0; j < p; j++) {
        curved += hessian[i * p + j] * step[j];
      }
      reduction -= step[i] * (gradient[i] + 0.5 * curved);
    }
    if (reduction > predicted) {
      predicted = reduction;
      System.arraycopy(step, 0, candidate, 0, p);
    }
  }

  private void end(Status how, double quantity) {
    status = how;
    statusValue = quantity;
  }

  @Override
  void cancel() {
    if (status == null) {
      end(Status.CANCELLED, Double.NaN);
    }
  }

  @Override
  double[] best() {
    return theta;
  }

  @Override
  double value() {
    return value;
  }

  @Override
  double[] gradient() {
    return gradient;
  }

  @Override
  Status status() {
    return status;
  }

  @Override
  double statusValue() {
    return statusValue;
  }

  @Override
  int iterations() {
    return iterations;
  }

  @Override
  public String toString() {
    return method + " at iteration " + iterations;
  }
}
