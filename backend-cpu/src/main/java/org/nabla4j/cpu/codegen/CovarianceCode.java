package org.nabla4j.cpu.codegen;

import org.nabla4j.cpu.codegen.ProcedureClass.SharedData;
import org.nabla4j.cpu.codegen.Value.Real;

/**
 * The inverse of the curvature H of a tile's problems, by LDLᵀ, and its smallest pivot.
 *
 * <p>The tile holds H, then H⁻¹, both packed lower triangles by rows, then the smallest ratio of a
 * pivot to its diagonal element. That ratio is 1/VIF of the worst parameter: of the order of the
 * reciprocal condition of the scaled H.
 */
final class CovarianceCode {

  private final LaneCode c;
  private final int p;
  private final int lanes;

  CovarianceCode(Target target, int parameters) {
    this.c = new LaneCode(target);
    this.p = parameters;
    this.lanes = target.lanes();
  }

  /** Elements of a lane in one triangle. */
  static int triangle(int parameters) {
    return parameters * (parameters + 1) / 2;
  }

  /** Generates the class. */
  ProcedureClass.Bytes generate() {
    Real one = c.constant(1);
    Real[][] h = new Real[p][p];
    for (int j = 0; j < p; j++) {
      for (int k = 0; k <= j; k++) {
        h[j][k] = c.load(Place.tile(index(j, k) * lanes), 0);
      }
    }
    Real[][] lower = new Real[p][p]; // negated entries of L
    Real[][] work = new Real[p][p];
    Real[] inverse = new Real[p];
    Real least = one;
    for (int j = 0; j < p; j++) {
      Real d = h[j][j];
      for (int k = 0; k < j; k++) {
        d = c.fma(lower[j][k], work[j][k], d);
      }
      Real ratio = c.div(d, h[j][j]);
      // not less or equal: a NaN ratio must stay
      least = c.select(c.le(least, ratio), least, ratio);
      inverse[j] = c.div(one, d);
      for (int i = j + 1; i < p; i++) {
        Real w = h[i][j];
        for (int k = 0; k < j; k++) {
          w = c.fma(lower[i][k], work[j][k], w);
        }
        work[i][j] = w;
        lower[i][j] = c.neg(c.mul(w, inverse[j]));
      }
    }
    Real[][] m = new Real[p][p]; // L⁻¹, below the diagonal of ones
    for (int i = 1; i < p; i++) {
      for (int j = 0; j < i; j++) {
        Real sum = lower[i][j];
        for (int k = j + 1; k < i; k++) {
          sum = c.fma(lower[i][k], m[k][j], sum);
        }
        m[i][j] = sum;
      }
    }
    int base = triangle(p) * lanes;
    for (int j = 0; j < p; j++) {
      for (int k = 0; k <= j; k++) {
        // Σ_i M_ij M_ik / d_i for i ≥ j, with M_jj = 1
        Real first = j == k ? inverse[j] : c.mul(inverse[j], m[j][k]);
        Real sum = first;
        for (int i = j + 1; i < p; i++) {
          sum = c.fma(c.mul(m[i][j], inverse[i]), m[i][k], sum);
        }
        c.store(Place.tile(base + index(j, k) * lanes), 0, sum);
      }
    }
    c.store(Place.tile(2 * base), 0, least);
    return ProcedureClass.generate(c, SharedData.INTERLEAVED, 2 * base + lanes, null);
  }

  private static int index(int j, int k) {
    return j * (j + 1) / 2 + k;
  }
}
