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
 * ill-conditioned, and, if all that does not converge, once more from the start with a trust
 * region.
 *
 * <p>Gauss-Newton was asked for by name and stays what it is: only the undamped steps by QR
 * factorisation are tried.
 *
 * <p>The lane's evaluations and those made here stay within the method's limit together. Each
 * attempt leaves one for the covariance at its end; only an ill-conditioned answer that the lane
 * found with its last evaluation takes one more for that.
 */
final class CloserLook implements CarefulFit {

  /** The most evaluations for one problem beyond those of its lane. */
  private static final int MOST_EVALUATIONS = 1000;

  /** Evaluations of an attempt at its least: one, and one for the covariance. */
  private static final int LEAST_ATTEMPT = 2;

  /** The same where another path comes first, and a look at the start before it. */
  private static final int LEAST_RETRY = LEAST_ATTEMPT + 2;

  /**
   * Residuals of a fit that is exact, relative to the largest change that a parameter stands for.
   */
  private static final double ROUNDING = 1e-12;

  private final RowEvaluator rows;
  private final LeastSquaresMethod method;
  private final Cancellation cancellation;
  private final int p;
  private final double[] lower;
  private final double[] upper;
  private final boolean bounded;
  private final HouseholderFinisher finisher;
  private double[] origin;
  private int spent;
  private int tried;
  private int budget;

  /** Where an attempt ended. */
  private static final class Answer {
    final double[] theta;
    final double cost;
    final Status status;
    final double value;
    final double[] inverse;

    Answer(double[] theta, double cost, Status status, double value, double[] inverse) {
      this.theta = theta;
      this.cost = cost;
      this.status = status;
      this.value = value;
      this.inverse = inverse;
    }
  }

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
  public void fromStart(
      long problem, double[] last, Status status, int lane, BatchFit.Builder results) {
    double[] start = open(problem, lane);
    if (status == Status.NON_FINITE) {
      write(problem, fromNothing(start), results);
      return;
    }
    Answer answer;
    if (!(method instanceof LevenbergMarquardt lm)) {
      answer = undamped(last, status);
    } else if (status == Status.ITERATION_LIMIT) {
      // going on would be more of the same; another path may be shorter
      Answer first = finish(last, status, Double.NaN);
      answer = needsRetry(first, start) ? retry(lm, start, first) : first;
    } else {
      answer = solve(lm, start, last);
    }
    write(problem, answer, results);
  }

  /** Where the lane's arithmetic could not hold the start's cost. */
  private Answer fromNothing(double[] start) {
    return method instanceof LevenbergMarquardt lm
        ? solve(lm, start, start)
        : undamped(start, Status.NO_PROGRESS);
  }

  @Override
  public void fromAnswer(long problem, double[] theta, int lane, BatchFit.Builder results) {
    double[] start = open(problem, lane);
    Answer answer = undamped(theta, Status.NO_PROGRESS);
    if (answer.status == Status.NO_PROGRESS && method instanceof LevenbergMarquardt lm) {
      answer = solve(lm, start, theta);
    }
    if (answer.status != Status.CANCELLED) { // else what the lane has found stands
      write(problem, answer, results);
    }
  }

  /** Turns to a problem; returns its start. */
  private double[] open(long problem, int lane) {
    spent = lane;
    tried = Math.max(0, lane - 1);
    budget = Math.min(lane + MOST_EVALUATIONS, method.evaluationLimit(p));
    double[] start = rows.load(problem);
    for (int j = 0; j < p; j++) {
      start[j] = Math.min(Math.max(start[j], lower[j]), upper[j]);
    }
    origin = start;
    return start;
  }

  private int left() {
    return budget - spent;
  }

  /** Levenberg-Marquardt from where the lane stopped, then by way of a trust region. */
  private Answer solve(LevenbergMarquardt lm, double[] start, double[] last) {
    if (left() < LEAST_ATTEMPT) {
      return at(last, Status.ITERATION_LIMIT);
    }
    Answer first = attempt(lm, last);
    return needsRetry(first, start) ? retry(lm, start, first) : first;
  }

  private boolean needsRetry(Answer first, double[] start) {
    return !first.status.converged()
        && first.status != Status.CANCELLED
        && !bounded
        && left() >= LEAST_RETRY
        && !(first.status == Status.SINGULAR && isSingular(start));
  }

