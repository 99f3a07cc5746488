package org.nabla4j.method;

import org.nabla4j.objective.Precision;

/**
 * A method for nonlinear least squares, with its options: {@link LevenbergMarquardt} or {@link
 * GaussNewton}.
 */
public sealed interface LeastSquaresMethod permits SharedOptions {

  /**
   * Relative reduction of the cost, actual and predicted, below which a fit has converged.
   *
   * @return the tolerance as set, MINPACK's ftol; 0 turns the test off
   */
  double costTolerance();

  /**
   * The cost tolerance that a fit in some arithmetic uses: in single precision at least 1e-6, below
   * which a change of a sum of squares is rounding, and never off.
   *
   * @param precision the arithmetic
   * @return {@link #costTolerance()}, or 1e-6 if that is less and the arithmetic single
   */
  double costTolerance(Precision precision);

  /**
   * Relative change of the parameters, in the scaled norm, below which a fit has converged.
   *
   * @return the tolerance as set, MINPACK's xtol; 0 turns the test off
   */
  double parameterTolerance();

  /**
   * The parameter tolerance that a fit in some arithmetic uses: in single precision at least 1e-6,
   * and never off.
   *
   * @param precision the arithmetic
   * @return {@link #parameterTolerance()}, or 1e-6 if that is less and the arithmetic single
   */
  double parameterTolerance(Precision precision);

  /**
   * Largest cosine of the angle between the residual vector and a column of the Jacobian at which a
   * fit has converged.
   *
   * @return the tolerance, MINPACK's gtol; 0 turns the test off
   */
  double gradientTolerance();

  /**
   * The most evaluations of the model in one fit, those of all its attempts together: where the
   * first has failed, {@link LevenbergMarquardt} makes another one by another path; few problems
   * need it. Derivatives by formula come with an evaluation.
   *
   * @param parameters p, the number of parameters that are free
   * @return the limit as set, or 200·(p + 1) where it was left to the method
   */
  int evaluationLimit(int parameters);

  /**
   * Which uncertainties are computed.
   *
   * @return the level
   */
  Covariance covariance();
}
