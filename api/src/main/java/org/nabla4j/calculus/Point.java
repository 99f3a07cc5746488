package org.nabla4j.calculus;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.nabla4j.expression.Expression;

/** A point of p named variables, beside numbers for what is held. */
final class Point {

  private final List<String> variables;
  private final double[] at;

  /** The numbers of all symbols. */
  private final Map<String, Double> values;

  /**
   * Checks and copies a point.
   *
   * @param variables names of p symbols
   * @param values a number for each of them and for all other symbols
   */
  Point(List<String> variables, Map<String, Double> values) {
    this.variables = List.copyOf(Objects.requireNonNull(variables, "variables"));
    this.values = new HashMap<>(Objects.requireNonNull(values, "values"));
    Set<String> seen = new HashSet<>();
    this.at = new double[this.variables.size()];
    for (int j = 0; j < at.length; j++) {
      String name = this.variables.get(j);
      if (!seen.add(name)) {
        throw new IllegalArgumentException(
            "variables must hold no name twice, but have '" + name + "' again");
      }
      Double value = this.values.get(name);
      if (value == null || !Double.isFinite(value)) {
        throw new IllegalArgumentException(
            "values give " + name + " = " + value + ", expected a finite number");
      }
      at[j] = value;
    }
  }

  /** A point from numbers in the order of the variables. */
  static Point of(List<String> variables, double... at) {
    Objects.requireNonNull(variables, "variables");
    Objects.requireNonNull(at, "at");
    if (at.length != variables.size()) {
      throw new IllegalArgumentException(
          "at has " + at.length + " numbers, expected " + variables.size() + ": " + variables);
    }
    Map<String, Double> values = new HashMap<>();
    for (int j = 0; j < at.length; j++) {
      values.put(variables.get(j), at[j]);
    }
    return new Point(variables, values);
  }

  List<String> variables() {
    return variables;
  }

  double[] at() {
    return at.clone();
  }

  Map<String, Double> values() {
    return values;
  }

  /** The same point with other numbers for the variables. */
  Map<String, Double> moved(double[] x) {
    Map<String, Double> moved = new HashMap<>(values);
    for (int j = 0; j < x.length; j++) {
      moved.put(variables.get(j), x[j]);
    }
    return moved;
  }

  /** x − at, after a check of its length. */
  double[] step(double... x) {
    Objects.requireNonNull(x, "x");
    if (x.length != at.length) {
      throw new IllegalArgumentException(
          "x has " + x.length + " numbers, expected " + at.length + ": " + variables);
    }
    double[] step = new double[x.length];
    for (int j = 0; j < step.length; j++) {
      step[j] = x[j] - at[j];
    }
    return step;
  }

  /**
   * What a Taylor polynomial of an order leaves out at the end of a step: the remainder of the
   * function of t along at + t·step, at t = 1.
   */
  double remainder(Expression function, double[] step, int order) {
    Map<String, Double> directions = new HashMap<>();
    for (int j = 0; j < step.length; j++) {
      if (step[j] != 0) {
        directions.put(variables.get(j), step[j]);
      }
    }
    if (directions.isEmpty()) {
      return 0;
    }
    double[] c =
        new SeriesEvaluator(function, values, directions)
            .coefficients(0, order + 1 + Remainder.TERMS, toString());
    return Remainder.estimate(c, order, 1);
  }

  /** Whether a function has a derivative here along the axis of every variable. */
  boolean isDifferentiable(Expression function) {
    return variables.stream()
        .allMatch(name -> SeriesEvaluator.hasDerivative(function, values, name));
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int j = 0; j < at.length; j++) {
      text.append(j == 0 ? "" : ", ")
          .append(variables.get(j))
          .append(" = ")
          .append(Expression.constant(at[j]));
    }
    return text.toString();
  }
}
