package org.nabla4j.cpu.algebra;

import java.util.Arrays;

/**
 * A symmetric positive definite matrix B = LLᵀ that is known by its Cholesky factor and changed by
 * BFGS updates, in p² operations:
 *
 * <pre>
 *   B' = B − Bs(Bs)ᵀ/sᵀBs + yyᵀ/sᵀy = JJᵀ
 *   J = L + (y − Lv)vᵀ/sᵀy,   v = √(sᵀy / sᵀBs)·Lᵀs
 * </pre>
 *
 * <p>Givens rotations of columns make J triangular again. B' is positive definite whatever the
 * rounding.
 *
 * <p>References: J. E. Dennis, R. B. Schnabel (1983), Numerical Methods for Unconstrained
 * Optimization, section 9.2; D. Goldfarb (1976), Mathematics of Computation 30, 796-811.
 */
public final class CholeskyUpdate {

  /** Smallest diagonal element of L relative to the largest one. */
  private static final double SINGULAR = 1e-14;

  private final int p;
  private final double[] factor;
  private final double[] v;
  private final double[] w;

  /**
   * Prepares for matrices of one size.
   *
   * @param p rows and columns
   */
  public CholeskyUpdate(int p) {
    this.p = p;
    this.factor = new double[Math.multiplyExact(p, p)];
    this.v = new double[p];
    this.w = new double[p];
  }

  /**
   * Makes B = scale·I.
   *
   * @param scale &gt; 0
   */
  public void reset(double scale) {
    Arrays.fill(factor, 0);
    for (int j = 0; j < p; j++) {
      factor[j * p + j] = Math.sqrt(scale);
    }
  }

  /**
   * An element of B.
   *
   * @param i its row
   * @param j its column
   * @return B_ij
   */
  public double entry(int i, int j) {
    double sum = 0;
    for (int k = Math.min(i, j); k >= 0; k--) {
      sum += factor[i * p + k] * factor[j * p + k];
    }
    return sum;
  }

  /**
   * Solves Bx = −b.
   *
   * @param b not modified
   * @param x receives the solution
   * @return ½bᵀB⁻¹b
   */
  public double solveNegative(double[] b, double[] x) {
    return Cholesky.solveNegative(p, factor, b, x);
  }

  /**
   * Multiplies.
   *
   * @param s not modified
   * @param product receives Bs
   * @return sᵀBs
   */
  public double multiply(double[] s, double[] product) {
    project(s);
    double square = 0;
    for (int i = 0; i < p; i++) {
      double sum = 0;
      for (int k = 0; k <= i; k++) {
        sum += factor[i * p + k] * v[k];
      }
      product[i] = sum;
      square += v[i] * v[i];
    }
    return square;
  }

  /** v ← Lᵀs. */
  private void project(double[] s) {
    Arrays.fill(v, 0);
    for (int i = 0; i < p; i++) {
      for (int k = 0; k <= i; k++) {
        v[k] += factor[i * p + k] * s[i];
      }
    }
  }

  /**
   * Makes B' meet B's = y.
   *
   * @param s step, not modified
   * @param y change of the gradient, with sᵀy &gt; 0; not modified
   * @param sy sᵀy
   * @return false if the outcome is singular to rounding: B must be reset
   */
  public boolean update(double[] s, double[] y, double sy) {
    project(s);
    double square = 0;
    for (int k = 0; k < p; k++) {
      square += v[k] * v[k];
    }
    double scale = Math.sqrt(sy / square);
    for (int k = 0; k < p; k++) {
      v[k] *= scale;
    }
    for (int i = 0; i < p; i++) {
      double sum = 0;
      for (int k = 0; k <= i; k++) {
        sum += factor[i * p + k] * v[k];
      }
      w[i] = (y[i] - sum) / sy;
    }
    // Rotations that leave v its first component alone fill the first superdiagonal of L.
    for (int k = p - 2; k >= 0; k--) {
      double r = Math.hypot(v[k], v[k + 1]);
      if (r > 0) {
        rotate(k, v[k] / r, v[k + 1] / r);
      }
      v[k] = r;
    }
    for (int i = 0; i < p; i++) {
      factor[i * p] += w[i] * v[0];
    }
    for (int k = 0; k + 1 < p; k++) {
      double r = Math.hypot(factor[k * p + k], factor[k * p + k + 1]);
      if (r > 0) {
        rotate(k, factor[k * p + k] / r, factor[k * p + k + 1] / r);
      }
      factor[k * p + k + 1] = 0;
    }
    return isRegular();
  }

  /** Columns k and k + 1 from row k on: (a, b) ← (ca + sb, cb − sa). */
  private void rotate(int k, double c, double s) {
    for (int i = k; i < p; i++) {
      double a = factor[i * p + k];
      double b = factor[i * p + k + 1];
      factor[i * p + k] = c * a + s * b;
      factor[i * p + k + 1] = c * b - s * a;
    }
  }

  private boolean isRegular() {
    double least = Double.POSITIVE_INFINITY;
    double most = 0;
    for (int j = 0; j < p; j++) {
      double pivot = Math.abs(factor[j * p + j]);
      least = Math.min(least, pivot); // NaN if any is
      most = Math.max(most, pivot);
    }
    return least > SINGULAR * most && most < Double.POSITIVE_INFINITY;
  }
}
