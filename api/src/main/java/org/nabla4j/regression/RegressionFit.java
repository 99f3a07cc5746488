package org.nabla4j.regression;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.TDistribution;
import org.nabla4j.backend.Backend;
import org.nabla4j.backend.Execution;
import org.nabla4j.data.Rows;
import org.nabla4j.result.Interval;

/**
 * A fitted regression: coefficients with their uncertainties, and how well the model meets the
 * data. Immutable; {@link #toString()} is a table for people, {@link #toMap()} holds the numbers.
 *
 * <p>A coefficient of a column that was left out because it depends on others is NaN, and so is
 * everything about it; see {@link #dependencies()}.
 */
public final class RegressionFit {

  private final FitRecord record;
  private final List<String> names;

  /**
   * A fit.
   *
   * @param record what was found; owned by the fit from now on
   */
  RegressionFit(FitRecord record) {
    this.record = record;
    names = record.design.columns().stream().map(DesignColumn::name).toList();
  }

  /**
   * The same fit whose predictions are computed by a backend.
   *
   * @param backend stays open as long as predictions are made
   * @return a changed copy
   */
  public RegressionFit predictedBy(Backend backend) {
    FitRecord changed = record.copy();
    changed.engine = Objects.requireNonNull(backend, "backend");
    return new RegressionFit(changed);
  }

  /** What was found. */
  FitRecord values() {
    return record;
  }

  /**
   * What was fitted.
   *
   * @return OLS, WLS (with weights), Ridge or another short name
   */
  public String model() {
    return record.model;
  }

  /**
   * What the model describes.
   *
   * @return the response as the formula says it
   */
  public String response() {
    return record.response;
  }

  /**
   * The columns of X and their names.
   *
   * @return the design that was fitted
   */
  public Design design() {
    return record.design;
  }

  /**
   * The names of the coefficients, in order.
   *
   * @return p names, not modifiable
   */
  public List<String> names() {
    return names;
  }

  /**
   * The coefficients.
   *
   * @return a new array of p values; NaN for columns that were left out
   */
  public double[] coefficients() {
    return record.coefficients.clone();
  }

  /**
   * A coefficient.
   *
   * @param name its name
   * @return its value; NaN if its column was left out
   * @throws IllegalArgumentException if there is no coefficient of that name
   */
  public double coefficient(String name) {
    return record.coefficients[indexOf(name)];
  }

  /**
   * The standard errors.
   *
   * @return a new array of p values; NaN where a column was left out or there are no degrees of
   *     freedom
   */
  public double[] standardErrors() {
    double[] errors = new double[names.size()];
    for (int j = 0; j < errors.length; j++) {
      errors[j] = standardError(j);
    }
    return errors;
  }

  /**
   * The standard error of a coefficient.
   *
   * @param name its name
   * @return the square root of its variance
   * @throws IllegalArgumentException if there is no coefficient of that name
   */
  public double standardError(String name) {
    return standardError(indexOf(name));
  }

  private double standardError(int j) {
    return Math.sqrt(record.covariance[j][j]);
  }

  /**
   * A coefficient over its standard error.
   *
   * @param name its name
   * @return t, or z where the dispersion is known
   * @throws IllegalArgumentException if there is no coefficient of that name
   */
  public double statistic(String name) {
    int j = indexOf(name);
    return record.coefficients[j] / standardError(j);
  }

  /**
   * The probability of a statistic at least as far from 0 if the coefficient were 0.
   *
   * @param name its name
   * @return two-sided, of Student's t with {@link #degreesOfFreedom()}, with G − 1 for errors
   *     clustered by G clusters, or of the normal distribution where the dispersion is known; NaN
   *     without degrees of freedom
   * @throws IllegalArgumentException if there is no coefficient of that name
   */
  public double pValue(String name) {
    double statistic = Math.abs(statistic(name));
    double degrees = record.testDegreesOfFreedom();
    if (Double.isNaN(statistic) || (!record.normal && !(degrees > 0))) {
      return Double.NaN;
    }
    double tail =
        record.normal
            ? NormalDistribution.of(0, 1).survivalProbability(statistic)
            : TDistribution.of(degrees).survivalProbability(statistic);
    return 2 * tail;
  }

  /**
   * A confidence interval of a coefficient, symmetric about its value.
   *
   * @param name its name
   * @param level the probability, between 0 and 1, such as 0.95
   * @return the interval; NaN where the standard error is not known
   * @throws IllegalArgumentException if there is no coefficient of that name or the level is out of
   *     range
   */
  public Interval interval(String name, double level) {
    int j = indexOf(name);
    double half = quantile(level) * standardError(j);
    return new Interval(record.coefficients[j] - half, record.coefficients[j] + half);
  }

