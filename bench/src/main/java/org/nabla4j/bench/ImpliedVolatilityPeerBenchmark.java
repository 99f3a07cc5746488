package org.nabla4j.bench;

import java.util.concurrent.TimeUnit;
import org.apache.commons.math3.analysis.UnivariateFunction;
import org.apache.commons.math3.analysis.solvers.BrentSolver;
import org.apache.commons.math3.special.Erf;
import org.apache.commons.numbers.gamma.Erfc;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Implied volatilities by a loop over the Brent solver of Apache Commons Math, one at a time. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "-Xmx1g")
public class ImpliedVolatilityPeerBenchmark {

  private static final int QUOTES = 20_000;
  private static final int CHUNK = 100;
  private static final int LIMIT = 200;
  private static final double RELATIVE = 1e-13;
  private static final double ABSOLUTE = 1e-300;

  /** Whose error function: that of the solver's own library, or a faster one. */
  public enum ErrorFunction {
    /** Commons Math 3. */
    COMMONS_MATH,
    /** Commons Numbers, rational approximations. */
    COMMONS_NUMBERS
  }

  /** Which error function the price is computed with. */
  @Param({"COMMONS_MATH", "COMMONS_NUMBERS"})
  public ErrorFunction errorFunction;

  private Quotes data;
  private int next;

  /** Makes the quotes. */
  @Setup
  public void prepare() {
    data = new Quotes(QUOTES);
  }

  /**
   * Solves a few quotes.
   *
   * @return the sum of the roots
   */
  @Benchmark
  @OperationsPerInvocation(CHUNK)
  public double solve() {
    double sum = 0;
    for (int i = 0; i < CHUNK; i++) {
      sum += root(next);
      next = next + 1 < QUOTES ? next + 1 : 0;
    }
    return sum;
  }

  private double root(int i) {
    double spot = data.spot[i];
    double price = data.price[i];
    double years = data.years[i];
    double forward = Math.log(spot / data.strike[i]) + data.rate[i] * years;
    double discounted = data.strike[i] * Math.exp(-data.rate[i] * years);
    double scale = Math.sqrt(2 * years);
    UnivariateFunction f =
        v -> {
          double half = v * v * years / 2;
          double above = -(forward + half) / (v * scale);
          double below = -(forward - half) / (v * scale);
          return errorFunction == ErrorFunction.COMMONS_MATH
              ? spot * Erf.erfc(above) / 2 - discounted * Erf.erfc(below) / 2 - price
              : spot * Erfc.value(above) / 2 - discounted * Erfc.value(below) / 2 - price;
        };
    return new BrentSolver(RELATIVE, ABSOLUTE)
        .solve(LIMIT, f, Quotes.LOWEST, Quotes.HIGHEST, Quotes.START);
  }

  /** Checks every answer. */
  @TearDown
  public void check() {
    int wrong = 0;
    for (int i = 0; i < QUOTES; i++) {
      wrong += data.isRight(i, root(i)) ? 0 : 1;
    }
    System.out.printf("%n%d of %d wrong%n", wrong, QUOTES);
    if (wrong > 0) {
      throw new IllegalStateException(wrong + " of " + QUOTES + " volatilities are wrong");
    }
  }
}
