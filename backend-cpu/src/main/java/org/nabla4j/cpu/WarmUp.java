package org.nabla4j.cpu;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.nabla4j.cpu.codegen.Warmth;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a vector kernel on copies of a few problems, on a thread of its own, until the JVM has
 * compiled it and it is faster than the scalar kernel that works meanwhile.
 *
 * <p>An interpreted vector kernel is thousands of times slower, and it takes the JVM a second or
 * more to compile one.
 */
final class WarmUp implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);

  /** One after the other, on a thread that goes when there is nothing to do. */
  private static final Executor THREAD = thread();

  /** Nanoseconds that a scalar kernel is busy, in all batches, before a vector kernel is made. */
  private static final long BEFORE = 200_000_000;

  /** Nanoseconds between two looks at the clock. */
  private static final long SLICE = 2_000_000;

  /** Times that the kernel must be seen to be the faster one: the machine may be busy. */
  private static final int TIMES = 3;

  /** Nanoseconds after which there is no hope left. */
  private static final long PATIENCE = 30_000_000_000L;

  /** A vector kernel at work on copies. */
  interface Trial {

    /** Problems that are worked on at once. */
    int lanes();

    /** Evaluates, steps, and begins anew where a problem has ended. */
    void turn();
  }

  private final Warmth warmth;
  private final Supplier<Trial> trials;

  private WarmUp(Warmth warmth, Supplier<Trial> trials) {
    this.warmth = warmth;
    this.trials = trials;
  }

  /**
   * Begins to warm up the vector kernel beside a scalar one that has been busy for long enough,
   * unless that has begun already.
   *
   * @param warmth of the scalar kernel
   * @param copy copies problems at once, for the caller's arrays may change or go when its batch
   *     has ended; what it gives makes the kernel, or null where there are no vectors
   */
  static void begin(Warmth warmth, Supplier<Supplier<Trial>> copy) {
    if (warmth.nanos() >= BEFORE && warmth.begin()) {
      THREAD.execute(new WarmUp(warmth, copy.get()));
    }
  }

  private static Executor thread() {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            1,
            1,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "nabla4j-warm-up");
              thread.setDaemon(true);
              return thread;
            });
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  @Override
  public void run() {
    Trial trial = trials.get();
    if (trial == null) {
      return;
    }
    long begin = System.nanoTime();
    int faster = 0;
    while (faster < TIMES) {
      long start = System.nanoTime();
      if (start - begin > PATIENCE) {
        LOG.warn(
            "the JVM has not compiled a vector kernel within {} s; batches of this formula stay"
                + " with the scalar kernel: results are right, but slow",
            TimeUnit.NANOSECONDS.toSeconds(PATIENCE));
        return;
      }
      long turns = 0;
      long spent = 0;
      while (spent < SLICE) {
        trial.turn();
        turns++;
        spent = System.nanoTime() - start;
      }
      faster = (double) spent / (turns * trial.lanes()) < warmth.pace() ? faster + 1 : 0;
    }
    warmth.setHot();
  }
}
