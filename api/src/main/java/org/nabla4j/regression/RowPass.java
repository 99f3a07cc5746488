package org.nabla4j.regression;

import java.util.List;
import java.util.Objects;
import org.nabla4j.expression.Expression;

/**
 * One pass over the rows of a design: which sums are made. Immutable; every {@code with} method
 * returns a changed copy.
 *
 * <p>For a row with x = (X's row) − shift, linear predictor η = β·(X's row) + offset, prior weight
 * w, responses y, leverage h = ‖L⁻¹x‖² and the expressions a (curvature), s₁… (scores) and t₁…
 * (totals) of the symbols {@link #ETA}, {@link #RESPONSE} (the first response, as it is), {@link
 * #WEIGHT} (w), {@link #OFFSET} and {@link #LEVERAGE}, the sums are
 *
 * <pre>
 *   Σ a x xᵀ     if gram, packed lower triangle by rows
 *   Σ a x yₖ     if responses, for each response yₖ − shift, and Σ a yₖ²
 *   Σ sₖ x       for each score
 *   Σ tₖ         for each total
 *   Σ_rows 1
 * </pre>
 *
 * The shift of the column of ones is 0. With double-double sums x, y and a·x are formed in
 * double-double too, for + − · and whole powers of the numbers.
 */
public final class RowPass {

  /** Symbol of the linear predictor β·x + offset. */
  public static final Expression ETA = Expression.symbol("eta");

  /** Symbol of the first response. */
  public static final Expression RESPONSE = Expression.symbol("y");

  /** Symbol of the prior weight, 1 where the design has none. */
  public static final Expression WEIGHT = Expression.symbol("w");

  /** Symbol of the offset, 0 where the design has none. */
  public static final Expression OFFSET = Expression.symbol("offset");

  /** Symbol of the leverage factor h = ‖L⁻¹x‖². */
  public static final Expression LEVERAGE = Expression.symbol("h");

  /** In which precision is summed. */
  public enum Precision {
    /** Double, in short runs that are added up in double-double. */
    DOUBLE,
    /** Double-double throughout, some 32 digits. */
    DOUBLE_DOUBLE
  }

  private final boolean gram;
  private final boolean responses;
  private final boolean byCluster;
  private final Precision precision;
  private final Expression curvature;
  private final List<Expression> scores;
  private final List<Expression> totals;
  private final double[] shift;
  private final double[] coefficients;
  private final double[] leverageFactor;
  private final long rowLimit;

  private RowPass(
      boolean gram,
      boolean responses,
      boolean byCluster,
      Precision precision,
      Expression curvature,
      List<Expression> scores,
      List<Expression> totals,
      double[] shift,
      double[] coefficients,
      double[] leverageFactor,
      long rowLimit) {
    this.gram = gram;
    this.responses = responses;
    this.byCluster = byCluster;
    this.precision = precision;
    this.curvature = curvature;
    this.scores = scores;
    this.totals = totals;
    this.shift = shift;
    this.coefficients = coefficients;
    this.leverageFactor = leverageFactor;
    this.rowLimit = rowLimit;
  }

  /**
   * A pass that counts rows; what else it sums up is said by the {@code with} methods. The
   * curvature is the prior weight.
   *
   * @return a pass over all rows in double
   */
  public static RowPass counting() {
    return new RowPass(
        false,
        false,
        false,
        Precision.DOUBLE,
        WEIGHT,
        List.of(),
        List.of(),
        null,
        null,
        null,
        Long.MAX_VALUE);
  }

  /**
   * Also sums Σ a x xᵀ.
   *
   * @param a the curvature
   * @return a changed copy
   */
  public RowPass withGram(Expression a) {
    return new RowPass(
        true,
        responses,
        byCluster,
        precision,
        Objects.requireNonNull(a, "a"),
        scores,
        totals,
        shift,
        coefficients,
        leverageFactor,
        rowLimit);
  }

  /**
   * Also sums Σ a x yₖ and Σ a yₖ² for every response.
   *
   * @return a changed copy
   */
  public RowPass withResponses() {
    return new RowPass(
        gram,
        true,
        byCluster,
        precision,
        curvature,
        scores,
        totals,
        shift,
        coefficients,
        leverageFactor,
        rowLimit);
  }

  /**
   * Also sums Σ s x.
   *
   * @param s factors of the row, one for each sum
   * @return a changed copy
   */
  public RowPass withScores(List<Expression> s) {
    return new RowPass(
        gram,
        responses,
        byCluster,
        precision,
        curvature,
        List.copyOf(Objects.requireNonNull(s, "s")),
        totals,
        shift,
        coefficients,
        leverageFactor,
        rowLimit);
  }

