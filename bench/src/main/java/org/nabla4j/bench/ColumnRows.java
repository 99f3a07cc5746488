package org.nabla4j.bench;

import java.util.List;
import org.nabla4j.data.RowBlock;
import org.nabla4j.data.RowReader;
import org.nabla4j.data.Rows;

/**
 * Columns of numbers in memory, without anything else: what is measured over them is not the
 * reading.
 *
 * @param names of the columns
 * @param columns their numbers, all of the same length
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ColumnRows(List<String> names, double[][] columns) implements Rows {

  @Override
  public List<Field> fields() {
    return names.stream().map(name -> new Field(name, Kind.NUMBER)).toList();
  }

  @Override
  public long count() {
    return columns[0].length;
  }

  @Override
  public boolean rereadable() {
    return true;
  }

  @Override
  public String description() {
    return "columns in memory";
  }

  @Override
  public RowReader read(List<String> numbers, List<String> categories) {
    double[][] asked =
        numbers.stream().map(name -> columns[names.indexOf(name)]).toArray(double[][]::new);
    return new Reader(asked, RowReader.blockRows(numbers.size()));
  }

  private static final class Reader implements RowReader {
    private final double[][] columns;
    private final int size;
    private int next;

    Reader(double[][] columns, int size) {
      this.columns = columns;
      this.size = size;
    }

    @Override
    public RowBlock next() {
      int first = next;
      int count = Math.min(size, columns[0].length - first);
      next += count;
      return count == 0 ? null : new Block(columns, first, count);
    }

    @Override
    public List<String> levels(int category) {
      throw new IndexOutOfBoundsException(category);
    }

    @Override
    public void close() {}
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Block(double[][] columns, int first, int rows) implements RowBlock {

    @Override
    public long firstRow() {
      return first;
    }

    @Override
    public void read(int number, int from, int count, double[] target, int offset) {
      System.arraycopy(columns[number], first + from, target, offset, count);
    }

    @Override
    public double[] arrayOrNull(int number) {
      return columns[number];
    }

    @Override
    public int base(int number) {
      return first;
    }

    @Override
    public void readCodes(int category, int from, int count, int[] target, int offset) {
      throw new IndexOutOfBoundsException(category);
    }
  }
}
