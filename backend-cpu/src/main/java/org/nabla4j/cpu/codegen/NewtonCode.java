package org.nabla4j.cpu.codegen;

import org.nabla4j.cpu.codegen.ProcedureClass.SharedData;
import org.nabla4j.cpu.codegen.Value.Mask;
import org.nabla4j.cpu.codegen.Value.Real;

/**
 * One step of Newton-Raphson minimisation for all lanes of a tile at once, as straight-line code:
 * judge the trial point that was just evaluated, test for convergence, solve for the next step.
 *
 * <p>With gradient g, Hessian H and scales D² = max(|H_jj|, max_k |H_jk|/10, |g_j|/(1000·max(|θ_j|,
 * 1))) of the current point the step δ solves
 *
 * <pre>(H + λD² + E) δ = −g,    limited to |δ_j| ≤ (2 + k/4)·max(|θ_j|, 1)</pre>
 *
 * <p>at evaluation k, by the modified Cholesky factorization of Gill, Murray and Wright (1981,
 * section 4.4.2.2): E is 0 where H + λD² is positive definite, and else makes pivots positive and
 * keeps L bounded. A trial is accepted when f falls by more than 10⁻⁴ of what the quadratic model
 * predicts, or, where rounding hides any difference, when the gradient shrinks. λ is 0 as long as
 * all steps are; a refused step is halved or more, as the parabola through the two values says, by
 * the λ that does it; a good one lowers λ as in {@link StepParts#kept}.
 *
 * <p>Where the gradient is small the factorization is that of H itself, until a step from there is
 * refused. A negative pivot d_s then tells a saddle or a maximum, and Lᵀv = e_s gives a direction
 * of negative curvature, vᵀHv ≤ d_s: the next trial point lies along ±v, nearer with each refusal.
 * Without one the search ends if the step promises little, were it neither cut nor projected; where
 * |f| is large, or θ counts in large units, the gradient is small far from a minimum too.
 *
 * <p>Bounds: a parameter at its bound that the gradient pushes outward does not take part; the
 * trial point is projected. Tests are those of {@link org.nabla4j.method.MinimizationMethod}.
 * Entries of H that are always 0 cost nothing, nor does what they leave 0 in L, see {@link
 * EliminationOrder}.
 */
final class NewtonCode {

  /** Relative length that a step may have at first, and how it grows with each evaluation. */
  private static final double LONGEST = 2;

  private static final double LONGER = 0.25;

  /** Relative length that no step has before it is cut. */
  private static final double FARTHEST = 1e8;

  private static final double OFF_DIAGONAL = 0.1;
  private static final double SMALLEST_SCALE = 1e-290;

  /** Share of |g_j|/max(|θ_j|, 1) below which no scale lies: damping must always tell. */
  private static final double STEEPNESS = 1e-3;

  private static final double PIVOT_FLOOR = 1e-15;

  /** Bound on entries of L, as 1/β²: far enough above 1 that reciprocals may be estimates. */
  private static final double GROWTH = 0.25;

  /** Pivot, relative to its scale, below which curvature is negative beyond rounding. */
  private static final double NEGATIVE = -1e-8;

  /** Share of a direction's relative length that is tried first, and factor after a refusal. */
  private static final double ESCAPE = 0.5;

  private static final double RETURN = -0.25;
  private static final double SHORTEST_ESCAPE = 1e-8;

  /** Most entries of L that are used again in a branch, which must fit into one method. */
  private static final int SELDOM = 40;

  private static final double ULPS = 4 * 0x1p-52;
  private static final double NOISE = 2e-14;
  private static final double NEARLY_FLAT = 1e-3;

  /** A gain below this share of max(|f|, 1) is rounding. */
  private static final double UNSEEN = 16 * 0x1p-52;

  /** A gain below this share of max(|f|, 1) is not worth another try where a step was refused. */
  private static final double SETTLED = 1e-9;

  private static final double LOWEST = -1e300;

