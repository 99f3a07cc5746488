package org.nabla4j.cpu.codegen;

/**
 * Where the state of a tile's problems lies: one array, for each quantity one element per lane.
 *
 * <p>Sums are the packed lower triangle by rows of [r, J]ᵀ[r, J]: first Σr², then for each
 * parameter j the gradient Σ J_j r and the curvature Σ J_j J_k, k ≤ j. With a robust loss a last
 * sum holds the cost Σρ(r²), and r and J are weighted by √ρ'.
 */
public final class TileLayout {

  private final int lanes;
  private final int parameters;
  private final int problemConstants;

  /**
   * Lays out a tile.
   *
   * @param lanes problems in a tile
   * @param parameters free parameters p
   * @param problemConstants constants that each problem has for itself
   */
  public TileLayout(int lanes, int parameters, int problemConstants) {
    this.lanes = lanes;
    this.parameters = parameters;
    this.problemConstants = problemConstants;
  }

  /**
   * Problems in a tile.
   *
   * @return number of lanes
   */
  public int lanes() {
    return lanes;
  }

  /**
   * Free parameters.
   *
   * @return p
   */
  public int parameters() {
    return parameters;
  }

  /**
   * First element of the trial point's parameter.
   *
   * @param j parameter
   * @return element of its first lane
   */
  public int trial(int j) {
    return j * lanes;
  }

  /**
   * First element of the number of data points, as a real.
   *
   * @return element of its first lane
   */
  public int points() {
    return parameters * lanes;
  }

  /**
   * First element of a problem's constant.
   *
   * @param k constant
   * @return element of its first lane
   */
  public int problemConstant(int k) {
    return (parameters + 1 + k) * lanes;
  }

  /**
   * First element of the sums.
   *
   * @return element of the first lane of Σr²
   */
  public int sums() {
    return problemConstant(problemConstants);
  }

  /**
   * First element of a sum.
   *
   * @param row 0 for the residual, 1 + j for parameter j
   * @param column at most the row
   * @return element of its first lane
   */
  public int sum(int row, int column) {
    return sums() + (row * (row + 1) / 2 + column) * lanes;
  }

  /**
   * First element of Σρ, used with a robust loss only.
   *
   * @return element of its first lane
   */
  public int lossSum() {
    return sum(parameters + 1, 0);
  }

  /**
   * First element that the evaluation does not use.
   *
   * @return end of the sums
   */
  public int end() {
    return lossSum() + lanes;
  }
}
