package org.nabla4j.cpu;

import org.nabla4j.method.RootFinding;
import org.nabla4j.result.Status;

/** What a point may be called, by what is left of F there and what rounding explains of it. */
final class RootVerdict {

  /** |F| of so many rounding bounds is zero to rounding: the bound holds to first order only. */
  static final double ROUNDING = 2;

  /** A correction of so small a share of x cannot be told from the rounding of x. */
  static final double LAST_DIGITS = 0x1p-50;

  /** Rounding of x itself, relative to it. */
  static final double HALF_UNIT = 0x1p-53;

  private RootVerdict() {}

  /** Whether F is zero as far as can be told. */
  static boolean isZero(RootFinding method, double residual, double bound) {
    double magnitude = Math.abs(residual);
    return magnitude <= ROUNDING * bound || magnitude <= method.residualTolerance();
  }

  /**
   * Judges a point.
   *
   * @param x the point
   * @param residual F
   * @param correction −F/F′
   * @param bound how far rounding can shift F
   * @param uncertainty how far the root can be from x, by F and its rounding
   * @param extent size of the interval that the root was looked for in
   * @return how the search ended, or null where the point is no root
   */
  static Status judge(
      RootFinding method,
      double x,
      double residual,
      double correction,
      double bound,
      double uncertainty,
      double extent) {
    boolean zero = isZero(method, residual, bound);
    double size = Math.abs(x);
    double distance = residual == 0 ? 0 : Math.abs(correction);
    if (!zero && !(distance <= LAST_DIGITS * size)) {
      return null;
    }
    double error = uncertainty + HALF_UNIT * size;
    if (error <= method.parameterTolerance() * size || error == 0) {
      return Status.CONVERGED_PARAMETERS;
    }
    if (!zero) {
      return null;
    }
    double reach = Math.max(size, extent);
    boolean asked =
        method.residualTolerance() > 0 && Math.abs(residual) <= method.residualTolerance();
    return asked || uncertainty <= (reach > 0 ? reach : 1)
        ? Status.CONVERGED_COST
        : Status.SINGULAR;
  }
}
