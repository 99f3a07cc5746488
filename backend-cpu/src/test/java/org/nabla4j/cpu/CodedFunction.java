package org.nabla4j.cpu;

/** A least-squares function written by hand, for tests of the solvers alone. */
final class CodedFunction implements LeastSquaresFunction {

  /** Fills a row. */
  @FunctionalInterface
  interface Row {
    /** Sets row[0] to the residual of point i and row[1 + j] to its derivative by θ_j. */
    void fill(int i, double[] theta, double[] row);
  }

  private final int n;
  private final int p;
  private final Row source;
  private final double[] rows;
  private final double[] row;
  private int evaluations;

  CodedFunction(int n, int p, Row source) {
    this.n = n;
    this.p = p;
    this.source = source;
    this.rows = new double[n * rowStride() + firstRow()];
    this.row = new double[1 + p];
  }

  int evaluations() {
    return evaluations;
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
    evaluations++;
    double sum = 0;
    for (int i = 0; i < n; i++) {
      source.fill(i, theta, row);
      System.arraycopy(row, 0, rows, firstRow() + i * rowStride(), 1 + p);
      sum += 0.5 * row[0] * row[0];
    }
    return sum;
  }

  @Override
  public double[] rows() {
    return rows;
  }

  @Override
  public int firstRow() {
    return 2; // as if the problem had two columns of its own
  }

  @Override
  public int rowStride() {
    return p + 4;
  }
}
