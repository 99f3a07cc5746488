package org.nabla4j.cpu.constrained;

import org.nabla4j.backend.Cancellation;
import org.nabla4j.method.ConstrainedMethod;
import org.nabla4j.result.Status;

/**
 * The augmented Lagrangian method: {@link AugmentedFunction} is minimised under the bounds, more
 * accurately each time; then the multipliers become λ⁺, and ρ grows where the violation has not
 * shrunk enough.
 *
 * <p>Reference: E. G. Birgin, J. M. Martínez (2014), Practical Augmented Lagrangian Methods for
 * Constrained Optimization, chapter 4.
 */
final class AugmentedLagrangianSolver {

  /** Factor by which the violation must shrink for ρ to stay. */
  private static final double SHRINK = 0.25;

  /** By how much ρ grows. */
  private static final double GROWTH = 10;

  private static final double LARGEST_PENALTY = 1e14;

  /** Multipliers beyond this are not trusted for the next minimisation. */
  private static final double LARGEST_MULTIPLIER = 1e12;

  /** Minimisations without a lower violation, ρ growing, that tell a point of least violation. */
  private static final int STALLED = 6;

  /** Relative residual up to which a search that rounding has ended has converged. */
  private static final double ROUNDED = 1e-6;

  private static final int ROUNDS = 100;

  /** The most iterations of a minimisation. */
  private static final int MINIMISATION = 200;

  /** How far from the start, relative to it, a search has run away. */
  private static final double AWAY = 1e8;

  private final ConstrainedFunction function;
  private final Bounds bounds;
  private final ConstrainedMethod method;
  private final Cancellation cancellation;
  private final int limit;
  private final int equalities;
  private final int m;
  private final double[] multipliers;
  private int iterations;
  private int evaluations;

  AugmentedLagrangianSolver(
      ConstrainedFunction function,
      Bounds bounds,
      ConstrainedMethod method,
      Cancellation cancellation,
      int limit) {
    this.function = function;
    this.bounds = bounds;
    this.method = method;
    this.cancellation = cancellation;
    this.limit = limit;
    this.equalities = function.equalities();
    this.m = equalities + function.inequalities();
    this.multipliers = new double[m];
  }

  ConstrainedResult solve(double[] start) {
    Evaluated at = Evaluated.at(function, bounds.clamp(start));
    evaluations++;
    if (!at.isDefined() || !at.differentiate(function, true)) {
      return result(at, Status.NON_FINITE, at.value());
    }
    double[] scale = scales(at);
    AugmentedFunction augmented = new AugmentedFunction(function, scale);
    double squares = 0;
    for (int i = 0; i < m; i++) {
      double violation = at.violation(i) / scale[i];
      squares += violation * violation;
    }
    double rho = 10 * Math.max(1, Math.abs(at.value())) / Math.max(1, 0.5 * squares);
    rho = Math.min(Math.max(rho, 1e-6), 1e6);
    double tolerance = 0.1;
    double infeasibility = Double.POSITIVE_INFINITY;
    double least = Double.POSITIVE_INFINITY;
    int stalled = 0;
    for (int round = 0; round < ROUNDS; round++) {
      augmented.setPenalty(rho);
      ConstrainedResult inner =
          new SqpSolver(
                  augmented,
                  bounds,
                  method,
                  cancellation,
                  Math.min(limit - iterations, MINIMISATION))
              .withGradientTolerance(tolerance)
              .solve(at.theta());
      iterations += inner.iterations();
      evaluations += inner.evaluations();
      Evaluated next = Evaluated.at(function, inner.parameters()); // known, and not counted anew
      boolean usable =
          inner.status() != Status.UNBOUNDED
              && next.isDefined()
              && next.differentiate(function, true);
      if (!usable) {
        if (inner.status() == Status.UNBOUNDED && next.isUnbounded(method.constraintTolerance())) {
          return result(next, Status.UNBOUNDED, next.value());
        }
        if (rho >= LARGEST_PENALTY) {
          return result(at, Status.UNBOUNDED, inner.value());
        }
        // Below this ρ the constraints do not hold f: a larger one may.
        rho *= 100 * GROWTH;
        continue;
      }
      at = next;
      if (size(at.theta()) > AWAY * size(start) && iterations < limit) {
        // So far out rounding of the constraints hides f: does f fall without end along them?
        ConstrainedResult along =
            new SqpSolver(function, bounds, method, cancellation, limit - iterations)
                .solve(at.theta());
        iterations += along.iterations();
        evaluations += along.evaluations();
        if (along.status() == Status.UNBOUNDED) {
          return along.withCounts(iterations, evaluations);
        }
      }
      augmented.update(at.constraints(), multipliers);
      Optimality optimality = Optimality.of(at, multipliers, bounds);
      if (optimality.residual() <= method.gradientTolerance()
          && at.isFeasible(method.constraintTolerance())) {
        return result(at, Status.CONVERGED_GRADIENT, optimality.residual());
      }
      if (inner.status() == Status.CANCELLED) {
        return result(at, Status.CANCELLED, Double.NaN);
      }
      if (iterations >= limit) {
        return result(at, Status.ITERATION_LIMIT, iterations);
      }
      double now = augmented.infeasibility(at.constraints());
      stalled = now < 0.9 * least ? 0 : stalled + 1;
      least = Math.min(least, now);
      if (stalled >= STALLED && tolerance <= method.gradientTolerance()) {
        return stuck(at, optimality);
      }
      if (now > SHRINK * infeasibility && !at.isFeasible(method.constraintTolerance())) {
        rho = Math.min(rho * GROWTH, LARGEST_PENALTY);
      }
      infeasibility = now;
      for (int i = 0; i < m; i++) {
        augmented.lambda()[i] =
            Math.max(Math.min(multipliers[i], LARGEST_MULTIPLIER), -LARGEST_MULTIPLIER);
      }
      tolerance = Math.max(0.1 * tolerance, 0.5 * method.gradientTolerance());
    }
    return stuck(at, Optimality.of(at, multipliers, bounds));
  }

  /** The end where neither multipliers nor penalties help any further. */
  private ConstrainedResult stuck(Evaluated at, Optimality optimality) {
    if (!at.isFeasible(method.constraintTolerance())) {
      return result(at, Status.INFEASIBLE, at.violation());
    }
    return result(
        at,
        optimality.residual() <= ROUNDED ? Status.CONVERGED_COST : Status.NO_PROGRESS,
        optimality.residual());
  }

  /** Sizes of the gradients of the constraints, at least 1. */
  private double[] scales(Evaluated at) {
    int p = at.theta().length;
    double[] scale = new double[m];
    for (int i = 0; i < m; i++) {
      scale[i] = 1;
      for (int j = 0; j < p; j++) {
        double entry = Math.abs(at.jacobian()[i * p + j]) * Math.max(Math.abs(at.theta()[j]), 1);
        scale[i] = Math.max(scale[i], entry);
      }
    }
    return scale;
  }

  private static double size(double[] theta) {
    double most = 1;
    for (double v : theta) {
      most = Math.max(most, Math.abs(v));
    }
    return most;
  }

  private ConstrainedResult result(Evaluated at, Status status, double value) {
    Optimality optimality =
        at.gradient() == null || status == Status.NON_FINITE || status == Status.UNBOUNDED
            ? new Optimality(Double.NaN, at.violation())
            : Optimality.of(at, multipliers, bounds);
    return new ConstrainedResult(
        at, multipliers, bounds, optimality, status, value, iterations, evaluations);
  }
}