  /** From the start again, by another path; the better end counts. */
  private Answer retry(LevenbergMarquardt lm, double[] start, Answer first) {
    TrustRegionRetry retry =
        new TrustRegionRetry(rows, lm.costTolerance(), lm.parameterTolerance(), cancellation);
    count(retry.run(start, left() - LEAST_ATTEMPT));
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
                cancellation),
            lower,
            upper);
    Status status = solver.run(from, left() - 1);
    count(solver.evaluations());
    if (status == Status.NON_FINITE || status == Status.CANCELLED) {
      return answer(solver.theta(), solver.cost(), status, Double.NaN, false);
    }
    return finish(solver.theta(), status, solver.statusValue());
  }

  /** Checks an end, and improves it by undamped steps where it is ill-conditioned. */
  private Answer finish(double[] end, Status status, double value) {
    if (left() < LEAST_ATTEMPT) {
      spent++;
      boolean regular = finisher.look(end) == End.WELL_CONDITIONED;
      return regular || !status.converged()
          ? answer(end, finisher.cost(), status, value, regular)
          : answer(end, finisher.cost(), Status.SINGULAR, condition(), false);
    }
    End found = finisher.run(end, false, left() - 1);
    count(finisher.evaluations());
    return switch (found) {
      case WELL_CONDITIONED -> answer(end, finisher.cost(), status, value, true);
      case CONVERGED -> {
        if (status == Status.SINGULAR) {
          yield answer(end, finisher.cost(), status, value, false);
        }
        boolean known = status.converged();
        yield answer(
            finisher.theta(),
            finisher.cost(),
            known ? status : finisherStatus(),
            known ? value : finisherValue(),
            true);
      }
      case LIMIT ->
          answer(finisher.theta(), finisher.cost(), Status.ITERATION_LIMIT, Double.NaN, true);
      case DIVERGED -> at(end, status.converged() ? Status.NO_PROGRESS : status, value);
      case SINGULAR -> answer(end, finisher.cost(), Status.SINGULAR, condition(), false);
      case CANCELLED -> answer(end, finisher.cost(), Status.CANCELLED, Double.NaN, false);
    };
  }

  /** Undamped steps only. */
  private Answer undamped(double[] from, Status failure) {
    if (left() < LEAST_ATTEMPT) {
      return at(from, Status.ITERATION_LIMIT);
    }
    End found = finisher.run(from, true, left() - 1);
    count(finisher.evaluations());
    double[] theta = finisher.theta();
    double cost = finisher.cost();
    return switch (found) {
      case CONVERGED, WELL_CONDITIONED ->
          answer(theta, cost, finisherStatus(), finisherValue(), true);
      case LIMIT -> answer(theta, cost, Status.ITERATION_LIMIT, Double.NaN, true);
      case DIVERGED -> at(from, failure);
      case SINGULAR -> answer(theta, cost, Status.SINGULAR, condition(), false);
      case CANCELLED -> answer(theta, cost, Status.CANCELLED, Double.NaN, false);
    };
  }

  /** An answer where undamped steps lead away: what is known of the point itself. */
  private Answer at(double[] theta, Status status) {
    return at(theta, status, Double.NaN);
  }

  private Answer at(double[] theta, Status status, double value) {
    spent++;
    boolean regular = finisher.look(theta) == End.WELL_CONDITIONED;
    boolean finite = finisher.cost() <= Double.MAX_VALUE;
    Status known = finite ? status : Status.NON_FINITE;
    double singularity = known == Status.SINGULAR ? value : Double.NaN;
    return answer(theta, finisher.cost(), known, singularity, regular);
  }

  /** An attempt's evaluations, of which all but the first are those of steps. */
  private void count(int evaluations) {
    spent += evaluations;
    tried += Math.max(0, evaluations - 1);
  }

  /** Smallest pivot of the scaled curvature, of the order of its reciprocal condition. */
  private double condition() {
    return finisher.smallestDiagonal() * finisher.smallestDiagonal();
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

  /** Makes an answer; the covariance, where there is one, is that of the finisher's last point. */
  private Answer answer(double[] theta, double cost, Status status, double value, boolean regular) {
    double[] inverse = new double[p * (p + 1) / 2];
    if (regular && status != Status.SINGULAR) {
      finisher.covariance(inverse);
    } else {
      Arrays.fill(inverse, Double.NaN);
    }
    return new Answer(theta.clone(), cost, status, value, inverse);
  }

  /**
   * Whether the model meets every point within rounding of what start or answer stand for, as far
   * as the last evaluation tells.
   */
  private boolean isExact(double[] theta) {
    double largest = 0;
    double size = 0;
    for (int i = 0, e = rows.firstRow(); i < rows.points(); i++, e += rows.rowStride()) {
      largest = Math.max(largest, Math.abs(rows.rows()[e]));
      for (int j = 0; j < p; j++) {
        double own = Math.max(Math.abs(theta[j]), Math.abs(origin[j]));
        size = Math.max(size, own * Math.abs(rows.rows()[e + 1 + j]));
      }
    }
    return largest <= ROUNDING * size;
  }

  private void write(long problem, Answer answer, BatchFit.Builder results) {
    Status status = answer.status;
    double value = answer.value;
    boolean tiny = answer.cost < Steps.LOST_COST;
    boolean lost = tiny && !isExact(answer.theta);
    if (lost) {
      Arrays.fill(answer.inverse, Double.NaN);
    }
    if (lost && status.converged()) {
      status = Status.NO_PROGRESS;
      value = Double.NaN;
    } else if (tiny && !lost && (status.converged() || status == Status.NO_PROGRESS)) {
      status = Status.CONVERGED_EXACT;
      value = 0;
    } else if (status == Status.ITERATION_LIMIT) {
      value = spent;
    }
    results.freeParameters(problem, answer.theta, 0, 1);
    results.outcome(
        problem,
        status,
        value,
        status == Status.NON_FINITE ? Double.NaN : answer.cost,
        status == Status.NON_FINITE ? 0 : tried,
        spent);
    results.curvatureInverse(problem, answer.inverse, 0, 1);
  }
}
