package org.nabla4j.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What every table has to do, and the one table that the sources are compared on. */
final class RowsContract {

  private RowsContract() {}

  /** The whole of a table as its blocks gave it. */
  @SuppressWarnings("ArrayRecordComponent") // Compared element by element.
  record Contents(double[][] numbers, int[][] codes, List<List<String>> levels) {}

  /** A number of the common table, by column and row; some are missing. */
  static double number(int column, int row) {
    if ((row + 3 * column) % 11 == 5) {
      return Double.NaN;
    }
    double value = Math.sin(row * 0.7 + column) * Math.pow(10, (row % 9) - 4);
    // No -0, which H2 does not keep.
    return row % 7 == 0 ? Math.rint(value) + 0.0 : row % 13 == 1 ? (float) value : value;
  }

  static double[] numbers(int column, int rows) {
    double[] values = new double[rows];
    Arrays.setAll(values, i -> number(column, i));
    return values;
  }

  /** Text of the common table: late levels, a missing one now and then. */
  static String text(int row) {
    return row % 17 == 3 ? null : row % 1000 == 999 ? "seldom " + row / 1000 : "k" + row * row % 5;
  }

  static String[] texts(int rows) {
    String[] values = new String[rows];
    Arrays.setAll(values, RowsContract::text);
    return values;
  }

  /** A column of whole numbers that also serves as a category. */
  static double group(int row) {
    return row % 19 == 4 ? Double.NaN : row / 3 % 6 - 2;
  }

  static double[] groups(int rows) {
    double[] values = new double[rows];
    Arrays.setAll(values, RowsContract::group);
    return values;
  }

  /** The common table in memory: a, b, group and kind. */
  static Rows table(int rows) {
    return Tables.builder()
        .numbers("a", numbers(0, rows))
        .numbers("b", numbers(1, rows))
        .numbers("group", groups(rows))
        .texts("kind", texts(rows))
        .build();
  }

  /** Checks that a source gives the common table. */
  static void assertCommonTable(int rows, Rows source) {
    assertEquals(
        List.of("a", "b", "group", "kind"),
        source.fields().stream().map(Rows.Field::name).toList());
    if (rows > 0) {
      assertEquals(table(rows).fields(), source.fields());
    }
    assertTrue(source.count() == rows || source.count() == -1, () -> "count " + source.count());
    List<String> numbers = List.of("b", "a", "group", "b");
    List<String> categories = List.of("kind", "group");
    Contents expected = contents(table(rows), numbers, categories);
    Contents actual = contents(source, numbers, categories);
    assertSame(expected, actual);
    if (source.rereadable()) {
      assertSame(expected, contents(source, numbers, categories));
      assertSame(
          contents(table(rows), List.of("a"), List.of()),
          contents(source, List.of("a"), List.of()));
      assertSame(
          contents(table(rows), List.of(), List.of("kind")),
          contents(source, List.of(), List.of("kind")));
      assertUnknownNames(source);
      assertClosedInTheMiddle(source);
    } else {
      assertThrows(IllegalStateException.class, () -> source.read(List.of("a"), List.of()));
    }
  }

  private static void assertUnknownNames(Rows source) {
    IllegalArgumentException wrong =
        assertThrows(
            IllegalArgumentException.class, () -> source.read(List.of("a", "nope"), List.of()));
    assertEquals(
        "no column 'nope' in " + source.description() + ", the columns are a, b, group, kind",
        wrong.getMessage());
    assertThrows(IllegalArgumentException.class, () -> source.read(List.of(), List.of("A")));
  }

  private static void assertClosedInTheMiddle(Rows source) {
    RowReader reader = source.read(List.of("a"), List.of("kind"));
    RowBlock block = reader.next();
    if (block != null) {
      block.release();
    }
    reader.close();
    reader.close();
    assertThrows(IllegalStateException.class, reader::next);
  }

  static void assertSame(Contents expected, Contents actual) {
    assertEquals(expected.levels(), actual.levels());
    assertEquals(expected.numbers().length, actual.numbers().length);
    for (int k = 0; k < expected.numbers().length; k++) {
      assertEquals(expected.numbers()[k].length, actual.numbers()[k].length);
      for (int i = 0; i < expected.numbers()[k].length; i++) {
        double e = expected.numbers()[k][i];
        double a = actual.numbers()[k][i];
        if (Double.doubleToLongBits(e) != Double.doubleToLongBits(a)) {
          assertEquals(e, a, "number " + k + ", row " + i);
        }
      }
    }
    for (int c = 0; c < expected.codes().length; c++) {
      assertArrayEquals(expected.codes()[c], actual.codes()[c]);
    }
  }

  /** Several columns at once are the same as each alone; a negative offset leaves one out. */
  private static void assertTogether(RowBlock block, double[][] values) {
    int rows = block.rows();
    for (int from : new int[] {0, rows / 3, rows - 1}) {
      int count = rows - from;
      int[] offsets = new int[values.length];
      Arrays.setAll(offsets, k -> k % 3 == 2 ? -1 : k * (count + 1));
      double[] all = new double[values.length * (count + 1)];
      Arrays.fill(all, 7);
      block.readAll(from, count, all, offsets);
      for (int k = 0; k < values.length; k++) {
        double[] expected = new double[count + 1];
        Arrays.fill(expected, 7);
        if (offsets[k] >= 0) {
          System.arraycopy(values[k], from, expected, 0, count);
        }
        assertArrayEquals(
            expected, Arrays.copyOfRange(all, k * (count + 1), (k + 1) * (count + 1)));
      }
    }
  }

