package org.nabla4j.expression;

import java.util.Objects;
import org.apache.commons.numbers.gamma.Erf;
import org.apache.commons.numbers.gamma.Erfc;
import org.apache.commons.numbers.gamma.LogGamma;

/**
 * What every {@link Op} means, on scalars: the reference that evaluators and generated code are
 * tested against.
 *
 * <p>Functions that {@link Math} has are those of {@link Math}; the error and gamma functions are
 * those of Apache Commons Numbers (log Γ carried on to the negative axis by reflection), except
 * digamma and trigamma, which are computed here. Arguments are never checked: what has no value is
 * NaN.
 */
public final class ScalarMath {
  /** log₂ e rounded to double, and the rest of it: together more than 100 bits. */
  private static final double LOG2_E_HIGH = 0x1.71547652b82fep0;

  private static final double LOG2_E_LOW = 0x1.777d0ffda0d24p-56;

  /** From here on eight terms of the series of ψ and ψ′ leave less than 1e-17. */
  private static final double ASYMPTOTIC_FROM = 12;

  private static final double SQRT_2 = 0x1.6a09e667f3bcdp0;
  private static final double LOG_PI = 0x1.250d048e7a1bdp0;

  private ScalarMath() {}

  /**
   * Applies an operation to numbers.
   *
   * @param op any operation but {@link Op#CONSTANT} and {@link Op#SYMBOL}
   * @param a first argument
   * @param b second argument, ignored by operations of one argument
   * @param c third argument, ignored by operations of one or two arguments
   * @return the value, NaN where there is none
   * @throws IllegalArgumentException if op is a leaf, which has no arguments to compute from
   */
  public static double apply(Op op, double a, double b, double c) {
    Objects.requireNonNull(op, "op");
    return switch (op) {
      case ADD -> a + b;
      case SUB -> a - b;
      case MUL -> a * b;
      case DIV -> a / b;
      case NEG -> -a;
      case POW -> Math.pow(a, b);
      case SQRT -> Math.sqrt(a);
      case CBRT -> Math.cbrt(a);
      case EXP -> Math.exp(a);
      case EXPM1 -> Math.expm1(a);
      case LOG -> Math.log(a);
      case LOG1P -> Math.log1p(a);
      case LOG2 -> log2(a);
      case LOG10 -> Math.log10(a);
      case SIN -> Math.sin(a);
      case COS -> Math.cos(a);
      case TAN -> Math.tan(a);
      case ASIN -> Math.asin(a);
      case ACOS -> Math.acos(a);
      case ATAN -> Math.atan(a);
      case ATAN2 -> Math.atan2(a, b);
      case SINH -> Math.sinh(a);
      case COSH -> Math.cosh(a);
      case TANH -> Math.tanh(a);
      case ABS -> Math.abs(a);
      case SIGN -> Math.signum(a);
      case MIN -> Math.min(a, b);
      case MAX -> Math.max(a, b);
      case HYPOT -> Math.hypot(a, b);
      case ERF -> Erf.value(a);
      case ERFC -> Erfc.value(a);
      case LGAMMA -> logGamma(a);
      case DIGAMMA -> digamma(a);
      case TRIGAMMA -> trigamma(a);
      case LOGISTIC -> logistic(a);
      case SOFTPLUS -> softplus(a);
      case LT -> a < b ? 1 : 0;
      case LE -> a <= b ? 1 : 0;
      case GT -> a > b ? 1 : 0;
      case GE -> a >= b ? 1 : 0;
      case EQ -> a == b ? 1 : 0;
      case NE -> a != b ? 1 : 0;
      case WHERE -> where(a, b, c);
      default -> throw new IllegalArgumentException("op must have arguments, but is " + op);
    };
  }

  /**
   * The logarithm to base 2, within 2 ulp and exact for powers of two.
   *
   * @param x any number
   * @return log₂ x; −∞ at ±0, NaN for x &lt; 0 or NaN, +∞ at +∞
   */
  public static double log2(double x) {
    if (!(x > 0) || x == Double.POSITIVE_INFINITY) {
      return Math.log(x);
    }
    double scaled = x < Double.MIN_NORMAL ? x * 0x1p54 : x;
    int exponent = Math.getExponent(scaled);
    double mantissa = Math.scalb(scaled, -exponent);
    if (x < Double.MIN_NORMAL) {
      exponent -= 54;
    }
    // With the mantissa in [√½, √2] the two summands never cancel.
    if (mantissa > SQRT_2) {
      mantissa *= 0.5;
      exponent++;
    }
    double log = Math.log(mantissa);
    return exponent + Math.fma(log, LOG2_E_HIGH, log * LOG2_E_LOW);
  }

  /**
   * The logistic function 1 / (1 + exp(−x)), accurate in both tails.
   *
   * @param x any number
   * @return a number in [0, 1], or NaN for NaN
   */
  public static double logistic(double x) {
    if (x >= 0) {
      return 1 / (1 + Math.exp(-x));
    }
    double e = Math.exp(x);
    return e / (1 + e);
  }

