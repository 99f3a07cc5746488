package org.nabla4j.cpu;

import org.nabla4j.cpu.codegen.KernelCompiler;
import org.nabla4j.cpu.codegen.Outcome;
import org.nabla4j.cpu.codegen.StateLayout;
import org.nabla4j.result.BatchFit;

/**
 * Curvatures of fits that have ended, gathered until all lanes are full and then inverted at once.
 */
final class CovarianceBatch {

  private final CurvatureInverse inverse;
  private final int lanes;
  private final int p;
  private final int triangle;
  private final long[] problems;
  private final int[] evaluations;
  private final boolean[] converged;
  private final double[][] theta;
  private int size;

  CovarianceBatch(KernelCompiler compiler, int p) {
    this.inverse = new CurvatureInverse(compiler, p);
    this.lanes = inverse.lanes();
    this.p = p;
    this.triangle = p * (p + 1) / 2;
    this.problems = new long[lanes];
    this.evaluations = new int[lanes];
    this.converged = new boolean[lanes];
    this.theta = new double[lanes][p];
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
      inverse.set(e, size, memory.get(first + e * stride));
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
      inverse.invert(size);
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
    return inverse.pivot(k);
  }

  void write(int k, BatchFit.Builder results) {
    results.curvatureInverse(problems[k], inverse.array(), inverse.inverse(k), lanes);
  }
}
