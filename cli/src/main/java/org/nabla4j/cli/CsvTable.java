package org.nabla4j.cli;

import java.util.Arrays;
import java.util.List;
import org.nabla4j.data.CsvRows;
import org.nabla4j.data.ReadProgress;
import org.nabla4j.data.RowBlock;
import org.nabla4j.data.RowException;
import org.nabla4j.data.RowReader;

/** Reads the columns of a table that a command asks for. Every complaint names file and line. */
final class CsvTable {

  /** What the values of a column must be. */
  enum Constraint {
    /** Any number. */
    NONE,
    /** A standard deviation. */
    POSITIVE,
    /** A weight. */
    NOT_NEGATIVE;

    private boolean allows(double value) {
      return switch (this) {
        case NONE -> true;
        case POSITIVE -> value > 0;
        case NOT_NEGATIVE -> value >= 0;
      };
    }
  }

  /**
   * A column of numbers to read.
   *
   * @param index its place in the header
   * @param constraint what its values must be
   */
  record Field(int index, Constraint constraint) {}

  private static final int UNGROUPED = -1;
  private static final int MAX_ROWS = Integer.MAX_VALUE - 8;

  private final CsvRows rows;
  private final ProgressBar progress;
  private final List<String> header;

  // What was read so far.
  private double[][] columns;
  private int[] groups;
  private int count;
  private long incomplete;

  /**
   * Reads the header.
   *
   * @param rows the table
   * @param progress is told how many bytes have been read
   */
  CsvTable(CsvRows rows, ProgressBar progress) {
    this.rows = rows;
    this.progress = progress;
    try {
      header = rows.header();
    } catch (RowException e) {
      throw complaint(e);
    }
  }

  /** The names of the columns, without blanks around them. */
  List<String> header() {
    return header;
  }

  /**
   * The place of a column.
   *
   * @param column its name
   * @return its index, -1 if there is none
   */
  int indexOf(String column) {
    int index = header.indexOf(column);
    int last = header.lastIndexOf(column);
    if (index != last) {
      throw new InputException(
          rows.description()
              + ": the name '"
              + column
              + "' stands over columns "
              + (index + 1)
              + " and "
              + (last + 1)
              + ", expected it once");
    }
    return index;
  }

  /**
   * Reads all rows.
   *
   * @param fields the columns of numbers
   * @param group the column that names each row's group, -1 for none
   * @param omit whether a missing value becomes a NaN; otherwise it is an error
   * @return the columns
   */
  Table read(List<Field> fields, int group, boolean omit) {
    List<String> names = fields.stream().map(field -> header.get(field.index())).toList();
    boolean grouped = group >= 0;
    if (grouped && names.contains(header.get(group))) {
      throw new InputException(
          "--group " + header.get(group) + " is also used as numbers, expected another column");
    }
    List<String> categories = grouped ? List.of(header.get(group)) : List.of();
    columns = new double[fields.size()][1024];
    groups = grouped ? new int[1024] : null;
    try (RowReader reader = rows.texts(categories.toArray(String[]::new)).read(names, categories)) {
      for (RowBlock block = reader.next(); block != null; block = reader.next()) {
        add(block, fields, categories, omit);
        block.release();
        if (reader instanceof ReadProgress read) {
          progress.progress(read.done(), read.total());
        }
      }
      if (count == 0) {
        throw new InputException(rows.description() + " has no data below the header");
      }
      for (int k = 0; k < columns.length; k++) {
        columns[k] = Arrays.copyOf(columns[k], count);
      }
      return new Table(
          count,
          columns,
          grouped ? Arrays.copyOf(groups, count) : null,
          grouped ? reader.levels(0) : List.of(),
          incomplete);
    } catch (RowException e) {
      throw complaint(e);
    }
  }

  /** Adds the rows of a block, without those that belong to no group. */
  private void add(RowBlock block, List<Field> fields, List<String> categories, boolean omit) {
    int blockRows = block.rows();
    double[][] values = new double[fields.size()][blockRows];
    for (int k = 0; k < values.length; k++) {
      block.read(k, 0, blockRows, values[k], 0);
    }
    int[] codes = new int[blockRows];
    if (!categories.isEmpty()) {
      block.readCodes(0, 0, blockRows, codes, 0);
    }
    grow(blockRows);
    for (int row = 0; row < blockRows; row++) {
      boolean complete = true;
      for (int k = 0; k < values.length; k++) {
        double value = values[k][row];
        String name = header.get(fields.get(k).index());
        if (Double.isNaN(value)) {
          complete = false;
          refuseMissing(omit, block, row, name, "no value");
        } else {
          check(fields.get(k).constraint(), value, block, row, name);
        }
        columns[k][count] = value;
      }
      if (codes[row] == UNGROUPED) {
        complete = false;
        refuseMissing(omit, block, row, categories.get(0), "no group");
      }
      incomplete += complete ? 0 : 1;
      if (codes[row] != UNGROUPED) {
        if (groups != null) {
          groups[count] = codes[row];
        }
        count++;
      }
    }
  }

  private void grow(int more) {
    long needed = (long) count + more;
    if (needed > MAX_ROWS) {
      throw new InputException(rows.description() + " has more than " + MAX_ROWS + " rows");
    }
    int capacity = columns.length > 0 ? columns[0].length : groups == null ? 0 : groups.length;
    if (needed <= capacity) {
      return;
    }
    int size = (int) Math.min(MAX_ROWS, Math.max(needed, 2L * capacity));
    for (int k = 0; k < columns.length; k++) {
      columns[k] = Arrays.copyOf(columns[k], size);
    }
    if (groups != null) {
      groups = Arrays.copyOf(groups, size);
    }
  }

  private void refuseMissing(boolean omit, RowBlock block, int row, String column, String what) {
    if (!omit) {
      throw new InputException(
          place(block, row, column) + ": " + what, "--missing omit leaves such rows out");
    }
  }

  private void check(Constraint constraint, double value, RowBlock block, int row, String column) {
    if (!constraint.allows(value)) {
      throw new InputException(
          place(block, row, column)
              + ": "
              + (constraint == Constraint.POSITIVE ? "sigma = " : "weight = ")
              + (value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value))
              + ", expected "
              + (constraint == Constraint.POSITIVE ? "> 0" : ">= 0"));
    }
  }

  private String place(RowBlock block, int row, String column) {
    return rows.description() + ", " + block.place(row) + ", column " + column;
  }

  /** What the table's reader complains of, in the words of the command line. */
  private static InputException complaint(RowException e) {
    String message = e.getMessage();
    String hint = e.hint();
    return new InputException(
        hint.isEmpty() ? message : message.substring(0, message.length() - hint.length() - 2),
        hint.replace("decimalComma()", "--decimal-comma"));
  }
}
