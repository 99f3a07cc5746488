package org.nabla4j;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.nabla4j.backend.Backend;
import org.nabla4j.backend.Execution;
import org.nabla4j.data.Column;
import org.nabla4j.data.Rows;
import org.nabla4j.objective.MissingData;
import org.nabla4j.regression.Accuracy;
import org.nabla4j.regression.BatchRegression;
import org.nabla4j.regression.DependentColumns;
import org.nabla4j.regression.Design;
import org.nabla4j.regression.DesignOptions;
import org.nabla4j.regression.ElasticNet;
import org.nabla4j.regression.ElasticNetPath;
import org.nabla4j.regression.ElasticNetSolver;
import org.nabla4j.regression.Family;
import org.nabla4j.regression.GlmOptions;
import org.nabla4j.regression.GlmSolver;
import org.nabla4j.regression.OlsOptions;
import org.nabla4j.regression.OlsSolver;
import org.nabla4j.regression.RegressionAccumulator;
import org.nabla4j.regression.RegressionFit;
import org.nabla4j.regression.RegressionFits;
import org.nabla4j.regression.RegressionFormula;
import org.nabla4j.regression.RobustCovariance;
import org.nabla4j.regression.RobustErrors;
import org.nabla4j.regression.SmallRegressions;

/**
 * A regression over any number of rows: a formula of terms, what is known about rows, and how to
 * compute. Immutable; every step returns a changed copy, so that one regression can be kept and
 * reused.
 *
 * <pre>{@code
 * RegressionFit fit =
 *     Regression.ols("y ~ x1 + log(x2) + C(kind)").weights("w").fit(Tables.npy(path));
 * fit.coefficient("x1");
 * System.out.println(fit);
 * }</pre>
 *
 * <p>Rows are read block by block, once or a few times; nothing but sums is kept.
 */
public final class Regression {

  private static final class Settings {
    private final RegressionFormula formula;
    private DesignOptions design = DesignOptions.defaults();
    private OlsOptions linear = OlsOptions.defaults();

    /** Null for a linear model. */
    private Family family;

    private GlmOptions glm = GlmOptions.defaults();

    /** Null for none. */
    private RobustErrors robust;

    /** Null for none. */
    private ElasticNet elasticNet;

    private Backend backend;
    private String backendName;
    private Execution execution = Execution.defaults();

    Settings(RegressionFormula formula) {
      this.formula = formula;
    }

    Settings(Settings other) {
      formula = other.formula;
      design = other.design;
      linear = other.linear;
      family = other.family;
      glm = other.glm;
      robust = other.robust;
      elasticNet = other.elasticNet;
      backend = other.backend;
      backendName = other.backendName;
      execution = other.execution;
    }
  }

  private final Settings settings;

  private Regression(Settings settings) {
    this.settings = settings;
  }

  private Regression with(Consumer<Settings> change) {
    Settings copy = new Settings(settings);
    change.accept(copy);
    return new Regression(copy);
  }

  /**
   * Ordinary least squares; with {@link #weights} weighted, with {@link #ridge} penalised.
   *
   * @param formula such as {@code y ~ x1 + log(x2) + C(kind)}, see {@link RegressionFormula}
   * @return a regression without data
   * @throws org.nabla4j.expression.FormulaException if the text is no formula; it points at the
   *     place
   */
  public static Regression ols(String formula) {
    return ols(RegressionFormula.parse(Objects.requireNonNull(formula, "formula")));
  }

  /**
   * Ordinary least squares.
   *
   * @param formula response and terms
   * @return a regression without data
   */
  public static Regression ols(RegressionFormula formula) {
    return new Regression(new Settings(Objects.requireNonNull(formula, "formula")));
  }

  /**
   * A generalised linear model: the mean of the response is a function of the linear predictor, and
   * its variance one of the mean.
   *
   * <pre>{@code
   * Regression.glm("case ~ spontaneous + induced", Family.binomial()).clusters("stratum").fit(rows)
   * }</pre>
   *
   * @param formula such as {@code y ~ x1 + log(x2) + C(kind)}, see {@link RegressionFormula}
   * @param family how responses scatter about their means, and the link
   * @return a regression without data
   * @throws org.nabla4j.expression.FormulaException if the text is no formula; it points at the
   *     place
   */
  public static Regression glm(String formula, Family family) {
    Objects.requireNonNull(formula, "formula");
    Objects.requireNonNull(family, "family");
    return glm(RegressionFormula.parse(formula), family);
  }

