package org.nabla4j.regression;

/** What becomes of a column of X that is a linear combination of columns before it. */
public enum DependentColumns {
  /** It is left out, its coefficient is NaN, and the result names the combination. */
  DROP,
  /** The fit throws an {@link IllegalArgumentException} that names the combination. */
  REFUSE
}
