package org.nabla4j.cli;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/**
 * The values whose contour lines show a function: round numbers, equally far apart on a slope, like
 * squares around a minimum, and where the function is much steeper in some places than in others as
 * round parts of powers of ten above its least value.
 */
final class ContourLevels {

  /** Most levels, about. */
  private static final int COUNT = 12;

  /** Part of the area that may lie above the highest level, where a pole would take them all. */
  private static final double ABOVE = 0.03;

  /** Part of the area within the lowest level. */
  private static final double BELOW = 0.002;

  /** The ratio of the heights that bound these parts is 485 for a paraboloid, less for a slope. */
  private static final double ROUND = 200;

  private static final double STEEP = 2000;

  /** A value that is less of a step below a multiple is that multiple. */
  private static final double NEAR = 1e-3;

  /** The most steps per power of ten to the fewest; the last are powers of 100. */
  private static final double[][] MANTISSAS = {{1, 2, 5}, {1, 3}, {1}};

  /** Exponents that a label does not need. */
  private static final int LEAST_PLAIN = -4;

  private static final int MOST_PLAIN = 5;

  private static final int DIGITS = 5;

  private ContourLevels() {}

  /**
   * Chooses levels.
   *
   * @param values of the function on a grid; not modified
   * @return ascending; none if the function is constant or nowhere finite
   */
  static List<BigDecimal> of(double[] values) {
    double[] sorted = Arrays.stream(values).filter(Double::isFinite).sorted().toArray();
    if (sorted.length < 2) {
      return List.of();
    }
    double base = sorted[0];
    double top = sorted[(int) ((1 - ABOVE) * (sorted.length - 1))];
    double bottom = sorted[(int) Math.ceil(BELOW * (sorted.length - 1))];
    double height = top - base;
    double least = Math.max(bottom - base, height * 1e-12);
    if (!(height > 1e-9 * Math.max(Math.abs(base), Math.abs(top))) || Double.isInfinite(height)) {
      return List.of();
    }
    double ratio = height / least;
    return ratio > STEEP
        ? powers(base, height, least)
        : ratio > ROUND ? squares(base, top) : even(base, top);
  }

  private static List<BigDecimal> even(double base, double top) {
    BigDecimal step = step((top - base) / COUNT);
    BigDecimal first = multiple(base, step);
    List<BigDecimal> levels = new ArrayList<>();
    for (BigDecimal level = first.add(step); level.doubleValue() <= top; level = level.add(step)) {
      levels.add(level.stripTrailingZeros());
    }
    return levels;
  }

  /** Of a paraboloid they are rings at equal distances. */
  private static List<BigDecimal> squares(double base, double top) {
    BigDecimal step = step((top - base) / (COUNT * COUNT));
    BigDecimal first = multiple(base, step);
    List<BigDecimal> levels = new ArrayList<>();
    for (int k = 1; ; k++) {
      BigDecimal level = first.add(step.multiply(BigDecimal.valueOf((long) k * k)));
      if (level.doubleValue() > top) {
        return levels;
      }
      levels.add(level.stripTrailingZeros());
    }
  }

  /** The next larger one of 1, 2 and 5 times a power of ten. */
  private static BigDecimal step(double rough) {
    int exponent = (int) Math.floor(Math.log10(rough));
    double mantissa = rough / Math.pow(10, exponent);
    int step = mantissa <= 1 ? 1 : mantissa <= 2 ? 2 : mantissa <= 5 ? 5 : 10;
    return BigDecimal.valueOf(step).scaleByPowerOfTen(exponent);
  }

  /** The largest multiple of a step that is not above a value; rounding may be. */
  private static BigDecimal multiple(double value, BigDecimal step) {
    BigDecimal nearest =
        new BigDecimal(value).divide(step, 0, RoundingMode.HALF_EVEN).multiply(step);
    double distance = Math.abs(nearest.doubleValue() - value);
    return distance <= NEAR * step.doubleValue()
        ? nearest
        : new BigDecimal(value).divide(step, 0, RoundingMode.FLOOR).multiply(step);
  }

  private static List<BigDecimal> powers(double base, double height, double least) {
    int low = (int) Math.floor(Math.log10(least));
    int high = (int) Math.floor(Math.log10(height));
    int decades = high - low + 1;
    int choice = 0;
    while (choice < MANTISSAS.length - 1 && MANTISSAS[choice].length * decades > COUNT + 3) {
      choice++;
    }
    int stride = Math.max(1, decades / COUNT);
    TreeSet<BigDecimal> levels = new TreeSet<>();
    for (int exponent = low; exponent <= high; exponent += stride) {
      for (double mantissa : MANTISSAS[choice]) {
        double above = mantissa * Math.pow(10, exponent);
        if (above >= least && above <= height) {
          // Round on the scale of its distance from the least value.
          levels.add(
              new BigDecimal(base)
                  .add(BigDecimal.valueOf(mantissa).scaleByPowerOfTen(exponent))
                  .setScale(-exponent, RoundingMode.HALF_EVEN)
                  .stripTrailingZeros());
        }
      }
    }
    return List.copyOf(levels);
  }

  /** A level for people. */
  static String label(BigDecimal level) {
    if (level.signum() == 0) {
      return "0";
    }
    int exponent = level.precision() - level.scale() - 1;
    if (exponent >= LEAST_PLAIN && exponent <= MOST_PLAIN) {
      return level.toPlainString();
    }
    return level.movePointLeft(exponent).stripTrailingZeros().toPlainString() + "e" + exponent;
  }

  /** Any value for people, with a few digits. */
  static String label(double value) {
    return Double.isFinite(value)
        ? label(new BigDecimal(value).round(new MathContext(DIGITS)).stripTrailingZeros())
        : Double.toString(value);
  }
}
