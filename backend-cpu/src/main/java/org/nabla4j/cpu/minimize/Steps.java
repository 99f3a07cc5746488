package org.nabla4j.cpu.minimize;

/**
 * Where a method that follows gradients goes next: proposes points, is told what is there, and says
 * when it has arrived at an iterate. {@link DescentSearch} does the rest.
 */
abstract class Steps {

  /** What has come of a point. */
  enum Outcome {
    /** Another point is to be evaluated. */
    TRIAL,
    /** The iterate has moved. */
    STEP,
    /** f is not finite there, and the method has no way back. */
    OUTSIDE,
    /** Rounding lets no step along -∇f lower f. */
    STUCK
  }

  final double[] lower;
  final double[] upper;
  double[] theta;
  double[] gradient;
  double value;

  /**
   * Prepares the steps.
   *
   * @param start θ within the bounds; copied
   * @param lower lower bounds, or null
   * @param upper upper bounds, or null
   */
  Steps(double[] start, double[] lower, double[] upper) {
    this.theta = start.clone();
    this.gradient = new double[start.length];
    this.lower = lower;
    this.upper = upper;
  }

  /** What is needed at {@link #point}. */
  Search.Need need() {
    return Search.Need.GRADIENT;
  }

  /** Where it is needed. */
  abstract double[] point();

  /** Tells f and ∇f of the point: the iterate, if the steps have not begun. */
  abstract Outcome tell(double f, double[] g);

  /** Proposes the first point of the next step. */
  abstract void advance();

  /** The iterate; valid until the next {@code tell}, as are its value and gradient. */
  final double[] theta() {
    return theta;
  }

  /** f at the iterate. */
  final double value() {
    return value;
  }

  /** ∇f at the iterate. */
  final double[] gradient() {
    return gradient;
  }

  /** Whether a further step is not worth while at an iterate with a small gradient. */
  boolean settled() {
    return true;
  }

  /** Whether no iterate is higher than the one before. */
  boolean monotone() {
    return false;
  }

  /** How many steps without a new lowest value show that these steps lead nowhere. */
  abstract int patience();

  /**
   * Goes back to an earlier iterate and takes shorter steps from there.
   *
   * @return false if these steps choose their own length: nothing is gained by going back
   */
  boolean retreat(double[] to, double f, double[] g) {
    return false;
  }

  /** By how much a step from a point with its gradient would lower f if f were linear. */
  abstract double predicted(double[] at, double[] g);

  /** The number within the bounds that is nearest. */
  final double project(int j, double x) {
    double y = lower == null ? x : Math.max(x, lower[j]);
    return upper == null ? y : Math.min(y, upper[j]);
  }

  /** The component of the gradient, 0 where it pushes θ against a bound. */
  final double projected(int j, double[] at, double[] g) {
    return Convergence.projected(j, at, g, lower, upper);
  }

  /**
   * A first length along -∇f: changes no parameter by more than a tenth of the largest, or of 1.
   */
  final double firstLength() {
    double largest = 1;
    double steepest = 0;
    for (int j = 0; j < theta.length; j++) {
      largest = Math.max(largest, Math.abs(theta[j]));
      steepest = Math.max(steepest, Math.abs(projected(j, theta, gradient)));
    }
    return steepest > 0 ? Math.min(0.1 * largest / steepest, 1e300) : 1;
  }

  /** Whether two points are the same but for rounding. */
  static boolean isSame(double[] a, double[] b) {
    for (int j = 0; j < a.length; j++) {
      if (Math.abs(a[j] - b[j]) > 0x1p-52 * Math.abs(a[j])) {
        return false;
      }
    }
    return true;
  }
}
