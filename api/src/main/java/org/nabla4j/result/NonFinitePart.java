package org.nabla4j.result;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.TreeSet;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.Op;
import org.nabla4j.expression.ScalarMath;
import org.nabla4j.expression.Topology;

/**
 * The innermost part of a formula that is not finite though all that it is made of is.
 *
 * @param part the part
 * @param value NaN or an infinity
 * @param numbers what its symbols stand for, of which there may be more
 */
record NonFinitePart(Expression part, double value, Map<String, Double> numbers) {

  /**
   * Looks for it.
   *
   * @param formula the formula
   * @param numbers a number for each of its symbols
   * @return the part, empty where the formula is finite
   */
  static Optional<NonFinitePart> of(Expression formula, Map<String, Double> numbers) {
    Topology topology = new Topology(List.of(formula));
    double[] values = new double[topology.size()];
    for (int i = 0; i < values.length; i++) {
      Expression node = topology.node(i);
      double[] a = new double[3];
      for (int k = 0; k < node.arguments().size(); k++) {
        a[k] = values[topology.position(node.arguments().get(k))];
      }
      values[i] =
          switch (node.op()) {
            case CONSTANT -> node.value();
            case SYMBOL -> numbers.get(node.name());
            default -> ScalarMath.apply(node.op(), a[0], a[1], a[2]);
          };
    }
    if (Double.isFinite(values[topology.position(formula)])) {
      return Optional.empty();
    }
    Expression part = formula;
    for (Expression next = formula; next != null; ) {
      part = next;
      next = null;
      for (int k = 0; k < part.arguments().size() && next == null; k++) {
        Expression argument = part.arguments().get(k);
        boolean taken =
            part.op() != Op.WHERE
                || k == 0
                || (k == 1) == (values[topology.position(part.arguments().get(0))] != 0);
        if (taken && !Double.isFinite(values[topology.position(argument)])) {
          next = argument;
        }
      }
    }
    return Optional.of(new NonFinitePart(part, values[topology.position(part)], numbers));
  }

  /** What is wrong, such as {@code log(x - 3) is NaN at x = 1.0}. */
  @Override
  public String toString() {
    if (part.op() == Op.SYMBOL) {
      return part.name() + " is " + value;
    }
    StringJoiner place = new StringJoiner(", ");
    for (String name : new TreeSet<>(part.symbols())) {
      place.add(name + " = " + numbers.get(name));
    }
    return part + " is " + value + (place.length() == 0 ? "" : " at " + place);
  }
}