  /**
   * log(1 + exp(x)), accurate in both tails and without overflow.
   *
   * @param x any number
   * @return a number ≥ 0, or NaN for NaN
   */
  public static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }

  /**
   * log |Γ(x)|. On the negative axis it comes from Γ(x) Γ(1−x) = π / sin πx, where its error is
   * relative to the larger of the two terms, not to their difference.
   *
   * @param x any number
   * @return the logarithm; +∞ at 0, −1, −2, … and ±∞, NaN for NaN
   */
  public static double logGamma(double x) {
    if (Double.isInfinite(x) || x == 0 || isNegativeInteger(x)) {
      return Double.POSITIVE_INFINITY;
    }
    if (x < 0) {
      return LOG_PI - Math.log(Math.abs(sinPi(x))) - LogGamma.value(1 - x);
    }
    return LogGamma.value(x);
  }

  /**
   * ψ(x), the derivative of log Γ(x), with an absolute error of some 1e-15 near its zeros and a
   * relative error of that size elsewhere.
   *
   * <p>ψ(x) = ψ(x+1) − 1/x leads to arguments from which the asymptotic series (Abramowitz and
   * Stegun 1964, 6.3.18) is exact to double precision; ψ(x) = ψ(1−x) − π / tan πx serves the
   * negative axis.
   *
   * @param x any number
   * @return the value; ∓∞ at ±0, +∞ at +∞, NaN at −1, −2, … and −∞ and for NaN
   */
  public static double digamma(double x) {
    if (x == 0) {
      return -1 / x;
    }
    if (x < 0) {
      return isNegativeInteger(x) ? Double.NaN : digamma(1 - x) - Math.PI / tanPi(x);
    }
    double sum = 0;
    double y = x;
    while (y < ASYMPTOTIC_FROM) {
      sum += 1 / y;
      y++;
    }
    double w = 1 / (y * y);
    // Σ B₂ₖ / (2k y²ᵏ), k = 1 … 8
    double series = -3617.0 / 8160;
    series = 1.0 / 12 + w * series;
    series = -691.0 / 32760 + w * series;
    series = 1.0 / 132 + w * series;
    series = -1.0 / 240 + w * series;
    series = 1.0 / 252 + w * series;
    series = -1.0 / 120 + w * series;
    series = 1.0 / 12 + w * series;
    return Math.log(y) - 0.5 / y - w * series - sum;
  }

  /**
   * ψ′(x), the second derivative of log Γ(x).
   *
   * <p>ψ′(x) = ψ′(x+1) + 1/x² leads to arguments from which the asymptotic series (Abramowitz and
   * Stegun 1964, 6.4.12) is exact to double precision; ψ′(x) = π² / sin² πx − ψ′(1−x) serves the
   * negative axis.
   *
   * @param x any number
   * @return the value; +∞ at 0, −1, −2, …, 0 at +∞, NaN at −∞ and for NaN
   */
  public static double trigamma(double x) {
    if (x == 0 || (isNegativeInteger(x) && !Double.isInfinite(x))) {
      return Double.POSITIVE_INFINITY;
    }
    if (x < 0) {
      double q = Math.PI / sinPi(x);
      return q * q - trigamma(1 - x);
    }
    double sum = 0;
    double y = x;
    while (y < ASYMPTOTIC_FROM) {
      sum += 1 / (y * y);
      y++;
    }
    double w = 1 / (y * y);
    // Σ B₂ₖ / y²ᵏ, k = 1 … 8
    double series = -3617.0 / 510;
    series = 7.0 / 6 + w * series;
    series = -691.0 / 2730 + w * series;
    series = 5.0 / 66 + w * series;
    series = -1.0 / 30 + w * series;
    series = 1.0 / 42 + w * series;
    series = -1.0 / 30 + w * series;
    series = 1.0 / 6 + w * series;
    return (1 + w * series) / y + 0.5 * w + sum;
  }

  /**
   * a where the condition is not 0, b where it is ±0, NaN where it is NaN.
   *
   * @param condition any number; comparisons give 0 or 1
   * @param a value where the condition holds
   * @param b value where it does not
   * @return a, b or NaN
   */
  public static double where(double condition, double a, double b) {
    if (Double.isNaN(condition)) {
      return Double.NaN;
    }
    return condition != 0 ? a : b;
  }

  /** True for −1, −2, … and −∞. */
  private static boolean isNegativeInteger(double x) {
    return x < 0 && x == Math.rint(x);
  }

  /** sin πx; the distance to the nearest integer is exact, so nothing is lost for large |x|. */
  private static double sinPi(double x) {
    double nearest = Math.rint(x);
    double sine = Math.sin(Math.PI * (x - nearest));
    return nearest % 2 == 0 ? sine : -sine;
  }

  private static double tanPi(double x) {
    return Math.tan(Math.PI * (x - Math.rint(x)));
  }
}
