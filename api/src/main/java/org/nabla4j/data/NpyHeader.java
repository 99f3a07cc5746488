package org.nabla4j.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What the header of a file of NumPy's format says: after six magic bytes, two of the version and
 * the length of the rest (2 bytes in version 1, 4 later, little endian) stands a Python dictionary
 * with the element type, the order of the axes and their lengths.
 *
 * @param dataOffset where the first element lies
 * @param type letter of the kind and size in bytes, such as f8
 * @param order of the bytes of an element
 * @param byColumns whether a column's elements lie one after the other (Fortran's order)
 * @param rows length of the first axis
 * @param width length of the second axis, 1 where there is none
 */
record NpyHeader(
    long dataOffset, String type, ByteOrder order, boolean byColumns, long rows, int width) {

  /** Columns beyond which names alone would fill the memory. */
  private static final int MOST_COLUMNS = 1 << 20;

  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int MAX_LENGTH = 1 << 20;
  private static final List<String> TYPES =
      List.of("f8", "f4", "i8", "i4", "i2", "i1", "u8", "u4", "u2", "u1", "b1");

  /** Bytes of an element. */
  int size() {
    return type.charAt(1) - '0';
  }

  /**
   * Reads a header.
   *
   * @param name what messages call the file
   * @param channel the file, at its beginning
   * @throws RowException if it is malformed, or the file shorter than it says
   */
  static NpyHeader read(String name, FileChannel channel) throws IOException {
    ByteBuffer start = ByteBuffer.allocate(8);
    if (!fill(channel, start, 0)) {
      throw bad(name, "is no .npy file: it has " + channel.size() + " bytes");
    }
    for (int i = 0; i < MAGIC.length; i++) {
      if (start.get(i) != MAGIC[i]) {
        throw bad(name, "is no .npy file: it does not begin with \\x93NUMPY");
      }
    }
    int version = start.get(6);
    if (version < 1 || version > 3) {
      throw bad(name, "is of version " + version + " of the .npy format, expected 1 to 3");
    }
    ByteBuffer prefix = ByteBuffer.allocate(version == 1 ? 2 : 4).order(ByteOrder.LITTLE_ENDIAN);
    if (!fill(channel, prefix, 8)) {
      throw bad(name, "ends within its header");
    }
    long length = version == 1 ? prefix.getShort(0) & 0xffff : prefix.getInt(0) & 0xffffffffL;
    if (length > MAX_LENGTH) {
      throw bad(name, "has a header of " + length + " bytes, expected at most " + MAX_LENGTH);
    }
    long textOffset = 8L + prefix.capacity();
    ByteBuffer text = ByteBuffer.allocate((int) length);
    if (!fill(channel, text, textOffset)) {
      throw bad(name, "ends within its header");
    }
    String dictionary =
        new String(
            text.array(), version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
    NpyHeader header = new Dictionary(name, dictionary).header(textOffset + length);
    header.checkSize(name, channel.size());
    return header;
  }

  private static boolean fill(FileChannel channel, ByteBuffer target, long position)
      throws IOException {
    while (target.hasRemaining()) {
      if (channel.read(target, position + target.position()) < 0) {
        return false;
      }
    }
    return true;
  }

  private static RowException bad(String name, String what) {
    return new RowException(name + " " + what);
  }

  private void checkSize(String name, long fileSize) {
    long needed;
    try {
      needed =
          Math.addExact(dataOffset, Math.multiplyExact(Math.multiplyExact(rows, width), size()));
    } catch (ArithmeticException e) {
      throw new RowException(name + " has " + rows + " x " + width + " elements, too many", e);
    }
    if (fileSize < needed) {
      throw bad(
          name,
          "is truncated: it has "
              + fileSize
              + " bytes, expected "
              + needed
              + " for "
              + rows
              + " x "
              + width
              + " elements of type "
              + type);
    }
  }

  /** Reads the three entries of the dictionary. */
  private static final class Dictionary {
    private final String name;
    private final String text;
    private int position;
    private String descr;
    private Boolean fortranOrder;
    private List<Long> shape;

    Dictionary(String name, String text) {
      this.name = name;
      this.text = text;
    }

    NpyHeader header(long dataOffset) {
      expect('{');
      while (peek() != '}') {
        String key = string();
        expect(':');
        switch (key) {
          case "descr" -> descr = type();
          case "fortran_order" -> fortranOrder = truth();
          case "shape" -> shape = shape();
          default -> throw bad(name, "has a header with the unknown key '" + key + "'");
        }
        if (peek() == ',') {
          position++;
        } else if (peek() != '}') {
          throw malformed("',' or '}'");
        }
      }
      if (descr == null || fortranOrder == null || shape == null) {
        throw bad(
            name,
            "has a header without '"
                + (descr == null ? "descr" : fortranOrder == null ? "fortran_order" : "shape")
                + "'");
      }
      char mark = descr.isEmpty() ? '?' : descr.charAt(0);
      String type = descr.isEmpty() ? "" : descr.substring(1);
      if ("<>=|".indexOf(mark) < 0 || !TYPES.contains(type)) {
        throw bad(
            name,
            "holds elements of type '" + descr + "', expected one of " + String.join(", ", TYPES));
      }
      ByteOrder order =
          mark == '>'
              ? ByteOrder.BIG_ENDIAN
              : mark == '=' ? ByteOrder.nativeOrder() : ByteOrder.LITTLE_ENDIAN;
      if (shape.isEmpty() || shape.size() > 2) {
        throw bad(name, "has " + shape.size() + " axes, expected 1 or 2");
      }
      long width = shape.size() == 1 ? 1 : shape.get(1);
      if (width <= 0 || width > MOST_COLUMNS) {
        throw bad(name, "has " + width + " columns, expected 1 to " + MOST_COLUMNS);
      }
      return new NpyHeader(dataOffset, type, order, fortranOrder, shape.get(0), (int) width);
    }

    private char peek() {
      while (position < text.length() && text.charAt(position) <= ' ') {
        position++;
      }
      return position < text.length() ? text.charAt(position) : 0;
    }

    private void expect(char sign) {
      if (peek() != sign) {
        throw malformed("'" + sign + "'");
      }
      position++;
    }

    private RowException malformed(String expected) {
      return bad(
          name, "has a malformed header: expected " + expected + " at character " + position);
    }

    private String string() {
      char quote = peek();
      if (quote != '\'' && quote != '"') {
        throw malformed("a quoted name");
      }
      int end = text.indexOf(quote, position + 1);
      if (end < 0) {
        throw malformed("a closing quote");
      }
      String value = text.substring(position + 1, end);
      position = end + 1;
      return value;
    }

    private String type() {
      if (peek() == '[') {
        throw bad(name, "holds records of several fields, expected elements of one numeric type");
      }
      return string();
    }

    private boolean truth() {
      peek();
      for (String word : List.of("True", "False")) {
        if (text.startsWith(word, position)) {
          position += word.length();
          return word.equals("True");
        }
      }
      throw malformed("True or False");
    }

    private List<Long> shape() {
      expect('(');
      List<Long> axes = new ArrayList<>();
      while (peek() != ')') {
        int start = position;
        while (position < text.length() && Character.digit(text.charAt(position), 10) >= 0) {
          position++;
        }
        try {
          axes.add(Long.parseLong(text.substring(start, position)));
        } catch (NumberFormatException e) {
          position = start;
          throw malformed("a length");
        }
        if (peek() == 'L') {
          // As Python 2 wrote them.
          position++;
        }
        if (peek() == ',') {
          position++;
        } else if (peek() != ')') {
          throw malformed("',' or ')'");
        }
      }
      position++;
      return axes;
    }
  }
}
