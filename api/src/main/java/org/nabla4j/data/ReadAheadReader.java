package org.nabla4j.data;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/**
 * Reads a source on a daemon thread of its own, so that reading goes on while blocks are used.
 *
 * <p>The thread stays at most {@value #AHEAD} full blocks ahead. With the one that it fills, and
 * those that the caller has not released, that is all the memory: blocks that are released are
 * filled again, and new ones are made only where none is free, so that a caller who keeps many is
 * never waited for. A failure comes out of {@link #next()} after the blocks that were full before
 * it.
 */
final class ReadAheadReader implements RowReader, ReadProgress {

  /** Full blocks that wait. */
  static final int AHEAD = 2;

  /** How long {@link #close()} waits for the thread. */
  private static final long CLOSE_MILLIS = 2000;

  private final String description;
  private final Columns columns;
  private final BlockFiller filler;
  private final int blockRows;
  private final Thread thread;

  // All below is guarded by this reader's lock.
  private final Queue<DataBlock> ready = new ArrayDeque<>();
  private final Queue<DataBlock> free = new ArrayDeque<>();
  private int made;
  private boolean ended;
  private Throwable failure;
  private boolean closed;
  private int[] levelCounts;

  /**
   * Begins to read.
   *
   * @param description how messages call the source
   * @param columns what is read
   * @param filler the source, closed by this reader's thread
   */
  ReadAheadReader(String description, Columns columns, BlockFiller filler) {
    this.description = description;
    this.columns = columns;
    this.filler = filler;
    blockRows = RowReader.blockRows(columns.asked());
    levelCounts = new int[columns.categoryCount()];
    thread = new Thread(this::readAll, "nabla4j-rows");
    thread.setDaemon(true);
    thread.start();
  }

  private void readAll() {
    Throwable thrown = null;
    try {
      long firstRow = 0;
      for (DataBlock block = take(); block != null; block = take()) {
        int rows = filler.fill(block, blockRows);
        block.firstRow = firstRow;
        block.rows = rows;
        firstRow += rows;
        if (rows > 0) {
          put(block);
        }
        if (rows < blockRows) {
          break;
        }
      }
    } catch (Throwable e) {
      thrown = e;
    }
    try {
      filler.close();
    } catch (Throwable e) {
      thrown = thrown == null ? e : thrown;
    }
    end(thrown);
  }

  /** A block to fill, or null if no more are wanted. */
  private synchronized DataBlock take() throws InterruptedException {
    while (!closed && ready.size() >= AHEAD) {
      wait();
    }
    if (closed) {
      return null;
    }
    DataBlock block = free.poll();
    if (block == null) {
      made++;
      block = new DataBlock(columns, blockRows, filler.hasLines(), this);
    }
    return block;
  }

  private synchronized void put(DataBlock block) {
    block.released = false;
    ready.add(block);
    notifyAll();
  }

  private synchronized void end(Throwable thrown) {
    failure = thrown;
    ended = true;
    notifyAll();
  }

  @Override
  public synchronized RowBlock next() {
    while (!closed && ready.isEmpty() && !ended) {
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new RowException("reading " + description + " was interrupted", e);
      }
    }
    if (closed) {
      throw new IllegalStateException("the reader of " + description + " is closed");
    }
    DataBlock block = ready.poll();
    if (block != null) {
      levelCounts = block.levelCounts.clone();
      notifyAll();
      return block;
    }
    if (failure instanceof RowException e) {
      throw e;
    }
    if (failure instanceof Error e) {
      throw e;
    }
    if (failure != null) {
      throw new RowException(
          "cannot read " + description + ": " + RowException.reason(failure), failure);
    }
    return null;
  }

  synchronized void release(DataBlock block) {
    if (!block.released && !closed) {
      block.released = true;
      free.add(block);
    }
  }

  /** How many blocks were made. */
  synchronized int made() {
    return made;
  }

  @Override
  public List<String> levels(int category) {
    int slot = columns.category(category);
    synchronized (this) {
      return filler.levels(slot).first(levelCounts[slot]);
    }
  }

  @Override
  public long done() {
    return filler.done();
  }

  @Override
  public long total() {
    return filler.total();
  }

  /**
   * Ends the thread. A source that waits for something is told to stop, and is left to its thread
   * if it does not do so soon.
   */
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      ready.clear();
      free.clear();
      notifyAll();
      if (ended || Thread.currentThread() == thread) {
        return;
      }
    }
    boolean interrupted = Thread.interrupted();
    long deadline = System.nanoTime() + CLOSE_MILLIS * 1_000_000;
    try {
      // What is being filled is given a moment, so that a source in good order is not torn.
      thread.join(20);
      for (long left = CLOSE_MILLIS; thread.isAlive() && left > 0; ) {
        filler.cancel(thread);
        thread.join(Math.min(left, 100));
        left = (deadline - System.nanoTime()) / 1_000_000;
      }
    } catch (InterruptedException e) {
      filler.cancel(thread);
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