  /** Magic number of a reciprocal's estimate by integer subtraction, within 13 %. */
  private static final long RECIPROCAL = 0x7FDE623822FC16E6L;

  private final LaneCode c;
  private final StepParts parts;
  private final NewtonOptions options;
  private final int p;
  private final int[] order;
  private final TileLayout tile;
  private final NewtonState state;
  private final Real zero;
  private final Real one;

  // the lanes' state, as the step goes along; entries that are always 0 are null
  private Mask first;
  private Mask accepted;
  private Mask finite;
  private Real value;
  private Real actual;
  private Real damping;
  private Real lastEscape;
  private Real numerator;
  private Real denominator;
  private final Real[] theta;
  private final Real[] size;
  private final Real[] gradient;
  private final Real[] scale;
  private final Real[][] hessian;

  // the factorization, by the numbers of the parameters: negated entries of L, pivots with and
  // without E
  private final Real[][] lower;
  private final Real[] raw;
  private final Real[] pivot;
  private final Real[] z;
  private final Real[] delta;
  private final Mask[] negative;

  NewtonCode(Target target, NewtonOptions options) {
    if (!target.isDouble()) {
      throw new IllegalArgumentException("target = " + target + ", expected double lanes");
    }
    this.c = new LaneCode(target);
    this.parts = new StepParts(c);
    this.options = options;
    this.p = options.parameters();
    this.order = EliminationOrder.of(adjacency(options));
    this.tile = new TileLayout(target.lanes(), p, options.problemConstants());
    this.state = new NewtonState(tile);
    this.zero = c.constant(0);
    this.one = c.constant(1);
    this.theta = new Real[p];
    this.size = new Real[p];
    this.gradient = new Real[p];
    this.scale = new Real[p];
    this.hessian = new Real[p][p];
    this.lower = new Real[p][p];
    this.raw = new Real[p];
    this.pivot = new Real[p];
    this.z = new Real[p];
    this.delta = new Real[p];
    this.negative = new Mask[p];
  }

  private static boolean[][] adjacency(NewtonOptions options) {
    boolean[][] adjacent = new boolean[options.parameters()][options.parameters()];
    for (int j = 0; j < adjacent.length; j++) {
      for (int k = 0; k <= j; k++) {
        adjacent[j][k] = !options.isZero(j, k);
        adjacent[k][j] = adjacent[j][k];
      }
    }
    return adjacent;
  }

  /** Generates the class. */
  ProcedureClass.Bytes generate() {
    step();
    return ProcedureClass.generate(c, SharedData.INTERLEAVED, state.end(), null);
  }

