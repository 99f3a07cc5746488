package org.nabla4j;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.nabla4j.backend.Backend;
import org.nabla4j.backend.Execution;
import org.nabla4j.data.Column;
import org.nabla4j.expression.Expression;
import org.nabla4j.method.RootFinding;
import org.nabla4j.objective.Equation;
import org.nabla4j.objective.EquationProblem;
import org.nabla4j.result.BatchRoots;
import org.nabla4j.result.Root;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Solves equations: one or a system, once or for a batch of constants.
 *
 * <pre>{@code
 * double x = Solve.of("x^2 = 2").start(1).run().value();
 * Root root = Solve.of("cos(x) = x").bracket(0, 1).run();
 * Root pair = Solve.of("x^2 + y^2 = 4", "x*y = 1").start("x", 2).start("y", 0.5).run();
 * }</pre>
 *
 * <p>A batch has constants of each problem's own:
 *
 * <pre>{@code
 * double[] amounts = {1, 2, 3};
 * BatchRoots roots =
 *     Solve.of("x*exp(x) = a").constant("a", amounts).start(1).runBatch();
 * double third = roots.value(2);
 * }</pre>
 *
 * <p><b>Which symbol is what.</b> A symbol with a constant is one; every other symbol is an
 * unknown, in order of first appearance, unless {@link #unknowns(String...)} names them. Each
 * unknown needs a start value, or a bracket with two finite ends.
 *
 * <p>Objects of this class are immutable: every call that sets something returns a changed copy, so
 * one can be kept and used from several threads. Arrays that are given are not copied and must not
 * change while a search runs.
 */
public final class Solve {

  /** What was set so far; changed only before the object that holds it is made. */
  private static final class Settings {
    private List<Equation> equations = List.of();
    private List<String> unknowns = List.of();
    private Map<String, Column> constants = new LinkedHashMap<>();
    private Column[] positions = {};
    private Map<String, Column> starts = new LinkedHashMap<>();
    private Column[] ends;
    private Map<String, Column[]> brackets = new LinkedHashMap<>();
    private RootFinding method = RootFinding.defaults();
    private Backend backend;
    private String backendName;
    private Execution execution = Execution.defaults();

    Settings() {}

    Settings(Settings other) {
      equations = other.equations;
      unknowns = other.unknowns;
      constants = new LinkedHashMap<>(other.constants);
      positions = other.positions;
      starts = new LinkedHashMap<>(other.starts);
      ends = other.ends;
      brackets = new LinkedHashMap<>(other.brackets);
      method = other.method;
      backend = other.backend;
      backendName = other.backendName;
      execution = other.execution;
    }
  }

  private final Settings settings;

  private Solve(Settings settings) {
    this.settings = settings;
  }

  private Solve with(Consumer<Settings> change) {
    Settings copy = new Settings(settings);
    change.accept(copy);
    return new Solve(copy);
  }

  /**
   * Equations as text.
   *
   * @param equations each {@code left = right}, or an expression that is to be 0; the language is
   *     described at {@link org.nabla4j.expression.Formula}
   * @return a search without a start
   * @throws org.nabla4j.expression.FormulaException if a text is no equation
   * @throws IllegalArgumentException if there is none
   */
  public static Solve of(String... equations) {
    Objects.requireNonNull(equations, "equations");
    List<Equation> list = new ArrayList<>();
    for (String text : equations) {
      list.add(Equation.parse(text));
    }
    return of(list);
  }

  /**
   * Expressions that are to be 0.
   *
   * @param expressions what is to vanish
   * @return a search without a start
   * @throws IllegalArgumentException if there is none
   */
  public static Solve of(Expression... expressions) {
    Objects.requireNonNull(expressions, "expressions");
    List<Equation> list = new ArrayList<>();
    for (Expression expression : expressions) {
      list.add(Equation.zero(expression));
    }
    return of(list);
  }

  /**
   * Equations.
   *
   * @param equations at least one
   * @return a search without a start
   * @throws IllegalArgumentException if there is none
   */
  public static Solve of(List<Equation> equations) {
    List<Equation> list = List.copyOf(Objects.requireNonNull(equations, "equations"));
    if (list.isEmpty()) {
      throw new IllegalArgumentException("equations is empty, expected at least one");
    }
    Settings settings = new Settings();
    settings.equations = list;
    return new Solve(settings);
  }

  /**
   * Names the unknowns, in the order of {@link #start(double...)}.
   *
   * @param names as many names as there are equations
   * @return a changed copy
   */
  public Solve unknowns(String... names) {
    List<String> list = List.of(Objects.requireNonNull(names, "names"));
    return with(s -> s.unknowns = list);
  }

  /**
   * Names the only unknown.
   *
   * @param name its symbol
   * @return a changed copy
   */
  public Solve unknown(String name) {
    return unknowns(Objects.requireNonNull(name, "name"));
  }

  /**
   * Gives a constant that all problems share.
   *
   * @param name the symbol
   * @param value its value
   * @return a changed copy
   */
  public Solve constant(String name, double value) {
    return constant(name, Column.shared(value));
  }

  /**
   * Gives a constant of each problem's own.
   *
   * @param name the symbol
   * @param values B values; not modified
   * @return a changed copy
   * @throws IllegalArgumentException if there is none
   */
  public Solve constant(String name, double[] values) {
    Objects.requireNonNull(name, "name");
    return constant(name, each("constant " + name, values));
  }

  /**
   * Gives a constant of each problem's own as an ND4J array.
   *
   * @param name the symbol
   * @param values a vector of B values; not modified
   * @return a changed copy
   * @throws IllegalArgumentException if the array is no vector
   */
  public Solve constant(String name, INDArray values) {
    Objects.requireNonNull(name, "name");
    return constant(name, Inputs.eachProblem("constant " + name, values));
  }

  /**
   * Gives a constant.
   *
   * @param name the symbol
   * @param values one point, shared or per problem
   * @return a changed copy
   */
  public Solve constant(String name, Column values) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(values, "values");
    return with(s -> s.constants.put(name, values));
  }

  private static Column each(String what, double[] values) {
    Objects.requireNonNull(values, "values");
    if (values.length == 0) {
      throw new IllegalArgumentException(what + " has 0 values, expected at least one problem");
    }
    return Column.perProblem(values, 1);
  }

  /**
   * Gives the start values of all unknowns, in order.
   *
   * @param values p values; not modified
   * @return a changed copy
   */
  public Solve start(double... values) {
    Objects.requireNonNull(values, "values");
    Column[] columns = new Column[values.length];
    for (int j = 0; j < values.length; j++) {
      columns[j] = Column.shared(values[j]);
    }
    return with(s -> s.positions = columns);
  }

  /**
   * Gives the start value of an unknown.
   *
   * @param unknown its name
   * @param value the value
   * @return a changed copy
   */
  public Solve start(String unknown, double value) {
    return start(unknown, Column.shared(value));
  }

  /**
   * Gives the start value of an unknown for each problem.
   *
   * @param unknown its name
   * @param values B values; not modified
   * @return a changed copy
   * @throws IllegalArgumentException if there is none
   */
  public Solve start(String unknown, double[] values) {
    Objects.requireNonNull(unknown, "unknown");
    return start(unknown, each("start of " + unknown, values));
  }

  /**
   * Gives the start value of an unknown.
   *
   * @param unknown its name
   * @param values one point, shared or per problem
   * @return a changed copy
   */
  public Solve start(String unknown, Column values) {
    Objects.requireNonNull(unknown, "unknown");
    Objects.requireNonNull(values, "values");
    return with(s -> s.starts.put(unknown, values));
  }

  /**
   * Gives the interval in which the only unknown lies.
   *
   * @param lower its lower end
   * @param upper its upper end
   * @return a changed copy
   */
  public Solve bracket(double lower, double upper) {
    Column[] interval = {Column.shared(lower), Column.shared(upper)};
    return with(s -> s.ends = interval);
  }

  /**
   * Gives the interval in which an unknown lies; for a system these are bounds.
   *
   * @param unknown its name
   * @param lower its lower end, -∞ for none
   * @param upper its upper end, +∞ for none
   * @return a changed copy
   */
  public Solve bracket(String unknown, double lower, double upper) {
    return bracket(unknown, Column.shared(lower), Column.shared(upper));
  }

  /**
   * Gives the interval in which an unknown lies; for a system these are bounds.
   *
   * @param unknown its name
   * @param lower lower ends, one point, shared or per problem
   * @param upper upper ends, one point, shared or per problem
   * @return a changed copy
   */
  public Solve bracket(String unknown, Column lower, Column upper) {
    Objects.requireNonNull(unknown, "unknown");
    Column[] interval = {
      Objects.requireNonNull(lower, "lower"), Objects.requireNonNull(upper, "upper")
    };
    return with(s -> s.brackets.put(unknown, interval));
  }

  /**
   * Sets the method's options.
   *
   * @param method the options
   * @return a changed copy
   */
  public Solve method(RootFinding method) {
    Objects.requireNonNull(method, "method");
    return with(s -> s.method = method);
  }

  /**
   * Sets the backend by name; it is opened on the first use and shared.
   *
   * @param name such as {@code cpu}
   * @return a changed copy
   */
  public Solve backend(String name) {
    Objects.requireNonNull(name, "name");
    return with(
        s -> {
          s.backendName = name;
          s.backend = null;
        });
  }

  /**
   * Sets the backend.
   *
   * @param backend an open backend; not closed
   * @return a changed copy
   */
  public Solve backend(Backend backend) {
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
  public Solve execution(Execution execution) {
    Objects.requireNonNull(execution, "execution");
    return with(s -> s.execution = execution);
  }

  /**
   * The names of the unknowns.
   *
   * @return as named, or every symbol without a constant; not modifiable
   */
  public List<String> unknowns() {
    if (!settings.unknowns.isEmpty()) {
      return settings.unknowns;
    }
    Set<String> symbols = new LinkedHashSet<>();
    settings.equations.forEach(e -> symbols.addAll(e.symbols()));
    symbols.removeAll(settings.constants.keySet());
    return List.copyOf(symbols);
  }

  /**
   * What the settings say, as a problem for a backend.
   *
   * @return the problem
   * @throws IllegalArgumentException if something is missing or does not match
   */
  public EquationProblem problem() {
    List<String> names = unknowns();
    EquationProblem.Builder builder = EquationProblem.builder(settings.equations, names);
    settings.constants.forEach(builder::constant);
    if (settings.positions.length > 0) {
      Inputs.checkStarts(settings.positions.length, names);
      for (int j = 0; j < names.size(); j++) {
        builder.start(names.get(j), settings.positions[j]);
      }
    }
    settings.starts.forEach(builder::start);
    if (settings.ends != null) {
      if (names.size() != 1) {
        throw new IllegalArgumentException(
            "bracket(lower, upper) is for one unknown, expected the name of one of " + names);
      }
      builder.bracket(names.get(0), settings.ends[0], settings.ends[1]);
    }
    settings.brackets.forEach((name, ends) -> builder.bracket(name, ends[0], ends[1]));
    return builder.build();
  }

  /**
   * Solves one problem.
   *
   * @return its root
   * @throws IllegalArgumentException if something is missing or does not match, or the constants
   *     are a batch
   */
  public Root run() {
    EquationProblem problem = problem();
    if (problem.problems() > 1) {
      throw new IllegalArgumentException(
          "the constants hold "
              + problem.problems()
              + " problems, expected one; use runBatch for all");
    }
    return solve(problem).get(0);
  }

  /**
   * Solves all problems.
   *
   * @return their roots
   * @throws IllegalArgumentException if something is missing or does not match
   */
  public BatchRoots runBatch() {
    return solve(problem());
  }

  private BatchRoots solve(EquationProblem problem) {
    Backend backend = Inputs.backend(settings.backend, settings.backendName);
    return backend.solve(problem, settings.method, settings.execution);
  }

  /** The equations and what was set. */
  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    settings.equations.forEach(e -> parts.add(e.text()));
    Inputs.add(parts, "unknowns", settings.unknowns);
    Inputs.add(parts, "constants", Inputs.shown(settings.constants));
    if (settings.positions.length > 0) {
      List<String> values = Arrays.stream(settings.positions).map(Solve::shown).toList();
      parts.add("start [" + String.join(", ", values) + "]");
    }
    Inputs.add(parts, "start", Inputs.shown(settings.starts));
    if (settings.ends != null) {
      parts.add("bracket " + shown(settings.ends));
    }
    List<String> brackets = new ArrayList<>();
    settings.brackets.forEach((name, ends) -> brackets.add(name + " " + shown(ends)));
    Inputs.add(parts, "bracket", brackets);
    parts.add(settings.method.toString());
    Inputs.addRun(parts, settings.backend, settings.backendName, settings.execution);
    return "Solve(" + String.join("; ", parts) + ")";
  }

  private static String shown(Column[] ends) {
    return "[" + shown(ends[0]) + ", " + shown(ends[1]) + "]";
  }

  private static String shown(Column column) {
    return column.shared() ? String.valueOf(column.value(0, 0)) : column.toString();
  }
}
