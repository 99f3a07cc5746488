package org.nabla4j.cpu.regression;

import java.lang.reflect.UndeclaredThrowableException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.nabla4j.backend.Execution;
import org.nabla4j.data.RowBlock;
import org.nabla4j.data.RowReader;
import org.nabla4j.data.Rows;

/**
 * Reads a table block by block and works on the blocks on several threads; what comes of them is
 * delivered in the order of the blocks, so that nothing depends on the number of threads.
 *
 * <p>One thread at a time reads. A thread holds one block, from the reading to the end of its work,
 * and results of at most as many blocks as there are threads, and {@link #AHEAD} more, wait for
 * their turn. What fails first in the order of the rows is thrown when all threads have ended; all
 * blocks are released and the reader is closed by then.
 *
 * @param <R> what comes of a block
 */
final class OrderedBlocks<R> {

  /** Results that may wait while slower threads work on earlier blocks. */
  static final int AHEAD = 2;

  /** One thread's work. */
  interface Worker<R> {

    /**
     * Works on a block.
     *
     * @param block the rows
     * @param rows how many of them, from the first on
     * @param levels of the categories
     * @return what is to be delivered
     */
    R work(RowBlock block, int rows, Levels levels);
  }

  /** Labels of the codes that have been read so far. */
  interface Levels {

    /**
     * The labels of a category.
     *
     * @param category index into the categories that are read
     * @return at least the labels of all codes in blocks that were handed out
     */
    List<String> of(int category);
  }

  private record Outcome<R>(R result, int rows, Throwable failure) {}

  private final Rows rows;
  private final Execution execution;
  private final long limit;
  private final RowReader reader;
  private final int workers;
  private final IntFunction<Worker<R>> factory;
  private final Consumer<R> sink;
  private final boolean onCaller;

  /** Guards the reader and the count of what was read. */
  private final ReentrantLock reading = new ReentrantLock();

  private long rowsRead;
  private long tickets;

  // guarded by this
  private final Map<Long, Outcome<R>> waiting = new HashMap<>();
  private int inFlight;
  private long delivered;
  private long rowsDone;
  private boolean delivering;
  private boolean ended;
  private Throwable failure;

  private OrderedBlocks(
      Rows rows,
      Execution execution,
      long limit,
      RowReader reader,
      int workers,
      IntFunction<Worker<R>> factory,
      Consumer<R> sink,
      boolean onCaller) {
    this.rows = rows;
    this.execution = execution;
    this.limit = limit;
    this.reader = reader;
    this.workers = workers;
    this.factory = factory;
    this.sink = sink;
    this.onCaller = onCaller;
  }

  /**
   * Reads and works.
   *
   * @param rows the table
   * @param numbers names of the columns of numbers that are read
   * @param categories names of the columns of levels that are read
   * @param limit the most rows that are read
   * @param execution threads, listener and cancellation
   * @param factory makes the work of each thread, by its index
   * @param sink gets the results in order, one thread at a time
   * @param onCaller whether the sink is called on this thread only
   */
  static <R> void run(
      Rows rows,
      List<String> numbers,
      List<String> categories,
      long limit,
      Execution execution,
      IntFunction<Worker<R>> factory,
      Consumer<R> sink,
      boolean onCaller) {
    try (RowReader reader = rows.read(numbers, categories)) {
      int size = RowReader.blockRows(numbers.size() + categories.size());
      long count = rows.count() < 0 ? limit : Math.min(limit, rows.count());
      long blocks = Math.max(1, count / size + (count % size == 0 ? 0 : 1));
      int workers = (int) Math.min(execution.parallelism(), blocks);
      new OrderedBlocks<>(rows, execution, limit, reader, workers, factory, sink, onCaller).run();
    }
  }

  private void run() {
    execution.run(workers, this::work);
    synchronized (this) {
      if (failure instanceof Error e) {
        throw e;
      }
      if (failure instanceof RuntimeException e) {
        throw e;
      }
      if (failure != null) {
        // From callbacks in languages that do not declare what they throw.
        throw new UndeclaredThrowableException(failure);
      }
    }
    if (tickets == 0) {
      tell(0);
    }
  }

