package org.nabla4j.cpu;

import org.nabla4j.cpu.codegen.Outcome;
import org.nabla4j.cpu.codegen.Procedure;
import org.nabla4j.cpu.codegen.StateLayout;
import org.nabla4j.cpu.codegen.StepOptions;
import org.nabla4j.cpu.codegen.TileLayout;
import org.nabla4j.method.LeastSquaresMethod;
import org.nabla4j.method.LevenbergMarquardt;
import org.nabla4j.objective.LeastSquaresProblem;
import org.nabla4j.objective.Precision;
import org.nabla4j.result.Status;

/** What the solvers' steps begin with, and what their outcomes mean. */
final class Steps {

  /** A change of θ by its own size is worth at least this share of the residual, at the start. */
  private static final double SCALE_FLOOR = 0.1;

  /** Keeps scales of tiny start values within what float holds. */
  private static final double LARGEST_SCALE = 1e30;

  /** By outcome; a table, for nothing could predict a branch. */
  private static final Status[] STATUSES = new Status[Outcome.NON_FINITE + 1];

  static {
    STATUSES[Outcome.COST] = Status.CONVERGED_COST;
    STATUSES[Outcome.PARAMETERS] = Status.CONVERGED_PARAMETERS;
    STATUSES[Outcome.GRADIENT] = Status.CONVERGED_GRADIENT;
    STATUSES[Outcome.LIMIT] = Status.ITERATION_LIMIT;
    STATUSES[Outcome.HARD] = Status.NO_PROGRESS;
    STATUSES[Outcome.NON_FINITE] = Status.NON_FINITE;
  }

  /** Evaluations per parameter, and once more, that a fit gets unless the caller says otherwise. */
  private static final int USUAL_EVALUATIONS = 100;

  /** Cost below which squares of residuals have lost digits. */
  static final double LOST_COST = 1e-290;

  private Steps() {}

  /** For lanes that leave hard problems to a {@link CarefulFit}. */
  static StepOptions options(
      LeastSquaresProblem problem,
      LeastSquaresMethod method,
      ResidualProgram program,
      boolean isDouble) {
    return options(problem, method, program, isDouble, laneLimit(method, problem.freeCount()));
  }

  /**
   * The most evaluations of a problem in its lane: half of all, if those are so many that a careful
   * fit of the rest is worth while.
   */
  static int laneLimit(LeastSquaresMethod method, int p) {
    int limit = method.evaluationLimit(p);
    boolean polish = method instanceof LevenbergMarquardt lm && lm.polish();
    return polish && limit >= USUAL_EVALUATIONS * (p + 1) ? limit / 2 : limit;
  }

  static StepOptions options(
      LeastSquaresProblem problem,
      LeastSquaresMethod method,
      ResidualProgram program,
      boolean isDouble,
      int limit) {
    Precision precision = isDouble ? Precision.DOUBLE : Precision.SINGLE;
    int p = problem.freeCount();
    boolean damped = method instanceof LevenbergMarquardt;
    boolean linear = program.linear() && !problem.bounded();
    boolean polish = method instanceof LevenbergMarquardt lm && lm.polish();
    return new StepOptions(
        p,
        program.fixed().length,
        damped,
        problem.bounded(),
        program.robust(),
        polish,
        method.costTolerance(precision),
        method.parameterTolerance(precision),
        method.gradientTolerance(),
        limit,
        linear,
        linear && damped ? 0 : initialDamping(method));
  }

  /**
   * The damping before the first evaluation, whose acceptance lowers it at once; of Gauss-Newton
   * the share of the step that is taken.
   */
  static double initialDamping(LeastSquaresMethod method) {
    return method instanceof LevenbergMarquardt lm ? lm.initialDamping() / StepOptions.DECREASE : 1;
  }

  /**
   * What the step's code takes for the scale before the first evaluation: the share of twice the
   * cost that the squared scale is at least.
   */
  static double initialScale(double start) {
    double square = start * start;
    if (square > SCALE_FLOOR * SCALE_FLOOR / LARGEST_SCALE) {
      return SCALE_FLOOR * SCALE_FLOOR / square;
    }
    return start == 0 ? 0 : LARGEST_SCALE;
  }

  /**
   * Whether a fit can start: every start value, also of what is fixed, must be a number. An
   * infinite one would pass any test of a step's relative length.
   */
  static boolean areFinite(double[] starts) {
    double probe = 0;
    for (double start : starts) {
      probe += 0 * start; // NaN where it is not finite
    }
    return probe == 0;
  }

