package org.nabla4j.bench;

import org.hipparchus.exception.MathRuntimeException;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.optim.nonlinear.vector.leastsquares.LeastSquaresBuilder;
import org.hipparchus.optim.nonlinear.vector.leastsquares.LeastSquaresOptimizer.Optimum;
import org.hipparchus.optim.nonlinear.vector.leastsquares.LevenbergMarquardtOptimizer;
import org.hipparchus.optim.nonlinear.vector.leastsquares.MultivariateJacobianFunction;
import org.hipparchus.util.Pair;

/** Fits with Hipparchus. */
final class HipparchusFit extends SequentialFit {

  private final LevenbergMarquardtOptimizer optimizer;
  private final MultivariateJacobianFunction function;

  HipparchusFit(BenchProblem problem, double tolerance) {
    super(problem, MathRuntimeException.class);
    optimizer =
        new LevenbergMarquardtOptimizer()
            .withCostRelativeTolerance(tolerance)
            .withParameterRelativeTolerance(tolerance)
            .withOrthoTolerance(Peer.ORTHOGONALITY);
    function =
        theta -> {
          Evaluation at = evaluate(theta.toArray());
          return new Pair<>(
              new ArrayRealVector(at.values(), false),
              new Array2DRowRealMatrix(at.jacobian(), false));
        };
  }

  @Override
  int optimize(double[] start, double[] target, int limit, double[] theta) {
    Optimum optimum =
        optimizer.optimize(
            new LeastSquaresBuilder()
                .start(start)
                .target(target)
                .model(function)
                .maxEvaluations(limit)
                .maxIterations(limit)
                .build());
    System.arraycopy(optimum.getPoint().toArray(), 0, theta, 0, theta.length);
    return optimum.getEvaluations();
  }
}
