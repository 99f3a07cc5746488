package org.nabla4j.cpu.constrained;

import java.util.Arrays;
import org.nabla4j.backend.Cancellation;
import org.nabla4j.cpu.algebra.OrthogonalBasis;
import org.nabla4j.method.ConstrainedMethod;
import org.nabla4j.result.Status;

/**
 * Sequential quadratic programming with exact second derivatives: steps of {@link QuadraticStep}, a
 * line search on the merit function
 *
 * <pre>
 *   φ(θ) = f(θ) + Σ ν_i·violation_i(θ)
 * </pre>
 *
 * <p>whose prices ν follow the multipliers, and second-order corrections, without which the merit
 * function could refuse good steps near the solution (Maratos 1978). Where neither prices nor steps
 * reconcile the constraints, the violation alone is minimised for a while, w = 0: that ends at a
 * point from which the search goes on, or at one where the violation is least.
 *
 * <p>References: S. P. Han (1977); M. J. D. Powell (1978), Lecture Notes in Mathematics 630; R.
 * Fletcher (1982), Mathematical Programming Study 17; J. Nocedal, S. J. Wright (2006), Numerical
 * Optimization, chapter 18.
 */
final class SqpSolver {

  /** Share of the foretold reduction that a step must bring (Armijo). */
  private static final double SUFFICIENT = 1e-4;

  /** Δ at the start. */
  private static final double FIRST_RADIUS = 10;

  private static final double LARGEST_RADIUS = 1e4;

  /** Corrections of a step for the curvature of the constraints. */
  private static final int CORRECTIONS = 3;

  /** How often violations alone may be minimised. */
  private static final int RESTORATIONS = 4;

  /**
   * Steps along negative curvature in a row, each of which lowers f a lot, after which f may fall
   * without end.
   */
  private static final int DOWNHILL = 8;

  /** How often such a step is made longer. */
  private static final int EXPANSIONS = 30;

  /** How many points that are no minima are left. */
  private static final int SADDLES = 20;

  /** Steps in which the violation, minimised alone, must fall by a tenth. */
  private static final int PATIENCE = 50;

  /** Steps without any gain after which rounding is thought to be reached. */
  private static final int STALLED = 8;

  /** Reduction of the violation, relative to it, that tells a point of least violation. */
  private static final double LEAST_VIOLATION = 1e-9;

  /** Relative residual up to which a search that rounding has ended has converged. */
  private static final double ROUNDED = 1e-3;

  private final ConstrainedFunction function;
  private final Bounds bounds;
  private final ConstrainedMethod method;
  private final double constraintTolerance;
  private double gradientTolerance;
  private final Cancellation cancellation;
  private StepListener listener = StepListener.NONE;
  private final int p;
  private final int m;
  private final int equalities;
  private int evaluations;
  private int iterations;
  private final int limit;

  private Evaluated at;
  private double weight = 1;
  private double[] multipliers;
  private double[] prices;
  private boolean[] active;
  private boolean[] atBound;
  private double radius = FIRST_RADIUS;
  private int restorations;
  private int restorationSteps;
  private double violationAtMark;
  private int elasticSteps;
  private double violationAtElastic;
  private int stalled;
  private double bestMeasure = Double.POSITIVE_INFINITY;
  private boolean pricesWereReset;
  private int saddles;
  private int downhill;

  SqpSolver(
      ConstrainedFunction function,
      Bounds bounds,
      ConstrainedMethod method,
      Cancellation cancellation,
      int limit) {
    this.function = function;
    this.bounds = bounds;
    this.method = method;
    this.constraintTolerance = method.constraintTolerance();
    this.gradientTolerance = method.gradientTolerance();
    this.cancellation = cancellation;
    this.p = function.parameters();
    this.equalities = function.equalities();
    this.m = equalities + function.inequalities();
    this.limit = limit;
  }

  /** Sets another tolerance than that of the method. */
  SqpSolver withGradientTolerance(double value) {
    gradientTolerance = value;
    return this;
  }

  /** Tells somebody of the steps. */
  SqpSolver withListener(StepListener value) {
    listener = value;
    return this;
  }

  /** How it ended, with the quantity that decided. */
  private record End(Status status, double value) {}

