package org.nabla4j.cpu;

import java.util.concurrent.atomic.AtomicLong;
import org.nabla4j.backend.Execution;
import org.nabla4j.cpu.codegen.KernelCompiler;
import org.nabla4j.cpu.minimize.BatchProgress;
import org.nabla4j.data.Column;
import org.nabla4j.method.RootFinding;
import org.nabla4j.objective.EquationProblem;
import org.nabla4j.result.BatchRoots;
import org.nabla4j.result.Status;

/** Systems of equations, each thread with problems of its own; see {@link RestartedNewton}. */
final class SystemSolver {

  /** Problems that a thread takes at a time. */
  private static final int CHUNK = 16;

  private final EquationProblem problem;
  private final RootFinding method;
  private final Execution execution;
  private final BatchRoots.Builder results;
  private final AtomicLong next = new AtomicLong();
  private final BatchProgress progress;

  SystemSolver(
      EquationProblem problem,
      RootFinding method,
      Execution execution,
      BatchRoots.Builder results) {
    this.problem = problem;
    this.method = method;
    this.execution = execution;
    this.results = results;
    progress = new BatchProgress(execution, problem.problems());
  }

  /** The arithmetic that is used, in words. */
  static String description() {
    return "interpreter, double" + (KernelCompiler.hasFma() ? ", fma" : ", no fma");
  }

  /** Solves all problems. */
  void solve() {
    EquationSystem system = new EquationSystem(problem, KernelCompiler.hasFma());
    long chunks = (problem.problems() + CHUNK - 1) / CHUNK;
    int workers = (int) Math.min(execution.parallelism(), chunks);
    execution.run(workers, w -> new Worker(system).run());
    if (execution.cancellation().isCancelled()) {
      Worker rest = new Worker(system);
      for (long index = next.get(); index < problem.problems(); index++) {
        rest.skip(index);
      }
    }
    progress.finish();
  }

  private final class Worker {
    private final RestartedNewton newton;
    private final int p = problem.unknowns().size();
    private final Column[] constantColumns = problem.constants().toArray(Column[]::new);
    private final double[] constants = new double[constantColumns.length];
    private final double[] start = new double[p];
    private final double[] lower = new double[p];
    private final double[] upper = new double[p];

    Worker(EquationSystem system) {
      newton = new RestartedNewton(system, method);
    }

    void run() {
      while (!execution.cancellation().isCancelled()) {
        long from = next.getAndAdd(CHUNK);
        if (from >= problem.problems()) {
          return;
        }
        long to = Math.min(from + CHUNK, problem.problems());
        for (long index = from; index < to; index++) {
          if (execution.cancellation().isCancelled()) {
            skip(index);
          } else {
            one(index);
          }
        }
        progress.add(to - from);
        progress.report();
      }
    }

    /** Leaves a problem where it was to start. */
    private void skip(long index) {
      load(index);
      for (int j = 0; j < p; j++) {
        results.value(index, j, start[j], Double.NaN);
      }
      results.outcome(index, Status.CANCELLED, Double.NaN, 0, 0);
    }

    /** Reads a problem's bounds and its start within them. */
    private void load(long index) {
      for (int j = 0; j < p; j++) {
        double a = problem.lower(j).map(c -> c.value(index, 0)).orElse(Double.NEGATIVE_INFINITY);
        double b = problem.upper(j).map(c -> c.value(index, 0)).orElse(Double.POSITIVE_INFINITY);
        lower[j] = Math.min(a, b);
        upper[j] = Math.max(a, b);
        double x =
            problem.start(j).isPresent()
                ? problem.start(j).get().value(index, 0)
                : EquationReader.start(lower[j], upper[j]);
        start[j] = Math.min(Math.max(x, lower[j]), upper[j]);
      }
    }

    private void one(long index) {
      for (int k = 0; k < constants.length; k++) {
        constants[k] = constantColumns[k].value(index, 0);
      }
      load(index);
      Status status = newton.solve(start, constants, lower, upper);
      for (int j = 0; j < p; j++) {
        results.value(index, j, newton.point()[j], newton.uncertainty()[j]);
      }
      double residual = status == Status.NON_FINITE ? Double.NaN : newton.residual();
      results.outcome(index, status, residual, newton.iterations(), newton.evaluations());
    }
  }
}
