package org.nabla4j.bench;

/** Code that does nothing but multiply and add, as fast as one core can. */
abstract class PeakKernel {

  /**
   * Runs.
   *
   * @param rounds how often
   * @return a number that depends on every operation, so that none is left out
   */
  abstract double run(int rounds);

  /** Operations of one round, a multiplication and an addition counting two. */
  abstract double flopsPerRound();
}
