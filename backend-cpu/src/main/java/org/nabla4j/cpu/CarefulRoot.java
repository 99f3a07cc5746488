package org.nabla4j.cpu;

import org.nabla4j.cpu.codegen.RootKernel;
import org.nabla4j.cpu.codegen.RootLayout;
import org.nabla4j.method.RootFinding;
import org.nabla4j.result.BatchRoots;
import org.nabla4j.result.Status;

/**
 * One equation that the lanes found hard, solved alone and with patience: looks at the ends of the
 * interval, goes down |F| with a line search, and looks for a change of sign over the interval, or
 * ever farther away where there is none.
 */
final class CarefulRoot {

  /** Pieces of an interval in which a change of sign is looked for. */
  private static final int PIECES = 16;

  /** Doublings of the distance at which a change of sign is looked for. */
  private static final int DOUBLINGS = 30;

  private static final double FIRST_DISTANCE = 1e-2;
  private static final double SMALLEST_SHARE = 1e-12;
  private static final double ENOUGH = 1e-4;
  private static final double LONGEST_STEP = 100;
  private static final int POLISH = 6;

  /** Ends that are farther apart are bisected on a logarithmic scale. */
  private static final double APART = 4;

  /** |F| that falls by less than this share is near its least. */
  private static final double STAGNANT = 1e-6;

  /** Most evaluations of one way down. */
  private static final int DESCENT = 100;

  private final RootKernel kernel;
  private final RootLayout layout;
  private final EquationReader reader;
  private final RootFinding method;
  private final double[] tile;
  private double low;
  private double high;
  private int evaluations;
  private double startBound;
  private Point best;

  /** F at a point, the Newton step from it, and what rounding does to F and to a root there. */
  private record Point(double x, double f, double step, double bound, double uncertainty) {
    boolean differs(Point other) {
      return (f < 0) != (other.f < 0);
    }

    boolean isBelow(Point other) {
      return Math.abs(f) < Math.abs(other.f);
    }
  }

  /**
   * Prepares for problems.
   *
   * @param kernel of one lane
   */
  CarefulRoot(RootKernel kernel, EquationReader reader, RootFinding method) {
    this.kernel = kernel;
    this.layout = kernel.layout();
    this.reader = reader;
    this.method = method;
    this.tile = new double[kernel.tileSize()];
  }

  /**
   * Solves a problem.
   *
   * @param spent evaluations that were made before; they count towards the limit
   * @param results where the result goes
   */
  void solve(long index, int spent, BatchRoots.Builder results) {
    reader.load(index, tile, layout, 0);
    low = tile[layout.lower()];
    high = tile[layout.upper()];
    evaluations = spent;
    best = null;
    double start = tile[layout.x()];
    boolean isInterval = Double.isFinite(low) && Double.isFinite(high);
    if (!Double.isFinite(start) && isInterval) {
      start = EquationReader.start(low, high);
    }
    Point root = Double.isFinite(start) ? search(start, isInterval) : null;
    if (root != null) {
      write(index, root, verdict(root), results);
    } else if (best == null) {
      results.value(index, 0, start, Double.NaN);
      results.outcome(index, Status.NON_FINITE, Double.NaN, 0, evaluations);
    } else {
      Status without = isInterval && !hasSignChange ? Status.NO_SIGN_CHANGE : Status.NO_PROGRESS;
      Status status = isLeft() ? without : Status.ITERATION_LIMIT;
      results.value(index, 0, best.x, Double.NaN);
      results.outcome(index, status, best.f, Math.max(0, evaluations - 1), evaluations);
    }
  }

  /** Whether F was seen with both signs. */
  private boolean hasSignChange;

  /** Where F was found to change its sign without a root, NaN if nowhere. */
  private double jump;

  private void write(long index, Point root, Status status, BatchRoots.Builder results) {
    results.value(index, 0, root.x, root.uncertainty + RootVerdict.HALF_UNIT * Math.abs(root.x));
    results.outcome(index, status, root.f, Math.max(0, evaluations - 1), evaluations);
  }

  private Status verdict(Point p) {
    double extent = Double.isFinite(high - low) ? high - low : 0;
    return RootVerdict.judge(method, p.x, p.f, p.step, boundOf(p), p.uncertainty, extent);
  }

  private Point search(double start, boolean isInterval) {
    hasSignChange = false;
    jump = Double.NaN;
    Point first = at(start);
    startBound = first == null ? 0 : first.bound;
    if (isZero(first)) {
      return polish(first);
    }
    Point a = Double.isFinite(low) ? at(low) : null;
    Point b = Double.isFinite(high) ? at(high) : null;
    for (Point end : new Point[] {a, b}) {
      if (isZero(end)) {
        return polish(end);
      }
    }
    Point root = between(a, first);
    if (root == null) {
      root = between(first, b);
    }
    if (root == null && first != null) {
      root = descend(first);
    }
    if (root == null) {
      root = isInterval ? scan(a) : widen(start, first);
    }
    // from where |F| was seen least: a double root has no change of sign
    boolean elsewhere = best != null && (first == null || best.x != first.x);
    return root == null && elsewhere ? descend(best) : root;
  }

  private boolean isLeft() {
    return evaluations < method.iterationLimit();
  }

  private boolean isZero(Point p) {
    return p != null && RootVerdict.isZero(method, p.f, boundOf(p));
  }

