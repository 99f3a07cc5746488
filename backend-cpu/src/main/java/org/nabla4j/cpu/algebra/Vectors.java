package org.nabla4j.cpu.algebra;

/** Loops over long vectors; sums have four accumulators, so that additions need not wait. */
public final class Vectors {

  private Vectors() {}

  /**
   * The inner product.
   *
   * @param a not modified
   * @param b as long, not modified
   * @return aᵀb
   */
  public static double dot(double[] a, double[] b) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int n = a.length;
    int j = 0;
    for (; j < n - 3; j += 4) {
      s0 += a[j] * b[j];
      s1 += a[j + 1] * b[j + 1];
      s2 += a[j + 2] * b[j + 2];
      s3 += a[j + 3] * b[j + 3];
    }
    for (; j < n; j++) {
      s0 += a[j] * b[j];
    }
    return (s0 + s1) + (s2 + s3);
  }

  /**
   * The Euclidean norm, also where squares would over- or underflow.
   *
   * @param a not modified
   * @return ‖a‖
   */
  public static double norm(double[] a) {
    double square = dot(a, a);
    return square > 1e-280 && square < 1e290 ? Math.sqrt(square) : norm(a, a.length);
  }

  /**
   * The same of the first elements.
   *
   * @param a not modified
   * @param size how many elements
   * @return their norm
   */
  public static double norm(double[] a, int size) {
    double largest = 0;
    for (int j = 0; j < size; j++) {
      largest = Math.max(largest, Math.abs(a[j]));
    }
    if (!(largest > 0 && largest <= Double.MAX_VALUE)) {
      return largest;
    }
    double sum = 0;
    for (int j = 0; j < size; j++) {
      sum += a[j] / largest * (a[j] / largest);
    }
    return largest * Math.sqrt(sum);
  }

  /**
   * Adds a multiple: y ← y + c·x.
   *
   * @param c the factor
   * @param x not modified
   * @param y as long, modified
   */
  public static void add(double c, double[] x, double[] y) {
    for (int j = 0; j < y.length; j++) {
      y[j] += c * x[j];
    }
  }

  /**
   * Multiplies: y ← c·y.
   *
   * @param c the factor
   * @param y modified
   */
  public static void scale(double c, double[] y) {
    for (int j = 0; j < y.length; j++) {
      y[j] *= c;
    }
  }
}
