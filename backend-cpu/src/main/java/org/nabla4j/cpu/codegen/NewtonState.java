package org.nabla4j.cpu.codegen;

/**
 * Where {@link NewtonCode} keeps its state of a tile's problems, after what {@link TileLayout}
 * describes: for each quantity one element per lane.
 */
public final class NewtonState {

  private static final int SCALARS = 12;
  private static final int VECTORS = 4;

  private final int base;
  private final int lanes;
  private final int parameters;

  /**
   * Lays out the state behind the sums.
   *
   * @param tile layout of the sums
   */
  public NewtonState(TileLayout tile) {
    this.base = tile.end();
    this.lanes = tile.lanes();
    this.parameters = tile.parameters();
  }

  private int scalar(int k) {
    return base + k * lanes;
  }

  private int vector(int k, int j) {
    return base + (SCALARS + k * parameters + j) * lanes;
  }

  /**
   * f at the current point.
   *
   * @return element of the first lane
   */
  public int value() {
    return scalar(0);
  }

  /**
   * Damping λ.
   *
   * @return element of the first lane
   */
  public int damping() {
    return scalar(1);
  }

  /**
   * Reduction of f that the quadratic model predicts for the trial point.
   *
   * @return element of the first lane
   */
  public int predicted() {
    return scalar(2);
  }

  /**
   * −gᵀδ of the step to the trial point: the reduction of f if it were linear.
   *
   * @return element of the first lane
   */
  public int slope() {
    return scalar(3);
  }

  /**
   * −gᵀδ / ‖Dδ‖²: how much damping would halve the step.
   *
   * @return element of the first lane
   */
  public int rate() {
    return scalar(4);
  }

  /**
   * Numerator of the relative gradient at the current point.
   *
   * @return element of the first lane
   */
  public int gradientNumerator() {
    return scalar(5);
  }

  /**
   * Denominator of the relative gradient at the current point.
   *
   * @return element of the first lane
   */
  public int gradientDenominator() {
    return scalar(6);
  }

  /**
   * Relative length, with its sign, of a step along a direction of negative curvature; 0 where the
   * trial point lies at the end of an ordinary step.
   *
   * @return element of the first lane
   */
  public int escape() {
    return scalar(7);
  }

  /**
   * Number of evaluations.
   *
   * @return element of the first lane
   */
  public int evaluations() {
    return scalar(8);
  }

  /**
   * Why the problem ended, one of the codes of {@link Outcome}; 0 while it goes on.
   *
   * @return element of the first lane
   */
  public int outcome() {
    return scalar(9);
  }

  /**
   * The quantity that met the test of value or parameters: |Δf|, or the relative change of the
   * parameters.
   *
   * @return element of the first lane
   */
  public int tested() {
    return scalar(10);
  }

  /**
   * Reduction of f that the quadratic model predicts for the step before it is cut or projected.
   *
   * @return element of the first lane
   */
  public int gain() {
    return scalar(11);
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
   * Gradient at the current point.
   *
   * @param j parameter
   * @return element of the first lane
   */
  public int gradient(int j) {
    return vector(1, j);
  }

  /**
   * Lower bound, used by bounded problems.
   *
   * @param j parameter
   * @return element of the first lane
   */
  public int lower(int j) {
    return vector(2, j);
  }

  /**
   * Upper bound, used by bounded problems.
   *
   * @param j parameter
   * @return element of the first lane
   */
  public int upper(int j) {
    return vector(3, j);
  }

  /**
   * Hessian at the current point.
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
    return curvature(parameters, 0);
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
