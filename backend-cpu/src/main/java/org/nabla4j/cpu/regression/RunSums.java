package org.nabla4j.cpu.regression;

import java.util.Arrays;
import org.nabla4j.regression.RowSums;

/** Sums of a run of rows, in the order of {@link RowSums}. */
final class RunSums {

  /** The sums, or their high parts. */
  final double[] high;

  /** The low parts, or null where sums are double. */
  final double[] low;

  /** Scores of the run's own clusters, one after the other; null without. */
  ClusterSums clusters;

  long rows;
  long omitted;

  RunSums(int length, boolean exact) {
    high = new double[length];
    low = exact ? new double[length] : null;
  }

  void clear() {
    Arrays.fill(high, 0);
    if (low != null) {
      Arrays.fill(low, 0);
    }
    rows = 0;
    omitted = 0;
    if (clusters != null) {
      clusters.clear();
    }
  }

  /** Adds these sums to those of earlier runs. */
  void addTo(RowSums total) {
    for (int i = 0; i < high.length; i++) {
      total.add(i, high[i], low == null ? 0 : low[i]);
    }
    total.count(rows, omitted);
  }

  /**
   * Adds the lanes of a sum, in an order that is always the same.
   *
   * @param index of the sum
   * @param lanes holds them, in double-double the low parts behind the high ones
   * @param at the first one
   * @param count how many, a power of two
   */
  void addLanes(int index, double[] lanes, int at, int count) {
    if (low != null) {
      for (int l = 0; l < count; l++) {
        add(index, lanes[at + l], lanes[at + count + l]);
      }
    } else if (count == 8) {
      double even = (lanes[at] + lanes[at + 4]) + (lanes[at + 2] + lanes[at + 6]);
      double odd = (lanes[at + 1] + lanes[at + 5]) + (lanes[at + 3] + lanes[at + 7]);
      high[index] += even + odd;
    } else {
      double sum = 0;
      for (int l = 0; l < count; l++) {
        sum += lanes[at + l];
      }
      high[index] += sum;
    }
  }

  /** (high, low)[index] += valueHigh + valueLow. */
  void add(int index, double valueHigh, double valueLow) {
    double a = high[index];
    double sum = a + valueHigh;
    double part = sum - a;
    double error = (a - (sum - part)) + (valueHigh - part);
    double rest = error + (low[index] + valueLow);
    double result = sum + rest;
    low[index] = Double.isFinite(result) ? rest - (result - sum) : 0;
    high[index] = result;
  }
}
