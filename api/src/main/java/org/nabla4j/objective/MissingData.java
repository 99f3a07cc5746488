package org.nabla4j.objective;

/**
 * What a NaN in the data, in σ or in the weights means.
 *
 * <p>Other faults do not depend on it: a σ that is not finite and &gt; 0, or a weight that is not
 * finite and ≥ 0, ends the problem that holds it as {@code NON_FINITE}; where σ or weights are
 * shared by all problems, {@link LeastSquaresProblem.Builder#build()} refuses them, unless they are
 * of a table. An infinity among the data is a value like others, and a fault only where the model
 * makes a cost of it that is not finite.
 */
public enum MissingData {
  /**
   * A fault: the problem that holds it ends as {@code NON_FINITE} at its start, with no cost and no
   * errors, also where the model makes no use of the value, and its status message names the value;
   * the others are not affected.
   */
  REFUSE,
  /** A missing point: it is left out of that problem's sums and degrees of freedom. */
  OMIT
}
