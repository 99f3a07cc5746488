package org.nabla4j.cpu;

import java.util.Arrays;
import org.nabla4j.method.RootFinding;
import org.nabla4j.result.Status;

/**
 * Newton-Raphson for a system F(x) = 0, one problem at a time.
 *
 * <p>The step solves JΔ = −F by LU decomposition with partial pivoting, rows and columns scaled to
 * size 1. Where J is singular to rounding, or where bounds hold unknowns back, it is
 *
 * <pre>  (AᵀA + μ²I) y = −AᵀDF,   A = DJC,   Δ = Cy,   μ = √(pε)·‖A‖</pre>
 *
 * <p>over the unknowns that are free (Dennis and Schnabel 1983, section 6.5). A line search on
 * ½‖DF‖² follows, D being the row scales of the current point; a trial outside of the bounds is
 * moved to them, one where F is not finite is stepped back from.
 */
final class NewtonSystem {

  private static final double EPSILON = 0x1p-52;

  /** Pivots of a scaled matrix that differ by more tell that it is singular to rounding. */
  private static final double SINGULAR = 1e-14;

  private static final double ENOUGH = 1e-4;
  private static final double SHORTEST = 1e-14;

  /** A step of this share of x is the last: what would follow is its square. */
  private static final double LAST = 1e-9;

  /** Steps in a row that hardly lower ‖DF‖ at all. */
  private static final int MOST_STAGNANT = 8;

  private static final double STAGNANT = 1e-5;

  /** Iterations before what is nothing beside the rounding at the start is called zero. */
  private static final int PATIENCE = 80;

  /** Steps in a row that shrink linearly, as towards a multiple root. */
  private static final int STEADY = 8;

  private static final double LEAST_RATIO = 0.25;
  private static final double LARGEST_RATIO = 0.95;

  private final EquationSystem.Evaluator evaluator;
  private final RootFinding method;
  private final int p;
  private final LuDecomposition lu;
  private final double[][] jacobian;
  private final double[][] scaled;
  private final double[][] normal;
  private final double[] rowScale;
  private final double[] columnScale;
  private final double[] right;
  private final double[] solution;
  private final double[] delta;
  private final boolean[] held;
  private final double[] trial;
  private final double[] trialF;
  private final double[] f;
  private final double[] bound;
  private final double[] firstBound;
  private final double[] x;
  private final double[] uncertainty;
  private double[] constants;
  private double[] lower;
  private double[] upper;
  private int limit;
  private int iterations;
  private int evaluations;
  private double reach;

  /** Steps in a row that shrank linearly. */
  private int steady;

  NewtonSystem(EquationSystem system, RootFinding method) {
    this.evaluator = system.evaluator();
    this.method = method;
    p = system.size();
    lu = new LuDecomposition(p);
    jacobian = new double[p][p];
    scaled = new double[p][p];
    normal = new double[p][p];
    rowScale = new double[p];
    columnScale = new double[p];
    right = new double[p];
    solution = new double[p];
    delta = new double[p];
    held = new boolean[p];
    trial = new double[p];
    trialF = new double[p];
    f = new double[p];
    bound = new double[p];
    firstBound = new double[p];
    x = new double[p];
    uncertainty = new double[p];
  }

  /** The last point, p values; to be read only. */
  double[] point() {
    return x;
  }

  /** How far rounding can shift each unknown, NaN where no root was found. */
  double[] uncertainty() {
    return uncertainty;
  }

  /** Largest |F_i| at the last point. */
  double residual() {
    double largest = 0;
    for (double value : f) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }

  int iterations() {
    return iterations;
  }

  int evaluations() {
    return evaluations;
  }

  /**
   * Looks for a root.
   *
   * @param start p values within the bounds; not modified
   * @param values the constants; not modified
   * @param low lower bounds, -∞ where there is none; not modified
   * @param high upper bounds; not modified
   * @param most iterations, &gt; 0
   * @return how it ended
   */
  Status solve(double[] start, double[] values, double[] low, double[] high, int most) {
    constants = values;
    lower = low;
    upper = high;
    limit = most;
    iterations = 0;
    evaluations = 1;
    System.arraycopy(start, 0, x, 0, p);
    Arrays.fill(uncertainty, Double.NaN);
    reach = size(x);
    if (!evaluator.residuals(x, constants, f) || !Double.isFinite(reach)) {
      return Status.NON_FINITE;
    }
    evaluator.bounds(x, constants, firstBound);
    Status status = iterate();
    return status == null ? Status.ITERATION_LIMIT : status;
  }

