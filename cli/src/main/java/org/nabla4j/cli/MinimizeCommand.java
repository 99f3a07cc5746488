package org.nabla4j.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.nabla4j.Minimize;
import org.nabla4j.backend.Execution;
import org.nabla4j.expression.Formula;
import org.nabla4j.method.AugmentedLagrangian;
import org.nabla4j.method.Bfgs;
import org.nabla4j.method.ConjugateGradient;
import org.nabla4j.method.GradientDescent;
import org.nabla4j.method.LimitedMemoryBfgs;
import org.nabla4j.method.MinimizationMethod;
import org.nabla4j.method.NelderMead;
import org.nabla4j.method.NewtonConjugateGradient;
import org.nabla4j.method.NewtonRaphson;
import org.nabla4j.method.SequentialQuadraticProgramming;
import org.nabla4j.objective.Constraint;
import org.nabla4j.objective.MissingData;
import org.nabla4j.result.BatchMinima;
import org.nabla4j.result.Interval;
import org.nabla4j.result.Minima;
import org.nabla4j.result.Minimum;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code nabla4j minimize}: minimises a formula, perhaps a sum of it over the rows of a file. */
@Command(
    name = "minimize",
    sortOptions = false,
    abbreviateSynopsis = true,
    description = {
      "Minimises a formula.",
      "",
      "Every symbol is a parameter and needs a start value; with --data a symbol that is a column of"
          + " the table stands for its values, and the formula is summed over the rows.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  nabla4j minimize --formula \"100*(x2-x1^2)^2 + (1-x1)^2\" --start x1=-1.2,x2=1 \\",
      "      --plot valley.png",
      "  nabla4j minimize --formula \"x^2 + y^2\" --start x=3,y=1 \\",
      "      --subject-to \"x + 2*y = 4\" --subject-to \"x*y >= 1\" --bounds x=0:",
      "  nabla4j minimize --formula \"sin(3*x)*y + x^2 + y^2\" --multi-start 100 \\",
      "      --bounds x=-3:3,y=-3:3 --json",
      "  nabla4j minimize --data counts.csv --formula \"m*t - n*log(m*t)\" --start m=1 --likelihood",
      "",
      "--json writes one object:",
      "  formula, data, plot              what was given; data and plot where they were",
      "  subjectTo                        the constraints, an array of texts",
      "  minimum                          f, null where it is no number",
      "  parameters                       by name: {\"x\": 1.5, ...}",
      "  standardErrors                   with --likelihood, by name; null where there is none",
      "  noStandardErrors                 why there are none, only then",
      "  multipliers                      an array in the order of --subject-to",
      "  boundMultipliers                 by name: of a lower bound > 0, of an upper one < 0",
      "  gradientNorm                     of the gradient less what multipliers account for",
      "  status, statusMessage, converged, iterations, evaluations",
      "  method, backend, kernel          what ran",
      "  starts, convergedCount, minima   with --multi-start: minima is an array, the lowest first,",
      "                                   of objects with count and all from minimum to evaluations",
      "",
      "Exit codes: 0 converged, 1 did not converge, 2 bad input."
    })
final class MinimizeCommand implements Callable<Integer> {

  private final Console console;

  @Option(
      names = "--formula",
      required = true,
      paramLabel = "TEXT",
      description =
          "What to minimise, such as \"(x-1)^2 + y^4\". nabla4j help formula lists signs and"
              + " functions.")
  private String formulaText;

  @Option(
      names = "--start",
      paramLabel = "NAME=VALUE",
      description = "Start values: x=1,y=0.5. Repeatable.")
  private List<String> start = List.of();

  @Option(
      names = "--subject-to",
      paramLabel = "CONDITION",
      description =
          "A constraint: \"x + y = 1\", \"x*y >= 2\" or \"x^2 <= y\". Repeatable; multipliers come in"
              + " the same order.")
  private List<String> subjectTo = List.of();

  @Option(
      names = "--bounds",
      paramLabel = "NAME=LOW:HIGH",
      description =
          "Bounds: x=0:10, or open x=0: and x=:10; a start outside is moved onto them. Repeatable.")
  private List<String> bounds = List.of();

  @Option(
      names = "--fix",
      paramLabel = "NAME[=VALUE]",
      description = "Hold a parameter at its start value or at the one given. Repeatable.")
  private List<String> fix = List.of();

  @Option(
      names = "--method",
      paramLabel = "METHOD",
      description = {
        "How; by default what suits the problem:",
        "  newton                Newton-Raphson in a trust region",
        "  newton-cg             Newton with conjugate gradients, for many parameters",
        "  bfgs, lbfgs           quasi-Newton; lbfgs for many parameters",
        "  conjugate-gradient    nonlinear conjugate gradients",
        "  gradient-descent      steepest descent",
        "  nelder-mead           a simplex, without derivatives",
        "  sqp                   sequential quadratic programming, for constraints",
        "  augmented-lagrangian  for constraints"
      })
  private String method;

