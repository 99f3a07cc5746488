package org.nabla4j.regression;

import java.util.List;
import org.nabla4j.backend.Backend;

/** What a solver found out, as it fills a {@link RegressionFit}, which then owns it. */
final class FitRecord implements Cloneable {

  /** A record with the same contents, arrays shared. */
  FitRecord copy() {
    try {
      return (FitRecord) clone();
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }

  /** Degrees of freedom of the t with which statistics are compared. */
  double testDegreesOfFreedom() {
    return Double.isNaN(errorDegreesOfFreedom) ? degreesOfFreedom : errorDegreesOfFreedom;
  }

  /** Whether there is nothing that errors could be computed of. */
  boolean covarianceUnknown() {
    return status == RegressionStatus.NO_ROWS
        || status == RegressionStatus.NO_START
        || status == RegressionStatus.NON_FINITE;
  }

  /** What was fitted: OLS, WLS, Ridge… */
  String model;

  /** How messages call the response. */
  String response;

  /** The design that was fitted, for predictions. */
  Design design;

  /** p coefficients, NaN for columns that were left out. */
  double[] coefficients;

  /** p × p, of the coefficients; NaN in rows and columns of those that were left out. */
  double[][] covariance;

  /** How standard errors were computed, for people to read. */
  String errors = "nonrobust";

  /** Whether statistics are compared with the normal distribution; otherwise with Student's t. */
  boolean normal;

  /** Rows that count: those with a weight above 0. */
  long observations;

  /** Rows that were left out. */
  long omitted;

  /** Columns that were kept. */
  int rank;

  /** Observations less estimated coefficients. */
  double degreesOfFreedom;

  /** Those of Student's t if the errors have others, as clustered ones; else NaN. */
  double errorDegreesOfFreedom = Double.NaN;

  /** Sum of squares about the mean, or about 0 without an intercept; or the null deviance. */
  double total = Double.NaN;

  /** Sum of squared residuals, or the deviance. */
  double deviance = Double.NaN;

  /** σ², or the dispersion. */
  double dispersion = Double.NaN;

  double logLikelihood = Double.NaN;

  /** Parameters that the likelihood has, the scale among them where it is estimated. */
  double likelihoodParameters = Double.NaN;

  double rSquared = Double.NaN;
  double adjustedRSquared = Double.NaN;
  double fStatistic = Double.NaN;
  double fPValue = Double.NaN;

  /** κ of the centred columns scaled to length 1. */
  double conditionNumber = Double.NaN;

  /** For each column of X; NaN for the intercept and what was left out. */
  double[] varianceInflation;

  /** One line for each column that was left out. */
  List<String> dependencies = List.of();

  /** Of a generalised linear model; null for a linear one. */
  Family family;

  /** λ of the penalty, 0 for none. */
  double ridge;

  /** (XᵀAX + Λ)⁻¹, A the weights of the rows: what the covariance is without a dispersion. */
  double[][] bread;

  /** Deviance of the model of the intercept and the offset alone. */
  double nullDeviance = Double.NaN;

  /** Log-likelihood of that model. */
  double nullLogLikelihood = Double.NaN;

  /** What the family sums up for the log-likelihood. */
  double likelihoodTotal = Double.NaN;

  /** Σ w. */
  double weight = Double.NaN;

  /** Σ (y − μ)²w/V. */
  double pearson = Double.NaN;

  /** Which columns tell outcomes apart, in words, or empty. */
  String separation = "";

  /** What computes predictions, or null for the fastest. */
  Backend engine;

  RegressionStatus status = RegressionStatus.SOLVED;
  int iterations;

  /** What was done, in words. */
  String method;

  String backend;
  String kernel;
}
