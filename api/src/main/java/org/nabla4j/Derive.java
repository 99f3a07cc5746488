package org.nabla4j;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.nabla4j.calculus.SecondOrderTaylor;
import org.nabla4j.calculus.Taylor;
import org.nabla4j.expression.Derivatives;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.Formula;
import org.nabla4j.expression.ReadableForm;

/**
 * Derivatives of a formula, as formulas and as numbers:
 *
 * <pre>{@code
 * Derive f = Derive.of("x^2*sin(y)");
 * f.gradient();                      // [2*x*sin(y), x^2*cos(y)]
 * f.derivative("x", "y");            // 2*x*cos(y)
 * f.at(1, 0).gradient();             // {0.0, 1.0}
 * f.at(1, 0).hessian();              // {{0.0, 2.0}, {2.0, 0.0}}
 * Derive.of("exp(sin(x))").taylor("x", 4);   // 1 + x + 0.5*x^2 - 0.125*x^4 + O(x^5)
 * }</pre>
 *
 * <p>Derivatives are exact, by the chain rule; see {@link Derivatives} for what holds at kinks.
 * Formulas are shown in their {@link ReadableForm}; numbers, as those of {@link #at(double...)},
 * come from the derivatives as the rules give them.
 *
 * <p>Immutable.
 */
public final class Derive {

  private final Expression expression;
  private final List<String> variables;

  private Derive(Expression expression, List<String> variables) {
    this.expression = expression;
    this.variables = variables;
  }

  /**
   * Derives a formula by all of its symbols.
   *
   * @param formula such as {@code "x^2*sin(y)"}
   * @return the formula with its symbols, in order of first appearance, as variables
   * @throws org.nabla4j.expression.FormulaException if the text is no formula; it points at the
   *     place
   * @throws IllegalArgumentException if the formula is an equation
   */
  public static Derive of(String formula) {
    return of(Formula.parse(Objects.requireNonNull(formula, "formula")));
  }

  /**
   * Derives a formula by all of its symbols.
   *
   * @param formula a formula without a response
   * @return the formula with its symbols, in order of first appearance, as variables
   * @throws IllegalArgumentException if the formula has a response
   */
  public static Derive of(Formula formula) {
    Objects.requireNonNull(formula, "formula");
    if (formula.response().isPresent()) {
      throw new IllegalArgumentException(
          "formula = '" + formula.text() + "', expected an expression without an equals sign");
    }
    return of(formula.expression());
  }

  /**
   * Derives an expression by all of its symbols.
   *
   * @param expression any expression
   * @return the expression with its symbols, in order of first appearance, as variables
   */
  public static Derive of(Expression expression) {
    Objects.requireNonNull(expression, "expression");
    return new Derive(expression, List.copyOf(expression.symbols()));
  }

  /**
   * The same formula with other variables: the rest of its symbols count as constants.
   *
   * @param names names of p symbols, each once; derivatives by one that does not occur are 0
   * @return a changed copy
   * @throws IllegalArgumentException if a name cannot be a symbol's or stands twice
   */
  public Derive by(String... names) {
    Objects.requireNonNull(names, "names");
    LinkedHashSet<String> distinct = new LinkedHashSet<>();
    for (int j = 0; j < names.length; j++) {
      Expression.symbol(Objects.requireNonNull(names[j], "names[" + j + "] must not be null"));
      if (!distinct.add(names[j])) {
        throw new IllegalArgumentException(
            "names must hold no name twice, but has '" + names[j] + "' again");
      }
    }
    return new Derive(expression, List.copyOf(distinct));
  }

  /**
   * What is derived.
   *
   * @return the expression
   */
  public Expression expression() {
    return expression;
  }

  /**
   * What it is derived by.
   *
   * @return p names, unmodifiable
   */
  public List<String> variables() {
    return variables;
  }

