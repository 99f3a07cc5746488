package org.nabla4j.data;

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

  /** From this length on one native copy beats a loop of single loads. */
  private static final int NATIVE_COPY = 512;

  /** Keeps the buffer reachable, and with it the memory. */
  @SuppressWarnings({"unused", "FieldCanBeLocal"})
  private final INDArray array;

  private final DoublePointer doublePointer;
  private final DoubleIndexer doubles;
  private final FloatPointer floatPointer;
  private final FloatIndexer floats;
  private final long offset;
  private final long problemStride;
  private final long pointStride;

  private NdArrayColumn(
      INDArray array,
      boolean shared,
      long problems,
      long points,
      long problemStride,
      long pointStride) {
    super(shared, problems, points, array.dataType() == DataType.FLOAT);
    this.array = array;
    this.offset = array.offset();
    this.problemStride = problemStride;
    this.pointStride = pointStride;
    if (isFloat()) {
      floatPointer = new FloatPointer(array.data().pointer());
      floats = FloatIndexer.create(floatPointer);
      doublePointer = null;
      doubles = null;
    } else {
      doublePointer = new DoublePointer(array.data().pointer());
      doubles = DoubleIndexer.create(doublePointer);
      floatPointer = null;
      floats = null;
    }
  }

  static NdArrayColumn from(INDArray values) {
    INDArray array = readable(values);
    int rank = array.rank();
    if (rank == 0) {
      return new NdArrayColumn(array, true, 1, 1, 0, 1);
    }
    if (rank == 1) {
      return new NdArrayColumn(array, true, 1, array.size(0), 0, array.stride(0));
    }
    if (rank == 2 && array.size(0) == 1) {
      return new NdArrayColumn(array, true, 1, array.size(1), 0, array.stride(1));
    }
    if (rank == 2 && array.size(1) == 1) {
      return new NdArrayColumn(array, true, 1, array.size(0), 0, array.stride(0));
    }
    return matrix(array);
  }

  static NdArrayColumn fromMatrix(INDArray values) {
    return matrix(readable(values));
  }

  private static NdArrayColumn matrix(INDArray array) {
    if (array.rank() != 2) {
      throw new IllegalArgumentException(
          "values has shape " + Arrays.toString(array.shape()) + ", expected [B, n]");
    }
    return new NdArrayColumn(
        array, false, array.size(0), array.size(1), array.stride(0), array.stride(1));
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
    } else if (pointStride == 1 && count >= NATIVE_COPY) {
      // A pointer has a position, so every copy takes its own.
      doublePointer.getPointer(DoublePointer.class, start).get(target, targetOffset, count);
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
    } else if (pointStride == 1 && count >= NATIVE_COPY) {
      floatPointer.getPointer(FloatPointer.class, start).get(target, targetOffset, count);
    } else {
      for (int i = 0; i < count; i++) {
        target[targetOffset + i] = floats.get(start + i * pointStride);
      }
    }
  }
}
