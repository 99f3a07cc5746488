package org.nabla4j.regression;

import java.util.List;
import java.util.Objects;

/**
 * Solutions of an elastic net for values of λ, from the largest down. Immutable; a {@link
 * RegressionFit} of a solution is made when it is asked for, without standard errors: there are
 * none for coefficients that are shrunk.
 */
public final class ElasticNetPath {

  private final double[] lambdas;
  private final double[][] coefficients;

  /** Sweeps for each λ, negative where the limit was reached; null if nothing was solved. */
  private final int[] sweeps;

  private final double[] residualSquares;
  private final FitRecord common;
  private final double logWeights;

  ElasticNetPath(
      double[] lambdas,
      double[][] coefficients,
      int[] sweeps,
      double[] residualSquares,
      FitRecord common,
      double logWeights) {
    this.lambdas = lambdas;
    this.coefficients = coefficients;
    this.sweeps = sweeps;
    this.residualSquares = residualSquares;
    this.common = common;
    this.logWeights = logWeights;
  }

  /**
   * The number of solutions.
   *
   * @return the number of values of λ
   */
  public int count() {
    return lambdas.length;
  }

  /**
   * The values of λ.
   *
   * @return a new array, from the largest down; NaN where they were to be chosen and no row counts
   */
  public double[] lambdas() {
    return lambdas.clone();
  }

  /**
   * The names of the coefficients, in order.
   *
   * @return p names, not modifiable
   */
  public List<String> names() {
    return common.design.columns().stream().map(DesignColumn::name).toList();
  }

  /**
   * The coefficients for every λ.
   *
   * @return new arrays: for each λ p values, of the columns as they are
   */
  public double[][] coefficients() {
    double[][] copy = new double[coefficients.length][];
    for (int i = 0; i < copy.length; i++) {
      copy[i] = coefficients[i].clone();
    }
    return copy;
  }

  /**
   * The coefficients that are not 0, the intercept left aside.
   *
   * @param index which λ, from 0
   * @return their number
   * @throws IndexOutOfBoundsException if there is no such λ
   */
  public int nonZero(int index) {
    double[] beta = coefficients[Objects.checkIndex(index, count())];
    int intercept = common.design.intercept();
    int number = 0;
    for (int j = 0; j < beta.length; j++) {
      number += j != intercept && beta[j] != 0 ? 1 : 0;
    }
    return number;
  }

  /**
   * A solution as a fit. Degrees of freedom are those of the lasso: rows less coefficients that are
   * not 0 (Zou, Hastie, Tibshirani 2007).
   *
   * @param index which λ, from 0
   * @return the fit, its standard errors NaN
   * @throws IndexOutOfBoundsException if there is no such λ
   */
  public RegressionFit fit(int index) {
    Objects.checkIndex(index, count());
    FitRecord record = common.copy();
    int p = coefficients[index].length;
    record.coefficients = coefficients[index];
    record.covariance = new double[p][];
    for (int j = 0; j < p; j++) {
      record.covariance[j] = OlsSolver.missing(p);
    }
    int constant = record.design.intercept() < 0 ? 0 : 1;
    record.degreesOfFreedom = record.observations;
    if (sweeps == null) {
      return new RegressionFit(record);
    }
    record.iterations = Math.abs(sweeps[index]);
    record.status = sweeps[index] < 0 ? RegressionStatus.ITERATION_LIMIT : RegressionStatus.SOLVED;
    record.method =
        record.method + ", lambda " + lambdas[index] + ", " + record.iterations + " sweeps";
    record.rank = nonZero(index) + constant;
    double n = record.observations;
    record.degreesOfFreedom = n - record.rank;
    double squares = residualSquares[index];
    record.deviance = squares;
    record.dispersion =
        record.degreesOfFreedom > 0 ? squares / record.degreesOfFreedom : Double.NaN;
    record.logLikelihood = -n / 2 * (Math.log(2 * Math.PI * squares / n) + 1) + logWeights / 2;
    record.likelihoodParameters = record.rank + 1;
    record.rSquared = record.total > 0 ? 1 - squares / record.total : Double.NaN;
    record.adjustedRSquared =
        record.degreesOfFreedom > 0
            ? 1 - (1 - record.rSquared) * (n - constant) / record.degreesOfFreedom
            : Double.NaN;
    return new RegressionFit(record);
  }

  /**
   * The solution with the smallest Bayesian information criterion.
   *
   * @return its index; 0 if no criterion is a number
   */
  public int bestByBic() {
    int best = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < count(); i++) {
      double bic = fit(i).bic();
      if (bic < least) {
        least = bic;
        best = i;
      }
    }
    return best;
  }

  /** How many values of λ, and how many coefficients are not 0 at the last one. */
  @Override
  public String toString() {
    return common.model
        + " path of "
        + count()
        + " lambdas from "
        + lambdas[0]
        + " to "
        + lambdas[count() - 1]
        + ", "
        + nonZero(count() - 1)
        + " of "
        + names().size()
        + " coefficients not 0 at the end";
  }
}
