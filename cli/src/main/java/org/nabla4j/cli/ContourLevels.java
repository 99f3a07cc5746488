package org.nabla4j.cli;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/**
 * The values whose contour lines show a function: round numbers, equally far apart; or, where the
 * function is much steeper in some places than in others, as round parts of powers of ten above its
 * least value.
 */
final class ContourLevels {

  /** Most levels, about. */
  private static final int COUNT = 12;

  /** Part of the area that may lie above the highest level, where a pole would take them all. */
  private static final double ABOVE = 0.03;

  /** Part of the area within the lowest level. */
  private static final double BELOW = 0.002;

  /** Of a paraboloid the ratio of the heights that bound these parts is 500. */
  private static final double STEEP = 2000;

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
    return height / least > STEEP ? powers(base, height, least) : even(base, top);
  }

  private static List<BigDecimal> even(double base, double top) {
    double rough = (top - base) / COUNT;
    int exponent = (int) Math.floor(Math.log10(rough));
    double mantissa = rough / Math.pow(10, exponent);
    int step = mantissa <= 1 ? 1 : mantissa <= 2 ? 2 : mantissa <= 5 ? 5 : 10;
    BigDecimal size = BigDecimal.valueOf(step).scaleByPowerOfTen(exponent);
    List<BigDecimal> levels = new ArrayList<>();
    BigDecimal level =
        new BigDecimal(base).divide(size, 0, RoundingMode.FLOOR).add(BigDecimal.ONE).multiply(size);
    for (; level.doubleValue() <= top; level = level.add(size)) {
      levels.add(level.stripTrailingZeros());
    }
    return levels;
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
