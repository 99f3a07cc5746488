package org.nabla4j.data;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * A table in lines of fields between separators (RFC 4180), one row in each line: plain or packed
 * by gzip, which is found out, in UTF-8, or in what a byte order mark says. Immutable; every option
 * returns a changed copy.
 *
 * <p>The first line has the columns' names, unless {@link #withoutHeader} says otherwise. The
 * separator is found out: of comma, semicolon and tab the one that stands most often in the first
 * line. A field may be quoted, and then hold separators, ends of lines and doubled quotes. Blanks
 * around a field and empty lines do not count. A column holds numbers if those of the first 1000
 * rows that are not missing are numbers, otherwise text.
 *
 * <p>Numbers are decimal, {@code -1.5e-3}, and become the nearest double; what is missing becomes
 * NaN. Only the columns that are asked for are made numbers. Of a column of numbers that is read as
 * a category 1 and 1.0 are the same level.
 *
 * <p>A name that stands over two columns cannot be read, nor can a column without a name; others of
 * the same file can. A line with more or fewer fields than the first is an error.
 *
 * <p>The file is opened when the fields are asked for and by each reader. A reader is one daemon
 * thread that is a few blocks ahead of its caller; its memory is that of the blocks that the caller
 * has not released, of three more, and some buffers, whatever the size of the file. It says how
 * many bytes were read: {@link ReadProgress}.
 *
 * <p>{@link RowException} is thrown if the file cannot be read or is malformed; its message names
 * the line and the column.
 */
public final class CsvRows implements Rows {

  private final CsvInput input;
  private final CsvFormat format;

  /** What the beginning of the file says, once it was looked at. */
  private CsvHead head;

  private Fields fields;

  CsvRows(CsvInput input, CsvFormat format) {
    this.input = input;
    this.format = format;
  }

  private CsvRows with(CsvFormat changed) {
    return new CsvRows(input, changed);
  }

  private static char checked(String option, char sign) {
    if (sign == '"' || sign == '\n' || sign == '\r' || sign == 0) {
      throw new IllegalArgumentException(
          option + " = '" + sign + "', expected no quote and no end of a line");
    }
    return sign;
  }

  /**
   * Sets the sign between fields.
   *
   * @param sign any character but a quote or an end of a line
   * @return a changed copy
   * @throws IllegalArgumentException if it cannot be the sign
   */
  public CsvRows separator(char sign) {
    return with(format.withSeparator(checked("separator", sign)));
  }

  /**
   * Passes over lines that begin with a sign.
   *
   * @param sign any character but a quote or an end of a line
   * @return a changed copy
   * @throws IllegalArgumentException if it cannot be the sign
   */
  public CsvRows comment(char sign) {
    return with(format.withComment(checked("comment", sign)));
  }

  /**
   * Reads numbers that are written 1,5; a comma is then no separator.
   *
   * @return a changed copy
   */
  public CsvRows decimalComma() {
    return with(format.withDecimalComma());
  }

  /**
   * Sets what stands for a value that is not there, of numbers and of text. By default these are an
   * empty field, NA, N/A, NaN and null.
   *
   * @param words what to take for missing instead, in any case of letters
   * @return a changed copy
   */
  public CsvRows missing(String... words) {
    return with(format.withMissing(List.of(Objects.requireNonNull(words, "words"))));
  }

  /**
   * Reads a table whose first line is a row.
   *
   * @param names the columns' names; none for x1, x2 and so on
   * @return a changed copy
   */
  public CsvRows withoutHeader(String... names) {
    return with(format.withNames(List.of(Objects.requireNonNull(names, "names"))));
  }

  /**
   * Takes columns for text although they look like numbers: their levels are then what is written,
   * so that 1 and 01 are two.
   *
   * @param names the columns' names
   * @return a changed copy
   */
  public CsvRows texts(String... names) {
    Objects.requireNonNull(names, "names");
    Set<String> all = new HashSet<>(format.texts());
    all.addAll(Arrays.asList(names));
    return with(format.withTexts(Set.copyOf(all)));
  }

  private synchronized CsvHead head() {
    if (head == null) {
      try {
        CsvHead found = input.head(format);
        fields = new Fields(description(), found.fields());
        head = found;
      } catch (IOException e) {
        throw RowException.unreadable(description(), e);
      }
    }
    return head;
  }

  private synchronized Fields checkedFields() {
    head();
    return fields;
  }

  /**
   * The columns that can be asked for; the file is looked at.
   *
   * @return fields in the order of the file, without those that have no name; of several with the
   *     same name the first
   * @throws RowException if the file cannot be read, is empty or has no header
   */
  @Override
  public List<Field> fields() {
    return checkedFields().list();
  }

  /**
   * The names of all columns; the file is looked at.
   *
   * @return names in the order of the file, some of which may be empty or there twice
   * @throws RowException if the file cannot be read, is empty or has no header
   */
  public List<String> header() {
    return head().header();
  }

  /** {@inheritDoc} It is not known before all lines are read. */
  @Override
  public long count() {
    return -1;
  }

  @Override
  public boolean rereadable() {
    return input.rereadable();
  }

  @Override
  public RowReader read(List<String> numbers, List<String> categories) {
    Objects.requireNonNull(numbers, "numbers");
    Objects.requireNonNull(categories, "categories");
    Columns columns = new Columns(checkedFields(), numbers, categories);
    try {
      CsvSource source = input.open();
      try {
        CsvFiller filler = new CsvFiller(description(), head(), source, columns);
        return new ReadAheadReader(description(), columns, filler);
      } catch (RuntimeException | Error e) {
        source.close();
        throw e;
      }
    } catch (IOException e) {
      throw RowException.unreadable(description(), e);
    }
  }

  @Override
  public String description() {
    return input.name();
  }
}
