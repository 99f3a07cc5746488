package org.nabla4j.cpu.constrained;

import java.util.Arrays;

/**
 * A {@link QuadraticProgram} whose constraints may be violated at a price, so that it always has a
 * solution: with s_i ≥ 0 the violation of a constraint and ν_i its price,
 *
 * <pre>
 *   minimise ½dᵀBd + gᵀd + Σ (ν_i s_i + ½ε_i s_i²)
 *   subject to  −s_i ≤ a_i·d + c_i ≤ s_i,   or  −s_i ≤ a_i·d + c_i,   lower ≤ d ≤ upper
 * </pre>
 *
 * <p>ε is small and only there because the program must be strictly convex. Bounds are not elastic.
 *
 * <p>Reference: P. E. Gill, W. Murray, M. A. Saunders (2005), SIAM Review 47, section 1.1.
 */
final class ElasticProgram {

  /** ε·s relative to ν, at a violation as large as the present one. */
  private static final double CURVATURE = 1e-3;

  private final QuadraticProgram program;
  private final double[] step;
  private final double[] multipliers;
  private final boolean[] active;
  private final boolean[] atBound;

  private ElasticProgram(QuadraticProgram program) {
    this.program = program;
    this.step = new double[program.size()];
    this.multipliers = new double[program.constraints()];
    this.active = new boolean[program.constraints()];
    this.atBound = new boolean[program.size()];
  }

  /**
   * Solves it.
   *
   * @param program the program
   * @param prices ν, &gt; 0
   * @return the solution, or null if none was found
   */
  static ElasticProgram solve(QuadraticProgram program, double[] prices) {
    ElasticProgram elastic = new ElasticProgram(program);
    return elastic.solve(prices) ? elastic : null;
  }

  private boolean solve(double[] prices) {
    int n = program.size();
    int m = program.constraints();
    int equalities = program.equalities();
    int size = n + m;
    double[] hessian = new double[size * size];
    double[] gradient = Arrays.copyOf(program.gradient(), size);
    double[] lower = Arrays.copyOf(program.lower(), size);
    double[] upper = Arrays.copyOf(program.upper(), size);
    double worst = 0;
    for (int i = 0; i < m; i++) {
      worst = Math.max(worst, Math.abs(program.constants()[i]));
    }
    for (int i = 0; i < n; i++) {
      System.arraycopy(program.hessian(), i * n, hessian, i * size, n);
    }
    int rows = m + equalities;
    double[] normals = new double[rows * size];
    double[] constants = Arrays.copyOf(program.constants(), rows);
    for (int i = 0; i < m; i++) {
      double scale = Math.max(Math.abs(program.constants()[i]), 1e-3 * worst);
      hessian[(n + i) * size + n + i] = CURVATURE * prices[i] / (scale > 0 ? scale : 1);
      gradient[n + i] = prices[i];
      upper[n + i] = Double.POSITIVE_INFINITY;
      System.arraycopy(program.normals(), i * n, normals, i * size, n);
      normals[i * size + n + i] = 1;
      if (i < equalities) {
        for (int k = 0; k < n; k++) {
          normals[(m + i) * size + k] = -program.normals()[i * n + k];
        }
        normals[(m + i) * size + n + i] = 1;
        constants[m + i] = -program.constants()[i];
      }
    }
    DualActiveSet solver =
        new DualActiveSet(
            new QuadraticProgram(hessian, gradient, 0, normals, constants, lower, upper));
    if (solver.solve() != DualActiveSet.Outcome.SOLVED) {
      return false;
    }
    System.arraycopy(solver.minimizer(), 0, step, 0, n);
    double[] found = solver.multipliers();
    for (int i = 0; i < m; i++) {
      multipliers[i] = found[i] - (i < equalities ? found[m + i] : 0);
      boolean below = solver.isActive(i);
      boolean above = i < equalities && solver.isActive(m + i);
      active[i] = (below && above) || ((below || above) && solver.isAtBound(n + i));
    }
    for (int k = 0; k < n; k++) {
      atBound[k] = solver.isAtBound(k);
    }
    return true;
  }

  /** d. */
  double[] step() {
    return step;
  }

  /** Multipliers of the constraints, about ν at most. */
  double[] multipliers() {
    return multipliers;
  }

  /** Whether a constraint is active and met. */
  boolean isActive(int i) {
    return active[i];
  }

  /** Whether a variable is at a bound that holds it. */
  boolean isAtBound(int k) {
    return atBound[k];
  }
}
