package org.nabla4j.cpu;

import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.nabla4j.backend.Execution;
import org.nabla4j.cpu.codegen.Kernel;
import org.nabla4j.cpu.codegen.KernelCompiler;
import org.nabla4j.cpu.codegen.Outcome;
import org.nabla4j.cpu.codegen.Procedure;
import org.nabla4j.cpu.codegen.StateLayout;
import org.nabla4j.cpu.codegen.TileLayout;
import org.nabla4j.method.Covariance;
import org.nabla4j.method.LeastSquaresMethod;
import org.nabla4j.method.LevenbergMarquardt;
import org.nabla4j.objective.LeastSquaresProblem;
import org.nabla4j.objective.MissingData;
import org.nabla4j.result.BatchFit;
import org.nabla4j.result.Status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Many fits at once: each lane of a tile works on one problem, and takes the next one as soon as
 * its own has ended.
 *
 * <p>A problem's arithmetic does not depend on its lane, its neighbours, or the thread, so its
 * result is the same to the last bit however it is batched.
 */
final class BatchSolver {

  private static final Logger LOG = LoggerFactory.getLogger(BatchSolver.class);
  private static final AtomicBoolean SLOW_KERNEL_TOLD = new AtomicBoolean();

  /** One call in so many is timed; by the first, any kernel should have been compiled. */
  private static final long WATCH_MASK = (1 << 15) - 1;

  /** Operations a nanosecond that compiled vector code never falls below. */
  private static final double SLOW = 0.3;

  /** Timed calls in a row that must be slow: a single one may have been interrupted. */
  private static final int SLOW_CALLS = 3;

  /** Problems that a thread takes from the common pile at a time. */
  private static final int CHUNK = 256;

  /** Evaluations per parameter, and once more, that a fit gets unless the caller says otherwise. */
  private static final int USUAL_EVALUATIONS = 100;

  /** Smallest pivot of the scaled curvature at which its inverse holds no digit. */
  private static final double SINGULAR = 1e-13;

  /** Smallest pivot of the scaled curvature below which normal equations lose too many digits. */
  private static final double ILL_CONDITIONED = 1e-7;

  /** The same for curvatures that were summed in float. */
  private static final double ILL_CONDITIONED_FLOAT = 1e-5;

  private final LeastSquaresProblem problem;
  private final LeastSquaresMethod method;
  private final Execution execution;
  private final KernelCompiler compiler;
  private final KernelCompiler doubles;
  private final CarefulFit.Factory careful;
  private final BatchFit.Builder results;
  private final ConcurrentLinkedQueue<Long> incomplete = new ConcurrentLinkedQueue<>();
  private final AtomicLong done = new AtomicLong();
  private final ReentrantLock reporting = new ReentrantLock();

  /**
   * Prepares a batch.
   *
   * @param compiler of the kernels
   * @param doubles compiler of the same flavour for double lanes, for covariances
   * @param careful what solves problems that need a closer look
   * @param results where results go
   */
  BatchSolver(
      LeastSquaresProblem problem,
      LeastSquaresMethod method,
      Execution execution,
      KernelCompiler compiler,
      KernelCompiler doubles,
      CarefulFit.Factory careful,
      BatchFit.Builder results) {
    this.problem = problem;
    this.method = method;
    this.execution = execution;
    this.compiler = compiler;
    this.doubles = doubles;
    this.careful = careful;
    this.results = results;
  }

  /** Solves all problems. */
  void solve() {
    run(ResidualProgram.batch(problem, false), null);
    if (!incomplete.isEmpty()) {
      long[] rest = incomplete.stream().mapToLong(Long::longValue).sorted().toArray();
      run(ResidualProgram.batch(problem, true), rest);
    }
    execution.listener().progress(done.get(), problem.problems());
  }

