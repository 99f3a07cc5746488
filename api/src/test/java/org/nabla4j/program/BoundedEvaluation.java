package org.nabla4j.program;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.Op;
import org.nabla4j.expression.ScalarMath;

/**
 * Evaluates an expression together with a bound of how far another order of the same arithmetic may
 * be off: each operation rounds relative to the sum of the magnitudes of what it adds, and passes
 * on the errors of its operands by finite differences.
 */
final class BoundedEvaluation {
  private static final double UNIT = 0x1p-50; // eight half-ulps: headroom for longer sums

  /** The value by {@link ScalarMath}. */
  double value;

  /** The bound of the absolute error; infinite if the value hangs on a comparison that is close. */
  double error;

  /** Whether all intermediate results were far from overflow and underflow. */
  boolean moderate = true;

  /** Whether an intermediate result was 0, so that signs of zeros could matter. */
  boolean zero;

  private final Map<Expression, double[]> results = new HashMap<>();

  BoundedEvaluation(Expression expression, Map<String, Double> values) {
    for (Expression node : sorted(expression)) {
      results.put(node, evaluate(node, values));
      double magnitude = Math.abs(results.get(node)[0]);
      if ((magnitude > 1e100 && magnitude < Double.POSITIVE_INFINITY)
          || (magnitude < 1e-100 && magnitude > 0)
          || results.get(node)[2] > 1e200) {
        moderate = false;
      }
      zero |= magnitude == 0 && node.op() != Op.CONSTANT;
    }
    value = results.get(expression)[0];
    error = results.get(expression)[1];
  }

  private static List<Expression> sorted(Expression root) {
    List<Expression> order = new ArrayList<>();
    Set<Expression> seen = new HashSet<>();
    visit(root, seen, order);
    return order;
  }

  private static void visit(Expression node, Set<Expression> seen, List<Expression> order) {
    if (seen.add(node)) {
      node.arguments().forEach(argument -> visit(argument, seen, order));
      order.add(node);
    }
  }

  /**
   * Value, error and magnitude: what the value would be with all terms of a sum positive. Sums
   * within products are not expanded and so do not count.
   */
  private double[] evaluate(Expression node, Map<String, Double> values) {
    if (node.op() == Op.CONSTANT) {
      return exact(node.value());
    }
    if (node.op() == Op.SYMBOL) {
      return exact(values.get(node.name()));
    }
    double[][] x = new double[3][];
    for (int k = 0; k < 3; k++) {
      x[k] = k < node.arguments().size() ? results.get(node.arguments().get(k)) : new double[3];
    }
    double value = ScalarMath.apply(node.op(), x[0][0], x[1][0], x[2][0]);
    double magnitude;
    double error;
    switch (node.op()) {
      case ADD, SUB -> {
        magnitude = x[0][2] + x[1][2];
        // One rounding if both are inputs; what is made of longer sums is in the magnitude.
        boolean inputs = node.arguments().stream().allMatch(argument -> argument.op().arity() == 0);
        error = x[0][1] + x[1][1] + UNIT * (inputs ? Math.abs(value) : magnitude);
      }
      case NEG -> {
        magnitude = x[0][2];
        error = x[0][1];
      }
      case MUL -> {
        magnitude = Math.abs(value);
        error =
            Math.abs(x[0][0]) * x[1][1]
                + Math.abs(x[1][0]) * x[0][1]
                + x[0][1] * x[1][1]
                + UNIT * magnitude;
      }
      case DIV -> {
        magnitude = Math.abs(value);
        double divisor = Math.abs(x[1][0]) - x[1][1];
        error =
            divisor > 0
                ? (x[0][1] + magnitude * x[1][1]) / divisor + UNIT * magnitude
                : Double.POSITIVE_INFINITY;
      }
      case LT, LE, GT, GE, EQ, NE -> {
        magnitude = 1;
        error = Math.abs(x[0][0] - x[1][0]) > x[0][1] + x[1][1] ? 0 : Double.POSITIVE_INFINITY;
        if (node.arguments().get(0) == node.arguments().get(1)) {
          error = 0;
        }
      }
      case WHERE -> {
        double[] taken = x[0][0] != 0 ? x[1] : x[2];
        magnitude = taken[2];
        error = x[0][1] > 0 ? Double.POSITIVE_INFINITY : taken[1];
      }
      default -> {
        magnitude = Math.abs(value);
        error = 20 * UNIT * magnitude;
        for (int k = 0; k < node.arguments().size(); k++) {
          error += difference(node.op(), x, k, value);
        }
      }
    }
    return new double[] {value, Double.isNaN(error) ? Double.POSITIVE_INFINITY : error, magnitude};
  }

  private static double difference(Op op, double[][] x, int k, double value) {
    boolean steep =
        switch (op) {
          case POW -> !(x[1][0] > 0) && x[k][1] > 0.1 * Math.abs(x[k][0]);
          case LOG -> x[k][1] > 0.1 * Math.abs(x[k][0]);
          case SIN, COS, TAN -> x[k][1] > 0.1;
          case ATAN2 -> x[k][0] == 0 || x[k][1] > 0.1 * Math.abs(x[k][0]);
          default -> false;
        };
    if (steep || x[k][1] == Double.POSITIVE_INFINITY) {
      return Double.POSITIVE_INFINITY;
    }
    double worst = 0;
    for (double step : new double[] {x[k][1], -x[k][1], x[k][1] / 2, -x[k][1] / 2}) {
      double a = k == 0 ? x[0][0] + step : x[0][0];
      double b = k == 1 ? x[1][0] + step : x[1][0];
      double shifted = ScalarMath.apply(op, a, b, x[2][0]);
      worst = step == 0 ? worst : Math.max(worst, Math.abs(shifted - value));
    }
    return 2 * worst;
  }

  private static double[] exact(double value) {
    return new double[] {value, 0, Math.abs(value)};
  }
}