  /** The quantile at (1 + level)/2 by which a standard error is multiplied. */
  double quantile(double level) {
    if (!(level > 0 && level < 1)) {
      throw new IllegalArgumentException("level = " + level + ", expected 0 < level < 1");
    }
    double tail = (1 - level) / 2;
    if (record.normal) {
      return NormalDistribution.of(0, 1).inverseSurvivalProbability(tail);
    }
    double degrees = record.testDegreesOfFreedom();
    return degrees > 0 ? TDistribution.of(degrees).inverseSurvivalProbability(tail) : Double.NaN;
  }

  /**
   * The covariance matrix of the coefficients.
   *
   * @return a new symmetric matrix, p × p; NaN in rows and columns of what was left out
   */
  public double[][] covariance() {
    double[][] copy = new double[record.covariance.length][];
    for (int i = 0; i < copy.length; i++) {
      copy[i] = record.covariance[i].clone();
    }
    return copy;
  }

  /**
   * The correlation matrix of the coefficients, C_jk/√(C_jj·C_kk).
   *
   * @return a new symmetric matrix, p × p, with 1 on the diagonal; NaN in rows and columns of what
   *     was left out
   */
  public double[][] correlation() {
    double[][] matrix = covariance();
    double[] errors = standardErrors();
    for (int i = 0; i < errors.length; i++) {
      for (int j = 0; j < errors.length; j++) {
        // Divided one after the other: the product of two small errors may underflow.
        matrix[i][j] = i == j && errors[i] > 0 ? 1 : matrix[i][j] / errors[i] / errors[j];
      }
    }
    return matrix;
  }

  /**
   * How much the other columns inflate the variance of a coefficient, 1/(1 − R²) with R² that of a
   * regression of its column on the others.
   *
   * @param name the coefficient's name
   * @return ≥ 1 without a penalty; NaN for the intercept and for what was left out
   * @throws IllegalArgumentException if there is no coefficient of that name
   */
  public double varianceInflation(String name) {
    return record.varianceInflation[indexOf(name)];
  }

  /**
   * The condition number κ of the matrix that was solved: the largest over the smallest singular
   * value of X with columns scaled to length 1, about their means if there is an intercept. A
   * relative change of 1/κ in the data may make columns dependent.
   *
   * @return κ ≥ 1 within a few percent, of the columns that were kept
   */
  public double conditionNumber() {
    return record.conditionNumber;
  }

  /**
   * The share of the response's variation that the model explains, 1 − RSS/TSS. With an intercept
   * TSS is about the weighted mean, without one about 0, as in R.
   *
   * @return R²; NaN if the response does not vary, or the model is no linear one
   */
  public double rSquared() {
    return record.rSquared;
  }

  /**
   * R² with a price for each coefficient, 1 − (1 − R²)(n − 1)/(n − p), n in the place of n − 1
   * without an intercept.
   *
   * @return the adjusted R²; NaN without degrees of freedom
   */
  public double adjustedRSquared() {
    return record.adjustedRSquared;
  }

  /**
   * The test that all coefficients but the intercept are 0.
   *
   * @return F with rank − 1 (rank without an intercept) and n − p degrees of freedom; NaN if there
   *     are no such coefficients or no degrees of freedom, with a penalty, with robust errors, and
   *     of generalised linear models
   */
  public double fStatistic() {
    return record.fStatistic;
  }

  /**
   * The probability of an F at least as large if all coefficients but the intercept were 0.
   *
   * @return the p-value of {@link #fStatistic()}
   */
  public double fPValue() {
    return record.fPValue;
  }

  /**
   * The residual standard error, √(RSS/(n − p)).
   *
   * @return σ; NaN without degrees of freedom
   */
  public double sigma() {
    return Math.sqrt(record.dispersion);
  }

  /**
   * The logarithm of the likelihood at its maximum. Of a linear model for normal errors, −n/2
   * (log(2π RSS/n) + 1) + ½Σ log w, rows of weight 0 left out.
   *
   * @return log L
   */
  public double logLikelihood() {
    return record.logLikelihood;
  }

  /**
   * The deviance; of a linear model the weighted sum of squared residuals.
   *
   * @return the deviance
   */
  public double deviance() {
    return record.deviance;
  }

  /**
   * The deviance of the model of the intercept and the offset alone; without an intercept of the
   * offset alone.
   *
   * @return the null deviance of a generalised linear model, NaN of others, and where the model of
   *     intercept and offset has no solution
   */
  public double nullDeviance() {
    return record.nullDeviance;
  }

  /**
   * The dispersion φ: 1 for binomial and Poisson models, else Pearson's χ²/(n − p), which is σ² of
   * a linear model.
   *
   * @return φ; NaN without degrees of freedom
   */
  public double dispersion() {
    return record.dispersion;
  }

