package org.nabla4j.result;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.nabla4j.data.Column;
import org.nabla4j.data.ColumnScan;
import org.nabla4j.data.RowColumns;
import org.nabla4j.expression.Expression;
import org.nabla4j.objective.FormulaModel;
import org.nabla4j.objective.LeastSquaresProblem;
import org.nabla4j.objective.MissingData;
import org.nabla4j.objective.Precision;

/**
 * Finds why a problem could not be evaluated at its start: the value among its data, σ, weights or
 * start values that is to blame, or the point where the model has no value. Looked for only when
 * somebody asks, since it reads the problem's data again.
 */
final class NonFiniteCause {

  private static final int CHUNK = 1024;

  private final LeastSquaresProblem problem;
  private final long index;
  private final List<Column> columns;
  private final List<String> names;
  private final Column spread;
  private final boolean omit;

  private NonFiniteCause(LeastSquaresProblem problem, long index) {
    this.problem = problem;
    this.index = index;
    columns = problem.columns();
    names = problem.model().columns();
    spread = problem.sigma().or(problem::weights).orElse(null);
    omit = problem.missingData() == MissingData.OMIT;
  }

  /**
   * Says why.
   *
   * @param problem the batch
   * @param index the problem that is not finite
   * @param evaluator compiles the model where the data are not to blame; empty for code
   * @return what is wrong and what would help, without a full stop
   */
  static String of(
      LeastSquaresProblem problem, long index, Supplier<Optional<ModelEvaluator>> evaluator) {
    NonFiniteCause cause = new NonFiniteCause(problem, index);
    return cause
        .inStarts()
        .or(() -> cause.inData(row -> Optional.empty()))
        .or(() -> evaluator.get().flatMap(cause::inModel))
        .orElseGet(() -> cause.inSum(evaluator.get().isPresent()));
  }

  /** Looks at a point whose values are numbers or infinities. */
  private interface PointCheck {
    /** Where the values are in the order of the columns; says what is wrong, if anything is. */
    Optional<String> faultAt(double[] row);
  }

  private Optional<String> inStarts() {
    for (int j = 0; j < problem.parameters().size(); j++) {
      double start = problem.starts().value(index, j);
      if (!Double.isFinite(start)) {
        return Optional.of(
            "start of "
                + problem.parameters().get(j)
                + ofProblem(problem.starts())
                + " is "
                + start
                + ", expected a finite value");
      }
    }
    return Optional.empty();
  }

  /** The first NaN, weight that is none, or point of which the check complains. */
  private Optional<String> inData(PointCheck check) {
    List<Column> all = new ArrayList<>(columns);
    if (spread != null) {
      all.add(spread);
    }
    try (ColumnScan scan = ColumnScan.of(index, all, CHUNK)) {
      while (scan.next()) {
        Optional<String> fault = inRun(scan, check);
        if (fault.isPresent()) {
          return fault;
        }
      }
    }
    return Optional.empty();
  }

  private Optional<String> inRun(ColumnScan scan, PointCheck check) {
    double[] row = new double[columns.size()];
    double[] weights = spread == null ? null : scan.values(row.length);
    for (int k = 0; k < scan.count(); k++) {
      int missing = -1;
      for (int c = row.length - 1; c >= 0; c--) {
        row[c] = scan.values(c)[k];
        missing = Double.isNaN(row[c]) ? c : missing;
      }
      boolean noWeight = spread != null && Double.isNaN(weights[k]);
      if (omit && (missing >= 0 || noWeight)) {
        continue;
      }
      if (missing >= 0) {
        return Optional.of(missing(names.get(missing), columns.get(missing), scan.first() + k));
      }
      if (noWeight) {
        return Optional.of(missing(spreadName(), spread, scan.first() + k));
      }
      if (spread != null
          && !LeastSquaresProblem.isSpread(problem.sigma().isPresent(), weights[k])) {
        return Optional.of(
            at(spreadName(), spread, scan.first() + k)
                + " is "
                + weights[k]
                + ", expected a finite value "
                + (problem.sigma().isPresent() ? "> 0" : ">= 0"));
      }
      long point = scan.first() + k;
      Optional<String> fault = check.faultAt(row).map(what -> describe(row, point, what));
      if (fault.isPresent()) {
        return fault;
      }
    }
    return Optional.empty();
  }

