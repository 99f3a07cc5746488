package org.nabla4j.cpu;

import org.nabla4j.cpu.codegen.RootLayout;
import org.nabla4j.data.Column;
import org.nabla4j.objective.EquationProblem;

/** Puts problems of one equation into the lanes of tiles. Not for use by several threads. */
final class EquationReader {

  /** Stands for a step or |F| before there was one. */
  private static final double NEVER = Double.MAX_VALUE;

  /** Ends of the same sign that are farther apart are halved on a logarithmic scale. */
  private static final double FAR = 100;

  private final Column[] constants;
  private final Column start;
  private final Column lower;
  private final Column upper;
  private final double[] one = new double[1];

  EquationReader(EquationProblem problem) {
    constants = problem.constants().toArray(Column[]::new);
    start = problem.start(0).orElse(null);
    lower = problem.lower(0).orElse(null);
    upper = problem.upper(0).orElse(null);
  }

  /** Puts a problem that has made no step into a lane. */
  void load(long index, double[] tile, RootLayout layout, int lane) {
    constants(index, tile, layout, lane);
    double a = lower == null ? Double.NEGATIVE_INFINITY : read(lower, index);
    double b = upper == null ? Double.POSITIVE_INFINITY : read(upper, index);
    double low = Math.min(a, b);
    double high = Math.max(a, b);
    double x = start == null ? start(low, high) : read(start, index);
    tile[layout.x() + lane] = Math.min(Math.max(x, low), high);
    tile[layout.lower() + lane] = low;
    tile[layout.upper() + lane] = high;
    tile[layout.step() + lane] = NEVER;
    tile[layout.earlierStep() + lane] = NEVER;
    tile[layout.magnitude() + lane] = NEVER;
    tile[layout.evaluations() + lane] = 0;
    tile[layout.outcome() + lane] = 0;
  }

  /** Puts a problem's constants into a lane. */
  void constants(long index, double[] tile, RootLayout layout, int lane) {
    for (int k = 0; k < constants.length; k++) {
      tile[layout.constant(k) + lane] = read(constants[k], index);
    }
  }

  /** The largest of the ends of a problem's interval and its start, as far as they are finite. */
  double extent(long index) {
    double largest = 0;
    for (Column column : new Column[] {start, lower, upper}) {
      double size = column == null ? 0 : Math.abs(read(column, index));
      largest = size < Double.POSITIVE_INFINITY ? Math.max(largest, size) : largest;
    }
    return largest;
  }

  /** Where a search begins that was given an interval alone. */
  static double start(double low, double high) {
    return middle(low, high, FAR);
  }

  /** The mean of two ends, the geometric one where they are farther apart than a factor. */
  static double middle(double low, double high, double factor) {
    double small = Math.min(Math.abs(low), Math.abs(high));
    double large = Math.max(Math.abs(low), Math.abs(high));
    if ((low > 0 || high < 0) && large > factor * small) {
      return Math.copySign(Math.sqrt(small) * Math.sqrt(large), low);
    }
    return 0.5 * low + 0.5 * high;
  }

  private double read(Column column, long index) {
    double[] array = column.arrayOrNull(index);
    if (array != null) {
      return array[column.base(index)];
    }
    column.read(index, 0, 1, one, 0);
    return one[0];
  }
}
