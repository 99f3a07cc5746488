package org.nabla4j.cpu;

import java.util.function.Supplier;
import org.nabla4j.backend.Execution;
import org.nabla4j.cpu.codegen.KernelCompiler;
import org.nabla4j.cpu.codegen.Outcome;
import org.nabla4j.cpu.codegen.Procedure;
import org.nabla4j.cpu.codegen.StateLayout;
import org.nabla4j.cpu.codegen.StepOptions;
import org.nabla4j.cpu.codegen.TileLayout;
import org.nabla4j.method.LeastSquaresMethod;
import org.nabla4j.objective.LeastSquaresProblem;
import org.nabla4j.objective.MissingData;
import org.nabla4j.result.BatchFit;
import org.nabla4j.result.Status;

/**
 * A fit of many points: they are summed up by {@link StreamSums}, the step is that of one problem.
 */
final class StreamSolver {

  private final LeastSquaresProblem problem;
  private final LeastSquaresMethod method;
  private final Execution execution;
  private final KernelCompiler compiler;
  private final KernelCompiler steps;
  private final ResidualProgram program;
  private final StreamSums streamSums;
  private final Procedure step;
  private final Procedure plainStep;
  private final CurvatureInverse inverse;
  private final TileLayout sums;
  private final StateLayout state;
  private final int p;
  private final BatchFit.Builder results;
  private final Supplier<StreamSolver> exact;
  private final int limit;
  private StreamSolver doubles;
  private StreamSums moments;

  /** Of the current problem. */
  private int evaluations;

  /**
   * Prepares fits of many points.
   *
   * @param compiler of the kernel that takes whole vectors of points
   * @param scalar compiler of the same precision for the last points
   * @param steps compiler for one problem in double
   * @param results where results go
   * @param exact solver in double for what float cannot decide, or null
   */
  StreamSolver(
      LeastSquaresProblem problem,
      LeastSquaresMethod method,
      Execution execution,
      KernelCompiler compiler,
      KernelCompiler scalar,
      KernelCompiler steps,
      BatchFit.Builder results,
      Supplier<StreamSolver> exact) {
    this.problem = problem;
    this.method = method;
    this.execution = execution;
    this.compiler = compiler;
    this.results = results;
    this.exact = exact;
    this.steps = steps;
    program = ResidualProgram.stream(problem);
    streamSums = new StreamSums(problem, execution, compiler, scalar, program);
    p = problem.freeCount();
    limit = method.evaluationLimit(p);
    StepOptions options = Steps.options(problem, method, program, compiler.isDouble(), limit);
    step = steps.step(options);
    plainStep = steps.step(options.withoutPolish());
    inverse = new CurvatureInverse(steps, p);
    sums = new TileLayout(1, p, program.fixed().length);
    state = new StateLayout(sums);
  }

  /** Solves all problems, one after the other. */
  void solve() {
    long count = problem.problems();
    long done = 0;
    evaluations = 0;
    for (long index = 0; index < count && !execution.cancellation().isCancelled(); index++) {
      if (done > 0) {
        execution.listener().progress(done, count);
      }
      double[] theta = new double[problem.parameters().size()];
      problem.starts().read(index, 0, theta.length, theta, 0);
      if (Steps.areFinite(theta)) {
        done += solve(index, theta, 0) ? 1 : 0;
      } else {
        refuse(index, theta);
        done++;
      }
    }
    execution.listener().progress(count == 1 ? evaluations : done, count == 1 ? limit : count);
  }

