package org.nabla4j.calculus;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.Formula;

/**
 * The Taylor polynomial of a formula in one variable x at a point a, to any order n:
 *
 * <pre>
 *   f(x) = c₀ + c₁(x−a) + … + cₙ(x−a)ⁿ + R,    cₖ = f⁽ᵏ⁾(a)/k!
 * </pre>
 *
 * <p>The coefficients come from arithmetic with power series along the graph of the formula, not
 * from repeated differentiation: n coefficients of a formula with m operations take O(m·n²) steps;
 * one of digamma, trigamma and lgamma takes O(n³) by itself. They are those of the function itself,
 * to rounding.
 *
 * <p>A zero that cancels is no obstacle: sin(x)/x has a series at 0. Where the function has fewer
 * than n derivatives (a kink, a jump, a pole, the end of its domain), or one is not finite, there
 * is no such polynomial, and {@code of} says which part of the formula is to blame.
 *
 * <p>Immutable.
 */
public final class Taylor {

  private static final int LARGEST_ORDER = 1000;

  private final String symbol;
  private final double at;
  private final int order;

  /** n + 1 coefficients, then those by which the remainder is estimated, if there are any. */
  private final double[] coefficients;

  private Taylor(String symbol, double at, int order, double[] coefficients) {
    this.symbol = symbol;
    this.at = at;
    this.order = order;
    this.coefficients = coefficients;
  }

  /**
   * Expands a formula in its only variable.
   *
   * @param formula such as {@code "exp(sin(x))"}
   * @param symbol the variable
   * @param at the point a, finite
   * @param order n, 0 ≤ n ≤ 1000
   * @return the polynomial
   * @throws IllegalArgumentException if the formula cannot be read or has other symbols, if an
   *     argument is out of range, or if the function has fewer than n derivatives at a
   */
  public static Taylor of(String formula, String symbol, double at, int order) {
    return of(formula, symbol, at, order, Map.of());
  }

  /**
   * Expands a formula in one of its variables.
   *
   * @param formula such as {@code "exp(-b*x)"}
   * @param symbol the variable
   * @param at the point a, finite
   * @param order n, 0 ≤ n ≤ 1000
   * @param others a number for every other symbol; further ones are ignored
   * @return the polynomial
   * @throws IllegalArgumentException if the formula cannot be read, if an argument is out of range
   *     or a symbol has no number, or if the function has fewer than n derivatives at a
   */
  public static Taylor of(
      String formula, String symbol, double at, int order, Map<String, Double> others) {
    Objects.requireNonNull(formula, "formula");
    return of(Formula.parse(formula).expression(), symbol, at, order, others);
  }

  /**
   * Expands an expression in its only variable.
   *
   * @param expression the function
   * @param symbol the variable
   * @param at the point a, finite
   * @param order n, 0 ≤ n ≤ 1000
   * @return the polynomial
   * @throws IllegalArgumentException if the expression has other symbols, if an argument is out of
   *     range, or if the function has fewer than n derivatives at a
   */
  public static Taylor of(Expression expression, String symbol, double at, int order) {
    return of(expression, symbol, at, order, Map.of());
  }

  /**
   * Expands an expression in one of its variables.
   *
   * @param expression the function
   * @param symbol the variable
   * @param at the point a, finite
   * @param order n, 0 ≤ n ≤ 1000
   * @param others a number for every other symbol; further ones are ignored
   * @return the polynomial
   * @throws IllegalArgumentException if an argument is out of range or a symbol has no number, or
   *     if the function has fewer than n derivatives at a
   */
  public static Taylor of(
      Expression expression, String symbol, double at, int order, Map<String, Double> others) {
    Objects.requireNonNull(expression, "expression");
    Objects.requireNonNull(others, "others");
    Expression.symbol(Objects.requireNonNull(symbol, "symbol"));
    if (!Double.isFinite(at)) {
      throw new IllegalArgumentException("at = " + at + ", expected a finite number");
    }
    if (order < 0 || order > LARGEST_ORDER) {
      throw new IllegalArgumentException(
          "order = " + order + ", expected 0 <= order <= " + LARGEST_ORDER);
    }
    Map<String, Double> point = new HashMap<>(others);
    point.put(symbol, at);
    double[] coefficients =
        new SeriesEvaluator(expression, point, Map.of(symbol, 1.0))
            .coefficients(order + 1, order + 1 + Remainder.TERMS, symbol + " = " + number(at));
    return new Taylor(symbol, at, order, coefficients);
  }

