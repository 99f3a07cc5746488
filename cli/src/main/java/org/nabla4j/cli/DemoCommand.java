package org.nabla4j.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.nabla4j.CurveFit;
import org.nabla4j.backend.Execution;
import org.nabla4j.cpu.MachinePeak;
import org.nabla4j.data.Tables;
import org.nabla4j.method.Covariance;
import org.nabla4j.method.LevenbergMarquardt;
import org.nabla4j.objective.SigmaKind;
import org.nabla4j.result.BatchFit;
import org.nabla4j.result.FitResult;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code nabla4j demo}: a fit of measured data with its plot, then a batch of many.
 *
 * <p>The measured data are Thurber's electron mobilities from the Statistical Reference Datasets of
 * NIST, with the first of its two certified starts; see {@code thurber.txt} beside the data.
 */
@Command(
    name = "demo",
    sortOptions = false,
    description = {
      "Fits a measured data set (NIST's Thurber: 37 points, 7 parameters), prints the report and"
          + " draws it, then fits a million synthetic decays in one batch and says how fast and how"
          + " well.",
      ""
    },
    footer = {"", "Example:", "  nabla4j demo --fits 100000 --threads 1"})
final class DemoCommand implements Callable<Integer> {

  private static final String THURBER =
      "y = (b1 + b2*x + b3*x^2 + b4*x^3) / (1 + b5*x + b6*x^2 + b7*x^3)";

  /** NIST's first start, in the order in which the parameters appear. */
  private static final double[] THURBER_START = {1000, 1000, 400, 40, 0.7, 0.3, 0.03};

  /** Fits before the clock starts, again and again until the kernel is compiled. */
  private static final int WARM_FITS = 200_000;

  private static final double WARM_SECONDS = 2;

  private final Console console;

  @Option(
      names = "--fits",
      paramLabel = "N",
      description = "Synthetic decays to fit; default 1000000.")
  private int fits = 1_000_000;

  @Option(
      names = "--plot",
      paramLabel = "FILE",
      description =
          "Where to draw the measured data: FILE.png, .jpg, .svg or .pdf; default thurber.png.")
  private Path plot = Path.of("thurber.png");

  @Option(names = "--json", description = "Write one JSON object instead of text.")
  private boolean json;

  @Mixin private RunOptions runOptions;

  DemoCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    if (fits <= 0 || fits > SyntheticDecays.most()) {
      throw new InputException("--fits " + fits + ", expected 1 to " + SyntheticDecays.most());
    }
    PlotFormat.of(plot, "--plot");
    OutputFile.check(plot, "--plot");
    Execution execution = runOptions.execution();

