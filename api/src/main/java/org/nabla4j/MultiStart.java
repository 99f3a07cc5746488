package org.nabla4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.nabla4j.result.Interval;

/** Start values that fill a box. */
final class MultiStart {
  private MultiStart() {}

  /**
   * Start values for the parameters that are free; those of the others are left at 0.
   *
   * @param names of all parameters
   * @param bounds the box
   * @param fixed names of those that are not free
   * @param starts how many
   */
  static double[][] points(
      List<String> names, Map<String, Interval> bounds, Set<String> fixed, int starts) {
    List<Integer> free = new ArrayList<>();
    for (int j = 0; j < names.size(); j++) {
      if (!fixed.contains(names.get(j))) {
        free.add(j);
        requireFinite(names.get(j), bounds.get(names.get(j)));
      }
    }
    if (free.isEmpty()) {
      throw new IllegalArgumentException(
          "every parameter is fixed: nothing is left to minimise over");
    }
    if (free.size() > SobolSequence.MAX_DIMENSION) {
      throw new IllegalArgumentException(
          "there are "
              + free.size()
              + " free parameters, expected at most "
              + SobolSequence.MAX_DIMENSION
              + " for a multi-start");
    }
    SobolSequence sequence = new SobolSequence(free.size());
    double[][] points = new double[starts][names.size()];
    for (double[] point : points) {
      double[] unit = sequence.next();
      for (int k = 0; k < unit.length; k++) {
        Interval box = bounds.get(names.get(free.get(k)));
        // Each end counts with its share: their difference may overflow.
        double value = box.lower() * (1 - unit[k]) + box.upper() * unit[k];
        point[free.get(k)] = Math.max(box.lower(), Math.min(box.upper(), value));
      }
    }
    return points;
  }

  private static void requireFinite(String name, Interval box) {
    if (box == null || !Double.isFinite(box.lower()) || !Double.isFinite(box.upper())) {
      throw new IllegalArgumentException(
          "bounds of "
              + name
              + " = "
              + (box == null ? "none" : "[" + box.lower() + ", " + box.upper() + "]")
              + ", expected finite ones for a multi-start");
    }
  }
}
