package org.nabla4j.data;

import java.io.InputStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.concurrency.AffinityManager;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Makes {@link Rows} of arrays, files and queries.
 *
 * <p>The same rows give the same blocks, bit for bit, wherever they come from. Numbers are double;
 * NaN is a missing number. A column of numbers can be read as a category: its levels are the
 * numbers' shortest decimal texts, whole numbers without a point.
 */
public final class Tables {

  private Tables() {}

  /**
   * Begins a table in memory.
   *
   * @return a builder without columns
   */
  public static TableBuilder builder() {
    return new TableBuilder();
  }

  /**
   * A table of columns of numbers in memory.
   *
   * @param columns the columns by name, of one length, in the order of the map; not copied, not
   *     modified, and they must not change while the table is in use
   * @return rows that can be read any number of times
   * @throws IllegalArgumentException if there is no column, a name is empty or lengths differ
   */
  public static Rows columns(Map<String, double[]> columns) {
    TableBuilder builder = builder();
    Objects.requireNonNull(columns, "columns").forEach(builder::numbers);
    return builder.build();
  }

  /**
   * A table of the columns of a matrix.
   *
   * @param values an array {@code [n, k]} of any order, stride and numeric type, or a vector {@code
   *     [n]} for one column; not copied, not modified; it must stay open while the table is in use
   * @param names k names; none for x1, x2 to xk
   * @return rows that can be read any number of times
   * @throws IllegalArgumentException if the array is no matrix of numbers with a column, or the
   *     names are not as many as its columns, empty or not different
   */
  public static Rows matrix(INDArray values, String... names) {
    Objects.requireNonNull(values, "values");
    Objects.requireNonNull(names, "names");
    long[] shape = values.shape();
    if (shape.length == 0
        || shape.length > 2
        || (shape.length == 2 && (shape[1] == 0 || shape[1] > Integer.MAX_VALUE - 8))) {
      throw new IllegalArgumentException(
          "values has shape " + Arrays.toString(shape) + ", expected [n, k] with k > 0");
    }
    int width = shape.length == 1 ? 1 : (int) shape[1];
    NumberColumn[] columns = new NumberColumn[width];
    if (shape[0] == 0) {
      Arrays.fill(columns, new ColumnNumbers(Column.shared(new double[0]), 0));
    } else if (shape.length == 1) {
      String name = Fields.numbers("the vector", 1, names).get(0).name();
      return builder().numbers(name, values).build();
    } else if (isReal(values)) {
      Column transposed = Column.perProblem(values.transpose());
      Arrays.setAll(columns, j -> new ColumnNumbers(transposed, j));
    } else {
      INDArray host = onHost(values);
      Arrays.setAll(
          columns,
          j ->
              ArrayNumbers.strided(
                  host, shape[0], host.offset() + j * host.stride()[1], host.stride()[0]));
    }
    return matrix(shape[0], columns, names);
  }

  /**
   * A table of the rows of a matrix.
   *
   * @param rows n arrays of k numbers; not copied, not modified, and they must not change while the
   *     table is in use
   * @param names k names; none for x1, x2 to xk
   * @return rows that can be read any number of times
   * @throws IllegalArgumentException if there is no column, rows differ in length, or the names are
   *     not as many as the columns, empty or not different
   */
  public static Rows matrix(double[][] rows, String... names) {
    Objects.requireNonNull(rows, "rows");
    Objects.requireNonNull(names, "names");
    int width = rows.length == 0 ? names.length : rows[0].length;
    for (int i = 0; i < rows.length; i++) {
      checkWidth(i, rows[i].length, width);
    }
    NumberColumn[] columns = new NumberColumn[width];
    Arrays.setAll(columns, j -> ArrayNumbers.column(rows, j));
    return matrix(rows.length, columns, names);
  }