  /**
   * Pearson's χ² = Σ w (y − μ)²/V.
   *
   * @return χ² of a generalised linear model, NaN of others
   */
  public double pearson() {
    return record.pearson;
  }

  /**
   * McFadden's pseudo R², 1 − log L/log L₀ with L₀ the likelihood of the intercept alone.
   *
   * @return the pseudo R² of a generalised linear model, NaN of others
   */
  public double pseudoRSquared() {
    return 1 - record.logLikelihood / record.nullLogLikelihood;
  }

  /**
   * How responses scatter about their means.
   *
   * @return the family of a generalised linear model, empty of others
   */
  public Optional<Family> family() {
    return Optional.ofNullable(record.family);
  }

  /**
   * Which coefficients grow without end, where the status is {@link RegressionStatus#SEPARATED}:
   * the kind of separation, complete or quasi-complete (Albert and Anderson 1984), and the columns.
   *
   * @return a few words, empty without separation
   */
  public String separation() {
    return record.separation;
  }

  /**
   * Akaike's information criterion, −2 log L + 2k, k the number of coefficients, and one more where
   * the scale is estimated, as in R.
   *
   * @return the criterion
   */
  public double aic() {
    return -2 * record.logLikelihood + 2 * record.likelihoodParameters;
  }

  /**
   * The Bayesian information criterion, −2 log L + k log n, k as in {@link #aic()}.
   *
   * @return the criterion
   */
  public double bic() {
    return -2 * record.logLikelihood
        + record.likelihoodParameters * Math.log((double) record.observations);
  }

  /**
   * Rows with a weight above 0, less estimated coefficients; with a penalty less the trace of the
   * hat matrix, which is no whole number.
   *
   * @return n − p, not less than 0 but for more coefficients than rows
   */
  public double degreesOfFreedom() {
    return record.degreesOfFreedom;
  }

  /**
   * The number of columns that were kept.
   *
   * @return the rank of X
   */
  public int rank() {
    return record.rank;
  }

  /**
   * The rows that the fit is made of: those with a weight above 0.
   *
   * @return n
   */
  public long rows() {
    return record.observations;
  }

  /**
   * The rows that were left out because something was missing.
   *
   * @return their number
   */
  public long omitted() {
    return record.omitted;
  }

  /**
   * Columns that were left out, each with the combination of the columns before it that it equals,
   * such as {@code x3 = 2*x1 + x2}.
   *
   * @return a line for each, not modifiable
   */
  public List<String> dependencies() {
    return List.copyOf(record.dependencies);
  }

  /**
   * How the fit ended.
   *
   * @return its status
   */
  public RegressionStatus status() {
    return record.status;
  }

  /**
   * How often the coefficients were corrected.
   *
   * @return refining passes of a linear model, iterations of others
   */
  public int iterations() {
    return record.iterations;
  }

  /**
   * What was done.
   *
   * @return a few words, such as "normal equations in double-double, Cholesky factor"
   */
  public String method() {
    return record.method;
  }

  /**
   * How the standard errors were computed.
   *
   * @return "nonrobust", or the kind of robust errors
   */
  public String errors() {
    return record.errors;
  }

  /**
   * Which backend made the sums.
   *
   * @return its name
   */
  public String backend() {
    return record.backend;
  }

  /**
   * What made the sums, for people to read.
   *
   * @return flavour and precision of the kernels
   */
  public String kernel() {
    return record.kernel;
  }

  /**
   * Predicts every row of a table, with 95 % intervals. The table needs the columns of the terms
   * and of the offset, not the response.
   *
   * @param rows the table, small enough for arrays
   * @return predictions in the order of the rows
   * @throws IllegalStateException if the fit has no coefficients
   * @throws IllegalArgumentException if the table has not the columns
   * @throws org.nabla4j.data.RowException if the rows cannot be read, or hold a level that the fit
   *     does not know
   */
  public Predictions predict(Rows rows) {
    return predict(rows, RegressionSummary.LEVEL);
  }

  /**
   * Predicts every row of a table.
   *
   * @param rows the table, small enough for arrays
   * @param level the probability of the intervals, between 0 and 1
   * @return predictions in the order of the rows
   * @throws IllegalStateException if the fit has no coefficients
   * @throws IllegalArgumentException if the table has not the columns or the level is out of range
   * @throws org.nabla4j.data.RowException if the rows cannot be read, or hold a level that the fit
   *     does not know
   */
  public Predictions predict(Rows rows, double level) {
    List<Predictions> blocks = new ArrayList<>();
    predict(rows, level, Execution.defaults(), blocks::add);
    return Predictions.joined(blocks);
  }

