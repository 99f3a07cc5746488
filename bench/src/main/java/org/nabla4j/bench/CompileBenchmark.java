package org.nabla4j.bench;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.nabla4j.CurveFit;
import org.nabla4j.result.FitResult;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * From the text of a formula that was never seen before (p = 5) to its first fitted result:
 * parsing, differentiation, code generation, and a fit whose code the JIT has not compiled yet.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 10)
@Measurement(iterations = 30)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xmx3g", "--add-modules=jdk.incubator.vector"})
public class CompileBenchmark {

  private static final double[] TRUTH = {2, 1, 0.5, 0.3, 1.2};
  private static final double TOLERANCE = 1e-6;

  private final AtomicInteger serial = new AtomicInteger();
  private double[] x;
  private double[] y;
  private double frequency;
  private FitResult last;

  /** Makes data without noise for a formula of its own. */
  @Setup(Level.Invocation)
  public void prepare() {
    frequency = 3 + 1e-3 * serial.incrementAndGet();
    x = new double[60];
    y = new double[x.length];
    for (int k = 0; k < x.length; k++) {
      x[k] = 0.1 * k;
      y[k] =
          TRUTH[0] * Math.exp(-TRUTH[1] * x[k])
              + TRUTH[2]
              + TRUTH[3] * Math.sin(frequency * x[k])
              + TRUTH[4] * x[k];
    }
  }

  /**
   * Fits with a new formula.
   *
   * @return the result
   */
  @Benchmark
  public FitResult newFormula() {
    last =
        CurveFit.of("y = a*exp(-b*x) + c + d*sin(" + frequency + "*x) + e*x")
            .start(1.8, 1.15, 0.6, 0.35, 1)
            .fit(x, y);
    return last;
  }

  /** Compares with the truth. */
  @TearDown(Level.Invocation)
  public void check() {
    double[] theta = last.parameters();
    for (int j = 0; j < TRUTH.length; j++) {
      if (!(Math.abs(theta[j] - TRUTH[j]) <= TOLERANCE)) {
        throw new IllegalStateException(
            "parameter " + j + " = " + theta[j] + ", expected " + TRUTH[j]);
      }
    }
  }
}
