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
 * looked at in eight places, for the sixteen nearest minima, and only without constraints; of a
 * flat valley that bends the points that are further apart count as several minima. Searches that
 * did not converge count for none.
 */
public final class Minima {

  private static final double SAME_VALUE = 1e-6;
  private static final double SAME_PLACE = 1e-4;

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
    double[] widths = widths(searches);
    List<double[]> places = new ArrayList<>();
    List<Integer> lowest = new ArrayList<>();
    List<Long> counts = new ArrayList<>();
    int first = 0;
    for (int index : order) {
      double value = searches.value(index);
      double[] theta = searches.parameters(index);
      // In the order of f all that could be the same stand together, at the end.
      while (first < lowest.size() && !sameValue(searches.value(lowest.get(first)), value)) {
        first++;
      }
      int same = first;
      while (same < places.size() && !samePlace(places.get(same), theta, widths)) {
        same++;
      }
      if (same == places.size()) {
        same = flatWith(searches, index, theta, places, first, widths);
      }
      if (same < places.size()) {
        counts.set(same, counts.get(same) + 1);
      } else {
        places.add(theta);
        lowest.add(index);
        counts.add(1L);
      }
    }
    List<Basin> basins = new ArrayList<>();
    for (int k = 0; k < lowest.size(); k++) {
      basins.add(new Basin(searches.get(lowest.get(k)), counts.get(k)));
    }
    return new Minima(searches, List.copyOf(basins));
  }

  /**
   * The minimum among those of equal f, which begin at {@code first}, that a flat line leads to;
   * the number of places if there is none.
   */
  private static int flatWith(
      BatchMinima searches,
      int index,
      double[] theta,
      List<double[]> places,
      int first,
      double[] widths) {
    if (first == places.size() || !searches.problem().constraints().isEmpty()) {
      return places.size();
    }
    int[] nearest = nearest(theta, places, first, widths);
    int p = theta.length;
    double[] line = new double[nearest.length * LOOKS * p];
    long[] problems = new long[nearest.length * LOOKS];
    Arrays.fill(problems, index);
    for (int row = 0; row < problems.length; row++) {
      double share = (row % LOOKS + 1) * SECTION % 1;
      double[] place = places.get(nearest[row / LOOKS]);
      for (int j = 0; j < p; j++) {
        line[row * p + j] = theta[j] * (1 - share) + place[j] * share;
      }
    }
    double[] values = new double[problems.length];
    searches.problem().objective().values(new Points(line, problems, values.length, p), values);
    double higher = searches.value(index);
    double limit = higher + ROUNDINGS * Math.ulp(higher);
    for (int k = 0; k < nearest.length; k++) {
      int from = k * LOOKS;
      if (Arrays.stream(values, from, from + LOOKS).allMatch(value -> value <= limit)) {
        return nearest[k];
      }
    }
    return places.size();
  }

  /** The places nearest to one, those before {@code first} left out. */
  private static int[] nearest(double[] theta, List<double[]> places, int first, double[] widths) {
    int[] nearest = new int[Math.min(NEAREST, places.size() - first)];
    double[] distances = new double[nearest.length];
    int count = 0;
    for (int k = first; k < places.size(); k++) {
      double distance = distance(places.get(k), theta, widths);
      int at = count < nearest.length ? count++ : count;
      for (; at > 0 && distance < distances[at - 1]; at--) {
        if (at < nearest.length) {
          distances[at] = distances[at - 1];
          nearest[at] = nearest[at - 1];
        }
      }
      if (at < nearest.length) {
        distances[at] = distance;
        nearest[at] = k;
      }
    }
    return nearest;
  }

  private static double distance(double[] a, double[] b, double[] widths) {
    double largest = 0;
    for (int j = 0; j < a.length; j++) {
      largest = Math.max(largest, Math.abs(a[j] - b[j]) / scale(a[j], widths[j]));
    }
    return largest;
  }

  private static double scale(double at, double width) {
    return Double.isNaN(width) ? Math.max(Math.abs(at), 1) : width;
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

  private static boolean samePlace(double[] a, double[] b, double[] widths) {
    for (int j = 0; j < a.length; j++) {
      if (Math.abs(a[j] - b[j]) > SAME_PLACE * scale(a[j], widths[j])) {
        return false;
      }
    }
    return true;
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
