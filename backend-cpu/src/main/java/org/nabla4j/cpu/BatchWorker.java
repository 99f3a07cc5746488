package org.nabla4j.cpu;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import org.nabla4j.backend.Execution;
import org.nabla4j.cpu.codegen.KernelCompiler;
import org.nabla4j.cpu.codegen.Outcome;
import org.nabla4j.cpu.codegen.Procedure;
import org.nabla4j.cpu.codegen.StateLayout;
import org.nabla4j.cpu.codegen.TileLayout;
import org.nabla4j.data.Column;
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
 * One thread of a {@link BatchSolver}: a tile whose lanes each work on a problem. Evaluates, steps,
 * takes out what has ended and puts new problems into the free lanes.
 */
final class BatchWorker {

  private static final Logger LOG = LoggerFactory.getLogger(BatchWorker.class);
  private static final AtomicBoolean SLOW_KERNEL_TOLD = new AtomicBoolean();

  /** One call in so many is timed; by the first, any kernel should have been compiled. */
  private static final long WATCH_MASK = (1 << 15) - 1;

  /** Operations a nanosecond that compiled vector code never falls below. */
  private static final double SLOW = 0.3;

  /** Timed calls in a row that must be slow: a single one may have been interrupted. */
  private static final int SLOW_CALLS = 3;

  /** Smallest pivot of the scaled curvature at which its inverse holds no digit. */
  private static final double SINGULAR = 1e-13;

  /** Smallest pivot of the scaled curvature below which normal equations lose too many digits. */
  private static final double ILL_CONDITIONED = 1e-7;

  /** The same for curvatures that were summed in float. */
  private static final double ILL_CONDITIONED_FLOAT = 1e-5;

  private final BatchSolver.Pile pile;
  private final LeastSquaresProblem problem;
  private final Execution execution;
  private final KernelCompiler compiler;
  private final BatchFit.Builder results;
  private final CarefulFit.Factory careful;
  private final ResidualProgram.Reader reader;
  private final int lanes;
  private final int p;
  private final int points;
  private final int dataStride;
  private final TileLayout tile;
  private final StateLayout state;
  private final LaneMemory memory;
  private final LaneMemory data;
  private final CovarianceBatch covariances;

  /** Whether curvatures are needed, for errors or to see that a fit is well-conditioned. */
  private final boolean inverts;

  /** Whether a fit that has spent a lane's evaluations gets another try with the rest. */
  private final boolean insists;

  /** Whether problems with a missing value are left to another run. */
  private final boolean putsOff;

  private final boolean masked;
  private final Column starts;
  private final double[] theta;
  private final double[] answer;
  private final int[] free;
  private final int[] fixed;
  private final double[] lower;
  private final double[] upper;
  private final boolean bounded;
  private final double illConditioned;
  private final double operationsPerEvaluation;
  private final double operationsPerCall;

  /** The problem of each lane, and how many of its points count. */
  private final long[] problems;

  private final int[] used;

  /** A bit for each lane that works on a problem. */
  private int busy;

  private boolean stopped;
  private CarefulFit closer;
  private long evaluationsOfAll;
  private long calls;
  private int slowCalls;
  private long ended;
  private long next;
  private long end;

  BatchWorker(BatchSolver solver, BatchSolver.Pile pile) {
    this.pile = pile;
    problem = solver.problem;
    execution = solver.execution;
    compiler = solver.compiler;
    results = solver.results;
    careful = solver.careful;
    points = solver.points;
    LeastSquaresMethod method = solver.method;
    reader = pile.program.reader();
    lanes = compiler.lanes();
    p = problem.freeCount();
    dataStride = pile.kernel.dataStride();
    tile = pile.kernel.tile();
    state = new StateLayout(tile);
    int size = Math.max(pile.kernel.evaluation().facts().tileSize(), pile.step.facts().tileSize());
    memory = LaneMemory.allocate(compiler.isDouble(), size);
    data = LaneMemory.allocate(compiler.isDouble(), Math.multiplyExact(points, dataStride));
    covariances = new CovarianceBatch(solver.doubles, p);
    boolean polish = method instanceof LevenbergMarquardt lm && lm.polish();
    inverts = polish || method.covariance() != Covariance.NONE;
    insists = Steps.laneLimit(method, p) < method.evaluationLimit(p);
    masked = pile.program.masked();
    putsOff = problem.missingData() == MissingData.OMIT && !masked;
    starts = problem.starts();
    theta = new double[problem.parameters().size()];
    answer = new double[p];
    free = pile.program.free();
    fixed = pile.program.fixed();
    lower = problem.lower();
    upper = problem.upper();
    bounded = problem.bounded();
    illConditioned = compiler.isDouble() ? ILL_CONDITIONED : ILL_CONDITIONED_FLOAT;
    operationsPerCall = Steps.operations(pile.kernel.evaluation(), points) * lanes;
    operationsPerEvaluation = operationsPerCall / lanes + Steps.operations(pile.step, 0);
    problems = new long[lanes];
    used = new int[lanes];
  }