  private void work(int index) {
    Worker<R> worker = null;
    while (enter(index)) {
      long ticket = -1;
      RowBlock block = null;
      int count = 0;
      reading.lock();
      try {
        block = next();
        if (block != null) {
          count = (int) Math.min(block.rows(), limit - rowsRead);
          rowsRead += count;
          ticket = tickets++;
        }
      } catch (Throwable e) {
        // in its turn: rows before may hold what fails too
        ticket = tickets++;
        leave(ticket, new Outcome<>(null, 0, e));
        close();
        break;
      } finally {
        reading.unlock();
      }
      if (block == null) {
        close();
        leave(-1, null);
        break;
      }
      Outcome<R> outcome;
      try {
        if (worker == null) {
          worker = factory.apply(index);
        }
        outcome = new Outcome<>(worker.work(block, count, this::levels), count, null);
      } catch (Throwable e) {
        outcome = new Outcome<>(null, count, e);
      }
      try {
        block.release();
      } catch (Throwable e) {
        outcome = new Outcome<>(null, count, e);
      }
      leave(ticket, outcome);
      if (!onCaller) {
        deliver();
      }
    }
    if (!onCaller) {
      deliver();
    } else if (index == 0) {
      deliverAll();
    }
  }

  /** The next block, or null at the end; under the lock. */
  private RowBlock next() {
    synchronized (this) {
      if (ended || failure != null) {
        return null;
      }
    }
    if (execution.cancellation().isCancelled()) {
      throw new CancellationException("the pass was cancelled after " + rowsRead + " rows");
    }
    return rowsRead >= limit ? null : reader.next();
  }

  private List<String> levels(int category) {
    reading.lock();
    try {
      return reader.levels(category);
    } finally {
      reading.unlock();
    }
  }

  /** Waits until one more block may be in flight; false if there is nothing more to read. */
  private boolean enter(int index) {
    boolean interrupted = false;
    try {
      while (true) {
        if (onCaller && index == 0) {
          deliver();
        }
        synchronized (this) {
          if (ended || failure != null) {
            return false;
          }
          if (inFlight < workers + AHEAD) {
            inFlight++;
            return true;
          }
          if (!(onCaller && index == 0 && waiting.containsKey(delivered))) {
            interrupted |= await();
          }
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Others hold what is waited for, and they come to an end: leaving is no option. */
  @SuppressWarnings("WaitNotInLoop") // the loops are the callers'
  private boolean await() {
    try {
      wait();
      return false;
    } catch (InterruptedException e) {
      return true;
    }
  }

  private synchronized void close() {
    ended = true;
    notifyAll();
  }

  private synchronized void leave(long ticket, Outcome<R> outcome) {
    if (outcome == null) {
      inFlight--;
    } else {
      waiting.put(ticket, outcome);
    }
    notifyAll();
  }

  /** Delivers what has its turn, unless another thread is at it. */
  private void deliver() {
    while (true) {
      Outcome<R> outcome;
      synchronized (this) {
        if (delivering || failure != null || !waiting.containsKey(delivered)) {
          return;
        }
        outcome = waiting.remove(delivered);
        delivering = true;
      }
      Throwable thrown = outcome.failure();
      if (thrown == null) {
        try {
          sink.accept(outcome.result());
          tell(outcome.rows());
        } catch (Throwable e) {
          thrown = e;
        }
      }
      synchronized (this) {
        delivering = false;
        delivered++;
        inFlight--;
        if (thrown != null) {
          failure = thrown;
          waiting.clear();
        }
        notifyAll();
      }
    }
  }

  /** After the last block has been read, on the thread of the caller. */
  private void deliverAll() {
    boolean interrupted = false;
    while (true) {
      deliver();
      synchronized (this) {
        if (failure != null || inFlight == 0) {
          break;
        }
        if (!waiting.containsKey(delivered)) {
          interrupted |= await();
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void tell(int count) {
    rowsDone += count;
    long total = rows.count();
    execution.listener().progress(rowsDone, total < 0 ? total : Math.min(total, limit));
  }
}
