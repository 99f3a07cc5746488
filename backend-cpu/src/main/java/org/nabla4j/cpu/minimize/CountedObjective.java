package org.nabla4j.cpu.minimize;

import java.util.List;
import org.nabla4j.objective.DifferentiableObjective;
import org.nabla4j.objective.Objective;
import org.nabla4j.objective.Points;

/**
 * Counts the evaluations of each problem below finite differences, which take many for one
 * derivative. A problem is counted by one thread at a time.
 */
class CountedObjective implements Objective {

  private final Objective objective;
  private final int[] counts;

  private CountedObjective(Objective objective, int[] counts) {
    this.objective = objective;
    this.counts = counts;
  }

  /**
   * The same objective, counted.
   *
   * @param objective what to count
   * @param counts where, a number for each problem
   */
  static Objective of(Objective objective, int[] counts) {
    return objective instanceof DifferentiableObjective once
        ? new Once(once, counts)
        : new CountedObjective(objective, counts);
  }

  @Override
  public final List<String> parameters() {
    return objective.parameters();
  }

  @Override
  public final void values(Points points, double[] values) {
    count(points);
    objective.values(points, values);
  }

  final void count(Points points) {
    for (int row = 0; row < points.count(); row++) {
      counts[(int) points.problem(row)]++;
    }
  }

  /** With a gradient. */
  private static final class Once extends CountedObjective implements DifferentiableObjective {
    private final DifferentiableObjective objective;

    Once(DifferentiableObjective objective, int[] counts) {
      super(objective, counts);
      this.objective = objective;
    }

    @Override
    public double gradientError() {
      return objective.gradientError();
    }

    @Override
    public void gradients(Points points, double[] values, double[] gradients) {
      count(points);
      objective.gradients(points, values, gradients);
    }
  }
}
