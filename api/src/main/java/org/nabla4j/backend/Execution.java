package org.nabla4j.backend;

import java.lang.reflect.UndeclaredThrowableException;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;

/**
 * On which threads a solve runs, who watches it and who can stop it. Immutable; every {@code with}
 * method returns a changed copy.
 *
 * <p>Results never depend on the number of threads.
 */
public final class Execution {

  private static final Execution DEFAULTS =
      new Execution(null, 0, (done, total) -> {}, null, new Cancellation(), KernelPreference.AUTO);

  private final Executor executor;
  private final int parallelism;
  private final ProgressListener listener;

  /** Null where nobody watches steps. */
  private final IterationListener iterationListener;

  private final Cancellation cancellation;
  private final KernelPreference kernel;

  private Execution(
      Executor executor,
      int parallelism,
      ProgressListener listener,
      IterationListener iterationListener,
      Cancellation cancellation,
      KernelPreference kernel) {
    this.executor = executor;
    this.parallelism = parallelism;
    this.listener = listener;
    this.iterationListener = iterationListener;
    this.cancellation = cancellation;
    this.kernel = kernel;
  }

  /**
   * All processors through the library's own pool of daemon threads, no listener, the fastest
   * kernels.
   *
   * @return the settings
   */
  public static Execution defaults() {
    return DEFAULTS;
  }

  /**
   * Replaces the library's pool.
   *
   * @param pool where tasks are submitted
   * @param threads how many tasks to run at a time, the calling thread among them, &gt; 0
   * @return a changed copy
   * @throws IllegalArgumentException if {@code threads} is not positive
   */
  public Execution withExecutor(Executor pool, int threads) {
    return new Execution(
        Objects.requireNonNull(pool, "pool"),
        positive(threads),
        listener,
        iterationListener,
        cancellation,
        kernel);
  }

  /**
   * Limits the number of threads.
   *
   * @param threads how many to use at a time, the calling thread among them, &gt; 0
   * @return a changed copy
   * @throws IllegalArgumentException if {@code threads} is not positive
   */
  public Execution withParallelism(int threads) {
    return new Execution(
        executor, positive(threads), listener, iterationListener, cancellation, kernel);
  }

  /**
   * Watches the solve.
   *
   * @param watcher is told of progress
   * @return a changed copy
   */
  public Execution withListener(ProgressListener watcher) {
    return new Execution(
        executor,
        parallelism,
        Objects.requireNonNull(watcher, "watcher"),
        iterationListener,
        cancellation,
        kernel);
  }

  /**
   * Watches every step of a minimisation.
   *
   * @param watcher is told of steps, by one thread at a time
   * @return a changed copy
   */
  public Execution withIterationListener(IterationListener watcher) {
    return new Execution(
        executor,
        parallelism,
        listener,
        Objects.requireNonNull(watcher, "watcher"),
        cancellation,
        kernel);
  }

  /**
   * Gives a switch that stops the solve.
   *
   * @param token the switch
   * @return a changed copy
   */
  public Execution withCancellation(Cancellation token) {
    return new Execution(
        executor,
        parallelism,
        listener,
        iterationListener,
        Objects.requireNonNull(token, "token"),
        kernel);
  }

  /**
   * Asks for a flavour of kernels.
   *
   * @param preference the flavour
   * @return a changed copy
   */
  public Execution withKernel(KernelPreference preference) {
    return new Execution(
        executor,
        parallelism,
        listener,
        iterationListener,
        cancellation,
        Objects.requireNonNull(preference, "preference"));
  }

  private static int positive(int threads) {
    if (threads <= 0) {
      throw new IllegalArgumentException("threads = " + threads + ", expected > 0");
    }
    return threads;
  }

  /**
   * How many threads to use at a time, the calling one among them.
   *
   * @return as set, or the number of processors
   */
  public int parallelism() {
    return parallelism > 0 ? parallelism : Runtime.getRuntime().availableProcessors();
  }

  /**
   * Who watches.
   *
   * @return the listener; one that does nothing if none was set
   */
  public ProgressListener listener() {
    return listener;
  }

