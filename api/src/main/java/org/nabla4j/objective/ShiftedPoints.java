package org.nabla4j.objective;

import org.nabla4j.objective.NumericalDerivatives.Scheme;

/**
 * Points moved along one axis each, as many at a time as fit a buffer: what differences are taken
 * of.
 */
final class ShiftedPoints {

  /** Doubles in the buffer, unless a single difference needs more. */
  private static final int BUFFER = 1 << 18;

  /** Takes what a difference is made of. */
  interface Target {
    /**
     * Takes one difference.
     *
     * @param row the point
     * @param j the axis
     * @param first where its evaluations stand among those of the call
     * @param h the step
     */
    void put(int row, int j, int first, double h);
  }

  /** Evaluates some moved points. */
  interface Evaluation {
    void at(Points moved);
  }

  private ShiftedPoints() {}

  /**
   * Moves every point along every axis.
   *
   * @param points from where
   * @param scheme which offsets
   * @param noise relative rounding error of the function
   * @param perPoint doubles that the caller needs for each evaluation
   * @param evaluation is called for some moved points, then
   * @param target for each of their differences
   */
  static void each(
      Points points,
      Scheme scheme,
      double noise,
      int perPoint,
      Evaluation evaluation,
      Target target) {
    int p = points.parameters();
    int offsets = scheme.evaluations();
    long differences = (long) points.count() * p;
    int most = most(points.count(), p, scheme, perPoint) / offsets;
    double[] theta = new double[Math.multiplyExact(most * offsets, p)];
    long[] problems = new long[most * offsets];
    double[] steps = new double[most];
    for (long first = 0; first < differences; first += most) {
      int count = (int) Math.min(most, differences - first);
      for (int d = 0; d < count; d++) {
        int row = (int) ((first + d) / p);
        int j = (int) ((first + d) % p);
        steps[d] = scheme.step(points.theta()[row * p + j], noise);
        for (int k = 0; k < offsets; k++) {
          int moved = d * offsets + k;
          System.arraycopy(points.theta(), row * p, theta, moved * p, p);
          theta[moved * p + j] += scheme.offset(k) * steps[d];
          problems[moved] = points.problem(row);
        }
      }
      evaluation.at(new Points(theta, problems, count * offsets, p));
      for (int d = 0; d < count; d++) {
        target.put((int) ((first + d) / p), (int) ((first + d) % p), d * offsets, steps[d]);
      }
    }
  }

  /** The evaluations that one {@link #each} hands over at a time, at most. */
  static int most(int rows, int p, Scheme scheme, int perPoint) {
    long differences = (long) rows * p;
    int fit = Math.max(1, BUFFER / (scheme.evaluations() * (p + perPoint)));
    return (int) Math.min(differences, fit) * scheme.evaluations();
  }
}
