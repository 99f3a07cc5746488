package org.nabla4j.cpu;

import org.nabla4j.objective.LeastSquaresProblem;

/**
 * √w, by which a residual is multiplied: 1/σ or the root of a weight. A σ that is not finite and
 * positive, or a weight that is not finite and at least 0, gives NaN, which ends the problem as not
 * finite.
 */
final class RootWeight {

  private RootWeight() {}

  /**
   * Converts in place.
   *
   * @param isSigma whether values are σ, not weights
   */
  static void of(boolean isSigma, double[] values, int from, int count) {
    for (int i = from; i < from + count; i++) {
      double value = values[i];
      double root = isSigma ? 1 / value : Math.sqrt(value);
      values[i] = LeastSquaresProblem.isSpread(isSigma, value) ? root : Double.NaN;
    }
  }
}
