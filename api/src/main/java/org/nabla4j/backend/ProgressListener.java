package org.nabla4j.backend;

/** Is told how far a solve has come. */
@FunctionalInterface
public interface ProgressListener {

  /**
   * Called now and then, by one thread at a time, and at the end. Of a batch {@code done} comes to
   * {@code total} unless it is cancelled. Nobody knows how many evaluations a single problem needs:
   * {@code total} is their limit while it runs, and the last call of a fit by {@link
   * org.nabla4j.CurveFit}, unless it was cancelled, has those that it took for both.
   *
   * @param done problems that have ended; for a single problem, evaluations so far
   * @param total all problems; for a single problem, the limit of evaluations, and in the last call
   *     their number
   */
  void progress(long done, long total);
}
