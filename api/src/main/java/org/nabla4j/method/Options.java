package org.nabla4j.method;

/** Checks that the options of several methods share; a message has name, value and constraint. */
final class Options {

  private Options() {}

  static double tolerance(String name, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(name + " = " + value + ", expected 0 <= " + name + " < 1");
    }
    return value;
  }

  static int limit(String name, int value) {
    if (value < 0) {
      throw new IllegalArgumentException(
          name + " = " + value + ", expected >= 0 (0 leaves it to the method)");
    }
    return value;
  }

  static int effectiveLimit(int limit, int parameters) {
    return limit > 0 ? limit : (int) Math.min(Integer.MAX_VALUE, 200L * (parameters + 1L));
  }

  static double positive(String name, double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(name + " = " + value + ", expected a finite value > 0");
    }
    return value;
  }
}