  ConstrainedResult solve(double[] start) {
    multipliers = new double[m];
    prices = new double[m];
    active = new boolean[m];
    Arrays.fill(active, 0, equalities, true);
    atBound = new boolean[p];
    at = evaluate(bounds.clamp(start));
    End end = null;
    if (!at.hasConstraints() || (m == 0 && !at.isDefined())) {
      end = new End(Status.NON_FINITE, at.value());
    } else {
      weight = Double.isFinite(at.value()) ? 1 : 0;
      if (!at.differentiate(function, weight == 1)) {
        end = new End(Status.NON_FINITE, at.value());
      } else if (weight == 0) {
        beginRestoration();
      } else {
        multipliers = leastSquaresMultipliers(false);
      }
    }
    tell();
    while (end == null) {
      Evaluated before = at;
      end = iterate();
      if (at != before) {
        tell();
      }
    }
    return result(end);
  }

  private void tell() {
    if (listener != StepListener.NONE) {
      listener.step(iterations, at, Optimality.norm(at, multipliers, bounds));
    }
  }

  private Evaluated evaluate(double[] theta) {
    evaluations++;
    return Evaluated.at(function, theta);
  }

  private End iterate() {
    if (weight == 0 && Double.isFinite(at.value()) && at.isFeasible(constraintTolerance)) {
      endRestoration();
    } else if (weight == 0 && at.isFeasible(constraintTolerance)) {
      return new End(Status.NON_FINITE, at.value());
    }
    if (weight == 1) {
      End end = converged();
      if (end != null) {
        return end;
      }
    } else if (restorationSteps++ % PATIENCE == 0) {
      if (at.violation() > 0.9 * violationAtMark) {
        return stuck(false);
      }
      violationAtMark = at.violation();
    }
    if (cancellation.isCancelled()) {
      return new End(Status.CANCELLED, Double.NaN);
    }
    if (iterations >= limit) {
      return new End(Status.ITERATION_LIMIT, iterations);
    }
    iterations++;
    QuadraticStep step = step();
    if (step == null) {
      return stuck(false);
    }
    updatePrices(step);
    double size = weight == 0 ? 0 : Math.abs(at.value());
    double merit = merit(at, weight);
    double rounding = 8 * Math.ulp(1.0) * (size + at.penalty(prices));
    double reduction = step.reduction(prices);
    if (weight == 0 && reduction <= LEAST_VIOLATION * merit) {
      if (radius < 1) {
        radius = FIRST_RADIUS;
        return null;
      }
      return new End(Status.INFEASIBLE, at.violation());
    }
    if (!(reduction > 0)) {
      return stuck(reduction >= -rounding);
    }
    if (weight == 1 && reduction <= rounding && at.isFeasible(constraintTolerance)) {
      double[] other = leastSquaresMultipliers(true);
      if (optimality(other).residual() <= gradientTolerance
          && optimality(multipliers).residual() > gradientTolerance) {
        multipliers = other;
        return null;
      }
    }
    if (weight == 1 && step.isElastic()) {
      if (elasticSteps++ == 0) {
        violationAtElastic = at.violation();
      } else if (elasticSteps > 10) {
        elasticSteps = 0;
        if (at.violation() > 0.5 * violationAtElastic) {
          return stuck(false);
        }
      }
    } else {
      elasticSteps = 0;
    }
    return search(step, merit, reduction, rounding);
  }

  /** The step from here, null if there is none. */
  private QuadraticStep step() {
    double[] hessian = new double[p * p];
    function.hessian(at.theta(), weight, multipliers, hessian);
    if (!Evaluated.isFinite(hessian)) {
      Arrays.fill(hessian, 0);
    }
    double[] elasticPrices = prices.clone();
    for (int i = 0; i < m; i++) {
      elasticPrices[i] =
          weight == 0 ? 1 : Math.max(Math.max(prices[i], 1), 2 * Math.abs(multipliers[i]));
    }
    return QuadraticStep.compute(
        at, weight, hessian, equalities, bounds, radius, elasticPrices, active, atBound);
  }

  private double merit(Evaluated point, double w) {
    return (w == 0 ? 0 : point.value()) + point.penalty(prices);
  }

  /** Powell's rule: prices follow the multipliers at once upwards, and by halves downwards. */
  private void updatePrices(QuadraticStep step) {
    for (int i = 0; i < m; i++) {
      if (weight == 0) {
        prices[i] = 1;
      } else if (step.isElastic()) {
        prices[i] = Math.max(step.prices()[i], prices[i]);
      } else {
        double needed = 1.1 * Math.abs(step.multipliers()[i]);
        prices[i] = Math.max(needed, iterations > 100 ? prices[i] : (prices[i] + needed) / 2);
      }
    }
  }

