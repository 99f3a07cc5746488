package org.nabla4j.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.nabla4j.Solve;
import org.nabla4j.backend.Execution;
import org.nabla4j.method.RootFinding;
import org.nabla4j.objective.Equation;
import org.nabla4j.result.BatchRoots;
import org.nabla4j.result.Interval;
import org.nabla4j.result.Root;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code nabla4j solve}: solves equations, once or for every row of a table of constants. */
@Command(
    name = "solve",
    sortOptions = false,
    abbreviateSynopsis = true,
    description = {
      "Solves an equation or a system of equations.",
      "",
      "Symbols with a value from --set or a column of --data are constants; every other symbol is"
          + " an unknown and needs a start value or a bracket.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  nabla4j solve --equation \"x*exp(x) = 3\" --start x=1",
      "  nabla4j solve --equation \"cos(x) = k*x\" --set k=2 --bracket x=0:1",
      "  nabla4j solve --equation \"x^2 + y^2 = 4\" --equation \"x*y = 1\" --start x=2,y=0.5",
      "  nabla4j solve --equation \"v*exp(v) = a\" --start v=1 --data amounts.csv --out roots.csv",
      "",
      "Exit codes: 0 success, 1 a problem has no root, 2 bad input."
    })
final class SolveCommand implements Callable<Integer> {

  /** Most problems that are listed when they are not written to a file. */
  private static final int LISTED = 50;

  private final Console console;

  @Option(
      names = "--equation",
      required = true,
      paramLabel = "TEXT",
      description =
          "An equation, such as \"x^2 = 2\", or an expression that is to be 0. Repeatable: as many"
              + " as there are unknowns. nabla4j help formula lists signs and functions.")
  private List<String> equations = List.of();

  @Option(
      names = "--start",
      paramLabel = "NAME=VALUE",
      description = "Start values: x=1,y=0.5. Repeatable.")
  private List<String> start = List.of();

