package org.nabla4j.bench;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
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
import org.openjdk.jmh.infra.Blackhole;

/** Peers minimising from the same starts, one after the other. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "-Xmx3g")
public class MinimizePeerBenchmark {

  private static final int STARTS = 8_192;
  private static final int SAMPLE = 500;
  private static final int CHUNK = 16;

  /** Conjugate gradients end by changes of f, at gradients that are often but nearly as small. */
  private static final double TOLERANCE = 1e-3;

  private static final double WRONG_SHARE = 0.1;

  /** Whose code. */
  @Param({"NEWTON_LOOP", "COMMONS_MATH", "HIPPARCHUS"})
  public MinimizePeer peer;

  /** Which function. */
  @Param({"ROSENBROCK_2", "ROSENBROCK_8"})
  public Valley problem;

  private double[][] starts;
  private double[] x;
  private int next;

  /** Makes the starts. */
  @Setup
  public void prepare() {
    starts = problem.starts(STARTS);
    x = new double[problem.parameters()];
  }

  /**
   * Minimises from a few starts.
   *
   * @param counters what is counted
   * @param blackhole takes the results
   */
  @Benchmark
  public void minimize(FitCounters counters, Blackhole blackhole) {
    long evaluations = 0;
    for (int i = 0; i < CHUNK; i++) {
      System.arraycopy(starts[next], 0, x, 0, x.length);
      evaluations += peer.minimize(problem, x);
      blackhole.consume(x);
      next = next + 1 < STARTS ? next + 1 : 0;
    }
    counters.fits += CHUNK;
    counters.evaluations += evaluations;
    counters.flops += (long) (evaluations * problem.flops());
  }

  /** Checks the answers. */
  @TearDown
  public void check() {
    double[][] answers = Arrays.copyOf(starts, SAMPLE);
    for (int i = 0; i < SAMPLE; i++) {
      answers[i] = starts[i].clone();
      peer.minimize(problem, answers[i]);
    }
    ValleyAnswers.require(problem, answers, TOLERANCE, peer.title(), WRONG_SHARE);
  }
}
