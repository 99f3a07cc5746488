package org.nabla4j.objective;

import java.util.Map;
import java.util.Optional;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.Formula;
import org.nabla4j.expression.FormulaException;
import org.nabla4j.expression.Op;

/**
 * Two formulas with a relation between them, as equations and constraints are written. One equals
 * sign and two are the same.
 *
 * @param op the comparison
 * @param sign as it was written
 * @param position where the text has it
 * @param left the formula left of it
 * @param right the formula right of it
 */
record Relation(Op op, String sign, int position, Expression left, Expression right) {

  private static final String SIGNS = "=<>!≤≥≠";

  private static final Map<String, Op> OPS =
      Map.of(
          "=", Op.EQ, "==", Op.EQ, "<=", Op.LE, "≤", Op.LE, ">=", Op.GE, "≥", Op.GE, "<", Op.LT,
          ">", Op.GT, "!=", Op.NE, "≠", Op.NE);

  /**
   * Splits a text at its relation. Those within parentheses belong to the formulas.
   *
   * @param text what to split
   * @param instead what to write instead of a chain of relations
   * @return the relation, empty if there is none outside of parentheses
   * @throws FormulaException if there are several, or a formula cannot be read
   */
  static Optional<Relation> read(String text, String instead) {
    int start = next(text, 0);
    if (start == text.length()) {
      return Optional.empty();
    }
    int end = start;
    while (end < text.length() && SIGNS.indexOf(text.charAt(end)) >= 0) {
      end++;
    }
    String sign = text.substring(start, end);
    Op op = OPS.get(sign);
    if (op == null) {
      throw new FormulaException("unknown relation '" + sign + "'" + meant(sign), text, start);
    }
    int second = next(text, end);
    if (second < text.length()) {
      throw new FormulaException("relations cannot be chained: " + instead, text, second);
    }
    Expression left = side(text, 0, start);
    return Optional.of(new Relation(op, sign, start, left, side(text, end, text.length())));
  }

  /** Where the next sign outside of parentheses is, the text's length if there is none. */
  private static int next(String text, int from) {
    int depth = 0;
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '(') {
        depth++;
      } else if (c == ')') {
        depth--;
      } else if (depth == 0 && SIGNS.indexOf(c) >= 0) {
        return i;
      }
    }
    return text.length();
  }

  private static String meant(String sign) {
    return switch (sign) {
      case "=>" -> ", did you mean '>='?";
      case "=<" -> ", did you mean '<='?";
      default -> ", expected '=', '<=' or '>='";
    };
  }

  /** Reads one side; what is wrong with it is shown in the whole text. */
  private static Expression side(String text, int start, int end) {
    try {
      return Formula.parse(text.substring(start, end)).expression();
    } catch (FormulaException e) {
      throw new FormulaException(e.problem(), text, start + e.position());
    }
  }

  /** What vanishes where both sides are equal: left − right, or left where right is 0. */
  static Expression difference(Expression left, Expression right) {
    boolean alone = right.op() == Op.CONSTANT && right.value() == 0;
    return alone ? left : left.minus(right);
  }
}
