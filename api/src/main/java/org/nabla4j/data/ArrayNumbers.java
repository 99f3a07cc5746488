package org.nabla4j.data;

import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Numbers that lie in arrays that {@link Column} does not know, each read where it is. */
final class ArrayNumbers {

  private ArrayNumbers() {}

  static NumberColumn of(int[] values) {
    return new NumberColumn() {
      @Override
      public long length() {
        return values.length;
      }

      @Override
      public void copy(long from, int count, double[] target, int offset) {
        int start = (int) from;
        for (int i = 0; i < count; i++) {
          target[offset + i] = values[start + i];
        }
      }
    };
  }

  static NumberColumn of(long[] values) {
    return new NumberColumn() {
      @Override
      public long length() {
        return values.length;
      }

      @Override
      public void copy(long from, int count, double[] target, int offset) {
        int start = (int) from;
        for (int i = 0; i < count; i++) {
          target[offset + i] = values[start + i];
        }
      }

      @Override
      public void codes(long from, int count, Levels levels, int[] target) {
        for (int i = 0; i < count; i++) {
          target[i] = levels.code(values[(int) from + i]);
        }
      }
    };
  }

  /** Column {@code column} of a matrix of one array per row. */
  static NumberColumn column(double[][] rows, int column) {
    return new NumberColumn() {
      @Override
      public long length() {
        return rows.length;
      }

      @Override
      public void copy(long from, int count, double[] target, int offset) {
        int start = (int) from;
        for (int i = 0; i < count; i++) {
          target[offset + i] = rows[start + i][column];
        }
      }
    };
  }

  /** Column {@code column} of a matrix of one single-precision array per row. */
  static NumberColumn column(float[][] rows, int column) {
    return new NumberColumn() {
      @Override
      public long length() {
        return rows.length;
      }

      @Override
      public void copy(long from, int count, double[] target, int offset) {
        int start = (int) from;
        for (int i = 0; i < count; i++) {
          target[offset + i] = rows[start + i][column];
        }
      }
    };
  }

  /** Column {@code column} of a row-major matrix with {@code width} columns. */
  static NumberColumn column(double[] rowMajor, int width, int column) {
    return new NumberColumn() {
      @Override
      public long length() {
        return rowMajor.length / width;
      }

      @Override
      public void copy(long from, int count, double[] target, int offset) {
        int start = (int) from * width + column;
        for (int i = 0; i < count; i++) {
          target[offset + i] = rowMajor[start + i * width];
        }
      }

      @Override
      public double[] arrayOrNull() {
        return width == 1 ? rowMajor : null;
      }
    };
  }

  /**
   * Elements of an ND4J array of integers or truth values, whose buffer is read where it lies:
   * element i is at offset + i·stride.
   */
  static NumberColumn strided(INDArray array, long length, long offset, long stride) {
    // A view's own buffer has other bounds; offsets count from the beginning of the whole one.
    DataBuffer whole = array.data().originalDataBuffer();
    DataBuffer buffer = whole == null ? array.data() : whole;
    return new NumberColumn() {
      @Override
      public long length() {
        return length;
      }

      @Override
      public void copy(long from, int count, double[] target, int targetOffset) {
        for (int i = 0; i < count; i++) {
          target[targetOffset + i] = buffer.getDouble(offset + (from + i) * stride);
        }
      }
    };
  }
}