  /**
   * Sums the scores for each cluster of the design apart, see {@link RowSums#clusterScores()}.
   *
   * @return a changed copy
   */
  public RowPass withScoresByCluster() {
    return new RowPass(
        gram,
        responses,
        true,
        precision,
        curvature,
        scores,
        totals,
        shift,
        coefficients,
        leverageFactor,
        rowLimit);
  }

  /**
   * Also sums Σ t.
   *
   * @param t values of the row, one for each sum
   * @return a changed copy
   */
  public RowPass withTotals(List<Expression> t) {
    return new RowPass(
        gram,
        responses,
        byCluster,
        precision,
        curvature,
        scores,
        List.copyOf(Objects.requireNonNull(t, "t")),
        shift,
        coefficients,
        leverageFactor,
        rowLimit);
  }

  /**
   * Sums in another precision.
   *
   * @param value the precision
   * @return a changed copy
   */
  public RowPass withPrecision(Precision value) {
    return new RowPass(
        gram,
        responses,
        byCluster,
        Objects.requireNonNull(value, "value"),
        curvature,
        scores,
        totals,
        shift,
        coefficients,
        leverageFactor,
        rowLimit);
  }

  /**
   * Subtracts from every column before products are formed.
   *
   * @param values p shifts of X's columns, then q of the responses; copied
   * @return a changed copy
   */
  public RowPass withShift(double[] values) {
    return new RowPass(
        gram,
        responses,
        byCluster,
        precision,
        curvature,
        scores,
        totals,
        Objects.requireNonNull(values, "values").clone(),
        coefficients,
        leverageFactor,
        rowLimit);
  }

  /**
   * Sets β, of X as it is, not shifted.
   *
   * @param beta p coefficients; copied
   * @return a changed copy
   */
  public RowPass withCoefficients(double[] beta) {
    return new RowPass(
        gram,
        responses,
        byCluster,
        precision,
        curvature,
        scores,
        totals,
        shift,
        Objects.requireNonNull(beta, "beta").clone(),
        leverageFactor,
        rowLimit);
  }

  /**
   * Sets L⁻¹ of the leverage h = ‖L⁻¹x‖², x shifted.
   *
   * @param inverseFactor packed lower triangle by rows, p(p+1)/2 numbers; copied
   * @return a changed copy
   */
  public RowPass withLeverageFactor(double[] inverseFactor) {
    return new RowPass(
        gram,
        responses,
        byCluster,
        precision,
        curvature,
        scores,
        totals,
        shift,
        coefficients,
        Objects.requireNonNull(inverseFactor, "inverseFactor").clone(),
        rowLimit);
  }

  /**
   * Looks at the first rows only.
   *
   * @param rows the most rows that are read, &gt; 0
   * @return a changed copy
   */
  public RowPass withRowLimit(long rows) {
    if (rows <= 0) {
      throw new IllegalArgumentException("rows = " + rows + ", expected > 0");
    }
    return new RowPass(
        gram,
        responses,
        byCluster,
        precision,
        curvature,
        scores,
        totals,
        shift,
        coefficients,
        leverageFactor,
        rows);
  }

  /**
   * Whether Σ a x xᵀ is summed.
   *
   * @return true if it is
   */
  public boolean gram() {
    return gram;
  }

  /**
   * Whether Σ a x yₖ and Σ a yₖ² are summed.
   *
   * @return true if they are
   */
  public boolean responses() {
    return responses;
  }

  /**
   * Whether the scores are summed for each cluster apart.
   *
   * @return true if they are
   */
  public boolean byCluster() {
    return byCluster;
  }

  /**
   * In which precision is summed.
   *
   * @return the precision
   */
  public Precision precision() {
    return precision;
  }

  /**
   * The factor a of the products.
   *
   * @return an expression of the row's symbols
   */
  public Expression curvature() {
    return curvature;
  }

  /**
   * The factors s of x.
   *
   * @return expressions of the row's symbols
   */
  public List<Expression> scores() {
    return scores;
  }

  /**
   * The values t.
   *
   * @return expressions of the row's symbols
   */
  public List<Expression> totals() {
    return totals;
  }

  /**
   * What is subtracted from columns and responses.
   *
   * @return p + q numbers, or null for none
   */
  public double[] shift() {
    return shift == null ? null : shift.clone();
  }

  /**
   * β.
   *
   * @return p numbers, or null where η is the offset alone
   */
  public double[] coefficients() {
    return coefficients == null ? null : coefficients.clone();
  }

  /**
   * L⁻¹ of the leverage.
   *
   * @return packed lower triangle by rows, or null where no leverage is computed
   */
  public double[] leverageFactor() {
    return leverageFactor == null ? null : leverageFactor.clone();
  }

  /**
   * The most rows that are read.
   *
   * @return {@link Long#MAX_VALUE} for all
   */
  public long rowLimit() {
    return rowLimit;
  }
}
