package org.nabla4j.bench;

import java.util.Arrays;
import org.apache.commons.math3.exception.MathIllegalStateException;
import org.hipparchus.exception.MathRuntimeException;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.CholeskyDecomposition;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.RealVector;

/**
 * What minimisation is compared with: each minimises one problem at a time, with exact derivatives
 * written by hand. Neither library has Newton's method for minimisation; their best with an exact
 * gradient is nonlinear conjugate gradients, beside which stands Newton's method as a user would
 * write it with a library's linear algebra.
 */
public enum MinimizePeer {
  /** Newton's method in a loop, linear systems by Hipparchus's Cholesky decomposition. */
  NEWTON_LOOP("Newton by hand, Hipparchus's Cholesky") {
    @Override
    int minimize(Valley valley, double[] x) {
      return newton(valley, x);
    }
  },
  /** Commons Math's conjugate gradients (Polak and Ribière). */
  COMMONS_MATH("Commons Math, conjugate gradients") {
    @Override
    int minimize(Valley valley, double[] x) {
      return commonsMath(valley, x);
    }
  },
  /** Hipparchus's conjugate gradients (Polak and Ribière). */
  HIPPARCHUS("Hipparchus, conjugate gradients") {
    @Override
    int minimize(Valley valley, double[] x) {
      return hipparchus(valley, x);
    }
  };

  /** Relative gradient at which the loop ends, the library's default. */
  static final double TOLERANCE = 1e-6;

  /** Changes of f that end conjugate gradients: by them the gradient is about as small. */
  private static final double RELATIVE = 1e-13;

  private static final double ABSOLUTE = 1e-15;
  private static final int LIMIT = 10_000;

  private final String title;

  MinimizePeer(String title) {
    this.title = title;
  }

  /**
   * What tables call it.
   *
   * @return its name
   */
  public String title() {
    return title;
  }

  /**
   * Minimises one problem.
   *
   * @param valley the function
   * @param x start values; receives the answer, NaN if the peer gave up
   * @return evaluations of the gradient
   */
  abstract int minimize(Valley valley, double[] x);

  private static int newton(Valley valley, double[] x) {
    int p = x.length;
    double[] g = new double[p];
    double[][] h = new double[p][p];
    for (int k = 1; k <= LIMIT; k++) {
      if (valley.relativeGradient(x) <= TOLERANCE) {
        return k;
      }
      valley.gradient(x, g);
      valley.hessian(x, h);
      RealVector step = new ArrayRealVector(g, false).mapMultiply(-1);
      step = solve(new Array2DRowRealMatrix(h, true), step);
      double before = valley.value(x);
      double slope = step.dotProduct(new ArrayRealVector(g, false));
      double share = 1;
      double[] next = moved(x, share, step);
      while (!(valley.value(next) <= before + 1e-4 * share * slope) && share > 1e-15) {
        share /= 2;
        next = moved(x, share, step);
      }
      System.arraycopy(next, 0, x, 0, p);
    }
    Arrays.fill(x, Double.NaN);
    return LIMIT;
  }

  private static double[] moved(double[] x, double share, RealVector step) {
    double[] next = new double[x.length];
    for (int j = 0; j < x.length; j++) {
      next[j] = x[j] + share * step.getEntry(j);
    }
    return next;
  }

  /** Of H + λI, where λ makes it positive definite. */
  private static RealVector solve(RealMatrix h, RealVector right) {
    for (double damping = 0; ; damping = Math.max(10 * damping, 1)) {
      RealMatrix damped = h.copy();
      for (int j = 0; j < right.getDimension(); j++) {
        damped.addToEntry(j, j, damping);
      }
      try {
        return new CholeskyDecomposition(damped, 1e-10, 1e-10).getSolver().solve(right);
      } catch (MathRuntimeException e) {
        // not positive definite: more damping
      }
    }
  }

  private static int commonsMath(Valley valley, double[] x) {
    var optimizer =
        new org.apache.commons.math3.optim.nonlinear.scalar.gradient
            .NonLinearConjugateGradientOptimizer(
            org.apache.commons.math3.optim.nonlinear.scalar.gradient
                .NonLinearConjugateGradientOptimizer.Formula.POLAK_RIBIERE,
            new org.apache.commons.math3.optim.SimpleValueChecker(RELATIVE, ABSOLUTE));
    int[] gradients = new int[1];
    try {
      double[] found =
          optimizer
              .optimize(
                  new org.apache.commons.math3.optim.MaxEval(LIMIT),
                  new org.apache.commons.math3.optim.nonlinear.scalar.ObjectiveFunction(
                      valley::value),
                  new org.apache.commons.math3.optim.nonlinear.scalar.ObjectiveFunctionGradient(
                      point -> gradient(valley, point, gradients)),
                  org.apache.commons.math3.optim.nonlinear.scalar.GoalType.MINIMIZE,
                  new org.apache.commons.math3.optim.InitialGuess(x))
              .getPoint();
      System.arraycopy(found, 0, x, 0, x.length);
    } catch (MathIllegalStateException e) {
      Arrays.fill(x, Double.NaN);
    }
    return gradients[0];
  }

  private static int hipparchus(Valley valley, double[] x) {
    var optimizer =
        new org.hipparchus.optim.nonlinear.scalar.gradient.NonLinearConjugateGradientOptimizer(
            org.hipparchus.optim.nonlinear.scalar.gradient.NonLinearConjugateGradientOptimizer
                .Formula.POLAK_RIBIERE,
            new org.hipparchus.optim.SimpleValueChecker(RELATIVE, ABSOLUTE));
    int[] gradients = new int[1];
    try {
      double[] found =
          optimizer
              .optimize(
                  new org.hipparchus.optim.MaxEval(LIMIT),
                  new org.hipparchus.optim.nonlinear.scalar.ObjectiveFunction(valley::value),
                  new org.hipparchus.optim.nonlinear.scalar.ObjectiveFunctionGradient(
                      point -> gradient(valley, point, gradients)),
                  org.hipparchus.optim.nonlinear.scalar.GoalType.MINIMIZE,
                  new org.hipparchus.optim.InitialGuess(x))
              .getPoint();
      System.arraycopy(found, 0, x, 0, x.length);
    } catch (MathRuntimeException e) {
      Arrays.fill(x, Double.NaN);
    }
    return gradients[0];
  }

  private static double[] gradient(Valley valley, double[] point, int[] count) {
    count[0]++;
    double[] g = new double[point.length];
    valley.gradient(point, g);
    return g;
  }
}
