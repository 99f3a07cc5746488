package org.nabla4j.data;

import java.util.Objects;

/**
 * Consecutive rows of a table, of which those columns can be read that were asked for.
 *
 * <p>Any number of threads may read at once, until {@link #release()}.
 */
public interface RowBlock {

  /**
   * The place of the first row in the table.
   *
   * @return rows before this block
   */
  long firstRow();

  /**
   * The number of rows.
   *
   * @return &gt; 0
   */
  int rows();

  /**
   * Copies a run of numbers.
   *
   * @param number index into the columns of numbers that were asked for
   * @param from first row of the run within this block
   * @param count rows of the run
   * @param target receives the values, NaN for what is missing; modified
   * @param offset where in {@code target} the first one goes
   * @throws IndexOutOfBoundsException if the column, the rows or the target range do not exist
   */
  void read(int number, int from, int count, double[] target, int offset);

  /**
   * Copies a run of rows of several columns of numbers at once, which is faster where the source
   * holds row after row.
   *
   * @param from first row of the run within this block
   * @param count rows of the run
   * @param target receives the values, NaN for what is missing; modified
   * @param offsets for each column of numbers that was asked for where in {@code target} the first
   *     one goes, negative for a column that is not wanted
   * @throws IndexOutOfBoundsException if the rows or the target ranges do not exist
   */
  default void readAll(int from, int count, double[] target, int[] offsets) {
    Objects.requireNonNull(target, "target");
    Objects.requireNonNull(offsets, "offsets");
    for (int number = 0; number < offsets.length; number++) {
      if (offsets[number] >= 0) {
        read(number, from, count, target, offsets[number]);
      }
    }
  }

  /**
   * The array in which the numbers of a column lie one after the other, for reading in place.
   *
   * @param number index into the columns of numbers that were asked for
   * @return the array, not to be modified, with the block's first row at {@link #base(int)}; or
   *     null where the values are not in a double array
   */
  default double[] arrayOrNull(int number) {
    return null;
  }

  /**
   * Where a column's first row lies in its array.
   *
   * @param number index into the columns of numbers that were asked for
   * @return the index into {@link #arrayOrNull(int)}
   */
  default int base(int number) {
    return 0;
  }

  /**
   * Copies a run of codes of a category.
   *
   * @param category index into the categories that were asked for
   * @param from first row of the run within this block
   * @param count rows of the run
   * @param target receives the codes, indices into {@link RowReader#levels(int)}, -1 for what is
   *     missing; modified
   * @param offset where in {@code target} the first one goes
   * @throws IndexOutOfBoundsException if the category, the rows or the target range do not exist
   */
  void readCodes(int category, int from, int count, int[] target, int offset);

  /**
   * How messages call a row, for instance "line 18".
   *
   * @param row within this block
   * @return its line where the source is a file of lines, otherwise its number, counted from 1
   */
  default String place(int row) {
    return "row " + (firstRow() + row + 1);
  }

  /** Tells the reader that this block is not needed any more. Has to be called once. */
  default void release() {}
}
