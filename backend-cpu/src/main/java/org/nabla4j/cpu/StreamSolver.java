package org.nabla4j.cpu;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.nabla4j.backend.Execution;
import org.nabla4j.cpu.codegen.Kernel;
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
 * A fit of many points: a lane is a data point, the points are cut into runs that threads share,
 * and the solver's step is that of one problem.
 *
 * <p>Runs have the same length whatever the number of threads, and their sums are added in the
 * order of the runs, in double: the result does not depend on the threads. Memory does not grow
 * with the number of points beyond a few numbers for each run.
 */
final class StreamSolver {

  /** Points of a run; a multiple of every number of lanes. */
  private static final int RUN = 8192;

  /** Smallest pivot of the scaled curvature at which its inverse holds no digit. */
  private static final double SINGULAR = 1e-13;

  /** Smallest pivot that sums in float still tell from rounding. */
  private static final double ILL_CONDITIONED_FLOAT = 1e-5;

  private final LeastSquaresProblem problem;
  private final LeastSquaresMethod method;
  private final Execution execution;
  private final KernelCompiler compiler;
  private final ResidualProgram program;
  private final Kernel kernel;
  private final Kernel tail;
  private final Procedure step;
  private final Procedure plainStep;
  private final CurvatureInverse inverse;
  private final TileLayout sums;
  private final StateLayout state;
  private final int p;
  private final int sumCount;
  private final BatchFit.Builder results;
  private final Supplier<StreamSolver> exact;

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
    program = ResidualProgram.stream(problem);
    kernel = compiler.stream(program.least());
    tail = scalar.stream(program.least());
    p = problem.freeCount();
    sumCount = (p + 1) * (p + 2) / 2 + 1;
    StepOptions options = Steps.options(problem, method, program, compiler.isDouble());
    step = steps.step(options);
    plainStep = steps.step(options.withoutPolish());
    inverse = new CurvatureInverse(steps, p);
    sums = new TileLayout(1, p, program.fixed().length);
    state = new StateLayout(sums);
  }

  /** Solves all problems, one after the other. */
  void solve() {
    for (long index = 0; index < problem.problems(); index++) {
      if (execution.cancellation().isCancelled()) {
        break;
      }
      solve(index);
      execution.listener().progress(index + 1, problem.problems());
    }
  }

  private void solve(long index) {
    double[] theta = new double[problem.parameters().size()];
    problem.starts().read(index, 0, theta.length, theta, 0);
    double[] tile = new double[Math.max(step.facts().tileSize(), plainStep.facts().tileSize())];
    boolean bounded = problem.bounded();
    double[] lower = problem.lower();
    double[] upper = problem.upper();
    int[] free = program.free();
    for (int j = 0; j < p; j++) {
      int k = free[j];
      double start = bounded ? Math.max(lower[k], Math.min(upper[k], theta[k])) : theta[k];
      tile[sums.trial(j)] = start;
      tile[state.scale(j)] = Steps.initialScale(start);
      tile[state.lower(j)] = lower[k];
      tile[state.upper(j)] = upper[k];
    }
    for (int k = 0; k < program.fixed().length; k++) {
      tile[sums.problemConstant(k)] = theta[program.fixed()[k]];
    }
    Pass pass = new Pass(index);
    int outcome = Outcome.RUNNING;
    Procedure current = step;
    while (outcome == Outcome.RUNNING) {
      if (execution.cancellation().isCancelled()) {
        return;
      }
      pass.evaluate(tile);
      if (pass.used < p) {
        results.freeParameters(index, tile, sums.trial(0), 1);
        if (problem.missingData() == MissingData.OMIT) {
          results.points(index, pass.used);
        }
        results.outcome(index, Status.TOO_FEW_POINTS, (double) pass.used, Double.NaN, 0, 0);
        return;
      }
      current.run(tile, tile, tile, 0, 0);
      outcome = (int) tile[state.outcome()];
      if (outcome == Outcome.HARD && tile[state.phase()] != 0) {
        // undamped steps do not contract here: damped ones go on from where they began to polish
        restart(tile);
        current = plainStep;
        outcome = Outcome.RUNNING;
      }
    }
    if (exact != null && needsDouble(tile, outcome)) {
      exact.get().solve(index);
    } else {
      write(index, tile, outcome, pass.used);
    }
  }

  /** Whether the answer in float is a matter of rounding. */
  private boolean needsDouble(double[] tile, int outcome) {
    if (outcome == Outcome.NON_FINITE) {
      return false;
    }
    invertCurvature(tile);
    return outcome == Outcome.HARD
        || outcome == Outcome.LIMIT
        || !(inverse.pivot(0) >= ILL_CONDITIONED_FLOAT);
  }

  private void invertCurvature(double[] tile) {
    for (int e = 0; e < p * (p + 1) / 2; e++) {
      inverse.set(e, 0, tile[state.curvature(0, 0) + e]);
    }
    inverse.invert(1);
  }

  /** From the current point on, as if nothing were known of its cost. */
  private void restart(double[] tile) {
    for (int j = 0; j < p; j++) {
      tile[sums.trial(j)] = tile[state.theta(j)];
    }
    tile[state.cost()] = Double.MAX_VALUE;
    tile[state.damping()] = Steps.initialDamping(method);
    tile[state.growth()] = 2;
    tile[state.predicted()] = 0;
    tile[state.phase()] = 0;
  }

  private void write(long index, double[] tile, int outcome, long used) {
    int evaluations = (int) tile[state.evaluations()];
    double cost = outcome == Outcome.NON_FINITE ? Double.NaN : tile[state.cost()];
    results.freeParameters(index, tile, state.theta(0), 1);
    if (problem.missingData() == MissingData.OMIT) {
      results.points(index, used);
    }
    Status status = Steps.status(outcome, cost);
    double value =
        switch (outcome) {
          case Outcome.LIMIT -> evaluations;
          case Outcome.HARD -> tile[state.damping()];
          case Outcome.GRADIENT -> Double.NaN;
          default -> tile[state.outcomeNumerator()] / tile[state.outcomeDenominator()];
        };
    if (outcome != Outcome.NON_FINITE) {
      invertCurvature(tile);
      double pivot = inverse.pivot(0);
      if (pivot >= SINGULAR) {
        results.curvatureInverse(index, inverse.array(), inverse.inverse(0), 1);
      } else if (status.converged() || status == Status.NO_PROGRESS) {
        status = Status.SINGULAR;
        value = pivot;
      }
    }
    results.outcome(index, status, value, cost, evaluations - 1, evaluations);
    results.addOperations(
        evaluations * Steps.operations(kernel.evaluation(), (double) problem.points()));
  }

  /** Evaluations of one problem over all its points. */
  private final class Pass {
    private final long index;
    private final long points = problem.points();
    private final int runs = Math.toIntExact((points + RUN - 1) / RUN);
    private final Object arrays;
    private final double[][] runSums = new double[runs][sumCount];
    private final int[] runPoints = new int[runs];
    private final int workers = Math.min(execution.parallelism(), runs);
    private final Worker[] threads = new Worker[workers];
    long used;

    Pass(long index) {
      this.index = index;
      arrays = program.streamArrays(index, compiler.isDouble());
    }

    /** Fills the sums of the tile at its trial point. */
    void evaluate(double[] tile) {
      AtomicInteger next = new AtomicInteger();
      execution.run(
          workers,
          w -> {
            if (threads[w] == null) {
              threads[w] = new Worker(this);
            }
            threads[w].run(tile, next);
          });
      used = 0;
      double[] total = new double[sumCount];
      for (int r = 0; r < runs; r++) {
        used += runPoints[r];
        for (int k = 0; k < sumCount; k++) {
          total[k] += runSums[r][k];
        }
      }
      System.arraycopy(total, 0, tile, sums.sums(), sumCount);
    }
  }

  /** One thread's tiles. */
  private final class Worker {
    private final Pass pass;
    private final LaneMemory tile;
    private final LaneMemory tailTile;
    private final LaneMemory[] copies;
    private final Object copied;
    private final double[] row;
    private final boolean[] keep;
    private final LaneMemory none = LaneMemory.allocate(compiler.isDouble(), 0);

    Worker(Pass pass) {
      this.pass = pass;
      tile = LaneMemory.allocate(compiler.isDouble(), kernel.evaluation().facts().tileSize());
      tailTile = LaneMemory.allocate(compiler.isDouble(), tail.evaluation().facts().tileSize());
      if (pass.arrays != null) {
        copies = null;
        copied = null;
        row = null;
        keep = null;
        return;
      }
      int columns = program.streamColumnCount();
      copies = new LaneMemory[columns];
      double[][] doubles = new double[columns][];
      float[][] floats = new float[columns][];
      for (int c = 0; c < columns; c++) {
        copies[c] = LaneMemory.allocate(compiler.isDouble(), RUN);
        if (compiler.isDouble()) {
          doubles[c] = (double[]) copies[c].array();
        } else {
          floats[c] = (float[]) copies[c].array();
        }
      }
      copied = compiler.isDouble() ? doubles : floats;
      row = new double[RUN];
      keep = new boolean[RUN];
    }

    void run(double[] problemTile, AtomicInteger next) {
      prepare(tile, kernel.tile(), problemTile);
      prepare(tailTile, tail.tile(), problemTile);
      for (int r = next.getAndIncrement(); r < pass.runs; r = next.getAndIncrement()) {
        long from = (long) r * RUN;
        int count = (int) Math.min(RUN, pass.points - from);
        if (pass.arrays != null) {
          sum(r, pass.arrays, (int) from, count);
        } else {
          sum(r, copied, 0, program.readStream(pass.index, from, count, copies, row, keep));
        }
      }
    }

    private void prepare(LaneMemory memory, TileLayout layout, double[] problemTile) {
      for (int l = 0; l < layout.lanes(); l++) {
        for (int j = 0; j < p; j++) {
          memory.set(layout.trial(j) + l, problemTile[sums.trial(j)]);
        }
        for (int k = 0; k < program.fixed().length; k++) {
          memory.set(layout.problemConstant(k) + l, problemTile[sums.problemConstant(k)]);
        }
      }
    }

    private void sum(int run, Object columns, int from, int count) {
      double[] target = pass.runSums[run];
      java.util.Arrays.fill(target, 0);
      pass.runPoints[run] = count;
      int lanes = compiler.lanes();
      int whole = count / lanes * lanes;
      if (whole > 0) {
        execute(kernel, tile, columns, from, from + whole, lanes, target);
      }
      if (whole < count) {
        execute(tail, tailTile, columns, from + whole, from + count, 1, target);
      }
    }

    private void execute(
        Kernel k, LaneMemory memory, Object columns, int from, int to, int lanes, double[] target) {
      TileLayout layout = k.tile();
      int pointsOfLane = (to - from) / lanes;
      for (int l = 0; l < lanes; l++) {
        memory.set(layout.points() + l, pointsOfLane);
      }
      k.evaluation().run(memory.array(), none.array(), columns, from, to);
      int count = program.robust() ? sumCount : sumCount - 1;
      for (int e = 0; e < count; e++) {
        double sum = 0;
        for (int l = 0; l < lanes; l++) {
          sum += memory.get(layout.sums() + e * lanes + l);
        }
        target[e] += sum;
      }
    }
  }
}
