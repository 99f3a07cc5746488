package org.nabla4j.data;

import java.util.Objects;

/** A run of the points of another column. */
final class PointSlice extends Column {

  private final Column whole;
  private final long first;

  PointSlice(Column whole, long first, long count) {
    super(whole.shared(), whole.problems(), count, whole.isFloat());
    this.whole = whole;
    this.first = Objects.checkFromIndexSize(first, count, whole.points());
  }

  @Override
  public double[] arrayOrNull(long problem) {
    return whole.arrayOrNull(problem);
  }

  @Override
  public float[] floatArrayOrNull(long problem) {
    return whole.floatArrayOrNull(problem);
  }

  @Override
  public int base(long problem) {
    return whole.base(problem) + (int) first;
  }

  @Override
  void copy(long problem, long from, int count, double[] target, int offset) {
    whole.copy(problem, first + from, count, target, offset);
  }

  @Override
  void copy(long problem, long from, int count, float[] target, int offset) {
    whole.copy(problem, first + from, count, target, offset);
  }
}
