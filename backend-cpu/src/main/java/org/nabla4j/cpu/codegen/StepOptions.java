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
    double damping) {

  /** Share of the damping that is kept after a step that the model predicted well. */
  public static final double DECREASE = 0.03;

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
        damping);
  }
}
