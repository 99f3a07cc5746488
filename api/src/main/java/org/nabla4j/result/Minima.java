package org.nabla4j.result;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.nabla4j.objective.Points;

/**
 * The distinct minima that a batch of searches for one problem has found, the lowest first, and how
 * many searches led to each.
 *
 * <p>Two searches have found the same minimum if their f differ by at most 10⁻⁶·max(|f|, 1) and
 * their parameters by at most 10⁻⁴ of the box that the bounds make, or of max(|θ|, 1) where there
 * is none. Searches of such f that are further apart have found the same one, too, if on the line
 * between them f is nowhere higher than at the higher end: there the minimum is flat. That is
 * looked at in eight places, for the sixteen nearest minima (of some thousand, where there are
 * more), and only without constraints; of a flat valley that bends the points that are further
 * apart count as several minima. Searches that did not converge count for none.
 */
public final class Minima {

  private static final double SAME_VALUE = 1e-6;

  /** Places on the line between two ends where f is looked at. */
  private static final int LOOKS = 8;

  /** Minima that an end is connected with by a line. */
  private static final int NEAREST = 16;

  /** The golden section: its multiples fall into no step with a period of f. */
  private static final double SECTION = (Math.sqrt(5) - 1) / 2;

  /** Roundings of f by which it may be higher. */
  private static final double ROUNDINGS = 16;

  /**
   * A minimum with its basin.
   *
   * @param minimum the minimum: of those that are the same the one with the lowest f
   * @param count how many searches led to it
   */
  public record Basin(Minimum minimum, long count) {

    /**
     * Checks the minimum.
     *
     * @param minimum the minimum
     * @param count how many searches led to it
     */
    public Basin {
      Objects.requireNonNull(minimum, "minimum");
    }
  }

  private final BatchMinima searches;
  private final List<Basin> basins;

  private Minima(BatchMinima searches, List<Basin> basins) {
    this.searches = searches;
    this.basins = basins;
  }

  /**
   * Tells the minima of a batch apart.
   *
   * @param searches searches for the same problem from different start values
   * @return the distinct minima
   */
  public static Minima of(BatchMinima searches) {
    Objects.requireNonNull(searches, "searches");
    int[] order =
        IntStream.range(0, Math.toIntExact(searches.problems()))
            .filter(i -> searches.converged(i))
            .boxed()
            .sorted((a, b) -> Double.compare(searches.value(a), searches.value(b)))
            .mapToInt(i -> i)
            .toArray();
    int p = searches.parameterNames().size();
    double[] ends = new double[Math.multiplyExact(order.length, p)];
    for (int end = 0; end < order.length; end++) {
      System.arraycopy(searches.parameters(order[end]), 0, ends, end * p, p);
    }
    Places places = new Places(ends, widths(searches));
    boolean lines = searches.problem().constraints().isEmpty();
    List<Integer> lowest = new ArrayList<>();
    List<Long> counts = new ArrayList<>();
    int first = 0;
    for (int end = 0; end < order.length; end++) {
      double value = searches.value(order[end]);
      // In the order of f all that could be the same stand together, at the end.
      while (first < lowest.size() && !sameValue(searches.value(order[lowest.get(first)]), value)) {
        places.unmark(lowest.get(first++));
      }
      int same = places.same(end);
      if (same < 0 && lines && first < lowest.size()) {
        same = flatWith(searches, order, lowest, end, places.nearest(end, NEAREST));
      }
      if (same >= 0) {
        counts.set(same, counts.get(same) + 1);
      } else {
        places.mark(end, lowest.size());
        lowest.add(end);
        counts.add(1L);
      }
    }
    List<Basin> basins = new ArrayList<>();
    for (int k = 0; k < lowest.size(); k++) {
      basins.add(new Basin(searches.get(order[lowest.get(k)]), counts.get(k)));
    }
    return new Minima(searches, List.copyOf(basins));
  }

