package org.nabla4j.calculus;

import org.nabla4j.expression.ScalarMath;

/**
 * The Taylor coefficients of ψ = (log Γ)′ at x &gt; 0 (Abramowitz and Stegun 1964, 6.4.9):
 *
 * <pre>
 *   ψ(x + h) = ψ(x) + ζ(2, x) h − ζ(3, x) h² + ζ(4, x) h³ − …
 * </pre>
 *
 * <p>with Hurwitz' zeta function ζ(s, x) = Σ 1/(x+k)ˢ, k = 0, 1, ….
 */
final class Polygamma {

  /** B₂ⱼ/(2j)! for j = 1 … 10. */
  private static final double[] EULER_MACLAURIN = {
    1.0 / 12,
    -1.0 / 720,
    1.0 / 30240,
    -1.0 / 1209600,
    1.0 / 47900160,
    -691.0 / 1307674368000.0,
    1.0 / 74724249600.0,
    -3617.0 / 10670622842880000.0,
    43867.0 / 5109094217170944000.0,
    -174611.0 / 802857662698291200000.0
  };

  /** With this added to s, ten terms of the rest of the sum leave less than 1e-15 of it. */
  private static final int ASYMPTOTIC_FROM = 20;

  private Polygamma() {}

  /** The first coefficients of ψ at x &gt; 0. */
  static double[] digamma(double x, int length) {
    double[] c = new double[length];
    for (int k = 0; k < length; k++) {
      c[k] = k == 0 ? ScalarMath.digamma(x) : (k % 2 == 0 ? -1 : 1) * zeta(k + 1, x);
    }
    return c;
  }

  /** The first coefficients of ψ′ at x &gt; 0, the derivative of those of ψ. */
  static double[] trigamma(double x, int length) {
    double[] c = new double[length];
    for (int k = 0; k < length; k++) {
      c[k] = k == 0 ? ScalarMath.trigamma(x) : (k % 2 == 0 ? 1 : -1) * (k + 1) * zeta(k + 2, x);
    }
    return c;
  }

  /** ζ(s, x) for s ≥ 2 and x &gt; 0: the head of the sum, its rest by Euler and Maclaurin. */
  static double zeta(int s, double x) {
    int head = (int) Math.max(0, Math.ceil(ASYMPTOTIC_FROM + s - x));
    double y = x + head;
    double power = Math.pow(y, -s);
    // y¹⁻ˢ/(s−1) + y⁻ˢ/2 + Σ B₂ⱼ/(2j)! s(s+1)…(s+2j−2) y⁻ˢ⁻²ʲ⁺¹
    double sum = power * (y / (s - 1) + 0.5);
    double term = power * s / y;
    for (int j = 1; j <= EULER_MACLAURIN.length; j++) {
      sum += EULER_MACLAURIN[j - 1] * term;
      term *= (s + 2 * j - 1) / y * ((s + 2 * j) / y);
    }
    for (int k = head - 1; k >= 0; k--) {
      sum += Math.pow(x + k, -s);
    }
    return sum;
  }
}