  @Option(
      names = "--multi-start",
      paramLabel = "N",
      description =
          "Search from N points that fill the box of --bounds, and list the minima that were found"
              + " and how many searches led to each.")
  private Integer multiStart;

  @Option(
      names = "--tolerance",
      paramLabel = "X",
      description =
          "Relative gradient at which a search has converged, default 1e-6, under constraints 1e-9;"
              + " with nelder-mead the relative size of the simplex, default 1e-7.")
  private Double tolerance;

  @Option(
      names = "--max-iterations",
      paramLabel = "N",
      description = "Most iterations of a search; the default depends on the method.")
  private Integer maxIterations;

  @Option(
      names = "--data",
      paramLabel = "FILE",
      description =
          "Table with a header line: comma, semicolon or tab separated, perhaps gzipped; - for"
              + " standard input.")
  private String data;

  @Option(
      names = "--column",
      paramLabel = "NAME=HEADER",
      description = "Call a column by another name in the formula: t=\"time [s]\". Repeatable.")
  private List<String> column = List.of();

  @Option(
      names = "--missing",
      paramLabel = "POLICY",
      description =
          "refuse (default): an empty cell, NA or NaN in a column that is used is an error; omit:"
              + " the row is left out.")
  private String missing = "refuse";

  @Option(
      names = "--likelihood",
      description =
          "The formula is a negative log-likelihood with all its factors: report standard errors,"
              + " from the inverse of the Hessian at the minimum.")
  private boolean likelihood;

  @Mixin private CsvOptions csvOptions;

  @Option(
      names = "--plot",
      paramLabel = "FILE",
      description =
          "Draw the formula and the path of the search, where one or two parameters are free:"
              + " FILE.png, .jpg, .svg or .pdf.")
  private Path plot;

  @Option(names = "--json", description = "Write one JSON object instead of a report.")
  private boolean json;

  @Mixin private RunOptions runOptions;

  MinimizeCommand(Console console) {
    this.console = console;
  }

  /** The options that name parameters. */
  private record Settings(
      Map<String, Double> starts, Map<String, Double> fixed, Map<String, Interval> bounds) {}

  @Override
  public Integer call() {
    Formula formula = Formula.parse(formulaText);
    Settings settings =
        new Settings(
            Assignments.values("--start", start),
            Assignments.fixed(fix),
            Assignments.bounds(bounds));
    OptionValues.positive("--multi-start", multiStart);
    OptionValues.positive("--max-iterations", maxIterations);
    Execution execution = runOptions.execution();
    if (plot != null) {
      OutputFile.check(plot, "--plot", CsvOptions.file(data));
      PlotFormat.of(plot, "--plot");
    }
    Minimize problem = Minimize.of(formula).subjectTo(subjectTo.toArray(String[]::new));
    Set<String> columns = new LinkedHashSet<>();
    if (data != null) {
      problem = withData(problem, formula, columns);
    } else if (!column.isEmpty()) {
      throw new InputException("--column " + column.get(0) + " without --data");
    }
    List<String> parameters = checkNames(settings, problem.parameters(), columns);
    int used = problem.parameters().size();
    problem = withSettings(problem.parameters(parameters.toArray(String[]::new)), settings);
    problem = problem.fix(parameters.subList(used, parameters.size()).toArray(String[]::new));
    problem = problem.method(chosen(problem, settings));
    problem = likelihood ? problem.negativeLogLikelihood() : problem;
    return run(problem, formula, execution);
  }

  /** Makes every symbol that is a column of the file one of the problem. */
  private Minimize withData(Minimize problem, Formula formula, Set<String> columns) {
    Map<String, String> headers = Assignments.columns(column);
    Minimize complete = problem;
    String file = CsvOptions.name(data);
    MissingData policy = OptionValues.choice("--missing", missing, MissingData.class);
    try (ProgressBar bar = runOptions.bar(console, "reading")) {
      CsvTable csv = csvOptions.open(data, bar);
      Map<String, Integer> slots = new LinkedHashMap<>();
      List<CsvTable.Field> fields = new ArrayList<>();
      for (String symbol : formula.symbols()) {
        String header = headers.get(symbol);
        int index = csv.indexOf(header == null ? symbol : header.strip());
        if (index >= 0) {
          slots.put(symbol, fields.size());
          fields.add(new CsvTable.Field(index, CsvTable.Constraint.NONE));
        } else if (header != null) {
          throw new InputException(
              "--column " + symbol + ": there is no column '" + header + "'",
              csvOptions.columnsOf(csv));
        }
      }
      for (String symbol : headers.keySet()) {
        if (!slots.containsKey(symbol)) {
          throw new InputException(
              "--column names " + symbol + ", expected a symbol of the formula " + formula.text());
        }
      }
      if (slots.isEmpty()) {
        throw new InputException(
            "no symbol of the formula " + formula.text() + " is a column of " + file,
            csvOptions.columnsOf(csv));
      }
      checkConstraints(slots.keySet(), file);
      Table table = csv.read(fields, -1, policy == MissingData.OMIT);
      for (Map.Entry<String, Integer> slot : slots.entrySet()) {
        complete = complete.data(slot.getKey(), table.columns()[slot.getValue()]);
      }
      columns.addAll(slots.keySet());
    }
    return complete;
  }

