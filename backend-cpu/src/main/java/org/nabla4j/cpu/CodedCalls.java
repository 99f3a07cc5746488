package org.nabla4j.cpu;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.nabla4j.data.Column;
import org.nabla4j.objective.CodedModel;
import org.nabla4j.objective.LeastSquaresProblem;
import org.nabla4j.objective.MissingData;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Calls the code of a model for several problems at once, and checks what it returns.
 *
 * <p>Problems that are being worked on sit in slots. The arrays that the code is given belong to
 * this object and are closed by it; those that it returns are read at once and not kept. For use by
 * one thread.
 */
final class CodedCalls implements AutoCloseable {

  private final LeastSquaresProblem problem;
  private final CodedModel model;
  private final int n;
  private final int parameters;
  private final boolean omit;
  private final Column spread;
  private final double[] buffer;

  /** Values by slot; null where the column is shared. */
  private final double[][] own;

  private final double[] weights;
  private final boolean[] missing;
  private final INDArray[] data;

  /** The slots whose own data are in {@link #data}. */
  private int[] uploaded = {};

  /** How many of them; negative when a slot has been loaded since. */
  private int uploadedCount = -1;

  /**
   * Prepares.
   *
   * @param slots the most problems in one call
   */
  CodedCalls(LeastSquaresProblem problem, CodedModel model, int slots) {
    this.problem = problem;
    this.model = model;
    n = Math.toIntExact(problem.points());
    parameters = problem.parameters().size();
    omit = problem.missingData() == MissingData.OMIT;
    spread = problem.sigma().or(problem::weights).orElse(null);
    buffer = new double[n];
    int values = Math.multiplyExact(slots, n);
    weights = omit || spread != null ? new double[values] : null;
    missing = new boolean[n];
    List<Column> columns = problem.columns();
    own = new double[columns.size()][];
    data = new INDArray[columns.size()];
    for (int c = 0; c < data.length; c++) {
      Column column = columns.get(c);
      if (column.shared()) {
        double[] row = new double[n];
        column.read(0, 0, n, row, 0);
        replaceMissing(row, 0);
        data[c] = array(row, 1, n);
      } else {
        own[c] = new double[values];
      }
    }
  }

  private static INDArray array(double[] values, long rows, long columns) {
    return Nd4j.create(
        values, new long[] {rows, columns}, new long[] {columns, 1}, 'c', DataType.DOUBLE);
  }

  /**
   * Puts a problem's data into a slot.
   *
   * @return its points that are not missing
   */
  int load(int slot, long index) {
    uploadedCount = -1;
    int first = slot * n;
    Arrays.fill(missing, false);
    List<Column> columns = problem.columns();
    for (int c = 0; c < data.length; c++) {
      boolean shared = own[c] == null;
      if (shared && !omit) {
        continue;
      }
      double[] values = shared ? buffer : own[c];
      int at = shared ? 0 : first;
      columns.get(c).read(index, 0, n, values, at);
      findMissing(values, at);
      replaceMissing(values, at);
    }
    if (weights == null) {
      return n;
    }
    loadWeights(index, first);
    int used = 0;
    for (int i = 0; i < n; i++) {
      weights[first + i] = missing[i] ? 0 : weights[first + i];
      used += missing[i] ? 0 : 1;
    }
    return used;
  }

  /** √w of each point. */
  private void loadWeights(long index, int first) {
    if (spread == null) {
      Arrays.fill(weights, first, first + n, 1);
      return;
    }
    spread.read(index, 0, n, weights, first);
    findMissing(weights, first);
    RootWeight.of(problem.sigma().isPresent(), weights, first, n);
  }

  private void findMissing(double[] values, int first) {
    if (omit) {
      for (int i = 0; i < n; i++) {
        missing[i] |= Double.isNaN(values[first + i]);
      }
    }
  }

  /** The code shall not see NaN where the point does not count: it gets another point's value. */
  private void replaceMissing(double[] values, int first) {
    if (!omit) {
      return;
    }
    double valid = 0;
    for (int i = first; i < first + n; i++) {
      if (!Double.isNaN(values[i])) {
        valid = values[i];
        break;
      }
    }
    for (int i = first; i < first + n; i++) {
      values[i] = Double.isNaN(values[i]) ? valid : values[i];
    }
  }

