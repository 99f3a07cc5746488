package org.nabla4j.cpu;

import java.util.Arrays;
import org.nabla4j.backend.Cancellation;
import org.nabla4j.cpu.HouseholderFinisher.End;
import org.nabla4j.method.LeastSquaresMethod;
import org.nabla4j.method.LevenbergMarquardt;
import org.nabla4j.objective.LeastSquaresProblem;
import org.nabla4j.result.BatchFit;
import org.nabla4j.result.Status;

/**
 * Solves single problems with care, in double arithmetic whatever the lanes' is: damped steps from
 * where the lane stopped, undamped steps by QR factorisation where the curvature is
 * ill-conditioned, and, if all that does not converge, once more from the start with a trust region.
 *
 * <p>Gauss-Newton was asked for by name and stays what it is: only the undamped steps by QR
 * factorisation are tried.
 */
final class CloserLook implements CarefulFit {

  /** The most evaluations for one problem beyond those of its lane. */
  private static final int MOST_EVALUATIONS = 1000;

  private final RowEvaluator rows;
  private final LeastSquaresMethod method;
  private final Cancellation cancellation;
  private final int p;
  private final double[] lower;
  private final double[] upper;
  private final boolean bounded;
  private final HouseholderFinisher finisher;
  private int spent;
  private int budget;

  /** Where an attempt ended. */
  private record Answer(
      double[] theta, double cost, Status status, double value, int steps, double[] inverse) {}

  CloserLook(
      RowEvaluator rows,
      LeastSquaresProblem problem,
      LeastSquaresMethod method,
      int[] free,
      Cancellation cancellation) {
    this.rows = rows;
    this.method = method;
    this.cancellation = cancellation;
    p = free.length;
    lower = new double[p];
    upper = new double[p];
    for (int j = 0; j < p; j++) {
      lower[j] = problem.lower()[free[j]];
      upper[j] = problem.upper()[free[j]];
    }
    bounded = problem.bounded();
    finisher = new HouseholderFinisher(rows, lower, upper, cancellation);
  }

  @Override
  public void fromStart(long problem, double[] last, int lane, BatchFit.Builder results) {
    double[] start = open(problem, lane);
    Answer answer =
        method instanceof LevenbergMarquardt lm ? solve(lm, start, last) : undamped(last);
    write(problem, answer, results);
  }

  @Override
  public void fromAnswer(long problem, double[] theta, int lane, BatchFit.Builder results) {
    double[] start = open(problem, lane);
    Answer answer = undamped(theta);
    if (answer.status == Status.NO_PROGRESS && method instanceof LevenbergMarquardt lm) {
      answer = solve(lm, start, theta);
    }
    write(problem, answer, results);
  }

  /** Turns to a problem; returns its start. */
  private double[] open(long problem, int lane) {
    spent = lane;
    budget = lane + MOST_EVALUATIONS;
    double[] start = rows.load(problem);
    for (int j = 0; j < p; j++) {
      start[j] = Math.min(Math.max(start[j], lower[j]), upper[j]);
    }
    return start;
  }

  private int left() {
    return Math.max(1, budget - spent);
  }

  /** Levenberg-Marquardt from where the lane stopped, then by way of a trust region. */
  private Answer solve(LevenbergMarquardt lm, double[] start, double[] last) {
    Answer first = attempt(lm, last);
    if (first.status.converged()
        || first.status == Status.CANCELLED
        || bounded
        || (first.status == Status.SINGULAR && isSingular(start))) {
      return first;
    }
    TrustRegionRetry retry =
        new TrustRegionRetry(rows, lm.costTolerance(), lm.parameterTolerance(), cancellation);
    if (!(retry.cost() <= Double.MAX_VALUE)) {
      return first;
    }
    Answer second = attempt(lm, retry.theta());
    boolean better = second.status.converged() || !(first.cost <= second.cost);
    return better && second.status != Status.NON_FINITE ? second : first;
  }

  /** No way leads out of a problem that does not determine its parameters anywhere. */
  private boolean isSingular(double[] start) {
    spent++;
    return finisher.look(start) == End.SINGULAR;
  }

