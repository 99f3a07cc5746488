package org.nabla4j.program;

/**
 * What a value of a {@link Program} varies with, and so how often it has to be computed.
 *
 * <p>The classes form a lattice under {@link #join}: {@code CONSTANT} is below everything, {@code
 * POINT} is above everything, and {@code PARAMETER} and {@code SHARED} are not comparable: a value
 * that depends on both changes with every problem and every data point.
 *
 * <p>The order of declaration is the order in which a program lists its instructions.
 */
public enum Dependence {
  /** The same number always: computed once per kernel. */
  CONSTANT,
  /** Depends on parameters and per-problem constants only: computed once per evaluation. */
  PARAMETER,
  /** Depends on shared data columns only: computed once per batch and stored as a column. */
  SHARED,
  /** Depends on the problem and the data point: computed in the innermost loop. */
  POINT;

  /**
   * The class of a value computed from one value of this class and one of {@code other}: the least
   * upper bound.
   *
   * @param other the other operand's class
   * @return the least class that is not below either
   */
  public Dependence join(Dependence other) {
    if (this == other || other == CONSTANT) {
      return this;
    }
    return this == CONSTANT ? other : POINT;
  }

  /**
   * Whether a value of this class is the same for all data points of one problem.
   *
   * @return true for {@link #CONSTANT} and {@link #PARAMETER}
   */
  public boolean isPointInvariant() {
    return this == CONSTANT || this == PARAMETER;
  }
}
