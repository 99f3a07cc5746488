package org.nabla4j.data;

import java.util.Objects;

/** Rows that were read into arrays of their own, which are used again once they are released. */
final class DataBlock implements RowBlock {

  private final Columns columns;

  /** Values of each distinct column of numbers. */
  final double[][] numbers;

  /** Codes of each distinct category. */
  final int[][] codes;

  /** The line on which each row begins, or null where there are no lines. */
  final long[] lines;

  /** For each category how many levels were known when the block was full. */
  final int[] levelCounts;

  /** Takes the block back. */
  private final ReadAheadReader owner;

  long firstRow;
  int rows;
  boolean released;

  DataBlock(Columns columns, int capacity, boolean hasLines, ReadAheadReader owner) {
    this.columns = columns;
    this.owner = owner;
    numbers = new double[columns.numberCount()][capacity];
    codes = new int[columns.categoryCount()][capacity];
    lines = hasLines ? new long[capacity] : null;
    levelCounts = new int[columns.categoryCount()];
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
    System.arraycopy(numbers[columns.number(number)], from, target, offset, count);
  }

  @Override
  public double[] arrayOrNull(int number) {
    return numbers[columns.number(number)];
  }

  @Override
  public void readCodes(int category, int from, int count, int[] target, int offset) {
    Objects.checkFromIndexSize(from, count, rows);
    System.arraycopy(codes[columns.category(category)], from, target, offset, count);
  }

  @Override
  public String place(int row) {
    Objects.checkIndex(row, rows);
    return lines == null ? RowBlock.super.place(row) : "line " + lines[row];
  }

  @Override
  public void release() {
    owner.release(this);
  }
}
