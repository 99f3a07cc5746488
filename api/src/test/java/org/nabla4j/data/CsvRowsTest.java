package org.nabla4j.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables in files of lines. */
class CsvRowsTest {

  @TempDir private Path folder;

  private Path file(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("t.csv"), bytes);
  }

  private CsvRows csv(String text) throws IOException {
    return Tables.csv(file(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(bytes);
    }
    return packed.toByteArray();
  }

  /** The common table as text. */
  static String commonTable(int rows, char separator, boolean decimalComma) {
    StringBuilder text = new StringBuilder();
    String head = "a|b|group|kind\n";
    text.append(head.replace('|', separator));
    String[] missing = {"", "NA", "nan", "NULL", "n/a"};
    for (int i = 0; i < rows; i++) {
      for (double value :
          new double[] {
            RowsContract.number(0, i), RowsContract.number(1, i), RowsContract.group(i)
          }) {
        String number =
            Double.isNaN(value)
                ? missing[i % 5]
                : value == Math.rint(value) && i % 2 == 0
                    ? String.format(Locale.ROOT, "%.0f", value)
                    : Double.toString(value);
        text.append(decimalComma ? number.replace('.', ',') : number).append(separator);
      }
      String kind = RowsContract.text(i);
      text.append(kind == null ? missing[i % 5] : i % 3 == 0 ? '"' + kind + '"' : " " + kind + " ");
      text.append(i % 4 == 0 ? "\r\n" : "\n");
    }
    return text.toString();
  }

  @Test
  void theCommonTableAtAwkwardSizes() throws IOException {
    for (int rows : RowsContract.awkwardSizes(6)) {
      RowsContract.assertCommonTable(rows, csv(commonTable(rows, ',', false)));
    }
    RowsContract.assertCommonTable(0, csv(commonTable(0, ',', false)));
  }

  @Test
  void theCommonTableInEveryForm() throws IOException {
    int rows = 17_000;
    for (char separator : new char[] {',', ';', '\t'}) {
      RowsContract.assertCommonTable(rows, csv(commonTable(rows, separator, false)));
    }
    RowsContract.assertCommonTable(
        rows, csv(commonTable(rows, '|', false)).separator('|').comment('#'));
    RowsContract.assertCommonTable(rows, csv(commonTable(rows, ';', true)).decimalComma());
    byte[] text = commonTable(rows, ',', false).getBytes(StandardCharsets.UTF_8);
    RowsContract.assertCommonTable(rows, Tables.csv(file(gzip(text))));
    RowsContract.assertCommonTable(rows, Tables.csv(new ByteArrayInputStream(text), "the stream"));
    RowsContract.assertCommonTable(
        rows, Tables.csv(new ByteArrayInputStream(gzip(text)), "the stream"));
    String body = commonTable(rows, ',', false);
    RowsContract.assertCommonTable(
        rows, csv(body.substring(body.indexOf('\n') + 1)).withoutHeader("a", "b", "group", "kind"));
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
  void everyUsualForm(String text) throws IOException {
    CsvRows rows = csv(text);
    assertArrayEquals(new double[] {1, 3}, RowsContract.numbers(rows, "x"));
    assertArrayEquals(new double[] {2, 4}, RowsContract.numbers(rows, "y"));
    assertEquals(-1, rows.count());
  }

  @Test
  void marksOfByteOrder() throws IOException {
    for (Charset charset :
        List.of(StandardCharsets.UTF_8, StandardCharsets.UTF_16BE, StandardCharsets.UTF_16LE)) {
      byte[] bytes = "\ufeffx,größe\n1,ä\n3,ß\n".getBytes(charset);
      for (byte[] packed : new byte[][] {bytes, gzip(bytes)}) {
        Rows rows = Tables.csv(file(packed));
        assertArrayEquals(new double[] {1, 3}, RowsContract.numbers(rows, "x"), charset.name());
        assertEquals(
            List.of("ä", "ß"),
            RowsContract.contents(rows, List.of(), List.of("größe")).levels().get(1));
      }
    }
  }

  @Test
  void kindsOfFields() throws IOException {
    CsvRows rows = csv("n,t,m,z,late\n1,a,NA,01,1\n,2,,02,2\n1e5,NA,nan,03,3\n");
    assertEquals(
        List.of("NUMBER", "TEXT", "NUMBER", "NUMBER", "NUMBER"),
        rows.fields().stream().map(field -> field.kind().name()).toList());
    assertEquals(Rows.Kind.TEXT, rows.texts("z").fields().get(3).kind());
    assertEquals(
        List.of("1", "2", "3"),
        RowsContract.contents(rows, List.of(), List.of("z")).levels().get(1));
    assertEquals(
        List.of("01", "02", "03"),
        RowsContract.contents(rows.texts("z"), List.of(), List.of("z")).levels().get(1));
    IllegalArgumentException unknown =
        assertThrows(IllegalArgumentException.class, () -> rows.texts("q").fields());
    assertEquals("texts: no column 'q' in " + rows.description(), unknown.getMessage());
  }

  @Test
  void numbersAsLevels() throws IOException {
    CsvRows rows =
        csv("id\n1\n1.0\n+1e0\n-0\n0\n9007199254740993\n9007199254740992\n0.10\n.1\nNA\n");
    RowsContract.Contents contents = RowsContract.contents(rows, List.of(), List.of("id"));
    assertEquals(
        List.of("1", "0", "9007199254740993", "9007199254740992", "0.1"), contents.levels().get(1));
    assertArrayEquals(new int[] {0, 0, 0, 1, 1, 2, 3, 4, 4, -1}, contents.codes()[0]);
  }

  @Test
  void wordsForMissingValues() throws IOException {
    CsvRows rows = csv("x,t\n1,-\n-,NA\n?,b\n");
    assertEquals(Rows.Kind.TEXT, rows.fields().get(0).kind());
    CsvRows told = rows.missing("-", "?");
    assertArrayEquals(new double[] {1, Double.NaN, Double.NaN}, RowsContract.numbers(told, "x"));
    RowsContract.Contents contents = RowsContract.contents(told, List.of(), List.of("t"));
    assertEquals(List.of("NA", "b"), contents.levels().get(1));
    assertArrayEquals(new int[] {-1, 0, 1}, contents.codes()[0]);
  }

  @Test
  void tablesWithoutHeader() throws IOException {
    CsvRows rows = csv("1,a\n2,b\n");
    assertArrayEquals(new double[] {1, 2}, RowsContract.numbers(rows.withoutHeader(), "x1"));
    assertEquals(List.of("x1", "x2"), rows.withoutHeader().header());
    assertArrayEquals(new double[] {1, 2}, RowsContract.numbers(rows.withoutHeader("p", "q"), "p"));
    assertRefused(rows.withoutHeader("p"), "p", "FILE: 2 columns, expected 1 as named");
    assertRefused(csv("").withoutHeader(), "x1", "FILE is empty, expected rows");
  }

  @Test
  void commentsAndLines() throws IOException {
    CsvRows rows = csv("# a;b;c\nx,t\n1,\"a\nb\"\n# 3,4\n\n5,6\n").comment('#');
    try (RowReader reader = rows.read(List.of("x"), List.of("t"))) {
      RowBlock block = reader.next();
      assertEquals("line 3", block.place(0));
      assertEquals("line 7", block.place(1));
      assertThrows(IndexOutOfBoundsException.class, () -> block.place(2));
      assertEquals(List.of("a\nb", "6"), reader.levels(0));
    }
  }

  @Test
  void namesThatCannotBeRead() throws IOException {
    CsvRows rows = csv("x,y,x,\n1,2,3,4\n");
    assertEquals(List.of("x", "y", "x", ""), rows.header());
    assertEquals(List.of("x", "y"), rows.fields().stream().map(Rows.Field::name).toList());
    assertArrayEquals(new double[] {2}, RowsContract.numbers(rows, "y"));
    assertRefused(rows, "x", "FILE: the name 'x' stands over columns 1 and 3, expected it once");
  }

  private static void assertRefused(Rows rows, String column, String expected) {
    RowException wrong = assertThrows(RowException.class, () -> RowsContract.numbers(rows, column));
    assertEquals(expected, wrong.getMessage().replace(rows.description(), "FILE"));
    assertTrue(expected.endsWith(wrong.hint()));
  }

  private void assertRefused(String text, String expected) throws IOException {
    assertRefused(csv(text), "x", expected);
  }

  @Test
  void whatIsWrongAndWhere() throws IOException {
    assertRefused("", "FILE is empty, expected a line with the columns' names");
    assertRefused("\n\n", "FILE is empty, expected a line with the columns' names");
    assertRefused(
        "1,2\n3,4\n",
        "FILE, line 1: only numbers, expected the columns' names; put a line such as x,y at the"
            + " top");
    assertRefused("y,x\n1,2\n3,oops\n", "FILE, line 3, column x: 'oops', expected a number");
    assertRefused("y,x\n1,2\n3,inf\n", "FILE, line 3, column x: 'inf', expected a number");
    assertRefused(
        "y;x\n1;2\n3;4,5\n",
        "FILE, line 3, column x: '4,5', expected a number; decimals are written with a point, 1.5;"
            + " decimalComma() reads 1,5");
    assertRefused(
        csv("y;x\n1;2\n3;4.5\n").decimalComma(),
        "x",
        "FILE, line 3, column x: '4.5', expected a number; with decimalComma() decimals are written"
            + " with a comma, 1,5, and thousands are not set apart");
    assertRefused("x,y\n1,2\n3\n", "FILE, line 3: 1 field, expected 2 as in the header");
    assertRefused("x,y\n1,2\n3,4,5\n", "FILE, line 3: 3 fields, expected 2 as in the header");
    assertRefused(
        csv("1,2\n3\n").withoutHeader("x", "y"), "x", "FILE, line 2: 1 field, expected 2");
    assertRefused("y,x\n\"1\n\",1\n2,a\n", "FILE, line 4, column x: 'a', expected a number");
    assertRefused("x\n1e999\n", "FILE, line 2, column x: '1e999', expected a finite double");
    assertRefused(
        "x\n" + "z".repeat(1000) + "\n",
        "FILE, line 2, column x: '" + "z".repeat(40) + "…', expected a number");
    assertRefused(
        "x\n\"2\n3,4\n",
        "FILE, line 2, column x: '2…', expected a number; a quote that is opened must be closed");
    String wide = "c,".repeat(600_000);
    assertRefused(wide, "FILE: the first line has more than 1048576 characters");
    RowException gone =
        assertThrows(RowException.class, () -> Tables.csv(folder.resolve("nope.csv")).fields());
    assertEquals(
        "cannot read " + folder.resolve("nope.csv") + ": there is no such file", gone.getMessage());
    RowException directory = assertThrows(RowException.class, () -> Tables.csv(folder).fields());
    assertEquals("cannot read " + folder + ": it is a directory", directory.getMessage());
  }

  /** The error comes after the blocks before it, and again if it is asked for again. */
  @Test
  void errorsFarDown() throws IOException {
    StringBuilder text = new StringBuilder("x,y\n");
    int full = RowReader.blockRows(1);
    for (int i = 0; i < 3 * full + 5; i++) {
      text.append(i).append(i == 2 * full + 7 ? ",1\n2,3,4\n" : ",0\n");
    }
    CsvRows rows = csv(text.toString());
    try (RowReader reader = rows.read(List.of("x"), List.of())) {
      assertEquals(0, reader.next().firstRow());
      assertEquals(full, reader.next().firstRow());
      for (int k = 0; k < 2; k++) {
        RowException wrong = assertThrows(RowException.class, reader::next);
        assertEquals(
            rows.description()
                + ", line "
                + (2 * full + 10)
                + ": 3 fields, expected 2 as in the header",
            wrong.getMessage());
      }
    }
  }

  @Test
  void damagedGzip() throws IOException {
    byte[] packed = gzip(commonTable(50_000, ',', false).getBytes(StandardCharsets.UTF_8));
    Path file = file(Arrays.copyOf(packed, packed.length / 2));
    RowException wrong =
        assertThrows(RowException.class, () -> RowsContract.numbers(Tables.csv(file), "a"));
    assertTrue(
        wrong.getMessage().startsWith("cannot read " + file + ": Unexpected end of ZLIB"),
        wrong.getMessage());
  }

  @Test
  void filesThatChangeOrGo() throws IOException {
    CsvRows rows = csv("x,y\n1,2\n");
    assertArrayEquals(new double[] {1}, RowsContract.numbers(rows, "x"));
    csv("y,x\n1,2\n");
    assertRefused(rows, "x", "FILE has changed since it was opened: its header is another");
    csv("x,y\n3,2\n");
    RowReader reader = rows.read(List.of("x"), List.of());
    Files.delete(folder.resolve("t.csv"));
    double[] value = new double[1];
    reader.next().read(0, 0, 1, value, 0);
    assertEquals(3, value[0]);
    reader.close();
    assertRefused(rows, "x", "cannot read FILE: there is no such file");
  }

  @Test
  void wrongOptions() throws IOException {
    CsvRows rows = csv("x\n1\n");
    for (char sign : new char[] {'"', '\n', '\r', 0}) {
      assertThrows(IllegalArgumentException.class, () -> rows.separator(sign));
      assertThrows(IllegalArgumentException.class, () -> rows.comment(sign));
    }
    IllegalArgumentException twice =
        assertThrows(IllegalArgumentException.class, () -> rows.separator(',').decimalComma());
    assertEquals(
        "separator = ',' with decimalComma(), expected another sign between fields",
        twice.getMessage());
    IllegalArgumentException same =
        assertThrows(IllegalArgumentException.class, () -> rows.separator('#').comment('#'));
    assertEquals(
        "separator = '#' is also the sign of comments, expected another", same.getMessage());
  }

  @Test
  void streamsAreReadOnce() {
    byte[] text = "x\n1\n".getBytes(StandardCharsets.UTF_8);
    CsvRows rows = Tables.csv(new ByteArrayInputStream(text), "standard input");
    assertFalse(rows.rereadable());
    assertEquals(1, rows.fields().size());
    assertArrayEquals(new double[] {1}, RowsContract.numbers(rows, "x"));
    IllegalStateException again =
        assertThrows(IllegalStateException.class, () -> rows.read(List.of("x"), List.of()));
    assertEquals("standard input was read before and can be read once only", again.getMessage());
    assertThrows(IllegalStateException.class, () -> rows.comment('#').fields());
  }

  @Test
  void progressInBytes() throws IOException {
    Path file = file(gzip(commonTable(60_000, ',', false).getBytes(StandardCharsets.UTF_8)));
    try (RowReader reader = Tables.csv(file).read(List.of("a"), List.of())) {
      ReadProgress progress = (ReadProgress) reader;
      assertEquals(Files.size(file), progress.total());
      long before = 0;
      while (reader.next() != null) {
        assertTrue(progress.done() >= before);
        before = progress.done();
      }
      assertEquals(progress.total(), progress.done());
    }
    byte[] text = "x\n1\n".getBytes(StandardCharsets.UTF_8);
    Rows stream = Tables.csv(new ByteArrayInputStream(text), "s");
    try (RowReader reader = stream.read(List.of("x"), List.of())) {
      assertEquals(-1, ((ReadProgress) reader).total());
      assertEquals(1, reader.next().rows());
      assertEquals(4, ((ReadProgress) reader).done());
    }
  }

  @Test
  void oneWrongValueMakesNoCategoryOfNumbers() throws IOException {
    Rows rows = csv("x,kind\n1,a\noops,b\n3,7\n4,c\n");
    assertEquals(
        List.of(Rows.Kind.NUMBER, Rows.Kind.TEXT),
        rows.fields().stream().map(Rows.Field::kind).toList());
    try (RowReader reader = rows.read(List.of("x"), List.of())) {
      RowException e = assertThrows(RowException.class, reader::next);
      assertTrue(e.getMessage().contains("line 3, column x: 'oops'"), e.getMessage());
    }
  }

  /** As streams of other machines are: a read ends with a member, and nothing is said of more. */
  @Test
  void packedMembersThatArriveOneByOneAreAllRead() throws IOException {
    byte[][] members = {
      gzip("x\n1\n2\n".getBytes(StandardCharsets.UTF_8)),
      gzip("3\n".getBytes(StandardCharsets.UTF_8)),
      gzip("4\n".getBytes(StandardCharsets.UTF_8))
    };
    InputStream stream =
        new InputStream() {
          private int member;
          private int place;

          @Override
          public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
          }

          @Override
          public int read(byte[] target, int offset, int length) {
            if (member == members.length) {
              return -1;
            }
            int count = Math.min(length, members[member].length - place);
            System.arraycopy(members[member], place, target, offset, count);
            place += count;
            if (place == members[member].length) {
              member++;
              place = 0;
            }
            return count;
          }
        };
    double[] x = new double[4];
    try (RowReader reader = Tables.csv(stream, "members").read(List.of("x"), List.of())) {
      RowBlock block = reader.next();
      assertEquals(4, block.rows());
      block.read(0, 0, 4, x, 0);
    }
    assertArrayEquals(new double[] {1, 2, 3, 4}, x);
  }
}
