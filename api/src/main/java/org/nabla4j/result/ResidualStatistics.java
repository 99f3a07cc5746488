package org.nabla4j.result;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.nabla4j.data.Column;
import org.nabla4j.data.ColumnScan;
import org.nabla4j.objective.FormulaModel;
import org.nabla4j.objective.LeastSquaresProblem;
import org.nabla4j.objective.MissingData;

/**
 * Sums over the data of one problem that the solver has no use for: the weighted total sum of
 * squares Σw(y-ȳ)², the weighted residual sum of squares Σw(y-f)² where a loss is robust, and Σlog
 * w.
 */
final class ResidualStatistics {

  private static final int CHUNK = 1024;

  /** Points of positive weight that are not missing. */
  private long points;

  private double weights;
  private double mean;
  private double total;
  private double residual;
  private double logWeights;

  private ResidualStatistics() {}

  /** Takes every point that is not missing. */
  private interface Visitor {
    void point(double[] row, double weight, long index);
  }

  static ResidualStatistics of(
      LeastSquaresProblem problem, Optional<ModelEvaluator> evaluator, long index, double[] theta) {
    ResidualStatistics sums = new ResidualStatistics();
    int response =
        problem.model().responseColumn().map(problem.model().columns()::indexOf).orElse(-1);
    // Without a loss χ² is the residual sum; a response that is a column need not be computed.
    boolean known = response >= 0 && problem.loss().isLinear();
    ModelEvaluator.Sides sides = known ? null : evaluator.map(e -> e.sides(theta)).orElse(null);
    forEachPoint(
        problem,
        index,
        (row, weight, k) -> {
          double y;
          double r;
          if (sides != null) {
            sides.at(row);
            y = sides.response();
            r = y - sides.prediction();
          } else {
            y = response < 0 ? Double.NaN : row[response];
            r = Double.NaN;
          }
          sums.add(y, r, weight);
        });
    return sums;
  }

  /** Residuals y - f of every point; NaN where one is missing. */
  static double[] residuals(
      LeastSquaresProblem problem, ModelEvaluator evaluator, long index, double[] theta) {
    double[] residuals = new double[Math.toIntExact(problem.points())];
    Arrays.fill(residuals, Double.NaN);
    ModelEvaluator.Sides sides = evaluator.sides(theta);
    forEachPoint(
        problem,
        index,
        (row, weight, k) -> {
          sides.at(row);
          residuals[(int) k] = sides.response() - sides.prediction();
        });
    return residuals;
  }

  private static void forEachPoint(LeastSquaresProblem problem, long index, Visitor visitor) {
    List<Column> columns = problem.columns();
    Column sigma = problem.sigma().orElse(null);
    Column given = problem.weights().orElse(null);
    boolean omit = problem.missingData() == MissingData.OMIT;
    List<Column> all = new ArrayList<>(columns);
    Optional.ofNullable(sigma != null ? sigma : given).ifPresent(all::add);
    double[] row = new double[columns.size()];
    try (ColumnScan scan = ColumnScan.of(index, all, CHUNK)) {
      while (scan.next()) {
        double[] spread = all.size() > row.length ? scan.values(row.length) : null;
        for (int k = 0; k < scan.count(); k++) {
          boolean missing = false;
          for (int c = 0; c < row.length; c++) {
            row[c] = scan.values(c)[k];
            missing |= Double.isNaN(row[c]);
          }
          double weight =
              sigma != null ? 1 / (spread[k] * spread[k]) : given != null ? spread[k] : 1;
          if (!(omit && (missing || Double.isNaN(weight)))) {
            visitor.point(row, weight, scan.first() + k);
          }
        }
      }
    }
  }

  /** Weighted running mean and sum of squares, West (1979), Communications of the ACM 22. */
  private void add(double y, double r, double weight) {
    if (weight == 0) {
      return;
    }
    points++;
    weights += weight;
    double step = y - mean;
    mean += step * (weight / weights);
    total += weight * step * (y - mean);
    residual += weight * r * r;
    logWeights += weight == 1 ? 0 : Math.log(weight);
  }

  long points() {
    return points;
  }

  double total() {
    return total;
  }

  double residual() {
    return residual;
  }

  double logWeights() {
    return logWeights;
  }

  static Optional<ModelEvaluator> evaluatorOf(LeastSquaresProblem problem) {
    return problem.model() instanceof FormulaModel formula
        ? Optional.of(new ModelEvaluator(formula))
        : Optional.empty();
  }
}
