package org.nabla4j.cpu;

import org.nabla4j.cpu.codegen.Outcome;
import org.nabla4j.cpu.codegen.Procedure;
import org.nabla4j.cpu.codegen.StepOptions;
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

  private Steps() {}

  static StepOptions options(
      LeastSquaresProblem problem,
      LeastSquaresMethod method,
      ResidualProgram program,
      boolean isDouble) {
    Precision precision = isDouble ? Precision.DOUBLE : Precision.SINGLE;
    int p = problem.freeCount();
    boolean damped = method instanceof LevenbergMarquardt;
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
        method.evaluationLimit(p),
        initialDamping(method));
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

  static Status status(int outcome, double cost) {
    boolean claimed = outcome >= Outcome.COST && outcome <= Outcome.GRADIENT;
    return claimed && cost == 0 ? Status.CONVERGED_EXACT : STATUSES[outcome];
  }

  /** Counted operations of one lane's call over so many points. */
  static double operations(Procedure procedure, double points) {
    return procedure.facts().flopsPerPoint() * points + procedure.facts().flopsPerCall();
  }
}
