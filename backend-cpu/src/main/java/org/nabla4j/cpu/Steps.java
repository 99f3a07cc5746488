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
   * What the step's code takes for the scale before the first evaluation: minus the share of twice
   * the cost that the squared scale is at least.
   */
  static double initialScale(double start) {
    return start == 0 ? 0 : -Math.min(SCALE_FLOOR * SCALE_FLOOR / (start * start), LARGEST_SCALE);
  }

  static Status status(int outcome, double cost) {
    return switch (outcome) {
      case Outcome.COST -> cost == 0 ? Status.CONVERGED_EXACT : Status.CONVERGED_COST;
      case Outcome.PARAMETERS -> cost == 0 ? Status.CONVERGED_EXACT : Status.CONVERGED_PARAMETERS;
      case Outcome.GRADIENT -> cost == 0 ? Status.CONVERGED_EXACT : Status.CONVERGED_GRADIENT;
      case Outcome.LIMIT -> Status.ITERATION_LIMIT;
      case Outcome.HARD -> Status.NO_PROGRESS;
      case Outcome.NON_FINITE -> Status.NON_FINITE;
      default -> throw new IllegalStateException("outcome " + outcome + " is not an end");
    };
  }

  /** Counted operations of one lane's call over so many points. */
  static double operations(Procedure procedure, double points) {
    return procedure.facts().flopsPerPoint() * points + procedure.facts().flopsPerCall();
  }
}
