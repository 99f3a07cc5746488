package org.nabla4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleBinaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nabla4j.cli.ContourLines.Line;

class ContourLinesTest {

  private static double[] places(double low, double high, int count) {
    double[] places = new double[count];
    Arrays.setAll(places, k -> low + (high - low) * k / (count - 1.0));
    return places;
  }

  private static double[] values(double[] x, double[] y, DoubleBinaryOperator f) {
    double[] values = new double[x.length * y.length];
    Arrays.setAll(values, k -> f.applyAsDouble(x[k % x.length], y[k / x.length]));
    return values;
  }

  private static List<Line> lines(double[] x, double[] y, DoubleBinaryOperator f, double level) {
    return ContourLines.of(x, y, values(x, y, f), level);
  }

  /** Twice the area that a ring goes around, positive if counter-clockwise. */
  private static double turn(Line line) {
    double sum = 0;
    for (int k = 0; k + 1 < line.x().length; k++) {
      sum += line.x()[k] * line.y()[k + 1] - line.x()[k + 1] * line.y()[k];
    }
    return sum;
  }

  @Test
  void aCircleIsOneRing() {
    double[] x = places(-2, 2, 81);
    double[] y = places(-1.5, 1.7, 70);
    List<Line> lines = lines(x, y, (a, b) -> a * a + b * b, 1);
    assertEquals(1, lines.size());
    Line ring = lines.get(0);
    assertTrue(ring.closed());
    int last = ring.x().length - 1;
    assertEquals(ring.x()[0], ring.x()[last]);
    assertEquals(ring.y()[0], ring.y()[last]);
    for (int k = 0; k <= last; k++) {
      // Linear interpolation over a cell of 0.05 errs by an eighth of its square at most.
      assertEquals(1, Math.hypot(ring.x()[k], ring.y()[k]), 4e-4, "point " + k);
    }
    // The inside is below, and so on the right.
    assertEquals(-2 * Math.PI, turn(ring), 0.01);
  }

  @Test
  void lowAndHighAreOnTheirSides() {
    double[] x = places(-2, 2, 41);
    Line hill = lines(x, x, (a, b) -> -a * a - b * b, -1).get(0);
    assertEquals(2 * Math.PI, turn(hill), 0.05);
    // Above for large x: on the left of a line that goes down.
    Line slope = lines(x, x, (a, b) -> a, 0.33).get(0);
    assertFalse(slope.closed());
    assertEquals(2, slope.y()[0], 1e-12);
    assertEquals(-2, slope.y()[slope.y().length - 1], 1e-12);
    for (double place : slope.x()) {
      assertEquals(0.33, place, 1e-12);
    }
  }

  @Test
  void saddlesAreToldByTheirCentre() {
    double[] x = {0, 1};
    // Corners 1 and -0.5 crosswise: the mean is above 0, the low corners are cut off.
    double[] high = {1, -0.5, -0.5, 1};
    List<Line> cut = ContourLines.of(x, x, high, 0);
    assertEquals(2, cut.size());
    for (Line line : cut) {
      double middle = (line.x()[0] + line.x()[1] + line.y()[0] + line.y()[1]) / 2;
      assertEquals(1, middle, 1e-12);
      assertTrue(Math.abs(line.x()[0] - line.x()[1]) < 0.5);
      // Around (1, 0) or (0, 1).
      double cornerX = line.x()[0] + line.x()[1] > 1 ? 1 : 0;
      assertTrue(Math.abs(line.x()[0] - cornerX) < 0.5 && Math.abs(line.x()[1] - cornerX) < 0.5);
    }
    double[] low = {0.5, -1, -1, 0.5};
    for (Line line : ContourLines.of(x, x, low, 0)) {
      double corner = line.x()[0] + line.x()[1] > 1 ? 1 : 0;
      assertTrue(Math.abs(line.x()[0] - corner) < 0.5 && Math.abs(line.y()[1] - corner) < 0.5);
    }
  }

  @Test
  void gapsEndLines() {
    double[] x = places(-2, 2, 41);
    List<Line> lines = lines(x, x, (a, b) -> a > 0.02 && b > 0.02 ? Double.NaN : a * a + b * b, 1);
    assertEquals(1, lines.size());
    assertFalse(lines.get(0).closed());
    for (double value : lines.get(0).x()) {
      assertTrue(Double.isFinite(value));
    }
    assertEquals(
        List.of(), lines(x, x, (a, b) -> a > 0 ? Double.POSITIVE_INFINITY : Double.NaN, 1));
  }

