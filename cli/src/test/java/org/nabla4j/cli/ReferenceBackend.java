package org.nabla4j.cli;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.nabla4j.backend.Availability;
import org.nabla4j.backend.Backend;
import org.nabla4j.backend.BackendProvider;
import org.nabla4j.backend.Execution;
import org.nabla4j.data.Column;
import org.nabla4j.expression.Derivatives;
import org.nabla4j.expression.Expression;
import org.nabla4j.method.LeastSquaresMethod;
import org.nabla4j.objective.FormulaModel;
import org.nabla4j.objective.LeastSquaresProblem;
import org.nabla4j.objective.MissingData;
import org.nabla4j.result.BatchFit;
import org.nabla4j.result.Status;

/**
 * Damped Gauss-Newton on expressions, one problem at a time and the same on every machine, so that
 * whole outputs can be compared. It knows no bounds and no losses.
 */
public final class ReferenceBackend implements Backend {

  /** Finds it; never chosen unless asked for by name. */
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
      return Availability.usable("interpreted");
    }

    @Override
    public Backend open() {
      return new ReferenceBackend();
    }
  }

  /** A backend that ranks last and cannot run. */
  public static final class Missing implements BackendProvider {
    @Override
    public String name() {
      return "abacus";
    }

    @Override
    public int priority() {
      return -2;
    }

    @Override
    public Availability availability() {
      return Availability.unusable("no beads found", "Buy some beads");
    }

    @Override
    public Backend open() {
      throw new AssertionError("opened although it is not available");
    }
  }

  @Override
  public String name() {
    return "reference";
  }

  @Override
  public String description() {
    return "interpreted";
  }

  @Override
  public void close() {}

  @Override
  public BatchFit solve(
      LeastSquaresProblem problem, LeastSquaresMethod method, Execution execution) {
    BatchFit.Builder sink = BatchFit.builder(problem, method, name(), "interpreted");
    for (long i = 0; i < problem.problems(); i++) {
      new Solver(problem, method, i).solve(sink);
      execution.listener().progress(i + 1, problem.problems());
    }
    return sink.timings(1_000_000, 2_000_000).build();
  }

  /** One problem. */
  private static final class Solver {
    private final LeastSquaresProblem problem;
    private final LeastSquaresMethod method;
    private final long index;
    private final Expression residual;
    private final List<Expression> gradient;
    private final int[] free;
    private final double[] theta;
    private final int n;
    private int used;

    Solver(LeastSquaresProblem problem, LeastSquaresMethod method, long index) {
      this.problem = problem;
      this.method = method;
      this.index = index;
      FormulaModel model = (FormulaModel) problem.model();
      residual = model.residual();
      gradient = Derivatives.gradient(residual, model.parameters());
      theta = new double[model.parameters().size()];
      problem.starts().read(index, 0, theta.length, theta, 0);
      n = Math.toIntExact(problem.points());
      free =
          java.util.stream.IntStream.range(0, theta.length)
              .filter(j -> !problem.isFixed(j))
              .toArray();
    }

    void solve(BatchFit.Builder sink) {
      int f = free.length;
      double damping = 1e-3;
      double[][] normal = normal(theta);
      double cost = normal[f][f];
      int evaluations = 1;
      int iterations = 0;
      Status status = used < f ? Status.TOO_FEW_POINTS : Status.ITERATION_LIMIT;
      if (Double.isNaN(cost)) {
        status = Status.NON_FINITE;
      }
      while (status == Status.ITERATION_LIMIT && evaluations < method.evaluationLimit(f)) {
        double[] step = solve(normal, damping);
        double[] trial = theta.clone();
        for (int a = 0; a < f; a++) {
          trial[free[a]] -= step[a];
        }
        double[][] next = normal(trial);
        evaluations++;
        if (next[f][f] <= cost) {
          boolean small = cost - next[f][f] <= 1e-14 * cost;
          System.arraycopy(trial, 0, theta, 0, trial.length);
          normal = next;
          cost = next[f][f];
          damping *= 0.1;
          iterations++;
          if (small) {
            status = Status.CONVERGED_COST;
          }
        } else {
          damping *= 10;
          if (damping > 1e12) {
            status = Status.NO_PROGRESS;
          }
        }
      }
      sink.outcome(index, status, 0, 0.5 * cost, iterations, evaluations);
      if (problem.missingData() == MissingData.OMIT) {
        sink.points(index, used);
      }
      double[] freeTheta = Arrays.stream(free).mapToDouble(j -> theta[j]).toArray();
      sink.freeParameters(index, freeTheta, 0, 1);
      double[] packed = new double[f * (f + 1) / 2];
      for (int k = 0; k < f; k++) {
        double[][] unit = new double[f + 1][f + 1];
        for (int a = 0; a < f; a++) {
          System.arraycopy(normal[a], 0, unit[a], 0, f);
          unit[a][f] = a == k ? 1 : 0;
        }
        double[] column = solve(unit, 0);
        for (int j = k; j < f; j++) {
          packed[j * (j + 1) / 2 + k] = column[j];
        }
      }
      sink.curvatureInverse(index, packed, 0, 1);
    }

    /** JᵀJ bordered by Jᵀr in the last column and rᵀr in the corner. */
    private double[][] normal(double[] at) {
      int f = free.length;
      double[][] sums = new double[f + 1][f + 1];
      FormulaModel model = (FormulaModel) problem.model();
      Map<String, Double> values = new HashMap<>();
      for (int j = 0; j < at.length; j++) {
        values.put(model.parameters().get(j), at[j]);
      }
      Column spread = problem.sigma().or(problem::weights).orElse(null);
      double[] row = new double[f + 1];
      used = 0;
      for (int k = 0; k < n; k++) {
        for (String column : model.columns()) {
          values.put(column, problem.column(column).value(index, k));
        }
        double scale = 1;
        if (spread != null) {
          double value = spread.value(index, k);
          scale = problem.sigma().isPresent() ? 1 / value : Math.sqrt(value);
        }
        row[f] = scale * residual.evaluate(values);
        if (Double.isNaN(row[f]) && problem.missingData() == MissingData.OMIT) {
          continue;
        }
        used++;
        for (int a = 0; a < f; a++) {
          row[a] = scale * gradient.get(free[a]).evaluate(values);
        }
        for (int a = 0; a <= f; a++) {
          for (int b = 0; b <= f; b++) {
            sums[a][b] += row[a] * row[b];
          }
        }
      }
      return sums;
    }

    /** Solves the damped system for the last column by elimination with pivots on the diagonal. */
    private double[] solve(double[][] bordered, double damping) {
      int f = free.length;
      double[][] m = new double[f][];
      for (int a = 0; a < f; a++) {
        m[a] = Arrays.copyOf(bordered[a], f + 1);
        m[a][a] *= 1 + damping;
      }
      for (int k = 0; k < f; k++) {
        for (int a = 0; a < f; a++) {
          if (a != k) {
            double factor = m[a][k] / m[k][k];
            for (int b = k; b <= f; b++) {
              m[a][b] -= factor * m[k][b];
            }
          }
        }
      }
      double[] x = new double[f];
      for (int a = 0; a < f; a++) {
        x[a] = m[a][f] / m[a][a];
      }
      return x;
    }
  }
}
