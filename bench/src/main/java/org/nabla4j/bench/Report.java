package org.nabla4j.bench;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs the benchmarks, or reads what JMH wrote before, and prints every figure beside the ceiling
 * of the machine and beside the peers. Leaves JMH's own JSON, the tables as Markdown and JSON, and
 * a chart.
 *
 * <pre>
 *   java -cp bench/target/benchmarks.jar org.nabla4j.bench.Report [options] [results.json ...]
 *     --quick          short iterations (default)     --full        as the benchmarks say, two forks
 *     --only a,b       these groups alone             --list        name the groups
 *     --jvm PATH       run under this java, repeatable --out DIR    default bench/results
 * </pre>
 *
 * With files named, nothing runs.
 */
public final class Report {

  private static final TimeValue QUICK_WARM_UP = TimeValue.milliseconds(1000);
  private static final TimeValue QUICK_TIME = TimeValue.milliseconds(700);

  private boolean full;
  private boolean list;
  private Path directory = Path.of("bench", "results");
  private final Set<String> only = new TreeSet<>();
  private final List<String> jvms = new ArrayList<>();
  private final List<Path> files = new ArrayList<>();

  private Report() {}

  /**
   * Makes a report.
   *
   * @param arguments as the class says
   * @throws IOException if a file cannot be read or written
   * @throws RunnerException if JMH cannot run, or a benchmark's answers are wrong
   */
  public static void main(String[] arguments) throws IOException, RunnerException {
    System.setProperty("java.awt.headless", "true");
    Report report = new Report();
    report.read(arguments);
    if (report.list) {
      Plan.all().forEach(plan -> System.out.println(plan.name()));
      return;
    }
    report.run();
  }

  private void read(String[] arguments) {
    for (int i = 0; i < arguments.length; i++) {
      switch (arguments[i]) {
        case "--quick" -> full = false;
        case "--full" -> full = true;
        case "--list" -> list = true;
        case "--only" -> only.addAll(List.of(value(arguments, ++i).split(",")));
        case "--jvm" -> jvms.add(value(arguments, ++i));
        case "--out" -> directory = Path.of(value(arguments, ++i));
        default -> {
          if (arguments[i].startsWith("-")) {
            throw new IllegalArgumentException("option = " + arguments[i] + ", unknown");
          }
          files.add(Path.of(arguments[i]));
        }
      }
    }
    Set<String> names = Plan.all().stream().map(Plan::name).collect(Collectors.toSet());
    if (!names.containsAll(only)) {
      throw new IllegalArgumentException("--only = " + only + ", expected some of " + names);
    }
  }

  private static String value(String[] arguments, int index) {
    if (index >= arguments.length) {
      throw new IllegalArgumentException("option = " + arguments[index - 1] + ", without a value");
    }
    return arguments[index];
  }

