package org.nabla4j.cpu.constrained;

import java.util.Objects;
import org.nabla4j.backend.Cancellation;
import org.nabla4j.method.AugmentedLagrangian;
import org.nabla4j.method.ConstrainedMethod;
import org.nabla4j.method.MinimizationMethod;
import org.nabla4j.method.SequentialQuadraticProgramming;

/**
 * Minimises f(θ) under constraints, one problem in a call:
 *
 * <pre>
 *   minimise f(θ)   subject to   g_i(θ) = 0 or g_i(θ) ≥ 0,   lower ≤ θ ≤ upper
 * </pre>
 *
 * <p>How a search ends:
 *
 * <ul>
 *   <li>{@code CONVERGED_GRADIENT}: the conditions of Karush, Kuhn and Tucker are met, and the
 *       curvature is that of a minimum as far as it is not rounding; {@code CONVERGED_COST} where
 *       rounding of f ends the search, or by the value tolerance; {@code CONVERGED_PARAMETERS} by
 *       the parameter tolerance
 *   <li>{@code INFEASIBLE}: no start led to a point that meets all constraints; the result is where
 *       the violation was least
 *   <li>{@code UNBOUNDED}: feasible points with f &lt; −10³⁰⁰ were met, or no penalty for leaving
 *       the constraints by however little holds f
 *   <li>{@code NON_FINITE}: at the start f or a constraint is not finite, and moving towards the
 *       constraints did not help
 *   <li>{@code NO_PROGRESS}: no step leads further and rounding does not explain it, as where there
 *       are no multipliers at the minimum
 *   <li>{@code ITERATION_LIMIT}, {@code CANCELLED}
 * </ul>
 */
public final class ConstrainedSolver {

  private ConstrainedSolver() {}

  /**
   * Solves one problem.
   *
   * @param function f and g; used by this call alone while it runs
   * @param start θ to begin with, {@code [p]}, finite, not modified; moved inside the bounds
   * @param lower lower bounds, {@code [p]}, −∞ where there is none, or null
   * @param upper upper bounds, {@code [p]}, ∞ where there is none, or null
   * @param method {@link SequentialQuadraticProgramming} or {@link AugmentedLagrangian}
   * @param cancellation stops it; the result is the point that it had come to
   * @return the minimum, or the best point with a status that says why there is none
   * @throws IllegalArgumentException if an array has the wrong length, the start is not finite, a
   *     lower bound exceeds an upper one or is NaN, or the method is not one for constraints
   */
  public static ConstrainedResult solve(
      ConstrainedFunction function,
      double[] start,
      double[] lower,
      double[] upper,
      MinimizationMethod method,
      Cancellation cancellation) {
    return solve(function, start, lower, upper, method, cancellation, null);
  }

  /**
   * Solves one problem and tells of the steps.
   *
   * @param function f and g; used by this call alone while it runs
   * @param start θ to begin with, {@code [p]}, finite, not modified; moved inside the bounds
   * @param lower lower bounds, {@code [p]}, −∞ where there is none, or null
   * @param upper upper bounds, {@code [p]}, ∞ where there is none, or null
   * @param method {@link SequentialQuadraticProgramming} or {@link AugmentedLagrangian}
   * @param cancellation stops it; the result is the point that it had come to
   * @param listener is told of the steps, or null
   * @return the minimum, or the best point with a status that says why there is none
   * @throws IllegalArgumentException if an array has the wrong length, the start is not finite, a
   *     lower bound exceeds an upper one or is NaN, or the method is not one for constraints
   */
  public static ConstrainedResult solve(
      ConstrainedFunction function,
      double[] start,
      double[] lower,
      double[] upper,
      MinimizationMethod method,
      Cancellation cancellation,
      SearchListener listener) {
    Objects.requireNonNull(function, "function");
    Objects.requireNonNull(start, "start");
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(cancellation, "cancellation");
    int p = function.parameters();
    requireLength("start", start, p);
    for (int j = 0; j < p; j++) {
      if (!Double.isFinite(start[j])) {
        throw new IllegalArgumentException(
            "start[" + j + "] = " + start[j] + ", expected a finite value");
      }
    }
    if (lower != null) {
      requireLength("lower", lower, p);
    }
    if (upper != null) {
      requireLength("upper", upper, p);
    }
    Bounds bounds = Bounds.of(p, lower, upper);
    for (int j = 0; j < p; j++) {
      if (!(bounds.lower()[j] <= bounds.upper()[j])
          || bounds.lower()[j] == Double.POSITIVE_INFINITY
          || bounds.upper()[j] == Double.NEGATIVE_INFINITY) {
        throw new IllegalArgumentException(
            "lower["
                + j
                + "] = "
                + bounds.lower()[j]
                + ", upper["
                + j
                + "] = "
                + bounds.upper()[j]
                + ", expected lower <= upper");
      }
    }
    if (!(method instanceof ConstrainedMethod constrained)) {
      throw new IllegalArgumentException(
          "method = "
              + method
              + ", expected SequentialQuadraticProgramming or AugmentedLagrangian");
    }
    ScaledConstraints scaled = new ScaledConstraints(function, bounds.clamp(start));
    Attempts.Search search =
        constrained instanceof AugmentedLagrangian
            ? (from, limit, steps) ->
                new AugmentedLagrangianSolver(scaled, bounds, constrained, cancellation, limit)
                    .withListener(steps)
                    .solve(from)
            : (from, limit, steps) ->
                new SqpSolver(scaled, bounds, constrained, cancellation, limit)
                    .withListener(steps)
                    .solve(from);
    StepListener steps =
        listener == null
            ? StepListener.NONE
            : (iteration, at, norm) ->
                listener.step(
                    iteration, at.theta().clone(), at.value(), at.writtenViolation(), norm);
    return Attempts.run(
            search,
            start,
            bounds,
            constrained.furtherStarts(),
            constrained.iterationLimit(p),
            steps)
        .withoutFactors(ScaledConstraints.factors(scaled), function.equalities());
  }

  private static void requireLength(String name, double[] values, int expected) {
    if (values.length != expected) {
      throw new IllegalArgumentException(
          name + " has length " + values.length + ", expected " + expected);
    }
  }
}