  /**
   * Predicts every row of a table of any size, block by block.
   *
   * @param rows the table
   * @param level the probability of the intervals, between 0 and 1
   * @param execution on which threads, watched and cancelled by whom
   * @param sink told of each block in order, on the calling thread
   * @throws IllegalStateException if the fit has no coefficients
   * @throws IllegalArgumentException if the table has not the columns or the level is out of range
   * @throws org.nabla4j.data.RowException if the rows cannot be read, or hold a level that the fit
   *     does not know
   * @throws java.util.concurrent.CancellationException if the execution was cancelled
   */
  public void predict(Rows rows, double level, Execution execution, Predictions.Sink sink) {
    Objects.requireNonNull(rows, "rows");
    Objects.requireNonNull(execution, "execution");
    Objects.requireNonNull(sink, "sink");
    new Predictor(this).predict(rows, level, execution, sink);
  }

  /**
   * Residuals, leverages and influences of the rows that the fit was made of.
   *
   * @param rows the table, small enough for arrays
   * @return diagnostics in the order of the rows
   * @throws IllegalStateException if the fit has no coefficients
   * @throws IllegalArgumentException if the table has not the columns
   * @throws org.nabla4j.data.RowException if the rows cannot be read
   */
  public Diagnostics diagnose(Rows rows) {
    List<Diagnostics> blocks = new ArrayList<>();
    diagnose(rows, Execution.defaults(), blocks::add);
    return Diagnostics.joined(blocks);
  }

  /**
   * Residuals, leverages and influences of a table of any size, block by block.
   *
   * @param rows the table
   * @param execution on which threads, watched and cancelled by whom
   * @param sink told of each block in order, on the calling thread
   * @throws IllegalStateException if the fit has no coefficients
   * @throws IllegalArgumentException if the table has not the columns
   * @throws org.nabla4j.data.RowException if the rows cannot be read
   * @throws java.util.concurrent.CancellationException if the execution was cancelled
   */
  public void diagnose(Rows rows, Execution execution, Diagnostics.Sink sink) {
    Objects.requireNonNull(rows, "rows");
    Objects.requireNonNull(execution, "execution");
    Objects.requireNonNull(sink, "sink");
    new Predictor(this).diagnose(rows, execution, sink);
  }

  int indexOf(String name) {
    Objects.requireNonNull(name, "name");
    int index = names.indexOf(name);
    if (index < 0) {
      throw new IllegalArgumentException(
          "there is no coefficient " + name + ", expected one of " + names);
    }
    return index;
  }

  /**
   * All numbers, for JSON and the like: {@code coefficients} holds for each name {@code value},
   * {@code standardError}, {@code statistic}, {@code p}, {@code lower} and {@code upper} (95 %);
   * beside it stand {@code rSquared}, {@code sigma}, {@code deviance}, {@code rows}, {@code
   * method}, {@code conditionNumber}, {@code backend} and the rest.
   *
   * @return a new map of strings, numbers, lists and maps, in a fixed order; numbers may be NaN
   */
  public Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("model", model());
    map.put("response", response());
    map.put("status", status().name());
    Map<String, Object> all = new LinkedHashMap<>();
    for (String name : names) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("value", coefficient(name));
      one.put("standardError", standardError(name));
      one.put("statistic", statistic(name));
      one.put("p", pValue(name));
      Interval interval = interval(name, RegressionSummary.LEVEL);
      one.put("lower", interval.lower());
      one.put("upper", interval.upper());
      all.put(name, one);
    }
    if (record.family != null) {
      map.put("family", record.family.name());
      map.put("link", record.family.link().toString());
    }
    map.put("coefficients", all);
    map.put("errors", errors());
    map.put("rows", rows());
    map.put("omitted", omitted());
    map.put("rank", rank());
    map.put("degreesOfFreedom", degreesOfFreedom());
    map.put("rSquared", rSquared());
    map.put("adjustedRSquared", adjustedRSquared());
    map.put("fStatistic", fStatistic());
    map.put("fPValue", fPValue());
    map.put("sigma", sigma());
    map.put("deviance", deviance());
    if (record.family != null) {
      map.put("nullDeviance", nullDeviance());
      map.put("dispersion", dispersion());
      map.put("pearson", pearson());
      map.put("pseudoRSquared", pseudoRSquared());
      map.put("separation", separation());
    }
    map.put("logLikelihood", logLikelihood());
    map.put("aic", aic());
    map.put("bic", bic());
    map.put("conditionNumber", conditionNumber());
    map.put("dependencies", new ArrayList<>(dependencies()));
    map.put("iterations", iterations());
    map.put("method", method());
    map.put("backend", backend());
    map.put("kernel", kernel());
    return map;
  }

  /** A table of 78 columns: what was fitted, how well, and each coefficient. */
  @Override
  public String toString() {
    return RegressionSummary.of(this);
  }
}
