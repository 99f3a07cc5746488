package org.nabla4j.cpu;

import org.nabla4j.result.BatchFit;

/** Solves single problems that need a closer look than lanes can take. */
interface CarefulFit {

  /** Makes one for a thread. */
  @FunctionalInterface
  interface Factory {
    CarefulFit create(ResidualProgram program);
  }

  /** Solves from the problem's own start; {@code spent} evaluations have been made in vain. */
  void fromStart(long problem, int spent, BatchFit.Builder results);

  /** Improves an answer whose curvature is ill-conditioned, and says how sure it is. */
  void fromAnswer(long problem, double[] theta, int spent, BatchFit.Builder results);
}
