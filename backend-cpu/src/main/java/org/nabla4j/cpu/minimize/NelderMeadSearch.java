package org.nabla4j.cpu.minimize;

import java.util.Arrays;
import org.nabla4j.method.NelderMead;
import org.nabla4j.result.Status;

/**
 * The simplex method of Nelder and Mead (1965) over the n parameters that are free, with the
 * coefficients of Gao and Han (2012):
 *
 * <pre>
 *   c is the centroid of all corners but the worst, w
 *   reflection   r = c + (c - w)              instead of w, if not the worst but one
 *   expansion    c + (1 + 2/n)·(r - c)        if r is the best so far
 *   contraction  c ± (3/4 - 1/(2n))·(r - c)   if r is worse than all corners but w
 *   shrinkage    b + (1 - 1/n)·(corner - b)   towards the best, b, if that does not help
 * </pre>
 */
final class NelderMeadSearch extends Search {

  /** The simplex holds n + 1 points of n parameters. */
  private static final int MOST_PARAMETERS = 5000;

  /** A simplex of this relative size is a point. */
  private static final double POINT = 4 * 0x1p-52;

  private enum Phase {
    START,
    BUILD,
    REFLECT,
    EXPAND,
    CONTRACT,
    SHRINK,
    END
  }

  private final NelderMead method;
  private final double[] lower;
  private final double[] upper;

  /** The parameters that are free. */
  private final int[] free;

  private final int n;
  private final double[][] corners;
  private final double[] values;
  private final int limit;
  private final double expansion;
  private final double contraction;
  private final double shrinkage;

  private final double[] point;
  private final double[] best;
  private double bestValue = Double.NaN;

  private Phase phase = Phase.START;
  private int corner;
  private int lowest;
  private int highest;
  private final double[] centroid;
  private final double[] reflected;
  private double reflectedValue;

  private int simplices;
  private double valueAtRestart;
  private int iterations;
  private Status status;
  private double statusValue = Double.NaN;

  /**
   * Prepares a search.
   *
   * @throws IllegalArgumentException if more than 5000 parameters are free
   */
  NelderMeadSearch(NelderMead method, double[] start, double[] lower, double[] upper) {
    this.method = method;
    this.lower = lower;
    this.upper = upper;
    int count = 0;
    int[] indices = new int[start.length];
    for (int j = 0; j < start.length; j++) {
      if (lower == null || upper == null || lower[j] < upper[j]) {
        indices[count++] = j;
      }
    }
    if (count > MOST_PARAMETERS) {
      throw new IllegalArgumentException(
          "parameters = "
              + count
              + ", expected <= "
              + MOST_PARAMETERS
              + " for Nelder-Mead, which holds one point more than parameters");
    }
    this.n = count;
    this.free = Arrays.copyOf(indices, count);
    this.corners = new double[n + 1][n];
    this.values = new double[n + 1];
    this.centroid = new double[n];
    this.reflected = new double[n];
    this.limit = method.iterationLimit(n);
    this.expansion = n > 1 ? 1 + 2.0 / n : 2;
    this.contraction = n > 1 ? 0.75 - 0.5 / n : 0.5;
    this.shrinkage = n > 1 ? 1 - 1.0 / n : 0.5;
    this.point = start.clone();
    this.best = start.clone();
  }

  @Override
  Need need() {
    return phase == Phase.END ? Need.NOTHING : Need.VALUE;
  }

  @Override
  double[] point() {
    return point;
  }

  @Override
  void tell(double value, double[] gradient, double[] hessian) {
    double f = value <= Double.MAX_VALUE ? value : Double.POSITIVE_INFINITY;
    if (phase == Phase.START) {
      bestValue = value;
      if (!(Math.abs(value) <= Double.MAX_VALUE) && !(value < 0)) {
        end(Status.NON_FINITE, value);
        return;
      }
    }
    if (f < bestValue) {
      bestValue = f;
      System.arraycopy(point, 0, best, 0, best.length);
    }
    if (f < WolfeLineSearch.BOTTOM) {
      end(Status.UNBOUNDED, f);
      return;
    }
    switch (phase) {
      case START -> build();
      case BUILD, SHRINK -> told(f);
      case REFLECT -> reflected(f);
      case EXPAND -> expanded(f);
      case CONTRACT -> contracted(f);
      default -> throw new IllegalStateException("the search has ended: " + status);
    }
  }

  /** Sets up a simplex around the best point, its edges alternately along and against the axes. */
  private void build() {
    if (n == 0) {
      end(Status.CONVERGED_PARAMETERS, 0);
      return;
    }
    boolean backwards = simplices % 2 == 1;
    simplices++;
    valueAtRestart = bestValue;
    for (int i = 0; i <= n; i++) {
      for (int k = 0; k < n; k++) {
        corners[i][k] = best[free[k]];
      }
    }
    values[0] = bestValue;
    for (int k = 0; k < n; k++) {
      corners[k + 1][k] = neighbour(free[k], backwards);
    }
    phase = Phase.BUILD;
    corner = 1;
    propose(corners[1]);
  }

  /** The best point's parameter moved by an edge, to where there is room. */
  private double neighbour(int j, boolean backwards) {
    double x = best[j];
    double edge = method.initialSize() * (x == 0 ? 1 : Math.abs(x));
    double up = project(j, x + edge);
    double down = project(j, x - edge);
    if (backwards) {
      return x - down >= Math.min(edge, up - x) ? down : up;
    }
    return up - x >= Math.min(edge, x - down) ? up : down;
  }

