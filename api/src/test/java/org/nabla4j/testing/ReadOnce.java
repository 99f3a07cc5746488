package org.nabla4j.testing;

import java.util.List;
import org.nabla4j.data.RowReader;
import org.nabla4j.data.Rows;

/** A table that is gone once it was read, and does not know how many rows it has. */
public final class ReadOnce implements Rows {

  private final Rows rows;
  private boolean read;

  /**
   * A stream.
   *
   * @param rows what it holds
   */
  public ReadOnce(Rows rows) {
    this.rows = rows;
  }

  @Override
  public List<Field> fields() {
    return rows.fields();
  }

  @Override
  public long count() {
    return -1;
  }

  @Override
  public boolean rereadable() {
    return false;
  }

  @Override
  public RowReader read(List<String> numbers, List<String> categories) {
    if (read) {
      throw new IllegalStateException("read before");
    }
    read = true;
    return rows.read(numbers, categories);
  }

  @Override
  public String description() {
    return "a stream";
  }
}
