package org.nabla4j.cpu.minimize;

import java.util.Arrays;
import org.nabla4j.cpu.minimize.Search.Need;
import org.nabla4j.method.NewtonRaphson;
import org.nabla4j.objective.Points;

/**
 * One thread of a {@link Minimizer} with the searches that it has under way. What they need in a
 * round is evaluated at once, need by need; when a search has ended, the next problem takes its
 * place.
 */
final class MinimizerWorker {

  /** Nanoseconds between two reports of progress. */
  private static final long REPORT = 100_000_000;

  private static final double[] NONE = {};

  private final Minimizer minimizer;
  private final int p;
  private final Search[] searches;
  private final long[] indices;
  private final int[] told;
  private final int[] iterations;
  private int active;

  /** The searches of one evaluation. */
  private final int[] members;

  private final long[] problems;
  private double[] theta = NONE;
  private double[] directions = NONE;
  private final double[] values;
  private double[] gradients = NONE;
  private double[] hessians = NONE;
  private final double[] gradient;
  private final double[] hessian;
  private long reported = System.nanoTime();

  /**
   * Prepares.
   *
   * @param window searches under way, at most
   */
  MinimizerWorker(Minimizer minimizer, int window) {
    this.minimizer = minimizer;
    p = minimizer.problem.freeCount();
    searches = new Search[window];
    indices = new long[window];
    told = new int[window];
    iterations = new int[window];
    members = new int[window];
    problems = new long[window];
    values = new double[window];
    gradient = new double[p];
    boolean needsHessian = minimizer.method instanceof NewtonRaphson;
    hessian = needsHessian ? new double[Math.multiplyExact(p, p)] : NONE;
  }

  /** Works until there is no problem left. */
  void run() {
    while (!minimizer.hasFailed()) {
      fill();
      boolean cancelled = minimizer.isCancelled();
      if (active == 0) {
        return;
      }
      if (cancelled) {
        for (int s = 0; s < active; s++) {
          searches[s].cancel();
        }
      } else {
        for (Need need : Need.values()) {
          round(need);
        }
      }
      harvest();
      long now = System.nanoTime();
      if (now - reported >= REPORT) {
        reported = now;
        minimizer.report(active == 0 ? 0 : searches[0].iterations());
      }
    }
  }

  private void fill() {
    while (active < searches.length) {
      long index = minimizer.take();
      if (index < 0) {
        return;
      }
      searches[active] = minimizer.search(index);
      indices[active] = index;
      told[active] = 0;
      iterations[active] = -1;
      active++;
    }
  }

  /** Evaluates this for the searches that need it. */
  private void round(Need need) {
    int count = 0;
    for (int s = 0; need != Need.NOTHING && s < active; s++) {
      if (searches[s].need() == need) {
        if (searches[s].selection() == null) {
          members[count++] = s;
        } else {
          evaluateTerms(s);
        }
      }
    }
    if (count > 0) {
      evaluate(need, count);
    }
  }

  private void evaluate(Need need, int count) {
    boolean slopes = need != Need.VALUE;
    boolean curvature = need == Need.HESSIAN;
    if (slopes && gradients.length < count * p) {
      gradients = new double[Math.multiplyExact(searches.length, p)];
    }
    if (curvature && hessians.length < count * p * p) {
      hessians = new double[Math.multiplyExact(searches.length, p * p)];
    }
    Points points = points(count);
    double[] v = need == Need.PRODUCT ? directions(count) : null;
    try {
      minimizer.evaluator.evaluate(need, points, v, values, gradients, hessians);
    } catch (Abandoned e) {
      // cancelled, which ends the searches before their next round
      return;
    }
    for (int k = 0; k < count; k++) {
      if (slopes) {
        System.arraycopy(gradients, k * p, gradient, 0, p);
      }
      if (curvature) {
        System.arraycopy(hessians, k * p * p, hessian, 0, p * p);
      }
      tell(members[k], values[k], slopes ? gradient : null, curvature ? hessian : null);
    }
  }

  /** The points of the members; of a single one its own array. */
  private Points points(int count) {
    for (int k = 0; k < count; k++) {
      problems[k] = indices[members[k]];
    }
    if (count == 1) {
      return new Points(searches[members[0]].point(), problems, 1, p);
    }
    if (theta.length < count * p) {
      theta = new double[Math.multiplyExact(searches.length, p)];
    }
    for (int k = 0; k < count; k++) {
      System.arraycopy(searches[members[k]].point(), 0, theta, k * p, p);
    }
    return new Points(theta, problems, count, p);
  }

  private double[] directions(int count) {
    if (count == 1) {
      return searches[members[0]].direction();
    }
    if (directions.length < count * p) {
      directions = new double[Math.multiplyExact(searches.length, p)];
    }
    for (int k = 0; k < count; k++) {
      System.arraycopy(searches[members[k]].direction(), 0, directions, k * p, p);
    }
    return directions;
  }

  /** Every search has terms of its own, so each is evaluated alone. */
  private void evaluateTerms(int s) {
    problems[0] = indices[s];
    Points point = new Points(searches[s].point(), problems, 1, p);
    try {
      minimizer.evaluator.evaluate(searches[s], point, values, gradient);
    } catch (Abandoned e) {
      return;
    }
    tell(s, values[0], gradient, null);
  }

  private void tell(int s, double value, double[] slope, double[] curvature) {
    searches[s].tell(value, slope, curvature);
    told[s]++;
    if (minimizer.isWatched() && searches[s].iterations() > iterations[s]) {
      iterations[s] = searches[s].iterations();
      minimizer.stepped(indices[s], searches[s]);
    }
  }

  /** Keeps the results of searches that have ended, and moves the others together. */
  private void harvest() {
    int left = 0;
    for (int s = 0; s < active; s++) {
      if (searches[s].need() == Need.NOTHING) {
        minimizer.ended(indices[s], searches[s], told[s]);
      } else {
        searches[left] = searches[s];
        indices[left] = indices[s];
        told[left] = told[s];
        iterations[left] = iterations[s];
        left++;
      }
    }
    Arrays.fill(searches, left, active, null);
    active = left;
  }
}