  /**
   * Whether anybody watches steps.
   *
   * @return true after {@link #withIterationListener}
   */
  public boolean hasIterationListener() {
    return iterationListener != null;
  }

  /**
   * Who watches steps.
   *
   * @return the listener; one that does nothing if none was set
   */
  public IterationListener iterationListener() {
    return iterationListener == null
        ? (problem, iteration, theta, value, gradientNorm) -> {}
        : iterationListener;
  }

  /**
   * The switch that stops the solve.
   *
   * @return the switch; one that nobody turns on if none was set
   */
  public Cancellation cancellation() {
    return cancellation;
  }

  /**
   * The flavour of kernels asked for.
   *
   * @return the preference
   */
  public KernelPreference kernel() {
    return kernel;
  }

  /** What was set: threads, the pool, kernels. */
  @Override
  public String toString() {
    return "Execution(threads="
        + (parallelism > 0 ? parallelism : "all")
        + (executor == null ? "" : ", executor=" + executor)
        + ", kernel="
        + kernel
        + ")";
  }

  /**
   * Runs {@code body.accept(0)} to {@code body.accept(workers - 1)} at the same time and waits for
   * all of them. The calling thread runs the first and then whichever have not been started by the
   * pool, so that a busy or refusing pool delays the work but cannot stop it.
   *
   * @param workers how many bodies to run, &gt; 0; more than were asked for are refused. The number
   *     of processors may change while the JVM runs, so where it stands in for a number asked for,
   *     it is no limit
   * @param body the work of one worker
   * @throws IllegalArgumentException if {@code workers} is not positive, or more than a parallelism
   *     that was set
   */
  public void run(int workers, IntConsumer body) {
    Objects.requireNonNull(body, "body");
    if (workers <= 0 || (parallelism > 0 && workers > parallelism)) {
      throw new IllegalArgumentException(
          "workers = " + workers + ", expected 1 to parallelism = " + parallelism());
    }
    if (workers == 1) {
      body.accept(0);
      return;
    }
    Executor pool = executor != null ? executor : DefaultPool.executor();
    Worker[] others = new Worker[workers - 1];
    CountDownLatch ended = new CountDownLatch(others.length);
    AtomicReference<Throwable> failure = new AtomicReference<>();
    for (int i = 0; i < others.length; i++) {
      others[i] = new Worker(body, i + 1, ended, failure);
      try {
        pool.execute(others[i]);
      } catch (RejectedExecutionException e) {
        // Nothing is lost: the calling thread runs it below.
      }
    }
    try {
      body.accept(0);
    } catch (Throwable e) {
      failure.compareAndSet(null, e);
    }
    for (Worker other : others) {
      other.run();
    }
    awaitUninterruptibly(ended);
    Throwable thrown = failure.get();
    if (thrown instanceof RuntimeException e) {
      throw e;
    }
    if (thrown instanceof Error e) {
      throw e;
    }
    if (thrown != null) {
      // From callbacks in languages that do not declare what they throw.
      throw new UndeclaredThrowableException(thrown);
    }
  }

  /** Workers write into shared results, so leaving before they end is no option. */
  private static void awaitUninterruptibly(CountDownLatch latch) {
    boolean interrupted = false;
    while (true) {
      try {
        latch.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** One share of the work, run once by whoever comes first. */
  private static final class Worker implements Runnable {
    private final IntConsumer body;
    private final int index;
    private final CountDownLatch ended;
    private final AtomicReference<Throwable> failure;
    private final AtomicBoolean taken = new AtomicBoolean();

    Worker(IntConsumer body, int index, CountDownLatch ended, AtomicReference<Throwable> failure) {
      this.body = body;
      this.index = index;
      this.ended = ended;
      this.failure = failure;
    }

    @Override
    public void run() {
      if (!taken.compareAndSet(false, true)) {
        return;
      }
      try {
        body.accept(index);
      } catch (Throwable e) {
        failure.compareAndSet(null, e);
      } finally {
        ended.countDown();
      }
    }
  }
}
