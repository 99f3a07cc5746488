package org.nabla4j.cpu;

import java.util.ArrayList;
import java.util.List;
import org.nabla4j.data.Column;
import org.nabla4j.data.RowBlock;
import org.nabla4j.data.RowColumns;
import org.nabla4j.data.RowReader;

/**
 * Cuts the rows of a table into runs of the same length, whatever its blocks are, which threads
 * take one after the other. The reader is asked for a block when a run needs it, by the thread that
 * needs it while the others compute; a block is released with the last run that has rows of it, so
 * that no more of them are held than threads need.
 */
final class RowRuns implements AutoCloseable {

  private final int length;
  private final int[] numbers;
  private final RowReader reader;

  // All below is guarded by this object's lock.
  private Held block;
  private int done;
  private int nextIndex;
  private long rows;
  private boolean ended;
  private boolean stopped;

  /** A block and how many hold it: runs, and this object while rows of it are to be taken. */
  private static final class Held {
    private final RowBlock rows;
    private int holders = 1;

    Held(RowBlock rows) {
      this.rows = rows;
    }
  }

  /**
   * Rows of a block that belong to a run.
   *
   * @param block the block
   * @param from the first row within it
   * @param count how many
   */
  private record Piece(Held block, int from, int count) {}

  /** A run, used by one thread, who gives it to {@link #next} again and again. */
  static final class Run {
    private final int[] numbers;
    private final List<Piece> pieces = new ArrayList<>();
    private int index;
    private int count;

    private Run(int[] numbers) {
      this.numbers = numbers;
    }

    /** Its place among the runs. */
    int index() {
      return index;
    }

    /** How many rows it has; only the last one has fewer than the others. */
    int count() {
      return count;
    }

    /** Copies the values of a column to the beginning of an array. */
    void read(int column, double[] target) {
      int at = 0;
      for (Piece piece : pieces) {
        piece.block().rows.read(numbers[column], piece.from(), piece.count(), target, at);
        at += piece.count();
      }
    }

    /**
     * The arrays in which the columns lie, where all of them are arrays with the run at one place.
     *
     * @param target receives the arrays, not to be modified
     * @return the place of the first row, or -1 where the run must be copied
     */
    int arrays(double[][] target) {
      if (pieces.size() != 1) {
        return -1;
      }
      RowBlock rows = pieces.get(0).block().rows;
      int base = rows.base(numbers[0]);
      for (int c = 0; c < target.length; c++) {
        target[c] = rows.arrayOrNull(numbers[c]);
        if (target[c] == null || rows.base(numbers[c]) != base) {
          return -1;
        }
      }
      return base + pieces.get(0).from();
    }
  }

  /**
   * Begins to read.
   *
   * @param table the table
   * @param columns those of its columns that runs have, in their order
   * @param length rows of a run
   */
  RowRuns(RowColumns table, List<Column> columns, int length) {
    this.length = length;
    numbers = columns.stream().mapToInt(table::number).toArray();
    reader = table.read();
  }

  /** For a thread to fill. */
  Run newRun() {
    return new Run(numbers);
  }

  /**
   * Takes the next run.
   *
   * @param run receives it; has been released
   * @return false if there are no more, or they are not wanted
   * @throws org.nabla4j.data.RowException if the source fails
   */
  synchronized boolean next(Run run) {
    run.count = 0;
    while (run.count < length && !ended && !stopped) {
      if (block == null) {
        RowBlock read = reader.next();
        if (read == null) {
          ended = true;
          break;
        }
        block = new Held(read);
        done = 0;
      }
      int count = Math.min(length - run.count, block.rows.rows() - done);
      block.holders++;
      run.pieces.add(new Piece(block, done, count));
      run.count += count;
      rows += count;
      done += count;
      if (done == block.rows.rows()) {
        release(block);
        block = null;
      }
    }
    if (run.count == 0 || stopped) {
      release(run);
      return false;
    }
    run.index = nextIndex++;
    return true;
  }

  /** Lets go of a run: its values are not read any more. */
  synchronized void release(Run run) {
    run.pieces.forEach(piece -> release(piece.block()));
    run.pieces.clear();
  }

  private static void release(Held block) {
    if (--block.holders == 0) {
      block.rows.release();
    }
  }

  /** Gives no more runs to anybody. */
  synchronized void stop() {
    stopped = true;
  }

  /** Whether the last row was taken. */
  synchronized boolean ended() {
    return ended;
  }

  /** Rows that were taken. */
  synchronized long rows() {
    return rows;
  }

  @Override
  public void close() {
    reader.close();
  }
}
