package org.nabla4j.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.nabla4j.data.Column;
import org.nabla4j.objective.FormulaObjective;
import org.nabla4j.objective.MinimizationProblem;
import org.nabla4j.objective.Objective;
import org.nabla4j.objective.Points;
import org.nabla4j.result.Minimum;

/**
 * The part of the plane, or of the line, of the free parameters that a plot of a minimisation
 * shows: where the searches went, with room around; and the values of functions there.
 */
final class MinimumView {

  /** Room on each side, of what the searches covered. */
  private static final double ROOM = 0.22;

  /** Room beyond a bound, of what is shown. */
  private static final double BEYOND = 0.04;

  /** A parameter that moved by less of its size is shown with so much of it on each side. */
  private static final double STILL = 0.01;

  private static final double STILL_ROOM = 0.25;

  /** Width to height of the plot. */
  private static final double SHAPE = 1.38;

  /** Ranges that differ by less are shown to the same scale, so that circles are round. */
  private static final double COMPARABLE = 10;

  /** By what more is shown, one after the other, to see the lines of constraints. */
  private static final double[] WIDER = {1.4, 2, 2.8};

  /** Places on each axis at which it is seen where constraints are. */
  private static final int COARSE = 41;

  /** Evaluations of the formula at a data point, in all. */
  private static final long EFFORT = 20_000_000;

  /** Points of a grid that are evaluated at a time. */
  private static final int CHUNK = 1 << 12;

  private final MinimizationProblem problem;
  private final int[] free;
  private final List<List<double[]>> paths;
  private final List<double[]> starts;
  private final List<double[]> minima;
  private final AxisRange[] ranges;

  /**
   * Chooses what is shown.
   *
   * @param minima what was found, all of them for one problem
   * @param iterates how
   * @param wholeBox whether to show all between the bounds
   */
  MinimumView(List<Minimum> minima, Iterates iterates, boolean wholeBox) {
    problem = minima.get(0).problem();
    free = problem.freePositions();
    paths =
        iterates.paths().stream()
            .map(path -> path.stream().map(this::ofFree).filter(MinimumView::finite).toList())
            .filter(path -> path.size() > 1)
            .toList();
    starts = new ArrayList<>();
    for (long i = 0; i < Math.min(problem.problems(), Iterates.SEARCHES); i++) {
      double[] start = new double[problem.parameters().size()];
      problem.starts().read(i, 0, start.length, start, 0);
      for (int j = 0; j < start.length; j++) {
        // Where a search begins: a start outside the bounds is moved onto them.
        start[j] = Math.max(problem.lower()[j], Math.min(problem.upper()[j], start[j]));
      }
      starts.add(ofFree(start));
    }
    this.minima =
        minima.stream()
            .map(minimum -> ofFree(minimum.parameters()))
            .filter(MinimumView::finite)
            .toList();
    ranges = new AxisRange[free.length];
    List<double[]> points = new ArrayList<>(this.minima);
    points.addAll(starts);
    paths.forEach(points::addAll);
    for (int k = 0; k < free.length; k++) {
      int axis = k;
      double[] places = points.stream().mapToDouble(point -> point[axis]).toArray();
      ranges[k] =
          wholeBox && Double.isFinite(upper(k) - lower(k))
              ? AxisRange.of(new double[] {lower(k), upper(k)}, places)
              : around(places);
    }
    if (free.length == 2) {
      double[] lengths = {length(0) / SHAPE, length(1)};
      for (int k = 0; k < 2; k++) {
        double factor = lengths[1 - k] / lengths[k];
        if (factor > 1 && factor < COMPARABLE) {
          ranges[k] = widened(ranges[k], factor);
        }
      }
    }
    if (!wholeBox && free.length <= 2) {
      widenToConstraints();
    }
    for (int k = 0; k < free.length; k++) {
      ranges[k] = within(ranges[k], lower(k), upper(k));
    }
  }

  /** Shows more, if that brings the line of a constraint into view that is not far away. */
  private void widenToConstraints() {
    double best = 1;
    int most = visible(1);
    for (double factor : WIDER) {
      int count = most < problem.constraints().size() ? visible(factor) : 0;
      if (count > most) {
        most = count;
        best = factor;
      }
    }
    for (int k = 0; k < free.length && best > 1; k++) {
      ranges[k] = widened(ranges[k], best);
    }
  }

  /** How many constraints change their sign in what is shown, widened by a factor. */
  private int visible(double factor) {
    double[][] axes = new double[free.length][];
    for (int k = 0; k < axes.length; k++) {
      axes[k] = places(widened(ranges[k], factor), COARSE);
    }
    int count = 0;
    for (Objective constraint : problem.constraintFunctions()) {
      double[] g = values(constraint, axes);
      boolean above = Arrays.stream(g).anyMatch(value -> value > 0);
      boolean below = Arrays.stream(g).anyMatch(value -> value < 0);
      count += above && below ? 1 : 0;
    }
    return count;
  }

  private double[] ofFree(double[] all) {
    return Arrays.stream(free).mapToDouble(j -> all[j]).toArray();
  }