  void run() {
    Object tileArray = memory.array();
    Object dataArray = data.array();
    Object sharedArray = pile.data.array();
    Procedure evaluation = pile.kernel.evaluation();
    Procedure step = pile.step;
    int signal = state.signal();
    for (int l = 0; l < lanes; l++) {
      memory.set(tile.points() + l, points);
      refill(l);
    }
    while (busy != 0) {
      if ((++calls & WATCH_MASK) == 0) {
        long start = System.nanoTime();
        evaluation.run(tileArray, dataArray, sharedArray, 0, points);
        watch(System.nanoTime() - start);
      } else {
        evaluation.run(tileArray, dataArray, sharedArray, 0, points);
      }
      step.run(tileArray, dataArray, sharedArray, 0, 0);
      stopped = execution.cancellation().isCancelled();
      if (memory.get(signal) != 0) {
        memory.set(signal, 0);
        harvest();
      }
      if (stopped) {
        abandon();
      }
    }
    flush();
    pile.report(ended);
    results.addOperations(evaluationsOfAll * operationsPerEvaluation);
  }

  /** A kernel that the JVM left uncompiled is hundreds of times slower: that must not go unsaid. */
  private void watch(long nanos) {
    double rate = operationsPerCall / nanos;
    slowCalls = compiler.isVector() && rate < SLOW ? slowCalls + 1 : 0;
    if (slowCalls == SLOW_CALLS && SLOW_KERNEL_TOLD.compareAndSet(false, true)) {
      LOG.warn(
          "a generated kernel does {} GFLOP/s after {} calls: the JVM has not compiled it, or the"
              + " machine is overloaded; results are right, but slow",
          String.format(Locale.ROOT, "%.2g", rate),
          calls);
    }
  }

  // ---- lanes

  /** Takes out what has ended. */
  private void harvest() {
    // no branch for each lane: which ones have ended cannot be predicted
    int over = memory.nonZero(state.outcome(), lanes) & busy;
    while (over != 0) {
      int l = Integer.numberOfTrailingZeros(over);
      over &= over - 1;
      busy &= ~(1 << l);
      end(l, (int) memory.get(state.outcome() + l));
      refill(l);
    }
  }

  /** Gives the lane its next problem, if there is one. */
  private void refill(int l) {
    while (!stopped && (next < end || takeChunk())) {
      long index = pile.problem(next++);
      if (load(index, l)) {
        problems[l] = index;
        busy |= 1 << l;
        return;
      }
    }
  }

  private boolean takeChunk() {
    stopped |= execution.cancellation().isCancelled();
    next = stopped ? -1 : pile.take();
    end = next < 0 ? next : pile.end(next);
    pile.report(ended);
    ended = 0;
    return next >= 0;
  }

  /** Puts a problem into the lane; false if it is put off, or cannot begin and so is done. */
  private boolean load(long index, int l) {
    // a formula may swallow NaN: what is missing is found in the data, not in the cost
    if (putsOff && reader.hasMissing(index)) {
      pile.putOff(index);
      return false;
    }
    readStarts(index);
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
    used[l] = reader.read(index, data, dataStride, lanes, l);
    if (used[l] >= p && Steps.areFinite(theta)) {
      return true;
    }
    boolean few = used[l] < p;
    Status status = few ? Status.TOO_FEW_POINTS : Status.NON_FINITE;
    results.freeParameters(index, answer, 0, 1);
    writePoints(index, l);
    results.outcome(index, status, few ? used[l] : Double.NaN, Double.NaN, 0, 0);
    ended++;
    return false;
  }

