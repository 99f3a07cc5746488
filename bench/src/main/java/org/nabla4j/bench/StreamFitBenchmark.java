package org.nabla4j.bench;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.nabla4j.CurveFit;
import org.nabla4j.backend.Execution;
import org.nabla4j.backend.KernelPreference;
import org.nabla4j.objective.Precision;
import org.nabla4j.result.FitResult;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One fit of ten million points: rows per second, and bytes per second beside what memory gives.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xmx3g", "--add-modules=jdk.incubator.vector"})
public class StreamFitBenchmark {

  private static final double NOISE = 0.02;

  /** Largest distance from the truth that is right, in standard errors. */
  private static final double SIGMAS = 6;

  /** What JMH reports per second. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Counters {
    /** Data points visited, once for each evaluation. */
    public long rows;

    /** Bytes of data in those rows. */
    public long bytes;

    /** Operations as {@link Work} counts them. */
    public long flops;

    /** Evaluations of model and Jacobian on all points. */
    public long evaluations;
  }

  /** Which model: p = 3, 4 or 5. */
  @Param({"DECAY", "GAUSSIAN_1D", "GAUSSIAN_2D"})
  public Problems.Kind problem;

  /** Element type of data and kernel. */
  @Param({"DOUBLE", "SINGLE"})
  public Precision precision;

  /** Flavour of the kernel. */
  @Param("VECTOR")
  public KernelPreference kernel;

  /** Threads, the caller among them. */
  @Param("1")
  public int threads;

  /** Data points n. */
  @Param("10000000")
  public int points;

  private BenchProblem data;
  private CurveFit fit;
  private Work work;
  private FitResult last;
  private long nanos;
  private int bytesPerRow;

  /** Makes one data set, its points spread at random over the range of the small problem's. */
  @Setup
  public void prepare() {
    BenchProblem small = Problems.easy(problem, 1);
    int columns = small.x().length;
    SplittableRandom random = new SplittableRandom(7);
    double[][] x = new double[columns][points];
    for (int c = 0; c < columns; c++) {
      double[] grid = small.x()[c];
      double first = grid[0];
      double last = grid[grid.length - 1];
      for (int k = 0; k < points; k++) {
        x[c][k] = first + (last - first) * random.nextDouble();
      }
    }
    double[] y = new double[points];
    small.model().evaluate(small.truth(0), x, y, null);
    for (int k = 0; k < points; k++) {
      // uniform noise of the same variance: only its moments matter for so many points
      y[k] += NOISE * Math.sqrt(12) * (random.nextDouble() - 0.5);
    }
    data =
        new BenchProblem(
            small.name(),
            small.formula(),
            small.columns(),
            problem == Problems.Kind.GAUSSIAN_2D ? "z" : "y",
            small.model(),
            x,
            y,
            small.truth(0),
            small.start(0));
    work = Work.of(data, precision);
    bytesPerRow = (columns + 1) * (precision == Precision.DOUBLE ? Double.BYTES : Float.BYTES);
    fit =
        data.curveFit(precision)
            .method(Options.BARE.method(1.5e-8))
            .backend("cpu")
            .execution(Execution.defaults().withKernel(kernel).withParallelism(threads));
  }

  /**
   * Fits the data set.
   *
   * @param counters what is counted
   * @return the result
   */
  @Benchmark
  public FitResult fit(Counters counters) {
    long start = System.nanoTime();
    last = fit.fitBatch().get(0);
    nanos = System.nanoTime() - start;
    int evaluations = last.evaluations();
    counters.rows += (long) evaluations * points;
    counters.bytes += (long) evaluations * points * bytesPerRow;
    counters.flops += work.flops(evaluations, points);
    counters.evaluations += evaluations;
    return last;
  }

  /** Compares with the truth in units of the standard error, and with what memory gives. */
  @TearDown
  public void check() {
    FitResult full = fit.method(Options.DEFAULTS.method(0)).fitBatch().get(0);
    double[] theta = last.parameters();
    double[] errors = full.standardErrors();
    double[] truth = data.truth(0);
    for (int j = 0; j < theta.length; j++) {
      double off = Math.abs(theta[j] - truth[j]) / errors[j];
      if (!(off <= SIGMAS)) {
        throw new IllegalStateException(
            data.name()
                + ": parameter "
                + j
                + " = "
                + theta[j]
                + " is "
                + off
                + " standard errors from the truth, expected at most "
                + SIGMAS);
      }
    }
    double rows = (double) last.evaluations() * points / nanos;
    double read = Ceilings.readGigabytes();
    System.out.printf(
        "%n%s, %s, kernel %s: %.0f M rows/s, %.1f GB/s = %.1f %% of the read bandwidth of %.1f"
            + " GB/s, %.1f %% of the peak; %d evaluations, %.3f s%n",
        data.name(),
        precision,
        last.kernel(),
        1e3 * rows,
        rows * bytesPerRow,
        100 * rows * bytesPerRow / read,
        read,
        100 * rows * work.flopsPerPoint() / (Ceilings.gigaflops(precision) * threads),
        last.evaluations(),
        1e-9 * nanos);
  }
}
