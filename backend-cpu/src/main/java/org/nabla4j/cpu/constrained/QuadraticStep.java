package org.nabla4j.cpu.constrained;

import java.util.Arrays;

/**
 * A step of sequential quadratic programming from a point θ: the solution of
 *
 * <pre>
 *   minimise ½dᵀBd + w∇f·d   subject to   g_i + ∇g_i·d = 0 or ≥ 0,   lower ≤ θ + d ≤ upper,
 *                                         |d_j| ≤ Δ·max(|θ_j|, 1)
 * </pre>
 *
 * <p>with B from the Hessian of the Lagrangian by {@link ConvexModel}. Which constraints are active
 * is first guessed and then taken from the solution; where B depends on it, the step is computed
 * anew. Where the linearised constraints contradict each other, or w = 0, the program is elastic.
 *
 * <p>References: S. P. Han (1977), Journal of Optimization Theory and Applications 22; J. Nocedal,
 * S. J. Wright (2006), Numerical Optimization, chapter 18.
 */
final class QuadraticStep {

  /** How often the active constraints are taken from the solution. */
  private static final int ROUNDS = 3;

  /** How often prices are raised for the sake of the constraints. */
  private static final int RAISES = 8;

  private final Evaluated at;
  private final double weight;
  private final double[] scale;
  private final int p;
  private final int m;
  private final double radius;
  private QuadraticProgram program;
  private double[] curvature;
  private double[] scaled;
  private double[] multipliers;
  private boolean[] active;
  private boolean[] atBound;
  private double[] prices;
  private boolean elastic;
  private double linearViolation;

  private QuadraticStep(Evaluated at, double weight, double radius) {
    this.at = at;
    this.weight = weight;
    this.p = at.theta().length;
    this.m = at.constraints().length;
    this.radius = radius;
    this.scale = new double[p];
    for (int j = 0; j < p; j++) {
      scale[j] = Math.max(Math.abs(at.theta()[j]), 1);
    }
  }

  /**
   * Computes a step.
   *
   * @param at where, with first derivatives
   * @param weight w, 1 or 0
   * @param hessian of the Lagrangian
   * @param equalities how many constraints are equalities
   * @param bounds bounds of θ
   * @param radius Δ
   * @param prices of violations, ν, for elastic programs
   * @param active which constraints are thought active
   * @param atBound which parameters are thought to be held by a bound
   * @return the step, or null if there is none
   */
  static QuadraticStep compute(
      Evaluated at,
      double weight,
      double[] hessian,
      int equalities,
      Bounds bounds,
      double radius,
      double[] prices,
      boolean[] active,
      boolean[] atBound) {
    QuadraticStep step = new QuadraticStep(at, weight, radius);
    step.active = active.clone();
    step.atBound = atBound.clone();
    step.prices = prices.clone();
    return step.compute(hessian, equalities, bounds) ? step : null;
  }

