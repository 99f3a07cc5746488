package org.nabla4j.backend;

/** Is told how far a solve has come. */
@FunctionalInterface
public interface ProgressListener {

  /**
   * Called now and then, by one thread at a time, and once at the end.
   *
   * <p>Of a batch {@code done} comes to {@code total} unless it is cancelled. Nobody knows how many
   * evaluations a single problem needs: {@code total} is the most that it may take, {@link
   * org.nabla4j.method.LeastSquaresMethod#evaluationLimit(int)}, and a fit that converges ends far
   * below it. That it has ended shows in the return of the call that solves.
   *
   * @param done problems that have ended; for a single problem, evaluations so far
   * @param total all problems; for a single problem, the limit of evaluations, not their number
   */
  void progress(long done, long total);
}
