package org.nabla4j.calculus;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.nabla4j.expression.Expression;

/**
 * What kind of point a point is: a minimum, a maximum, a saddle point, or none of these.
 *
 * <p>Scaled by the sizes s = max(|x|, 1) of the variables, the gradient is sⱼgⱼ and the Hessian
 * sᵢHᵢⱼsⱼ, which has the signs of H's eigenvalues. With tolerances τ:
 *
 * <ul>
 *   <li>stationary: maxⱼ |sⱼgⱼ| ≤ τ<sub>gradient</sub>·max(|f|, 1)
 *   <li>an eigenvalue λ of the scaled Hessian counts as 0: |λ| ≤ τ<sub>curvature</sub>·max|λ|
 *   <li>minimum: all eigenvalues positive; maximum: all negative; saddle: some of both; degenerate:
 *       none of these, so that the second order cannot tell
 * </ul>
 *
 * <p>Where the function has a kink or a jump there is no gradient that could vanish, whatever
 * number the chain rule gives for it: |x| at 0 is none of the former but {@link
 * Kind#NOT_DIFFERENTIABLE}. That is looked at along the axes of the variables.
 *
 * <p>A point that is only nearly stationary may have a Hessian whose signs are not those of the
 * stationary point itself: x³ at 1e-4 curves upwards. So the eigenvalues must have the same signs
 * at twice the Newton step, −2H⁻¹g, else the point counts as degenerate.
 *
 * <p>Immutable.
 */
public final class StationaryPoint {

  /** Default of the relative gradient up to which a point counts as stationary: {@value}. */
  public static final double GRADIENT_TOLERANCE = 1e-6;

  /** Default of the relative size up to which an eigenvalue counts as zero: {@value}. */
  public static final double CURVATURE_TOLERANCE = 1e-10;

  /** The kinds of points. */
  public enum Kind {
    /** The gradient vanishes and the function curves upwards in all directions. */
    MINIMUM,
    /** The gradient vanishes and the function curves downwards in all directions. */
    MAXIMUM,
    /** The gradient vanishes; the function rises in some directions and falls in others. */
    SADDLE,
    /** The gradient vanishes, and in some direction the curvature as well. */
    DEGENERATE,
    /** The gradient does not vanish. */
    NOT_STATIONARY,
    /**
     * The function has a kink or a jump along the axis of a variable: its slopes on both sides
     * differ, and the gradient is by convention that of one of them or 0.
     */
    NOT_DIFFERENTIABLE,
    /** Value, gradient or Hessian is not finite. */
    UNDEFINED
  }

  private final Kind kind;
  private final double relativeGradient;
  private final double[] eigenvalues;

  private StationaryPoint(Kind kind, double relativeGradient, double[] eigenvalues) {
    this.kind = kind;
    this.relativeGradient = relativeGradient;
    this.eigenvalues = eigenvalues;
  }

  /**
   * Classifies a point with the default tolerances.
   *
   * @param expression the function
   * @param variables names of p symbols, all that the expression has
   * @param at the point, p finite numbers
   * @return what it is
   * @throws IllegalArgumentException if a name stands twice, a number is not finite, there are not
   *     p of them, or the expression has other symbols
   */
  public static StationaryPoint classify(
      Expression expression, List<String> variables, double... at) {
    return of(SecondOrderTaylor.of(expression, variables, at));
  }

  /**
   * Classifies the point of an expansion with the default tolerances.
   *
   * @param expansion value, gradient and Hessian
   * @return what it is
   */
  public static StationaryPoint of(SecondOrderTaylor expansion) {
    return of(expansion, GRADIENT_TOLERANCE, CURVATURE_TOLERANCE);
  }

