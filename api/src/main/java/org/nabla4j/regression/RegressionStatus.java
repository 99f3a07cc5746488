package org.nabla4j.regression;

/** How a regression ended. */
public enum RegressionStatus {
  /** The coefficients are the solution. */
  SOLVED(true),
  /**
   * Columns that depend on others were left out, see {@link RegressionFit#dependencies()}; the
   * coefficients of the others are the solution.
   */
  RANK_DEFICIENT(true),
  /**
   * The limit of iterations was reached first, or steps ended without a solution; the coefficients
   * are the last ones.
   */
  ITERATION_LIMIT(false),
  /**
   * Some combination of columns tells outcomes apart without error: coefficients grow without end.
   */
  SEPARATED(false),
  /** No coefficients were found at which every row has a mean, to begin with: give some. */
  NO_START(false),
  /** There is no row with a weight above 0: nothing is known. */
  NO_ROWS(false),
  /** The sums are not finite: the data hold infinities, or values whose squares overflow. */
  NON_FINITE(false);

  private final boolean converged;

  RegressionStatus(boolean converged) {
    this.converged = converged;
  }

  /**
   * Whether the coefficients are a solution.
   *
   * @return true for {@link #SOLVED} and {@link #RANK_DEFICIENT}
   */
  public boolean converged() {
    return converged;
  }
}
