package org.nabla4j.result;

import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import org.nabla4j.method.RootFinding;
import org.nabla4j.objective.EquationProblem;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The roots of a batch of equations: for each of B problems its status, the values of the unknowns,
 * how well they are known, and what is left of F. The unknowns are the parameters of the problems.
 * Everything is kept in arrays; {@link #get(long)} looks at one problem.
 */
public final class BatchRoots extends BatchResult {

  private final EquationProblem problem;
  private final RootFinding method;
  private final DoubleTable uncertainties;
  private final BitSet jumps;

  private BatchRoots(Builder builder) {
    super(builder.outcomes, builder.problem.unknowns(), "unknown");
    problem = builder.problem;
    method = builder.method;
    uncertainties = builder.uncertainties;
    jumps = builder.jumps;
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
   * The names of the unknowns, in order: what {@link #parameterNames()} returns.
   *
   * @return p names, not modifiable
   */
  public List<String> unknowns() {
    return parameterNames();
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
   * How a problem ended, with the value that decided beside its threshold. Of a problem that is
   * {@link Status#NON_FINITE} it names what is to blame: {@code log(x) is NaN at x = -2.0}.
   *
   * @param index the problem, 0 to B-1
   * @return one line
   */
  @Override
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
          "non finite: "
              + UndefinedEquation.of(problem, index, values(index))
                  .orElse("F is NaN or infinite, where the search starts and beyond");
      case NO_SIGN_CHANGE ->
          "no sign change: F has the same sign at both ends of the bracket, and no root was found"
              + " between them";
      default -> status.message(Double.NaN, Double.NaN);
    };
  }

  private String known(long index) {
    double largest = 0;
    double size = 0;
    for (int j = 0; j < width(); j++) {
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
    return parameter(index, unknown);
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
    return parameter(index, name);
  }

  /**
   * The values of all unknowns of a problem.
   *
   * @param index the problem, 0 to B-1
   * @return a new array of p values
   */
  public double[] values(long index) {
    return parameters(index);
  }

  /**
   * The values of all problems.
   *
   * @return a new array of B·p values, problem after problem
   * @throws IllegalStateException if one array cannot hold them
   */
  public double[] values() {
    return parameterTable().flat("values");
  }

  /**
   * The values of all problems as an ND4J array.
   *
   * @return a new array {@code [B, p]} of doubles
   * @throws IllegalStateException if one array cannot hold them
   */
  public INDArray valuesArray() {
    return matrix(values(), width());
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
    return uncertainties.get(check(index), checkParameter(unknown));
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
    return valueTable().get(check(index), 0);
  }

  /**
   * The residuals of all problems.
   *
   * @return a new array of B values
   */
  public double[] residuals() {
    return valueTable().flat("residuals");
  }

  /**
   * A summary: what was solved, how the problems ended, how long it took. Several lines, the last
   * one without a line end.
   */
  @Override
  public String toString() {
    return summary(problem, "problems", "have a root,", "");
  }

  /**
   * Where a backend puts its results. Setters for different problems may run on different threads
   * at once; {@link #build()} must come after all of them.
   */
  public static final class Builder extends ResultBuilder<Builder> {

    private final EquationProblem problem;
    private final RootFinding method;
    private final DoubleTable uncertainties;
    private final BitSet jumps = new BitSet();

    private Builder(EquationProblem problem, RootFinding method, String backend, String kernel) {
      super(
          Objects.requireNonNull(problem, "problem").problems(),
          problem.unknowns().size(),
          backend,
          kernel);
      this.problem = problem;
      this.method = Objects.requireNonNull(method, "method");
      uncertainties = new DoubleTable(outcomes.problems(), outcomes.parameters.width());
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
      outcomes.parameters.set(index, unknown, value);
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
      ended(index, status, Double.NaN, residual, steps, residualEvaluations);
    }

    /**
     * Says that a problem made no progress because F changes its sign at the value of its unknown
     * without a root: at a pole or a jump.
     *
     * @param index the problem, 0 to B-1
     */
    public void jump(long index) {
      int i = check(index);
      synchronized (jumps) {
        jumps.set(i);
      }
    }

    /**
     * Makes the result.
     *
     * @return the result, over this builder's arrays
     */
    public BatchRoots build() {
      complete();
      return new BatchRoots(this);
    }

    @Override
    Builder self() {
      return this;
    }

    @Override
    void startOver(int index) {
      for (int j = 0; j < outcomes.parameters.width(); j++) {
        if (problem.start(j).isPresent()) {
          outcomes.parameters.set(index, j, problem.start(j).get().value(index, 0));
        }
      }
    }
  }
}
