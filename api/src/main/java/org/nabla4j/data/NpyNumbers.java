package org.nabla4j.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;

/**
 * The elements of a mapped file of NumPy's format. They are read by absolute position, which
 * threads can share; no element lies in two windows, since their size is a multiple of every
 * element's.
 */
final class NpyNumbers {

  /** Bytes of a window, a power of two: a buffer ends at 2³¹ bytes. */
  private static final int WINDOW_SHIFT = 30;

  /** Elements that are copied together before they are sorted into columns. */
  private static final int ROWS_IN_CACHE = 2048;

  private final String name;
  private final NpyHeader header;
  private final int elementShift;
  private final int windowShift;
  private final ByteBuffer[] windows;

  /** The windows as runs of double or float, where the elements are such. */
  private final DoubleBuffer[] doubles;

  private final FloatBuffer[] floats;

  /** Maps a file. */
  NpyNumbers(String name, NpyHeader header, FileChannel channel) throws IOException {
    this(name, header, channel, WINDOW_SHIFT);
  }

  /** With another size of window, for its test. */
  NpyNumbers(String name, NpyHeader header, FileChannel channel, int windowShift)
      throws IOException {
    this.name = name;
    this.header = header;
    this.windowShift = windowShift;
    elementShift = Integer.numberOfTrailingZeros(header.size());
    long bytes = (header.rows() * header.width()) << elementShift;
    windows = new ByteBuffer[(int) ((bytes + (1L << windowShift) - 1) >> windowShift)];
    boolean isDouble = header.type().equals("f8");
    boolean isFloat = header.type().equals("f4");
    doubles = isDouble ? new DoubleBuffer[windows.length] : null;
    floats = isFloat ? new FloatBuffer[windows.length] : null;
    for (int w = 0; w < windows.length; w++) {
      long start = (long) w << windowShift;
      windows[w] =
          channel
              .map(
                  FileChannel.MapMode.READ_ONLY,
                  header.dataOffset() + start,
                  Math.min(1L << windowShift, bytes - start))
              .order(header.order());
      if (isDouble) {
        doubles[w] = windows[w].asDoubleBuffer();
      } else if (isFloat) {
        floats[w] = windows[w].asFloatBuffer();
      }
    }
  }

  /** A column of the matrix. */
  NumberColumn column(int column) {
    long start = header.byColumns() ? column * header.rows() : column;
    int stride = header.byColumns() ? 1 : header.width();
    return new NumberColumn() {
      @Override
      public long length() {
        return header.rows();
      }

      @Override
      public void copy(long from, int count, double[] target, int offset) {
        read(start + from * stride, stride, count, target, offset);
      }

      @Override
      public void codes(long from, int count, Levels levels, int[] target) {
        if (elementShift == 3 && doubles == null) {
          try {
            for (int i = 0; i < count; i++) {
              long value = whole(start + (from + i) * stride);
              target[i] =
                  value < 0 && header.type().equals("u8")
                      ? levels.code(Long.toUnsignedString(value))
                      : levels.code(value);
            }
          } catch (InternalError e) {
            throw shortened(e);
          }
        } else {
          NumberColumn.super.codes(from, count, levels, target);
        }
      }
    };
  }

  /** Most columns of the rows, or null where these do not lie one after the other as doubles. */
  RowMatrix rowsOrNull(int[] columns) {
    boolean most = columns.length * 4L >= header.width();
    if (header.byColumns() || doubles == null || !most) {
      return null;
    }
    int width = header.width();
    int atOnce = Math.max(1, ROWS_IN_CACHE / width);
    return (from, count, target, offsets) -> {
      double[] rows = new double[Math.min(count, atOnce) * width];
      for (int done = 0; done < count; done += atOnce) {
        int length = Math.min(atOnce, count - done);
        read((from + done) * width, 1, length * width, rows, 0);
        for (int c = 0; c < columns.length; c++) {
          if (offsets[c] >= 0) {
            spread(rows, columns[c], width, target, offsets[c] + done, length);
          }
        }
      }
    };
  }

  private static void spread(
      double[] rows, int column, int width, double[] target, int offset, int count) {
    for (int i = 0; i < count; i++) {
      target[offset + i] = rows[column + i * width];
    }
  }

  private long whole(long element) {
    return windows[window(element)].getLong(inWindow(element) << elementShift);
  }

  private int window(long element) {
    return (int) (element >> (windowShift - elementShift));
  }

  /** The place of an element among those of its window. */
  private int inWindow(long element) {
    return (int) element & ((1 << (windowShift - elementShift)) - 1);
  }

  /** Reads elements that are {@code stride} apart. */
  private void read(long first, int stride, int count, double[] target, int offset) {
    int perWindow = 1 << (windowShift - elementShift);
    try {
      for (int done = 0; done < count; ) {
        long element = first + (long) done * stride;
        int window = window(element);
        int start = inWindow(element);
        int length = Math.min(count - done, (perWindow - 1 - start) / stride + 1);
        readWindow(window, start, stride, length, target, offset + done);
        done += length;
      }
    } catch (InternalError e) {
      throw shortened(e);
    }
  }

  /** What the JVM makes of a mapped page that is not there any more, in words. */
  private RowException shortened(InternalError e) {
    return new RowException(name + " was shortened or became unreadable while it was read", e);
  }

  private void readWindow(
      int window, int start, int stride, int count, double[] target, int offset) {
    ByteBuffer bytes = windows[window];
    switch (header.type()) {
      case "f8" -> {
        DoubleBuffer source = doubles[window];
        if (stride == 1) {
          source.get(start, target, offset, count);
        } else {
          for (int i = 0; i < count; i++) {
            target[offset + i] = source.get(start + i * stride);
          }
        }
      }
      case "f4" -> {
        FloatBuffer source = floats[window];
        for (int i = 0; i < count; i++) {
          target[offset + i] = source.get(start + i * stride);
        }
      }
      case "i8" -> {
        for (int i = 0; i < count; i++) {
          target[offset + i] = bytes.getLong((start + i * stride) << 3);
        }
      }
      case "u8" -> {
        for (int i = 0; i < count; i++) {
          target[offset + i] = unsigned(bytes.getLong((start + i * stride) << 3));
        }
      }
      case "i4" -> {
        for (int i = 0; i < count; i++) {
          target[offset + i] = bytes.getInt((start + i * stride) << 2);
        }
      }
      case "u4" -> {
        for (int i = 0; i < count; i++) {
          target[offset + i] = bytes.getInt((start + i * stride) << 2) & 0xffffffffL;
        }
      }
      case "i2" -> {
        for (int i = 0; i < count; i++) {
          target[offset + i] = bytes.getShort((start + i * stride) << 1);
        }
      }
      case "u2" -> {
        for (int i = 0; i < count; i++) {
          target[offset + i] = bytes.getShort((start + i * stride) << 1) & 0xffff;
        }
      }
      case "i1" -> {
        for (int i = 0; i < count; i++) {
          target[offset + i] = bytes.get(start + i * stride);
        }
      }
      case "u1" -> {
        for (int i = 0; i < count; i++) {
          target[offset + i] = bytes.get(start + i * stride) & 0xff;
        }
      }
      default -> {
        for (int i = 0; i < count; i++) {
          target[offset + i] = bytes.get(start + i * stride) == 0 ? 0 : 1;
        }
      }
    }
  }

  /** The nearest double of a number without sign: half of it, its last bit kept for rounding. */
  private static double unsigned(long value) {
    return value >= 0 ? value : 2.0 * (double) ((value >>> 1) | (value & 1));
  }
}
