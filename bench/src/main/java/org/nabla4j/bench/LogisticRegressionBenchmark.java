package org.nabla4j.bench;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.nabla4j.Regression;
import org.nabla4j.backend.Execution;
import org.nabla4j.backend.KernelPreference;
import org.nabla4j.data.Rows;
import org.nabla4j.regression.Family;
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
 * Logistic regression through the front door, from columns in memory to coefficients and standard
 * errors: all passes that it takes to converge, counted as one fit of the rows.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xmx4g", "--add-modules=jdk.incubator.vector"})
public class LogisticRegressionBenchmark {

  /** Columns of the table beside the response. */
  @Param({"5", "20"})
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
    data = RegressionData.of(RegressionData.Model.LOGISTIC, columns, numbers / (columns + 1));
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
    last =
        Regression.glm("y ~ .", Family.binomial()).backend("cpu").execution(execution).fit(table);
    errors = last.standardErrors();
    best = Math.min(best, System.nanoTime() - start);
    counters.add(data);
    return errors;
  }

  /** Checks the answers. */
  @TearDown
  public void check() {
    data.require(last.coefficients(), errors, "nabla4j, logistic, p = " + columns);
    double speed = 1e3 * data.rows() / best;
    System.out.printf(
        Locale.ROOT,
        "%n%d columns, %d rows, %d threads, kernel %s, %s: best %.2f M rows/s, %d iterations, %.2f M"
            + " rows/s of each%n",
        columns,
        data.rows(),
        threads,
        last.kernel(),
        last.method(),
        speed,
        last.iterations(),
        speed * last.iterations());
  }
}
