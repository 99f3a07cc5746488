package org.nabla4j.cpu.minimize;

import java.util.Arrays;
import org.nabla4j.method.NewtonRaphson;

/**
 * Newton-Raphson minimisation: each step minimises the quadratic model gᵀs + ½sᵀHs in an ellipsoid
 * ‖Ds‖ ≤ Δ by {@link TrustRegionModel}, with D from {@link SymmetricScaling}. A point at which H
 * has a negative eigenvalue, beyond rounding, does not end the search.
 *
 * <p>Bounds: parameters that the gradient pushes against their bounds are held and the model is
 * minimised over the others (Bertsekas 1982, SIAM Journal on Control and Optimization 20); of those
 * that the step takes beyond a bound, it is cut there and minimised again over what is left.
 */
final class NewtonSearch extends TrustRegionSearch {

  /** Share of the size of the start that the first step may have, if H is positive definite. */
  private static final double CONVEX_START = 1;

  /** The same where H is not: the length of such a step says nothing. */
  private static final double OTHER_START = 0.05;

  /** Negative eigenvalues down to this share of the largest one are rounding. */
  private static final double FLAT = 1e-11;

  private final NewtonRaphson options;
  private final TrustRegionModel model;
  private final SymmetricScaling scaling;
  private final double[] hessian;

  /** Which parameters are held, and those that are not; the model over these in the scales. */
  private final boolean[] held;

  private final int[] free;
  private final double[] freeGradient;
  private final double[] freeHessian;
  private final double[] freeStep;
  private final double[] candidate;

  /**
   * Prepares a search.
   *
   * @param method options
   * @param start p parameters within the bounds; copied
   * @param lower lower bounds, or null where there are none; kept
   * @param upper upper bounds, or null where there are none; kept
   */
  NewtonSearch(NewtonRaphson method, double[] start, double[] lower, double[] upper) {
    super(method, start, lower, upper);
    this.options = method;
    this.model = new TrustRegionModel(p);
    this.scaling = new SymmetricScaling(p);
    this.hessian = new double[Math.multiplyExact(p, p)];
    this.held = new boolean[p];
    this.free = new int[p];
    this.freeGradient = new double[p];
    this.freeHessian = new double[p * p];
    this.freeStep = new double[p];
    this.candidate = new double[p];
  }

  @Override
  Need need() {
    return hasEnded() ? Need.NOTHING : Need.HESSIAN;
  }

  @Override
  void tell(double f, double[] g, double[] h) {
    tellTrial(f, g, h);
  }

  @Override
  void take(double[] h) {
    System.arraycopy(h, 0, hessian, 0, p * p);
    scaling.update(hessian);
  }

  @Override
  TrustRadius firstRegion() {
    double[] d = scaling.scale();
    double square = 0;
    double most = 0;
    for (int j = 0; j < p; j++) {
      square += scaled(j, theta[j]);
      most = Math.max(most, d[j]);
    }
    double around = Math.max(Math.sqrt(square), most);
    double share = isConvex() ? CONVEX_START : OTHER_START;
    return new TrustRadius(
        options.initialRadius() * share * around,
        options.maxRadius() * around,
        options.acceptance());
  }

  @Override
  boolean isConvex() {
    return model.isPositiveSemidefinite(freeHessian, reduce(), FLAT);
  }

  @Override
  void findShorterStep(double share) {
    findStep();
  }

  /** Holds what the gradient pushes against a bound; how many are free. */
  private int reduce() {
    Arrays.fill(step, 0);
    for (int j = 0; j < p; j++) {
      held[j] = isHeld(j);
    }
    return restrict();
  }

