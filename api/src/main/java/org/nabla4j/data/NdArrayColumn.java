package org.nabla4j.data;

import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.indexer.DoubleIndexer;
import org.bytedeco.javacpp.indexer.FloatIndexer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.concurrency.AffinityManager;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A column over the off-heap buffer of an ND4J array.
 *
 * <p>A view shares the buffer of the array that it was cut from; its own first element lies at
 * {@link INDArray#offset()} and the buffer's address knows nothing of it. Element (b, k) is at
 * offset + b·problemStride + k·pointStride. Only the buffer is used after construction, since an
 * INDArray is not safe to share between threads; reading raw memory is.
 */
final class NdArrayColumn extends Column {

  /** Elements in one window onto the buffer: a byte buffer ends at 2³¹ bytes. */
  private static final int WINDOW_SHIFT = 27;

  private final int windowShift;

  /** Keeps the buffer reachable, and with it the memory. */
  @SuppressWarnings({"unused", "FieldCanBeLocal"})
  private final INDArray array;

  /** Single elements, for strided runs and conversions. */
  private final DoubleIndexer doubles;

  private final FloatIndexer floats;

  /** Runs of elements in one copy, by absolute position, which threads can share. */
  private final DoubleBuffer[] doubleWindows;

  private final FloatBuffer[] floatWindows;
  private final long offset;
  private final long problemStride;
  private final long pointStride;

  private NdArrayColumn(
      INDArray array,
      boolean shared,
      long problems,
      long points,
      long problemStride,
      long pointStride,
      int windowShift) {
    super(shared, problems, points, array.dataType() == DataType.FLOAT);
    this.array = array;
    this.offset = array.offset();
    this.problemStride = problemStride;
    this.pointStride = pointStride;
    this.windowShift = windowShift;
    long window = 1L << windowShift;
    if (isFloat()) {
      FloatPointer pointer = new FloatPointer(array.data().pointer());
      floats = FloatIndexer.create(pointer);
      floatWindows = new FloatBuffer[windows(pointer.limit())];
      for (int w = 0; w < floatWindows.length; w++) {
        long start = w * window;
        floatWindows[w] =
            pointer
                .getPointer(FloatPointer.class, start)
                .capacity(Math.min(window, pointer.limit() - start))
                .asBuffer();
      }
      doubles = null;
      doubleWindows = null;
    } else {
      DoublePointer pointer = new DoublePointer(array.data().pointer());
      doubles = DoubleIndexer.create(pointer);
      doubleWindows = new DoubleBuffer[windows(pointer.limit())];
      for (int w = 0; w < doubleWindows.length; w++) {
        long start = w * window;
        doubleWindows[w] =
            pointer
                .getPointer(DoublePointer.class, start)
                .capacity(Math.min(window, pointer.limit() - start))
                .asBuffer();
      }
      floats = null;
      floatWindows = null;
    }
  }

  private int windows(long length) {
    return (int) ((length + (1L << windowShift) - 1) >> windowShift);
  }

  static NdArrayColumn from(INDArray values) {
    INDArray array = readable(values);
    int rank = array.rank();
    if (rank == 0) {
      return new NdArrayColumn(array, true, 1, 1, 0, 1, WINDOW_SHIFT);
    }
    if (rank == 1) {
      return new NdArrayColumn(array, true, 1, array.size(0), 0, array.stride()[0], WINDOW_SHIFT);
    }
    if (rank == 2 && array.size(0) == 1) {
      return new NdArrayColumn(array, true, 1, array.size(1), 0, array.stride()[1], WINDOW_SHIFT);
    }
    if (rank == 2 && array.size(1) == 1) {
      return new NdArrayColumn(array, true, 1, array.size(0), 0, array.stride()[0], WINDOW_SHIFT);
    }
    return matrix(array, WINDOW_SHIFT);
  }

  static NdArrayColumn fromMatrix(INDArray values) {
    return fromMatrix(values, WINDOW_SHIFT);
  }

  /** With another size of window, for its test. */
  static NdArrayColumn fromMatrix(INDArray values, int windowShift) {
    return matrix(readable(values), windowShift);
  }

  private static NdArrayColumn matrix(INDArray array, int windowShift) {
    if (array.rank() != 2) {
      throw new IllegalArgumentException(
          "values has shape " + Arrays.toString(array.shape()) + ", expected [B, n]");
    }
    return new NdArrayColumn(
        array,
        false,
        array.size(0),
        array.size(1),
        array.stride()[0],
        array.stride()[1],
        windowShift);
  }

  /** An array of double or float whose newest values are in the host's memory. */
  private static INDArray readable(INDArray values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("values is empty, expected at least one element");
    }
    DataType type = values.dataType();
    if (!type.isNumerical()) {
      throw new IllegalArgumentException(
          "values has data type " + type + ", expected a numeric one");
    }
    INDArray array =
        type == DataType.DOUBLE || type == DataType.FLOAT ? values : values.castTo(DataType.DOUBLE);
    Nd4j.getAffinityManager().ensureLocation(array, AffinityManager.Location.HOST);
    return array;
  }

  @Override
  void copy(long problem, long from, int count, double[] target, int targetOffset) {
    long start = offset + problem * problemStride + from * pointStride;
    if (isFloat()) {
      for (int i = 0; i < count; i++) {
        target[targetOffset + i] = floats.get(start + i * pointStride);
      }
    } else if (pointStride == 1) {
      int window = 1 << windowShift;
      for (int done = 0; done < count; ) {
        int position = (int) ((start + done) & (window - 1));
        int length = Math.min(count - done, window - position);
        doubleWindows[(int) ((start + done) >> windowShift)].get(
            position, target, targetOffset + done, length);
        done += length;
      }
    } else {
      for (int i = 0; i < count; i++) {
        target[targetOffset + i] = doubles.get(start + i * pointStride);
      }
    }
  }

  @Override
  void copy(long problem, long from, int count, float[] target, int targetOffset) {
    long start = offset + problem * problemStride + from * pointStride;
    if (!isFloat()) {
      for (int i = 0; i < count; i++) {
        target[targetOffset + i] = (float) doubles.get(start + i * pointStride);
      }
    } else if (pointStride == 1) {
      int window = 1 << windowShift;
      for (int done = 0; done < count; ) {
        int position = (int) ((start + done) & (window - 1));
        int length = Math.min(count - done, window - position);
        floatWindows[(int) ((start + done) >> windowShift)].get(
            position, target, targetOffset + done, length);
        done += length;
      }
    } else {
      for (int i = 0; i < count; i++) {
        target[targetOffset + i] = floats.get(start + i * pointStride);
      }
    }
  }
}
