package org.nabla4j.method;

/** A method for nonlinear least squares, with its options. */
public sealed interface LeastSquaresMethod permits LevenbergMarquardt, GaussNewton {

  /**
   * Relative reduction of the cost, actual and predicted, below which a fit has converged.
   *
   * @return the tolerance, MINPACK's ftol; 0 turns the test off
   */
  double costTolerance();

  /**
   * Relative change of the parameters, in the scaled norm, below which a fit has converged.
   *
   * @return the tolerance, MINPACK's xtol; 0 turns the test off
   */
  double parameterTolerance();

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
