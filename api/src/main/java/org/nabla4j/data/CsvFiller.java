package org.nabla4j.data;

import java.io.IOException;
import java.nio.CharBuffer;
import java.util.Arrays;
import java.util.List;

/** Reads the records of a file: only the fields asked for are made numbers or codes. */
final class CsvFiller implements BlockFiller, CsvRecords.Sink {

  private static final int UNUSED = -1;

  /** A message shows no more of a text. */
  private static final int SHOWN = 40;

  private final String name;
  private final CsvFormat format;
  private final char point;
  private final List<String> header;
  private final CsvSource source;
  private final CsvRecords records;

  /** For each place in the header the column of numbers to fill, and the category. */
  private final int[] numberSlots;

  private final int[] categorySlots;

  /** Categories whose labels are those of numbers. */
  private final boolean[] labelsNumbers;

  private final Levels[] levels;

  private DataBlock block;
  private int row;
  private long line;
  private boolean first;

  CsvFiller(String name, CsvHead head, CsvSource source, Columns columns) {
    this.name = name;
    this.source = source;
    format = head.format();
    point = format.point();
    header = head.header();
    numberSlots = new int[header.size()];
    categorySlots = new int[header.size()];
    Arrays.fill(numberSlots, UNUSED);
    Arrays.fill(categorySlots, UNUSED);
    for (int k = 0; k < columns.numberCount(); k++) {
      numberSlots[place(head, columns.numberField(k))] = k;
    }
    levels = new Levels[columns.categoryCount()];
    labelsNumbers = new boolean[levels.length];
    for (int c = 0; c < levels.length; c++) {
      levels[c] = new Levels();
      int field = columns.categoryField(c);
      categorySlots[place(head, field)] = c;
      labelsNumbers[c] = head.fields().get(field).kind() == Rows.Kind.NUMBER;
    }
    first = format.names() == null;
    records = new CsvRecords(name, source.text(), format, this);
  }

  private int place(CsvHead head, int field) {
    int place = head.places().get(field);
    int last = header.lastIndexOf(header.get(place));
    if (last != place) {
      throw new RowException(
          name
              + ": the name '"
              + header.get(place)
              + "' stands over columns "
              + (place + 1)
              + " and "
              + (last + 1)
              + ", expected it once");
    }
    return place;
  }

  @Override
  public int fill(DataBlock target, int capacity) {
    block = target;
    row = 0;
    while (row < capacity && records.next()) {
      // The fields are put into the block by the methods below.
    }
    for (int c = 0; c < levels.length; c++) {
      block.levelCounts[c] = levels[c].size();
    }
    return row;
  }

  @Override
  public void begin(long startingLine) {
    line = startingLine;
  }

  @Override
  public void field(int index, char[] text, int from, int to) {
    if (index >= numberSlots.length) {
      return;
    }
    if (first) {
      checkName(index, text, from, to);
      return;
    }
    int number = numberSlots[index];
    int category = categorySlots[index];
    if (number != UNUSED) {
      block.numbers[number][row] = number(index, text, from, to);
    }
    if (category != UNUSED) {
      block.codes[category][row] = code(category, text, from, to);
    }
  }

  private void checkName(int index, char[] text, int from, int to) {
    if (!header.get(index).contentEquals(CharBuffer.wrap(text, from, to - from))) {
      throw new RowException(name + " has changed since it was opened: its header is another");
    }
  }

  private double number(int index, char[] text, int from, int to) {
    double value = Decimals.parse(text, from, to, point);
    if (Double.isFinite(value) || (Double.isNaN(value) && format.isMissing(text, from, to))) {
      return value;
    }
    String shown = shortened(new String(text, from, to - from));
    String place = name + ", line " + line + ", column " + header.get(index) + ": '" + shown + "'";
    if (Double.isInfinite(value)) {
      throw new RowException(place + ", expected a finite double");
    }
    throw new RowException(place + ", expected a number", hint(text, from, to));
  }

  private String hint(char[] text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (text[i] == '\n' || text[i] == '\r') {
        return "a quote that is opened must be closed";
      }
    }
    char otherPoint = format.decimalComma() ? '.' : ',';
    if (Double.isNaN(Decimals.parse(text, from, to, otherPoint))) {
      return "";
    }
    return format.decimalComma()
        ? "with decimalComma() decimals are written with a comma, 1,5, and thousands are not set"
            + " apart"
        : "decimals are written with a point, 1.5; decimalComma() reads 1,5";
  }

  private static String shortened(String text) {
    String line = text.lines().findFirst().orElse("");
    String shown = line.length() <= SHOWN ? line : line.substring(0, SHOWN);
    return shown.length() == text.length() ? shown : shown + "…";
  }

  /** Of numbers 1 and 1.0 are one level; whole ones of many digits are told apart by them. */
  private int code(int category, char[] text, int from, int to) {
    if (format.isMissing(text, from, to)) {
      return Levels.MISSING;
    }
    if (labelsNumbers[category] && !isLong(text, from, to)) {
      double value = Decimals.parse(text, from, to, point);
      if (Double.isFinite(value)) {
        return levels[category].code(value);
      }
    }
    return levels[category].code(text, from, to - from);
  }

  /** Whether a text is of digits and a sign alone and too long for a double to be sure of. */
  private static boolean isLong(char[] text, int from, int to) {
    if (to - from <= Levels.EXACT_DIGITS) {
      return false;
    }
    for (int i = from + 1; i < to; i++) {
      if (text[i] < '0' || text[i] > '9') {
        return false;
      }
    }
    return true;
  }

  @Override
  public void end(int fields) {
    if (fields != header.size()) {
      throw new RowException(
          name
              + ", line "
              + line
              + ": "
              + fields
              + (fields == 1 ? " field" : " fields")
              + ", expected "
              + header.size()
              + (format.names() == null ? " as in the header" : ""));
    }
    if (first) {
      first = false;
      return;
    }
    block.lines[row] = line;
    row++;
  }

  @Override
  public Levels levels(int category) {
    return levels[category];
  }

  @Override
  public boolean hasLines() {
    return true;
  }

  @Override
  public long done() {
    return source.done();
  }

  @Override
  public long total() {
    return source.total();
  }

  @Override
  public void close() throws IOException {
    records.close();
  }
}
