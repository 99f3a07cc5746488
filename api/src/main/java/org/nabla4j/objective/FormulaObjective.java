package org.nabla4j.objective;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.nabla4j.data.Column;
import org.nabla4j.expression.Expression;
import org.nabla4j.program.Program;

/**
 * An objective from a formula, with exact derivatives by the chain rule.
 *
 * <pre>
 *   f(θ) = Σ_k φ(θ, c, d_k),    k = 1..n data points
 * </pre>
 *
 * <p>where c are known numbers, one for each problem, and d_k the values of the data columns at a
 * point. Without columns it is f(θ) = φ(θ, c). Constants and columns are given by {@link #constant}
 * and {@link #data}; what has none yet cannot be evaluated.
 *
 * <p>Derivatives are derived and compiled when first asked for. The gradient takes a small multiple
 * of the operations of φ however many parameters there are, and so does a product with the Hessian;
 * the Hessian takes up to p times as many. A NaN among the data makes f NaN: rows with missing
 * values are to be left out beforehand.
 *
 * <p>Immutable and thread-safe, but for the arrays behind the columns, which are not copied.
 */
public final class FormulaObjective implements TwiceDifferentiableObjective, SummedObjective {

  private final Expression expression;
  private final List<String> parameters;
  private final List<String> constants;
  private final List<String> columns;
  private final FormulaPrograms programs;

  /** In the order of the constants, null for one without values. */
  private final Column[] constantValues;

  /** In the order of the columns, null for one without values. */
  private final Column[] columnValues;

  private final long problems;

  private FormulaObjective(
      Expression expression,
      List<String> parameters,
      List<String> constants,
      List<String> columns,
      FormulaPrograms programs,
      Column[] constantValues,
      Column[] columnValues,
      long problems) {
    this.expression = expression;
    this.parameters = parameters;
    this.constants = constants;
    this.columns = columns;
    this.programs = programs;
    this.constantValues = constantValues;
    this.columnValues = columnValues;
    this.problems = problems;
  }

  /**
   * An objective of parameters alone.
   *
   * @param f the expression
   * @param parameters the names of its parameters, in order; the derivative by one that does not
   *     occur is 0
   * @return the objective
   * @throws IllegalArgumentException if there is no parameter, a name stands twice, or a symbol of
   *     the expression is no parameter
   */
  public static FormulaObjective of(Expression f, List<String> parameters) {
    return of(f, parameters, List.of(), List.of());
  }

  /**
   * An objective of parameters, constants and data; with columns it is the sum over the points.
   *
   * @param f φ, the expression for one data point
   * @param parameters the names of its parameters, in order; the derivative by one that does not
   *     occur is 0
   * @param constants the names of known numbers, one for each problem
   * @param columns the names of data columns
   * @return the objective, whose constants and columns have no values yet
   * @throws IllegalArgumentException if there is no parameter, a name stands twice, or a symbol of
   *     the expression is none of them
   */
  public static FormulaObjective of(
      Expression f, List<String> parameters, List<String> constants, List<String> columns) {
    Objects.requireNonNull(f, "f");
    List<List<String>> lists =
        List.of(
            List.copyOf(Objects.requireNonNull(parameters, "parameters")),
            List.copyOf(Objects.requireNonNull(constants, "constants")),
            List.copyOf(Objects.requireNonNull(columns, "columns")));
    if (parameters.isEmpty()) {
      throw new IllegalArgumentException("parameters = [], expected at least one");
    }
    Set<String> names = new HashSet<>();
    for (List<String> list : lists) {
      for (String name : list) {
        if (!names.add(name)) {
          throw new IllegalArgumentException(
              "the name "
                  + name
                  + " stands twice: parameters = "
                  + parameters
                  + ", constants = "
                  + constants
                  + ", columns = "
                  + columns);
        }
      }
    }
    for (String name : f.symbols()) {
      if (!names.contains(name)) {
        throw new IllegalArgumentException(
            "symbol " + name + " of " + f + " is no parameter, no constant and no column");
      }
    }
    return new FormulaObjective(
        f,
        lists.get(0),
        lists.get(1),
        lists.get(2),
        new FormulaPrograms(f, lists.get(0), lists.get(1), lists.get(2)),
        new Column[constants.size()],
        new Column[columns.size()],
        1);
  }

