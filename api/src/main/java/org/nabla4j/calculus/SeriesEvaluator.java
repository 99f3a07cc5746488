package org.nabla4j.calculus;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.Op;
import org.nabla4j.expression.ScalarMath;
import org.nabla4j.expression.Topology;

/**
 * The power series of an expression along a line: in t, where every symbol is its value plus t
 * times its direction. One pass over the graph, with {@link SeriesRules} at each node.
 */
final class SeriesEvaluator {

  /**
   * Where zeros cancel, as in sin(x)/x, coefficients are lost and the pass is done again with more;
   * after so many more it is given up.
   */
  private static final int MOST_LOST = 128;

  /** Slopes of both sides that differ by no more of their size are the same. */
  private static final double SAME_SLOPE = 1e-12;

  private final Topology topology;
  private final Expression expression;
  private final Map<String, Double> values;
  private final Map<String, Double> directions;
  private final int power;

  /**
   * Prepares a series.
   *
   * @param expression the function
   * @param values a number for every symbol
   * @param directions how much symbols change with t; those not named do not
   */
  SeriesEvaluator(
      Expression expression, Map<String, Double> values, Map<String, Double> directions) {
    this(expression, values, directions, 1);
  }

  /** The same along tⁿ: for n = 2 only one side of the point is seen. */
  private SeriesEvaluator(
      Expression expression,
      Map<String, Double> values,
      Map<String, Double> directions,
      int power) {
    this.expression = expression;
    this.topology = new Topology(List.of(expression));
    this.values = values;
    this.directions = directions;
    this.power = power;
  }

  /**
   * Computes a series.
   *
   * @param needed coefficients that there have to be
   * @param wanted coefficients that there should be, ≥ needed
   * @param place where the series is taken, for the message
   * @return {@code needed} to {@code wanted} coefficients
   * @throws IllegalArgumentException if there are fewer than needed, if one of the needed ones is
   *     not finite, or a symbol has no number
   */
  double[] coefficients(int needed, int wanted, String place) {
    Series[] results = longEnough(wanted);
    Series series = results[topology.position(expression)];
    if (series.known() < needed) {
      String reason = series.flaw();
      throw new IllegalArgumentException(
          (series.known() == 0
                  ? "the formula has no value at "
                  : "the formula has no derivative of order " + series.known() + " at ")
              + place
              + ": "
              + (reason == null ? "it is 0/0 there to every order that was looked at" : reason));
    }
    int order = firstNotFinite(series, needed);
    if (order >= 0) {
      throw new IllegalArgumentException(
          "the formula has no finite "
              + (order == 0 ? "value at " : "coefficient of order " + order + " at ")
              + place
              + ": "
              + culprit(results, order));
    }
    return series.cut(wanted).coefficients();
  }

  /**
   * Whether a function has a derivative by a symbol.
   *
   * @param function any function
   * @param values a number for every symbol
   * @param symbol a name
   * @return false if it has a kink, a jump or a pole there, or where that cannot be told
   */
  static boolean hasDerivative(Expression function, Map<String, Double> values, String symbol) {
    SeriesEvaluator line = new SeriesEvaluator(function, values, Map.of(symbol, 1.0));
    Series series = line.longEnough(2)[line.topology.position(function)];
    if (series.known() > 1 || series.flaw() == null) {
      return true;
    }
    // A part may have a kink that the whole has not, such as x·|x|: the slopes of both sides tell.
    double up = slope(function, values, symbol, 1);
    double down = -slope(function, values, symbol, -1);
    return Math.abs(up - down) <= SAME_SLOPE * Math.max(Math.abs(up), Math.abs(down));
  }

  /** The slope on one side, in t² for t = 0; NaN if there is none. */
  private static double slope(
      Expression function, Map<String, Double> values, String symbol, double side) {
    SeriesEvaluator half = new SeriesEvaluator(function, values, Map.of(symbol, side), 2);
    Series series = half.longEnough(3)[half.topology.position(function)];
    return series.known() > 2 && series.at(1) == 0 ? series.at(2) : Double.NaN;
  }

  private static int firstNotFinite(Series series, int needed) {
    for (int k = 0; k < Math.min(needed, series.known()); k++) {
      if (!Double.isFinite(series.at(k))) {
        return k;
      }
    }
    return -1;
  }

  /**
   * The innermost part whose coefficients up to an order are not finite though its arguments' are.
   */
  private String culprit(Series[] results, int order) {
    Expression node = expression;
    Expression next = expression;
    while (next != null) {
      node = next;
      next = null;
      for (Expression argument : node.arguments()) {
        if (firstNotFinite(results[topology.position(argument)], order + 1) >= 0) {
          next = argument;
          break;
        }
      }
    }
    Series series = results[topology.position(node)];
    int k = firstNotFinite(series, order + 1);
    return SeriesRules.name(node)
        + (k == 0 ? " is " : " has there the coefficient ")
        + series.at(k);
  }

  /** The series of all parts, to a length at which the last one has what is wanted, if it can. */
  private Series[] longEnough(int wanted) {
    int length = wanted;
    Series[] results = run(length);
    Series series = results[topology.position(expression)];
    while (series.known() < wanted && series.flaw() == null && length < wanted + MOST_LOST) {
      length =
          Math.min(wanted + MOST_LOST, Math.max(length + wanted - series.known(), length * 5 / 4));
      results = run(length);
      series = results[topology.position(expression)];
    }
    return results;
  }

  private Series[] run(int length) {
    Series[] results = new Series[topology.size()];
    SeriesRules rules = new SeriesRules(length, node -> results[topology.position(node)]);
    for (int i = 0; i < results.length; i++) {
      results[i] = series(topology.node(i), length, rules, results);
    }
    return results;
  }

  private Series series(Expression node, int length, SeriesRules rules, Series[] results) {
    if (node.op() == Op.CONSTANT) {
      return Series.constant(node.value(), length);
    }
    if (node.op() == Op.SYMBOL) {
      return symbol(node.name(), length);
    }
    List<Series> arguments = new ArrayList<>(node.arguments().size());
    boolean constant = true;
    for (Expression argument : node.arguments()) {
      Series series = results[topology.position(argument)];
      arguments.add(series);
      constant &= series.isConstant();
    }
    if (!constant) {
      return rules.apply(node, arguments.toArray(Series[]::new));
    }
    return Series.constant(
        ScalarMath.apply(node.op(), value(arguments, 0), value(arguments, 1), value(arguments, 2)),
        length);
  }

  private static double value(List<Series> arguments, int i) {
    return i < arguments.size() ? arguments.get(i).value() : 0;
  }

  private Series symbol(String name, int length) {
    Double value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException(
          "every symbol needs a number, but '" + name + "' has none");
    }
    Double direction = directions.get(name);
    if (direction == null) {
      return Series.constant(value, length);
    }
    double[] c = new double[length];
    c[0] = value;
    if (length > power) {
      c[power] = direction;
    }
    return Series.of(c);
  }
}
