package org.nabla4j.cpu.codegen;

import org.nabla4j.expression.ScalarMath;

/**
 * Functions at arguments where lane arithmetic would need tables or long loops, such as the sine of
 * huge numbers: computed one lane at a time. Generated code calls this only when a lane needs it.
 */
final class SlowPaths {

  private SlowPaths() {}

  /** Replaces each x by the function of x and y; a function of one argument ignores y. */
  static void apply(String function, double[] x, double[] y) {
    for (int l = 0; l < x.length; l++) {
      x[l] = apply(function, x[l], y[l]);
    }
  }

  /** The same for float, computed in double. */
  static void apply(String function, float[] x, float[] y) {
    for (int l = 0; l < x.length; l++) {
      x[l] = apply(function, x[l], y[l]);
    }
  }

  static float apply(String function, float x, float y) {
    return (float) apply(function, (double) x, (double) y);
  }

  static double apply(String function, double x, double y) {
    return switch (function) {
      case "sin" -> StrictMath.sin(x);
      case "cos" -> StrictMath.cos(x);
      case "tan" -> StrictMath.tan(x);
      case "pow" -> StrictMath.pow(x, y);
      case "lgamma" -> ScalarMath.logGamma(x);
      case "digamma" -> ScalarMath.digamma(x);
      case "trigamma" -> ScalarMath.trigamma(x);
      default -> throw new IllegalArgumentException("function = " + function + " is not known");
    };
  }
}