  private void run() throws IOException, RunnerException {
    LocalDateTime now = LocalDateTime.now(ZoneOffset.UTC);
    String stamp = now.format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT));
    Files.createDirectories(directory);
    List<Path> sources = new ArrayList<>(files);
    if (sources.isEmpty()) {
      Path raw = directory.resolve("jmh-" + stamp + ".json");
      measure(raw);
      sources.add(raw);
    }
    List<JmhResult> results = new ArrayList<>();
    for (Path source : sources) {
      Json.readObjects(source).forEach(object -> results.add(JmhResult.of(object)));
    }
    Tables tables = new Tables(results);
    Host host = Host.here();
    String text =
        "# Benchmarks, "
            + now.format(DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT))
            + "\n\n"
            + host.processor()
            + ", "
            + host.cores()
            + " logical processors, "
            + host.system()
            + ". From "
            + sources.stream()
                .map(p -> "`" + p.getFileName() + "`")
                .collect(Collectors.joining(", "))
            + (files.isEmpty() ? full ? ", full run" : ", quick run" : "")
            + ".\n\n"
            + tables.markdown();
    System.out.println(text);
    Files.writeString(directory.resolve("report-" + stamp + ".md"), text);
    writeSummary(directory.resolve("summary-" + stamp + ".json"), now, host, tables);
    writeChart(directory.resolve("chart-" + stamp + ".png"), tables);
    System.out.println("written to " + directory.toAbsolutePath());
  }

  /** Runs plan by plan, and saves after each, so that a failure loses only what comes after it. */
  private void measure(Path target) throws IOException, RunnerException {
    List<RunResult> results = new ArrayList<>();
    List<String> runtimes =
        jvms.isEmpty()
            ? List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString())
            : jvms;
    for (String jvm : runtimes) {
      for (Plan plan : Plan.all()) {
        if (only.isEmpty() || only.contains(plan.name())) {
          results.addAll(new Runner(options(plan, jvm).build()).run());
          try (PrintStream out = new PrintStream(target.toFile(), StandardCharsets.UTF_8)) {
            ResultFormatFactory.getInstance(ResultFormatType.JSON, out).writeOut(results);
          }
        }
      }
    }
  }

  private ChainedOptionsBuilder options(Plan plan, String jvm) {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include("\\." + plan.benchmark().getSimpleName() + "\\.")
            .jvm(jvm)
            // JVM flags of this process belong to the report, not to what it measures
            .jvmArgs(plan.flags().toArray(String[]::new))
            .shouldFailOnError(true);
    plan.parameters().forEach(options::param);
    if (full) {
      options.forks(2);
    } else if (plan.benchmark() == CompileBenchmark.class) {
      options.warmupIterations(5).measurementIterations(10);
    } else {
      options
          .warmupIterations(3)
          .warmupTime(QUICK_WARM_UP)
          .measurementIterations(3)
          .measurementTime(QUICK_TIME);
    }
    return options;
  }

  private static void writeSummary(Path target, LocalDateTime now, Host host, Tables tables)
      throws IOException {
    try (JsonGenerator json =
        new JsonFactory().createGenerator(target.toFile(), JsonEncoding.UTF8)) {
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      json.writeStringField("date", now.toString());
      json.writeStringField("processor", host.processor());
      json.writeNumberField("logicalProcessors", host.cores());
      json.writeStringField("system", host.system());
      json.writeArrayFieldStart("fits");
      for (Tables.Row row : tables.rows()) {
        json.writeStartObject();
        json.writeStringField("who", row.who());
        json.writeStringField("jdk", row.result().jdk());
        json.writeStringField("flags", row.flags());
        for (Map.Entry<String, String> parameter : row.result().parameters().entrySet()) {
          json.writeStringField(parameter.getKey(), parameter.getValue());
        }
        number(json, "fitsPerSecond", row.fitsPerSecond());
        number(json, "relativeError", row.result().spread());
        number(json, "evaluationsPerFit", row.evaluationsPerFit());
        number(json, "gigaflops", row.gigaflops());
        number(json, "shareOfPeak", row.share());
        number(json, "overHipparchus", row.overHipparchus());
        number(json, "overCommonsMath", row.overCommonsMath());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    }
  }

  private static void number(JsonGenerator json, String name, double value) throws IOException {
    if (Double.isFinite(value)) {
      json.writeNumberField(name, value);
    }
  }

  /** Fits per second of everybody on one core in double, each at its loosest tolerance. */
  private static void writeChart(Path target, Tables tables) throws IOException {
    Map<String, Map<String, Double>> series = new LinkedHashMap<>();
    Set<String> problems = new LinkedHashSet<>();
    for (Tables.Row row : tables.rows()) {
      JmhResult r = row.result();
      boolean comparable =
          row.flags().isEmpty()
              && !r.parameter("precision").equals("SINGLE")
              && !r.parameter("threads").equals("2")
              && !r.parameter("options").equals("DEFAULTS")
              && r.parameter("tolerance").equals("1.5e-8");
      if (comparable) {
        String name =
            (row.who() + " " + r.parameter("kernel").toLowerCase(Locale.ROOT)).strip()
                + ", JDK "
                + r.jdkMajor();
        problems.add(row.problem());
        series
            .computeIfAbsent(name, key -> new LinkedHashMap<>())
            .put(row.problem(), row.fitsPerSecond());
      }
    }
    if (series.isEmpty()) {
      return;
    }
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(1100)
            .height(600)
            .title("Fits per second, one core, double, tolerance 1.5e-8")
            .yAxisTitle("fits per second")
            .build();
    double least =
        series.values().stream()
            .flatMap(values -> values.values().stream())
            .mapToDouble(Double::doubleValue)
            .min()
            .orElseThrow();
    // bars have to end somewhere: at the power of ten below the shortest
    double floor = Math.pow(10, Math.floor(Math.log10(least)));
    chart.getStyler().setYAxisLogarithmic(true).setYAxisMin(floor);
    series.forEach(
        (name, values) ->
            chart.addSeries(
                name,
                List.copyOf(problems),
                problems.stream().map(problem -> values.getOrDefault(problem, floor)).toList()));
    ImageIO.write(BitmapEncoder.getBufferedImage(chart), "png", target.toFile());
  }
}
