package org.nabla4j.cli;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** The text of a file, whatever its packing and byte order mark. */
final class CsvSource {

  /** How far the separator is looked for. */
  private static final int HEAD = 1 << 16;

  private CsvSource() {}

  /**
   * Opens a file.
   *
   * @param name its path, or {@code -} for standard input
   * @param progress is told how many bytes have been read
   * @return its text
   */
  static BufferedReader open(String name, ProgressBar progress) {
    try {
      if (name.equals("-")) {
        return text(System.in);
      }
      if (name.isBlank()) {
        throw new InputException("--data is empty, expected a file, or - for standard input");
      }
      Path path = Path.of(name);
      if (Files.isDirectory(path)) {
        throw new InputException("--data " + name + " is a directory, expected a file");
      }
      InputStream stream = Files.newInputStream(path);
      try {
        return text(new Counting(stream, Files.size(path), progress));
      } catch (IOException e) {
        stream.close();
        throw e;
      }
    } catch (IOException e) {
      throw new InputException("cannot read " + name + ": " + OutputFile.reason(e));
    }
  }

  /** Unpacks gzip and leaves out a byte order mark; text without a mark is UTF-8. */
  static BufferedReader text(InputStream stream) throws IOException {
    InputStream plain = new BufferedInputStream(stream, 1 << 16);
    byte[] head = peek(plain, 2);
    if (head.length == 2 && (head[0] & 0xff) == 0x1f && (head[1] & 0xff) == 0x8b) {
      plain = new BufferedInputStream(new GZIPInputStream(plain, 1 << 16), 1 << 16);
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
    return new BufferedReader(new InputStreamReader(plain, charset), HEAD);
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
   * @param text the file from its beginning; left there
   * @param comment the sign that begins a line to pass over, 0 for none
   * @param decimalComma whether a comma is part of a number, and none of the separators
   * @return the separator; a comma, or else a semicolon, if there is none of them
   */
  static char separator(BufferedReader text, char comment, boolean decimalComma)
      throws IOException {
    text.mark(HEAD);
    char[] head = new char[HEAD];
    int length = 0;
    while (length < HEAD) {
      int read = text.read(head, length, HEAD - length);
      if (read < 0) {
        break;
      }
      length += read;
    }
    text.reset();
    int start = 0;
    while (start < length && (isEnd(head[start]) || (comment != 0 && head[start] == comment))) {
      while (start < length && !isEnd(head[start])) {
        start++;
      }
      start++;
    }
    int tabs = 0;
    int semicolons = 0;
    int commas = 0;
    boolean quoted = false;
    for (int i = start; i < length && (quoted || !isEnd(head[i])); i++) {
      char c = head[i];
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
    private final long total;
    private final ProgressBar progress;
    private long done;

    Counting(InputStream stream, long total, ProgressBar progress) {
      super(stream);
      this.total = total;
      this.progress = progress;
    }

    @Override
    public int read() throws IOException {
      int value = super.read();
      done += value < 0 ? 0 : 1;
      return value;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int count = super.read(target, offset, length);
      done += Math.max(0, count);
      progress.progress(done, total);
      return count;
    }

    @Override
    public boolean markSupported() {
      return false;
    }
  }
}
