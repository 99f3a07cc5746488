package org.nabla4j.program;

import org.nabla4j.expression.Expression;

/**
 * A robust loss ρ(s) of a squared residual s = r²: the cost of a data point is ½ρ(s).
 *
 * <p>ρ(0) = 0 and ρ′(0) = 1, so that small residuals count as in plain least squares.
 */
public interface LossFunction {
  /**
   * The loss.
   *
   * @param s the squared residual, s ≥ 0
   * @return ρ(s)
   */
  Expression rho(Expression s);

  /**
   * The weight of the data point, which is the loss's derivative.
   *
   * @param s the squared residual, s ≥ 0
   * @return ρ′(s) ≥ 0
   */
  Expression weight(Expression s);
}