  /**
   * Solves a problem.
   *
   * @param theta start values of all parameters
   * @param spent evaluations that have been made
   * @return false if it was cancelled
   */
  private boolean solve(long index, double[] theta, int spent) {
    double[] tile = new double[Math.max(step.facts().tileSize(), plainStep.facts().tileSize())];
    begin(tile, theta);
    evaluations = spent;
    // what float leaves undecided must have evaluations left
    int most = exact == null ? limit : Math.max(1, limit / 2);
    StreamSums.Pass pass = streamSums.pass(index);
    int outcome = Outcome.RUNNING;
    Procedure current = step;
    while (outcome == Outcome.RUNNING) {
      if (execution.cancellation().isCancelled()) {
        cancel(index, tile, evaluations > spent);
        return false;
      }
      int constants = sums.problemConstant(0);
      if (!pass.evaluate(tile, sums.trial(0), tile, constants, tile, sums.sums())) {
        cancel(index, tile, evaluations > spent);
        return false;
      }
      if (pass.used() < p) {
        results.freeParameters(index, tile, sums.trial(0), 1);
        if (problem.missingData() == MissingData.OMIT) {
          results.points(index, pass.used());
        }
        results.outcome(index, Status.TOO_FEW_POINTS, (double) pass.used(), Double.NaN, 0, 0);
        return true;
      }
      refuseInfinite(tile);
      current.run(tile, tile, tile, 0, 0);
      evaluations++;
      outcome = (int) tile[state.outcome()];
      if (outcome == Outcome.HARD && compiler.isDouble() && takeAsExact(tile, theta)) {
        outcome = Outcome.COST;
      }
      boolean hard = outcome == Outcome.HARD;
      if (evaluations >= most && (outcome == Outcome.RUNNING || hard)) {
        outcome = Outcome.LIMIT;
      } else if (hard && tile[state.phase()] != 0) {
        // undamped steps do not contract here: damped ones go on from where they began to polish
        Steps.restart(tile, state, sums, method);
        current = plainStep;
        outcome = Outcome.RUNNING;
      }
      if (outcome == Outcome.RUNNING && problem.problems() == 1) {
        execution.listener().progress(evaluations, limit);
      }
    }
    if (exact != null && evaluations < limit && needsDouble(tile, outcome)) {
      for (int j = 0; j < p; j++) {
        theta[program.free()[j]] = tile[state.theta(j)];
      }
      addOperations(evaluations);
      StreamSolver other = inDouble();
      boolean ended = other.solve(index, theta, evaluations);
      evaluations = other.evaluations;
      return ended;
    }
    addOperations(evaluations - spent);
    write(index, tile, outcome, pass.used());
    return true;
  }

  /** A start value is not finite: nothing can begin. */
  private void refuse(long index, double[] theta) {
    double[] tile = new double[step.facts().tileSize()];
    begin(tile, theta);
    results.freeParameters(index, tile, sums.trial(0), 1);
    results.outcome(index, Status.NON_FINITE, Double.NaN, Double.NaN, 0, 0);
  }

  private void begin(double[] tile, double[] theta) {
    double[] lower = problem.lower();
    double[] upper = problem.upper();
    int[] free = program.free();
    for (int j = 0; j < p; j++) {
      int k = free[j];
      double start =
          problem.bounded() ? Math.max(lower[k], Math.min(upper[k], theta[k])) : theta[k];
      tile[sums.trial(j)] = start;
      tile[state.scale(j)] = Steps.initialScale(start);
      tile[state.lower(j)] = lower[k];
      tile[state.upper(j)] = upper[k];
    }
    for (int k = 0; k < program.fixed().length; k++) {
      tile[sums.problemConstant(k)] = theta[program.fixed()[k]];
    }
  }

  private boolean takeAsExact(double[] tile, double[] start) {
    return Steps.takeAsExact(LaneMemory.of(tile), state, 0, start, program.free());
  }

  /** A loss may leave the cost finite where a residual or a derivative is not. */
  private void refuseInfinite(double[] tile) {
    double probe = 0;
    for (int e = 0; e < (p + 1) * (p + 2) / 2; e++) {
      probe += 0 * tile[sums.sums() + e];
    }
    if (Double.isNaN(probe)) {
      tile[sums.sum(0, 0)] = Double.NaN;
      tile[sums.lossSum()] = Double.NaN;
    }
  }

  /** Ends with the best parameters so far. */
  private void cancel(long index, double[] tile, boolean begun) {
    double cost = begun ? tile[state.cost()] : Double.MAX_VALUE;
    results.freeParameters(index, tile, begun ? state.theta(0) : sums.trial(0), 1);
    results.outcome(
        index,
        Status.CANCELLED,
        Double.NaN,
        cost < Double.MAX_VALUE ? cost : Double.NaN,
        Math.max(0, evaluations - 1),
        evaluations);
  }

