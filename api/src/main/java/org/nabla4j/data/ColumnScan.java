package org.nabla4j.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Goes through the points of a problem once, from the first to the last, a run of several columns
 * at a time. Columns of a table that is not in memory are read together, in one pass over its rows.
 *
 * <pre>{@code
 * try (ColumnScan scan = ColumnScan.of(problem, columns, 1024)) {
 *   while (scan.next()) {
 *     // scan.count() points from scan.first() on, those of column c in scan.values(c)
 *   }
 * }
 * }</pre>
 *
 * <p>Not safe for use by several threads.
 */
public final class ColumnScan implements AutoCloseable {

  private final long problem;
  private final List<Column> columns;
  private final long points;
  private final double[][] values;

  /** Arrays of the columns that are read from the table. */
  private final double[][] ofTable;

  private final RowCursor cursor;
  private long first;
  private int count;

  private ColumnScan(long problem, List<Column> columns, int run) {
    this.problem = problem;
    this.columns = List.copyOf(columns);
    points = columns.isEmpty() ? 0 : columns.get(0).points();
    values = new double[columns.size()][(int) Math.min(run, points)];
    List<double[]> targets = new ArrayList<>();
    List<String> names = new ArrayList<>();
    RowColumns table = null;
    for (int c = 0; c < values.length; c++) {
      Optional<RowColumns> of = streamed(columns.get(c));
      if (of.isPresent()) {
        table = of.get();
        names.add(table.names().get(table.number(columns.get(c))));
        targets.add(values[c]);
      }
    }
    ofTable = targets.toArray(double[][]::new);
    cursor = table == null ? null : new RowCursor(table, names);
  }

  /**
   * Begins before the first point.
   *
   * @param problem the problem; ignored by shared columns
   * @param columns columns of the same number of points, those of tables that are not in memory of
   *     one table
   * @param run most points to take at a time, &gt; 0
   * @return a scan, to be closed by the caller
   * @throws IllegalArgumentException if the columns differ in points or tables, or {@code run} is
   *     not positive
   * @throws RowException if the table cannot be opened
   */
  public static ColumnScan of(long problem, List<Column> columns, int run) {
    Objects.requireNonNull(columns, "columns");
    if (run <= 0) {
      throw new IllegalArgumentException("run = " + run + ", expected > 0");
    }
    RowColumns table = null;
    for (Column column : columns) {
      if (column.points() != columns.get(0).points()) {
        throw new IllegalArgumentException(
            column + " and " + columns.get(0) + " differ in points, expected the same number");
      }
      RowColumns other = streamed(column).orElse(table);
      if (table != null && other != table) {
        throw new IllegalArgumentException(
            "columns are of " + table + " and of " + other + ", expected one table");
      }
      table = other;
    }
    return new ColumnScan(problem, columns, run);
  }

  private static Optional<RowColumns> streamed(Column column) {
    return column.table().filter(table -> !table.inMemory());
  }

  /**
   * Takes the next points.
   *
   * @return false after the last one
   * @throws RowException if the table cannot be read
   */
  public boolean next() {
    first += count;
    count = values.length == 0 ? 0 : (int) Math.min(values[0].length, points - first);
    if (count == 0) {
      return false;
    }
    if (cursor != null) {
      cursor.read(count, ofTable, 0);
    }
    for (int c = 0; c < values.length; c++) {
      if (streamed(columns.get(c)).isEmpty()) {
        columns.get(c).read(problem, first, count, values[c], 0);
      }
    }
    return true;
  }

  /**
   * Where the points are.
   *
   * @return the first of them
   */
  public long first() {
    return first;
  }

  /**
   * How many points were taken.
   *
   * @return their number
   */
  public int count() {
    return count;
  }

  /**
   * The values of a column.
   *
   * @param column its place in the list
   * @return its values in the points taken, the first one at 0; filled anew by {@link #next()}
   */
  public double[] values(int column) {
    return values[column];
  }

  /** Gives the table back. Closing twice has no effect. */
  @Override
  public void close() {
    if (cursor != null) {
      cursor.close();
    }
  }
}
