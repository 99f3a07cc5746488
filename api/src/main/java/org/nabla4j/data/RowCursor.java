package org.nabla4j.data;

import java.util.List;

/** Goes through columns of a table from the first row on, in runs of any length. */
final class RowCursor implements AutoCloseable {

  private final RowColumns table;
  private final RowReader reader;

  /** The block at hand, null before the first and after each one's end. */
  private RowBlock block;

  /** Rows of it that are done. */
  private int done;

  private long position;

  RowCursor(RowColumns table, List<String> names) {
    this.table = table;
    reader = table.rows().read(names, List.of());
  }

  /** Goes to a row that is not behind. */
  void skip(long row) {
    while (position < row) {
      advance((int) Math.min(available(), row - position));
    }
  }

  /** Copies the next rows of each column. */
  void read(int count, double[][] targets, int offset) {
    for (int at = 0; at < count; ) {
      int run = Math.min(available(), count - at);
      for (int c = 0; c < targets.length; c++) {
        block.read(c, done, run, targets[c], offset + at);
      }
      advance(run);
      at += run;
    }
  }

  /** Rows that the block at hand still has. */
  private int available() {
    if (block == null) {
      block = reader.next();
      if (block == null) {
        table.checkCount(position);
        throw new IllegalStateException("row " + position + " of " + table.count() + " is read");
      }
    }
    return block.rows() - done;
  }

  private void advance(int run) {
    position += run;
    done += run;
    if (done == block.rows()) {
      block.release();
      block = null;
      done = 0;
    }
  }

  @Override
  public void close() {
    reader.close();
  }
}
