package org.nabla4j.bench;

import java.util.Arrays;
import org.hipparchus.exception.MathRuntimeException;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.optim.nonlinear.vector.leastsquares.LeastSquaresBuilder;
import org.hipparchus.optim.nonlinear.vector.leastsquares.LeastSquaresOptimizer.Optimum;
import org.hipparchus.optim.nonlinear.vector.leastsquares.LevenbergMarquardtOptimizer;
import org.hipparchus.optim.nonlinear.vector.leastsquares.MultivariateJacobianFunction;
import org.hipparchus.util.Pair;

/** Fits with Hipparchus. */
final class HipparchusFit implements Peer.PeerFit {

  private final BenchProblem problem;
  private final LevenbergMarquardtOptimizer optimizer;
  private final MultivariateJacobianFunction function;

  HipparchusFit(BenchProblem problem, double tolerance) {
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
    } catch (MathRuntimeException e) {
      Arrays.fill(theta, Double.NaN);
      return limit;
    }
  }
}
