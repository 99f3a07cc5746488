package org.nabla4j.method;

/** How options check their values. */
final class Checks {

  private Checks() {}

  /**
   * A tolerance where 0 turns its test off.
   *
   * @throws IllegalArgumentException unless 0 ≤ value &lt; 1
   */
  static double tolerance(String name, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(name + " = " + value + ", expected 0 <= " + name + " < 1");
    }
    return value;
  }

  /**
   * A tolerance that is always asked for.
   *
   * @throws IllegalArgumentException unless 0 &lt; value &lt; 1
   */
  static double positiveTolerance(String name, double value) {
    if (!(value > 0 && value < 1)) {
      throw new IllegalArgumentException(name + " = " + value + ", expected 0 < " + name + " < 1");
    }
    return value;
  }

  /**
   * A size.
   *
   * @throws IllegalArgumentException unless it is finite and &gt; 0
   */
  static double positive(String name, double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(name + " = " + value + ", expected a finite value > 0");
    }
    return value;
  }

  /**
   * A limit that 0 leaves to the method.
   *
   * @throws IllegalArgumentException if it is negative
   */
  static int limit(String name, int value) {
    if (value < 0) {
      throw new IllegalArgumentException(
          name + " = " + value + ", expected >= 0 (0 leaves it to the method)");
    }
    return value;
  }
}