  /**
   * The first of some minima that a flat line leads to, −1 if there is none.
   *
   * @param order the searches by their f
   * @param lowest of each minimum the place in that order
   * @param end the place of a search in that order
   * @param nearest minima of the same f
   */
  private static int flatWith(
      BatchMinima searches, int[] order, List<Integer> lowest, int end, int[] nearest) {
    double[] from = searches.parameters(order[end]);
    double limit = searches.value(order[end]);
    limit += ROUNDINGS * Math.ulp(limit);
    double[][] targets = new double[nearest.length][];
    Arrays.setAll(targets, k -> searches.parameters(order[lowest.get(nearest[k])]));
    // One place on each line tells most hills.
    boolean[] low = below(searches, order[end], from, targets, 0, 1, limit);
    for (int k = 0; k < nearest.length; k++) {
      double[][] target = {targets[k]};
      if (low[k] && below(searches, order[end], from, target, 1, LOOKS, limit)[0]) {
        return nearest[k];
      }
    }
    return -1;
  }

  /** Whether f is below a limit on lines to some targets, in some of the places looked at. */
  private static boolean[] below(
      BatchMinima searches,
      int search,
      double[] from,
      double[][] targets,
      int firstLook,
      int endLook,
      double limit) {
    int p = from.length;
    int looks = endLook - firstLook;
    double[] line = new double[targets.length * looks * p];
    long[] problems = new long[targets.length * looks];
    Arrays.fill(problems, search);
    for (int row = 0; row < problems.length; row++) {
      double share = (firstLook + row % looks + 1) * SECTION % 1;
      double[] target = targets[row / looks];
      for (int j = 0; j < p; j++) {
        line[row * p + j] = from[j] * (1 - share) + target[j] * share;
      }
    }
    double[] values = new double[problems.length];
    searches.problem().objective().values(new Points(line, problems, values.length, p), values);
    boolean[] below = new boolean[targets.length];
    for (int k = 0; k < below.length; k++) {
      below[k] =
          Arrays.stream(values, k * looks, (k + 1) * looks).allMatch(value -> value <= limit);
    }
    return below;
  }

  private static double[] widths(BatchMinima searches) {
    double[] lower = searches.problem().lower();
    double[] upper = searches.problem().upper();
    double[] widths = new double[lower.length];
    for (int j = 0; j < widths.length; j++) {
      double width = upper[j] - lower[j];
      widths[j] = Double.isFinite(width) ? width : Double.NaN;
    }
    return widths;
  }

  private static boolean sameValue(double lower, double value) {
    return value == lower || value - lower <= SAME_VALUE * Math.max(Math.abs(lower), 1);
  }

  /**
   * The lowest minimum.
   *
   * @return the minimum
   * @throws IllegalStateException if no search converged; the message says how they ended
   */
  public Minimum best() {
    if (basins.isEmpty()) {
      throw new IllegalStateException("no search converged: " + searches.statusCounts());
    }
    return basins.get(0).minimum();
  }

  /**
   * All minima with their counts.
   *
   * @return the basins, the lowest first, not modifiable; none if no search converged
   */
  public List<Basin> basins() {
    return basins;
  }

  /**
   * The searches, each from a start of its own.
   *
   * @return the batch
   */
  public BatchMinima searches() {
    return searches;
  }

  /** The minima as a table. Several lines, the last one without a line end. */
  @Override
  public String toString() {
    List<String[]> rows = new ArrayList<>();
    rows.add(new String[] {"starts", "value", "parameters"});
    for (Basin basin : basins.subList(0, Math.min(basins.size(), 20))) {
      StringBuilder theta = new StringBuilder();
      for (Map.Entry<String, Double> entry : basin.minimum().toMap().entrySet()) {
        theta.append(theta.length() == 0 ? "" : ", ").append(entry.getKey());
        theta.append(" = ").append(Report.number(entry.getValue(), 6));
      }
      String[] row = {
        Long.toString(basin.count()),
        Report.number(basin.minimum().value(), 10),
        theta.length() > 200 ? theta.substring(0, 200) + "…" : theta.toString()
      };
      rows.add(row);
    }
    return searches.problem()
        + String.format(
            Locale.ROOT,
            "\n%s from %d starts, %d of which converged\n",
            basins.size() + (basins.size() == 1 ? " minimum" : " minima"),
            searches.problems(),
            searches.convergedCount())
        + Report.table(rows)
        + (basins.size() > 20 ? "and " + (basins.size() - 20) + " more\n" : "")
        + searches.method();
  }
}
