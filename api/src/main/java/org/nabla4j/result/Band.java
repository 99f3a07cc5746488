package org.nabla4j.result;

import java.util.Arrays;
import java.util.Objects;

/**
 * A fitted curve at several places, with an interval about each value. The intervals hold for each
 * place on its own, not for all of them at once.
 *
 * @param fit what the model predicts
 * @param lower lower ends of the intervals
 * @param upper upper ends of the intervals
 */
@SuppressWarnings("ArrayRecordComponent") // Plain arrays are what plots and further work take.
public record Band(double[] fit, double[] lower, double[] upper) {

  /**
   * Keeps the arrays.
   *
   * @param fit what the model predicts
   * @param lower lower ends of the intervals
   * @param upper upper ends of the intervals
   */
  public Band {
    Objects.requireNonNull(fit, "fit");
    Objects.requireNonNull(lower, "lower");
    Objects.requireNonNull(upper, "upper");
  }

  /** Whether the other object is a band of the same values. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Band that
        && Arrays.equals(fit, that.fit)
        && Arrays.equals(lower, that.lower)
        && Arrays.equals(upper, that.upper);
  }

  /** A hash of the values. */
  @Override
  public int hashCode() {
    return 31 * (31 * Arrays.hashCode(fit) + Arrays.hashCode(lower)) + Arrays.hashCode(upper);
  }

  /** The values. */
  @Override
  public String toString() {
    return "Band[fit="
        + Arrays.toString(fit)
        + ", lower="
        + Arrays.toString(lower)
        + ", upper="
        + Arrays.toString(upper)
        + "]";
  }
}
