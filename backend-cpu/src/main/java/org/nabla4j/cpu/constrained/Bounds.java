package org.nabla4j.cpu.constrained;

import java.util.Arrays;

/** Bounds of the parameters, infinite where there is none. */
final class Bounds {

  private final double[] lower;
  private final double[] upper;

  private Bounds(double[] lower, double[] upper) {
    this.lower = lower;
    this.upper = upper;
  }

  /** From arrays that may be null. */
  static Bounds of(int p, double[] lower, double[] upper) {
    double[] low = new double[p];
    double[] high = new double[p];
    Arrays.fill(low, Double.NEGATIVE_INFINITY);
    Arrays.fill(high, Double.POSITIVE_INFINITY);
    if (lower != null) {
      System.arraycopy(lower, 0, low, 0, p);
    }
    if (upper != null) {
      System.arraycopy(upper, 0, high, 0, p);
    }
    return new Bounds(low, high);
  }

  /** Lower bounds, the array itself. */
  double[] lower() {
    return lower;
  }

  /** Upper bounds, the array itself. */
  double[] upper() {
    return upper;
  }

  /** Moves a parameter inside. */
  double clamp(int j, double value) {
    return Math.min(Math.max(value, lower[j]), upper[j]);
  }

  /** The nearest point inside. */
  double[] clamp(double[] theta) {
    double[] result = new double[theta.length];
    for (int j = 0; j < theta.length; j++) {
      result[j] = clamp(j, theta[j]);
    }
    return result;
  }

  /** Multiplier of the lower bound: the gradient of the Lagrangian where it pushes against it. */
  double lowerMultiplier(int j, double theta, double gradient) {
    return theta <= lower[j] ? Math.max(gradient, 0) : 0;
  }

  /** Multiplier of the upper bound: minus the gradient where it pushes against it. */
  double upperMultiplier(int j, double theta, double gradient) {
    return theta >= upper[j] ? Math.max(-gradient, 0) : 0;
  }

  /** What the bounds leave of a component of the gradient. */
  double rest(int j, double theta, double gradient) {
    return gradient - lowerMultiplier(j, theta, gradient) + upperMultiplier(j, theta, gradient);
  }
}
