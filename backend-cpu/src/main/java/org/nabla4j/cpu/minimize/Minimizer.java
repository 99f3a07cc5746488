package org.nabla4j.cpu.minimize;

import org.nabla4j.backend.Execution;
import org.nabla4j.method.Bfgs;
import org.nabla4j.method.ConjugateGradient;
import org.nabla4j.method.ConstrainedMethod;
import org.nabla4j.method.GradientDescent;
import org.nabla4j.method.LimitedMemoryBfgs;
import org.nabla4j.method.MinimizationMethod;
import org.nabla4j.method.NelderMead;
import org.nabla4j.method.NewtonConjugateGradient;
import org.nabla4j.method.NewtonRaphson;
import org.nabla4j.objective.MinimizationProblem;
import org.nabla4j.objective.Objective;
import org.nabla4j.result.BatchMinima;

/**
 * Minimises the problems of a batch: each has a {@link Search} of its own, and each thread asks
 * those that it works on, in rounds, what they need, evaluates it for all of them at once, and
 * tells them.
 *
 * <p>A search depends on its problem alone, so that results do not depend on the batch or on the
 * number of threads, as long as the objective gives a point the same value whatever stands beside
 * it.
 */
public final class Minimizer extends BatchRun {

  /** Searches that a thread has under way, at most. */
  private static final int WINDOW = 1024;

  /** Doubles that the evaluations of a round may take. */
  private static final long ROUND = 1L << 21;

  final Evaluator evaluator;
  private final Convergence convergence;

  private Minimizer(
      MinimizationProblem problem,
      Objective objective,
      MinimizationMethod method,
      Execution execution,
      BatchMinima.Builder results) {
    super(problem, method, execution, results);
    evaluator = new Evaluator(problem, objective, method);
    convergence = new Convergence(method, lower, upper);
    results.kernel(evaluator.description());
  }

  /**
   * Minimises all problems. What the caller's own code throws comes out as it is, once.
   *
   * @param problem what to minimise
   * @param objective the problem's objective of the free parameters, or one with the same values
   * @param method how; one for constraints if there are any, else one of the others or of those
   * @param execution on which threads, watched and cancelled by whom
   * @param results where results go
   * @throws IllegalArgumentException if the method does not fit the problem
   */
  public static void minimize(
      MinimizationProblem problem,
      Objective objective,
      MinimizationMethod method,
      Execution execution,
      BatchMinima.Builder results) {
    if (method instanceof ConstrainedMethod constrained) {
      new ConstrainedBatch(problem, objective, constrained, execution, results).runAll();
      return;
    }
    if (!problem.constraints().isEmpty()) {
      throw new IllegalArgumentException(
          "method = "
              + method
              + ", expected SequentialQuadraticProgramming or AugmentedLagrangian: there are"
              + " constraints, "
              + problem.constraints());
    }
    new Minimizer(problem, objective, method, execution, results).runAll();
  }

  @Override
  void work() {
    int p = problem.freeCount();
    long each = method instanceof NewtonRaphson ? (long) p * p + 2L * p : 3L * p;
    long fair = (problem.problems() + workers() - 1) / workers();
    int window = (int) Math.max(1, Math.min(Math.min(WINDOW, fair), ROUND / each));
    new MinimizerWorker(this, window).run();
  }

  /** The search of a problem, at its start. */
  Search search(long index) {
    double[] start = problem.freeStart(index);
    if (method instanceof NewtonRaphson options) {
      return new NewtonSearch(options, start, lower, upper);
    } else if (method instanceof NewtonConjugateGradient options) {
      return new NewtonConjugateGradientSearch(options, start, lower, upper);
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
    throw new IllegalArgumentException("method = " + method + ", expected one of this library's");
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
    ended(search.iterations());
  }

  /** Tells of a step. */
  void stepped(long index, Search search) {
    double[] best = search.best();
    double[] gradient = search.gradient();
    double norm = gradient == null ? Double.NaN : 0;
    for (int k = 0; gradient != null && k < best.length; k++) {
      norm = Math.hypot(norm, convergence.projected(k, best, gradient));
    }
    stepped(index, search.iterations(), best, search.value(), norm);
  }
}
