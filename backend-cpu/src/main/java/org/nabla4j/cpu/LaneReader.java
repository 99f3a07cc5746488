package org.nabla4j.cpu;

import org.nabla4j.data.Column;

/** Puts the values of columns into lanes. */
final class LaneReader {

  private LaneReader() {}

  /**
   * Spreads a problem's points of a column over lane memory.
   *
   * @param column whose points
   * @param index the problem
   * @param n points
   * @param scratch room for n values
   * @param data where point i goes to {@code first + i·stride}
   */
  static void spread(
      Column column, long index, int n, double[] scratch, LaneMemory data, int first, int stride) {
    long row = column.shared() ? 0 : index;
    double[] doubles = column.arrayOrNull(row);
    float[] floats = doubles != null ? null : column.floatArrayOrNull(row);
    if (doubles != null) {
      data.scatter(doubles, column.base(row), n, first, stride);
    } else if (floats != null) {
      data.scatter(floats, column.base(row), n, first, stride);
    } else {
      column.read(index, 0, n, scratch, 0);
      data.scatter(scratch, 0, n, first, stride);
    }
  }

  /** Reads the few values of a problem: cheaper than a bulk copy where they lie in an array. */
  static void readFew(Column column, long index, double[] target) {
    double[] array = column.arrayOrNull(index);
    if (array == null) {
      column.read(index, 0, target.length, target, 0);
      return;
    }
    int base = column.base(index);
    for (int j = 0; j < target.length; j++) {
      target[j] = array[base + j];
    }
  }
}