  /** Tells how far it is, unless another thread is about to: what is told never goes back. */
  private void report() {
    if (reporting.tryLock()) {
      try {
        execution.listener().progress(done.get(), problem.problems());
      } finally {
        reporting.unlock();
      }
    }
  }

  /** Solves the listed problems, or all where the list is null. */
  private void run(ResidualProgram program, long[] list) {
    long count = list == null ? problem.problems() : list.length;
    Shared shared = new Shared(program, list, count);
    long tiles = (count + compiler.lanes() - 1) / compiler.lanes();
    int workers = (int) Math.min(execution.parallelism(), Math.max(1, tiles / 2));
    execution.run(workers, w -> new Worker(shared).run());
  }

  /** What all workers of a run have in common. */
  private final class Shared {
    final ResidualProgram program;
    final Kernel kernel;
    final Procedure step;
    final LaneMemory data;
    final long[] list;
    final long count;
    final int chunk;
    final AtomicLong next = new AtomicLong();

    Shared(ResidualProgram program, long[] list, long count) {
      this.program = program;
      this.list = list;
      this.count = count;
      kernel = compiler.batch(program.least());
      step = compiler.step(Steps.options(problem, method, program, compiler.isDouble()));
      data = program.sharedData(kernel, compiler.isDouble());
      // small batches are spread over all threads
      long share = count / (4L * execution.parallelism() * compiler.lanes());
      chunk = (int) Math.max(1, Math.min(CHUNK / compiler.lanes(), share)) * compiler.lanes();
    }
  }

  /** One thread's tile. */
  private final class Worker {
    private final Shared shared;
    private final ResidualProgram.Reader reader;
    private final int lanes = compiler.lanes();
    private final int p = problem.freeCount();
    private final int points = Math.toIntExact(problem.points());
    private final TileLayout tile;
    private final StateLayout state;
    private final LaneMemory memory;
    private final LaneMemory data;
    private final CovarianceBatch covariances;

    /** Whether curvatures are needed, for errors or to see that a fit is well-conditioned. */
    private final boolean inverts;

    /** Whether a fit that spent the usual number of evaluations gets another try. */
    private final boolean insists;

    private final long[] problems = new long[lanes];
    private final int[] used = new int[lanes];
    private final double[] theta = new double[problem.parameters().size()];
    private final double[] answer;
    private final int[] free;
    private final int[] fixed;
    private final double[] lower = problem.lower();
    private final double[] upper = problem.upper();
    private final boolean bounded = problem.bounded();
    private final double illConditioned =
        compiler.isDouble() ? ILL_CONDITIONED : ILL_CONDITIONED_FLOAT;

    private final double operationsPerEvaluation;
    private CarefulFit closer;
    private long evaluationsOfAll;
    private long calls;
    private int slowCalls;
    private long ended;
    private int active;
    private long nextOfChunk;
    private long endOfChunk;

    Worker(Shared shared) {
      this.shared = shared;
      reader = shared.program.reader();
      tile = shared.kernel.tile();
      state = new StateLayout(tile);
      int size =
          Math.max(shared.kernel.evaluation().facts().tileSize(), shared.step.facts().tileSize());
      memory = LaneMemory.allocate(compiler.isDouble(), size);
      data =
          LaneMemory.allocate(
              compiler.isDouble(), Math.multiplyExact(points, shared.kernel.dataStride()));
      covariances = new CovarianceBatch(doubles, p);
      boolean polish = method instanceof LevenbergMarquardt lm && lm.polish();
      inverts = polish || method.covariance() != Covariance.NONE;
      insists = polish && method.evaluationLimit(p) >= USUAL_EVALUATIONS * (p + 1);
      answer = new double[p];
      free = shared.program.free();
      fixed = shared.program.fixed();
      operationsPerEvaluation =
          Steps.operations(shared.kernel.evaluation(), points) + Steps.operations(shared.step, 0);
    }

