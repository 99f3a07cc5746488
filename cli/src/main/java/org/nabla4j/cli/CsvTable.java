package org.nabla4j.cli;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CommentStrategy;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import de.siegmar.fastcsv.reader.RecordType;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a table with a header line as a stream: only the fields asked for are made numbers, and
 * nothing else is kept. Every complaint names file, line and column.
 */
final class CsvTable implements AutoCloseable {

  /** What the values of a column must be. */
  enum Constraint {
    /** Any number. */
    NONE,
    /** A standard deviation. */
    POSITIVE,
    /** A weight. */
    NOT_NEGATIVE;

    private boolean allows(double value) {
      return switch (this) {
        case NONE -> true;
        case POSITIVE -> value > 0;
        case NOT_NEGATIVE -> value >= 0;
      };
    }
  }

  /**
   * A column of numbers to read.
   *
   * @param index its place in the header
   * @param constraint what its values must be
   */
  record Field(int index, Constraint constraint) {}

  private final String name;
  private final CsvReader<Boolean> reader;
  private final CloseableIterator<Boolean> records;
  private final Handler handler;
  private final List<String> header;

  /**
   * Reads the header.
   *
   * @param name what messages call the file
   * @param text its text; closed with this table
   * @param separator the sign between fields, 0 to find out
   * @param comment the sign that begins a line to pass over, 0 for none
   * @param decimalComma whether numbers are written 1,5
   */
  CsvTable(String name, BufferedReader text, char separator, char comment, boolean decimalComma) {
    this.name = name;
    this.handler = new Handler(name, decimalComma);
    try {
      CsvReader.CsvReaderBuilder builder =
          CsvReader.builder()
              .fieldSeparator(
                  separator == 0 ? CsvSource.separator(text, comment, decimalComma) : separator)
              .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
              .missingFieldStrategy(FieldMismatchStrategy.IGNORE);
      if (comment != 0) {
        builder.commentStrategy(CommentStrategy.SKIP).commentCharacter(comment);
      }
      this.reader = builder.build(handler, text);
      this.records = reader.iterator();
    } catch (IOException e) {
      throw new InputException("cannot read " + name + ": " + OutputFile.reason(e));
    }
    if (!next()) {
      throw new InputException(name + " is empty, expected a line with the columns' names");
    }
    header = List.copyOf(handler.names);
    if (header.stream().map(handler::pointed).allMatch(Numbers::isDecimal)) {
      throw new InputException(
          name + ", line " + handler.line + ": only numbers, expected the columns' names",
          "put a line such as x,y at the top");
    }
  }

  /** The names of the columns, without blanks around them. */
  List<String> header() {
    return header;
  }

  /**
   * The place of a column.
   *
   * @param column its name
   * @return its index, -1 if there is none
   */
  int indexOf(String column) {
    int index = header.indexOf(column);
    int last = header.lastIndexOf(column);
    if (index != last) {
      throw new InputException(
          name
              + ": the name '"
              + column
              + "' stands over columns "
              + (index + 1)
              + " and "
              + (last + 1)
              + ", expected it once");
    }
    return index;
  }

  /**
   * Reads all rows.
   *
   * @param fields the columns of numbers
   * @param group the column that names each row's group, -1 for none
   * @param omit whether a missing value becomes a NaN; otherwise it is an error
   * @return the columns
   */
  Table read(List<Field> fields, int group, boolean omit) {
    handler.begin(header, fields, group, omit);
    while (next()) {
      // The handler keeps the values.
    }
    if (handler.rows == 0) {
      throw new InputException(name + " has no data below the header");
    }
    return handler.table();
  }

  private boolean next() {
    try {
      if (!records.hasNext()) {
        return false;
      }
      records.next();
      return true;
    } catch (CsvParseException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      if (cause instanceof InputException input) {
        // Thrown by the handler below and wrapped by the reader.
        throw input;
      }
      throw new InputException(
          name + ", line " + handler.line + ": " + cause.getMessage(),
          "a quote that is opened must be closed, and a quote inside quotes be doubled");
    } catch (UncheckedIOException e) {
      throw new InputException("cannot read " + name + ": " + OutputFile.reason(e));
    }
  }

  @Override
  public void close() {
    try {
      records.close();
      reader.close();
    } catch (IOException e) {
      throw new InputException("cannot read " + name + ": " + OutputFile.reason(e));
    }
  }

  /** Is given every field by the parser. */
  private static final class Handler extends AbstractBaseCsvCallbackHandler<Boolean> {
    private static final int UNUSED = -1;
    private static final int GROUP = -2;
    private static final int MAX_ROWS = Integer.MAX_VALUE - 8;

    private final String name;
    private final boolean decimalComma;
    private final List<String> names = new ArrayList<>();
    private List<String> header;
    private List<Field> fields;

    /** For each place in the header the column to fill. */
    private int[] slots;

    private boolean omit;
    private double[][] columns;
    private int[] groups;
    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<String> labels = new ArrayList<>();
    private String label;
    private int rows;
    private long incomplete;
    private boolean complete;
    private long line = 1;

