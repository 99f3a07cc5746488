package org.nabla4j.cpu.minimize;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.nabla4j.backend.Execution;
import org.nabla4j.method.Bfgs;
import org.nabla4j.method.ConjugateGradient;
import org.nabla4j.method.GradientDescent;
import org.nabla4j.method.LimitedMemoryBfgs;
import org.nabla4j.method.MinimizationMethod;
import org.nabla4j.method.NelderMead;
import org.nabla4j.method.NewtonRaphson;
import org.nabla4j.objective.MinimizationProblem;
import org.nabla4j.result.BatchMinima;

/**
 * Minimises the problems of a batch without constraints: each has a {@link Search} of its own, and
 * each thread asks those that it works on, in rounds, what they need, evaluates it for all of them
 * at once, and tells them.
 *
 * <p>A search depends on its problem alone, so that results do not depend on the batch or on the
 * number of threads, as long as the objective gives a point the same value whatever stands beside
 * it.
 */
public final class Minimizer {

  /** Searches that a thread has under way, at most. */
  private static final int WINDOW = 1024;

  /** Doubles that the evaluations of a round may take. */
  private static final long ROUND = 1L << 21;

  final MinimizationProblem problem;
  final MinimizationMethod method;
  final Execution execution;
  final BatchMinima.Builder results;
  final Evaluator evaluator;
  final double[] lower;
  final double[] upper;
  private final int[] free;
  private final Convergence convergence;
  private final AtomicLong next = new AtomicLong();
  private final AtomicLong done = new AtomicLong();
  private final AtomicBoolean failed = new AtomicBoolean();
  private final ReentrantLock reporting = new ReentrantLock();
  private final ReentrantLock telling = new ReentrantLock();

  /**
   * Prepares a batch.
   *
   * @param problem what to minimise; without constraints
   * @param method how; one for problems without constraints
   * @param execution on which threads, watched and cancelled by whom
   * @param results where results go
   * @throws IllegalArgumentException if the method does not fit the problem
   */
  public Minimizer(
      MinimizationProblem problem,
      MinimizationMethod method,
      Execution execution,
      BatchMinima.Builder results) {
    this.problem = problem;
    this.method = method;
    this.execution = execution;
    this.results = results;
    free = problem.freePositions();
    evaluator = new Evaluator(problem, method);
    lower = problem.bounded() ? ofFree(problem.lower()) : null;
    upper = problem.bounded() ? ofFree(problem.upper()) : null;
    convergence = new Convergence(method, lower, upper);
  }

  /** Minimises all problems. An exception of the caller's code comes out as it is, once. */
  public void minimize() {
    results.kernel(evaluator.description());
    long problems = problem.problems();
    int workers = (int) Math.min(execution.parallelism(), problems);
    int p = free.length;
    long each = method instanceof NewtonRaphson ? (long) p * p + 2L * p : 3L * p;
    long fair = (problems + workers - 1) / workers;
    int window = (int) Math.max(1, Math.min(Math.min(WINDOW, fair), ROUND / each));
    execution.run(
        workers,
        worker -> {
          try {
            new MinimizerWorker(this, window).run();
          } catch (RuntimeException | Error e) {
            failed.set(true);
            throw e;
          }
        });
    execution.listener().progress(progress(), total());
  }

  /** The search of a problem, at its start. */
  Search search(long index) {
    double[] all = new double[problem.parameters().size()];
    problem.starts().read(index, 0, all.length, all, 0);
    double[] start = ofFree(all);
    if (method instanceof NewtonRaphson options) {
      return new NewtonSearch(options, start, lower, upper);
    } else if (method instanceof Bfgs options) {
      return new BfgsSearch(options, start, lower, upper);
    } else if (method instanceof LimitedMemoryBfgs options) {
      return new LimitedMemoryBfgsSearch(options, start, lower, upper);
    } else if (method instanceof ConjugateGradient options) {
      return new ConjugateGradientSearch(options, start, lower, upper);
    } else if (method instanceof GradientDescent options) {
      return new GradientDescentSearch(options, start, lower, upper, evaluator.terms());
    } else if (method instanceof NelderMead options) {
      return new NelderMeadSearch(options, start, lower, upper);
    }
    throw new IllegalArgumentException("method = " + method + ", expected one without constraints");
  }

  private double[] ofFree(double[] all) {
    double[] some = new double[free.length];
    for (int k = 0; k < free.length; k++) {
      some[k] = all[free[k]];
    }
    return some;
  }

  /** The next problem that nobody works on, or a number below 0 if there is none. */
  long take() {
    if (next.get() >= problem.problems()) {
      return -1;
    }
    long index = next.getAndIncrement();
    return index < problem.problems() ? index : -1;
  }

  /** Whether another thread's problem has thrown: nobody will see what is still to come. */
  boolean hasFailed() {
    return failed.get();
  }

  boolean isCancelled() {
    return execution.cancellation().isCancelled();
  }

  /** Keeps how a search has ended. */
  void ended(long index, Search search, int told) {
    results.freeParameters(index, search.best());
    double[] gradient = search.gradient();
    if (gradient != null) {
      results.gradient(index, gradient);
    }
    results.outcome(
        index,
        search.status(),
        search.statusValue(),
        search.value(),
        search.iterations(),
        evaluator.evaluations(index, told));
    if (problem.problems() > 1) {
      done.incrementAndGet();
    } else {
      done.set(search.iterations());
    }
  }

  /** Tells of a step, one thread at a time. */
  void stepped(long index, Search search) {
    if (!execution.hasIterationListener()) {
      return;
    }
    double[] theta = new double[problem.parameters().size()];
    problem.starts().read(index, 0, theta.length, theta, 0);
    double[] best = search.best();
    for (int k = 0; k < free.length; k++) {
      theta[free[k]] = best[k];
    }
    double[] gradient = search.gradient();
    double norm = gradient == null ? Double.NaN : 0;
    for (int k = 0; gradient != null && k < free.length; k++) {
      norm = Math.hypot(norm, convergence.projected(k, best, gradient));
    }
    telling.lock();
    try {
      execution
          .iterationListener()
          .iteration(index, search.iterations(), theta, search.value(), norm);
    } finally {
      telling.unlock();
    }
  }

  /** Tells how far it is, unless another thread is about to: what is told never goes back. */
  void report(int iterations) {
    if (problem.problems() == 1) {
      done.set(iterations);
    }
    if (reporting.tryLock()) {
      try {
        execution.listener().progress(progress(), total());
      } finally {
        reporting.unlock();
      }
    }
  }

  private long progress() {
    return done.get();
  }

  private long total() {
    return problem.problems() == 1
        ? method.iterationLimit(problem.freeCount())
        : problem.problems();
  }
}