  /** Prepares one lane to go on from its best point, as if nothing were known of its cost. */
  static void restart(
      double[] lane, StateLayout state, TileLayout tile, LeastSquaresMethod method) {
    for (int j = 0; j < tile.parameters(); j++) {
      lane[tile.trial(j)] = lane[state.theta(j)];
    }
    lane[state.cost()] = Double.MAX_VALUE;
    lane[state.damping()] = initialDamping(method);
    lane[state.growth()] = 2;
    lane[state.predicted()] = 0;
    lane[state.stepSquared()] = Double.POSITIVE_INFINITY;
    lane[state.phase()] = 0;
    lane[state.outcome()] = 0;
  }

  /**
   * Takes what the step's code found hard, in double, for an answer that meets every point, if it
   * is one: residuals have vanished, or are nothing beside what the start stood for. The cost,
   * whose digits are lost, then becomes 0.
   *
   * @param memory holds the lane's state; its cost is modified
   * @param lane of double sums
   * @param start holds start values
   * @param free which of them are the free parameters'
   * @return whether it is one
   */
  static boolean takeAsExact(
      LaneMemory memory, StateLayout state, int lane, double[] start, int[] free) {
    double cost = memory.get(state.cost() + lane);
    if (!(cost <= LOST_COST)) {
      return false;
    }
    double size = 0;
    boolean flat = true;
    for (int j = 0; j < free.length; j++) {
      double own = memory.get(state.curvature(j, j) + lane);
      double largest = memory.get(state.scale(j) + lane);
      if (!(own > StepOptions.DEAD * largest + StepOptions.smallestCurvature(true))) {
        return false;
      }
      double answer = Math.abs(memory.get(state.theta(j) + lane));
      flat &= answer == 0 && memory.get(state.gradient(j) + lane) == 0;
      double theta = Math.max(Math.abs(start[free[j]]), answer);
      size += own * theta * theta;
    }
    boolean exact = (flat && cost == 0) || size > StepOptions.smallestSize(true);
    memory.set(state.cost() + lane, exact ? 0 : cost);
    return exact;
  }

  /**
   * Whether no squares have been lost in a lane's sums.
   *
   * @param isDouble whether they were summed up in double; the lane holds double in any case
   */
  static boolean isInRange(double[] lane, StateLayout state, int p, boolean isDouble) {
    double size = 0;
    boolean curved = true;
    for (int j = 0; j < p; j++) {
      double theta = lane[state.theta(j)];
      size += theta * theta * lane[state.scale(j)];
      curved &= lane[state.curvature(j, j)] > StepOptions.smallestCurvature(isDouble);
    }
    return curved
        && size > StepOptions.smallestSize(isDouble)
        && size <= StepOptions.largestSize(isDouble);
  }

  /** What there is to say of a lane that got no further: the damping where that is the reason. */
  static double noProgressValue(double damping) {
    return damping > StepOptions.LARGEST_DAMPING ? damping : Double.NaN;
  }

  static Status status(int outcome, double cost) {
    boolean claimed = outcome >= Outcome.COST && outcome <= Outcome.GRADIENT;
    return claimed && cost == 0 ? Status.CONVERGED_EXACT : STATUSES[outcome];
  }

  /** Puts a start value of a bounded problem into a lane that has made no evaluation. */
  static void start(
      LaneMemory memory,
      TileLayout tile,
      StateLayout state,
      int lane,
      int j,
      double start,
      double lower,
      double upper) {
    memory.set(state.lower(j) + lane, lower);
    memory.set(state.upper(j) + lane, upper);
    start(memory, tile, state, lane, j, Math.max(lower, Math.min(upper, start)));
  }

  /** Puts a start value into a lane that has made no evaluation. */
  static void start(
      LaneMemory memory, TileLayout tile, StateLayout state, int lane, int j, double start) {
    memory.set(tile.trial(j) + lane, start);
    memory.set(state.scale(j) + lane, initialScale(start));
  }

  /** The quantity that met the lane's test, which is known where its cost is not 0. */
  static double outcomeValue(LaneMemory memory, StateLayout state, int lane) {
    double numerator = memory.get(state.outcomeNumerator() + lane);
    return numerator / memory.get(state.outcomeDenominator() + lane);
  }

  /** Counted operations of one lane's call over so many points. */
  static double operations(Procedure procedure, double points) {
    return procedure.facts().flopsPerPoint() * points + procedure.facts().flopsPerCall();
  }
}
