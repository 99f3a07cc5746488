package org.nabla4j.objective;

import java.util.Arrays;
import java.util.List;
import org.nabla4j.data.Column;

/**
 * An objective of the parameters that are free, the others held at their start values. It knows
 * what the objective that it is made from knows.
 */
class FreeParameters implements Objective {

  private final Objective full;
  private final List<String> names;
  private final int[] free;
  private final Column starts;

  private FreeParameters(Objective full, int[] free, Column starts) {
    this.full = full;
    this.free = free;
    this.starts = starts;
    List<String> all = full.parameters();
    names = Arrays.stream(free).mapToObj(all::get).toList();
  }

  /**
   * Holds the other parameters.
   *
   * @param objective of all parameters
   * @param free positions of those that stay free
   * @param starts values of all parameters, shared or per problem
   * @return an objective of the free ones
   */
  static Objective of(Objective objective, int[] free, Column starts) {
    if (objective instanceof TwiceDifferentiableObjective twice) {
      return objective instanceof SummedObjective sum
          ? new SummedTwice(twice, sum, free, starts)
          : new Twice(twice, free, starts);
    }
    if (objective instanceof SummedObjective sum) {
      return new Summed(sum, free, starts);
    }
    if (objective instanceof DifferentiableObjective once) {
      return new Once(once, free, starts);
    }
    return new FreeParameters(objective, free, starts);
  }

  @Override
  public List<String> parameters() {
    return names;
  }

  @Override
  public void values(Points points, double[] values) {
    full.values(expand(points), values);
  }

  /** The same points with all parameters. */
  final Points expand(Points points) {
    int p = full.parameters().size();
    double[] theta = new double[Math.multiplyExact(points.count(), p)];
    long[] problems = new long[points.count()];
    for (int row = 0; row < points.count(); row++) {
      problems[row] = points.problem(row);
      starts.read(problems[row], 0, p, theta, row * p);
    }
    scatter(points.theta(), points.count(), theta);
    return new Points(theta, problems, points.count(), p);
  }

  /** Puts rows of the free parameters into rows of all. */
  final void scatter(double[] rows, int count, double[] target) {
    int p = full.parameters().size();
    for (int row = 0; row < count; row++) {
      for (int k = 0; k < free.length; k++) {
        target[row * p + free[k]] = rows[row * free.length + k];
      }
    }
  }

  /** Takes rows of the free parameters from rows of all. */
  final void gather(double[] rows, int count, double[] target) {
    int p = full.parameters().size();
    for (int row = 0; row < count; row++) {
      for (int k = 0; k < free.length; k++) {
        target[row * free.length + k] = rows[row * p + free[k]];
      }
    }
  }

  /** With a gradient. */
  private static class Once extends FreeParameters implements DifferentiableObjective {
    private final DifferentiableObjective full;

    Once(DifferentiableObjective full, int[] free, Column starts) {
      super(full, free, starts);
      this.full = full;
    }

    @Override
    public double gradientError() {
      return full.gradientError();
    }

    @Override
    public void gradients(Points points, double[] values, double[] gradients) {
      Points all = expand(points);
      double[] slopes = new double[all.count() * all.parameters()];
      full.gradients(all, values, slopes);
      gather(slopes, all.count(), gradients);
    }
  }

  /** With a Hessian. */
  private static class Twice extends Once implements TwiceDifferentiableObjective {
    private final TwiceDifferentiableObjective full;
    private final int[] free;

    Twice(TwiceDifferentiableObjective full, int[] free, Column starts) {
      super(full, free, starts);
      this.full = full;
      this.free = free;
    }

    @Override
    public void hessians(Points points, double[] values, double[] gradients, double[] hessians) {
      Points all = expand(points);
      int p = all.parameters();
      double[] slopes = new double[all.count() * p];
      double[] matrices = new double[Math.multiplyExact(all.count() * p, p)];
      full.hessians(all, values, slopes, matrices);
      gather(slopes, all.count(), gradients);
      int m = free.length;
      for (int row = 0; row < all.count(); row++) {
        for (int i = 0; i < m; i++) {
          for (int j = 0; j < m; j++) {
            hessians[(row * m + i) * m + j] = matrices[(row * p + free[i]) * p + free[j]];
          }
        }
      }
    }

    @Override
    public void hessianProducts(Points points, double[] directions, double[] products) {
      Points all = expand(points);
      double[] v = new double[all.count() * all.parameters()];
      scatter(directions, all.count(), v);
      double[] hv = new double[v.length];
      full.hessianProducts(all, v, hv);
      gather(hv, all.count(), products);
    }
  }

  /** The gradient of some terms of a sum. */
  final void gradients(
      SummedObjective sum,
      Points points,
      int[] selection,
      int from,
      int to,
      double[] values,
      double[] gradients) {
    Points all = expand(points);
    double[] slopes = new double[all.count() * all.parameters()];
    sum.gradients(all, selection, from, to, values, slopes);
    gather(slopes, all.count(), gradients);
  }

  /** With a gradient of some of its terms. */
  private static final class Summed extends Once implements SummedObjective {
    private final SummedObjective full;

    Summed(SummedObjective full, int[] free, Column starts) {
      super(full, free, starts);
      this.full = full;
    }

    @Override
    public int terms() {
      return full.terms();
    }

    @Override
    public void gradients(
        Points points, int[] selection, int from, int to, double[] values, double[] gradients) {
      gradients(full, points, selection, from, to, values, gradients);
    }
  }

  /** With a Hessian, and a gradient of some of its terms. */
  private static final class SummedTwice extends Twice implements SummedObjective {
    private final SummedObjective sum;

    SummedTwice(TwiceDifferentiableObjective full, SummedObjective sum, int[] free, Column starts) {
      super(full, free, starts);
      this.sum = sum;
    }

    @Override
    public int terms() {
      return sum.terms();
    }

    @Override
    public void gradients(
        Points points, int[] selection, int from, int to, double[] values, double[] gradients) {
      gradients(sum, points, selection, from, to, values, gradients);
    }
  }

  @Override
  public String toString() {
    return full.toString();
  }
}
