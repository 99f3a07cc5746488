package org.nabla4j.calculus;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.nabla4j.expression.Derivatives;
import org.nabla4j.expression.Expression;

/**
 * The linearisation of a vector function of p variables at a point a:
 *
 * <pre>
 *   F(x) ≈ F(a) + J·(x − a),    Jᵢⱼ = ∂Fᵢ/∂xⱼ at a
 * </pre>
 *
 * <p>Immutable.
 */
public final class Linearization {

  private final List<Expression> functions;
  private final Point point;
  private final double[] value;
  private final double[][] jacobian;

  private Linearization(List<Expression> functions, Point point) {
    this.functions = List.copyOf(functions);
    this.point = point;
    int p = point.variables().size();
    List<Expression> all = new ArrayList<>(functions);
    Derivatives.jacobian(functions, point.variables()).forEach(all::addAll);
    double[] numbers = Expression.evaluate(all, point.values());
    this.value = Arrays.copyOf(numbers, functions.size());
    this.jacobian = new double[functions.size()][];
    for (int i = 0; i < jacobian.length; i++) {
      int from = functions.size() + i * p;
      jacobian[i] = Arrays.copyOfRange(numbers, from, from + p);
    }
  }

  /**
   * Linearises a function without other symbols than the variables.
   *
   * @param functions m expressions F
   * @param variables names of p symbols
   * @param at the point a, p finite numbers
   * @return the linearisation
   * @throws IllegalArgumentException if a name stands twice, a number is not finite, there are not
   *     p of them, or an expression has other symbols
   */
  public static Linearization of(List<Expression> functions, List<String> variables, double... at) {
    Objects.requireNonNull(functions, "functions");
    return new Linearization(functions, Point.of(variables, at));
  }

  /**
   * Linearises a function in some of its symbols.
   *
   * @param functions m expressions F
   * @param variables names of p symbols
   * @param values a number for every symbol, those of the variables finite; further ones are
   *     ignored
   * @return the linearisation
   * @throws IllegalArgumentException if a name stands twice, a variable's number is not finite or a
   *     symbol has none
   */
  public static Linearization of(
      List<Expression> functions, List<String> variables, Map<String, Double> values) {
    Objects.requireNonNull(functions, "functions");
    return new Linearization(functions, new Point(variables, values));
  }

  /**
   * The names of the variables.
   *
   * @return p names, unmodifiable
   */
  public List<String> variables() {
    return point.variables();
  }

  /**
   * The point of linearisation.
   *
   * @return a, {@code [p]}; a copy
   */
  public double[] at() {
    return point.at();
  }

  /**
   * The value.
   *
   * @return F(a), {@code [m]}; a copy
   */
  public double[] value() {
    return value.clone();
  }

  /**
   * The Jacobian.
   *
   * @return ∂Fᵢ/∂xⱼ at a, {@code [m][p]}; a copy
   */
  public double[][] jacobian() {
    double[][] copy = new double[jacobian.length][];
    for (int i = 0; i < copy.length; i++) {
      copy[i] = jacobian[i].clone();
    }
    return copy;
  }

  /**
   * The linear function's value.
   *
   * @param x p numbers
   * @return F(a) + J·(x − a), {@code [m]}
   * @throws IllegalArgumentException if there are not p numbers
   */
  public double[] evaluate(double... x) {
    double[] step = point.step(x);
    double[] result = new double[value.length];
    for (int i = 0; i < result.length; i++) {
      double change = 0;
      for (int j = 0; j < step.length; j++) {
        change += jacobian[i][j] * step[j];
      }
      result[i] = value[i] + change;
    }
    return result;
  }

  /**
   * How far the linear function is from F, about: for each component the estimate of {@link
   * Taylor#remainderEstimate} along the line from a to x. Rounding is not counted.
   *
   * @param x p numbers
   * @return estimates of |Fᵢ(x) − evaluate(x)ᵢ|, {@code [m]}; +∞ where the series along the line
   *     does not reach x as far as its terms tell; NaN for a component without the derivatives to
   *     tell
   * @throws IllegalArgumentException if there are not p numbers
   */
  public double[] errorEstimate(double... x) {
    double[] step = point.step(x);
    double[] result = new double[value.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = point.remainder(functions.get(i), step, 1);
    }
    return result;
  }

  /**
   * The linear function as expressions of the variables.
   *
   * @return m expressions, unmodifiable
   */
  public List<Expression> toExpressions() {
    List<Expression> result = new ArrayList<>();
    for (int i = 0; i < value.length; i++) {
      Expression sum = Expression.constant(value[i]);
      for (int j = 0; j < jacobian[i].length; j++) {
        Expression step =
            Taylor.difference(Expression.symbol(point.variables().get(j)), point.at()[j]);
        double c = jacobian[i][j];
        sum =
            c == 0
                ? sum
                : c < 0 ? sum.minus(Taylor.term(-c, step, 1)) : sum.plus(Taylor.term(c, step, 1));
      }
      result.add(sum);
    }
    return Collections.unmodifiableList(result);
  }
}
