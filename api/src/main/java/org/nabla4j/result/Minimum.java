package org.nabla4j.result;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.nabla4j.method.MinimizationMethod;
import org.nabla4j.objective.Constraint;
import org.nabla4j.objective.MinimizationProblem;

/**
 * One minimum: parameters, f, ∇f and the multipliers. A view of one problem of a {@link
 * BatchMinima}; {@link #toString()} is a report for people.
 */
public final class Minimum {

  private final BatchMinima batch;
  private final long index;

  Minimum(BatchMinima batch, long index) {
    this.batch = batch;
    this.index = index;
  }

  /**
   * What was minimised.
   *
   * @return the problem, of which this minimum may be one of many
   */
  public MinimizationProblem problem() {
    return batch.problem();
  }

  /**
   * How it was minimised.
   *
   * @return the method with its options
   */
  public MinimizationMethod method() {
    return batch.method();
  }

  /**
   * How the search ended.
   *
   * @return its status
   */
  public Status status() {
    return batch.status(index);
  }

  /**
   * How the search ended, with the value that decided beside its threshold.
   *
   * @return one line
   */
  public String statusMessage() {
    return batch.statusMessage(index);
  }

  /**
   * Whether the parameters are a minimum.
   *
   * @return true if the search converged
   */
  public boolean converged() {
    return status().converged();
  }

  /**
   * The names of the parameters, in order.
   *
   * @return p names, not modifiable
   */
  public List<String> parameterNames() {
    return batch.parameterNames();
  }

  /**
   * The parameters.
   *
   * @return a new array of p values
   */
  public double[] parameters() {
    return batch.parameters(index);
  }

  /**
   * A parameter.
   *
   * @param name its name
   * @return its value
   * @throws IllegalArgumentException if there is no parameter of that name
   */
  public double parameter(String name) {
    return batch.parameter(index, name);
  }

  /**
   * The parameters by name.
   *
   * @return a new map in the order of the parameters
   */
  public Map<String, Double> toMap() {
    Map<String, Double> map = new LinkedHashMap<>();
    List<String> names = parameterNames();
    for (int j = 0; j < names.size(); j++) {
      map.put(names.get(j), batch.parameter(index, j));
    }
    return map;
  }

  /**
   * Whether a parameter was held at its start value.
   *
   * @param name its name
   * @return true if it is fixed
   * @throws IllegalArgumentException if there is no parameter of that name
   */
  public boolean isFixed(String name) {
    return problem().isFixed(batch.indexOf(name));
  }

  /**
   * Whether a free parameter ended on one of its bounds.
   *
   * @param name its name
   * @return true if its value is its lower or upper bound
   * @throws IllegalArgumentException if there is no parameter of that name
   */
  public boolean isAtBound(String name) {
    int j = batch.indexOf(name);
    double value = batch.parameter(index, j);
    return !problem().isFixed(j)
        && (value == problem().lower()[j] || value == problem().upper()[j]);
  }

  /**
   * f at the minimum.
   *
   * @return f
   */
  public double value() {
    return batch.value(index);
  }

  /**
   * ∇f at the minimum, see {@link BatchMinima#gradient(long)}.
   *
   * @return a new array of p values
   */
  public double[] gradient() {
    return batch.gradient(index);
  }

  /**
   * How far the condition for a minimum is from being met, see {@link
   * BatchMinima#gradientNorm(long)}.
   *
   * @return ‖∇f − Σ multiplier·∇g − bound multipliers‖
   */
  public double gradientNorm() {
    return batch.gradientNorm(index);
  }

  /**
   * The multipliers of the constraints, in their order; ∇f = Σ multiplier·∇g.
   *
   * @return a new array with one for each constraint
   */
  public double[] multipliers() {
    return batch.multipliers(index);
  }

  /**
   * The multiplier of a constraint: by how much f would change, to first order, if g = 0 became g =
   * 1.
   *
   * @param constraint the text of the constraint as it was written
   * @return its multiplier
   * @throws IllegalArgumentException if there is no such constraint
   */
  public double multiplier(String constraint) {
    Objects.requireNonNull(constraint, "constraint");
    List<String> texts = problem().constraints().stream().map(Constraint::toString).toList();
    int k = texts.indexOf(constraint);
    if (k < 0) {
      throw new IllegalArgumentException(
          "no constraint '" + constraint + "', expected one of " + texts);
    }
    return multipliers()[k];
  }

  /**
   * The multipliers of the bounds, see {@link BatchMinima#boundMultipliers(long)}.
   *
   * @return a new array of p values
   */
  public double[] boundMultipliers() {
    return batch.boundMultipliers(index);
  }

  /**
   * The covariance of the parameters, the inverse of the Hessian of a negative log-likelihood; see
   * {@link BatchMinima#covariance(long)} for the equation and for when it holds.
   *
   * @return a new symmetric matrix, p × p; rows and columns of fixed parameters are 0, those of
   *     parameters that a bound holds are NaN, and all others are NaN where {@link
   *     #covarianceFailure()} says why
   * @throws IllegalStateException if the objective was not said to be a negative log-likelihood
   */
  public double[][] covariance() {
    return batch.covariance(index);
  }

  /**
   * The standard errors of the parameters, the roots of their variances.
   *
   * @return a new array of p values; 0 if one is fixed, NaN where there is none
   * @throws IllegalStateException if the objective was not said to be a negative log-likelihood
   */
  public double[] standardErrors() {
    return batch.standardErrors(index);
  }

  /**
   * The standard error of a parameter.
   *
   * @param name its name
   * @return its standard error; 0 if it is fixed, NaN where there is none
   * @throws IllegalArgumentException if there is no parameter of that name
   * @throws IllegalStateException if the objective was not said to be a negative log-likelihood
   */
  public double standardError(String name) {
    return batch.standardError(index, batch.indexOf(name));
  }

  /**
   * The standard errors by name, beside {@link #toMap()}.
   *
   * @return a new map in the order of the parameters
   * @throws IllegalStateException if the objective was not said to be a negative log-likelihood
   */
  public Map<String, Double> standardErrorsToMap() {
    Map<String, Double> map = new LinkedHashMap<>();
    for (String name : parameterNames()) {
      map.put(name, standardError(name));
    }
    return map;
  }

  /**
   * Why there are no standard errors.
   *
   * @return the reason, such as "the Hessian is not positive definite"; empty if there are
   * @throws IllegalStateException if the objective was not said to be a negative log-likelihood
   */
  public Optional<String> covarianceFailure() {
    return batch.covarianceFailure(index);
  }

  /**
   * The number of steps.
   *
   * @return iterations
   */
  public int iterations() {
    return batch.iterations(index);
  }

  /**
   * The number of times that the objective was evaluated.
   *
   * @return evaluations
   */
  public int evaluations() {
    return batch.evaluations(index);
  }

  /**
   * The name of the backend that ran.
   *
   * @return its name
   */
  public String backend() {
    return batch.backend();
  }

  /**
   * What evaluated the objective.
   *
   * @return a short text
   */
  public String kernel() {
    return batch.kernel();
  }

  /**
   * A report: parameters, f, multipliers, how the search ended. Several lines, the last one without
   * a line end.
   */
  @Override
  public String toString() {
    return MinimumReport.of(this);
  }
}
