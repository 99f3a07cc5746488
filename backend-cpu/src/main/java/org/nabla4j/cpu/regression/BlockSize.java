package org.nabla4j.cpu.regression;

import org.nabla4j.regression.Design;

/**
 * How many rows of a table are turned into a block of the design at a time: long runs of each
 * column are read faster from memory, and the block has to stay in the second-level cache.
 */
final class BlockSize {

  /** Elements of a block: half a MiB. */
  private static final int ELEMENTS = 1 << 16;

  private static final int FEWEST = 64;
  private static final int MOST = 4096;

  private BlockSize() {}

  /**
   * Rows of a block of the design.
   *
   * @param design what is computed of each row
   * @param exact whether in double-double
   * @return a power of two
   */
  static int rows(Design design, boolean exact) {
    long columns = (design.width() + design.responses().size()) * (exact ? 2L : 1L);
    int rows = MOST;
    while (rows > FEWEST && rows * columns > ELEMENTS + ELEMENTS / 2) {
      rows /= 2;
    }
    // sums of many columns are added up after each block: that must not happen too often
    return columns * MINIMUM <= MOST_ELEMENTS ? Math.max(rows, MINIMUM) : rows;
  }

  private static final int MINIMUM = 512;
  private static final int MOST_ELEMENTS = 1 << 20;
}
