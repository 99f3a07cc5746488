package org.nabla4j.cpu.minimize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nabla4j.method.LimitedMemoryBfgs;
import org.nabla4j.result.Status;

class LimitedMemoryBfgsSearchTest {

  private static final PlainFunction ROSENBROCK = PlainFunction::rosenbrock;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 10, 1000})
  void everyMemory(int memory) {
    LimitedMemoryBfgsSearch search =
        new LimitedMemoryBfgsSearch(
            LimitedMemoryBfgs.defaults().withMemory(memory),
            PlainFunction.rosenbrockStart(20),
            null,
            null);
    int evaluations = ROSENBROCK.run(search);
    assertSame(Status.CONVERGED_GRADIENT, search.status());
    for (double x : search.best()) {
      assertEquals(1, x, 1e-5);
    }
    assertTrue(evaluations < (memory == 1 ? 300 : 70), () -> "evaluations: " + evaluations);
  }

  /**
   * With a memory of all steps it is BFGS, which ends on a quadratic of p parameters in p steps.
   */
  @Test
  void aQuadraticNeedsAboutAsManyStepsAsItHasCurvatures() {
    int p = 12;
    double[] curvatures = new double[p];
    double[] start = new double[p];
    for (int j = 0; j < p; j++) {
      curvatures[j] = 1 + 9 * (j % 4);
      start[j] = 1 + j;
    }
    LimitedMemoryBfgsSearch search =
        new LimitedMemoryBfgsSearch(LimitedMemoryBfgs.defaults(), start, null, null);
    PlainFunction.quadratic(curvatures, new double[p]).run(search);
    assertSame(Status.CONVERGED_GRADIENT, search.status());
    assertTrue(search.iterations() <= 14, () -> "iterations: " + search.iterations());
  }

  /**
   * Rosenbrock's function with x ≤ 0.5: from the minimum over x₂, (1 - x₁)² + 0, the bounded one is
   * at (0.5, 0.25), with ∂f/∂x₁ = -1.
   */
  @Test
  void boundsInACurvedValley() {
    int p = 1000;
    double[] upper = new double[p];
    for (int j = 0; j < p; j++) {
      upper[j] = j % 4 == 0 ? 0.5 : Double.POSITIVE_INFINITY;
    }
    LimitedMemoryBfgsSearch search =
        new LimitedMemoryBfgsSearch(
            LimitedMemoryBfgs.defaults().withGradientTolerance(1e-9),
            PlainFunction.rosenbrockStart(p),
            null,
            upper);
    int evaluations = ROSENBROCK.run(search);
    assertSame(Status.CONVERGED_GRADIENT, search.status());
    assertEquals(0.25 * p / 4, search.value(), 1e-9);
    double[] expected = {0.5, 0.25, 1, 1};
    for (int j = 0; j < p; j++) {
      assertEquals(expected[j % 4], search.best()[j], 1e-6);
    }
    assertEquals(-1, search.gradient()[0], 1e-6);
    assertTrue(evaluations < 120, () -> "evaluations: " + evaluations);
  }

  /** ½xᵀAx - bᵀx with the second difference A within a box: an obstacle problem. */
  @Test
  void anObstacleProblemMeetsTheOptimalityConditionsToManyDigits() {
    int p = 400;
    Random random = new Random(2);
    double[] b = new double[p];
    double[] lower = new double[p];
    double[] upper = new double[p];
    for (int j = 0; j < p; j++) {
      b[j] = 0.2 * random.nextGaussian();
      lower[j] = -0.5 - 0.2 * random.nextDouble();
      upper[j] = 0.5 + 0.2 * random.nextDouble();
    }
    PlainFunction energy =
        (x, g) -> {
          double sum = 0;
          for (int j = 0; j < p; j++) {
            double left = j == 0 ? 0 : x[j - 1];
            double right = j == p - 1 ? 0 : x[j + 1];
            g[j] = 2 * x[j] - left - right - b[j];
            sum += 0.5 * x[j] * (g[j] - b[j]);
          }
          return sum;
        };
    LimitedMemoryBfgsSearch search =
        new LimitedMemoryBfgsSearch(
            LimitedMemoryBfgs.defaults().withGradientTolerance(1e-10), new double[p], lower, upper);
    int evaluations = energy.run(search);
    assertSame(Status.CONVERGED_GRADIENT, search.status());
    int held = 0;
    double[] gradient = new double[p];
    energy.at(search.best(), gradient);
    for (int j = 0; j < p; j++) {
      double x = search.best()[j];
      boolean low = x == lower[j];
      boolean high = x == upper[j];
      held += low || high ? 1 : 0;
      assertTrue(low || gradient[j] < 1e-8);
      assertTrue(high || gradient[j] > -1e-8);
    }
    assertTrue(held > 20, "held: " + held);
    assertTrue(evaluations < 1500, () -> "evaluations: " + evaluations);
  }

  /** Steps along a wall of NaN: the line search stays inside. */
  @Test
  void aDomainWithAnEdge() {
    // √(x₁) is NaN for x₁ < 0; the minimum (0.01, -0.01) is close to the edge.
    PlainFunction edge =
        (x, g) -> {
          double root = Math.sqrt(x[0]);
          double t = root - 0.1;
          double u = x[1] + x[0];
          g[0] = t / root + 2 * u;
          g[1] = 2 * u;
          return t * t + u * u;
        };
    LimitedMemoryBfgsSearch search =
        new LimitedMemoryBfgsSearch(LimitedMemoryBfgs.defaults(), new double[] {4, 4}, null, null);
    edge.run(search);
    assertSame(Status.CONVERGED_GRADIENT, search.status());
    assertArrayEquals(new double[] {0.01, -0.01}, search.best(), 1e-6);
  }
}
