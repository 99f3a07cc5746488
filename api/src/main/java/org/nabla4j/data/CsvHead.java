package org.nabla4j.data;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What the beginning of a file tells of its columns.
 *
 * @param format the format with its separator
 * @param header the names of all columns, in their order; some may be empty or there twice
 * @param fields the columns that can be asked for by name
 * @param places for each field its place in the header
 */
record CsvHead(
    CsvFormat format, List<String> header, List<Rows.Field> fields, List<Integer> places) {

  /** How many rows say what the columns hold. */
  private static final int ROWS = 1000;

  /**
   * Looks at a file.
   *
   * @param name what messages call it
   * @param head its first characters, all if there are fewer than {@link CsvSource#HEAD}
   * @param given how it is written
   * @throws RowException if there is no header, or only numbers in its place
   */
  static CsvHead of(String name, String head, CsvFormat given) {
    boolean whole = head.length() < CsvSource.HEAD;
    CsvFormat format =
        given.separator() != 0
            ? given
            : given.withSeparator(CsvSource.separator(head, given.comment(), given.decimalComma()));
    Sniffer sniffer = new Sniffer(format);
    read(name, head, whole, format, sniffer);
    if (sniffer.records == 0) {
      if (!whole) {
        throw new RowException(
            name + ": the first line has more than " + CsvSource.HEAD + " characters");
      }
      throw new RowException(
          name
              + " is empty, expected "
              + (format.names() == null ? "a line with the columns' names" : "rows"));
    }
    List<String> header = format.names();
    if (header == null) {
      header = List.copyOf(sniffer.names);
      if (sniffer.onlyNumbers) {
        throw new RowException(
            name + ", line " + sniffer.headerLine + ": only numbers, expected the columns' names",
            "put a line such as x,y at the top");
      }
    } else if (header.isEmpty()) {
      List<String> counted = new ArrayList<>();
      for (int j = 1; j <= sniffer.width; j++) {
        counted.add("x" + j);
      }
      header = counted;
    } else if (header.size() != sniffer.width) {
      throw new RowException(
          name + ": " + sniffer.width + " columns, expected " + header.size() + " as named");
    }
    List<Rows.Field> fields = new ArrayList<>();
    List<Integer> places = new ArrayList<>();
    Set<String> known = new HashSet<>();
    for (int j = 0; j < header.size(); j++) {
      String column = header.get(j);
      if (!column.isEmpty() && known.add(column)) {
        boolean text = format.texts().contains(column) || (j < sniffer.width && sniffer.isText(j));
        fields.add(new Rows.Field(column, text ? Rows.Kind.TEXT : Rows.Kind.NUMBER));
        places.add(j);
      }
    }
    for (String column : format.texts()) {
      if (!known.contains(column)) {
        throw new IllegalArgumentException("texts: no column '" + column + "' in " + name);
      }
    }
    return new CsvHead(format, header, List.copyOf(fields), List.copyOf(places));
  }

  private static void read(
      String name, String head, boolean whole, CsvFormat format, Sniffer sniffer) {
    // Of a head that is cut off the last line is not whole.
    int end = whole ? head.length() : Math.max(head.lastIndexOf('\n'), head.lastIndexOf('\r')) + 1;
    CsvRecords records =
        new CsvRecords(name, new StringReader(head.substring(0, end)), format, sniffer);
    try {
      while (sniffer.records <= ROWS && records.next()) {
        // The sniffer looks at it.
      }
    } catch (RowException e) {
      if (sniffer.records == 0) {
        throw e;
      }
      // A wrong row below the header is found again, or not, when it is read.
    }
  }

  /** Looks at the first records. */
  private static final class Sniffer implements CsvRecords.Sink {
    private final CsvFormat format;
    private final List<String> names = new ArrayList<>();

    /** Values of each column that are numbers, less those that are none. */
    private int[] balance = new int[16];

    private boolean[] hasText = new boolean[16];
    private boolean onlyNumbers = true;
    private int width;
    private int records;
    private long line;
    private long headerLine;

    Sniffer(CsvFormat format) {
      this.format = format;
    }

    @Override
    public void begin(long startingLine) {
      line = startingLine;
    }

    @Override
    public void field(int index, char[] text, int from, int to) {
      boolean number = !Double.isNaN(Decimals.parse(text, from, to, format.point()));
      if (records == 0 && format.names() == null) {
        names.add(new String(text, from, to - from));
        onlyNumbers &= number;
      } else if (!format.isMissing(text, from, to)) {
        reserve(index + 1);
        balance[index] += number ? 1 : -1;
        hasText[index] |= !number;
      }
    }

    private void reserve(int columns) {
      if (columns > balance.length) {
        balance = Arrays.copyOf(balance, 2 * columns);
        hasText = Arrays.copyOf(hasText, 2 * columns);
      }
    }

    /**
     * Whether text prevails in a column. One wrong value among numbers does not make categories of
     * them: it is complained of where the column is read.
     */
    boolean isText(int column) {
      return hasText[column] && balance[column] <= 0;
    }

    @Override
    public void end(int fields) {
      if (records == 0) {
        width = fields;
        headerLine = line;
        reserve(fields);
      }
      records++;
    }
  }
}
