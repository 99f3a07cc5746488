package org.nabla4j.data;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.nabla4j.backend.Cancellation;

/**
 * Columns of numbers of a table as the data columns of one problem.
 *
 * <p>A table of at most {@value #KEPT} rows is read into memory when this is made. The rows of a
 * longer one are read again whenever they are needed, block by block, by {@link #read()} or a
 * {@link ColumnScan}; its {@link Column}s hold no values, and reading a run of one by itself reads
 * the table up to there. Safe for use by several threads.
 */
public final class RowColumns {

  /** Rows of a table that is read into memory, those of a block. */
  private static final int KEPT = 16_384;

  private final Rows rows;
  private final List<String> names;
  private final long count;

  /** The values of each column, or null where they are read again. */
  private final double[][] kept;

  private final List<Column> columns;

  private RowColumns(Rows rows, List<String> names, Cancellation cancellation) {
    this.rows = rows;
    this.names = names;
    long told = rows.count();
    double[][] values = new double[names.size()][0];
    long found = told;
    if (told <= KEPT) {
      found = 0;
      try (RowReader reader = read()) {
        for (RowBlock block = reader.next(); block != null; block = reader.next()) {
          values = append(values, (int) Math.min(found, KEPT), block);
          found += block.rows();
          block.release();
          if (cancellation.isCancelled()) {
            break;
          }
        }
      }
    }
    count = found;
    kept = found <= KEPT ? values : null;
    columns =
        names.stream().map(name -> (Column) new RowColumn(this, names.indexOf(name))).toList();
  }

  /** The values with those of one more block; null where they are too many. */
  private static double[][] append(double[][] values, int length, RowBlock block) {
    if (values == null || length + block.rows() > KEPT) {
      return null;
    }
    for (int c = 0; c < values.length; c++) {
      values[c] = Arrays.copyOf(values[c], length + block.rows());
      block.read(c, 0, block.rows(), values[c], length);
    }
    return values;
  }

  /**
   * Takes columns of a table. Where the number of its rows is not known they are counted, which
   * reads the table once.
   *
   * @param rows the table
   * @param names the columns, each once
   * @param cancellation ends the counting: then the rows met so far are all that there are
   * @return the columns
   * @throws IllegalArgumentException if there is no such column, it holds text, or the rows can be
   *     read only once
   * @throws RowException if the table had to be read and could not be
   */
  public static RowColumns of(Rows rows, List<String> names, Cancellation cancellation) {
    Objects.requireNonNull(rows, "rows");
    Objects.requireNonNull(names, "names");
    Objects.requireNonNull(cancellation, "cancellation");
    Fields fields = new Fields(rows.description(), rows.fields());
    fields.checkNumbers(names);
    if (!rows.rereadable()) {
      throw new IllegalArgumentException(
          rows.description()
              + " can be read once, expected rows that can be read for every evaluation: give a"
              + " file, or Tables.blocks(fields, supplier) whose supplier begins anew each time");
    }
    return new RowColumns(rows, names.stream().distinct().toList(), cancellation);
  }

  /**
   * The table.
   *
   * @return the rows that the columns are taken from
   */
  public Rows rows() {
    return rows;
  }

  /**
   * The names of the columns.
   *
   * @return the names in the order of the numbers of {@link #read()}, not modifiable
   */
  public List<String> names() {
    return names;
  }

  /**
   * The number of rows.
   *
   * @return the number, which later readers have to confirm
   */
  public long count() {
    return count;
  }

  /**
   * Whether the values are in memory.
   *
   * @return false where every use reads the table again
   */
  public boolean inMemory() {
    return kept != null;
  }

  /**
   * A column.
   *
   * @param name one of {@link #names()}
   * @return the column, shared by all problems, of {@link #count()} points
   * @throws IllegalArgumentException if there is none of that name
   */
  public Column column(String name) {
    int number = names.indexOf(Objects.requireNonNull(name, "name"));
    if (number < 0) {
      throw new IllegalArgumentException("no column " + name + ", expected one of " + names);
    }
    return columns.get(number);
  }

  /**
   * Which column it is.
   *
   * @param column a column of this table
   * @return its index among {@link #names()}
   * @throws IllegalArgumentException if it is not of this table
   */
  public int number(Column column) {
    int number = columns.indexOf(Objects.requireNonNull(column, "column"));
    if (number < 0) {
      throw new IllegalArgumentException(column + " is no column of " + rows.description());
    }
    return number;
  }

  /**
   * Begins to read all the columns.
   *
   * @return a reader at the first row, to be closed by the caller
   * @throws RowException if the source cannot be opened
   */
  public RowReader read() {
    return rows.read(names, List.of());
  }

  /**
   * Complains about a table that has become longer or shorter.
   *
   * @param found rows that were read from the first to the last
   * @throws RowException if they are not as many as {@link #count()}
   */
  public void checkCount(long found) {
    if (found != count) {
      throw new RowException(
          rows.description()
              + " has "
              + found
              + " rows, expected "
              + count
              + " as before: it must not change while it is in use");
    }
  }

  /** The values of a column in memory, or null. */
  double[] keptOrNull(int number) {
    return kept == null ? null : kept[number];
  }

  /** Reads the table up to a run and copies it. */
  void copy(int number, long from, int length, double[] target, int offset) {
    if (kept != null) {
      System.arraycopy(kept[number], (int) from, target, offset, length);
      return;
    }
    if (length == 0) {
      return;
    }
    try (RowCursor cursor = new RowCursor(this, List.of(names.get(number)))) {
      cursor.skip(from);
      cursor.read(length, new double[][] {target}, offset);
    }
  }

  /** As a message calls the table and its columns. */
  @Override
  public String toString() {
    return rows.description() + names;
  }
}
