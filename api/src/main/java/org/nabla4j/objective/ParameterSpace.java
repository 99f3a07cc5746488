package org.nabla4j.objective;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.nabla4j.data.Column;

/**
 * Where θ starts and where it may go, checked: what problems of every kind have in common.
 * Immutable, but for the arrays behind the start values.
 */
final class ParameterSpace {

  /** Largest number of problems, so that results per problem fit one Java array. */
  private static final long MAX_PROBLEMS = Integer.MAX_VALUE - 8L;

  private final List<String> names;
  private final Column starts;
  private final double[] lower;
  private final double[] upper;
  private final boolean[] fixed;
  private final int freeCount;

  /**
   * Checks and keeps.
   *
   * @param names of the parameters
   * @param starts p points, or null where none were given
   * @param lower lower bounds, or null for none
   * @param upper upper bounds, or null for none
   * @param fixed which keep their start value, or null for none
   * @param purpose what would be done with them, for the message that nothing is left to do
   * @param within whether a start value outside its bounds is refused
   */
  ParameterSpace(
      List<String> names,
      Column starts,
      double[] lower,
      double[] upper,
      boolean[] fixed,
      String purpose,
      boolean within) {
    int p = names.size();
    this.names = names;
    this.starts = checkedStarts(names, starts);
    this.lower = lower == null ? filled(p, Double.NEGATIVE_INFINITY) : lower;
    this.upper = upper == null ? filled(p, Double.POSITIVE_INFINITY) : upper;
    this.fixed = fixed == null ? new boolean[p] : fixed;
    freeCount = countFree(this.fixed, purpose);
    checkStarts(within);
  }

  private static double[] filled(int length, double value) {
    double[] array = new double[length];
    Arrays.fill(array, value);
    return array;
  }

  private static int countFree(boolean[] fixed, String purpose) {
    int free = 0;
    for (boolean f : fixed) {
      free += f ? 0 : 1;
    }
    if (free == 0) {
      throw new IllegalArgumentException("every parameter is fixed: nothing is left to " + purpose);
    }
    return free;
  }

  private static Column checkedStarts(List<String> names, Column starts) {
    if (starts == null) {
      throw new IllegalArgumentException("no start values; expected one for each of " + names);
    }
    if (starts.points() != names.size()) {
      throw new IllegalArgumentException(
          "starts has "
              + starts.points()
              + " values, expected "
              + names.size()
              + ", one for each of "
              + names);
    }
    return starts;
  }

  /**
   * A start value outside its bounds is the caller's mistake, whether all problems share it or not;
   * one that is no number is so where they share it, and else that problem's fault alone.
   */
  private void checkStarts(boolean within) {
    if (!starts.shared() && !(within && bounded())) {
      return;
    }
    int p = fixed.length;
    double[] row = new double[p];
    for (long i = 0; i < starts.problems(); i++) {
      double[] values = starts.arrayOrNull(i);
      int base = values == null ? 0 : starts.base(i);
      if (values == null) {
        values = row;
        starts.read(i, 0, p, values, 0);
      }
      for (int j = 0; j < p; j++) {
        double start = values[base + j];
        if (starts.shared() && !Double.isFinite(start)) {
          throw new IllegalArgumentException(startOf(j, i, start) + ", expected a finite value");
        }
        if (within && !fixed[j] && (start < lower[j] || start > upper[j])) {
          throw new IllegalArgumentException(
              startOf(j, i, start)
                  + ", expected a value within its bounds ["
                  + lower[j]
                  + ", "
                  + upper[j]
                  + "]");
        }
      }
    }
  }

  private String startOf(int parameter, long problem, double value) {
    return "start of "
        + names.get(parameter)
        + (starts.shared() ? "" : " of problem " + problem)
        + " = "
        + value;
  }

  /** Throws unless there are p values. */
  static void checkLength(List<String> names, String what, int length) {
    if (length != names.size()) {
      throw new IllegalArgumentException(
          what
              + " has length "
              + length
              + ", expected "
              + names.size()
              + ", one for each of "
              + names);
    }
  }

  /** Throws unless there are p bounds of each kind, in order. */
  static void checkBounds(List<String> names, double[] lower, double[] upper) {
    checkLength(names, "lower", lower.length);
    checkLength(names, "upper", upper.length);
    for (int j = 0; j < lower.length; j++) {
      // Equal bounds leave no interior; a parameter that cannot move is fixed by name.
      if (!(lower[j] < upper[j])) {
        throw new IllegalArgumentException(
            "bounds of "
                + names.get(j)
                + " = ["
                + lower[j]
                + ", "
                + upper[j]
                + "], expected lower < upper");
      }
    }
  }

  /**
   * The number of problems that columns hold values for.
   *
   * @param columns each with what it is
   * @return B; 1 where all of them are shared
   */
  static long commonProblems(Map<String, Column> columns) {
    String first = null;
    long count = 1;
    for (Map.Entry<String, Column> entry : columns.entrySet()) {
      Column column = entry.getValue();
      if (column.shared()) {
        continue;
      }
      if (first == null) {
        first = entry.getKey();
        count = column.problems();
      } else if (column.problems() != count) {
        throw new IllegalArgumentException(
            entry.getKey()
                + " has "
                + column.problems()
                + (column.problems() == 1 ? " problem, expected " : " problems, expected ")
                + count
                + " as in "
                + first);
      }
    }
    if (count > MAX_PROBLEMS) {
      throw new IllegalArgumentException(
          first + " has " + count + " problems, expected at most " + MAX_PROBLEMS + " in a batch");
    }
    return count;
  }

  Column starts() {
    return starts;
  }

  double[] lower() {
    return lower.clone();
  }

  double[] upper() {
    return upper.clone();
  }

  /** Whether a free parameter has a finite bound. */
  boolean bounded() {
    for (int j = 0; j < fixed.length; j++) {
      if (!fixed[j]
          && (lower[j] > Double.NEGATIVE_INFINITY || upper[j] < Double.POSITIVE_INFINITY)) {
        return true;
      }
    }
    return false;
  }

  boolean isFixed(int parameter) {
    return fixed[parameter];
  }

  int freeCount() {
    return freeCount;
  }

  int size() {
    return fixed.length;
  }
}