  private void step() {
    Real before = parts.load(state.evaluations());
    first = c.eq(before, zero);
    Real evaluations = c.add(before, one);
    parts.store(state.evaluations(), evaluations);
    Real trialValue = parts.load(tile.sum(0, 0));
    Real oldValue = parts.fresh(first, Double.MAX_VALUE, state.value());
    Real predicted = parts.fresh(first, 0, state.predicted());
    actual = c.sub(oldValue, trialValue);
    Mask bottomless = c.lt(trialValue, c.constant(LOWEST));
    judge(trialValue, oldValue, predicted, bottomless);
    updateDamping(predicted);

    Real outcome = c.select(c.and(first, c.not(finite)), code(Outcome.NON_FINITE), zero);
    outcome = c.select(bottomless, code(Outcome.UNBOUNDED), outcome);
    Mask gained = c.and(accepted, c.not(first));
    Real changed = options.parameterTolerance() > 0 ? relativeChange() : null;
    choosePoint();
    Mask flat = c.le(numerator, c.mul(c.constant(options.gradientTolerance()), denominator));
    // a step that H alone gave and that was refused needs damping
    Mask undamped = c.and(flat, c.or(accepted, c.ne(lastEscape, zero)));
    Real effective = c.select(undamped, zero, damping);
    factorize(effective);
    Mask indefinite = negative[0];
    for (int j = 1; j < p; j++) {
      indefinite = c.or(indefinite, negative[j]);
    }
    solve();
    Real longest = c.fma(c.constant(LONGER), evaluations, c.constant(LONGEST));
    Real next = takeStep(effective, longest);
    Mask escaping = c.and(flat, indefinite);
    Direction early = entriesOfFactor() > SELDOM ? downwards() : null;
    c.whenAny(escaping, () -> escape(escaping, early == null ? downwards() : early));
    Real promised = parts.load(state.predicted());

    // from memory: kept in a register over the branch above, it costs a quarter of the speed
    double visible = Math.max(options.gradientTolerance() * options.gradientTolerance(), UNSEEN);
    Real share = c.select(accepted, c.constant(visible), c.constant(SETTLED));
    Mask little = c.le(parts.load(state.gain()), c.mul(share, denominator));
    outcome = end(outcome, c.and(c.and(flat, c.not(indefinite)), little), Outcome.GRADIENT);
    Mask settled = c.and(gained, c.not(indefinite));
    if (options.valueTolerance() > 0) {
      Real least = c.mul(c.constant(options.valueTolerance()), parts.atLeast(c.abs(value), one));
      Mask small = c.and(settled, c.le(c.abs(actual), least));
      parts.store(state.tested(), c.abs(actual));
      outcome = end(outcome, small, Outcome.COST);
    }
    if (changed != null) {
      Mask small = c.and(settled, c.le(changed, c.constant(options.parameterTolerance())));
      Mask now = c.and(small, c.eq(outcome, zero));
      Real tested = options.valueTolerance() > 0 ? c.abs(actual) : zero;
      parts.store(state.tested(), c.select(now, changed, tested));
      outcome = end(outcome, small, Outcome.PARAMETERS);
    }
    // what is left to gain, were it not for bounds, is less than f's own rounding; it may still
    // show in the gradient
    Real left = options.bounded() ? c.select(escaping, promised, next) : promised;
    Mask rounding = c.le(left, c.mul(c.constant(ULPS), c.abs(value)));
    // both ways were tried, nearer and nearer
    Mask again = c.and(c.ne(lastEscape, zero), c.not(accepted));
    Mask vain = c.and(again, c.le(c.abs(lastEscape), c.constant(SHORTEST_ESCAPE)));
    outcome = end(outcome, c.and(escaping, c.or(rounding, vain)), Outcome.SADDLE);
    Mask nearlyFlat = c.le(numerator, c.mul(c.constant(NEARLY_FLAT), denominator));
    // not "damping > largest": NaN must end here too
    Mask stuck = c.not(c.le(damping, c.constant(StepOptions.LARGEST_DAMPING)));
    Mask over = c.or(c.and(rounding, c.not(accepted)), stuck);
    outcome = end(outcome, c.and(over, nearlyFlat), Outcome.COST);
    outcome = end(outcome, over, Outcome.HARD);
    outcome = end(outcome, c.le(c.constant(options.limit()), before), Outcome.LIMIT);
    parts.store(state.outcome(), outcome);
    c.signal(state.signal(), c.ne(outcome, zero));
  }

  private Real end(Real outcome, Mask mask, int reason) {
    return c.select(c.and(mask, c.eq(outcome, zero)), code(reason), outcome);
  }

  private Real code(int outcome) {
    return c.constant(outcome);
  }

