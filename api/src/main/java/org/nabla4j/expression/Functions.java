package org.nabla4j.expression;

import java.util.Objects;

/**
 * The functions of the formula language for formulas written in Java; made for static import:
 * {@code p.get(0).times(exp(p.get(1).negate().times(x)))}.
 */
public final class Functions {
  private Functions() {}

  /**
   * A number.
   *
   * @param value any double
   * @return the constant
   */
  public static Expression constant(double value) {
    return Expression.constant(value);
  }

  /**
   * A named input.
   *
   * @param name see {@link Expression#symbol}
   * @return the symbol
   * @throws IllegalArgumentException if the name is none that a symbol can have
   */
  public static Expression symbol(String name) {
    return Expression.symbol(name);
  }

  /**
   * The square root; see {@link Op#SQRT}.
   *
   * @param x the argument
   * @return sqrt(x)
   */
  public static Expression sqrt(Expression x) {
    return Expression.of(Op.SQRT, Objects.requireNonNull(x, "x"));
  }

  /**
   * The real cube root; see {@link Op#CBRT}.
   *
   * @param x the argument
   * @return cbrt(x)
   */
  public static Expression cbrt(Expression x) {
    return Expression.of(Op.CBRT, Objects.requireNonNull(x, "x"));
  }

  /**
   * e to the power x; see {@link Op#EXP}.
   *
   * @param x the argument
   * @return exp(x)
   */
  public static Expression exp(Expression x) {
    return Expression.of(Op.EXP, Objects.requireNonNull(x, "x"));
  }

  /**
   * exp − 1, accurate near 0; see {@link Op#EXPM1}.
   *
   * @param x the argument
   * @return expm1(x)
   */
  public static Expression expm1(Expression x) {
    return Expression.of(Op.EXPM1, Objects.requireNonNull(x, "x"));
  }

  /**
   * The natural logarithm; see {@link Op#LOG}.
   *
   * @param x the argument
   * @return log(x)
   */
  public static Expression log(Expression x) {
    return Expression.of(Op.LOG, Objects.requireNonNull(x, "x"));
  }

  /**
   * log(1 + x), accurate near 0; see {@link Op#LOG1P}.
   *
   * @param x the argument
   * @return log1p(x)
   */
  public static Expression log1p(Expression x) {
    return Expression.of(Op.LOG1P, Objects.requireNonNull(x, "x"));
  }

  /**
   * The logarithm to base 2; see {@link Op#LOG2}.
   *
   * @param x the argument
   * @return log2(x)
   */
  public static Expression log2(Expression x) {
    return Expression.of(Op.LOG2, Objects.requireNonNull(x, "x"));
  }

  /**
   * The logarithm to base 10; see {@link Op#LOG10}.
   *
   * @param x the argument
   * @return log10(x)
   */
  public static Expression log10(Expression x) {
    return Expression.of(Op.LOG10, Objects.requireNonNull(x, "x"));
  }

  /**
   * The sine; see {@link Op#SIN}.
   *
   * @param x the argument
   * @return sin(x)
   */
  public static Expression sin(Expression x) {
    return Expression.of(Op.SIN, Objects.requireNonNull(x, "x"));
  }

  /**
   * The cosine; see {@link Op#COS}.
   *
   * @param x the argument
   * @return cos(x)
   */
  public static Expression cos(Expression x) {
    return Expression.of(Op.COS, Objects.requireNonNull(x, "x"));
  }

  /**
   * The tangent; see {@link Op#TAN}.
   *
   * @param x the argument
   * @return tan(x)
   */
  public static Expression tan(Expression x) {
    return Expression.of(Op.TAN, Objects.requireNonNull(x, "x"));
  }

  /**
   * The arc sine; see {@link Op#ASIN}.
   *
   * @param x the argument
   * @return asin(x)
   */
  public static Expression asin(Expression x) {
    return Expression.of(Op.ASIN, Objects.requireNonNull(x, "x"));
  }

  /**
   * The arc cosine; see {@link Op#ACOS}.
   *
   * @param x the argument
   * @return acos(x)
   */
  public static Expression acos(Expression x) {
    return Expression.of(Op.ACOS, Objects.requireNonNull(x, "x"));
  }

