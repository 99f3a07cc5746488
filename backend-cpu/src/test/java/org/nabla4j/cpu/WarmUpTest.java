package org.nabla4j.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nabla4j.CurveFit;
import org.nabla4j.backend.Backend;
import org.nabla4j.backend.Execution;
import org.nabla4j.backend.KernelPreference;
import org.nabla4j.data.Column;
import org.nabla4j.method.LevenbergMarquardt;
import org.nabla4j.objective.LeastSquaresProblem;
import org.nabla4j.objective.MissingData;
import org.nabla4j.result.BatchFit;

/** A batch that changes kernels while it runs gives what one kernel gives. */
class WarmUpTest {

  private static final int BATCH = 20_000;
  private static final int POINTS = 30;

  @Test
  @Timeout(120)
  void theKernelChangesAndResultsDoNot() {
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
      if (k % 3 == 0) {
        y[k * POINTS + k % POINTS] = Double.NaN;
      }
    }
    compare(
        CurveFit.of("y = a*exp(-b*x) + c + d")
            .data("x", x)
            .data("y", Column.perProblem(y, POINTS))
            .missing(MissingData.OMIT)
            .start("a", 5)
            .start("b", 0.7)
            .start("c", 0.5)
            .start("d", 0.25)
            .fix("d")
            .bounds("b", 0, 1.2)
            .problem());
  }

  @Test
  @Timeout(120)
  void floatsToo() {
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
    compare(
        CurveFit.of("y = a*exp(-0.5*((x - m)/s)^2)")
            .data("x", x)
            .data("y", Column.perProblem(y, POINTS))
            .start("a", 7)
            .start("m", 0.1)
            .start("s", 1.2)
            .problem());
  }

  private static void compare(LeastSquaresProblem problem) {
    try (Backend backend = new CpuBackend()) {
      BatchFit expected = solve(backend, problem, KernelPreference.SCALAR);
      String kernel = "";
      int calls = 0;
      while (!kernel.startsWith("vector") || kernel.contains("warmed")) {
        BatchFit fit = solve(backend, problem, KernelPreference.AUTO);
        kernel = fit.kernel();
        calls++;
        for (int k = 0; k < BATCH; k++) {
          assertEquals(expected.status(k), fit.status(k), kernel);
          assertEquals(expected.cost(k), fit.cost(k), kernel);
          assertEquals(expected.evaluations(k), fit.evaluations(k), kernel);
          assertEquals(expected.points(k), fit.points(k), kernel);
          for (int j = 0; j < problem.parameters().size(); j++) {
            assertEquals(expected.parameter(k, j), fit.parameter(k, j), kernel);
            assertEquals(expected.standardError(k, j), fit.standardError(k, j), kernel);
          }
        }
      }
      assertTrue(calls > 1, "the first batch was too large to see the change");
    }
  }

  private static BatchFit solve(
      Backend backend, LeastSquaresProblem problem, KernelPreference kernel) {
    Execution execution = Execution.defaults().withKernel(kernel);
    return backend.solve(problem, LevenbergMarquardt.defaults(), execution);
  }
}
