package org.nabla4j.data;

import java.util.Objects;

/** A column over double arrays: one shared array, one array per problem, or one array for all. */
final class DoubleColumn extends Column {

  /** One array per problem, or a single one. */
  private final double[][] rows;

  /** Distance between problems in a single array; 0 where each has its own or it is shared. */
  private final int stride;

  DoubleColumn(double[] values) {
    super(true, 1, Objects.requireNonNull(values, "values").length, false);
    rows = new double[][] {values};
    stride = 0;
  }

  DoubleColumn(double[][] values) {
    super(false, Objects.requireNonNull(values, "values").length, pointsOf(values), false);
    rows = values.clone();
    stride = 0;
  }

  DoubleColumn(double[] values, int points) {
    super(
        false,
        checkedProblems(Objects.requireNonNull(values, "values").length, points),
        points,
        false);
    rows = new double[][] {values};
    stride = points;
  }

  private static int pointsOf(double[][] values) {
    int points = rowLength(values.length, values.length == 0 ? 0 : checkedRow(values, 0).length);
    for (int row = 1; row < values.length; row++) {
      if (checkedRow(values, row).length != points) {
        throw ragged(row, values[row].length, points);
      }
    }
    return points;
  }

  private static double[] checkedRow(double[][] values, int row) {
    if (values[row] == null) {
      throw new NullPointerException("values[" + row + "] must not be null");
    }
    return values[row];
  }

  private double[] row(long problem) {
    return rows.length == 1 ? rows[0] : rows[(int) problem];
  }

  @Override
  public double[] arrayOrNull(long problem) {
    return row(problem);
  }

  @Override
  public int base(long problem) {
    return (int) (problem * stride);
  }

  @Override
  void copy(long problem, long from, int count, double[] target, int offset) {
    System.arraycopy(row(problem), base(problem) + (int) from, target, offset, count);
  }

  @Override
  void copy(long problem, long from, int count, float[] target, int offset) {
    double[] source = row(problem);
    int start = base(problem) + (int) from;
    for (int i = 0; i < count; i++) {
      target[offset + i] = (float) source[start + i];
    }
  }
}
