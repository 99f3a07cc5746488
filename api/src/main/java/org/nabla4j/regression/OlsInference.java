package org.nabla4j.regression;

import java.util.List;
import org.apache.commons.statistics.distribution.FDistribution;

/** What a solved linear system says about each of its responses. Safe for several threads. */
final class OlsInference {

  private final Design design;
  private final LinearSystem system;

  /** Null where sums are not finite or no row counts. */
  private final LinearSystem.Solution solution;

  private final FitRecord common;
  private final List<String> responses;
  private final double logWeights;
  private final boolean ridge;
  private final double parameters;

  /**
   * Takes a solution.
   *
   * @param design that was fitted
   * @param responses names of the responses
   * @param system that was solved
   * @param solution of it, or null
   * @param common what all responses share; not modified
   * @param logWeights Σ log w
   * @param ridge whether there is a penalty
   */
  OlsInference(
      Design design,
      List<String> responses,
      LinearSystem system,
      LinearSystem.Solution solution,
      FitRecord common,
      double logWeights,
      boolean ridge) {
    this.design = design;
    this.responses = responses;
    this.system = system;
    this.solution = common.observations > 0 ? solution : null;
    this.common = common;
    this.logWeights = logWeights;
    this.ridge = ridge;
    common.rank = this.solution == null ? 0 : system.rank();
    common.status =
        common.observations <= 0
            ? RegressionStatus.NO_ROWS
            : solution == null
                ? RegressionStatus.NON_FINITE
                : common.rank < design.width()
                    ? RegressionStatus.RANK_DEFICIENT
                    : RegressionStatus.SOLVED;
    if (this.solution == null) {
      parameters = 0;
      common.dependencies = List.of();
      common.varianceInflation = OlsSolver.missing(design.width());
      common.degreesOfFreedom = common.observations;
    } else {
      parameters = system.effectiveParameters();
      common.conditionNumber = system.conditionNumber();
      common.varianceInflation = system.varianceInflation();
      common.degreesOfFreedom = common.observations - parameters;
    }
  }

  int count() {
    return responses.size();
  }

  List<String> responses() {
    return responses;
  }

  Design design() {
    return design;
  }

  FitRecord common() {
    return common;
  }

  double[] coefficients(int response) {
    return solution == null ? OlsSolver.missing(design.width()) : solution.coefficients(response);
  }

  /** σ² = RSS/(n − p); NaN without degrees of freedom. */
  double variance(int response) {
    return solution != null && common.degreesOfFreedom > 0
        ? solution.residualSquares(response) / common.degreesOfFreedom
        : Double.NaN;
  }

  double[] standardErrors(int response) {
    double[] errors = OlsSolver.missing(design.width());
    if (solution != null) {
      double variance = variance(response);
      double[][] c = system.covariance();
      for (int j = 0; j < errors.length; j++) {
        errors[j] = Math.sqrt(variance * c[j][j]);
      }
    }
    return errors;
  }

  /** R² of a response; NaN if it does not vary. */
  double rSquared(int response) {
    if (solution == null) {
      return Double.NaN;
    }
    double total = system.equations().total(response);
    if (!(total > 0)) {
      return Double.NaN;
    }
    // The smaller part has all its digits.
    double rest = solution.residualSquares(response) / total;
    return rest < 0.5 ? 1 - rest : Math.min(1, solution.explained(response) / total);
  }

  RegressionFit fit(int response) {
    FitRecord record = common.copy();
    record.response = responses.get(response);
    record.coefficients = coefficients(response);
    int p = design.width();
    record.covariance = new double[p][];
    double variance = variance(response);
    for (int i = 0; i < p; i++) {
      record.covariance[i] = OlsSolver.missing(p);
      for (int j = 0; j < p && solution != null; j++) {
        record.covariance[i][j] = variance * system.covariance()[i][j];
      }
    }
    record.dispersion = variance;
    record.bread = solution == null ? null : system.bread();
    if (solution == null) {
      return new RegressionFit(record);
    }
    double n = record.observations;
    double rss = solution.residualSquares(response);
    record.total = system.equations().total(response);
    record.deviance = rss;
    record.logLikelihood = -n / 2 * (Math.log(2 * Math.PI * rss / n) + 1) + logWeights / 2;
    record.likelihoodParameters = parameters + 1;
    record.rSquared = rSquared(response);
    int constant = design.intercept() < 0 ? 0 : 1;
    if (record.degreesOfFreedom > 0) {
      record.adjustedRSquared =
          1 - (1 - record.rSquared) * (n - constant) / record.degreesOfFreedom;
      double slopes = record.rank - constant;
      if (slopes > 0 && !ridge) {
        record.fStatistic = solution.explained(response) / slopes / variance;
        record.fPValue =
            Double.isNaN(record.fStatistic)
                ? Double.NaN
                : FDistribution.of(slopes, record.degreesOfFreedom)
                    .survivalProbability(record.fStatistic);
      }
    }
    return new RegressionFit(record);
  }
}
