package org.nabla4j.cpu.minimize;

import java.util.Arrays;
import org.nabla4j.cpu.algebra.Cholesky;
import org.nabla4j.cpu.algebra.SymmetricEigen;
import org.nabla4j.cpu.algebra.Vectors;

/**
 * Minimises the quadratic model m(s) = gᵀs + ½sᵀAs in a ball ‖s‖ ≤ Δ, where A may be indefinite.
 *
 * <p>A minimiser is a step with (A + λI)s = −g, A + λI positive semidefinite, λ ≥ 0 and λ(Δ − ‖s‖)
 * = 0. Where A is positive definite and −A⁻¹g is inside, that is the step; otherwise λ is the root
 * of 1/Δ − 1/‖s(λ)‖, taken from the eigenvalues of A. Where no λ reaches the boundary (the hard
 * case: g has no part along the eigenvector of the least eigenvalue) that eigenvector completes the
 * step.
 *
 * <p>Reference: J. J. Moré, D. C. Sorensen (1983), SIAM Journal on Scientific and Statistical
 * Computing 4, 553-572.
 */
final class TrustRegionModel {

  /** Rounding of eigenvalues, relative to the largest, for each row. */
  private static final double ROUNDING = 8 * 0x1p-52;

  /** A root λ is found when ‖s‖ is this close to Δ, relatively. */
  private static final double RADIUS_ACCURACY = 1e-10;

  private static final int MOST_STEPS = 100;

  private final SymmetricEigen eigen;
  private final double[] factor;
  private final double[] along;
  private int m;
  private double[] step;
  private double reduction;
  private double length;
  private boolean atBoundary;
  private double least;
  private double largest;

  /**
   * Prepares for models.
   *
   * @param most the most parameters
   */
  TrustRegionModel(int most) {
    eigen = new SymmetricEigen(most);
    factor = new double[most * most];
    along = new double[most];
    step = new double[most];
  }

  /**
   * Finds the step.
   *
   * @param a A by rows, {@code [size, size]}, both triangles; not modified
   * @param g gradient; not modified
   * @param size m parameters
   * @param radius Δ &gt; 0, may be infinite if A is positive definite
   * @param s receives the step
   */
  void minimise(double[] a, double[] g, int size, double radius, double[] s) {
    m = size;
    step = s;
    if (factorise(a) && newton(g) && length <= radius) {
      atBoundary = false;
      return;
    }
    decompose(a);
    for (int i = 0; i < m; i++) {
      along[i] = eigen.component(i, g);
    }
    if (!interior(g, radius)) {
      boundary(g, radius);
    }
  }

  /** −m(s) of the step, the predicted reduction. */
  double reduction() {
    return reduction;
  }

  /** ‖s‖. */
  double length() {
    return length;
  }

  /** Whether the step ends on the boundary of the ball. */
  boolean atBoundary() {
    return atBoundary;
  }

  /** Whether A has no negative eigenvalue beyond rounding. */
  boolean isPositiveSemidefinite(double[] a, int size, double tolerance) {
    m = size;
    if (factorise(a)) {
      return true;
    }
    decompose(a);
    return least >= -tolerance * largest;
  }

  private void decompose(double[] a) {
    eigen.decompose(a, m);
    least = m > 0 ? eigen.value(0) : 0;
    largest = m > 0 ? Math.max(Math.abs(least), Math.abs(eigen.value(m - 1))) : 0;
  }

  /** LLᵀ = A; false where a pivot is not positive beyond rounding. */
  private boolean factorise(double[] a) {
    return Cholesky.factor(m, a, ROUNDING * m, 0, factor);
  }

  /** The step −A⁻¹g by the factor. */
  private boolean newton(double[] g) {
    reduction = Cholesky.solveNegative(m, factor, g, step);
    length = Vectors.norm(step, m);
    return length <= Double.MAX_VALUE;
  }

