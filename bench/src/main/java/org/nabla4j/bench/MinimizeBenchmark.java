package org.nabla4j.bench;

import java.util.concurrent.TimeUnit;
import org.nabla4j.Minimize;
import org.nabla4j.backend.Execution;
import org.nabla4j.backend.KernelPreference;
import org.nabla4j.method.NewtonRaphson;
import org.nabla4j.objective.Precision;
import org.nabla4j.result.BatchMinima;
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

/** The library minimising from a million starts by Newton-Raphson, through its front door. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xmx3g", "--add-modules=jdk.incubator.vector"})
public class MinimizeBenchmark {

  private static final int SAMPLE = 20_000;

  /** Which function. */
  @Param({"ROSENBROCK_2", "ROSENBROCK_8"})
  public Valley problem;

  /** Flavour of the kernel. */
  @Param({"VECTOR", "SCALAR"})
  public KernelPreference kernel;

  /** Threads, the caller among them. */
  @Param("1")
  public int threads;

  /** Starts in a batch. */
  @Param("1000000")
  public int starts;

  private Minimize minimize;
  private BatchMinima last;
  private long runs;
  private long nanos;

  /** Makes the starts. */
  @Setup
  public void prepare() {
    minimize =
        Minimize.of(problem.formula())
            .starts(problem.starts(starts))
            .method(NewtonRaphson.defaults())
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
   * Minimises from all starts.
   *
   * @param counters what is counted
   * @return the results
   */
  @Benchmark
  public BatchMinima minimize(FitCounters counters) {
    long start = System.nanoTime();
    last = minimize.runBatch();
    nanos += System.nanoTime() - start;
    runs++;
    long evaluations = last.totalEvaluations();
    counters.fits += last.problems();
    counters.evaluations += evaluations;
    counters.flops += (long) (evaluations * problem.flops());
    return last;
  }

  /** Checks the answers, then prints the share of the peak that this very JVM reaches. */
  @TearDown
  public void check() {
    double flops = last.totalEvaluations() * problem.flops() * runs / nanos;
    double peak = Ceilings.gigaflops(Precision.DOUBLE) * threads;
    System.out.printf(
        "%n%s, kernel %s: %.0f minima/s, %.2f evaluations each, %.2f of %.1f GFLOP/s = %.1f %% of"
            + " the peak of %d core(s)%n",
        problem.title(),
        last.kernel(),
        last.problems() * (double) runs / nanos * 1e9,
        (double) last.totalEvaluations() / last.problems(),
        flops,
        peak,
        100 * flops / peak,
        threads);
    double[][] answers = new double[Math.min(SAMPLE, starts)][];
    for (int i = 0; i < answers.length; i++) {
      answers[i] = last.get(i).parameters();
    }
    // the library's own tolerance and the rounding of other code
    ValleyAnswers.require(problem, answers, 1.001 * MinimizePeer.TOLERANCE, "nabla4j", 0);
  }
}