  private Answer attempt(LevenbergMarquardt lm, double[] from) {
    ScalarLevenbergMarquardt solver =
        new ScalarLevenbergMarquardt(
            rows,
            new ScalarLevenbergMarquardt.Options(
                lm.costTolerance(),
                lm.parameterTolerance(),
                lm.gradientTolerance(),
                lm.initialDamping(),
                lm.polish(),
                lower,
                upper,
                cancellation));
    Status status = solver.run(from, Math.min(left(), lm.evaluationLimit(p)));
    spent += solver.evaluations();
    double[] theta = solver.theta();
    double value = solver.statusValue();
    if (status == Status.NON_FINITE || status == Status.CANCELLED) {
      return answer(theta, solver.cost(), status, value, solver.steps(), End.DIVERGED);
    }
    End end = finisher.run(theta, false, left());
    spent += finisher.evaluations();
    switch (end) {
      case CONVERGED -> {
        if (status != Status.SINGULAR) {
          theta = finisher.theta();
          value = status.converged() ? value : finisherValue();
          status = status.converged() ? status : finisherStatus();
        }
      }
      case DIVERGED -> {
        status = status.converged() ? Status.NO_PROGRESS : status;
        end = lookAgain(theta);
      }
      case SINGULAR -> status = Status.SINGULAR;
      case CANCELLED -> status = Status.CANCELLED;
      case WELL_CONDITIONED -> {}
    }
    return answer(theta, finisher.cost(), status, value, solver.steps(), end);
  }

  /** Undamped steps only. */
  private Answer undamped(double[] from) {
    End end = finisher.run(from, true, left());
    spent += finisher.evaluations();
    int steps = finisher.evaluations() - 1;
    Status status =
        switch (end) {
          case CONVERGED, WELL_CONDITIONED -> finisherStatus();
          case DIVERGED -> Status.NO_PROGRESS;
          case SINGULAR -> Status.SINGULAR;
          case CANCELLED -> Status.CANCELLED;
        };
    if (end == End.DIVERGED) {
      return answer(from, Double.NaN, status, Double.NaN, 0, lookAgain(from));
    }
    return answer(finisher.theta(), finisher.cost(), status, finisherValue(), steps, end);
  }

  private End lookAgain(double[] theta) {
    spent++;
    return finisher.look(theta);
  }

  private Status finisherStatus() {
    return finisher.relativeReduction() <= method.costTolerance()
        ? Status.CONVERGED_COST
        : Status.CONVERGED_PARAMETERS;
  }

  private double finisherValue() {
    return finisherStatus() == Status.CONVERGED_COST
        ? finisher.relativeReduction()
        : finisher.relativeStep();
  }

  /** Makes an answer; the covariance is that of the finisher's last evaluation. */
  private Answer answer(
      double[] theta, double cost, Status status, double value, int steps, End end) {
    double[] inverse = new double[p * (p + 1) / 2];
    boolean known = end == End.CONVERGED || end == End.WELL_CONDITIONED;
    if (known) {
      finisher.covariance(inverse);
    } else {
      Arrays.fill(inverse, Double.NaN);
    }
    double exact = Double.isNaN(cost) || end == End.SINGULAR ? finisher.cost() : cost;
    return new Answer(theta.clone(), exact, status, value, steps, inverse);
  }

  private void write(long problem, Answer answer, BatchFit.Builder results) {
    Status status = answer.status;
    double value = answer.value;
    if (status.converged() && answer.cost == 0) {
      status = Status.CONVERGED_EXACT;
      value = 0;
    } else if (status == Status.ITERATION_LIMIT) {
      value = spent;
    } else if (status == Status.SINGULAR) {
      value = finisher.smallestDiagonal() * finisher.smallestDiagonal();
    } else if (!status.converged()) {
      value = Double.NaN;
    }
    results.freeParameters(problem, answer.theta, 0, 1);
    results.outcome(
        problem,
        status,
        value,
        status == Status.NON_FINITE ? Double.NaN : answer.cost,
        answer.steps,
        spent);
    results.curvatureInverse(problem, answer.inverse, 0, 1);
  }
}
