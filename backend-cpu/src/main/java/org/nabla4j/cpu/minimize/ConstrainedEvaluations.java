package org.nabla4j.cpu.minimize;

import java.util.Arrays;
import java.util.List;
import org.nabla4j.cpu.constrained.ConstrainedFunction;
import org.nabla4j.cpu.minimize.Search.Need;
import org.nabla4j.objective.FormulaObjective;
import org.nabla4j.objective.Points;

/**
 * One problem's objective and constraints for a solver that asks for both at a point. For use by
 * one thread.
 */
final class ConstrainedEvaluations implements ConstrainedFunction {

  private final Evaluator evaluator;
  private final List<FormulaObjective> constraints;
  private final int equalities;
  private final int p;
  private final long[] problem = new long[1];
  private final double[] value = new double[1];
  private final double[] ignoredGradient;
  private final double[] part;

  /** Where a gradient was asked for last, which is done at accepted points alone. */
  private double[] iterate;

  private double iterateValue = Double.NaN;

  /**
   * Prepares.
   *
   * @param evaluator the objective
   * @param constraints functions g, equalities first
   * @param equalities how many of them are to be 0
   * @param p parameters
   */
  ConstrainedEvaluations(
      Evaluator evaluator, List<FormulaObjective> constraints, int equalities, int p) {
    this.evaluator = evaluator;
    this.constraints = constraints;
    this.equalities = equalities;
    this.p = p;
    ignoredGradient = new double[p];
    part = new double[Math.multiplyExact(p, p)];
  }

  /** Goes to a problem. */
  void begin(long index) {
    problem[0] = index;
    iterate = null;
    iterateValue = Double.NaN;
  }

  /** Where the search had come to when a gradient was last asked for; null before. */
  double[] iterate() {
    return iterate;
  }

  /** f there; NaN before. */
  double iterateValue() {
    return iterateValue;
  }

  @Override
  public int parameters() {
    return p;
  }

  @Override
  public int equalities() {
    return equalities;
  }

  @Override
  public int inequalities() {
    return constraints.size() - equalities;
  }

  private Points point(double[] theta) {
    return new Points(theta, problem, 1, p);
  }

  @Override
  public double values(double[] theta, double[] g) {
    Points point = point(theta);
    for (int i = 0; i < constraints.size(); i++) {
      constraints.get(i).values(point, value);
      g[i] = value[0];
    }
    evaluator.evaluate(Need.VALUE, point, null, value, null, null);
    return value[0];
  }

  @Override
  public void gradients(double[] theta, double[] gradient, double[] jacobian) {
    Points point = point(theta);
    for (int i = 0; i < constraints.size(); i++) {
      constraints.get(i).gradients(point, value, ignoredGradient);
      System.arraycopy(ignoredGradient, 0, jacobian, i * p, p);
    }
    evaluator.evaluate(Need.GRADIENT, point, null, value, gradient, null);
    iterate = theta.clone();
    iterateValue = value[0];
  }

  @Override
  public void hessian(double[] theta, double weight, double[] multipliers, double[] hessian) {
    Points point = point(theta);
    Arrays.fill(hessian, 0, p * p, 0);
    if (weight != 0) {
      evaluator.evaluate(Need.HESSIAN, point, null, value, ignoredGradient, part);
      add(weight, hessian);
    }
    for (int i = 0; i < constraints.size(); i++) {
      if (multipliers[i] != 0) {
        constraints.get(i).hessians(point, value, ignoredGradient, part);
        add(-multipliers[i], hessian);
      }
    }
  }

  private void add(double factor, double[] hessian) {
    for (int e = 0; e < p * p; e++) {
      hessian[e] += factor * part[e];
    }
  }
}
