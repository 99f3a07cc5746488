package org.nabla4j.result;

import java.util.Arrays;
import org.nabla4j.objective.DifferentiableObjective;
import org.nabla4j.objective.NumericalDerivatives;
import org.nabla4j.objective.Objective;
import org.nabla4j.objective.Points;
import org.nabla4j.objective.TwiceDifferentiableObjective;

/**
 * The covariance of maximum likelihood estimates: where f is a negative log-likelihood,
 *
 * <pre>
 *   cov θ = H⁻¹,    H = ∂²f/∂θ∂θᵀ at the minimum,
 * </pre>
 *
 * <p>the inverse of the observed information, over the parameters that are free and not held by a
 * bound; the others count as known. It holds for many observations, where the likelihood is nearly
 * that of a normal distribution around its maximum (Efron and Hinkley 1978).
 *
 * <p>H is scaled to a unit diagonal, factored by Cholesky's method and inverted. For use by one
 * thread.
 */
final class LikelihoodCovariance {

  /** Why there is no covariance. */
  enum Failure {
    CANCELLED("the search was cancelled before they were computed"),
    NOT_CONVERGED("the search did not converge"),
    NO_DERIVATIVES("the objective has no derivatives"),
    CONSTRAINED("there are constraints"),
    NOT_FINITE("the Hessian is not finite"),
    INDEFINITE("the Hessian is not positive definite"),
    HELD("bounds hold all parameters");

    private final String reason;

    Failure(String reason) {
      this.reason = reason;
    }

    /** In words, that go on from "no standard errors: ". */
    String reason() {
      return reason;
    }
  }

  /** Smallest pivot of the scaled Hessian that is more than rounding, for each parameter. */
  private static final double EXACT = 16 * 0x1p-52;

  /** The same where the Hessian is made of differences of the gradient. */
  private static final double DIFFERENCES = 1e-9;

  private final TwiceDifferentiableObjective objective;
  private final double noise;
  private final double[] lower;
  private final double[] upper;
  private final int p;
  private final long[] problem = new long[1];
  private final double[] value = new double[1];
  private final double[] gradient;
  private final double[] hessian;
  private final int[] used;

  /**
   * Prepares.
   *
   * @param objective of the free parameters, that knows its gradient at least
   * @param lower lower bounds of the free parameters
   * @param upper upper bounds of the free parameters
   */
  LikelihoodCovariance(DifferentiableObjective objective, double[] lower, double[] upper) {
    boolean exact = objective instanceof TwiceDifferentiableObjective;
    this.objective =
        exact
            ? (TwiceDifferentiableObjective) objective
            : NumericalDerivatives.hessian(objective, NumericalDerivatives.Scheme.CENTRAL);
    this.noise = exact ? EXACT : DIFFERENCES;
    this.lower = lower;
    this.upper = upper;
    p = lower.length;
    gradient = new double[p];
    hessian = new double[Math.multiplyExact(p, p)];
    used = new int[p];
  }

  /** Whether an objective knows enough of itself. */
  static boolean serves(Objective objective) {
    return objective instanceof DifferentiableObjective;
  }

  /**
   * Computes the covariance of a problem.
   *
   * @param index the problem
   * @param theta its minimum, the free parameters
   * @param target receives the packed lower triangle by rows; NaN for a parameter that a bound
   *     holds
   * @return why there is none, with nothing but NaN in the target; or null
   */
  Failure compute(long index, double[] theta, double[] target) {
    Arrays.fill(target, Double.NaN);
    problem[0] = index;
    objective.hessians(new Points(theta, problem, 1, p), value, gradient, hessian);
    int size = 0;
    for (int k = 0; k < p; k++) {
      boolean held =
          (theta[k] <= lower[k] && gradient[k] > 0) || (theta[k] >= upper[k] && gradient[k] < 0);
      if (!held) {
        used[size++] = k;
      }
    }
    if (size == 0) {
      return Failure.HELD;
    }
    double[] scale = new double[size];
    for (int a = 0; a < size; a++) {
      for (int b = 0; b < size; b++) {
        if (!Double.isFinite(hessian[used[a] * p + used[b]])) {
          return Failure.NOT_FINITE;
        }
      }
      scale[a] = Math.sqrt(hessian[used[a] * p + used[a]]);
      if (!(scale[a] > 0)) {
        return Failure.INDEFINITE;
      }
    }
    double[][] root = root(size, scale);
    if (root == null) {
      return Failure.INDEFINITE;
    }
    invert(root);
    for (int a = 0; a < size; a++) {
      for (int b = 0; b <= a; b++) {
        double sum = 0;
        for (int k = a; k < size; k++) {
          sum += root[k][a] * root[k][b];
        }
        int row = used[a];
        target[row * (row + 1) / 2 + used[b]] = sum / scale[a] / scale[b];
      }
    }
    return null;
  }

  /** L of the scaled Hessian, L·Lᵀ, or null where it is not positive definite. */
  private double[][] root(int size, double[] scale) {
    double[][] root = new double[size][];
    for (int a = 0; a < size; a++) {
      root[a] = new double[a + 1];
      for (int b = 0; b <= a; b++) {
        double sum = hessian[used[a] * p + used[b]] / scale[a] / scale[b];
        for (int k = 0; k < b; k++) {
          sum -= root[a][k] * root[b][k];
        }
        if (b < a) {
          root[a][b] = sum / root[b][b];
        } else if (sum > noise * size) {
          root[a][a] = Math.sqrt(sum);
        } else {
          return null;
        }
      }
    }
    return root;
  }

  /** L becomes L⁻¹. */
  private static void invert(double[][] root) {
    for (int a = 0; a < root.length; a++) {
      double pivot = root[a][a];
      for (int b = 0; b < a; b++) {
        double sum = 0;
        for (int k = b; k < a; k++) {
          sum -= root[a][k] * root[k][b];
        }
        root[a][b] = sum / pivot;
      }
      root[a][a] = 1 / pivot;
    }
  }
}
