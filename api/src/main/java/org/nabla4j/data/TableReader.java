package org.nabla4j.data;

import java.util.List;

/** Cuts columns that can be read at any place into blocks; nothing but codes is copied. */
final class TableReader implements RowReader {

  private final String description;
  private final long count;
  private final NumberColumn[] numbers;

  /** For each category its text, or null where it is made of numbers. */
  private final TextColumn[] texts;

  private final NumberColumn[] coded;
  private final Levels[] levels;

  /** Where the numbers lie row after row, or null. */
  private final RowMatrix matrix;

  private final int blockRows;
  private long next;
  private boolean closed;

  /**
   * A reader at the first row.
   *
   * @param description how messages call the source
   * @param count rows of every column
   * @param numbers the columns to read as numbers
   * @param texts for each category its text, or null
   * @param coded for each category without text its numbers
   * @param matrix of the columns to read as numbers where they lie row after row, or null
   */
  TableReader(
      String description,
      long count,
      NumberColumn[] numbers,
      TextColumn[] texts,
      NumberColumn[] coded,
      RowMatrix matrix) {
    this.matrix = matrix;
    this.description = description;
    this.count = count;
    this.numbers = numbers;
    this.texts = texts;
    this.coded = coded;
    levels = new Levels[texts.length];
    for (int c = 0; c < levels.length; c++) {
      levels[c] = new Levels();
    }
    blockRows = RowReader.blockRows(numbers.length + texts.length);
  }

  @Override
  public RowBlock next() {
    if (closed) {
      throw new IllegalStateException("the reader of " + description + " is closed");
    }
    if (next >= count) {
      return null;
    }
    int rows = (int) Math.min(blockRows, count - next);
    int[][] codes = new int[texts.length][];
    for (int c = 0; c < texts.length; c++) {
      if (texts[c] == null) {
        codes[c] = new int[rows];
        coded[c].codes(next, rows, levels[c], codes[c]);
      }
    }
    RowBlock block = new TableBlock(next, rows, numbers, texts, codes, matrix);
    next += rows;
    return block;
  }

  @Override
  public List<String> levels(int category) {
    return texts[category] == null
        ? levels[category].first(levels[category].size())
        : texts[category].levels(next);
  }

  @Override
  public void close() {
    closed = true;
  }
}
