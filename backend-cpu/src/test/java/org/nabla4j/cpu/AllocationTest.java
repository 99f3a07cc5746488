package org.nabla4j.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nabla4j.CurveFit;
import org.nabla4j.backend.Backend;
import org.nabla4j.backend.Execution;
import org.nabla4j.backend.KernelPreference;
import org.nabla4j.data.Column;
import org.nabla4j.method.Covariance;
import org.nabla4j.method.LevenbergMarquardt;
import org.nabla4j.objective.LeastSquaresProblem;
import org.nabla4j.result.BatchFit;

/** Fits allocate their results and nothing else; one long fit allocates the same whatever n is. */
class AllocationTest {

  /** Seconds after which kernels must have been compiled, also on a busy machine. */
  private static final long PATIENCE = 90;

  /** Bytes for a call, however much it solves: programs, tiles, tables of arrays. */
  private static final long WHOLE_CALL = 400_000;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @ParameterizedTest
  @EnumSource(
      value = KernelPreference.class,
      names = {"SCALAR", "VECTOR"})
  void nothingForEachFitBesidesItsResults(KernelPreference kernel) {
    // parameters, cost, status, value of the test, iterations, evaluations; variances
    double results = 3 * 8 + 8 + 1 + 4 + 4 + 4 + 3 * 8;
    int problems = 100_000;
    settles(batch(problems), kernel, problems * results);
  }

  @ParameterizedTest
  @EnumSource(
      value = KernelPreference.class,
      names = {"SCALAR", "VECTOR"})
  void theSameForOneFitOfAnyLength(KernelPreference kernel) {
    settles(longFit(2_000_000), kernel, 0);
  }

  /** Vectors are boxed until their code is compiled: repeats until only so much is allocated. */
  private static void settles(LeastSquaresProblem problem, KernelPreference kernel, double bytes) {
    try (Backend backend = new CpuBackend()) {
      long end = System.nanoTime() + PATIENCE * 1_000_000_000L;
      long last = Long.MAX_VALUE;
      while (last > bytes + WHOLE_CALL) {
        assertTrue(System.nanoTime() < end, "still allocating " + last + " bytes");
        last = allocated(backend, problem, kernel);
      }
    }
  }

  private static long allocated(
      Backend backend, LeastSquaresProblem problem, KernelPreference kernel) {
    LevenbergMarquardt method =
        LevenbergMarquardt.defaults().withCovariance(Covariance.STANDARD_ERRORS);
    Execution execution = Execution.defaults().withKernel(kernel).withParallelism(1);
    long before = THREADS.getCurrentThreadAllocatedBytes();
    BatchFit fits = backend.solve(problem, method, execution);
    long after = THREADS.getCurrentThreadAllocatedBytes();
    assertEquals(problem.problems(), fits.convergedCount());
    assertTrue(fits.kernel().startsWith(kernel == KernelPreference.SCALAR ? "scalar" : "vector"));
    return after - before;
  }

  private static LeastSquaresProblem batch(int problems) {
    int n = 12;
    double[] x = new double[n];
    Arrays.setAll(x, i -> 0.25 * i);
    double[] y = new double[problems * n];
    double[] starts = new double[problems * 3];
    SplittableRandom random = new SplittableRandom(9);
    for (int k = 0; k < problems; k++) {
      double rate = random.nextDouble(0.8, 1.2);
      for (int i = 0; i < n; i++) {
        y[k * n + i] = 5 * Math.exp(-rate * x[i]) + 1 + random.nextDouble(-0.05, 0.05);
      }
      starts[3 * k] = 4.5;
      starts[3 * k + 1] = 0.9;
      starts[3 * k + 2] = 0.9;
    }
    return CurveFit.of("y = a*exp(-b*x) + c")
        .data("x", x)
        .data("y", Column.perProblem(y, n))
        .starts(Column.perProblem(starts, 3))
        .problem();
  }

  private static LeastSquaresProblem longFit(int n) {
    double[] x = new double[n];
    Arrays.setAll(x, i -> 3.0 * i / n);
    double[] y = new double[n];
    SplittableRandom random = new SplittableRandom(n);
    Arrays.setAll(y, i -> 5 * Math.exp(-x[i]) + 1 + random.nextDouble(-0.05, 0.05));
    return CurveFit.of("y = a*exp(-b*x) + c")
        .data("x", x)
        .data("y", y)
        .start(4.5, 0.9, 0.9)
        .problem();
  }
}
