package org.nabla4j.cpu.minimize;

import java.util.Arrays;
import org.nabla4j.method.MinimizationMethod;
import org.nabla4j.result.Status;

/** The loop of the methods that follow gradients: the best point, the tests and the endings. */
abstract class DescentSearch extends Search {

  /**
   * A gain predicted to be below this share of f counts as rounding where no step lowers f: sums
   * whose terms cancel lose that many digits.
   */
  private static final double HIDDEN_GAIN = 1e-10;

  /** Relative gradient below which rounding can be the reason that no step lowers f. */
  private static final double SMALL_GRADIENT = 1e-3;

  /** So many points tried without reaching an iterate count as an iteration. */
  private static final int TRIALS = 10;

  final Steps steps;
  private final MinimizationMethod method;
  private final Convergence convergence;
  private final int limit;

  /** The lowest point, for steps that may rise; those that never do hold it themselves. */
  private final double[] bestTheta;

  private final double[] bestGradient;
  private double bestValue = Double.NaN;

  private double lowest = Double.POSITIVE_INFINITY;
  private int lowestIteration;

  /** The iterate tested last, where a tolerance of the step is set. */
  private final double[] previous;

  private double previousValue;
  private double startValue;
  private boolean begun;
  private int iterations;

  /** Points tried on the way to the next iterate, and what such points count in iterations. */
  private int trials;

  private int vain;
  private Status status;
  private double statusValue = Double.NaN;

  /**
   * Prepares a search.
   *
   * @param method whose tolerances and limit
   * @param start θ within the bounds; copied
   * @param lower lower bounds, or null
   * @param upper upper bounds, or null
   * @param steps how it moves
   */
  DescentSearch(
      MinimizationMethod method, double[] start, double[] lower, double[] upper, Steps steps) {
    this.method = method;
    this.steps = steps;
    this.convergence = new Convergence(method, lower, upper);
    int free = 0;
    for (int j = 0; j < start.length; j++) {
      free += lower == null || upper == null || lower[j] < upper[j] ? 1 : 0;
    }
    this.limit = method.iterationLimit(free);
    this.bestTheta = steps.monotone() ? null : start.clone();
    this.bestGradient = steps.monotone() ? null : new double[start.length];
    this.previous = method.parameterTolerance() > 0 ? start.clone() : null;
  }

  @Override
  Need need() {
    return status == null ? steps.need() : Need.NOTHING;
  }

  @Override
  double[] point() {
    return steps.point();
  }

  @Override
  void tell(double value, double[] gradient, double[] hessian) {
    if (value < WolfeLineSearch.BOTTOM) {
      fell(value, gradient);
      return;
    }
    Steps.Outcome outcome = steps.tell(value, gradient);
    if (outcome == Steps.Outcome.OUTSIDE) {
      leave(value);
    } else if (outcome == Steps.Outcome.STUCK) {
      stop();
    } else if (outcome == Steps.Outcome.STEP) {
      iterations += begun ? 1 : 0;
      trials = 0;
      arrive();
      if (status == null) {
        steps.advance();
      }
    } else if (++trials == TRIALS) {
      trials = 0;
      vain++;
      if (isLimit()) {
        end(Status.ITERATION_LIMIT, iterations());
      }
    }
  }

  /** f has no bottom. */
  final void fell(double value, double[] gradient) {
    System.arraycopy(steps.point(), 0, best(), 0, best().length);
    if (gradient != null) {
      System.arraycopy(gradient, 0, gradient(), 0, gradient.length);
    }
    bestValue = value;
    end(Status.UNBOUNDED, value);
  }

  /** f is not finite at the point: goes on from the best one with shorter steps. */
  final void leave(double value) {
    if (!begun) {
      beginOutside(value);
    } else if (countStep()) {
      end(Status.ITERATION_LIMIT, iterations());
    } else {
      retreat();
      if (status == null) {
        steps.advance();
      }
    }
  }

  /** f or ∇f is not finite at the start. */
  private void beginOutside(double value) {
    bestValue = value;
    Arrays.fill(gradient(), Double.NaN);
    end(Status.NON_FINITE, value);
  }

  private void retreat() {
    lowestIteration = iterations;
    if (isHidden(steps.predicted(best(), gradient()), bestValue)
        || !steps.retreat(best(), bestValue, gradient())) {
      stop();
    }
  }