  /** Is the trial point better? Leaves the better one's value and relative gradient. */
  private void judge(Real trialValue, Real oldValue, Real predicted, Mask bottomless) {
    // 0 · x is NaN where x is not finite
    Real probe = c.mul(zero, trialValue);
    Real largest = zero;
    for (int j = 0; j < p; j++) {
      Real trial = parts.load(tile.trial(j));
      Real slope = parts.load(tile.sum(1 + j, 0));
      probe = c.fma(zero, slope, probe);
      Real pushing = options.bounded() ? c.select(held(j, trial, slope), zero, slope) : slope;
      Real entry = c.mul(c.abs(pushing), parts.atLeast(c.abs(trial), one));
      largest = parts.atLeast(entry, largest);
      for (int k = 0; k <= j; k++) {
        if (!options.isZero(j, k)) {
          probe = c.fma(zero, parts.load(tile.sum(1 + j, 1 + k)), probe);
        }
      }
    }
    finite = c.eq(probe, zero);
    Real against = parts.atLeast(c.abs(trialValue), one);
    Real oldNumerator = parts.load(state.gradientNumerator());
    Real oldDenominator = parts.load(state.gradientDenominator());
    Real expected = options.bounded() ? c.abs(predicted) : predicted;
    Mask lower = c.lt(c.mul(c.constant(StepParts.ACCEPT), expected), actual);
    Mask alike = c.le(c.abs(actual), c.mul(c.constant(NOISE), c.abs(oldValue)));
    Mask flatter =
        c.lt(c.mul(largest, oldDenominator), c.mul(c.mul(c.constant(0.5), oldNumerator), against));
    accepted = c.and(c.or(lower, c.and(alike, flatter)), finite);
    Mask moves = c.or(c.or(accepted, first), bottomless);
    value = c.select(moves, trialValue, oldValue);
    numerator = c.select(moves, largest, oldNumerator);
    denominator = c.select(moves, against, oldDenominator);
    parts.store(state.value(), value);
    parts.store(state.gradientNumerator(), numerator);
    parts.store(state.gradientDenominator(), denominator);
    accepted = moves;
  }

  private void updateDamping(Real predicted) {
    Real old = parts.fresh(first, 0, state.damping());
    Real expected = options.bounded() ? c.abs(predicted) : predicted;
    Real kept = parts.kept(old, actual, expected);
    lastEscape = parts.fresh(first, 0, state.escape());
    Mask escaped = c.ne(lastEscape, zero);
    Mask untold = c.or(escaped, c.le(actual, zero));
    // the parabola's minimum lies at the share 1 / (2 − 2·actual/slope) of the step, and a step
    // along which g decides shrinks to that share by rate·(1/share − 1)
    Real slope = parts.fresh(first, 1, state.slope());
    Real factor = parts.clamp(c.fma(c.constant(-2), c.div(actual, slope), one), one, c.constant(9));
    Real shrink = c.select(finite, factor, c.constant(99));
    Real rate = parts.fresh(first, 0, state.rate());
    Real more = c.fma(rate, shrink, old);
    Real refused = c.select(escaped, old, more);
    kept = parts.atLeast(c.fma(c.constant(-0.5), rate, old), kept);
    damping = c.select(accepted, c.select(untold, old, kept), refused);
    parts.store(state.damping(), damping);
  }

  /** max_j |Δθ_j| / max(|θ_j|, 1) of the step to the trial point. */
  private Real relativeChange() {
    Real largest = zero;
    for (int j = 0; j < p; j++) {
      Real trial = parts.load(tile.trial(j));
      Real change = c.abs(c.sub(trial, parts.load(state.theta(j))));
      largest = parts.atLeast(c.div(change, parts.atLeast(c.abs(trial), one)), largest);
    }
    return largest;
  }

  /** The better point's coordinates and derivatives, and the scales. */
  private void choosePoint() {
    for (int j = 0; j < p; j++) {
      theta[j] = choose(tile.trial(j), state.theta(j));
      size[j] = parts.atLeast(c.abs(theta[j]), one);
      gradient[j] = choose(tile.sum(1 + j, 0), state.gradient(j));
      for (int k = 0; k <= j; k++) {
        if (!options.isZero(j, k)) {
          hessian[j][k] = choose(tile.sum(1 + j, 1 + k), state.curvature(j, k));
        }
      }
    }
    for (int j = 0; j < p; j++) {
      // where curvature vanishes the scale is that of a step of the size of θ
      Real steep = c.mul(c.mul(c.constant(STEEPNESS), c.abs(gradient[j])), reciprocal(size[j]));
      scale[j] = parts.atLeast(steep, c.constant(SMALLEST_SCALE));
      Real off = null;
      for (int k = 0; k < p; k++) {
        Real entry = j >= k ? hessian[j][k] : hessian[k][j];
        if (entry != null && k == j) {
          scale[j] = parts.atLeast(c.abs(entry), scale[j]);
        } else if (entry != null) {
          off = off == null ? c.abs(entry) : parts.atLeast(c.abs(entry), off);
        }
      }
      if (off != null) {
        scale[j] = parts.atLeast(c.mul(c.constant(OFF_DIAGONAL), off), scale[j]);
      }
    }
    if (options.bounded()) {
      holdAtBounds();
    }
  }

