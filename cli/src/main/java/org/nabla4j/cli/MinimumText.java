package org.nabla4j.cli;

import java.util.List;
import org.nabla4j.objective.Constraint;
import org.nabla4j.result.Minima;
import org.nabla4j.result.Minimum;

/** Writes minima for people. */
final class MinimumText {

  /** Digits of a multiplier in a sentence; the table above it has more. */
  private static final int DIGITS = 4;

  private MinimumText() {}

  /**
   * The report of a minimisation.
   *
   * @param minimum what was found, the lowest of several
   * @param minima all that was found from many starts, null with one start
   */
  static String report(Minimum minimum, Minima minima) {
    StringBuilder text = new StringBuilder();
    if (minima != null) {
      text.append(minima).append("\n\n");
      text.append(minima.basins().isEmpty() ? "the lowest end" : "the lowest minimum").append('\n');
    }
    text.append(minimum).append('\n');
    if (minimum.converged()) {
      text.append(meaning(minimum));
    }
    return text.toString();
  }

  /** What each multiplier says about the minimum. */
  private static String meaning(Minimum minimum) {
    List<Constraint> constraints = minimum.problem().constraints();
    double[] multipliers = minimum.multipliers();
    StringBuilder text = new StringBuilder();
    for (int k = 0; k < multipliers.length; k++) {
      double multiplier = multipliers[k];
      if (Double.isNaN(multiplier)) {
        continue;
      }
      String size = Numbers.show(Math.abs(multiplier), DIGITS) + "*e";
      text.append("  ").append(constraints.get(k)).append(": ");
      if (!constraints.get(k).isEquality()) {
        text.append(
            multiplier > 0
                ? "holds f up; loosened by a small e, the minimum falls by " + size
                : "not active; the minimum does not depend on it");
      } else {
        text.append("with a right side larger by a small e, the minimum ");
        text.append(
            multiplier == 0
                ? "stays, to first order"
                : (multiplier > 0 ? "rises by " : "falls by ") + size);
      }
      text.append('\n');
    }
    return text.length() == 0
        ? ""
        : "\nwhat the multipliers say (grad f = sum of multiplier * grad g):\n" + text;
  }
}