  /**
   * A table of the rows of a matrix in single precision.
   *
   * @param rows n arrays of k numbers; not copied, not modified, and they must not change while the
   *     table is in use
   * @param names k names; none for x1, x2 to xk
   * @return rows that can be read any number of times
   * @throws IllegalArgumentException if there is no column, rows differ in length, or the names are
   *     not as many as the columns, empty or not different
   */
  public static Rows matrix(float[][] rows, String... names) {
    Objects.requireNonNull(rows, "rows");
    Objects.requireNonNull(names, "names");
    int width = rows.length == 0 ? names.length : rows[0].length;
    for (int i = 0; i < rows.length; i++) {
      checkWidth(i, rows[i].length, width);
    }
    NumberColumn[] columns = new NumberColumn[width];
    Arrays.setAll(columns, j -> ArrayNumbers.column(rows, j));
    return matrix(rows.length, columns, names);
  }

  /**
   * A table of the rows of a matrix that lie one after the other.
   *
   * @param rowMajor n·k numbers; not copied, not modified, and they must not change while the table
   *     is in use
   * @param width k, the columns
   * @param names k names; none for x1, x2 to xk
   * @return rows that can be read any number of times
   * @throws IllegalArgumentException if {@code width} is not positive or does not divide the
   *     length, or the names are not as many as the columns, empty or not different
   */
  public static Rows matrix(double[] rowMajor, int width, String... names) {
    Objects.requireNonNull(rowMajor, "rowMajor");
    Objects.requireNonNull(names, "names");
    if (width <= 0 || rowMajor.length % width != 0) {
      throw new IllegalArgumentException(
          "width = " + width + ", expected > 0 and a divisor of the length " + rowMajor.length);
    }
    NumberColumn[] columns = new NumberColumn[width];
    Arrays.setAll(columns, j -> ArrayNumbers.column(rowMajor, width, j));
    return matrix(rowMajor.length / width, columns, names);
  }

  /**
   * A table in a file of NumPy's format {@code .npy}, versions 1 to 3: a matrix {@code [n, k]} in
   * either order or a vector {@code [n]}, of floating-point numbers of 4 or 8 bytes, integers of 1
   * to 8 bytes with or without sign, or truth values, of either byte order.
   *
   * <p>The file is mapped into memory in windows of at most 1 GiB, so that it may be of any size
   * and takes no heap. It must not change while it is read; mappings go when the garbage collector
   * finds that their reader is not in use any more.
   *
   * @param file the file; its header is read here
   * @param names k names; none for x1, x2 to xk
   * @return rows that can be read any number of times
   * @throws RowException if the file cannot be read, is malformed or truncated, or holds another
   *     type or number of axes
   * @throws IllegalArgumentException if the names are not as many as the columns, empty or not
   *     different
   */
  public static Rows npy(Path file, String... names) {
    return new NpyRows(file, names);
  }

  /**
   * A table in a file of lines with fields between separators, see {@link CsvRows}.
   *
   * @param file the file, plain or packed by gzip; not opened here
   * @return rows that can be read any number of times, with options
   */
  public static CsvRows csv(Path file) {
    return new CsvRows(new CsvInput.OfFile(file), CsvFormat.DEFAULT);
  }

  /**
   * A table in a stream of lines with fields between separators, see {@link CsvRows}.
   *
   * @param stream plain or packed by gzip; not read here, and closed by the reader of the rows
   * @param name how messages call it
   * @return rows that can be read once, with options
   */
  public static CsvRows csv(InputStream stream, String name) {
    return new CsvRows(new CsvInput.OfStream(stream, name), CsvFormat.DEFAULT);
  }

  /**
   * The rows that a query gives. Each reader takes a connection, runs the query in a transaction of
   * its own, reads the results on a thread of its own in portions and closes the connection.
   *
   * <p>Numbers of any type become the nearest double, truth values 0 and 1, everything else text as
   * the driver writes it; NULL is missing. Columns are called as the query labels them. If the
   * query does not order its rows the order may differ from reader to reader, and with it the last
   * digits of sums.
   *
   * <p>Of any table of a product whose driver takes the fetch size into account only some portions
   * are in memory. DuckDB's does so if the connection has the property {@code jdbc_stream_results}.
   * DuckDB also reads files of other formats, so that Parquet is read by {@code select * from
   * 'file.parquet'}.
   *
   * @param source gives connections
   * @param sql the query
   * @return rows that can be read any number of times; {@link RowException} is thrown where there
   *     is no connection or the query fails
   */
  public static Rows jdbc(DataSource source, String sql) {
    return new JdbcRows(Objects.requireNonNull(source, "source")::getConnection, sql);
  }

