package org.nabla4j.regression;

import java.util.List;
import org.nabla4j.expression.Expression;

/**
 * A design over the rows of a table, compiled by a backend and ready for passes. Used by one thread
 * at a time; the passes themselves use all threads of their execution. Sums never depend on the
 * number of threads.
 */
public interface RowPasses extends AutoCloseable {

  /**
   * Makes a pass.
   *
   * @param pass what to sum up
   * @return the sums
   * @throws org.nabla4j.data.RowException if the rows cannot be read, or hold something missing
   *     that is not to be left out
   * @throws java.util.concurrent.CancellationException if the execution was cancelled
   */
  RowSums sum(RowPass pass);

  /**
   * Computes values of every row, in the order of the rows.
   *
   * @param values expressions of the row's symbols, see {@link RowPass}
   * @param pass its coefficients, leverage factor, shift and row limit are used
   * @param sink told of each block in order, on the calling thread
   */
  void map(List<Expression> values, RowPass pass, RowSink sink);

  /** Receives values of rows. */
  @FunctionalInterface
  interface RowSink {

    /**
     * Takes the values of a run of rows.
     *
     * @param rows how many; rows that were left out are among them, with NaN
     * @param values for each expression the values of these rows; valid during the call only
     */
    void accept(int rows, double[][] values);
  }

  /**
   * What computes, for people to read.
   *
   * @return flavour and precision of the kernels
   */
  String kernel();

  /** Gives back memory. The rows stay open to others. */
  @Override
  void close();
}
