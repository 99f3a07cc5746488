package org.nabla4j.cpu;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.nabla4j.backend.Execution;
import org.nabla4j.data.Column;
import org.nabla4j.data.ColumnScan;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.Op;
import org.nabla4j.objective.FormulaModel;
import org.nabla4j.objective.LeastSquaresProblem;
import org.nabla4j.objective.MissingData;
import org.nabla4j.result.BatchFit;
import org.nabla4j.result.Status;

/**
 * Sees to it that a NaN among data that may hold none ends its problem, also where the model does
 * not let it through to the cost.
 *
 * <p>Most formulas do: then the cost is NaN, and there is nothing to be done. What may swallow a
 * NaN are comparisons, {@code where}, {@code hypot}, powers that may be 0, columns that the formula
 * does not read, and code. Only there the data are looked at, once, after the solve.
 */
final class MissingValues {

  /** Problems that a thread takes at a time. */
  private static final int CHUNK = 256;

  /** Points that are read at a time. */
  private static final int RUN = 8192;

  private final LeastSquaresProblem problem;
  private final Execution execution;
  private final BatchFit fit;
  private final BatchFit.Builder results;
  private final List<Column> columns;

  private MissingValues(
      LeastSquaresProblem problem, Execution execution, BatchFit fit, BatchFit.Builder results) {
    this.problem = problem;
    this.execution = execution;
    this.fit = fit;
    this.results = results;
    columns = problem.columns();
  }

  /** Ends the problems that hold a NaN, if their model may have swallowed it. */
  static void refuse(LeastSquaresProblem problem, Execution execution, BatchFit.Builder results) {
    if (problem.missingData() == MissingData.REFUSE && maySwallow(problem)) {
      new MissingValues(problem, execution, results.build(), results).refuseAll();
    }
  }

  /** Whether a NaN among the data may leave the cost finite. */
  static boolean maySwallow(LeastSquaresProblem problem) {
    if (!(problem.model() instanceof FormulaModel model)) {
      return true;
    }
    Expression residual = model.residual();
    if (!residual.symbols().containsAll(model.columns())) {
      return true;
    }
    Set<Expression> seen = new HashSet<>();
    Deque<Expression> rest = new ArrayDeque<>();
    rest.add(residual);
    while (!rest.isEmpty()) {
      Expression expression = rest.remove();
      if (seen.add(expression)) {
        if (maySwallow(expression)) {
          return true;
        }
        rest.addAll(expression.arguments());
      }
    }
    return false;
  }

  private static boolean maySwallow(Expression expression) {
    return switch (expression.op()) {
      case LT, LE, GT, GE, EQ, NE, WHERE, HYPOT -> true;
      case POW -> {
        Expression exponent = expression.arguments().get(1);
        yield exponent.op() != Op.CONSTANT || exponent.value() == 0;
      }
      default -> false;
    };
  }

  private void refuseAll() {
    List<Column> shared = new ArrayList<>();
    List<Column> own = new ArrayList<>();
    columns.forEach(c -> (c.shared() ? shared : own).add(c));
    boolean all = sharedHoldNan(shared);
    if (!all && own.isEmpty()) {
      return;
    }
    AtomicLong next = new AtomicLong();
    long count = problem.problems();
    int workers = (int) Math.min(execution.parallelism(), (count + CHUNK - 1) / CHUNK);
    execution.run(
        workers,
        w -> {
          double[] buffer = new double[RUN];
          for (long from = next.getAndAdd(CHUNK); from < count; from = next.getAndAdd(CHUNK)) {
            for (long i = from; i < Math.min(from + CHUNK, count); i++) {
              if (hasEnded(i) && (all || holdsNan(own, i, buffer))) {
                end(i);
              }
            }
          }
        });
  }

  private boolean hasEnded(long index) {
    Status status = fit.status(index);
    return status != Status.CANCELLED
        && status != Status.TOO_FEW_POINTS
        && status != Status.NON_FINITE;
  }

  private static boolean sharedHoldNan(List<Column> shared) {
    try (ColumnScan scan = ColumnScan.of(0, shared, RUN)) {
      while (scan.next()) {
        for (int c = 0; c < shared.size(); c++) {
          if (holdsNan(scan.values(c), scan.count())) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private boolean holdsNan(List<Column> own, long index, double[] buffer) {
    for (Column column : own) {
      for (long from = 0; from < problem.points(); from += RUN) {
        int count = (int) Math.min(RUN, problem.points() - from);
        column.read(index, from, count, buffer, 0);
        if (holdsNan(buffer, count)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean holdsNan(double[] values, int count) {
    for (int k = 0; k < count; k++) {
      if (Double.isNaN(values[k])) {
        return true;
      }
    }
    return false;
  }

  /** As a problem ends whose cost is not finite at the start. */
  private void end(long index) {
    double[] lower = problem.lower();
    double[] upper = problem.upper();
    double[] start = new double[lower.length];
    problem.starts().read(index, 0, start.length, start, 0);
    int p = problem.freeCount();
    double[] theta = new double[p];
    for (int j = 0, k = 0; j < start.length; j++) {
      if (!problem.isFixed(j)) {
        theta[k++] = Math.max(lower[j], Math.min(upper[j], start[j]));
      }
    }
    double[] none = new double[p * (p + 1) / 2];
    Arrays.fill(none, Double.NaN);
    results.freeParameters(index, theta, 0, 1);
    results.curvatureInverse(index, none, 0, 1);
    results.outcome(index, Status.NON_FINITE, Double.NaN, Double.NaN, 0, fit.evaluations(index));
  }
}
