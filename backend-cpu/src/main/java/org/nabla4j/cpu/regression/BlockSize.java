package org.nabla4j.cpu.regression;

import org.nabla4j.regression.Design;

/**
 * How many rows of a table are turned into a block of the design at a time: long runs of each
 * column are read faster from memory, but the block should stay in the second-level cache. Of many
 * columns it cannot, and there the sums, which are gathered after each block, want long ones.
 */
final class BlockSize {

  /** Elements of a block that stays in the cache, weighted columns beside it: 384 KiB. */
  private static final int CACHED = 3 << 14;

  /** Elements of a block at all, while it has no more than {@link #USEFUL} rows: 32 MiB. */
  private static final int LARGEST = 1 << 22;

  private static final int FEWEST = 64;
  private static final int USEFUL = 512;
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
    while (rows > FEWEST && rows * columns > (rows > USEFUL ? CACHED : LARGEST)) {
      rows /= 2;
    }
    return rows;
  }
}
