package org.nabla4j.cpu;

import java.util.Arrays;

/**
 * Residuals r(θ) of n points and their derivatives J = ∂r/∂θ, as the solvers of single problems see
 * them. With a robust loss both are weighted by √ρ'(r²).
 */
interface LeastSquaresFunction {

  /** Number of points n. */
  int points();

  /** Number of parameters p. */
  int parameters();

  /**
   * Evaluates residuals and derivatives, which then lie in {@link #rows()}.
   *
   * @param theta p values, not modified
   * @return the cost ½Σr², or ½Σρ(r²); not finite where the model is not
   */
  double evaluate(double[] theta);

  /** Holds the row [r, J_1, …, J_p] of each point. */
  double[] rows();

  /** Where the row of the first point begins. */
  int firstRow();

  /** From one row to the next. */
  int rowStride();

  /**
   * Sums up the normal equations at the point that was evaluated last.
   *
   * @param descent receives −Jᵀr, p values
   * @param curvature receives the lower triangle of JᵀJ by rows, element (j, k) at j(j+1)/2 + k
   */
  default void normalEquations(double[] descent, double[] curvature) {
    int n = points();
    int p = parameters();
    double[] rows = rows();
    int stride = rowStride();
    Arrays.fill(descent, 0);
    Arrays.fill(curvature, 0);
    for (int i = 0, e = firstRow(); i < n; i++, e += stride) {
      double r = rows[e];
      for (int j = 0, t = 0; j < p; j++) {
        double derivative = rows[e + 1 + j];
        descent[j] -= derivative * r;
        for (int k = 0; k <= j; k++) {
          curvature[t++] += derivative * rows[e + 1 + k];
        }
      }
    }
  }
}
