package org.nabla4j.cpu;

import org.nabla4j.cpu.algebra.SmallCholesky;
import org.nabla4j.cpu.codegen.KernelCompiler;
import org.nabla4j.cpu.codegen.Procedure;

/**
 * Inverts curvatures H, as many at once as there are lanes, by LDLᵀ or Cholesky.
 *
 * <p>Element e of the packed lower triangle of lane l lies at {@code e·lanes + l}, that of the
 * inverse at {@code (triangle + e)·lanes + l}, and the smallest ratio of a pivot to its diagonal
 * element at {@code 2·triangle·lanes + l}. That ratio is 1/VIF of the worst parameter: of the order
 * of the reciprocal condition of the scaled H.
 */
final class CurvatureInverse {

  /** Smallest pivot of the scaled curvature at which its inverse holds no digit. */
  static final double SINGULAR = 1e-13;

  /** Smallest pivot of the scaled curvature below which normal equations lose too many digits. */
  static final double ILL_CONDITIONED = 1e-7;

  /** The same for curvatures that were summed in float. */
  static final double ILL_CONDITIONED_FLOAT = 1e-5;

  private static final double[] NONE = {};

  private final Procedure procedure;
  private final int lanes;
  private final int p;
  private final int triangle;
  private final SmallCholesky cholesky;
  private final double[] tile;

  /**
   * Generated straight-line code for few parameters, loops over one lane after the other beyond.
   */
  CurvatureInverse(KernelCompiler compiler, int p) {
    this.lanes = compiler.lanes();
    this.p = p;
    this.triangle = p * (p + 1) / 2;
    this.procedure = p <= KernelCompiler.STRAIGHT_LINE_PARAMETERS ? compiler.covariance(p) : null;
    this.cholesky = procedure == null ? new SmallCholesky(p) : null;
    this.tile =
        new double[procedure != null ? procedure.facts().tileSize() : (2 * triangle + 1) * lanes];
    for (int l = 0; l < lanes; l++) {
      for (int j = 0; j < p; j++) {
        set(index(j, j), l, 1);
      }
    }
  }

  int lanes() {
    return lanes;
  }

  /** The array that holds curvatures and inverses. */
  double[] array() {
    return tile;
  }

  /** Sets element e of a curvature's triangle. */
  void set(int e, int lane, double value) {
    tile[e * lanes + lane] = value;
  }

  /** Offset of a lane's inverse in the array; its elements are {@link #lanes()} apart. */
  int inverse(int lane) {
    return triangle * lanes + lane;
  }

  /** Smallest scaled pivot; not above 0, or NaN, where H is not positive definite. */
  double pivot(int lane) {
    return tile[2 * triangle * lanes + lane];
  }

  /** Inverts the curvatures of the first lanes. */
  void invert(int used) {
    if (procedure != null) {
      procedure.run(tile, NONE, NONE, 0, 0);
      return;
    }
    for (int l = 0; l < used; l++) {
      invertLane(l);
    }
  }

  private static int index(int j, int k) {
    return j * (j + 1) / 2 + k;
  }

  /** Scaled to a diagonal of 1, and by Cholesky. */
  private void invertLane(int lane) {
    double[] scale = new double[p];
    double[] a = new double[p * p];
    for (int j = 0; j < p; j++) {
      scale[j] = Math.sqrt(tile[index(j, j) * lanes + lane]);
      for (int k = 0; k <= j; k++) {
        a[j * p + k] = tile[index(j, k) * lanes + lane] / scale[j] / scale[k];
      }
    }
    double[] inverse = new double[p * p];
    cholesky.factorise(a, 0);
    cholesky.invert(inverse);
    for (int j = 0; j < p; j++) {
      for (int k = 0; k <= j; k++) {
        double value = inverse[j * p + k] / scale[j] / scale[k];
        tile[(triangle + index(j, k)) * lanes + lane] = value;
      }
    }
    tile[2 * triangle * lanes + lane] = cholesky.smallestPivot();
  }
}