  @Option(
      names = "--bracket",
      paramLabel = "NAME=LOW:HIGH",
      description = "The interval in which an unknown lies: x=0:2. Repeatable.")
  private List<String> bracket = List.of();

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description = "Constants: K=100,T=0.5. Repeatable.")
  private List<String> set = List.of();

  @Option(
      names = "--data",
      paramLabel = "FILE",
      description =
          "Table with a header line, one problem in each row; its columns are constants of the"
              + " equations. - for standard input.")
  private String data;

  @Mixin private CsvOptions csvOptions;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "With --data: write a table with a row for each problem.")
  private Path out;

  @Option(
      names = "--tolerance",
      paramLabel = "T",
      description = "Largest relative uncertainty of a root that counts as known, default 1e-12.")
  private Double tolerance;

  @Option(
      names = "--residual-tolerance",
      paramLabel = "T",
      description = "Largest |left - right| that is taken for 0, default 0: rounding alone.")
  private Double residualTolerance;

  @Option(
      names = "--max-iterations",
      paramLabel = "N",
      description = "Most iterations of a problem, default 200.")
  private Integer maxIterations;

  @Option(names = "--json", description = "Write JSON instead of text.")
  private boolean json;

  @Mixin private RunOptions runOptions;

  SolveCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    List<Equation> parsed = equations.stream().map(Equation::parse).toList();
    Set<String> symbols = new LinkedHashSet<>();
    parsed.forEach(e -> symbols.addAll(e.symbols()));
    Map<String, Double> starts = Assignments.values("--start", start);
    Map<String, Double> constants = Assignments.values("--set", set);
    Map<String, Interval> brackets = Assignments.brackets(bracket);
    if (out != null) {
      if (data == null) {
        throw new InputException("--out " + out + " without --data", "--json writes one root");
      }
      OutputFile.check(out, "--out", CsvOptions.file(data));
    }
    Execution execution = runOptions.execution();
    Solve solve = Solve.of(parsed).method(method());
    solve = runOptions.backend() == null ? solve : solve.backend(runOptions.backend());
    Set<String> given = new LinkedHashSet<>(constants.keySet());
    for (Map.Entry<String, Double> entry : constants.entrySet()) {
      solve = solve.constant(checked("--set", entry.getKey(), symbols), entry.getValue());
    }
    Set<String> named = new LinkedHashSet<>(starts.keySet());
    named.addAll(brackets.keySet());
    if (data != null) {
      Map<String, double[]> columns = columns(symbols, named, given);
      given.addAll(columns.keySet());
      for (Map.Entry<String, double[]> column : columns.entrySet()) {
        solve = solve.constant(column.getKey(), column.getValue());
      }
    }
    List<String> unknowns = symbols.stream().filter(name -> !given.contains(name)).toList();
    starts.keySet().forEach(name -> checked("--start", name, unknowns));
    brackets.keySet().forEach(name -> checked("--bracket", name, unknowns));
    checkUnknowns(unknowns, starts, brackets);
    for (Map.Entry<String, Double> entry : starts.entrySet()) {
      solve = solve.start(entry.getKey(), entry.getValue());
    }
    for (Map.Entry<String, Interval> entry : brackets.entrySet()) {
      Interval ends = entry.getValue();
      solve = solve.bracket(entry.getKey(), ends.lower(), ends.upper());
    }
    BatchRoots roots;
    try (ProgressBar bar = runOptions.bar(console, "solving")) {
      roots = solve.execution(execution.withListener(bar)).runBatch();
    }
    report(roots);
    return roots.convergedCount() == roots.problems() ? Main.SUCCESS : Main.NOT_CONVERGED;
  }

  private RootFinding method() {
    RootFinding method = RootFinding.defaults();
    if (tolerance != null) {
      method = method.withParameterTolerance(tolerance);
    }
    if (residualTolerance != null) {
      method = method.withResidualTolerance(residualTolerance);
    }
    if (maxIterations != null) {
      OptionValues.positive("--max-iterations", maxIterations);
      method = method.withMaxIterations(maxIterations);
    }
    return method;
  }

  private static String checked(String option, String name, Iterable<String> names) {
    for (String known : names) {
      if (known.equals(name)) {
        return name;
      }
    }
    throw new InputException(
        option
            + " names "
            + name
            + (option.equals("--set") ? ", which is no symbol" : ", which is no unknown")
            + " of the equations",
        "these are " + String.join(", ", names));
  }

  private static void checkUnknowns(
      List<String> unknowns, Map<String, Double> starts, Map<String, Interval> brackets) {
    List<String> without = new ArrayList<>();
    for (String name : unknowns) {
      Interval ends = brackets.get(name);
      boolean closed =
          ends != null && Double.isFinite(ends.lower()) && Double.isFinite(ends.upper());
      if (!starts.containsKey(name) && !closed) {
        without.add(name);
      }
    }
    if (!without.isEmpty()) {
      throw new InputException(
          "no start value for " + String.join(", ", without),
          "a symbol without a value is an unknown: give --start "
              + String.join("=…,", without)
              + "=…, --bracket, or its value by --set or a column of --data");
    }
  }

  /** The constants in the table; a value that is missing is NaN, and spoils its row only. */
  private Map<String, double[]> columns(Set<String> symbols, Set<String> named, Set<String> given) {
    try (ProgressBar bar = runOptions.bar(console, "reading")) {
      CsvTable csv = csvOptions.open(data, bar);
      List<String> names = new ArrayList<>();
      List<CsvTable.Field> fields = new ArrayList<>();
      for (String symbol : symbols) {
        int index = csv.indexOf(symbol);
        if (index >= 0 && !named.contains(symbol)) {
          if (given.contains(symbol)) {
            throw new InputException(
                "--set gives " + symbol + ", which is a column of " + data + " too");
          }
          names.add(symbol);
          fields.add(new CsvTable.Field(index, CsvTable.Constraint.NONE));
        }
      }
      if (names.isEmpty()) {
        throw new InputException(
            data + " has no column that is a constant of the equations",
            csvOptions.columnsOf(csv) + "; the symbols are " + String.join(", ", symbols));
      }
      Table table = csv.read(fields, -1, true);
      Map<String, double[]> columns = new LinkedHashMap<>();
      for (int k = 0; k < names.size(); k++) {
        columns.put(names.get(k), table.columns()[k]);
      }
      return columns;
    }
  }

  private void report(BatchRoots roots) {
    if (data == null) {
      Root root = roots.get(0);
      if (json) {
        console.out().print(RootReport.json(root));
      } else {
        console.out().println(root);
      }
      return;
    }
    if (out != null) {
      OutputFile.write(out, stream -> RootReport.writeCsv(stream, roots));
    }
    console.out().print(json ? RootReport.json(roots, out) : RootReport.text(roots, out, LISTED));
  }
}
