package org.nabla4j.cli;

import java.util.Locale;

/** Reads and writes numbers as text. */
final class Numbers {

  private Numbers() {}

  /** Whether the text is a decimal number: nothing of what else Java's own reader takes. */
  static boolean isDecimal(String text) {
    boolean digit = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      digit |= c >= '0' && c <= '9';
      if (!(c >= '0' && c <= '9') && c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E') {
        return false;
      }
    }
    return digit;
  }

  /**
   * Reads a decimal number.
   *
   * @param text the number
   * @return its value; NaN if the text is none, ±∞ if it is too large
   */
  static double parse(String text) {
    if (!isDecimal(text)) {
      return Double.NaN;
    }
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  /** A value for people, with so many significant digits. */
  static String show(double value, int digits) {
    return String.format(Locale.ROOT, "%." + digits + "g", value);
  }

  /** A count with its thousands apart. */
  static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value).replace(',', ' ');
  }
}
