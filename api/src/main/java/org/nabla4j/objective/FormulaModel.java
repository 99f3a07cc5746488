package org.nabla4j.objective;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.Op;

/**
 * A model as an expression: response = prediction(θ, columns).
 *
 * <p>The response is an expression too, so that {@code log(y) = a + b*x} fits the logarithm; it
 * holds columns only. The residual is prediction - response, divided by σ where there is one.
 * Immutable.
 */
public final class FormulaModel implements ResidualModel {

  private final Expression response;
  private final Expression prediction;
  private final List<String> parameters;
  private final List<String> columns;
  private final String text;

  private FormulaModel(
      Expression response,
      Expression prediction,
      List<String> parameters,
      List<String> columns,
      String text) {
    this.response = response;
    this.prediction = prediction;
    this.parameters = parameters;
    this.columns = columns;
    this.text = text;
  }

  /**
   * A model from its two sides.
   *
   * @param response what was measured, an expression of columns
   * @param prediction what the model says of it, an expression of parameters and columns
   * @param parameters the names of the parameters, in order; every one must occur in the prediction
   * @param columns the names of the columns, in order
   * @return the model
   * @throws IllegalArgumentException if a symbol is neither parameter nor column, a name is both or
   *     given twice, a parameter does not occur in the prediction or one occurs in the response
   */
  public static FormulaModel of(
      Expression response, Expression prediction, List<String> parameters, List<String> columns) {
    Objects.requireNonNull(response, "response");
    Objects.requireNonNull(prediction, "prediction");
    Objects.requireNonNull(parameters, "parameters");
    Objects.requireNonNull(columns, "columns");
    String text = response + " = " + prediction;
    Set<String> names = new LinkedHashSet<>();
    for (String name : parameters) {
      if (!names.add(name)) {
        throw new IllegalArgumentException("parameter " + name + " is given twice");
      }
      if (!prediction.symbols().contains(name)) {
        throw new IllegalArgumentException(
            "parameter " + name + " does not occur in the model " + text);
      }
      if (response.symbols().contains(name)) {
        throw new IllegalArgumentException(
            "parameter "
                + name
                + " occurs in the response of "
                + text
                + ", expected columns only there");
      }
    }
    for (String name : columns) {
      if (!names.add(name)) {
        throw new IllegalArgumentException(
            "column " + name + " is given twice or is a parameter too");
      }
    }
    for (Expression side : List.of(prediction, response)) {
      for (String name : side.symbols()) {
        if (!names.contains(name)) {
          throw new IllegalArgumentException(
              "symbol " + name + " of " + text + " is neither a parameter nor a column");
        }
      }
    }
    return new FormulaModel(
        response, prediction, List.copyOf(parameters), List.copyOf(columns), text);
  }

  @Override
  public List<String> parameters() {
    return parameters;
  }

  @Override
  public List<String> columns() {
    return columns;
  }

  /**
   * What was measured.
   *
   * @return an expression of columns
   */
  public Expression response() {
    return response;
  }

  /**
   * What the model says of it.
   *
   * @return an expression of parameters and columns
   */
  public Expression prediction() {
    return prediction;
  }

  /**
   * The residual before weighting, prediction - response.
   *
   * @return an expression of parameters and columns
   */
  public Expression residual() {
    return Expression.of(Op.SUB, prediction, response);
  }

  @Override
  public Optional<String> responseColumn() {
    return response.op() == Op.SYMBOL ? Optional.of(response.name()) : Optional.empty();
  }

  @Override
  public String toString() {
    return text;
  }
}
