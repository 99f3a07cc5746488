package org.nabla4j.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.nabla4j.data.Column;
import org.nabla4j.objective.FormulaObjective;
import org.nabla4j.objective.Objective;
import org.nabla4j.objective.Points;

/**
 * A sum over many rows, as some of them tell it: for a drawing, where each row of each place would
 * take minutes.
 *
 * <p>With S the sum over m of n rows, one drawn from each of m blocks, and a point a where value
 * and gradient are those of the whole sum f,
 *
 * <pre>
 *   f(θ) ≈ f(a) + n/m·(S(θ) − S(a)) + (∇f(a) − n/m·∇S(a))ᵀ(θ − a)
 * </pre>
 *
 * <p>so that a minimum a is one of what is drawn, too, and the error is that of the higher
 * derivatives, some 1/√m of them.
 */
final class SampledSum implements Objective {

  private static final long SEED = 7;

  private final FormulaObjective some;
  private final double[] anchor;
  private final double factor;
  private final double constant;
  private final double[] slope;

  private SampledSum(FormulaObjective all, FormulaObjective some, double[] anchor) {
    this.some = some;
    this.anchor = anchor;
    factor = (double) all.points() / some.points();
    double[] whole = new double[1];
    double[] part = new double[1];
    double[] gradient = new double[anchor.length];
    slope = new double[anchor.length];
    all.gradients(Points.of(anchor), whole, slope);
    some.gradients(Points.of(anchor), part, gradient);
    boolean finite = Double.isFinite(whole[0] - factor * part[0]);
    for (int j = 0; j < slope.length; j++) {
      slope[j] -= factor * gradient[j];
      finite &= Double.isFinite(slope[j]);
    }
    constant = finite ? whole[0] - factor * part[0] : 0;
    if (!finite) {
      Arrays.fill(slope, 0);
    }
  }

  /**
   * Takes rows of a sum.
   *
   * @param all the sum
   * @param rows how many, less than there are
   * @param anchor where value and gradient are to be right
   */
  static SampledSum of(FormulaObjective all, int rows, double[] anchor) {
    Random random = new Random(SEED);
    double step = (double) all.points() / rows;
    long[] chosen = new long[rows];
    Arrays.setAll(
        chosen, k -> Math.min(all.points() - 1, (long) ((k + random.nextDouble()) * step)));
    FormulaObjective some =
        FormulaObjective.of(all.expression(), all.parameters(), all.constants(), all.columns());
    for (String name : all.constants()) {
      some = some.constant(name, all.constantValues(name).orElseThrow());
    }
    for (String name : all.columns()) {
      Column column = all.columnValues(name).orElseThrow();
      double[] values = new double[rows];
      Arrays.setAll(values, k -> column.value(0, chosen[k]));
      some = some.data(name, Column.shared(values));
    }
    return new SampledSum(all, some, anchor);
  }

  /** How many rows there are in it. */
  long rows() {
    return some.points();
  }

  @Override
  public List<String> parameters() {
    return some.parameters();
  }

  @Override
  public void values(Points points, double[] values) {
    some.values(points, values);
    double[] theta = points.theta();
    for (int row = 0; row < points.count(); row++) {
      double value = constant + factor * values[row];
      for (int j = 0; j < slope.length; j++) {
        value += slope[j] * (theta[row * slope.length + j] - anchor[j]);
      }
      values[row] = value;
    }
  }
}
