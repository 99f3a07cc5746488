package org.nabla4j.data;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** A matrix in a file of NumPy's format, mapped into memory while it is read. */
final class NpyRows implements Rows {

  private final Path file;
  private final NpyHeader header;
  private final Fields fields;

  NpyRows(Path file, String... names) {
    this.file = Objects.requireNonNull(file, "file");
    Objects.requireNonNull(names, "names");
    try (FileChannel channel = FileChannel.open(file)) {
      header = NpyHeader.read(description(), channel);
    } catch (IOException e) {
      throw RowException.unreadable(description(), e);
    }
    fields = new Fields(description(), Fields.numbers(description(), header.width(), names));
  }

  @Override
  public List<Field> fields() {
    return fields.list();
  }

  @Override
  public long count() {
    return header.rows();
  }

  @Override
  public boolean rereadable() {
    return true;
  }

  @Override
  public RowReader read(List<String> numbers, List<String> categories) {
    int[] read = fields.indices(numbers);
    int[] coded = fields.indices(categories);
    try (FileChannel channel = FileChannel.open(file)) {
      if (!NpyHeader.read(description(), channel).equals(header)) {
        throw new RowException(description() + " has changed since it was opened");
      }
      // Mappings stay when the channel is closed.
      NpyNumbers mapped = new NpyNumbers(description(), header, channel);
      return new TableReader(
          description(),
          header.rows(),
          columns(mapped, read),
          new TextColumn[coded.length],
          columns(mapped, coded),
          mapped.rowsOrNull(read));
    } catch (IOException e) {
      throw RowException.unreadable(description(), e);
    }
  }

  private static NumberColumn[] columns(NpyNumbers mapped, int[] indices) {
    NumberColumn[] columns = new NumberColumn[indices.length];
    for (int k = 0; k < columns.length; k++) {
      columns[k] = mapped.column(indices[k]);
    }
    return columns;
  }

  @Override
  public String description() {
    return file.toString();
  }
}
