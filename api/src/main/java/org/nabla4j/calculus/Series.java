package org.nabla4j.calculus;

import java.util.Arrays;

/**
 * The first coefficients of a power series in t: c₀ + c₁t + c₂t² + …, as many as are known.
 *
 * <p>No more may be known because the series was cut where the computation is, or because the
 * function has no further derivatives at t = 0; then the series says why. Immutable.
 */
final class Series {

  private final double[] coefficients;
  private final String flaw;
  private final boolean constant;

  private Series(double[] coefficients, String flaw, boolean constant) {
    this.coefficients = coefficients;
    this.flaw = flaw;
    this.constant = constant;
  }

  /** A series that was cut after these coefficients. The array is kept. */
  static Series of(double... coefficients) {
    return new Series(coefficients, null, false);
  }

  /** A function with only so many derivatives, and why; a reason of null is none. */
  static Series flawed(String flaw, double... coefficients) {
    return new Series(coefficients, flaw, false);
  }

  /** A number that does not depend on t, to a length. */
  static Series constant(double value, int length) {
    double[] coefficients = new double[length];
    coefficients[0] = value;
    return new Series(coefficients, null, true);
  }

  /** How many coefficients are known. */
  int known() {
    return coefficients.length;
  }

  /** The coefficient of tᵏ, 0 where it is not known. */
  double at(int k) {
    return k < coefficients.length ? coefficients[k] : 0;
  }

  /** The value at t = 0, NaN where it is not known. */
  double value() {
    return coefficients.length == 0 ? Double.NaN : coefficients[0];
  }

  /** Why no further coefficient exists; null if the series was only cut. */
  String flaw() {
    return flaw;
  }

  /** Whether the series stands for something that t does not occur in. */
  boolean isConstant() {
    return constant;
  }

  /** The known coefficients; a copy. */
  double[] coefficients() {
    return coefficients.clone();
  }

  /** The index of the first coefficient that is not 0; {@link #known()} if there is none. */
  int valuation() {
    int v = 0;
    while (v < coefficients.length && coefficients[v] == 0) {
      v++;
    }
    return v;
  }

  private boolean isZero() {
    return constant && coefficients[0] == 0;
  }

  /** The reason that belongs to so many coefficients made of a and b. */
  private static String flaw(int known, int ofA, Series a, int ofB, Series b) {
    if (known == ofA && a.flaw != null) {
      return a.flaw;
    }
    return known == ofB ? b.flaw : null;
  }

  /** a + f·b. */
  static Series sum(Series a, double f, Series b) {
    int known = Math.min(a.known(), b.known());
    double[] c = new double[known];
    for (int k = 0; k < known; k++) {
      c[k] = a.coefficients[k] + f * b.coefficients[k];
    }
    return new Series(c, flaw(known, a.known(), a, b.known(), b), a.constant && b.constant);
  }

  Series plus(Series other) {
    return sum(this, 1, other);
  }

  Series minus(Series other) {
    return sum(this, -1, other);
  }

  /** This plus a number. */
  Series plus(double number) {
    return known() == 0 ? this : withValue(coefficients[0] + number);
  }

  /** The same series with another value at t = 0. */
  Series withValue(double value) {
    if (known() == 0) {
      return this;
    }
    double[] c = coefficients.clone();
    c[0] = value;
    return new Series(c, flaw, constant);
  }

  Series times(double factor) {
    double[] c = coefficients.clone();
    for (int k = 0; k < c.length; k++) {
      c[k] *= factor;
    }
    return new Series(c, flaw, constant);
  }

  Series negate() {
    return times(-1);
  }

  /**
   * The product, cₖ = Σ aⱼ bₖ₋ⱼ, to a length at most. Where b begins with v zeros, v coefficients
   * more are known than of a.
   */
  Series times(Series b, int length) {
    if (b.constant && !constant) {
      return times(b.value());
    }
    if (constant && !b.constant) {
      return b.times(value());
    }
    int byA = flaw == null ? Math.min(length, known() + b.valuation()) : known();
    int byB = b.flaw == null ? Math.min(length, b.known() + valuation()) : b.known();
    int known = Math.min(byA, byB);
    double[] c = new double[known];
    for (int k = 0; k < known; k++) {
      double sum = 0;
      for (int j = Math.max(0, k - b.known() + 1); j <= Math.min(k, known() - 1); j++) {
        sum += coefficients[j] * b.coefficients[k - j];
      }
      c[k] = sum;
    }
    return new Series(c, flaw(known, byA, this, byB, b), constant && b.constant);
  }

  /**
   * The quotient by a series that does not begin with 0, from a = q·b: qₖ = (aₖ − Σⱼ≥₁ bⱼ qₖ₋ⱼ)/b₀.
   */
  Series over(Series b) {
    int known = Math.min(known(), b.known());
    double[] c = new double[known];
    for (int k = 0; k < known; k++) {
      double sum = coefficients[k];
      for (int j = 1; j <= k; j++) {
        sum -= b.coefficients[j] * c[k - j];
      }
      c[k] = sum / b.coefficients[0];
    }
    return new Series(c, flaw(known, known(), this, b.known(), b), constant && b.constant);
  }

  /** This over tᵛ, where the first v coefficients are 0. */
  Series shiftedDown(int v) {
    if (isZero()) {
      return this;
    }
    return new Series(Arrays.copyOfRange(coefficients, Math.min(v, known()), known()), flaw, false);
  }

  /** This times tᵛ, to a length at most. */
  Series shiftedUp(int v, int length) {
    double[] c = new double[Math.min(length, known() + v)];
    for (int k = v; k < c.length; k++) {
      c[k] = coefficients[k - v];
    }
    return new Series(c, c.length < known() + v ? null : flaw, false);
  }

  /** The derivative by t: one coefficient less. */
  Series derivative() {
    double[] c = new double[Math.max(0, known() - 1)];
    for (int k = 0; k < c.length; k++) {
      c[k] = (k + 1) * coefficients[k + 1];
    }
    return new Series(c, flaw, false);
  }

  /** The integral over t with a value at t = 0: one coefficient more. */
  Series integral(double value) {
    double[] c = new double[known() + 1];
    c[0] = value;
    for (int k = 1; k < c.length; k++) {
      c[k] = coefficients[k - 1] / k;
    }
    return new Series(c, flaw, false);
  }

  /** What two series have in common from the first coefficient on, and why it is no more. */
  static Series common(Series a, Series b, String reason) {
    int known = Math.min(a.known(), b.known());
    for (int k = 0; k < known; k++) {
      if (a.coefficients[k] != b.coefficients[k]) {
        return new Series(Arrays.copyOf(a.coefficients, k), reason, false);
      }
    }
    return new Series(
        Arrays.copyOf(a.coefficients, known), flaw(known, a.known(), a, b.known(), b), false);
  }

  /** At most so many coefficients, without a reason. */
  Series cut(int length) {
    return known() <= length ? this : new Series(Arrays.copyOf(coefficients, length), null, false);
  }
}
