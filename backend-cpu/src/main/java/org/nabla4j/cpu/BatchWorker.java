package org.nabla4j.cpu;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
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

  private final BatchSolver.Engine engine;
  private final BatchSolver.Pile.Share share;
  private final LeastSquaresProblem problem;
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
  private final boolean plain;
  private final double illConditioned;
  private final double operationsPerEvaluation;
  private final double operationsPerCall;

  /** The problem of each lane, and how many of its points count. */
  private final long[] problems;

  private final int[] used;

  /** A bit for each lane that works on a problem. */
  private int busy;

  /** Whether the lanes are to be left empty when their problems have ended. */
  private boolean closing;

  private boolean stopped;
  private long spent;
  private double pace;
  private CarefulFit closer;
  private long evaluationsOfAll;
  private long calls;
  private int slowCalls;

  /**
   * Prepares a worker with empty lanes.
   *
   * @param solver the batch
   * @param engine the code to run
   * @param share where problems come from
   */
  BatchWorker(BatchSolver solver, BatchSolver.Engine engine, BatchSolver.Pile.Share share) {
    this.engine = engine;
    this.share = share;
    problem = solver.problem;
    compiler = engine.flavour.kernels();
    results = solver.results;
    careful = solver.careful;
    points = solver.points;
    LeastSquaresMethod method = solver.method;
    reader = engine.program.reader();
    lanes = compiler.lanes();
    p = problem.freeCount();
    dataStride = engine.kernel.dataStride();
    tile = engine.kernel.tile();
    state = new StateLayout(tile);
    int size =
        Math.max(engine.kernel.evaluation().facts().tileSize(), engine.step.facts().tileSize());
    memory = LaneMemory.allocate(compiler.isDouble(), size);
    data = LaneMemory.allocate(compiler.isDouble(), Math.multiplyExact(points, dataStride));
    covariances = new CovarianceBatch(engine.flavour.doubles(), p);
    boolean polish = method instanceof LevenbergMarquardt lm && lm.polish();
    inverts = polish || method.covariance() != Covariance.NONE;
    insists = Steps.laneLimit(method, p) < method.evaluationLimit(p);
    masked = engine.program.masked();
    putsOff = problem.missingData() == MissingData.OMIT && !masked;
    starts = problem.starts();
    theta = new double[problem.parameters().size()];
    answer = new double[p];
    free = engine.program.free();
    fixed = engine.program.fixed();
    lower = problem.lower();
    upper = problem.upper();
    bounded = problem.bounded();
    plain = !bounded && fixed.length == 0;
    illConditioned =
        compiler.isDouble()
            ? CurvatureInverse.ILL_CONDITIONED
            : CurvatureInverse.ILL_CONDITIONED_FLOAT;
    operationsPerCall = Steps.operations(engine.kernel.evaluation(), points) * lanes;
    operationsPerEvaluation = operationsPerCall / lanes + Steps.operations(engine.step, 0);
    problems = new long[lanes];
    used = new int[lanes];
    for (int l = 0; l < lanes; l++) {
      memory.set(tile.points() + l, points);
    }
  }

  /** Works until no problem is left, and writes all results; to be called once. */
  void finish() {
    work(Long.MAX_VALUE);
    flush();
    share.report();
    results.addOperations(evaluationsOfAll * operationsPerEvaluation);
  }

  /** Ends the problems in the lanes without taking others, and writes all results. */
  void finishBegun() {
    closing = true;
    finish();
  }

  BatchSolver.Pile.Share share() {
    return share;
  }

  /** Nanoseconds that the last {@link #work} took. */
  long spent() {
    return spent;
  }

  /** Nanoseconds for an evaluation of a problem in the last {@link #work}. */
  double pace() {
    return pace;
  }

  /**
   * Works for about so long, at least for one turn.
   *
   * @param nanos when to pause
   * @return whether there are problems in the lanes; if not, none is left
   */
  boolean work(long nanos) {
    Object tileArray = memory.array();
    Object dataArray = data.array();
    Object sharedArray = engine.data.array();
    Procedure evaluation = engine.kernel.evaluation();
    Procedure step = engine.step;
    int signal = state.signal();
    long start = System.nanoTime();
    long before = calls;
    boolean paused = false;
    for (int l = 0; l < lanes; l++) {
      if ((busy >>> l & 1) == 0) {
        refill(l);
      }
    }
    while (busy != 0 && !paused) {
      if ((++calls & WATCH_MASK) == 0) {
        long watched = System.nanoTime();
        evaluation.run(tileArray, dataArray, sharedArray, 0, points);
        watch(System.nanoTime() - watched);
      } else {
        evaluation.run(tileArray, dataArray, sharedArray, 0, points);
      }
      step.run(tileArray, dataArray, sharedArray, 0, 0);
      stopped = share.isCancelled();
      if (memory.get(signal) != 0) {
        memory.set(signal, 0);
        harvest();
      }
      if (stopped) {
        abandon();
      }
      paused = nanos != Long.MAX_VALUE && System.nanoTime() - start >= nanos;
    }
    spent = System.nanoTime() - start;
    pace = (double) spent / (Math.max(1, calls - before) * lanes);
    return busy != 0;
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
    while (!stopped && !closing) {
      long index = share.take();
      if (index < 0) {
        return;
      }
      if (load(index, l)) {
        problems[l] = index;
        busy |= 1 << l;
        return;
      }
    }
  }

  /** Puts a problem into the lane; false if it is put off, or cannot begin and so is done. */
  private boolean load(long index, int l) {
    // a formula may swallow NaN: what is missing is found in the data, not in the cost
    if (putsOff && reader.hasMissing(index)) {
      share.putOff(index);
      return false;
    }
    boolean finite = plain ? startPlainly(index, l) : start(index, l);
    memory.set(state.evaluations() + l, 0);
    // last: the kernel's first loads wait for the stores just before them
    used[l] = reader.read(index, data, dataStride, lanes, l);
    if (used[l] >= p && finite) {
      return true;
    }
    boolean few = used[l] < p;
    Status status = few ? Status.TOO_FEW_POINTS : Status.NON_FINITE;
    readStarts(index);
    for (int j = 0; j < p; j++) {
      answer[j] = theta[free[j]];
    }
    results.freeParameters(index, answer, 0, 1);
    writePoints(index, l);
    results.outcome(index, status, few ? used[l] : Double.NaN, Double.NaN, 0, 0);
    share.countEnded();
    return false;
  }

  /** Puts start values into a lane; returns whether they are numbers. */
  private boolean start(long index, int l) {
    readStarts(index);
    for (int j = 0; j < p; j++) {
      int parameter = free[j];
      if (bounded) {
        Steps.start(
            memory, tile, state, l, j, theta[parameter], lower[parameter], upper[parameter]);
      } else {
        Steps.start(memory, tile, state, l, j, theta[parameter]);
      }
    }
    for (int k = 0; k < fixed.length; k++) {
      memory.set(tile.problemConstant(k) + l, theta[fixed[k]]);
    }
    return Steps.areFinite(theta);
  }

  /** The same where all parameters are free and none has a bound, in one go. */
  private boolean startPlainly(long index, int l) {
    double[] array = starts.arrayOrNull(index);
    if (array == null) {
      return start(index, l);
    }
    int base = starts.base(index);
    int trial = tile.trial(0) + l;
    int scale = state.scale(0) + l;
    double probe = 0;
    for (int j = 0; j < p; j++) {
      double value = array[base + j];
      memory.set(trial + j * lanes, value);
      memory.set(scale + j * lanes, Steps.initialScale(value));
      probe += 0 * value;
    }
    return probe == 0;
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
    share.countEnded();
    writePoints(index, l);
    writeParameters(index, l, state.theta(0));
    if (outcome == Outcome.HARD && compiler.isDouble()) {
      readStarts(index);
      outcome = Steps.takeAsExact(memory, state, l, theta, free) ? Outcome.COST : outcome;
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
        if (covariances.pivot(k) >= CurvatureInverse.SINGULAR) {
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
      closer = careful.create(engine.program);
    }
    return closer;
  }
}
