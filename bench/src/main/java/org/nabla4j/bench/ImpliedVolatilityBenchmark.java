package org.nabla4j.bench;

import java.util.concurrent.TimeUnit;
import org.nabla4j.Solve;
import org.nabla4j.backend.Execution;
import org.nabla4j.backend.KernelPreference;
import org.nabla4j.result.BatchRoots;
import org.nabla4j.result.Status;
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

/** Implied volatilities of a whole batch of quotes through the front door, per second. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xmx3g", "--add-modules=jdk.incubator.vector"})
public class ImpliedVolatilityBenchmark {

  /** Quotes in the batch. */
  @Param("10000000")
  public int quotes;

  /** Flavour of the kernel. */
  @Param("VECTOR")
  public KernelPreference kernel;

  /** Threads, the caller among them. */
  @Param("1")
  public int threads;

  private Quotes data;
  private Solve solve;
  private BatchRoots last;

  /** Makes the quotes. */
  @Setup
  public void prepare() {
    data = new Quotes(quotes);
    solve =
        Solve.of(Quotes.EQUATION)
            .constant("S", data.spot)
            .constant("K", data.strike)
            .constant("T", data.years)
            .constant("r", data.rate)
            .constant("price", data.price)
            .start("v", Quotes.START)
            .bracket("v", Quotes.LOWEST, Quotes.HIGHEST)
            .backend("cpu")
            .execution(Execution.defaults().withKernel(kernel).withParallelism(threads));
  }

  /**
   * Solves the batch.
   *
   * @return the roots
   */
  @Benchmark
  public BatchRoots solve() {
    last = null; // its memory is needed
    last = solve.runBatch();
    return last;
  }

  /** Checks every answer. */
  @TearDown
  public void check() {
    System.out.printf("%n%s%n", last);
    long wrong = 0;
    for (int i = 0; i < data.count(); i++) {
      Status status = last.status(i);
      boolean claimed = status.converged();
      boolean right = claimed ? data.isRight(i, last.value(i)) : status == Status.SINGULAR;
      wrong += right ? 0 : 1;
    }
    System.out.printf(
        "%.1f ns per quote on %d thread(s); %d wrong or without a reason%n",
        last.solveSeconds() * 1e9 / data.count(), threads, wrong);
    if (wrong > 0) {
      throw new IllegalStateException(wrong + " volatilities are wrong");
    }
  }
}
