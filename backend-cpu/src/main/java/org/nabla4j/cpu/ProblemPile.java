package org.nabla4j.cpu;

import java.util.concurrent.atomic.AtomicLong;
import org.nabla4j.backend.Execution;
import org.nabla4j.cpu.minimize.BatchProgress;

/** The problems of a batch, from which all threads take. */
final class ProblemPile {

  /** Problems that a thread takes from the common pile at a time. */
  private static final int CHUNK = 256;

  private final long count;
  private final Execution execution;
  private final int chunk;
  private final AtomicLong next = new AtomicLong();
  private final BatchProgress progress;

  /**
   * A pile of all problems of a batch.
   *
   * @param count how many there are
   * @param execution whose listener is told and whose cancellation is heeded
   */
  ProblemPile(long count, Execution execution) {
    this.count = count;
    this.execution = execution;
    progress = new BatchProgress(execution, count);
    // small batches are spread over all threads
    chunk = (int) Math.max(1, Math.min(CHUNK, count / (4L * execution.parallelism())));
  }

  Share share() {
    return new Share();
  }

  /** Tells that all is over. */
  void finish() {
    progress.finish();
  }

  /** What one thread has taken. */
  final class Share implements LaneWorker.Source {
    private long from;
    private long to;
    private long ended;

    private Share() {}

    @Override
    public long take() {
      if (from == to) {
        long start = isCancelled() ? count : next.getAndAdd(chunk);
        report();
        if (start >= count) {
          return -1;
        }
        from = start;
        to = Math.min(start + chunk, count);
      }
      return from++;
    }

    @Override
    public boolean isCancelled() {
      return execution.cancellation().isCancelled();
    }

    @Override
    public void countEnded() {
      ended++;
    }

    @Override
    public void report() {
      progress.add(ended);
      ended = 0;
      progress.report();
    }
  }
}