  /** Looks for a point on the step with a lower merit, and goes there. */
  private End search(QuadraticStep step, double merit, double reduction, double rounding) {
    double[] direction = step.scaled();
    Evaluated trial = evaluate(step.point(direction, 1, bounds));
    if (unbounded(trial)) {
      return fallsWithoutEnd(trial);
    }
    double target = merit - SUFFICIENT * reduction + rounding;
    if (accepts(trial, target)) {
      boolean falls = merit - merit(trial, weight) > 0.3 * Math.abs(trial.value());
      downhill = step.bendsDown() && falls && trial.value() < 0 ? downhill + 1 : 0;
      return downhill > DOWNHILL ? goOn(step, trial, merit) : accept(step, trial, 1, merit);
    }
    if (isDefined(trial) && m > 0) {
      Evaluated corrected = correct(step, trial, target);
      if (corrected != null) {
        return accept(step, corrected, 1, merit);
      }
    }
    double t = 1;
    double length = step.length();
    while (t * length > 1e-13) {
      double ratio = 0.25;
      if (isDefined(trial)) {
        double change = merit(trial, weight) - merit;
        ratio = Math.min(Math.max(reduction * t / (2 * (change + reduction * t)), 0.1), 0.5);
      }
      t *= ratio;
      trial = evaluate(step.point(direction, t, bounds));
      if (unbounded(trial)) {
        return fallsWithoutEnd(trial);
      }
      if (accepts(trial, merit - SUFFICIENT * t * reduction + rounding)) {
        return accept(step, trial, t, merit);
      }
    }
    return stuck(reduction <= 100 * rounding);
  }

  /** Where f may fall without end, goes on as long as the merit falls faster and faster. */
  private End goOn(QuadraticStep step, Evaluated first, double merit) {
    Evaluated best = first;
    double t = 1;
    double slope = merit(first, weight) - merit;
    for (int k = 0; k < EXPANSIONS; k++) {
      Evaluated trial = evaluate(step.point(step.scaled(), 4 * t, bounds));
      if (unbounded(trial)) {
        return fallsWithoutEnd(trial);
      }
      double next = (merit(trial, weight) - merit(best, weight)) / (3 * t);
      if (!(next < slope) || !accepts(trial, merit(best, weight))) {
        break;
      }
      best = trial;
      slope = next;
      t *= 4;
    }
    return accept(step, best, t, merit);
  }

  private boolean isDefined(Evaluated point) {
    boolean objective = weight == 1 || Double.isFinite(at.value());
    return objective ? point.isDefined() : point.hasConstraints();
  }

  private boolean accepts(Evaluated point, double target) {
    return isDefined(point)
        && merit(point, weight) <= target
        && point.differentiate(function, weight == 1);
  }

  /** Corrects a whole step for the curvature of the constraints; null if that does not help. */
  private Evaluated correct(QuadraticStep step, Evaluated trial, double target) {
    double[] end = trial.constraints();
    double[] previous = step.scaled();
    double violation = trial.penalty(prices);
    for (int k = 0; k < CORRECTIONS; k++) {
      double[] corrected = step.corrected(end, previous);
      if (corrected == null) {
        return null;
      }
      Evaluated point = evaluate(step.point(corrected, 1, bounds));
      if (accepts(point, target)) {
        return point;
      }
      if (!isDefined(point) || point.penalty(prices) > 0.9 * violation) {
        return null;
      }
      violation = point.penalty(prices);
      end = point.constraints();
      previous = corrected;
    }
    return null;
  }