  private Real choose(int trial, int current) {
    Real chosen = c.select(accepted, parts.load(trial), parts.load(current));
    parts.store(current, chosen);
    return chosen;
  }

  /** Whether the gradient pushes a parameter against its bound. */
  private Mask held(int j, Real at, Real slope) {
    Mask low = c.and(c.le(at, parts.load(state.lower(j))), c.lt(zero, slope));
    Mask high = c.and(c.le(parts.load(state.upper(j)), at), c.lt(slope, zero));
    return c.or(low, high);
  }

  private void holdAtBounds() {
    Mask[] held = new Mask[p];
    for (int j = 0; j < p; j++) {
      held[j] = held(j, theta[j], gradient[j]);
      gradient[j] = c.select(held[j], zero, gradient[j]);
    }
    for (int j = 0; j < p; j++) {
      for (int k = 0; k < j; k++) {
        if (hessian[j][k] != null) {
          hessian[j][k] = c.select(c.or(held[j], held[k]), zero, hessian[j][k]);
        }
      }
      hessian[j][j] = c.select(held[j], scale[j], hessian[j][j] == null ? zero : hessian[j][j]);
    }
  }

  /** LDLᵀ of H + λD² + E, and the solution of Lz = g. */
  private void factorize(Real effective) {
    Real[][] work = new Real[p][p]; // L·d
    Real[] inverseScale = new Real[p];
    for (int j = 0; j < p; j++) {
      inverseScale[j] = reciprocal(scale[j]);
    }
    for (int m = 0; m < p; m++) {
      int j = order[m];
      Real d = c.fma(effective, scale[j], hessian[j][j] == null ? zero : hessian[j][j]);
      z[j] = gradient[j];
      for (int n = 0; n < m; n++) {
        int k = order[n];
        if (lower[j][k] != null) {
          d = c.fma(lower[j][k], work[j][k], d);
          z[j] = c.fma(lower[j][k], z[k], z[j]);
        }
      }
      raw[j] = d;
      negative[j] = c.lt(d, c.mul(c.constant(NEGATIVE), scale[j]));
      Real growth = null;
      for (int o = m + 1; o < p; o++) {
        int i = order[o];
        work[i][j] = eliminated(i, j, m, work);
        if (work[i][j] != null) {
          Real square = c.mul(work[i][j], c.mul(work[i][j], inverseScale[i]));
          growth = growth == null ? square : parts.atLeast(square, growth);
        }
      }
      pivot[j] = parts.atLeast(c.abs(d), c.mul(c.constant(PIVOT_FLOOR), scale[j]));
      if (growth != null) {
        pivot[j] = parts.atLeast(c.mul(c.constant(GROWTH), growth), pivot[j]);
      }
      // no step may be so long that its square means nothing beside others
      Real least = c.mul(c.mul(c.constant(1 / FARTHEST), c.abs(z[j])), reciprocal(size[j]));
      pivot[j] = parts.atLeast(least, pivot[j]);
      Real inverse = c.div(c.constant(-1), pivot[j]);
      for (int i = 0; i < p; i++) {
        if (work[i][j] != null) {
          lower[i][j] = c.mul(work[i][j], inverse);
        }
      }
      // for now; solve() multiplies by it
      delta[j] = inverse;
    }
  }

