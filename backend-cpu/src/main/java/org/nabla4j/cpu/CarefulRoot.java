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

  /** The same where F was seen to jump. */
  private static final int DESCENT_BESIDE_JUMP = 30;

  /** Steps in a row that hardly shrink: the way leads on and on. */
  private static final int MOST_MARCHING = 30;

  /** Ratios 1 − 1/m of steps are those of linear convergence, towards a root of order m. */
  private static final double LEAST_RATIO = 0.25;

  private static final double LARGEST_RATIO = 0.995;

  /** Ratios that agree to this are the same. */
  private static final double SAME_RATIO = 0.05;

  /** Above this ratio it is 1 − ratio that must agree. */
  private static final double HIGH_RATIO = 0.94;

  /** Ratios in a row that must agree. */
  private static final int STEADY = 2;

  /** What is so small beside the rounding at the start is not followed any further. */
  private static final double NOTHING = 0x1p-300;

  /** An interval of so small a share of its first ends over which F does not shrink: a jump. */
  private static final double JUMP = 0x1p-64;

  /** Evaluations over which F does not shrink at a jump. */
  private static final int STALE = 20;

  /** Evaluations over which F does not shrink before a pole is looked for, every other time. */
  private static final int POLE = 6;

  /** F has shrunk where it is less than this share of what it was. */
  private static final double SHRUNK = 0.99;

  /** A share of an interval, where F is no number at its middle. */
  private static final double ASIDE = 0.375;

  /** Neighbours at this share of x tell whether F is zero in a whole interval. */
  private static final double NEIGHBOUR = 1e-6;

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

  /** What was found zero to rounding, but does not determine the root. */
  private Point doubtful;

  /** Where steps were seen to shrink by a steady ratio last, and that ratio. */
  private Point linear;

  private double linearRatio;

  /** F at a point, the Newton step from it, and what rounding does to F and to a root there. */
  private record Point(double x, double f, double step, double bound, double uncertainty) {
    boolean differs(Point other) {
      return (f < 0) != (other.f < 0);
    }

    boolean isBelow(Point other) {
      return Math.abs(f) < Math.abs(other.f);
    }

    boolean isFinite() {
      return Math.abs(f) < Double.POSITIVE_INFINITY;
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
    doubtful = null;
    linear = null;
    extent = reader.extent(index);
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
    } else if (jump != null) {
      results.value(index, 0, jump.x, Double.NaN);
      results.outcome(index, Status.NO_PROGRESS, jump.f, Math.max(0, evaluations - 1), evaluations);
      results.jump(index);
    } else {
      Status without = isInterval && !hasSignChange ? Status.NO_SIGN_CHANGE : Status.NO_PROGRESS;
      Status status = isLeft() ? without : Status.ITERATION_LIMIT;
      results.value(index, 0, best.x, Double.NaN);
      results.outcome(index, status, best.f, Math.max(0, evaluations - 1), evaluations);
    }
  }

  /** Whether F was seen with both signs. */
  private boolean hasSignChange;

  /** Where F was found to change its sign without a root, null if nowhere. */
  private Point jump;

  /** What the size of a root is compared with where it is small beside it. */
  private double extent;

  private void write(long index, Point root, Status status, BatchRoots.Builder results) {
    double uncertainty =
        status == Status.CONVERGED_COST && Double.isInfinite(root.uncertainty)
            ? aside(root)
            : root.uncertainty;
    results.value(index, 0, root.x, uncertainty + RootVerdict.HALF_UNIT * Math.abs(root.x));
    results.outcome(index, status, root.f, Math.max(0, evaluations - 1), evaluations);
  }

  private Status verdict(Point p) {
    if (!p.isFinite()) {
      return null;
    }
    if (!RootVerdict.isFlat(p.f, p.step, p.uncertainty)) {
      return RootVerdict.judge(method, p.x, p.f, p.step, p.bound, p.uncertainty, extent);
    }
    // a multiple root, or F is zero all around
    Point left = at(p.x - aside(p));
    Point right = at(p.x + aside(p));
    if ((left != null && left.f == 0) || (right != null && right.f == 0)) {
      return Status.SINGULAR;
    }
    return p.uncertainty == 0 ? Status.CONVERGED_PARAMETERS : Status.CONVERGED_COST;
  }

  private static double aside(Point p) {
    return NEIGHBOUR * Math.max(Math.abs(p.x), 1);
  }

  /** Whether there is a root; one that is not determined is kept for when there is no better. */
  private boolean isFound(Point root) {
    if (root == null) {
      return false;
    }
    Status status = verdict(root);
    if (status != null && !status.converged() && doubtful == null) {
      doubtful = root;
    }
    return status != null && status.converged();
  }

  private Point search(double start, boolean isInterval) {
    hasSignChange = false;
    jump = null;
    Point first = at(start);
    startBound = first != null && first.isFinite() ? first.bound : 0;
    Point root = isZero(first) ? polish(first) : null;
    if (isFound(root)) {
      return root;
    }
    Point a = Double.isFinite(low) ? at(low) : null;
    Point b = Double.isFinite(high) ? at(high) : null;
    hasSignChange |= a != null && b != null && a.differs(b);
    for (Point end : new Point[] {a, b}) {
      if (isZero(end)) {
        root = polish(end);
        if (isFound(root)) {
          return root;
        }
      }
    }
    // the sign of what is rounding alone says nothing
    root = isZero(a) ? null : between(a, first);
    if (!isFound(root)) {
      root = isZero(b) ? null : between(first, b);
    }
    if (!isFound(root) && first != null) {
      root = descend(first);
    }
    if (!isFound(root)) {
      root = isInterval ? scan(a) : widen(start, first);
    }
    // from where |F| was seen least: a double root has no change of sign
    boolean elsewhere = best != null && (first == null || best.x != first.x);
    if (!isFound(root) && elsewhere && jump == null) {
      root = descend(best);
    }
    if (isFound(root)) {
      return root;
    }
    return doubtful != null ? doubtful : jump == null ? highOrder() : null;
  }

  /**
   * A root of high order: the steps towards it shrink by a steady ratio, and F is less there than
   * the rounding of the rounding at the start. Null if there is none.
   */
  private Point highOrder() {
    if (linear == null
        || !(Math.abs(linear.f) <= RootVerdict.ROUNDING * RootVerdict.HALF_UNIT * startBound)) {
      return null;
    }
    Point p = linear;
    double distance = 2 * Math.abs(p.step) / (1 - linearRatio);
    return new Point(
        p.x, p.f, p.step, Math.max(p.bound, Math.abs(p.f)), Math.max(p.uncertainty, distance));
  }

  private boolean isLeft() {
    return evaluations < method.iterationLimit();
  }

  private boolean isZero(Point p) {
    return p != null && p.isFinite() && RootVerdict.isZero(method, p.f, p.bound);
  }

  /** Evaluates; null where F is NaN or no evaluation is left. An infinite F has a sign. */
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
    if (Double.isNaN(p.f)) {
      return null;
    }
    if (p.isFinite() && (best == null || p.isBelow(best))) {
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
    if (jump != null && left.x <= jump.x && jump.x <= right.x) {
      return null;
    }
    double narrow = JUMP * Math.max(Math.abs(left.x), Math.abs(right.x));
    Point least = a.isBelow(b) ? a : b;
    Point from = least;
    boolean falls = true;
    boolean ended = false;
    double mark = larger(left, right);
    int stale = 0;
    double earlier = Double.POSITIVE_INFINITY;
    double last = Double.POSITIVE_INFINITY;
    while (isLeft()) {
      double x = from.x + from.step;
      boolean newton = x > left.x && x < right.x && Math.abs(from.step) <= 0.5 * earlier && falls;
      if (!newton) {
        x = stale >= POLE && stale % 2 == 0 ? besidePole(from, left, right, narrow) : Double.NaN;
        x = x > left.x && x < right.x ? x : EquationReader.middle(left.x, right.x, APART);
      }
      boolean collapsed = right.x - left.x <= narrow && stale >= STALE;
      if (collapsed || !(x > left.x && x < right.x)) {
        ended = true;
        break;
      }
      Point p = at(x);
      if (p == null) {
        p = at(left.x + ASIDE * (right.x - left.x));
      }
      if (p == null) {
        // no number between: what the interval holds cannot be told
        return null;
      }
      earlier = last;
      last = Math.abs(p.x - from.x);
      falls = p.isBelow(from);
      from = p;
      least = p.isBelow(least) ? p : least;
      if (p.isFinite()
          && (p.f == 0 || Math.abs(p.f) <= 0.5 * p.bound || Math.abs(p.step) <= Math.ulp(p.x))) {
        ended = true;
        break;
      }
      if (p.differs(left)) {
        right = p;
      } else {
        left = p;
      }
      stale = larger(left, right) < SHRUNK * mark ? 0 : stale + 1;
      mark = stale == 0 ? larger(left, right) : mark;
    }
    // F can be less far away than where it changes its sign
    Status status = verdict(least);
    boolean fell = from.isBelow(a) || from.isBelow(b);
    boolean grown = Double.isInfinite(larger(a, b)) && !(from.isBelow(a) && from.isBelow(b));
    if ((status == null || !status.converged()) && fell && !grown && verdict(from) != null) {
      return polish(from);
    }
    if (status == null) {
      // at a pole or a jump |F| is least at one of the first points, and no root
      Point side = from.isFinite() ? from : left.isFinite() ? left : right;
      jump = ended && side.isFinite() ? side : jump;
      return null;
    }
    return polish(least);
  }

  /**
   * A point beside a pole, beyond it as seen from a point. At a pole c of any order m the step
   * −F/F′ is (x − c)/m, so that the line through the steps of both ends gives c. Where the interval
   * ends there already it is a point on this side: so both ends come close to a pole at once, while
   * near a root beside a pole F shrinks again.
   */
  private static double besidePole(Point from, Point left, Point right, double narrow) {
    double pole = left.x - left.step * ((right.x - left.x) / (right.step - left.step));
    double aside = Math.max(0.25 * narrow, Math.ulp(pole));
    double beyond = from.x < pole ? pole + aside : pole - aside;
    return beyond > left.x && beyond < right.x ? beyond : 2 * pole - beyond;
  }

  private static double larger(Point a, Point b) {
    return Math.max(Math.abs(a.f), Math.abs(b.f));
  }

  /**
   * Newton steps, shortened until |F| falls; a root, or null where it no longer falls. Steps that
   * shrink by a steady ratio go to their limit at once.
   */
  private Point descend(Point from) {
    if (!from.isFinite()) {
      return null;
    }
    Point p = from;
    int begun = evaluations;
    int most = jump == null ? DESCENT : DESCENT_BESIDE_JUMP;
    int marching = 0;
    int steady = 0;
    double ratio = 0;
    double last = Double.NaN;
    while (isLeft() && evaluations - begun < most && marching < MOST_MARCHING) {
      if (isZero(p) || Math.abs(p.step) <= RootVerdict.LAST_DIGITS * Math.abs(p.x)) {
        return verdict(p) == null ? null : polish(p);
      }
      double shrunk = p.step / last;
      double compared = shrunk > HIGH_RATIO ? 1 - shrunk : shrunk;
      boolean same = Math.abs(shrunk - ratio) <= SAME_RATIO * compared;
      steady = same && shrunk > LEAST_RATIO && shrunk < LARGEST_RATIO ? steady + 1 : 0;
      marching = shrunk > LARGEST_RATIO ? marching + 1 : 0;
      ratio = shrunk;
      last = p.step;
      Point next = null;
      if (steady >= STEADY) {
        linear = p;
        linearRatio = ratio;
        if (Math.abs(p.f) <= NOTHING * startBound) {
          return null;
        }
        Point limit = at(Math.max(low, Math.min(high, p.x + p.step / (1 - ratio))));
        Point root = limit == null ? null : between(p, limit);
        if (root != null) {
          return root;
        }
        if (limit != null && limit.isBelow(p)) {
          next = limit;
          last = Double.NaN;
        }
      }
      double longest = LONGEST_STEP * Math.max(Math.abs(p.x), 1);
      double step = Math.max(-longest, Math.min(longest, p.step));
      for (double share = 1; next == null && share > SMALLEST_SHARE; share *= 0.5) {
        if (!isLeft() || (jump != null && evaluations - begun >= most)) {
          break;
        }
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
          last = share == 1 ? last : Double.NaN;
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
    Point last = isZero(lowEnd) ? null : lowEnd;
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
      if (isFound(root)) {
        return root;
      }
      last = p == null || isZero(p) ? last : p;
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
      if (!isFound(root)) {
        root = between(q, left);
      }
      if (isFound(root)) {
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