  /** Reads a table and checks what blocks and readers promise. */
  static Contents contents(Rows source, List<String> numbers, List<String> categories) {
    List<double[][]> numberBlocks = new ArrayList<>();
    List<int[][]> codeBlocks = new ArrayList<>();
    List<List<String>> levels = new ArrayList<>();
    int full = RowReader.blockRows(numbers.size() + categories.size());
    long next = 0;
    try (RowReader reader = source.read(numbers, categories)) {
      boolean last = false;
      for (RowBlock block = reader.next(); block != null; block = reader.next()) {
        assertFalse(last, "a block that is not full is the last one");
        assertEquals(next, block.firstRow());
        int rows = block.rows();
        assertTrue(rows > 0 && rows <= full, () -> rows + " rows");
        last = rows < full;
        double[][] values = new double[numbers.size()][rows];
        for (int k = 0; k < values.length; k++) {
          block.read(k, 0, rows, values[k], 0);
          assertParts(block, k, values[k]);
        }
        assertTogether(block, values);
        int[][] codes = new int[categories.size()][rows];
        for (int c = 0; c < codes.length; c++) {
          block.readCodes(c, 0, rows, codes[c], 0);
          List<String> known = reader.levels(c);
          levels.add(known);
          for (int code : codes[c]) {
            assertTrue(code >= -1 && code < known.size(), () -> "code " + code);
          }
          assertCodeParts(block, c, codes[c]);
        }
        numberBlocks.add(values);
        codeBlocks.add(codes);
        next += rows;
        block.release();
      }
      assertNull(reader.next(), "after the end");
      for (int c = 0; c < categories.size(); c++) {
        levels.add(reader.levels(c));
      }
    }
    int rows = (int) next;
    double[][] all = new double[numbers.size()][rows];
    int[][] allCodes = new int[categories.size()][rows];
    int row = 0;
    for (int b = 0; b < numberBlocks.size(); b++) {
      int length = 0;
      for (int k = 0; k < all.length; k++) {
        length = numberBlocks.get(b)[k].length;
        System.arraycopy(numberBlocks.get(b)[k], 0, all[k], row, length);
      }
      for (int c = 0; c < allCodes.length; c++) {
        length = codeBlocks.get(b)[c].length;
        System.arraycopy(codeBlocks.get(b)[c], 0, allCodes[c], row, length);
      }
      row += length;
    }
    return new Contents(all, allCodes, levels);
  }

  private static void assertParts(RowBlock block, int number, double[] expected) {
    int rows = expected.length;
    for (int from : new int[] {0, 1, rows / 2, rows - 1, rows}) {
      if (from > rows) {
        continue;
      }
      int count = Math.min(100, rows - from);
      double[] part = new double[count + 3];
      Arrays.fill(part, -7);
      block.read(number, from, count, part, 2);
      assertEquals(-7, part[1]);
      assertEquals(-7, part[count + 2]);
      assertArrayEquals(
          Arrays.copyOfRange(expected, from, from + count), Arrays.copyOfRange(part, 2, count + 2));
    }
    double[] target = new double[rows];
    assertThrows(IndexOutOfBoundsException.class, () -> block.read(number, 1, rows, target, 0));
    assertThrows(IndexOutOfBoundsException.class, () -> block.read(number, 0, rows, target, 1));
    assertThrows(IndexOutOfBoundsException.class, () -> block.read(-1, 0, 1, target, 0));
    assertThrows(IndexOutOfBoundsException.class, () -> block.read(100, 0, 1, target, 0));
    double[] array = block.arrayOrNull(number);
    if (array != null) {
      int base = block.base(number);
      assertArrayEquals(expected, Arrays.copyOfRange(array, base, base + rows));
    }
  }

  private static void assertCodeParts(RowBlock block, int category, int[] expected) {
    int rows = expected.length;
    int[] part = new int[rows + 1];
    block.readCodes(category, rows / 3, rows - rows / 3, part, 1);
    assertArrayEquals(
        Arrays.copyOfRange(expected, rows / 3, rows),
        Arrays.copyOfRange(part, 1, 1 + rows - rows / 3));
    assertThrows(
        IndexOutOfBoundsException.class, () -> block.readCodes(category, 1, rows, part, 0));
    assertThrows(
        IndexOutOfBoundsException.class, () -> block.readCodes(category, 0, rows, part, 2));
    assertThrows(IndexOutOfBoundsException.class, () -> block.readCodes(-1, 0, 1, part, 0));
    assertThrows(IndexOutOfBoundsException.class, () -> block.readCodes(100, 0, 1, part, 0));
  }

  /** Sizes around that of a block for some columns. */
  static int[] awkwardSizes(int columns) {
    int full = RowReader.blockRows(columns);
    return new int[] {1, 2, 255, full - 1, full, full + 1, 2 * full, 2 * full + 777};
  }

  /** Reads a column of numbers whole. */
  static double[] numbers(Rows source, String name) {
    assertNotNull(source);
    return contents(source, List.of(name), List.of()).numbers()[0];
  }
}
