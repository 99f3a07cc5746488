package org.nabla4j.data;

/** Reads a source from its first row to its last, on one thread. */
interface BlockFiller extends ReadProgress {

  /**
   * Reads the next rows.
   *
   * @param block its arrays are filled from their beginning, its lines and level counts are set
   * @param capacity the most rows to read
   * @return how many were read; less than {@code capacity} after the last one only
   * @throws Exception if the source fails; one that is no {@link RowException} is made into one
   */
  int fill(DataBlock block, int capacity) throws Exception;

  /** The levels of a distinct category; labels that were counted in a block may be listed. */
  Levels levels(int category);

  /** Whether the rows stand on lines. */
  default boolean hasLines() {
    return false;
  }

  /**
   * Makes a call of {@link #fill} on {@code thread} that waits end soon; called by another thread.
   */
  default void cancel(Thread thread) {
    thread.interrupt();
  }

  /** Gives the source back; called once, after the last {@link #fill}. */
  void close() throws Exception;
}
