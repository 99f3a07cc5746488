package org.nabla4j.bench;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.nabla4j.Regression;
import org.nabla4j.backend.Execution;
import org.nabla4j.backend.KernelPreference;
import org.nabla4j.data.Rows;
import org.nabla4j.objective.Precision;
import org.nabla4j.regression.RegressionFit;
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
 * Linear regression through the front door, from columns in memory to coefficients and standard
 * errors: the text of the formula, the levels, the pass over the rows, the solution and its
 * inference.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xmx4g", "--add-modules=jdk.incubator.vector"})
public class RegressionBenchmark {

  /** Columns of the table beside the response. */
  @Param({"5", "20", "100"})
  public int columns;

  /** Numbers in the table: more than caches hold. */
  @Param("10000000")
  public int numbers;

  /** Flavour of the kernels. */
  @Param("VECTOR")
  public KernelPreference kernel;

  /** Threads, the caller among them. */
  @Param("1")
  public int threads;

  private RegressionData data;
  private Rows table;
  private Execution execution;
  private RegressionFit last;
  private double[] errors;
  private long best = Long.MAX_VALUE;

  /** Makes the data. */
  @Setup
  public void prepare() {
    data = RegressionData.of(RegressionData.Model.LINEAR, columns, numbers / (columns + 1));
    table = data.table();
    execution = Execution.defaults().withKernel(kernel).withParallelism(threads);
  }

  /**
   * Fits the rows.
   *
   * @param counters what is counted
   * @return the standard errors
   */
  @Benchmark
  public double[] fit(RowCounters counters) {
    long start = System.nanoTime();
    last = Regression.ols("y ~ .").backend("cpu").execution(execution).fit(table);
    errors = last.standardErrors();
    best = Math.min(best, System.nanoTime() - start);
    counters.add(data);
    return errors;
  }

  /** Checks the answers, and compares with what memory and multiply-adds give. */
  @TearDown
  public void check() {
    data.require(last.coefficients(), errors, "nabla4j, p = " + columns);
    double read = Ceilings.readGigabytes();
    double peak = Ceilings.gigaflops(Precision.DOUBLE);
    double limit = Math.min(read / data.bytesPerRow(), peak / data.flopsPerRow());
    double speed = (double) data.rows() / best;
    System.out.printf(
        Locale.ROOT,
        "%n%d columns, %d rows, %d threads, kernel %s, %s: best %.2f M rows/s, %.1f %% of one"
            + " core's limit of %.2f M rows/s (reading %.1f GB/s, multiply-adds %.1f GFLOP/s)%n",
        columns,
        data.rows(),
        threads,
        last.kernel(),
        last.method(),
        1e3 * speed,
        100 * speed / limit,
        1e3 * limit,
        read,
        peak);
  }
}