  /**
   * A generalised linear model.
   *
   * @param formula response and terms
   * @param family how responses scatter about their means, and the link
   * @return a regression without data
   */
  public static Regression glm(RegressionFormula formula, Family family) {
    Objects.requireNonNull(formula, "formula");
    Objects.requireNonNull(family, "family");
    return ols(formula).with(s -> s.family = family);
  }

  /**
   * Computes standard errors that are robust to variances that differ from row to row.
   *
   * @param errors which
   * @return a changed copy
   */
  public Regression robust(RobustErrors errors) {
    Objects.requireNonNull(errors, "errors");
    return with(s -> s.robust = errors);
  }

  /**
   * Computes standard errors that are robust to rows which belong together, with the factor G/(G −
   * 1)·(n − 1)/(n − p) for G clusters. Where statistics are compared with Student's t, it has G − 1
   * degrees of freedom.
   *
   * @param column a column of the table, numbers or text: rows with the same value are a cluster
   * @return a changed copy
   */
  public Regression clusters(String column) {
    Objects.requireNonNull(column, "column");
    return with(s -> s.design = s.design.withCluster(column));
  }

  /**
   * Limits the iterations of a generalised linear model.
   *
   * @param limit most Newton steps, ≥ 1; 100 unless set
   * @return a changed copy
   * @throws IllegalArgumentException if the limit is below 1
   */
  public Regression iterationLimit(int limit) {
    GlmOptions changed = settings.glm.withIterationLimit(limit);
    return with(s -> s.glm = changed);
  }

  /**
   * Gives a generalised linear model coefficients to begin with.
   *
   * @param coefficients a finite number for each column of X
   * @return a changed copy
   * @throws IllegalArgumentException if a value is not finite
   */
  public Regression start(double... coefficients) {
    Objects.requireNonNull(coefficients, "coefficients");
    GlmOptions changed = settings.glm.withStart(coefficients);
    return with(s -> s.glm = changed);
  }

  /**
   * Weighs rows: Σ w (y − xβ)² is minimised, w the inverse of the errors' variance up to a factor.
   *
   * @param expression of the table's columns, such as a column's name; values have to be finite and
   *     ≥ 0, and rows of weight 0 do not count
   * @return a changed copy
   * @throws org.nabla4j.expression.FormulaException if the text is no expression
   */
  public Regression weights(String expression) {
    Objects.requireNonNull(expression, "expression");
    return with(s -> s.design = s.design.withWeight(expression));
  }

  /**
   * Adds a known part to the linear predictor; offsets of the formula come on top.
   *
   * @param expression of the table's columns
   * @return a changed copy
   * @throws org.nabla4j.expression.FormulaException if the text is no expression
   */
  public Regression offset(String expression) {
    Objects.requireNonNull(expression, "expression");
    return with(s -> s.design = s.design.withOffset(expression));
  }

  /**
   * Gives the levels of a category in their order, so that the table need not be searched for them.
   * The first one is the reference unless another is asked for.
   *
   * @param column a category of the formula
   * @param labels all levels, at least one
   * @return a changed copy
   * @throws IllegalArgumentException if there is no label, or one twice
   */
  public Regression levels(String column, String... labels) {
    Objects.requireNonNull(column, "column");
    List<String> list = Inputs.list("labels", labels);
    return with(s -> s.design = s.design.withLevels(column, list));
  }

  /**
   * Chooses the level with which a category's others are compared.
   *
   * @param column a category of the formula
   * @param label one of its levels
   * @return a changed copy
   */
  public Regression reference(String column, String label) {
    Objects.requireNonNull(column, "column");
    Objects.requireNonNull(label, "label");
    return with(s -> s.design = s.design.withReference(column, label));
  }

  /**
   * Says what becomes of rows in which something that is needed is missing. They are refused unless
   * another policy is set.
   *
   * @param policy whether they are refused or left out
   * @return a changed copy
   */
  public Regression missing(MissingData policy) {
    Objects.requireNonNull(policy, "policy");
    return with(s -> s.design = s.design.withMissing(policy));
  }

  /**
   * Adds the penalty λ‖β‖² to the sum of squares Σ w (y − xβ)², of all coefficients but the
   * intercept. Columns are not standardised.
   *
   * @param lambda λ, finite and ≥ 0; 0 for none
   * @return a changed copy
   * @throws IllegalArgumentException if λ is not as above
   */
  public Regression ridge(double lambda) {
    OlsOptions changed = settings.linear.withRidge(lambda);
    return with(s -> s.linear = changed);
  }

