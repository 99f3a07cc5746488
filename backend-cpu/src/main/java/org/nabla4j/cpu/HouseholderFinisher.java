package org.nabla4j.cpu;

import java.util.Arrays;
import org.nabla4j.backend.Cancellation;

/**
 * Gauss-Newton by QR factorisation of the Jacobian, for answers whose normal equations have lost
 * too many digits, and the covariance of any answer.
 *
 * <p>Undamped steps δ = −J⁺r are taken while they contract, which they do until rounding if θ is
 * near a minimum. Parameters that the gradient pushes against a bound are left out of the step.
 */
final class HouseholderFinisher {

  /** How the steps ended. */
  enum End {
    /** The normal equations are good enough; no step was taken. */
    WELL_CONDITIONED,
    /** Steps contracted until rounding. */
    CONVERGED,
    /** Steps did not contract, led away, or met values that are not finite. */
    DIVERGED,
    /** Steps contracted, but the evaluations were spent. */
    LIMIT,
    /** The Jacobian has no full rank. */
    SINGULAR,
    /** Stopped from outside. */
    CANCELLED
  }

  /** Smallest |R_jj| of normal equations that lose too many digits: square root of the pivot. */
  static final double ILL_CONDITIONED = Math.sqrt(CurvatureInverse.ILL_CONDITIONED);

  /** |R_jj| at which a column is a linear combination of others within rounding. */
  static final double SINGULAR = 1e-13;

  /** Contraction that large steps must show; near rounding {@link #FAST_CONTRACTION}. */
  private static final double CONTRACTION = 0.9;

  private static final double FAST_CONTRACTION = 0.5;

  /** Relative step below which only a fast contraction tells progress from rounding. */
  private static final double NEAR_ROUNDING = 1e-8;

  /** Largest relative step at which a sequence may stop contracting for its end to count. */
  private static final double SMALL_STEP = 1e-7;

  /** Relative step below which there is nothing to gain. */
  private static final double ROUNDING = 1e-15;

  /** Share of Σ(Jθ)² that rounding may bring into the cost. */
  private static final double COST_NOISE = 1e-28;

  private static final int MOST_STEPS = 60;

  private final LeastSquaresFunction function;
  private final double[] lower;
  private final double[] upper;
  private final Cancellation cancellation;
  private final int n;
  private final int p;
  private final HouseholderQr qr;
  private final double[] residuals;
  private final double[] step; // scaled
  private final double[] theta;
  private final double[] before;
  private final double[] inverse;
  private final int[] active;
  private int activeCount;
  private double cost;
  private double smallest;
  private double relativeStep;
  private double relativeReduction;
  private int evaluations;

  /**
   * Prepares.
   *
   * @param lower lower bounds, −∞ where there is none
   * @param upper upper bounds, +∞ where there is none
   */
  HouseholderFinisher(
      LeastSquaresFunction function, double[] lower, double[] upper, Cancellation cancellation) {
    this.function = function;
    this.lower = lower;
    this.upper = upper;
    this.cancellation = cancellation;
    n = function.points();
    p = function.parameters();
    qr = new HouseholderQr(n, p);
    residuals = new double[n];
    step = new double[p];
    theta = new double[p];
    before = new double[p];
    inverse = new double[p * p];
    active = new int[p];
  }

  /**
   * Steps from a point, which is evaluated in any case.
   *
   * @param start the point, not modified
   * @param always take steps also where the problem is well conditioned
   * @param limit the most evaluations, &gt; 0
   * @return how it ended
   */
  End run(double[] start, boolean always, int limit) {
    System.arraycopy(start, 0, theta, 0, p);
    evaluations = 0;
    End end = contract(always, limit);
    if (end == End.DIVERGED || end == End.CANCELLED) {
      System.arraycopy(start, 0, theta, 0, p);
    }
    return end;
  }

  /**
   * Evaluates and factorises at a point, without steps.
   *
   * @param point not modified
   * @return {@link End#WELL_CONDITIONED} unless singular, or diverged where it is not finite
   */
  End look(double[] point) {
    System.arraycopy(point, 0, theta, 0, p);
    evaluations = 1;
    cost = function.evaluate(theta);
    if (!(cost <= Double.MAX_VALUE)) {
      return End.DIVERGED;
    }
    findActive();
    smallest = factorise();
    return smallest > SINGULAR ? End.WELL_CONDITIONED : End.SINGULAR;
  }

  /** The point where it ended; where it diverged or was stopped, the start. */
  double[] theta() {
    return theta;
  }

  /** Cost of the last evaluation that counts; where it was stopped, at the start. */
  double cost() {
    return cost;
  }

  int evaluations() {
    return evaluations;
  }

  /** Smallest |R_jj| of the last factorisation. */
  double smallestDiagonal() {
    return smallest;
  }

  /** Scaled length of the last step, relative to that of θ. */
  double relativeStep() {
    return relativeStep;
  }

  /** Reduction of the cost that the last step promises, relative to the cost. */
  double relativeReduction() {
    return relativeReduction;
  }

