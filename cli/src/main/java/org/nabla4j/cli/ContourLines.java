package org.nabla4j.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The lines on which a function has a value, from its values on a grid: marching squares (Lorensen
 * and Cline 1987 in the plane). Each cell of the grid is crossed by none, one or two segments,
 * whose ends lie where linear interpolation along the cell's edges meets the value; a saddle is
 * told by the mean of its corners. Cells with a corner that is not finite have no line.
 */
final class ContourLines {

  /**
   * A line through points in order. The function is above the value on its left and below on its
   * right, with x to the right and y upwards.
   *
   * @param x of the points, at least two
   * @param y of the points
   * @param closed whether the last point is the first one again
   */
  @SuppressWarnings("ArrayRecordComponent") // Plain arrays are what charts take.
  record Line(double[] x, double[] y, boolean closed) {

    /** Most points that one straight piece stands for: what is looked at again and again. */
    private static final int LONGEST = 64;

    /**
     * This line without points that are hardly missed.
     *
     * @param perX units of the tolerance for each unit of x
     * @param perY the same for y
     * @param tolerance the farthest that a point which is left out may be from the line
     * @return a line through some of the points, both ends among them
     */
    Line thinned(double perX, double perY, double tolerance) {
      int[] kept = new int[x.length];
      int count = 1;
      for (int from = 0; from < x.length - 1; ) {
        int to = from + 1;
        while (to + 1 < x.length
            && to + 1 - from < LONGEST
            && straight(from, to + 1, perX, perY, tolerance)) {
          to++;
        }
        kept[count++] = to;
        from = to;
      }
      int[] points = Arrays.copyOf(kept, count);
      return new Line(
          Arrays.stream(points).mapToDouble(k -> x[k]).toArray(),
          Arrays.stream(points).mapToDouble(k -> y[k]).toArray(),
          closed);
    }

    /** Whether all points between two are near the straight piece between them. */
    private boolean straight(int from, int to, double perX, double perY, double tolerance) {
      double across = (x[to] - x[from]) * perX;
      double up = (y[to] - y[from]) * perY;
      double length = Math.hypot(across, up);
      for (int k = from + 1; k < to; k++) {
        double dx = (x[k] - x[from]) * perX;
        double dy = (y[k] - y[from]) * perY;
        double along = (dx * across + dy * up) / length;
        // No point may lie beyond the ends either; NaN, where a line has gaps, is never near.
        if (!(Math.abs(dx * up - dy * across) <= tolerance * length
            && along >= 0
            && along <= length)) {
          return false;
        }
      }
      return true;
    }
  }

  /** The segments of each pattern of corners that are above, from edge to edge, in pairs. */
  private static final int[][] SEGMENTS = new int[16][];

  private static final int BOTTOM = 0;
  private static final int RIGHT = 1;
  private static final int TOP = 2;
  private static final int LEFT = 3;

  // Corners counter-clockwise from the lower left have the bits 1, 2, 4, 8. The saddles, 5 and 10,
  // are here as with a low centre; with a high one they are what the other two corners cut off.
  static {
    SEGMENTS[0] = new int[0];
    SEGMENTS[1] = new int[] {BOTTOM, LEFT};
    SEGMENTS[2] = new int[] {RIGHT, BOTTOM};
    SEGMENTS[3] = new int[] {RIGHT, LEFT};
    SEGMENTS[4] = new int[] {TOP, RIGHT};
    SEGMENTS[5] = new int[] {BOTTOM, LEFT, TOP, RIGHT};
    SEGMENTS[6] = new int[] {TOP, BOTTOM};
    SEGMENTS[7] = new int[] {TOP, LEFT};
    SEGMENTS[8] = new int[] {LEFT, TOP};
    SEGMENTS[9] = new int[] {BOTTOM, TOP};
    SEGMENTS[10] = new int[] {RIGHT, BOTTOM, LEFT, TOP};
    SEGMENTS[11] = new int[] {RIGHT, TOP};
    SEGMENTS[12] = new int[] {LEFT, RIGHT};
    SEGMENTS[13] = new int[] {BOTTOM, RIGHT};
    SEGMENTS[14] = new int[] {LEFT, BOTTOM};
    SEGMENTS[15] = new int[0];
  }

  private static final int[] HIGH_SADDLE_5 = {BOTTOM, RIGHT, TOP, LEFT};
  private static final int[] HIGH_SADDLE_10 = {LEFT, BOTTOM, RIGHT, TOP};