  private static boolean finite(double[] point) {
    return Arrays.stream(point).allMatch(Double::isFinite);
  }

  private double length(int axis) {
    return ranges[axis].high() - ranges[axis].low();
  }

  private static AxisRange around(double[] places) {
    double low = Arrays.stream(places).min().orElse(0);
    double high = Arrays.stream(places).max().orElse(0);
    double size = Math.max(Math.abs(low), Math.abs(high));
    double room =
        high - low > STILL * size ? ROOM * (high - low) : size > 0 ? STILL_ROOM * size : 1;
    AxisRange range = new AxisRange(low - room, high + room);
    // Numbers that are too large or too small to have any room.
    return range.low() < range.high() && Double.isFinite(range.high() - range.low())
        ? range
        : AxisRange.of(places);
  }

  private static AxisRange widened(AxisRange range, double factor) {
    double more = (range.high() - range.low()) * (factor - 1) / 2;
    return new AxisRange(range.low() - more, range.high() + more);
  }

  /** What lies beyond a bound is shown only a little. */
  private static AxisRange within(AxisRange range, double lower, double upper) {
    double beyond = BEYOND * (range.high() - range.low());
    AxisRange cut =
        new AxisRange(
            Math.max(range.low(), lower - beyond), Math.min(range.high(), upper + beyond));
    return cut.low() < cut.high() ? cut : range;
  }

  /** The name of a free parameter. */
  String name(int axis) {
    return problem.parameters().get(free[axis]);
  }

  /** What is shown of a free parameter. */
  AxisRange range(int axis) {
    return ranges[axis];
  }

  /** The lower bound of a free parameter. */
  double lower(int axis) {
    return problem.lower()[free[axis]];
  }

  /** The upper bound of a free parameter. */
  double upper(int axis) {
    return problem.upper()[free[axis]];
  }

  /** The free parameters where searches began. */
  List<double[]> starts() {
    return starts;
  }

  /** The free parameters after each step of each search, where steps are told of. */
  List<List<double[]>> paths() {
    return paths;
  }

  /** The free parameters of what was found. */
  List<double[]> minima() {
    return minima;
  }

  /** Rows that the objective is a sum over, 1 if it is none. */
  private long rows() {
    return problem.freeObjective() instanceof FormulaObjective sum ? Math.max(1, sum.points()) : 1;
  }

  /**
   * What is drawn: the objective, or a sum over some of its rows where all of them on the least
   * grid would be too many.
   *
   * @param least places on each axis
   */
  Objective drawn(int least) {
    double affordable = EFFORT / Math.pow(least, free.length);
    return rows() > affordable
            && problem.freeObjective() instanceof FormulaObjective sum
            && sum.columns().stream()
                .allMatch(name -> sum.columnValues(name).filter(Column::shared).isPresent())
        ? SampledSum.of(sum, (int) affordable, minima.get(0))
        : problem.freeObjective();
  }

  /** What a legend says of it: nothing, or how many rows it is made of. */
  String drawnNote(Objective drawn) {
    return drawn instanceof SampledSum some
        ? " (from " + Numbers.count(some.rows()) + " of " + Numbers.count(rows()) + " rows)"
        : "";
  }

  /** Equally spaced places on an axis, fewer where the objective is a long sum. */
  double[] grid(int axis, int most, int least) {
    double affordable = Math.pow((double) EFFORT / rows(), 1.0 / free.length);
    int count = (int) Math.max(least, Math.min(most, affordable));
    return places(ranges[axis], count);
  }

  private static double[] places(AxisRange range, int count) {
    double[] places = new double[count];
    for (int k = 0; k < count; k++) {
      double share = k / (count - 1.0);
      places[k] = range.low() * (1 - share) + range.high() * share;
    }
    return places;
  }

  /** f at points of the free parameters. */
  double[] values(List<double[]> points) {
    double[] theta = points.stream().flatMapToDouble(Arrays::stream).toArray();
    double[] values = new double[points.size()];
    problem.freeObjective().values(points(theta, points.size(), free.length), values);
    return values;
  }

  /** A function over a grid of one or two axes, row by row. */
  static double[] values(Objective function, double[]... axes) {
    int width = axes[0].length;
    int count = axes.length == 1 ? width : width * axes[1].length;
    double[] all = new double[count];
    double[] theta = new double[CHUNK * axes.length];
    double[] values = new double[CHUNK];
    for (int from = 0; from < count; from += CHUNK) {
      int size = Math.min(CHUNK, count - from);
      for (int i = 0; i < size; i++) {
        theta[i * axes.length] = axes[0][(from + i) % width];
        if (axes.length == 2) {
          theta[2 * i + 1] = axes[1][(from + i) / width];
        }
      }
      function.values(points(theta, size, axes.length), values);
      System.arraycopy(values, 0, all, from, size);
    }
    return all;
  }

  private static Points points(double[] theta, int count, int parameters) {
    return new Points(theta, new long[count], count, parameters);
  }
}
