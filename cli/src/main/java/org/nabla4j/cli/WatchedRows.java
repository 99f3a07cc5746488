package org.nabla4j.cli;

import java.util.List;
import org.nabla4j.data.ReadProgress;
import org.nabla4j.data.RowBlock;
import org.nabla4j.data.RowReader;
import org.nabla4j.data.Rows;

/**
 * A table whose reading is shown by a bar, each pass from its beginning.
 *
 * @param rows the table
 * @param bar is told how far reading is
 */
record WatchedRows(Rows rows, ProgressBar bar) implements Rows {

  @Override
  public List<Field> fields() {
    return rows.fields();
  }

  @Override
  public long count() {
    return rows.count();
  }

  @Override
  public boolean rereadable() {
    return rows.rereadable();
  }

  @Override
  public String description() {
    return rows.description();
  }

  @Override
  public RowReader read(List<String> numbers, List<String> categories) {
    return new Watched(rows.read(numbers, categories), rows.count(), bar);
  }

  private record Watched(RowReader reader, long count, ProgressBar bar) implements RowReader {

    @Override
    public RowBlock next() {
      RowBlock block = reader.next();
      if (reader instanceof ReadProgress read) {
        bar.progress(read.done(), read.total());
      } else if (block != null) {
        bar.progress(block.firstRow(), count);
      }
      return block;
    }

    @Override
    public List<String> levels(int category) {
      return reader.levels(category);
    }

    @Override
    public void close() {
      reader.close();
    }
  }
}
