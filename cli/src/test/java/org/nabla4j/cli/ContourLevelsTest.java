package org.nabla4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import org.junit.jupiter.api.Test;

class ContourLevelsTest {

  private static List<BigDecimal> levels(double half, DoubleBinaryOperator f) {
    int n = 101;
    double[] values = new double[n * n];
    for (int row = 0; row < n; row++) {
      for (int column = 0; column < n; column++) {
        values[row * n + column] =
            f.applyAsDouble(half * (2.0 * column / (n - 1) - 1), half * (2.0 * row / (n - 1) - 1));
      }
    }
    List<BigDecimal> levels = ContourLevels.of(values);
    for (int k = 0; k + 1 < levels.size(); k++) {
      assertTrue(levels.get(k).compareTo(levels.get(k + 1)) < 0, levels.toString());
    }
    double low = Arrays.stream(values).filter(Double::isFinite).min().orElseThrow();
    double high = Arrays.stream(values).filter(Double::isFinite).max().orElseThrow();
    for (BigDecimal level : levels) {
      assertTrue(level.doubleValue() > low && level.doubleValue() < high, levels.toString());
    }
    return levels;
  }

  private static List<String> labels(List<BigDecimal> levels) {
    return levels.stream().map(ContourLevels::label).toList();
  }

  @Test
  void aSlopeHasEvenLevels() {
    assertEquals(
        List.of("-1.5", "-1", "-0.5", "0", "0.5", "1", "1.5"), labels(levels(1, (x, y) -> x + y)));
    assertEquals(
        List.of("-1000000", "0", "1000000").size(),
        levels(1, (x, y) -> 1e6 * (x + y)).stream()
            .filter(
                level ->
                    level.abs().compareTo(BigDecimal.valueOf(1_000_000)) == 0
                        || level.signum() == 0)
            .count());
  }

  @Test
  void aBowlHasSquares() {
    assertEquals(
        List.of("2", "8", "18", "32", "50"),
        labels(levels(10, (x, y) -> x * x + y * y)).subList(0, 5));
  }

  @Test
  void aBowlWithAnOffsetHasRoundLevels() {
    List<String> labels = labels(levels(10, (x, y) -> x * x + y * y - 1.0316));
    assertTrue(labels.size() >= 5 && labels.size() <= 15, labels.toString());
    assertTrue(labels.stream().allMatch(label -> label.length() <= 4), labels.toString());
  }

  @Test
  void aValleyHasPowers() {
    List<String> labels =
        labels(levels(2, (x, y) -> 1000 * (y - x * x) * (y - x * x) + (1 - x) * (1 - x)));
    assertTrue(labels.containsAll(List.of("10", "100", "1000")), labels.toString());
    assertTrue(labels.size() >= 6 && labels.size() <= 16, labels.toString());
  }

  @Test
  void manyDecadesHaveNotManyLevels() {
    List<BigDecimal> levels = levels(10, (x, y) -> Math.exp(5 * (Math.abs(x) + Math.abs(y))));
    assertTrue(levels.size() >= 5 && levels.size() <= 20, levels.toString());
  }

  @Test
  void aPoleDoesNotTakeThemAll() {
    List<BigDecimal> levels = levels(1, (x, y) -> 1 / (x * x + y * y + 1e-9));
    assertTrue(levels.get(levels.size() - 1).doubleValue() < 1000, levels.toString());
    assertTrue(levels.size() >= 4, levels.toString());
  }

  @Test
  void whatHasNoHeightHasNone() {
    assertEquals(List.of(), ContourLevels.of(new double[] {2, 2, 2}));
    assertEquals(List.of(), ContourLevels.of(new double[] {Double.NaN, 1}));
    assertEquals(List.of(), ContourLevels.of(new double[0]));
    double[] rounding = {1e9, Math.nextUp(1e9), 1e9};
    assertEquals(List.of(), ContourLevels.of(rounding));
    double max = Double.MAX_VALUE;
    assertEquals(List.of(), ContourLevels.of(new double[] {-max, -max, max, max}));
  }

  @Test
  void labelsAreShort() {
    assertEquals("0", ContourLevels.label(new BigDecimal("0E+5")));
    assertEquals("2e7", ContourLevels.label(new BigDecimal("2E+7")));
    assertEquals("-1.5e-9", ContourLevels.label(new BigDecimal("-1.5E-9")));
    assertEquals("20000", ContourLevels.label(new BigDecimal("2E+4")));
    assertEquals("0.001", ContourLevels.label(new BigDecimal("0.001")));
    assertEquals("-1.0316", ContourLevels.label(-1.03162845));
    assertEquals("0.3", ContourLevels.label(0.1 + 0.2));
    assertEquals("0", ContourLevels.label(0.0));
    assertEquals("NaN", ContourLevels.label(Double.NaN));
  }
}
