package org.nabla4j.cpu.constrained;

/**
 * How far a point is from one that meets the conditions of Karush, Kuhn and Tucker, in the scale of
 * the tests for convergence.
 *
 * @param residual max_j |r_j|·max(|θ_j|, 1) / max(|f|, 1) with r = ∇f − Σ λ∇g − lower + upper, or
 *     |λ_i g_i| / max(|f|, 1) where that is larger: by so much f may still change
 * @param violation of the constraint that is violated most
 */
record Optimality(double residual, double violation) {

  static Optimality of(Evaluated at, double[] multipliers, Bounds bounds) {
    double[] gradient = at.lagrangianGradient(1, multipliers);
    double largest = 0;
    for (int j = 0; j < gradient.length; j++) {
      double theta = at.theta()[j];
      double entry = Math.abs(bounds.rest(j, theta, gradient[j])) * Math.max(Math.abs(theta), 1);
      largest = entry <= largest ? largest : entry;
    }
    for (int i = 0; i < multipliers.length; i++) {
      double entry = Math.abs(multipliers[i] * at.constraints()[i]);
      largest = entry <= largest ? largest : entry;
    }
    return new Optimality(largest / Math.max(Math.abs(at.value()), 1), at.violation());
  }

  /** ‖∇f − Σ λ∇g − lower + upper‖; NaN where f has no gradient. */
  static double norm(Evaluated at, double[] multipliers, Bounds bounds) {
    if (at.gradient() == null || !Double.isFinite(at.value())) {
      return Double.NaN;
    }
    double[] gradient = at.lagrangianGradient(1, multipliers);
    double norm = 0;
    for (int j = 0; j < gradient.length; j++) {
      norm = Math.hypot(norm, bounds.rest(j, at.theta()[j], gradient[j]));
    }
    return norm;
  }
}