    FitResult measured = fitMeasured(execution);
    if (!json) {
      console.out().println("NIST Thurber: electron mobility over the logarithm of density\n");
      console.out().println(measured);
      console.out().flush();
    }
    boolean drawn = FitPlot.write(plot, measured);
    if (drawn && !json) {
      console.out().println("plot " + plot + "\n");
    }
    Batch batch = fitDecays(execution);
    console.out().print(json ? json(measured, drawn, batch, execution) : text(batch, execution));
    return measured.converged() && batch.converged() == fits ? Main.SUCCESS : Main.NOT_CONVERGED;
  }

  private FitResult fitMeasured(Execution execution) throws IOException {
    try (InputStream stream = DemoCommand.class.getResourceAsStream("thurber.csv");
        ProgressBar bar = runOptions.bar(console, "reading")) {
      CsvTable csv = new CsvTable(Tables.csv(stream, "thurber.csv"), bar);
      CsvTable.Field x = new CsvTable.Field(csv.indexOf("x"), CsvTable.Constraint.NONE);
      CsvTable.Field y = new CsvTable.Field(csv.indexOf("y"), CsvTable.Constraint.NONE);
      Table table = csv.read(List.of(x, y), -1, false);
      return onBackend(CurveFit.of(THURBER).start(THURBER_START).execution(execution))
          .fit(table.columns()[0], table.columns()[1]);
    }
  }

  private CurveFit onBackend(CurveFit fit) {
    return runOptions.backend() == null ? fit : fit.backend(runOptions.backend());
  }

  /**
   * What became of the decays.
   *
   * @param converged how many fits converged
   * @param seconds from data to results, compilation apart
   * @param evaluations evaluations of the model in all
   * @param operations floating-point operations a second, as the backend counts them
   * @param peak operations a second that the threads' cores could do
   * @param calibration errors against the truth
   * @param backend what ran
   * @param kernel which kernels
   */
  private record Batch(
      long converged,
      double seconds,
      long evaluations,
      double operations,
      double peak,
      SyntheticDecays.Calibration calibration,
      String backend,
      String kernel) {}

  private Batch fitDecays(Execution execution) {
    SyntheticDecays decays = SyntheticDecays.make(fits, execution);
    double[] sigma = new double[SyntheticDecays.POINTS];
    Arrays.fill(sigma, SyntheticDecays.SIGMA);
    CurveFit fit =
        onBackend(
            CurveFit.of(SyntheticDecays.FORMULA)
                .start(1, 1, 0.2)
                .sigma(sigma, SigmaKind.ABSOLUTE)
                .method(LevenbergMarquardt.defaults().withCovariance(Covariance.STANDARD_ERRORS))
                .execution(execution));
    int warm = Math.min(fits, WARM_FITS);
    long begin = System.nanoTime();
    do {
      fit.fitBatch(decays.places(), decays.values(warm));
    } while (warm < fits && (System.nanoTime() - begin) * 1e-9 < WARM_SECONDS);
    try (ProgressBar bar = runOptions.bar(console, "fitting")) {
      CurveFit watched = fit.execution(execution.withListener(bar));
      long start = System.nanoTime();
      BatchFit result = watched.fitBatch(decays.places(), decays.values(fits));
      double seconds = (System.nanoTime() - start) * 1e-9;
      return new Batch(
          result.convergedCount(),
          seconds,
          result.totalEvaluations(),
          result.operations() / seconds,
          MachinePeak.measure(false) * execution.parallelism(),
          decays.compare(result),
          result.backend(),
          result.kernel());
    }
  }

  private String text(Batch batch, Execution execution) {
    return String.format(
        Locale.ROOT,
        "%s decays %s, %d points each, in one batch%n"
            + "%s converged in %.3g s: %.4g million fits per second on %d threads%n"
            + "%.3g evaluations per fit; %.1f GFLOP/s counted, %.0f %% of the %.0f GFLOP/s that these"
            + " cores reach in registers%n"
            + "error against the truth in standard errors: mean %.4f, root mean square %.4f"
            + " (0 and 1 are right)%n"
            + "backend %s (%s)%n",
        Numbers.count(fits),
        SyntheticDecays.FORMULA,
        SyntheticDecays.POINTS,
        Numbers.count(batch.converged()),
        batch.seconds(),
        fits / batch.seconds() * 1e-6,
        execution.parallelism(),
        (double) batch.evaluations() / fits,
        batch.operations() * 1e-9,
        100 * batch.operations() / batch.peak(),
        batch.peak() * 1e-9,
        batch.calibration().mean(),
        batch.calibration().rms(),
        batch.backend(),
        batch.kernel());
  }

  private String json(FitResult measured, boolean drawn, Batch batch, Execution execution) {
    return Json.object(
        writer -> {
          writer.writeObjectFieldStart("fit");
          writer.writeStringField("formula", THURBER);
          writer.writeStringField("data", "NIST StRD Thurber");
          Json.fit(writer, measured);
          if (drawn) {
            writer.writeStringField("plot", plot.toString());
          }
          writer.writeEndObject();
          writer.writeObjectFieldStart("batch");
          writer.writeStringField("formula", SyntheticDecays.FORMULA);
          writer.writeNumberField("fits", fits);
          writer.writeNumberField("points", SyntheticDecays.POINTS);
          writer.writeNumberField("convergedCount", batch.converged());
          Json.seconds(writer, batch.seconds());
          Json.number(writer, "fitsPerSecond", fits / batch.seconds());
          writer.writeNumberField("threads", execution.parallelism());
          writer.writeNumberField("evaluations", batch.evaluations());
          Json.number(writer, "operationsPerSecond", batch.operations());
          Json.number(writer, "peakOperationsPerSecond", batch.peak());
          Json.number(writer, "meanErrorInStandardErrors", batch.calibration().mean());
          Json.number(writer, "rmsErrorInStandardErrors", batch.calibration().rms());
          writer.writeStringField("backend", batch.backend());
          writer.writeStringField("kernel", batch.kernel());
          writer.writeEndObject();
        });
  }
}