  private static final int NONE = -1;

  private final double[] x;
  private final double[] y;
  private final double[] values;
  private final double level;

  /** Of each edge the one that the line comes to next, and the one before. */
  private final int[] next;

  private final int[] before;

  private ContourLines(double[] x, double[] y, double[] values, double level) {
    this.x = x;
    this.y = y;
    this.values = values;
    this.level = level;
    next = new int[2 * values.length];
    before = new int[2 * values.length];
    Arrays.fill(next, NONE);
    Arrays.fill(before, NONE);
  }

  /**
   * Finds the lines of a value.
   *
   * @param x places of the grid's columns, ascending; not modified
   * @param y places of its rows, ascending; not modified
   * @param values of the function, row by row, {@code [y.length * x.length]}; not modified
   * @param level the value, finite
   * @return the lines, none of them crossing another
   */
  static List<Line> of(double[] x, double[] y, double[] values, double level) {
    if (values.length != x.length * y.length) {
      throw new IllegalArgumentException(
          "values has " + values.length + " elements, expected " + y.length + " * " + x.length);
    }
    ContourLines lines = new ContourLines(x, y, values, level);
    lines.march();
    return lines.join();
  }

  private void march() {
    for (int row = 0; row + 1 < y.length; row++) {
      for (int column = 0; column + 1 < x.length; column++) {
        int corner = row * x.length + column;
        double a = values[corner];
        double b = values[corner + 1];
        double c = values[corner + x.length + 1];
        double d = values[corner + x.length];
        if (Double.isFinite(a) && Double.isFinite(b) && Double.isFinite(c) && Double.isFinite(d)) {
          int above = bit(a, 1) | bit(b, 2) | bit(c, 4) | bit(d, 8);
          int[] segments = SEGMENTS[above];
          // Quarters, since the sum may overflow.
          if (segments.length == 4 && a / 4 + b / 4 + c / 4 + d / 4 >= level) {
            segments = above == 5 ? HIGH_SADDLE_5 : HIGH_SADDLE_10;
          }
          for (int k = 0; k < segments.length; k += 2) {
            int from = edge(corner, segments[k]);
            int to = edge(corner, segments[k + 1]);
            next[from] = to;
            before[to] = from;
          }
        }
      }
    }
  }

  private int bit(double value, int weight) {
    return value >= level ? weight : 0;
  }

  /** Edges have the number of their lower or left end: first those along x, then those along y. */
  private int edge(int corner, int side) {
    return switch (side) {
      case BOTTOM -> corner;
      case TOP -> corner + x.length;
      case LEFT -> values.length + corner;
      default -> values.length + corner + 1;
    };
  }

  private List<Line> join() {
    List<Line> lines = new ArrayList<>();
    for (int edge = 0; edge < next.length; edge++) {
      if (next[edge] != NONE && before[edge] == NONE) {
        lines.add(follow(edge));
      }
    }
    // What is left are rings.
    for (int edge = 0; edge < next.length; edge++) {
      if (next[edge] != NONE) {
        lines.add(follow(edge));
      }
    }
    return lines;
  }

  /** Takes a line out. */
  private Line follow(int start) {
    int length = 1;
    for (int edge = next[start]; edge != NONE; edge = edge == start ? NONE : next[edge]) {
      length++;
    }
    double[] lineX = new double[length];
    double[] lineY = new double[length];
    int edge = start;
    for (int k = 0; k < length; k++) {
      place(edge, k, lineX, lineY);
      int following = next[edge];
      next[edge] = NONE;
      edge = following;
    }
    return new Line(lineX, lineY, edge == NONE && before[start] != NONE);
  }

  private void place(int edge, int k, double[] lineX, double[] lineY) {
    boolean alongX = edge < values.length;
    int corner = alongX ? edge : edge - values.length;
    int other = alongX ? corner + 1 : corner + x.length;
    double a = values[corner];
    double b = values[other];
    double share = Math.max(0, Math.min(1, (level / 2 - a / 2) / (b / 2 - a / 2)));
    int column = corner % x.length;
    int row = corner / x.length;
    lineX[k] = alongX ? x[column] + share * (x[column + 1] - x[column]) : x[column];
    lineY[k] = alongX ? y[row] : y[row] + share * (y[row + 1] - y[row]);
  }
}