  private Status iterate() {
    int stagnant = 0;
    double last = Double.NaN;
    steady = 0;
    while (true) {
      if (!evaluator.jacobian(x, constants, jacobian)) {
        return isZero() ? Status.CONVERGED_COST : Status.NON_FINITE;
      }
      if (isNegligible()) {
        return root();
      }
      if (iterations == limit) {
        return isZero() ? root() : null;
      }
      scale();
      double slope = step();
      double before = merit(f);
      double length = relative(delta);
      double shrunk = size(delta) / last;
      steady = shrunk > LEAST_RATIO && shrunk < LARGEST_RATIO ? steady + 1 : 0;
      last = size(delta);
      iterations++;
      if (!(slope < 0) || !search(before, slope)) {
        return isZero() ? root() : isStill() ? rootOr(Status.NO_PROGRESS) : Status.NO_PROGRESS;
      }
      double after = merit(f);
      stagnant = after > (1 - STAGNANT) * before ? stagnant + 1 : 0;
      if (isZero() && (length <= LAST || after > 0.25 * before)) {
        // the last digits: as long as F still falls
        polish();
        return root();
      }
      if (stagnant > MOST_STAGNANT) {
        return Status.NO_PROGRESS;
      }
    }
  }

  /**
   * Whether every F_i is within the tolerance; or, where the steps lead to a multiple root for
   * long, nothing beside the rounding at the start.
   */
  private boolean isNegligible() {
    boolean multiple = steady >= STEADY && iterations >= PATIENCE;
    for (int i = 0; i < p; i++) {
      double nothing = multiple ? EPSILON * firstBound[i] : 0;
      double tolerance = Math.max(method.residualTolerance(), nothing);
      if (!(Math.abs(f[i]) <= tolerance)) {
        return false;
      }
    }
    return true;
  }

  /** Whether every F_i is zero as far as rounding can tell. */
  private boolean isZero() {
    evaluator.bounds(x, constants, bound);
    boolean zero = true;
    for (int i = 0; i < p; i++) {
      zero &= RootVerdict.isZero(method, f[i], bound[i]);
    }
    return zero || isNegligible();
  }

  /** Whether the step cannot be told from the rounding of the unknowns. */
  private boolean isStill() {
    boolean still = true;
    for (int j = 0; j < p; j++) {
      still &= Math.abs(delta[j]) <= RootVerdict.LAST_DIGITS * Math.abs(x[j]);
    }
    return still;
  }

  /** A root whose every digit is known, though F is more than its rounding there; or another. */
  private Status rootOr(Status other) {
    Status status = root();
    if (status == Status.CONVERGED_PARAMETERS) {
      return status;
    }
    Arrays.fill(uncertainty, Double.NaN);
    return other;
  }

  private void polish() {
    double before = residual();
    if (before == 0 || !evaluator.jacobian(x, constants, jacobian)) {
      return;
    }
    scale();
    step();
    for (int j = 0; j < p; j++) {
      trial[j] = Math.max(lower[j], Math.min(upper[j], x[j] + delta[j]));
    }
    evaluations++;
    if (evaluator.residuals(trial, constants, trialF) && merit(trialF) < merit(f)) {
      System.arraycopy(trial, 0, x, 0, p);
      System.arraycopy(trialF, 0, f, 0, p);
    }
  }

  /** What a point where F is zero may be called: |J⁻¹|(E + |F|) is what is not known of x. */
  private Status root() {
    evaluator.bounds(x, constants, bound);
    boolean regular = evaluator.jacobian(x, constants, jacobian);
    if (regular) {
      scale();
      regular = lu.decompose(scaled);
    }
    Arrays.fill(uncertainty, regular ? 0 : Double.POSITIVE_INFINITY);
    for (int i = 0; regular && i < p; i++) {
      Arrays.fill(right, 0);
      right[i] = rowScale[i] * (bound[i] + Math.abs(f[i]));
      if (right[i] > 0) {
        lu.solve(right, solution);
        for (int j = 0; j < p; j++) {
          uncertainty[j] += Math.abs(solution[j]) * columnScale[j];
        }
      }
    }
    double largest = 0;
    for (int j = 0; j < p; j++) {
      uncertainty[j] += RootVerdict.HALF_UNIT * Math.abs(x[j]);
      largest = uncertainty[j] >= 0 ? Math.max(largest, uncertainty[j]) : Double.POSITIVE_INFINITY;
    }
    double size = size(x);
    if (largest <= method.parameterTolerance() * size || largest == 0) {
      return Status.CONVERGED_PARAMETERS;
    }
    boolean determined = RootVerdict.isDetermined(largest, size, reach);
    return determined
            || (residual() <= method.residualTolerance() && method.residualTolerance() > 0)
        ? Status.CONVERGED_COST
        : Status.SINGULAR;
  }

  private static double size(double[] values) {
    double largest = 0;
    for (double value : values) {
      largest = Math.abs(value) >= 0 ? Math.max(largest, Math.abs(value)) : Double.NaN;
    }
    return largest;
  }

