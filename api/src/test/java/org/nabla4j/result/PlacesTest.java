package org.nabla4j.result;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlacesTest {

  private static final double NONE = Double.NaN;

  private static double distance(double[] theta, double[] widths, int place, int end) {
    int p = widths.length;
    double largest = 0;
    for (int j = 0; j < p; j++) {
      double a = theta[place * p + j];
      double scale = Double.isNaN(widths[j]) ? Math.max(Math.abs(a), 1) : widths[j];
      largest = Math.max(largest, Math.abs(a - theta[end * p + j]) / scale);
    }
    return largest;
  }

  /** The same as by looking at all of them, in a box and without one, over many sizes. */
  @ParameterizedTest
  @CsvSource({"1, 1", "2, 2", "3, 3", "5, 4"})
  void findsWhatIsNearest(int p, long seed) {
    Random random = new Random(seed);
    int n = 700;
    double[] widths = new double[p];
    Arrays.setAll(widths, j -> j % 2 == 0 ? NONE : 4);
    double[] theta = new double[n * p];
    for (int i = 0; i < theta.length; i++) {
      double size = Double.isNaN(widths[i % p]) ? Math.exp(6 * random.nextDouble() - 2) : 2;
      // Many are equal in a coordinate or nearly so.
      theta[i] =
          switch (random.nextInt(4)) {
            case 0 -> 1;
            case 1 -> 1 + 1.5e-4 * random.nextDouble();
            default -> size * (2 * random.nextDouble() - 1);
          };
    }
    Places places = new Places(theta, widths);
    boolean[] marked = new boolean[n];
    for (int end = 0; end < n; end++) {
      int at = end;
      int[] near =
          IntStream.range(0, end)
              .filter(i -> marked[i])
              .boxed()
              .sorted(Comparator.comparingDouble(i -> distance(theta, widths, i, at)))
              .mapToInt(i -> i)
              .limit(5)
              .toArray();
      assertArrayEquals(near, places.nearest(end, 5), "of " + end);
      int same =
          IntStream.range(0, end)
              .filter(i -> marked[i] && distance(theta, widths, i, at) <= 1e-4)
              .findFirst()
              .orElse(-1);
      assertEquals(same, places.same(end), "of " + end);
      if (end % 3 != 0) {
        places.mark(end, end);
        marked[end] = true;
      }
      if (end % 7 == 6 && marked[end - 5]) {
        places.unmark(end - 5);
        marked[end - 5] = false;
      }
    }
  }

  @Test
  void aHundredThousandPlacesTakeFewComparisons() {
    int n = 100_000;
    for (int p = 1; p <= 3; p++) {
      double[] theta = new double[n * p];
      double[] widths = new double[p];
      Arrays.fill(widths, n);
      Random random = new Random(p);
      // Along the first axis in order; elsewhere all the same, or anywhere.
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < p; j++) {
          theta[i * p + j] = j == 0 ? 20.0 * i : j == 1 ? 0.5 : n * random.nextDouble();
        }
      }
      Places places = new Places(theta, widths);
      for (int end = 0; end < n; end++) {
        assertEquals(-1, places.same(end));
        places.nearest(end, 16);
        places.mark(end, end);
      }
      assertTrue(places.comparisons() < 200L * n, p + ": " + places.comparisons());
    }
    // In many dimensions there is no order that helps; the limit does.
    int many = 20_000;
    double[] anywhere = new Random(9).doubles(many * 30L).toArray();
    double[] unit = new double[30];
    Arrays.fill(unit, 1);
    Places places = new Places(anywhere, unit);
    for (int end = 0; end < many; end++) {
      places.same(end);
      assertEquals(Math.min(end, 16), places.nearest(end, 16).length);
      places.mark(end, end);
    }
    assertTrue(places.comparisons() < 1100L * many, "" + places.comparisons());
  }

  @Test
  void oneEndAndNone() {
    Places none = new Places(new double[0], new double[] {1});
    assertEquals(0, none.comparisons());
    Places one = new Places(new double[] {3}, new double[] {NONE});
    assertEquals(-1, one.same(0));
    assertEquals(0, one.nearest(0, 16).length);
    one.mark(0, 4);
    assertEquals(4, one.same(0));
    assertArrayEquals(new int[] {4}, one.nearest(0, 16));
  }
}
