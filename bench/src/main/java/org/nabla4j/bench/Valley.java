package org.nabla4j.bench;

import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Chained Rosenbrock functions: curved valleys, each coordinate at the bottom of its neighbour's.
 *
 * <pre>f(x) = Σ_j 100·(x_{j+1} − x_j²)² + (1 − x_j)²,    j = 1..p−1</pre>
 *
 * <p>Written by hand for the peers, who get exact derivatives too.
 */
public enum Valley {
  /** Rosenbrock's own function. */
  ROSENBROCK_2(2),
  /** Eight coordinates; there is a second local minimum near x1 = −1. */
  ROSENBROCK_8(8);

  /** Half the width of the cube that starts are spread over. */
  private static final double WIDTH = 2;

  private final int parameters;

  Valley(int parameters) {
    this.parameters = parameters;
  }

  /**
   * Number of coordinates.
   *
   * @return p
   */
  public int parameters() {
    return parameters;
  }

  /**
   * What tables call it.
   *
   * @return such as {@code Rosenbrock, p = 2}
   */
  public String title() {
    return (parameters > 2 ? "chained Rosenbrock" : "Rosenbrock") + ", p = " + parameters;
  }

  /** The formula, of x1 to xp. */
  String formula() {
    StringBuilder text = new StringBuilder();
    for (int j = 1; j < parameters; j++) {
      text.append(j > 1 ? " + " : "")
          .append(String.format(Locale.ROOT, "100*(x%d-x%d^2)^2 + (1-x%d)^2", j + 1, j, j));
    }
    return text.toString();
  }

  /** Rows of start values, spread evenly at random. */
  double[][] starts(int count) {
    SplittableRandom random = new SplittableRandom(11);
    double[][] starts = new double[count][parameters];
    for (double[] start : starts) {
      for (int j = 0; j < parameters; j++) {
        start[j] = WIDTH * (2 * random.nextDouble() - 1);
      }
    }
    return starts;
  }

  double value(double[] x) {
    double sum = 0;
    for (int j = 0; j + 1 < x.length; j++) {
      double u = x[j + 1] - x[j] * x[j];
      double v = 1 - x[j];
      sum += 100 * u * u + v * v;
    }
    return sum;
  }

  /** ∇f into {@code g}. */
  void gradient(double[] x, double[] g) {
    Arrays.fill(g, 0);
    for (int j = 0; j + 1 < x.length; j++) {
      double u = x[j + 1] - x[j] * x[j];
      g[j] += -400 * x[j] * u - 2 * (1 - x[j]);
      g[j + 1] += 200 * u;
    }
  }

  /** The Hessian into {@code h}, whose entries away from the diagonal and its neighbours stay. */
  void hessian(double[] x, double[][] h) {
    for (int j = 0; j < x.length; j++) {
      h[j][j] = 0;
    }
    for (int j = 0; j + 1 < x.length; j++) {
      h[j][j] += 1200 * x[j] * x[j] - 400 * x[j + 1] + 2;
      h[j + 1][j + 1] += 200;
      h[j + 1][j] = -400 * x[j];
      h[j][j + 1] = h[j + 1][j];
    }
  }

  /** max_j |g_j|·max(|x_j|, 1) / max(|f|, 1). */
  double relativeGradient(double[] x) {
    double[] g = new double[x.length];
    gradient(x, g);
    double largest = 0;
    for (int j = 0; j < x.length; j++) {
      double entry = Math.abs(g[j]) * Math.max(Math.abs(x[j]), 1);
      largest = entry >= 0 ? Math.max(largest, entry) : Double.POSITIVE_INFINITY;
    }
    return largest / Math.max(Math.abs(value(x)), 1);
  }

  /**
   * Operations of an iteration that any code must do that works with the exact Hessian: f, ∇f and H
   * with common parts computed once, LDLᵀ of the tridiagonal H, and the solution; a multiply-add
   * counts two. Damping, tests and moving data count nothing.
   */
  double flops() {
    // for each link: x², u, u², v², 100·u², x·u, 3 for ∇f, 3 for H, 5 sums
    double evaluation = 18.0 * (parameters - 1);
    // pivots, L, forward, diagonal, back
    double solution = 3.0 * (parameters - 1) + 4.0 * (parameters - 1) + 2.0 * parameters;
    return evaluation + solution;
  }
}
