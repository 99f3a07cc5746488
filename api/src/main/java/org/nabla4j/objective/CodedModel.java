package org.nabla4j.objective;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A model as Java code over ND4J arrays, for what no formula expresses: lookups, solvers, networks.
 *
 * <p>The code is called with the parameters of b problems at a time and computes the residuals of
 * all of them, before weighting by σ. It may be called by several threads at once, each with arrays
 * of its own. Without a Jacobian the solver takes finite differences.
 *
 * <p>A result has parameters, standard errors, covariance, χ² and the information criteria as that
 * of a formula. R² needs {@link #withResponse}, and is not known with a robust loss. {@code
 * residuals()}, {@code predict} and the bands of {@link org.nabla4j.result.FitResult} need a
 * formula: they throw an {@link IllegalStateException}.
 */
public final class CodedModel implements ResidualModel {

  /** Residuals of several problems at once. */
  @FunctionalInterface
  public interface Residuals {
    /**
     * Computes r = prediction - response.
     *
     * @param theta parameters, {@code [b, p]} double, not to be modified
     * @param data the columns in the model's order, each {@code [1, n]} where it is shared and
     *     {@code [b, n]} where it is not, double, not to be modified
     * @return residuals {@code [b, n]}, a new array of double or float
     */
    INDArray residuals(INDArray theta, INDArray[] data);
  }

  /** Derivatives of the residuals of several problems at once. */
  @FunctionalInterface
  public interface Jacobian {
    /**
     * Computes ∂r/∂θ.
     *
     * @param theta parameters, {@code [b, p]} double, not to be modified
     * @param data the columns in the model's order, each {@code [1, n]} where it is shared and
     *     {@code [b, n]} where it is not, double, not to be modified
     * @return derivatives {@code [b, n, p]}, a new array of double or float
     */
    INDArray jacobian(INDArray theta, INDArray[] data);
  }

  private final List<String> parameters;
  private final List<String> columns;
  private final String response;
  private final Residuals residuals;
  private final Jacobian jacobian;

  private CodedModel(
      List<String> parameters,
      List<String> columns,
      String response,
      Residuals residuals,
      Jacobian jacobian) {
    this.parameters = parameters;
    this.columns = columns;
    this.response = response;
    this.residuals = residuals;
    this.jacobian = jacobian;
  }

  /**
   * A model from its residuals.
   *
   * @param parameters the names of the parameters, in the order of θ
   * @param columns the names of the columns, in the order in which the code takes them
   * @param residuals the code
   * @return the model, with a Jacobian by finite differences
   * @throws IllegalArgumentException if there is no parameter or no column or a name is given twice
   */
  public static CodedModel of(List<String> parameters, List<String> columns, Residuals residuals) {
    Objects.requireNonNull(parameters, "parameters");
    Objects.requireNonNull(columns, "columns");
    Objects.requireNonNull(residuals, "residuals");
    if (parameters.isEmpty() || columns.isEmpty()) {
      throw new IllegalArgumentException(
          "parameters = "
              + parameters
              + ", columns = "
              + columns
              + ": at least one of each is needed");
    }
    Set<String> names = new LinkedHashSet<>();
    for (List<String> list : List.of(parameters, columns)) {
      for (String name : list) {
        if (!names.add(name)) {
          throw new IllegalArgumentException("the name " + name + " is given twice");
        }
      }
    }
    return new CodedModel(List.copyOf(parameters), List.copyOf(columns), null, residuals, null);
  }

  /**
   * Adds exact derivatives.
   *
   * @param code computes ∂r/∂θ
   * @return a changed copy
   */
  public CodedModel withJacobian(Jacobian code) {
    return new CodedModel(
        parameters, columns, response, residuals, Objects.requireNonNull(code, "code"));
  }

  /**
   * Names the column that is the response, for the coefficient of determination R².
   *
   * @param column one of the columns
   * @return a changed copy
   * @throws IllegalArgumentException if there is no such column
   */
  public CodedModel withResponse(String column) {
    Objects.requireNonNull(column, "column");
    if (!columns.contains(column)) {
      throw new IllegalArgumentException(
          "response = " + column + ", expected one of the columns " + columns);
    }
    return new CodedModel(parameters, columns, column, residuals, jacobian);
  }

  @Override
  public List<String> parameters() {
    return parameters;
  }

  @Override
  public List<String> columns() {
    return columns;
  }

  @Override
  public Optional<String> responseColumn() {
    return Optional.ofNullable(response);
  }

  /**
   * The code of the residuals.
   *
   * @return the function
   */
  public Residuals residuals() {
    return residuals;
  }

  /**
   * The code of the derivatives, if there is one.
   *
   * @return the function
   */
  public Optional<Jacobian> jacobian() {
    return Optional.ofNullable(jacobian);
  }

  @Override
  public String toString() {
    return "coded(" + String.join(", ", parameters) + "; " + String.join(", ", columns) + ")";
  }
}
