package org.nabla4j.cpu.minimize;

import org.nabla4j.cpu.algebra.Vectors;
import org.nabla4j.method.LimitedMemoryBfgs;

/**
 * Steps along -H·∇f, with H the inverse BFGS matrix of the last m steps s and changes y of the
 * gradient, by the two-loop recursion (Nocedal 1980):
 *
 * <pre>
 *   q ← ∇f;  newest to oldest: a_i ← s_iᵀq / s_iᵀy_i,  q ← q - a_i·y_i
 *   r ← γ·q, γ = sᵀy / yᵀy of the newest
 *   oldest to newest: r ← r + (a_i - y_iᵀr / s_iᵀy_i)·s_i;  d ← -r
 * </pre>
 *
 * <p>With bounds the recursion runs over the parameters that are free alone: those that the
 * gradient pushes against a bound stay (two metrics, Bertsekas 1982), and pairs without positive
 * curvature among the free ones are passed over.
 */
final class LimitedMemorySteps extends LineSteps {

  private final int memory;
  private final double[][] s;
  private final double[][] y;

  /** sᵀy over the free parameters, 0 for a pair that is passed over. */
  private final double[] curvature;

  private final double[] share;
  private int held;
  private int newest = -1;

  /** 1 for a free parameter, 0 for one that is held; null without bounds. */
  private final double[] free;

  LimitedMemorySteps(LimitedMemoryBfgs method, double[] start, double[] lower, double[] upper) {
    super(start, lower, upper, 1e-4, 0.9);
    this.memory = method.memory();
    this.s = new double[memory][];
    this.y = new double[memory][];
    this.curvature = new double[memory];
    this.share = new double[memory];
    this.free = lower == null && upper == null ? null : new double[start.length];
  }

  @Override
  void remember() {
    int next = (newest + 1) % memory;
    if (s[next] == null) {
      s[next] = new double[theta.length];
      y[next] = new double[theta.length];
    }
    double[] step = s[next];
    double[] change = y[next];
    for (int j = 0; j < step.length; j++) {
      step[j] = theta[j] - thetaBefore[j];
      change[j] = gradient[j] - gradientBefore[j];
    }
    double product = Vectors.dot(step, change);
    if (isCurved(product, Vectors.norm(step), Vectors.norm(change))) {
      newest = next;
      held = Math.min(held + 1, memory);
      curvature[next] = product;
    }
  }

  @Override
  void forget() {
    held = 0;
    newest = -1;
  }

  @Override
  boolean direct() {
    if (held == 0) {
      return false;
    }
    double scale = free == null ? scale() : restrict();
    if (!(scale > 0)) {
      return false;
    }
    double[] q = direction;
    if (free == null) {
      System.arraycopy(gradient, 0, q, 0, q.length);
    } else {
      for (int j = 0; j < q.length; j++) {
        q[j] = free[j] * gradient[j];
      }
    }
    double product = Vectors.dot(s[newest], q);
    for (int k = 0; k < held; k++) {
      int i = index(k);
      share[i] = curvature[i] > 0 ? product / curvature[i] : 0;
      product = subtract(share[i], y[i], q, k + 1 < held ? s[index(k + 1)] : y[i]);
    }
    for (int j = 0; j < q.length; j++) {
      q[j] *= -scale;
    }
    // What was y_oldestᵀq before q was scaled.
    product *= -scale;
    for (int k = held - 1; k >= 0; k--) {
      int i = index(k);
      double b = curvature[i] > 0 ? -share[i] - product / curvature[i] : 0;
      product = subtract(-b, s[i], q, k > 0 ? y[index(k - 1)] : gradient);
    }
    return true;
  }

  /** Where the pair stands that is k steps older than the newest. */
  private int index(int k) {
    return Math.floorMod(newest - k, memory);
  }

  /** γ = sᵀy / yᵀy of the newest pair. */
  private double scale() {
    double length = Vectors.norm(y[newest]); // its square may overflow
    return curvature[newest] / length / length;
  }

  /** Finds what is free and the curvature there; γ of the newest pair that has some, or 0. */
  private double restrict() {
    for (int j = 0; j < free.length; j++) {
      free[j] = projected(j, theta, gradient) == 0 && isAtBound(j) ? 0 : 1;
    }
    double scale = 0;
    for (int k = 0; k < held; k++) {
      double[] step = s[index(k)];
      double[] change = y[index(k)];
      double sy = 0;
      double ss = 0;
      double yy = 0;
      double unit = Vectors.norm(change); // so that no square overflows
      unit = unit > 0 ? unit : 1;
      for (int j = 0; j < free.length; j++) {
        double a = free[j] * step[j];
        double b = free[j] * change[j] / unit;
        sy += a * b;
        ss += a * a;
        yy += b * b;
      }
      boolean curved = isCurved(sy, Math.sqrt(ss), Math.sqrt(yy)) && sy * unit <= Double.MAX_VALUE;
      curvature[index(k)] = curved ? sy * unit : 0;
      if (curved && scale == 0) {
        scale = sy / yy / unit;
      }
    }
    return scale;
  }

  private boolean isAtBound(int j) {
    return (lower != null && theta[j] <= lower[j]) || (upper != null && theta[j] >= upper[j]);
  }

  /** q ← q - c·v over the free parameters; nextᵀq. */
  private double subtract(double c, double[] v, double[] q, double[] next) {
    if (free == null) {
      return subtractAll(c, v, q, next);
    }
    double sum = 0;
    for (int j = 0; j < q.length; j++) {
      q[j] -= c * v[j] * free[j];
      sum += next[j] * q[j];
    }
    return sum;
  }

  private static double subtractAll(double c, double[] v, double[] q, double[] next) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int n = q.length;
    int j = 0;
    for (; j < n - 3; j += 4) {
      double q0 = q[j] - c * v[j];
      double q1 = q[j + 1] - c * v[j + 1];
      double q2 = q[j + 2] - c * v[j + 2];
      double q3 = q[j + 3] - c * v[j + 3];
      q[j] = q0;
      q[j + 1] = q1;
      q[j + 2] = q2;
      q[j + 3] = q3;
      s0 += next[j] * q0;
      s1 += next[j + 1] * q1;
      s2 += next[j + 2] * q2;
      s3 += next[j + 3] * q3;
    }
    for (; j < n; j++) {
      q[j] -= c * v[j];
      s0 += next[j] * q[j];
    }
    return (s0 + s1) + (s2 + s3);
  }

  @Override
  double firstStep(double slope) {
    return held > 0 ? 1 : 4 * lastStep; // without curvature to go by, farther each time
  }
}
