package org.nabla4j.result;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * A table of doubles, rows × width, over several arrays so that it can pass 2³¹ elements. An array
 * is made when one of its rows is first set, by the thread that sets it: while it is written it
 * lies in that thread's cache, and many threads make theirs at once.
 *
 * <p>Threads may set different rows at once.
 */
final class DoubleTable {

  /** Elements in an array, a fraction of a core's cache. */
  private static final int CHUNK = 1 << 14;

  private final long rows;
  private final int width;
  private final int shift;
  private final AtomicReferenceArray<double[]> chunks;

  /** A table whose rows read as NaN until they are set. */
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
    chunks = new AtomicReferenceArray<>(Math.toIntExact((rows + rowsPerChunk - 1) >> shift));
  }

  int width() {
    return width;
  }

  double get(long row, int column) {
    double[] chunk = chunks.getAcquire((int) (row >> shift));
    return chunk == null ? Double.NaN : chunk[base(row) + column];
  }

  void set(long row, int column, double value) {
    chunk(row)[base(row) + column] = value;
  }

  /** Sets the columns of a row to every stride-th value from an offset on. */
  void set(long row, int[] columns, double[] source, int offset, int stride) {
    double[] chunk = chunk(row);
    int base = base(row);
    for (int k = 0; k < columns.length; k++) {
      chunk[base + columns[k]] = source[offset + k * stride];
    }
  }

  void get(long row, double[] target, int offset) {
    double[] chunk = chunks.getAcquire((int) (row >> shift));
    if (chunk == null) {
      Arrays.fill(target, offset, offset + width, Double.NaN);
    } else {
      System.arraycopy(chunk, base(row), target, offset, width);
    }
  }

  private double[] chunk(long row) {
    int index = (int) (row >> shift);
    double[] chunk = chunks.getAcquire(index);
    return chunk == null ? make(index) : chunk;
  }

  private double[] make(int index) {
    double[] made = new double[length(index)];
    Arrays.fill(made, Double.NaN);
    double[] other = chunks.compareAndExchangeRelease(index, null, made);
    return other == null ? made : other;
  }

  private int length(int index) {
    return Math.toIntExact(Math.min(1L << shift, rows - ((long) index << shift)) * width);
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
    for (int c = 0; c < chunks.length(); c++) {
      double[] chunk = chunks.getAcquire(c);
      int count = length(c);
      if (chunk == null) {
        Arrays.fill(all, offset, offset + count, Double.NaN);
      } else {
        System.arraycopy(chunk, 0, all, offset, count);
      }
      offset += count;
    }
    return all;
  }
}
