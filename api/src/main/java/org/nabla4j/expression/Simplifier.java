package org.nabla4j.expression;

import java.util.List;
import java.util.Objects;

/**
 * Rewrites expressions to shorter ones of the same value. Every rule gives the same double for
 * every argument, NaN, ±∞ and the sign of zero included:
 *
 * <ul>
 *   <li>an operation on constants is computed, by {@link ScalarMath}
 *   <li>x·1, x/1, x¹, x − 0, x + (−0) are x; x⁰ is 1, as {@link Math#pow} has it
 *   <li>x·(−1), x/(−1), (−0) − x are −x
 *   <li>−(−x) is x; a + (−b) is a − b; (−a) + b is b − a; a − (−b) is a + b
 *   <li>a sign moves out of products and quotients, or into their constant factor: (−a)·b is
 *       −(a·b), (−a)·2 is (−2)·a, (−a)·(−b) is a·b
 *   <li>a constant factor stands first; x + x is 2·x
 *   <li>|−x| and ||x|| are |x|; min(x, x) and max(x, x) are x
 *   <li>{@code where} with a constant condition is its branch; with equal branches it is that
 *       branch if the condition is a comparison, which is never NaN
 * </ul>
 *
 * <p>Not done, because wrong for some argument: 0·x to 0, x − x to 0, x/x to 1 (NaN, ∞), x + 0 to x
 * and −(a − b) to b − a (sign of zero), and everything that rounds otherwise, such as a different
 * order of summation.
 */
public final class Simplifier {
  private Simplifier() {}

  /**
   * Applies the rules from the leaves to the root.
   *
   * @param expression any expression
   * @return an expression of the same value for all values of the symbols
   */
  public static Expression simplify(Expression expression) {
    Objects.requireNonNull(expression, "expression");
    Topology topology = new Topology(List.of(expression));
    Expression[] simple = new Expression[topology.size()];
    for (int i = 0; i < simple.length; i++) {
      Expression node = topology.node(i);
      Expression[] arguments = new Expression[node.arity()];
      for (int k = 0; k < arguments.length; k++) {
        arguments[k] = simple[topology.position(node.argument(k))];
      }
      simple[i] = arguments.length == 0 ? node : make(node.op(), arguments);
    }
    return simple[simple.length - 1];
  }

  /** The operation applied to arguments that are simple already, simplified at the root. */
  static Expression make(Op op, Expression... arguments) {
    if (allConstant(arguments)) {
      return Expression.constant(
          ScalarMath.apply(op, number(arguments, 0), number(arguments, 1), number(arguments, 2)));
    }
    return switch (op) {
      case ADD -> sum(arguments[0], arguments[1]);
      case SUB -> difference(arguments[0], arguments[1]);
      case MUL -> product(arguments[0], arguments[1]);
      case DIV -> quotient(arguments[0], arguments[1]);
      case NEG -> negative(arguments[0]);
      case POW -> power(arguments[0], arguments[1]);
      case ABS -> absolute(arguments[0]);
      case MIN, MAX -> arguments[0] == arguments[1] ? arguments[0] : Expression.of(op, arguments);
      case WHERE -> choice(arguments[0], arguments[1], arguments[2]);
      default -> Expression.of(op, arguments);
    };
  }

  private static boolean allConstant(Expression[] arguments) {
    for (Expression argument : arguments) {
      if (!argument.isConstant()) {
        return false;
      }
    }
    return true;
  }

  private static double number(Expression[] arguments, int i) {
    return i < arguments.length ? arguments[i].value() : 0;
  }

  private static Expression sum(Expression a, Expression b) {
    if (a.isConstant(-0.0)) {
      return b;
    }
    if (b.isConstant(-0.0)) {
      return a;
    }
    if (a == b) {
      return product(Expression.constant(2), a);
    }
    if (b.op() == Op.NEG) {
      return a.minus(b.argument(0));
    }
    if (a.op() == Op.NEG) {
      return b.minus(a.argument(0));
    }
    return a.plus(b);
  }

  private static Expression difference(Expression a, Expression b) {
    if (b.isConstant(0)) {
      return a;
    }
    if (a.isConstant(-0.0)) {
      return negative(b);
    }
    if (b.op() == Op.NEG) {
      Expression positive = b.argument(0);
      if (a == positive) {
        return product(Expression.constant(2), a);
      }
      return a.op() == Op.NEG ? positive.minus(a.argument(0)) : a.plus(positive);
    }
    return a.minus(b);
  }

  private static Expression product(Expression a, Expression b) {
    if (b.isConstant()) {
      return scaled(b.value(), a);
    }
    if (a.isConstant()) {
      return scaled(a.value(), b);
    }
    boolean negative = (a.op() == Op.NEG) != (b.op() == Op.NEG);
    Expression product = withoutSign(a).times(withoutSign(b));
    return negative ? product.negate() : product;
  }

  private static Expression scaled(double factor, Expression x) {
    if (factor == 1) {
      return x;
    }
    if (factor == -1) {
      return negative(x);
    }
    return x.op() == Op.NEG
        ? Expression.constant(-factor).times(x.argument(0))
        : Expression.constant(factor).times(x);
  }

  private static Expression quotient(Expression a, Expression b) {
    if (b.isConstant(1)) {
      return a;
    }
    if (b.isConstant(-1)) {
      return negative(a);
    }
    if (a.isConstant() && b.op() == Op.NEG) {
      return Expression.constant(-a.value()).dividedBy(b.argument(0));
    }
    if (b.isConstant() && a.op() == Op.NEG) {
      return a.argument(0).dividedBy(-b.value());
    }
    boolean negative = (a.op() == Op.NEG) != (b.op() == Op.NEG);
    Expression quotient = withoutSign(a).dividedBy(withoutSign(b));
    return negative ? quotient.negate() : quotient;
  }

  private static Expression withoutSign(Expression x) {
    return x.op() == Op.NEG ? x.argument(0) : x;
  }

  private static Expression negative(Expression x) {
    if (x.isConstant()) {
      return Expression.constant(-x.value());
    }
    if (x.op() == Op.NEG) {
      return x.argument(0);
    }
    boolean constantFirst = (x.op() == Op.MUL || x.op() == Op.DIV) && x.argument(0).isConstant();
    if (constantFirst) {
      return Expression.of(x.op(), Expression.constant(-x.argument(0).value()), x.argument(1));
    }
    return x.negate();
  }

  private static Expression power(Expression base, Expression exponent) {
    if (exponent.isConstant(1)) {
      return base;
    }
    if (exponent.isConstant() && exponent.value() == 0) {
      return Expression.constant(1);
    }
    return base.pow(exponent);
  }

  private static Expression absolute(Expression x) {
    Expression unsigned = withoutSign(x);
    return unsigned.op() == Op.ABS ? unsigned : unsigned.abs();
  }

  private static Expression choice(Expression condition, Expression a, Expression b) {
    if (condition.isConstant()) {
      double c = condition.value();
      return Double.isNaN(c) ? condition : c != 0 ? a : b;
    }
    if (a == b && condition.op().isComparison()) {
      return a;
    }
    return Functions.where(condition, a, b);
  }
}
