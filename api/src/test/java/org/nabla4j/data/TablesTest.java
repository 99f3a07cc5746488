package org.nabla4j.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Tables in memory. */
class TablesTest {

  private static String message(Class<? extends Exception> type, Runnable action) {
    return assertThrows(type, action::run).getMessage();
  }

  private static String refused(Runnable action) {
    return message(IllegalArgumentException.class, action);
  }

  @Test
  void blockSizes() {
    assertEquals(16_384, RowReader.blockRows(0));
    assertEquals(16_384, RowReader.blockRows(32));
    assertEquals(8192, RowReader.blockRows(33));
    assertEquals(256, RowReader.blockRows(2048));
    assertEquals(256, RowReader.blockRows(Integer.MAX_VALUE));
  }

  @Test
  void theCommonTableAtAwkwardSizes() {
    for (int rows : RowsContract.awkwardSizes(6)) {
      RowsContract.assertCommonTable(rows, RowsContract.table(rows));
    }
    RowsContract.assertCommonTable(0, RowsContract.table(0));
  }

  @Test
  void valuesAreThoseOfTheArrays() {
    int rows = 20_000;
    RowsContract.Contents contents =
        RowsContract.contents(RowsContract.table(rows), List.of("a", "group"), List.of("kind"));
    assertArrayEquals(RowsContract.numbers(0, rows), contents.numbers()[0]);
    assertArrayEquals(RowsContract.groups(rows), contents.numbers()[1]);
    List<String> levels = contents.levels().get(contents.levels().size() - 1);
    for (int i = 0; i < rows; i++) {
      int code = contents.codes()[0][i];
      assertEquals(RowsContract.text(i), code < 0 ? null : levels.get(code));
    }
  }

  @Test
  void levelsAreThoseOfTheRowsReturnedSoFar() {
    int full = RowReader.blockRows(1);
    String[] texts = new String[2 * full];
    Arrays.fill(texts, "a");
    texts[full] = "b";
    try (RowReader reader =
        Tables.builder().texts("t", texts).build().read(List.of(), List.of("t"))) {
      assertEquals(List.of(), reader.levels(0));
      reader.next().release();
      assertEquals(List.of("a"), reader.levels(0));
      reader.next().release();
      assertEquals(List.of("a", "b"), reader.levels(0));
    }
  }

  @Test
  void numbersOfEveryType() {
    double[] expected = {3, -1, 0, 7};
    Rows rows =
        Tables.builder()
            .numbers("double", 3, -1, 0, 7)
            .numbers("float", new float[] {3, -1, 0, 7})
            .numbers("int", new int[] {3, -1, 0, 7})
            .numbers("long", new long[] {3, -1, 0, 7})
            .numbers("array", Nd4j.createFromArray(expected))
            .numbers("row", Nd4j.createFromArray(expected).reshape(1, 4))
            .numbers("column", Nd4j.createFromArray(expected).reshape(4, 1))
            .numbers("whole", Nd4j.createFromArray(3, -1, 0, 7))
            .build();
    for (Rows.Field field : rows.fields()) {
      assertEquals(Rows.Kind.NUMBER, field.kind());
      assertArrayEquals(expected, RowsContract.numbers(rows, field.name()), field.name());
      RowsContract.Contents contents =
          RowsContract.contents(rows, List.of(), List.of(field.name()));
      assertEquals(List.of("3", "-1", "0", "7"), contents.levels().get(1));
      assertArrayEquals(new int[] {0, 1, 2, 3}, contents.codes()[0]);
    }
  }

  @Test
  void doubleArraysAreReadInPlace() {
    double[] values = RowsContract.numbers(0, 40_000);
    try (RowReader reader = Tables.columns(Map.of("x", values)).read(List.of("x"), List.of())) {
      RowBlock first = reader.next();
      RowBlock second = reader.next();
      assertSame(values, first.arrayOrNull(0));
      assertEquals(0, first.base(0));
      assertSame(values, second.arrayOrNull(0));
      assertEquals(first.rows(), second.base(0));
    }
    try (RowReader reader = Tables.matrix(new double[6], 2).read(List.of("x1"), List.of())) {
      RowBlock block = reader.next();
      assertNull(block.arrayOrNull(0));
      assertEquals(0, block.base(0));
    }
  }

