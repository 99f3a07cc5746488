package org.nabla4j.cpu.constrained;

import java.util.ArrayList;
import java.util.List;
import org.nabla4j.result.Status;

/**
 * Repeats a search from further starts, and keeps the least minimum. The starts are spread evenly
 * over a box around the origin that holds the first start and the first solution, if there is one,
 * twice over, cut to the bounds, by an additive recurrence: they are the same in every run.
 *
 * <p>Reference for the sequence: H. Niederreiter (1992), Random Number Generation and Quasi-Monte
 * Carlo Methods, section 3.1, with the powers of the root of xᵖ⁺¹ = x + 1 as its generators.
 */
final class Attempts {

  /** Relative difference below which two minima are the same. */
  private static final double SAME = 1e-8;

  /** A search from a start, with no more than some iterations. */
  interface Search {
    ConstrainedResult run(double[] start, int iterations, StepListener listener);
  }

  private Attempts() {}

  /**
   * Searches.
   *
   * @param search the search
   * @param start the first start
   * @param bounds of the parameters
   * @param further how many further starts
   * @param listener is told of the steps of the first search, and of those that lead to less
   * @param limit of iterations, of all searches together
   * @return the best result, with the counts of all searches
   */
  static ConstrainedResult run(
      Search search, double[] start, Bounds bounds, int further, int limit, StepListener listener) {
    ConstrainedResult first = search.run(start, limit, listener);
    ConstrainedResult best = first;
    int iterations = first.iterations();
    int evaluations = first.evaluations();
    double[] known = first.status().converged() ? first.parameters() : start;
    for (int k = 1; k <= further && iterations < limit && isWorthMore(best); k++) {
      List<Runnable> steps = new ArrayList<>();
      StepListener later =
          listener == StepListener.NONE
              ? listener
              : (step, at, norm) -> steps.add(() -> listener.step(step, at, norm));
      ConstrainedResult other =
          search.run(furtherStart(k, start, known, bounds), limit - iterations, later);
      iterations += other.iterations();
      evaluations += other.evaluations();
      if (other.status() == Status.CANCELLED) {
        break;
      }
      if (isBetter(other, best)) {
        best = other;
        steps.forEach(Runnable::run);
      }
    }
    return best.withCounts(iterations, evaluations);
  }

  /** Whether another start can change the answer. */
  private static boolean isWorthMore(ConstrainedResult best) {
    return switch (best.status()) {
      case CANCELLED, NON_FINITE, UNBOUNDED -> false;
      default -> true;
    };
  }

  private static boolean isBetter(ConstrainedResult other, ConstrainedResult best) {
    boolean feasible = best.status().converged() || best.isFeasible();
    if (!other.status().converged()) {
      return !feasible && other.violation() < best.violation();
    }
    double margin = SAME * Math.max(Math.abs(best.value()), 1);
    return !feasible
        || other.value() < best.value() - margin
        || (!best.status().converged() && other.value() <= best.value() + margin);
  }

  private static double[] furtherStart(int k, double[] start, double[] solution, Bounds bounds) {
    int p = start.length;
    double root = 2;
    for (int i = 0; i < 100; i++) {
      root = Math.pow(1 + root, 1.0 / (p + 1));
    }
    double[] theta = new double[p];
    for (int j = 0; j < p; j++) {
      double place = 0.5 + k * Math.pow(root, -(j + 1.0));
      place -= Math.floor(place);
      double reach = 2 * Math.max(1, Math.max(Math.abs(start[j]), Math.abs(solution[j])));
      double low = Math.max(bounds.lower()[j], Math.min(-reach, bounds.upper()[j] - reach));
      double high = Math.min(bounds.upper()[j], Math.max(reach, bounds.lower()[j] + reach));
      theta[j] = bounds.clamp(j, low + place * (high - low));
    }
    return theta;
  }
}