  private boolean compute(double[] hessian, int equalities, Bounds bounds) {
    double[] normals = new double[m * p];
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < p; j++) {
        normals[i * p + j] = at.jacobian()[i * p + j] * scale[j];
      }
    }
    double[] gradient = new double[p];
    double[] lower = new double[p];
    double[] upper = new double[p];
    curvature = new double[p * p];
    for (int j = 0; j < p; j++) {
      gradient[j] = weight == 0 ? 0 : weight * at.gradient()[j] * scale[j];
      lower[j] = Math.min(Math.max((bounds.lower()[j] - at.theta()[j]) / scale[j], -radius), 0);
      upper[j] = Math.max(Math.min((bounds.upper()[j] - at.theta()[j]) / scale[j], radius), 0);
      for (int k = 0; k < p; k++) {
        curvature[j * p + k] = hessian[j * p + k] * scale[j] * scale[k];
      }
    }
    if (!Evaluated.isFinite(curvature)
        || !Evaluated.isFinite(normals)
        || !Evaluated.isFinite(gradient)) {
      return false;
    }
    ConvexModel model = new ConvexModel(p, curvature);
    for (int round = 0; round < ROUNDS; round++) {
      double[] matrix =
          model.positiveDefinite(
              activeNormals(normals), activeCount(), pull(gradient, normals), radius);
      program =
          new QuadraticProgram(
              matrix, gradient, equalities, normals, at.constraints(), lower, upper);
      boolean[] activeBefore = active.clone();
      boolean[] boundBefore = atBound.clone();
      if (!solveProgram(bounds)) {
        return false;
      }
      if (model.isConvex()
          || (Arrays.equals(active, activeBefore) && Arrays.equals(atBound, boundBefore))) {
        break;
      }
    }
    return true;
  }

  /** What pulls along the active constraints: the objective, or violations where w = 0. */
  private double[] pull(double[] gradient, double[] normals) {
    if (weight != 0) {
      return gradient;
    }
    double[] result = new double[p];
    for (int i = 0; i < m; i++) {
      if (!active[i] && at.violation(i) > 0) {
        double sign = at.constraints()[i] > 0 ? prices[i] : -prices[i];
        for (int j = 0; j < p; j++) {
          result[j] += sign * normals[i * p + j];
        }
      }
    }
    return result;
  }

  private int activeCount() {
    int count = 0;
    for (boolean b : active) {
      count += b ? 1 : 0;
    }
    for (boolean b : atBound) {
      count += b ? 1 : 0;
    }
    return count;
  }

  /** Normals of the active bounds and constraints. */
  private double[] activeNormals(double[] normals) {
    double[] result = new double[activeCount() * p];
    int row = 0;
    for (int j = 0; j < p; j++) {
      if (atBound[j]) {
        result[row++ * p + j] = 1;
      }
    }
    for (int i = 0; i < m; i++) {
      if (active[i]) {
        System.arraycopy(normals, i * p, result, row++ * p, p);
      }
    }
    return result;
  }

  private boolean solveProgram(Bounds bounds) {
    if (weight != 0) {
      DualActiveSet solver = new DualActiveSet(program);
      if (solver.solve() == DualActiveSet.Outcome.SOLVED) {
        elastic = false;
        linearViolation = 0;
        scaled = solver.minimizer();
        multipliers = solver.multipliers();
        for (int i = 0; i < m; i++) {
          active[i] = solver.isActive(i);
        }
        for (int j = 0; j < p; j++) {
          atBound[j] = solver.isAtBound(j) && isBound(j, bounds);
        }
        return true;
      }
      if (m == 0) {
        return false;
      }
    }
    elastic = true;
    double before = at.penalty(ones());
    for (int raise = 0; ; raise++) {
      ElasticProgram solution = ElasticProgram.solve(program, prices);
      if (solution == null) {
        return false;
      }
      scaled = solution.step();
      multipliers = solution.multipliers();
      for (int i = 0; i < m; i++) {
        active[i] = solution.isActive(i);
      }
      for (int j = 0; j < p; j++) {
        atBound[j] = solution.isAtBound(j) && isBound(j, bounds);
      }
      linearViolation = linearViolation(ones());
      if (weight == 0 || raise == RAISES || linearViolation <= 0.5 * before) {
        return true;
      }
      // Does the objective stand in the way of the constraints? Then its share must fall.
      QuadraticProgram alone = program.withGradient(new double[p]);
      ElasticProgram best = ElasticProgram.solve(alone, prices);
      if (best == null
          || before - linearViolation >= 0.5 * (before - linearViolation(best.step(), ones()))) {
        return true;
      }
      for (int i = 0; i < m; i++) {
        prices[i] *= 10;
      }
    }
  }

  private double[] ones() {
    double[] ones = new double[m];
    Arrays.fill(ones, 1);
    return ones;
  }

  /** Whether the step ends at a bound of the problem, not only at the end of the region. */
  private boolean isBound(int j, Bounds bounds) {
    return scaled[j] < 0
        ? scaled[j] > -radius || (bounds.lower()[j] - at.theta()[j]) / scale[j] >= -radius
        : scaled[j] < radius || (bounds.upper()[j] - at.theta()[j]) / scale[j] <= radius;
  }

  private double linearViolation(double[] weights) {
    return linearViolation(scaled, weights);
  }

  private double linearViolation(double[] step, double[] weights) {
    double sum = 0;
    for (int i = 0; i < m; i++) {
      sum +=
          weights[i]
              * Evaluated.violation(
                  program.product(i, step) + program.constants()[i], i < program.equalities());
    }
    return sum;
  }

  /** Reduction of f + Σ ν·violation by the whole step to first order. */
  double reduction(double[] weights) {
    double slope = 0;
    for (int j = 0; j < p; j++) {
      slope += program.gradient()[j] * scaled[j];
    }
    return at.penalty(weights) - (elastic ? linearViolation(weights) : 0) - slope;
  }

  /** Whether the Lagrangian bends downwards along the step, dᵀHd &lt; 0. */
  boolean bendsDown() {
    double sum = 0;
    for (int i = 0; i < p; i++) {
      for (int j = 0; j < p; j++) {
        sum += scaled[i] * curvature[i * p + j] * scaled[j];
      }
    }
    return sum < 0;
  }

  /**
   * A step that corrects for the curvature of the constraints: the same program, with constants
   * that hold at the end of the step in place of those that were foretold.
   *
   * @param end values of the constraints at the end of a step
   * @param scaledStep the step that led there, in units of the region
   * @return the corrected step from θ, in units of the region, or null
   */
  double[] corrected(double[] end, double[] scaledStep) {
    double[] constants = new double[m];
    for (int i = 0; i < m; i++) {
      constants[i] = end[i] - program.product(i, scaledStep);
    }
    QuadraticProgram changed = program.withConstants(constants);
    if (elastic) {
      ElasticProgram solution = ElasticProgram.solve(changed, prices);
      return solution == null ? null : solution.step();
    }
    DualActiveSet solver = new DualActiveSet(changed);
    return solver.solve() == DualActiveSet.Outcome.SOLVED ? solver.minimizer() : null;
  }

  /** θ + t·step, within the bounds, for a step in units of the region. */
  double[] point(double[] step, double t, Bounds bounds) {
    double[] theta = new double[p];
    for (int j = 0; j < p; j++) {
      double low = program.lower()[j];
      double high = program.upper()[j];
      double moved = at.theta()[j] + t * step[j] * scale[j];
      boolean toLower = t == 1 && step[j] <= low && low > -radius;
      boolean toUpper = t == 1 && step[j] >= high && high < radius;
      theta[j] = toLower ? bounds.lower()[j] : toUpper ? bounds.upper()[j] : bounds.clamp(j, moved);
    }
    return theta;
  }

  /** d in units of the region, d_j / max(|θ_j|, 1); the array itself. */
  double[] scaled() {
    return scaled;
  }

  /** max_j |d_j| / max(|θ_j|, 1). */
  double length() {
    double most = 0;
    for (double v : scaled) {
      most = Math.max(most, Math.abs(v));
    }
    return most;
  }

  /** Multipliers of the constraints. */
  double[] multipliers() {
    return multipliers;
  }

  /** Which constraints are active. */
  boolean[] active() {
    return active;
  }

  /** Which parameters are held by a bound. */
  boolean[] atBound() {
    return atBound;
  }

  /** The prices of the elastic program, at least those that it was computed with. */
  double[] prices() {
    return prices;
  }

  /** Whether the linearised constraints could not be met. */
  boolean isElastic() {
    return elastic;
  }
}
