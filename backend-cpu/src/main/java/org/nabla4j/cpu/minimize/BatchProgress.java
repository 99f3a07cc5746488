package org.nabla4j.cpu.minimize;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.nabla4j.backend.Execution;

/** How far a batch is, counted by several threads and told to the listener. Thread-safe. */
public final class BatchProgress {

  private final Execution execution;
  private final long total;
  private final AtomicLong done = new AtomicLong();
  private final ReentrantLock reporting = new ReentrantLock();

  /**
   * Nothing is done yet.
   *
   * @param execution whose listener is told
   * @param total what there is to do
   */
  public BatchProgress(Execution execution, long total) {
    this.execution = execution;
    this.total = total;
  }

  /**
   * Counts what has been done.
   *
   * @param more how much more that is
   */
  public void add(long more) {
    done.addAndGet(more);
  }

  /**
   * Notes what has been done, unless more is known to have been.
   *
   * @param all how much that is
   */
  void atLeast(long all) {
    done.accumulateAndGet(all, Math::max);
  }

  /** Tells how far it is, unless another thread is about to: what is told never goes back. */
  public void report() {
    if (reporting.tryLock()) {
      try {
        finish();
      } finally {
        reporting.unlock();
      }
    }
  }

  /** Tells how far it is when all threads have ended. */
  public void finish() {
    execution.listener().progress(done.get(), total);
  }
}