    void run() {
      Object tileArray = memory.array();
      Object dataArray = data.array();
      Object sharedArray = shared.data.array();
      Procedure evaluation = shared.kernel.evaluation();
      Procedure step = shared.step;
      int signal = state.signal();
      for (int l = 0; l < lanes; l++) {
        problems[l] = -1;
        memory.set(tile.points() + l, points);
        refill(l);
      }
      while (active > 0) {
        if ((++calls & WATCH_MASK) == 0) {
          long start = System.nanoTime();
          evaluation.run(tileArray, dataArray, sharedArray, 0, points);
          watch(System.nanoTime() - start);
        } else {
          evaluation.run(tileArray, dataArray, sharedArray, 0, points);
        }
        step.run(tileArray, dataArray, sharedArray, 0, 0);
        if (execution.cancellation().isCancelled()) {
          abandon();
        }
        if (memory.get(signal) != 0) {
          memory.set(signal, 0);
          harvest();
        }
      }
      flush();
      done.addAndGet(ended);
      results.addOperations(evaluationsOfAll * operationsPerEvaluation);
    }

    /**
     * A kernel that the JVM left uncompiled is hundreds of times slower: that must not go unsaid.
     */
    private void watch(long nanos) {
      double rate = Steps.operations(shared.kernel.evaluation(), points) * lanes / nanos;
      slowCalls = compiler.isVector() && rate < SLOW ? slowCalls + 1 : 0;
      if (slowCalls == SLOW_CALLS && SLOW_KERNEL_TOLD.compareAndSet(false, true)) {
        LOG.warn(
            "a generated kernel does {} GFLOP/s after {} calls: the JVM has not compiled it, or the"
                + " machine is overloaded; results are right, but slow",
            String.format(Locale.ROOT, "%.2g", rate),
            calls);
      }
    }

    /** Ends what has not ended yet with the best parameters so far. */
    private void abandon() {
      for (int l = 0; l < lanes; l++) {
        if (problems[l] >= 0 && (int) memory.get(state.outcome() + l) == Outcome.RUNNING) {
          for (int j = 0; j < p; j++) {
            answer[j] = memory.get(state.theta(j) + l);
          }
          int evaluations = (int) memory.get(state.evaluations() + l);
          results.freeParameters(problems[l], answer, 0, 1);
          results.outcome(
              problems[l],
              Status.CANCELLED,
              Double.NaN,
              memory.get(state.cost() + l),
              evaluations - 1,
              evaluations);
          problems[l] = -1;
          active--;
        }
      }
    }

    private void harvest() {
      for (int l = 0; l < lanes; l++) {
        int outcome = (int) memory.get(state.outcome() + l);
        if (outcome != Outcome.RUNNING && problems[l] >= 0) {
          end(l, outcome);
          problems[l] = -1;
          active--;
          refill(l);
        }
      }
    }

    /** Gives the lane its next problem, if there is one. */
    private void refill(int l) {
      long index = nextProblem();
      while (index >= 0 && !load(index, l)) {
        index = nextProblem();
      }
      if (index >= 0) {
        problems[l] = index;
        active++;
      }
    }

    /** Puts a problem into the lane; false if it has too few points and so is done. */
    private boolean load(long index, int l) {
      // a formula may swallow NaN: what is missing is found in the data, not in the cost
      if (problem.missingData() == MissingData.OMIT
          && !shared.program.masked()
          && reader.hasMissing(index)) {
        incomplete.add(index);
        return false;
      }
      problem.starts().read(index, 0, theta.length, theta, 0);
      for (int j = 0; j < p; j++) {
        double start = theta[free[j]];
        if (bounded) {
          start = Math.max(lower[free[j]], Math.min(upper[free[j]], start));
          memory.set(state.lower(j) + l, lower[free[j]]);
          memory.set(state.upper(j) + l, upper[free[j]]);
        }
        answer[j] = start;
        memory.set(tile.trial(j) + l, start);
        memory.set(state.scale(j) + l, Steps.initialScale(start));
      }
      for (int k = 0; k < fixed.length; k++) {
        memory.set(tile.problemConstant(k) + l, theta[fixed[k]]);
      }
      memory.set(state.evaluations() + l, 0);
      // last: the kernel's first loads wait for the stores just before them
      used[l] = reader.read(index, data, shared.kernel.dataStride(), lanes, l);
      if (used[l] >= p) {
        return true;
      }
      if (shared.program.masked()) {
        results.points(index, used[l]);
      }
      results.freeParameters(index, answer, 0, 1);
      results.outcome(index, Status.TOO_FEW_POINTS, used[l], Double.NaN, 0, 0);
      ended++;
      return false;
    }