  /** √w by slot, 0 where a point is missing; null where every point counts the same. */
  double[] weights() {
    return weights;
  }

  /**
   * Computes residuals, before weighting.
   *
   * @param slots the problems
   * @param count how many of them
   * @param theta all parameters, problem after problem in the order of {@code slots}
   * @param target receives the residuals of slot s from s·n on
   */
  void residuals(int[] slots, int count, double[] theta, double[] target) {
    upload(slots, count);
    INDArray point = array(Arrays.copyOf(theta, count * parameters), count, parameters);
    try {
      INDArray values = model.residuals().residuals(point, data.clone());
      check("residuals", values, count, n);
      Column rows = Column.perProblem(values);
      for (int k = 0; k < count; k++) {
        rows.read(k, 0, n, target, slots[k] * n);
      }
    } finally {
      point.close();
    }
  }

  /**
   * Computes derivatives of the residuals, before weighting, by the model's own code.
   *
   * @param slots the problems
   * @param count how many of them
   * @param theta all parameters, problem after problem in the order of {@code slots}
   * @param free the parameters whose derivatives are wanted
   * @param target receives the derivatives by the k-th of them for slot s from (s·|free| + k)·n on
   */
  void jacobian(int[] slots, int count, double[] theta, int[] free, double[] target) {
    upload(slots, count);
    INDArray point = array(Arrays.copyOf(theta, count * parameters), count, parameters);
    INDArray copy = null;
    try {
      INDArray values = model.jacobian().orElseThrow().jacobian(point, data.clone());
      check("jacobian", values, count, n, parameters);
      copy = values.dup('c');
      int width = Math.multiplyExact(n, parameters);
      Column rows = Column.perProblem(copy.reshape('c', count, width));
      double[] row = new double[width];
      for (int k = 0; k < count; k++) {
        rows.read(k, 0, width, row, 0);
        for (int j = 0; j < free.length; j++) {
          int at = (slots[k] * free.length + j) * n;
          for (int i = 0, e = free[j]; i < n; i++, e += parameters) {
            target[at + i] = row[e];
          }
        }
      }
    } finally {
      point.close();
      close(copy);
    }
  }

  /** Puts the slots' own data into arrays, unless they are there already. */
  private void upload(int[] slots, int count) {
    if (count == uploadedCount && Arrays.equals(slots, 0, count, uploaded, 0, count)) {
      return;
    }
    uploadedCount = -1;
    for (int c = 0; c < data.length; c++) {
      if (own[c] != null) {
        double[] values = new double[Math.multiplyExact(count, n)];
        for (int k = 0; k < count; k++) {
          System.arraycopy(own[c], slots[k] * n, values, k * n, n);
        }
        close(data[c]);
        data[c] = null;
        data[c] = array(values, count, n);
      }
    }
    uploaded = Arrays.copyOf(slots, count);
    uploadedCount = count;
  }

  private static void check(String code, INDArray values, long... shape) {
    String problem = null;
    if (values == null) {
      problem = "null";
    } else if (values.wasClosed()) {
      problem = "an array that has been closed";
    } else if (!Arrays.equals(values.shape(), shape)
        || (values.dataType() != DataType.DOUBLE && values.dataType() != DataType.FLOAT)) {
      problem =
          values.dataType().name().toLowerCase(Locale.ROOT) + " " + Arrays.toString(values.shape());
    }
    if (problem != null) {
      throw new IllegalArgumentException(
          "the model's "
              + code
              + " returned "
              + problem
              + ", expected double or float "
              + Arrays.toString(shape)
              + (shape.length == 2 ? " = [b, n]" : " = [b, n, p]")
              + " for b = "
              + shape[0]
              + " problems, n = "
              + shape[1]
              + " points"
              + (shape.length == 2 ? "" : ", p = " + shape[2] + " parameters"));
    }
  }

  private static void close(INDArray array) {
    if (array != null && array.closeable()) {
      array.close();
    }
  }

  @Override
  public void close() {
    for (INDArray array : data) {
      close(array);
    }
  }
}
