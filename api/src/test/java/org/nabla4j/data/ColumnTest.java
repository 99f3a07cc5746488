package org.nabla4j.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Columns over Java arrays, and combinations of columns, against element-by-element copies. */
class ColumnTest {

  private static double[][] random(int rows, int columns, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[][] values = new double[rows][columns];
    for (double[] row : values) {
      for (int k = 0; k < columns; k++) {
        row[k] = random.nextDouble(-1, 1);
      }
    }
    return values;
  }

  /** Reads every run of every problem in both precisions and compares with the expected rows. */
  static void assertReads(double[][] expected, Column column) {
    int n = expected[0].length;
    assertEquals(n, column.points());
    for (int b = 0; b < expected.length; b++) {
      for (int from = 0; from <= n; from += Math.max(1, n / 7)) {
        for (int count : new int[] {0, 1, (n - from) / 2, n - from}) {
          if (from + count > n) {
            continue;
          }
          double[] doubles = new double[count + 3];
          float[] floats = new float[count + 3];
          column.read(b, from, count, doubles, 2);
          column.read(b, from, count, floats, 2);
          for (int i = 0; i < count; i++) {
            assertEquals(expected[b][from + i], doubles[2 + i], "b=" + b + " k=" + (from + i));
            assertEquals((float) expected[b][from + i], floats[2 + i]);
          }
          assertEquals(0, doubles[1]);
          assertEquals(0, doubles[count + 2]);
        }
      }
      double[] array = column.arrayOrNull(b);
      if (array != null) {
        for (int k = 0; k < n; k++) {
          assertEquals(expected[b][k], array[column.base(b) + k]);
        }
      }
      float[] floats = column.floatArrayOrNull(b);
      if (floats != null) {
        for (int k = 0; k < n; k++) {
          assertEquals((float) expected[b][k], floats[column.base(b) + k]);
        }
      }
    }
  }

