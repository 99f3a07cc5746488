package org.nabla4j.cpu.minimize;

import org.nabla4j.cpu.minimize.Search.Need;
import org.nabla4j.method.ConstrainedMethod;
import org.nabla4j.method.MinimizationMethod;
import org.nabla4j.method.NelderMead;
import org.nabla4j.method.NewtonConjugateGradient;
import org.nabla4j.method.NewtonRaphson;
import org.nabla4j.objective.DifferentiableObjective;
import org.nabla4j.objective.FormulaObjective;
import org.nabla4j.objective.MinimizationProblem;
import org.nabla4j.objective.NumericalDerivatives;
import org.nabla4j.objective.NumericalDerivatives.Scheme;
import org.nabla4j.objective.Objective;
import org.nabla4j.objective.Points;
import org.nabla4j.objective.SummedObjective;
import org.nabla4j.objective.TwiceDifferentiableObjective;

/**
 * The objective of the free parameters with the derivatives that a method needs; those that it does
 * not know are made of central differences. Thread-safe where the objective is.
 */
final class Evaluator {

  private final Objective objective;
  private final DifferentiableObjective once;
  private final TwiceDifferentiableObjective twice;

  /** Null where the objective is no sum over data. */
  private final SummedObjective summed;

  /** Evaluations by problem below the differences; null where there are none. */
  private final int[] counts;

  private final String description;

  /**
   * Prepares.
   *
   * @param problem the problem
   * @param plain its objective of the free parameters, or one with the same values
   * @param method whose needs
   */
  Evaluator(MinimizationProblem problem, Objective plain, MinimizationMethod method) {
    boolean products = method instanceof NewtonConjugateGradient;
    boolean needsHessian =
        method instanceof NewtonRaphson || products || method instanceof ConstrainedMethod;
    boolean needsGradient = !(method instanceof NelderMead);
    boolean lacksGradient = needsGradient && !(plain instanceof DifferentiableObjective);
    boolean lacksHessian = needsHessian && !(plain instanceof TwiceDifferentiableObjective);
    counts = lacksGradient || lacksHessian ? new int[Math.toIntExact(problem.problems())] : null;
    Objective base = counts == null ? plain : CountedObjective.of(plain, counts);
    if (lacksGradient) {
      base = NumericalDerivatives.gradient(base, Scheme.CENTRAL);
    }
    if (lacksHessian) {
      base = NumericalDerivatives.hessian((DifferentiableObjective) base, Scheme.CENTRAL);
    }
    objective = base;
    once = base instanceof DifferentiableObjective d ? d : null;
    twice = base instanceof TwiceDifferentiableObjective t ? t : null;
    summed = plain instanceof SummedObjective s && isSum(plain) ? s : null;
    String source = plain instanceof FormulaObjective ? "interpreter, double" : "Java code";
    description =
        source
            + (lacksGradient
                ? ", gradient by central differences"
                : lacksHessian ? ", Hessian by central differences" : "");
  }

  private static boolean isSum(Objective objective) {
    return !(objective instanceof FormulaObjective formula) || !formula.columns().isEmpty();
  }

  /** What evaluates, for people to read. */
  String description() {
    return description;
  }

  /** Terms of the sum over data; 0 for an objective that is none. */
  int terms() {
    return summed == null ? 0 : summed.terms();
  }

  /**
   * Evaluates.
   *
   * @param need what; not {@code NOTHING}
   * @param points where
   * @param directions v for products, else not used
   * @param values receives f, but for products
   * @param gradients receives gradients or products, where needed
   * @param hessians receives Hessians, where needed
   */
  void evaluate(
      Need need,
      Points points,
      double[] directions,
      double[] values,
      double[] gradients,
      double[] hessians) {
    switch (need) {
      case VALUE -> objective.values(points, values);
      case GRADIENT -> once.gradients(points, values, gradients);
      case HESSIAN -> twice.hessians(points, values, gradients, hessians);
      case PRODUCT -> twice.hessianProducts(points, directions, gradients);
      case NOTHING -> throw new IllegalArgumentException("need = NOTHING");
    }
  }

  /** Sums over the terms that a search with minibatches has selected. */
  void evaluate(Search search, Points point, double[] values, double[] gradients) {
    summed.gradients(
        point, search.selection(), search.selectionFrom(), search.selectionTo(), values, gradients);
  }

  /**
   * How often the caller's own function was evaluated for a problem.
   *
   * @param index the problem
   * @param told how often its search was told something
   */
  int evaluations(long index, int told) {
    return counts == null ? told : counts[(int) index];
  }
}
