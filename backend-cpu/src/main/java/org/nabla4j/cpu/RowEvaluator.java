package org.nabla4j.cpu;

import org.nabla4j.cpu.codegen.Kernel;
import org.nabla4j.cpu.codegen.TileLayout;
import org.nabla4j.objective.LeastSquaresProblem;

/** Evaluates one problem of a batch at a time by a compiled kernel that writes rows. */
final class RowEvaluator implements LeastSquaresFunction {

  private final LeastSquaresProblem problem;
  private final ResidualProgram program;
  private final ResidualProgram.Reader reader;
  private final Kernel kernel;
  private final TileLayout tile;
  private final Object shared;
  private final LaneMemory data;
  private final double[] rows;
  private final double[] state;
  private final double[] values;
  private final int n;
  private final int p;
  private final int firstRow;

  /**
   * Prepares to evaluate problems of a batch.
   *
   * @param kernel of the program, with scalar double rows
   * @param shared what the kernel reads of shared data; not modified
   */
  RowEvaluator(
      LeastSquaresProblem problem, ResidualProgram program, Kernel kernel, LaneMemory shared) {
    this.problem = problem;
    this.program = program;
    this.reader = program.reader();
    this.kernel = kernel;
    this.tile = kernel.tile();
    this.shared = shared.array();
    this.n = Math.toIntExact(problem.points());
    this.p = program.free().length;
    this.data = LaneMemory.allocate(true, Math.multiplyExact(n, kernel.dataStride()));
    this.rows = (double[]) data.array();
    this.state = new double[kernel.evaluation().facts().tileSize()];
    this.values = new double[problem.parameters().size()];
    this.firstRow = program.problemColumnCount();
  }

  /**
   * Turns to a problem.
   *
   * @param index the problem
   * @return start values of its free parameters
   */
  double[] load(long index) {
    reader.read(index, data, kernel.dataStride(), 1, 0);
    problem.starts().read(index, 0, values.length, values, 0);
    int[] fixed = program.fixed();
    for (int k = 0; k < fixed.length; k++) {
      state[tile.problemConstant(k)] = values[fixed[k]];
    }
    state[tile.points()] = n;
    int[] free = program.free();
    double[] start = new double[p];
    for (int j = 0; j < p; j++) {
      start[j] = values[free[j]];
    }
    return start;
  }

  @Override
  public int points() {
    return n;
  }

  @Override
  public int parameters() {
    return p;
  }

  @Override
  public double evaluate(double[] theta) {
    for (int j = 0; j < p; j++) {
      state[tile.trial(j)] = theta[j];
    }
    kernel.evaluation().run(state, rows, shared, 0, n);
    boolean robust = program.robust();
    int e = robust ? firstRow + p + 1 : firstRow;
    double sum = 0;
    for (int i = 0; i < n; i++, e += kernel.dataStride()) {
      sum += robust ? rows[e] : 0.5 * rows[e] * rows[e];
    }
    return sum;
  }

  @Override
  public double[] rows() {
    return rows;
  }

  @Override
  public int firstRow() {
    return firstRow;
  }

  @Override
  public int rowStride() {
    return kernel.dataStride();
  }
}
