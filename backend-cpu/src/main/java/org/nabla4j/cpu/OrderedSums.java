package org.nabla4j.cpu;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * Adds the sums of runs in the order of the runs, whichever thread comes first: what is early waits
 * for those before it. Safe for use by several threads.
 */
final class OrderedSums {

  private final double[] total;
  private final Map<Integer, double[]> waiting = new HashMap<>();
  private final Deque<double[]> free = new ArrayDeque<>();
  private int runs;
  private long points;

  /**
   * Begins with 0.
   *
   * @param count how many sums each run has
   */
  OrderedSums(int count) {
    total = new double[count];
  }

  /** Room for the sums of a run, all 0. */
  double[] take() {
    double[] sums;
    synchronized (this) {
      sums = free.poll();
    }
    if (sums == null) {
      return new double[total.length];
    }
    Arrays.fill(sums, 0);
    return sums;
  }

  /**
   * Adds a run.
   *
   * @param run its place, each once
   * @param sums what {@link #take()} gave, filled
   * @param count the points of the run
   */
  synchronized void add(int run, double[] sums, int count) {
    points += count;
    waiting.put(run, sums);
    for (double[] next = waiting.remove(runs); next != null; next = waiting.remove(runs)) {
      for (int k = 0; k < total.length; k++) {
        total[k] += next[k];
      }
      free.add(next);
      runs++;
    }
  }

  /** Runs from the first on that were added. */
  synchronized int runs() {
    return runs;
  }

  /** Points of all runs. */
  synchronized long points() {
    return points;
  }

  /** The sums over the first {@link #runs()} runs; to be read when all threads have ended. */
  double[] total() {
    return total;
  }
}
