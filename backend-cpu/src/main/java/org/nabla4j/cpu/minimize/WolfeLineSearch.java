package org.nabla4j.cpu.minimize;

/**
 * Finds a step α &gt; 0 along a direction d of descent that meets the strong Wolfe conditions, with
 * φ(α) = f(θ + α·d) and φ'(α) = ∇f(θ + α·d)ᵀd:
 *
 * <pre>
 *   φ(α) ≤ φ(0) + μ·α·φ'(0)        sufficient decrease
 *   |φ'(α)| ≤ η·|φ'(0)|            curvature
 * </pre>
 *
 * <p>It does not call the objective; it says where it needs φ and φ' and is told:
 *
 * <pre>
 *   line.begin(f, slope, 1, largest);
 *   while (line.outcome() == Outcome.SEARCHING) {
 *     evaluate f and ∇f at θ + line.step()·d;
 *     if (line.tell(f, ∇fᵀd)) {
 *       keep this point with its value and gradient, in place of any kept before;
 *     }
 *   }
 *   the point kept last is at line.step(); nothing was kept if that is 0
 * </pre>
 *
 * <p>Steps at which φ or φ' is not finite are stepped back from. Where two values differ by
 * rounding alone, slopes say which is lower (in the spirit of Hager and Zhang 2005, section 1), so
 * that the search works to the end of what gradients can tell. An object can be used for one line
 * after another.
 *
 * <p>References: J. J. Moré, D. J. Thuente (1994), ACM Transactions on Mathematical Software 20,
 * 286-307; W. W. Hager, H. Zhang (2005), SIAM Journal on Optimization 16, 170-192.
 */
final class WolfeLineSearch {

  /** What has come of a line. */
  enum Outcome {
    /** {@link #step()} is to be evaluated. */
    SEARCHING,
    /** The step meets both conditions. */
    WOLFE,
    /** The largest step, or the edge of the domain: f has decreased and goes on to fall there. */
    LARGEST,
    /** Rounding or the limit of evaluations; the step is the lowest point seen, 0 if the start. */
    STALLED,
    /** f is −∞ or below −1e300 at the step. */
    UNBOUNDED
  }

  /** Below this, f is taken to fall without end. */
  static final double BOTTOM = -1e300;

  /** Relative differences of values below this are rounding: 16 units in the last place. */
  static final double ROUNDING = 16 * 0x1p-52;

  /**
   * A bracket that promises less than this share of φ(0) is given up after a few evaluations: sums
   * whose terms cancel lose that many digits.
   */
  private static final double HIDDEN_GAIN = 1e-10;

  private static final int FEW = 5;

  /** Width of the bracket, relative to its upper end, that counts as a point. */
  private static final double NARROW = 1e-12;

  /** Steps grow by at least and at most this times the last growth (Moré and Thuente, 4.1). */
  private static final double LEAST_GROWTH = 1.1;

  private static final double MOST_GROWTH = 4;

  /** Two steps must shrink the bracket to this share of it, or it is bisected. */
  private static final double SHRINKAGE = 0.66;

  private final double decrease;
  private final double curvature;
  private final int limit;

  private Outcome outcome = Outcome.STALLED;
  private double value0;
  private double slope0;
  private double noise;

  /** Noise relative to φ, as far as slopes have shown it; kept from line to line. */
  private double scatter = ROUNDING;

  private double largest;
  private double wall;
  private int evaluations;

  private boolean bracketed;
  private boolean firstStage;
  private double width;
  private double widthBefore;

  /** The lowest point so far, one end of the bracket. */
  private double stepX;

  private double valueX;
  private double slopeX;

  /** The other end of the bracket. */
  private double stepY;

  private double valueY;
  private double slopeY;

  private double step;

  /**
   * A search with given conditions.
   *
   * @param decrease μ, 0 &lt; μ &lt; η
   * @param curvature η &lt; 1
   * @param limit the most evaluations along a line, &gt; 0
   * @throws IllegalArgumentException if a number is out of range
   */
  WolfeLineSearch(double decrease, double curvature, int limit) {
    if (!(decrease > 0 && decrease < curvature && curvature < 1)) {
      throw new IllegalArgumentException(
          "decrease = "
              + decrease
              + ", curvature = "
              + curvature
              + ", expected 0 < decrease < curvature < 1");
    }
    if (limit < 1) {
      throw new IllegalArgumentException("limit = " + limit + ", expected > 0");
    }
    this.decrease = decrease;
    this.curvature = curvature;
    this.limit = limit;
  }