  /**
   * The arc tangent; see {@link Op#ATAN}.
   *
   * @param x the argument
   * @return atan(x)
   */
  public static Expression atan(Expression x) {
    return Expression.of(Op.ATAN, Objects.requireNonNull(x, "x"));
  }

  /**
   * The hyperbolic sine; see {@link Op#SINH}.
   *
   * @param x the argument
   * @return sinh(x)
   */
  public static Expression sinh(Expression x) {
    return Expression.of(Op.SINH, Objects.requireNonNull(x, "x"));
  }

  /**
   * The hyperbolic cosine; see {@link Op#COSH}.
   *
   * @param x the argument
   * @return cosh(x)
   */
  public static Expression cosh(Expression x) {
    return Expression.of(Op.COSH, Objects.requireNonNull(x, "x"));
  }

  /**
   * The hyperbolic tangent; see {@link Op#TANH}.
   *
   * @param x the argument
   * @return tanh(x)
   */
  public static Expression tanh(Expression x) {
    return Expression.of(Op.TANH, Objects.requireNonNull(x, "x"));
  }

  /**
   * The absolute value; see {@link Op#ABS}.
   *
   * @param x the argument
   * @return abs(x)
   */
  public static Expression abs(Expression x) {
    return Expression.of(Op.ABS, Objects.requireNonNull(x, "x"));
  }

  /**
   * −1, 0 or 1 by sign; see {@link Op#SIGN}.
   *
   * @param x the argument
   * @return sign(x)
   */
  public static Expression sign(Expression x) {
    return Expression.of(Op.SIGN, Objects.requireNonNull(x, "x"));
  }

  /**
   * The error function; see {@link Op#ERF}.
   *
   * @param x the argument
   * @return erf(x)
   */
  public static Expression erf(Expression x) {
    return Expression.of(Op.ERF, Objects.requireNonNull(x, "x"));
  }

  /**
   * The complementary error function; see {@link Op#ERFC}.
   *
   * @param x the argument
   * @return erfc(x)
   */
  public static Expression erfc(Expression x) {
    return Expression.of(Op.ERFC, Objects.requireNonNull(x, "x"));
  }

  /**
   * The logarithm of |Γ|; see {@link Op#LGAMMA}.
   *
   * @param x the argument
   * @return lgamma(x)
   */
  public static Expression lgamma(Expression x) {
    return Expression.of(Op.LGAMMA, Objects.requireNonNull(x, "x"));
  }

  /**
   * ψ, the derivative of log Γ; see {@link Op#DIGAMMA}.
   *
   * @param x the argument
   * @return digamma(x)
   */
  public static Expression digamma(Expression x) {
    return Expression.of(Op.DIGAMMA, Objects.requireNonNull(x, "x"));
  }

  /**
   * ψ′, the second derivative of log Γ; see {@link Op#TRIGAMMA}.
   *
   * @param x the argument
   * @return trigamma(x)
   */
  public static Expression trigamma(Expression x) {
    return Expression.of(Op.TRIGAMMA, Objects.requireNonNull(x, "x"));
  }

  /**
   * The logistic function 1 / (1 + exp(−x)); see {@link Op#LOGISTIC}.
   *
   * @param x the argument
   * @return logistic(x)
   */
  public static Expression logistic(Expression x) {
    return Expression.of(Op.LOGISTIC, Objects.requireNonNull(x, "x"));
  }

  /**
   * log(1 + exp(x)), without overflow; see {@link Op#SOFTPLUS}.
   *
   * @param x the argument
   * @return softplus(x)
   */
  public static Expression softplus(Expression x) {
    return Expression.of(Op.SOFTPLUS, Objects.requireNonNull(x, "x"));
  }

  /**
   * x to a power; see {@link Op#POW}.
   *
   * @param x first argument
   * @param exponent second argument
   * @return pow(x, exponent)
   */
  public static Expression pow(Expression x, Expression exponent) {
    return Expression.of(
        Op.POW, Objects.requireNonNull(x, "x"), Objects.requireNonNull(exponent, "exponent"));
  }

