package org.nabla4j.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.nabla4j.backend.Execution;
import org.nabla4j.backend.KernelPreference;
import org.nabla4j.cpu.codegen.KernelCompiler;
import org.nabla4j.data.Column;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.Formula;
import org.nabla4j.method.NewtonRaphson;
import org.nabla4j.result.Status;

/** Results of a {@link NewtonBatch}, in the order of its problems. */
final class NewtonResults implements NewtonBatch.Sink {

  private static final KernelCompiler SCALAR = KernelCompiler.scalar(false);
  private static final KernelCompiler VECTOR = KernelCompiler.vector(false).orElseThrow();

  /** What is to be minimised. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Problem(
      Expression term,
      List<String> parameters,
      Map<String, Column> constants,
      Map<String, Column> columns,
      Column starts,
      double[] lower,
      double[] upper,
      int problems) {

    /** A formula of x1 to xp without data, from rows of start values. */
    static Problem plain(String formula, double[][] starts) {
      return bounded(formula, starts, null, null);
    }

    static Problem bounded(String formula, double[][] starts, double[] lower, double[] upper) {
      return new Problem(
          Formula.parse(formula).expression(),
          names(starts[0].length),
          Map.of(),
          Map.of(),
          Column.perProblem(starts),
          lower,
          upper,
          starts.length);
    }

    NewtonBatch batch(NewtonRaphson method) {
      return new NewtonBatch(
          term,
          parameters,
          constants,
          columns,
          starts,
          IntStream.range(0, parameters.size()).toArray(),
          lower,
          upper,
          problems,
          method);
    }
  }

  final double[][] theta;
  final double[] value;
  final double[] gradientNorm;
  final Status[] status;
  final double[] statusValue;
  final int[] iterations;
  final int[] evaluations;
  private final double[] lower;
  private final double[] upper;
  private final AtomicIntegerArray calls;

  NewtonResults(Problem problem) {
    int problems = problem.problems();
    int p = problem.parameters().size();
    lower = new double[p];
    upper = new double[p];
    for (int j = 0; j < p; j++) {
      lower[j] = problem.lower() == null ? Double.NEGATIVE_INFINITY : problem.lower()[j];
      upper[j] = problem.upper() == null ? Double.POSITIVE_INFINITY : problem.upper()[j];
    }
    theta = new double[problems][];
    value = new double[problems];
    gradientNorm = new double[problems];
    status = new Status[problems];
    statusValue = new double[problems];
    iterations = new int[problems];
    evaluations = new int[problems];
    calls = new AtomicIntegerArray(problems);
  }

  static List<String> names(int p) {
    List<String> names = new ArrayList<>();
    for (int j = 1; j <= p; j++) {
      names.add("x" + j);
    }
    return names;
  }

  /** Minimises with one flavour of kernel, and asserts that it ran. */
  static NewtonResults of(
      Problem problem, NewtonRaphson method, Execution execution, KernelPreference flavour) {
    NewtonBatch batch = problem.batch(method);
    NewtonResults results = new NewtonResults(problem);
    boolean isVector = flavour == KernelPreference.VECTOR;
    String kernel =
        batch.solve(execution, isVector ? null : SCALAR, isVector ? () -> VECTOR : null, results);
    assertTrue(kernel.startsWith(isVector ? "vector " : "scalar "), kernel);
    return results;
  }

  @Override
  public void ended(
      long index,
      double[] at,
      double f,
      double[] gradient,
      Status how,
      double decided,
      int steps,
      int evaluated) {
    int i = (int) index;
    assertEquals(1, calls.incrementAndGet(i), "results of problem " + i);
    theta[i] = at.clone();
    value[i] = f;
    gradientNorm[i] = gradient == null ? Double.NaN : norm(at, gradient);
    status[i] = how;
    statusValue[i] = decided;
    iterations[i] = steps;
    evaluations[i] = evaluated;
  }

  /** Without what pushes a parameter against its bound. */
  private double norm(double[] at, double[] gradient) {
    double squares = 0;
    for (int j = 0; j < at.length; j++) {
      double g = gradient[j];
      boolean held = (at[j] <= lower[j] && g > 0) || (at[j] >= upper[j] && g < 0);
      squares += held ? 0 : g * g;
    }
    return Math.sqrt(squares);
  }

  boolean hasEnded(int i) {
    return calls.get(i) == 1;
  }

  int size() {
    return value.length;
  }

  /** Asserts that problem i ended exactly as problem k of another batch. */
  void assertSame(int i, NewtonResults other, int k, String what) {
    String where = what + ", problem " + i;
    assertTrue(hasEnded(i) && other.hasEnded(k), where);
    assertEquals(status[i], other.status[k], where);
    assertArrayEquals(theta[i], other.theta[k], where);
    assertEquals(value[i], other.value[k], where);
    assertEquals(gradientNorm[i], other.gradientNorm[k], where);
    assertEquals(statusValue[i], other.statusValue[k], where);
    assertEquals(iterations[i], other.iterations[k], where);
    assertEquals(evaluations[i], other.evaluations[k], where);
  }
}