  /** A constraint holds for parameters, not for each row. */
  private void checkConstraints(Set<String> columns, String file) {
    for (String text : subjectTo) {
      for (String symbol : Constraint.parse(text).function().symbols()) {
        if (columns.contains(symbol)) {
          throw new InputException(
              "--subject-to '" + text + "' names " + symbol + ", which is a column of " + file,
              "a constraint is on parameters");
        }
      }
    }
  }

  /**
   * Complains in the words of the options before the library does in its own. Returns the
   * parameters and, behind them, names that have a start value but do not occur in the formula.
   */
  private List<String> checkNames(Settings settings, List<String> parameters, Set<String> columns) {
    List<String> idle = new ArrayList<>(settings.starts.keySet());
    idle.removeAll(parameters);
    for (String name : idle) {
      if (columns.contains(name) || multiStart != null) {
        checkNames("--start", Set.of(name), parameters, columns);
      }
    }
    checkNames("--fix", settings.fixed.keySet(), parameters, columns);
    checkNames("--bounds", settings.bounds.keySet(), parameters, columns);
    List<String> without = new ArrayList<>();
    List<String> unbounded = new ArrayList<>();
    boolean some = false;
    for (String name : parameters) {
      boolean fixed = settings.fixed.containsKey(name);
      boolean held = fixed && !settings.fixed.get(name).isNaN();
      boolean started = settings.starts.containsKey(name);
      some |= started && !fixed;
      if (!started && !held && (multiStart == null || fixed)) {
        without.add(name);
      }
      Interval box = settings.bounds.get(name);
      if (!fixed
          && (box == null || Double.isInfinite(box.lower()) || Double.isInfinite(box.upper()))) {
        unbounded.add(name);
      }
    }
    if (!without.isEmpty()) {
      throw new InputException(
          "no start value for "
              + String.join(", ", without)
              + (idle.isEmpty()
                  ? ""
                  : "; --start names " + String.join(", ", idle) + ", not in the formula"),
          (columns.isEmpty()
                  ? "every symbol is a parameter"
                  : "a symbol that is no column of the table is a parameter")
              + ": give --start "
              + String.join("=…,", without)
              + "=…");
    }
    if (multiStart != null && !unbounded.isEmpty()) {
      throw new InputException(
          "--multi-start " + multiStart + " without both bounds of " + String.join(", ", unbounded),
          "the box to fill: --bounds " + String.join("=LOW:HIGH,", unbounded) + "=LOW:HIGH");
    }
    if (multiStart != null && some) {
      List<String> given = new ArrayList<>(parameters);
      given.removeAll(settings.fixed.keySet());
      given.removeAll(settings.starts.keySet());
      if (!given.isEmpty()) {
        throw new InputException(
            "--start gives no value for " + String.join(", ", given),
            "with --multi-start it is the first of the starts: give all values or none");
      }
    }
    long free = parameters.stream().filter(name -> !settings.fixed.containsKey(name)).count();
    if (plot != null && free > 2) {
      throw new InputException(
          "--plot " + plot + " draws one or two free parameters, there are " + free,
          "--fix holds others at a value");
    }
    if (idle.isEmpty()) {
      return parameters;
    }
    console
        .err()
        .println(
            "nabla4j: not in the formula, and left where --start has them: "
                + String.join(", ", idle));
    List<String> all = new ArrayList<>(parameters);
    all.addAll(idle);
    return all;
  }

  private static void checkNames(
      String option, Set<String> names, List<String> parameters, Set<String> columns) {
    for (String name : names) {
      if (!parameters.contains(name)) {
        throw new InputException(
            option
                + " names "
                + name
                + (columns.contains(name)
                    ? ", which is a column of the table"
                    : ", which is no parameter of the formula"),
            "the parameters are " + String.join(", ", parameters));
      }
    }
  }

