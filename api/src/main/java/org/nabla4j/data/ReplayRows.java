package org.nabla4j.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Rows that can be read once, with a look at the first of them before: the blocks of a first reader
 * are kept and given again to the next one, which goes on where the first one ended.
 *
 * <p>As long as readers stay within the first {@value #KEPT} blocks, at most 64 MiB for up to 2048
 * columns, any number of them can follow each other, each from the first row. The reader that goes
 * on beyond is the last one. All readers ask for the same columns, and one is closed before the
 * next is opened.
 *
 * <p>Not safe for use by several threads; blocks are, as those of every reader. {@link #close()}
 * gives the source back where no reader has gone through all of it.
 */
public final class ReplayRows implements Rows, AutoCloseable {

  /** Blocks that are kept. */
  private static final int KEPT = 16;

  private final Rows rows;
  private final List<Kept> kept = new ArrayList<>();
  private RowReader source;
  private List<String> numbers;
  private List<String> categories;
  private boolean open;
  private boolean ended;
  private boolean gone;

  /**
   * A block with the levels that were known when it was read.
   *
   * @param block what is given again
   * @param levels for each category
   */
  private record Kept(RowBlock block, List<List<String>> levels) {}

  ReplayRows(Rows rows) {
    this.rows = Objects.requireNonNull(rows, "rows");
  }

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

  /**
   * Begins to read from the first row.
   *
   * @param numbers names of the columns to read as numbers, the same in every call
   * @param categories names of the columns to read as levels, the same in every call
   * @return a reader at the first row, to be closed by the caller
   * @throws IllegalArgumentException if there is no such column
   * @throws IllegalStateException if a reader is open, a reader has gone beyond the blocks that are
   *     kept, or other columns were asked for before; never where the rows are rereadable
   * @throws RowException if the source cannot be opened
   */
  @Override
  public RowReader read(List<String> numbers, List<String> categories) {
    Objects.requireNonNull(numbers, "numbers");
    Objects.requireNonNull(categories, "categories");
    if (rows.rereadable()) {
      return rows.read(numbers, categories);
    }
    if (gone) {
      throw new IllegalStateException(description() + " was read before and can be read once only");
    }
    if (open) {
      throw new IllegalStateException("a reader of " + description() + " is open, close it first");
    }
    if (source == null) {
      source = rows.read(numbers, categories);
      this.numbers = List.copyOf(numbers);
      this.categories = List.copyOf(categories);
    } else if (!numbers.equals(this.numbers) || !categories.equals(this.categories)) {
      throw new IllegalStateException(
          description()
              + " is read again with the columns "
              + numbers
              + " and "
              + categories
              + ", expected "
              + this.numbers
              + " and "
              + this.categories
              + " as before");
    }
    open = true;
    return new Replay();
  }

  /** Gives the source back. Readers must not be used any more. Closing twice has no effect. */
  @Override
  public void close() {
    gone = true;
    kept.clear();
    if (source != null) {
      source.close();
    }
  }

  /** Reads what is kept, then the source. */
  private final class Replay implements RowReader, ReadProgress {
    private int next;
    private boolean closed;

    @Override
    public RowBlock next() {
      if (closed) {
        throw new IllegalStateException("the reader of " + description() + " is closed");
      }
      if (next < kept.size()) {
        return kept.get(next++).block();
      }
      if (ended) {
        return null;
      }
      RowBlock block = source.next();
      if (block == null) {
        ended = true;
        return null;
      }
      if (gone || kept.size() == KEPT) {
        // Too far to be read again.
        gone = true;
        kept.clear();
        return block;
      }
      RowBlock last = new Unreleased(block);
      List<List<String>> levels = new ArrayList<>();
      for (int c = 0; c < categories.size(); c++) {
        levels.add(source.levels(c));
      }
      kept.add(new Kept(last, levels));
      next++;
      return last;
    }

    @Override
    public List<String> levels(int category) {
      Objects.checkIndex(category, categories.size());
      if (gone) {
        return source.levels(category);
      }
      return next == 0 ? List.of() : kept.get(next - 1).levels().get(category);
    }

    @Override
    public long done() {
      return source instanceof ReadProgress progress ? progress.done() : 0;
    }

    @Override
    public long total() {
      return source instanceof ReadProgress progress ? progress.total() : -1;
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        open = false;
        if (gone) {
          source.close();
        }
      }
    }
  }

  /** A block that stays as it is after it was released. */
  private static final class Unreleased implements RowBlock {
    private final RowBlock block;

    Unreleased(RowBlock block) {
      this.block = block;
    }

    @Override
    public long firstRow() {
      return block.firstRow();
    }

    @Override
    public int rows() {
      return block.rows();
    }

    @Override
    public void read(int number, int from, int count, double[] target, int offset) {
      block.read(number, from, count, target, offset);
    }

    @Override
    public double[] arrayOrNull(int number) {
      return block.arrayOrNull(number);
    }

    @Override
    public int base(int number) {
      return block.base(number);
    }

    @Override
    public void readCodes(int category, int from, int count, int[] target, int offset) {
      block.readCodes(category, from, count, target, offset);
    }

    @Override
    public String place(int row) {
      return block.place(row);
    }
  }
}
