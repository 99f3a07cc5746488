package org.nabla4j.regression;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OrderedCholeskyTest {

  private static final double ROUNDING = 0x1p-49;

  private static int at(int i, int j) {
    return i * (i + 1) / 2 + j;
  }

  /** BᵀB of whole numbers, which is exact. */
  private static double[] gram(double[][] b) {
    int m = b[0].length;
    double[] s = new double[m * (m + 1) / 2];
    for (double[] row : b) {
      for (int i = 0; i < m; i++) {
        for (int j = 0; j <= i; j++) {
          s[at(i, j)] += row[i] * row[j];
        }
      }
    }
    return s;
  }

  private static double[] noise(double[] s, int m) {
    double[] noise = new double[m];
    for (int i = 0; i < m; i++) {
      noise[i] = ROUNDING * Math.sqrt(s[at(i, i)]);
    }
    return noise;
  }

  /** The inverse of the Hilbert matrix of order 10 is whole; its condition number 1.6·10¹³. */
  @Test
  void anIllConditionedMatrixIsInvertedToTheLastDigit() {
    int m = 10;
    double[] high = new double[m * (m + 1) / 2];
    double[] low = new double[high.length];
    double[] noise = new double[m];
    DoubleDouble number = new DoubleDouble();
    for (int i = 0; i < m; i++) {
      for (int j = 0; j <= i; j++) {
        number.set(1, 0).divide(i + j + 1, 0);
        high[at(i, j)] = number.high;
        low[at(i, j)] = number.low;
      }
      noise[i] = ROUNDING * Math.sqrt(high[at(i, i)]);
    }
    OrderedCholesky factor = OrderedCholesky.of(high, low, noise);
    assertEquals(m, factor.rank());
    double[] inverse = factor.inverse(RowPass.Precision.DOUBLE_DOUBLE);
    assertEquals(100, inverse[at(0, 0)], 1e-12);
    assertEquals(-4950, inverse[at(1, 0)], 1e-11);
    assertEquals(3_480_673_996_800.0, inverse[at(6, 6)], 1e-3);
    double[] bHigh = new double[m];
    double[] bLow = new double[m];
    for (int i = 0; i < m; i++) {
      number.set(0, 0);
      for (int j = 0; j < m; j++) {
        int k = i < j ? at(j, i) : at(i, j);
        number.add(high[k], low[k]);
      }
      bHigh[i] = number.high;
      bLow[i] = number.low;
    }
    factor.solve(bHigh, bLow);
    double[] ones = new double[m];
    Arrays.fill(ones, 1);
    assertArrayEquals(ones, bHigh, 1e-15);
  }

  @Test
  void dependentColumnsAreLeftOutInOrder() {
    Random random = new Random(5);
    double[][] b = new double[30][6];
    for (double[] row : b) {
      row[0] = random.nextInt(20);
      row[1] = 3 * row[0];
      row[2] = random.nextInt(20);
      row[3] = 0;
      row[4] = row[0] - 2 * row[2];
      row[5] = random.nextInt(20);
    }
    double[] s = gram(b);
    OrderedCholesky factor = OrderedCholesky.of(s, new double[s.length], noise(s, 6));
    assertEquals(3, factor.rank());
    assertTrue(factor.isKept(0));
    assertFalse(factor.isKept(1));
    assertTrue(factor.isKept(2));
    assertFalse(factor.isKept(3));
    assertFalse(factor.isKept(4));
    assertTrue(factor.isKept(5));
    assertArrayEquals(new double[] {3, 0, 0, 0, 0, 0}, factor.combination(1), 1e-15);
    assertArrayEquals(new double[6], factor.combination(3));
    assertArrayEquals(new double[] {1, 0, -2, 0, 0, 0}, factor.combination(4), 1e-15);
    // What is left is solved as if the others were not there.
    double[][] kept = new double[30][];
    for (int k = 0; k < 30; k++) {
      kept[k] = new double[] {b[k][0], b[k][2], b[k][5]};
    }
    double[] small = gram(kept);
    OrderedCholesky alone = OrderedCholesky.of(small, new double[small.length], noise(small, 3));
    double[] side = {1, 99, 2, 99, 99, 3};
    double[] sideAlone = {1, 2, 3};
    factor.solve(side, new double[6]);
    alone.solve(sideAlone, new double[3]);
    assertArrayEquals(
        new double[] {sideAlone[0], 0, sideAlone[1], 0, 0, sideAlone[2]}, side, 1e-17);
    double[] inverse = factor.inverse(RowPass.Precision.DOUBLE_DOUBLE);
    double[] inverseAlone = alone.inverse(RowPass.Precision.DOUBLE_DOUBLE);
    assertEquals(inverseAlone[at(2, 1)], inverse[at(5, 2)], 1e-18);
    assertEquals(inverseAlone[at(0, 0)], inverse[at(0, 0)], 1e-18);
    assertEquals(0, inverse[at(4, 2)]);
    assertEquals(0, inverse[at(1, 1)]);
    double[] inDouble = factor.inverse(RowPass.Precision.DOUBLE);
    for (int i = 0; i < inverse.length; i++) {
      assertEquals(inverse[i], inDouble[i], 1e-13 * Math.abs(inverse[i]));
    }
  }

  @Test
  void nothingAndOneColumn() {
    OrderedCholesky none = OrderedCholesky.of(new double[0], new double[0], new double[0]);
    assertEquals(0, none.rank());
    assertEquals(0, none.inverse(RowPass.Precision.DOUBLE_DOUBLE).length);
    OrderedCholesky one =
        OrderedCholesky.of(new double[] {4}, new double[1], new double[] {2 * ROUNDING});
    assertArrayEquals(new double[] {0.25}, one.inverse(RowPass.Precision.DOUBLE_DOUBLE), 0);
    OrderedCholesky zero = OrderedCholesky.of(new double[] {0}, new double[1], new double[] {0});
    assertEquals(0, zero.rank());
  }
}
