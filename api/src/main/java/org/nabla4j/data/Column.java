package org.nabla4j.data;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The values of one data column over a batch of B problems with n points each.
 *
 * <p>A column is either <em>shared</em>, with shape {@code [n]} and the same values for every
 * problem, or it holds one row per problem, with shape {@code [B, n]}. It is a view: the arrays
 * that it was made from are not copied (unless said otherwise) and must not change while it is in
 * use. Reading never modifies anything and any number of threads may read at once.
 *
 * <p>{@link #read(long, long, int, double[], int)} copies a run of points in bulk and works for
 * every column. Columns that lie in one Java array per problem also hand out that array, see {@link
 * #arrayOrNull(long)}.
 */
public abstract sealed class Column
    permits DoubleColumn,
        FloatColumn,
        NdArrayColumn,
        PointConcatenation,
        PointSlice,
        ProblemConcatenation,
        RowColumn,
        StackedColumn {

  private final boolean shared;
  private final long problems;
  private final long points;
  private final boolean isFloat;

  Column(boolean shared, long problems, long points, boolean isFloat) {
    this.shared = shared;
    this.problems = problems;
    this.points = points;
    this.isFloat = isFloat;
  }

  /**
   * A shared column {@code [n]} over an array, which is not copied.
   *
   * @param values n values, not modified
   * @return the column
   */
  public static Column shared(double... values) {
    return new DoubleColumn(values);
  }

  /**
   * A shared column {@code [n]} over a single-precision array, which is not copied.
   *
   * @param values n values, not modified
   * @return the column
   */
  public static Column shared(float[] values) {
    return new FloatColumn(values);
  }

  /**
   * A column {@code [B, n]} with one array per problem; the arrays are not copied.
   *
   * @param values B rows of the same length n, not modified
   * @return the column
   * @throws IllegalArgumentException if there is no row or the rows differ in length
   */
  public static Column perProblem(double[][] values) {
    return new DoubleColumn(values);
  }

  /**
   * A column {@code [B, n]} with one single-precision array per problem; the arrays are not copied.
   *
   * @param values B rows of the same length n, not modified
   * @return the column
   * @throws IllegalArgumentException if there is no row or the rows differ in length
   */
  public static Column perProblem(float[][] values) {
    return new FloatColumn(values);
  }

  /**
   * A column {@code [B, n]} over one array that holds problem after problem; it is not copied.
   *
   * @param values B·n values in row-major order, not modified
   * @param points n, the points of each problem
   * @return the column
   * @throws IllegalArgumentException if {@code points} is not positive or does not divide the
   *     length
   */
  public static Column perProblem(double[] values, int points) {
    return new DoubleColumn(values, points);
  }

  /**
   * A column {@code [B, n]} over one single-precision array that holds problem after problem; it is
   * not copied.
   *
   * @param values B·n values in row-major order, not modified
   * @param points n, the points of each problem
   * @return the column
   * @throws IllegalArgumentException if {@code points} is not positive or does not divide the
   *     length
   */
  public static Column perProblem(float[] values, int points) {
    return new FloatColumn(values, points);
  }

  /**
   * A column over an ND4J array of any order, stride and offset.
   *
   * <p>A vector, that is {@code [n]}, {@code [1, n]} or {@code [n, 1]}, gives a shared column; a
   * matrix {@code [B, n]} with B &gt; 1 and n &gt; 1 gives one row per problem. Double and float
   * arrays are read where they lie; every other numeric type is converted to double once, here.
   *
   * @param values the array, not modified; it must stay open while the column is in use
   * @return the column
   * @throws IllegalArgumentException if the array is empty, not numeric, or has more than two axes
   */
  public static Column of(INDArray values) {
    Objects.requireNonNull(values, "values");
    return NdArrayColumn.from(values);
  }

  /**
   * A column {@code [B, n]} over an ND4J array, also where B or n is 1.
   *
   * @param values an array of shape {@code [B, n]}, not modified; it must stay open while the
   *     column is in use
   * @return the column
   * @throws IllegalArgumentException if the array is empty, not numeric, or not a matrix
   */
  public static Column perProblem(INDArray values) {
    Objects.requireNonNull(values, "values");
    return NdArrayColumn.fromMatrix(values);
  }

  /**
   * Joins shared columns end to end, so that one problem can have more points than one array holds.
   *
   * @param pieces shared columns, in the order of their points
   * @return a shared column with the points of all pieces
   * @throws IllegalArgumentException if there is no piece or a piece is not shared
   */
  public static Column concatenatePoints(List<Column> pieces) {
    Objects.requireNonNull(pieces, "pieces");
    return pieces.size() == 1 ? pieces.get(0) : new PointConcatenation(pieces);
  }

  /**
   * Joins batches, so that the problems of all of them can have more points than one array holds.
   *
   * @param pieces columns with one row per problem and the same number of points, in the order of
   *     their problems
   * @return a column with the problems of all pieces
   * @throws IllegalArgumentException if there is no piece, or a piece is shared or differs in
   *     points
   */
  public static Column concatenateProblems(List<Column> pieces) {
    Objects.requireNonNull(pieces, "pieces");
    return pieces.size() == 1 ? pieces.get(0) : new ProblemConcatenation(pieces);
  }

  /**
   * Puts single values side by side: k columns of one point each give a column of k points. Used
   * for start values, where some parameters start alike in every problem and others do not.
   *
   * @param values columns of one point each, shared or per problem
   * @return a column of k points, shared if every one of them is
   * @throws IllegalArgumentException if there is no column, one has several points, or their
   *     numbers of problems differ
   */
  public static Column stack(List<Column> values) {
    Objects.requireNonNull(values, "values");
    return new StackedColumn(values);
  }

  /**
   * A run of points of this column.
   *
   * @param first the first point of the run
   * @param count how many points
   * @return a column of {@code count} points over the same values
   * @throws IndexOutOfBoundsException if this column does not have those points
   */
  public final Column slice(long first, long count) {
    return new PointSlice(this, first, count);
  }

  /**
   * Whether every problem has the same values.
   *
   * @return true for shape {@code [n]}, false for shape {@code [B, n]}
   */
  public final boolean shared() {
    return shared;
  }

  /**
   * The number of problems B that the column has rows for.
   *
   * @return B, or 1 for a shared column
   */
  public final long problems() {
    return problems;
  }

  /**
   * The number of points n of one problem.
   *
   * @return n
   */
  public final long points() {
    return points;
  }

  /**
   * Whether the values are stored in single precision.
   *
   * @return true for float, false for double
   */
  public final boolean isFloat() {
    return isFloat;
  }

  /**
   * The table that the column is of, see {@link RowColumns}.
   *
   * @return the table, empty for every other column
   */
  public Optional<RowColumns> table() {
    return Optional.empty();
  }

  /**
   * Copies a run of points of one problem.
   *
   * @param problem the problem, 0 to B-1; a shared column ignores it
   * @param from the first point
   * @param count the number of points
   * @param target receives the values; modified
   * @param offset where in {@code target} the first one goes
   * @throws IndexOutOfBoundsException if the problem, the points or the target range do not exist
   */
  public final void read(long problem, long from, int count, double[] target, int offset) {
    Objects.requireNonNull(target, "target");
    long row = checkedRow(problem, from, count);
    Objects.checkFromIndexSize(offset, count, target.length);
    copy(row, from, count, target, offset);
  }

  /**
   * Copies a run of points of one problem in single precision; double values are rounded.
   *
   * @param problem the problem, 0 to B-1; a shared column ignores it
   * @param from the first point
   * @param count the number of points
   * @param target receives the values; modified
   * @param offset where in {@code target} the first one goes
   * @throws IndexOutOfBoundsException if the problem, the points or the target range do not exist
   */
  public final void read(long problem, long from, int count, float[] target, int offset) {
    Objects.requireNonNull(target, "target");
    long row = checkedRow(problem, from, count);
    Objects.checkFromIndexSize(offset, count, target.length);
    copy(row, from, count, target, offset);
  }

  /**
   * One value; for checks and reports, not for loops.
   *
   * @param problem the problem, 0 to B-1; a shared column ignores it
   * @param point the point, 0 to n-1
   * @return the value
   * @throws IndexOutOfBoundsException if the problem or the point does not exist
   */
  public final double value(long problem, long point) {
    double[] value = new double[1];
    read(problem, point, 1, value, 0);
    return value[0];
  }

  /**
   * The Java array in which all points of a problem lie one after the other, for reading in place.
   *
   * @param problem the problem, 0 to B-1; a shared column ignores it
   * @return the array, not to be modified, with the problem's first point at {@link #base(long)};
   *     or null where the values are not in a double array
   */
  public double[] arrayOrNull(long problem) {
    return null;
  }

  /**
   * The single-precision Java array in which all points of a problem lie one after the other.
   *
   * @param problem the problem, 0 to B-1; a shared column ignores it
   * @return the array, not to be modified, with the problem's first point at {@link #base(long)};
   *     or null where the values are not in a float array
   */
  public float[] floatArrayOrNull(long problem) {
    return null;
  }

  /**
   * Where a problem's first point lies in its array.
   *
   * @param problem the problem, 0 to B-1; a shared column ignores it
   * @return the index into {@link #arrayOrNull(long)} or {@link #floatArrayOrNull(long)}
   */
  public int base(long problem) {
    return 0;
  }

  /** Copies without checks; {@code problem} is 0 where the column is shared. */
  abstract void copy(long problem, long from, int count, double[] target, int offset);

  /** Copies without checks; {@code problem} is 0 where the column is shared. */
  abstract void copy(long problem, long from, int count, float[] target, int offset);

  private long checkedRow(long problem, long from, int count) {
    Objects.checkFromIndexSize(from, count, points);
    return shared ? 0 : Objects.checkIndex(problem, problems);
  }

  /** The shape as error messages print it. */
  @Override
  public final String toString() {
    return (isFloat ? "float" : "double")
        + (shared ? "[" + points + "]" : "[" + problems + ", " + points + "]");
  }

  static int rowLength(int rows, int first) {
    if (rows == 0) {
      throw new IllegalArgumentException("values has 0 rows: at least one problem is needed");
    }
    return first;
  }

  static IllegalArgumentException ragged(int row, int length, int expected) {
    return new IllegalArgumentException(
        "values["
            + row
            + "] has length "
            + length
            + ", expected "
            + expected
            + " as in values[0]; mark missing points with NaN");
  }

  static int checkedProblems(int length, int points) {
    if (points <= 0) {
      throw new IllegalArgumentException("points = " + points + ", expected > 0");
    }
    if (length == 0 || length % points != 0) {
      throw new IllegalArgumentException(
          "values has length " + length + ", expected a positive multiple of points = " + points);
    }
    return length / points;
  }
}
