package org.nabla4j.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.hipparchus.stat.regression.OLSMultipleLinearRegression;
import org.nabla4j.backend.Backends;
import org.nabla4j.backend.Execution;
import org.nabla4j.data.Column;
import org.nabla4j.regression.BatchRegression;
import org.nabla4j.regression.DesignOptions;
import org.nabla4j.regression.RegressionFormula;
import org.nabla4j.regression.SmallRegressions;
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
import org.openjdk.jmh.infra.Blackhole;

/**
 * A million linear regressions, each of its own 50 rows, with standard errors, σ and R²: all in one
 * call, and by Hipparchus one after the other. The time is that of one regression.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "-Xmx6g")
public class SmallRegressionBenchmark {

  private static final int PROBLEMS = 1_000_000;
  private static final int SAMPLE = 2_000;
  private static final int ROWS = 50;
  private static final double TOLERANCE = 1e-11;

  /** Columns of X, the ones of the intercept among them. */
  @Param("5")
  public int columns;

  private Map<String, Column> data;
  private RegressionFormula formula;
  private BatchRegression results;
  private double[][] y;
  private double[][][] x;
  private int next;

  /** Draws the data. */
  @Setup
  public void prepare() {
    SplittableRandom random = new SplittableRandom(20260);
    int k = columns - 1;
    double[][] values = new double[k][PROBLEMS * ROWS];
    double[] response = new double[PROBLEMS * ROWS];
    for (int i = 0; i < response.length; i++) {
      response[i] = 1 + 0.5 * (random.nextDouble() - 0.5);
      for (int j = 0; j < k; j++) {
        values[j][i] = random.nextDouble() * 4 - 2;
        response[i] += (j + 1) * values[j][i];
      }
    }
    data = new LinkedHashMap<>();
    List<String> names = new ArrayList<>();
    for (int j = 0; j < k; j++) {
      names.add("x" + (j + 1));
      data.put(names.get(j), Column.perProblem(values[j], ROWS));
    }
    data.put("y", Column.perProblem(response, ROWS));
    formula = RegressionFormula.parse("y ~ " + String.join(" + ", names));
    y = new double[SAMPLE][ROWS];
    x = new double[SAMPLE][ROWS][k];
    for (int s = 0; s < SAMPLE; s++) {
      for (int i = 0; i < ROWS; i++) {
        y[s][i] = response[s * ROWS + i];
        for (int j = 0; j < k; j++) {
          x[s][i][j] = values[j][s * ROWS + i];
        }
      }
    }
  }

  /**
   * All of them.
   *
   * @return the results
   */
  @Benchmark
  @OperationsPerInvocation(PROBLEMS)
  public BatchRegression batch() {
    results =
        SmallRegressions.fit(
            formula, DesignOptions.defaults(), data, Backends.shared(), Execution.defaults());
    return results;
  }

  /**
   * One after the other.
   *
   * @param blackhole takes the results
   */
  @Benchmark
  public void hipparchus(Blackhole blackhole) {
    OLSMultipleLinearRegression regression = new OLSMultipleLinearRegression();
    regression.newSampleData(y[next], x[next]);
    blackhole.consume(regression.estimateRegressionParameters());
    blackhole.consume(regression.estimateRegressionParametersStandardErrors());
    blackhole.consume(regression.estimateRegressionStandardError());
    blackhole.consume(regression.calculateRSquared());
    next = next + 1 < SAMPLE ? next + 1 : 0;
  }

  /** Both give the same numbers. */
  @TearDown
  public void check() {
    if (results == null) {
      return;
    }
    for (int s = 0; s < SAMPLE; s++) {
      OLSMultipleLinearRegression regression = new OLSMultipleLinearRegression();
      regression.newSampleData(y[s], x[s]);
      double[] coefficients = regression.estimateRegressionParameters();
      double[] errors = regression.estimateRegressionParametersStandardErrors();
      for (int j = 0; j < columns; j++) {
        require(coefficients[j], results.coefficient(s, j));
        require(errors[j], results.standardError(s, j));
      }
      require(regression.estimateRegressionStandardError(), results.sigma(s));
      require(regression.calculateRSquared(), results.rSquared(s));
    }
  }

  private static void require(double expected, double found) {
    if (!(Math.abs(found - expected) <= TOLERANCE * Math.abs(expected))) {
      throw new IllegalStateException("expected " + expected + ", found " + found);
    }
  }
}