  /**
   * Gives a constant its values.
   *
   * @param name one of the constants
   * @param values a column of one point, shared or with a row for each problem
   * @return a changed copy
   * @throws IllegalArgumentException if there is no such constant, the column has several points or
   *     another number of problems than the others
   */
  public FormulaObjective constant(String name, Column values) {
    Objects.requireNonNull(values, "values");
    int index = indexOf("constant", name, constants);
    if (values.points() != 1) {
      throw new IllegalArgumentException(
          "constant " + name + " is " + values + ", expected one value per problem");
    }
    Column[] changed = constantValues.clone();
    changed[index] = values;
    return with(changed, columnValues);
  }

  /**
   * Gives a column its values.
   *
   * @param name one of the columns
   * @param values n points, shared or with a row for each problem
   * @return a changed copy
   * @throws IllegalArgumentException if there is no such column, or it has no point or other
   *     numbers of points or problems than the others
   */
  public FormulaObjective data(String name, Column values) {
    Objects.requireNonNull(values, "values");
    int index = indexOf("column", name, columns);
    if (values.points() == 0) {
      throw new IllegalArgumentException("column " + name + " has 0 points, expected at least 1");
    }
    for (int c = 0; c < columnValues.length; c++) {
      Column other = columnValues[c];
      if (c != index && other != null && other.points() != values.points()) {
        throw new IllegalArgumentException(
            "column "
                + name
                + " has "
                + values.points()
                + " points, expected "
                + other.points()
                + " as in column "
                + columns.get(c));
      }
    }
    Column[] changed = columnValues.clone();
    changed[index] = values;
    return with(constantValues, changed);
  }

  private static int indexOf(String what, String name, List<String> names) {
    Objects.requireNonNull(name, "name");
    int index = names.indexOf(name);
    if (index < 0) {
      throw new IllegalArgumentException("no " + what + " " + name + ", expected one of " + names);
    }
    return index;
  }

  private FormulaObjective with(Column[] constantColumns, Column[] dataColumns) {
    LinkedHashMap<String, Column> named = new LinkedHashMap<>();
    for (int c = 0; c < constantColumns.length; c++) {
      if (constantColumns[c] != null) {
        named.put("constant " + constants.get(c), constantColumns[c]);
      }
    }
    for (int c = 0; c < dataColumns.length; c++) {
      if (dataColumns[c] != null) {
        named.put("column " + columns.get(c), dataColumns[c]);
      }
    }
    long problems = ParameterSpace.commonProblems(named);
    return new FormulaObjective(
        expression,
        parameters,
        constants,
        columns,
        programs,
        constantColumns,
        dataColumns,
        problems);
  }

  @Override
  public List<String> parameters() {
    return parameters;
  }

  /**
   * φ, the formula for one data point.
   *
   * @return an expression of parameters, constants and columns
   */
  public Expression expression() {
    return expression;
  }

  /**
   * The names of the known numbers, one for each problem.
   *
   * @return the names in order, not modifiable
   */
  public List<String> constants() {
    return constants;
  }

  /**
   * The names of the data columns.
   *
   * @return the names in order, not modifiable; none for an objective that is no sum over data
   */
  public List<String> columns() {
    return columns;
  }

  /**
   * The values of a constant.
   *
   * @param name one of the constants
   * @return a column of one point, empty if none was given
   * @throws IllegalArgumentException if there is no such constant
   */
  public Optional<Column> constantValues(String name) {
    return Optional.ofNullable(constantValues[indexOf("constant", name, constants)]);
  }

  /**
   * The values of a data column.
   *
   * @param name one of the columns
   * @return a column of n points, empty if none was given
   * @throws IllegalArgumentException if there is no such column
   */
  public Optional<Column> columnValues(String name) {
    return Optional.ofNullable(columnValues[indexOf("column", name, columns)]);
  }

  /**
   * The number of problems that there are constants or data for.
   *
   * @return B; 1 where all problems share them or there are none
   */
  public long problems() {
    return problems;
  }