  private void readStarts(long index) {
    double[] array = starts.arrayOrNull(index);
    if (array == null) {
      starts.read(index, 0, theta.length, theta, 0);
      return;
    }
    // a handful of elements: cheaper than a bulk copy
    int base = starts.base(index);
    for (int j = 0; j < theta.length; j++) {
      theta[j] = array[base + j];
    }
  }

  // ---- results

  /** Writes the result of the lane's problem. */
  private void end(int l, int found) {
    int outcome = found;
    long index = problems[l];
    int evaluations = (int) memory.get(state.evaluations() + l);
    evaluationsOfAll += evaluations;
    ended++;
    writePoints(index, l);
    writeParameters(index, l, state.theta(0));
    if (outcome == Outcome.HARD && compiler.isDouble()) {
      readStarts(index);
      outcome = Steps.isExact(memory, state, l, theta, free) ? Outcome.COST : outcome;
    }
    boolean overflow = outcome == Outcome.NON_FINITE && !compiler.isDouble();
    if (outcome == Outcome.HARD || overflow || (outcome == Outcome.LIMIT && insists)) {
      Status status = Steps.status(outcome, Double.NaN);
      closer().fromStart(index, answer, status, evaluations, results);
      return;
    }
    double cost = memory.get(state.cost() + l);
    results.outcome(
        index,
        Steps.status(outcome, cost),
        statusValue(l, outcome, cost, evaluations),
        outcome == Outcome.NON_FINITE ? Double.NaN : cost,
        evaluations - 1,
        evaluations);
    if (inverts && outcome != Outcome.NON_FINITE) {
      covariances.add(index, memory, state, l, outcome);
      if (covariances.isFull()) {
        flush();
      }
    }
  }

  /** Ends what has not ended yet with the best parameters so far. */
  private void abandon() {
    for (; busy != 0; busy &= busy - 1) {
      int l = Integer.numberOfTrailingZeros(busy);
      long index = problems[l];
      int evaluations = (int) memory.get(state.evaluations() + l);
      boolean begun = evaluations > 0;
      writePoints(index, l);
      writeParameters(index, l, begun ? state.theta(0) : tile.trial(0));
      results.outcome(
          index,
          Status.CANCELLED,
          Double.NaN,
          begun ? memory.get(state.cost() + l) : Double.NaN,
          Math.max(0, evaluations - 1),
          evaluations);
    }
  }

  /** Writes the lane's parameters, which lie from {@code first} on; leaves them in the answer. */
  private void writeParameters(long index, int l, int first) {
    for (int j = 0; j < p; j++) {
      answer[j] = memory.get(first + j * lanes + l);
    }
    if (bounded) {
      // a float lane's bound is rounded; the answer there is the bound itself
      for (int j = 0; j < p; j++) {
        if (answer[j] <= memory.get(state.lower(j) + l)) {
          answer[j] = lower[free[j]];
        } else if (answer[j] >= memory.get(state.upper(j) + l)) {
          answer[j] = upper[free[j]];
        }
      }
    }
    results.freeParameters(index, answer, 0, 1);
  }

  private void writePoints(long index, int l) {
    if (masked) {
      results.points(index, used[l]);
    }
  }

  private double statusValue(int l, int outcome, double cost, int evaluations) {
    if (outcome == Outcome.COST || outcome == Outcome.PARAMETERS) {
      return cost == 0 ? 0 : Steps.outcomeValue(memory, state, l);
    }
    return outcome == Outcome.LIMIT ? evaluations : Double.NaN;
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
      } else if (!stopped) {
        closer().fromAnswer(index, covariances.theta(k), covariances.evaluations(k), results);
      }
    }
    covariances.clear();
  }

  private CarefulFit closer() {
    if (closer == null) {
      closer = careful.create(pile.program);
    }
    return closer;
  }
}
