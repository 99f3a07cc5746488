package org.nabla4j.regression;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.nabla4j.result.BatchFit;
import org.nabla4j.result.Status;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The results of many small regressions.
 *
 * <p>A problem that has not converged has a {@link #status} that says why: {@link Status#SINGULAR}
 * if its columns depend on each other, so that its coefficients are no estimate and it has neither
 * errors nor σ nor R²; {@link Status#TOO_FEW_POINTS} if it has fewer rows than coefficients; {@link
 * Status#NON_FINITE} if its data are missing or not finite. The others are not affected.
 *
 * <p>Rows of weight 0 and rows that were left out do not count.
 */
public final class BatchRegression {

  private final BatchFit fit;
  private final List<String> names;
  private final ResponseSums sums;

  BatchRegression(BatchFit fit, List<String> names, ResponseSums sums) {
    this.fit = fit;
    this.names = names;
    this.sums = sums;
  }

  /**
   * The names of the coefficients, as in {@link Design}.
   *
   * @return p names
   */
  public List<String> names() {
    return names;
  }

  /**
   * The number of problems.
   *
   * @return B
   */
  public long problems() {
    return fit.problems();
  }

  /**
   * How a problem ended.
   *
   * @param index the problem, 0 to B-1
   * @return its status
   */
  public Status status(long index) {
    return fit.status(index);
  }

  /**
   * Whether a problem has a solution.
   *
   * @param index the problem, 0 to B-1
   * @return whether its status is one of convergence
   */
  public boolean converged(long index) {
    return fit.converged(index);
  }

  /**
   * How many problems ended in which way.
   *
   * @return counts of the statuses that occur
   */
  public Map<Status, Long> statusCounts() {
    return fit.statusCounts();
  }

  /**
   * A coefficient of a problem.
   *
   * @param index the problem, 0 to B-1
   * @param name one of {@link #names()}
   * @return the coefficient, NaN if nothing is known; no estimate if the problem is {@link
   *     Status#SINGULAR}
   * @throws IllegalArgumentException if there is no coefficient of that name
   */
  public double coefficient(long index, String name) {
    return coefficient(index, indexOf(name));
  }

  /**
   * A coefficient of a problem.
   *
   * @param index the problem, 0 to B-1
   * @param coefficient which one, 0 to p-1
   * @return the coefficient, NaN if nothing is known; no estimate if the problem is {@link
   *     Status#SINGULAR}
   */
  public double coefficient(long index, int coefficient) {
    return hasPoint(index) ? fit.parameter(index, coefficient) : Double.NaN;
  }

  /** Whether the parameters are more than the start. */
  private boolean hasPoint(long index) {
    Status status = fit.status(index);
    return status != Status.TOO_FEW_POINTS && status != Status.NON_FINITE;
  }

  /** Whether the parameters are the only solution, not one of many. */
  private boolean isDetermined(long index) {
    return hasPoint(index) && fit.status(index) != Status.SINGULAR;
  }

  /**
   * The coefficients of all problems.
   *
   * @return a new array of B·p values, problem after problem; those of a problem that is {@link
   *     Status#SINGULAR} are no estimate
   * @throws IllegalStateException if one array cannot hold them
   */
  public double[] coefficients() {
    double[] values = fit.parameters();
    int p = names.size();
    for (int i = 0; i < problems(); i++) {
      if (!hasPoint(i)) {
        Arrays.fill(values, i * p, (i + 1) * p, Double.NaN);
      }
    }
    return values;
  }

  /**
   * The coefficients of all problems as an ND4J array.
   *
   * @return a new array {@code [B, p]} of doubles
   * @throws IllegalStateException if one array cannot hold them
   */
  public INDArray coefficientsArray() {
    return Nd4j.create(coefficients(), new long[] {problems(), names.size()}, DataType.DOUBLE);
  }

  /**
   * The standard error of a coefficient.
   *
   * @param index the problem, 0 to B-1
   * @param name one of {@link #names()}
   * @return σ·√((XᵀWX)⁻¹)ⱼⱼ; NaN without degrees of freedom, or if it is not determined
   * @throws IllegalArgumentException if there is no coefficient of that name
   */
  public double standardError(long index, String name) {
    return standardError(index, indexOf(name));
  }

  /**
   * The standard error of a coefficient.
   *
   * @param index the problem, 0 to B-1
   * @param coefficient which one, 0 to p-1
   * @return σ·√((XᵀWX)⁻¹)ⱼⱼ; NaN without degrees of freedom, or if it is not determined
   */
  public double standardError(long index, int coefficient) {
    return fit.standardError(index, coefficient) * correction(index);
  }

  /** From the points of the fit, those of weight 0 among them, to the rows that count. */
  private double correction(long index) {
    long points = fit.degreesOfFreedom(index);
    long counted = degreesOfFreedom(index);
    return points == counted ? 1 : counted > 0 ? Math.sqrt((double) points / counted) : Double.NaN;
  }

  /**
   * The standard errors of all coefficients of all problems.
   *
   * @return a new array of B·p values, problem after problem
   * @throws IllegalStateException if one array cannot hold them
   */
  public double[] standardErrors() {
    double[] errors = fit.standardErrors();
    int p = names.size();
    for (int i = 0; i < errors.length; i++) {
      errors[i] *= correction(i / p);
    }
    return errors;
  }

  /**
   * Rows that count: nothing is missing in them and their weight is above 0.
   *
   * @param index the problem, 0 to B-1
   * @return n
   */
  public long rows(long index) {
    return sums.rows(index);
  }

  /**
   * Rows that count less coefficients.
   *
   * @param index the problem, 0 to B-1
   * @return n − p, whether the columns depend on each other or not: of a problem that is {@link
   *     Status#SINGULAR} it says nothing
   */
  public long degreesOfFreedom(long index) {
    return rows(index) - names.size();
  }

  /**
   * The residual standard error of a problem.
   *
   * @param index the problem, 0 to B-1
   * @return σ = √(Σw(y − xβ)²/(n − p)); NaN without degrees of freedom, or if the problem is {@link
   *     Status#SINGULAR}
   */
  public double sigma(long index) {
    long dof = degreesOfFreedom(index);
    return dof > 0 && isDetermined(index) ? Math.sqrt(fit.chiSquared(index) / dof) : Double.NaN;
  }

  /**
   * The residual standard errors of all problems.
   *
   * @return a new array of B values
   */
  public double[] sigmas() {
    double[] values = new double[Math.toIntExact(problems())];
    for (int i = 0; i < values.length; i++) {
      values[i] = sigma(i);
    }
    return values;
  }

  /**
   * The coefficient of determination of a problem.
   *
   * @param index the problem, 0 to B-1
   * @return R² = 1 − Σw(y − xβ)²/Σw(y − ȳ)²; without an intercept ȳ is 0; NaN where the response
   *     does not vary, or if the problem is {@link Status#SINGULAR}
   */
  public double rSquared(long index) {
    double total = sums.total(index);
    return total > 0 && isDetermined(index)
        ? Math.max(0, 1 - fit.chiSquared(index) / total)
        : Double.NaN;
  }

  /**
   * The coefficients of determination of all problems.
   *
   * @return a new array of B values
   */
  public double[] rSquareds() {
    double[] values = new double[Math.toIntExact(problems())];
    for (int i = 0; i < values.length; i++) {
      values[i] = rSquared(i);
    }
    return values;
  }

  /**
   * What computed, for people to read.
   *
   * @return the backend's name
   */
  public String backend() {
    return fit.backend();
  }

  /**
   * The flavour of the kernels, for people to read.
   *
   * @return a few words
   */
  public String kernel() {
    return fit.kernel();
  }

  private int indexOf(String name) {
    int index = names.indexOf(Objects.requireNonNull(name, "name"));
    if (index < 0) {
      throw new IllegalArgumentException("no coefficient '" + name + "', expected one of " + names);
    }
    return index;
  }

  /** What was fitted, how the problems ended and how long it took. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%d of %d regressions solved in %.3g s, coefficients %s, backend %s (%s)",
        fit.convergedCount(),
        problems(),
        fit.solveSeconds(),
        names,
        backend(),
        kernel());
  }
}
