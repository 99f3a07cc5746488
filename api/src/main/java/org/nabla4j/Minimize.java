package org.nabla4j;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import org.nabla4j.backend.Backend;
import org.nabla4j.backend.Execution;
import org.nabla4j.backend.IterationListener;
import org.nabla4j.data.Column;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.Formula;
import org.nabla4j.method.Bfgs;
import org.nabla4j.method.LimitedMemoryBfgs;
import org.nabla4j.method.MinimizationMethod;
import org.nabla4j.method.NewtonRaphson;
import org.nabla4j.method.SequentialQuadraticProgramming;
import org.nabla4j.objective.Constraint;
import org.nabla4j.objective.DifferentiableObjective;
import org.nabla4j.objective.FormulaObjective;
import org.nabla4j.objective.MinimizationProblem;
import org.nabla4j.objective.Objective;
import org.nabla4j.objective.TwiceDifferentiableObjective;
import org.nabla4j.result.BatchMinima;
import org.nabla4j.result.Interval;
import org.nabla4j.result.Minima;
import org.nabla4j.result.Minimum;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Minimises a formula, a lambda, Java code or a SameDiff graph: one problem, or a batch of them.
 *
 * <pre>{@code
 * Minimum minimum = Minimize.of("100*(x2-x1^2)^2 + (1-x1)^2").start(-1.2, 1).run();
 * double x1 = minimum.parameter("x1");
 * }</pre>
 *
 * <p>Bounds, constraints and fixed parameters:
 *
 * <pre>{@code
 * Minimum nearest =
 *     Minimize.of("x^2 + y^2")
 *         .start("x", 3).start("y", 1)
 *         .bounds("x", 0, 10)
 *         .subjectTo("x + 2*y = 4", "x*y >= 1")
 *         .run();
 * double price = nearest.multiplier("x + 2*y = 4");
 * }</pre>
 *
 * <p>A batch has start values or constants of each problem's own. With data the objective is the
 * sum of the formula over the data points, as in a likelihood:
 *
 * <pre>{@code
 * BatchMinima minima =
 *     Minimize.of("(x - k)^4 + x^2").constant("k", new double[] {1, 2, 3}).start(0).runBatch();
 * Minimum likely =
 *     Minimize.of("a*t - c*log(a*t)").data("c", counts).data("t", times).start(1).run();
 * }</pre>
 *
 * <p><b>Which symbol is what.</b> A symbol with data is a column, one with a constant is known, and
 * every other one is a parameter, those that occur in constraints alone among them. Parameters are
 * in alphabetical order, numbers by their value: {@code x2} comes before {@code x10}, whichever the
 * formula names first. Those of a lambda, or of Java code, are in the order in which they are
 * listed.
 *
 * <p><b>The method</b>, where none is set: with constraints, {@link
 * SequentialQuadraticProgramming}; else {@link NewtonRaphson} where the Hessian is known and at
 * most 200 parameters are free; else {@link Bfgs} up to 200 free parameters and {@link
 * LimitedMemoryBfgs} beyond. Of an objective without derivatives central differences are taken, and
 * the limit for BFGS is 50.
 *
 * <p>Objects of this class are immutable: every call that sets something returns a changed copy, so
 * one can be kept and used from several threads. Arrays that are given are not copied and must not
 * change while a search runs.
 */
public final class Minimize {

  /** Free parameters from which p × p matrices cost more than they bring. */
  private static final int MANY_PARAMETERS = 200;

  /** The same where a gradient takes 2p evaluations. */
  private static final int MANY_DIFFERENCES = 50;

  /** What was set so far; changed only before the object that holds it is made. */
  private static final class Settings {
    private Formula formula;

    /** Java code; null for a formula. */
    private Objective coded;

    /** The parameters in the order of a list that was given; null where symbols tell them. */
    private List<String> declared;

    private Map<String, Column> constants = new LinkedHashMap<>();
    private Map<String, Column> data = new LinkedHashMap<>();
    private Column starts;
    private Map<String, Column> namedStarts = new LinkedHashMap<>();
    private Map<String, Interval> bounds = new LinkedHashMap<>();
    private Set<String> fixed = new LinkedHashSet<>();
    private List<Constraint> constraints = new ArrayList<>();
    private boolean negativeLogLikelihood;

    /** Null where it follows from the problem. */
    private MinimizationMethod method;

    private Backend backend;
    private String backendName;
    private Execution execution = Execution.defaults();