  /**
   * Begins a line.
   *
   * @param value φ(0), finite
   * @param slope φ'(0), finite and &lt; 0
   * @param first the first step to try, &gt; 0; cut to the largest
   * @param most the largest step, &gt; 0, for one up to a bound; may be infinite
   * @throws IllegalArgumentException if a number is out of range
   */
  void begin(double value, double slope, double first, double most) {
    if (!(slope < 0 && slope >= -Double.MAX_VALUE && Math.abs(value) <= Double.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "value = " + value + ", slope = " + slope + ", expected finite and slope < 0");
    }
    if (!(first > 0 && first <= Double.MAX_VALUE && most > 0)) {
      throw new IllegalArgumentException(
          "first = " + first + ", most = " + most + ", expected > 0, the first finite");
    }
    value0 = value;
    slope0 = slope;
    noise = scatter * Math.abs(value);
    largest = most;
    wall = Double.POSITIVE_INFINITY;
    evaluations = 0;
    bracketed = false;
    firstStage = true;
    width = Double.POSITIVE_INFINITY;
    widthBefore = Double.POSITIVE_INFINITY;
    stepX = 0;
    valueX = value;
    slopeX = slope;
    stepY = 0;
    valueY = value;
    slopeY = slope;
    step = Math.min(first, most);
    outcome = Outcome.SEARCHING;
  }

  /** What has come of the line. */
  Outcome outcome() {
    return outcome;
  }

  /** The step to evaluate; after the end, that of the point kept last, 0 if none was. */
  double step() {
    return step;
  }

  /** How often φ was evaluated along this line. */
  int evaluations() {
    return evaluations;
  }

  /**
   * Tells φ and φ' at {@link #step()}.
   *
   * @param value φ, not finite outside the domain
   * @param slope φ'; ignored where φ is not finite
   * @return whether the point is to be kept: it is accepted, or the lowest so far
   * @throws IllegalStateException if the line has ended
   */
  boolean tell(double value, double slope) {
    if (outcome != Outcome.SEARCHING) {
      throw new IllegalStateException("the line search has ended: " + outcome);
    }
    evaluations++;
    if (value < BOTTOM) {
      outcome = Outcome.UNBOUNDED;
      return true;
    }
    if (!(value <= Double.MAX_VALUE && Math.abs(slope) <= Double.MAX_VALUE)) {
      stepBack();
      return false;
    }
    learnNoise(value, slope);
    double f = value;
    boolean hidden = Math.abs(value - value0) <= noise;
    if (hidden && Math.abs(valueX - value0) <= noise) {
      // What rounding hides of φ, the trapezoidal rule tells from the slopes.
      f = valueX + 0.5 * (step - stepX) * (slope + slopeX);
    }
    double needed = value0 + decrease * step * slope0;
    boolean low = f <= needed || (hidden && f <= value0);
    if (low && Math.abs(slope) <= curvature * -slope0) {
      outcome = Outcome.WOLFE;
      return true;
    }
    if (low && !bracketed && slope <= decrease * slope0 && (step >= largest || atWall())) {
      outcome = Outcome.LARGEST;
      return true;
    }
    firstStage &= !(f <= needed && slope >= Math.min(decrease, curvature) * slope0);
    boolean kept = narrow(f, slope, needed);
    if (outcome == Outcome.SEARCHING
        && (evaluations >= limit
            || (bracketed && (isNarrow() || isHidden()))
            || !(step > 0)
            || step == stepX)) {
      outcome = Outcome.STALLED;
    }
    if (outcome == Outcome.STALLED) {
      step = stepX;
    }
    return kept;
  }

  /** Whether the edge of the domain is close beyond the step. */
  private boolean atWall() {
    return wall < Double.POSITIVE_INFINITY && wall - step <= 0.05 * wall;
  }

  private boolean isNarrow() {
    return Math.abs(stepY - stepX) <= NARROW * Math.max(stepX, stepY);
  }

  /**
   * What the slopes at both ends of a step cannot explain of the difference in φ is noise, if it is
   * little: where terms cancel, rounding is more than units in the last place.
   */
  private void learnNoise(double value, double slope) {
    double unexplained = Math.abs(value - value0 - 0.5 * step * (slope + slope0));
    double explicable = step * Math.max(Math.abs(slope), Math.abs(slope0));
    if (unexplained > 4 * explicable && unexplained <= HIDDEN_GAIN * Math.abs(value0)) {
      scatter = Math.max(scatter, 2 * unexplained / Math.abs(value0));
      noise = Math.max(noise, scatter * Math.abs(value0));
    }
  }

  /** Whether rounding of φ is a likely reason that no step is accepted. */
  private boolean isHidden() {
    double promised = Math.abs(slopeX) * Math.abs(stepY - stepX);
    return evaluations >= FEW && promised <= HIDDEN_GAIN * Math.abs(value0);
  }

  /** The point is outside the domain: the wall is at or before it. */
  private void stepBack() {
    if (bracketed) { // the hole is within the bracket: what lies beyond it is given up
      bracketed = false;
      width = Double.POSITIVE_INFINITY;
      widthBefore = Double.POSITIVE_INFINITY;
      if (stepY < stepX) {
        outcome = Outcome.STALLED;
      }
    }
    wall = step;
    largest = Math.min(largest, step);
    double share = stepX > 0 ? 0.5 : 0.1;
    step = stepX + share * (wall - stepX);
    if (evaluations >= limit || !(step > stepX) || step >= wall) {
      outcome = Outcome.STALLED;
    }
    if (outcome == Outcome.STALLED) {
      step = stepX;
    }
  }