  /** The model over what is not held, about what is; how many are free. */
  private int restrict() {
    int size = 0;
    for (int j = 0; j < p; j++) {
      if (!held[j]) {
        free[size++] = j;
      }
    }
    double[] d = scaling.scale();
    for (int a = 0; a < size; a++) {
      int i = free[a];
      double g = gradient[i];
      for (int j = 0; j < p; j++) {
        g += held[j] ? hessian[i * p + j] * step[j] : 0;
      }
      freeGradient[a] = g / d[i];
      for (int b = 0; b < size; b++) {
        freeHessian[a * size + b] = hessian[i * p + free[b]] / d[i] / d[free[b]];
      }
    }
    return size;
  }

  /** Minimises the model in the ellipsoid and the bounds. */
  @Override
  void findStep() {
    int size = reduce();
    solve(size, trust.radius());
    predicted = model.reduction();
    length = model.length();
    atBoundary = model.atBoundary();
    if ((lower != null || upper != null) && isOutside()) {
      findBoundedStep(size);
    }
    propose();
  }

  private void solve(int size, double radius) {
    model.minimise(freeHessian, freeGradient, size, radius, freeStep);
    for (int a = 0; a < size; a++) {
      step[free[a]] = freeStep[a] / scaling.scale()[free[a]];
    }
  }

  private boolean isOutside() {
    for (int j = 0; j < p; j++) {
      if (project(j, theta[j] + step[j]) != theta[j] + step[j]) {
        return true;
      }
    }
    return false;
  }

  /** The best of several steps within the bounds, from the one that leads out of them. */
  private void findBoundedStep(int size) {
    double radius = trust.radius();
    predicted = 0;
    Arrays.fill(candidate, 0);
    double[] whole = step.clone();
    double room = 1;
    for (int j = 0; j < p; j++) {
      if (whole[j] != 0) {
        double kept = (project(j, theta[j] + whole[j]) - theta[j]) / whole[j];
        room = Math.min(room, Math.max(kept, 0));
      }
    }
    consider(whole, room);
    consider(whole, 1);
    consider(whole, -1); // negative curvature leads either way
    double[] steepest = new double[p];
    double norm = 0;
    for (int a = 0; a < size; a++) {
      norm += freeGradient[a] * freeGradient[a];
    }
    for (int a = 0; a < size && norm > 0; a++) {
      double d = scaling.scale()[free[a]];
      steepest[free[a]] = -freeGradient[a] / d * (radius / Math.sqrt(norm));
    }
    for (double share = 1; share > 1e-6; share *= 0.5) {
      consider(steepest, share);
    }
    System.arraycopy(whole, 0, step, 0, p);
    for (int round = 0; round < p && isOutside(); round++) {
      double used = 0;
      for (int j = 0; j < p; j++) {
        double cut = project(j, theta[j] + step[j]) - theta[j];
        held[j] |= cut != step[j];
        step[j] = held[j] ? cut : 0;
        used += scaled(j, step[j]);
      }
      double rest = radius * radius - used;
      if (rest > 0) {
        solve(restrict(), Math.sqrt(rest));
      }
    }
    consider(step.clone(), 1);
    System.arraycopy(candidate, 0, step, 0, p);
    double square = 0;
    for (int j = 0; j < p; j++) {
      square += scaled(j, step[j]);
    }
    length = Math.sqrt(square);
    atBoundary = length >= 0.99 * radius;
  }

  private double scaled(int j, double s) {
    double x = scaling.scale()[j] * s;
    return x * x;
  }

  /** Keeps a share of a step, cut at the bounds, if the model promises most of it. */
  private void consider(double[] whole, double share) {
    for (int j = 0; j < p; j++) {
      step[j] = project(j, theta[j] + share * whole[j]) - theta[j];
    }
    double reduction = 0;
    for (int i = 0; i < p; i++) {
      double curved = 0;
      for (int j = 0; j < p; j++) {
        curved += hessian[i * p + j] * step[j];
      }
      reduction -= step[i] * (gradient[i] + 0.5 * curved);
    }
    if (reduction > predicted) {
      predicted = reduction;
      System.arraycopy(step, 0, candidate, 0, p);
    }
  }
}
