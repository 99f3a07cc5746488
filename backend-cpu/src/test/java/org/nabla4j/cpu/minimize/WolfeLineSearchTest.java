package org.nabla4j.cpu.minimize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.nabla4j.cpu.minimize.WolfeLineSearch.Outcome;

/** Lines with known functions; those of Moré and Thuente (1994), section 5, among them. */
class WolfeLineSearchTest {

  private static final double BETA = 0.004;

  private double keptStep;
  private double keptValue;
  private double keptSlope;

  private WolfeLineSearch run(
      DoubleUnaryOperator f,
      DoubleUnaryOperator slope,
      double decrease,
      double curvature,
      double first,
      double most) {
    WolfeLineSearch line = new WolfeLineSearch(decrease, curvature, 60);
    keptStep = 0;
    keptValue = f.applyAsDouble(0);
    line.begin(keptValue, slope.applyAsDouble(0), first, most);
    while (line.outcome() == Outcome.SEARCHING) {
      double step = line.step();
      assertTrue(step > 0 && step <= most, () -> "step " + step);
      double value = f.applyAsDouble(step);
      double slopeThere = slope.applyAsDouble(step);
      if (line.tell(value, slopeThere)) {
        keptStep = step;
        keptValue = value;
        keptSlope = slopeThere;
      }
    }
    assertEquals(keptStep, line.step());
    return line;
  }

  private void assertWolfe(
      DoubleUnaryOperator f, DoubleUnaryOperator slope, double decrease, double curvature) {
    for (double first : new double[] {1e-3, 1e-1, 10, 1e3}) {
      WolfeLineSearch line = run(f, slope, decrease, curvature, first, Double.POSITIVE_INFINITY);
      String where = "first step " + first;
      assertEquals(Outcome.WOLFE, line.outcome(), where);
      double start = slope.applyAsDouble(0);
      assertTrue(keptValue <= f.applyAsDouble(0) + decrease * keptStep * start, where);
      assertTrue(Math.abs(keptSlope) <= curvature * -start, where);
      assertTrue(line.evaluations() <= 16, () -> line.evaluations() + " evaluations, " + where);
    }
  }

  @Test
  void functionsOfMoreAndThuente() {
    assertWolfe(a -> -a / (a * a + 2), a -> (a * a - 2) / ((a * a + 2) * (a * a + 2)), 1e-3, 0.1);
    assertWolfe(
        a -> Math.pow(a + BETA, 5) - 2 * Math.pow(a + BETA, 4),
        a -> 5 * Math.pow(a + BETA, 4) - 8 * Math.pow(a + BETA, 3),
        0.1,
        0.11);
  }

  @Test
  void parabolasAndExponentials() {
    Random random = new Random(7);
    for (int round = 0; round < 200; round++) {
      double c = Math.exp(4 * random.nextGaussian());
      assertWolfe(a -> c * (a - 1) * (a - 1), a -> 2 * c * (a - 1), 1e-4, 0.9);
      assertWolfe(a -> c * (a - 3) * (a - 3), a -> 2 * c * (a - 3), 1e-4, 0.1);
    }
  }

  @Test
  void theLargestStepIsTakenWhereAllFalls() {
    WolfeLineSearch line = run(a -> -a, a -> -1, 1e-4, 0.9, 1, 50);
    assertEquals(Outcome.LARGEST, line.outcome());
    assertEquals(50, keptStep);
    line = run(a -> (a - 9) * (a - 9), a -> 2 * (a - 9), 1e-4, 0.1, 1, 2);
    assertEquals(Outcome.LARGEST, line.outcome());
    assertEquals(2, keptStep);
  }

  @Test
  void theEdgeOfTheDomainIsSteppedBackFrom() {
    // log of a negative number beyond 1
    WolfeLineSearch line =
        run(
            a -> -a - 0.1 * Math.log(1 - a),
            a -> a < 1 ? -1 + 0.1 / (1 - a) : Double.NaN,
            1e-4,
            0.5,
            64,
            Double.POSITIVE_INFINITY);
    assertEquals(Outcome.WOLFE, line.outcome());
    assertTrue(keptStep > 0.4 && keptStep < 1);
    // lowest at the edge itself
    line =
        run(
            a -> a <= 1 ? -a : Double.NaN,
            a -> a <= 1 ? -1 : Double.NaN,
            1e-4,
            0.5,
            64,
            Double.POSITIVE_INFINITY);
    assertEquals(Outcome.LARGEST, line.outcome());
    assertTrue(keptStep > 0.9 && keptStep <= 1);
    // no value anywhere
    line = run(a -> a == 0 ? 1 : Double.NaN, a -> -1, 1e-4, 0.9, 1, Double.POSITIVE_INFINITY);
    assertEquals(Outcome.STALLED, line.outcome());
    assertEquals(0, line.step());
  }

  @Test
  void fallsWithoutEnd() {
    WolfeLineSearch line =
        run(a -> -1e290 * a, a -> -1e290, 1e-4, 0.9, 1e5, Double.POSITIVE_INFINITY);
    assertEquals(Outcome.UNBOUNDED, line.outcome());
    assertTrue(keptValue < -1e300);
  }

  @Test
  void slopesDecideWhereRoundingHidesTheValues() {
    // 10⁻²⁰ of a parabola upon 1
    WolfeLineSearch line =
        run(
            a -> 1 + 1e-20 * (a - 1) * (a - 1),
            a -> 2e-20 * (a - 1),
            1e-4,
            0.1,
            10,
            Double.POSITIVE_INFINITY);
    assertEquals(Outcome.WOLFE, line.outcome());
    assertEquals(1, keptStep, 0.1);
    // and with noise of 10⁻¹³
    Random random = new Random(11);
    line =
        run(
            a -> 1 + 1e-13 * (a == 0 ? 0 : random.nextDouble()),
            a -> 2e-20 * (a - 1),
            1e-4,
            0.1,
            10,
            Double.POSITIVE_INFINITY);
    assertEquals(Outcome.WOLFE, line.outcome());
    assertEquals(1, keptStep, 0.1);
  }

  @Test
  void slopesThatLieEndTheLine() {
    WolfeLineSearch line = run(a -> a, a -> -1, 1e-4, 0.9, 1, Double.POSITIVE_INFINITY);
    assertEquals(Outcome.STALLED, line.outcome());
    assertEquals(0, line.step());
    assertThrows(IllegalStateException.class, () -> line.tell(0, 0));
  }

  @Test
  void wrongArgumentsAreNamed() {
    assertThrows(IllegalArgumentException.class, () -> new WolfeLineSearch(0.5, 0.4, 10));
    assertThrows(IllegalArgumentException.class, () -> new WolfeLineSearch(1e-4, 1, 10));
    assertThrows(IllegalArgumentException.class, () -> new WolfeLineSearch(1e-4, 0.9, 0));
    WolfeLineSearch line = new WolfeLineSearch(1e-4, 0.9, 10);
    assertEquals(
        "value = 1.0, slope = 2.0, expected finite and slope < 0",
        assertThrows(IllegalArgumentException.class, () -> line.begin(1, 2, 1, 1)).getMessage());
    assertThrows(IllegalArgumentException.class, () -> line.begin(Double.NaN, -1, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> line.begin(1, -1, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> line.begin(1, -1, 1, 0));
  }
}
