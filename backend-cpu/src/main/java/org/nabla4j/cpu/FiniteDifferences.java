package org.nabla4j.cpu;

import org.nabla4j.objective.LeastSquaresProblem;

/**
 * Derivatives of a coded model's residuals by finite differences, for several problems at once.
 *
 * <p>Far from the minimum by forward differences, later by central ones, which err by O(h²):
 *
 * <pre>∂r/∂θ ≈ (r(θ+h) − r(θ)) / h,    h = √ε·s
 * ∂r/∂θ ≈ (r(θ+h) − r(θ−h)) / 2h,    h = ∛ε·s</pre>
 *
 * <p>with the parameter's size s. A step that would leave the bounds goes the other way; in place
 * of the central difference stands the parabola through θ, θ+h and θ+2h, of the same order.
 */
final class FiniteDifferences {

  private static final double FORWARD = Math.sqrt(Math.ulp(1.0));
  private static final double CENTRAL = Math.cbrt(Math.ulp(1.0));

  /** Share of the largest size that a parameter has had, below which its size does not fall. */
  private static final double LEAST_SIZE = 1e-3;

  private final CodedCalls calls;
  private final int n;
  private final int parameters;
  private final int[] free;
  private final double[] lower;
  private final double[] upper;
  private final double[] moved;
  private final double[] values;
  private final int[] slots;

  // of one parameter: two points θ + d, and how much each counts
  private double firstOffset;
  private double secondOffset;
  private double firstWeight;
  private double secondWeight;

  /**
   * Prepares.
   *
   * @param free the parameters whose derivatives are wanted
   * @param slots the most problems at once
   */
  FiniteDifferences(LeastSquaresProblem problem, CodedCalls calls, int[] free, int slots) {
    this.calls = calls;
    this.free = free;
    n = Math.toIntExact(problem.points());
    parameters = problem.parameters().size();
    lower = problem.lower();
    upper = problem.upper();
    moved = new double[slots * parameters];
    values = new double[slots * n];
    this.slots = new int[slots];
  }

  /**
   * Computes derivatives.
   *
   * @param active the problems
   * @param count how many of them
   * @param theta all parameters, problem after problem in the order of {@code active}
   * @param sizes for each slot the largest |θ| that each parameter has had
   * @param central for each slot whether to take central differences
   * @param residuals r(θ) of slot s from s·n on; not modified
   * @param target receives the derivatives by the k-th free parameter for slot s from (s·|free| +
   *     k)·n on
   */
  void jacobian(
      int[] active,
      int count,
      double[] theta,
      double[][] sizes,
      boolean[] central,
      double[] residuals,
      double[] target) {
    for (int j = 0; j < free.length; j++) {
      System.arraycopy(theta, 0, moved, 0, count * parameters);
      for (int k = 0; k < count; k++) {
        choose(free[j], theta[k * parameters + free[j]], sizes[active[k]], central[active[k]]);
        moved[k * parameters + free[j]] += firstOffset;
      }
      calls.residuals(active, count, moved, values);
      for (int k = 0; k < count; k++) {
        int s = active[k];
        choose(free[j], theta[k * parameters + free[j]], sizes[s], central[s]);
        int to = (s * free.length + j) * n;
        for (int i = 0, e = s * n; i < n; i++, e++) {
          target[to + i] = firstWeight * (values[e] - residuals[e]);
        }
      }
    }
    secondPoints(active, count, theta, sizes, central, residuals, target);
  }

  /** The other half of central differences. */
  private void secondPoints(
      int[] active,
      int count,
      double[] theta,
      double[][] sizes,
      boolean[] central,
      double[] residuals,
      double[] target) {
    int some = 0;
    for (int k = 0; k < count; k++) {
      if (central[active[k]]) {
        slots[some++] = active[k];
      }
    }
    for (int j = 0; some > 0 && j < free.length; j++) {
      int m = 0;
      for (int k = 0; k < count; k++) {
        if (central[active[k]]) {
          System.arraycopy(theta, k * parameters, moved, m * parameters, parameters);
          choose(free[j], theta[k * parameters + free[j]], sizes[active[k]], true);
          moved[m * parameters + free[j]] += secondOffset;
          m++;
        }
      }
      calls.residuals(slots, some, moved, values);
      for (int k = 0; k < count; k++) {
        int s = active[k];
        if (central[s]) {
          choose(free[j], theta[k * parameters + free[j]], sizes[s], true);
          int to = (s * free.length + j) * n;
          for (int i = 0, e = s * n; i < n; i++, e++) {
            target[to + i] += secondWeight * (values[e] - residuals[e]);
          }
        }
      }
    }
  }

  /** Evaluations of the model that the derivatives of one problem take. */
  int evaluations(boolean central) {
    return central ? 2 * free.length : free.length;
  }

  /** Chooses the points for one parameter; all zero where its bounds leave no room. */
  private void choose(int j, double theta, double[] sizes, boolean central) {
    double largest = sizes[j] > 0 ? sizes[j] : 1;
    double size = Math.max(Math.abs(theta), LEAST_SIZE * largest);
    double above = upper[j] - theta;
    double below = theta - lower[j];
    double room = Math.max(above, below);
    double towards = above >= below ? 1 : -1;
    if (!(room > 0)) {
      set(theta, 0, 0);
    } else if (!central) {
      double h = FORWARD * size;
      set(theta, h <= above ? h : h <= below ? -h : towards * room, 0);
    } else {
      double h = CENTRAL * size;
      if (h <= above && h <= below) {
        set(theta, h, -h);
      } else {
        double part = towards * Math.min(h, room / 2);
        set(theta, part, 2 * part);
      }
    }
  }

  /** Derivative at 0 of the line or parabola through r(θ) and the points at the offsets. */
  private void set(double theta, double first, double second) {
    firstOffset = (theta + first) - theta; // what θ + first really is
    secondOffset = (theta + second) - theta;
    double a = firstOffset;
    double b = secondOffset;
    if (a == 0) {
      firstWeight = 0;
      secondWeight = 0;
    } else if (b == 0 || a == b) {
      firstWeight = 1 / a;
      secondWeight = 0;
    } else {
      firstWeight = b / (a * (b - a));
      secondWeight = -a / (b * (b - a));
    }
  }
}
