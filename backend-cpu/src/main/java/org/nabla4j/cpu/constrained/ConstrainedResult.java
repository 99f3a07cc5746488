package org.nabla4j.cpu.constrained;

import org.nabla4j.result.Status;

/**
 * The minimum of one problem with constraints.
 *
 * <p>At a minimum there are multipliers λ with
 *
 * <pre>
 *   ∇f = Σ λ_i ∇g_i + lower − upper
 *   λ_i ≥ 0 and λ_i g_i = 0 for inequalities,  lower ≥ 0, upper ≥ 0 and 0 where no bound is met
 * </pre>
 *
 * <p>A multiplier is the rate at which the minimum rises with the right-hand side of its
 * constraint: with g_i(θ) = b, or g_i(θ) ≥ b, in place of 0, the minimum changes by λ_i·b to first
 * order. That of an inequality which is not active is 0. The same holds for bounds: the minimum
 * rises by {@code lower} for each unit by which a lower bound is raised, and falls by {@code upper}
 * for each unit by which an upper bound is raised. Where the gradients of the active constraints
 * are not independent, multipliers are not unique and one choice is given.
 *
 * <p>References: W. Karush (1939); H. W. Kuhn, A. W. Tucker (1951); J. Nocedal, S. J. Wright
 * (2006), Numerical Optimization, sections 12.3 and 12.9.
 */
public final class ConstrainedResult {

  private final double[] theta;
  private final double value;
  private final double[] constraints;
  private final double[] multipliers;
  private final double[] lower;
  private final double[] upper;
  private final Optimality optimality;
  private final Status status;
  private final double statusValue;
  private final boolean feasible;
  private final int iterations;
  private final int evaluations;

  ConstrainedResult(
      Evaluated at,
      double[] multipliers,
      Bounds bounds,
      Optimality optimality,
      Status status,
      double statusValue,
      boolean feasible,
      int iterations,
      int evaluations) {
    this.feasible = feasible;
    this.theta = at.theta().clone();
    this.value = at.value();
    this.constraints = at.constraints().clone();
    this.multipliers = multipliers.clone();
    this.lower = new double[theta.length];
    this.upper = new double[theta.length];
    if (at.gradient() != null) {
      double[] gradient = at.lagrangianGradient(1, multipliers);
      for (int j = 0; j < theta.length; j++) {
        lower[j] = bounds.lowerMultiplier(j, theta[j], gradient[j]);
        upper[j] = bounds.upperMultiplier(j, theta[j], gradient[j]);
      }
    }
    this.optimality = optimality;
    this.status = status;
    this.statusValue = statusValue;
    this.iterations = iterations;
    this.evaluations = evaluations;
  }

  private ConstrainedResult(
      ConstrainedResult other,
      double[] constraints,
      double[] multipliers,
      Optimality optimality,
      int iterations,
      int evaluations) {
    this.theta = other.theta;
    this.value = other.value;
    this.constraints = constraints;
    this.multipliers = multipliers;
    this.lower = other.lower;
    this.upper = other.upper;
    this.optimality = optimality;
    this.status = other.status;
    this.statusValue =
        other.status == Status.INFEASIBLE ? optimality.violation() : other.statusValue;
    this.feasible = other.feasible;
    this.iterations = iterations;
    this.evaluations = evaluations;
  }

  /** The same result with other counts. */
  ConstrainedResult withCounts(int allIterations, int allEvaluations) {
    return new ConstrainedResult(
        this, constraints, multipliers, optimality, allIterations, allEvaluations);
  }

  /** The same result for constraints as they were before they were multiplied by factors. */
  ConstrainedResult withoutFactors(double[] factors, int equalities) {
    double[] g = constraints.clone();
    double[] lambda = multipliers.clone();
    double violation = 0;
    for (int i = 0; i < g.length; i++) {
      g[i] /= factors[i];
      lambda[i] *= factors[i];
      violation = Math.max(violation, Evaluated.violation(g[i], i < equalities));
    }
    return new ConstrainedResult(
        this, g, lambda, new Optimality(optimality.residual(), violation), iterations, evaluations);
  }

  /** Whether the constraints are met. */
  boolean isFeasible() {
    return feasible;
  }

  /**
   * The parameters: the minimiser, or the best point that was reached.
   *
   * @return θ, a new array
   */
  public double[] parameters() {
    return theta.clone();
  }

  /**
   * The objective.
   *
   * @return f(θ)
   */
  public double value() {
    return value;
  }

  /**
   * The constraints, equalities first.
   *
   * @return g(θ), a new array
   */
  public double[] constraints() {
    return constraints.clone();
  }

  /**
   * The multipliers of the constraints, equalities first.
   *
   * @return λ, a new array
   */
  public double[] multipliers() {
    return multipliers.clone();
  }

  /**
   * The multipliers of the lower bounds.
   *
   * @return p numbers ≥ 0, a new array
   */
  public double[] lowerMultipliers() {
    return lower.clone();
  }

  /**
   * The multipliers of the upper bounds.
   *
   * @return p numbers ≥ 0, a new array
   */
  public double[] upperMultipliers() {
    return upper.clone();
  }

  /**
   * By how much the constraint is violated that is violated most: |g| of an equality, −g of an
   * inequality.
   *
   * @return the violation, ≥ 0
   */
  public double violation() {
    return optimality.violation();
  }

  /**
   * How well the multipliers balance the gradient, as the test for convergence sees it: max_j
   * |r_j|·max(|θ_j|, 1) / max(|f|, 1) with r = ∇f − Σ λ∇g − lower + upper, or |λ_i g_i| / max(|f|,
   * 1) where that is larger.
   *
   * @return the residual, ≥ 0, or NaN where there are no derivatives
   */
  public double residual() {
    return optimality.residual();
  }

  /**
   * How it ended.
   *
   * @return the status
   */
  public Status status() {
    return status;
  }

  /**
   * The quantity that decided how it ended.
   *
   * @return its value, NaN if there is none
   */
  public double statusValue() {
    return statusValue;
  }

  /**
   * Steps taken, those of all starts and subproblems together.
   *
   * @return their number
   */
  public int iterations() {
    return iterations;
  }

  /**
   * Points at which f and g were evaluated, from all starts together.
   *
   * @return their number
   */
  public int evaluations() {
    return evaluations;
  }
}
