package org.nabla4j;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.nabla4j.backend.Backend;
import org.nabla4j.backend.Execution;
import org.nabla4j.data.Column;
import org.nabla4j.data.RowColumns;
import org.nabla4j.data.Rows;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.Formula;
import org.nabla4j.method.LeastSquaresMethod;
import org.nabla4j.method.LevenbergMarquardt;
import org.nabla4j.objective.CodedModel;
import org.nabla4j.objective.FormulaModel;
import org.nabla4j.objective.LeastSquaresProblem;
import org.nabla4j.objective.Loss;
import org.nabla4j.objective.MissingData;
import org.nabla4j.objective.Precision;
import org.nabla4j.objective.ResidualModel;
import org.nabla4j.objective.SigmaKind;
import org.nabla4j.objective.StartGuess;
import org.nabla4j.result.BatchFit;
import org.nabla4j.result.FitResult;
import org.nabla4j.result.Interval;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Fits a formula, a lambda or Java code to data: one data set, or a batch of them.
 *
 * <pre>{@code
 * double[] x = {0, 1, 2, 3, 4, 5};
 * double[] y = {2.1, 1.35, 0.95, 0.72, 0.64, 0.55};
 * System.out.println(CurveFit.of("y = a*exp(-b*x) + c").start(1, 0.5, 0).fit(x, y));
 * }</pre>
 *
 * <p>A batch shares the formula and fits every row of y on its own:
 *
 * <pre>{@code
 * double[][] rows = {{2.1, 1.35, 0.95, 0.72}, {4.0, 2.7, 1.9, 1.4}};
 * BatchFit fits =
 *     CurveFit.of("y = a*exp(-b*x)").start(1, 0.5).fitBatch(new double[] {0, 1, 2, 3}, rows);
 * double[] theta = fits.parameters(1);
 * double error = fits.standardError(1, 0);
 * }</pre>
 *
 * <p>Data of several columns are given by name, and so can be everything else:
 *
 * <pre>{@code
 * FitResult fit =
 *     CurveFit.of("z = a + b*u + c*u*v")
 *         .data("u", u).data("v", v).data("z", z)
 *         .start("a", 0).start("b", 1).start("c", 1)
 *         .bounds("b", 0, 10)
 *         .sigma(errors, SigmaKind.ABSOLUTE)
 *         .fit();
 * }</pre>
 *
 * <p>A table may have more rows than fit into memory; its columns are the formula's by name:
 *
 * <pre>{@code
 * FitResult fit =
 *     CurveFit.of("y = a*exp(-b*x) + c").start(1, 0.5, 0).fit(Tables.npy(path, "x", "y"));
 * }</pre>
 *
 * <p><b>Which symbol is what.</b> A symbol with data is a column, and so is the response, left of
 * the equals sign. With {@code fit(x, y)}, y is the response (named {@code y} where the formula has
 * no equals sign) and x is the symbol {@code x}, or the one that {@link #columns(String...)} names.
 * Every other symbol is a parameter, in order of first appearance. A lambda has its parameters in
 * the order in which they are listed.
 *
 * <p>Objects of this class are immutable: every call that sets something returns a changed copy, so
 * one can be kept and used from several threads. Arrays that are given are not copied and must not
 * change while a fit runs.
 */
public final class CurveFit {

  private static final String DEFAULT_RESPONSE = "y";
  private static final String DEFAULT_COLUMN = "x";

  private static final Interval UNBOUNDED =
      new Interval(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);

  /** Points of a table that is not in memory from which start values are estimated. */
  private static final int GUESS_ROWS = 1 << 16;

  /** Start values of one piece of a batch that are estimated from data, in elements. */
  private static final int GUESS_CHUNK = 1 << 24;

  /** What was set so far; changed only before the object that holds it is made. */
  private static final class Settings {
    private Formula formula;
    private CodedModel coded;

    /** The parameters of a lambda in the order of its list; null where symbols tell them. */
    private List<String> declared;

    private List<String> columns = List.of();
    private Map<String, Column> data = new LinkedHashMap<>();
    private Column starts;
    private Map<String, Column> namedStarts = new LinkedHashMap<>();
    private StartGuess guess;
    private List<String> guessed = List.of();
    private Map<String, Interval> bounds = new LinkedHashMap<>();
    private Set<String> fixed = new LinkedHashSet<>();
    private Column sigma;
    private Column weights;

    /** The column of a table that holds σ or the weights. */
    private String sigmaName;

    private String weightsName;
    private SigmaKind sigmaKind;
    private Loss loss = Loss.linear();
    private MissingData missing = MissingData.REFUSE;
    private Precision precision;
    private LeastSquaresMethod method = LevenbergMarquardt.defaults();
    private Backend backend;
    private String backendName;
    private Execution execution = Execution.defaults();

    Settings() {}

    Settings(Settings other) {
      formula = other.formula;
      coded = other.coded;
      declared = other.declared;
      columns = other.columns;
      data = new LinkedHashMap<>(other.data);
      starts = other.starts;
      namedStarts = new LinkedHashMap<>(other.namedStarts);
      guess = other.guess;
      guessed = other.guessed;
      bounds = new LinkedHashMap<>(other.bounds);
      fixed = new LinkedHashSet<>(other.fixed);
      sigma = other.sigma;
      weights = other.weights;
      sigmaName = other.sigmaName;
      weightsName = other.weightsName;
      sigmaKind = other.sigmaKind;
      loss = other.loss;
      missing = other.missing;
      precision = other.precision;
      method = other.method;
      backend = other.backend;
      backendName = other.backendName;
      execution = other.execution;
    }

    /** At most one of the four is given. */
    void spread(Column sigmas, Column ones, String sigmasName, String onesName, SigmaKind kind) {
      sigma = sigmas;
      weights = ones;
      sigmaName = sigmasName;
      weightsName = onesName;
      sigmaKind = kind;
    }
  }

  private final Settings settings;

  private CurveFit(Settings settings) {
    this.settings = settings;
  }

  private CurveFit with(Consumer<Settings> change) {
    Settings copy = new Settings(settings);
    change.accept(copy);
    return new CurveFit(copy);
  }

  /**
   * A fit of a formula.
   *
   * @param formula the model, such as {@code y = a*exp(-b*x) + c}; the language is described at
   *     {@link Formula}
   * @return a fit without data
   * @throws org.nabla4j.expression.FormulaException if the text is no formula, or a comparison such
   *     as {@code y == a*x}
   */
  public static CurveFit of(String formula) {
    Objects.requireNonNull(formula, "formula");
    return of(Formula.parse(formula));
  }

  /**
   * A fit of a formula.
   *
   * @param formula the model
   * @return a fit without data
   * @throws org.nabla4j.expression.FormulaException if the formula is a comparison
   */
  public static CurveFit of(Formula formula) {
    Settings settings = new Settings();
    settings.formula = Objects.requireNonNull(formula, "formula").asModel();
    return new CurveFit(settings);
  }

  /**
   * A fit of a lambda of one column, {@code x}. It is run once, on symbols:
   *
   * <pre>{@code
   * CurveFit.of(List.of("a", "b"), (p, x) -> p.get(0).times(p.get(1).times(x).negate().exp()))
   * }</pre>
   *
   * @param parameters the names of the parameters, in the order of {@link #start(double...)}
   * @param model from parameters and x to the prediction; must use every parameter
   * @return a fit without data
   * @throws IllegalArgumentException if a name is no symbol's or stands for a parameter and a
   *     column, the lambda uses other symbols or a parameter is not used
   * @throws IllegalStateException if the lambda asks a symbol for its value, as to branch on it:
   *     {@link org.nabla4j.expression.Functions#where} chooses
   */
  public static CurveFit of(
      List<String> parameters, BiFunction<List<Expression>, Expression, Expression> model) {
    Objects.requireNonNull(parameters, "parameters");
    Objects.requireNonNull(model, "model");
    return of(parameters, List.of(DEFAULT_COLUMN), (p, x) -> model.apply(p, x.get(0)));
  }

  /**
   * A fit of a lambda of several columns. It is run once, on symbols.
   *
   * @param parameters the names of the parameters, in the order of {@link #start(double...)}
   * @param columns the names of the columns, the response not among them
   * @param model from parameters and columns to the prediction; must use every parameter
   * @return a fit without data
   * @throws IllegalArgumentException if a name is no symbol's or stands for a parameter and a
   *     column, the lambda uses other symbols or a parameter is not used
   * @throws IllegalStateException if the lambda asks a symbol for its value, as to branch on it:
   *     {@link org.nabla4j.expression.Functions#where} chooses
   */
  public static CurveFit of(
      List<String> parameters,
      List<String> columns,
      BiFunction<List<Expression>, List<Expression>, Expression> model) {
    Objects.requireNonNull(parameters, "parameters");
    Objects.requireNonNull(columns, "columns");
    Objects.requireNonNull(model, "model");
    for (String name : parameters) {
      if (columns.contains(name)) {
        throw new IllegalArgumentException(
            name
                + " is both a parameter and a column: parameters = "
                + parameters
                + ", columns = "
                + columns
                + "; rename one, columns by of(parameters, columns, model)");
      }
    }
    Formula formula = Formula.trace(parameters, columns, model);
    for (String name : parameters) {
      if (!formula.expression().symbols().contains(name)) {
        throw new IllegalArgumentException(
            "parameter "
                + name
                + " is not used by the model "
                + formula.text()
                + "; leave it out of "
                + parameters);
      }
    }
    List<String> declared = List.copyOf(parameters);
    return of(formula).columns(columns.toArray(String[]::new)).with(s -> s.declared = declared);
  }

  /**
   * A fit of Java code over ND4J arrays.
   *
   * @param model the code, with the names of its parameters and columns
   * @return a fit without data
   */
  public static CurveFit of(CodedModel model) {
    Settings settings = new Settings();
    settings.coded = Objects.requireNonNull(model, "model");
    return new CurveFit(settings);
  }

  /**
   * Says which symbols are columns although no data are given for them yet. With {@code fit(x, y)}
   * the one named here is x.
   *
   * @param names the names
   * @return a changed copy
   */
  public CurveFit columns(String... names) {
    List<String> list = Inputs.list("names", names);
    return with(s -> s.columns = list);
  }

  /**
   * Gives the data of a column, shared by all problems.
   *
   * @param name the symbol
   * @param values n values; not modified
   * @return a changed copy
   */
  public CurveFit data(String name, double[] values) {
    Objects.requireNonNull(name, "name");
    return data(name, Column.shared(values));
  }

  /**
   * Gives the data of a column in single precision, shared by all problems.
   *
   * @param name the symbol
   * @param values n values; not modified
   * @return a changed copy
   */
  public CurveFit data(String name, float[] values) {
    Objects.requireNonNull(name, "name");
    return data(name, Column.shared(values));
  }

  /**
   * Gives the data of a column, a row for each problem.
   *
   * @param name the symbol
   * @param values B rows of n values; not modified
   * @return a changed copy
   * @throws IllegalArgumentException if the rows differ in length
   */
  public CurveFit data(String name, double[][] values) {
    Objects.requireNonNull(name, "name");
    return data(name, Column.perProblem(Inputs.rows("values", name, values)));
  }

  /**
   * Gives the data of a column in single precision, a row for each problem.
   *
   * @param name the symbol
   * @param values B rows of n values; not modified
   * @return a changed copy
   * @throws IllegalArgumentException if the rows differ in length
   */
  public CurveFit data(String name, float[][] values) {
    Objects.requireNonNull(name, "name");
    return data(name, Column.perProblem(Inputs.rows("values", name, values)));
  }

  /**
   * Gives the data of a column as an ND4J array: a vector is shared by all problems, a matrix has a
   * row for each.
   *
   * @param name the symbol
   * @param values {@code [n]} or {@code [B, n]}; not modified
   * @return a changed copy
   * @throws IllegalArgumentException if the array is neither
   */
  public CurveFit data(String name, INDArray values) {
    Objects.requireNonNull(name, "name");
    return data(name, Column.of(values));
  }

  /**
   * Gives the data of a column.
   *
   * @param name the symbol
   * @param values the values
   * @return a changed copy
   */
  public CurveFit data(String name, Column values) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(values, "values");
    return with(s -> s.data.put(name, values));
  }

  /**
   * Gives start values of all parameters, in the order of {@link #parameters()}.
   *
   * @param values p values; not modified
   * @return a changed copy
   */
  public CurveFit start(double... values) {
    Objects.requireNonNull(values, "values");
    return starts(Column.shared(values.clone()));
  }

  /**
   * Gives the start value of a parameter.
   *
   * @param parameter its name
   * @param value the value
   * @return a changed copy
   */
  public CurveFit start(String parameter, double value) {
    return start(parameter, Column.shared(value));
  }

  /**
   * Gives the start value of a parameter for each problem.
   *
   * @param parameter its name
   * @param values a column of one point
   * @return a changed copy
   * @throws IllegalArgumentException if the column has more points than one
   */
  public CurveFit start(String parameter, Column values) {
    Objects.requireNonNull(parameter, "parameter");
    Objects.requireNonNull(values, "values");
    if (values.points() != 1) {
      throw new IllegalArgumentException(
          "start of " + parameter + " is " + values + ", expected one value per problem");
    }
    return with(s -> s.namedStarts.put(parameter, values));
  }

  /**
   * Gives start values by name.
   *
   * @param values a value for each parameter named
   * @return a changed copy
   */
  public CurveFit start(Map<String, Double> values) {
    Objects.requireNonNull(values, "values");
    Map<String, Column> columns = new LinkedHashMap<>();
    values.forEach(
        (name, value) -> columns.put(name, Column.shared(Objects.requireNonNull(value, name))));
    return with(s -> s.namedStarts.putAll(columns));
  }

  /**
   * Gives start values of all parameters for each problem.
   *
   * @param values B rows of p values; not modified
   * @return a changed copy
   * @throws IllegalArgumentException if the rows differ in length
   */
  public CurveFit starts(double[][] values) {
    return starts(Column.perProblem(Inputs.rows("values", "starts", values)));
  }

  /**
   * Gives start values of all parameters for each problem.
   *
   * @param values {@code [B, p]}; not modified
   * @return a changed copy
   * @throws IllegalArgumentException if the array is no matrix
   */
  public CurveFit starts(INDArray values) {
    return starts(Column.perProblem(values));
  }

  /**
   * Gives start values of all parameters, in the order of {@link #parameters()}.
   *
   * @param values p points, shared or per problem
   * @return a changed copy
   */
  public CurveFit starts(Column values) {
    Objects.requireNonNull(values, "values");
    return with(s -> s.starts = values);
  }

  /**
   * Estimates start values from the data of each problem, within the bounds; of a table with more
   * rows than are read into memory from its first 65 536 rows. Values given by {@code start} take
   * precedence.
   *
   * @param shape the shape that the model has
   * @param parameters the names of the parameters in the order of the shape's; if there are none,
   *     the model's parameters in order of first appearance
   * @return a changed copy
   * @throws IllegalArgumentException if the number of names is neither 0 nor that of the shape
   */
  public CurveFit guess(StartGuess shape, String... parameters) {
    Objects.requireNonNull(shape, "shape");
    List<String> names = Inputs.list("parameters", parameters);
    if (!names.isEmpty() && names.size() != shape.parameters()) {
      throw new IllegalArgumentException(
          "parameters = " + names + ", expected " + shape.parameters() + " names for " + shape);
    }
    return with(
        s -> {
          s.guess = shape;
          s.guessed = names;
        });
  }

  /**
   * Keeps a parameter within bounds. A start value outside of them is an error when the fit is
   * made, in any problem of a batch; estimates of {@link #guess} are moved inside. A parameter that
   * is fixed may lie anywhere.
   *
   * @param parameter its name
   * @param lower the lower bound, -∞ for none
   * @param upper the upper bound, +∞ for none
   * @return a changed copy
   * @throws IllegalArgumentException unless lower &lt; upper
   */
  public CurveFit bounds(String parameter, double lower, double upper) {
    Objects.requireNonNull(parameter, "parameter");
    Interval interval = Inputs.interval(parameter, lower, upper);
    return with(s -> s.bounds.put(parameter, interval));
  }

  /**
   * Holds parameters at their start values.
   *
   * @param parameters their names
   * @return a changed copy
   */
  public CurveFit fix(String... parameters) {
    List<String> names = Inputs.list("parameters", parameters);
    return with(s -> s.fixed.addAll(names));
  }

  /**
   * Holds a parameter at a value.
   *
   * @param parameter its name
   * @param value the value
   * @return a changed copy
   */
  public CurveFit fix(String parameter, double value) {
    return start(parameter, value).fix(parameter);
  }

  /**
   * Holds a parameter at a value for each problem.
   *
   * @param parameter its name
   * @param values a column of one point
   * @return a changed copy
   * @throws IllegalArgumentException if the column has more points than one
   */
  public CurveFit fix(String parameter, Column values) {
    return start(parameter, values).fix(parameter);
  }

  /**
   * Gives the standard deviations of the response, shared by all problems.
   *
   * @param values n values &gt; 0; not modified
   * @param kind whether they are known in the units of the response or up to a factor
   * @return a changed copy
   */
  public CurveFit sigma(double[] values, SigmaKind kind) {
    return sigma(Column.shared(values), kind);
  }

  /**
   * Gives the standard deviations of the response, a row for each problem.
   *
   * @param values B rows of n values &gt; 0; not modified
   * @param kind whether they are known in the units of the response or up to a factor
   * @return a changed copy
   */
  public CurveFit sigma(double[][] values, SigmaKind kind) {
    return sigma(Column.perProblem(Inputs.rows("values", "sigma", values)), kind);
  }

  /**
   * Gives the standard deviations of the response as an ND4J array.
   *
   * @param values {@code [n]} or {@code [B, n]}, &gt; 0; not modified
   * @param kind whether they are known in the units of the response or up to a factor
   * @return a changed copy
   */
  public CurveFit sigma(INDArray values, SigmaKind kind) {
    return sigma(Column.of(values), kind);
  }

  /**
   * Gives the standard deviations of the response.
   *
   * @param values n points &gt; 0, shared or per problem
   * @param kind whether they are known in the units of the response or up to a factor
   * @return a changed copy
   */
  public CurveFit sigma(Column values, SigmaKind kind) {
    Objects.requireNonNull(values, "values");
    Objects.requireNonNull(kind, "kind");
    return with(s -> s.spread(values, null, null, null, kind));
  }

  /**
   * Says which column of a table holds the standard deviations of the response; for {@link
   * #fit(Rows)}.
   *
   * @param column its name; its values are &gt; 0
   * @param kind whether they are known in the units of the response or up to a factor
   * @return a changed copy
   */
  public CurveFit sigma(String column, SigmaKind kind) {
    Objects.requireNonNull(column, "column");
    Objects.requireNonNull(kind, "kind");
    return with(s -> s.spread(null, null, column, null, kind));
  }

  /**
   * Gives weights, 1/σ², shared by all problems. A point of weight 0 does not enter the sums, but
   * counts among the degrees of freedom, see {@link BatchFit#degreesOfFreedom(long)}.
   *
   * @param values n values ≥ 0; not modified
   * @param kind whether σ is known in the units of the response or up to a factor
   * @return a changed copy
   */
  public CurveFit weights(double[] values, SigmaKind kind) {
    return weights(Column.shared(values), kind);
  }

  /**
   * Gives weights, 1/σ², a row for each problem. A point of weight 0 does not enter the sums, but
   * counts among the degrees of freedom, see {@link BatchFit#degreesOfFreedom(long)}.
   *
   * @param values B rows of n values ≥ 0; not modified
   * @param kind whether σ is known in the units of the response or up to a factor
   * @return a changed copy
   */
  public CurveFit weights(double[][] values, SigmaKind kind) {
    return weights(Column.perProblem(Inputs.rows("values", "weights", values)), kind);
  }

  /**
   * Gives weights, 1/σ², as an ND4J array. A point of weight 0 does not enter the sums, but counts
   * among the degrees of freedom, see {@link BatchFit#degreesOfFreedom(long)}.
   *
   * @param values {@code [n]} or {@code [B, n]}, ≥ 0; not modified
   * @param kind whether σ is known in the units of the response or up to a factor
   * @return a changed copy
   */
  public CurveFit weights(INDArray values, SigmaKind kind) {
    return weights(Column.of(values), kind);
  }

  /**
   * Gives weights, 1/σ². A point of weight 0 does not enter the sums, but counts among the degrees
   * of freedom, see {@link BatchFit#degreesOfFreedom(long)}.
   *
   * @param values n points ≥ 0, shared or per problem
   * @param kind whether σ is known in the units of the response or up to a factor
   * @return a changed copy
   */
  public CurveFit weights(Column values, SigmaKind kind) {
    Objects.requireNonNull(values, "values");
    Objects.requireNonNull(kind, "kind");
    return with(s -> s.spread(null, values, null, null, kind));
  }

  /**
   * Says which column of a table holds the weights, 1/σ²; for {@link #fit(Rows)}. A point of weight
   * 0 does not enter the sums, but counts among the degrees of freedom, see {@link
   * BatchFit#degreesOfFreedom(long)}.
   *
   * @param column its name; its values are ≥ 0
   * @param kind whether σ is known in the units of the response or up to a factor
   * @return a changed copy
   */
  public CurveFit weights(String column, SigmaKind kind) {
    Objects.requireNonNull(column, "column");
    Objects.requireNonNull(kind, "kind");
    return with(s -> s.spread(null, null, null, column, kind));
  }

  /**
   * Sets how squared residuals count; linear unless set.
   *
   * @param loss the loss
   * @return a changed copy
   */
  public CurveFit loss(Loss loss) {
    Objects.requireNonNull(loss, "loss");
    return with(s -> s.loss = loss);
  }

  /**
   * Sets what a NaN among the data means; {@link MissingData#REFUSE} unless set.
   *
   * @param policy the meaning
   * @return a changed copy
   */
  public CurveFit missing(MissingData policy) {
    Objects.requireNonNull(policy, "policy");
    return with(s -> s.missing = policy);
  }

  /**
   * Sets the arithmetic of the model. Unless set it is single where all columns of the model, x and
   * y, are of type float, and double otherwise. They alone decide: σ, weights and start values of
   * type double are rounded to float in a fit of float data.
   *
   * @param precision the precision
   * @return a changed copy
   */
  public CurveFit precision(Precision precision) {
    Objects.requireNonNull(precision, "precision");
    return with(s -> s.precision = precision);
  }

  /**
   * Sets the method with its options; {@link LevenbergMarquardt#defaults()} unless set.
   *
   * @param method the method
   * @return a changed copy
   */
  public CurveFit method(LeastSquaresMethod method) {
    Objects.requireNonNull(method, "method");
    return with(s -> s.method = method);
  }

  /**
   * Asks for a backend by name; otherwise {@link org.nabla4j.backend.Backends} chooses.
   *
   * @param name such as {@code cpu}
   * @return a changed copy
   */
  public CurveFit backend(String name) {
    Objects.requireNonNull(name, "name");
    return with(
        s -> {
          s.backendName = name;
          s.backend = null;
        });
  }

  /**
   * Gives an open backend.
   *
   * @param backend the backend; it stays open
   * @return a changed copy
   */
  public CurveFit backend(Backend backend) {
    Objects.requireNonNull(backend, "backend");
    return with(
        s -> {
          s.backend = backend;
          s.backendName = null;
        });
  }

  /**
   * Sets threads, listener and cancellation.
   *
   * @param execution the settings
   * @return a changed copy
   */
  public CurveFit execution(Execution execution) {
    Objects.requireNonNull(execution, "execution");
    return with(s -> s.execution = execution);
  }

  /**
   * Fits one data set.
   *
   * @param x n values of the column; not modified
   * @param y n values of the response; not modified
   * @return the fit
   * @throws IllegalArgumentException if something is missing or does not match
   */
  public FitResult fit(double[] x, double[] y) {
    return withData(
            Column.shared(Objects.requireNonNull(x, "x")),
            Column.shared(Objects.requireNonNull(y, "y")))
        .fit();
  }

  /**
   * Fits one data set in single precision.
   *
   * @param x n values of the column; not modified
   * @param y n values of the response; not modified
   * @return the fit
   * @throws IllegalArgumentException if something is missing or does not match
   */
  public FitResult fit(float[] x, float[] y) {
    return withData(
            Column.shared(Objects.requireNonNull(x, "x")),
            Column.shared(Objects.requireNonNull(y, "y")))
        .fit();
  }

  /**
   * Fits one data set.
   *
   * @param x n values of the column; not modified
   * @param y n values of the response; not modified
   * @return the fit
   * @throws IllegalArgumentException if something is missing or does not match
   */
  public FitResult fit(INDArray x, INDArray y) {
    return fit(
        Column.of(Objects.requireNonNull(x, "x")), Column.of(Objects.requireNonNull(y, "y")));
  }

  /**
   * Fits one data set.
   *
   * @param x n values of the column
   * @param y n values of the response
   * @return the fit
   * @throws IllegalArgumentException if something is missing or does not match
   */
  public FitResult fit(Column x, Column y) {
    return withData(Objects.requireNonNull(x, "x"), Objects.requireNonNull(y, "y")).fit();
  }

  /**
   * Fits the data set that was given column by column.
   *
   * @return the fit
   * @throws IllegalArgumentException if something is missing or does not match, or the data are a
   *     batch
   */
  public FitResult fit() {
    return one(problem());
  }

  /**
   * Fits a table, which may have more rows than fit into memory.
   *
   * <p>A symbol of the formula that is a column of the table is a column, and so are the response
   * and what {@link #columns(String...)} names; all others are parameters. Other columns of the
   * table are not read. The fit is the same, bit for bit, as that of the same numbers in arrays.
   *
   * <p>A table of at most 16 384 rows is read into memory. A longer one is read once for each
   * evaluation of the model, block by block, while all threads compute; memory does not grow with
   * its rows. Where their number is not known beforehand, as in CSV files, they are counted first,
   * in one more pass. So is the table read once more by {@link FitResult#rSquared()}, residuals,
   * the covariance of a robust loss and the explanation of a fit that is not finite.
   *
   * <p>Start values of {@link #guess} are estimated from the first 65 536 rows: where the table is
   * sorted they may be far from those of all rows, which {@link #start(double...)} does better.
   *
   * <p>A σ or weight out of range ends the fit as {@code NON_FINITE}, and the status message names
   * its row.
   *
   * @param rows the table
   * @return the fit; one that was cancelled ends with the best parameters so far, also in the
   *     middle of the table
   * @throws IllegalArgumentException if something is missing or does not match, data or σ were
   *     given as arrays, the model is Java code and the table has more rows than are read into
   *     memory, or the rows can be read only once: give a source that can be read again, such as a
   *     file
   * @throws org.nabla4j.data.RowException if the table cannot be read to its end, or its number of
   *     rows changes
   */
  public FitResult fit(Rows rows) {
    return one(problem(rows));
  }

  private FitResult one(LeastSquaresProblem problem) {
    if (problem.problems() > 1) {
      throw new IllegalArgumentException(
          "the data hold " + problem.problems() + " problems, expected one; use fitBatch for all");
    }
    return solve(problem).get(0);
  }

  /**
   * Fits a batch over a shared x.
   *
   * @param x n values of the column; not modified
   * @param y B rows of n values of the response; not modified
   * @return the fits
   * @throws IllegalArgumentException if something is missing or does not match
   */
  public BatchFit fitBatch(double[] x, double[][] y) {
    return fitBatch(
        Column.shared(Objects.requireNonNull(x, "x")), Column.perProblem(Inputs.rows("y", "y", y)));
  }

  /**
   * Fits a batch of float data over a shared x, in double.
   *
   * @param x n values of the column; not modified
   * @param y B rows of n values of the response; not modified
   * @return the fits
   * @throws IllegalArgumentException if something is missing or does not match
   */
  public BatchFit fitBatch(double[] x, float[][] y) {
    return fitBatch(
        Column.shared(Objects.requireNonNull(x, "x")), Column.perProblem(Inputs.rows("y", "y", y)));
  }

  /**
   * Fits a batch over a shared x.
   *
   * @param x n values of the column; not modified
   * @param y the response, of shape [B, n]; not modified
   * @return the fits
   * @throws IllegalArgumentException if something is missing or does not match
   */
  public BatchFit fitBatch(double[] x, INDArray y) {
    return fitBatch(
        Column.shared(Objects.requireNonNull(x, "x")),
        Column.perProblem(Objects.requireNonNull(y, "y")));
  }

  /**
   * Fits a batch with an x for each problem.
   *
   * @param x B rows of n values of the column; not modified
   * @param y B rows of n values of the response; not modified
   * @return the fits
   * @throws IllegalArgumentException if something is missing or does not match
   */
  public BatchFit fitBatch(double[][] x, double[][] y) {
    return fitBatch(
        Column.perProblem(Inputs.rows("x", "x", x)), Column.perProblem(Inputs.rows("y", "y", y)));
  }

  /**
   * Fits a batch in single precision over a shared x.
   *
   * @param x n values of the column; not modified
   * @param y B rows of n values of the response; not modified
   * @return the fits
   * @throws IllegalArgumentException if something is missing or does not match
   */
  public BatchFit fitBatch(float[] x, float[][] y) {
    return fitBatch(
        Column.shared(Objects.requireNonNull(x, "x")), Column.perProblem(Inputs.rows("y", "y", y)));
  }

  /**
   * Fits a batch in single precision with an x for each problem.
   *
   * @param x B rows of n values of the column; not modified
   * @param y B rows of n values of the response; not modified
   * @return the fits
   * @throws IllegalArgumentException if something is missing or does not match
   */
  public BatchFit fitBatch(float[][] x, float[][] y) {
    return fitBatch(
        Column.perProblem(Inputs.rows("x", "x", x)), Column.perProblem(Inputs.rows("y", "y", y)));
  }

  /**
   * Fits a batch of ND4J arrays.
   *
   * @param x {@code [n]}, shared, or {@code [B, n]}; not modified
   * @param y {@code [B, n]}; not modified
   * @return the fits
   * @throws IllegalArgumentException if something is missing or does not match
   */
  public BatchFit fitBatch(INDArray x, INDArray y) {
    return fitBatch(
        Column.of(Objects.requireNonNull(x, "x")),
        Column.perProblem(Objects.requireNonNull(y, "y")));
  }

  /**
   * Fits a batch.
   *
   * @param x the column, shared or per problem
   * @param y the response
   * @return the fits
   * @throws IllegalArgumentException if something is missing or does not match
   */
  public BatchFit fitBatch(Column x, Column y) {
    return withData(Objects.requireNonNull(x, "x"), Objects.requireNonNull(y, "y")).fitBatch();
  }

  /**
   * Fits the batch that was given column by column.
   *
   * @return the fits
   * @throws IllegalArgumentException if something is missing or does not match
   */
  public BatchFit fitBatch() {
    return solve(problem());
  }

  /**
   * The names of the parameters, as far as data and columns given so far tell them from columns.
   *
   * @return the names in order of first appearance, for a lambda as listed, for code as it has
   *     them; not modifiable
   */
  public List<String> parameters() {
    return model().parameters();
  }

  /**
   * What the settings say, as a problem for a backend.
   *
   * @return the problem
   * @throws IllegalArgumentException if something is missing or does not match
   */
  public LeastSquaresProblem problem() {
    String spread = settings.sigmaName != null ? settings.sigmaName : settings.weightsName;
    if (spread != null) {
      throw new IllegalArgumentException(
          (settings.sigmaName != null ? "sigma" : "weights")
              + " are the column "
              + spread
              + " of a table, but there is none: fit(rows) takes one");
    }
    ResidualModel model = model();
    for (String name : settings.data.keySet()) {
      if (!model.columns().contains(name)) {
        throw new IllegalArgumentException("data " + name + " are not used by the model " + model);
      }
    }
    for (String name : model.columns()) {
      if (!settings.data.containsKey(name)) {
        throw new IllegalArgumentException(
            "no data for "
                + name
                + " of the model "
                + model
                + "; give them by data(\""
                + name
                + "\", ...)");
      }
    }
    LeastSquaresProblem.Builder builder = LeastSquaresProblem.builder(model);
    settings.data.forEach(builder::column);
    if (settings.sigma != null) {
      builder.sigma(settings.sigma, settings.sigmaKind);
    }
    if (settings.weights != null) {
      builder.weights(settings.weights, settings.sigmaKind);
    }
    if (settings.precision != null) {
      builder.precision(settings.precision);
    }
    builder.loss(settings.loss).missingData(settings.missing);
    Inputs.bounds(settings.bounds, model.parameters(), builder::bounds);
    builder.fixed(Inputs.fixed(settings.fixed, model.parameters()));
    return builder.starts(startsOf(model)).build();
  }

  /**
   * What the settings say of a table, as a problem for a backend. The table is read where its rows
   * must be counted, are few, or start values are estimated.
   *
   * @param rows the table
   * @return the problem, see {@link #fit(Rows)}
   * @throws IllegalArgumentException as {@link #fit(Rows)} does
   * @throws org.nabla4j.data.RowException if the table had to be read and could not be
   */
  public LeastSquaresProblem problem(Rows rows) {
    Objects.requireNonNull(rows, "rows");
    if (!settings.data.isEmpty()) {
      throw new IllegalArgumentException(
          "data "
              + String.join(", ", settings.data.keySet())
              + " were given beside "
              + rows.description()
              + ", expected all columns in the table");
    }
    if (settings.sigma != null || settings.weights != null) {
      String what = settings.sigma != null ? "sigma" : "weights";
      throw new IllegalArgumentException(
          what
              + " were given as "
              + (settings.sigma != null ? settings.sigma : settings.weights)
              + " beside "
              + rows.description()
              + ", expected the name of a column: "
              + what
              + "(\"name\", "
              + settings.sigmaKind
              + ")");
    }
    Set<String> known = new LinkedHashSet<>(settings.columns);
    if (settings.formula != null) {
      rows.fields().stream()
          .map(Rows.Field::name)
          .filter(settings.formula.symbols()::contains)
          .forEach(known::add);
    }
    CurveFit named = columns(known.toArray(String[]::new));
    List<String> names = new ArrayList<>(named.model().columns());
    int width = names.size();
    String spread = settings.sigmaName != null ? settings.sigmaName : settings.weightsName;
    if (spread != null) {
      names.add(spread);
    }
    RowColumns table = RowColumns.of(rows, names, settings.execution.cancellation());
    return named
        .with(
            s -> {
              names.subList(0, width).forEach(name -> s.data.put(name, table.column(name)));
              Column values = spread == null ? null : table.column(spread);
              boolean isSigma = settings.sigmaName != null;
              s.spread(isSigma ? values : null, isSigma ? null : values, null, null, s.sigmaKind);
            })
        .problem();
  }

  private BatchFit solve(LeastSquaresProblem problem) {
    Backend backend = Inputs.backend(settings.backend, settings.backendName);
    return backend.solve(problem, settings.method, settings.execution);
  }

  /** Tells columns from parameters. */
  private ResidualModel model() {
    if (settings.coded != null) {
      return settings.coded;
    }
    Formula formula = settings.formula;
    Expression response = formula.response().orElseGet(() -> Expression.symbol(DEFAULT_RESPONSE));
    Set<String> known = new LinkedHashSet<>(settings.data.keySet());
    known.addAll(settings.columns);
    known.addAll(response.symbols());
    if (known.size() == response.symbols().size() && formula.symbols().contains(DEFAULT_COLUMN)) {
      known.add(DEFAULT_COLUMN);
    }
    List<String> parameters = new ArrayList<>();
    Set<String> columns = new LinkedHashSet<>();
    for (String name : formula.symbols()) {
      boolean isColumn =
          settings.declared == null ? known.contains(name) : !settings.declared.contains(name);
      (isColumn ? columns : parameters).add(name);
    }
    if (settings.declared != null) {
      parameters = settings.declared;
    }
    columns.addAll(response.symbols());
    if (parameters.isEmpty()) {
      throw new IllegalArgumentException(
          "the model " + formula.text() + " has no parameter: every symbol is a column");
    }
    return FormulaModel.of(response, formula.expression(), parameters, List.copyOf(columns));
  }

  /** Gives x and y to the columns that they belong to. */
  private CurveFit withData(Column x, Column y) {
    String response;
    String column;
    if (settings.coded != null) {
      CodedModel coded = settings.coded;
      if (coded.columns().size() != 2) {
        throw new IllegalArgumentException(
            "fit(x, y) is for a model of two columns, got "
                + coded.columns()
                + "; give each by data(name, ...)");
      }
      response = coded.responseColumn().orElse(coded.columns().get(1));
      column = coded.columns().get(coded.columns().indexOf(response) == 0 ? 1 : 0);
    } else {
      response = responseName();
      column = columnName(response);
    }
    return data(column, x).data(response, y);
  }

  private String responseName() {
    List<String> symbols = settings.formula.responseSymbols();
    if (symbols.isEmpty()) {
      return DEFAULT_RESPONSE;
    }
    List<String> open = symbols.stream().filter(name -> !settings.data.containsKey(name)).toList();
    if (open.size() != 1) {
      throw new IllegalArgumentException(
          "the response of "
              + settings.formula.text()
              + " has the symbols "
              + symbols
              + ", expected one without data; give each by data(name, ...)");
    }
    return open.get(0);
  }

  private String columnName(String response) {
    List<String> open =
        settings.columns.stream()
            .filter(name -> !name.equals(response) && !settings.data.containsKey(name))
            .toList();
    if (open.size() == 1) {
      return open.get(0);
    }
    if (open.isEmpty() && settings.formula.symbols().contains(DEFAULT_COLUMN)) {
      return DEFAULT_COLUMN;
    }
    throw new IllegalArgumentException(
        open.isEmpty()
            ? "the model "
                + settings.formula.text()
                + " has no symbol x, only "
                + settings.formula.symbols()
                + "; name its column by columns(\"...\")"
            : "columns "
                + open
                + " have no data; fit(x, y) is for one, give each by data(name, ...)");
  }

  /** Start values by name come first, then those by position, then estimates. */
  private Column startsOf(ResidualModel model) {
    Inputs.checkStarts(settings.starts, settings.namedStarts, model.parameters());
    List<String> guessed = settings.starts == null ? guessedNames(model) : List.of();
    Map<String, Column> estimates = new LinkedHashMap<>();
    if (!settings.namedStarts.keySet().containsAll(guessed)) {
      Column all = estimates(model, guessed);
      for (int j = 0; j < guessed.size(); j++) {
        estimates.put(guessed.get(j), all.slice(j, 1));
      }
    }
    return Inputs.starts(
        model.parameters(),
        settings.starts,
        settings.namedStarts,
        estimates,
        "model " + model,
        "data(...) or columns(...)");
  }

  private List<String> guessedNames(ResidualModel model) {
    if (settings.guess == null) {
      return List.of();
    }
    if (!settings.guessed.isEmpty()) {
      settings.guessed.forEach(name -> Inputs.indexOf(model.parameters(), name, "guess"));
      return settings.guessed;
    }
    if (model.parameters().size() != settings.guess.parameters()) {
      throw new IllegalArgumentException(
          "guess "
              + settings.guess
              + " is for "
              + settings.guess.parameters()
              + " parameters, the model has "
              + model.parameters()
              + "; name them in the order of the shape's");
    }
    return model.parameters();
  }

  /** Estimates from each problem's own data, in pieces that fit one array. */
  private Column estimates(ResidualModel model, List<String> names) {
    String response = model.responseColumn().orElse(null);
    List<String> others = model.columns().stream().filter(c -> !c.equals(response)).toList();
    if (response == null || others.size() != 1) {
      throw new IllegalArgumentException(
          "guess needs a response that is a column and one other column, the model is " + model);
    }
    Column x = settings.data.get(others.get(0));
    Column y = settings.data.get(response);
    if (x.points() != y.points()) {
      throw new IllegalArgumentException(
          "column "
              + response
              + " has "
              + y.points()
              + " points, expected "
              + x.points()
              + " as in column "
              + others.get(0));
    }
    if (!x.shared() && !y.shared() && x.problems() != y.problems()) {
      throw new IllegalArgumentException(
          "column "
              + response
              + " has "
              + y.problems()
              + " problems, expected "
              + x.problems()
              + " as in column "
              + others.get(0));
    }
    boolean inMemory = x.table().map(RowColumns::inMemory).orElse(true);
    int n = inMemory ? Math.toIntExact(x.points()) : (int) Math.min(GUESS_ROWS, x.points());
    int width = settings.guess.parameters();
    long problems = Math.max(x.problems(), y.problems());
    List<Column> pieces = new ArrayList<>();
    for (long from = 0; from < problems; from += GUESS_CHUNK / width) {
      int rows = (int) Math.min(GUESS_CHUNK / width, problems - from);
      double[] values = new double[rows * width];
      estimateRows(x, y, n, names, from, rows, values);
      pieces.add(
          x.shared() && y.shared() ? Column.shared(values) : Column.perProblem(values, width));
    }
    return Column.concatenateProblems(pieces);
  }

  private void estimateRows(
      Column x, Column y, int n, List<String> names, long from, int rows, double[] values) {
    int width = settings.guess.parameters();
    int workers = Math.min(settings.execution.parallelism(), Math.max(1, rows / 256));
    settings.execution.run(
        workers,
        worker -> {
          double[] px = new double[n];
          double[] py = new double[n];
          int begin = (int) ((long) rows * worker / workers);
          int end = (int) ((long) rows * (worker + 1) / workers);
          for (int row = begin; row < end; row++) {
            long problem = from + row;
            x.read(x.shared() ? 0 : problem, 0, n, px, 0);
            y.read(y.shared() ? 0 : problem, 0, n, py, 0);
            double[] estimate = settings.guess.estimate(px, py);
            for (int j = 0; j < width; j++) {
              Interval bounds = settings.bounds.getOrDefault(names.get(j), UNBOUNDED);
              values[row * width + j] =
                  Math.max(bounds.lower(), Math.min(bounds.upper(), estimate[j]));
            }
          }
        });
  }

  /** The model and what was set: data by their type and shape, few values as they are. */
  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    parts.add(settings.coded != null ? settings.coded.toString() : settings.formula.text());
    if (!settings.columns.isEmpty()) {
      parts.add("columns " + String.join(", ", settings.columns));
    }
    Inputs.add(parts, "data", Inputs.shown(settings.data));
    if (settings.starts != null) {
      parts.add("start " + Inputs.shown(settings.starts));
    }
    Inputs.add(parts, "start", Inputs.shown(settings.namedStarts));
    if (settings.guess != null) {
      parts.add(
          "guess "
              + settings.guess
              + (settings.guessed.isEmpty() ? "" : " of " + String.join(", ", settings.guessed)));
    }
    Inputs.addBounds(parts, settings.bounds);
    Inputs.add(parts, "fixed", List.copyOf(settings.fixed));
    if (settings.sigma != null) {
      parts.add("sigma " + settings.sigma + " " + settings.sigmaKind);
    }
    if (settings.weights != null) {
      parts.add("weights " + settings.weights + " " + settings.sigmaKind);
    }
    if (settings.sigmaName != null || settings.weightsName != null) {
      parts.add(
          (settings.sigmaName != null
                  ? "sigma column " + settings.sigmaName
                  : "weights column " + settings.weightsName)
              + " "
              + settings.sigmaKind);
    }
    if (!settings.loss.isLinear()) {
      parts.add("loss " + settings.loss);
    }
    if (settings.missing != MissingData.REFUSE) {
      parts.add("missing " + settings.missing);
    }
    if (settings.precision != null) {
      parts.add("precision " + settings.precision);
    }
    parts.add(settings.method.toString());
    Inputs.addRun(parts, settings.backend, settings.backendName, settings.execution);
    return "CurveFit(" + String.join("; ", parts) + ")";
  }
}
