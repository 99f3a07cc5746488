package org.nabla4j.bench;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.nabla4j.CurveFit;
import org.nabla4j.Minimize;
import org.nabla4j.backend.Execution;
import org.nabla4j.backend.KernelPreference;
import org.nabla4j.method.LevenbergMarquardt;
import org.nabla4j.method.NewtonRaphson;
import org.nabla4j.objective.FormulaObjective;
import org.nabla4j.objective.Points;
import org.nabla4j.result.FitResult;
import org.nabla4j.result.Minimum;
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
 * The likelihood of a logistic regression of a million rows and five parameters, value, gradient
 * and Hessian: rows per second, by kernels, by the interpreter, and beside them a least-squares fit
 * of a logistic curve to the same rows.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xmx3g", "--add-modules=jdk.incubator.vector"})
public class SumBenchmark {

  private static final String LIKELIHOOD = "log(1 + exp(-y*(a + b*x1 + c*x2 + d*x3 + e*x4)))";
  private static final String CURVE = "p = 1/(1 + exp(-(a + b*x1 + c*x2 + d*x3 + e*x4)))";
  private static final double[] TRUTH = {0.3, -1.5, -0.5, 0.5, 1.5};

  /** Largest relative gradient of a minimum that is right, the tolerance of the method. */
  private static final double FLAT = 1e-6;

  /** What JMH reports per second. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Counters {
    /** Data rows visited, once for each evaluation. */
    public long rows;

    /** Evaluations on all rows. */
    public long evaluations;
  }

  /** Flavour of the kernels. */
  @Param({"VECTOR", "SCALAR"})
  public KernelPreference kernel;

  /** Threads, the caller among them. */
  @Param("1")
  public int threads;

  /** Data rows n. */
  @Param("1000000")
  public int points;

  private final double[][] x = new double[4][];
  private double[] y;
  private Minimize search;
  private CurveFit fit;
  private FormulaObjective objective;
  private Minimum last;

  /** Makes the rows. */
  @Setup
  public void prepare() {
    SplittableRandom random = new SplittableRandom(11);
    for (int c = 0; c < x.length; c++) {
      x[c] = random.doubles(points, -1, 1).toArray();
    }
    y = new double[points];
    double[] share = new double[points];
    for (int k = 0; k < points; k++) {
      double eta = TRUTH[0];
      for (int c = 0; c < x.length; c++) {
        eta += TRUTH[1 + c] * x[c][k];
      }
      boolean success = random.nextDouble() < 1 / (1 + Math.exp(-eta));
      y[k] = success ? 1 : -1;
      share[k] = success ? 1 : 0;
    }
    Execution execution = Execution.defaults().withKernel(kernel).withParallelism(threads);
    search =
        Minimize.of(LIKELIHOOD)
            .data("y", y)
            .start(new double[TRUTH.length])
            .method(NewtonRaphson.defaults())
            .backend("cpu")
            .execution(execution);
    fit =
        CurveFit.of(CURVE)
            .data("p", share)
            .start(new double[TRUTH.length])
            .method(LevenbergMarquardt.defaults())
            .backend("cpu")
            .execution(execution);
    for (int c = 0; c < x.length; c++) {
      search = search.data("x" + (c + 1), x[c]);
      fit = fit.data("x" + (c + 1), x[c]);
    }
    objective = (FormulaObjective) search.problem().objective();
  }

  /**
   * Newton-Raphson from start to minimum, all but the gradient's test of its evaluations with the
   * Hessian.
   *
   * @param counters what is counted
   * @return the minimum
   */
  @Benchmark
  public Minimum minimise(Counters counters) {
    last = search.run();
    counters.rows += (long) last.evaluations() * points;
    counters.evaluations += last.evaluations();
    return last;
  }

  /**
   * Value, gradient and Hessian once, by the interpreter.
   *
   * @param counters what is counted
   * @return the Hessian
   */
  @Benchmark
  public double[] interpret(Counters counters) {
    int p = TRUTH.length;
    double[] hessian = new double[p * p];
    objective.hessians(Points.of(new double[p]), new double[1], new double[p], hessian);
    counters.rows += points;
    counters.evaluations++;
    return hessian;
  }

  /**
   * A least-squares fit from start to minimum: residuals and Jacobian.
   *
   * @param counters what is counted
   * @return the fit
   */
  @Benchmark
  public FitResult fit(Counters counters) {
    FitResult result = fit.fit();
    counters.rows += (long) result.evaluations() * points;
    counters.evaluations += result.evaluations();
    return result;
  }

  /** The gradient vanishes at the minimum, summed up by a plain loop. */
  @TearDown
  public void check() {
    if (last == null) {
      return;
    }
    double[] theta = last.parameters();
    double[] gradient = new double[theta.length];
    double value = 0;
    for (int k = 0; k < points; k++) {
      double eta = theta[0];
      for (int c = 0; c < x.length; c++) {
        eta += theta[1 + c] * x[c][k];
      }
      value += Math.log1p(Math.exp(-y[k] * eta));
      double slope = -y[k] / (1 + Math.exp(y[k] * eta));
      gradient[0] += slope;
      for (int c = 0; c < x.length; c++) {
        gradient[1 + c] += slope * x[c][k];
      }
    }
    for (int j = 0; j < theta.length; j++) {
      double relative = Math.abs(gradient[j]) * Math.max(1, Math.abs(theta[j])) / value;
      if (!(relative <= 2 * FLAT)) {
        throw new IllegalStateException(
            "the relative gradient of "
                + last.parameterNames().get(j)
                + " is "
                + relative
                + " at "
                + Arrays.toString(theta)
                + ", expected at most "
                + 2 * FLAT);
      }
    }
    System.out.printf("%nkernel %s, %d evaluations%n", last.kernel(), last.evaluations());
  }
}
