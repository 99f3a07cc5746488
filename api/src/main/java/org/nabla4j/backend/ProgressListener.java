package org.nabla4j.backend;

/** Is told how far a solve has come. */
@FunctionalInterface
public interface ProgressListener {

  /**
   * Called now and then, by one thread at a time, and once at the end.
   *
   * @param done problems that have ended; for a single problem, evaluations so far
   * @param total all problems; for a single problem, the limit of evaluations
   */
  void progress(long done, long total);
}
