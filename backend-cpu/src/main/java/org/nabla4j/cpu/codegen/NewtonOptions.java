package org.nabla4j.cpu.codegen;

import java.util.List;

/**
 * What the code of a Newton step depends on.
 *
 * @param parameters p, at most {@link KernelCompiler#STRAIGHT_LINE_PARAMETERS}
 * @param problemConstants constants of each problem, for the layout of the tile
 * @param bounded whether there are box bounds
 * @param gradientTolerance largest relative gradient of a solution
 * @param valueTolerance relative reduction of f that ends a search, 0 for no such test
 * @param parameterTolerance relative change of θ that ends a search, 0 for no such test
 * @param limit steps
 * @param zeros for each entry of the Hessian's lower triangle, packed by rows, whether it is always
 *     0: nothing is computed with it
 */
public record NewtonOptions(
    int parameters,
    int problemConstants,
    boolean bounded,
    double gradientTolerance,
    double valueTolerance,
    double parameterTolerance,
    int limit,
    List<Boolean> zeros) {

  /**
   * Copies the list.
   *
   * @param parameters p, at most {@link KernelCompiler#STRAIGHT_LINE_PARAMETERS}
   * @param problemConstants constants of each problem, for the layout of the tile
   * @param bounded whether there are box bounds
   * @param gradientTolerance largest relative gradient of a solution
   * @param valueTolerance relative reduction of f that ends a search, 0 for no such test
   * @param parameterTolerance relative change of θ that ends a search, 0 for no such test
   * @param limit steps
   * @param zeros for each entry of the Hessian's lower triangle, packed by rows, whether it is
   *     always 0
   */
  public NewtonOptions {
    zeros = List.copyOf(zeros);
  }

  boolean isZero(int row, int column) {
    return zeros.get(row * (row + 1) / 2 + column);
  }
}
