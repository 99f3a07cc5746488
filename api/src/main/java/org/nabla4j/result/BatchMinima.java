package org.nabla4j.result;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.nabla4j.backend.Execution;
import org.nabla4j.method.ConstrainedMethod;
import org.nabla4j.method.MinimizationMethod;
import org.nabla4j.method.NelderMead;
import org.nabla4j.objective.DifferentiableObjective;
import org.nabla4j.objective.MinimizationProblem;
import org.nabla4j.objective.Objective;
import org.nabla4j.result.LikelihoodCovariance.Failure;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The results of a batch of minimisations: for each of B problems its status, parameters, f and ∇f.
 * Everything is kept in arrays; {@link #get(long)} looks at one problem.
 *
 * <p>At a minimum
 *
 * <pre>
 *   ∇f = Σ multiplier·∇g + bound multipliers
 * </pre>
 *
 * <p>over the constraints g; the bound multiplier of a parameter is positive where its lower bound
 * holds it, negative where its upper bound does, and 0 elsewhere. {@link #gradientNorm(long)} is
 * the Euclidean norm of the difference of both sides, over the free parameters: without constraints
 * and bounds ‖∇f‖.
 */
public final class BatchMinima extends BatchResult {

  private final MinimizationProblem problem;
  private final MinimizationMethod method;
  private final DoubleTable gradients;
  private final DoubleTable multipliers;
  private final DoubleTable boundMultipliers;
  private final DoubleTable norms;
  private final DoubleTable covariances;
  private final Failure[] failures;
  private final int[] freeIndex;

  private BatchMinima(Builder builder) {
    super(builder.outcomes, builder.problem.parameters());
    problem = builder.problem;
    method = builder.method;
    gradients = builder.gradients;
    multipliers = builder.multipliers;
    boundMultipliers = builder.boundMultipliers;
    norms = builder.norms;
    covariances = builder.covariances;
    failures = builder.failures;
    freeIndex = new int[problem.parameters().size()];
    Arrays.fill(freeIndex, -1);
    for (int k = 0; k < builder.free.length; k++) {
      freeIndex[builder.free[k]] = k;
    }
  }

  /**
   * Starts a result for a backend to fill.
   *
   * @param problem what is minimised
   * @param method how
   * @param backend the name of the backend that runs
   * @param kernel what evaluates the objective, for people to read
   * @return a builder in which every problem is cancelled until set
   */
  public static Builder builder(
      MinimizationProblem problem, MinimizationMethod method, String backend, String kernel) {
    return new Builder(problem, method, backend, kernel);
  }

  /**
   * What was minimised.
   *
   * @return the problem
   */
  public MinimizationProblem problem() {
    return problem;
  }

  /**
   * How it was minimised.
   *
   * @return the method with its options
   */
  public MinimizationMethod method() {
    return method;
  }

  /**
   * One minimum.
   *
   * @param index the problem, 0 to B-1
   * @return a view of it
   * @throws IndexOutOfBoundsException if there is no such problem
   */
  public Minimum get(long index) {
    return new Minimum(this, check(index));
  }

  @Override
  public String statusMessage(long index) {
    Status status = status(index);
    double limit =
        switch (status) {
          case CONVERGED_COST -> method.valueTolerance();
          case CONVERGED_PARAMETERS -> method.parameterTolerance();
          case CONVERGED_GRADIENT -> method.gradientTolerance();
          case NO_PROGRESS ->
              method instanceof NelderMead
                  ? method.parameterTolerance()
                  : method.gradientTolerance();
          case ITERATION_LIMIT -> method.iterationLimit(problem.freeCount());
          case INFEASIBLE ->
              method instanceof ConstrainedMethod constrained
                  ? constrained.constraintTolerance()
                  : Double.NaN;
          default -> Double.NaN;
        };
    double decided = statusValue(index);
    if (status == Status.UNBOUNDED && value(index) < -Float.MAX_VALUE) {
      // what decided is kept as a float, which f has left
      decided = value(index);
    }
    Wording wording = method instanceof NelderMead ? Wording.SIMPLEX : Wording.MINIMIZATION;
    return status.message(wording, decided, limit);
  }

  /**
   * f of a problem at its end.
   *
   * @param index the problem, 0 to B-1
   * @return f
   */
  public double value(long index) {
    return valueTable().get(check(index), 0);
  }

  /**
   * f of all problems.
   *
   * @return a new array of B values
   */
  public double[] values() {
    return valueTable().flat("values");
  }

  /**
   * f of all problems as an ND4J array.
   *
   * @return a new array {@code [B, 1]} of doubles
   */
  public INDArray valuesArray() {
    return matrix(values(), 1);
  }

  /**
   * ∇f of a problem at its end.
   *
   * @param index the problem, 0 to B-1
   * @return a new array of p values; NaN for a parameter that is fixed, and where the method does
   *     not use a gradient
   */
  public double[] gradient(long index) {
    return row(gradients, index);
  }

  /**
   * How far the condition for a minimum is from being met: the norm of what is left of ∇f without
   * what constraints and bounds hold, see above.
   *
   * @param index the problem, 0 to B-1
   * @return the norm; NaN where the method does not use a gradient
   */
  public double gradientNorm(long index) {
    return norms.get(check(index), 0);
  }

  /**
   * The multipliers of the constraints, in their order; ∇f = Σ multiplier·∇g.
   *
   * @param index the problem, 0 to B-1
   * @return a new array with one for each constraint, 0 for an inequality that is not active; NaN
   *     where the problem has none yet
   */
  public double[] multipliers(long index) {
    return row(multipliers, index);
  }

  /**
   * The multipliers of the bounds.
   *
   * @param index the problem, 0 to B-1
   * @return a new array of p values, positive where a lower bound holds the parameter, negative
   *     where an upper bound does, else 0; NaN where the method does not use a gradient
   */
  public double[] boundMultipliers(long index) {
    return row(boundMultipliers, index);
  }

  /**
   * The covariance of the parameters of a problem whose f is a negative log-likelihood, −log L(θ):
   *
   * <pre>
   *   cov θ = H⁻¹,    H = ∂²f/∂θ∂θᵀ at the minimum
   * </pre>
   *
   * <p>the inverse of the observed information (Efron and Hinkley 1978). It holds for many
   * observations, where L is nearly normal around its maximum, if the model is right and the
   * maximum lies inside the domain. H is taken over the parameters that are free and not pushed
   * against a bound; the others count as known. It is exact where the objective knows its Hessian,
   * and else made of differences of the gradient; its evaluation is not among {@link
   * #evaluations(long)}.
   *
   * @param index the problem, 0 to B-1
   * @return a new symmetric matrix, p × p; rows and columns of fixed parameters are 0, those of
   *     parameters that a bound holds are NaN, and all others are NaN where {@link
   *     #covarianceFailure(long)} says why
   * @throws IllegalStateException if the objective was not said to be a negative log-likelihood
   */
  public double[][] covariance(long index) {
    requireLikelihood();
    check(index);
    int p = width();
    double[][] matrix = new double[p][p];
    for (int j = 0; j < p; j++) {
      for (int k = 0; k <= j; k++) {
        int row = freeIndex[j];
        int column = freeIndex[k];
        double entry =
            row < 0 || column < 0 ? 0 : covariances.get(index, row * (row + 1) / 2 + column);
        matrix[j][k] = entry;
        matrix[k][j] = entry;
      }
    }
    return matrix;
  }

  /**
   * The standard error of a parameter, the root of its variance in {@link #covariance(long)}.
   *
   * @param index the problem, 0 to B-1
   * @param parameter the parameter, 0 to p-1
   * @return its standard error; 0 if it is fixed, NaN where there is none
   * @throws IllegalStateException if the objective was not said to be a negative log-likelihood
   */
  public double standardError(long index, int parameter) {
    requireLikelihood();
    check(index);
    int k = freeIndex[Objects.checkIndex(parameter, width())];
    return k < 0 ? 0 : Math.sqrt(covariances.get(index, k * (k + 1) / 2 + k));
  }

  /**
   * The standard errors of a problem's parameters.
   *
   * @param index the problem, 0 to B-1
   * @return a new array of p values; 0 if one is fixed, NaN where there is none
   * @throws IllegalStateException if the objective was not said to be a negative log-likelihood
   */
  public double[] standardErrors(long index) {
    double[] errors = new double[width()];
    for (int j = 0; j < errors.length; j++) {
      errors[j] = standardError(index, j);
    }
    return errors;
  }

  /**
   * Why a problem has no covariance.
   *
   * @param index the problem, 0 to B-1
   * @return the reason, such as "the Hessian is not positive definite"; empty if there is one
   * @throws IllegalStateException if the objective was not said to be a negative log-likelihood
   */
  public Optional<String> covarianceFailure(long index) {
    requireLikelihood();
    return Optional.ofNullable(failures[check(index)]).map(Failure::reason);
  }

  private void requireLikelihood() {
    if (!problem.isNegativeLogLikelihood()) {
      throw new IllegalStateException(
          "the objective was not said to be a negative log-likelihood: say"
              + " negativeLogLikelihood() before the search");
    }
  }

  /**
   * A summary: what was minimised, how the problems ended, how long it took. Problems that were
   * cancelled do not count in the problems per second. Several lines, the last one without a line
   * end.
   */
  @Override
  public String toString() {
    Map<Status, Long> counts = statusCounts();
    long cancelled = counts.getOrDefault(Status.CANCELLED, 0L);
    long ended = problems() - cancelled;
    return problem
        + String.format(
            Locale.ROOT,
            "\n%d of %d problems converged%s in %s s (%s problems/s), %d evaluations, %s,"
                + " backend %s (%s)",
            convergedCount(),
            problems(),
            cancelled > 0 ? ", " + cancelled + " were cancelled," : "",
            Report.number(solveSeconds(), 3),
            Report.number(ended / Math.max(solveSeconds(), 1e-9), 4),
            totalEvaluations(),
            method,
            backend(),
            kernel())
        + statusLines();
  }

  /**
   * Where a backend puts its results. Setters for different problems may run on different threads
   * at once; {@link #build()} must come after all of them.
   */
  public static final class Builder {

    private final MinimizationProblem problem;
    private final MinimizationMethod method;
    private final Outcomes outcomes;
    private final int[] free;
    private final double[] lower;
    private final double[] upper;
    private final DoubleTable gradients;
    private final DoubleTable multipliers;
    private final DoubleTable boundMultipliers;
    private final DoubleTable norms;
    private final DoubleTable covariances;

    /** By problem, why there is no covariance; null where there is one. */
    private final Failure[] failures;

    private boolean covariancesMade;

    private Builder(
        MinimizationProblem problem, MinimizationMethod method, String backend, String kernel) {
      this.problem = Objects.requireNonNull(problem, "problem");
      this.method = Objects.requireNonNull(method, "method");
      Objects.requireNonNull(backend, "backend");
      Objects.requireNonNull(kernel, "kernel");
      int batch = Math.toIntExact(problem.problems());
      int p = problem.parameters().size();
      outcomes = new Outcomes(batch, p, backend, kernel);
      free = problem.freePositions();
      lower = problem.lower();
      upper = problem.upper();
      gradients = new DoubleTable(batch, p);
      multipliers = new DoubleTable(batch, problem.constraints().size());
      boundMultipliers = new DoubleTable(batch, p);
      norms = new DoubleTable(batch, 1);
      boolean likelihood = problem.isNegativeLogLikelihood();
      int rows = likelihood ? free.length : 0;
      covariances = new DoubleTable(batch, Math.multiplyExact(rows, rows + 1) / 2);
      failures = new Failure[likelihood ? batch : 0];
      Arrays.fill(failures, Failure.CANCELLED);
    }

    /**
     * Sets how a problem ended.
     *
     * @param index the problem, 0 to B-1
     * @param status how it ended
     * @param statusValue the quantity whose test decided, NaN if there is none
     * @param value f
     * @param steps iterations
     * @param evaluations evaluations of the objective
     */
    public void outcome(
        long index, Status status, double statusValue, double value, int steps, int evaluations) {
      Objects.requireNonNull(status, "status");
      int i = (int) Objects.checkIndex(index, (long) outcomes.problems());
      outcomes.set(i, status, statusValue, value, steps, evaluations);
    }

    /**
     * Sets the free parameters of a problem; fixed ones are taken from its start values.
     *
     * @param index the problem, 0 to B-1
     * @param theta the free parameters in order; not modified
     */
    public void freeParameters(long index, double[] theta) {
      Objects.requireNonNull(theta, "theta");
      if (free.length == outcomes.parameters.width()) {
        outcomes.parameters.set(index, free, theta, 0, 1);
        return;
      }
      double[] all = new double[outcomes.parameters.width()];
      problem.starts().read(index, 0, all.length, all, 0);
      for (int k = 0; k < free.length; k++) {
        all[free[k]] = theta[k];
      }
      put(outcomes.parameters, index, all);
    }

    /**
     * Sets ∇f of a problem without constraints, after its parameters; the multipliers of bounds
     * follow from it.
     *
     * @param index the problem, 0 to B-1
     * @param gradient ∂f/∂θ for the free parameters in order; not modified
     */
    public void gradient(long index, double[] gradient) {
      Objects.requireNonNull(gradient, "gradient");
      gradients.set(index, free, gradient, 0, 1);
      double squares = 0;
      double sum = 0;
      for (int j = 0; free.length < lower.length && j < lower.length; j++) {
        boundMultipliers.set(index, j, 0);
      }
      for (int k = 0; k < free.length; k++) {
        int j = free[k];
        double theta = outcomes.parameters.get(index, j);
        boolean atBound =
            (theta <= lower[j] && gradient[k] > 0) || (theta >= upper[j] && gradient[k] < 0);
        boundMultipliers.set(index, j, atBound ? gradient[k] : 0);
        double rest = atBound ? 0 : gradient[k];
        squares += rest * rest;
        sum += Math.abs(rest);
      }
      norms.set(index, 0, norm(squares, sum, gradient, index));
    }

    /** The root of a sum of squares, computed with scaling where the squares leave the range. */
    private double norm(double squares, double sum, double[] gradient, long index) {
      if (squares > 1e-280 && squares < 1e280) {
        return Math.sqrt(squares);
      }
      double norm = 0;
      for (int k = 0; sum > 0 && k < free.length; k++) {
        norm = Math.hypot(norm, gradient[k] - boundMultipliers.get(index, free[k]));
      }
      return Double.isNaN(sum) ? Double.NaN : norm;
    }

    /**
     * Sets ∇f of a problem with the multipliers that its method has found.
     *
     * @param index the problem, 0 to B-1
     * @param gradient ∂f/∂θ for the free parameters in order; not modified
     * @param constraintMultipliers one for each constraint; not modified
     * @param bounds one for each free parameter, positive for a lower bound; not modified
     * @param norm the norm of ∇f − Σ multiplier·∇g − bound multipliers
     */
    public void stationarity(
        long index,
        double[] gradient,
        double[] constraintMultipliers,
        double[] bounds,
        double norm) {
      Objects.requireNonNull(gradient, "gradient");
      Objects.requireNonNull(constraintMultipliers, "constraintMultipliers");
      Objects.requireNonNull(bounds, "bounds");
      for (int k = 0; k < free.length; k++) {
        gradients.set(index, free[k], gradient[k]);
      }
      for (int j = 0; j < boundMultipliers.width(); j++) {
        boundMultipliers.set(index, j, 0);
      }
      for (int k = 0; k < free.length; k++) {
        boundMultipliers.set(index, free[k], bounds[k]);
      }
      put(multipliers, index, constraintMultipliers);
      norms.set(index, 0, norm);
    }

    /**
     * Computes the covariances of all problems, after everything else of them was set, where f is a
     * negative log-likelihood; else nothing is done. What is not computed because of a cancellation
     * has none.
     *
     * @param freeObjective the problem's objective of the free parameters, or one with the same
     *     values
     * @param execution on which threads
     */
    public void covariances(Objective freeObjective, Execution execution) {
      Objects.requireNonNull(freeObjective, "freeObjective");
      Objects.requireNonNull(execution, "execution");
      covariancesMade = true;
      if (failures.length == 0) {
        return;
      }
      Failure all =
          !problem.constraints().isEmpty()
              ? Failure.CONSTRAINED
              : LikelihoodCovariance.serves(freeObjective) ? null : Failure.NO_DERIVATIVES;
      if (all != null) {
        Arrays.fill(failures, all);
        return;
      }
      AtomicInteger next = new AtomicInteger();
      execution.run(
          (int) Math.min(execution.parallelism(), problem.problems()),
          worker -> {
            LikelihoodCovariance covariance =
                new LikelihoodCovariance(
                    (DifferentiableObjective) freeObjective, ofFree(lower), ofFree(upper));
            double[] theta = new double[free.length];
            double[] packed = new double[covariances.width()];
            for (int i = next.getAndIncrement();
                i < failures.length && !execution.cancellation().isCancelled();
                i = next.getAndIncrement()) {
              failures[i] = covariance(i, covariance, theta, packed);
            }
          });
    }

    private Failure covariance(
        int i, LikelihoodCovariance covariance, double[] theta, double[] packed) {
      Status status = outcomes.isSet(i) ? outcomes.status(i) : Status.CANCELLED;
      if (!status.converged() && status != Status.NO_PROGRESS) {
        return status == Status.CANCELLED ? Failure.CANCELLED : Failure.NOT_CONVERGED;
      }
      for (int k = 0; k < theta.length; k++) {
        theta[k] = outcomes.parameters.get(i, free[k]);
      }
      Failure failure = covariance.compute(i, theta, packed);
      put(covariances, i, packed);
      return failure;
    }

    private double[] ofFree(double[] all) {
      return Arrays.stream(free).mapToDouble(j -> all[j]).toArray();
    }

    private static void put(DoubleTable table, long index, double[] values) {
      for (int j = 0; j < values.length; j++) {
        table.set(index, j, values[j]);
      }
    }

    /**
     * Says what evaluates the objective, where it was not known before it ran.
     *
     * @param description a short text for people to read
     * @return this builder
     */
    public Builder kernel(String description) {
      outcomes.kernel = Objects.requireNonNull(description, "description");
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
      outcomes.prepareNanos = prepare;
      outcomes.solveNanos = solve;
      return this;
    }

    /**
     * Makes the result. Covariances that were asked for and not computed yet are computed now.
     *
     * @return the result, over this builder's arrays
     */
    public BatchMinima build() {
      for (int i = 0; i < outcomes.problems(); i++) {
        if (!outcomes.isSet(i)) {
          // never begun: its best parameters are those that it was to start from
          freeParameters(i, problem.freeStart(i));
          outcome(i, Status.CANCELLED, Double.NaN, Double.NaN, 0, 0);
        }
      }
      if (!covariancesMade) {
        covariances(problem.freeObjective(), Execution.defaults().withParallelism(1));
      }
      return new BatchMinima(this);
    }
  }
}
