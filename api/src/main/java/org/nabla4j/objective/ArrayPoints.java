package org.nabla4j.objective;

import java.util.Arrays;
import java.util.Objects;
import org.nabla4j.data.Column;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Points from arrays that callers hold, checked, and arrays from results. */
final class ArrayPoints {
  private ArrayPoints() {}

  static Points of(Objective objective, double[] theta) {
    Objects.requireNonNull(theta, "theta");
    checkWidth(objective, theta.length);
    return Points.of(theta);
  }

  /** Row i is for problem i. */
  static Points of(Objective objective, INDArray theta) {
    Objects.requireNonNull(theta, "theta");
    Column rows = Column.perProblem(theta);
    checkWidth(objective, rows.points());
    int count = Math.toIntExact(rows.problems());
    int p = (int) rows.points();
    double[] values = new double[Math.multiplyExact(count, p)];
    long[] problems = new long[count];
    for (int i = 0; i < count; i++) {
      rows.read(i, 0, p, values, i * p);
      problems[i] = i;
    }
    return new Points(values, problems, count, p);
  }

  private static void checkWidth(Objective objective, long width) {
    int p = objective.parameters().size();
    if (width != p) {
      throw new IllegalArgumentException(
          "theta has "
              + width
              + " values, expected "
              + p
              + ", one for each of "
              + objective.parameters());
    }
  }

  /** An ND4J array of doubles over no more than the values. */
  static INDArray array(double[] values, long... shape) {
    return Nd4j.create(values, shape, strides(shape), 'c', DataType.DOUBLE);
  }

  private static long[] strides(long... shape) {
    long[] strides = new long[shape.length];
    long next = 1;
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      strides[axis] = next;
      next *= shape[axis];
    }
    return strides;
  }

  /**
   * Copies an array that a caller's code returned, after checking it.
   *
   * @param name what it is, for the message
   * @param values the array, read at once and not kept
   * @param target receives its elements in row-major order
   * @param shape what it has to be
   */
  static void read(String name, INDArray values, double[] target, long... shape) {
    if (values == null) {
      throw new IllegalArgumentException(name + " returned null, expected " + text(shape));
    }
    long[] actual = values.shape();
    DataType type = values.dataType();
    if (!Arrays.equals(actual, shape) || (type != DataType.DOUBLE && type != DataType.FLOAT)) {
      throw new IllegalArgumentException(
          name
              + " returned "
              + type
              + " "
              + text(actual)
              + ", expected DOUBLE or FLOAT "
              + text(shape));
    }
    long width = 1;
    for (int axis = 1; axis < shape.length; axis++) {
      width *= shape[axis];
    }
    // Reshaping a view may copy; a copy in row-major order always reshapes in place.
    INDArray copy = values.dup('c');
    try {
      Column rows = Column.perProblem(copy.reshape('c', shape[0], width));
      for (int i = 0; i < shape[0]; i++) {
        rows.read(i, 0, (int) width, target, (int) (i * width));
      }
    } finally {
      copy.close();
    }
  }

  private static String text(long[] shape) {
    return Arrays.toString(shape);
  }
}