    Settings() {}

    Settings(Settings other) {
      formula = other.formula;
      coded = other.coded;
      declared = other.declared;
      constants = new LinkedHashMap<>(other.constants);
      data = new LinkedHashMap<>(other.data);
      starts = other.starts;
      namedStarts = new LinkedHashMap<>(other.namedStarts);
      bounds = new LinkedHashMap<>(other.bounds);
      fixed = new LinkedHashSet<>(other.fixed);
      constraints = new ArrayList<>(other.constraints);
      negativeLogLikelihood = other.negativeLogLikelihood;
      method = other.method;
      backend = other.backend;
      backendName = other.backendName;
      execution = other.execution;
    }
  }

  private final Settings settings;

  private Minimize(Settings settings) {
    this.settings = settings;
  }

  private Minimize with(Consumer<Settings> change) {
    Settings copy = new Settings(settings);
    change.accept(copy);
    return new Minimize(copy);
  }

  /**
   * Minimises a formula.
   *
   * @param formula the objective; the language is described at {@link Formula}
   * @return a minimisation without start values
   * @throws org.nabla4j.expression.FormulaException if the text is no formula, or a comparison
   */
  public static Minimize of(String formula) {
    Objects.requireNonNull(formula, "formula");
    return of(Formula.parse(formula));
  }

  /**
   * Minimises a formula.
   *
   * @param formula the objective; a response, left of an equals sign, must be a name that does not
   *     occur on the right
   * @return a minimisation without start values
   * @throws org.nabla4j.expression.FormulaException if the formula is a comparison
   * @throws IllegalArgumentException if there is a response that is more than a name for the value
   */
  public static Minimize of(Formula formula) {
    Settings settings = new Settings();
    settings.formula = Objects.requireNonNull(formula, "formula").asModel();
    formula
        .response()
        .ifPresent(
            response -> {
              List<String> names = formula.responseSymbols();
              if (!response.equals(Expression.symbol(names.get(0)))
                  || formula.symbols().contains(names.get(0))) {
                throw new IllegalArgumentException(
                    "the objective '"
                        + formula.text()
                        + "' is an equation, expected a formula; give equations by subjectTo(...)");
              }
            });
    return new Minimize(settings);
  }

  /**
   * Minimises a lambda. It is run once, on symbols:
   *
   * <pre>{@code
   * Minimize.of(List.of("a", "b"), p -> p.get(0).minus(p.get(1)).pow(2).plus(p.get(0)))
   * }</pre>
   *
   * @param parameters the names of the parameters, in the order of {@link #start(double...)}
   * @param objective from parameters to f
   * @return a minimisation without start values
   * @throws IllegalArgumentException if a name is no symbol's or stands twice, or the lambda uses
   *     other symbols
   * @throws IllegalStateException if the lambda asks a symbol for its value, as to branch on it:
   *     {@link org.nabla4j.expression.Functions#where} chooses
   */
  public static Minimize of(
      List<String> parameters, Function<List<Expression>, Expression> objective) {
    Objects.requireNonNull(parameters, "parameters");
    Objects.requireNonNull(objective, "objective");
    List<String> declared = List.copyOf(parameters);
    Formula formula = Formula.trace(declared, List.of(), (p, none) -> objective.apply(p));
    return of(formula).with(s -> s.declared = declared);
  }

  /**
   * Minimises any objective: Java code, a SameDiff graph, or a formula that was made by hand.
   *
   * @param objective what to minimise, with the names of its parameters
   * @return a minimisation without start values
   */
  public static Minimize of(Objective objective) {
    Settings settings = new Settings();
    settings.coded = Objects.requireNonNull(objective, "objective");
    return new Minimize(settings);
  }

  /**
   * Gives a number that is known.
   *
   * @param name its symbol
   * @param value the number, the same for all problems
   * @return a changed copy
   */
  public Minimize constant(String name, double value) {
    return constant(name, Column.shared(value));
  }

  /**
   * Gives a number that is known for each problem.
   *
   * @param name its symbol
   * @param values a value for each of B problems; not modified
   * @return a changed copy
   */
  public Minimize constant(String name, double[] values) {
    Objects.requireNonNull(name, "name");
    return constant(name, Column.perProblem(Objects.requireNonNull(values, "values"), 1));
  }