  /**
   * A = DJC: rows scaled to largest entry 1 for unknowns about as large as now, then columns to
   * largest entry 1, each by its own, as unknowns can differ by many orders of magnitude.
   */
  private void scale() {
    double size = size(x);
    for (int j = 0; j < p; j++) {
      columnScale[j] = Math.max(Math.abs(x[j]), size > 0 ? 1e-3 * size : 1);
    }
    for (int i = 0; i < p; i++) {
      double largest = 0;
      for (int j = 0; j < p; j++) {
        scaled[i][j] = jacobian[i][j] * columnScale[j];
        largest = Math.max(largest, Math.abs(scaled[i][j]));
      }
      double norm = largest > 0 && largest < Double.POSITIVE_INFINITY ? largest : 1;
      rowScale[i] = 1 / norm;
      for (int j = 0; j < p; j++) {
        scaled[i][j] /= norm;
      }
    }
    for (int j = 0; j < p; j++) {
      double largest = 0;
      for (int i = 0; i < p; i++) {
        largest = Math.max(largest, Math.abs(scaled[i][j]));
      }
      if (largest > 0 && columnScale[j] / largest < Double.POSITIVE_INFINITY) {
        columnScale[j] /= largest;
        for (int i = 0; i < p; i++) {
          scaled[i][j] /= largest;
        }
      }
    }
  }

  /** Chooses Δ; returns the slope of ½‖DF‖² along it. */
  private double step() {
    Arrays.fill(held, false);
    boolean regular = lu.decompose(scaled) && lu.pivotRatio() > SINGULAR;
    if (regular) {
      for (int i = 0; i < p; i++) {
        right[i] = -rowScale[i] * f[i];
      }
      lu.solve(right, solution);
    } else {
      regularized();
    }
    // an unknown at a bound that is pushed out of it waits there
    while (hold()) {
      regularized();
    }
    double slope = 0;
    for (int i = 0; i < p; i++) {
      double change = 0;
      for (int j = 0; j < p; j++) {
        change += scaled[i][j] * solution[j];
      }
      slope += rowScale[i] * f[i] * change;
    }
    for (int j = 0; j < p; j++) {
      delta[j] = columnScale[j] * solution[j];
    }
    return slope;
  }

  /** Holds more unknowns; false if there is none to hold. */
  private boolean hold() {
    boolean more = false;
    boolean any = false;
    for (int j = 0; j < p; j++) {
      boolean outward =
          (x[j] <= lower[j] && solution[j] < 0) || (x[j] >= upper[j] && solution[j] > 0);
      more |= outward && !held[j];
      held[j] |= outward;
      any |= !held[j];
    }
    return more && any;
  }

  private void regularized() {
    double norm = 0;
    for (int j = 0; j < p; j++) {
      double sum = 0;
      for (int i = 0; i < p; i++) {
        sum += Math.abs(scaled[i][j]);
      }
      norm = Math.max(norm, sum);
    }
    double damping = p * EPSILON * norm * norm;
    for (int j = 0; j < p; j++) {
      double gradient = 0;
      for (int i = 0; i < p; i++) {
        gradient += scaled[i][j] * rowScale[i] * f[i];
      }
      right[j] = held[j] ? 0 : -gradient;
      for (int k = 0; k < p; k++) {
        double sum = 0;
        for (int i = 0; i < p; i++) {
          sum += scaled[i][j] * scaled[i][k];
        }
        normal[j][k] = held[j] || held[k] ? (j == k ? 1 : 0) : sum + (j == k ? damping : 0);
      }
    }
    if (lu.decompose(normal)) {
      lu.solve(right, solution);
    } else {
      System.arraycopy(right, 0, solution, 0, p);
    }
  }

  /** ½‖DF‖². */
  private double merit(double[] values) {
    double sum = 0;
    for (int i = 0; i < p; i++) {
      double value = rowScale[i] * values[i];
      sum += value * value;
    }
    return 0.5 * sum;
  }

  /** max |Δ_j| / |x_j|. */
  private double relative(double[] step) {
    double largest = 0;
    for (int j = 0; j < p; j++) {
      double share = step[j] == 0 ? 0 : Math.abs(step[j]) / Math.abs(x[j]);
      largest = share >= 0 ? Math.max(largest, share) : Double.NaN;
    }
    return largest;
  }

  /** Shortens the step until the merit falls enough and goes there; false if it never does. */
  private boolean search(double before, double slope) {
    double share = 1;
    while (share > SHORTEST) {
      boolean moves = false;
      for (int j = 0; j < p; j++) {
        trial[j] = Math.max(lower[j], Math.min(upper[j], x[j] + share * delta[j]));
        moves |= trial[j] != x[j];
      }
      if (!moves) {
        return false;
      }
      evaluations++;
      double after =
          evaluator.residuals(trial, constants, trialF) ? merit(trialF) : Double.POSITIVE_INFINITY;
      if (after <= before + ENOUGH * share * slope && after < before) {
        System.arraycopy(trial, 0, x, 0, p);
        System.arraycopy(trialF, 0, f, 0, p);
        reach = Math.max(reach, size(x));
        return true;
      }
      // the least of the parabola through both values and the slope, within limits
      double least = -slope * share * share / (2 * (after - before - slope * share));
      share =
          after < Double.POSITIVE_INFINITY
              ? Math.max(0.1 * share, Math.min(0.5 * share, least))
              : 0.25 * share;
    }
    return false;
  }
}
