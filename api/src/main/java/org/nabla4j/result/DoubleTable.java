package org.nabla4j.result;

import java.util.Arrays;

/** A table of doubles, rows × width, over several arrays so that it can pass 2³¹ elements. */
final class DoubleTable {

  /** Most elements in one array. */
  private static final int CHUNK = 1 << 26;

  private final long rows;
  private final int width;
  private final int shift;
  private final double[][] chunks;

  /** A table of zeros. */
  DoubleTable(long rows, int width) {
    this(rows, width, CHUNK);
  }

  /** With another size of array; for its test. */
  DoubleTable(long rows, int width, int chunk) {
    this.rows = rows;
    this.width = width;
    // Rows per array are a power of two, so that finding a row is a shift and a mask.
    shift = 31 - Integer.numberOfLeadingZeros(Math.max(1, chunk / Math.max(1, width)));
    long rowsPerChunk = 1L << shift;
    chunks = new double[(int) ((rows + rowsPerChunk - 1) >> shift)][];
    for (int c = 0; c < chunks.length; c++) {
      long left = Math.min(rowsPerChunk, rows - ((long) c << shift));
      chunks[c] = new double[Math.toIntExact(left * width)];
    }
  }

  /** Fills the table with NaN: what is not set later reads as not known. */
  DoubleTable unknown() {
    for (double[] chunk : chunks) {
      Arrays.fill(chunk, Double.NaN);
    }
    return this;
  }

  int width() {
    return width;
  }

  double get(long row, int column) {
    return chunks[(int) (row >> shift)][base(row) + column];
  }

  void set(long row, int column, double value) {
    chunks[(int) (row >> shift)][base(row) + column] = value;
  }

  /** Sets the columns of a row to every stride-th value from an offset on. */
  void set(long row, int[] columns, double[] source, int offset, int stride) {
    double[] chunk = chunks[(int) (row >> shift)];
    int base = base(row);
    for (int k = 0; k < columns.length; k++) {
      chunk[base + columns[k]] = source[offset + k * stride];
    }
  }

  void get(long row, double[] target, int offset) {
    System.arraycopy(chunks[(int) (row >> shift)], base(row), target, offset, width);
  }

  private int base(long row) {
    return (int) (row & ((1L << shift) - 1)) * width;
  }

  /** All rows one after the other; a copy. */
  double[] flat(String name) {
    long length = rows * width;
    if (length > Integer.MAX_VALUE - 8) {
      throw new IllegalStateException(
          name + " has " + length + " values, more than one array holds; read them per problem");
    }
    double[] all = new double[(int) length];
    int offset = 0;
    for (double[] chunk : chunks) {
      System.arraycopy(chunk, 0, all, offset, chunk.length);
      offset += chunk.length;
    }
    return all;
  }
}
