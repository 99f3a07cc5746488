package org.nabla4j.cpu.minimize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.nabla4j.method.NelderMead;
import org.nabla4j.result.Status;

class NelderMeadSearchTest {

  private static NelderMeadSearch search(double... start) {
    return new NelderMeadSearch(NelderMead.defaults(), start, null, null);
  }

  @Test
  void functionsThatAreNotSmooth() {
    PlainFunction corner = (x, g) -> Math.abs(x[0] - 1) + 3 * Math.abs(x[1] + 2 + 0.5 * x[0]);
    NelderMeadSearch search = search(4, 4);
    corner.run(search);
    assertSame(Status.CONVERGED_PARAMETERS, search.status());
    assertArrayEquals(new double[] {1, -2.5}, search.best(), 1e-6);
    assertNull(search.gradient());
    assertTrue(search.statusValue() <= 1e-7);
  }

  /** McKinnon (1998): the original method collapses onto the origin, where the slope is not 0. */
  @Test
  void aSimplexThatCollapsesBeforeTheMinimumIsFoundOut() {
    PlainFunction mcKinnon = (x, g) -> (x[0] <= 0 ? 360 : 6) * x[0] * x[0] + x[1] + x[1] * x[1];
    NelderMeadSearch search = search(0, 0);
    mcKinnon.run(search);
    assertSame(Status.CONVERGED_PARAMETERS, search.status());
    assertArrayEquals(new double[] {0, -0.5}, search.best(), 1e-5);
    assertEquals(-0.25, search.value(), 1e-9);
  }

  @Test
  void aRestartLeavesTheFaceOfABoundOntoWhichTheSimplexWasProjected() {
    PlainFunction bowl =
        PlainFunction.quadratic(new double[] {1, 10, 3}, new double[] {0.5, 0.5, 0.5});
    NelderMeadSearch search =
        new NelderMeadSearch(
            NelderMead.defaults().withInitialSize(100),
            new double[] {0.9, 0.1, 0.2},
            new double[3],
            new double[] {1, 1, 1});
    bowl.run(search);
    assertSame(Status.CONVERGED_PARAMETERS, search.status());
    assertArrayEquals(new double[] {0.5, 0.5, 0.5}, search.best(), 1e-5);
  }

  @Test
  void adaptsToTwentyParameters() {
    int p = 20;
    double[] curvatures = new double[p];
    double[] centre = new double[p];
    for (int j = 0; j < p; j++) {
      curvatures[j] = 1 + j;
      centre[j] = j % 3 - 1;
    }
    double[] start = new double[p];
    Arrays.fill(start, 2);
    NelderMeadSearch search = search(start);
    int evaluations = PlainFunction.quadratic(curvatures, centre).run(search);
    assertSame(Status.CONVERGED_PARAMETERS, search.status());
    assertArrayEquals(centre, search.best(), 1e-4);
    assertTrue(evaluations < 20_000, () -> "evaluations: " + evaluations);
  }

  @Test
  void anIslandWithoutNeighboursIsNoMinimum() {
    PlainFunction island = (x, g) -> x[0] == 1 && x[1] == 1 ? 5 : Double.NaN;
    NelderMeadSearch search = search(1, 1);
    island.run(search);
    assertSame(Status.NO_PROGRESS, search.status());
    assertEquals(5, search.value());
    assertArrayEquals(new double[] {1, 1}, search.best());
  }

  @Test
  void aConstantHasConvergedEverywhere() {
    PlainFunction constant = (x, g) -> 7;
    NelderMeadSearch search = search(1, 1);
    constant.run(search);
    assertSame(Status.CONVERGED_PARAMETERS, search.status());
    assertEquals(7, search.value());
  }

  @Test
  void bothTolerancesCount() {
    PlainFunction steep = (x, g) -> 1e12 * x[0] * x[0];
    NelderMeadSearch bySpread =
        new NelderMeadSearch(
            NelderMead.defaults().withParameterTolerance(0.5), new double[] {3}, null, null);
    steep.run(bySpread);
    assertTrue(bySpread.value() < 1e-9, () -> "f = " + bySpread.value());
    PlainFunction flat = (x, g) -> 1e-12 * (x[0] - 2) * (x[0] - 2);
    NelderMeadSearch bySize =
        new NelderMeadSearch(
            NelderMead.defaults().withParameterTolerance(1e-5), new double[] {3}, null, null);
    flat.run(bySize);
    assertTrue(bySize.statusValue() <= 1e-5);
    assertEquals(2, bySize.best()[0], 1e-3);
  }

  @Test
  void theLimitCountsIterations() {
    NelderMeadSearch search =
        new NelderMeadSearch(
            NelderMead.defaults().withMaxIterations(12),
            PlainFunction.rosenbrockStart(2),
            null,
            null);
    PlainFunction rosenbrock = (x, g) -> PlainFunction.rosenbrock(x, new double[2]);
    rosenbrock.run(search);
    assertSame(Status.ITERATION_LIMIT, search.status());
    assertEquals(12, search.iterations());
    assertTrue(search.value() < 24.2);
  }

  @Test
  void tooManyParameters() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> search(new double[5001]));
    assertTrue(e.getMessage().startsWith("parameters = 5001, expected <= 5000"), e.getMessage());
  }
}