  /** Tests the iterate that the steps have arrived at. */
  final void arrive() {
    double value = steps.value();
    double relativeGradient = convergence.relativeGradient(value, steps.theta(), steps.gradient());
    boolean finite =
        Math.abs(value) <= Double.MAX_VALUE && relativeGradient < Double.POSITIVE_INFINITY;
    if (!begun && !finite) {
      beginOutside(value);
      return;
    }
    boolean stationary =
        convergence.gradientIsSmall(relativeGradient)
            && (relativeGradient == 0 || (isLittleLeft() && (isLimit() || steps.settled())));
    if (steps.monotone() || value < lowest || stationary) {
      keep(value);
    }
    if (value < lowest) {
      lowest = value;
      lowestIteration = iterations;
    }
    if (stationary) {
      end(Status.CONVERGED_GRADIENT, relativeGradient);
    } else if (begun && convergence.gainIsSmall(previousValue, value)) {
      end(Status.CONVERGED_COST, Math.abs(previousValue - value) / Math.max(Math.abs(value), 1));
    } else if (begun && isShort()) {
      end(Status.CONVERGED_PARAMETERS, Convergence.relativeStep(previous, steps.theta()));
    } else if (isLimit()) {
      end(Status.ITERATION_LIMIT, iterations());
    } else if (iterations - lowestIteration > steps.patience()) {
      retreat();
    }
    startValue = begun ? startValue : value;
    begun = true;
    previousValue = value;
    if (previous != null) {
      System.arraycopy(steps.theta(), 0, previous, 0, previous.length);
    }
  }

  /** Whether the last step has shown it, or at the start what a first one promises. */
  private boolean isLittleLeft() {
    double value = steps.value();
    if (begun) {
      return convergence.isLastGainLittle(previousValue - value, startValue - value, value);
    }
    double length = steps.firstLength();
    double promised = 0;
    for (int j = 0; j < steps.gradient().length; j++) {
      double g = steps.projected(j, steps.theta(), steps.gradient());
      promised += Math.abs(g) * (length * Math.abs(g));
    }
    return convergence.isLittle(promised, Math.max(Math.abs(value), 1));
  }

  private boolean isShort() {
    return previous != null
        && convergence.stepIsShort(Convergence.relativeStep(previous, steps.theta()));
  }

  /** Remembers the iterate as the best. */
  private void keep(double value) {
    if (bestTheta != null) {
      System.arraycopy(steps.theta(), 0, bestTheta, 0, bestTheta.length);
      System.arraycopy(steps.gradient(), 0, bestGradient, 0, bestGradient.length);
    }
    bestValue = value;
  }

  private static boolean isHidden(double predicted, double value) {
    return !(predicted > HIDDEN_GAIN * Math.abs(value)) || !(predicted > 0);
  }

  /** No step lowers f. */
  private void stop() {
    double relativeGradient = convergence.relativeGradient(value(), best(), gradient());
    double predicted = steps.predicted(best(), gradient());
    if (convergence.gradientIsSmall(relativeGradient)) {
      end(Status.CONVERGED_GRADIENT, relativeGradient);
    } else if (relativeGradient <= SMALL_GRADIENT && isHidden(predicted, value())) {
      end(Status.CONVERGED_COST, predicted / Math.max(Math.abs(value()), 1));
    } else {
      end(Status.NO_PROGRESS, relativeGradient);
    }
  }

  private void end(Status how, double quantity) {
    status = how;
    statusValue = quantity;
  }

  /** Counts a step that ends at no iterate; whether the limit is reached. */
  final boolean countStep() {
    iterations++;
    return isLimit();
  }

  private boolean isLimit() {
    return iterations() >= limit;
  }

  final boolean hasEnded() {
    return status != null;
  }

  @Override
  void cancel() {
    if (status == null) {
      end(Status.CANCELLED, Double.NaN);
    }
  }

  @Override
  double[] best() {
    return bestTheta == null ? steps.theta() : bestTheta;
  }

  @Override
  double value() {
    return bestValue;
  }

  @Override
  double[] gradient() {
    return bestGradient == null ? steps.gradient() : bestGradient;
  }

  @Override
  Status status() {
    return status;
  }

  @Override
  double statusValue() {
    return statusValue;
  }

  @Override
  int iterations() {
    return iterations + vain;
  }

  @Override
  public String toString() {
    return method + " at iteration " + iterations();
  }
}
