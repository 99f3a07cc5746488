package org.nabla4j.cli;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;

/**
 * What an axis shows, and how its ticks are labelled.
 *
 * @param low its lower end
 * @param high its upper end, &gt; low
 */
record AxisRange(double low, double high) {

  /** Room beyond the outermost values, of the range. */
  private static final double MARGIN = 0.03;

  /** A range below this part of the values is rounding, and too narrow for ticks. */
  private static final double NARROWEST = 1e-12;

  /** From here on a label has an exponent. */
  private static final double LARGE = 1e7;

  /** A shorter axis is scaled. */
  private static final double SHORT = 1e-3;

  /** Most decimals of a label without an exponent. */
  private static final int MOST_DECIMALS = 6;

  /** A range that holds all the finite values with some room around them. */
  static AxisRange of(double... values) {
    double low = Arrays.stream(values).filter(Double::isFinite).min().orElse(0);
    double high = Arrays.stream(values).filter(Double::isFinite).max().orElse(1);
    double size = Math.max(Math.abs(low), Math.abs(high));
    // Halves, since the whole may overflow.
    double half = high / 2 - low / 2;
    double least = Math.max(NARROWEST * size, Double.MIN_NORMAL / NARROWEST);
    if (half < least) {
      double room = size == 0 ? 1 : Math.max(least, 0.01 * size);
      return new AxisRange(low - room, high + room);
    }
    double room = 2 * MARGIN * half;
    return new AxisRange(
        Math.max(low - room, -Double.MAX_VALUE), Math.min(high + room, Double.MAX_VALUE));
  }

  /** A range that holds the finite values of both. */
  static AxisRange of(double[] values, double[] others) {
    double[] all = Arrays.copyOf(values, values.length + others.length);
    System.arraycopy(others, 0, all, values.length, others.length);
    return of(all);
  }

  /**
   * What values are divided by before they are drawn: a chart has no ticks on a very short axis.
   *
   * @return a power of ten, 1 unless the axis is short
   */
  double scale() {
    double length = high - low;
    return length >= SHORT ? 1 : Math.pow(10, Math.floor(Math.log10(length)));
  }

  /** Values as they are drawn. */
  double[] drawn(double[] values) {
    double scale = scale();
    return scale == 1 ? values : Arrays.stream(values).map(value -> value / scale).toArray();
  }

  /**
   * The label of a tick: as many decimals as neighbouring ticks need to differ, no rounding errors
   * of their places.
   *
   * @param tick a place on the axis
   * @return its label
   */
  String label(double tick) {
    // Ticks are at least a fiftieth of the range apart, on steps of 1, 2 or 5 times a power of ten.
    int decimals = -(int) Math.floor(Math.log10((high / 2 - low / 2) / 25));
    BigDecimal rounded = new BigDecimal(tick).setScale(decimals, RoundingMode.HALF_EVEN);
    if (rounded.signum() == 0) {
      return "0";
    }
    BigDecimal shown = rounded.stripTrailingZeros();
    if (Math.max(Math.abs(low), Math.abs(high)) < LARGE && decimals <= MOST_DECIMALS) {
      return shown.toPlainString();
    }
    int exponent = shown.precision() - shown.scale() - 1;
    return shown.movePointLeft(exponent).toPlainString() + "e" + exponent;
  }
}