  private void addOperations(int count) {
    results.addOperations(
        count * Steps.operations(streamSums.kernel().evaluation(), (double) problem.points()));
  }

  /** The solver in double, this one if it is. */
  private StreamSolver inDouble() {
    if (doubles == null) {
      doubles = exact == null ? this : exact.get();
    }
    return doubles;
  }

  /** Whether the answer in float is a matter of rounding. */
  private boolean needsDouble(double[] tile, int outcome) {
    invertCurvature(tile);
    return outcome == Outcome.HARD
        || outcome == Outcome.NON_FINITE
        || outcome == Outcome.LIMIT
        || !(inverse.pivot(0) >= CurvatureInverse.ILL_CONDITIONED_FLOAT)
        || !Steps.isInRange(tile, state, p, compiler.isDouble());
  }

  private void invertCurvature(double[] tile) {
    for (int e = 0; e < p * (p + 1) / 2; e++) {
      inverse.set(e, 0, tile[state.curvature(0, 0) + e]);
    }
    inverse.invert(1);
  }

  private void write(long index, double[] tile, int outcome, long used) {
    double cost = outcome == Outcome.NON_FINITE ? Double.NaN : tile[state.cost()];
    results.freeParameters(index, tile, state.theta(0), 1);
    if (problem.missingData() == MissingData.OMIT) {
      results.points(index, used);
    }
    Status status = Steps.status(outcome, cost);
    double value =
        switch (outcome) {
          case Outcome.LIMIT -> evaluations;
          case Outcome.HARD -> Steps.noProgressValue(tile[state.damping()]);
          case Outcome.GRADIENT, Outcome.NON_FINITE -> Double.NaN;
          default -> tile[state.outcomeNumerator()] / tile[state.outcomeDenominator()];
        };
    if (outcome != Outcome.NON_FINITE) {
      invertCurvature(tile);
      double pivot = inverse.pivot(0);
      if (outcome == Outcome.HARD && !Steps.isInRange(tile, state, p, true)) {
        status = pivot >= CurvatureInverse.SINGULAR ? status : Status.SINGULAR;
        value = pivot >= CurvatureInverse.SINGULAR ? value : pivot > 0 ? pivot : 0;
      } else if (pivot >= CurvatureInverse.SINGULAR) {
        if (RobustMoments.apply(problem, method)) {
          inDouble().writeRobustCovariance(index, tile, used);
        } else {
          results.curvatureInverse(index, inverse.array(), inverse.inverse(0), 1);
        }
      } else if (status.converged() || status == Status.NO_PROGRESS) {
        status = Status.SINGULAR;
        value = pivot > 0 ? pivot : 0;
      }
    }
    int tried = outcome == Outcome.NON_FINITE ? 0 : evaluations - 1;
    results.outcome(index, status, value, cost, tried, evaluations);
  }

  /** One more pass, in double, at the answer in a solver's tile. */
  private void writeRobustCovariance(long index, double[] tile, long used) {
    if (moments == null) {
      ResidualProgram ofMoments = ResidualProgram.moments(problem, false, true);
      moments = new StreamSums(problem, execution, compiler, steps, ofMoments);
    }
    double[] total = new double[moments.count()];
    int constants = sums.problemConstant(0);
    if (!moments.pass(index).evaluate(tile, state.theta(0), tile, constants, total, 0)) {
      return; // cancelled: there is no covariance
    }
    double points = problem.points();
    results.addOperations(Steps.operations(moments.kernel().evaluation(), points));
    for (int j = 0, e = 0; j < p; j++) {
      for (int k = 0; k <= j; k++) {
        inverse.set(e++, 0, total[RobustMoments.sum(1 + j, 1 + k)]);
      }
    }
    inverse.invert(1);
    double factor = RobustMoments.factor(p, used - p, total, 0, 1);
    double[] covariance = new double[p * (p + 1) / 2];
    for (int e = 0; e < covariance.length; e++) {
      double value = inverse.array()[inverse.inverse(0) + e];
      covariance[e] = inverse.pivot(0) >= CurvatureInverse.SINGULAR ? value * factor : Double.NaN;
    }
    results.curvatureInverse(index, covariance, 0, 1);
  }
}
