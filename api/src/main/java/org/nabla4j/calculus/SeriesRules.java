package org.nabla4j.calculus;

import java.util.function.Function;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.Op;
import org.nabla4j.expression.ScalarMath;

/**
 * What an operation does to power series, one rule per operation.
 *
 * <p>Each rule solves the differential equation of its function for one coefficient after the
 * other, in O(n²) for n coefficients (Knuth 1997, volume 2, section 4.7; Griewank and Walther 2008,
 * section 13.2): eᵃ is the e with e′ = e·a′, so k·eₖ = Σ j·aⱼ·eₖ₋ⱼ. The value is always that of
 * {@link ScalarMath}.
 *
 * <p>A zero that is removable is removed: sin(x)/x has a series at 0, and √x⁴ is x². A function
 * with a kink, a jump, a pole or the end of its domain at t = 0 has as many coefficients as it has
 * derivatives, and the reason why it has no more. What lies on either side decides about {@code
 * where}, {@code min}, {@code max} and {@code abs}: |x²| is x², and {@code where(x == 0, 1,
 * sin(x)/x)} is the series of sin(x)/x.
 */
final class SeriesRules {

  private static final double LOG2_E = 1.4426950408889634;
  private static final double LOG10_E = 0.4342944819032518;

  /** 2/√π, the derivative of erf at 0. */
  private static final double ERF_SLOPE = 1.1283791670955126;

  /** B₂ₖ for k = 1 … 8. */
  private static final double[] BERNOULLI = {
    1.0 / 6, -1.0 / 30, 1.0 / 42, -1.0 / 30, 5.0 / 66, -691.0 / 2730, 7.0 / 6, -3617.0 / 510
  };

  private static final int ASYMPTOTIC_FROM = 20;

  /** Integer powers up to here are products, which need no division by the base. */
  private static final int LARGEST_PRODUCT = 1024;

  private static final int LONGEST_NAME = 60;

  private static final String POLE = "has a pole: its denominator is 0";

  private final int length;
  private final Function<Expression, Series> known;

  /** What the rule is applied to, for messages. */
  private Expression node;

  /**
   * Rules for series of a length.
   *
   * @param length most coefficients that are computed
   * @param known the series of the expressions done already
   */
  SeriesRules(int length, Function<Expression, Series> known) {
    this.length = length;
    this.known = known;
  }

  /** The series of an operation from those of its arguments. */
  Series apply(Expression operation, Series[] x) {
    node = operation;
    Series a = x[0];
    for (int i = 0; i < (node.op() == Op.WHERE ? 1 : x.length); i++) {
      if (x[i].known() == 0) {
        return Series.flawed(x[i].flaw());
      }
    }
    double value = value(x);
    return switch (node.op()) {
      case ADD -> a.plus(x[1]);
      case SUB -> a.minus(x[1]);
      case MUL -> a.times(x[1], length);
      case DIV -> quotient(a, x[1]);
      case NEG -> a.negate();
      case POW -> power(a, x[1], value);
      case SQRT -> a.value() > 0 ? power(a, 0.5, value) : zeroRoot(a, 0.5, value);
      case CBRT -> a.value() == 0 ? zeroRoot(a, 1.0 / 3, value) : power(a, 1.0 / 3, value);
      case EXP -> exponential(a, value);
      case EXPM1 -> exponential(a, Math.exp(a.value())).withValue(value);
      case LOG -> logarithm(a, value, 1);
      case LOG1P -> logarithm(a.plus(1), value, 1);
      case LOG2 -> logarithm(a, value, LOG2_E);
      case LOG10 -> logarithm(a, value, LOG10_E);
      case SIN -> sineAndCosine(a)[0];
      case COS -> sineAndCosine(a)[1];
      // tan′ = 1 + tan², and that, w, has w′ = 2 tan·w
      case TAN -> tangent(a, value, 1 + value * value, 2);
      case ASIN -> arc(a, value, 1);
      case ACOS -> arc(a, value, -1);
      case ATAN -> integral(value, a.derivative(), square(a).plus(1));
      case ATAN2 -> angle(a, x[1], value);
      case SINH -> hyperbolic(a)[0];
      case COSH -> hyperbolic(a)[1];
      case TANH -> hyperbolicTangent(a);
      case ABS -> choice(comparison(Op.GE, a, zero()), a, a.negate());
      case SIGN -> sign(a, value);
      case MIN -> extreme(Op.LE, a, x[1], value);
      case MAX -> extreme(Op.GE, a, x[1], value);
      case HYPOT -> hypotenuse(a, x[1], value);
      case ERF -> errorFunction(a, value, 1);
      case ERFC -> errorFunction(a, value, -1);
      // log|Γ|′ = ψ
      case LGAMMA -> integralOfProduct(value, digamma(a), a.derivative());
      case DIGAMMA -> digamma(a).withValue(value);
      case TRIGAMMA -> trigamma(a).withValue(value);
      // (1 + tanh(a/2))/2
      case LOGISTIC -> hyperbolicTangent(a.times(0.5)).times(0.5).withValue(value);
      case SOFTPLUS -> {
        Series slope = hyperbolicTangent(a.times(0.5)).times(0.5);
        yield integralOfProduct(
            value, slope.withValue(ScalarMath.logistic(a.value())), a.derivative());
      }
      case LT, LE, GT, GE, EQ, NE -> comparison(a, x[1], value);
      case WHERE -> where(a, x[1], x[2]);
      case CONSTANT, SYMBOL -> throw new IllegalArgumentException(node.op() + " has no arguments");
    };
  }