  /** Updates the bracket with the point and finds the next step. */
  private boolean narrow(double f, double slope, double needed) {
    boolean kept;
    double next;
    // ψ(α) = φ(α) − μ·α·φ'(0) has a minimum that meets the decrease, until a point has met it.
    if (firstStage && f <= valueX && f > needed) {
      double tilt = decrease * slope0;
      valueX -= stepX * tilt;
      valueY -= stepY * tilt;
      slopeX -= tilt;
      slopeY -= tilt;
      next = trial(f - step * tilt, slope - tilt);
      kept = replace(f - step * tilt, slope - tilt);
      valueX += stepX * tilt;
      valueY += stepY * tilt;
      slopeX += tilt;
      slopeY += tilt;
    } else {
      next = trial(f, slope);
      kept = replace(f, slope);
    }
    if (bracketed) {
      double now = Math.abs(stepY - stepX);
      if (now >= SHRINKAGE * widthBefore) {
        next = stepX + 0.5 * (stepY - stepX);
      }
      widthBefore = width;
      width = now;
      double low = Math.min(stepX, stepY);
      double high = Math.max(stepX, stepY);
      if (!(next > low && next < high)) {
        next = low + 0.5 * (high - low);
      }
    } else {
      double most = wall < Double.POSITIVE_INFINITY ? 0.5 * (stepX + wall) : largest;
      next = Math.min(next, Math.min(most, Double.MAX_VALUE));
    }
    step = next;
    return kept;
  }

  /** The next step by the four cases of Moré and Thuente, section 4. */
  private double trial(double f, double slope) {
    double cubic;
    if (f > valueX) { // higher: there is a minimum between
      cubic = cubicMinimizer(stepX, valueX, slopeX, step, f, slope);
      double h = step - stepX;
      double quadratic = stepX + 0.5 * h * (slopeX / ((valueX - f) / h + slopeX));
      return Math.abs(cubic - stepX) < Math.abs(quadratic - stepX)
          ? cubic
          : cubic + 0.5 * (quadratic - cubic);
    }
    double secant = step + slope / (slope - slopeX) * (stepX - step);
    if (Math.signum(slope) * Math.signum(slopeX) < 0) { // lower, and the slope has changed sign
      cubic = cubicMinimizer(stepX, valueX, slopeX, step, f, slope);
      return Math.abs(cubic - step) > Math.abs(secant - step) ? cubic : secant;
    }
    double toward = Math.signum(step - stepX);
    if (Math.abs(slope) < Math.abs(slopeX)) { // lower and flatter: go on in the same direction
      cubic = cubicMinimizer(stepX, valueX, slopeX, step, f, slope);
      if (!((cubic - step) * toward > 0)) {
        cubic = bracketed ? stepY : step + MOST_GROWTH * (step - stepX);
      }
      if (bracketed) {
        double near = Math.abs(cubic - step) < Math.abs(secant - step) ? cubic : secant;
        double end = step + SHRINKAGE * (stepY - step);
        return toward > 0 ? Math.min(end, near) : Math.max(end, near);
      }
      double far = Math.abs(cubic - step) > Math.abs(secant - step) ? cubic : secant;
      double least = step + LEAST_GROWTH * (step - stepX);
      double most = step + MOST_GROWTH * (step - stepX);
      return Math.max(least, Math.min(most, far));
    }
    if (bracketed) { // lower and no flatter: the minimum lies towards the other end
      return cubicMinimizer(stepY, valueY, slopeY, step, f, slope);
    }
    return step + MOST_GROWTH * (step - stepX);
  }

  /** Puts the point in place of an end of the bracket; says whether it is the lowest now. */
  private boolean replace(double f, double slope) {
    if (f > valueX) {
      stepY = step;
      valueY = f;
      slopeY = slope;
      bracketed = true;
      return false;
    }
    if (Math.signum(slope) * Math.signum(slopeX) < 0) {
      stepY = stepX;
      valueY = valueX;
      slopeY = slopeX;
      bracketed = true;
    }
    stepX = step;
    valueX = f;
    slopeX = slope;
    return true;
  }

  /**
   * The local minimiser of the cubic through two points with their slopes, NaN if there is none.
   * With w = √(z² − a'·b') and z = 3(φ(a) − φ(b))/(b − a) + a' + b' it is b − (b − a)·(b' + w −
   * z)/(b' − a' + 2w); scaled, so that no square overflows.
   */
  private static double cubicMinimizer(
      double a, double valueA, double slopeA, double b, double valueB, double slopeB) {
    double z = 3 * (valueA - valueB) / (b - a) + slopeA + slopeB;
    double scale = Math.max(Math.abs(z), Math.max(Math.abs(slopeA), Math.abs(slopeB)));
    if (!(scale > 0)) {
      return b;
    }
    double root = scale * Math.sqrt(z / scale * (z / scale) - slopeA / scale * (slopeB / scale));
    double w = b > a ? root : -root;
    double denominator = slopeB - slopeA + 2 * w;
    return b - (b - a) * ((slopeB + w - z) / denominator);
  }
}
