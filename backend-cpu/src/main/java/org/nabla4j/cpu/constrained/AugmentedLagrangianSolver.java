package org.nabla4j.cpu.constrained;

import java.util.Arrays;
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

  /** Multipliers beyond this, relative to f, are not trusted for the next minimisation. */
  private static final double LARGEST_MULTIPLIER = 1e12;

  /** Minimisations without a lower violation, ρ growing, that tell a point of least violation. */
  private static final int STALLED = 6;

  /** Relative residual up to which a search that rounding has ended has converged. */
  private static final double ROUNDED = 1e-6;

  private static final int ROUNDS = 100;

  /** The most iterations of a minimisation. */
  private static final int MINIMISATION = 200;

  /** Violation beyond which points are left out once a minimisation has run away. */
  private static final double LARGEST_ROOM = 0.1;

  /** Where even with so little room f falls without end, it does so along the constraints. */
  private static final double LEAST_ROOM = 1e-9;

  /** By how much the violation may grow, relative to it, where it is larger already. */
  private static final double ROOM_TO_MOVE = 1e-3;

  /** How far from the start, relative to it, a search has run away. */
  private static final double AWAY = 1e8;

  private final ScaledConstraints function;
  private final Bounds bounds;
  private final ConstrainedMethod method;
  private final Cancellation cancellation;
  private StepListener listener = StepListener.NONE;
  private final int limit;
  private final int equalities;
  private final int m;
  private final double[] multipliers;
  private int iterations;
  private int evaluations;

  /** Where the search for a feasible point has ended without one. */
  private Evaluated leastViolated;

  /** Whether it was begun anew: then no further time. */
  private boolean isAgain;

  AugmentedLagrangianSolver(
      ScaledConstraints function,
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

  /** Tells somebody of the steps. */
  AugmentedLagrangianSolver withListener(StepListener value) {
    listener = value;
    return this;
  }

  ConstrainedResult solve(double[] start) {
    Evaluated at = Evaluated.at(function, bounds.clamp(start));
    evaluations++;
    if (!at.hasConstraints() || !at.differentiate(function, Double.isFinite(at.value()))) {
      return result(at, Status.NON_FINITE, at.value());
    }
    double[] scale = scales(at);
    AugmentedFunction augmented = new AugmentedFunction(function, scale);
    if (!at.isDefined()) {
      Evaluated best = isAgain ? at : feasible(at, augmented);
      return best.isDefined() ? again(best.theta()) : result(best, Status.NON_FINITE, best.value());
    }
    double room = Double.POSITIVE_INFINITY;
    if (isAgain) {
      room = LARGEST_ROOM;
      augmented.setLargestViolation(
          Math.max(room, augmented.violation(at.constraints()) * (1 + ROOM_TO_MOVE)));
    }
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
    double most = LARGEST_MULTIPLIER * Math.max(1, Math.abs(at.value()));
    int stalled = 0;
    for (int round = 0; round < ROUNDS; round++) {
      augmented.setPenalty(rho);
      ConstrainedResult inner = minimise(augmented, at, tolerance);
      Evaluated next = Evaluated.at(function, inner.parameters()); // known, and not counted anew
      boolean usable =
          inner.status() != Status.UNBOUNDED
              && next.isDefined()
              && next.differentiate(function, true);
      if (!usable) {
        if (inner.status() == Status.UNBOUNDED
            && next.isUnbounded(function, method.constraintTolerance())) {
          return result(next, Status.UNBOUNDED, next.value());
        }
        if (rho >= LARGEST_PENALTY && room <= LEAST_ROOM) {
          return result(at, Status.UNBOUNDED, inner.value());
        }
        if (iterations >= limit) {
          return result(at, Status.ITERATION_LIMIT, iterations);
        }
        if (room == Double.POSITIVE_INFINITY) {
          ConstrainedResult along = along(at, Math.min(limit - iterations, MINIMISATION));
          if (along.status() == Status.UNBOUNDED) {
            return along.withCounts(iterations, evaluations);
          }
          Evaluated inside = feasibleBeside(at, augmented);
          if (inside != null) {
            return again(inside.theta());
          }
        }
        // Below this ρ the constraints do not hold f: a larger one may, or where f falls faster
        // than any penalty rises, less room beyond the constraints.
        rho = Math.min(rho * 100 * GROWTH, LARGEST_PENALTY);
        room = Math.min(0.1 * room, LARGEST_ROOM);
        augmented.setLargestViolation(
            Math.max(room, augmented.violation(at.constraints()) * (1 + ROOM_TO_MOVE)));
        continue;
      }
      at = next;
      if (size(at.theta()) > AWAY * size(start) && iterations < limit) {
        // So far out rounding of the constraints hides f.
        ConstrainedResult along = along(at, limit - iterations);
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
        if (isAgain || at.isFeasible(method.constraintTolerance())) {
          return stuck(at, optimality);
        }
        // Is there no feasible point, or does f keep the search from it?
        Evaluated inside = feasibleBeside(at, augmented);
        if (inside != null) {
          return again(inside.theta());
        }
        Evaluated best = leastViolated;
        return stuck(
            best.jacobian() != null && best.violation() < at.violation() ? best : at, optimality);
      }
      if (now > SHRINK * infeasibility
          && !(at.isFeasible(method.constraintTolerance()) && isComplementary(at))) {
        rho = Math.min(rho * GROWTH, LARGEST_PENALTY);
      }
      infeasibility = now;
      for (int i = 0; i < m; i++) {
        augmented.lambda()[i] = Math.max(Math.min(multipliers[i], most), -most);
      }
      tolerance = Math.max(0.1 * tolerance, 0.5 * method.gradientTolerance());
    }
    return stuck(at, Optimality.of(at, multipliers, bounds));
  }

  /** Tells of a step of a minimisation, with f and g themselves. */
  private void tell(int step, Evaluated of, double norm) {
    if (step > 0 || iterations == 0) {
      listener.step(iterations + step, Evaluated.at(function, of.theta()), norm);
    }
  }

  /** Minimises the augmented function from a point on. */
  private ConstrainedResult minimise(
      AugmentedFunction augmented, Evaluated from, double tolerance) {
    ConstrainedResult inner =
        new SqpSolver(
                augmented, bounds, method, cancellation, Math.min(limit - iterations, MINIMISATION))
            .withGradientTolerance(tolerance)
            .withListener(listener == StepListener.NONE ? listener : this::tell)
            .solve(from.theta());
    iterations += inner.iterations();
    evaluations += inner.evaluations();
    return inner;
  }

  /** A feasible point, null if none was found: then the least violated one is kept. */
  private Evaluated feasibleBeside(Evaluated from, AugmentedFunction augmented) {
    if (from.isFeasible(method.constraintTolerance())) {
      return from;
    }
    leastViolated = feasible(from, augmented);
    return leastViolated.isDefined()
            && leastViolated.differentiate(function, true)
            && leastViolated.isFeasible(method.constraintTolerance())
        ? leastViolated
        : null;
  }

  /** Searches anew from a better point, with the constraints scaled as they are there. */
  private ConstrainedResult again(double[] from) {
    ScaledConstraints rescaled = function.rescaled(from);
    AugmentedLagrangianSolver solver =
        new AugmentedLagrangianSolver(
            rescaled, bounds, method, cancellation, Math.max(limit - iterations, 0));
    solver.isAgain = true;
    if (listener != StepListener.NONE) {
      int before = iterations;
      solver.listener =
          (step, at, norm) ->
              listener.step(before + step, Evaluated.at(function, at.theta()), norm);
    }
    ConstrainedResult result = solver.solve(from);
    return result
        .withoutFactors(rescaled.relativeTo(function), equalities)
        .withCounts(iterations + result.iterations(), evaluations + result.evaluations());
  }

  /** Does f fall without end along the constraints? */
  private ConstrainedResult along(Evaluated from, int most) {
    ConstrainedResult along =
        new SqpSolver(function, bounds, method, cancellation, most).solve(from.theta());
    iterations += along.iterations();
    evaluations += along.evaluations();
    return along;
  }

  /** A point with less violation, for where f has no value. */
  private Evaluated feasible(Evaluated from, AugmentedFunction augmented) {
    Arrays.fill(augmented.lambda(), 0);
    augmented.setObjective(false);
    augmented.setLargestViolation(Double.POSITIVE_INFINITY);
    Evaluated best = from;
    double before = Double.POSITIVE_INFINITY;
    double violation = augmented.violation(from.constraints());
    while (violation > 0 && violation < 0.9 * before && iterations < limit) {
      augmented.setPenalty(1 / Math.max(violation * violation, Double.MIN_NORMAL));
      ConstrainedResult inner = minimise(augmented, best, method.gradientTolerance());
      Evaluated next = Evaluated.at(function, inner.parameters());
      before = violation;
      violation = augmented.violation(next.constraints());
      if (!(violation < before)) {
        break;
      }
      best = next;
    }
    augmented.setObjective(true);
    return best;
  }

  /** Whether λ_i g_i = 0, as far as the test for convergence asks for it. */
  private boolean isComplementary(Evaluated at) {
    double most = 0;
    for (int i = 0; i < m; i++) {
      most = Math.max(most, Math.abs(multipliers[i] * at.constraints()[i]));
    }
    return most <= method.gradientTolerance() * Math.max(Math.abs(at.value()), 1);
  }

  /** The end where neither multipliers nor penalties help any further. */
  private ConstrainedResult stuck(Evaluated at, Optimality optimality) {
    if (cancellation.isCancelled()) {
      return result(at, Status.CANCELLED, Double.NaN);
    }
    if (iterations >= limit) {
      return result(at, Status.ITERATION_LIMIT, iterations);
    }
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
    double[] scale = new double[m];
    for (int i = 0; i < m; i++) {
      scale[i] = Math.max(Evaluated.slope(at.jacobian(), i, at.theta()), 1);
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
    boolean feasible = at.jacobian() != null && at.isFeasible(method.constraintTolerance());
    return new ConstrainedResult(
        at, multipliers, bounds, optimality, status, value, feasible, iterations, evaluations);
  }
}
