package org.nabla4j.cpu.algebra;

/**
 * Cholesky factorisation LLᵀ = A + λI of small dense matrices with a diagonal of about one, which
 * goes on where A is singular: pivots are kept at a floor.
 */
public final class SmallCholesky {

  /** Smallest pivot relative to its diagonal element: rounding of the latter. */
  private static final double PIVOT_FLOOR = 1e-15;

  private final int p;
  private final double[] factor;
  private final double[] work;
  private double smallestPivot;

  /**
   * Prepares for matrices of one size.
   *
   * @param p rows and columns
   */
  public SmallCholesky(int p) {
    this.p = p;
    this.factor = new double[p * p];
    this.work = new double[p];
  }

  /**
   * Factorises.
   *
   * @param a A by rows, of which the lower triangle is read; not modified
   * @param damping λ
   */
  public void factorise(double[] a, double damping) {
    smallestPivot = 1;
    for (int j = 0; j < p; j++) {
      double diagonal = a[j * p + j] + damping;
      double pivot = diagonal;
      for (int k = 0; k < j; k++) {
        pivot -= factor[j * p + k] * factor[j * p + k];
      }
      smallestPivot = Math.min(smallestPivot, diagonal > 0 ? pivot / diagonal : 0);
      double floor = PIVOT_FLOOR * diagonal;
      double kept = pivot > floor ? pivot : floor;
      double root = Math.sqrt(kept > 0 ? kept : 1);
      factor[j * p + j] = root;
      for (int i = j + 1; i < p; i++) {
        double sum = a[i * p + j];
        for (int k = 0; k < j; k++) {
          sum -= factor[i * p + k] * factor[j * p + k];
        }
        factor[i * p + j] = sum / root;
      }
    }
  }

  /**
   * Smallest pivot relative to its diagonal element.
   *
   * @return 1 − R² of a parameter on those before it
   */
  public double smallestPivot() {
    return smallestPivot;
  }

  /**
   * Solves (A + λI)x = b.
   *
   * @param b right-hand side, not modified
   * @param x receives the solution
   * @return ½bᵀ(A + λI)⁻¹b
   */
  public double solve(double[] b, double[] x) {
    double half = 0;
    for (int j = 0; j < p; j++) {
      double sum = b[j];
      for (int k = 0; k < j; k++) {
        sum -= factor[j * p + k] * x[k];
      }
      x[j] = sum / factor[j * p + j];
      half += 0.5 * x[j] * x[j];
    }
    for (int j = p - 1; j >= 0; j--) {
      double sum = x[j];
      for (int i = j + 1; i < p; i++) {
        sum -= factor[i * p + j] * x[i];
      }
      x[j] = sum / factor[j * p + j];
    }
    return half;
  }

  /**
   * Squares L⁻¹x.
   *
   * @param x not modified
   * @return xᵀ(A + λI)⁻¹x
   */
  public double inverseForm(double[] x) {
    double sum = 0;
    for (int j = 0; j < p; j++) {
      double w = x[j];
      for (int k = 0; k < j; k++) {
        w -= factor[j * p + k] * work[k];
      }
      work[j] = w / factor[j * p + j];
      sum += work[j] * work[j];
    }
    return sum;
  }

  /**
   * Inverts.
   *
   * @param inverse receives (A + λI)⁻¹ by rows
   */
  public void invert(double[] inverse) {
    double[] unit = new double[p];
    double[] column = new double[p];
    for (int k = 0; k < p; k++) {
      unit[k] = 1;
      solve(unit, column);
      unit[k] = 0;
      for (int j = 0; j < p; j++) {
        inverse[j * p + k] = column[j];
      }
    }
  }
}
