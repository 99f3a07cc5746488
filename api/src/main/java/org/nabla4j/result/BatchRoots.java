package org.nabla4j.result;

import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.nabla4j.method.RootFinding;
import org.nabla4j.objective.EquationProblem;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The roots of a batch of equations: for each of B problems its status, the values of the unknowns,
 * how well they are known, and what is left of F. Everything is kept in arrays; {@link #get(long)}
 * looks at one problem.
 */
public final class BatchRoots {

  private final EquationProblem problem;
  private final RootFinding method;
  private final String backend;
  private final String kernel;
  private final DoubleTable values;
  private final DoubleTable uncertainties;
  private final DoubleTable residuals;
  private final BitSet jumps;
  private final byte[] statuses;
  private final int[] iterations;
  private final int[] evaluations;
  private final long prepareNanos;
  private final long solveNanos;

  private BatchRoots(Builder builder) {
    problem = builder.problem;
    method = builder.method;
    backend = builder.backend;
    kernel = builder.kernel;
    values = builder.values;
    uncertainties = builder.uncertainties;
    residuals = builder.residuals;
    jumps = builder.jumps;
    statuses = builder.statuses;
    iterations = builder.iterations;
    evaluations = builder.evaluations;
    prepareNanos = builder.prepareNanos;
    solveNanos = builder.solveNanos;
  }

  /**
   * Starts a result for a backend to fill.
   *
   * @param problem what is solved
   * @param method how
   * @param backend the name of the backend that runs
   * @param kernel the flavour of kernels that runs, for people to read
   * @return a builder in which every problem is cancelled until set
   */
  public static Builder builder(
      EquationProblem problem, RootFinding method, String backend, String kernel) {
    return new Builder(problem, method, backend, kernel);
  }

  /**
   * What was solved.
   *
   * @return the problem
   */
  public EquationProblem problem() {
    return problem;
  }

  /**
   * How it was solved.
   *
   * @return the method with its options
   */
  public RootFinding method() {
    return method;
  }

  /**
   * The name of the backend that ran.
   *
   * @return its name
   */
  public String backend() {
    return backend;
  }

  /**
   * The flavour of kernels that ran.
   *
   * @return a short text such as {@code vector 8 x double, fma}
   */
  public String kernel() {
    return kernel;
  }

  /**
   * The number of problems B.
   *
   * @return B
   */
  public long problems() {
    return statuses.length;
  }

  /**
   * The names of the unknowns, in order.
   *
   * @return p names, not modifiable
   */
  public List<String> unknowns() {
    return problem.unknowns();
  }

  /**
   * One problem's root.
   *
   * @param index the problem, 0 to B-1
   * @return a view of it
   * @throws IndexOutOfBoundsException if there is no such problem
   */
  public Root get(long index) {
    return new Root(this, check(index));
  }

  /**
   * How a problem ended.
   *
   * @param index the problem, 0 to B-1
   * @return its status
   */
  public Status status(long index) {
    return Status.of(statuses[check(index)]);
  }

  /**
   * Whether a problem's values are a root.
   *
   * @param index the problem, 0 to B-1
   * @return true if it converged
   */
  public boolean converged(long index) {
    return status(index).converged();
  }

  /**
   * How many problems converged.
   *
   * @return their number
   */
  public long convergedCount() {
    long count = 0;
    for (byte status : statuses) {
      count += Status.of(status).converged() ? 1 : 0;
    }
    return count;
  }

  /**
   * How many problems ended in which way.
   *
   * @return the number of problems by status, without those that no problem ended in
   */
  public Map<Status, Long> statusCounts() {
    long[] counts = new long[Status.values().length];
    for (byte status : statuses) {
      counts[status]++;
    }
    Map<Status, Long> map = new EnumMap<>(Status.class);
    for (byte code = 0; code < counts.length; code++) {
      if (counts[code] > 0) {
        map.put(Status.of(code), counts[code]);
      }
    }
    return map;
  }

  /**
   * How a problem ended, with the value that decided beside its threshold.
   *
   * @param index the problem, 0 to B-1
   * @return one line
   */
  public String statusMessage(long index) {
    Status status = status(index);
    double residual = Math.abs(residual(index));
    return switch (status) {
      case CONVERGED_PARAMETERS, CONVERGED_GRADIENT ->
          "converged: "
              + known(index)
              + " (parameterTolerance "
              + Report.number(method.parameterTolerance(), 3)
              + ")";
      case CONVERGED_COST, CONVERGED_EXACT ->
          "converged: |F| "
              + Report.number(residual, 3)
              + (residual <= method.residualTolerance() && method.residualTolerance() > 0
                  ? " <= residualTolerance " + Report.number(method.residualTolerance(), 3)
                  : " is rounding")
              + "; "
              + known(index);
      case ITERATION_LIMIT -> "iteration limit: maxIterations " + method.iterationLimit();
      case NO_PROGRESS ->
          jumps.get((int) index)
              ? "no progress: F changes its sign at a pole or a jump near "
                  + unknowns().get(0)
                  + " = "
                  + Report.number(value(index), 6)
                  + ", which is no root"
              : "no progress: |F| "
                  + Report.number(residual, 3)
                  + " is the least found, no root nearby";
      case SINGULAR ->
          "singular: |F| "
              + Report.number(residual, 3)
              + ", and rounding or a singular derivative leaves the unknowns undetermined";
      case NON_FINITE ->
          "non finite: F or a constant is NaN or infinite, where the search starts and beyond";
      case NO_SIGN_CHANGE ->
          "no sign change: F has the same sign at both ends of the bracket, and no root was found"
              + " between them";
      default -> status.message(Double.NaN, Double.NaN);
    };
  }

  private String known(long index) {
    double largest = 0;
    double size = 0;
    for (int j = 0; j < values.width(); j++) {
      double uncertainty = uncertainty(index, j);
      largest = Double.isNaN(uncertainty) ? Double.NaN : Math.max(largest, uncertainty);
      size = Math.max(size, Math.abs(value(index, j)));
    }
    return Double.isNaN(largest)
        ? "how well the root is known is not known"
        : "the root is known to "
            + Report.number(size > 0 ? largest / size : largest, 2)
            + (size > 0 ? " of its size" : "");
  }

  /**
   * The value of an unknown of a problem.
   *
   * @param index the problem, 0 to B-1
   * @param unknown the unknown, 0 to p-1
   * @return the root, or the best point found where there is none
   */
  public double value(long index, int unknown) {
    return values.get(check(index), Objects.checkIndex(unknown, values.width()));
  }

  /**
   * The value of the first unknown of a problem.
   *
   * @param index the problem, 0 to B-1
   * @return the root, or the best point found where there is none
   */
  public double value(long index) {
    return value(index, 0);
  }

  /**
   * The value of an unknown of a problem by name.
   *
   * @param index the problem, 0 to B-1
   * @param name the unknown's name
   * @return the root, or the best point found where there is none
   * @throws IllegalArgumentException if there is no unknown of that name
   */
  public double value(long index, String name) {
    return value(index, indexOf(name));
  }

  /**
   * The values of all unknowns of a problem.
   *
   * @param index the problem, 0 to B-1
   * @return a new array of p values
   */
  public double[] values(long index) {
    double[] x = new double[values.width()];
    values.get(check(index), x, 0);
    return x;
  }

  /**
   * The values of all problems.
   *
   * @return a new array of B·p values, problem after problem
   * @throws IllegalStateException if one array cannot hold them
   */
  public double[] values() {
    return values.flat("values");
  }

  /**
   * The values of all problems as an ND4J array.
   *
   * @return a new array {@code [B, p]} of doubles
   * @throws IllegalStateException if one array cannot hold them
   */
  public INDArray valuesArray() {
    double[] all = values();
    return Nd4j.create(
        all, new long[] {all.length / values.width(), values.width()}, DataType.DOUBLE);
  }

  /**
   * How far the root can be from the value: |J⁻¹|(E + |F|) to first order, with the rounding bounds
   * E of F, and for one equation F″ in account, so that it holds at a double root too.
   *
   * @param index the problem, 0 to B-1
   * @param unknown the unknown, 0 to p-1
   * @return the uncertainty, in units of the unknown; infinite where J is singular, NaN where no
   *     root was found
   */
  public double uncertainty(long index, int unknown) {
    return uncertainties.get(check(index), Objects.checkIndex(unknown, values.width()));
  }

  /**
   * The uncertainties of all problems.
   *
   * @return a new array of B·p values, problem after problem
   * @throws IllegalStateException if one array cannot hold them
   */
  public double[] uncertainties() {
    return uncertainties.flat("uncertainties");
  }

  /**
   * What is left of F at the end: F itself for one equation, the largest |F_i| for a system.
   *
   * @param index the problem, 0 to B-1
   * @return the residual
   */
  public double residual(long index) {
    return residuals.get(check(index), 0);
  }

  /**
   * The residuals of all problems.
   *
   * @return a new array of B values
   */
  public double[] residuals() {
    return residuals.flat("residuals");
  }

  /**
   * The number of steps that a problem took.
   *
   * @param index the problem, 0 to B-1
   * @return iterations
   */
  public int iterations(long index) {
    return iterations[check(index)];
  }

  /**
   * The number of times that F of a problem was evaluated, with or without derivatives.
   *
   * @param index the problem, 0 to B-1
   * @return evaluations
   */
  public int evaluations(long index) {
    return evaluations[check(index)];
  }

  /**
   * The number of evaluations of all problems together.
   *
   * @return their sum
   */
  public long totalEvaluations() {
    long total = 0;
    for (int e : evaluations) {
      total += e;
    }
    return total;
  }

  /**
   * The time that the backend spent before it went to work on the problems, wall clock.
   *
   * @return seconds
   */
  public double prepareSeconds() {
    return prepareNanos * 1e-9;
  }

  /**
   * The time spent on solving, wall clock; derivatives and compilation are in it.
   *
   * @return seconds
   */
  public double solveSeconds() {
    return solveNanos * 1e-9;
  }

  private int check(long index) {
    return (int) Objects.checkIndex(index, (long) statuses.length);
  }

  int indexOf(String name) {
    Objects.requireNonNull(name, "name");
    int index = problem.unknowns().indexOf(name);
    if (index < 0) {
      throw new IllegalArgumentException(
          "no unknown " + name + ", expected one of " + problem.unknowns());
    }
    return index;
  }

  /**
   * A summary: what was solved, how the problems ended, how long it took. Several lines, the last
   * one without a line end.
   */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(problem).append('\n');
    Map<Status, Long> counts = statusCounts();
    long ended = problems() - counts.getOrDefault(Status.CANCELLED, 0L);
    text.append(
        String.format(
            Locale.ROOT,
            "%d of %d problems have a root, in %s s (%s problems/s), %d evaluations, backend %s"
                + " (%s)",
            convergedCount(),
            problems(),
            Report.number(solveSeconds(), 3),
            Report.number(ended / Math.max(solveSeconds(), 1e-9), 4),
            totalEvaluations(),
            backend,
            kernel));
    counts.forEach(
        (status, count) -> text.append(String.format(Locale.ROOT, "\n  %-22s %d", status, count)));
    return text.toString();
  }

  /**
   * Where a backend puts its results. Setters for different problems may run on different threads
   * at once; {@link #build()} must come after all of them.
   */
  public static final class Builder {

    /** Status of a problem whose outcome has not been set. */
    private static final byte NOT_SET = -1;

    private final EquationProblem problem;
    private final RootFinding method;
    private final String backend;
    private String kernel;
    private final DoubleTable values;
    private final DoubleTable uncertainties;
    private final DoubleTable residuals;
    private final BitSet jumps = new BitSet();
    private final byte[] statuses;
    private final int[] iterations;
    private final int[] evaluations;
    private long prepareNanos;
    private long solveNanos;

    private Builder(EquationProblem problem, RootFinding method, String backend, String kernel) {
      this.problem = Objects.requireNonNull(problem, "problem");
      this.method = Objects.requireNonNull(method, "method");
      this.backend = Objects.requireNonNull(backend, "backend");
      this.kernel = Objects.requireNonNull(kernel, "kernel");
      int batch = Math.toIntExact(problem.problems());
      int p = problem.unknowns().size();
      values = new DoubleTable(batch, p);
      uncertainties = new DoubleTable(batch, p);
      residuals = new DoubleTable(batch, 1);
      statuses = new byte[batch];
      Arrays.fill(statuses, NOT_SET);
      iterations = new int[batch];
      evaluations = new int[batch];
    }

    /**
     * Sets the value of an unknown.
     *
     * @param index the problem, 0 to B-1
     * @param unknown the unknown, 0 to p-1
     * @param value the root, or the best point found
     * @param uncertainty how far rounding can shift it, NaN if it is no root
     */
    public void value(long index, int unknown, double value, double uncertainty) {
      values.set(index, unknown, value);
      uncertainties.set(index, unknown, uncertainty);
    }

    /**
     * Sets how a problem ended.
     *
     * @param index the problem, 0 to B-1
     * @param status how it ended
     * @param residual what is left of F
     * @param steps steps taken
     * @param residualEvaluations evaluations of F
     */
    public void outcome(
        long index, Status status, double residual, int steps, int residualEvaluations) {
      Objects.requireNonNull(status, "status");
      int i = (int) Objects.checkIndex(index, (long) statuses.length);
      statuses[i] = status.code();
      residuals.set(index, 0, residual);
      iterations[i] = steps;
      evaluations[i] = residualEvaluations;
    }

    /**
     * Says that a problem made no progress because F changes its sign at the value of its unknown
     * without a root: at a pole or a jump.
     *
     * @param index the problem, 0 to B-1
     */
    public void jump(long index) {
      int i = (int) Objects.checkIndex(index, (long) statuses.length);
      synchronized (jumps) {
        jumps.set(i);
      }
    }

    /**
     * Sets the flavour of the kernels, where it was not known before they ran.
     *
     * @param description the flavour, for people to read
     * @return this builder
     */
    public Builder kernel(String description) {
      kernel = Objects.requireNonNull(description, "description");
      return this;
    }

    /**
     * Sets the times.
     *
     * @param prepare nanoseconds before the work on the problems began
     * @param solve nanoseconds from there to the last result, wall clock
     * @return this builder
     */
    public Builder timings(long prepare, long solve) {
      prepareNanos = prepare;
      solveNanos = solve;
      return this;
    }

    /**
     * Makes the result.
     *
     * @return the result, over this builder's arrays
     */
    public BatchRoots build() {
      for (int i = 0; i < statuses.length; i++) {
        if (statuses[i] == NOT_SET) {
          // never begun: its best values are those that it was to start from
          for (int j = 0; j < values.width(); j++) {
            if (problem.start(j).isPresent()) {
              values.set(i, j, problem.start(j).get().value(i, 0));
            }
          }
          outcome(i, Status.CANCELLED, Double.NaN, 0, 0);
        }
      }
      return new BatchRoots(this);
    }
  }
}
