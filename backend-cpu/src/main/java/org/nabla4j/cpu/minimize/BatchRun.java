package org.nabla4j.cpu.minimize;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.nabla4j.backend.Execution;
import org.nabla4j.method.MinimizationMethod;
import org.nabla4j.objective.MinimizationProblem;
import org.nabla4j.result.BatchMinima;

/**
 * The problems of a batch, from which all threads take, and whom is told of how far they are.
 * Thread-safe.
 */
abstract class BatchRun {

  final MinimizationProblem problem;
  final MinimizationMethod method;
  final BatchMinima.Builder results;

  /** Bounds of the free parameters, null where there are none. */
  final double[] lower;

  final double[] upper;
  private final Execution execution;
  private final int[] free;
  private final AtomicLong next = new AtomicLong();
  private final AtomicBoolean failed = new AtomicBoolean();
  private final BatchProgress progress;
  private final ReentrantLock telling = new ReentrantLock();

  BatchRun(
      MinimizationProblem problem,
      MinimizationMethod method,
      Execution execution,
      BatchMinima.Builder results) {
    this.problem = problem;
    this.method = method;
    this.execution = execution;
    this.results = results;
    free = problem.freePositions();
    progress = new BatchProgress(execution, total());
    lower = problem.bounded() ? ofFree(problem.lower()) : null;
    upper = problem.bounded() ? ofFree(problem.upper()) : null;
  }

  /** One thread's share of the work: takes problems until there is none. */
  abstract void work();

  /** Does all the work. An exception of the caller's code comes out as it is, once. */
  final void runAll() {
    execution.run(
        workers(),
        worker -> {
          try {
            work();
          } catch (RuntimeException | Error e) {
            failed.set(true);
            throw e;
          }
        });
    progress.finish();
  }

  /** Threads that find work. */
  final int workers() {
    return (int) Math.min(execution.parallelism(), problem.problems());
  }

  private double[] ofFree(double[] all) {
    double[] some = new double[free.length];
    for (int k = 0; k < free.length; k++) {
      some[k] = all[free[k]];
    }
    return some;
  }

  /** The next problem that nobody works on, or a number below 0 if there is none. */
  final long take() {
    if (failed.get() || isCancelled() || next.get() >= problem.problems()) {
      return -1;
    }
    long index = next.getAndIncrement();
    return index < problem.problems() ? index : -1;
  }

  /** Whether another thread's problem has thrown: nobody will see what is still to come. */
  final boolean hasFailed() {
    return failed.get();
  }

  final boolean isCancelled() {
    return execution.cancellation().isCancelled();
  }

  final Execution execution() {
    return execution;
  }

  /** Counts a problem that has ended. */
  final void ended(int iterations) {
    if (problem.problems() > 1) {
      progress.add(1);
    } else {
      progress.atLeast(iterations);
    }
  }

  /** Whether anybody wants to be told of steps. */
  final boolean isWatched() {
    return execution.hasIterationListener();
  }

  /** Tells of a step of a problem without constraints, one thread at a time. */
  final void stepped(long index, int iteration, double[] best, double value, double norm) {
    stepped(index, iteration, best, value, norm, 0);
  }

  /** Tells of a step, one thread at a time. */
  final void stepped(
      long index, int iteration, double[] best, double value, double norm, double violation) {
    double[] theta = new double[problem.parameters().size()];
    problem.starts().read(index, 0, theta.length, theta, 0);
    for (int k = 0; k < free.length; k++) {
      theta[free[k]] = best[k];
    }
    telling.lock();
    try {
      execution.iterationListener().iteration(index, iteration, theta, value, norm, violation);
    } finally {
      telling.unlock();
    }
  }

  /**
   * Tells how far it is.
   *
   * @param iterations so far, of interest where there is one problem
   */
  final void report(int iterations) {
    if (problem.problems() == 1) {
      progress.atLeast(iterations);
    }
    progress.report();
  }

  private long total() {
    return problem.problems() == 1
        ? method.iterationLimit(problem.freeCount())
        : problem.problems();
  }
}
