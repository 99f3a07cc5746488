package org.nabla4j.cpu.regression;

import org.nabla4j.regression.Design;

/** How many rows are worked on at a time, measured. */
final class BlockSize {

  /** Columns of which a block of {@link #LONG} rows lies in the first-level cache. */
  private static final int FEW = 8;

  /** Columns of which the sums wait lane by lane: with more, long blocks save their addition. */
  private static final int MANY = 120;

  private static final int LONG = 512;
  private static final int SHORT = 256;

  /** Elements that a block may have at all. */
  private static final int MOST_ELEMENTS = 1 << 20;

  private BlockSize() {}

  /**
   * Rows of a piece of the design.
   *
   * @param design what is computed of each row
   * @param exact whether in double-double
   * @return a multiple of {@link DesignProgram#PADDING}
   */
  static int rows(Design design, boolean exact) {
    int columns = design.width() + design.responses().size();
    int rows = columns <= FEW || columns > MANY ? LONG : SHORT;
    while (rows > 64 && (long) rows * columns * (exact ? 2 : 1) > MOST_ELEMENTS) {
      rows /= 2;
    }
    return rows;
  }
}
