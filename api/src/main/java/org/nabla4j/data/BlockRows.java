package org.nabla4j.data;

import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/** A table that is given block by block. */
final class BlockRows implements Rows {

  private static final String DESCRIPTION = "the blocks";

  private final Fields fields;
  private final Supplier<? extends Iterator<? extends Object[]>> blocks;
  private final boolean rereadable;
  private boolean taken;

  BlockRows(
      List<Field> fields,
      Supplier<? extends Iterator<? extends Object[]>> blocks,
      boolean rereadable) {
    Objects.requireNonNull(fields, "fields");
    Objects.requireNonNull(blocks, "blocks");
    if (fields.isEmpty()) {
      throw new IllegalArgumentException("fields is empty, expected at least one");
    }
    this.fields = new Fields(DESCRIPTION, fields);
    this.blocks = blocks;
    this.rereadable = rereadable;
  }

  @Override
  public List<Field> fields() {
    return fields.list();
  }

  @Override
  public long count() {
    return -1;
  }

  @Override
  public boolean rereadable() {
    return rereadable;
  }

  @Override
  public RowReader read(List<String> numbers, List<String> categories) {
    fields.checkNumbers(numbers);
    Columns columns = new Columns(fields, numbers, categories);
    synchronized (this) {
      if (taken && !rereadable) {
        throw new IllegalStateException(
            DESCRIPTION + " were read before and can be read once only");
      }
      taken = true;
    }
    Iterator<? extends Object[]> iterator = Objects.requireNonNull(blocks.get(), "blocks.get()");
    return new ReadAheadReader(
        DESCRIPTION, columns, new BlocksFiller(DESCRIPTION, fields.list(), columns, iterator));
  }

  @Override
  public String description() {
    return DESCRIPTION;
  }
}