  /**
   * Adds the elastic net penalty λ(α‖β‖₁ + (1 − α)/2 ‖β‖²) to 1/(2Σw) Σ w (y − xβ)², of
   * standardised columns, see {@link ElasticNet}.
   *
   * @param lambda λ, finite and ≥ 0
   * @param l1Ratio α, from 0 to 1; 1 is the lasso
   * @return a changed copy
   * @throws IllegalArgumentException if a number is not as above
   */
  public Regression elasticNet(double lambda, double l1Ratio) {
    return elasticNet(ElasticNet.of(lambda, l1Ratio));
  }

  /**
   * Adds the elastic net penalty, for one λ or, with {@link #path}, for many.
   *
   * @param options λ, α and standardisation
   * @return a changed copy
   */
  public Regression elasticNet(ElasticNet options) {
    Objects.requireNonNull(options, "options");
    return with(s -> s.elasticNet = options);
  }

  /**
   * Sets with how many digits sums are made.
   *
   * @param accuracy the accuracy; {@link Accuracy#AUTO} unless set
   * @return a changed copy
   */
  public Regression accuracy(Accuracy accuracy) {
    Objects.requireNonNull(accuracy, "accuracy");
    return with(s -> s.linear = s.linear.withAccuracy(accuracy));
  }

  /**
   * Sets what becomes of columns that are linear combinations of columns before them.
   *
   * @param policy left out, unless set, or refused
   * @return a changed copy
   */
  public Regression dependentColumns(DependentColumns policy) {
    Objects.requireNonNull(policy, "policy");
    return with(s -> s.linear = s.linear.withDependentColumns(policy));
  }

