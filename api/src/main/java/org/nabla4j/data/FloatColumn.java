package org.nabla4j.data;

import java.util.Objects;

/** A column over float arrays: one shared array, one array per problem, or one array for all. */
final class FloatColumn extends Column {

  /** One array per problem, or a single one. */
  private final float[][] rows;

  /** Distance between problems in a single array; 0 where each has its own or it is shared. */
  private final int stride;

  FloatColumn(float[] values) {
    super(true, 1, Objects.requireNonNull(values, "values").length, true);
    rows = new float[][] {values};
    stride = 0;
  }

  FloatColumn(float[][] values) {
    super(false, Objects.requireNonNull(values, "values").length, pointsOf(values), true);
    rows = values.clone();
    stride = 0;
  }

  FloatColumn(float[] values, int points) {
    super(
        false,
        checkedProblems(Objects.requireNonNull(values, "values").length, points),
        points,
        true);
    rows = new float[][] {values};
    stride = points;
  }

  private static int pointsOf(float[][] values) {
    int points = rowLength(values.length, values.length == 0 ? 0 : checkedRow(values, 0).length);
    for (int row = 1; row < values.length; row++) {
      if (checkedRow(values, row).length != points) {
        throw ragged(row, values[row].length, points);
      }
    }
    return points;
  }

  private static float[] checkedRow(float[][] values, int row) {
    if (values[row] == null) {
      throw new NullPointerException("values[" + row + "] must not be null");
    }
    return values[row];
  }

  private float[] row(long problem) {
    return rows.length == 1 ? rows[0] : rows[(int) problem];
  }

  @Override
  public float[] floatArrayOrNull(long problem) {
    return row(problem);
  }

  @Override
  public int base(long problem) {
    return (int) (problem * stride);
  }

  @Override
  void copy(long problem, long from, int count, float[] target, int offset) {
    System.arraycopy(row(problem), base(problem) + (int) from, target, offset, count);
  }

  @Override
  void copy(long problem, long from, int count, double[] target, int offset) {
    float[] source = row(problem);
    int start = base(problem) + (int) from;
    for (int i = 0; i < count; i++) {
      target[offset + i] = source[start + i];
    }
  }
}
