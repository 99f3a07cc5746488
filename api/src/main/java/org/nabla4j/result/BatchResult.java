package org.nabla4j.result;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What the results of batches of any kind have in common: for each of B problems its parameters,
 * how it ended and what it took. Everything is kept in arrays.
 */
public abstract sealed class BatchResult permits BatchFit, BatchMinima, BatchRoots {

  private final Outcomes outcomes;
  private final List<String> names;
  private final String kind;

  /**
   * Over a builder's arrays.
   *
   * @param outcomes how each problem ended
   * @param names of the parameters
   * @param kind what a parameter is called in messages
   */
  BatchResult(Outcomes outcomes, List<String> names, String kind) {
    this.outcomes = outcomes;
    this.names = names;
    this.kind = kind;
  }

  /**
   * The name of the backend that ran.
   *
   * @return its name
   */
  public final String backend() {
    return outcomes.backend;
  }

  /**
   * What evaluated the functions: the flavour of kernels, or whose code.
   *
   * @return a short text such as {@code vector 8 x double, fma}
   */
  public final String kernel() {
    return outcomes.kernel;
  }

  /**
   * The number of problems B.
   *
   * @return B
   */
  public final long problems() {
    return outcomes.problems();
  }

  /**
   * The names of the parameters, in order.
   *
   * @return p names, not modifiable
   */
  public final List<String> parameterNames() {
    return names;
  }

  /**
   * How a problem ended.
   *
   * @param index the problem, 0 to B-1
   * @return its status
   */
  public final Status status(long index) {
    return outcomes.status(check(index));
  }

  /**
   * How a problem ended, with the value that decided beside its threshold.
   *
   * @param index the problem, 0 to B-1
   * @return one line
   */
  public abstract String statusMessage(long index);

  /**
   * Whether a problem's parameters are a solution.
   *
   * @param index the problem, 0 to B-1
   * @return true if it converged
   */
  public final boolean converged(long index) {
    return status(index).converged();
  }

  /**
   * How many problems converged.
   *
   * @return their number
   */
  public final long convergedCount() {
    long count = 0;
    for (int i = 0; i < outcomes.problems(); i++) {
      count += outcomes.status(i).converged() ? 1 : 0;
    }
    return count;
  }

  /**
   * How many problems ended in which way.
   *
   * @return the number of problems by status, without those that no problem ended in
   */
  public final Map<Status, Long> statusCounts() {
    Map<Status, Long> counts = new EnumMap<>(Status.class);
    for (int i = 0; i < outcomes.problems(); i++) {
      counts.merge(outcomes.status(i), 1L, Long::sum);
    }
    return counts;
  }

  /**
   * A parameter of a problem.
   *
   * @param index the problem, 0 to B-1
   * @param parameter the parameter, 0 to p-1
   * @return its value
   */
  public final double parameter(long index, int parameter) {
    return outcomes.parameters.get(check(index), checkParameter(parameter));
  }

  /**
   * A parameter of a problem by name.
   *
   * @param index the problem, 0 to B-1
   * @param name the parameter's name
   * @return its value
   * @throws IllegalArgumentException if there is no parameter of that name
   */
  public final double parameter(long index, String name) {
    return parameter(index, indexOf(name));
  }

  /**
   * The parameters of a problem.
   *
   * @param index the problem, 0 to B-1
   * @return a new array of p values
   */
  public final double[] parameters(long index) {
    return row(outcomes.parameters, index);
  }

  /**
   * The parameters of all problems.
   *
   * @return a new array of B·p values, problem after problem
   * @throws IllegalStateException if one array cannot hold them
   */
  public final double[] parameters() {
    return outcomes.parameters.flat("parameters");
  }

  /**
   * The parameters of all problems as an ND4J array.
   *
   * @return a new array {@code [B, p]} of doubles
   * @throws IllegalStateException if one array cannot hold them
   */
  public final INDArray parametersArray() {
    return matrix(parameters(), width());
  }

