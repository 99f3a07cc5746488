package org.nabla4j.testing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.DecompositionSolver;
import org.hipparchus.linear.LUDecomposition;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.RealVector;
import org.hipparchus.optim.nonlinear.vector.leastsquares.LeastSquaresBuilder;
import org.hipparchus.optim.nonlinear.vector.leastsquares.LeastSquaresOptimizer;
import org.hipparchus.optim.nonlinear.vector.leastsquares.LevenbergMarquardtOptimizer;
import org.hipparchus.util.Pair;
import org.nabla4j.backend.Availability;
import org.nabla4j.backend.Backend;
import org.nabla4j.backend.BackendProvider;
import org.nabla4j.backend.Execution;
import org.nabla4j.data.Column;
import org.nabla4j.data.Rows;
import org.nabla4j.expression.Derivatives;
import org.nabla4j.expression.Expression;
import org.nabla4j.method.LeastSquaresMethod;
import org.nabla4j.objective.FormulaModel;
import org.nabla4j.objective.LeastSquaresProblem;
import org.nabla4j.program.Interpreter;
import org.nabla4j.program.Program;
import org.nabla4j.program.ProgramCompiler;
import org.nabla4j.program.ProgramInputs;
import org.nabla4j.regression.Design;
import org.nabla4j.regression.RowPasses;
import org.nabla4j.result.BatchFit;
import org.nabla4j.result.Status;

/**
 * Solves formula models without bounds, losses and missing points by Hipparchus, one problem after
 * the other: enough to test everything around a solver. Sums of regressions are those of {@link
 * ReferenceRowPasses}.
 */
public final class ReferenceBackend implements Backend {

  /** Finds it. */
  public static final class Provider implements BackendProvider {
    @Override
    public String name() {
      return "reference";
    }

    @Override
    public int priority() {
      return -1;
    }

    @Override
    public Availability availability() {
      return Availability.usable("Hipparchus");
    }

    @Override
    public Backend open() {
      return new ReferenceBackend();
    }
  }

  @Override
  public String name() {
    return "reference";
  }

  @Override
  public String description() {
    return "Hipparchus, one problem at a time";
  }

  @Override
  public BatchFit solve(
      LeastSquaresProblem problem, LeastSquaresMethod method, Execution execution) {
    BatchFit.Builder sink = BatchFit.builder(problem, method, name(), "scalar double");
    Residuals residuals = new Residuals(problem);
    for (long i = 0; i < problem.problems(); i++) {
      solve(problem, method, residuals, i, sink);
    }
    return sink.timings(1_000_000, 2_000_000).build();
  }

  private static void solve(
      LeastSquaresProblem problem,
      LeastSquaresMethod method,
      Residuals residuals,
      long index,
      BatchFit.Builder sink) {
    residuals.load(index);
    LeastSquaresOptimizer.Optimum optimum =
        new LevenbergMarquardtOptimizer()
            .withCostRelativeTolerance(1e-15)
            .withParameterRelativeTolerance(1e-15)
            .withOrthoTolerance(1e-15)
            .optimize(
                new LeastSquaresBuilder()
                    .start(residuals.start())
                    .target(new double[(int) problem.points()])
                    .model(residuals::evaluate)
                    .lazyEvaluation(false)
                    .maxEvaluations(method.evaluationLimit(problem.freeCount()))
                    .maxIterations(method.evaluationLimit(problem.freeCount()))
                    .build());
    RealMatrix jacobian = optimum.getJacobian();
    DecompositionSolver solver =
        new LUDecomposition(jacobian.transposeMultiply(jacobian)).getSolver();
    RealMatrix inverse = solver.getInverse();
    int f = problem.freeCount();
    double[] packed = new double[f * (f + 1) / 2];
    for (int j = 0, e = 0; j < f; j++) {
      for (int k = 0; k <= j; k++) {
        packed[e++] = inverse.getEntry(j, k);
      }
    }
    sink.outcome(
        index,
        Status.CONVERGED_COST,
        1e-9,
        0.5 * optimum.getResiduals().dotProduct(optimum.getResiduals()),
        optimum.getIterations(),
        optimum.getEvaluations());
    sink.freeParameters(index, optimum.getPoint().toArray(), 0, 1);
    sink.curvatureInverse(index, packed, 0, 1);
  }

  @Override
  public RowPasses passes(Design design, Rows rows, Execution execution) {
    return new ReferenceRowPasses(design, rows);
  }

  @Override
  public void close() {}

  /** Weighted residuals of one problem at a time and their derivatives. */
  private static final class Residuals {
    private final LeastSquaresProblem problem;
    private final Interpreter interpreter;
    private final double[] theta;
    private final double[] outputs;
    private final double[][] columns;
    private final double[] weights;

    Residuals(LeastSquaresProblem problem) {
      this.problem = problem;
      FormulaModel model = (FormulaModel) problem.model();
      List<Expression> expressions = new ArrayList<>();
      expressions.add(model.residual());
      expressions.addAll(Derivatives.gradient(model.residual(), model.parameters()));
      Program program =
          ProgramCompiler.compile(
              expressions,
              new ProgramInputs(model.parameters(), List.of(), List.of(), model.columns()),
              ProgramCompiler.Options.defaults());
      interpreter = new Interpreter(program);
      theta = new double[model.parameters().size()];
      outputs = new double[theta.length + 1];
      columns = new double[model.columns().size()][(int) problem.points()];
      weights = new double[(int) problem.points()];
    }

    void load(long index) {
      int n = weights.length;
      for (int c = 0; c < columns.length; c++) {
        problem.columns().get(c).read(index, 0, n, columns[c], 0);
      }
      problem.starts().read(index, 0, theta.length, theta, 0);
      Arrays.fill(weights, 1);
      Column spread = problem.sigma().or(problem::weights).orElse(null);
      if (spread != null) {
        spread.read(index, 0, n, weights, 0);
        for (int k = 0; k < n; k++) {
          weights[k] = problem.sigma().isPresent() ? 1 / weights[k] : Math.sqrt(weights[k]);
        }
      }
    }

    double[] start() {
      double[] free = new double[problem.freeCount()];
      for (int j = 0, f = 0; j < theta.length; j++) {
        if (!problem.isFixed(j)) {
          free[f++] = theta[j];
        }
      }
      return free;
    }

    Pair<RealVector, RealMatrix> evaluate(RealVector point) {
      for (int j = 0, f = 0; j < theta.length; j++) {
        if (!problem.isFixed(j)) {
          theta[j] = point.getEntry(f++);
        }
      }
      int n = weights.length;
      double[] residuals = new double[n];
      double[][] jacobian = new double[n][problem.freeCount()];
      double[] row = new double[columns.length];
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
}
