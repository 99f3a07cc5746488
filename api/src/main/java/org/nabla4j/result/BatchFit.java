package org.nabla4j.result;

import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.DoubleAdder;
import org.nabla4j.method.Covariance;
import org.nabla4j.method.LeastSquaresMethod;
import org.nabla4j.objective.CodedModel;
import org.nabla4j.objective.LeastSquaresProblem;
import org.nabla4j.objective.MissingData;
import org.nabla4j.objective.Precision;
import org.nabla4j.objective.SigmaKind;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The results of a batch of fits: for each of B problems its status, parameters, uncertainties and
 * cost. Everything is kept in arrays; {@link #get(long)} looks at one problem with all statistics.
 *
 * <p>The cost is ½Σρ(r²) with weighted residuals r, and χ² is twice the cost. The covariance is H⁻¹
 * with H = JᵀJ at the solution, for {@link SigmaKind#RELATIVE} scaled by χ²/(n-p). Fixed parameters
 * have no variance.
 *
 * <p>With a robust {@linkplain org.nabla4j.objective.Loss loss} the covariance is that of an
 * M-estimator with the influence ψ(r) = r·ρ'(r²), for either kind of σ:
 *
 * <pre>
 *   C = K² · [Σψ²/(n-p)] / [Σψ'/n]² · (JᵀJ)⁻¹,    K = 1 + (p/n)·var(ψ')/mean(ψ')²
 * </pre>
 *
 * <p>where J = ∂r/∂θ is not weighted by the loss. Outliers enter only as far as ψ lets them. Their
 * share is not known beforehand, so that ψ² is averaged over the residuals even where σ is {@link
 * SigmaKind#ABSOLUTE}. Points of weight 0 count in n-p alone. References: P. J. Huber, Robust
 * Statistics (1981), section 7.6; J. O. Street, R. J. Carroll, D. Ruppert (1988), A note on
 * computing robust regression estimates via iteratively reweighted least squares, The American
 * Statistician 42.
 */
public final class BatchFit extends BatchResult {

  private final LeastSquaresProblem problem;
  private final LeastSquaresMethod method;
  private final int[] freeIndex;
  private final DoubleTable inverse;
  private final long[] usedPoints;
  private final double operations;
  private final AtomicReference<Optional<ModelEvaluator>> evaluator = new AtomicReference<>();

  private BatchFit(Builder builder) {
    super(builder.outcomes, builder.problem.parameters(), "parameter");
    problem = builder.problem;
    method = builder.method;
    freeIndex = builder.freeIndex;
    inverse = builder.inverse;
    usedPoints = builder.usedPoints;
    operations = builder.operations.sum();
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
      LeastSquaresProblem problem, LeastSquaresMethod method, String backend, String kernel) {
    return new Builder(problem, method, backend, kernel);
  }

  /**
   * What was solved.
   *
   * @return the problem
   */
  public LeastSquaresProblem problem() {
    return problem;
  }

  /**
   * How it was solved.
   *
   * @return the method with its options
   */
  public LeastSquaresMethod method() {
    return method;
  }

  /**
   * One fit with all its statistics.
   *
   * @param index the problem, 0 to B-1
   * @return a view of it
   * @throws IndexOutOfBoundsException if there is no such problem
   */
  public FitResult get(long index) {
    return new FitResult(this, check(index));
  }

  /**
   * How a problem ended, with the value that decided beside its threshold. Of a problem that is
   * {@link Status#NON_FINITE} the data are read again to name what is to blame: {@code y[2] is NaN;
   * leave such points out with missing(MissingData.OMIT)}.
   *
   * @param index the problem, 0 to B-1
   * @return one line
   */
  @Override
  public String statusMessage(long index) {
    Status status = status(index);
    if (status == Status.NON_FINITE) {
      return "non finite: " + NonFiniteCause.of(problem, index, this::evaluator);
    }
    double limit =
        switch (status) {
          case CONVERGED_COST -> method.costTolerance(arithmetic());
          case CONVERGED_PARAMETERS -> method.parameterTolerance(arithmetic());
          case CONVERGED_GRADIENT -> method.gradientTolerance();
          case ITERATION_LIMIT -> method.evaluationLimit(problem.freeCount());
          case TOO_FEW_POINTS -> problem.freeCount();
          default -> Double.NaN;
        };
    return status.message(statusValue(index), limit);
  }

  /** Java code computes in double whatever its columns are. */
  private Precision arithmetic() {
    return problem.model() instanceof CodedModel ? Precision.DOUBLE : problem.precision();
  }

  /**
   * The standard error of a parameter of a problem: the square root of its variance.
   *
   * @param index the problem, 0 to B-1
   * @param parameter the parameter, 0 to p-1
   * @return its standard error; 0 if it is fixed, NaN if it was not computed or is not determined
   */
  public double standardError(long index, int parameter) {
    int j = freeIndex[checkParameter(parameter)];
    check(index);
    if (j < 0) {
      return 0;
    }
    return switch (method.covariance()) {
      case NONE -> Double.NaN;
      case STANDARD_ERRORS -> Math.sqrt(inverse.get(index, j) * scale(index));
      case FULL -> Math.sqrt(inverse.get(index, packed(j, j)) * scale(index));
    };
  }

  /**
   * The standard error of a parameter of a problem by name.
   *
   * @param index the problem, 0 to B-1
   * @param name the parameter's name
   * @return its standard error, as {@link #standardError(long, int)} gives it
   * @throws IllegalArgumentException if there is no parameter of that name
   */
  public double standardError(long index, String name) {
    return standardError(index, indexOf(name));
  }

  /**
   * The standard errors of a problem.
   *
   * @param index the problem, 0 to B-1
   * @return a new array of p values, as {@link #standardError(long, int)} gives them
   */
  public double[] standardErrors(long index) {
    double[] errors = new double[width()];
    for (int j = 0; j < errors.length; j++) {
      errors[j] = standardError(index, j);
    }
    return errors;
  }

  /**
   * The standard errors of all problems.
   *
   * @return a new array of B·p values, problem after problem
   * @throws IllegalStateException if one array cannot hold them
   */
  public double[] standardErrors() {
    int p = width();
    long length = problems() * p;
    if (length > Integer.MAX_VALUE - 8) {
      throw new IllegalStateException(
          "standardErrors has "
              + length
              + " values, more than one array holds; read them per problem");
    }
    double[] errors = new double[(int) length];
    for (int i = 0; i < errors.length; i++) {
      errors[i] = standardError(i / p, i % p);
    }
    return errors;
  }

  /**
   * The standard errors of all problems as an ND4J array.
   *
   * @return a new array {@code [B, p]} of doubles
   * @throws IllegalStateException if one array cannot hold them
   */
  public INDArray standardErrorsArray() {
    return matrix(standardErrors(), width());
  }

  /**
   * The covariance of two parameters of a problem.
   *
   * @param index the problem, 0 to B-1
   * @param first a parameter, 0 to p-1
   * @param second a parameter, 0 to p-1
   * @return their covariance; 0 if one is fixed, NaN if it is not determined
   * @throws IllegalStateException if the method did not ask for the full covariance
   */
  public double covariance(long index, int first, int second) {
    if (method.covariance() != Covariance.FULL) {
      throw new IllegalStateException(
          "covariance = " + method.covariance() + ", expected FULL among the method's options");
    }
    int j = freeIndex[checkParameter(first)];
    int k = freeIndex[checkParameter(second)];
    check(index);
    if (j < 0 || k < 0) {
      return 0;
    }
    return inverse.get(index, packed(Math.max(j, k), Math.min(j, k))) * scale(index);
  }

  /**
   * The covariance matrix of a problem.
   *
   * @param index the problem, 0 to B-1
   * @return a new symmetric matrix, p × p; rows and columns of fixed parameters are 0
   * @throws IllegalStateException if the method did not ask for the full covariance
   */
  public double[][] covariance(long index) {
    int p = width();
    double[][] matrix = new double[p][p];
    for (int j = 0; j < p; j++) {
      for (int k = 0; k <= j; k++) {
        matrix[j][k] = covariance(index, j, k);
        matrix[k][j] = matrix[j][k];
      }
    }
    return matrix;
  }

  /**
   * The cost of a problem at its end, ½Σρ(r²).
   *
   * @param index the problem, 0 to B-1
   * @return the cost
   */
  public double cost(long index) {
    return valueTable().get(check(index), 0);
  }

  /**
   * χ² of a problem: Σr² with weighted residuals; for a robust loss Σρ(r²).
   *
   * @param index the problem, 0 to B-1
   * @return twice the cost
   */
  public double chiSquared(long index) {
    return 2 * cost(index);
  }

  /**
   * χ² of all problems.
   *
   * @return a new array of B values
   */
  public double[] chiSquared() {
    return Arrays.stream(valueTable().flat("costs")).map(cost -> 2 * cost).toArray();
  }

  /**
   * χ² per degree of freedom.
   *
   * @param index the problem, 0 to B-1
   * @return χ²/(n-p); NaN without degrees of freedom
   */
  public double reducedChiSquared(long index) {
    long dof = degreesOfFreedom(index);
    return dof > 0 ? chiSquared(index) / dof : Double.NaN;
  }

  /**
   * The coefficient of determination of a problem. Its data are read for it, each time that it is
   * asked for.
   *
   * @param index the problem, 0 to B-1
   * @return R² as {@link FitResult#rSquared()} gives it
   */
  public double rSquared(long index) {
    return get(index).rSquared();
  }

  /**
   * The degrees of freedom of a problem: points that are not missing less free parameters. A point
   * of weight 0 counts, as in SciPy: it scales standard errors of relative σ down. To leave it out
   * of the count too, make it a NaN and omit missing points.
   *
   * @param index the problem, 0 to B-1
   * @return n - p; negative if there are fewer points than free parameters
   */
  public long degreesOfFreedom(long index) {
    return points(index) - problem.freeCount();
  }

  /**
   * The number of points of a problem that are not missing; those of weight 0 are among them.
   *
   * @param index the problem, 0 to B-1
   * @return n
   */
  public long points(long index) {
    check(index);
    return usedPoints == null ? problem.points() : usedPoints[(int) index];
  }

  /** The model for evaluation point by point, compiled when first asked for; empty for code. */
  Optional<ModelEvaluator> evaluator() {
    Optional<ModelEvaluator> current = evaluator.get();
    if (current == null) {
      // Two threads may both compile; the results are alike.
      current = ResidualStatistics.evaluatorOf(problem);
      evaluator.set(current);
    }
    return current;
  }

  /**
   * Floating-point operations of the problems' evaluations and steps, as the backend counted them
   * from its kernels, those of the covariance of robust fits among them: a multiplication or an
   * addition counts one, a fused multiply-add two. Work in idle lanes does not count.
   *
   * @return the count, 0 if the backend does not count
   */
  public double operations() {
    return operations;
  }

  /** What the kept inverse is multiplied with; that of a robust loss is the covariance itself. */
  private double scale(long index) {
    return problem.sigmaKind() == SigmaKind.ABSOLUTE || !problem.loss().isLinear()
        ? 1
        : reducedChiSquared(index);
  }

  /** Position of row j, column k ≤ j in a lower triangle that is stored by rows. */
  private static int packed(int j, int k) {
    return j * (j + 1) / 2 + k;
  }

  /**
   * A summary: what was fitted, how the problems ended, how long it took. Fits that were cancelled
   * do not count in the fits per second. Several lines, the last one without a line end.
   */
  @Override
  public String toString() {
    return summary(problem, "fits", "converged", "");
  }

  /**
   * Where a backend puts its results. Setters for different problems may run on different threads
   * at once; {@link #build()} must come after all of them.
   */
  public static final class Builder extends ResultBuilder<Builder> {

    private final LeastSquaresProblem problem;
    private final LeastSquaresMethod method;

    /** Position among the free parameters, -1 for a fixed one. */
    private final int[] freeIndex;

    private final int[] free;
    private final DoubleTable inverse;
    private final long[] usedPoints;
    private final DoubleAdder operations = new DoubleAdder();

    private Builder(
        LeastSquaresProblem problem, LeastSquaresMethod method, String backend, String kernel) {
      super(
          Objects.requireNonNull(problem, "problem").problems(),
          problem.parameters().size(),
          backend,
          kernel);
      this.problem = problem;
      this.method = Objects.requireNonNull(method, "method");
      int p = problem.parameters().size();
      int batch = outcomes.problems();
      freeIndex = new int[p];
      free = new int[problem.freeCount()];
      int next = 0;
      for (int j = 0; j < p; j++) {
        freeIndex[j] = problem.isFixed(j) ? -1 : next;
        if (!problem.isFixed(j)) {
          free[next++] = j;
        }
      }
      inverse =
          switch (method.covariance()) {
            case NONE -> null;
            case STANDARD_ERRORS -> new DoubleTable(batch, free.length);
            case FULL -> new DoubleTable(batch, packed(free.length, 0));
          };
      if (problem.missingData() == MissingData.OMIT) {
        usedPoints = new long[batch];
        Arrays.fill(usedPoints, problem.points());
      } else {
        usedPoints = null;
      }
    }

    /**
     * Sets how a problem ended.
     *
     * @param index the problem, 0 to B-1
     * @param status how it ended
     * @param statusValue the quantity whose test decided, such as the relative reduction of the
     *     cost; NaN if there is none
     * @param cost ½Σρ(r²)
     * @param steps steps tried
     * @param modelEvaluations evaluations of the model
     */
    public void outcome(
        long index,
        Status status,
        double statusValue,
        double cost,
        int steps,
        int modelEvaluations) {
      ended(index, status, statusValue, cost, steps, modelEvaluations);
    }

    /**
     * Sets the number of points that are not missing; only where missing points are omitted.
     *
     * @param index the problem, 0 to B-1
     * @param used their number
     * @throws IllegalStateException if missing points are not omitted
     */
    public void points(long index, long used) {
      if (usedPoints == null) {
        throw new IllegalStateException(
            "missingData = " + problem.missingData() + ", expected OMIT for a count of points");
      }
      usedPoints[(int) index] = used;
    }

    /**
     * Sets the free parameters of a problem; fixed ones are taken from its start values.
     *
     * @param index the problem, 0 to B-1
     * @param source holds the free parameters in order; not modified
     * @param offset where the first one is
     * @param stride from one to the next
     */
    public void freeParameters(long index, double[] source, int offset, int stride) {
      Objects.requireNonNull(source, "source");
      outcomes.parameters.set(index, free, source, offset, stride);
      if (free.length < freeIndex.length) {
        for (int j = 0; j < freeIndex.length; j++) {
          if (freeIndex[j] < 0) {
            outcomes.parameters.set(index, j, problem.starts().value(index, j));
          }
        }
      }
    }

    /**
     * Sets H⁻¹ = (JᵀJ)⁻¹ over the free parameters, without any scaling by χ². Its diagonal is kept
     * where the method asks for standard errors only, nothing where it asks for none.
     *
     * @param index the problem, 0 to B-1
     * @param source holds the lower triangle by rows: (0,0), (1,0), (1,1), (2,0), …; not modified
     * @param offset where the first one is
     * @param stride from one to the next
     */
    public void curvatureInverse(long index, double[] source, int offset, int stride) {
      Objects.requireNonNull(source, "source");
      switch (method.covariance()) {
        case NONE -> {}
        case STANDARD_ERRORS -> {
          for (int j = 0; j < free.length; j++) {
            inverse.set(index, j, source[offset + packed(j, j) * stride]);
          }
        }
        case FULL -> {
          for (int e = 0; e < inverse.width(); e++) {
            inverse.set(index, e, source[offset + e * stride]);
          }
        }
      }
    }

    /**
     * Adds to the count of floating-point operations; by any thread.
     *
     * @param count operations, as {@link BatchFit#operations()} counts them
     */
    public void addOperations(double count) {
      operations.add(count);
    }

    /**
     * Makes the result.
     *
     * @return the result, over this builder's arrays
     */
    public BatchFit build() {
      complete();
      return new BatchFit(this);
    }

    @Override
    Builder self() {
      return this;
    }

    @Override
    void startOver(int index) {
      for (int j = 0; j < freeIndex.length; j++) {
        outcomes.parameters.set(index, j, problem.starts().value(index, j));
      }
    }
  }
}