  /**
   * The rows that a query gives, as {@link #jdbc(DataSource, String)} reads them.
   *
   * @param connections gives a connection of its own to each reader, which closes it
   * @param sql the query
   * @return rows that can be read any number of times; {@link RowException} is thrown where there
   *     is no connection or the query fails
   */
  public static Rows jdbc(Callable<Connection> connections, String sql) {
    return new JdbcRows(connections, sql);
  }

  /**
   * A table that is given block by block.
   *
   * <p>The blocks are taken on a thread of the reader's own, which is a few blocks ahead of its
   * caller, and copied, so that an iterator may use its arrays again. An iterator that is {@link
   * AutoCloseable} is closed by its reader.
   *
   * @param fields the columns
   * @param blocks gives an iterator from the first block on for each reader; a block has an array
   *     for each field, all of one length, which need not be that of other blocks: {@code
   *     double[]}, {@code float[]}, {@code int[]} or {@code long[]} for numbers, {@code String[]}
   *     with null for what is missing for text. A {@code double[][]} is such a block.
   * @return rows that can be read any number of times; {@link RowException} is thrown where a block
   *     does not have those columns or the iterator fails
   * @throws IllegalArgumentException if there is no field, or names are empty or not different
   */
  public static Rows blocks(
      List<Rows.Field> fields, Supplier<? extends Iterator<? extends Object[]>> blocks) {
    return new BlockRows(fields, blocks, true);
  }

  /**
   * A table that is given block by block and is gone once it was read.
   *
   * @param fields the columns
   * @param blocks as {@link #blocks(List, Supplier)} has it
   * @return rows that can be read once, see {@link #withReplay(Rows)}
   * @throws IllegalArgumentException if there is no field, or names are empty or not different
   */
  public static Rows blocks(List<Rows.Field> fields, Iterator<? extends Object[]> blocks) {
    Objects.requireNonNull(fields, "fields");
    Objects.requireNonNull(blocks, "blocks");
    return new BlockRows(fields, () -> blocks, false);
  }

  /**
   * Lets rows that can be read once be looked at before, see {@link ReplayRows}. Rows that are
   * rereadable are read as they are.
   *
   * @param rows any rows
   * @return the same rows, with the first blocks kept for the next reader
   */
  public static ReplayRows withReplay(Rows rows) {
    return new ReplayRows(rows);
  }

  private static void checkWidth(int row, int length, int width) {
    if (length != width) {
      throw new IllegalArgumentException(
          "rows[" + row + "] has length " + length + ", expected " + width + " as in rows[0]");
    }
  }

  private static Rows matrix(long count, NumberColumn[] columns, String... names) {
    if (columns.length == 0) {
      throw new IllegalArgumentException("a matrix without columns, expected at least one");
    }
    List<Rows.Field> fields = Fields.numbers("the matrix", columns.length, names);
    return new TableRows("the matrix", fields, count, columns);
  }

  /** Whether {@link Column} reads the array where it lies. */
  static boolean isReal(INDArray values) {
    return values.dataType() == DataType.DOUBLE || values.dataType() == DataType.FLOAT;
  }

  /** An array of numbers or truth values whose newest values are in the host's memory. */
  static INDArray onHost(INDArray values) {
    DataType type = values.dataType();
    if (!type.isNumerical() && type != DataType.BOOL) {
      throw new IllegalArgumentException(
          "values has data type " + type + ", expected a numeric one");
    }
    Nd4j.getAffinityManager().ensureLocation(values, AffinityManager.Location.HOST);
    return values;
  }
}
