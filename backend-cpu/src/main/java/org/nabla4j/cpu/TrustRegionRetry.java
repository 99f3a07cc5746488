package org.nabla4j.cpu;

import java.util.Arrays;
import org.nabla4j.backend.Cancellation;
import org.nabla4j.cpu.algebra.SmallCholesky;

/**
 * A second attempt at a problem by a method that takes other paths: the trust region of Moré, as
 * MINPACK's {@code lmder} controls it, on normal equations.
 *
 * <p>The step δ solves (H + λD²)δ = −Jᵀr with λ ≥ 0 such that ‖Dδ‖ is within 10 % of the radius Δ,
 * or λ = 0 where the undamped step is shorter. λ comes from Newton steps on 1/‖Dδ‖ between bounds.
 *
 * <p>Reference: J. J. Moré (1978), The Levenberg-Marquardt algorithm: implementation and theory,
 * Lecture Notes in Mathematics 630, sections 5 and 7.
 */
final class TrustRegionRetry {

  private static final double FIRST_RADIUS = 100;
  private static final double NEAR_RADIUS = 0.1;
  private static final double ACCEPT = 1e-4;
  private static final int LAMBDA_STEPS = 10;

  private final LeastSquaresFunction function;
  private final double ftol;
  private final double xtol;
  private final Cancellation cancellation;
  private final int p;
  private final SmallCholesky cholesky;
  private final double[] theta;
  private final double[] trial;
  private final double[] scale;
  private final double[] a;
  private final double[] g;
  private final double[] q;
  private final double[] direction;
  private double[] descent;
  private double[] trialDescent;
  private double[] curvature;
  private double[] trialCurvature;
  private double cost;
  private double size;
  private double radius;
  private double lambda;
  private double length;

  /**
   * Prepares.
   *
   * @param ftol relative reduction of the cost at which it ends
   * @param xtol relative radius at which it ends
   */
  TrustRegionRetry(
      LeastSquaresFunction function, double ftol, double xtol, Cancellation cancellation) {
    this.function = function;
    this.ftol = ftol;
    this.xtol = xtol;
    this.cancellation = cancellation;
    p = function.parameters();
    cholesky = new SmallCholesky(p);
    theta = new double[p];
    trial = new double[p];
    scale = new double[p];
    a = new double[p * p];
    g = new double[p];
    q = new double[p];
    direction = new double[p];
    descent = new double[p];
    trialDescent = new double[p];
    curvature = new double[p * (p + 1) / 2];
    trialCurvature = new double[p * (p + 1) / 2];
  }

  /** Where it ended. */
  double[] theta() {
    return theta;
  }

  /** The cost there. */
  double cost() {
    return cost;
  }

  /**
   * Minimises until a test is met or the evaluations are spent; what the point is worth is for
   * others to find out.
   *
   * @param start θ to start from, not modified
   * @param limit the most evaluations
   * @return evaluations made
   */
  int run(double[] start, int limit) {
    System.arraycopy(start, 0, theta, 0, p);
    Arrays.fill(scale, 0);
    cost = function.evaluate(theta);
    function.normalEquations(descent, curvature);
    lambda = 0;
    int evaluations = 1;
    boolean begin = true;
    while (evaluations < limit && cost <= Double.MAX_VALUE && !cancellation.isCancelled()) {
      scaleSystem();
      if (begin) {
        radius = size > 0 ? FIRST_RADIUS * size : FIRST_RADIUS;
      }
      findLambda();
      if (begin) {
        radius = Math.min(radius, length);
        begin = false;
      }
      double linear = 0;
      double quadratic = 0;
      for (int j = 0; j < p; j++) {
        double product = 0;
        for (int k = 0; k < p; k++) {
          product += a[j * p + k] * q[k];
        }
        linear += q[j] * g[j];
        quadratic += q[j] * product;
        trial[j] = theta[j] + q[j] / scale[j];
      }
      double predicted = linear - 0.5 * quadratic;
      double trialCost = function.evaluate(trial);
      function.normalEquations(trialDescent, trialCurvature);
      evaluations++;
      boolean finite = trialCost <= Double.MAX_VALUE;
      // a step that makes it ten times worse in ‖r‖ counts as one that gains nothing
      double actual = finite && trialCost < 100 * cost ? cost - trialCost : -cost;
      double gain = actual / predicted;
      boolean flat =
          finite && Math.abs(actual) <= ftol * cost && predicted <= ftol * cost && gain <= 2;
      adaptRadius(gain, actual, linear, finite && trialCost < 100 * cost);
      if (finite && gain > ACCEPT) {
        accept(trialCost);
      }
      if (flat || radius <= xtol * size || !(length > 0)) {
        break;
      }
    }
    return evaluations;
  }

