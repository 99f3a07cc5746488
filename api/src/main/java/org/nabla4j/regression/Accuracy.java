package org.nabla4j.regression;

/** With how many digits the sums of a linear regression are made. */
public enum Accuracy {
  /**
   * As the data ask for it. Small tables, rows that can be read only once and files of unknown
   * length are summed up in double-double. Others are summed up in double, and κ, the condition
   * number of the columns, decides: κ &lt; 10³ is good enough; κ &lt; 10⁵ takes one pass that
   * refines coefficients, while standard errors keep about 16 − 2·log₁₀ κ digits; beyond, sums are
   * made again in double-double for up to 100 columns, and refined until nothing changes for more.
   * Where columns are so far from 0 that residuals would be rounded too much to refine, and for
   * several responses, double-double takes the place of refining. Above κ = 10⁷ one more pass
   * refines what double-double gave.
   */
  AUTO,
  /** One pass in double: loses about 2·log₁₀ κ of 16 digits. */
  DOUBLE,
  /**
   * Passes in double, of which all but the first refine, until nothing changes. Several responses
   * are summed up in double-double instead.
   */
  REFINED,
  /** One pass in double-double: all digits of a double up to κ of about 10⁸. */
  DOUBLE_DOUBLE
}
