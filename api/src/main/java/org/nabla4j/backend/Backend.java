package org.nabla4j.backend;

import java.util.Objects;
import org.nabla4j.data.Rows;
import org.nabla4j.method.LeastSquaresMethod;
import org.nabla4j.method.MinimizationMethod;
import org.nabla4j.method.RootFinding;
import org.nabla4j.objective.EquationProblem;
import org.nabla4j.objective.LeastSquaresProblem;
import org.nabla4j.objective.MinimizationProblem;
import org.nabla4j.regression.Design;
import org.nabla4j.regression.RowPasses;
import org.nabla4j.result.BatchFit;
import org.nabla4j.result.BatchMinima;
import org.nabla4j.result.BatchRoots;

/**
 * An open backend: compiles problems for its device and solves them. Safe for use by several
 * threads.
 */
public interface Backend extends AutoCloseable {

  /**
   * The name by which it is asked for.
   *
   * @return a short lower-case word such as {@code cpu}
   */
  String name();

  /**
   * The device and the flavour of kernels that it runs, for people to read.
   *
   * @return one line
   */
  String description();

  /**
   * Solves every problem of a batch.
   *
   * @param problem what to minimise
   * @param method how
   * @param execution on which threads, watched and cancelled by whom
   * @return a result for every problem; one that could not be solved says so in its status
   */
  BatchFit solve(LeastSquaresProblem problem, LeastSquaresMethod method, Execution execution);

  /**
   * Minimises every problem of a batch.
   *
   * <p>Of a single problem the listener of the execution is told iterations and their limit.
   *
   * @param problem what to minimise
   * @param method how; one for constraints if there are any
   * @param execution on which threads, watched and cancelled by whom
   * @return a result for every problem; one that could not be solved says so in its status. What
   *     the caller's own code throws comes out as it is
   * @throws IllegalArgumentException if the method does not fit the problem
   * @throws UnsupportedOperationException if this backend does not minimise
   */
  default BatchMinima minimize(
      MinimizationProblem problem, MinimizationMethod method, Execution execution) {
    Objects.requireNonNull(problem, "problem");
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(execution, "execution");
    throw new UnsupportedOperationException("the backend " + name() + " does not minimise");
  }

  /**
   * Finds a root of every problem of a batch.
   *
   * @param problem the equations
   * @param method how
   * @param execution on which threads, watched and cancelled by whom
   * @return a result for every problem; one that could not be solved says so in its status
   * @throws UnsupportedOperationException if this backend finds no roots
   */
  default BatchRoots solve(EquationProblem problem, RootFinding method, Execution execution) {
    Objects.requireNonNull(problem, "problem");
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(execution, "execution");
    throw new UnsupportedOperationException("the backend " + name() + " solves no equations");
  }

  /**
   * Prepares sums over the rows of a table, from which regressions are computed.
   *
   * @param design what is computed of each row
   * @param rows the table
   * @param execution on which threads, watched and cancelled by whom; the listener is told rows
   *     done, and all rows or -1
   * @return passes over the rows, to be closed by the caller
   * @throws UnsupportedOperationException if this backend has no regressions
   */
  default RowPasses passes(Design design, Rows rows, Execution execution) {
    Objects.requireNonNull(design, "design");
    Objects.requireNonNull(rows, "rows");
    Objects.requireNonNull(execution, "execution");
    throw new UnsupportedOperationException("the backend " + name() + " makes no regressions");
  }

  /** Gives back memory, compiled kernels and the device. Closing twice has no effect. */
  @Override
  void close();
}
