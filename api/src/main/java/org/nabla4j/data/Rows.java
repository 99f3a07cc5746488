package org.nabla4j.data;

import java.util.List;
import java.util.Objects;

/**
 * A table of named columns that is read row by row in blocks: arrays, a file, a query. It may have
 * more rows than fit into memory.
 *
 * <p>A table says which fields it has before a row is read. Nothing is held open between two
 * readers, and readers of a table that is {@link #rereadable()} do not affect each other.
 */
public interface Rows {

  /** What a field holds, as far as can be told before all of it is read. */
  enum Kind {
    /** Numbers; NaN is a missing value. */
    NUMBER,
    /** Text, one of a number of levels. */
    TEXT
  }

  /**
   * A column of the table.
   *
   * @param name as formulas call it, not empty
   * @param kind what it holds
   */
  record Field(String name, Kind kind) {

    /**
     * Checks that both are there.
     *
     * @param name as formulas call it, not empty
     * @param kind what it holds
     */
    public Field {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(kind, "kind");
    }
  }

  /**
   * The columns.
   *
   * @return fields in the order of the table, with different names
   */
  List<Field> fields();

  /**
   * The number of rows.
   *
   * @return the number, or -1 where it is not known before all are read
   */
  long count();

  /**
   * Whether the rows can be read more than once.
   *
   * @return false for a stream that is gone once it was read
   */
  boolean rereadable();

  /**
   * Begins to read.
   *
   * @param numbers names of the columns to read as numbers
   * @param categories names of the columns to read as levels; a column of numbers may be read so
   *     too
   * @return a reader at the first row, to be closed by the caller
   * @throws IllegalArgumentException if there is no such column
   * @throws IllegalStateException if the rows were read before and are not rereadable
   * @throws RowException if the source cannot be opened
   */
  RowReader read(List<String> numbers, List<String> categories);

  /**
   * How messages call the source.
   *
   * @return a file's name, or a few words
   */
  String description();
}
