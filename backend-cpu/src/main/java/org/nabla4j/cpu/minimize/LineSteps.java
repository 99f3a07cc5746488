package org.nabla4j.cpu.minimize;

import org.nabla4j.cpu.algebra.Vectors;

/** Steps along one direction of descent after another; f falls with each. */
abstract class LineSteps extends Steps {

  /** Smallest cosine between s and y that says something of the curvature. */
  private static final double SMALLEST_COSINE = 1e-14;

  private final BoundedLine line;

  /** The iterate before; the difference to it is the step. */
  double[] thetaBefore;

  double[] gradientBefore;

  /** f there. */
  double valueBefore;

  /** d, the direction of this step. */
  final double[] direction;

  /** ∇fᵀd at the beginning of the last line, and the step taken along it; 0 before the first. */
  double lastSlope;

  double lastStep;

  /** Whether the last step has met a bound. */
  boolean metBound;

  private boolean begun;
  private boolean steepest;

  /** Whether the line has begun with {@link #firstLength}, and not where the last one led. */
  private boolean fresh;

  /** Whether no direction of descent can be told from rounding. */
  private boolean lost;

  private double predicted;

  /**
   * Prepares the steps.
   *
   * @param start θ within the bounds; copied
   * @param lower lower bounds, or null
   * @param upper upper bounds, or null
   * @param decrease μ of the strong Wolfe conditions
   * @param curvature η of the strong Wolfe conditions
   */
  LineSteps(double[] start, double[] lower, double[] upper, double decrease, double curvature) {
    super(start, lower, upper);
    int p = start.length;
    this.line = new BoundedLine(p, lower, upper, decrease, curvature);
    this.direction = new double[p];
    this.thetaBefore = new double[p];
    this.gradientBefore = new double[p];
  }

  /**
   * Writes {@link #direction}. Components that point out of a bound are set to 0 afterwards.
   *
   * @return false to go along -∇f
   */
  abstract boolean direct();

  /** Learns from the step that has led to the iterate. */
  abstract void remember();

  /** Forgets all that was learnt. */
  abstract void forget();

  /** The first step to try along {@link #direction}. */
  abstract double firstStep(double slope);

  @Override
  final boolean monotone() {
    return true;
  }

  @Override
  final double[] point() {
    return begun && !lost ? line.point() : theta;
  }

  @Override
  final Outcome tell(double f, double[] g) {
    if (!begun) {
      begun = true;
      value = f;
      System.arraycopy(g, 0, gradient, 0, g.length);
      return Outcome.STEP;
    }
    if (lost) {
      return Outcome.STUCK;
    }
    if (line.tell(f, g)) {
      return Outcome.TRIAL;
    }
    if (line.hasMoved()) {
      double[] spare = thetaBefore;
      thetaBefore = theta;
      theta = line.takePoint(spare);
      spare = gradientBefore;
      gradientBefore = gradient;
      gradient = line.takeGradient(spare);
      valueBefore = value;
      value = line.value();
      lastStep = line.step();
      metBound = line.metBound();
      remember();
      return Outcome.STEP;
    }
    if (steepest && fresh) {
      return Outcome.STUCK;
    }
    double hoped = predicted;
    boolean knowing = !steepest;
    startOver();
    advance();
    predicted = knowing ? hoped : predicted; // the better measure: it knows the curvature
    return Outcome.TRIAL;
  }

  private void startOver() {
    forget();
    lastStep = 0;
  }

  @Override
  final void advance() {
    steepest = !direct();
    double slope = steepest ? goDown() : hold();
    double unit = 1;
    if (!isDescent(slope)) {
      startOver();
      steepest = true;
      slope = goDown();
      if (!isDescent(slope)) { // its square has under- or overflowed
        unit = largestComponent();
        Vectors.scale(1 / unit, direction);
        slope = Vectors.dot(gradient, direction);
      }
    }
    lost = !isDescent(slope);
    if (!lost) {
      fresh = lastStep == 0;
      double first = fresh ? unit * firstLength() : firstStep(slope);
      first = first > 0 && first < Double.POSITIVE_INFINITY ? first : 1;
      predicted = -slope * first;
      lastSlope = slope;
      line.begin(theta, value, gradient, direction, slope, first);
    }
  }

  private static boolean isDescent(double slope) {
    return slope < 0 && slope >= -Double.MAX_VALUE;
  }

  /**
   * Whether a step s and the change y of the gradient show positive curvature, beyond rounding.
   *
   * @param sy sᵀy
   * @param s ‖s‖
   * @param y ‖y‖
   */
  static boolean isCurved(double sy, double s, double y) {
    return sy > SMALLEST_COSINE * s * y && sy < Double.POSITIVE_INFINITY;
  }

  /** Writes the projected -∇f; ∇fᵀd. */
  private double goDown() {
    for (int j = 0; j < direction.length; j++) {
      direction[j] = -projected(j, theta, gradient);
    }
    return Vectors.dot(gradient, direction);
  }

  private double largestComponent() {
    double largest = 0;
    for (double component : direction) {
      largest = Math.max(largest, Math.abs(component));
    }
    return largest;
  }

  /** Sets components to 0 that point out of a bound; ∇fᵀd. */
  private double hold() {
    for (int j = 0; lower != null && j < direction.length; j++) {
      if (direction[j] < 0 && theta[j] <= lower[j]) {
        direction[j] = 0;
      }
    }
    for (int j = 0; upper != null && j < direction.length; j++) {
      if (direction[j] > 0 && theta[j] >= upper[j]) {
        direction[j] = 0;
      }
    }
    return Vectors.dot(gradient, direction);
  }

  @Override
  final double predicted(double[] at, double[] g) {
    return predicted;
  }

  @Override
  int patience() {
    return 20;
  }
}