  private Minimize withSettings(Minimize problem, Settings settings) {
    Minimize complete = problem.start(settings.starts);
    for (Map.Entry<String, Interval> entry : settings.bounds.entrySet()) {
      complete =
          complete.bounds(entry.getKey(), entry.getValue().lower(), entry.getValue().upper());
    }
    for (Map.Entry<String, Double> entry : settings.fixed.entrySet()) {
      complete =
          entry.getValue().isNaN()
              ? complete.fix(entry.getKey())
              : complete.fix(entry.getKey(), entry.getValue());
    }
    return runOptions.backend() == null ? complete : complete.backend(runOptions.backend());
  }

  private MinimizationMethod chosen(Minimize problem, Settings settings) {
    MinimizationMethod chosen;
    if (method != null) {
      chosen = named(method);
      boolean constrained =
          chosen instanceof SequentialQuadraticProgramming || chosen instanceof AugmentedLagrangian;
      if (!constrained && !subjectTo.isEmpty()) {
        throw new InputException(
            "--method " + method + " knows no constraints, expected sqp or augmented-lagrangian",
            "without --method sqp is taken");
      }
    } else if (multiStart == null) {
      chosen = problem.method();
    } else {
      // Which method it is does not depend on where the searches start.
      Map<String, Double> inside = new LinkedHashMap<>();
      settings.bounds.forEach((name, box) -> inside.put(name, box.lower() / 2 + box.upper() / 2));
      inside.keySet().removeAll(settings.fixed.keySet());
      chosen = problem.start(inside).method();
    }
    if (tolerance != null) {
      if (!(tolerance >= 0 && tolerance < 1)) {
        throw new InputException("--tolerance " + tolerance + ", expected 0 <= tolerance < 1");
      }
      chosen =
          chosen instanceof NelderMead simplex
              ? simplex.withParameterTolerance(tolerance)
              : chosen.withGradientTolerance(tolerance);
    }
    return maxIterations == null ? chosen : chosen.withMaxIterations(maxIterations);
  }

  private static MinimizationMethod named(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "newton" -> NewtonRaphson.defaults();
      case "newton-cg" -> NewtonConjugateGradient.defaults();
      case "bfgs" -> Bfgs.defaults();
      case "lbfgs" -> LimitedMemoryBfgs.defaults();
      case "conjugate-gradient" -> ConjugateGradient.defaults();
      case "gradient-descent" -> GradientDescent.defaults();
      case "nelder-mead" -> NelderMead.defaults();
      case "sqp" -> SequentialQuadraticProgramming.defaults();
      case "augmented-lagrangian" -> AugmentedLagrangian.defaults();
      default ->
          throw new InputException(
              "--method "
                  + name
                  + ", expected newton, newton-cg, bfgs, lbfgs, conjugate-gradient,"
                  + " gradient-descent, nelder-mead, sqp or augmented-lagrangian");
    };
  }

  private int run(Minimize problem, Formula formula, Execution chosen) {
    Iterates iterates = plot == null ? null : new Iterates();
    Minima minima = null;
    Minimum minimum;
    try (ProgressBar bar = runOptions.bar(console, "minimising")) {
      Execution execution = chosen.withListener(bar);
      execution = iterates == null ? execution : execution.withIterationListener(iterates);
      Minimize watched = problem.execution(execution);
      if (multiStart == null) {
        minimum = watched.run();
      } else {
        minima = watched.multiStart(multiStart);
        minimum = minima.basins().isEmpty() ? lowest(minima.searches()) : minima.best();
      }
    }
    boolean drawn = false;
    InputException failure = null;
    try {
      drawn = plot != null && MinimumPlot.write(plot, found(minimum, minima), iterates, multi());
    } catch (InputException e) {
      // The minimum is reported all the same.
      failure = e;
    }
    if (json) {
      console
          .out()
          .print(MinimumJson.report(formula.text(), data, minimum, minima, drawn ? plot : null));
    } else {
      console.out().print(MinimumText.report(minimum, minima));
      if (drawn) {
        console.out().println("plot " + plot);
      }
    }
    if (failure != null) {
      throw failure;
    }
    if (plot != null && !drawn) {
      console.err().println("nabla4j: no plot, since the formula has no different values to show");
    }
    return minimum.converged() ? Main.SUCCESS : Main.NOT_CONVERGED;
  }

  private boolean multi() {
    return multiStart != null;
  }

  /** Of searches none of which converged the one that came lowest. */
  private static Minimum lowest(BatchMinima searches) {
    double[] values = searches.values();
    int lowest = 0;
    for (int i = 1; i < values.length; i++) {
      if (values[i] < values[lowest] || Double.isNaN(values[lowest])) {
        lowest = i;
      }
    }
    return searches.get(lowest);
  }

  private static List<Minimum> found(Minimum minimum, Minima minima) {
    return minima == null || minima.basins().isEmpty()
        ? List.of(minimum)
        : minima.basins().stream().map(Minima.Basin::minimum).toList();
  }
}
