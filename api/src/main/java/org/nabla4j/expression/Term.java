package org.nabla4j.expression;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A product c·Πaᵐ/Πbⁿ with powers m, n = 1, 2, …. A factor may stand both above and below.
 *
 * @param coefficient c
 * @param above the factors a with their powers
 * @param below the factors b with their powers
 */
record Term(
    Coefficient coefficient, Map<Expression, Integer> above, Map<Expression, Integer> below) {

  /** Powers beyond this are not collected. */
  static final int LARGEST_POWER = 1_000_000_000;

  static Term of(Expression factor) {
    return new Term(Coefficient.ONE, Map.of(factor, 1), Map.of());
  }

  /** A number; π, 0, NaN, ±∞ and what is near the ends of the range are factors. */
  static Term number(Expression constant) {
    double size = Math.abs(constant.value());
    boolean plain = size > 1e-200 && size < 1e200 && size != Math.PI;
    return plain ? new Term(Coefficient.of(constant.value()), Map.of(), Map.of()) : of(constant);
  }

  boolean isNumber() {
    return above.isEmpty() && below.isEmpty();
  }

  /** Whether it is finite or NaN, in exact arithmetic, for finite symbols. */
  boolean hasNoPole() {
    return below.isEmpty() && above.keySet().stream().allMatch(ReadableForm::hasNoPole);
  }

  /** Whether it is finite, in exact arithmetic, for finite symbols. */
  boolean isEntire() {
    return below.isEmpty() && above.keySet().stream().allMatch(ReadableForm::isEntire);
  }

  /** Without one factor above. */
  Term without(Expression factor) {
    return new Term(coefficient, reduced(above, factor, above.get(factor)), below);
  }

  /** The only factor, if its power is 1 and the coefficient 1 or −1; else null. */
  Expression signedBase() {
    return above.size() == 1
            && below.isEmpty()
            && coefficient.isUnit()
            && above.values().iterator().next() == 1
        ? above.keySet().iterator().next()
        : null;
  }

  Term with(Coefficient changed) {
    return new Term(changed, above, below);
  }

  Term negated() {
    return with(coefficient.negated());
  }

  Term inverse() {
    return new Term(coefficient.inverse(), below, above);
  }

  Term times(Term other) {
    Coefficient number = coefficient.times(other.coefficient);
    Map<Expression, Integer> up = product(above, other.above);
    Map<Expression, Integer> down = product(below, other.below);
    // Without a number or a power that can be held the product is a factor as it is.
    return number == null || up == null || down == null
        ? of(expression().times(other.expression()))
        : new Term(number, up, down);
  }

  /** Null if a power is too large. */
  private static Map<Expression, Integer> product(
      Map<Expression, Integer> a, Map<Expression, Integer> b) {
    Map<Expression, Integer> product = new LinkedHashMap<>(a);
    for (Map.Entry<Expression, Integer> factor : b.entrySet()) {
      int power = product.merge(factor.getKey(), factor.getValue(), Integer::sum);
      if (power > LARGEST_POWER) {
        return null;
      }
    }
    return product;
  }

  /** The power, null where it cannot be written as a term. */
  Term power(int n) {
    Coefficient number = coefficient.power(n);
    Map<Expression, Integer> up = power(above, n);
    Map<Expression, Integer> down = power(below, n);
    return number == null || up == null || down == null ? null : new Term(number, up, down);
  }

  private static Map<Expression, Integer> power(Map<Expression, Integer> factors, int n) {
    Map<Expression, Integer> power = new LinkedHashMap<>();
    for (Map.Entry<Expression, Integer> factor : factors.entrySet()) {
      long exponent = (long) factor.getValue() * n;
      if (exponent > LARGEST_POWER) {
        return null;
      }
      power.put(factor.getKey(), (int) exponent);
    }
    return power;
  }

  /**
   * Shortens a factor that stands above and below.
   *
   * @param remaining its power that must remain below
   */
  Term shortened(Expression factor, int remaining) {
    int up = above.getOrDefault(factor, 0);
    int down = below.getOrDefault(factor, 0);
    int common = Math.min(up, down - remaining);
    if (common <= 0) {
      return this;
    }
    return new Term(coefficient, reduced(above, factor, common), reduced(below, factor, common));
  }

  private static Map<Expression, Integer> reduced(
      Map<Expression, Integer> factors, Expression factor, int by) {
    Map<Expression, Integer> reduced = new LinkedHashMap<>(factors);
    reduced.merge(factor, -by, (power, less) -> power + less == 0 ? null : power + less);
    return reduced;
  }

  /** Written out, with the sign of the coefficient. */
  Expression expression() {
    return expression(coefficient);
  }

  /** Written out without the sign of the coefficient. */
  Expression unsigned() {
    return expression(coefficient.isNegative() ? coefficient.negated() : coefficient);
  }

  private Expression expression(Coefficient number) {
    List<Expression> up = factors(above);
    List<Expression> down = factors(below);
    double numerator = number.numerator().doubleValue();
    if (up.isEmpty() || Math.abs(numerator) != 1) {
      up.add(0, Expression.constant(numerator));
    } else if (numerator < 0) {
      up.set(0, up.get(0).negate());
    }
    double denominator = number.denominator().doubleValue();
    if (denominator != 1) {
      down.add(0, Expression.constant(denominator));
    }
    Expression product = product(up);
    return down.isEmpty() ? product : product.dividedBy(product(down));
  }

  private static Expression product(List<Expression> factors) {
    Expression product = factors.get(0);
    for (Expression factor : factors.subList(1, factors.size())) {
      product = product.times(factor);
    }
    return product;
  }

  /** The factors with their powers: numbers first, then symbols, sums, functions. */
  private static List<Expression> factors(Map<Expression, Integer> powers) {
    List<Map.Entry<Expression, Integer>> entries = new ArrayList<>(powers.entrySet());
    entries.sort(
        Comparator.comparingInt((Map.Entry<Expression, Integer> entry) -> rank(entry.getKey()))
            .thenComparing(entry -> isSymbol(entry.getKey()) ? entry.getKey().name() : ""));
    List<Expression> factors = new ArrayList<>();
    for (Map.Entry<Expression, Integer> entry : entries) {
      int power = entry.getValue();
      factors.add(power == 1 ? entry.getKey() : entry.getKey().pow(power));
    }
    return factors;
  }

  private static boolean isSymbol(Expression factor) {
    return factor.op() == Op.SYMBOL;
  }

  private static int rank(Expression factor) {
    return switch (factor.op()) {
      case CONSTANT -> 0;
      case SYMBOL -> 1;
      case POW -> isSymbol(factor.argument(0)) ? 2 : 4;
      case ADD, SUB -> 3;
      default -> 4;
    };
  }
}
