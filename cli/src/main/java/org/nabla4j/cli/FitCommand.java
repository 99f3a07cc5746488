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
import org.nabla4j.CurveFit;
import org.nabla4j.backend.Execution;
import org.nabla4j.data.Column;
import org.nabla4j.expression.Formula;
import org.nabla4j.method.Covariance;
import org.nabla4j.method.LevenbergMarquardt;
import org.nabla4j.objective.Loss;
import org.nabla4j.objective.MissingData;
import org.nabla4j.objective.Precision;
import org.nabla4j.objective.SigmaKind;
import org.nabla4j.result.BatchFit;
import org.nabla4j.result.FitResult;
import org.nabla4j.result.Interval;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code nabla4j fit}: fits a formula to the columns of a file, as a whole or group by group. */
@Command(
    name = "fit",
    sortOptions = false,
    abbreviateSynopsis = true,
    description = {
      "Fits a formula to a table.",
      "",
      "The columns of the formula are named by the table's header; every other symbol is a"
          + " parameter and needs a start value.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  nabla4j fit --data decay.csv --formula \"y = a*exp(-b*x) + c\" \\",
      "      --start a=1,b=0.5,c=0",
      "  nabla4j fit --data decay.csv --formula \"y = a*exp(-b*x) + c\" \\",
      "      --guess exponential --sigma s --bounds b=0: --plot decay.png",
      "  nabla4j fit --data rates.csv --column t=\"time [s]\" --formula \"log(y) = a + b*t\" \\",
      "      --start a=0,b=1 --json",
      "  nabla4j fit --data line.csv --formula \"y = h*exp(-(x-m)^2/(2*s^2)) + base\" \\",
      "      --guess gaussian:h,m,s,base",
      "  nabla4j fit --data wells.csv --formula \"y = a*exp(-b*x)\" --start a=1,b=1 \\",
      "      --group well --out fits.csv",
      "",
      "Exit codes: 0 success, 1 a fit did not converge, 2 bad input."
    })
final class FitCommand implements Callable<Integer> {

  /** Most groups that are listed when they are not written to a file. */
  private static final int LISTED = 50;

  private static final String DEFAULT_RESPONSE = "y";

