package org.nabla4j.bench;

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

/** Peers fitting the rows of {@link RegressionBenchmark}, coefficients and standard errors. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "-Xmx4g")
public class RegressionPeerBenchmark {

  /** Whose code. */
  @Param({"HIPPARCHUS", "COMMONS_MATH", "EJML", "OJALGO"})
  public RegressionPeer peer;

  /** Columns of the table beside the response. */
  @Param({"5", "20", "100"})
  public int columns;

  /** Numbers in the table: more than caches hold. */
  @Param("10000000")
  public int numbers;

  private RegressionData data;
  private RegressionPeer.PeerRegression regression;
  private double[] coefficients;
  private double[] errors;

  /** Makes the data. */
  @Setup
  public void prepare() {
    data = RegressionData.of(RegressionData.Model.LINEAR, columns, numbers / (columns + 1));
    regression = peer.open(data);
    coefficients = new double[columns + 1];
    errors = new double[columns + 1];
  }

  /**
   * Fits the rows.
   *
   * @param counters what is counted
   * @return the standard errors
   */
  @Benchmark
  public double[] fit(RowCounters counters) {
    regression.fit(coefficients, errors);
    counters.add(data);
    return errors;
  }

  /** Checks the answers. */
  @TearDown
  public void check() {
    data.require(coefficients, errors, peer.title() + ", p = " + columns);
  }
}