  /**
   * Classifies the point of an expansion.
   *
   * @param expansion value, gradient and Hessian
   * @param gradientTolerance τ<sub>gradient</sub> ≥ 0
   * @param curvatureTolerance τ<sub>curvature</sub>, from 0 to less than 1
   * @return what it is
   * @throws IllegalArgumentException if a tolerance is out of range
   */
  public static StationaryPoint of(
      SecondOrderTaylor expansion, double gradientTolerance, double curvatureTolerance) {
    Objects.requireNonNull(expansion, "expansion");
    if (!(gradientTolerance >= 0)) {
      throw new IllegalArgumentException(
          "gradientTolerance = " + gradientTolerance + ", expected >= 0");
    }
    if (!(curvatureTolerance >= 0 && curvatureTolerance < 1)) {
      throw new IllegalArgumentException(
          "curvatureTolerance = " + curvatureTolerance + ", expected 0 <= curvatureTolerance < 1");
    }
    double[] size = expansion.at();
    double[] gradient = expansion.gradient();
    double largest = 0;
    for (int j = 0; j < size.length; j++) {
      size[j] = Math.max(Math.abs(size[j]), 1);
      largest = Math.max(largest, Math.abs(gradient[j] * size[j]));
    }
    double relative = largest / Math.max(Math.abs(expansion.value()), 1);
    double[][] hessian = expansion.hessian();
    if (!Double.isFinite(expansion.value()) || !Double.isFinite(relative) || !isFinite(hessian)) {
      double[] none = new double[size.length];
      Arrays.fill(none, Double.NaN);
      return new StationaryPoint(Kind.UNDEFINED, relative, none);
    }
    double[] eigenvalues = new SymmetricEigen(hessian).values();
    Arrays.sort(eigenvalues);
    return new StationaryPoint(
        expansion.isDifferentiable()
            ? relative <= gradientTolerance
                ? kind(expansion, size, hessian, curvatureTolerance)
                : Kind.NOT_STATIONARY
            : Kind.NOT_DIFFERENTIABLE,
        relative,
        eigenvalues);
  }

  private static boolean isFinite(double[][] matrix) {
    return Arrays.stream(matrix).flatMapToDouble(Arrays::stream).allMatch(Double::isFinite);
  }

  private static Kind kind(
      SecondOrderTaylor expansion, double[] size, double[][] hessian, double tolerance) {
    SymmetricEigen eigen = new SymmetricEigen(scaled(hessian, size));
    Kind here = kind(eigen.values(), tolerance);
    if (here == Kind.DEGENERATE) {
      return here;
    }
    // Twice the Newton step, along the eigenvectors whose curvature is not zero.
    double[] gradient = expansion.gradient();
    double[] step = new double[size.length];
    boolean moves = false;
    double zero = tolerance * largest(eigen.values());
    for (int k = 0; k < step.length; k++) {
      double lambda = eigen.values()[k];
      double slope = 0;
      for (int i = 0; i < step.length; i++) {
        slope += eigen.vector(i, k) * size[i] * gradient[i];
      }
      if (Math.abs(lambda) > zero && slope != 0) {
        moves = true;
        for (int i = 0; i < step.length; i++) {
          step[i] -= 2 * slope / lambda * eigen.vector(i, k) * size[i];
        }
      }
    }
    if (!moves) {
      return here;
    }
    double[][] there = expansion.hessianAfter(step);
    return isFinite(there)
            && kind(new SymmetricEigen(scaled(there, size)).values(), tolerance) == here
        ? here
        : Kind.DEGENERATE;
  }

  private static double[][] scaled(double[][] hessian, double[] size) {
    double[][] scaled = new double[size.length][size.length];
    for (int i = 0; i < size.length; i++) {
      for (int j = 0; j < size.length; j++) {
        scaled[i][j] = size[i] * hessian[i][j] * size[j];
      }
    }
    return scaled;
  }

  private static double largest(double[] eigenvalues) {
    return Arrays.stream(eigenvalues).map(Math::abs).max().orElse(0);
  }

  private static Kind kind(double[] eigenvalues, double tolerance) {
    double zero = tolerance * largest(eigenvalues);
    int positive = 0;
    int negative = 0;
    for (double lambda : eigenvalues) {
      positive += lambda > zero ? 1 : 0;
      negative += lambda < -zero ? 1 : 0;
    }
    if (positive > 0 && negative > 0) {
      return Kind.SADDLE;
    }
    return positive + negative < eigenvalues.length || eigenvalues.length == 0
        ? Kind.DEGENERATE
        : positive > 0 ? Kind.MINIMUM : Kind.MAXIMUM;
  }

  /**
   * What the point is.
   *
   * @return the kind
   */
  public Kind kind() {
    return kind;
  }

  /**
   * How far the point is from stationary.
   *
   * @return maxⱼ |gⱼ|·max(|xⱼ|, 1) / max(|f|, 1)
   */
  public double relativeGradient() {
    return relativeGradient;
  }

  /**
   * The eigenvalues of the Hessian as it is, not scaled.
   *
   * @return p numbers in ascending order, NaN where the point is {@link Kind#UNDEFINED}; a copy
   */
  public double[] eigenvalues() {
    return eigenvalues.clone();
  }

  /**
   * The kind and the figures that it was found by.
   *
   * @return the text
   */
  @Override
  public String toString() {
    return kind
        + " (relative gradient "
        + relativeGradient
        + ", eigenvalues "
        + Arrays.toString(eigenvalues)
        + ")";
  }
}
