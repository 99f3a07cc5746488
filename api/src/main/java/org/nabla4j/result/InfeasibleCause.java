package org.nabla4j.result;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.nabla4j.expression.Derivatives;
import org.nabla4j.expression.Expression;
import org.nabla4j.objective.Constraint;
import org.nabla4j.objective.MinimizationProblem;

/**
 * Says which constraints cannot be met, and what stands against them, where their violation is
 * least.
 *
 * <p>There the pull of a constraint that is violated, −∇violation, is held by others. Where it is
 * opposed by one of them alone the two contradict each other; where bounds hold all of it, they do.
 */
final class InfeasibleCause {

  /** Part of a pull that is not told from none. */
  private static final double NONE = 1e-5;

  /** Violation relative to the largest, in the scale of slopes, that counts as met. */
  private static final double MET = 1e-6;

  private final MinimizationProblem problem;
  private final List<Constraint> constraints;
  private final double[] theta;

  /** Of each constraint. */
  private final double[] values;

  private final double[][] slopes;

  private InfeasibleCause(MinimizationProblem problem, long index, double[] theta) {
    this.problem = problem;
    this.theta = theta;
    constraints = problem.constraints();
    Map<String, Double> numbers = UndefinedObjective.numbers(problem, index, theta);
    values = new double[constraints.size()];
    slopes = new double[constraints.size()][];
    for (int i = 0; i < values.length; i++) {
      Expression g = constraints.get(i).function();
      values[i] = g.evaluate(numbers);
      slopes[i] = Expression.evaluate(Derivatives.gradient(g, problem.freeParameters()), numbers);
    }
  }

  /**
   * Says what cannot be met.
   *
   * @param problem the batch
   * @param index the problem
   * @param theta where its violation is least
   * @return the constraints as they were written, by how much they are missed, and what contradicts
   *     what where that can be told; without a full stop
   */
  static String of(MinimizationProblem problem, long index, double[] theta) {
    return new InfeasibleCause(problem, index, theta).describe();
  }

  private double violation(int i) {
    return constraints.get(i).violation(values[i]);
  }

  /** The violation as a distance. */
  private double distance(int i) {
    double slope = length(slopes[i]);
    return slope > 0 ? violation(i) / slope : violation(i);
  }

  private String describe() {
    double largest = 0;
    for (int i = 0; i < values.length; i++) {
      largest = Math.max(largest, distance(i));
    }
    List<Integer> violated = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < values.length; i++) {
      if (violation(i) > 0 && !(distance(i) <= MET * largest)) {
        text.append(violated.isEmpty() ? "" : ", ");
        text.append('\'').append(constraints.get(i)).append("' is missed by ");
        text.append(Report.number(violation(i), 4));
        violated.add(i);
      }
    }
    for (int i : violated) {
      if (isHeldByBounds(i)) {
        return text + "; the bounds stand against it";
      }
      for (int k = 0; k < values.length; k++) {
        boolean met = !violated.contains(k);
        boolean active = !met || Math.abs(values[k]) <= 1e3 * MET * largest * length(slopes[k]);
        if (k != i && active && opposes(i, k, met)) {
          return text
              + "; '"
              + constraints.get(Math.min(i, k))
              + "' and '"
              + constraints.get(Math.max(i, k))
              + "' contradict each other"
              + (isLinear(i) && isLinear(k) ? "" : " there");
        }
      }
    }
    return text.toString();
  }

  /** What a violated constraint pulls at, of length 1 where it pulls at all. */
  private double[] pull(int i) {
    double length = length(slopes[i]);
    double[] pull = slopes[i].clone();
    for (int j = 0; j < pull.length; j++) {
      pull[j] *= (values[i] > 0 ? -1 : 1) / (length > 0 ? length : 1);
    }
    return pull;
  }

  /** Whether a constraint lets nothing of the pull of another one through. */
  private boolean opposes(int i, int k, boolean met) {
    double[] pull = pull(i);
    double[] other = pull(k);
    double dot = 0;
    for (int j = 0; j < pull.length; j++) {
      dot += pull[j] * other[j];
    }
    // One that is met holds in both directions if it is an equality, else in that of −∇g.
    double cosine = !met ? dot : constraints.get(k).isEquality() ? -Math.abs(dot) : sign(k) * dot;
    return cosine <= -1 + NONE;
  }

  /** +1 where the pull is that of ∇g. */
  private double sign(int k) {
    return values[k] > 0 ? -1 : 1;
  }

  private boolean isHeldByBounds(int i) {
    double[] pull = pull(i);
    int[] free = problem.freePositions();
    double left = 0;
    double all = 0;
    for (int j = 0; j < pull.length; j++) {
      double at = theta[free[j]];
      boolean held =
          (at <= problem.lower()[free[j]] && pull[j] < 0)
              || (at >= problem.upper()[free[j]] && pull[j] > 0);
      left = Math.hypot(left, held ? 0 : pull[j]);
      all = Math.hypot(all, pull[j]);
    }
    return all > 0 && left <= NONE;
  }

  private boolean isLinear(int i) {
    return Derivatives.gradient(constraints.get(i).function(), problem.freeParameters()).stream()
        .noneMatch(slope -> slope.symbols().stream().anyMatch(problem.freeParameters()::contains));
  }

  private static double length(double[] v) {
    double length = 0;
    for (double entry : v) {
      length = Math.hypot(length, entry);
    }
    return length;
  }
}