  /** What is less than the rounding of the rounding at the start is zero: a root of high order. */
  private double boundOf(Point p) {
    return Math.max(p.bound, 0x1p-53 * startBound);
  }

  /** Evaluates; null where F is not finite or no evaluation is left. */
  private Point at(double x) {
    if (!isLeft()) {
      return null;
    }
    tile[layout.x()] = x;
    kernel.check().run(tile, tile, tile, 0, 0);
    evaluations++;
    Point p =
        new Point(
            x,
            tile[layout.residual()],
            tile[layout.correction()],
            tile[layout.bound()],
            tile[layout.uncertainty()]);
    if (!Double.isFinite(p.f)) {
      return null;
    }
    if (best == null || p.isBelow(best)) {
      best = p;
    }
    return p;
  }

  /** A root between two points of opposite signs, or null. */
  private Point between(Point a, Point b) {
    if (a == null || b == null || !a.differs(b)) {
      return null;
    }
    hasSignChange = true;
    Point left = a.x < b.x ? a : b;
    Point right = a.x < b.x ? b : a;
    if (left.x <= jump && jump <= right.x) {
      return null;
    }
    Point least = a.isBelow(b) ? a : b;
    Point from = least;
    boolean falls = true;
    double earlier = Double.POSITIVE_INFINITY;
    double last = Double.POSITIVE_INFINITY;
    while (isLeft()) {
      double x = from.x + from.step;
      boolean newton = x > left.x && x < right.x && Math.abs(from.step) <= 0.5 * earlier && falls;
      if (!newton) {
        x = EquationReader.middle(left.x, right.x, APART);
      }
      if (!(x > left.x && x < right.x)) {
        break;
      }
      Point p = at(x);
      if (p == null) {
        // not finite between: what the interval holds cannot be told
        return null;
      }
      earlier = last;
      last = Math.abs(p.x - from.x);
      from = p;
      falls = p.isBelow(least);
      least = falls ? p : least;
      if (p.f == 0 || Math.abs(p.f) <= 0.5 * p.bound || Math.abs(p.step) <= Math.ulp(p.x)) {
        break;
      }
      if (p.differs(left)) {
        right = p;
      } else {
        left = p;
      }
    }
    if (verdict(least) == null) {
      // at a pole or a jump |F| is least at one of the first points, and no root
      jump = left.x;
      return null;
    }
    return polish(least);
  }

  /** Newton steps, shortened until |F| falls; a root, or null where it no longer falls. */
  private Point descend(Point from) {
    Point p = from;
    int begun = evaluations;
    while (isLeft() && evaluations - begun < DESCENT) {
      if (isZero(p) || Math.abs(p.step) <= RootVerdict.LAST_DIGITS * Math.abs(p.x)) {
        return verdict(p) == null ? null : polish(p);
      }
      double longest = LONGEST_STEP * Math.max(Math.abs(p.x), 1);
      double step = Math.max(-longest, Math.min(longest, p.step));
      Point next = null;
      for (double share = 1; share > SMALLEST_SHARE && isLeft(); share *= 0.5) {
        double x = Math.max(low, Math.min(high, p.x + share * step));
        if (x == p.x || Double.isNaN(x)) {
          break;
        }
        Point q = at(x);
        if (q == null) {
          continue;
        }
        Point root = between(p, q);
        if (root != null) {
          return root;
        }
        if (Math.abs(q.f) < (1 - ENOUGH * share) * Math.abs(p.f)) {
          next = q;
          break;
        }
      }
      if (next == null || Math.abs(next.f) > (1 - STAGNANT) * Math.abs(p.f)) {
        return null;
      }
      p = next;
    }
    return null;
  }

  /** Looks for a change of sign between the ends. */
  private Point scan(Point lowEnd) {
    Point last = lowEnd;
    double middle = EquationReader.start(low, high);
    boolean geometric = Math.abs(middle - (0.5 * low + 0.5 * high)) > 0;
    for (int k = 1; k <= PIECES; k++) {
      double share = (double) k / PIECES;
      Point p =
          at(
              k == PIECES
                  ? high
                  : geometric
                      ? low * Math.pow(high / low, share)
                      : low * (1 - share) + high * share);
      Point root = isZero(p) ? polish(p) : between(last, p);
      if (root != null) {
        return root;
      }
      last = p;
    }
    return null;
  }

  /** Looks for a change of sign ever farther from the start. */
  private Point widen(double start, Point first) {
    Point left = first;
    Point right = first;
    double distance = FIRST_DISTANCE * Math.max(Math.abs(start), 1);
    for (int k = 0; k < DOUBLINGS && isLeft(); k++, distance *= 2) {
      Point p = start + distance <= high ? at(start + distance) : null;
      Point q = start - distance >= low ? at(start - distance) : null;
      Point root = between(right, p);
      if (root == null) {
        root = between(q, left);
      }
      if (root != null) {
        return root;
      }
      right = p == null ? right : p;
      left = q == null ? left : q;
    }
    return null;
  }

  /** A few more Newton steps as long as |F| falls. */
  private Point polish(Point from) {
    Point p = from;
    for (int k = 0; k < POLISH && p.f != 0; k++) {
      double x = p.x + p.step;
      if (!(x >= low && x <= high) || x == p.x) {
        break;
      }
      Point q = at(x);
      if (q == null || !q.isBelow(p)) {
        break;
      }
      p = q;
    }
    return p;
  }
}