  /** Entry (i, j) of L·d, where j is eliminated m-th and i later; null if it is always 0. */
  private Real eliminated(int i, int j, int m, Real[][] work) {
    Real w = i > j ? hessian[i][j] : hessian[j][i];
    for (int n = 0; n < m; n++) {
      Real left = lower[i][order[n]];
      Real right = work[j][order[n]];
      if (left != null && right != null) {
        w = w == null ? c.mul(left, right) : c.fma(left, right, w);
      }
    }
    return w;
  }

  /** About 1/a of a positive number, good enough for what only decides how much is enough. */
  private Real reciprocal(Real a) {
    return c.fromBits(c.sub(c.bits(RECIPROCAL), c.toBits(a)));
  }

  /** δ from the factors. */
  private void solve() {
    for (int m = p - 1; m >= 0; m--) {
      int j = order[m];
      delta[j] = back(m, c.mul(z[j], delta[j]), delta);
    }
  }

  /** The entry eliminated m-th of the solution of Lᵀx = b; what was found last comes last. */
  private Real back(int m, Real right, Real[] x) {
    Real sum = right;
    for (int o = p - 1; o > m; o--) {
      Real entry = lower[order[o]][order[m]];
      if (entry != null) {
        sum = c.fma(entry, x[order[o]], sum);
      }
    }
    return sum;
  }

  /**
   * Stores the trial point and what is predicted for it; returns the reduction predicted for the
   * step before it is cut or projected.
   */
  private Real takeStep(Real effective, Real longest) {
    Real[] trial = new Real[p];
    for (int j = 0; j < p && !options.bounded(); j++) {
      // at once: the next evaluation can begin while it is being found out whether this is the end
      trial[j] = c.add(theta[j], delta[j]);
      parts.store(tile.trial(j), trial[j]);
    }
    Real slope = zero; // −gᵀδ
    Real length = zero; // ‖Dδ‖²
    Real bend = zero; // δᵀ(λD² + E)δ
    Real relative = zero; // about max_j |δ_j| / max(|θ_j|, 1)
    for (int j = 0; j < p; j++) {
      slope = c.fma(c.neg(gradient[j]), delta[j], slope);
      length = c.fma(c.mul(delta[j], scale[j]), delta[j], length);
      Real stiffness = c.fma(effective, scale[j], c.sub(pivot[j], raw[j]));
      bend = c.fma(c.mul(delta[j], stiffness), delta[j], bend);
      relative = parts.atLeast(c.mul(c.abs(delta[j]), reciprocal(size[j])), relative);
    }
    // δᵀHδ = −gᵀδ − bend
    Real whole = c.mul(c.constant(0.5), c.add(slope, bend));
    parts.store(state.gain(), whole);
    Real rate = c.div(slope, length);
    Mask cut = c.lt(longest, relative);
    parts.store(state.escape(), zero);
    if (options.bounded()) {
      Real share = c.select(cut, c.div(longest, relative), one);
      parts.store(state.slope(), c.mul(share, slope));
      parts.store(state.rate(), c.div(rate, share));
      parts.store(state.predicted(), projectedStep(share));
      return whole;
    }
    parts.store(state.slope(), slope);
    parts.store(state.rate(), rate);
    parts.store(state.predicted(), whole);
    Real fullSlope = slope;
    Real fullBend = bend;
    Real furthest = relative;
    c.whenAny(
        cut,
        () -> {
          Real share = c.div(longest, furthest);
          for (int j = 0; j < p; j++) {
            Real shorter = c.fma(share, delta[j], theta[j]);
            parts.store(tile.trial(j), c.select(cut, shorter, trial[j]));
          }
          parts.store(state.slope(), c.select(cut, c.mul(share, fullSlope), fullSlope));
          parts.store(state.rate(), c.select(cut, c.div(rate, share), rate));
          parts.store(state.predicted(), c.select(cut, partly(share, fullSlope, fullBend), whole));
        });
    return whole;
  }