  private final Console console;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "FILE",
      description =
          "Table with a header line: comma, semicolon or tab separated, perhaps gzipped; - for"
              + " standard input.")
  private String data;

  @Option(
      names = "--formula",
      required = true,
      paramLabel = "TEXT",
      description =
          "The model, such as \"y = a*exp(-b*x) + c\". The left side may be an expression of"
              + " columns. nabla4j help formula lists signs and functions.")
  private String formulaText;

  @Option(
      names = "--start",
      paramLabel = "NAME=VALUE",
      description = "Start values: a=1,b=0.5. Repeatable.")
  private List<String> start = List.of();

  @Option(
      names = "--guess",
      paramLabel = "SHAPE",
      description = {
        "Estimate start values from the data of each fit:",
        "  exponential  a*exp(-b*x) + c",
        "  gaussian     a*exp(-(x-b)^2/(2*c^2)) + d",
        "  logistic     a/(1 + exp(-b*(x-c)))",
        "  power-law    a*x^b",
        "  sinusoid     a*sin(b*x + c) + d",
        "for the formula's parameters in their order of appearance, or for those named:"
            + " gaussian:height,centre,width,base. Values of --start come first."
      })
  private String guess;

  @Option(
      names = "--sigma",
      paramLabel = "COLUMN",
      description = "Standard deviations of the response.")
  private String sigma;

  @Option(
      names = "--weights",
      paramLabel = "COLUMN",
      description = "Weights, 1/sigma^2, instead of --sigma.")
  private String weights;

  @Option(
      names = "--sigma-kind",
      paramLabel = "KIND",
      description =
          "absolute: sigma is in units of the response; relative: only up to a factor, taken from"
              + " the residuals. Default: absolute with --sigma, relative with --weights.")
  private String sigmaKind;

  @Option(
      names = "--bounds",
      paramLabel = "NAME=LOW:HIGH",
      description = "Bounds: a=0:10, or open a=0: and a=:10. Repeatable.")
  private List<String> bounds = List.of();

  @Option(
      names = "--fix",
      paramLabel = "NAME[=VALUE]",
      description = "Hold a parameter at its start value or at the one given. Repeatable.")
  private List<String> fix = List.of();

  @Option(
      names = "--loss",
      paramLabel = "LOSS",
      description =
          "linear (default), huber:DELTA, soft-l1:DELTA, cauchy:DELTA or tukey:DELTA, with DELTA in"
              + " units of sigma.")
  private String loss = "linear";

  @Option(
      names = "--group",
      paramLabel = "COLUMN",
      description =
          "Fit each group of rows with the same value here, all in one batch. Groups are not"
              + " drawn: no --plot.")
  private String group;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "With --group: write a table with a row for each group.")
  private Path out;

  @Option(
      names = "--plot",
      paramLabel = "FILE",
      description =
          "Draw data, curve and residuals of one fit: FILE.png, .jpg, .svg or .pdf; not with"
              + " --group.")
  private Path plot;

  @Option(names = "--json", description = "Write one JSON object instead of a report.")
  private boolean json;

  @Option(
      names = "--column",
      paramLabel = "NAME=HEADER",
      description = "Call a column by another name in the formula: x=\"time [s]\". Repeatable.")
  private List<String> column = List.of();

  @Option(
      names = "--missing",
      paramLabel = "POLICY",
      description =
          "refuse (default): an empty cell, NA or NaN in a column that is used is an error; omit:"
              + " the point is left out.")
  private String missing = "refuse";

  @Mixin private CsvOptions csvOptions;

  @Option(
      names = "--tolerance",
      paramLabel = "X",
      description = "Relative tolerance of cost and parameters; default 1.5e-8.")
  private Double tolerance;

  @Option(
      names = "--max-evaluations",
      paramLabel = "N",
      description = "Most evaluations of the model in one fit; default 200(p+1).")
  private Integer maxEvaluations;

  @Option(
      names = "--precision",
      paramLabel = "KIND",
      description = "double (default) or single arithmetic.")
  private String precision = "double";

  @Mixin private RunOptions runOptions;

  FitCommand(Console console) {
    this.console = console;
  }

  /** What the options and the header say about the symbols. */
  private record Roles(
      Formula formula,
      Map<String, Integer> columns,
      Set<String> responses,
      List<String> parameters,
      List<CsvTable.Field> fields,
      Map<String, Integer> slots,
      int group) {

    /** Columns of a table by symbol, σ or weights among them. */
    Map<String, double[]> bySymbol(Table table) {
      Map<String, double[]> map = new LinkedHashMap<>();
      slots.forEach((symbol, slot) -> map.put(symbol, table.columns()[slot]));
      return map;
    }
  }

  @Override
  public Integer call() {
    Formula formula = Formula.parse(formulaText);
    Settings settings = settings();
    csvOptions.check();
    checkOutputs();
    Roles roles;
    Table table;
    try (ProgressBar bar = runOptions.bar(console, "reading")) {
      CsvTable csv = csvOptions.open(data, bar);
      roles = roles(formula, csv);
      checkNames(settings, roles, csv);
      table = csv.read(roles.fields(), roles.group(), settings.missing == MissingData.OMIT);
    }
    CurveFit fit = curveFit(formula, settings, roles);
    return group == null
        ? fitOne(fit, settings, roles, table)
        : fitGroups(fit, settings, roles, table);
  }

  /** The options that can be read without the data. */
  private static final class Settings {
    private Map<String, Double> starts;
    private Map<String, Double> fixed;
    private Map<String, Interval> bounds;
    private Assignments.Guess guess;
    private Loss loss;
    private MissingData missing;
    private Precision precision;
    private SigmaKind sigmaKind;
    private LevenbergMarquardt method;
    private Execution execution;
  }

  private Settings settings() {
    Settings settings = new Settings();
    settings.starts = Assignments.values("--start", start);
    settings.fixed = Assignments.fixed(fix);
    settings.bounds = Assignments.bounds(bounds);
    settings.guess = guess == null ? null : Assignments.guess(guess);
    settings.loss = Assignments.loss(loss);
    settings.missing = OptionValues.choice("--missing", missing, MissingData.class);
    settings.precision = OptionValues.choice("--precision", precision, Precision.class);
    if (sigma != null && weights != null) {
      throw new InputException("--sigma and --weights are both given, expected one of them");
    }
    if (sigmaKind != null && sigma == null && weights == null) {
      throw new InputException("--sigma-kind " + sigmaKind + " without --sigma or --weights");
    }
    String kind = sigmaKind != null ? sigmaKind : sigma != null ? "absolute" : "relative";
    settings.sigmaKind = OptionValues.choice("--sigma-kind", kind, SigmaKind.class);
    LevenbergMarquardt method = LevenbergMarquardt.defaults();
    if (tolerance != null) {
      method = method.withTolerance(tolerance);
    }
    if (maxEvaluations != null) {
      OptionValues.positive("--max-evaluations", maxEvaluations);
      method = method.withMaxEvaluations(maxEvaluations);
    }
    settings.method = method;
    settings.execution = runOptions.execution();
    return settings;
  }

  private void checkOutputs() {
    if (out != null) {
      if (group == null) {
        throw new InputException("--out " + out + " without --group", "--json writes one fit");
      }
      OutputFile.check(out, "--out", CsvOptions.file(data));
    }
    if (plot != null) {
      if (group != null) {
        throw new InputException("--plot " + plot + " draws one fit, expected no --group");
      }
      OutputFile.check(plot, "--plot", CsvOptions.file(data));
      PlotFormat.of(plot, "--plot");
    }
  }

  /** Tells columns from parameters by the header. */
  private Roles roles(Formula formula, CsvTable csv) {
    Map<String, String> names = Assignments.columns(column);
    Set<String> responses = new LinkedHashSet<>(formula.responseSymbols());
    if (formula.response().isEmpty()) {
      responses.add(DEFAULT_RESPONSE);
    }
    Map<String, Integer> columns = new LinkedHashMap<>();
    List<String> parameters = new ArrayList<>();
    for (String symbol : formula.symbols()) {
      int index = indexOf(csv, names, symbol);
      if (index >= 0) {
        columns.put(symbol, index);
      } else if (!responses.contains(symbol)) {
        parameters.add(symbol);
      }
    }
    for (String symbol : responses) {
      int index = indexOf(csv, names, symbol);
      if (index < 0) {
        InputException e = noColumn(csv, symbol, "the response of the formula");
        String near = nearestOf(csv, symbol);
        throw near.isEmpty()
            ? e
            : new InputException(e.getMessage(), csvOptions.columnsOf(csv) + called(symbol, near));
      }
      columns.put(symbol, index);
    }
    for (String symbol : names.keySet()) {
      if (!columns.containsKey(symbol)) {
        throw new InputException(
            "--column names " + symbol + ", expected a symbol of the formula " + formula.text());
      }
    }
    if (parameters.isEmpty()) {
      throw new InputException(
          "the formula " + formula.text() + " has no parameter: every symbol is a column",
          csvOptions.columnsOf(csv));
    }
    Map<Integer, CsvTable.Constraint> constraints = new LinkedHashMap<>();
    columns.values().forEach(index -> constraints.put(index, CsvTable.Constraint.NONE));
    Map<String, Integer> all = new LinkedHashMap<>(columns);
    if (sigma != null || weights != null) {
      String header = sigma != null ? sigma : weights;
      int index = indexOf(csv, names, header);
      if (index < 0) {
        throw noColumn(csv, header, sigma != null ? "--sigma" : "--weights");
      }
      constraints.put(
          index, sigma != null ? CsvTable.Constraint.POSITIVE : CsvTable.Constraint.NOT_NEGATIVE);
      all.put(GroupedData.SPREAD, index);
    }
    int groupIndex = -1;
    if (group != null) {
      groupIndex = indexOf(csv, names, group);
      if (groupIndex < 0) {
        throw noColumn(csv, group, "--group");
      }
    }
    List<CsvTable.Field> fields = new ArrayList<>();
    Map<Integer, Integer> slotOf = new LinkedHashMap<>();
    constraints.forEach(
        (index, constraint) -> {
          slotOf.put(index, fields.size());
          fields.add(new CsvTable.Field(index, constraint));
        });
    Map<String, Integer> slots = new LinkedHashMap<>();
    all.forEach((symbol, index) -> slots.put(symbol, slotOf.get(index)));
    return new Roles(formula, columns, responses, parameters, fields, slots, groupIndex);
  }

  private int indexOf(CsvTable csv, Map<String, String> names, String symbol) {
    String header = names.get(symbol);
    if (header == null) {
      return csv.indexOf(symbol);
    }
    int index = csv.indexOf(header.strip());
    if (index < 0) {
      throw noColumn(csv, header, "--column " + symbol);
    }
    return index;
  }

  private InputException noColumn(CsvTable csv, String name, String what) {
    return new InputException(
        what + ": there is no column '" + name + "'",
        csvOptions.columnsOf(csv) + hintFor(csv, name));
  }

  /** A column of almost the symbol's name: but for case, blanks and a unit; empty if none is. */
  private static String nearestOf(CsvTable csv, String symbol) {
    return csv.header().stream()
        .filter(header -> !header.isEmpty() && plain(header).equals(plain(symbol)))
        .findFirst()
        .orElse("");
  }

  /** Letters and digits in lower case, up to a unit in parentheses. */
  private static String plain(String name) {
    StringBuilder text = new StringBuilder();
    for (char c : name.toLowerCase(Locale.ROOT).toCharArray()) {
      if (text.length() > 0 && (c == '[' || c == '(' || c == '{' || c == '/')) {
        break;
      }
      if (Character.isLetterOrDigit(c)) {
        text.append(c);
      }
    }
    return text.length() == 0 ? name : text.toString();
  }

  private static String called(String symbol, String header) {
    return "; --column " + symbol + "=\"" + header + "\" makes " + symbol + " that column";
  }

  private static String hintFor(CsvTable csv, String name) {
    for (String header : csv.header()) {
      if (header.equalsIgnoreCase(name)) {
        return "; names are case sensitive: did you mean " + header + "?";
      }
    }
    return "";
  }

  /** Complains in the words of the options before the library does in its own. */
  private void checkNames(Settings settings, Roles roles, CsvTable csv) {
    checkNames("--start", settings.starts.keySet(), roles);
    checkNames("--fix", settings.fixed.keySet(), roles);
    checkNames("--bounds", settings.bounds.keySet(), roles);
    if (settings.guess != null) {
      checkNames("--guess", settings.guess.parameters(), roles);
      int needed = settings.guess.shape().parameters();
      int given =
          settings.guess.parameters().isEmpty()
              ? roles.parameters().size()
              : settings.guess.parameters().size();
      if (needed != given) {
        throw new InputException(
            "--guess "
                + guess
                + " is for "
                + needed
                + " parameters, got "
                + (settings.guess.parameters().isEmpty()
                    ? String.join(", ", roles.parameters())
                    : String.join(", ", settings.guess.parameters())),
            "name them in the shape's order, such as --guess gaussian:height,centre,width,base");
      }
    }
    List<String> without = new ArrayList<>();
    for (String parameter : roles.parameters()) {
      Double held = settings.fixed.get(parameter);
      boolean guessed =
          settings.guess != null
              && (settings.guess.parameters().isEmpty()
                  || settings.guess.parameters().contains(parameter));
      if (!settings.starts.containsKey(parameter) && (held == null || held.isNaN()) && !guessed) {
        without.add(parameter);
      }
    }
    if (!without.isEmpty()) {
      StringBuilder columns = new StringBuilder("; ").append(csvOptions.columnsOf(csv));
      for (String symbol : without) {
        String near = nearestOf(csv, symbol);
        columns.append(near.isEmpty() ? "" : called(symbol, near));
      }
      throw new InputException(
          "no start value for " + String.join(", ", without),
          "a symbol that is no column of "
              + CsvOptions.name(data)
              + " is a parameter: give --start "
              + String.join("=…,", without)
              + "=…, or --guess SHAPE"
              + columns);
    }
  }

  private void checkNames(String option, Iterable<String> names, Roles roles) {
    for (String name : names) {
      if (!roles.parameters().contains(name)) {
        throw new InputException(
            option
                + " names "
                + name
                + (roles.columns().containsKey(name)
                    ? ", which is a column of " + CsvOptions.name(data)
                    : ", which is no parameter of the formula"),
            "the parameters are " + String.join(", ", roles.parameters()));
      }
    }
  }

  private CurveFit curveFit(Formula formula, Settings settings, Roles roles) {
    CurveFit fit =
        CurveFit.of(formula)
            .columns(roles.columns().keySet().toArray(String[]::new))
            .start(settings.starts)
            .loss(settings.loss)
            .precision(settings.precision)
            .method(settings.method)
            .execution(settings.execution);
    if (settings.guess != null) {
      fit = fit.guess(settings.guess.shape(), settings.guess.parameters().toArray(String[]::new));
    }
    for (Map.Entry<String, Interval> entry : settings.bounds.entrySet()) {
      fit = fit.bounds(entry.getKey(), entry.getValue().lower(), entry.getValue().upper());
    }
    for (Map.Entry<String, Double> entry : settings.fixed.entrySet()) {
      fit =
          entry.getValue().isNaN()
              ? fit.fix(entry.getKey())
              : fit.fix(entry.getKey(), entry.getValue());
    }
    return runOptions.backend() == null ? fit : fit.backend(runOptions.backend());
  }

  private CurveFit withData(
      CurveFit fit, Settings settings, Map<String, Column> columns, boolean incomplete) {
    CurveFit complete = fit.missing(incomplete ? MissingData.OMIT : MissingData.REFUSE);
    for (Map.Entry<String, Column> entry : columns.entrySet()) {
      if (!entry.getKey().equals(GroupedData.SPREAD)) {
        complete = complete.data(entry.getKey(), entry.getValue());
      } else if (sigma != null) {
        complete = complete.sigma(entry.getValue(), settings.sigmaKind);
      } else {
        complete = complete.weights(entry.getValue(), settings.sigmaKind);
      }
    }
    return complete;
  }

  /** A fit without an answer is not worth a report; of groups, each has its status. */
  private void checkRows(Settings settings, Roles roles, Table table) {
    List<String> free = new ArrayList<>(roles.parameters());
    free.removeAll(settings.fixed.keySet());
    long rows = table.rows() - table.incomplete();
    if (rows < free.size()) {
      throw new InputException(
          CsvOptions.name(data)
              + " has "
              + rows
              + (rows == 1 ? " row" : " rows")
              + (table.incomplete() > 0 ? " without missing values" : "")
              + ", expected at least "
              + free.size()
              + ", one for each free parameter ("
              + String.join(", ", free)
              + ")",
          "--fix holds a parameter at a value");
    }
  }

  private int fitOne(CurveFit fit, Settings settings, Roles roles, Table table) {
    checkRows(settings, roles, table);
    Map<String, Column> columns = new LinkedHashMap<>();
    roles.bySymbol(table).forEach((symbol, values) -> columns.put(symbol, Column.shared(values)));
    FitResult result;
    try (ProgressBar bar = runOptions.bar(console, "fitting")) {
      result =
          withData(fit, settings, columns, table.incomplete() > 0)
              .execution(settings.execution.withListener(bar))
              .fit();
    }
    boolean drawn = false;
    InputException failure = null;
    try {
      drawn = plot != null && FitPlot.write(plot, result);
    } catch (InputException e) {
      // The fit is reported all the same.
      failure = e;
    }
    if (json) {
      // Written by another class, since naming a writer here would load it in every run.
      console.out().print(Json.report(roles.formula().text(), data, result, drawn ? plot : null));
    } else {
      console.out().println(result);
      if (drawn) {
        console.out().println("plot " + plot);
      }
    }
    if (failure != null) {
      throw failure;
    }
    if (plot != null && !drawn) {
      console.err().println("nabla4j: no plot, since the fit has no finite residual");
    }
    return result.converged() ? Main.SUCCESS : Main.NOT_CONVERGED;
  }

  private int fitGroups(CurveFit fit, Settings settings, Roles roles, Table table) {
    CurveFit lean = fit.method(settings.method.withCovariance(Covariance.STANDARD_ERRORS));
    List<GroupedData.Batch> batches =
        GroupedData.split(table, roles.bySymbol(table), roles.responses());
    List<BatchFit> results = new ArrayList<>();
    int total = table.labels().size();
    try (ProgressBar bar = runOptions.bar(console, "fitting")) {
      long before = 0;
      for (GroupedData.Batch batch : batches) {
        long offset = before;
        // Of a single problem evaluations are told, which are no groups.
        boolean one = batch.groups().length == 1;
        results.add(
            withData(lean, settings, batch.columns(), batch.padded() || table.incomplete() > 0)
                .execution(
                    settings.execution.withListener(
                        (done, unused) -> bar.progress(offset + (one ? 0 : done), total)))
                .fitBatch());
        before += batch.groups().length;
        bar.progress(before, total);
      }
    }
    GroupFits fits = new GroupFits(table.labels(), batches, results);
    if (out != null) {
      OutputFile.write(out, stream -> fits.writeCsv(stream, group));
    }
    GroupReport report = new GroupReport(fits, roles.formula().text(), data, group);
    console.out().print(json ? report.json(out) : report.text(out, LISTED));
    return fits.converged() == fits.size() ? Main.SUCCESS : Main.NOT_CONVERGED;
  }
}