    private long nextProblem() {
      if (execution.cancellation().isCancelled()) {
        return -1;
      }
      while (nextOfChunk < endOfChunk) {
        long index = shared.list == null ? nextOfChunk : shared.list[(int) nextOfChunk];
        nextOfChunk++;
        return index;
      }
      long from = shared.next.getAndAdd(shared.chunk);
      if (from >= shared.count) {
        return -1;
      }
      nextOfChunk = from;
      endOfChunk = Math.min(from + shared.chunk, shared.count);
      done.addAndGet(ended);
      ended = 0;
      report();
      return nextProblem();
    }

    /** Writes the result of the lane's problem. */
    private void end(int l, int outcome) {
      long index = problems[l];
      int evaluations = (int) memory.get(state.evaluations() + l);
      evaluationsOfAll += evaluations;
      ended++;
      if (shared.program.masked()) {
        results.points(index, used[l]);
      }
      for (int j = 0; j < p; j++) {
        answer[j] = withinBounds(j, memory.get(state.theta(j) + l), l);
      }
      if (outcome == Outcome.HARD || (outcome == Outcome.LIMIT && insists)) {
        Status status = Steps.status(outcome, Double.NaN);
        closer().fromStart(index, answer, status, evaluations, results);
        return;
      }
      double cost = memory.get(state.cost() + l);
      results.freeParameters(index, answer, 0, 1);
      results.outcome(
          index,
          Steps.status(outcome, cost),
          statusValue(outcome, cost, evaluations, l),
          outcome == Outcome.NON_FINITE ? Double.NaN : cost,
          evaluations - 1,
          evaluations);
      if (outcome != Outcome.NON_FINITE && inverts) {
        covariances.add(index, memory, state, l, outcome);
        if (covariances.isFull()) {
          flush();
        }
      }
    }

    /** A float lane's bound is rounded; the answer there is the bound itself. */
    private double withinBounds(int j, double value, int l) {
      if (bounded && value <= memory.get(state.lower(j) + l)) {
        return lower[free[j]];
      }
      return bounded && value >= memory.get(state.upper(j) + l) ? upper[free[j]] : value;
    }

    private double statusValue(int outcome, double cost, int evaluations, int l) {
      return switch (outcome) {
        case Outcome.LIMIT -> evaluations;
        case Outcome.NON_FINITE, Outcome.GRADIENT -> Double.NaN;
        default -> cost == 0 ? 0 : memory.get(state.outcomeValue() + l);
      };
    }

    /** Inverts the curvatures that have been gathered; ill-conditioned fits get a closer look. */
    private void flush() {
      covariances.invert();
      for (int k = 0; k < covariances.size(); k++) {
        long index = covariances.problem(k);
        if (covariances.pivot(k) >= illConditioned) {
          covariances.write(k, results);
        } else if (!covariances.converged(k)) {
          if (covariances.pivot(k) >= SINGULAR) {
            covariances.write(k, results);
          }
        } else {
          closer().fromAnswer(index, covariances.theta(k), covariances.evaluations(k), results);
        }
      }
      covariances.clear();
    }

    private CarefulFit closer() {
      if (closer == null) {
        closer = careful.create(shared.program);
      }
      return closer;
    }
  }
}
