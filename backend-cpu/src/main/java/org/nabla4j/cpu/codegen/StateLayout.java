package org.nabla4j.cpu.codegen;

/**
 * Where the solver's state of a tile's problems lies, after what {@link TileLayout} describes: for
 * each quantity one element per lane.
 */
public final class StateLayout {

  private final int base;
  private final int lanes;
  private final int parameters;
  private final int triangle;

  /**
   * Lays out the state behind the sums.
   *
   * @param tile layout of the sums
   */
  public StateLayout(TileLayout tile) {
    this.base = tile.end();
    this.lanes = tile.lanes();
    this.parameters = tile.parameters();
    this.triangle = parameters * (parameters + 1) / 2;
  }

  private int scalar(int k) {
    return base + k * lanes;
  }

  private int vector(int k, int j) {
    return base + (SCALARS + k * parameters + j) * lanes;
  }

  private static final int SCALARS = 10;
  private static final int VECTORS = 5;

  /**
   * Problems in a tile.
   *
   * @return number of lanes
   */
  public int lanes() {
    return lanes;
  }

  /**
   * Cost at the current point.
   *
   * @return element of the first lane
   */
  public int cost() {
    return scalar(0);
  }

  /**
   * Damping λ; of Gauss-Newton the share of the step that is taken.
   *
   * @return element of the first lane
   */
  public int damping() {
    return scalar(1);
  }

  /**
   * Factor of the damping when the next step is refused.
   *
   * @return element of the first lane
   */
  public int growth() {
    return scalar(2);
  }

  /**
   * Reduction of the cost that the quadratic model predicts for the trial point.
   *
   * @return element of the first lane
   */
  public int predicted() {
    return scalar(3);
  }

  /**
   * Square of the scaled length of the last undamped step, infinite if there was none.
   *
   * @return element of the first lane
   */
  public int stepSquared() {
    return scalar(4);
  }

  /**
   * 0 while the cost is being reduced; later the code of the test that was met, while undamped
   * steps polish the answer.
   *
   * @return element of the first lane
   */
  public int phase() {
    return scalar(5);
  }

  /**
   * Number of evaluations.
   *
   * @return element of the first lane
   */
  public int evaluations() {
    return scalar(6);
  }

  /**
   * Why the problem ended, one of the codes of {@link StepCode}; 0 while it goes on.
   *
   * @return element of the first lane
   */
  public int outcome() {
    return scalar(7);
  }

  /**
   * Numerator of the quantity that met the test.
   *
   * @return element of the first lane
   */
  public int outcomeNumerator() {
    return scalar(8);
  }

  /**
   * Denominator of the quantity that met the test.
   *
   * @return element of the first lane
   */
  public int outcomeDenominator() {
    return scalar(9);
  }

  /**
   * Current point θ.
   *
   * @param j parameter
   * @return element of the first lane
   */
  public int theta(int j) {
    return vector(0, j);
  }

  /**
   * Gradient of the cost at the current point.
   *
   * @param j parameter
   * @return element of the first lane
   */
  public int gradient(int j) {
    return vector(1, j);
  }

  /**
   * Square of the scale of a parameter; before the first evaluation the share of twice the cost
   * that it is at least.
   *
   * @param j parameter
   * @return element of the first lane
   */
  public int scale(int j) {
    return vector(2, j);
  }

  /**
   * Lower bound, used by bounded problems.
   *
   * @param j parameter
   * @return element of the first lane
   */
  public int lower(int j) {
    return vector(3, j);
  }

  /**
   * Upper bound, used by bounded problems.
   *
   * @param j parameter
   * @return element of the first lane
   */
  public int upper(int j) {
    return vector(4, j);
  }

  /**
   * Curvature JᵀJ at the current point.
   *
   * @param j row
   * @param k column, at most the row
   * @return element of the first lane
   */
  public int curvature(int j, int k) {
    return base + (SCALARS + VECTORS * parameters + j * (j + 1) / 2 + k) * lanes;
  }

  /**
   * One element, not one per lane: 1 when any lane's problem has ended.
   *
   * @return the element
   */
  public int signal() {
    return base + (SCALARS + VECTORS * parameters + triangle) * lanes;
  }

  /**
   * First element that the state does not use; a multiple of the number of lanes.
   *
   * @return end of the state
   */
  public int end() {
    return signal() + lanes;
  }
}