  private End contract(boolean always, int limit) {
    double previous = Double.POSITIVE_INFINITY;
    double startCost = Double.NaN;
    int activeBefore = -1;
    while (true) {
      if (evaluations > 0 && cancellation.isCancelled()) {
        cost = startCost;
        return End.CANCELLED;
      }
      double now = function.evaluate(theta);
      evaluations++;
      if (!(now <= Double.MAX_VALUE)) {
        return End.DIVERGED;
      }
      startCost = evaluations == 1 ? now : startCost;
      cost = now;
      findActive();
      smallest = factorise();
      if (!(smallest > SINGULAR)) {
        return End.SINGULAR;
      }
      if (!always && evaluations == 1 && smallest >= ILL_CONDITIONED) {
        return End.WELL_CONDITIONED;
      }
      qr.solve(residuals, step);
      double size = size();
      double length = 0;
      double promised = 0;
      for (int k = 0; k < activeCount; k++) {
        length = Math.hypot(length, step[k]); // whose square may be too small or too large
        promised += 0.5 * residuals[k] * residuals[k];
      }
      relativeReduction = cost > 0 ? promised / cost : 0;
      if (activeCount != activeBefore) { // another system: its steps cannot be compared
        previous = Double.POSITIVE_INFINITY;
        activeBefore = activeCount;
      }
      boolean near = previous <= NEAR_ROUNDING * size;
      if (!(length <= (near ? FAST_CONTRACTION : CONTRACTION) * previous)) {
        boolean converged =
            previous <= SMALL_STEP * size
                && now <= startCost * (1 + 1e-6) + COST_NOISE * size * size;
        if (!converged) {
          return End.DIVERGED;
        }
        relativeStep = Math.min(length, previous) / size;
        if (length > previous) {
          System.arraycopy(before, 0, theta, 0, p);
        }
        return End.CONVERGED;
      }
      relativeStep = size > 0 ? length / size : 0;
      if (length <= ROUNDING * size) {
        return now <= startCost * (1 + 1e-6) + COST_NOISE * size * size
            ? End.CONVERGED
            : End.DIVERGED;
      }
      if (evaluations >= MOST_STEPS) {
        return End.DIVERGED;
      }
      if (evaluations >= limit) {
        return now <= startCost * (1 + 1e-6) + COST_NOISE * size * size ? End.LIMIT : End.DIVERGED;
      }
      System.arraycopy(theta, 0, before, 0, p);
      for (int k = 0; k < activeCount; k++) {
        int j = active[k];
        theta[j] = Math.min(Math.max(theta[j] + step[k] / qr.scale(k), lower[j]), upper[j]);
      }
      previous = length;
    }
  }

  /** Parameters that are not held at a bound. */
  private void findActive() {
    double[] rows = function.rows();
    activeCount = 0;
    for (int j = 0; j < p; j++) {
      boolean low = theta[j] <= lower[j];
      boolean high = theta[j] >= upper[j];
      boolean held = false;
      if (low || high) {
        double gradient = 0;
        for (int i = 0, e = function.firstRow(); i < n; i++, e += function.rowStride()) {
          gradient += rows[e] * rows[e + 1 + j];
        }
        held = low ? gradient >= 0 : gradient <= 0;
      }
      if (!held) {
        active[activeCount++] = j;
      }
    }
  }

  /** QR of the active columns, with −r as the right-hand side; returns the smallest |R_jj|. */
  private double factorise() {
    double[] rows = function.rows();
    double[] matrix = qr.matrix();
    int stride = function.rowStride();
    for (int i = 0, e = function.firstRow(); i < n; i++, e += stride) {
      residuals[i] = -rows[e];
    }
    for (int k = 0; k < activeCount; k++) {
      for (int i = 0, e = function.firstRow() + 1 + active[k]; i < n; i++, e += stride) {
        matrix[k * n + i] = rows[e];
      }
    }
    double least = qr.factorise(activeCount, residuals);
    return activeCount == 0 ? 1 : least;
  }

  private double size() {
    double sum = 0;
    for (int k = 0; k < activeCount; k++) {
      sum = Math.hypot(sum, qr.scale(k) * theta[active[k]]);
    }
    return sum;
  }

  /**
   * Computes (JᵀJ)⁻¹ from the last evaluation, over all parameters as if there were no bounds.
   * Where those held at bounds are not determined, over the others, with NaN for those held.
   *
   * @param packed receives the lower triangle by rows; NaN where the Jacobian has no full rank
   */
  void covariance(double[] packed) {
    Arrays.fill(packed, Double.NaN);
    int held = p - activeCount;
    if (held > 0) {
      int[] some = Arrays.copyOf(active, activeCount);
      activeCount = p;
      for (int j = 0; j < p; j++) {
        active[j] = j;
      }
      if (!(factorise() > SINGULAR)) {
        activeCount = some.length;
        System.arraycopy(some, 0, active, 0, some.length);
        if (!(factorise() > SINGULAR)) {
          return;
        }
      }
    } else if (!(smallest > SINGULAR)) {
      return;
    }
    if (activeCount == 0) {
      return;
    }
    qr.invertGram(inverse);
    for (int k = 0; k < activeCount; k++) {
      for (int m = 0; m <= k; m++) {
        int j = active[k];
        packed[j * (j + 1) / 2 + active[m]] = inverse[k * activeCount + m];
      }
    }
  }
}
