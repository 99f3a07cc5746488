package org.nabla4j.cpu;

import org.nabla4j.cpu.codegen.Outcome;
import org.nabla4j.cpu.codegen.Procedure;
import org.nabla4j.cpu.codegen.StateLayout;
import org.nabla4j.result.BatchFit;

/**
 * Curvatures of fits that have ended, gathered until all lanes are full and then inverted at once.
 */
final class CovarianceBatch {

  private final Procedure procedure;
  private final int lanes;
  private final int p;
  private final int triangle;
  private final double[] tile;
  private final double[] none = new double[0];
  private final long[] problems;
  private final int[] evaluations;
  private final boolean[] converged;
  private final double[][] theta;
  private int size;

  CovarianceBatch(Procedure procedure, int lanes, int p) {
    this.procedure = procedure;
    this.lanes = lanes;
    this.p = p;
    this.triangle = p * (p + 1) / 2;
    this.tile = new double[procedure.facts().tileSize()];
    this.problems = new long[lanes];
    this.evaluations = new int[lanes];
    this.converged = new boolean[lanes];
    this.theta = new double[lanes][p];
    for (int l = 0; l < lanes; l++) {
      for (int j = 0; j < p; j++) {
        tile[(j * (j + 1) / 2 + j) * lanes + l] = 1;
      }
    }
  }

  boolean isFull() {
    return size == lanes;
  }

  int size() {
    return size;
  }

  void clear() {
    size = 0;
  }

  void add(long problem, LaneMemory memory, StateLayout state, int lane, int outcome) {
    int first = state.curvature(0, 0) + lane;
    int stride = state.lanes();
    for (int e = 0; e < triangle; e++) {
      tile[e * lanes + size] = memory.get(first + e * stride);
    }
    for (int j = 0; j < p; j++) {
      theta[size][j] = memory.get(state.theta(j) + lane);
    }
    problems[size] = problem;
    evaluations[size] = (int) memory.get(state.evaluations() + lane);
    converged[size] = outcome != Outcome.LIMIT;
    size++;
  }

  void invert() {
    if (size > 0) {
      procedure.run(tile, none, none, 0, 0);
    }
  }

  long problem(int k) {
    return problems[k];
  }

  double[] theta(int k) {
    return theta[k];
  }

  int evaluations(int k) {
    return evaluations[k];
  }

  boolean converged(int k) {
    return converged[k];
  }

  /** Smallest pivot of the scaled curvature; NaN where it is not positive definite at all. */
  double pivot(int k) {
    return tile[2 * triangle * lanes + k];
  }

  void write(int k, BatchFit.Builder results) {
    results.curvatureInverse(problems[k], tile, triangle * lanes + k, lanes);
  }
}
