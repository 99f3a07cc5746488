package org.nabla4j.regression;

import java.util.List;
import org.nabla4j.data.Rows;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.Functions;

/**
 * The sums over rows that linear regressions are made of: Σ w x xᵀ, Σ w x y, Σ w y², less means
 * over the first rows; with weights, the rows that count and their Σ log w. Used by one thread.
 */
final class GramSums {

  /** Total with weights: rows with a weight above 0. */
  private static final int COUNT = 0;

  /** Total with weights: Σ log w of these rows. */
  private static final int LOG_WEIGHTS = 1;

  /** Total with weights: Σ w. */
  private static final int WEIGHTS = 2;

  /** How many totals there are with weights. */
  private static final int TOTALS = 3;

  /** Rows whose means are subtracted: enough for a shift, and read in no time. */
  private static final int PILOT_ROWS = 1000;

  /** Work n·p·(p + q + 20) below which double-double costs some ten milliseconds at most. */
  private static final double SMALL_WORK = 1e8;

  /** Columns up to which double-double keeps pace with a reader that parses text. */
  private static final int NARROW = 100;

  private final Design design;
  private final Rows rows;
  private final RowPasses passes;
  private final double[] shift;

  /**
   * Looks at the first rows, if there is an intercept and they can be read again.
   *
   * @param design without offset
   * @param rows the table
   * @param passes over it
   */
  GramSums(Design design, Rows rows, RowPasses passes) {
    this(design, rows, passes, pilot(design, rows, passes));
  }

  /** With a shift that is known, or null for none. */
  GramSums(Design design, Rows rows, RowPasses passes, double[] shift) {
    this.design = design;
    this.rows = rows;
    this.passes = passes;
    this.shift = shift;
  }

  /** What is subtracted from columns and responses; null for nothing. Not to be modified. */
  double[] shift() {
    return shift;
  }

  /** Whether the accuracy asks for sums in double-double before anything is known of them. */
  boolean isDoubleDoubleBest(Accuracy accuracy) {
    double p = design.width();
    double products = p + design.responses().size() + 20;
    long n = rows.count();
    return switch (accuracy) {
      case DOUBLE, REFINED -> false;
      case DOUBLE_DOUBLE -> true;
      case AUTO -> !rows.rereadable() || (n < 0 ? p <= NARROW : n * p * products < SMALL_WORK);
    };
  }

  /** Makes the sums. */
  RowSums sum(RowPass.Precision precision) {
    RowPass pass = pass(design, precision);
    return passes.sum(shift == null ? pass : pass.withShift(shift));
  }

  /** Sums of no rows. */
  static RowSums empty(Design design) {
    return new RowSums(
        design.width(), design.responses().size(), 0, design.weight() == null ? 0 : TOTALS);
  }

  /** Rows that count: those with a weight above 0. */
  static long observations(Design design, RowSums sums) {
    return design.weight() == null ? sums.rows() : Math.round(sums.high()[sums.total(COUNT)]);
  }

  /** Σ log w of the rows that count. */
  static double logWeights(Design design, RowSums sums) {
    return design.weight() == null ? 0 : sums.high()[sums.total(LOG_WEIGHTS)];
  }

  /** Σ w. */
  static double weight(Design design, RowSums sums) {
    return design.weight() == null ? sums.rows() : sums.high()[sums.total(WEIGHTS)];
  }

  private static RowPass pass(Design design, RowPass.Precision precision) {
    RowPass pass =
        RowPass.counting().withGram(RowPass.WEIGHT).withResponses().withPrecision(precision);
    return design.weight() == null ? pass : pass.withTotals(totals());
  }

  private static List<Expression> totals() {
    Expression counts = RowPass.WEIGHT.greaterThan(0);
    Expression zero = Expression.constant(0);
    return List.of(
        Functions.where(counts, Expression.constant(1), zero),
        Functions.where(counts, RowPass.WEIGHT.log(), zero),
        RowPass.WEIGHT);
  }

  /** Weighted means of columns and responses over the first rows, or null. */
  private static double[] pilot(Design design, Rows rows, RowPasses passes) {
    int one = design.intercept();
    if (one < 0 || !rows.rereadable()) {
      return null;
    }
    RowSums sums = passes.sum(pass(design, RowPass.Precision.DOUBLE).withRowLimit(PILOT_ROWS));
    double weight = sums.high()[sums.gram(one, one)];
    if (!(weight > 0)) {
      return null;
    }
    int p = design.width();
    double[] means = new double[p + design.responses().size()];
    for (int j = 0; j < means.length; j++) {
      if (j == one) {
        continue;
      }
      int at = j < p ? sums.gram(Math.max(j, one), Math.min(j, one)) : sums.product(j - p, one);
      double mean = sums.high()[at] / weight;
      means[j] = Double.isFinite(mean) ? mean : 0;
    }
    return means;
  }

  /**
   * Brings sums that were made with one shift to another: x less the new shift is x less the old
   * one, plus δ.
   *
   * @param sums as {@link #sum} makes them; modified
   * @param design of the sums, with an intercept unless both shifts are null
   * @param from their shift, or null
   * @param to the shift that they get, or null
   */
  static void rebase(RowSums sums, Design design, double[] from, double[] to) {
    int p = design.width();
    int q = design.responses().size();
    int one = design.intercept();
    if (one < 0) {
      return;
    }
    DoubleDouble[] delta = new DoubleDouble[p + q];
    for (int j = 0; j < delta.length; j++) {
      delta[j] = new DoubleDouble(from == null ? 0 : from[j], 0);
      delta[j].subtract(to == null ? 0 : to[j], 0);
    }
    DoubleDouble weight = number(sums, sums.gram(one, one));
    // Sums of columns as they were: moved last.
    DoubleDouble[] first = new DoubleDouble[p + q];
    for (int j = 0; j < p; j++) {
      first[j] = number(sums, sums.gram(Math.max(j, one), Math.min(j, one)));
    }
    for (int k = 0; k < q; k++) {
      first[p + k] = number(sums, sums.product(k, one));
    }
    for (int i = 0; i < p + q; i++) {
      for (int j = 0; j <= i && j < p; j++) {
        int at = i < p ? sums.gram(i, j) : sums.product(i - p, j);
        move(sums, at, delta[i], first[j], delta[j], first[i], weight);
      }
      if (i >= p) {
        move(sums, sums.square(i - p), delta[i], first[i], delta[i], first[i], weight);
      }
    }
  }

  private static DoubleDouble number(RowSums sums, int at) {
    return new DoubleDouble(sums.high()[at], sums.low()[at]);
  }

  /** Σ(a+δ)(b+ε) = Σab + δΣb + εΣa + δεΣ1. */
  private static void move(
      RowSums sums,
      int at,
      DoubleDouble delta,
      DoubleDouble sumB,
      DoubleDouble epsilon,
      DoubleDouble sumA,
      DoubleDouble weight) {
    DoubleDouble change =
        new DoubleDouble(delta.high, delta.low).multiply(epsilon).multiply(weight);
    change.addProduct(delta.high, delta.low, sumB.high, sumB.low);
    change.addProduct(epsilon.high, epsilon.low, sumA.high, sumA.low);
    sums.add(at, change.high, change.low);
  }
}
