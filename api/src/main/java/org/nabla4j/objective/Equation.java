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
   * @param text {@code left = right}, where {@code ==} does as well, or an expression that is to be
   *     0; the language is described at {@link Formula}
   * @return the equation
   * @throws FormulaException if the text is neither, or an inequality or comparison
   */
  public static Equation parse(String text) {
    Objects.requireNonNull(text, "text");
    Relation relation = Relation.read(text, "give two equations").orElse(null);
    if (relation == null) {
      Expression alone = Formula.parse(text).asModel().expression();
      return new Equation(alone, Expression.constant(0), text);
    }
    if (relation.op() != Op.EQ) {
      throw new FormulaException(
          "'" + relation.sign() + "' makes no equation, expected '='", text, relation.position());
    }
    if (relation.left().op().isComparison() || relation.right().op().isComparison()) {
      throw new FormulaException(
          "a comparison gives 1 or 0 and is no side of an equation", text, relation.position());
    }
    return new Equation(relation.left(), relation.right(), text);
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
    return Relation.difference(left, right);
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