  /**
   * Asks for a backend by name; otherwise {@link org.nabla4j.backend.Backends} chooses.
   *
   * @param name such as {@code cpu}
   * @return a changed copy
   */
  public Regression backend(String name) {
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
  public Regression backend(Backend backend) {
    Objects.requireNonNull(backend, "backend");
    return with(
        s -> {
          s.backend = backend;
          s.backendName = null;
        });
  }

  /**
   * Says on which threads to compute, who is told of progress and who can stop it.
   *
   * @param execution the settings; its listener is told rows done of each pass, and all rows or -1
   * @return a changed copy
   */
  public Regression execution(Execution execution) {
    Objects.requireNonNull(execution, "execution");
    return with(s -> s.execution = execution);
  }

  /**
   * Fits the formula's only response.
   *
   * @param rows the table
   * @return the fit
   * @throws org.nabla4j.expression.FormulaException if the formula does not fit the table
   * @throws IllegalArgumentException if there are several responses, or an option does not fit
   * @throws org.nabla4j.data.RowException if the rows cannot be read, or hold something missing
   *     that is not to be left out
   * @throws java.util.concurrent.CancellationException if the execution was cancelled
   * @throws org.nabla4j.backend.BackendException if the backend that was asked for cannot run
   */
  public RegressionFit fit(Rows rows) {
    Objects.requireNonNull(rows, "rows");
    int count = settings.formula.responses().size();
    if (count != 1) {
      throw new IllegalArgumentException(
          "the formula has " + count + " responses, expected 1; use fitEach(rows)");
    }
    if (settings.elasticNet == null) {
      return fitOne(rows);
    }
    ElasticNetPath path = path(rows);
    if (path.count() != 1) {
      throw new IllegalArgumentException(
          "there are " + path.count() + " values of lambda, expected 1; use path(rows)");
    }
    return path.fit(0);
  }

  private RegressionFit fitOne(Rows rows) {
    requireNoIterations();
    Backend backend = Inputs.backend(settings.backend, settings.backendName);
    if (settings.robust != null && settings.design.cluster().isPresent()) {
      throw new IllegalArgumentException(
          "robust errors "
              + settings.robust
              + " stand beside clusters, which have errors of their"
              + " own; leave one out");
    }
    if (settings.robust != null || settings.design.cluster().isPresent()) {
      // Before the fit, which would be in vain.
      RobustCovariance.requireRereadable(rows);
    }
    Design design = design(rows);
    RegressionFit fit;
    if (settings.family == null) {
      fit = OlsSolver.fit(design, rows, settings.linear, backend, settings.execution).fit(0);
    } else {
      GlmOptions options =
          settings
              .glm
              .withAccuracy(settings.linear.accuracy())
              .withDependentColumns(settings.linear.dependentColumns())
              .withRidge(settings.linear.ridge());
      fit = GlmSolver.fit(design, rows, settings.family, options, backend, settings.execution);
    }
    if (settings.robust != null) {
      return RobustCovariance.of(fit, rows, settings.robust, backend, settings.execution);
    }
    return settings.design.cluster().isPresent()
        ? RobustCovariance.clustered(fit, rows, backend, settings.execution)
        : fit;
  }

  /**
   * Fits the formula's only response for every λ of the elastic net, from one pass.
   *
   * @param rows the table
   * @return a solution for each λ
   * @throws org.nabla4j.expression.FormulaException if the formula does not fit the table
   * @throws IllegalStateException if no elastic net was asked for
   * @throws IllegalArgumentException if there are several responses, or an option does not fit
   * @throws org.nabla4j.data.RowException if the rows cannot be read, or hold something missing
   *     that is not to be left out
   * @throws java.util.concurrent.CancellationException if the execution was cancelled
   * @throws org.nabla4j.backend.BackendException if the backend that was asked for cannot run
   */
  public ElasticNetPath path(Rows rows) {
    Objects.requireNonNull(rows, "rows");
    if (settings.elasticNet == null) {
      throw new IllegalStateException("no elastic net was asked for: call elasticNet(…) first");
    }
    requireLinear("the elastic net");
    requireDroppedColumns("an elastic net");
    if (settings.linear.ridge() > 0) {
      throw new IllegalArgumentException(
          "ridge = "
              + settings.linear.ridge()
              + " stands beside an elastic net, which has a squared part of its own; leave one"
              + " out");
    }
    Backend backend = Inputs.backend(settings.backend, settings.backendName);
    return ElasticNetSolver.fit(
        design(rows),
        rows,
        settings.elasticNet,
        settings.linear.accuracy(),
        backend,
        settings.execution);
  }

  private Design design(Rows rows) {
    return settings.formula.design(rows, settings.design, settings.execution);
  }

  /** Refuses what only iterations know, of a linear model. */
  private void requireNoIterations() {
    if (settings.family != null) {
      return;
    }
    int limit = settings.glm.iterationLimit();
    if (limit != GlmOptions.defaults().iterationLimit()) {
      throw new IllegalArgumentException(
          "iterationLimit = " + limit + ", but a linear model is not iterated; leave it out");
    }
    double[] start = settings.glm.start();
    if (start != null) {
      throw new IllegalArgumentException(
          "start = "
              + Arrays.toString(start)
              + ", but a linear model is not iterated; leave it out");
    }
  }

  private void requireDroppedColumns(String what) {
    if (settings.linear.dependentColumns() != DependentColumns.DROP) {
      throw new IllegalArgumentException(
          "dependentColumns = "
              + settings.linear.dependentColumns()
              + ", expected "
              + DependentColumns.DROP
              + " for "
              + what);
    }
  }

  private void requireLinear(String what) {
    if (settings.family != null) {
      throw new IllegalArgumentException(
          what + " knows linear models only, but the family is " + settings.family);
    }
    requireNoIterations();
    if (settings.robust != null || settings.design.cluster().isPresent()) {
      throw new IllegalArgumentException(
          what
              + " does not know robust errors; "
              + (settings.elasticNet == null ? "use fit(rows)" : "leave one out"));
    }
  }

  private void requireNoElasticNet(String what) {
    requireLinear(what);
    if (settings.elasticNet != null) {
      throw new IllegalArgumentException(
          what + " does not know the elastic net; use path, also that of an accumulator");
    }
  }

  /**
   * Fits every response of the formula on the same columns, from one pass: {@code cbind(y1, y2) ~
   * x}.
   *
   * @param rows the table
   * @return a fit for each response
   * @throws org.nabla4j.expression.FormulaException if the formula does not fit the table
   * @throws IllegalArgumentException if an option does not fit
   * @throws org.nabla4j.data.RowException if the rows cannot be read, or hold something missing
   *     that is not to be left out
   * @throws java.util.concurrent.CancellationException if the execution was cancelled
   * @throws org.nabla4j.backend.BackendException if the backend that was asked for cannot run
   */
  public RegressionFits fitEach(Rows rows) {
    Objects.requireNonNull(rows, "rows");
    requireNoElasticNet("fitEach");
    Backend backend = Inputs.backend(settings.backend, settings.backendName);
    return OlsSolver.fit(design(rows), rows, settings.linear, backend, settings.execution);
  }

  /**
   * Begins to sum up rows, so that others can be added, taken away and merged.
   *
   * @param rows the first rows; they say what columns and levels there are, unless {@link #levels}
   *     does
   * @return an accumulator with these rows
   * @throws org.nabla4j.expression.FormulaException if the formula does not fit the table
   * @throws IllegalArgumentException if an option does not fit
   * @throws org.nabla4j.data.RowException if the rows cannot be read, or hold something missing
   *     that is not to be left out
   * @throws java.util.concurrent.CancellationException if the execution was cancelled
   * @throws org.nabla4j.backend.BackendException if the backend that was asked for cannot run
   */
  public RegressionAccumulator accumulate(Rows rows) {
    Objects.requireNonNull(rows, "rows");
    requireNoElasticNet("accumulate");
    Backend backend = Inputs.backend(settings.backend, settings.backendName);
    return new RegressionAccumulator(design(rows), settings.linear, backend, settings.execution)
        .add(rows);
  }

  /**
   * Goes on with sums that were written down, here or on another machine.
   *
   * @param saved what {@link RegressionAccumulator#toBytes()} gave; its design is used, not this
   *     formula
   * @return an accumulator with its rows
   * @throws IllegalArgumentException if these are no such bytes, or an option does not fit
   * @throws org.nabla4j.backend.BackendException if the backend that was asked for cannot run
   */
  public RegressionAccumulator resume(byte[] saved) {
    Objects.requireNonNull(saved, "saved");
    requireNoElasticNet("resume");
    Backend backend = Inputs.backend(settings.backend, settings.backendName);
    return RegressionAccumulator.of(saved, settings.linear, backend, settings.execution);
  }

  /**
   * Fits many problems at once, each its own rows: millions of small regressions.
   *
   * @param columns by name, {@code [n]} shared by all problems or {@code [B, n]}; not modified
   * @return coefficients, errors and status of each problem
   * @throws org.nabla4j.expression.FormulaException if the formula names what is no column
   * @throws IllegalArgumentException if the formula has several responses or a category, if a
   *     penalty, a family, robust errors, clusters, another accuracy or the refusal of dependent
   *     columns are asked for, or if the sizes of columns differ
   * @throws org.nabla4j.backend.BackendException if the backend that was asked for cannot run
   */
  public BatchRegression fitBatch(Map<String, Column> columns) {
    Objects.requireNonNull(columns, "columns");
    requireNoElasticNet("fitBatch");
    if (settings.linear.ridge() > 0) {
      throw new IllegalArgumentException(
          "ridge = " + settings.linear.ridge() + ", expected 0 for a batch of small regressions");
    }
    if (settings.linear.accuracy() != Accuracy.AUTO) {
      throw new IllegalArgumentException(
          "accuracy = "
              + settings.linear.accuracy()
              + ", expected AUTO for a batch of small regressions");
    }
    requireDroppedColumns("a batch of small regressions");
    Backend backend = Inputs.backend(settings.backend, settings.backendName);
    return SmallRegressions.fit(
        settings.formula, settings.design, columns, backend, settings.execution);
  }

  /** The formula and what was set. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("Regression(").append(settings.formula);
    if (settings.family != null) {
      text.append(", ").append(settings.family);
    }
    settings.design.weight().ifPresent(w -> text.append(", weights ").append(w));
    settings.design.offset().ifPresent(o -> text.append(", offset ").append(o));
    settings
        .design
        .levels()
        .forEach((c, l) -> text.append(", levels of ").append(c).append(' ').append(l));
    settings
        .design
        .references()
        .forEach((c, l) -> text.append(", reference of ").append(c).append(' ').append(l));
    if (settings.design.missing() != DesignOptions.defaults().missing()) {
      text.append(", missing ").append(settings.design.missing());
    }
    if (settings.linear.ridge() > 0) {
      text.append(", ridge ").append(settings.linear.ridge());
    }
    if (settings.elasticNet != null) {
      text.append(", elastic net with L1 ratio ").append(settings.elasticNet.l1Ratio());
    }
    if (settings.linear.accuracy() != Accuracy.AUTO) {
      text.append(", accuracy ").append(settings.linear.accuracy());
    }
    if (settings.linear.dependentColumns() != DependentColumns.DROP) {
      text.append(", dependent columns ").append(settings.linear.dependentColumns());
    }
    if (settings.glm.iterationLimit() != GlmOptions.defaults().iterationLimit()) {
      text.append(", iteration limit ").append(settings.glm.iterationLimit());
    }
    double[] start = settings.glm.start();
    if (start != null) {
      text.append(", start ").append(Arrays.toString(start));
    }
    if (settings.robust != null) {
      text.append(", robust ").append(settings.robust);
    }
    settings.design.cluster().ifPresent(c -> text.append(", clusters ").append(c));
    String name = settings.backend != null ? settings.backend.name() : settings.backendName;
    if (name != null) {
      text.append(", backend ").append(name);
    }
    return text.append(')').toString();
  }
}