  /** The least-norm minimiser of a model that has one, if it is inside. */
  private boolean interior(double[] g, double radius) {
    double zero = ROUNDING * m * largest;
    double none = ROUNDING * m * Vectors.norm(g, m);
    double square = 0; // (‖s‖/Δ)²
    for (int i = 0; i < m; i++) {
      double mu = eigen.value(i);
      if (mu < -zero || (mu <= zero && Math.abs(along[i]) > none)) {
        return false;
      }
      if (mu > zero) {
        double c = along[i] / mu / radius;
        square += c * c;
      }
    }
    if (!(square <= 1)) {
      return false;
    }
    Arrays.fill(step, 0, m, 0);
    reduction = 0;
    for (int i = 0; i < m; i++) {
      double mu = eigen.value(i);
      if (mu > zero) {
        eigen.add(i, -along[i] / mu, step);
        reduction += 0.5 * along[i] * (along[i] / mu);
      }
    }
    length = radius * Math.sqrt(square);
    atBoundary = false;
    return true;
  }

  /**
   * The step on the boundary. With t = λ + μ₁ ≥ max(0, μ₁) the denominators are t + (μᵢ − μ₁),
   * without cancellation.
   */
  private void boundary(double[] g, double radius) {
    atBoundary = true;
    double tiny = ROUNDING * Math.max(largest, Double.MIN_NORMAL);
    double low = Math.max(Math.max(least, 0), tiny);
    low = Math.max(low, Math.abs(along[0]) / radius); // ‖s‖ ≥ |γ₁|/t
    double high = Math.max(low, Vectors.norm(g, m) / radius); // ‖s‖ ≤ ‖g‖/t
    double t = low;
    double size = lengthAt(t, radius);
    if (size > 1) {
      for (int k = 0; k < MOST_STEPS && Math.abs(size - 1) > RADIUS_ACCURACY; k++) {
        if (size > 1) {
          low = t;
        } else {
          high = t;
        }
        double next = t + (size - 1) * (size * size / slopeAt(t, radius));
        t = next > low && next < high ? next : 0.5 * (low + high);
        size = lengthAt(t, radius);
      }
    }
    Arrays.fill(step, 0, m, 0);
    for (int i = 0; i < m; i++) {
      eigen.add(i, -along[i] / (t + (eigen.value(i) - least)), step);
    }
    length = Vectors.norm(step, m);
    boolean inside = length < radius * (1 - RADIUS_ACCURACY);
    if (inside && least < -ROUNDING * m * largest) { // the hard case
      double dot = eigen.component(0, step);
      double root = Math.hypot(dot, Math.sqrt(radius - length) * Math.sqrt(radius + length));
      // of both roots of ‖s + τv₁‖ = Δ the one on the side that lowers gᵀs
      double tau = dot > 0 || (dot == 0 && along[0] <= 0) ? root - dot : -root - dot;
      eigen.add(0, tau, step);
      length = radius;
    } else if (inside) {
      atBoundary = false;
    } else if (length > radius) {
      for (int i = 0; i < m; i++) {
        step[i] *= radius / length;
      }
      length = radius;
    }
    reduction = 0;
    for (int i = 0; i < m; i++) {
      double c = eigen.component(i, step);
      reduction -= along[i] * c + 0.5 * eigen.value(i) * c * c;
    }
  }

  /** ‖s‖/Δ. */
  private double lengthAt(double t, double radius) {
    double sum = 0;
    for (int i = 0; i < m; i++) {
      double c = along[i] / (t + (eigen.value(i) - least)) / radius;
      sum += c * c;
    }
    return Math.sqrt(sum);
  }

  /** −½·d(‖s‖/Δ)²/dt. */
  private double slopeAt(double t, double radius) {
    double sum = 0;
    for (int i = 0; i < m; i++) {
      double d = t + (eigen.value(i) - least);
      double c = along[i] / d / radius;
      sum += c * c / d;
    }
    return sum;
  }
}
