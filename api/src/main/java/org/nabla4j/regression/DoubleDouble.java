package org.nabla4j.regression;

/**
 * A number as the unevaluated sum of two doubles, high + low with |low| ≤ ½ulp(high): some 32
 * digits. Mutable, so that loops over it allocate nothing.
 *
 * <p>Sums are Knuth's and Dekker's two-sum, products use the fused multiply-add; relative errors of
 * an operation stay below 2⁻¹⁰² (Joldes, Muller, Popescu 2017, algorithms 6, 12 and 17). A result
 * that overflows has a low part of 0.
 */
final class DoubleDouble {

  double high;
  double low;

  DoubleDouble() {}

  DoubleDouble(double high, double low) {
    this.high = high;
    this.low = low;
  }

  DoubleDouble set(double valueHigh, double valueLow) {
    high = valueHigh;
    low = valueLow;
    return this;
  }

  double value() {
    return high + low;
  }

  /** this += (h, l). */
  DoubleDouble add(double h, double l) {
    double s = high + h;
    if (!Double.isFinite(s)) {
      return set(s, 0);
    }
    double part = s - high;
    double error = (high - (s - part)) + (h - part);
    double t = low + l;
    double tPart = t - low;
    double tError = (low - (t - tPart)) + (l - tPart);
    double c = error + t;
    double v = s + c;
    double w = tError + (c - (v - s));
    return normalize(v, w);
  }

  DoubleDouble subtract(double h, double l) {
    return add(-h, -l);
  }

  DoubleDouble add(DoubleDouble other) {
    return add(other.high, other.low);
  }

  DoubleDouble subtract(DoubleDouble other) {
    return add(-other.high, -other.low);
  }

  /** this ·= (h, l). */
  DoubleDouble multiply(double h, double l) {
    double p = high * h;
    if (!Double.isFinite(p)) {
      return set(p, 0);
    }
    double e = Math.fma(high, h, -p) + (high * l + low * h);
    return normalize(p, e);
  }

  DoubleDouble multiply(DoubleDouble other) {
    return multiply(other.high, other.low);
  }

  /** this += (ah, al)·(bh, bl). */
  DoubleDouble addProduct(double ah, double al, double bh, double bl) {
    double p = ah * bh;
    if (!Double.isFinite(p)) {
      return add(p, 0);
    }
    double e = Math.fma(ah, bh, -p) + (ah * bl + al * bh);
    return add(p, e);
  }

  DoubleDouble subtractProduct(double ah, double al, double bh, double bl) {
    return addProduct(-ah, -al, bh, bl);
  }

  /** this /= (h, l), by two steps of long division. */
  DoubleDouble divide(double h, double l) {
    double q = high / h;
    if (!Double.isFinite(q) || q == 0) {
      return set(q, 0);
    }
    subtractProduct(h, l, q, 0);
    double second = high / h;
    subtractProduct(h, l, second, 0);
    double third = high / h;
    double s = q + second;
    set(s, second - (s - q));
    return add(third, 0);
  }

  DoubleDouble divide(DoubleDouble other) {
    return divide(other.high, other.low);
  }

  /** this = √this: the root in double and a correction by Newton's step. */
  DoubleDouble sqrt() {
    double root = Math.sqrt(high);
    if (!(root > 0) || Double.isInfinite(root)) {
      return set(root, 0);
    }
    subtractProduct(root, 0, root, 0);
    double correction = high / (2 * root);
    return normalize(root, correction);
  }

  private DoubleDouble normalize(double a, double b) {
    double s = a + b;
    low = Double.isFinite(s) ? b - (s - a) : 0;
    high = s;
    return this;
  }

  /**
   * y ← y − a·x over a run of elements.
   *
   * <p>Written without calls so that it is vectorised.
   *
   * @param ah high part of a
   * @param al low part of a
   * @param xh high parts of x
   * @param xl low parts of x
   * @param xFrom where x begins
   * @param yh high parts of y; modified
   * @param yl low parts of y; modified
   * @param yFrom where y begins
   * @param count elements
   */
  static void subtractMultiple(
      double ah,
      double al,
      double[] xh,
      double[] xl,
      int xFrom,
      double[] yh,
      double[] yl,
      int yFrom,
      int count) {
    double bh = -ah;
    double bl = -al;
    for (int i = 0; i < count; i++) {
      double h = xh[xFrom + i];
      double p = bh * h;
      double e = Math.fma(bh, h, -p) + (bh * xl[xFrom + i] + bl * h);
      double a = yh[yFrom + i];
      double s = a + p;
      double part = s - a;
      double rest = ((a - (s - part)) + (p - part)) + (yl[yFrom + i] + e);
      double r = s + rest;
      yl[yFrom + i] = rest - (r - s);
      yh[yFrom + i] = r;
    }
  }
}