  /**
   * A derivative by one symbol after the other: {@code derivative("x", "x", "y")} is ∂³f/∂x∂x∂y.
   *
   * @param names names of symbols, variables or not
   * @return the derivative; the expression itself if there is no name
   */
  public Expression derivative(String... names) {
    Objects.requireNonNull(names, "names");
    Expression derivative = expression;
    for (int j = 0; j < names.length; j++) {
      derivative =
          Derivatives.derivative(
              derivative, Objects.requireNonNull(names[j], "names[" + j + "] must not be null"));
    }
    return names.length == 0 ? derivative : ReadableForm.of(derivative);
  }

  /**
   * The gradient as formulas.
   *
   * @return ∂f/∂xⱼ, p of them, unmodifiable
   */
  public List<Expression> gradient() {
    return Derivatives.gradient(expression, variables).stream().map(ReadableForm::of).toList();
  }

  /**
   * The Hessian as formulas.
   *
   * @return p rows of ∂²f/∂xᵢ∂xⱼ, unmodifiable; row i column j is the same object as row j column i
   */
  public List<List<Expression>> hessian() {
    List<List<Expression>> derived = Derivatives.hessian(expression, variables);
    List<List<Expression>> rows = new ArrayList<>();
    derived.forEach(row -> rows.add(new ArrayList<>(row)));
    for (int i = 0; i < rows.size(); i++) {
      for (int j = 0; j <= i; j++) {
        Expression entry = ReadableForm.of(derived.get(i).get(j));
        rows.get(i).set(j, entry);
        rows.get(j).set(i, entry);
      }
    }
    rows.replaceAll(Collections::unmodifiableList);
    return Collections.unmodifiableList(rows);
  }

  /**
   * Value, gradient, Hessian and the kind of point as numbers.
   *
   * @param values a number for every variable, in their order
   * @return the expansion to second order
   * @throws IllegalArgumentException if there are not as many numbers as variables, one is not
   *     finite, or other symbols of the formula have no number: {@link #at(Map)} takes those too
   */
  public SecondOrderTaylor at(double... values) {
    Objects.requireNonNull(values, "values");
    if (values.length != variables.size()) {
      throw new IllegalArgumentException(
          "values = "
              + Arrays.toString(values)
              + ", expected "
              + variables.size()
              + " numbers, one for each of "
              + variables);
    }
    return SecondOrderTaylor.of(expression, variables, values);
  }

  /**
   * Value, gradient, Hessian and the kind of point as numbers.
   *
   * @param values a number for every symbol of the formula, those of the variables finite; further
   *     ones are ignored
   * @return the expansion to second order
   * @throws IllegalArgumentException if a symbol has no number or a variable's is not finite
   */
  public SecondOrderTaylor at(Map<String, Double> values) {
    Objects.requireNonNull(values, "values");
    return SecondOrderTaylor.of(expression, variables, values);
  }

  /**
   * The Taylor polynomial at 0 of a formula with one symbol.
   *
   * @param symbol the variable
   * @param order 0 ≤ order ≤ 1000
   * @return the polynomial
   * @throws IllegalArgumentException if the formula has other symbols, the order is out of range or
   *     the function has fewer derivatives at 0
   */
  public Taylor taylor(String symbol, int order) {
    return taylor(symbol, order, Map.of());
  }

  /**
   * The Taylor polynomial in one of the formula's symbols.
   *
   * @param symbol the variable
   * @param order 0 ≤ order ≤ 1000
   * @param values a number for every other symbol, and the point of expansion for the symbol
   *     itself: 0 if it has none
   * @return the polynomial
   * @throws IllegalArgumentException if another symbol has no number, the order is out of range,
   *     the point is not finite or the function has fewer derivatives there
   */
  public Taylor taylor(String symbol, int order, Map<String, Double> values) {
    Objects.requireNonNull(symbol, "symbol");
    Objects.requireNonNull(values, "values");
    return Taylor.of(expression, symbol, values.getOrDefault(symbol, 0.0), order, values);
  }

  /**
   * The formula and its variables.
   *
   * @return the text
   */
  @Override
  public String toString() {
    return expression + " by " + String.join(", ", variables);
  }
}