  @Test
  void numbersAsLevels() {
    double[] values = {0.1, -0.0, 0.0, Double.NaN, 1e15, 12, 1e-7, Double.POSITIVE_INFINITY, 0.1};
    RowsContract.Contents contents =
        RowsContract.contents(Tables.columns(Map.of("x", values)), List.of(), List.of("x"));
    assertEquals(
        List.of("0.1", "0", "1.0E15", "12", "1.0E-7", "Infinity"), contents.levels().get(1));
    assertArrayEquals(new int[] {0, 1, 1, -1, 2, 3, 4, 5, 0}, contents.codes()[0]);
    long[] ids = {9_007_199_254_740_993L, 9_007_199_254_740_992L, -5, Long.MIN_VALUE};
    contents =
        RowsContract.contents(
            Tables.builder().numbers("id", ids).build(), List.of(), List.of("id"));
    assertEquals(
        List.of("9007199254740993", "9007199254740992", "-5", "-9223372036854775808"),
        contents.levels().get(1));
  }

  @Test
  void manyLevels() {
    int rows = 100_000;
    String[] texts = new String[rows];
    double[] numbers = new double[rows];
    for (int i = 0; i < rows; i++) {
      int half = i / 2;
      texts[i] = "level " + half;
      numbers[i] = half + 0.5;
    }
    RowsContract.Contents contents =
        RowsContract.contents(
            Tables.builder().texts("t", texts).numbers("x", numbers).build(),
            List.of(),
            List.of("t", "x"));
    int[] expected = new int[rows];
    Arrays.setAll(expected, i -> i / 2);
    assertArrayEquals(expected, contents.codes()[0]);
    assertArrayEquals(expected, contents.codes()[1]);
  }

  @Test
  void levelsFromBuffersAreThoseOfStrings() {
    Levels levels = new Levels();
    for (int i = 0; i < 1000; i++) {
      String label = "x" + i % 100;
      char[] buffer = ("<<" + label + ">").toCharArray();
      int code = levels.code(buffer, 2, label.length());
      assertEquals(i % 100, code);
      assertEquals(code, levels.code(label));
    }
    assertEquals(-1, levels.code((String) null));
    assertEquals("x99", levels.first(100).get(99));
  }

