package org.nabla4j.regression;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.nabla4j.backend.Backend;
import org.nabla4j.backend.Execution;
import org.nabla4j.data.Column;
import org.nabla4j.data.RowReader;
import org.nabla4j.data.Rows;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.Op;
import org.nabla4j.method.Covariance;
import org.nabla4j.method.LevenbergMarquardt;
import org.nabla4j.objective.FormulaModel;
import org.nabla4j.objective.LeastSquaresProblem;
import org.nabla4j.objective.Precision;
import org.nabla4j.objective.SigmaKind;
import org.nabla4j.result.BatchFit;

/**
 * Linear regressions by the million: one formula, each problem with its own rows.
 *
 * <p>They are least-squares problems that are linear in their parameters. From a start at zero one
 * evaluation gives XᵀWX and XᵀWy of a problem, one solve the coefficients; a second evaluation, of
 * the residuals, and a second solve refine them. Problems that are ill-conditioned are solved once
 * more by QR factorisation.
 */
public final class SmallRegressions {

  private SmallRegressions() {}

  /**
   * Solves all problems.
   *
   * @param formula one response, terms of numbers without categories
   * @param options the weight, a column or nothing; offset; missing policy
   * @param columns the columns that the formula names and maybe others, {@code [n]} or {@code [B,
   *     n]}; not modified
   * @param backend what computes
   * @param execution on which threads, watched and cancelled by whom; the listener is told problems
   *     done
   * @return coefficients and errors of each problem; one that could not be solved says so in its
   *     status
   * @throws org.nabla4j.expression.FormulaException if the formula names what is no column
   * @throws IllegalArgumentException if there are several responses, a category, or columns whose
   *     sizes differ, or the options ask for clusters
   */
  public static BatchRegression fit(
      RegressionFormula formula,
      DesignOptions options,
      Map<String, Column> columns,
      Backend backend,
      Execution execution) {
    Objects.requireNonNull(formula, "formula");
    Objects.requireNonNull(options, "options");
    Objects.requireNonNull(columns, "columns");
    Objects.requireNonNull(backend, "backend");
    Objects.requireNonNull(execution, "execution");
    Design design = design(formula, options, columns);
    LeastSquaresProblem problem = problem(design, options, columns);
    LevenbergMarquardt method =
        LevenbergMarquardt.defaults().withPolish(false).withCovariance(Covariance.STANDARD_ERRORS);
    BatchFit fit = backend.solve(problem, method, execution);
    List<String> names = design.columns().stream().map(DesignColumn::name).toList();
    boolean centred = design.intercept() >= 0;
    return new BatchRegression(fit, names, ResponseSums.of(problem, centred, execution));
  }

  private static Design design(
      RegressionFormula formula, DesignOptions options, Map<String, Column> columns) {
    if (formula.responses().size() != 1) {
      throw new IllegalArgumentException(
          "the formula has " + formula.responses().size() + " responses, expected 1");
    }
    if (options.cluster().isPresent()) {
      throw new IllegalArgumentException(
          "cluster = " + options.cluster().get() + ", but small regressions have no clusters");
    }
    if (!options.levels().isEmpty()) {
      throw new IllegalArgumentException(categories(options.levels().keySet().toString()));
    }
    Design design;
    try {
      design = formula.design(new Names(columns), options);
    } catch (IllegalStateException e) {
      throw new IllegalArgumentException(categories(formula.toString()), e);
    }
    if (options.weight().isPresent() && options.weight().get().op() != Op.SYMBOL) {
      throw new IllegalArgumentException(
          "weight = " + options.weight().get() + ", expected a column of its own");
    }
    return design;
  }

  private static String categories(String where) {
    return "small regressions have no categories, but there are some in " + where;
  }

  private static LeastSquaresProblem problem(
      Design design, DesignOptions options, Map<String, Column> columns) {
    Expression response = design.responses().get(0);
    if (design.offset() != null) {
      response = response.minus(design.offset());
    }
    List<String> parameters = new ArrayList<>();
    Expression prediction = null;
    for (DesignColumn column : design.columns()) {
      String name = "b" + parameters.size();
      while (columns.containsKey(name)) {
        name = name + "_";
      }
      parameters.add(name);
      Expression coefficient = Expression.symbol(name);
      Expression part = column.isIntercept() ? coefficient : coefficient.times(column.value());
      prediction = prediction == null ? part : prediction.plus(part);
    }
    Set<String> used = new LinkedHashSet<>(prediction.symbols());
    used.addAll(response.symbols());
    used.removeAll(parameters);
    LeastSquaresProblem.Builder builder =
        LeastSquaresProblem.builder(
            FormulaModel.of(response, prediction, parameters, List.copyOf(used)));
    used.forEach(name -> builder.column(name, columns.get(name)));
    options
        .weight()
        .ifPresent(weight -> builder.weights(columns.get(weight.name()), SigmaKind.RELATIVE));
    return builder
        .starts(Column.shared(new double[parameters.size()]))
        .missingData(options.missing())
        .precision(Precision.DOUBLE)
        .build();
  }

  /** The names of the columns, for the design; they are not read as rows. */
  private record Names(Map<String, Column> columns) implements Rows {

    @Override
    public List<Field> fields() {
      return columns.keySet().stream().map(name -> new Field(name, Kind.NUMBER)).toList();
    }

    @Override
    public long count() {
      return -1;
    }

    @Override
    public boolean rereadable() {
      return false;
    }

    @Override
    public RowReader read(List<String> numbers, List<String> categories) {
      throw new IllegalStateException("columns of a batch are not read as rows");
    }

    @Override
    public String description() {
      return "the batch";
    }
  }
}