  /**
   * The number of steps that a problem tried, those of all attempts together.
   *
   * @param index the problem, 0 to B-1
   * @return iterations
   */
  public final int iterations(long index) {
    return outcomes.iterations[check(index)];
  }

  /**
   * The number of times that the function of a problem was evaluated for its solution, with or
   * without derivatives; the pass over the data that the covariance of a robust fit takes at its
   * end is not among them.
   *
   * @param index the problem, 0 to B-1
   * @return evaluations
   */
  public final int evaluations(long index) {
    return outcomes.evaluations[check(index)];
  }

  /**
   * The number of evaluations of all problems together.
   *
   * @return their sum
   */
  public final long totalEvaluations() {
    long total = 0;
    for (int e : outcomes.evaluations) {
      total += e;
    }
    return total;
  }

  /**
   * The time that the backend spent before it went to work on the problems, wall clock. What it
   * leaves until its workers ask for it counts as solving: the CPU backend derives and compiles
   * kernels there, so that this is then next to nothing, and the first solve of a formula takes
   * longer than the next. Reading and checking the settings, before the backend is called, is in
   * neither.
   *
   * @return seconds
   */
  public final double prepareSeconds() {
    return outcomes.prepareNanos * 1e-9;
  }

  /**
   * The time spent on solving, wall clock: from the end of {@link #prepareSeconds()} to the last
   * result, derivatives and compilation of kernels included where they are not in the former.
   *
   * @return seconds
   */
  public final double solveSeconds() {
    return outcomes.solveNanos * 1e-9;
  }

  /** Parameters in a problem. */
  final int width() {
    return outcomes.parameters.width();
  }

  /** The quantity that decided how a problem ended. */
  final double statusValue(long index) {
    return outcomes.statusValues[check(index)];
  }

  /** The parameters of all problems. */
  final DoubleTable parameterTable() {
    return outcomes.parameters;
  }

  /** The cost, f, or what is left of F, of all problems. */
  final DoubleTable valueTable() {
    return outcomes.values;
  }

  final int check(long index) {
    return (int) Objects.checkIndex(index, (long) outcomes.problems());
  }

  final int checkParameter(int parameter) {
    return Objects.checkIndex(parameter, width());
  }

  final int indexOf(String name) {
    Objects.requireNonNull(name, "name");
    int index = names.indexOf(name);
    if (index < 0) {
      throw new IllegalArgumentException("no " + kind + " " + name + ", expected one of " + names);
    }
    return index;
  }

  /** A row of a table; a copy. */
  final double[] row(DoubleTable table, long index) {
    double[] values = new double[table.width()];
    table.get(check(index), values, 0);
    return values;
  }

  static INDArray matrix(double[] values, int columns) {
    return Nd4j.create(values, new long[] {values.length / columns, columns}, DataType.DOUBLE);
  }

  /**
   * What was solved, how the problems ended, how long it took. Problems that were cancelled do not
   * count in the problems per second. Several lines, the last one without a line end.
   *
   * @param problem what was solved
   * @param things what a problem is called, in the plural
   * @param fate what those that converged did; a comma at its end stays where none was cancelled
   * @param method how, behind a comma; empty to leave it out
   */
  final String summary(Object problem, String things, String fate, String method) {
    Map<Status, Long> counts = statusCounts();
    long cancelled = counts.getOrDefault(Status.CANCELLED, 0L);
    String missing = (fate.endsWith(",") ? " " : ", ") + cancelled + " were cancelled,";
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%s\n%d of %d %s %s%s in %s s (%s %s/s), %d evaluations%s, backend %s (%s)",
            problem,
            convergedCount(),
            problems(),
            things,
            fate,
            cancelled > 0 ? missing : "",
            Report.number(solveSeconds(), 3),
            Report.number((problems() - cancelled) / Math.max(solveSeconds(), 1e-9), 4),
            things,
            totalEvaluations(),
            method,
            backend(),
            kernel()));
    counts.forEach(
        (status, count) -> text.append(String.format(Locale.ROOT, "\n  %-22s %d", status, count)));
    return text.toString();
  }
}
