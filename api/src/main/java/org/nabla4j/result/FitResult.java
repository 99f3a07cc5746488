package org.nabla4j.result;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntToDoubleFunction;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.TDistribution;
import org.nabla4j.method.LeastSquaresMethod;
import org.nabla4j.objective.LeastSquaresProblem;
import org.nabla4j.objective.SigmaKind;

/**
 * One fit: parameters with their uncertainties, and how well the model meets the data. A view of
 * one problem of a {@link BatchFit}; {@link #toString()} is a report for people.
 */
public final class FitResult {

  private final BatchFit batch;
  private final long index;
  private volatile ResidualStatistics sums;

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
   * How the fit ended, with the value that decided beside its threshold; of a fit that is {@link
   * Status#NON_FINITE} what is to blame, see {@link BatchFit#statusMessage(long)}.
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
   * The standard deviation of the weighted residuals, √(χ²/(n-p)). Without σ and weights it is in
   * units of the response and estimates the noise; with them it is a plain number, 1 where σ is
   * right. With a robust loss χ² is robust, and so is this.
   *
   * @return the square root of the reduced χ²; NaN without degrees of freedom
   */
  public double residualStandardDeviation() {
    return Math.sqrt(reducedChiSquared());
  }

  /**
   * The number of points that are not missing; those of weight 0 are among them.
   *
   * @return n
   */
  public long points() {
    return batch.points(index);
  }

  /**
   * Points that are not missing, those of weight 0 included, less free parameters; see {@link
   * BatchFit#degreesOfFreedom(long)}.
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
   * The coefficient of determination, 1 - Σw(y-f)²/Σw(y-ȳ)² with weights w = 1/σ² and the weighted
   * mean ȳ; a robust loss does not enter.
   *
   * @return R²; NaN if the response is constant or, for a coded model, not known or the loss robust
   */
  public double rSquared() {
    ResidualStatistics sums = sums();
    double residual = problem().loss().isLinear() ? chiSquared() : sums.residual();
    return sums.total() > 0 ? 1 - residual / sums.total() : Double.NaN;
  }

  /**
   * R² with a price for each parameter, 1 - (1 - R²)(n-1)/(n-p).
   *
   * @return the adjusted R²; NaN without degrees of freedom or where R² is
   */
  public double adjustedRSquared() {
    long dof = degreesOfFreedom();
    return dof > 0 ? 1 - (1 - rSquared()) * (points() - 1) / dof : Double.NaN;
  }

  /**
   * Akaike's information criterion, -2 log L + 2k, for normal errors.
   *
   * <p>With {@link SigmaKind#ABSOLUTE} k = p and -2 log L = χ² + n log 2π + Σ log σ². Otherwise the
   * scale is estimated too, k = p + 1 and -2 log L = n(log(2πχ²/n) + 1) + Σ log σ². Points of
   * weight 0 do not count.
   *
   * @return the criterion; NaN with a robust loss
   */
  public double aic() {
    return deviance() + 2.0 * estimated();
  }

  /**
   * The Bayesian information criterion, -2 log L + k log n, for normal errors; see {@link #aic()}.
   *
   * @return the criterion; NaN with a robust loss
   */
  public double bic() {
    return deviance() + Math.log((double) sums().points()) * estimated();
  }

  /** k of the information criteria. */
  private int estimated() {
    return problem().freeCount() + (absolute() ? 0 : 1);
  }

  /** -2 log L. */
  private double deviance() {
    if (!problem().loss().isLinear()) {
      return Double.NaN;
    }
    ResidualStatistics sums = sums();
    double n = sums.points();
    double chiSquared = chiSquared();
    double spread =
        absolute()
            ? chiSquared + n * Math.log(2 * Math.PI)
            : n * (Math.log(2 * Math.PI * chiSquared / n) + 1);
    return spread - sums.logWeights();
  }

  /** Made when first asked for, since it reads all the data. */
  private ResidualStatistics sums() {
    ResidualStatistics current = sums;
    if (current == null) {
      current = ResidualStatistics.of(problem(), batch.evaluator(), index, parameters());
      sums = current;
    }
    return current;
  }

  /**
   * The residuals, response - prediction, not weighted. Java code, a {@link
   * org.nabla4j.objective.CodedModel}, is not run again for them.
   *
   * @return a new array of n values; NaN where a point is missing
   * @throws IllegalStateException if the model is not a formula
   * @throws ArithmeticException if one array cannot hold them
   */
  public double[] residuals() {
    return ResidualStatistics.residuals(problem(), formula(), index, parameters());
  }

  /**
   * What the model predicts for new values of its only column.
   *
   * @param x the column's values; not modified
   * @return a new array of predictions, in units of the response
   * @throws IllegalStateException if the model is not a formula
   * @throws IllegalArgumentException if it reads more columns than one
   */
  public double[] predict(double... x) {
    return predict(only(x));
  }

  /**
   * What the model predicts for new data.
   *
   * @param columns the values of each column that the prediction reads; not modified
   * @return a new array of predictions, in units of the response
   * @throws IllegalStateException if the model is not a formula
   * @throws IllegalArgumentException if a column is missing or the lengths differ
   */
  public double[] predict(Map<String, double[]> columns) {
    Objects.requireNonNull(columns, "columns");
    double[][] rows = formula().gradientAt(parameters(), columns);
    double[] fit = new double[rows.length];
    for (int k = 0; k < fit.length; k++) {
      fit[k] = rows[k][0];
    }
    return fit;
  }

  /**
   * A confidence band: intervals for the mean response at new values of the model's only column.
   *
   * @param level the probability, between 0 and 1, such as 0.95
   * @param x the column's values; not modified
   * @return the curve with its intervals
   * @throws IllegalStateException if the model is not a formula, or the covariance is not full
   * @throws IllegalArgumentException if it reads more columns than one or the level is out of range
   */
  public Band confidenceBand(double level, double... x) {
    return confidenceBand(level, only(x));
  }

  /**
   * A confidence band: intervals for the mean response at new data.
   *
   * <p>With g the gradient of the prediction and C the covariance, the variance of a prediction is
   * gᵀCg to first order; half an interval is its square root times the quantile of {@link
   * #confidenceInterval}.
   *
   * @param level the probability, between 0 and 1, such as 0.95
   * @param columns the values of each column that the prediction reads; not modified
   * @return the curve with its intervals
   * @throws IllegalStateException if the model is not a formula, or the covariance is not full
   * @throws IllegalArgumentException if a column is missing or the level is out of range
   */
  public Band confidenceBand(double level, Map<String, double[]> columns) {
    Objects.requireNonNull(columns, "columns");
    return band(level, columns, k -> 0);
  }

  /**
   * A prediction band: intervals for single new observations at new values of the model's only
   * column.
   *
   * <p>The variance of an observation is gᵀCg + χ²/(n-p). With a robust loss χ² is Σρ(r²): the
   * noise of an observation is then that of the bulk of the data, outliers entering as far as ρ
   * lets them, and the band is one for new observations that are no outliers; Σρ is less than the
   * sum of squares, so that for data without outliers the band is a little narrow. C is the
   * covariance of an M-estimator, whose scale Σψ²/(Σψ')² says how well parameters are known, not
   * how observations scatter; hence it is not used for the noise.
   *
   * @param level the probability, between 0 and 1, such as 0.95
   * @param x the column's values; not modified
   * @return the curve with its intervals
   * @throws IllegalStateException if the model is not a formula, the covariance is not full, or the
   *     fit has σ or weights, so that those of the new observations must be given
   * @throws IllegalArgumentException if it reads more columns than one or the level is out of range
   */
  public Band predictionBand(double level, double... x) {
    Objects.requireNonNull(x, "x");
    if (problem().sigma().isPresent() || problem().weights().isPresent()) {
      throw new IllegalStateException(
          "the fit has sigma or weights: give the sigma of the new observations too");
    }
    double variance = reducedChiSquared();
    return band(level, only(x), k -> variance);
  }

  /**
   * A prediction band: intervals for single new observations at new data.
   *
   * <p>The variance of an observation is gᵀCg + σ², with σ² scaled by χ²/(n-p) unless σ is {@link
   * SigmaKind#ABSOLUTE}. With a robust loss χ² is Σρ(r²), as in {@link #predictionBand(double,
   * double...)}; where σ is ABSOLUTE it is taken as given, though C follows from the residuals then
   * too.
   *
   * @param level the probability, between 0 and 1, such as 0.95
   * @param columns the values of each column that the prediction reads; not modified
   * @param sigma σ of each new observation; not modified
   * @return the curve with its intervals
   * @throws IllegalStateException if the model is not a formula, or the covariance is not full
   * @throws IllegalArgumentException if a column is missing, a length differs or the level is out
   *     of range
   */
  public Band predictionBand(double level, Map<String, double[]> columns, double[] sigma) {
    Objects.requireNonNull(columns, "columns");
    Objects.requireNonNull(sigma, "sigma");
    for (Map.Entry<String, double[]> column : columns.entrySet()) {
      if (column.getValue().length != sigma.length) {
        throw new IllegalArgumentException(
            "sigma has "
                + sigma.length
                + " values, expected "
                + column.getValue().length
                + " as in column "
                + column.getKey());
      }
    }
    double scale = absolute() ? 1 : reducedChiSquared();
    return band(level, columns, k -> sigma[k] * sigma[k] * scale);
  }

  private Band band(double level, Map<String, double[]> columns, IntToDoubleFunction noise) {
    double[][] matrix = covariance();
    double quantile = quantile(level);
    double[][] rows = formula().gradientAt(parameters(), columns);
    int n = rows.length;
    Band band = new Band(new double[n], new double[n], new double[n]);
    for (int k = 0; k < n; k++) {
      double variance = noise.applyAsDouble(k);
      for (int i = 0; i < matrix.length; i++) {
        for (int j = 0; j < matrix.length; j++) {
          variance += rows[k][1 + i] * matrix[i][j] * rows[k][1 + j];
        }
      }
      double half = quantile * Math.sqrt(variance);
      band.fit()[k] = rows[k][0];
      band.lower()[k] = rows[k][0] - half;
      band.upper()[k] = rows[k][0] + half;
    }
    return band;
  }

  private Map<String, double[]> only(double[] x) {
    Objects.requireNonNull(x, "x");
    List<String> predictors = formula().predictors();
    if (predictors.size() != 1) {
      throw new IllegalArgumentException(
          "the prediction reads " + predictors + ", expected one column; give each by name");
    }
    return Map.of(predictors.get(0), x);
  }

  private ModelEvaluator formula() {
    return batch
        .evaluator()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "the model is Java code for residuals, expected a formula to predict from"));
  }

  /**
   * How it was solved.
   *
   * @return the method with its options
   */
  public LeastSquaresMethod method() {
    return batch.method();
  }

  /**
   * The number of steps that the fit tried.
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
   * @return a short text such as {@code vector 8 x double, fma}
   */
  public String kernel() {
    return batch.kernel();
  }

  /**
   * A report: parameters with errors and intervals, statistics, how the fit ended. Several lines,
   * the last one without a line end.
   */
  @Override
  public String toString() {
    return Report.of(this);
  }
}
