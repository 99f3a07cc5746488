package org.nabla4j.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.nabla4j.data.Column;

/**
 * The rows of a table sorted into batches, one problem for each group. Shorter groups are padded
 * with NaN; groups of very different sizes go to several batches so that padding never doubles the
 * data.
 */
final class GroupedData {

  /** The name under which σ or weights are among the columns; no symbol is called so. */
  static final String SPREAD = "(spread)";

  /**
   * One batch.
   *
   * @param groups the number of the group of each problem
   * @param padded whether points are missing at the end of some
   * @param columns the data by symbol
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Batch(int[] groups, boolean padded, Map<String, Column> columns) {}

  private static final long MAX_ARRAY = Integer.MAX_VALUE - 8L;

  private final Table table;

  /** The first row of each group in {@link #order}, and one more. */
  private final int[] begin;

  /** Rows, group after group. */
  private final int[] order;

  private GroupedData(Table table) {
    this.table = table;
    int groups = table.labels().size();
    begin = new int[groups + 1];
    for (int group : table.groups()) {
      begin[group + 1]++;
    }
    for (int g = 0; g < groups; g++) {
      begin[g + 1] += begin[g];
    }
    order = new int[table.rows()];
    int[] next = Arrays.copyOf(begin, groups);
    for (int row = 0; row < order.length; row++) {
      order[next[table.groups()[row]]++] = row;
    }
  }

  /**
   * Sorts rows into batches.
   *
   * @param table rows with groups
   * @param columns columns of the table by symbol
   * @param responses symbols that are never shared between problems
   * @return the batches
   */
  static List<Batch> split(Table table, Map<String, double[]> columns, Set<String> responses) {
    GroupedData data = new GroupedData(table);
    List<Batch> batches = new ArrayList<>();
    for (int[] groups : data.classes()) {
      batches.add(data.batch(groups, columns, responses));
    }
    return batches;
  }

  private int size(int group) {
    return begin[group + 1] - begin[group];
  }

  private List<int[]> classes() {
    int groups = begin.length - 1;
    long largest = 0;
    for (int g = 0; g < groups; g++) {
      largest = Math.max(largest, size(g));
    }
    int[] all = new int[groups];
    Arrays.setAll(all, g -> g);
    if (largest * groups <= 2L * table.rows()) {
      return List.of(all);
    }
    Map<Integer, List<Integer>> classes = new TreeMap<>();
    for (int g : all) {
      int bits = 32 - Integer.numberOfLeadingZeros(size(g) - 1);
      classes.computeIfAbsent(bits, unused -> new ArrayList<>()).add(g);
    }
    return classes.values().stream()
        .map(list -> list.stream().mapToInt(Integer::intValue).toArray())
        .toList();
  }

  private Batch batch(int[] groups, Map<String, double[]> data, Set<String> responses) {
    int points = 0;
    boolean padded = false;
    for (int g : groups) {
      points = Math.max(points, size(g));
    }
    for (int g : groups) {
      padded |= size(g) < points;
    }
    // Captured by the lambda below.
    int width = points;
    boolean complete = !padded;
    Map<String, Column> columns = new LinkedHashMap<>();
    data.forEach(
        (symbol, values) -> {
          boolean shared =
              complete && !responses.contains(symbol) && sameInAll(groups, values, width);
          columns.put(
              symbol,
              shared
                  ? Column.shared(row(groups[0], values, width))
                  : perProblem(groups, values, width));
        });
    return new Batch(groups, padded, columns);
  }

  private boolean sameInAll(int[] groups, double[] values, int points) {
    int first = begin[groups[0]];
    for (int g : groups) {
      for (int k = 0; k < points; k++) {
        if (Double.doubleToRawLongBits(values[order[begin[g] + k]])
            != Double.doubleToRawLongBits(values[order[first + k]])) {
          return false;
        }
      }
    }
    return true;
  }

  private Column perProblem(int[] groups, double[] values, int points) {
    if ((long) groups.length * points > MAX_ARRAY) {
      double[][] rows = new double[groups.length][];
      Arrays.setAll(rows, i -> row(groups[i], values, points));
      return Column.perProblem(rows);
    }
    double[] flat = new double[groups.length * points];
    for (int i = 0; i < groups.length; i++) {
      copy(groups[i], values, flat, i * points, points);
    }
    return Column.perProblem(flat, points);
  }

  private double[] row(int group, double[] values, int points) {
    double[] row = new double[points];
    copy(group, values, row, 0, points);
    return row;
  }

  private void copy(int group, double[] values, double[] target, int offset, int points) {
    int size = size(group);
    for (int k = 0; k < size; k++) {
      target[offset + k] = values[order[begin[group] + k]];
    }
    Arrays.fill(target, offset + size, offset + points, Double.NaN);
  }
}
