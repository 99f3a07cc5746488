package org.nabla4j.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nabla4j.data.CsvRows;
import org.nabla4j.data.Tables;

class CsvTableTest {

  private static CsvRows rows(byte[] bytes) {
    return Tables.csv(new ByteArrayInputStream(bytes), "t.csv");
  }

  private static CsvTable table(CsvRows rows) {
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
    return new CsvTable(
        rows, new ProgressBar(new Console(nowhere, nowhere, false), false, "reading"));
  }

  private static Table read(byte[] bytes, String... names) {
    CsvTable csv = table(rows(bytes));
    List<CsvTable.Field> fields = new ArrayList<>();
    for (String name : names) {
      fields.add(new CsvTable.Field(csv.indexOf(name), CsvTable.Constraint.NONE));
    }
    return csv.read(fields, -1, true);
  }

  private static Table read(String text, String... names) {
    return read(text.getBytes(StandardCharsets.UTF_8), names);
  }

  private static String failure(String text, String... names) {
    InputException e = assertThrows(InputException.class, () -> read(text, names));
    return e.getMessage() + "; " + e.hint();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x,y\n1,2\n3,4\n",
        "x;y\n1;2\n3;4\n",
        "x\ty\n1\t2\n3\t4",
        "x,y\r\n1,2\r\n3,4\r\n",
        "x,y\r1,2\r3,4",
        "\"x\",\"y\"\n\"1\",2\n3,\"4\"\n",
        " x , y\n 1 ,\t2\n+3,4e0\n\n",
        "\n\nx,y\n1,2\n\n3,4\n\n",
        "note,x,y\n\"a, \"\"b\"\"\n c\",1,2\nabc,3,4\n",
        "\"a;b;c\",x,y\n0,1,2\n0,3,4\n",
        "x;\"y\";\"a,b,c\"\n1;2;0\n3;4;0\n",
        "y,,x\n2,junk,1\n4,,3\n"
      })
  void readsEveryUsualForm(String text) {
    Table table = read(text, "x", "y");
    assertEquals(2, table.rows());
    assertArrayEquals(new double[] {1, 3}, table.columns()[0]);
    assertArrayEquals(new double[] {2, 4}, table.columns()[1]);
  }

  @Test
  void takesMarksOfByteOrderAndGzip() throws IOException {
    String text = "x,y\n1,2\n3,4\n";
    for (Charset charset :
        List.of(StandardCharsets.UTF_8, StandardCharsets.UTF_16BE, StandardCharsets.UTF_16LE)) {
      byte[] bytes = ("\ufeff" + text).getBytes(charset);
      assertArrayEquals(new double[] {1, 3}, read(bytes, "x").columns()[0], charset.name());
      ByteArrayOutputStream packed = new ByteArrayOutputStream();
      try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
        gzip.write(bytes);
      }
      assertArrayEquals(new double[] {2, 4}, read(packed.toByteArray(), "y").columns()[0]);
    }
  }

  @Test
  void keepsEveryDigit() {
    double[] values = {Math.PI, -1e-300, 4.9e-324, Double.MAX_VALUE, 0.1, -0.0};
    StringBuilder text = new StringBuilder("x\n");
    for (double value : values) {
      text.append(value).append('\n');
    }
    assertArrayEquals(values, read(text.toString(), "x").columns()[0]);
  }

  @Test
  void growsWithTheFile() {
    StringBuilder text = new StringBuilder("skip,x\n");
    for (int k = 0; k < 5000; k++) {
      text.append("text,").append(k).append('\n');
    }
    double[] x = read(text.toString(), "x").columns()[0];
    assertEquals(5000, x.length);
    assertEquals(4999, x[4999]);
  }

  @Test
  void marksMissingValues() {
    Table table = read("x,y\n1,\nNA,2\n n/a ,NaN\n4,5\n", "x", "y");
    assertEquals(3, table.incomplete());
    assertArrayEquals(new double[] {1, Double.NaN, Double.NaN, 4}, table.columns()[0]);
  }

  @Test
  void saysWhereSomethingIsWrong() {
    assertTrue(failure("", "x").startsWith("t.csv is empty"), failure("", "x"));
    assertTrue(failure("\n\n", "x").startsWith("t.csv is empty"));
    assertTrue(failure("x,y\n", "x").startsWith("t.csv has no data below the header"));
    assertTrue(failure("1,2\n3,4\n", "x").contains("line 1: only numbers, expected"));
    assertTrue(failure("x,y\n1,2\n3,oops\n", "y").contains("line 3, column y: 'oops'"));
    assertTrue(failure("x;y\n1;2\n3;4,5\n", "y").contains("with a point"));
    assertTrue(failure("x,y\n1,2\n3\n", "y").contains("line 3: 1 field, expected 2"));
    assertTrue(failure("x,y\n1,2\n3,4,5\n", "y").contains("line 3: 3 fields, expected 2"));
    assertTrue(failure("x,y\n\"1\n\",1\n2,a\n", "y").contains("line 4, column y"));
    assertTrue(failure("x,y\n1e999,2\n", "x").contains("expected a finite double"));
    assertTrue(failure("x\nInfinity\n", "x").contains("expected a number"));
    assertTrue(failure("x\n1d\n", "x").contains("'1d', expected a number"));
    assertTrue(failure("x,y,x\n1,2,3\n", "x").contains("'x' stands over columns 1 and 3"));
    String longText = failure("x\n" + "z".repeat(1000) + "\n", "x");
    assertTrue(longText.length() < 120, longText);
    assertTrue(failure("x,y\n1,\"2\n3,4\n", "y").contains("t.csv, line 2"));
  }

  @Test
  void anUnusedNameMayStandTwice() {
    assertArrayEquals(new double[] {2}, read("x,y,x\n1,2,3\n", "y").columns()[0]);
  }

  @Test
  void checksSpreads() {
    for (String bad : List.of("0", "-1")) {
      InputException e =
          assertThrows(
              InputException.class,
              () ->
                  table(rows(("s\n" + bad).getBytes(StandardCharsets.UTF_8)).separator(','))
                      .read(
                          List.of(new CsvTable.Field(0, CsvTable.Constraint.POSITIVE)), -1, false));
      assertEquals("t.csv, line 2, column s: sigma = " + bad + ", expected > 0", e.getMessage());
    }
  }

  @Test
  void passesOverCommentsWhereAsked() {
    byte[] bytes = "# a;b;c;d\nx,y\n1,2\n# 3,4\n5,6\n".getBytes(StandardCharsets.UTF_8);
    CsvTable csv = table(rows(bytes).comment('#'));
    Table table =
        csv.read(
            List.of(new CsvTable.Field(csv.indexOf("y"), CsvTable.Constraint.NONE)), -1, false);
    assertArrayEquals(new double[] {2, 6}, table.columns()[0]);
  }
}
