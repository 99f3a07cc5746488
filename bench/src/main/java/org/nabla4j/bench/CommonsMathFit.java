package org.nabla4j.bench;

import org.apache.commons.math3.exception.MathIllegalStateException;
import org.apache.commons.math3.fitting.leastsquares.LeastSquaresBuilder;
import org.apache.commons.math3.fitting.leastsquares.LeastSquaresOptimizer.Optimum;
import org.apache.commons.math3.fitting.leastsquares.LevenbergMarquardtOptimizer;
import org.apache.commons.math3.fitting.leastsquares.MultivariateJacobianFunction;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.util.Pair;

/** Fits with Apache Commons Math. */
final class CommonsMathFit extends SequentialFit {

  private final LevenbergMarquardtOptimizer optimizer;
  private final MultivariateJacobianFunction function;

  CommonsMathFit(BenchProblem problem, double tolerance) {
    super(problem, MathIllegalStateException.class);
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