  @Test
  void constantsAndLevelsOutsideHaveNone() {
    double[] x = places(0, 1, 5);
    assertEquals(List.of(), lines(x, x, (a, b) -> 3, 3));
    assertEquals(List.of(), lines(x, x, (a, b) -> a + b, 2.5));
    assertEquals(List.of(), ContourLines.of(new double[0], new double[0], new double[0], 0));
    assertEquals(List.of(), ContourLines.of(new double[] {1}, x, new double[5], 0));
    assertThrows(IllegalArgumentException.class, () -> ContourLines.of(x, x, new double[7], 0));
  }

  @Test
  void hugeValuesDoNotOverflow() {
    double[] x = places(-1, 1, 4);
    double max = Double.MAX_VALUE;
    Line line = lines(x, x, (a, b) -> a < 0 ? -max : max, 0).get(0);
    for (double place : line.x()) {
      assertEquals(0, place, 1e-12);
    }
  }

  /** Every edge whose ends differ is crossed once, whatever the values. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void everyCrossingIsOnALineOnce(long seed) {
    Random random = new Random(seed);
    int nx = 2 + random.nextInt(9);
    int ny = 2 + random.nextInt(9);
    double[] x = places(0, nx - 1.0, nx);
    double[] y = places(0, ny - 1.0, ny);
    double[] values = random.doubles((long) nx * ny).toArray();
    double level = 0.5;
    List<String> expected = new ArrayList<>();
    for (int k = 0; k < values.length; k++) {
      boolean above = values[k] >= level;
      if (k % nx + 1 < nx && above != values[k + 1] >= level) {
        expected.add("along x " + k);
      }
      if (k / nx + 1 < ny && above != values[k + nx] >= level) {
        expected.add("along y " + k);
      }
    }
    List<String> found = new ArrayList<>();
    for (Line line : ContourLines.of(x, y, values, level)) {
      int points = line.closed() ? line.x().length - 1 : line.x().length;
      for (int k = 0; k < points; k++) {
        boolean alongX = line.y()[k] == Math.rint(line.y()[k]);
        int corner = ((int) line.y()[k]) * nx + (int) line.x()[k];
        found.add((alongX ? "along x " : "along y ") + corner);
      }
      if (!line.closed()) {
        for (int end : new int[] {0, points - 1}) {
          double a = line.x()[end];
          double b = line.y()[end];
          assertTrue(a == 0 || a == nx - 1 || b == 0 || b == ny - 1, "an end inside, seed " + seed);
        }
      }
    }
    expected.sort(null);
    found.sort(null);
    assertEquals(expected, found, "seed " + seed);
  }

  @Test
  void thinnedLinesAreNear() {
    double[] x = places(-2, 2, 301);
    Line ring = lines(x, x, (a, b) -> a * a + b * b, 1).get(0);
    Line thin = ring.thinned(200, 200, 0.2);
    assertTrue(thin.closed());
    assertTrue(thin.x().length < ring.x().length / 4, thin.x().length + " points");
    assertEquals(ring.x()[0], thin.x()[0]);
    assertEquals(thin.x()[0], thin.x()[thin.x().length - 1]);
    for (int k = 0; k + 1 < thin.x().length; k++) {
      double middle =
          Math.hypot((thin.x()[k] + thin.x()[k + 1]) / 2, (thin.y()[k] + thin.y()[k + 1]) / 2);
      assertEquals(1, middle, 0.3 / 200);
    }
  }

  @Test
  void thinningKeepsWhatTurnsBack() {
    Line back =
        new Line(new double[] {0, 1, 2, 3, 1.5}, new double[] {0, 0, 0, 0, 0}, false)
            .thinned(1, 1, 0.1);
    assertEquals(List.of(0.0, 3.0, 1.5), Arrays.stream(back.x()).boxed().toList());
    Line gap =
        new Line(new double[] {0, 1, 2}, new double[] {0, Double.NaN, 0}, false).thinned(1, 1, 9);
    assertEquals(3, gap.x().length);
  }
}
