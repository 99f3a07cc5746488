package org.nabla4j.cpu;

import org.nabla4j.method.Covariance;
import org.nabla4j.method.LeastSquaresMethod;
import org.nabla4j.objective.LeastSquaresProblem;

/**
 * The covariance of a fit with a robust loss, from sums over its points at the answer.
 *
 * <p>θ̂ solves Σψ(r)J = 0 with ψ(r) = r·ρ'(r²). To first order its covariance is A⁻¹BA⁻¹ with A =
 * Σψ'JJᵀ and B = Σψ²JJᵀ. With errors that do not depend on J this becomes (JᵀJ)⁻¹ times
 *
 * <pre>
 *   K² · [Σψ²/(n−p)] / [Σψ'/n]²,    K = 1 + (p/n)·var(ψ')/mean(ψ')²
 * </pre>
 *
 * <p>where n − p and K take back most of the bias that the fit brings into the residuals of few
 * points. For ρ(s) = s the factor is χ²/(n−p).
 *
 * <p>References: P. J. Huber, Robust Statistics (1981), section 7.6; J. O. Street, R. J. Carroll,
 * D. Ruppert (1988), A note on computing robust regression estimates via iteratively reweighted
 * least squares, The American Statistician 42, 152-154.
 *
 * <p>The sums are those of products of [ψ, J, ψ', c], c = 1 for each point that counts, as the
 * packed lower triangle by rows.
 */
final class RobustMoments {

  private RobustMoments() {}

  /** Whether the covariance of a problem's fits is made here. */
  static boolean apply(LeastSquaresProblem problem, LeastSquaresMethod method) {
    return !problem.loss().isLinear() && method.covariance() != Covariance.NONE;
  }

  /** Position of a sum among the packed ones: 0 for ψ, 1 + j for parameter j, then ψ' and c. */
  static int sum(int row, int column) {
    return row * (row + 1) / 2 + column;
  }

  /** Number of sums for p free parameters. */
  static int count(int p) {
    return sum(p + 3, 0);
  }

  /**
   * What (JᵀJ)⁻¹ is multiplied with.
   *
   * @param p free parameters
   * @param freedom degrees of freedom n − p
   * @param sums holds the sums
   * @param at where the first one is
   * @param stride from one to the next
   * @return the factor; NaN without degrees of freedom, or where ψ' is not positive on average, so
   *     that the answer is no minimum to speak of
   */
  static double factor(int p, long freedom, double[] sums, int at, int stride) {
    double psi2 = sums[at];
    double slope2 = sums[at + sum(1 + p, 1 + p) * stride];
    double slope = sums[at + sum(2 + p, 1 + p) * stride];
    double points = sums[at + sum(2 + p, 2 + p) * stride];
    return factor(p, freedom, points, psi2, slope, slope2);
  }

  /** The same from Σψ², Σψ' and Σψ'² over so many points. */
  static double factor(
      int p, long freedom, double points, double psi2, double slope, double slope2) {
    double mean = slope / points;
    if (!(mean > 0) || freedom <= 0) {
      return Double.NaN;
    }
    double variance = Math.max(0, slope2 / points - mean * mean);
    double k = 1 + p / points * variance / (mean * mean);
    return k * k * (psi2 / freedom) / (mean * mean);
  }
}