    Handler(String name, boolean decimalComma) {
      this.name = name;
      this.decimalComma = decimalComma;
    }

    /** A number as Java writes it; one with a point is none where the comma is the sign. */
    String pointed(String text) {
      return !decimalComma ? text : text.indexOf('.') >= 0 ? "" : text.replace(',', '.');
    }

    void begin(List<String> headerNames, List<Field> numeric, int group, boolean omitMissing) {
      header = headerNames;
      fields = numeric;
      omit = omitMissing;
      slots = new int[header.size()];
      Arrays.fill(slots, UNUSED);
      for (int k = 0; k < fields.size(); k++) {
        slots[fields.get(k).index()] = k;
      }
      columns = new double[fields.size()][1024];
      if (group >= 0) {
        if (slots[group] != UNUSED) {
          throw new InputException(
              "--group " + header.get(group) + " is also used as numbers, expected another column");
        }
        slots[group] = GROUP;
        groups = new int[1024];
      }
    }

    @Override
    protected void handleBegin(long startingLineNumber) {
      line = startingLineNumber;
      complete = true;
      label = null;
    }

    @Override
    protected void handleField(int index, char[] buffer, int offset, int length, boolean quoted) {
      if (slots == null) {
        names.add(new String(buffer, offset, length).strip());
        return;
      }
      if (index >= slots.length || slots[index] == UNUSED) {
        return;
      }
      String text = new String(buffer, offset, length).strip();
      if (slots[index] == GROUP) {
        label = text;
        if (text.isEmpty()) {
          missing(index, "no group");
        }
      } else {
        columns[slots[index]][rows] = number(index, text);
      }
    }

    private double number(int index, String text) {
      double value = Numbers.parse(pointed(text));
      if (Double.isNaN(value)) {
        if (Numbers.isMissing(text)) {
          missing(index, text.isEmpty() ? "no value" : "no value ('" + text + "')");
          return Double.NaN;
        }
        throw new InputException(
            place(index) + ": '" + shortened(text) + "', expected a number",
            text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0
                ? "a quote that is opened must be closed"
                : Numbers.isDecimal(text.replace(',', '.'))
                    ? decimalComma
                        ? "with --decimal-comma decimals are written with a comma, 1,5, and"
                            + " thousands are not set apart"
                        : "decimals are written with a point, 1.5; --decimal-comma reads 1,5"
                    : "");
      }
      if (Double.isInfinite(value)) {
        throw new InputException(
            place(index) + ": '" + shortened(text) + "', expected a finite double");
      }
      Constraint constraint = fields.get(slots[index]).constraint();
      if (!constraint.allows(value)) {
        throw new InputException(
            place(index)
                + ": "
                + (constraint == Constraint.POSITIVE ? "sigma = " : "weight = ")
                + text
                + ", expected "
                + (constraint == Constraint.POSITIVE ? "> 0" : ">= 0"));
      }
      return value;
    }

    private void missing(int index, String what) {
      if (!omit) {
        throw new InputException(place(index) + ": " + what, "--missing omit leaves such rows out");
      }
      complete = false;
    }

    private String place(int index) {
      return name + ", line " + line + ", column " + header.get(index);
    }

    private static String shortened(String text) {
      String first = text.lines().findFirst().orElse("");
      String shown = first.length() <= 40 ? first : first.substring(0, 40);
      return shown.length() == text.length() ? shown : shown + "…";
    }

    @Override
    protected Boolean buildRecord() {
      if (slots == null || getRecordType() != RecordType.DATA) {
        return Boolean.TRUE;
      }
      if (getFieldCount() != header.size()) {
        throw new InputException(
            name
                + ", line "
                + line
                + ": "
                + getFieldCount()
                + (getFieldCount() == 1 ? " field" : " fields")
                + ", expected "
                + header.size()
                + " as in the header");
      }
      incomplete += complete ? 0 : 1;
      if (groups != null) {
        if (label.isEmpty()) {
          // Belongs to no fit.
          return Boolean.TRUE;
        }
        groups[rows] = numberOf(label);
      }
      if (rows == MAX_ROWS) {
        throw new InputException(name + " has more than " + MAX_ROWS + " rows");
      }
      rows++;
      if (rows == capacity()) {
        grow();
      }
      return Boolean.TRUE;
    }

    private int numberOf(String group) {
      return numbers.computeIfAbsent(
          group,
          added -> {
            labels.add(added);
            return labels.size() - 1;
          });
    }

    private int capacity() {
      return columns.length > 0 ? columns[0].length : groups.length;
    }

    private void grow() {
      int size = (int) Math.min(MAX_ROWS + 1L, 2L * capacity());
      for (int k = 0; k < columns.length; k++) {
        columns[k] = Arrays.copyOf(columns[k], size);
      }
      if (groups != null) {
        groups = Arrays.copyOf(groups, size);
      }
    }

    Table table() {
      for (int k = 0; k < columns.length; k++) {
        columns[k] = Arrays.copyOf(columns[k], rows);
      }
      return new Table(
          rows,
          columns,
          groups == null ? null : Arrays.copyOf(groups, rows),
          List.copyOf(labels),
          incomplete);
    }
  }
}
