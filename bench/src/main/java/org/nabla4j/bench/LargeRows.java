package org.nabla4j.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.nabla4j.Regression;
import org.nabla4j.backend.Execution;
import org.nabla4j.data.Rows;
import org.nabla4j.data.Tables;
import org.nabla4j.regression.RegressionFit;

/**
 * One linear regression over a file of NumPy's format with more rows than the heap holds: writes
 * the file unless it is there, reads it from end to end to see what the disk or the page cache
 * gives, fits it, and compares the coefficients with the truth.
 */
public final class LargeRows {

  /** Columns of the file, the response among them. */
  private static final int COLUMNS = 20;

  private static final long SEED = 13;
  private static final int ROWS_PER_WRITE = 8192;
  private static final int BYTES_PER_READ = 4 << 20;

  /** A header ends at a multiple of this. */
  private static final int ALIGNMENT = 64;

  private static final int PREAMBLE = 10;

  private LargeRows() {}

  /**
   * Writes, reads and fits, and prints what each took.
   *
   * @param arguments a file, which is kept; the number of rows if it is to be written, 10000000 if
   *     absent; threads, all if absent
   * @throws IOException if the file cannot be written or read
   */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length < 1 || arguments.length > 3) {
      throw new IllegalArgumentException(
          "expected FILE [ROWS [THREADS]], got " + arguments.length + " arguments");
    }
    Path file = Path.of(arguments[0]);
    long rows = arguments.length > 1 ? Long.parseLong(arguments[1]) : 10_000_000;
    if (rows <= COLUMNS) {
      throw new IllegalArgumentException("ROWS = " + rows + ", expected more than " + COLUMNS);
    }
    Execution execution = Execution.defaults();
    if (arguments.length > 2) {
      execution = execution.withParallelism(Integer.parseInt(arguments[2]));
    }
    if (!Files.exists(file)) {
      long start = System.nanoTime();
      write(file, rows);
      print("written", Files.size(file), System.nanoTime() - start);
    }
    long size = Files.size(file);
    print("read before", size, timeReading(file));
    fit(file, size, execution);
    print("read after", size, timeReading(file));
  }

  private static void fit(Path file, long size, Execution execution) {
    List<MemoryPoolMXBean> heap =
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .toList();
    System.gc();
    heap.forEach(MemoryPoolMXBean::resetPeakUsage);
    List<String> names = new ArrayList<>();
    for (int j = 1; j < COLUMNS; j++) {
      names.add("x" + j);
    }
    names.add("y");
    Rows table = Tables.npy(file, names.toArray(String[]::new));
    long start = System.nanoTime();
    RegressionFit fit = Regression.ols("y ~ .").backend("cpu").execution(execution).fit(table);
    double[] errors = fit.standardErrors();
    long nanos = System.nanoTime() - start;
    // each pool's own peak: together they are no less than the heap's
    long peak = heap.stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum();
    print("fitted", size, nanos);
    System.out.printf(
        Locale.ROOT,
        "%,d rows of %d columns, %.2f M rows/s, %d threads, kernel %s, %s%n"
            + "heap at most %d of %d MiB%n",
        fit.rows(),
        COLUMNS,
        1e3 * fit.rows() / nanos,
        execution.parallelism(),
        fit.kernel(),
        fit.method(),
        peak >> 20,
        Runtime.getRuntime().maxMemory() >> 20);
    double[] truth = RegressionData.truth(RegressionData.Model.LINEAR, COLUMNS - 1);
    RegressionData.requireTruth(truth, fit.coefficients(), errors, file.toString());
    double off = 0;
    for (int j = 0; j < truth.length; j++) {
      off = Math.max(off, Math.abs(fit.coefficients()[j] - truth[j]) / errors[j]);
    }
    System.out.printf(
        Locale.ROOT,
        "coefficients within %.2f standard errors of the truth, sigma %.6f (truth %.6f)%n",
        off,
        fit.sigma(),
        RegressionData.NOISE);
  }

  private static void print(String what, long bytes, long nanos) {
    System.out.printf(
        Locale.ROOT,
        "%-12s %.3f s, %.2f GB at %.2f GB/s%n",
        what,
        1e-9 * nanos,
        1e-9 * bytes,
        (double) bytes / nanos);
  }

  /** Writes rows one after the other, the response last. */
  static void write(Path file, long rows) throws IOException {
    double[] truth = RegressionData.truth(RegressionData.Model.LINEAR, COLUMNS - 1);
    double[] x = new double[COLUMNS - 1];
    SplittableRandom random = new SplittableRandom(SEED);
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(ROWS_PER_WRITE * COLUMNS * Double.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    DoubleBuffer numbers = bytes.asDoubleBuffer();
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
      writeFully(channel, header(rows));
      for (long done = 0; done < rows; done += ROWS_PER_WRITE) {
        int count = (int) Math.min(ROWS_PER_WRITE, rows - done);
        numbers.clear();
        for (int i = 0; i < count; i++) {
          double y = RegressionData.row(RegressionData.Model.LINEAR, random, truth, x);
          numbers.put(x).put(y);
        }
        bytes.clear().limit(count * COLUMNS * Double.BYTES);
        writeFully(channel, bytes);
      }
    }
  }

  /** The header of version 1.0 for a matrix of doubles, row by row. */
  private static ByteBuffer header(long rows) {
    String text =
        "{'descr': '<f8', 'fortran_order': False, 'shape': (" + rows + ", " + COLUMNS + "), }";
    int length = (PREAMBLE + text.length() + 1 + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    ByteBuffer header = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    header.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII));
    header.put((byte) 1).put((byte) 0).putShort((short) (length - PREAMBLE));
    header.put(text.getBytes(StandardCharsets.US_ASCII));
    while (header.position() < length - 1) {
      header.put((byte) ' ');
    }
    return header.put((byte) '\n').flip();
  }

  private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private static long timeReading(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocateDirect(BYTES_PER_READ);
    long start = System.nanoTime();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      while (channel.read(bytes) >= 0) {
        bytes.clear();
      }
    }
    return System.nanoTime() - start;
  }
}
