package org.nabla4j.cpu.minimize;

import org.nabla4j.cpu.algebra.CholeskyUpdate;
import org.nabla4j.cpu.algebra.Vectors;
import org.nabla4j.method.Bfgs;

/**
 * Steps along −B⁻¹·∇f, with B the BFGS matrix, kept by {@link CholeskyUpdate}. After the first step
 * B is scaled to sᵀy/sᵀs (Shanno and Phua 1978), with s the step and y the change of the gradient.
 * The curvature that an update takes from y is that of a cubic at the end of the step (Biggs 1973,
 * Journal of the Institute of Mathematics and its Applications 12). Where y shows no positive
 * curvature, a mean of y and Bs takes its place (Powell 1978, Lecture Notes in Mathematics 630).
 *
 * <p>With bounds the system is solved over the parameters that are free alone: those that the
 * gradient pushes against a bound stay (Bertsekas 1982).
 */
final class BfgsSteps extends LineSteps {

  /** Least curvature of the mean, as a share of sᵀBs. */
  private static final double DAMPED = 0.2;

  /** Relative differences of f below this say nothing of its curvature. */
  private static final double HIDDEN = 1e-10;

  /** Most that the curvature of a cubic may differ from its mean. */
  private static final double LARGEST_SHARE = 3;

  /** A predicted gain below this share of f is not worth a step once the gradient is small. */
  private static final double SETTLED = 1e-9;

  /** The same as a share of all that has been gained since the start. */
  private static final double NOTHING_LEFT = 1e-13;

  /** Steps after the gradient has become small: superlinear convergence needs few. */
  private static final int MOST_POLISHING = 15;

  private final CholeskyUpdate matrix;
  private final double[] s;
  private final double[] y;
  private final double[] product;
  private boolean known;
  private double gain;
  private int polishing;

  /** With bounds: which parameters are free, their B and its factor. */
  private final int[] free;

  private final double[] reduced;

  BfgsSteps(Bfgs method, double[] start, double[] lower, double[] upper) {
    super(start, lower, upper, method.sufficientDecrease(), method.curvature());
    int p = start.length;
    this.matrix = new CholeskyUpdate(p);
    this.s = new double[p];
    this.y = new double[p];
    this.product = new double[p];
    boolean bounded = lower != null || upper != null;
    this.free = bounded ? new int[p] : null;
    this.reduced = bounded ? new double[p * p] : null;
  }

  @Override
  boolean direct() {
    if (!known) {
      return false;
    }
    if (free == null) {
      matrix.solveNegative(gradient, direction);
      return true;
    }
    return directFree();
  }

  /** B over the free parameters, factorised, and solved with their gradient. */
  private boolean directFree() {
    int m = 0;
    for (int j = 0; j < theta.length; j++) {
      direction[j] = 0;
      if (projected(j, theta, gradient) != 0) {
        free[m++] = j;
      }
    }
    if (m == theta.length) {
      matrix.solveNegative(gradient, direction);
      return true;
    }
    for (int a = 0; a < m; a++) {
      for (int b = 0; b <= a; b++) {
        double sum = matrix.entry(free[a], free[b]);
        for (int k = 0; k < b; k++) {
          sum -= reduced[a * m + k] * reduced[b * m + k];
        }
        if (a == b && !(sum > 0)) {
          return false;
        }
        reduced[a * m + b] = a == b ? Math.sqrt(sum) : sum / reduced[b * m + b];
      }
    }
    for (int a = 0; a < m; a++) {
      double sum = -gradient[free[a]];
      for (int k = 0; k < a; k++) {
        sum -= reduced[a * m + k] * product[k];
      }
      product[a] = sum / reduced[a * m + a];
    }
    for (int a = m - 1; a >= 0; a--) {
      double sum = product[a];
      for (int b = a + 1; b < m; b++) {
        sum -= reduced[b * m + a] * direction[free[b]];
      }
      direction[free[a]] = sum / reduced[a * m + a];
    }
    return true;
  }

  @Override
  void remember() {
    double sy = 0;
    double ss = 0;
    for (int j = 0; j < s.length; j++) {
      s[j] = theta[j] - thetaBefore[j];
      y[j] = gradient[j] - gradientBefore[j];
      sy += s[j] * y[j];
      ss += s[j] * s[j];
    }
    gain += -0.5 * (Vectors.dot(gradient, s) + Vectors.dot(gradientBefore, s));
    boolean curved = isCurved(sy, Math.sqrt(ss), Vectors.norm(y));
    if (!known) {
      double scale = sy / ss;
      if (!curved || !(scale > 0 && scale < Double.POSITIVE_INFINITY)) {
        return;
      }
      matrix.reset(scale);
      known = true;
    }
    if (!curved) {
      double curvature = matrix.multiply(s, product);
      double share = (1 - DAMPED) * curvature / (curvature - sy);
      if (!(share >= 0 && share <= 1)) {
        return;
      }
      for (int j = 0; j < s.length; j++) {
        y[j] = share * y[j] + (1 - share) * product[j];
      }
      sy = DAMPED * curvature;
    }
    if (curved && Math.abs(value - valueBefore) > HIDDEN * Math.abs(value)) {
      double share = cubicShare(sy);
      Vectors.scale(share, y);
      sy *= share;
    }
    if (sy > 0 && sy < Double.POSITIVE_INFINITY && !matrix.update(s, y, sy)) {
      known = false;
    }
  }

  /**
   * By how much the curvature at the end of the step differs from its mean over the step, sᵀy, if f
   * is a cubic between both ends: φ''(1) = 6(φ(0) − φ(1)) + 2φ'(0) + 4φ'(1).
   */
  private double cubicShare(double sy) {
    double share = 6 * (valueBefore - value + Vectors.dot(s, gradient)) / sy - 2;
    return Math.max(1 / LARGEST_SHARE, Math.min(LARGEST_SHARE, share));
  }

  @Override
  void forget() {
    known = false;
  }

  @Override
  double firstStep(double slope) {
    return known ? 1 : firstLength();
  }

  @Override
  boolean settled() {
    if (!known || polishing++ >= MOST_POLISHING || !direct()) {
      return true;
    }
    double predicted = -0.5 * Vectors.dot(gradient, direction);
    return !(predicted > SETTLED * Math.abs(value) && predicted > NOTHING_LEFT * gain);
  }
}
