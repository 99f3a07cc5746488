package org.nabla4j.data;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/** The text of a stream, whatever its packing and byte order mark, with a count of its bytes. */
final class CsvSource implements ReadProgress, AutoCloseable {

  /** How many characters are looked at before all is read. */
  static final int HEAD = 1 << 20;

  private static final int BUFFER = 1 << 16;

  private final BufferedReader text;
  private final Counting counting;
  private final long total;

  /**
   * Unpacks gzip and leaves out a byte order mark; text without a mark is UTF-8.
   *
   * @param stream closed with the text
   * @param total its bytes, -1 if that is not known
   */
  CsvSource(InputStream stream, long total) throws IOException {
    this.total = total;
    counting = new Counting(stream);
    InputStream plain = new BufferedInputStream(counting, BUFFER);
    byte[] head = peek(plain, 2);
    if (starts(head, 0x1f, 0x8b)) {
      plain = new BufferedInputStream(new GZIPInputStream(plain, BUFFER), BUFFER);
    }
    head = peek(plain, 3);
    Charset charset = StandardCharsets.UTF_8;
    int mark = 0;
    if (starts(head, 0xef, 0xbb, 0xbf)) {
      mark = 3;
    } else if (starts(head, 0xfe, 0xff)) {
      charset = StandardCharsets.UTF_16BE;
      mark = 2;
    } else if (starts(head, 0xff, 0xfe)) {
      charset = StandardCharsets.UTF_16LE;
      mark = 2;
    }
    plain.skipNBytes(mark);
    text = new BufferedReader(new InputStreamReader(plain, charset), BUFFER);
  }

  /** The text, at its beginning until something is read. */
  BufferedReader text() {
    return text;
  }

  /** The first characters, {@link #HEAD} of them at most; the text stays at its beginning. */
  String head() throws IOException {
    text.mark(HEAD);
    char[] head = new char[BUFFER];
    int length = 0;
    while (length < HEAD) {
      if (length == head.length) {
        head = Arrays.copyOf(head, Math.min(HEAD, 2 * length));
      }
      int read = text.read(head, length, head.length - length);
      if (read < 0) {
        break;
      }
      length += read;
    }
    text.reset();
    return new String(head, 0, length);
  }

  @Override
  public long done() {
    return counting.done;
  }

  @Override
  public long total() {
    return total;
  }

  @Override
  public void close() throws IOException {
    text.close();
  }

  private static byte[] peek(InputStream stream, int count) throws IOException {
    stream.mark(count);
    byte[] head = stream.readNBytes(count);
    stream.reset();
    return head;
  }

  private static boolean starts(byte[] head, int... mark) {
    for (int i = 0; i < mark.length; i++) {
      if (i >= head.length || (head[i] & 0xff) != mark[i]) {
        return false;
      }
    }
    return true;
  }

  /**
   * Finds the separator: of comma, semicolon and tab the one that stands most often in the first
   * line, outside of quotes.
   *
   * @param head the text from its beginning
   * @param comment the sign that begins a line to pass over, 0 for none
   * @param decimalComma whether a comma is part of a number, and none of the separators
   * @return the separator; a comma, or else a semicolon, if there is none of them
   */
  static char separator(String head, char comment, boolean decimalComma) {
    int length = head.length();
    int start = 0;
    while (start < length
        && (isEnd(head.charAt(start)) || (comment != 0 && head.charAt(start) == comment))) {
      while (start < length && !isEnd(head.charAt(start))) {
        start++;
      }
      start++;
    }
    int tabs = 0;
    int semicolons = 0;
    int commas = 0;
    boolean quoted = false;
    for (int i = start; i < length && (quoted || !isEnd(head.charAt(i))); i++) {
      char c = head.charAt(i);
      quoted ^= c == '"';
      if (!quoted) {
        tabs += c == '\t' ? 1 : 0;
        semicolons += c == ';' ? 1 : 0;
        commas += c == ',' && !decimalComma ? 1 : 0;
      }
    }
    if (tabs > 0 && tabs >= semicolons && tabs >= commas) {
      return '\t';
    }
    return decimalComma || (semicolons > 0 && semicolons >= commas) ? ';' : ',';
  }

  private static boolean isEnd(char c) {
    return c == '\n' || c == '\r';
  }

  /** Counts the bytes read. */
  private static final class Counting extends FilterInputStream {
    private volatile long done;
    private boolean ended;

    Counting(InputStream stream) {
      super(stream);
    }

    private int count(int read) {
      ended |= read < 0;
      if (read > 0) {
        // One thread reads at a time.
        long before = done;
        done = before + read;
      }
      return read;
    }

    @Override
    public int read() throws IOException {
      int value = super.read();
      count(value < 0 ? -1 : 1);
      return value;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      return count(super.read(target, offset, length));
    }

    /** More than 0 before the end, where unpacking would else stop between two members. */
    @Override
    public int available() {
      return ended ? 0 : 1;
    }

    @Override
    public boolean markSupported() {
      return false;
    }
  }
}
