package org.nabla4j.bench;

import java.util.concurrent.TimeUnit;
import org.nabla4j.CurveFit;
import org.nabla4j.backend.Execution;
import org.nabla4j.backend.KernelPreference;
import org.nabla4j.objective.Precision;
import org.nabla4j.result.BatchFit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The library fitting a whole batch, from data to results, through its front door. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xmx3g", "--add-modules=jdk.incubator.vector"})
public class BatchFitBenchmark {

  private static final int SAMPLE = 2_000;
  private static final double WRONG_SHARE = 0.001;

  /** Which data. */
  @Param({"DECAY", "GAUSSIAN_1D", "GAUSSIAN_2D"})
  public Problems.Kind problem;

  /** Element type of data and kernel. */
  @Param("DOUBLE")
  public Precision precision;

  /** Flavour of the kernel. */
  @Param("VECTOR")
  public KernelPreference kernel;

  /** Threads, the caller among them. */
  @Param("1")
  public int threads;

  /** Cost and parameter tolerance. */
  @Param({"1.5e-8", "1e-12"})
  public double tolerance;

  /** How much is asked for. */
  @Param("BARE")
  public Options options;

  /** Fits in a batch; 0 for the problem's own number. */
  @Param("0")
  public int fits;

  private BenchProblem data;
  private CurveFit fit;
  private Work work;
  private BatchFit last;
  private long runs;
  private long nanos;

  /** Makes the data. */
  @Setup
  public void prepare() {
    data = Problems.easy(problem, fits > 0 ? fits : problem.fits());
    work = Work.of(data, precision);
    fit =
        data.curveFit(precision)
            .method(options.method(tolerance))
            .backend("cpu")
            .execution(Execution.defaults().withKernel(kernel).withParallelism(threads));
  }

  /** Forgets what was counted while the JVM warmed up. */
  @Setup(Level.Iteration)
  public void reset() {
    runs = 0;
    nanos = 0;
  }

  /**
   * Fits the batch.
   *
   * @param counters what is counted
   * @return the results
   */
  @Benchmark
  public BatchFit fit(FitCounters counters) {
    long start = System.nanoTime();
    last = fit.fitBatch();
    nanos += System.nanoTime() - start;
    runs++;
    long evaluations = last.totalEvaluations();
    counters.fits += last.problems();
    counters.evaluations += evaluations;
    counters.flops += work.flops(evaluations, data.points());
    return last;
  }

  /** Checks the answers, then prints the share of the peak that this very JVM reaches. */
  @TearDown
  public void check() {
    double flops = work.flops(last.totalEvaluations(), data.points()) * (double) runs / nanos;
    double peak = Ceilings.gigaflops(precision) * threads;
    System.out.printf(
        "%n%s, %s, kernel %s: %.0f fits/s, %.2f evaluations per fit, %.1f of %.1f GFLOP/s ="
            + " %.1f %% of the peak of %d core(s); prepared in %.1f ms%n",
        data.name(),
        precision,
        last.kernel(),
        last.problems() * (double) runs / nanos * 1e9,
        (double) last.totalEvaluations() / last.problems(),
        flops,
        peak,
        100 * flops / peak,
        threads,
        1e3 * last.prepareSeconds());
    if (options != Options.GPUFIT && last.convergedCount() < last.problems()) {
      System.out.println("statuses: " + last.statusCounts());
    }
    Answers.require(
        new Answers(data, SAMPLE).judge(last.parameters(), excess()),
        data.name(),
        options == Options.GPUFIT ? 0.01 : WRONG_SHARE);
  }

  /**
   * Largest excess of χ² that is right: some hundred times the cost tolerance, no less than what
   * rounding leaves.
   */
  private double excess() {
    double rounding = precision == Precision.SINGLE ? 1e-4 : 1e-9;
    double asked = options == Options.DEFAULTS ? 1.5e-8 : tolerance;
    return Math.max(rounding, 100 * asked);
  }
}
