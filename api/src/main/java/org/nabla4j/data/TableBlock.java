package org.nabla4j.data;

import java.util.Objects;

/** A run of rows of columns that can be read at any place. */
final class TableBlock implements RowBlock {

  private final long firstRow;
  private final int rows;
  private final NumberColumn[] numbers;
  private final TextColumn[] texts;

  /** Codes of those categories that are no text, null for the others. */
  private final int[][] codes;

  /** Where the numbers lie row after row, or null. */
  private final RowMatrix matrix;

  TableBlock(
      long firstRow,
      int rows,
      NumberColumn[] numbers,
      TextColumn[] texts,
      int[][] codes,
      RowMatrix matrix) {
    this.firstRow = firstRow;
    this.rows = rows;
    this.numbers = numbers;
    this.texts = texts;
    this.codes = codes;
    this.matrix = matrix;
  }

  @Override
  public long firstRow() {
    return firstRow;
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public void read(int number, int from, int count, double[] target, int offset) {
    Objects.checkFromIndexSize(from, count, rows);
    Objects.checkFromIndexSize(offset, count, target.length);
    numbers[number].copy(firstRow + from, count, target, offset);
  }

  @Override
  public void readAll(int from, int count, double[] target, int[] offsets) {
    Objects.requireNonNull(target, "target");
    Objects.requireNonNull(offsets, "offsets");
    if (matrix == null) {
      RowBlock.super.readAll(from, count, target, offsets);
      return;
    }
    Objects.checkFromIndexSize(from, count, rows);
    for (int offset : offsets) {
      if (offset >= 0) {
        Objects.checkFromIndexSize(offset, count, target.length);
      }
    }
    matrix.copyRows(firstRow + from, count, target, offsets);
  }

  @Override
  public double[] arrayOrNull(int number) {
    return numbers[number].arrayOrNull();
  }

  @Override
  public int base(int number) {
    return numbers[number].arrayOrNull() == null ? 0 : numbers[number].base() + (int) firstRow;
  }

  @Override
  public void readCodes(int category, int from, int count, int[] target, int offset) {
    Objects.checkFromIndexSize(from, count, rows);
    Objects.checkFromIndexSize(offset, count, target.length);
    if (codes[category] != null) {
      System.arraycopy(codes[category], from, target, offset, count);
    } else {
      texts[category].copy(firstRow + from, count, target, offset);
    }
  }
}