  @Test
  void matricesOfRows() {
    int rows = 17_000;
    double[][] doubles = new double[rows][3];
    float[][] floats = new float[rows][3];
    double[] rowMajor = new double[rows * 3];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < 3; j++) {
        floats[i][j] = (float) RowsContract.number(j, i);
        doubles[i][j] = floats[i][j];
        rowMajor[i * 3 + j] = floats[i][j];
      }
    }
    List<Rows> tables =
        List.of(Tables.matrix(doubles), Tables.matrix(floats), Tables.matrix(rowMajor, 3));
    for (Rows table : tables) {
      assertEquals(rows, table.count());
      for (int j = 0; j < 3; j++) {
        int column = j;
        double[] expected = Arrays.stream(doubles).mapToDouble(row -> row[column]).toArray();
        assertArrayEquals(expected, RowsContract.numbers(table, "x" + (j + 1)));
      }
    }
  }

  @Test
  void arraysOfEveryLayoutAndType() {
    int rows = 17_000;
    double[] values = new double[rows * 4];
    Arrays.setAll(values, i -> (i * 7 % 200) - 60);
    INDArray whole = Nd4j.createFromArray(values).reshape(rows, 4);
    DataType[] types = {
      DataType.DOUBLE,
      DataType.FLOAT,
      DataType.INT32,
      DataType.INT64,
      DataType.INT16,
      DataType.FLOAT16
    };
    for (DataType type : types) {
      INDArray array = whole.castTo(type);
      for (INDArray layout :
          List.of(
              array,
              array.dup('f'),
              array.get(NDArrayIndex.interval(3, rows), NDArrayIndex.interval(1, 4)),
              array.dup('f').get(NDArrayIndex.interval(3, 2, rows), NDArrayIndex.interval(1, 4)),
              array.get(NDArrayIndex.interval(5, 25), NDArrayIndex.all()).transpose())) {
        Rows table = Tables.matrix(layout);
        assertEquals(layout.size(0), table.count());
        assertEquals(layout.size(1), table.fields().size());
        for (int j = 0; j < layout.size(1); j++) {
          double[] expected = layout.getColumn(j).dup().castTo(DataType.DOUBLE).toDoubleVector();
          assertArrayEquals(expected, RowsContract.numbers(table, "x" + (j + 1)), type.name());
        }
        double[] first = layout.getColumn(1).dup().castTo(DataType.DOUBLE).toDoubleVector();
        Rows one = Tables.builder().numbers("v", layout.getColumn(1)).build();
        assertArrayEquals(first, RowsContract.numbers(one, "v"));
      }
    }
    INDArray truth = Nd4j.createFromArray(true, false, true);
    assertArrayEquals(new double[] {1, 0, 1}, RowsContract.numbers(Tables.matrix(truth, "t"), "t"));
  }

  @Test
  void smallAndEmptyMatrices() {
    assertArrayEquals(
        new double[] {5}, RowsContract.numbers(Tables.matrix(Nd4j.createFromArray(5.0)), "x1"));
    Rows oneRow = Tables.matrix(Nd4j.createFromArray(new double[][] {{5, 6}}));
    assertArrayEquals(new double[] {6}, RowsContract.numbers(oneRow, "x2"));
    Rows empty = Tables.matrix(Nd4j.create(DataType.DOUBLE, 0, 2));
    assertEquals(0, empty.count());
    assertArrayEquals(new double[0], RowsContract.numbers(empty, "x2"));
    assertArrayEquals(
        new double[0], RowsContract.numbers(Tables.matrix(new double[0][], "a", "b"), "b"));
    assertArrayEquals(new double[0], RowsContract.numbers(Tables.matrix(new double[0], 2), "x2"));
  }

  @Test
  void wrongTables() {
    assertEquals(
        "a table without columns, expected at least one", refused(() -> Tables.builder().build()));
    assertEquals(
        "column 'b' has 1 rows, expected 2 as in 'a'",
        refused(() -> Tables.builder().numbers("a", 1, 2).texts("b", "x").build()));
    assertEquals(
        "the table: the name 'a' stands over columns 1 and 2, expected it once",
        refused(() -> Tables.builder().numbers("a", 1).texts("a", "x").build()));
    assertEquals(
        "name is empty, expected a column's name", refused(() -> Tables.builder().numbers("", 1)));
    Map<String, double[]> ragged = new LinkedHashMap<>();
    ragged.put("x", new double[3]);
    ragged.put("y", new double[2]);
    assertEquals(
        "column 'y' has 2 rows, expected 3 as in 'x'", refused(() -> Tables.columns(ragged)));
    assertEquals(
        "rows[1] has length 1, expected 2 as in rows[0]",
        refused(() -> Tables.matrix(new double[][] {{1, 2}, {3}})));
    assertEquals(
        "rows[1] has length 1, expected 2 as in rows[0]",
        refused(() -> Tables.matrix(new float[][] {{1, 2}, {3}})));
    assertEquals(
        "1 names, expected 2 as the matrix has columns",
        refused(() -> Tables.matrix(new double[][] {{1, 2}}, "a")));
    assertEquals(
        "a matrix without columns, expected at least one",
        refused(() -> Tables.matrix(new double[0][])));
    assertEquals(
        "width = 2, expected > 0 and a divisor of the length 3",
        refused(() -> Tables.matrix(new double[3], 2)));
    assertEquals(
        "values has shape [2, 2, 2], expected [n, k] with k > 0",
        refused(() -> Tables.matrix(Nd4j.zeros(2, 2, 2))));
    assertEquals(
        "values of column 'v' has shape [2, 2], expected a vector",
        refused(() -> Tables.builder().numbers("v", Nd4j.zeros(2, 2))));
    assertEquals(
        "values has data type UTF8, expected a numeric one",
        refused(() -> Tables.matrix(Nd4j.create("a", "b"))));
    assertEquals(
        "column 'kind' of the table holds text, expected numbers",
        refused(() -> RowsContract.table(3).read(List.of("kind"), List.of())));
    assertNotNull(RowsContract.table(3).description());
  }
}
