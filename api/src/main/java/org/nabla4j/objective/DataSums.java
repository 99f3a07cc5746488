package org.nabla4j.objective;

import java.util.List;
import org.nabla4j.data.Column;
import org.nabla4j.program.Interpreter;
import org.nabla4j.program.Program;

/**
 * Runs a program at every data point of a problem and sums its outputs over the points.
 *
 * <p>A sum carries along what rounding has lost (Neumaier 1974), so that its error does not grow
 * with the number of points: methods tell points apart by differences of such sums. For use by one
 * thread.
 */
final class DataSums {

  /** Points that are read at a time. */
  private static final int CHUNK = 256;

  private static final double[] NONE = {};

  private final Interpreter interpreter;
  private final List<Column> constants;
  private final List<Column> columns;
  private final long points;

  /** The points that count, from {@link #from} until {@link #to}; null where all do. */
  private int[] selection;

  private int from;
  private int to;
  private final double[] known;
  private final double[][] values;
  private final double[] row;
  private final double[] outputs;
  private final double[] lost;

  /**
   * Prepares.
   *
   * @param program its inputs are parameters, problem constants and problem columns
   * @param extra problem constants after those of {@code constants}, which the caller sets
   * @param constants columns of one point
   * @param columns columns of n points; none of them for n = 1 and no data
   * @param points n
   */
  DataSums(Program program, int extra, List<Column> constants, List<Column> columns, long points) {
    interpreter = new Interpreter(program);
    this.constants = constants;
    this.columns = columns;
    this.points = points;
    known = new double[constants.size() + extra];
    values = new double[columns.size()][(int) Math.min(points, CHUNK)];
    row = new double[columns.size()];
    outputs = new double[program.outputs().length];
    lost = new double[outputs.length];
  }

  /** Where the caller puts the constants that are his own, after those of the problem. */
  double[] known() {
    return known;
  }

  /** Sums over some of the points from now on, those from here until there in the selection. */
  void select(int[] indices, int start, int end) {
    selection = indices;
    from = start;
    to = end;
  }

  /** The number of sums. */
  int outputs() {
    return outputs.length;
  }

  /**
   * Sums over the data of a problem.
   *
   * @param problem the problem
   * @param theta its parameters, not modified
   * @param sums receives the sums, one for each output
   */
  void sum(long problem, double[] theta, double[] sums) {
    for (int c = 0; c < constants.size(); c++) {
      constants.get(c).read(problem, 0, 1, known, c);
    }
    if (columns.isEmpty()) {
      interpreter.evaluate(theta, known, NONE, NONE, sums);
      return;
    }
    for (int i = 0; i < outputs.length; i++) {
      sums[i] = 0;
      lost[i] = 0;
    }
    if (selection == null) {
      for (long first = 0; first < points; first += CHUNK) {
        int count = (int) Math.min(CHUNK, points - first);
        for (int c = 0; c < values.length; c++) {
          columns.get(c).read(problem, first, count, values[c], 0);
        }
        for (int k = 0; k < count; k++) {
          for (int c = 0; c < values.length; c++) {
            row[c] = values[c][k];
          }
          add(theta, sums);
        }
      }
    } else {
      for (int k = from; k < to; k++) {
        for (int c = 0; c < values.length; c++) {
          columns.get(c).read(problem, selection[k], 1, row, c);
        }
        add(theta, sums);
      }
    }
    for (int i = 0; i < outputs.length; i++) {
      // Of an infinite sum ∞ - ∞ was lost, which is no correction.
      sums[i] = Double.isFinite(sums[i]) ? sums[i] + lost[i] : sums[i];
    }
  }

  private void add(double[] theta, double[] sums) {
    interpreter.evaluate(theta, known, NONE, row, outputs);
    for (int i = 0; i < outputs.length; i++) {
      double a = sums[i];
      double b = outputs[i];
      double sum = a + b;
      lost[i] += Math.abs(a) >= Math.abs(b) ? (a - sum) + b : (b - sum) + a;
      sums[i] = sum;
    }
  }
}