  private double value(Series[] x) {
    return ScalarMath.apply(
        node.op(), x[0].value(), x.length > 1 ? x[1].value() : 0, x.length > 2 ? x[2].value() : 0);
  }

  private Series zero() {
    return Series.constant(0, length);
  }

  /** The function has so many derivatives and no more, and this is why. */
  private Series end(String reason, double... coefficients) {
    return Series.flawed(name(node) + " " + reason, coefficients);
  }

  /** A part of a formula as messages have it. */
  static String name(Expression part) {
    String name = part.toString();
    return name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) + "…" : name;
  }

  // ------------------------------------------------------------------ products and powers

  private Series square(Series a) {
    return a.times(a, length);
  }

  /** The quotient; zeros at the beginning of both go, one for one. */
  private Series quotient(Series a, Series b) {
    if (b.isConstant()) {
      if (b.value() == 0) {
        return end(POLE);
      }
      return over(a, b.value());
    }
    if (b.value() != 0) {
      return a.over(b);
    }
    int zeros = b.valuation();
    if (b.flaw() != null || a.flaw() != null) {
      return Series.flawed(b.flaw() != null ? b.flaw() : a.flaw());
    }
    if (zeros == b.known()) {
      return Series.of();
    }
    if (!(a.isConstant() && a.value() == 0) && a.valuation() < Math.min(zeros, a.known())) {
      return end(POLE);
    }
    return a.shiftedDown(zeros).over(b.shiftedDown(zeros));
  }

  private static Series over(Series a, double divisor) {
    double[] c = a.coefficients();
    for (int k = 0; k < c.length; k++) {
      c[k] /= divisor;
    }
    return Series.flawed(a.flaw(), c);
  }

  private Series power(Series a, Series b, double value) {
    if (!b.isConstant()) {
      return variablePower(a, b, value);
    }
    double r = b.value();
    if (r == Math.rint(r) && !Double.isInfinite(r)) {
      return integerPower(a, r, value);
    }
    if (a.value() == 0) {
      return zeroRoot(a, r, value);
    }
    return a.value() > 0 && Double.isFinite(r)
        ? power(a, r, value)
        : end("is no number around here: its base is " + a.value(), value);
  }

  private Series integerPower(Series a, double r, double value) {
    if (r == 0) {
      return Series.constant(1, length);
    }
    if (Math.abs(r) > LARGEST_PRODUCT && a.value() != 0) {
      return power(a, r, value);
    }
    Series product = null;
    Series square = a;
    // A zero to the power of more than there are coefficients is zero to all of them.
    for (long n = (long) Math.min(Math.abs(r), Long.MAX_VALUE); n > 0; n >>= 1) {
      if ((n & 1) == 1) {
        product = product == null ? square : product.times(square, length);
      }
      if (n > 1) {
        square = square(square);
      }
    }
    Series result = r > 0 ? product : quotient(Series.constant(1, length), product);
    return result.known() == 0 ? result : result.withValue(value);
  }

  /** aʳ where a₀ is not 0, from a·p′ = r·p·a′. */
  private Series power(Series a, double r, double value) {
    double[] p = new double[a.known()];
    p[0] = value;
    for (int k = 1; k < p.length; k++) {
      double sum = 0;
      for (int j = 1; j <= k; j++) {
        sum += (r * j - (k - j)) * a.at(j) * p[k - j];
      }
      p[k] = sum / (k * a.value());
    }
    return Series.flawed(a.flaw(), p);
  }

  /** aʳ where a begins with v ≥ 1 zeros, and √ and ∛ among these: t^(vr) times a power. */
  private Series zeroRoot(Series a, double r, double value) {
    if (!(a.value() == 0)) {
      return end("is no number around here: its argument is " + a.value(), value);
    }
    int zeros = a.valuation();
    if (zeros == a.known() || !(r > 0) || a.flaw() != null) {
      return zeros == a.known() && a.flaw() == null && r > 0
          ? Series.of(value)
          : end("has no derivative where its argument is 0", value);
    }
    Series rest = a.shiftedDown(zeros);
    boolean cubic = node.op() == Op.CBRT;
    double order = cubic ? zeros / 3.0 : zeros * r;
    boolean whole = order == Math.rint(order);
    boolean twoSided = cubic || (zeros % 2 == 0 && rest.value() > 0);
    if (whole && twoSided && (cubic || order % 2 == 0)) {
      double first = ScalarMath.apply(cubic ? Op.CBRT : Op.POW, rest.value(), r, 0);
      return power(rest, r, first).shiftedUp((int) order, length);
    }
    boolean defined = cubic || zeros % 2 == 1 || rest.value() > 0;
    int known = defined ? (int) Math.min(length, Math.ceil(order)) : 1;
    return end(
        "has no derivative of order " + known + " where its argument is 0", new double[known]);
  }

  /** aᵇ = e^(b·log a), where both may vary. */
  private Series variablePower(Series a, Series b, double value) {
    if (a.isConstant() && a.value() == 0 && b.value() > 0) {
      return zero();
    }
    if (!(a.value() > 0)) {
      return end("is no number around here: its base is " + a.value(), value);
    }
    Series log =
        a.isConstant()
            ? Series.constant(Math.log(a.value()), length)
            : logarithm(a, Math.log(a.value()), 1);
    return exponential(b.times(log, length), value);
  }

  /** √(a² + b²), scaled so that no square overflows. */
  private Series hypotenuse(Series a, Series b, double value) {
    double largest = Math.max(Math.abs(a.value()), Math.abs(b.value()));
    int exponent = largest > 0 && Double.isFinite(largest) ? Math.getExponent(largest) : 0;
    double down = Math.scalb(1.0, Math.max(-1022, Math.min(1022, -exponent)));
    Series sum = square(a.times(down)).plus(square(b.times(down)));
    if (sum.value() > 0) {
      return power(sum, 0.5, Math.sqrt(sum.value())).times(1 / down).withValue(value);
    }
    return zeroRoot(sum, 0.5, value).times(1 / down);
  }

  // ------------------------------------------------------------------ exponentials, circles

  /** e^a with a value of its own, from e′ = e·a′. */
  private static Series exponential(Series a, double value) {
    double[] e = new double[a.known()];
    for (int k = 0; k < e.length; k++) {
      e[k] = k == 0 ? value : chain(a, e, k);
    }
    return Series.flawed(a.flaw(), e);
  }

  /** 1/k Σ j·aⱼ·fₖ₋ⱼ: coefficient k of the function whose derivative is f·a′. */
  private static double chain(Series a, double[] f, int k) {
    double sum = 0;
    for (int j = 1; j <= k; j++) {
      // 0 times what has overflown is 0.
      sum += a.at(j) == 0 ? 0 : j * a.at(j) * f[k - j];
    }
    return sum / k;
  }

  /** Sine and cosine, from s′ = c·a′ and c′ = −s·a′. */
  private static Series[] sineAndCosine(Series a) {
    return pair(a, Math.sin(a.value()), Math.cos(a.value()), -1);
  }

  /** Hyperbolic sine and cosine, from s′ = c·a′ and c′ = s·a′. */
  private static Series[] hyperbolic(Series a) {
    return pair(a, Math.sinh(a.value()), Math.cosh(a.value()), 1);
  }

  private static Series[] pair(Series a, double sine, double cosine, int sign) {
    double[] s = new double[a.known()];
    double[] c = new double[a.known()];
    for (int k = 0; k < s.length; k++) {
      s[k] = k == 0 ? sine : chain(a, c, k);
      c[k] = k == 0 ? cosine : sign * chain(a, s, k);
    }
    return new Series[] {Series.flawed(a.flaw(), s), Series.flawed(a.flaw(), c)};
  }

  /** tanh′ = 1/cosh², which keeps its digits where 1 − tanh² has none, and w′ = −2 tanh·w. */
  private static Series hyperbolicTangent(Series a) {
    double cosh = Math.cosh(a.value());
    return tangent(a, Math.tanh(a.value()), 1 / cosh / cosh, -2);
  }

  /** The function z with z′ = w·a′ and w′ = f·z·w·a′. */
  private static Series tangent(Series a, double value, double slope, int f) {
    int known = a.known();
    double[] z = new double[known];
    double[] w = new double[known];
    for (int k = 0; k < known; k++) {
      z[k] = k == 0 ? value : chain(a, w, k);
      double sum = 0;
      for (int j = 1; j <= k; j++) {
        // j·zⱼ are the coefficients of w·a′
        sum += j * z[j] * z[k - j];
      }
      w[k] = k == 0 ? slope : f * sum / k;
    }
    return Series.flawed(a.flaw(), z);
  }

  // ------------------------------------------------------------------ integrals

  /** The function with a value whose derivative is a/b. */
  private Series integral(double value, Series a, Series b) {
    return quotient(a, b).integral(value).cut(length);
  }

  private Series integralOfProduct(double value, Series a, Series b) {
    return a.times(b, length - 1).integral(value).cut(length);
  }

  private Series logarithm(Series a, double value, double factor) {
    return a.value() > 0
        ? integral(value, a.derivative().times(factor), a)
        : end("is no number around here: its argument is " + argument(), value);
  }

  private String argument() {
    return node.op() == Op.LOG1P ? "not above -1" : "not positive";
  }

  /** asin′ = 1/√((1−a)(1+a)). */
  private Series arc(Series a, double value, int sign) {
    if (!(Math.abs(a.value()) <= 1)) {
      return end("is no number around here: its argument is " + a.value(), value);
    }
    Series square = a.negate().plus(1).times(a.plus(1), length);
    Series root =
        square.value() > 0
            ? power(square, 0.5, Math.sqrt(square.value()))
            : zeroRoot(square, 0.5, 0);
    return integral(value, a.derivative().times(sign), root);
  }

  /**
   * The angle of (x, y): (x·y′ − y·x′)/(x² + y²); it jumps where y crosses 0 left of the origin.
   */
  private Series angle(Series y, Series x, double value) {
    if (y.value() == 0 && x.value() == 0) {
      return end("has no derivative at the origin", value);
    }
    if (y.value() == 0 && x.value() < 0 && !y.isConstant()) {
      Sides sides = Sides.ofSign(y);
      if (!sides.areEqual() || sides.after() * value <= 0) {
        return end("jumps where its first argument is 0 and its second negative", value);
      }
    }
    // The angle is that of the point a power of two nearer, whose squares do not overflow.
    double largest = Math.max(Math.abs(x.value()), Math.abs(y.value()));
    int exponent = Double.isFinite(largest) ? Math.getExponent(largest) : 0;
    double down = Math.scalb(1.0, Math.max(-1022, Math.min(1022, -exponent)));
    Series u = x.times(down);
    Series v = y.times(down);
    Series top = u.times(v.derivative(), length).minus(v.times(u.derivative(), length));
    return integral(value, top, square(u).plus(square(v)));
  }

  /** erf′ = 2/√π e^(−a²). */
  private Series errorFunction(Series a, double value, int sign) {
    double square = a.value() * a.value();
    Series bell = exponential(square(a).negate(), Math.exp(-square));
    return integralOfProduct(value, bell, a.derivative().times(sign * ERF_SLOPE));
  }

  // ------------------------------------------------------------------ gamma functions

  /**
   * ψ(a) by its recurrence and its asymptotic series (Abramowitz and Stegun 1964, 6.3.6 and
   * 6.3.18), which are elementary and keep the digits of nested functions, as ζ(k, a₀) put into a
   * would not:
   *
   * <pre>
   *   ψ(a) = log y − 1/(2y) − Σ B₂ₖ/(2k y²ᵏ) − 1/a − 1/(a+1) − … − 1/(y−1),    y = a + m
   * </pre>
   *
   * <p>Below 0 it is ψ(1−a) − π cot πa.
   */
  private Series digamma(Series a) {
    if (isPole(a)) {
      return end("has a pole: its argument is " + a.value());
    }
    if (a.value() < 0) {
      return digamma(a.negate().plus(1)).minus(cotangent(a).times(Math.PI));
    }
    int shift = shift(a);
    Series one = Series.constant(1, length);
    Series y = a.plus(shift);
    Series w = one.over(square(y));
    Series sum = Series.constant(0, length);
    for (int k = BERNOULLI.length; k > 0; k--) {
      sum = w.times(sum.plus(BERNOULLI[k - 1] / (2 * k)), length);
    }
    Series log = integral(Math.log(y.value()), y.derivative(), y);
    Series result = log.minus(one.over(y).times(0.5)).minus(sum);
    for (int k = shift - 1; k >= 0; k--) {
      result = result.minus(one.over(a.plus(k)));
    }
    return result;
  }

  /** ψ′(a), the derivative of the above; below 0 it is π²(1 + cot² πa) − ψ′(1−a). */
  private Series trigamma(Series a) {
    if (isPole(a)) {
      return end("has a pole: its argument is " + a.value());
    }
    if (a.value() < 0) {
      return square(cotangent(a))
          .plus(1)
          .times(Math.PI * Math.PI)
          .minus(trigamma(a.negate().plus(1)));
    }
    int shift = shift(a);
    Series one = Series.constant(1, length);
    Series reciprocal = one.over(a.plus(shift));
    Series w = square(reciprocal);
    Series sum = Series.constant(0, length);
    for (int k = BERNOULLI.length; k > 0; k--) {
      sum = w.times(sum.plus(BERNOULLI[k - 1]), length);
    }
    Series result = reciprocal.times(sum.plus(1), length).plus(w.times(0.5));
    for (int k = shift - 1; k >= 0; k--) {
      result = result.plus(square(one.over(a.plus(k))));
    }
    return result;
  }

  private static boolean isPole(Series a) {
    return a.value() <= 0 && a.value() == Math.rint(a.value());
  }

  /** From 20 more than there are coefficients on, the asymptotic series has all digits of all. */
  private int shift(Series a) {
    double distance = ASYMPTOTIC_FROM + length - a.value();
    return distance > 0 ? (int) Math.ceil(distance) : 0;
  }

  /** cot πa, which has period 1. */
  private static Series cotangent(Series a) {
    Series angle = a.withValue(a.value() - Math.rint(a.value())).times(Math.PI);
    Series[] pair = sineAndCosine(angle);
    return pair[1].over(pair[0]);
  }

  // ------------------------------------------------------------------ choices

  /** The sides of a comparison: 1 where it holds, 0 where it does not. */
  private static Sides comparison(Op op, Series a, Series b) {
    double at = ScalarMath.apply(op, a.value(), b.value(), 0);
    if (a.value() != b.value()) {
      return new Sides(at, at, at);
    }
    Sides signs = Sides.ofSign(a.minus(b));
    return new Sides(against0(op, signs.before()), at, against0(op, signs.after()));
  }

  private static double against0(Op op, double sign) {
    return Double.isNaN(sign) ? sign : ScalarMath.apply(op, sign, 0, 0);
  }

  private Series comparison(Series a, Series b, double value) {
    boolean steady = a == b || comparison(node.op(), a, b).areSteady();
    return steady ? Series.constant(value, length) : end("switches here", value);
  }

  private Series sign(Series a, double value) {
    return Double.isNaN(value) || Sides.ofSign(a).areSteady()
        ? Series.constant(value, length)
        : end("jumps where its argument is 0", value);
  }

  private Series extreme(Op firstIf, Series a, Series b, double value) {
    return Double.isNaN(value)
        ? end("is no number around here", value)
        : choice(comparison(firstIf, a, b), a, b);
  }

  private Series where(Series condition, Series a, Series b) {
    Expression test = node.arguments().get(0);
    if (test.op().isComparison()) {
      return choice(
          comparison(
              test.op(),
              known.apply(test.arguments().get(0)),
              known.apply(test.arguments().get(1))),
          a,
          b);
    }
    return choice(Sides.ofSign(condition), a, b);
  }

  /**
   * The branch that is taken on both sides, if at t = 0 it has the value of the branch taken there;
   * else what the branches have in common.
   */
  private Series choice(Sides condition, Series a, Series b) {
    Series here = condition.at() != 0 ? a : b;
    if (Double.isNaN(condition.at())) {
      return end("is no number around here", Double.NaN);
    }
    if (condition.areSteady()) {
      return here;
    }
    Series around =
        condition.areEqual()
            ? (condition.after() != 0 ? a : b)
            : Series.common(a, b, end("has a kink or a jump here").flaw());
    if (around.known() == 0 && around.flaw() == null) {
      return around;
    }
    return around.value() == here.value()
        ? around
        : end(
            "has a kink or a jump here",
            here.known() == 0 ? new double[0] : here.cut(1).coefficients());
  }
}