  /**
   * The angle of the point (x, y); see {@link Op#ATAN2}.
   *
   * @param y first argument
   * @param x second argument
   * @return atan2(y, x)
   */
  public static Expression atan2(Expression y, Expression x) {
    return Expression.of(Op.ATAN2, Objects.requireNonNull(y, "y"), Objects.requireNonNull(x, "x"));
  }

  /**
   * √(a² + b²) without undue overflow; see {@link Op#HYPOT}.
   *
   * @param a first argument
   * @param b second argument
   * @return hypot(a, b)
   */
  public static Expression hypot(Expression a, Expression b) {
    return Expression.of(Op.HYPOT, Objects.requireNonNull(a, "a"), Objects.requireNonNull(b, "b"));
  }

  /**
   * The smaller of two; see {@link Op#MIN}.
   *
   * @param a first argument
   * @param b second argument
   * @return min(a, b)
   */
  public static Expression min(Expression a, Expression b) {
    return Expression.of(Op.MIN, Objects.requireNonNull(a, "a"), Objects.requireNonNull(b, "b"));
  }

  /**
   * The larger of two; see {@link Op#MAX}.
   *
   * @param a first argument
   * @param b second argument
   * @return max(a, b)
   */
  public static Expression max(Expression a, Expression b) {
    return Expression.of(Op.MAX, Objects.requireNonNull(a, "a"), Objects.requireNonNull(b, "b"));
  }

  /**
   * a &lt; b as 1 or 0; see {@link Op#LT}.
   *
   * @param a first argument
   * @param b second argument
   * @return lt(a, b)
   */
  public static Expression lt(Expression a, Expression b) {
    return Expression.of(Op.LT, Objects.requireNonNull(a, "a"), Objects.requireNonNull(b, "b"));
  }

  /**
   * a ≤ b as 1 or 0; see {@link Op#LE}.
   *
   * @param a first argument
   * @param b second argument
   * @return le(a, b)
   */
  public static Expression le(Expression a, Expression b) {
    return Expression.of(Op.LE, Objects.requireNonNull(a, "a"), Objects.requireNonNull(b, "b"));
  }

  /**
   * a &gt; b as 1 or 0; see {@link Op#GT}.
   *
   * @param a first argument
   * @param b second argument
   * @return gt(a, b)
   */
  public static Expression gt(Expression a, Expression b) {
    return Expression.of(Op.GT, Objects.requireNonNull(a, "a"), Objects.requireNonNull(b, "b"));
  }

  /**
   * a ≥ b as 1 or 0; see {@link Op#GE}.
   *
   * @param a first argument
   * @param b second argument
   * @return ge(a, b)
   */
  public static Expression ge(Expression a, Expression b) {
    return Expression.of(Op.GE, Objects.requireNonNull(a, "a"), Objects.requireNonNull(b, "b"));
  }

  /**
   * a = b as 1 or 0; see {@link Op#EQ}.
   *
   * @param a first argument
   * @param b second argument
   * @return eq(a, b)
   */
  public static Expression eq(Expression a, Expression b) {
    return Expression.of(Op.EQ, Objects.requireNonNull(a, "a"), Objects.requireNonNull(b, "b"));
  }

  /**
   * a ≠ b as 1 or 0; see {@link Op#NE}.
   *
   * @param a first argument
   * @param b second argument
   * @return ne(a, b)
   */
  public static Expression ne(Expression a, Expression b) {
    return Expression.of(Op.NE, Objects.requireNonNull(a, "a"), Objects.requireNonNull(b, "b"));
  }

  /**
   * Chooses by a condition, usually a comparison; see {@link Op#WHERE}.
   *
   * @param condition not 0 for a, ±0 for b, NaN for NaN
   * @param a value where the condition holds
   * @param b value where it does not
   * @return where(condition, a, b)
   */
  public static Expression where(Expression condition, Expression a, Expression b) {
    return Expression.of(
        Op.WHERE,
        Objects.requireNonNull(condition, "condition"),
        Objects.requireNonNull(a, "a"),
        Objects.requireNonNull(b, "b"));
  }
}
