package org.nabla4j.result;

import java.util.Arrays;

/**
 * The ends of searches in space, some of which are marked as places of minima, and which of these
 * are near an end.
 *
 * <p>A k-d tree over all ends (Bentley 1975), split at the median of the widest coordinate; nodes
 * without a place below them are passed by. Coordinates are distances in units of the box that the
 * bounds make; without one they are linear up to 1 and logarithmic beyond, so that relative
 * distances are alike everywhere.
 */
final class Places {

  /** Coordinates of two ends at the same place differ by less of the box, or of max(|θ|, 1). */
  private static final double SAME_PLACE = 1e-4;

  private static final int LEAF = 8;

  /** Most places that are looked at for the nearest ones. */
  private static final int MOST_LOOKS = 1024;

  private final double[] theta;
  private final double[] widths;
  private final double[] coordinates;
  private final int p;

  /** Ends in the order of the leaves, and where each stands. */
  private final int[] items;

  private final int[] positions;

  /** By node, the root 1 and the children of k 2k and 2k + 1: where it is split, and its places. */
  private final int[] axes;

  private final double[] splits;
  private final int[] counts;

  /** By end: what the place is called, −1 where there is none. */
  private final int[] names;

  private long comparisons;

  /**
   * Sorts ends.
   *
   * @param theta n·p parameters, end after end; not modified
   * @param widths of the box in each of p parameters, NaN where there is none
   */
  Places(double[] theta, double[] widths) {
    this.theta = theta;
    this.widths = widths;
    p = widths.length;
    int n = p == 0 ? 0 : theta.length / p;
    coordinates = new double[theta.length];
    for (int i = 0; i < theta.length; i++) {
      coordinates[i] = coordinate(theta[i], widths[i % p]);
    }
    items = new int[n];
    Arrays.setAll(items, i -> i);
    int nodes = 4 * Math.max(1, n / LEAF + 1);
    axes = new int[nodes];
    splits = new double[nodes];
    counts = new int[nodes];
    build(1, 0, n);
    positions = new int[n];
    for (int i = 0; i < n; i++) {
      positions[items[i]] = i;
    }
    names = new int[n];
    Arrays.fill(names, -1);
  }

  private static double coordinate(double value, double width) {
    if (!Double.isNaN(width)) {
      return value / width;
    }
    double size = Math.abs(value);
    return size <= 1 ? value : Math.copySign(1 + Math.log(size), value);
  }

  private void build(int node, int from, int to) {
    if (to - from <= LEAF) {
      return;
    }
    int axis = 0;
    double widest = -1;
    for (int j = 0; j < p; j++) {
      double low = Double.POSITIVE_INFINITY;
      double high = Double.NEGATIVE_INFINITY;
      for (int i = from; i < to; i++) {
        double c = coordinates[items[i] * p + j];
        low = Math.min(low, c);
        high = Math.max(high, c);
      }
      if (high - low > widest) {
        widest = high - low;
        axis = j;
      }
    }
    int middle = (from + to) >>> 1;
    select(axis, from, to - 1, middle);
    axes[node] = axis;
    splits[node] = coordinates[items[middle] * p + axis];
    build(2 * node, from, middle);
    build(2 * node + 1, middle, to);
  }

  /** Puts the items in such an order that those before one place are not larger (Hoare 1961). */
  private void select(int axis, int first, int last, int place) {
    int from = first;
    int to = last;
    while (from < to) {
      double pivot = coordinates[items[(from + to) >>> 1] * p + axis];
      int i = from;
      int j = to;
      while (i <= j) {
        while (coordinates[items[i] * p + axis] < pivot) {
          i++;
        }
        while (coordinates[items[j] * p + axis] > pivot) {
          j--;
        }
        if (i <= j) {
          int swapped = items[i];
          items[i++] = items[j];
          items[j--] = swapped;
        }
      }
      if (place <= j) {
        to = j;
      } else if (place >= i) {
        from = i;
      } else {
        return;
      }
    }
  }

