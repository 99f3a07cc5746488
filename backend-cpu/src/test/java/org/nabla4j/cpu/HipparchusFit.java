package org.nabla4j.cpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.QRDecomposition;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.RealVector;
import org.hipparchus.optim.nonlinear.vector.leastsquares.LeastSquaresBuilder;
import org.hipparchus.optim.nonlinear.vector.leastsquares.LeastSquaresOptimizer.Optimum;
import org.hipparchus.optim.nonlinear.vector.leastsquares.LevenbergMarquardtOptimizer;
import org.hipparchus.util.Pair;
import org.nabla4j.data.Column;
import org.nabla4j.expression.Derivatives;
import org.nabla4j.expression.Expression;
import org.nabla4j.objective.FormulaModel;
import org.nabla4j.objective.LeastSquaresProblem;
import org.nabla4j.objective.SigmaKind;
import org.nabla4j.program.Interpreter;
import org.nabla4j.program.ProgramCompiler;
import org.nabla4j.program.ProgramInputs;

/** One problem solved by Hipparchus: no bounds, no losses, no missing data. */
final class HipparchusFit {

  private final LeastSquaresProblem problem;
  private final Interpreter interpreter;
  private final int n;
  private final double[] theta;
  private final double[][] columns;
  private final double[] weights;

  /** All parameters of the answer. */
  final double[] parameters;

  /** Standard errors of all parameters, 0 where one is fixed. */
  final double[] standardErrors;

  /** ½‖r‖². */
  final double cost;

  HipparchusFit(LeastSquaresProblem problem, long index) {
    this.problem = problem;
    FormulaModel model = (FormulaModel) problem.model();
    List<Expression> outputs = new ArrayList<>();
    outputs.add(model.residual());
    outputs.addAll(Derivatives.gradient(model.residual(), model.parameters()));
    interpreter =
        new Interpreter(
            ProgramCompiler.compile(
                outputs,
                new ProgramInputs(model.parameters(), List.of(), List.of(), model.columns()),
                ProgramCompiler.Options.defaults()));
    n = (int) problem.points();
    int p = model.parameters().size();
    theta = new double[p];
    problem.starts().read(index, 0, p, theta, 0);
    columns = new double[model.columns().size()][n];
    for (int c = 0; c < columns.length; c++) {
      problem.columns().get(c).read(index, 0, n, columns[c], 0);
    }
    weights = weights(index);
    Optimum optimum = optimum();
    RealMatrix jacobian = optimum.getJacobian();
    RealMatrix r = new QRDecomposition(jacobian).getR();
    int f = problem.freeCount();
    RealMatrix inverse =
        new QRDecomposition(r.getSubMatrix(0, f - 1, 0, f - 1)).getSolver().getInverse();
    RealMatrix covariance = inverse.multiplyTransposed(inverse);
    cost = 0.5 * optimum.getResiduals().dotProduct(optimum.getResiduals());
    double scale = problem.sigmaKind() == SigmaKind.ABSOLUTE ? 1 : 2 * cost / (n - f);
    parameters = withFree(optimum.getPoint()).clone();
    standardErrors = new double[p];
    for (int j = 0, k = 0; j < p; j++) {
      if (!problem.isFixed(j)) {
        standardErrors[j] = Math.sqrt(covariance.getEntry(k, k) * scale);
        k++;
      }
    }
  }

  private double[] weights(long index) {
    double[] w = new double[n];
    Arrays.fill(w, 1);
    Column spread = problem.sigma().or(problem::weights).orElse(null);
    if (spread != null) {
      spread.read(index, 0, n, w, 0);
      for (int k = 0; k < n; k++) {
        w[k] = problem.sigma().isPresent() ? 1 / w[k] : Math.sqrt(w[k]);
      }
    }
    return w;
  }

  private Optimum optimum() {
    double[] free = new double[problem.freeCount()];
    for (int j = 0, f = 0; j < theta.length; j++) {
      if (!problem.isFixed(j)) {
        free[f++] = theta[j];
      }
    }
    return new LevenbergMarquardtOptimizer()
        .withCostRelativeTolerance(1e-15)
        .withParameterRelativeTolerance(1e-15)
        .withOrthoTolerance(1e-15)
        .optimize(
            new LeastSquaresBuilder()
                .start(free)
                .target(new double[n])
                .model(this::evaluate)
                .lazyEvaluation(false)
                .maxEvaluations(2000)
                .maxIterations(2000)
                .build());
  }

  private double[] withFree(RealVector point) {
    for (int j = 0, f = 0; j < theta.length; j++) {
      if (!problem.isFixed(j)) {
        theta[j] = point.getEntry(f++);
      }
    }
    return theta;
  }

  private Pair<RealVector, RealMatrix> evaluate(RealVector point) {
    withFree(point);
    double[] residuals = new double[n];
    double[][] jacobian = new double[n][problem.freeCount()];
    double[] row = new double[columns.length];
    double[] outputs = new double[1 + theta.length];
    for (int k = 0; k < n; k++) {
      for (int c = 0; c < row.length; c++) {
        row[c] = columns[c][k];
      }
      interpreter.evaluate(theta, new double[0], new double[0], row, outputs);
      residuals[k] = weights[k] * outputs[0];
      for (int j = 0, f = 0; j < theta.length; j++) {
        if (!problem.isFixed(j)) {
          jacobian[k][f++] = weights[k] * outputs[1 + j];
        }
      }
    }
    return new Pair<>(
        new ArrayRealVector(residuals, false), new Array2DRowRealMatrix(jacobian, false));
  }
}