  private void accept(double trialCost) {
    cost = trialCost;
    System.arraycopy(trial, 0, theta, 0, p);
    double[] swap = descent;
    descent = trialDescent;
    trialDescent = swap;
    swap = curvature;
    curvature = trialCurvature;
    trialCurvature = swap;
  }

  private void scaleSystem() {
    double sum = 0;
    for (int j = 0, t = 0; j < p; j++) {
      double own = Math.sqrt(curvature[j * (j + 1) / 2 + j]);
      double larger = Math.max(scale[j], own);
      scale[j] = larger > 0 ? larger : 1;
      g[j] = descent[j] / scale[j];
      sum += scale[j] * scale[j] * theta[j] * theta[j];
      for (int k = 0; k <= j; k++) {
        a[j * p + k] = curvature[t++] / scale[j] / scale[k];
        a[k * p + j] = a[j * p + k];
      }
    }
    size = Math.sqrt(sum);
  }

  /** λ and the scaled step q, with its length. */
  private void findLambda() {
    solve(0);
    double excess = length - radius;
    if (excess <= NEAR_RADIUS * radius) {
      lambda = 0;
      return;
    }
    double slope = norm(g);
    double low = newtonChange(excess);
    double high = slope / radius;
    lambda = Math.min(Math.max(lambda, low), high);
    if (lambda == 0) {
      lambda = slope / length;
    }
    for (int k = 0; k < LAMBDA_STEPS; k++) {
      if (lambda == 0) {
        lambda = Math.max(Double.MIN_NORMAL, 1e-3 * high);
      }
      solve(lambda);
      excess = length - radius;
      if (Math.abs(excess) <= NEAR_RADIUS * radius) {
        return;
      }
      if (k < LAMBDA_STEPS - 1) {
        double change = newtonChange(excess);
        low = excess > 0 ? Math.max(low, lambda) : low;
        high = excess < 0 ? Math.min(high, lambda) : high;
        lambda = Math.max(low, lambda + change);
      }
    }
  }

  private void solve(double damping) {
    cholesky.factorise(a, damping);
    cholesky.solve(g, q);
    length = norm(q);
  }

  /** Newton step for φ(λ) = ‖q(λ)‖ − Δ by way of 1/‖q‖, which is nearly linear in λ. */
  private double newtonChange(double excess) {
    for (int j = 0; j < p; j++) {
      direction[j] = q[j] / length;
    }
    return excess / radius / cholesky.inverseForm(direction);
  }

  private void adaptRadius(double gain, double actual, double linear, boolean sensible) {
    if (!(gain > 0.25)) {
      double slope = -linear / (2 * cost);
      double part = actual >= 0 ? 0.5 : 0.5 * slope / (slope + 0.5 * actual / cost);
      part = !sensible || !(part >= 0.1) ? 0.1 : part;
      radius = part * Math.min(radius, 10 * length);
      lambda /= part;
    } else if (lambda == 0 || gain >= 0.75) {
      radius = 2 * length;
      lambda *= 0.5;
    }
  }

  private static double norm(double[] x) {
    double sum = 0;
    for (double v : x) {
      sum += v * v;
    }
    return Math.sqrt(sum);
  }
}