  /** The reduction of f predicted for a share t of δ: t·(−gᵀδ) − ½t²·δᵀHδ. */
  private Real partly(Real share, Real slope, Real bend) {
    Real half = c.mul(c.constant(0.5), c.mul(share, share));
    return c.fma(share, slope, c.mul(half, c.sub(bend, slope)));
  }

  /** δ becomes the step to the trial point projected onto the bounds; its predicted reduction. */
  private Real projectedStep(Real share) {
    for (int j = 0; j < p; j++) {
      Real free = c.fma(share, delta[j], theta[j]);
      Real trial = project(j, free);
      parts.store(tile.trial(j), trial);
      delta[j] = c.sub(trial, theta[j]);
    }
    Real change = zero;
    for (int j = 0; j < p; j++) {
      Real product = gradient[j];
      for (int k = 0; k < p; k++) {
        Real h = j >= k ? hessian[j][k] : hessian[k][j];
        if (h != null) {
          product = c.fma(c.mul(c.constant(0.5), h), delta[k], product);
        }
      }
      change = c.fma(product, delta[j], change);
    }
    return c.neg(change);
  }

  private Real project(int j, Real value) {
    return parts.clamp(value, parts.load(state.lower(j)), parts.load(state.upper(j)));
  }

  private int entriesOfFactor() {
    int entries = 0;
    for (Real[] row : lower) {
      for (Real entry : row) {
        entries += entry == null ? 0 : 1;
      }
    }
    return entries;
  }

  /**
   * A direction of negative curvature.
   *
   * @param v the direction
   * @param bend −vᵀHv
   * @param slope gᵀv
   * @param relative about max_j |v_j| / max(|θ_j|, 1)
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Direction(Real[] v, Real bend, Real slope, Real relative) {}

  /** The direction v of Lᵀv = e_s, where s is the first negative pivot. */
  private Direction downwards() {
    Real[] v = new Real[p];
    Mask[] here = new Mask[p]; // the first negative pivot
    Mask seen = null;
    for (int j : order) {
      here[j] = seen == null ? negative[j] : c.and(negative[j], c.not(seen));
      seen = seen == null ? negative[j] : c.or(seen, negative[j]);
    }
    for (int m = p - 1; m >= 0; m--) {
      int j = order[m];
      v[j] = back(m, c.select(here[j], one, zero), v);
    }
    Real bend = zero; // −vᵀHv
    Real slope = zero; // gᵀv
    Real relative = zero;
    for (int j = 0; j < p; j++) {
      Real added = c.mul(c.sub(pivot[j], raw[j]), c.mul(v[j], v[j]));
      bend = c.add(bend, c.select(here[j], c.neg(raw[j]), added));
      slope = c.fma(gradient[j], v[j], slope);
      relative = parts.atLeast(c.mul(c.abs(v[j]), reciprocal(size[j])), relative);
    }
    return new Direction(v, bend, slope, relative);
  }

  /** A trial point along a direction of negative curvature, in the lanes of the mask. */
  private void escape(Mask escaping, Direction d) {
    Real[] v = d.v();
    Real slope = d.slope();
    Real down = c.select(c.lt(zero, slope), c.constant(-ESCAPE), c.constant(ESCAPE));
    Mask again = c.and(c.ne(lastEscape, zero), c.not(accepted));
    Real length = c.select(again, c.mul(c.constant(RETURN), lastEscape), down);
    Real share = c.div(length, d.relative());
    for (int j = 0; j < p; j++) {
      Real point = c.fma(share, v[j], theta[j]);
      Real trial = options.bounded() ? project(j, point) : point;
      parts.store(tile.trial(j), c.select(escaping, trial, parts.load(tile.trial(j))));
    }
    Real half = c.mul(c.constant(0.5), c.mul(share, share));
    Real gain = c.fma(half, d.bend(), c.neg(c.mul(share, slope)));
    parts.store(state.predicted(), c.select(escaping, gain, parts.load(state.predicted())));
    parts.store(state.escape(), c.select(escaping, length, zero));
  }
}