  /**
   * Gives a number that is known for each problem, as an ND4J array.
   *
   * @param name its symbol
   * @param values a vector with a value for each of B problems; not modified
   * @return a changed copy
   * @throws IllegalArgumentException if the array is no vector
   */
  public Minimize constant(String name, INDArray values) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(values, "values");
    return constant(name, Inputs.eachProblem("constant " + name, values));
  }

  /**
   * Gives a number that is known.
   *
   * @param name its symbol
   * @param values a column of one point, shared or per problem
   * @return a changed copy
   * @throws IllegalArgumentException if the column has more points than one
   */
  public Minimize constant(String name, Column values) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(values, "values");
    checkSingle("constant", name, values);
    return with(s -> s.constants.put(name, values));
  }

  /**
   * Gives the data of a column, shared by all problems; the objective is the sum over the points.
   *
   * @param name the symbol
   * @param values n values; not modified
   * @return a changed copy
   */
  public Minimize data(String name, double[] values) {
    Objects.requireNonNull(name, "name");
    return data(name, Column.shared(values));
  }

  /**
   * Gives the data of a column, a row for each problem; the objective is the sum over the points.
   *
   * @param name the symbol
   * @param values B rows of n values; not modified
   * @return a changed copy
   * @throws IllegalArgumentException if the rows differ in length
   */
  public Minimize data(String name, double[][] values) {
    Objects.requireNonNull(name, "name");
    return data(name, Column.perProblem(Inputs.rows("values", name, values)));
  }

  /**
   * Gives the data of a column as an ND4J array: a vector is shared by all problems, a matrix has a
   * row for each. The objective is the sum over the points.
   *
   * @param name the symbol
   * @param values {@code [n]} or {@code [B, n]}; not modified
   * @return a changed copy
   * @throws IllegalArgumentException if the array is neither
   */
  public Minimize data(String name, INDArray values) {
    Objects.requireNonNull(name, "name");
    return data(name, Column.of(values));
  }

  /**
   * Gives the data of a column; the objective is the sum over the points.
   *
   * @param name the symbol
   * @param values the values
   * @return a changed copy
   */
  public Minimize data(String name, Column values) {
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
  public Minimize start(double... values) {
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
  public Minimize start(String parameter, double value) {
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
  public Minimize start(String parameter, Column values) {
    Objects.requireNonNull(parameter, "parameter");
    Objects.requireNonNull(values, "values");
    checkSingle("start of", parameter, values);
    return with(s -> s.namedStarts.put(parameter, values));
  }

  /**
   * Gives start values by name.
   *
   * @param values a value for each parameter named
   * @return a changed copy
   */
  public Minimize start(Map<String, Double> values) {
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
  public Minimize starts(double[][] values) {
    return starts(Column.perProblem(Inputs.rows("values", "starts", values)));
  }

  /**
   * Gives start values of all parameters for each problem.
   *
   * @param values {@code [B, p]}; not modified
   * @return a changed copy
   * @throws IllegalArgumentException if the array is no matrix
   */
  public Minimize starts(INDArray values) {
    return starts(Column.perProblem(values));
  }

  /**
   * Gives start values of all parameters, in the order of {@link #parameters()}.
   *
   * @param values p points, shared or per problem
   * @return a changed copy
   */
  public Minimize starts(Column values) {
    Objects.requireNonNull(values, "values");
    return with(s -> s.starts = values);
  }

  /**
   * Keeps a parameter within bounds. A start value outside of them is moved onto them. A parameter
   * that is fixed may lie anywhere.
   *
   * @param parameter its name
   * @param lower the lower bound, -∞ for none
   * @param upper the upper bound, +∞ for none
   * @return a changed copy
   * @throws IllegalArgumentException unless lower &lt; upper
   */
  public Minimize bounds(String parameter, double lower, double upper) {
    Objects.requireNonNull(parameter, "parameter");
    Interval interval = Inputs.interval(parameter, lower, upper);
    return with(s -> s.bounds.put(parameter, interval));
  }

  /**
   * Names the parameters of a formula and says in which order values are given. A name that does
   * not occur in it is a parameter that changes nothing and stays where it starts.
   *
   * @param names every symbol that is no constant and no column, and others
   * @return a changed copy
   * @throws IllegalArgumentException if the objective is Java code, or a name is given twice
   */
  public Minimize parameters(String... names) {
    List<String> list = Inputs.list("names", names);
    if (settings.coded != null) {
      throw new IllegalArgumentException(
          "parameters = " + list + ", but the objective names its own: " + settings.coded);
    }
    for (int j = 0; j < list.size(); j++) {
      if (list.indexOf(list.get(j)) < j) {
        throw new IllegalArgumentException(
            "parameters = " + list + ", where " + list.get(j) + " stands twice");
      }
    }
    return with(s -> s.declared = list);
  }

  /**
   * Holds parameters at their start values.
   *
   * @param parameters their names
   * @return a changed copy
   */
  public Minimize fix(String... parameters) {
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
  public Minimize fix(String parameter, double value) {
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
  public Minimize fix(String parameter, Column values) {
    return start(parameter, values).fix(parameter);
  }

  /**
   * Adds constraints.
   *
   * @param constraints such as {@code x1 + x2 = 1} or {@code x1*x2 >= 2}, see {@link
   *     Constraint#parse}; multipliers come in the same order
   * @return a changed copy
   * @throws org.nabla4j.expression.FormulaException if a formula in them cannot be read
   * @throws IllegalArgumentException if one is no relation
   */
  public Minimize subjectTo(String... constraints) {
    List<String> texts = Inputs.list("constraints", constraints);
    List<Constraint> parsed = texts.stream().map(Constraint::parse).toList();
    return with(s -> s.constraints.addAll(parsed));
  }

  /**
   * Adds a constraint.
   *
   * @param constraint on parameters and constants
   * @return a changed copy
   */
  public Minimize subjectTo(Constraint constraint) {
    Objects.requireNonNull(constraint, "constraint");
    return with(s -> s.constraints.add(constraint));
  }

  /**
   * Says that the objective is a negative log-likelihood, −log L(θ) with all its factors: the
   * parameters are maximum likelihood estimates then, and the result has their standard errors,
   * from the inverse of the Hessian at the minimum.
   *
   * <pre>{@code
   * Minimum fit =
   *     Minimize.of("log(1+exp(a+b*x)) - y*(a+b*x)").data("x", x).data("y", y)
   *         .negativeLogLikelihood().start(0, 0).run();
   * double error = fit.standardError("b");
   * }</pre>
   *
   * <p>A term that depends on no parameter may be left out; a factor may not: −2·log L or a mean
   * over the observations would give wrong errors. See {@link BatchMinima#covariance(long)} for the
   * equation and for when it holds.
   *
   * @return a changed copy
   */
  public Minimize negativeLogLikelihood() {
    return with(s -> s.negativeLogLikelihood = true);
  }

  /**
   * Sets the method with its options; unless set it follows from the problem, see above.
   *
   * @param method the method
   * @return a changed copy
   */
  public Minimize method(MinimizationMethod method) {
    Objects.requireNonNull(method, "method");
    return with(s -> s.method = method);
  }

  /**
   * Asks for a backend by name; otherwise {@link org.nabla4j.backend.Backends} chooses.
   *
   * @param name such as {@code cpu}
   * @return a changed copy
   */
  public Minimize backend(String name) {
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
  public Minimize backend(Backend backend) {
    Objects.requireNonNull(backend, "backend");
    return with(
        s -> {
          s.backend = backend;
          s.backendName = null;
        });
  }

  /**
   * Sets threads, listeners and cancellation.
   *
   * @param execution the settings
   * @return a changed copy
   */
  public Minimize execution(Execution execution) {
    Objects.requireNonNull(execution, "execution");
    return with(s -> s.execution = execution);
  }

  /**
   * Watches every step. A batch of formulas by {@link NewtonRaphson} that is watched takes the
   * steps of problems that are alone, which are other ones and slower than those of a batch that is
   * not: counts differ, and of several minima a problem may reach another one.
   *
   * @param listener is told of the start values and of every step
   * @return a changed copy
   */
  public Minimize listener(IterationListener listener) {
    Objects.requireNonNull(listener, "listener");
    return with(s -> s.execution = s.execution.withIterationListener(listener));
  }

  /**
   * Minimises one problem.
   *
   * @return the minimum
   * @throws IllegalArgumentException if something is missing or does not match, or there is a batch
   */
  public Minimum run() {
    MinimizationProblem problem = problem();
    if (problem.problems() > 1) {
      throw new IllegalArgumentException(
          "there are " + problem.problems() + " problems, expected one; use runBatch for all");
    }
    return solve(problem).get(0);
  }

  /**
   * Minimises a batch.
   *
   * @return the minima
   * @throws IllegalArgumentException if something is missing or does not match
   */
  public BatchMinima runBatch() {
    return solve(problem());
  }

  /**
   * Searches for the global minimum: minimises from many points of the box that the bounds make, in
   * one batch, and tells how many led to which minimum. The points are those of a Sobol sequence,
   * which fills the box evenly, moved by a digital shift that is always the same. Start values that
   * are given take the place of the first point's, all of them or some.
   *
   * <p>No number of starts proves that there is no lower minimum. A basin that a large share of the
   * starts lead to, and a lowest minimum that several lead to, are good signs.
   *
   * @param starts how many points, &gt; 0
   * @return the distinct minima, the lowest first
   * @throws IllegalArgumentException if the number is not positive, a free parameter lacks finite
   *     bounds, there are more free parameters than 200, a parameter is fixed without a value,
   *     something is missing or does not match, or constants, data or start values are per problem
   */
  public Minima multiStart(int starts) {
    if (starts <= 0) {
      throw new IllegalArgumentException("starts = " + starts + ", expected > 0");
    }
    Objective objective = objective();
    requireOneProblem(objective);
    List<String> names = objective.parameters();
    double[][] points = MultiStart.points(names, settings.bounds, settings.fixed, starts);
    putGiven(names, points);
    Minimize batch =
        with(
            s -> {
              s.starts = Column.perProblem(points);
              s.namedStarts.clear();
            });
    return Minima.of(batch.runBatch());
  }

  /** Values per problem would be taken for values per start. */
  private void requireOneProblem(Objective objective) {
    Map<String, Column> known = new LinkedHashMap<>();
    settings.constants.forEach((name, values) -> known.put("constant " + name, values));
    settings.data.forEach((name, values) -> known.put("data " + name, values));
    if (objective instanceof FormulaObjective formula) {
      for (String name : formula.constants()) {
        formula.constantValues(name).ifPresent(values -> known.put("constant " + name, values));
      }
      for (String name : formula.columns()) {
        formula.columnValues(name).ifPresent(values -> known.put("data " + name, values));
      }
    }
    known.forEach(
        (what, values) -> {
          if (!values.shared()) {
            throw new IllegalArgumentException(
                what + " is " + values + ", expected the same for all starts of a multi-start");
          }
        });
  }

  /** Puts what was given into the first point, and what is held into all of them. */
  private void putGiven(List<String> names, double[][] points) {
    Inputs.checkStarts(settings.starts, settings.namedStarts, names);
    List<String> missing = new ArrayList<>();
    for (int j = 0; j < names.size(); j++) {
      String name = names.get(j);
      boolean held = settings.fixed.contains(name);
      Column column = settings.namedStarts.get(name);
      if (column == null && settings.starts != null) {
        column = settings.starts.slice(j, 1);
      }
      if (column == null) {
        if (held) {
          missing.add(name);
        }
        continue;
      }
      if (!column.shared()) {
        throw new IllegalArgumentException(
            "start of " + name + " is " + column + ", expected one value for a multi-start");
      }
      for (double[] point : held ? points : Arrays.copyOf(points, 1)) {
        point[j] = column.value(0, 0);
      }
    }
    if (!missing.isEmpty()) {
      throw new IllegalArgumentException(
          "no start value for " + String.join(", ", missing) + ", held by fix(...)");
    }
  }

  /**
   * The names of the parameters, as far as constants and data given so far tell them.
   *
   * @return the names in alphabetical order, numbers by value; for a lambda or code as listed; not
   *     modifiable
   */
  public List<String> parameters() {
    return objective().parameters();
  }

  /**
   * What the settings say, as a problem for a backend.
   *
   * @return the problem
   * @throws IllegalArgumentException if something is missing or does not match
   */
  public MinimizationProblem problem() {
    Objective objective = objective();
    List<String> names = objective.parameters();
    MinimizationProblem.Builder builder =
        MinimizationProblem.builder(objective)
            .constraints(settings.constraints)
            .negativeLogLikelihood(settings.negativeLogLikelihood);
    if (settings.coded != null) {
      settings.constants.forEach(builder::constant);
      settings.data.forEach(builder::column);
    }
    Inputs.bounds(settings.bounds, names, builder::bounds);
    builder.fixed(Inputs.fixed(settings.fixed, names));
    Inputs.checkStarts(settings.starts, settings.namedStarts, names);
    Column starts =
        Inputs.starts(
            names,
            settings.starts,
            settings.namedStarts,
            Map.of(),
            "objective " + objective,
            "constant(...) or data(...)");
    return builder.starts(starts).build();
  }

  /**
   * The method that solves the problem: what was set, or what follows from the problem.
   *
   * @return the method
   * @throws IllegalArgumentException if something is missing or does not match
   */
  public MinimizationMethod method() {
    return settings.method != null ? settings.method : choose(problem());
  }

  private BatchMinima solve(MinimizationProblem problem) {
    MinimizationMethod method = settings.method != null ? settings.method : choose(problem);
    return Inputs.backend(settings.backend, settings.backendName)
        .minimize(problem, method, settings.execution);
  }

  private static MinimizationMethod choose(MinimizationProblem problem) {
    if (!problem.constraints().isEmpty()) {
      return SequentialQuadraticProgramming.defaults();
    }
    int p = problem.freeCount();
    Objective objective = problem.freeObjective();
    if (objective instanceof TwiceDifferentiableObjective && p <= MANY_PARAMETERS) {
      return NewtonRaphson.defaults();
    }
    boolean gradient = objective instanceof DifferentiableObjective;
    return p <= (gradient ? MANY_PARAMETERS : MANY_DIFFERENCES)
        ? Bfgs.defaults()
        : LimitedMemoryBfgs.defaults();
  }

  /** Tells parameters from constants and columns. */
  private Objective objective() {
    if (settings.coded != null) {
      return settings.coded;
    }
    Formula formula = settings.formula;
    Set<String> symbols = new LinkedHashSet<>(formula.symbols());
    for (Constraint constraint : settings.constraints) {
      symbols.addAll(constraint.function().symbols());
    }
    checkKnown("constant", settings.constants.keySet(), symbols);
    checkKnown("data", settings.data.keySet(), Set.copyOf(formula.symbols()));
    Set<String> parameters = new TreeSet<>(NaturalOrder.COMPARATOR);
    parameters.addAll(symbols);
    parameters.removeAll(settings.constants.keySet());
    parameters.removeAll(settings.data.keySet());
    if (settings.declared != null && !settings.declared.containsAll(parameters)) {
      parameters.removeAll(settings.declared);
      throw new IllegalArgumentException(
          "parameters = " + settings.declared + " without " + String.join(", ", parameters));
    }
    if (parameters.isEmpty() && settings.declared == null) {
      throw new IllegalArgumentException(
          "the objective " + formula.text() + " has no parameter: every symbol is known");
    }
    FormulaObjective objective =
        FormulaObjective.of(
            formula.expression(),
            settings.declared != null ? settings.declared : List.copyOf(parameters),
            List.copyOf(settings.constants.keySet()),
            List.copyOf(settings.data.keySet()));
    for (Map.Entry<String, Column> constant : settings.constants.entrySet()) {
      objective = objective.constant(constant.getKey(), constant.getValue());
    }
    for (Map.Entry<String, Column> column : settings.data.entrySet()) {
      objective = objective.data(column.getKey(), column.getValue());
    }
    return objective;
  }

  private void checkKnown(String what, Set<String> names, Set<String> symbols) {
    for (String name : names) {
      if (!symbols.contains(name)) {
        throw new IllegalArgumentException(
            what + " " + name + " is not used by the objective " + settings.formula.text());
      }
    }
  }

  private static void checkSingle(String what, String name, Column values) {
    if (values.points() != 1) {
      throw new IllegalArgumentException(
          what + " " + name + " is " + values + ", expected one value per problem");
    }
  }

  /** The objective and what was set: data by their type and shape, few values as they are. */
  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    parts.add(settings.coded != null ? settings.coded.toString() : settings.formula.text());
    Inputs.add(parts, "constants", Inputs.shown(settings.constants));
    Inputs.add(parts, "data", Inputs.shown(settings.data));
    if (settings.starts != null) {
      parts.add("start " + Inputs.shown(settings.starts));
    }
    Inputs.add(parts, "start", Inputs.shown(settings.namedStarts));
    Inputs.addBounds(parts, settings.bounds);
    Inputs.add(parts, "fixed", List.copyOf(settings.fixed));
    Inputs.add(
        parts, "subject to", settings.constraints.stream().map(Constraint::toString).toList());
    if (settings.negativeLogLikelihood) {
      parts.add("negative log-likelihood");
    }
    if (settings.method != null) {
      parts.add(settings.method.toString());
    }
    Inputs.addRun(parts, settings.backend, settings.backendName, settings.execution);
    return "Minimize(" + String.join("; ", parts) + ")";
  }
}