  /** Goes to a point. */
  private End accept(QuadraticStep step, Evaluated to, double t, double merit) {
    for (int i = 0; i < m; i++) {
      multipliers[i] += Math.min(t, 1) * (step.multipliers()[i] - multipliers[i]);
    }
    active = step.active();
    atBound = step.atBound();
    double length = step.length();
    if (t > 1) {
      radius = Math.min(Math.max(radius, t * length), LARGEST_RADIUS);
    } else if (t == 1) {
      radius = length >= 0.99 * radius ? Math.min(4 * radius, LARGEST_RADIUS) : radius;
    } else {
      radius = Math.max(4 * t * length, 1e-6);
    }
    double before = at.value();
    double[] from = at.theta();
    boolean gained = merit(to, weight) < merit - Math.ulp(merit);
    at = to;
    if (weight == 0) {
      return null;
    }
    Optimality optimality = optimality(multipliers);
    double measure =
        Math.max(optimality.residual() / ROUNDED, optimality.violation() / constraintTolerance);
    stalled = gained || measure < 0.9 * bestMeasure ? 0 : stalled + 1;
    bestMeasure = Math.min(bestMeasure, measure);
    if (at.isFeasible(constraintTolerance)) {
      double change = Math.abs(at.value() - before) / Math.max(Math.abs(at.value()), 1);
      if (method.valueTolerance() > 0 && change <= method.valueTolerance()) {
        return new End(Status.CONVERGED_COST, change);
      }
      double moved = relativeStep(from, at.theta());
      if (method.parameterTolerance() > 0 && moved <= method.parameterTolerance()) {
        return new End(Status.CONVERGED_PARAMETERS, moved);
      }
    }
    return stalled >= STALLED ? stuck(true) : null;
  }

  private static double relativeStep(double[] from, double[] to) {
    double most = 0;
    for (int j = 0; j < to.length; j++) {
      most = Math.max(most, Math.abs(to[j] - from[j]) / Math.max(Math.abs(to[j]), 1));
    }
    return most;
  }

  private boolean unbounded(Evaluated point) {
    return weight == 1 && point.isUnbounded(function, constraintTolerance);
  }

  private End fallsWithoutEnd(Evaluated point) {
    at = point;
    return new End(Status.UNBOUNDED, point.value());
  }

  private Optimality optimality(double[] lambda) {
    return Optimality.of(at, lambda, bounds);
  }

  /** The conditions of a minimum; null if they are not met, or if it could be left downwards. */
  private End converged() {
    double residual = optimality(multipliers).residual();
    if (!(residual <= gradientTolerance) || !at.isFeasible(constraintTolerance) || leaveSaddle()) {
      return null;
    }
    polish();
    return new End(Status.CONVERGED_GRADIENT, optimality(multipliers).residual());
  }

  /** One more step of Newton's method, which mostly doubles the digits, if it does no harm. */
  private void polish() {
    Optimality before = optimality(multipliers);
    if (iterations >= limit
        || Math.max(before.residual(), before.violation()) <= 16 * Math.ulp(1.0)) {
      return;
    }
    QuadraticStep step = step();
    if (step == null || step.isElastic()) {
      return;
    }
    iterations++;
    Evaluated next = evaluate(step.point(step.scaled(), 1, bounds));
    if (!next.isDefined() || !next.differentiate(function, true)) {
      return;
    }
    Optimality after = Optimality.of(next, step.multipliers(), bounds);
    double rounding = Math.ulp(1.0) * Math.max(Math.abs(at.value()), 1);
    if (after.residual() <= before.residual()
        && after.violation() <= Math.max(before.violation(), rounding)
        && merit(next, 1) <= merit(at, 1) + 8 * rounding) {
      at = next;
      multipliers = step.multipliers();
    }
  }

  /** Goes from a point that is no minimum, though the gradient vanishes, to a lower one. */
  private boolean leaveSaddle() {
    if (saddles >= SADDLES) {
      return false;
    }
    double[] hessian = new double[p * p];
    function.hessian(at.theta(), 1, multipliers, hessian);
    if (!Evaluated.isFinite(hessian)) {
      return false;
    }
    for (int i = 0; i < m; i++) {
      prices[i] = Math.max(prices[i], 1.1 * Math.abs(multipliers[i]));
    }
    double merit = merit(at, 1);
    double gain = 1e-10 * Math.max(Math.abs(at.value()), 1);
    double[][] directions =
        NegativeCurvature.directions(at, hessian, multipliers, equalities, bounds);
    for (double t = 1; t > 1e-4; t /= 10) {
      for (double[] direction : directions) {
        Evaluated trial = beside(direction, t);
        if (trial != null && accepts(trial, merit - gain)) {
          saddles++;
          at = trial;
          radius = FIRST_RADIUS;
          return true;
        }
      }
    }
    return false;
  }

