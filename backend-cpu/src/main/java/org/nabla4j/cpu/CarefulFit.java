package org.nabla4j.cpu;

import org.nabla4j.result.BatchFit;
import org.nabla4j.result.Status;

/** Solves single problems that need a closer look than lanes can take. */
interface CarefulFit {

  /** Makes one for a thread; any thread may ask. */
  @FunctionalInterface
  interface Factory {
    CarefulFit create(ResidualProgram program);
  }

  /**
   * Solves a problem that lanes could not.
   *
   * @param problem which one
   * @param last free parameters where the lane stopped; not modified
   * @param status why it stopped, {@link Status#NO_PROGRESS}, {@link Status#ITERATION_LIMIT}, or
   *     {@link Status#NON_FINITE} where float may not have held the start
   * @param spent evaluations that have been made
   * @param results receives everything about the problem
   */
  void fromStart(long problem, double[] last, Status status, int spent, BatchFit.Builder results);

  /**
   * Improves an answer whose curvature is ill-conditioned, and says how sure it is. Where it is
   * stopped before it knows, what has been written of the problem stands.
   *
   * @param problem which one
   * @param theta free parameters of the answer; not modified
   * @param spent evaluations that have been made
   * @param results receives everything about the problem
   */
  void fromAnswer(long problem, double[] theta, int spent, BatchFit.Builder results);
}
