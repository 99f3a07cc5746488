package org.nabla4j.cpu;

/**
 * An array of lane values, double or float: the solvers read and write single lanes through it, the
 * generated code works on the array itself.
 */
abstract sealed class LaneMemory {

  static LaneMemory allocate(boolean isDouble, int size) {
    return isDouble ? new OfDouble(size) : new OfFloat(size);
  }

  /** Over an array that is there already. */
  static LaneMemory of(double[] array) {
    return new OfDouble(array);
  }

  /** The array, {@code double[]} or {@code float[]}. */
  abstract Object array();

  abstract double get(int element);

  abstract void set(int element, double value);

  /** Bits of those of at most 32 elements from {@code first} on that are not 0; NaN is not 0. */
  abstract int nonZero(int first, int count);

  /** Spreads values over every {@code stride}-th element from {@code first} on. */
  abstract void scatter(double[] values, int from, int count, int first, int stride);

  /** Spreads values over every {@code stride}-th element from {@code first} on. */
  abstract void scatter(float[] values, int from, int count, int first, int stride);

  private static final class OfDouble extends LaneMemory {
    private final double[] array;

    OfDouble(int size) {
      this(new double[size]);
    }

    OfDouble(double[] array) {
      this.array = array;
    }

    @Override
    Object array() {
      return array;
    }

    @Override
    double get(int element) {
      return array[element];
    }

    @Override
    void set(int element, double value) {
      array[element] = value;
    }

    @Override
    int nonZero(int first, int count) {
      int bits = 0;
      for (int k = 0; k < count; k++) {
        // the sign does not count
        long value = Double.doubleToRawLongBits(array[first + k]) << 1;
        bits |= (int) ((value | -value) >>> 63) << k;
      }
      return bits;
    }

    @Override
    void scatter(double[] values, int from, int count, int first, int stride) {
      double[] target = array;
      switch (stride) {
        case 2 -> spread(values, from, count, target, first, 2);
        case 4 -> spread(values, from, count, target, first, 4);
        case 8 -> spread(values, from, count, target, first, 8);
        case 12 -> spread(values, from, count, target, first, 12);
        case 16 -> spread(values, from, count, target, first, 16);
        case 20 -> spread(values, from, count, target, first, 20);
        case 24 -> spread(values, from, count, target, first, 24);
        case 28 -> spread(values, from, count, target, first, 28);
        case 32 -> spread(values, from, count, target, first, 32);
        case 40 -> spread(values, from, count, target, first, 40);
        case 48 -> spread(values, from, count, target, first, 48);
        case 56 -> spread(values, from, count, target, first, 56);
        case 64 -> spread(values, from, count, target, first, 64);
        case 72 -> spread(values, from, count, target, first, 72);
        case 80 -> spread(values, from, count, target, first, 80);
        default -> spread(values, from, count, target, first, stride);
      }
    }

    /** Inlined with a stride that is known, as that of few columns is, it checks no element. */
    private static void spread(
        double[] values, int from, int count, double[] target, int first, int stride) {
      for (int i = 0; i < count; i++) {
        target[first + stride * i] = values[from + i];
      }
    }

    @Override
    void scatter(float[] values, int from, int count, int first, int stride) {
      double[] target = array;
      for (int i = 0, e = first; i < count; i++, e += stride) {
        target[e] = values[from + i];
      }
    }
  }

  private static final class OfFloat extends LaneMemory {
    private final float[] array;

    OfFloat(int size) {
      array = new float[size];
    }

    @Override
    Object array() {
      return array;
    }

    @Override
    double get(int element) {
      return array[element];
    }

    @Override
    void set(int element, double value) {
      array[element] = (float) value;
    }

    @Override
    int nonZero(int first, int count) {
      int bits = 0;
      for (int k = 0; k < count; k++) {
        // the sign does not count
        int value = Float.floatToRawIntBits(array[first + k]) << 1;
        bits |= (value | -value) >>> 31 << k;
      }
      return bits;
    }

    @Override
    void scatter(double[] values, int from, int count, int first, int stride) {
      float[] target = array;
      for (int i = 0, e = first; i < count; i++, e += stride) {
        target[e] = (float) values[from + i];
      }
    }

    @Override
    void scatter(float[] values, int from, int count, int first, int stride) {
      float[] target = array;
      switch (stride) {
        case 4 -> spread(values, from, count, target, first, 4);
        case 8 -> spread(values, from, count, target, first, 8);
        case 16 -> spread(values, from, count, target, first, 16);
        default -> spread(values, from, count, target, first, stride);
      }
    }

    private static void spread(
        float[] values, int from, int count, float[] target, int first, int stride) {
      for (int i = 0; i < count; i++) {
        target[first + stride * i] = values[from + i];
      }
    }
  }
}