  private Optional<String> inModel(ModelEvaluator evaluator) {
    double[] theta = new double[problem.parameters().size()];
    double[] lower = problem.lower();
    double[] upper = problem.upper();
    problem.starts().read(index, 0, theta.length, theta, 0);
    for (int j = 0; j < theta.length; j++) {
      if (!problem.isFixed(j)) {
        theta[j] = Math.max(lower[j], Math.min(upper[j], theta[j]));
      }
    }
    ModelEvaluator.Sides sides = evaluator.sides(theta);
    ModelEvaluator.Slopes slopes = evaluator.slopes(theta);
    FormulaModel model = (FormulaModel) problem.model();
    return inData(
        row -> {
          sides.at(row);
          if (!Double.isFinite(sides.response())) {
            return Optional.of("the response " + model.response() + " is " + sides.response());
          }
          if (!Double.isFinite(sides.prediction())) {
            return Optional.of(
                "the model is "
                    + sides.prediction()
                    + " at the start values"
                    + part(model.prediction(), theta, row));
          }
          double[] gradient = slopes.at(row);
          for (int j = 0; j < theta.length; j++) {
            if (!problem.isFixed(j) && !Double.isFinite(gradient[1 + j])) {
              return Optional.of(
                  "the derivative of the model by "
                      + problem.parameters().get(j)
                      + " is "
                      + gradient[1 + j]
                      + " at the start values");
            }
          }
          return Optional.empty();
        });
  }

  /** Which part of the model is not finite, if it is not all of it. */
  private String part(Expression model, double[] theta, double[] row) {
    Map<String, Double> numbers = new HashMap<>();
    for (int j = 0; j < theta.length; j++) {
      numbers.put(problem.parameters().get(j), theta[j]);
    }
    for (int c = 0; c < row.length; c++) {
      numbers.put(names.get(c), row[c]);
    }
    return NonFinitePart.of(model, numbers)
        .filter(found -> found.part() != model)
        .map(found -> ", by its part " + found.part() + ",")
        .orElse("");
  }

  /** An infinite value is to blame for what the model makes of it; finite ones are shown. */
  private String describe(double[] row, long point, String what) {
    for (int c = 0; c < row.length; c++) {
      if (Double.isInfinite(row[c])) {
        return at(names.get(c), columns.get(c), point)
            + " is "
            + row[c]
            + ", expected a finite value";
      }
    }
    StringBuilder text = new StringBuilder(what).append(" in point ").append(point);
    text.append(problem.problems() == 1 ? "" : " of problem " + index).append(" (");
    for (int c = 0; c < row.length; c++) {
      text.append(c == 0 ? "" : ", ").append(names.get(c)).append(" = ").append(row[c]);
    }
    return text.append(')').toString();
  }

  /** Each point has a value, but not all of them together, or nobody can look inside. */
  private String inSum(boolean formula) {
    if (formula && problem.precision() == Precision.SINGLE) {
      return "the model or its sum of squares overflows float at the start values; compute with"
          + " precision(Precision.DOUBLE), or give sigma in the size of the residuals";
    }
    return formula
        ? "the sum of squares overflows at the start values; give sigma in the size of the"
            + " residuals, or closer start values"
        : "the residuals or derivatives that the code computes at the start values are not finite";
  }

  private String missing(String name, Column column, long point) {
    return at(name, column, point)
        + " is NaN; leave such points out with missing(MissingData.OMIT)";
  }

  private String at(String name, Column column, long point) {
    Optional<RowColumns> table = column.table();
    if (table.isPresent()) {
      return name + " in row " + (point + 1) + " of " + table.get().rows().description();
    }
    return name + "[" + point + "]" + ofProblem(column);
  }

  private String ofProblem(Column column) {
    return column.shared() || problem.problems() == 1 ? "" : " of problem " + index;
  }

  private String spreadName() {
    return problem.sigma().isPresent() ? "sigma" : "weights";
  }
}
