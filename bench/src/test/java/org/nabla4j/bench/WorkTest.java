package org.nabla4j.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nabla4j.objective.Precision;

/** Counts against counts by hand, by which they may differ a little as programs get better. */
class WorkTest {

  /**
   * Decay: −b·x 1, exponential 27, its product with x 1, residual 3, sums 2 + (2 + 2 + 1) + (2·3 +
   * 1·2). The Gaussians accordingly, with 3 and 7 operations for the exponent.
   */
  @ParameterizedTest
  @CsvSource({"DECAY, 47", "GAUSSIAN_1D, 59", "GAUSSIAN_2D, 75", "EXPONENTIALS_8, 214"})
  void countsPerPoint(Problems.Kind kind, double byHand) {
    BenchProblem problem = Problems.easy(kind, 1);
    Work inDouble = Work.of(problem, Precision.DOUBLE);
    assertEquals(byHand, inDouble.flopsPerPoint(), 2);
    int exponentials = Math.max(1, problem.formula().split("exp", -1).length - 1);
    Work inFloat = Work.of(problem, Precision.SINGLE);
    assertEquals(10.0 * exponentials, inDouble.flopsPerPoint() - inFloat.flopsPerPoint());
    assertEquals(
        Math.round(inDouble.flopsPerPoint() * 600), inDouble.flops(6, 100), "6 evaluations");
  }
}