  /** Marks an end as a place by a name ≥ 0, or no longer. */
  void mark(int end, int name) {
    int change = (name >= 0 ? 1 : 0) - (names[end] >= 0 ? 1 : 0);
    names[end] = name;
    int node = 1;
    int from = 0;
    int to = items.length;
    counts[node] += change;
    while (to - from > LEAF) {
      int middle = (from + to) >>> 1;
      boolean right = positions[end] >= middle;
      from = right ? middle : from;
      to = right ? to : middle;
      node = 2 * node + (right ? 1 : 0);
      counts[node] += change;
    }
  }

  void unmark(int end) {
    mark(end, -1);
  }

  /** How often two ends were compared so far. */
  long comparisons() {
    return comparisons;
  }

  /** Looks for places near an end. */
  private final class Query {
    private final int end;
    private final int[] found;
    private final double[] distances;
    private int count;
    private int looks;

    Query(int end, int most) {
      this.end = end;
      found = new int[most];
      distances = new double[most];
    }

    void visit(int node, int from, int to) {
      if (counts[node] == 0 || looks >= MOST_LOOKS) {
        return;
      }
      if (to - from <= LEAF) {
        for (int i = from; i < to; i++) {
          if (names[items[i]] >= 0) {
            looks++;
            comparisons++;
            add(names[items[i]], distance(items[i], end));
          }
        }
        return;
      }
      int middle = (from + to) >>> 1;
      double side = coordinates[end * p + axes[node]] - splits[node];
      boolean right = side >= 0;
      visit(2 * node + (right ? 1 : 0), right ? middle : from, right ? to : middle);
      double least =
          Double.isNaN(widths[axes[node]]) ? -Math.expm1(-Math.abs(side)) : Math.abs(side);
      if (count < found.length || least * (1 - 1e-12) <= distances[count - 1]) {
        visit(2 * node + (right ? 0 : 1), right ? from : middle, right ? middle : to);
      }
    }

    private void add(int name, double distance) {
      int at = count < found.length ? count++ : count;
      for (; at > 0 && isBefore(distance, name, at - 1); at--) {
        if (at < found.length) {
          distances[at] = distances[at - 1];
          found[at] = found[at - 1];
        }
      }
      if (at < found.length) {
        distances[at] = distance;
        found[at] = name;
      }
    }

    private boolean isBefore(double distance, int name, int at) {
      return distance < distances[at] || (distance == distances[at] && name < found[at]);
    }
  }

  /**
   * The names of the places nearest to an end, the nearest first. Of more than a thousand places
   * that may be among them, as there are in many dimensions, the rest is not looked at.
   */
  int[] nearest(int end, int most) {
    Query query = new Query(end, most);
    query.visit(1, 0, items.length);
    return Arrays.copyOf(query.found, query.count);
  }

  /** The lowest name of the places that are the same as an end's; −1 if there is none. */
  int same(int end) {
    int name = same(end, 1, 0, items.length);
    return name == Integer.MAX_VALUE ? -1 : name;
  }

  private int same(int end, int node, int from, int to) {
    if (counts[node] == 0) {
      return Integer.MAX_VALUE;
    }
    int lowest = Integer.MAX_VALUE;
    if (to - from <= LEAF) {
      for (int i = from; i < to; i++) {
        if (names[items[i]] >= 0 && names[items[i]] < lowest) {
          comparisons++;
          lowest = distance(items[i], end) <= SAME_PLACE ? names[items[i]] : lowest;
        }
      }
      return lowest;
    }
    int middle = (from + to) >>> 1;
    double side = coordinates[end * p + axes[node]] - splits[node];
    // The coordinates of what is a part of 1e-4 apart differ by little more.
    if (side <= 1.01 * SAME_PLACE) {
      lowest = same(end, 2 * node, from, middle);
    }
    if (side >= -1.01 * SAME_PLACE) {
      lowest = Math.min(lowest, same(end, 2 * node + 1, middle, to));
    }
    return lowest;
  }

  /** The largest difference of a parameter, relative to the box or to max(|θ|, 1) of the place. */
  private double distance(int place, int end) {
    double largest = 0;
    for (int j = 0; j < p; j++) {
      double a = theta[place * p + j];
      double scale = Double.isNaN(widths[j]) ? Math.max(Math.abs(a), 1) : widths[j];
      largest = Math.max(largest, Math.abs(a - theta[end * p + j]) / scale);
    }
    return largest;
  }
}
