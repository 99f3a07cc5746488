package org.nabla4j.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.nabla4j.backend.Backend;
import org.nabla4j.backend.Backends;
import org.nabla4j.backend.Execution;
import org.nabla4j.backend.KernelPreference;
import org.nabla4j.expression.Expression;
import org.nabla4j.regression.Design;
import org.nabla4j.regression.DesignColumn;
import org.nabla4j.regression.RowPass;
import org.nabla4j.regression.RowPass.Precision;
import org.nabla4j.regression.RowPasses;
import org.nabla4j.regression.RowSums;
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
 * One pass over the rows of a regression: rows per second beside what memory and matrix products
 * give.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xmx4g", "--add-modules=jdk.incubator.vector"})
public class RowSumsBenchmark {

  /** Numbers in memory: more than any cache holds. */
  private static final int NUMBERS = 100_000_000;

  private static final int MOST_ROWS = 8_000_000;

  /** What JMH reports per second. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Counters {
    /** Rows summed up. */
    public long rows;

    /** Bytes of data in those rows. */
    public long bytes;

    /** Operations of Σ x xᵀ and Σ x y alone, a multiply-add counting two. */
    public long flops;
  }

  /** What is summed up. */
  public enum Sums {
    /** XᵀX, Xᵀy and yᵀy. */
    OLS,
    /** The same in double-double. */
    OLS_EXACT,
    /** A Newton iteration of logistic regression: curvature, score and deviance. */
    LOGISTIC
  }

  /** Columns of X, all of them columns of the table. */
  @Param({"5", "20", "100", "500"})
  public int columns;

  /** Which pass. */
  @Param({"OLS", "OLS_EXACT", "LOGISTIC"})
  public Sums sums;

  /** Flavour of the kernels. */
  @Param("VECTOR")
  public KernelPreference kernel;

  /** Threads, the caller among them. */
  @Param("1")
  public int threads;

  private int rows;
  private ColumnRows table;
  private Backend backend;
  private RowPasses passes;
  private RowPass pass;
  private RowSums last;
  private long best = Long.MAX_VALUE;

  /** Makes the table and compiles the design. */
  @Setup
  public void prepare() {
    rows = Math.min(MOST_ROWS, NUMBERS / (columns + 1));
    SplittableRandom random = new SplittableRandom(11);
    List<String> names = new ArrayList<>();
    List<DesignColumn> design = new ArrayList<>();
    double[][] data = new double[columns + 1][rows];
    for (int j = 0; j <= columns; j++) {
      boolean response = j == columns;
      names.add(response ? "y" : "x" + j);
      for (int i = 0; i < rows; i++) {
        data[j][i] = response ? random.nextInt(2) : random.nextDouble() - 0.5;
      }
      if (!response) {
        design.add(new DesignColumn(names.get(j), Expression.symbol(names.get(j)), List.of()));
      }
    }
    table = new ColumnRows(names, data);
    backend = Backends.open("cpu");
    passes =
        backend.passes(
            new Design(
                names,
                List.of(),
                List.of(),
                design,
                List.of(Expression.symbol("y")),
                null,
                null,
                -1,
                true),
            table,
            Execution.defaults().withKernel(kernel).withParallelism(threads));
    pass = pass();
  }

  private RowPass pass() {
    // a shift as a pilot pass finds it, so that nothing is exact by chance
    double[] shift = new double[columns + 1];
    Arrays.fill(shift, 0.01);
    RowPass least = RowPass.counting().withGram(RowPass.WEIGHT).withResponses().withShift(shift);
    if (sums == Sums.OLS) {
      return least;
    }
    if (sums == Sums.OLS_EXACT) {
      return least.withPrecision(Precision.DOUBLE_DOUBLE);
    }
    double[] beta = new double[columns];
    Arrays.fill(beta, 0.1);
    Expression mu = RowPass.ETA.logistic();
    Expression y = RowPass.RESPONSE;
    return RowPass.counting()
        .withShift(shift)
        .withCoefficients(beta)
        .withGram(mu.times(Expression.constant(1).minus(mu)))
        .withScores(List.of(y.minus(mu)))
        .withTotals(List.of(RowPass.ETA.softplus().minus(y.times(RowPass.ETA))));
  }

  /**
   * Makes the pass.
   *
   * @param counters what is counted
   * @return the sums
   */
  @Benchmark
  public RowSums sum(Counters counters) {
    long start = System.nanoTime();
    last = passes.sum(pass);
    best = Math.min(best, System.nanoTime() - start);
    counters.rows += rows;
    counters.bytes += bytesPerRow() * rows;
    counters.flops += flopsPerRow() * rows;
    return last;
  }

  private long bytesPerRow() {
    return 8L * (columns + 1);
  }

  private long flopsPerRow() {
    return (long) columns * (columns + 1) + 2L * columns;
  }

  /** Compares a sum with a plain loop, and the speed with what memory and matrix products give. */
  @TearDown
  public void check() {
    int middle = columns / 2;
    double expected = 0;
    double size = 0;
    for (int i = 0; i < rows; i++) {
      double term = (table.columns()[middle][i] - 0.01) * (table.columns()[0][i] - 0.01);
      if (sums == Sums.LOGISTIC) {
        double eta = 0;
        for (int j = 0; j < columns; j++) {
          eta += 0.1 * table.columns()[j][i];
        }
        double mu = 1 / (1 + Math.exp(-eta));
        term *= mu * (1 - mu);
      }
      expected += term;
      size += Math.abs(term);
    }
    double sum = last.high()[last.gram(middle, 0)];
    if (!(Math.abs(sum - expected) <= 1e-9 * size)) {
      throw new IllegalStateException("the sum is " + sum + ", expected " + expected);
    }
    double read = Ceilings.readGigabytes();
    double gemm = Ceilings.matrixProductGigaflops();
    double limit = 1e3 * Math.min(read / bytesPerRow(), gemm / flopsPerRow());
    double speed = 1e3 * rows / best;
    System.out.printf(
        Locale.ROOT,
        "%n%d columns, %s, %d threads, kernel %s: %.2f M rows/s, %.1f GB/s, %.1f %% of one core's"
            + " limit of %.2f M rows/s (reading %.1f GB/s, matrix products %.1f GFLOP/s)%n",
        columns,
        sums,
        threads,
        passes.kernel(),
        speed,
        1e-3 * speed * bytesPerRow(),
        100 * speed / limit,
        limit,
        read,
        gemm);
    passes.close();
    backend.close();
  }
}
