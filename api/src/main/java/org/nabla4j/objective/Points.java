package org.nabla4j.objective;

import java.util.Objects;

/**
 * Points at which an objective is evaluated: rows of p parameters, each belonging to a problem of
 * the batch. A view of arrays that the caller reuses: valid during the call only.
 */
public final class Points {

  private final double[] theta;
  private final long[] problems;
  private final int count;
  private final int parameters;

  /**
   * Names the arrays.
   *
   * @param theta rows of parameters, {@code [count, p]} row-major; may be longer
   * @param problems the problem of each row; may be longer
   * @param count rows, ≥ 0
   * @param parameters p, ≥ 1
   * @throws IllegalArgumentException if an array is too short for the rows
   */
  public Points(double[] theta, long[] problems, int count, int parameters) {
    this.theta = Objects.requireNonNull(theta, "theta");
    this.problems = Objects.requireNonNull(problems, "problems");
    if (count < 0 || parameters < 1) {
      throw new IllegalArgumentException(
          "count = " + count + ", parameters = " + parameters + ", expected >= 0 and >= 1");
    }
    if (theta.length < (long) count * parameters || problems.length < count) {
      throw new IllegalArgumentException(
          "theta has "
              + theta.length
              + " elements and problems "
              + problems.length
              + ", expected at least "
              + (long) count * parameters
              + " and "
              + count);
    }
    this.count = count;
    this.parameters = parameters;
  }

  /**
   * A single point of problem 0.
   *
   * @param theta its parameters; the array itself is kept
   * @return the point
   */
  public static Points of(double... theta) {
    return new Points(Objects.requireNonNull(theta, "theta"), new long[1], 1, theta.length);
  }

  /**
   * Number of points.
   *
   * @return number of rows
   */
  public int count() {
    return count;
  }

  /**
   * Number of parameters.
   *
   * @return p
   */
  public int parameters() {
    return parameters;
  }

  /**
   * The parameters of all rows.
   *
   * @return the array itself, {@code [count, p]} row-major, not to be modified; it may be longer
   */
  public double[] theta() {
    return theta;
  }

  /**
   * The problem that a row belongs to.
   *
   * @param row 0 ≤ row &lt; count
   * @return its index in the batch, 0 where there is only one
   */
  public long problem(int row) {
    return problems[Objects.checkIndex(row, count)];
  }
}
