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

  /** A root that is not known to this share of its size is not determined. */
  static final double SHARE = 1e-2;

  /** One that is small is known to this share of where it was looked for. */
  static final double SHARE_OF_EXTENT = 0x1p-30;

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
   * @return how the search ended, or null where the point is no root, or where its derivatives
   *     vanish too
   */
  static Status judge(
      RootFinding method,
      double x,
      double residual,
      double correction,
      double bound,
      double uncertainty,
      double extent) {
    if (isFlat(residual, correction, uncertainty)) {
      return null;
    }
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
    boolean asked =
        method.residualTolerance() > 0 && Math.abs(residual) <= method.residualTolerance();
    return asked || isDetermined(uncertainty, size, extent)
        ? Status.CONVERGED_COST
        : Status.SINGULAR;
  }

  /** Whether F and its derivatives vanish, so that they cannot tell how far a root can be. */
  static boolean isFlat(double residual, double correction, double uncertainty) {
    boolean known = uncertainty > 0 && uncertainty < Double.POSITIVE_INFINITY;
    return residual == 0 && Double.isNaN(correction) && !known;
  }

  /**
   * Whether a root is known at all.
   *
   * @param size |x|
   * @param extent size of where it was looked for
   */
  static boolean isDetermined(double uncertainty, double size, double extent) {
    return uncertainty <= Math.max(SHARE * size, SHARE_OF_EXTENT * extent);
  }
}
