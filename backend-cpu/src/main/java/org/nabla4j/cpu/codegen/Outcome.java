package org.nabla4j.cpu.codegen;

/** Why a problem ended, as the step's code leaves it in {@link StateLayout#outcome()}. */
public final class Outcome {

  /** Outcomes: 0 goes on. */
  public static final int RUNNING = 0;

  /** The cost no longer falls. */
  public static final int COST = 1;

  /** The parameters no longer change. */
  public static final int PARAMETERS = 2;

  /** The gradient vanishes. */
  public static final int GRADIENT = 3;

  /** The limit of evaluations is reached. */
  public static final int LIMIT = 4;

  /** The method gets no further, or polishing does not contract: a careful look is needed. */
  public static final int HARD = 5;

  /** The model is not finite at the start. */
  public static final int NON_FINITE = 6;

  /** The objective falls without end. */
  public static final int UNBOUNDED = 7;

  /** The gradient vanishes where curvature is negative, and no way down was found. */
  public static final int SADDLE = 8;

  private Outcome() {}
}