  /** A point in some direction, moved onto the constraints; null if that fails. */
  private Evaluated beside(double[] direction, double t) {
    double[] theta = at.theta().clone();
    for (int j = 0; j < p; j++) {
      theta[j] = bounds.clamp(j, theta[j] + t * direction[j]);
    }
    Evaluated trial = evaluate(theta);
    for (int k = 0; k < CORRECTIONS && m > 0 && trial.isDefined(); k++) {
      if (!trial.differentiate(function, true)) {
        return null;
      }
      QuadraticStep step =
          QuadraticStep.compute(
              trial.withoutObjective(),
              1,
              new double[p * p],
              equalities,
              bounds,
              FIRST_RADIUS,
              onePrices(),
              new boolean[m],
              new boolean[p]);
      if (step == null) {
        return null;
      }
      trial = evaluate(step.point(step.scaled(), 1, bounds));
    }
    return trial.isDefined() ? trial : null;
  }

  private double[] onePrices() {
    double[] ones = new double[m];
    Arrays.fill(ones, 1);
    return ones;
  }

  /**
   * No step leads further: the end, or the beginning of another attempt.
   *
   * @param rounded whether rounding explains it
   */
  private End stuck(boolean rounded) {
    if (weight == 0) {
      return new End(Status.INFEASIBLE, at.violation());
    }
    if (!at.isFeasible(constraintTolerance)) {
      if (restorations >= RESTORATIONS) {
        return new End(Status.INFEASIBLE, at.violation());
      }
      beginRestoration();
      return null;
    }
    if (!pricesWereReset) {
      pricesWereReset = true;
      Arrays.fill(prices, 0);
      multipliers = leastSquaresMultipliers(true);
      radius = FIRST_RADIUS;
      stalled = 0;
      return null;
    }
    double[] other = leastSquaresMultipliers(true);
    double residual = optimality(multipliers).residual();
    if (optimality(other).residual() < residual) {
      multipliers = other;
      residual = optimality(other).residual();
    }
    return new End(
        rounded && residual <= ROUNDED ? Status.CONVERGED_COST : Status.NO_PROGRESS, residual);
  }

  private void beginRestoration() {
    restorations++;
    restorationSteps = 0;
    violationAtMark = Double.POSITIVE_INFINITY;
    weight = 0;
    Arrays.fill(multipliers, 0);
    radius = FIRST_RADIUS;
    stalled = 0;
  }

  private void endRestoration() {
    weight = 1;
    Arrays.fill(prices, 0);
    radius = FIRST_RADIUS;
    stalled = 0;
    elasticSteps = 0;
    pricesWereReset = false;
    at.differentiate(function, true);
    multipliers = leastSquaresMultipliers(true);
  }

  /** Multipliers that balance the gradient best, of the equalities or of all active constraints. */
  private double[] leastSquaresMultipliers(boolean inequalities) {
    double[] normals = new double[m * p];
    int[] rows = new int[m];
    int count = 0;
    boolean[] free = new boolean[p];
    double[] b = new double[p];
    for (int j = 0; j < p; j++) {
      free[j] = at.theta()[j] > bounds.lower()[j] && at.theta()[j] < bounds.upper()[j];
      b[j] = free[j] ? at.gradient()[j] : 0;
    }
    for (int i = 0; i < m; i++) {
      if (i < equalities || (inequalities && multipliers[i] > 0)) {
        for (int j = 0; j < p; j++) {
          normals[count * p + j] = free[j] ? at.jacobian()[i * p + j] : 0;
        }
        rows[count++] = i;
      }
    }
    double[] x = new double[count];
    new OrthogonalBasis(p, normals, count).leastSquares(b, x);
    double[] result = new double[m];
    for (int k = 0; k < count; k++) {
      result[rows[k]] = rows[k] < equalities ? x[k] : Math.max(x[k], 0);
    }
    return result;
  }

  private ConstrainedResult result(End end) {
    boolean derivatives = at.gradient() != null && Evaluated.isFinite(at.gradient());
    Optimality optimality =
        derivatives ? optimality(multipliers) : new Optimality(Double.NaN, at.violation());
    boolean feasible = at.jacobian() != null && at.isFeasible(constraintTolerance);
    return new ConstrainedResult(
        at,
        multipliers,
        bounds,
        optimality,
        end.status(),
        end.value(),
        feasible,
        iterations,
        evaluations);
  }
}
