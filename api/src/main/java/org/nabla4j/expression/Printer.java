package org.nabla4j.expression;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes an expression as a formula that the parser reads back to the same expression.
 *
 * <p>Parentheses stand where precedence asks for them, and around what begins with a minus sign
 * where it would follow another sign: {@code a - (-b)}. A negative number is written {@code -2} and
 * the negation of a number {@code -(2)}, which is how the parser tells them apart.
 */
final class Printer {
  static final int LONGEST_TEXT = 10_000;

  // Binding strength, weakest first. A thing stands bare where its strength reaches what is asked.
  private static final int COMPARISON = 1;
  private static final int SUM = 2;
  private static final int PRODUCT = 3;
  private static final int SIGNED = 4;
  private static final int POWER = 5;
  private static final int ATOM = 6;

  private final Expression root;
  private final StringBuilder text = new StringBuilder();
  private final Deque<Object> pending = new ArrayDeque<>();
  private final Map<Expression, Boolean> leadsWithMinus = new HashMap<>();

  Printer(Expression root) {
    this.root = root;
  }

  /** An expression still to be written, in a place that asks for a binding strength. */
  private static final class Place {
    final Expression expression;
    final int strength;
    final boolean afterSign;

    Place(Expression expression, int strength, boolean afterSign) {
      this.expression = expression;
      this.strength = strength;
      this.afterSign = afterSign;
    }
  }

  String print() {
    pending.push(new Place(root, COMPARISON, false));
    while (!pending.isEmpty()) {
      Object next = pending.pop();
      if (next instanceof String token) {
        text.append(token);
      } else {
        write((Place) next);
      }
      if (text.length() > LONGEST_TEXT) {
        text.setLength(LONGEST_TEXT);
        int nodes = new Topology(List.of(root)).size();
        return text.append("… (an expression of ").append(nodes).append(" nodes)").toString();
      }
    }
    return text.toString();
  }

  private void write(Place place) {
    Expression e = place.expression;
    boolean bare = strength(e) >= place.strength && !(place.afterSign && leadsWithMinus(e));
    if (!bare) {
      text.append('(');
      pending.push(")");
    }
    switch (e.op()) {
      case CONSTANT -> text.append(number(e.value()));
      case SYMBOL -> text.append(Names.written(e.name()));
      case ADD, SUB -> infix(e, SUM, PRODUCT, true, " " + e.op().text() + " ");
      case MUL, DIV -> infix(e, PRODUCT, SIGNED, true, e.op().text());
      case NEG -> writeNegation(e.argument(0));
      case POW -> infix(e, ATOM, SIGNED, false, e.op().text());
      default -> {
        if (e.op().isComparison()) {
          infix(e, SUM, SUM, false, " " + e.op().text() + " ");
        } else {
          writeFunction(e);
        }
      }
    }
  }

  private void infix(Expression e, int left, int right, boolean signed, String sign) {
    pending.push(new Place(e.argument(1), right, signed));
    pending.push(sign);
    pending.push(new Place(e.argument(0), left, false));
  }

  private void writeNegation(Expression argument) {
    text.append('-');
    if (argument.isConstant()) {
      text.append('(').append(number(argument.value())).append(')');
    } else {
      pending.push(new Place(argument, POWER, true));
    }
  }

  private void writeFunction(Expression e) {
    text.append(e.op().text()).append('(');
    pending.push(")");
    for (int i = e.arity() - 1; i >= 0; i--) {
      pending.push(new Place(e.argument(i), COMPARISON, false));
      if (i > 0) {
        pending.push(", ");
      }
    }
  }

  private static int strength(Expression e) {
    return switch (e.op()) {
      case CONSTANT -> isNegative(e.value()) ? SIGNED : ATOM;
      case ADD, SUB -> SUM;
      case MUL, DIV -> PRODUCT;
      case NEG -> SIGNED;
      case POW -> POWER;
      default -> e.op().isComparison() ? COMPARISON : ATOM;
    };
  }

  /** Whether the bare text begins with a minus sign; remembered, so that long chains cost once. */
  private boolean leadsWithMinus(Expression e) {
    Deque<Expression> chain = new ArrayDeque<>();
    Expression first = e;
    Boolean known = leadsWithMinus.get(first);
    while (known == null) {
      chain.push(first);
      Expression left = leftNeighbour(first);
      if (left == null) {
        known = first.op() == Op.NEG || (first.isConstant() && isNegative(first.value()));
      } else {
        known = leadsWithMinus.get(left);
        first = left;
      }
    }
    for (Expression member : chain) {
      leadsWithMinus.put(member, known);
    }
    return known;
  }

  /** What the bare text of e begins with, where that is a bare subexpression; else null. */
  private static Expression leftNeighbour(Expression e) {
    int asked =
        switch (e.op()) {
          case ADD, SUB -> SUM;
          case MUL, DIV -> PRODUCT;
          default -> ATOM + 1;
        };
    if (asked > ATOM) {
      return null;
    }
    Expression left = e.argument(0);
    return strength(left) >= asked ? left : null;
  }

  private static boolean isNegative(double value) {
    return !Double.isNaN(value) && Math.copySign(1, value) < 0;
  }

  /** The shortest usual form that reads back as the same double. */
  static String number(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return Double.toString(value);
    }
    if (Math.abs(value) == Math.PI) {
      return value < 0 ? "-pi" : "pi";
    }
    if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      return value == 0 && isNegative(value) ? "-0" : Long.toString((long) value);
    }
    String digits = Double.toString(value);
    return digits.replace(".0E", "e").replace('E', 'e');
  }
}
