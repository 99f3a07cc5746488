package org.nabla4j.cpu.codegen;

/**
 * What the code of a solver's step depends on.
 *
 * @param parameters free parameters p
 * @param problemConstants constants of each problem, for the layout of the tile
 * @param damped Levenberg-Marquardt, else Gauss-Newton
 * @param bounded whether there are box bounds
 * @param robust whether the cost is a robust loss
 * @param polish whether undamped steps follow the ordinary tests
 * @param ftol relative reduction of the cost
 * @param xtol relative length of the step
 * @param gtol cosine of residual and Jacobian
 * @param limit evaluations
 * @param linear whether the residual is linear in all parameters: the first step is the answer,
 *     however long it is
 * @param damping λ at the first evaluation; of Gauss-Newton the share of the step that is taken
 */
public record StepOptions(
    int parameters,
    int problemConstants,
    boolean damped,
    boolean bounded,
    boolean robust,
    boolean polish,
    double ftol,
    double xtol,
    double gtol,
    int limit,
    boolean linear,
    double damping) {

  /** Damping beyond which no step can help. */
  public static final double LARGEST_DAMPING = 1e18;

  /** Diagonal of JᵀJ relative to its largest value so far, at which a parameter no longer acts. */
  public static final double DEAD = 1e-14;

  /** Share of the damping that is kept after a step that the model predicted well. */
  public static final double DECREASE = 0.03;

  /**
   * Diagonal of JᵀJ below which squares that underflow may be missing from it.
   *
   * @param isDouble whether the sums are
   * @return the smallest diagonal that an end may rest on
   */
  public static double smallestCurvature(boolean isDouble) {
    return isDouble ? 1e-280 : 1e-30;
  }

  /**
   * ‖Dθ‖² below which a cost of 0 need not mean residuals within rounding: their squares underflow.
   *
   * @param isDouble whether the sums are
   * @return the smallest square of the scaled parameters that an end may rest on
   */
  public static double smallestSize(boolean isDouble) {
    return isDouble ? 1e-270 : 1e-24;
  }

  /**
   * ‖Dθ‖² above which squares of lengths overflow.
   *
   * @param isDouble whether the sums are
   * @return the largest square of the scaled parameters that an end may rest on
   */
  public static double largestSize(boolean isDouble) {
    return isDouble ? 1e270 : 1e30;
  }

  /**
   * The same without undamped steps at the end.
   *
   * @return a copy
   */
  public StepOptions withoutPolish() {
    return new StepOptions(
        parameters,
        problemConstants,
        damped,
        bounded,
        robust,
        false,
        ftol,
        xtol,
        gtol,
        limit,
        linear,
        damping);
  }
}
