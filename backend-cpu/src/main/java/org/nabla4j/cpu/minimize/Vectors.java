package org.nabla4j.cpu.minimize;

/** Loops over long vectors; sums have four accumulators, so that additions need not wait. */
final class Vectors {

  private Vectors() {}

  /** aᵀb. */
  static double dot(double[] a, double[] b) {
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

  /** ‖a‖, also where squares would over- or underflow. */
  static double norm(double[] a) {
    double square = dot(a, a);
    if (square > 1e-280 && square < 1e290) {
      return Math.sqrt(square);
    }
    double largest = 0;
    for (double entry : a) {
      largest = Math.max(largest, Math.abs(entry));
    }
    if (!(largest > 0 && largest <= Double.MAX_VALUE)) {
      return largest;
    }
    double sum = 0;
    for (double entry : a) {
      sum += entry / largest * (entry / largest);
    }
    return largest * Math.sqrt(sum);
  }

  /** y ← y + c·x. */
  static void add(double c, double[] x, double[] y) {
    for (int j = 0; j < y.length; j++) {
      y[j] += c * x[j];
    }
  }

  /** y ← c·y. */
  static void scale(double c, double[] y) {
    for (int j = 0; j < y.length; j++) {
      y[j] *= c;
    }
  }
}
