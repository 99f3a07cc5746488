package org.nabla4j.cpu;

import java.util.Arrays;
import org.nabla4j.method.RootFinding;
import org.nabla4j.result.Status;

/**
 * A system of equations solved by {@link NewtonSystem} from its start and, where that ends in a
 * point that is no root, a local minimum of ½‖DF‖² or a singular Jacobian, from a few other points
 * about the start, ever farther from it. They depend on the start and the bounds alone; all their
 * iterations and evaluations count. Not thread-safe.
 */
final class RestartedNewton {

  /** Starts beside the given one, at most. */
  private static final int RESTARTS = 8;

  /** Distance of the first of them, relative to the size of each unknown. */
  private static final double NEAREST = 0.5;

  /** Fractions of its multiples are spread evenly, however many are taken. */
  private static final double GOLDEN = 0.6180339887498949;

  private final NewtonSystem newton;
  private final int limit;
  private final double[] other;
  private final double[] point;
  private final double[] uncertainty;
  private double residual;
  private int iterations;
  private int evaluations;

  RestartedNewton(EquationSystem system, RootFinding method) {
    newton = new NewtonSystem(system, method);
    limit = method.iterationLimit();
    other = new double[system.size()];
    point = new double[system.size()];
    uncertainty = new double[system.size()];
  }

  /** The root, or where the search from the given start has ended; p values, to be read only. */
  double[] point() {
    return point;
  }

  /** How far rounding can shift each unknown, NaN where no root was found. */
  double[] uncertainty() {
    return uncertainty;
  }

  /** Largest |F_i| at the point. */
  double residual() {
    return residual;
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
   * @param constants the constants; not modified
   * @param lower lower bounds, -∞ where there is none; not modified
   * @param upper upper bounds; not modified
   * @return how it ended
   */
  Status solve(double[] start, double[] constants, double[] lower, double[] upper) {
    iterations = 0;
    evaluations = 0;
    Status first = search(start, constants, lower, upper);
    keep();
    for (int k = 0; first == Status.NO_PROGRESS && k < RESTARTS && iterations < limit; k++) {
      move(start, k, lower, upper);
      Status status = search(other, constants, lower, upper);
      if (status.converged()) {
        keep();
        return status;
      }
    }
    return first;
  }

  private Status search(double[] start, double[] constants, double[] lower, double[] upper) {
    Status status = newton.solve(start, constants, lower, upper, limit - iterations);
    iterations += newton.iterations();
    evaluations += newton.evaluations();
    return status;
  }

  private void keep() {
    System.arraycopy(newton.point(), 0, point, 0, point.length);
    System.arraycopy(newton.uncertainty(), 0, uncertainty, 0, point.length);
    residual = newton.residual();
  }

  /** Another start: anywhere between two bounds, else at a distance that grows with k. */
  private void move(double[] start, int k, double[] lower, double[] upper) {
    int p = start.length;
    Arrays.setAll(
        other,
        j -> {
          double turns = (k * p + j + 1) * GOLDEN;
          double share = turns - Math.floor(turns);
          if (Double.isFinite(lower[j]) && Double.isFinite(upper[j])) {
            return lower[j] * (1 - share) + upper[j] * share;
          }
          double size = start[j] == 0 ? 1 : Math.abs(start[j]);
          double away = start[j] + NEAREST * (1 << k) * size * (2 * share - 1);
          return Math.max(lower[j], Math.min(upper[j], away));
        });
  }
}
