package org.nabla4j.cpu.minimize;

import java.util.function.BooleanSupplier;
import org.nabla4j.cpu.minimize.Search.Need;
import org.nabla4j.method.NewtonRaphson;
import org.nabla4j.objective.Points;
import org.nabla4j.objective.TwiceDifferentiableObjective;
import org.nabla4j.result.Status;

/**
 * Newton-Raphson minimisation of single problems that lanes found hard: the search that a problem
 * has where it is alone. Not thread-safe.
 */
public final class CarefulNewton {

  private final TwiceDifferentiableObjective objective;
  private final NewtonRaphson method;
  private final double[] lower;
  private final double[] upper;
  private final double[] value = new double[1];
  private final double[] gradient;
  private final double[] hessian;
  private NewtonSearch search;
  private int evaluations;

  /**
   * Prepares.
   *
   * @param objective of the free parameters
   * @param method options
   * @param lower lower bounds, or null where there are none; kept
   * @param upper upper bounds, or null where there are none; kept
   */
  public CarefulNewton(
      TwiceDifferentiableObjective objective,
      NewtonRaphson method,
      double[] lower,
      double[] upper) {
    this.objective = objective;
    this.method = method;
    this.lower = lower;
    this.upper = upper;
    int p = objective.parameters().size();
    gradient = new double[p];
    hessian = new double[Math.multiplyExact(p, p)];
  }

  /**
   * Minimises a problem.
   *
   * @param index the problem
   * @param start p parameters within the bounds; not modified
   * @param limit iterations, &gt; 0
   * @param cancelled asked after every evaluation
   */
  public void solve(long index, double[] start, int limit, BooleanSupplier cancelled) {
    search = new NewtonSearch(method.withMaxIterations(limit), start, lower, upper);
    evaluations = 0;
    long[] problem = {index};
    while (search.need() != Need.NOTHING) {
      if (cancelled.getAsBoolean()) {
        search.cancel();
      } else {
        Points point = new Points(search.point(), problem, 1, start.length);
        objective.hessians(point, value, gradient, hessian);
        evaluations++;
        search.tell(value[0], gradient, hessian);
      }
    }
  }

  /**
   * The best point.
   *
   * @return p parameters; to be read only, until the next problem
   */
  public double[] best() {
    return search.best();
  }

  /**
   * f at the best point.
   *
   * @return the value
   */
  public double value() {
    return search.value();
  }

  /**
   * ∇f at the best point.
   *
   * @return p entries; to be read only, until the next problem
   */
  public double[] gradient() {
    return search.gradient();
  }

  /**
   * How it ended.
   *
   * @return the status
   */
  public Status status() {
    return search.status();
  }

  /**
   * What decided how it ended.
   *
   * @return the quantity, NaN if there is none
   */
  public double statusValue() {
    return search.statusValue();
  }

  /**
   * Steps taken.
   *
   * @return iterations
   */
  public int iterations() {
    return search.iterations();
  }

  /**
   * Evaluations of f, gradient and Hessian.
   *
   * @return how many
   */
  public int evaluations() {
    return evaluations;
  }
}
