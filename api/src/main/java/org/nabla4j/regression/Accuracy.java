package org.nabla4j.regression;

/** With how many digits the sums of a linear regression are made. */
public enum Accuracy {
  /**
   * As the data ask for it. Small tables, and rows that can be read only once, are summed up in
   * double-double. Others are summed up in double, and κ, the condition number of the columns,
   * decides: κ &lt; 10³ is good enough; κ &lt; 10⁶ takes one pass that refines; beyond, sums are
   * made again in double-double for up to 100 columns, and refined until nothing changes for more.
   */
  AUTO,
  /** One pass in double: loses about 2·log₁₀ κ of 16 digits. */
  DOUBLE,
  /** Passes in double, of which all but the first refine, until nothing changes. */
  REFINED,
  /** One pass in double-double: all digits of a double up to κ of about 10⁸. */
  DOUBLE_DOUBLE
}