  /** A number as formulas have it. */
  private static String number(double value) {
    return Expression.constant(value).toString();
  }

  /**
   * The variable.
   *
   * @return its name
   */
  public String symbol() {
    return symbol;
  }

  /**
   * The point of expansion.
   *
   * @return a
   */
  public double at() {
    return at;
  }

  /**
   * The order of the polynomial.
   *
   * @return n
   */
  public int order() {
    return order;
  }

  /**
   * A coefficient.
   *
   * @param k 0 ≤ k ≤ n
   * @return cₖ = f⁽ᵏ⁾(a)/k!
   * @throws IndexOutOfBoundsException if k is out of range
   */
  public double coefficient(int k) {
    return coefficients[Objects.checkIndex(k, order + 1)];
  }

  /**
   * All coefficients.
   *
   * @return c₀ … cₙ, a copy
   */
  public double[] coefficients() {
    return Arrays.copyOf(coefficients, order + 1);
  }

  /**
   * A derivative at the point of expansion.
   *
   * @param k 0 ≤ k ≤ n
   * @return f⁽ᵏ⁾(a) = k!·cₖ, infinite where that overflows
   * @throws IndexOutOfBoundsException if k is out of range
   */
  public double derivative(int k) {
    double derivative = coefficient(k);
    for (int j = 2; j <= k; j++) {
      derivative *= j;
    }
    return derivative;
  }

  /**
   * The polynomial's value, by Horner's rule.
   *
   * @param x any number
   * @return c₀ + c₁(x−a) + … + cₙ(x−a)ⁿ
   */
  public double evaluate(double x) {
    double h = x - at;
    double value = coefficients[order];
    for (int k = order - 1; k >= 0; k--) {
      value = value * h + coefficients[k];
    }
    return value;
  }

  /**
   * How far the polynomial is from the function, about: an estimate, no bound. From the terms
   * |cₖhᵏ| with h = x−a that follow the polynomial, S₁ being the sum of the first eight and S₂ that
   * of the eight after them, it is S₁/(1 − S₂/S₁), as if the rest fell as these do. Rounding in
   * {@link #evaluate} is not counted, and no term after these sixteen is seen: where all of them
   * are 0 the polynomial counts as exact, such as that of order 2 of x⁴⁰ at 0.
   *
   * @param x any number
   * @return the estimate of |f(x) − evaluate(x)|; +∞ where the terms grow, so that x lies outside
   *     of the circle of convergence as far as they tell; NaN if the function has no sixteen
   *     derivatives more
   */
  public double remainderEstimate(double x) {
    return Remainder.estimate(coefficients, order, x - at);
  }

  /**
   * The polynomial as an expression, in powers of x − a.
   *
   * @return the sum of the terms whose coefficient is not 0
   */
  public Expression toExpression() {
    Expression step = difference(Expression.symbol(symbol), at);
    Expression sum = null;
    for (int k = 0; k <= order; k++) {
      double c = coefficients[k];
      if (c == 0) {
        continue;
      }
      boolean minus = sum != null && c < 0;
      Expression term = term(minus ? -c : c, step, k);
      sum = sum == null ? term : minus ? sum.minus(term) : sum.plus(term);
    }
    return sum == null ? Expression.constant(0) : sum;
  }

  /** x − a, as people write it. */
  static Expression difference(Expression x, double a) {
    return a == 0 ? x : a < 0 ? x.plus(-a) : x.minus(a);
  }

  /** c·stepᵏ, without a factor of 1 or −1 and a power of 0 or 1. */
  static Expression term(double c, Expression step, int k) {
    if (k == 0) {
      return Expression.constant(c);
    }
    Expression power = k == 1 ? step : step.pow(k);
    if (c == 1) {
      return power;
    }
    return c == -1 ? power.negate() : Expression.constant(c).times(power);
  }

  /**
   * The polynomial for people: {@code 1 + x + 0.5*x^2 + O(x^3)}; {@code 0 + o(x^2)} where the
   * function has no derivative of order n + 1.
   *
   * @return {@link #toExpression()} and the order of the remainder
   */
  @Override
  public String toString() {
    boolean further = coefficients.length > order + 1;
    return toExpression() + " + " + (further ? "O(" + power(order + 1) : "o(" + power(order)) + ")";
  }

  private String power(int k) {
    if (k == 0) {
      return "1";
    }
    String step = at == 0 ? symbol : symbol + (at < 0 ? " + " : " - ") + number(Math.abs(at));
    return k == 1 ? step : (at == 0 ? step : "(" + step + ")") + "^" + k;
  }
}