  private static float[] toFloat(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  /** Values that float holds exactly, so that one expectation serves both types. */
  private static double[][] rounded(double[][] values) {
    double[][] copy = new double[values.length][];
    for (int b = 0; b < values.length; b++) {
      copy[b] = new double[values[b].length];
      for (int k = 0; k < copy[b].length; k++) {
        copy[b][k] = (float) values[b][k];
      }
    }
    return copy;
  }

  @Test
  void sharedArraysAreReadInPlace() {
    double[] values = random(1, 13, 1)[0];
    Column column = Column.shared(values);
    assertTrue(column.shared());
    assertFalse(column.isFloat());
    assertEquals(1, column.problems());
    assertSame(values, column.arrayOrNull(5));
    assertNull(column.floatArrayOrNull(0));
    assertReads(new double[][] {values, values, values}, column);
  }

  @Test
  void rowsOfDoubles() {
    for (int n : new int[] {1, 2, 13, 207}) {
      double[][] values = random(5, n, n);
      Column column = Column.perProblem(values);
      assertFalse(column.shared());
      assertEquals(5, column.problems());
      assertReads(values, column);
    }
  }

  @Test
  void rowsOfFloats() {
    double[][] values = rounded(random(4, 13, 2));
    float[][] rows = new float[4][];
    for (int b = 0; b < 4; b++) {
      rows[b] = toFloat(values[b]);
    }
    Column column = Column.perProblem(rows);
    assertTrue(column.isFloat());
    assertReads(values, column);
    assertReads(new double[][] {values[0]}, Column.shared(rows[0]));
  }

  @Test
  void flatArraysHoldProblemAfterProblem() {
    double[][] values = rounded(random(3, 7, 3));
    double[] flat = new double[21];
    for (int b = 0; b < 3; b++) {
      System.arraycopy(values[b], 0, flat, 7 * b, 7);
    }
    assertReads(values, Column.perProblem(flat, 7));
    assertReads(values, Column.perProblem(toFloat(flat), 7));
    assertEquals(3, Column.perProblem(flat, 7).problems());
  }

  @Test
  void oneRowPerProblemIsNotShared() {
    Column column = Column.perProblem(new double[][] {{1, 2}});
    assertFalse(column.shared());
    assertThrows(IndexOutOfBoundsException.class, () -> column.read(1, 0, 1, new double[1], 0));
  }

  @Test
  void pointsConcatenate() {
    double[] whole = random(1, 50, 4)[0];
    int[] cuts = {0, 1, 1, 17, 30, 50};
    List<Column> pieces = new ArrayList<>();
    for (int i = 1; i < cuts.length; i++) {
      pieces.add(Column.shared(Arrays.copyOfRange(whole, cuts[i - 1], cuts[i])));
    }
    Column column = Column.concatenatePoints(pieces);
    assertTrue(column.shared());
    assertNull(column.arrayOrNull(0));
    assertReads(new double[][] {whole, whole}, column);
  }

  @Test
  void problemsConcatenate() {
    double[][] values = rounded(random(9, 6, 5));
    float[][] last = new float[4][];
    for (int b = 0; b < 4; b++) {
      last[b] = toFloat(values[5 + b]);
    }
    Column column =
        Column.concatenateProblems(
            List.of(
                Column.perProblem(Arrays.copyOfRange(values, 0, 2)),
                Column.perProblem(Arrays.copyOfRange(values, 2, 5)),
                Column.perProblem(last)));
    assertEquals(9, column.problems());
    assertFalse(column.isFloat());
    assertReads(values, column);
    assertNull(column.arrayOrNull(8));
    assertSame(last[3], column.floatArrayOrNull(8));
  }

  @Test
  void stacksAndSlices() {
    double[][] values = random(3, 5, 6);
    Column whole = Column.perProblem(values);
    Column stacked =
        Column.stack(List.of(whole.slice(3, 1), Column.shared(7.5), whole.slice(0, 1)));
    assertEquals(3, stacked.problems());
    assertFalse(stacked.shared());
    assertReads(
        new double[][] {
          {values[0][3], 7.5, values[0][0]},
          {values[1][3], 7.5, values[1][0]},
          {values[2][3], 7.5, values[2][0]}
        },
        stacked);
    assertTrue(Column.stack(List.of(Column.shared(1), Column.shared(2))).shared());
    assertReads(
        new double[][] {{values[0][1], values[0][2]}, {values[1][1], values[1][2]}},
        whole.slice(1, 2));
  }

  @Test
  void morePointsThanAnArrayHolds() {
    double[] block = {1, 2, 3, 4, 5, 6, 7};
    // 3 · 10⁸ pieces would not fit a list: nest tenfold concatenations over one array instead.
    Column column = Column.shared(block);
    for (int level = 0; level < 9; level++) {
      column = Column.concatenatePoints(Collections.nCopies(10, column));
    }
    assertEquals(7_000_000_000L, column.points());
    long from = 6_999_999_990L;
    double[] tail = new double[10];
    column.read(0, from, 10, tail, 0);
    for (int i = 0; i < 10; i++) {
      assertEquals((double) (1 + (from + i) % 7), tail[i]);
    }
  }

  @Test
  void concurrentReadsAgree() throws InterruptedException {
    double[][] values = random(64, 33, 7);
    Column column = Column.perProblem(values);
    List<Thread> threads = new ArrayList<>();
    List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    for (int t = 0; t < 4; t++) {
      Thread thread =
          new Thread(
              () -> {
                double[] row = new double[33];
                for (int b = 0; b < 64; b++) {
                  column.read(b, 0, 33, row, 0);
                  assertArrayEquals(values[b], row);
                }
              });
      thread.setUncaughtExceptionHandler((source, e) -> failures.add(e));
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(List.of(), failures);
  }

  @Test
  void rangesAreChecked() {
    Column column = Column.perProblem(new double[][] {{1, 2, 3}, {4, 5, 6}});
    double[] target = new double[3];
    assertThrows(IndexOutOfBoundsException.class, () -> column.read(2, 0, 1, target, 0));
    assertThrows(IndexOutOfBoundsException.class, () -> column.read(-1, 0, 1, target, 0));
    assertThrows(IndexOutOfBoundsException.class, () -> column.read(0, 2, 2, target, 0));
    assertThrows(IndexOutOfBoundsException.class, () -> column.read(0, -1, 1, target, 0));
    assertThrows(IndexOutOfBoundsException.class, () -> column.read(0, 0, 3, target, 1));
    assertThrows(IndexOutOfBoundsException.class, () -> column.read(0, 0, 3, new float[2], 0));
    assertThrows(IndexOutOfBoundsException.class, () -> column.slice(2, 2));
  }

  private static void assertMessage(String expected, Runnable code) {
    assertEquals(expected, assertThrows(IllegalArgumentException.class, code::run).getMessage());
  }

  @Test
  void messagesHaveNameValueAndConstraint() {
    assertMessage(
        "values[1] has length 1, expected 2 as in values[0]; mark missing points with NaN",
        () -> Column.perProblem(new double[][] {{1, 2}, {3}}));
    assertMessage(
        "values has 0 rows: at least one problem is needed",
        () -> Column.perProblem(new float[0][]));
    assertMessage(
        "values has length 7, expected a positive multiple of points = 3",
        () -> Column.perProblem(new double[7], 3));
    assertMessage("points = 0, expected > 0", () -> Column.perProblem(new double[7], 0));
    assertMessage(
        "pieces[1] is double[1, 2] with a row per problem, expected a shared column",
        () ->
            Column.concatenatePoints(
                List.of(Column.shared(1, 2), Column.perProblem(new double[][] {{1, 2}}))));
    assertMessage(
        "pieces[1] is double[1, 3], expected one row of 2 points per problem as in pieces[0]",
        () ->
            Column.concatenateProblems(
                List.of(
                    Column.perProblem(new double[][] {{1, 2}}),
                    Column.perProblem(new double[][] {{1, 2, 3}}))));
    assertMessage(
        "values[0] is double[2], expected one point per problem",
        () -> Column.stack(List.of(Column.shared(1, 2))));
    assertMessage(
        "values[1] is double[3, 1], expected 2 problems",
        () ->
            Column.stack(
                List.of(
                    Column.perProblem(new double[] {1, 2}, 1),
                    Column.perProblem(new double[] {1, 2, 3}, 1))));
  }
}
