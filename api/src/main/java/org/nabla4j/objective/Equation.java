package org.nabla4j.objective;

import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.Formula;
import org.nabla4j.expression.FormulaException;
import org.nabla4j.expression.Op;

/**
 * An equation, left = right. Its residual is F = left − right. Immutable.
 *
 * @param left the left side
 * @param right the right side; the constant 0 where an expression is to vanish
 * @param text the equation for people to read
 */
public record Equation(Expression left, Expression right, String text) {

  /**
   * Keeps the sides.
   *
   * @param left the left side
   * @param right the right side
   * @param text the equation for people to read
   */
  public Equation {
    Objects.requireNonNull(left, "left");
    Objects.requireNonNull(right, "right");
    Objects.requireNonNull(text, "text");
  }

  /**
   * Reads an equation.
   *
   * @param text {@code left = right}, or an expression that is to be 0; the language is described
   *     at {@link Formula}
   * @return the equation
   * @throws FormulaException if the text is neither, or an inequality or comparison
   */
  public static Equation parse(String text) {
    Objects.requireNonNull(text, "text");
    Formula formula;
    try {
      formula = Formula.parse(text);
    } catch (FormulaException e) {
      return numberFirst(text, e);
    }
    Expression side = formula.asModel().expression();
    return formula
        .response()
        .map(left -> new Equation(left, side, text))
        .orElseGet(() -> new Equation(side, Expression.constant(0), text));
  }

  /** A formula has a name left of its sign, an equation need not: 2 = x^2. */
  private static Equation numberFirst(String text, FormulaException otherwise) {
    int sign = text.indexOf('=');
    Formula left;
    try {
      left = Formula.parse(text.substring(0, Math.max(0, sign)));
    } catch (FormulaException e) {
      throw otherwise;
    }
    if (!left.symbols().isEmpty() || text.startsWith("=", sign + 1)) {
      throw otherwise;
    }
    Formula right = Formula.parse(text.substring(sign + 1)).asModel();
    if (right.response().isPresent()) {
      throw otherwise;
    }
    return new Equation(left.expression(), right.expression(), text);
  }

  /**
   * An expression that is to be 0.
   *
   * @param expression what is to vanish
   * @return the equation expression = 0
   */
  public static Equation zero(Expression expression) {
    Objects.requireNonNull(expression, "expression");
    return new Equation(expression, Expression.constant(0), expression + " = 0");
  }

  /**
   * What vanishes at a root.
   *
   * @return F = left − right
   */
  public Expression residual() {
    boolean alone = right.op() == Op.CONSTANT && right.value() == 0;
    return alone ? left : left.minus(right);
  }

  /**
   * The symbols of both sides.
   *
   * @return names in order of first appearance, a new set
   */
  public Set<String> symbols() {
    Set<String> names = new LinkedHashSet<>(left.symbols());
    names.addAll(right.symbols());
    return names;
  }

  /** The equation for people to read. */
  @Override
  public String toString() {
    return text;
  }
}
