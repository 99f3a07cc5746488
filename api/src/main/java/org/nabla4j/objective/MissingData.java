package org.nabla4j.objective;

/** What a NaN in the data means. */
public enum MissingData {
  /**
   * A fault: the problem that holds it ends as non-finite, and its status message names the value;
   * the others are not affected.
   */
  REFUSE,
  /** A missing point: it is left out of that problem's sums and degrees of freedom. */
  OMIT
}
