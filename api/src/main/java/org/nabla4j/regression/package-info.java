/**
 * Regression over any number of rows: formulas of terms, the design that they give, models with
 * their inference.
 *
 * <p>Every model is computed from sums over rows, {@link org.nabla4j.regression.RowPass}, that a
 * backend makes; what is done with the sums is done here.
 */
package org.nabla4j.regression;
