package org.nabla4j.bench;

import java.util.Arrays;
import org.apache.commons.math3.exception.MathIllegalStateException;
import org.apache.commons.math3.fitting.leastsquares.LeastSquaresBuilder;
import org.apache.commons.math3.fitting.leastsquares.LeastSquaresOptimizer.Optimum;
import org.apache.commons.math3.fitting.leastsquares.LevenbergMarquardtOptimizer;
import org.apache.commons.math3.fitting.leastsquares.MultivariateJacobianFunction;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.util.Pair;

/** Fits with Apache Commons Math. */
final class CommonsMathFit implements Peer.PeerFit {

  private final BenchProblem problem;
  private final LevenbergMarquardtOptimizer optimizer;
  private final MultivariateJacobianFunction function;

  CommonsMathFit(BenchProblem problem, double tolerance) {
    this.problem = problem;
    optimizer =
        new LevenbergMarquardtOptimizer()
            .withCostRelativeTolerance(tolerance)
            .withParameterRelativeTolerance(tolerance)
            .withOrthoTolerance(Peer.ORTHOGONALITY);
    Model model = problem.model();
    function =
        theta -> {
          double[] values = new double[problem.points()];
          double[][] jacobian = new double[values.length][problem.parameters()];
          model.evaluate(theta.toArray(), problem.x(), values, jacobian);
          return new Pair<>(
              new ArrayRealVector(values, false), new Array2DRowRealMatrix(jacobian, false));
        };
  }

  @Override
  public int solve(int fit, double[] theta) {
    int limit = Peer.evaluationLimit(problem);
    try {
      Optimum optimum =
          optimizer.optimize(
              new LeastSquaresBuilder()
                  .start(problem.start(fit))
                  .target(problem.response(fit))
                  .model(function)
                  .maxEvaluations(limit)
                  .maxIterations(limit)
                  .build());
      System.arraycopy(optimum.getPoint().toArray(), 0, theta, 0, theta.length);
      return optimum.getEvaluations();
    } catch (MathIllegalStateException e) {
      Arrays.fill(theta, Double.NaN);
      return limit;
    }
  }
}
