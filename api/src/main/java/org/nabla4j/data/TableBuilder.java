package org.nabla4j.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Puts a table in memory together, column by column, see {@link Tables#builder()}. Numbers are not
 * copied: the arrays must not change while the table is in use. Text is made into codes once, here.
 * Not safe for use by several threads.
 */
public final class TableBuilder {

  private final List<Rows.Field> fields = new ArrayList<>();
  private final List<Object> columns = new ArrayList<>();
  private long rows = -1;

  TableBuilder() {}

  /**
   * Adds a column of numbers.
   *
   * @param name how formulas call it
   * @param values one for each row, NaN where it is missing; not copied, not modified
   * @return this
   * @throws IllegalArgumentException if the name is empty or the length is not that of the columns
   *     before
   */
  public TableBuilder numbers(String name, double... values) {
    Objects.requireNonNull(values, "values");
    return add(name, new ColumnNumbers(Column.shared(values), 0), values.length);
  }

  /**
   * Adds a column of numbers in single precision.
   *
   * @param name how formulas call it
   * @param values one for each row, NaN where it is missing; not copied, not modified
   * @return this
   * @throws IllegalArgumentException if the name is empty or the length is not that of the columns
   *     before
   */
  public TableBuilder numbers(String name, float[] values) {
    Objects.requireNonNull(values, "values");
    return add(name, new ColumnNumbers(Column.shared(values), 0), values.length);
  }

  /**
   * Adds a column of whole numbers.
   *
   * @param name how formulas call it
   * @param values one for each row; not copied, not modified
   * @return this
   * @throws IllegalArgumentException if the name is empty or the length is not that of the columns
   *     before
   */
  public TableBuilder numbers(String name, int[] values) {
    Objects.requireNonNull(values, "values");
    return add(name, ArrayNumbers.of(values), values.length);
  }

  /**
   * Adds a column of whole numbers. As numbers they are rounded to double; as levels of a category
   * they are exact.
   *
   * @param name how formulas call it
   * @param values one for each row; not copied, not modified
   * @return this
   * @throws IllegalArgumentException if the name is empty or the length is not that of the columns
   *     before
   */
  public TableBuilder numbers(String name, long[] values) {
    Objects.requireNonNull(values, "values");
    return add(name, ArrayNumbers.of(values), values.length);
  }

  /**
   * Adds a column of numbers in an ND4J array of any order, stride and numeric type, read where it
   * lies.
   *
   * @param name how formulas call it
   * @param values a vector: {@code [n]}, {@code [1, n]} or {@code [n, 1]}; not copied, not
   *     modified; it must stay open while the table is in use
   * @return this
   * @throws IllegalArgumentException if the name is empty, the array is no vector of numbers, or
   *     its length is not that of the columns before
   */
  public TableBuilder numbers(String name, INDArray values) {
    Objects.requireNonNull(values, "values");
    long length = values.length();
    long[] shape = values.shape();
    int longAxis = shape.length == 2 && shape[0] == 1 ? 1 : 0;
    if (shape.length == 0 || shape.length > 2 || (length > 0 && shape[longAxis] != length)) {
      throw new IllegalArgumentException(
          "values of column '"
              + name
              + "' has shape "
              + Arrays.toString(shape)
              + ", expected a vector");
    }
    NumberColumn column;
    if (length == 0) {
      column = new ColumnNumbers(Column.shared(new double[0]), 0);
    } else if (Tables.isReal(values)) {
      column = new ColumnNumbers(Column.of(values), 0);
    } else {
      INDArray host = Tables.onHost(values);
      column = ArrayNumbers.strided(host, length, host.offset(), host.stride()[longAxis]);
    }
    return add(name, column, length);
  }

  /**
   * Adds a column of text.
   *
   * @param name how formulas call it
   * @param values one for each row, null where it is missing; read here
   * @return this
   * @throws IllegalArgumentException if the name is empty or the length is not that of the columns
   *     before
   */
  public TableBuilder texts(String name, String... values) {
    return texts(name, Arrays.asList(Objects.requireNonNull(values, "values")));
  }

  /**
   * Adds a column of text.
   *
   * @param name how formulas call it
   * @param values one for each row, null where it is missing; read here
   * @return this
   * @throws IllegalArgumentException if the name is empty or the length is not that of the columns
   *     before
   */
  public TableBuilder texts(String name, List<String> values) {
    Objects.requireNonNull(values, "values");
    return add(name, new TextColumn(values), values.size());
  }

  private TableBuilder add(String name, Object column, long length) {
    if (Objects.requireNonNull(name, "name").isEmpty()) {
      throw new IllegalArgumentException("name is empty, expected a column's name");
    }
    if (rows >= 0 && length != rows) {
      throw new IllegalArgumentException(
          "column '"
              + name
              + "' has "
              + length
              + " rows, expected "
              + rows
              + " as in '"
              + fields.get(0).name()
              + "'");
    }
    rows = length;
    fields.add(
        new Rows.Field(name, column instanceof TextColumn ? Rows.Kind.TEXT : Rows.Kind.NUMBER));
    columns.add(column);
    return this;
  }

  /**
   * The table of the columns so far.
   *
   * @return rows that can be read any number of times
   * @throws IllegalArgumentException if there is no column or two have the same name
   */
  public Rows build() {
    if (rows < 0) {
      throw new IllegalArgumentException("a table without columns, expected at least one");
    }
    return new TableRows("the table", fields, rows, columns.toArray());
  }
}
