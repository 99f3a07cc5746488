package org.nabla4j.objective;

import java.util.Objects;

/**
 * Derivatives by finite differences, for objectives that do not know their own.
 *
 * <p>With the step h_j = η·max(|θ_j|, 1), rounded so that θ_j + h_j − θ_j is h_j:
 *
 * <pre>
 *   forward      (f(θ+h) − f(θ)) / h                            error h/2·f''  + 2ε|f|/h
 *   central      (f(θ+h) − f(θ−h)) / 2h                         error h²/6·f''' + ε|f|/h
 *   Richardson   (4·central(h/2) − central(h)) / 3              error h⁴/480·f⁽⁵⁾ + 3ε|f|/h
 * </pre>
 *
 * <p>where ε is the relative rounding error of f. η is ε^½, ε^⅓ and ε^⅕, which balances the two
 * parts of the error for a function whose derivatives are of the size of f itself: about 1.5e-8,
 * 4e-11 and 3e-13 of it remain for f in double. Where f is not finite on one side the difference of
 * the other side is taken, with the error of a forward difference of this step.
 *
 * <p>Steps go up to h beyond the point on either side, also where that is beyond a bound.
 *
 * <p>Reference: Nocedal and Wright 2006, section 8.1.
 */
public final class NumericalDerivatives {

  /** Which differences are taken. */
  public enum Scheme {
    /** One evaluation for each parameter. */
    FORWARD(2, 1),
    /** Two evaluations for each parameter. */
    CENTRAL(3, 2),
    /** Four evaluations for each parameter: central differences of two steps, extrapolated. */
    RICHARDSON(5, 4);

    private final int root;
    private final int evaluations;

    Scheme(int root, int evaluations) {
      this.root = root;
      this.evaluations = evaluations;
    }

    /** Evaluations for a derivative, besides the one at the point itself. */
    int evaluations() {
      return evaluations;
    }

    /** Where the k-th evaluation is, in steps: 1, -1, ½, -½. */
    double offset(int k) {
      double size = k < 2 ? 1 : 0.5;
      return k % 2 == 0 ? size : -size;
    }

    /** h for a function of the given relative rounding error. */
    double step(double theta, double noise) {
      double h = Math.pow(noise, 1.0 / root) * Math.max(Math.abs(theta), 1);
      double moved = theta + h;
      return moved - theta;
    }

    /** The share of the function's own size that the differences are off by, at its best. */
    double error(double noise) {
      return Math.pow(noise, (root - 1.0) / root);
    }

    /**
     * The derivative.
     *
     * @param at f at the point
     * @param moved f at the offsets
     * @param h the step
     */
    double derivative(double at, double[] moved, double h) {
      if (this == FORWARD) {
        return (moved[0] - at) / h;
      }
      double wide = (moved[0] - moved[1]) / (2 * h);
      double result = this == CENTRAL ? wide : (4 * (moved[2] - moved[3]) / h - wide) / 3;
      if (Double.isFinite(result)) {
        return result;
      }
      return Double.isFinite(moved[0]) ? (moved[0] - at) / h : (at - moved[1]) / h;
    }
  }

  /** Relative rounding error of a function in double. */
  static final double NOISE = Math.ulp(1.0);

  private NumericalDerivatives() {}

  /**
   * Adds a gradient. It costs one, two or four times p evaluations of f more than f itself.
   *
   * @param objective the function
   * @param scheme which differences
   * @return the same function with a gradient
   */
  public static DifferentiableObjective gradient(Objective objective, Scheme scheme) {
    Objects.requireNonNull(objective, "objective");
    Objects.requireNonNull(scheme, "scheme");
    return new NumericalGradient(objective, scheme);
  }

  /**
   * Adds a Hessian by differences of the gradient, made symmetric. It costs one, two or four times
   * p gradients, and a product with it one, two or four gradients whatever p is. Where the gradient
   * itself is made of differences, the step is chosen for what those are off by: central
   * differences of central differences leave about 1e-7 of the size of f.
   *
   * @param objective the function with its gradient
   * @param scheme which differences
   * @return the same function with a Hessian
   */
  public static TwiceDifferentiableObjective hessian(
      DifferentiableObjective objective, Scheme scheme) {
    Objects.requireNonNull(objective, "objective");
    Objects.requireNonNull(scheme, "scheme");
    return new NumericalHessian(objective, scheme);
  }
}
