package org.nabla4j.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Where the text of a table comes from. */
sealed interface CsvInput {

  /** How messages call it. */
  String name();

  /** Whether it can be opened more than once. */
  boolean rereadable();

  /** The beginning of the text. */
  CsvHead head(CsvFormat format) throws IOException;

  /** The text from its beginning. */
  CsvSource open() throws IOException;

  /** A file, opened anew each time. */
  record OfFile(Path file) implements CsvInput {
    public OfFile {
      Objects.requireNonNull(file, "file");
    }

    @Override
    public String name() {
      return file.toString();
    }

    @Override
    public boolean rereadable() {
      return true;
    }

    @Override
    public CsvHead head(CsvFormat format) throws IOException {
      try (CsvSource source = open()) {
        return CsvHead.of(name(), source.head(), format);
      }
    }

    @Override
    public CsvSource open() throws IOException {
      if (Files.isDirectory(file)) {
        throw new IOException("it is a directory");
      }
      if (Files.exists(file) && !Files.isRegularFile(file)) {
        // Each time it is opened it would go on where it stands.
        throw new IOException("it is no regular file; read it as a stream");
      }
      InputStream stream = Files.newInputStream(file);
      try {
        return new CsvSource(stream, Files.size(file));
      } catch (IOException e) {
        stream.close();
        throw e;
      }
    }
  }

  /** A stream that is gone once it was read. */
  final class OfStream implements CsvInput {
    private final InputStream stream;
    private final String name;
    private CsvSource source;
    private boolean taken;

    OfStream(InputStream stream, String name) {
      this.stream = Objects.requireNonNull(stream, "stream");
      this.name = Objects.requireNonNull(name, "name");
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public boolean rereadable() {
      return false;
    }

    private CsvSource source() throws IOException {
      if (source == null) {
        source = new CsvSource(stream, -1);
      }
      return source;
    }

    @Override
    public synchronized CsvHead head(CsvFormat format) throws IOException {
      checkNotTaken();
      return CsvHead.of(name, source().head(), format);
    }

    @Override
    public synchronized CsvSource open() throws IOException {
      checkNotTaken();
      CsvSource text = source();
      taken = true;
      return text;
    }

    private void checkNotTaken() {
      if (taken) {
        throw new IllegalStateException(name + " was read before and can be read once only");
      }
    }
  }
}
