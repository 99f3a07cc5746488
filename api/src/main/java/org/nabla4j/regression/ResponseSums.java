package org.nabla4j.regression;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.nabla4j.backend.Execution;
import org.nabla4j.data.Column;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.Op;
import org.nabla4j.objective.FormulaModel;
import org.nabla4j.objective.LeastSquaresProblem;
import org.nabla4j.objective.MissingData;
import org.nabla4j.program.Interpreter;
import org.nabla4j.program.Program;
import org.nabla4j.program.ProgramCompiler;
import org.nabla4j.program.ProgramInputs;

/** Of each problem of a batch the rows that count, and the total sum of squares Σw(y − ȳ)². */
final class ResponseSums {

  /** Problems that a thread takes at a time. */
  private static final int CHUNK = 1024;

  /** A sum of squares about the mean below this share of Σwy² is the rounding of a constant. */
  private static final double CONSTANT = (16 * 0x1p-53) * (16 * 0x1p-53);

  private final int[] rows;
  private final double[] totals;

  private ResponseSums(int problems) {
    rows = new int[problems];
    totals = new double[problems];
  }

  /** Rows of a problem in which nothing is missing and the weight is above 0. */
  int rows(long index) {
    return rows[Math.toIntExact(index)];
  }

  /**
   * The sum of squares of a problem, about the weighted mean or about 0; 0 where the response does
   * not vary but for rounding.
   */
  double total(long index) {
    return totals[Math.toIntExact(index)];
  }

  /** Makes the sums, about the mean or about 0. */
  static ResponseSums of(LeastSquaresProblem problem, boolean centred, Execution execution) {
    int problems = Math.toIntExact(problem.problems());
    ResponseSums sums = new ResponseSums(problems);
    AtomicLong next = new AtomicLong();
    int workers = Math.max(1, Math.min(execution.parallelism(), problems / CHUNK));
    execution.run(
        workers,
        w -> {
          Reader reader = new Reader(problem, centred);
          for (long from = next.getAndAdd(CHUNK);
              from < problems && !execution.cancellation().isCancelled();
              from = next.getAndAdd(CHUNK)) {
            int to = (int) Math.min(from + CHUNK, problems);
            for (int i = (int) from; i < to; i++) {
              reader.read(i);
              sums.rows[i] = reader.rows;
              sums.totals[i] = reader.total;
            }
          }
        });
    return sums;
  }

  /** One thread's. */
  private static final class Reader {
    private static final double[] NONE = {};

    private final boolean centred;
    private final int n;
    private final List<Column> columns;
    private final Column weight;
    private final boolean omits;
    private final Column plain;
    private final Interpreter response;
    private final double[][] values;
    private final double[] row;
    private final double[] result = new double[1];
    private final double[] w;
    private final double[] y;
    private int rows;
    private double total;

    Reader(LeastSquaresProblem problem, boolean centred) {
      this.centred = centred;
      n = Math.toIntExact(problem.points());
      columns = problem.columns();
      weight = problem.weights().orElse(null);
      omits = problem.missingData() == MissingData.OMIT;
      FormulaModel model = (FormulaModel) problem.model();
      Expression expression = model.response();
      boolean isColumn = expression.op() == Op.SYMBOL;
      plain = isColumn && weight == null && !omits ? problem.column(expression.name()) : null;
      Program program =
          ProgramCompiler.compile(
              List.of(expression),
              new ProgramInputs(List.of(), List.of(), List.of(), model.columns()),
              ProgramCompiler.Options.defaults().withFma(false));
      response = new Interpreter(program);
      values = new double[columns.size()][plain == null ? n : 0];
      row = new double[columns.size()];
      w = new double[n];
      y = new double[n];
    }

    void read(int index) {
      if (plain == null) {
        readRows(index);
        return;
      }
      rows = n;
      double[] array = plain.arrayOrNull(index);
      if (array != null) {
        total = squares(array, plain.base(index));
      } else {
        plain.read(index, 0, n, y, 0);
        total = squares(y, 0);
      }
    }

    /** In four sums each, which do not wait for one another. */
    private double squares(double[] array, int base) {
      double mean = 0;
      int even = base + (n & ~3);
      int end = base + n;
      if (centred) {
        // Differences from one of them: the mean of equal numbers is that number.
        double first = array[base];
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        for (int i = base; i < even; i += 4) {
          a += array[i] - first;
          b += array[i + 1] - first;
          c += array[i + 2] - first;
          d += array[i + 3] - first;
        }
        for (int i = even; i < end; i++) {
          a += array[i] - first;
        }
        mean = first + ((a + b) + (c + d)) / n;
      }
      return aboveRounding(squares(array, base, mean), mean, n);
    }

    /** A sum of squares about the mean; 0 where it is the rounding of a constant. */
    private static double aboveRounding(double centredSquares, double mean, double weights) {
      double squares = centredSquares + weights * mean * mean;
      return centredSquares <= CONSTANT * squares ? 0 : centredSquares;
    }

    private double squares(double[] array, int base, double mean) {
      int even = base + (n & ~3);
      int end = base + n;
      double a = 0;
      double b = 0;
      double c = 0;
      double d = 0;
      for (int i = base; i < even; i += 4) {
        double p = array[i] - mean;
        double q = array[i + 1] - mean;
        double r = array[i + 2] - mean;
        double s = array[i + 3] - mean;
        a += p * p;
        b += q * q;
        c += r * r;
        d += s * s;
      }
      for (int i = even; i < end; i++) {
        double p = array[i] - mean;
        a += p * p;
      }
      return (a + b) + (c + d);
    }

    private void readRows(int index) {
      for (int c = 0; c < values.length; c++) {
        columns.get(c).read(index, 0, n, values[c], 0);
      }
      if (weight != null) {
        weight.read(index, 0, n, w, 0);
      }
      rows = 0;
      double weights = 0;
      double sum = 0;
      // Differences from one of them: the mean of equal numbers is that number.
      double first = 0;
      for (int i = 0; i < n; i++) {
        boolean missing = weight != null && Double.isNaN(w[i]);
        for (int c = 0; c < row.length; c++) {
          row[c] = values[c][i];
          missing |= Double.isNaN(row[c]);
        }
        if (weight == null) {
          w[i] = 1;
        }
        if ((missing && omits) || w[i] == 0) {
          w[i] = 0;
          y[i] = 0;
          continue;
        }
        response.evaluate(NONE, NONE, NONE, row, result);
        first = rows == 0 ? result[0] : first;
        rows++;
        y[i] = result[0];
        weights += w[i];
        sum += w[i] * (y[i] - first);
      }
      double mean = centred && weights != 0 ? first + sum / weights : 0;
      total = 0;
      for (int i = 0; i < n; i++) {
        total += w[i] * (y[i] - mean) * (y[i] - mean);
      }
      total = aboveRounding(total, mean, weights);
    }
  }
}
