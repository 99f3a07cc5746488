package org.nabla4j.bench;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.nabla4j.Minimize;
import org.nabla4j.backend.Execution;
import org.nabla4j.method.LimitedMemoryBfgs;
import org.nabla4j.objective.CodedObjective;
import org.nabla4j.result.Minimum;
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
 * L-BFGS on the extended Rosenbrock function of many parameters, value and gradient in Java:
 *
 * <pre>
 *   f(x) = Σᵢ 100·(x₂ᵢ − x₂ᵢ₋₁²)² + (1 − x₂ᵢ₋₁)²,   start (−1.2, 1, −1.2, 1, …)
 * </pre>
 *
 * <p>(Moré, Garbow, Hillstrom 1981, problem 21.) The same for SciPy: {@code bench/peers/lbfgs.py}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xmx2g", "--add-modules=jdk.incubator.vector"})
public class LimitedMemoryBfgsBenchmark {

  /** How far from its 1 a parameter may end. */
  private static final double RIGHT = 1e-4;

  /** Parameters, an even number. */
  @Param("100000")
  public int parameters;

  /** Threads, the caller among them. */
  @Param("1")
  public int threads;

  private Minimize minimize;
  private Minimum last;

  /** Makes the problem. */
  @Setup
  public void prepare() {
    List<String> names = IntStream.rangeClosed(1, parameters).mapToObj(i -> "x" + i).toList();
    double[] start = new double[parameters];
    for (int i = 0; i < parameters; i += 2) {
      start[i] = -1.2;
      start[i + 1] = 1;
    }
    minimize =
        Minimize.of(
                CodedObjective.of(
                    names, x -> evaluate(x, null), LimitedMemoryBfgsBenchmark::evaluate))
            .start(start)
            .method(LimitedMemoryBfgs.defaults())
            .backend("cpu")
            .execution(Execution.defaults().withParallelism(threads));
  }

  private static double evaluate(double[] x, double[] gradient) {
    double sum = 0;
    for (int i = 0; i < x.length; i += 2) {
      double a = x[i];
      double valley = x[i + 1] - a * a;
      double rest = 1 - a;
      sum += 100 * valley * valley + rest * rest;
      if (gradient != null) {
        gradient[i] = -400 * a * valley - 2 * rest;
        gradient[i + 1] = 200 * valley;
      }
    }
    return sum;
  }

  /**
   * Minimises once.
   *
   * @return the minimum
   */
  @Benchmark
  public Minimum minimise() {
    last = minimize.run();
    return last;
  }

  /** Checks the answer. */
  @TearDown
  public void check() {
    double farthest = 0;
    for (double x : last.parameters()) {
      double off = Math.abs(x - 1);
      farthest = off <= farthest ? farthest : off;
    }
    System.out.printf(
        "%n%s: f %.3g, gradient %.3g, parameters off by %.3g, %d iterations, %d evaluations%n",
        last.status(),
        last.value(),
        last.gradientNorm(),
        farthest,
        last.iterations(),
        last.evaluations());
    if (!last.converged() || !(farthest <= RIGHT)) {
      throw new IllegalStateException(last.statusMessage() + ", off by " + farthest);
    }
  }
}
