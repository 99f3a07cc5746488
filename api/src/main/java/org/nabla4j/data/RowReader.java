package org.nabla4j.data;

import java.util.List;

/**
 * Reads the rows of a table once, from the first to the last, block by block.
 *
 * <p>{@link #next()} is called by one thread at a time. The blocks that it returns are read by
 * other threads, and each is valid until it is {@linkplain RowBlock#release() released} or the
 * reader is closed. All blocks but the last have {@link #blockRows(int)} rows for the number of
 * columns that are read, so that sums over blocks do not depend on where the rows come from.
 */
public interface RowReader extends AutoCloseable {

  /**
   * The next rows.
   *
   * @return a block, or null after the last row
   * @throws RowException if the source fails or holds what is not asked for, with the place
   */
  RowBlock next();

  /**
   * The levels of a category that were met so far, in the order in which they appeared: the codes
   * of all blocks returned so far are indices into this list.
   *
   * @param category index into the categories that were asked for
   * @return a copy, the label of each code
   */
  List<String> levels(int category);

  /** Gives the source back. Blocks must not be used any more. Closing twice has no effect. */
  @Override
  void close();

  /**
   * The number of rows in a block.
   *
   * @param columns how many columns are read, of numbers and categories together
   * @return a power of two from 256 to 16 384, so that a block of doubles takes at most 4 MiB for
   *     up to 2048 columns
   */
  static int blockRows(int columns) {
    int rows = 16_384;
    while (rows > 256 && (long) rows * columns > 1 << 19) {
      rows /= 2;
    }
    return rows;
  }
}
