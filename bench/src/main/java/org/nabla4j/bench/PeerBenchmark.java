package org.nabla4j.bench;

import java.util.concurrent.TimeUnit;
import org.nabla4j.objective.Precision;
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

/** Peers fitting the same data with the same tolerances, one problem after the other. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "-Xmx3g")
public class PeerBenchmark {

  private static final int FITS = 8_192;
  private static final int SAMPLE = 1_000;
  private static final int CHUNK = 32;
  private static final double WRONG_SHARE = 0.001;

  /** Whose code. */
  @Param({"HIPPARCHUS", "COMMONS_MATH"})
  public Peer peer;

  /** Which data. */
  @Param({"DECAY", "GAUSSIAN_1D", "GAUSSIAN_2D"})
  public Problems.Kind problem;

  /** Cost and parameter tolerance. */
  @Param({"1.5e-8", "1e-12"})
  public double tolerance;

  private BenchProblem data;
  private Work work;
  private Peer.PeerFit fit;
  private double[] theta;
  private int next;

  /** Makes the data. */
  @Setup
  public void prepare() {
    data = Problems.easy(problem, Math.min(FITS, problem.fits()));
    work = Work.of(data, Precision.DOUBLE);
    fit = peer.open(data, tolerance);
    theta = new double[data.parameters()];
  }

  /**
   * Fits a few problems.
   *
   * @param counters what is counted
   * @param blackhole takes the results
   */
  @Benchmark
  public void fit(FitCounters counters, Blackhole blackhole) {
    long evaluations = 0;
    for (int i = 0; i < CHUNK; i++) {
      evaluations += fit.solve(next, theta);
      blackhole.consume(theta);
      next = next + 1 < data.fits() ? next + 1 : 0;
    }
    counters.fits += CHUNK;
    counters.evaluations += evaluations;
    counters.flops += work.flops(evaluations, data.points());
  }

  /** Checks the answers. */
  @TearDown
  public void check() {
    Answers answers = new Answers(data, SAMPLE);
    double[] all = peer.solveAll(data, tolerance, answers.size());
    Answers.require(
        answers.judge(all, Math.max(1e-9, 100 * tolerance)),
        peer.title() + " on " + data.name(),
        WRONG_SHARE);
  }
}
