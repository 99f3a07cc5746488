package org.nabla4j.calculus;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.nabla4j.expression.Derivatives;
import org.nabla4j.expression.Expression;

/**
 * The Taylor polynomial of second order of a formula in p variables:
 *
 * <pre>
 *   f(a + d) = f + gᵀd + ½ dᵀH d + R
 * </pre>
 *
 * <p>with value f, gradient g = ∇f and Hessian H = ∂²f/∂x∂xᵀ at the point a, by the chain rule. The
 * Hessian is derived when it is first needed.
 *
 * <p>Immutable, for use by several threads.
 */
public final class SecondOrderTaylor {

  private final Expression expression;
  private final Point point;
  private final double value;
  private final List<Expression> slopes;
  private final double[] gradient;
  private volatile double[][] hessian;

  private SecondOrderTaylor(Expression expression, Point point) {
    this.expression = Objects.requireNonNull(expression, "expression");
    this.point = point;
    this.slopes = Derivatives.gradient(expression, point.variables());
    List<Expression> all = new ArrayList<>(slopes);
    all.add(expression);
    double[] numbers = Expression.evaluate(all, point.values());
    this.value = numbers[slopes.size()];
    this.gradient = Arrays.copyOf(numbers, slopes.size());
  }

  /**
   * Expands an expression without other symbols than the variables.
   *
   * @param expression the function
   * @param variables names of p symbols
   * @param at the point a, p finite numbers
   * @return the polynomial
   * @throws IllegalArgumentException if a name stands twice, a number is not finite, there are not
   *     p of them, or the expression has other symbols
   */
  public static SecondOrderTaylor of(Expression expression, List<String> variables, double... at) {
    Objects.requireNonNull(expression, "expression");
    return new SecondOrderTaylor(expression, Point.of(variables, at));
  }

  /**
   * Expands an expression in some of its symbols.
   *
   * @param expression the function
   * @param variables names of p symbols
   * @param values a number for every symbol, those of the variables finite; further ones are
   *     ignored
   * @return the polynomial
   * @throws IllegalArgumentException if a name stands twice, a variable's number is not finite or a
   *     symbol has none
   */
  public static SecondOrderTaylor of(
      Expression expression, List<String> variables, Map<String, Double> values) {
    Objects.requireNonNull(expression, "expression");
    return new SecondOrderTaylor(expression, new Point(variables, values));
  }

  /**
   * What is expanded.
   *
   * @return the function
   */
  public Expression expression() {
    return expression;
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
   * The point of expansion.
   *
   * @return a, {@code [p]}; a copy
   */
  public double[] at() {
    return point.at();
  }

  /**
   * The value.
   *
   * @return f(a)
   */
  public double value() {
    return value;
  }

  /**
   * The gradient.
   *
   * @return ∂f/∂xⱼ at a, {@code [p]}; a copy
   */
  public double[] gradient() {
    return gradient.clone();
  }

  /**
   * The Hessian.
   *
   * @return ∂²f/∂xᵢ∂xⱼ at a, {@code [p][p]}; a copy
   */
  public double[][] hessian() {
    double[][] copy = curvature().clone();
    for (int i = 0; i < copy.length; i++) {
      copy[i] = copy[i].clone();
    }
    return copy;
  }

  private double[][] curvature() {
    double[][] known = hessian;
    if (known == null) {
      known = hessianAt(point.values());
      hessian = known;
    }
    return known;
  }

  /** The Hessian at any point, both triangles from one evaluation of the lower. */
  private double[][] hessianAt(Map<String, Double> values) {
    int p = gradient.length;
    List<Expression> lower = new ArrayList<>();
    for (int i = 0; i < p; i++) {
      lower.addAll(Derivatives.gradient(slopes.get(i), point.variables().subList(0, i + 1)));
    }
    double[] numbers = Expression.evaluate(lower, values);
    double[][] matrix = new double[p][p];
    int next = 0;
    for (int i = 0; i < p; i++) {
      for (int j = 0; j <= i; j++) {
        matrix[i][j] = numbers[next++];
        matrix[j][i] = matrix[i][j];
      }
    }
    return matrix;
  }

  /** Whether the slopes on both sides of a are the same along the axis of every variable. */
  boolean isDifferentiable() {
    return point.isDifferentiable(expression);
  }

  /** The Hessian at the end of a step from a. */
  double[][] hessianAfter(double[] step) {
    double[] x = point.at();
    for (int j = 0; j < x.length; j++) {
      x[j] += step[j];
    }
    return hessianAt(point.moved(x));
  }

  /**
   * The polynomial's value.
   *
   * @param x p numbers
   * @return f + gᵀd + ½ dᵀH d with d = x − a
   * @throws IllegalArgumentException if there are not p numbers
   */
  public double evaluate(double... x) {
    double[] d = point.step(x);
    double[][] h = curvature();
    double linear = 0;
    double quadratic = 0;
    for (int i = 0; i < d.length; i++) {
      linear += gradient[i] * d[i];
      double row = 0;
      for (int j = 0; j < d.length; j++) {
        row += h[i][j] * d[j];
      }
      quadratic += d[i] * row;
    }
    return value + (linear + 0.5 * quadratic);
  }

  /**
   * How far the polynomial is from the function, about: the estimate of {@link
   * Taylor#remainderEstimate} along the line from a to x. Rounding is not counted.
   *
   * @param x p numbers
   * @return the estimate of |f(x) − evaluate(x)|; +∞ where the series along the line does not reach
   *     x as far as its terms tell; NaN if the function has not the derivatives to tell
   * @throws IllegalArgumentException if there are not p numbers
   */
  public double remainderEstimate(double... x) {
    return point.remainder(expression, point.step(x), 2);
  }

  /**
   * Whether a is a minimum, a maximum, a saddle point, or none of these.
   *
   * @return the classification with the default tolerances
   */
  public StationaryPoint stationaryPoint() {
    return StationaryPoint.of(this);
  }

  /**
   * Value, gradient and point in a line.
   *
   * @return the text
   */
  @Override
  public String toString() {
    return value + " with gradient " + Arrays.toString(gradient) + " at " + point;
  }
}
