package org.nabla4j.cpu.codegen;

/**
 * Where the state of a tile's equations lies: one array of doubles, for each quantity one element
 * per lane. What a search carries from step to step comes first, then what {@code check} finds,
 * then the constants of each problem, then what was computed of them once for all steps.
 */
public final class RootLayout {

  private static final int SCALARS = 15;

  private final int lanes;
  private final int constants;
  private final int prepared;

  RootLayout(int lanes, int constants, int prepared) {
    this.lanes = lanes;
    this.constants = constants;
    this.prepared = prepared;
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
   * The point that is evaluated next.
   *
   * @return element of the first lane
   */
  public int x() {
    return 0;
  }

  /**
   * Lower end of the interval that the root is looked for in, −∞ at first where there is none.
   *
   * @return element of the first lane
   */
  public int lower() {
    return lanes;
  }

  /**
   * Upper end of the interval, +∞ at first where there is none.
   *
   * @return element of the first lane
   */
  public int upper() {
    return 2 * lanes;
  }

  /** Sign that F has at the lower end, as far as known. */
  int sign() {
    return 3 * lanes;
  }

  /**
   * Length of the last step; set to a huge number at first.
   *
   * @return element of the first lane
   */
  public int step() {
    return 4 * lanes;
  }

  /**
   * Length of the step before; set to a huge number at first.
   *
   * @return element of the first lane
   */
  public int earlierStep() {
    return 5 * lanes;
  }

  /**
   * |F| at the last point; set to a huge number at first.
   *
   * @return element of the first lane
   */
  public int magnitude() {
    return 6 * lanes;
  }

  /**
   * Evaluations so far, 0 at first.
   *
   * @return element of the first lane
   */
  public int evaluations() {
    return 7 * lanes;
  }

  /**
   * How the search of a lane stands: 0 goes on, see {@link RootKernel}.
   *
   * @return element of the first lane
   */
  public int outcome() {
    return 8 * lanes;
  }

  /** The step that is wanted. */
  int wanted() {
    return 9 * lanes;
  }

  /**
   * F, found by {@code check}.
   *
   * @return element of the first lane
   */
  public int residual() {
    return 10 * lanes;
  }

  /**
   * The Newton step −F/F′, found by {@code check}.
   *
   * @return element of the first lane
   */
  public int correction() {
    return 11 * lanes;
  }

  /**
   * How far rounding can shift F, found by {@code check}.
   *
   * @return element of the first lane
   */
  public int bound() {
    return 12 * lanes;
  }

  /**
   * How far the root can be from x, found by {@code check}.
   *
   * @return element of the first lane
   */
  public int uncertainty() {
    return 13 * lanes;
  }

  /** The only sign that F was seen with, 0 once both were. */
  int onlySign() {
    return 14 * lanes;
  }

  /**
   * A constant of a problem.
   *
   * @param k constant
   * @return element of the first lane
   */
  public int constant(int k) {
    return (SCALARS + k) * lanes;
  }

  /**
   * What {@code prepare} computes of the constants.
   *
   * @param k quantity
   * @return element of the first lane
   */
  public int prepared(int k) {
    return (SCALARS + constants + k) * lanes;
  }

  /**
   * Number of quantities that {@code prepare} computes.
   *
   * @return their number
   */
  public int preparedCount() {
    return prepared;
  }

  /**
   * One element, not one per lane: 1 when any lane's search has ended.
   *
   * @return the element
   */
  public int signal() {
    return prepared(prepared);
  }

  /** First element that is free. */
  int end() {
    return signal() + lanes;
  }
}
