package org.nabla4j.cpu.regression;

import org.nabla4j.regression.Design;

/** How many rows are worked on at a time. */
final class BlockSize {

  /** Elements of the design that a piece may have: a good part of the second-level cache. */
  private static final int ELEMENTS = 1 << 16;

  private static final int FEWEST = 64;
  private static final int MOST = 512;

  private BlockSize() {}

  /**
   * Rows of a piece of the design.
   *
   * @param design what is computed of each row
   * @param exact whether in double-double
   * @return a multiple of {@link DesignProgram#PADDING}
   */
  static int rows(Design design, boolean exact) {
    int columns = design.width() + design.responses().size() + design.numbers().size();
    int rows = ELEMENTS / Math.max(1, exact ? 2 * columns : columns);
    return Math.max(FEWEST, Math.min(MOST, rows / DesignProgram.PADDING * DesignProgram.PADDING));
  }
}