  /**
   * Whether constants or data differ from problem to problem.
   *
   * @return true if there is a column with a row for each problem
   */
  public boolean perProblem() {
    return Arrays.stream(constantValues).anyMatch(c -> c != null && !c.shared())
        || Arrays.stream(columnValues).anyMatch(c -> c != null && !c.shared());
  }

  /**
   * The number of data points that the objective sums over.
   *
   * @return n; 1 without data
   */
  public long points() {
    for (Column column : columnValues) {
      if (column != null) {
        return column.points();
      }
    }
    return 1;
  }

  /**
   * What has no values yet.
   *
   * @return names of constants and columns
   */
  public List<String> missing() {
    List<String> names = new ArrayList<>();
    for (int c = 0; c < constantValues.length; c++) {
      if (constantValues[c] == null) {
        names.add(constants.get(c));
      }
    }
    for (int c = 0; c < columnValues.length; c++) {
      if (columnValues[c] == null) {
        names.add(columns.get(c));
      }
    }
    return names;
  }

  @Override
  public void values(Points points, double[] values) {
    sum(points, sums(points, programs.value(), 0), null, (row, sums) -> values[row] = sums[0]);
  }

  @Override
  public void gradients(Points points, double[] values, double[] gradients) {
    sum(points, sums(points, programs.gradient(), 0), null, gradientTarget(values, gradients));
  }

  @Override
  public void hessians(Points points, double[] values, double[] gradients, double[] hessians) {
    int p = parameters.size();
    sum(
        points,
        sums(points, programs.hessian(), 0),
        null,
        (row, sums) -> {
          values[row] = sums[0];
          System.arraycopy(sums, 1, gradients, row * p, p);
          int next = 1 + p;
          int first = row * p * p;
          for (int i = 0; i < p; i++) {
            for (int j = 0; j <= i; j++) {
              hessians[first + i * p + j] = sums[next];
              hessians[first + j * p + i] = sums[next++];
            }
          }
        });
  }

  @Override
  public void hessianProducts(Points points, double[] directions, double[] products) {
    int p = parameters.size();
    Objects.requireNonNull(directions, "directions");
    sum(
        points,
        sums(points, programs.product(), p),
        directions,
        (row, sums) -> System.arraycopy(sums, 0, products, row * p, p));
  }

  /**
   * The number of data points.
   *
   * @return n; 1 without data
   * @throws ArithmeticException if there are more than 2³¹-1
   */
  @Override
  public int terms() {
    return Math.toIntExact(points());
  }

  @Override
  public void gradients(
      Points points, int[] selection, int from, int to, double[] values, double[] gradients) {
    Objects.requireNonNull(selection, "selection");
    Objects.checkFromToIndex(from, to, selection.length);
    DataSums some = sums(points, programs.gradient(), 0);
    some.select(selection, from, to);
    sum(points, some, null, gradientTarget(values, gradients));
  }

  private Target gradientTarget(double[] values, double[] gradients) {
    int p = parameters.size();
    return (row, sums) -> {
      values[row] = sums[0];
      System.arraycopy(sums, 1, gradients, row * p, p);
    };
  }

  private interface Target {
    void put(int row, double[] sums);
  }

  private DataSums sums(Points points, Program program, int extra) {
    int p = parameters.size();
    if (points.parameters() != p) {
      throw new IllegalArgumentException(
          "points have " + points.parameters() + " parameters, expected " + p + ": " + parameters);
    }
    if (!missing().isEmpty()) {
      throw new IllegalStateException("no values for " + missing() + " of " + this);
    }
    return new DataSums(
        program, extra, Arrays.asList(constantValues), Arrays.asList(columnValues), points());
  }

  private void sum(Points points, DataSums data, double[] directions, Target target) {
    int p = parameters.size();
    double[] theta = new double[p];
    double[] sums = new double[data.outputs()];
    for (int row = 0; row < points.count(); row++) {
      System.arraycopy(points.theta(), row * p, theta, 0, p);
      if (directions != null) {
        System.arraycopy(directions, row * p, data.known(), constants.size(), p);
      }
      data.sum(points.problem(row), theta, sums);
      target.put(row, sums);
    }
  }

  /** The formula, as a sum where there are data. */
  @Override
  public String toString() {
    return columns.isEmpty() ? expression.toString() : "sum of " + expression;
  }
}
