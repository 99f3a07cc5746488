package org.nabla4j.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.nabla4j.CurveFit;
import org.nabla4j.backend.Backend;
import org.nabla4j.backend.Execution;
import org.nabla4j.backend.KernelPreference;
import org.nabla4j.cpu.BatchSolver.Flavour;
import org.nabla4j.cpu.codegen.KernelCompiler;
import org.nabla4j.cpu.codegen.Warmth;
import org.nabla4j.data.Column;
import org.nabla4j.method.LevenbergMarquardt;
import org.nabla4j.objective.LeastSquaresProblem;
import org.nabla4j.objective.MissingData;
import org.nabla4j.result.BatchFit;

/** A batch that changes kernels while it runs gives what one kernel gives. */
class WarmUpTest {

  private static final int BATCH = 20_000;
  private static final int POINTS = 30;

  /** Seconds after which the vector kernel must have been compiled, also on a busy machine. */
  private static final long PATIENCE = 90;

  @Test
  void aBatchGoesOnWithTheOtherKernel() {
    LeastSquaresProblem problem = decays();
    KernelCompiler scalar = KernelCompiler.scalar(false);
    KernelCompiler vector = KernelCompiler.vector(false).orElseThrow();
    Warmth warmth = scalar.batch(ResidualProgram.batch(problem, false).least()).warmth();
    BatchFit expected;
    try (Backend backend = new CpuBackend()) {
      expected = solve(backend, problem, KernelPreference.SCALAR);
    }
    LevenbergMarquardt method = LevenbergMarquardt.defaults();
    // a third of the batch with the one kernel, the rest with the other
    Execution execution =
        Execution.defaults()
            .withParallelism(1)
            .withListener(
                (done, total) -> {
                  if (done > BATCH / 3) {
                    warmth.setHot();
                  }
                });
    BatchFit.Builder results = BatchFit.builder(problem, method, "cpu", "");
    new BatchSolver(
            problem,
            method,
            execution,
            new Flavour(scalar, scalar),
            () -> new Flavour(vector, vector),
            new CloserLookFactory(problem, method, execution, scalar),
            results)
        .solve();
    BatchFit fits = results.build();
    assertEquals(vector.description() + " (scalar while it warmed up)", fits.kernel());
    assertSame(expected, fits);
  }

  @Test
  void theVectorKernelIsWarmedUpOnce() {
    LeastSquaresProblem problem = gaussians();
    try (Backend backend = new CpuBackend()) {
      BatchFit expected = solve(backend, problem, KernelPreference.SCALAR);
      assertTrue(expected.kernel().startsWith("scalar float"), expected.kernel());
      String warm = KernelCompiler.vector(true).orElseThrow().description();
      BatchFit fits = solve(backend, problem, KernelPreference.AUTO);
      assertNotEquals(warm, fits.kernel(), "it cannot have begun with a kernel that is not there");
      long end = System.nanoTime() + PATIENCE * 1_000_000_000L;
      while (!fits.kernel().equals(warm)) {
        assertTrue(System.nanoTime() < end, "not warm after " + PATIENCE + " s");
        assertSame(expected, fits);
        fits = solve(backend, problem, KernelPreference.AUTO);
      }
      assertSame(expected, fits);
    }
  }

  private static LeastSquaresProblem decays() {
    Random random = new Random(5);
    double[] x = new double[POINTS];
    double[] y = new double[BATCH * POINTS];
    for (int i = 0; i < POINTS; i++) {
      x[i] = 0.15 * i;
    }
    for (int k = 0; k < BATCH; k++) {
      double rate = 0.5 + random.nextDouble();
      for (int i = 0; i < POINTS; i++) {
        y[k * POINTS + i] = 8 * Math.exp(-rate * x[i]) + 1 + 0.1 * random.nextGaussian();
      }
      if (k % 7 == 0) {
        y[k * POINTS + k % POINTS] = Double.NaN;
      }
    }
    return CurveFit.of("y = a*exp(-b*x) + c + d")
        .data("x", x)
        .data("y", Column.perProblem(y, POINTS))
        .missing(MissingData.OMIT)
        .start("a", 5)
        .start("b", 0.7)
        .start("c", 0.5)
        .start("d", 0.25)
        .fix("d")
        .bounds("b", 0, 1.2)
        .problem();
  }

  private static LeastSquaresProblem gaussians() {
    Random random = new Random(6);
    float[] x = new float[POINTS];
    float[] y = new float[BATCH * POINTS];
    for (int i = 0; i < POINTS; i++) {
      x[i] = 0.2f * i - 3;
    }
    for (int k = 0; k < BATCH; k++) {
      double centre = random.nextDouble() - 0.5;
      for (int i = 0; i < POINTS; i++) {
        double u = x[i] - centre;
        y[k * POINTS + i] = (float) (8 * Math.exp(-0.5 * u * u) + 0.1 * random.nextGaussian());
      }
    }
    return CurveFit.of("y = a*exp(-0.5*((x - m)/s)^2)")
        .data("x", x)
        .data("y", Column.perProblem(y, POINTS))
        .start("a", 7)
        .start("m", 0.1)
        .start("s", 1.2)
        .problem();
  }

  private static void assertSame(BatchFit expected, BatchFit fits) {
    for (int k = 0; k < BATCH; k++) {
      assertEquals(expected.status(k), fits.status(k), fits.kernel());
      assertEquals(expected.cost(k), fits.cost(k), fits.kernel());
      assertEquals(expected.evaluations(k), fits.evaluations(k), fits.kernel());
      assertEquals(expected.points(k), fits.points(k), fits.kernel());
      for (int j = 0; j < expected.problem().parameters().size(); j++) {
        assertEquals(expected.parameter(k, j), fits.parameter(k, j), fits.kernel());
        assertEquals(expected.standardError(k, j), fits.standardError(k, j), fits.kernel());
      }
    }
  }

  private static BatchFit solve(
      Backend backend, LeastSquaresProblem problem, KernelPreference kernel) {
    Execution execution = Execution.defaults().withKernel(kernel);
    return backend.solve(problem, LevenbergMarquardt.defaults(), execution);
  }
}
