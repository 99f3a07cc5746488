package org.nabla4j.data;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CommentStrategy;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import de.siegmar.fastcsv.reader.RecordType;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;

/** Reads records one after the other and hands each field on as it lies in the parser's buffer. */
final class CsvRecords implements AutoCloseable {

  /** Takes the fields of a record. */
  interface Sink {

    /** A record begins. */
    void begin(long line);

    /** A field, without blanks around it. */
    void field(int index, char[] text, int from, int to);

    /** A record has ended; comments and empty lines are none. */
    void end(int fields);
  }

  private final String name;
  private final Handler handler;
  private final CsvReader<Boolean> reader;
  private final CloseableIterator<Boolean> records;

  /**
   * Reads text.
   *
   * @param name what messages call it
   * @param text the text, closed with these records
   * @param format its separator is given
   * @param sink takes the fields
   */
  CsvRecords(String name, Reader text, CsvFormat format, Sink sink) {
    this.name = name;
    handler = new Handler(sink);
    CsvReader.CsvReaderBuilder builder =
        CsvReader.builder()
            .fieldSeparator(format.separator())
            .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
            .missingFieldStrategy(FieldMismatchStrategy.IGNORE);
    if (format.comment() != 0) {
      builder.commentStrategy(CommentStrategy.SKIP).commentCharacter(format.comment());
    }
    reader = builder.build(handler, text);
    records = reader.iterator();
  }

  /** Reads the next record; false after the last one. */
  boolean next() {
    try {
      if (!records.hasNext()) {
        return false;
      }
      records.next();
      return true;
    } catch (CsvParseException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      if (cause instanceof RowException ours) {
        // Thrown by the sink and wrapped by the reader.
        throw ours;
      }
      throw new RowException(
          name + ", line " + handler.line + ": " + cause.getMessage(),
          "a quote that is opened must be closed, and a quote inside quotes be doubled");
    } catch (UncheckedIOException e) {
      throw RowException.unreadable(name, e.getCause());
    }
  }

  @Override
  public void close() throws IOException {
    records.close();
    reader.close();
  }

  /** Is given every field by the parser. */
  private static final class Handler extends AbstractBaseCsvCallbackHandler<Boolean> {
    private final Sink sink;
    private long line = 1;

    Handler(Sink sink) {
      this.sink = sink;
    }

    @Override
    protected void handleBegin(long startingLineNumber) {
      line = startingLineNumber;
      sink.begin(startingLineNumber);
    }

    @Override
    protected void handleField(int index, char[] buffer, int offset, int length, boolean quoted) {
      int from = offset;
      int to = offset + length;
      while (from < to && isBlank(buffer[from])) {
        from++;
      }
      while (to > from && isBlank(buffer[to - 1])) {
        to--;
      }
      sink.field(index, buffer, from, to);
    }

    private static boolean isBlank(char c) {
      return c == ' ' || ((c < ' ' || c > '~') && Character.isWhitespace(c));
    }

    @Override
    protected Boolean buildRecord() {
      if (getRecordType() == RecordType.DATA) {
        sink.end(getFieldCount());
      }
      return Boolean.TRUE;
    }
  }
}
