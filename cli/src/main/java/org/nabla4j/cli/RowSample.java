package org.nabla4j.cli;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Some of the rows of a table, each with the same probability, drawn while they come by (Vitter
 * 1985, algorithm R). The same rows in every run.
 */
final class RowSample {

  private static final long SEED = 20_260_101;

  private final SplittableRandom random = new SplittableRandom(SEED);
  private final double[][] values;
  private final long[] rows;
  private long seen;

  /**
   * An empty sample.
   *
   * @param size the most rows that are kept
   * @param width numbers of a row
   */
  RowSample(int size, int width) {
    values = new double[size][width];
    rows = new long[size];
  }

  /** Offers a row with its place in the table. */
  void offer(long row, double... numbers) {
    long place = seen < rows.length ? seen : random.nextLong(seen + 1);
    seen++;
    if (place < rows.length) {
      rows[(int) place] = row;
      System.arraycopy(numbers, 0, values[(int) place], 0, numbers.length);
    }
  }

  /** How many rows were kept. */
  int size() {
    return (int) Math.min(seen, rows.length);
  }

  /** The places of the rows in the table. */
  long[] rows() {
    return Arrays.copyOf(rows, size());
  }

  /** One of the numbers of each row. */
  double[] column(int number) {
    double[] column = new double[size()];
    Arrays.setAll(column, i -> values[i][number]);
    return column;
  }
}
