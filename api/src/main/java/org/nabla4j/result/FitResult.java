package org.nabla4j.result;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.TDistribution;
import org.nabla4j.objective.LeastSquaresProblem;
import org.nabla4j.objective.SigmaKind;

/**
 * One fit: parameters with their uncertainties, and how well the model meets the data. A view of
 * one problem of a {@link BatchFit}; {@link #toString()} is a report for people.
 */
public final class FitResult {

  private final BatchFit batch;
  private final long index;

  FitResult(BatchFit batch, long index) {
    this.batch = batch;
    this.index = index;
  }

  /**
   * What was solved.
   *
   * @return the problem, of which this fit may be one of many
   */
  public LeastSquaresProblem problem() {
    return batch.problem();
  }

  /**
   * How the fit ended.
   *
   * @return its status
   */
  public Status status() {
    return batch.status(index);
  }

  /**
   * How the fit ended, with the value that decided beside its threshold.
   *
   * @return one line
   */
  public String statusMessage() {
    return batch.statusMessage(index);
  }

  /**
   * Whether the parameters are a solution.
   *
   * @return true if the fit converged
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
    for (String name : parameterNames()) {
      map.put(name, parameter(name));
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
   * Whether a free parameter ended on one of its bounds. Its standard error, and those of
   * parameters correlated with it, then do not know of the bound.
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
   * The standard errors.
   *
   * @return a new array of p values: 0 for a fixed parameter, NaN where it was not computed or is
   *     not determined
   */
  public double[] standardErrors() {
    return batch.standardErrors(index);
  }

  /**
   * The standard error of a parameter.
   *
   * @param name its name
   * @return the square root of its variance: 0 if it is fixed, NaN if it was not computed or is not
   *     determined
   * @throws IllegalArgumentException if there is no parameter of that name
   */
  public double standardError(String name) {
    return batch.standardError(index, batch.indexOf(name));
  }

  /**
   * The covariance matrix of the parameters.
   *
   * @return a new symmetric matrix, p × p; rows and columns of fixed parameters are 0
   * @throws IllegalStateException if the method did not ask for the full covariance
   */
  public double[][] covariance() {
    return batch.covariance(index);
  }

  /**
   * The correlation matrix of the parameters, C_jk/√(C_jj·C_kk).
   *
   * @return a new symmetric matrix, p × p, with 1 on the diagonal; 0 beside it for fixed parameters
   * @throws IllegalStateException if the method did not ask for the full covariance
   */
  public double[][] correlation() {
    double[][] matrix = covariance();
    int p = matrix.length;
    double[] error = new double[p];
    for (int j = 0; j < p; j++) {
      error[j] = Math.sqrt(matrix[j][j]);
    }
    for (int j = 0; j < p; j++) {
      for (int k = 0; k < p; k++) {
        if (j == k) {
          matrix[j][k] = 1;
        } else if (error[j] > 0 && error[k] > 0) {
          // Divided one after the other: the product of two small errors may underflow.
          matrix[j][k] = matrix[j][k] / error[j] / error[k];
        }
      }
    }
    return matrix;
  }

  /**
   * The cost, ½Σρ(r²) with weighted residuals r.
   *
   * @return the cost
   */
  public double cost() {
    return batch.cost(index);
  }

  /**
   * χ² = Σr² with weighted residuals; for a robust loss Σρ(r²).
   *
   * @return twice the cost
   */
  public double chiSquared() {
    return batch.chiSquared(index);
  }

  /**
   * χ² per degree of freedom.
   *
   * @return χ²/(n-p); NaN without degrees of freedom
   */
  public double reducedChiSquared() {
    return batch.reducedChiSquared(index);
  }

  /**
   * The standard deviation of the weighted residuals, √(χ²/(n-p)).
   *
   * @return the square root of the reduced χ²; NaN without degrees of freedom
   */
  public double residualStandardDeviation() {
    return Math.sqrt(reducedChiSquared());
  }

  /**
   * The number of points that are not missing.
   *
   * @return n
   */
  public long points() {
    return batch.points(index);
  }

  /**
   * Points that are not missing less free parameters.
   *
   * @return n - p
   */
  public long degreesOfFreedom() {
    return batch.degreesOfFreedom(index);
  }

  /**
   * The probability of a χ² at least this large if the model and the given σ are right.
   *
   * @return Q(χ², n-p); NaN unless σ is {@link SigmaKind#ABSOLUTE}, the loss linear and n &gt; p
   */
  public double pValue() {
    long dof = degreesOfFreedom();
    double chiSquared = chiSquared();
    if (!absolute() || !problem().loss().isLinear() || dof <= 0 || Double.isNaN(chiSquared)) {
      return Double.NaN;
    }
    return ChiSquaredDistribution.of((double) dof).survivalProbability(chiSquared);
  }

  /**
   * The t statistic of a parameter, its value over its standard error.
   *
   * @param name its name
   * @return the ratio; NaN if the standard error is 0 or not known
   * @throws IllegalArgumentException if there is no parameter of that name
   */
  public double tStatistic(String name) {
    double error = standardError(name);
    return error > 0 ? parameter(name) / error : Double.NaN;
  }

  /**
   * A confidence interval of a parameter, symmetric about its value.
   *
   * <p>Its half width is the standard error times a quantile: of Student's t with n-p degrees of
   * freedom, or of the normal distribution where σ is {@link SigmaKind#ABSOLUTE} and nothing is
   * estimated from the residuals.
   *
   * @param name its name
   * @param level the probability, between 0 and 1, such as 0.95
   * @return the interval; NaN where the standard error is not known
   * @throws IllegalArgumentException if there is no parameter of that name or the level is out of
   *     range
   */
  public Interval confidenceInterval(String name, double level) {
    double half = quantile(level) * standardError(name);
    double value = parameter(name);
    return new Interval(value - half, value + half);
  }

  /** The quantile at (1 + level)/2 by which a standard error is multiplied. */
  double quantile(double level) {
    if (!(level > 0 && level < 1)) {
      throw new IllegalArgumentException("level = " + level + ", expected 0 < level < 1");
    }
    double tail = (1 - level) / 2;
    if (absolute()) {
      return NormalDistribution.of(0, 1).inverseSurvivalProbability(tail);
    }
    long dof = degreesOfFreedom();
    return dof > 0 ? TDistribution.of((double) dof).inverseSurvivalProbability(tail) : Double.NaN;
  }

  private boolean absolute() {
    return problem().sigmaKind() == SigmaKind.ABSOLUTE;
  }

  /**
   * The number of accepted steps.
   *
   * @return iterations
   */
  public int iterations() {
    return batch.iterations(index);
  }

  /**
   * The number of times that the model was evaluated.
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
   * The flavour of kernels that ran.
   *
   * @return a short text such as {@code vector 512-bit double}
   */
  public String kernel() {
    return batch.kernel();
  }
}
