package org.nabla4j.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mapped files of NumPy's format. */
class NpyRowsTest {

  @TempDir private Path folder;

  private Path write(String name, byte[]... parts) {
    Path file = folder.resolve(name);
    try (var out = Files.newOutputStream(file)) {
      for (byte[] part : parts) {
        out.write(part);
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return file;
  }

  private static byte[] header(int version, String dictionary) {
    byte[] text =
        dictionary.getBytes(version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
    int prefix = version == 1 ? 10 : 12;
    int padded = (prefix + text.length + 1 + 63) / 64 * 64;
    ByteBuffer bytes = ByteBuffer.allocate(padded).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII));
    bytes.put((byte) version).put((byte) 0);
    if (version == 1) {
      bytes.putShort((short) (padded - prefix));
    } else {
      bytes.putInt(padded - prefix);
    }
    bytes.put(text);
    while (bytes.position() < padded - 1) {
      bytes.put((byte) ' ');
    }
    bytes.put((byte) '\n');
    return bytes.array();
  }

  private static String dictionary(String type, boolean fortran, String shape) {
    return "{'descr': '"
        + type
        + "', 'fortran_order': "
        + (fortran ? "True" : "False")
        + ", 'shape': "
        + shape
        + ", }";
  }

  private static void put(ByteBuffer bytes, String type, double value) {
    switch (type) {
      case "f8" -> bytes.putDouble(value);
      case "f4" -> bytes.putFloat((float) value);
      case "i8", "u8" -> bytes.putLong((long) value);
      case "i4", "u4" -> bytes.putInt((int) (long) value);
      case "i2", "u2" -> bytes.putShort((short) (long) value);
      default -> bytes.put((byte) (long) value);
    }
  }

  /** A value that the type holds. */
  private static double value(String type, int row, int column) {
    if (type.equals("b1")) {
      return (row + column) % 2;
    }
    double base = (row * 31 + column * 7) % 100;
    if (type.startsWith("u")) {
      int bits = 8 * (type.charAt(1) - '0');
      return row % 5 == 0 ? Math.min(Math.pow(2, bits) - 1 - base, Math.pow(2, 52)) : base;
    }
    return type.startsWith("f") ? (base - 50) / 8 : base - 50;
  }

  private byte[] elements(String type, ByteOrder order, boolean fortran, int rows, int width) {
    int size = type.charAt(1) - '0';
    ByteBuffer bytes = ByteBuffer.allocate(rows * width * size).order(order);
    if (fortran) {
      for (int j = 0; j < width; j++) {
        for (int i = 0; i < rows; i++) {
          put(bytes, type, value(type, i, j));
        }
      }
    } else {
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < width; j++) {
          put(bytes, type, value(type, i, j));
        }
      }
    }
    return bytes.array();
  }

  private static double[] column(String type, int rows, int column) {
    double[] values = new double[rows];
    Arrays.setAll(values, i -> value(type, i, column));
    return values;
  }

  @Test
  void everyTypeOrderAndVersion() {
    int rows = 16_400;
    int version = 1;
    for (String type : List.of("f8", "f4", "i8", "i4", "i2", "i1", "u8", "u4", "u2", "u1", "b1")) {
      for (boolean big : new boolean[] {false, true}) {
        for (boolean fortran : new boolean[] {false, true}) {
          String descr = (type.endsWith("1") ? "|" : big ? ">" : "<") + type;
          ByteOrder order = big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
          Path file =
              write(
                  "a.npy",
                  header(version, dictionary(descr, fortran, "(" + rows + ", 3)")),
                  elements(type, order, fortran, rows, 3));
          version = version % 3 + 1;
          Rows table = Tables.npy(file, "a", "b", "c");
          assertEquals(rows, table.count());
          assertTrue(table.rereadable());
          assertEquals(file.toString(), table.description());
          RowsContract.Contents contents =
              RowsContract.contents(table, List.of("c", "a", "b"), List.of("a"));
          String what = descr + (fortran ? " by columns" : " by rows");
          assertArrayEquals(column(type, rows, 2), contents.numbers()[0], what);
          assertArrayEquals(column(type, rows, 0), contents.numbers()[1], what);
          assertArrayEquals(column(type, rows, 1), contents.numbers()[2], what);
          Rows same = Tables.builder().numbers("a", column(type, rows, 0)).build();
          assertArrayEquals(
              RowsContract.contents(same, List.of(), List.of("a")).codes()[0],
              contents.codes()[0],
              what);
        }
      }
    }
  }

  @Test
  void vectorsAndEmptyTables() {
    Path file =
        write(
            "v.npy",
            header(1, dictionary("<f8", false, "(5,)")),
            elements("f8", ByteOrder.LITTLE_ENDIAN, false, 5, 1));
    assertArrayEquals(column("f8", 5, 0), RowsContract.numbers(Tables.npy(file), "x1"));
    Path python2 =
        write(
            "v2.npy",
            header(1, dictionary("<f8", true, "(5L,)")),
            elements("f8", ByteOrder.LITTLE_ENDIAN, false, 5, 1));
    assertArrayEquals(column("f8", 5, 0), RowsContract.numbers(Tables.npy(python2), "x1"));
    Path empty = write("e.npy", header(2, dictionary("<f4", false, "(0, 2)")));
    assertEquals(0, Tables.npy(empty).count());
    assertArrayEquals(new double[0], RowsContract.numbers(Tables.npy(empty), "x2"));
  }

  @Test
  void missingAndExtremeNumbers() {
    double[] values = {
      Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -0.0, Double.MIN_VALUE
    };
    ByteBuffer bytes = ByteBuffer.allocate(40).order(ByteOrder.LITTLE_ENDIAN);
    Arrays.stream(values).forEach(bytes::putDouble);
    Path file = write("x.npy", header(1, dictionary("<f8", false, "(5,)")), bytes.array());
    assertArrayEquals(values, RowsContract.numbers(Tables.npy(file), "x1"));
    ByteBuffer longs = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
    longs.putLong(-1).putLong(1L << 53 | 1).putLong(Long.MIN_VALUE | 1025);
    Path unsigned = write("u.npy", header(1, dictionary("<u8", false, "(3,)")), longs.array());
    RowsContract.Contents contents =
        RowsContract.contents(Tables.npy(unsigned), List.of("x1"), List.of("x1"));
    assertArrayEquals(new double[] {0x1p64, 0x1p53, 0x1p63 + 2048}, contents.numbers()[0]);
    assertEquals(
        List.of("18446744073709551615", "9007199254740993", "9223372036854776833"),
        contents.levels().get(1));
  }

  @Test
  void runsCrossWindows() throws IOException {
    int rows = 100;
    for (String type : List.of("f8", "f4", "i2", "u1")) {
      for (boolean fortran : new boolean[] {false, true}) {
        Path file =
            write(
                "w.npy",
                header(1, dictionary("<" + type, fortran, "(" + rows + ", 7)")),
                elements(type, ByteOrder.LITTLE_ENDIAN, fortran, rows, 7));
        try (FileChannel channel = FileChannel.open(file)) {
          NpyHeader header = NpyHeader.read("w", channel);
          for (int shift = 3; shift < 14; shift++) {
            NpyNumbers mapped = new NpyNumbers("w", header, channel, shift);
            for (int j = 0; j < 7; j++) {
              double[] values = new double[rows];
              mapped.column(j).copy(0, rows, values, 0);
              assertArrayEquals(column(type, rows, j), values);
              mapped.column(j).copy(37, 50, values, 3);
              assertArrayEquals(
                  Arrays.copyOfRange(column(type, rows, j), 37, 87),
                  Arrays.copyOfRange(values, 3, 53));
            }
          }
        }
      }
    }
  }

  /** A sparse file takes no room on the disk. */
  @Test
  void filesBeyondTwoGibibytes() throws IOException {
    long rows = 150_000_001;
    byte[] header = header(1, dictionary("<f8", false, "(" + rows + ", 4)"));
    Path path = write("huge.npy", header);
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(header.length + rows * 32);
      file.seek(header.length + (rows - 1) * 32 + 16);
      file.writeLong(Long.reverseBytes(Double.doubleToLongBits(42.5)));
    }
    Rows table = Tables.npy(path);
    assertEquals(rows, table.count());
    try (FileChannel channel = FileChannel.open(path)) {
      NpyNumbers mapped = new NpyNumbers("huge", NpyHeader.read("huge", channel), channel);
      double[] last = new double[3];
      mapped.column(2).copy(rows - 3, 3, last, 0);
      assertArrayEquals(new double[] {0, 0, 42.5}, last);
    }
    try (RowReader reader = table.read(List.of("x1", "x3"), List.of())) {
      RowBlock block = reader.next();
      double[] value = {1};
      block.read(1, block.rows() - 1, 1, value, 0);
      assertEquals(0, value[0]);
    }
  }

  private static void assertRefused(Path file, String expected) {
    RowException wrong = assertThrows(RowException.class, () -> Tables.npy(file));
    assertEquals(expected, wrong.getMessage().replace(file.toString(), "FILE"));
  }

  @Test
  void malformedFiles() {
    assertRefused(folder.resolve("nope.npy"), "cannot read FILE: there is no such file");
    assertRefused(write("b"), "FILE is no .npy file: it has 0 bytes");
    assertRefused(
        write("b", new byte[100]), "FILE is no .npy file: it does not begin with \\x93NUMPY");
    byte[] good = header(1, dictionary("<f8", false, "(2, 2)"));
    assertRefused(write("b", Arrays.copyOf(good, 9)), "FILE ends within its header");
    assertRefused(write("b", Arrays.copyOf(good, 40)), "FILE ends within its header");
    byte[] future = good.clone();
    future[6] = 9;
    assertRefused(write("b", future), "FILE is of version 9 of the .npy format, expected 1 to 3");
    assertRefused(
        write("b", good, new byte[31]),
        "FILE is truncated: it has "
            + (good.length + 31)
            + " bytes, expected "
            + (good.length + 32)
            + " for 2 x 2 elements of type f8");
    byte[] endless = header(2, dictionary("<f8", false, "(2, 2)"));
    Arrays.fill(endless, 8, 12, (byte) 0x7f);
    assertRefused(
        write("b", endless), "FILE has a header of 2139062143 bytes, expected at most 1048576");
  }

  private void assertHeaderRefused(String dictionary, String expected) {
    assertRefused(write("h", header(1, dictionary), new byte[1000]), expected);
  }

  @Test
  void malformedHeaders() {
    String types = "f8, f4, i8, i4, i2, i1, u8, u4, u2, u1, b1";
    assertHeaderRefused(
        dictionary("<c16", false, "(2,)"),
        "FILE holds elements of type '<c16', expected one of " + types);
    assertHeaderRefused(
        dictionary("|O", false, "(2,)"),
        "FILE holds elements of type '|O', expected one of " + types);
    assertHeaderRefused(
        dictionary("", false, "(2,)"), "FILE holds elements of type '', expected one of " + types);
    assertHeaderRefused(
        "{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (2,)}",
        "FILE holds records of several fields, expected elements of one numeric type");
    assertHeaderRefused(
        dictionary("<f8", false, "(0, 2147483639)"),
        "FILE has 2147483639 columns, expected 1 to 1048576");
    assertHeaderRefused(dictionary("<f8", false, "()"), "FILE has 0 axes, expected 1 or 2");
    assertHeaderRefused(dictionary("<f8", false, "(2, 3, 4)"), "FILE has 3 axes, expected 1 or 2");
    assertHeaderRefused(
        dictionary("<f8", false, "(2, 0)"), "FILE has 0 columns, expected 1 to 1048576");
    assertHeaderRefused(
        dictionary("<f8", false, "(9000000000000000000, 9)"),
        "FILE has 9000000000000000000 x 9 elements, too many");
    assertHeaderRefused(
        dictionary("<f8", false, "(-2, 3)"),
        "FILE has a malformed header: expected a length at character 51");
    assertHeaderRefused(
        dictionary("<f8", false, "(2 3)"),
        "FILE has a malformed header: expected ',' or ')' at character 53");
    assertHeaderRefused("", "FILE has a malformed header: expected '{' at character 54");
    assertHeaderRefused("{}", "FILE has a header without 'descr'");
    assertHeaderRefused("{'descr': '<f8'}", "FILE has a header without 'fortran_order'");
    assertHeaderRefused(
        "{'descr': '<f8', 'fortran_order': False}", "FILE has a header without 'shape'");
    assertHeaderRefused(
        "{'descr': '<f8', 'fortran_order': 0}",
        "FILE has a malformed header: expected True or False at character 34");
    assertHeaderRefused(
        "{'descr' '<f8'}", "FILE has a malformed header: expected ':' at character 9");
    assertHeaderRefused(
        "{'descr': '<f8}", "FILE has a malformed header: expected a closing quote at character 10");
    assertHeaderRefused(
        "{5: 6}", "FILE has a malformed header: expected a quoted name at character 1");
    assertHeaderRefused(
        "{'descr': '<f8' 'a'}", "FILE has a malformed header: expected ',' or '}' at character 16");
    assertHeaderRefused("{'size': 1}", "FILE has a header with the unknown key 'size'");
  }

  @Test
  void wrongNames() {
    Path file = write("n.npy", header(1, dictionary("<f8", false, "(1, 2)")), new byte[16]);
    IllegalArgumentException wrong =
        assertThrows(IllegalArgumentException.class, () -> Tables.npy(file, "a"));
    assertEquals("1 names, expected 2 as " + file + " has columns", wrong.getMessage());
    assertThrows(IllegalArgumentException.class, () -> Tables.npy(file, "a", "a"));
    assertThrows(IllegalArgumentException.class, () -> Tables.npy(file, "a", ""));
    IllegalArgumentException unknown =
        assertThrows(
            IllegalArgumentException.class, () -> Tables.npy(file).read(List.of("x3"), List.of()));
    assertEquals("no column 'x3' in " + file + ", the columns are x1, x2", unknown.getMessage());
  }

  @Test
  void filesThatChangeOrGo() throws IOException {
    Path file = write("c.npy", header(1, dictionary("<f8", false, "(1, 2)")), new byte[16]);
    Rows table = Tables.npy(file);
    RowReader reader = table.read(List.of("x1"), List.of());
    Files.delete(file);
    RowBlock block = reader.next();
    double[] value = {1};
    block.read(0, 0, 1, value, 0);
    assertEquals(0, value[0]);
    reader.close();
    assertThrows(IllegalStateException.class, reader::next);
    RowException gone =
        assertThrows(RowException.class, () -> table.read(List.of("x1"), List.of()));
    assertEquals("cannot read " + file + ": there is no such file", gone.getMessage());
    write("c.npy", header(1, dictionary("<f8", false, "(2, 1)")), new byte[16]);
    RowException changed =
        assertThrows(RowException.class, () -> table.read(List.of("x1"), List.of()));
    assertEquals(file + " has changed since it was opened", changed.getMessage());
  }
}
