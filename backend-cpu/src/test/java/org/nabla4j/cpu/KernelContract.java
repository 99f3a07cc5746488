package org.nabla4j.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.nabla4j.backend.Backend;
import org.nabla4j.backend.Execution;
import org.nabla4j.backend.KernelPreference;
import org.nabla4j.data.Column;
import org.nabla4j.method.LeastSquaresMethod;
import org.nabla4j.method.LevenbergMarquardt;
import org.nabla4j.objective.LeastSquaresProblem;
import org.nabla4j.objective.Precision;
import org.nabla4j.result.BatchFit;

/** What every flavour of kernel must do; subclasses run it for one flavour. */
abstract class KernelContract {

  /** One for all tests, so that each kernel is compiled once. */
  static final Backend CPU = new CpuBackend();

  private final KernelPreference flavour;

  KernelContract(KernelPreference flavour) {
    this.flavour = flavour;
  }

  /** Solves on one thread with default options. */
  final BatchFit solve(LeastSquaresProblem problem) {
    return solve(problem, LevenbergMarquardt.defaults());
  }

  final BatchFit solve(LeastSquaresProblem problem, LeastSquaresMethod method) {
    return solve(problem, method, Execution.defaults().withParallelism(1));
  }

  /** Solves, and asserts what ran. */
  final BatchFit solve(
      LeastSquaresProblem problem, LeastSquaresMethod method, Execution execution) {
    return solve(CPU, flavour, problem, method, execution);
  }

  final Execution execution() {
    return Execution.defaults().withKernel(flavour);
  }

  final KernelPreference flavour() {
    return flavour;
  }

  static BatchFit solve(
      Backend backend,
      KernelPreference flavour,
      LeastSquaresProblem problem,
      LeastSquaresMethod method,
      Execution execution) {
    BatchFit fits = backend.solve(problem, method, execution.withKernel(flavour));
    assertEquals("cpu", fits.backend());
    String word = flavour == KernelPreference.SCALAR ? "scalar " : "vector ";
    String type = problem.precision() == Precision.SINGLE ? "float" : "double";
    assertTrue(fits.kernel().startsWith(word), fits.kernel());
    assertTrue(fits.kernel().contains(type), fits.kernel());
    return fits;
  }

  /** Asserts that problem i of one batch ended exactly as problem k of another. */
  static void assertSame(BatchFit expected, long i, BatchFit actual, long k, String what) {
    String where = what + ", problem " + i;
    assertEquals(expected.status(i), actual.status(k), where);
    assertEquals(expected.iterations(i), actual.iterations(k), where);
    assertEquals(expected.evaluations(i), actual.evaluations(k), where);
    assertBits(expected.cost(i), actual.cost(k), where + ": cost");
    for (int j = 0; j < expected.parameterNames().size(); j++) {
      assertBits(expected.parameter(i, j), actual.parameter(k, j), where + ": parameter " + j);
      assertBits(expected.standardError(i, j), actual.standardError(k, j), where + ": error " + j);
    }
  }

  private static void assertBits(double expected, double actual, String what) {
    assertEquals(Double.doubleToLongBits(expected), Double.doubleToLongBits(actual), what);
  }

  /** Rows of a table in another order. */
  static double[][] rows(double[][] table, int[] order) {
    double[][] result = new double[order.length][];
    for (int i = 0; i < order.length; i++) {
      result[i] = table[order[i]];
    }
    return result;
  }

  static float[][] toFloat(double[][] table) {
    float[][] result = new float[table.length][];
    for (int i = 0; i < table.length; i++) {
      result[i] = toFloat(table[i]);
    }
    return result;
  }

  static float[] toFloat(double[] row) {
    float[] result = new float[row.length];
    for (int k = 0; k < row.length; k++) {
      result[k] = (float) row[k];
    }
    return result;
  }

  /** Own data of each problem, as double or float. */
  static Column own(double[][] rows, Precision precision) {
    return precision == Precision.SINGLE
        ? Column.perProblem(toFloat(rows))
        : Column.perProblem(rows);
  }

  /** Data of all problems, as double or float. */
  static Column common(double[] row, Precision precision) {
    return precision == Precision.SINGLE ? Column.shared(toFloat(row)) : Column.shared(row);
  }
}