  private double project(int j, double x) {
    double y = Math.max(-Double.MAX_VALUE, Math.min(Double.MAX_VALUE, x));
    y = lower == null ? y : Math.max(y, lower[j]);
    return upper == null ? y : Math.min(y, upper[j]);
  }

  private void propose(double[] coordinates) {
    for (int k = 0; k < n; k++) {
      point[free[k]] = coordinates[k];
    }
  }

  /** Writes P(c + scale·(from - c)), and proposes it. */
  private void propose(double scale, double[] from) {
    for (int k = 0; k < n; k++) {
      int j = free[k];
      point[j] = project(j, centroid[k] + scale * (from[k] - centroid[k]));
    }
  }

  /** The value of a corner that was built or shrunk. */
  private void told(double f) {
    values[corner] = f;
    do {
      corner++;
    } while (phase == Phase.SHRINK && corner == lowest);
    if (corner <= n) {
      propose(corners[corner]);
    } else {
      iterate();
    }
  }

  private void iterate() {
    lowest = 0;
    highest = 0;
    for (int i = 1; i <= n; i++) {
      lowest = values[i] < values[lowest] ? i : lowest;
      highest = values[i] >= values[highest] ? i : highest;
    }
    double size = size();
    double spread = values[highest] - values[lowest];
    boolean level = spread <= gainThatCounts(values[lowest]);
    if ((level && size <= method.parameterTolerance()) || size <= POINT) {
      converge(size, level);
      return;
    }
    if (iterations >= limit) {
      end(Status.ITERATION_LIMIT, iterations);
      return;
    }
    iterations++;
    for (int k = 0; k < n; k++) {
      double sum = 0;
      for (int i = 0; i <= n; i++) {
        sum += i == highest ? 0 : corners[i][k];
      }
      centroid[k] = project(free[k], sum / n);
    }
    phase = Phase.REFLECT;
    propose(-1, corners[highest]);
  }

  private double gainThatCounts(double f) {
    return method.valueTolerance() * Math.max(Math.abs(f), 1) + 4 * Math.ulp(f);
  }

  /** max |θ_ij - θ_0j| / max(|θ_0j|, 1), with θ_0 the lowest corner. */
  private double size() {
    double largest = 0;
    for (int k = 0; k < n; k++) {
      double x = corners[lowest][k];
      double width = 0;
      for (int i = 0; i <= n; i++) {
        width = Math.max(width, Math.abs(corners[i][k] - x));
      }
      largest = Math.max(largest, width / Math.max(Math.abs(x), 1));
    }
    return largest;
  }

  /** The simplex has become small: ends the search if a second one has found nothing lower. */
  private void converge(double size, boolean level) {
    if (simplices == 1 || valueAtRestart - bestValue > gainThatCounts(bestValue)) {
      if (iterations >= limit) {
        end(Status.ITERATION_LIMIT, iterations);
      } else {
        build();
      }
    } else if (level) {
      end(Status.CONVERGED_PARAMETERS, size);
    } else {
      end(Status.NO_PROGRESS, size);
    }
  }

  private void reflected(double f) {
    for (int k = 0; k < n; k++) {
      reflected[k] = point[free[k]];
    }
    reflectedValue = f;
    if (f < values[lowest]) {
      phase = Phase.EXPAND;
      propose(expansion, reflected);
    } else if (f < secondHighest()) {
      replace(f);
    } else {
      phase = Phase.CONTRACT;
      propose(f < values[highest] ? contraction : -contraction, reflected);
    }
  }

  private double secondHighest() {
    double second = Double.NEGATIVE_INFINITY;
    for (int i = 0; i <= n; i++) {
      second = i == highest ? second : Math.max(second, values[i]);
    }
    return second;
  }

  private void expanded(double f) {
    if (f >= reflectedValue) {
      propose(reflected);
      replace(reflectedValue);
    } else {
      replace(f);
    }
  }

  private void contracted(double f) {
    if (f < values[highest] && f <= reflectedValue) {
      replace(f);
      return;
    }
    double[] b = corners[lowest];
    for (int i = 0; i <= n; i++) {
      for (int k = 0; k < n && i != lowest; k++) {
        corners[i][k] = project(free[k], b[k] + shrinkage * (corners[i][k] - b[k]));
      }
    }
    phase = Phase.SHRINK;
    corner = lowest == 0 ? 1 : 0;
    propose(corners[corner]);
  }

  /** Puts the point in place of the highest corner. */
  private void replace(double f) {
    for (int k = 0; k < n; k++) {
      corners[highest][k] = point[free[k]];
    }
    values[highest] = f;
    iterate();
  }

  private void end(Status how, double quantity) {
    phase = Phase.END;
    status = how;
    statusValue = quantity;
  }

  @Override
  void cancel() {
    if (phase != Phase.END) {
      end(Status.CANCELLED, Double.NaN);
    }
  }

  @Override
  double[] best() {
    return best;
  }

  @Override
  double value() {
    return bestValue;
  }

  @Override
  double[] gradient() {
    return null;
  }

  @Override
  Status status() {
    return status;
  }

  @Override
  double statusValue() {
    return statusValue;
  }

  @Override
  int iterations() {
    return iterations;
  }
}
