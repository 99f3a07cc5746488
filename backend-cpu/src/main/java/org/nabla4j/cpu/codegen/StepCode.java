package org.nabla4j.cpu.codegen;

import org.nabla4j.cpu.codegen.ProcedureClass.SharedData;
import org.nabla4j.cpu.codegen.Value.Mask;
import org.nabla4j.cpu.codegen.Value.Real;

/**
 * One step of Levenberg-Marquardt or Gauss-Newton for all lanes of a tile at once, as straight-line
 * code: judge the trial point that was just evaluated, test for convergence, solve for the next
 * step.
 *
 * <p>With gradient g = Jᵀr, curvature H = JᵀJ and scales D the step δ solves
 *
 * <pre>(H + λD²) δ = −g,    limited to ‖Dδ‖ ≤ Δ = 0.3·√(‖Dθ‖² + cost/5)</pre>
 *
 * <p>Where the residual is linear in θ there is no limit, and no damping at first.
 *
 * <p>D² is the largest diagonal of H seen so far (Moré 1978, section 5), at the start at least that
 * which makes a change of θ as large as θ worth a tenth of the residual. A trial is accepted when
 * the cost falls by more than 10⁻⁴ of what the quadratic model predicts. λ follows the gain ratio
 * of the two (Nielsen 1999), but falls to as little as 3 % at once. A step cut at the limit raises
 * λ in proportion.
 *
 * <p>Tests, as MINPACK's {@code lmder} words them: actual and predicted relative reduction of the
 * cost at most {@code ftol}; relative length ‖Dδ‖/‖Dθ‖ at most {@code xtol}; largest cosine between
 * r and a column of J at most {@code gtol}. When the reduction predicted for a nearly undamped step
 * is that small, the step is taken without another evaluation. With polish, undamped steps follow
 * until their length, extrapolated by its last shrinkage, has reached rounding.
 */
final class StepCode {

  /** Most parameters whose linear algebra is straight-line code; loops serve more. */
  static final int UNROLLED = 16;

  private static final double SMALLEST_SHARE = 1e-10;
  private static final double STEP_BOUND = 0.3;

  private final LaneCode c;
  private final StepParts parts;
  private final StepOptions options;
  private final int p;
  private final TileLayout tile;
  private final StateLayout state;
  private final boolean large;
  private final DenseLoops.Places loops;
  private final Real zero;
  private final Real one;

  // the lanes' state, as the step goes along
  private Real cost;
  private Real damping;
  private Real predicted;
  private Real phase;
  private Mask polishing;
  private Mask accepted;
  private Mask justified;
  private final Real[] theta;
  private final Real[] gradient;
  private final Real[] scale;
  private final Real[][] curvature;
  private Mask[] held;
  private final Real[] delta;

  StepCode(Target target, StepOptions options) {
    this.c = new LaneCode(target);
    this.parts = new StepParts(c);
    this.options = options;
    this.p = options.parameters();
    this.tile = new TileLayout(target.lanes(), p, options.problemConstants());
    this.state = new StateLayout(tile);
    this.large = p > UNROLLED;
    this.loops = DenseLoops.Places.from(state.end(), p, target.lanes(), options.bounded());
    this.zero = c.constant(0);
    this.one = c.constant(1);
    this.theta = new Real[p];
    this.gradient = new Real[p];
    this.scale = new Real[p];
    this.curvature = new Real[p][p];
    this.delta = new Real[p];
  }

  /** Generates the class. */
  ProcedureClass.Bytes generate() {
    step();
    if (!large) {
      return ProcedureClass.generate(c, SharedData.INTERLEAVED, state.end(), null);
    }
    String descriptor = ProcedureClass.descriptor(c, SharedData.INTERLEAVED);
    return ProcedureClass.generate(
        c,
        SharedData.INTERLEAVED,
        loops.end(),
        null,
        writer -> {
          DenseLoops dense = new DenseLoops(writer, c.target(), descriptor, tile, state, loops);
          dense.writeChoose();
          dense.writeSolve(pivotFloor());
          if (options.bounded()) {
            dense.writeQuadratic();
          }
        });
  }

  private void step() {
    Real before = load(state.evaluations());
    Mask first = c.eq(before, zero);
    Real evaluations = c.add(before, one);
    store(state.evaluations(), evaluations);
    // a lane whose problem is new has nothing but its trial point and scales
    phase = parts.fresh(first, 0, state.phase());
    polishing = options.polish() ? c.ne(phase, zero) : null;

    Real trialCost =
        options.robust() ? load(tile.lossSum()) : c.mul(c.constant(0.5), load(tile.sum(0, 0)));
    Real oldCost = parts.fresh(first, largest(), state.cost());
    Real actual = c.sub(oldCost, trialCost);
    predicted = parts.fresh(first, 0, state.predicted());
    judge(trialCost, oldCost, actual);
    Mask finite = c.lt(trialCost, c.constant(largest()));
    updateDamping(first, actual, finite);
    choosePoint(first);

    Real threshold = c.mul(c.constant(options.ftol()), cost);
    Mask costTest =
        c.and(c.and(c.le(c.abs(actual), threshold), c.le(c.abs(predicted), threshold)), justified);
    Real outcome = c.select(c.and(first, c.not(finite)), code(Outcome.NON_FINITE), zero);
    Real previous = parts.fresh(first, Double.POSITIVE_INFINITY, state.stepSquared());
    if (options.polish()) {
      costTest = c.and(costTest, c.not(polishing));
      phase = c.select(costTest, code(Outcome.COST), phase);
      previous = c.select(costTest, c.constant(Double.POSITIVE_INFINITY), previous);
      // refused while polishing: not the quadratic bowl that polishing relies on
      outcome = c.select(c.and(polishing, c.not(accepted)), code(Outcome.HARD), outcome);
      polishing = c.ne(phase, zero);
    } else {
      outcome = c.select(costTest, code(Outcome.COST), outcome);
    }
    if (options.gtol() > 0) {
      outcome = c.select(gradientVanishes(), code(Outcome.GRADIENT), outcome);
    }
    Real effective = effectiveDamping();
    solve(effective);
    finish(outcome, evaluations, first, previous, threshold, effective);
  }

  /** Is the trial point better? */
  private void judge(Real trialCost, Real oldCost, Real actual) {
    Real expected = options.bounded() ? c.abs(predicted) : predicted;
    accepted = c.lt(c.mul(c.constant(StepParts.ACCEPT), expected), actual);
    if (polishing != null) {
      // so near the minimum differences of the cost are noise
      accepted =
          c.or(accepted, c.and(polishing, c.le(trialCost, c.mul(c.constant(1.01), oldCost))));
    }
    cost = c.select(accepted, trialCost, oldCost);
    // a gain above 2 says that the model is not to be trusted yet
    justified = c.le(actual, c.mul(c.constant(2), predicted));
  }

  private void updateDamping(Mask first, Real actual, Mask finite) {
    Real old = parts.fresh(first, options.damping(), state.damping());
    if (!options.damped()) {
      Real grown = c.mul(old, c.constant(4));
      Real share = c.select(c.lt(grown, one), grown, one);
      damping = c.select(accepted, share, c.mul(old, c.constant(0.25)));
      return;
    }
    Real kept = parts.kept(old, actual, options.bounded() ? c.abs(predicted) : predicted);
    Real growth = parts.fresh(first, 2, state.growth());
    Real more = c.mul(old, c.select(finite, growth, c.mul(growth, c.constant(10))));
    damping = c.select(accepted, kept, more);
    store(state.growth(), c.select(accepted, c.constant(2), c.add(growth, growth)));
  }

  /** The better point's values, and the scales. */
  private void choosePoint(Mask first) {
    Mask moves = c.or(accepted, first);
    if (large) {
      store(loops.mask(), c.select(moves, one, zero));
      c.call(DenseLoops.CHOOSE);
      for (int j = 0; j < p; j++) {
        theta[j] = load(state.theta(j));
        gradient[j] = load(state.gradient(j));
        curvature[j][j] = load(state.curvature(j, j));
      }
    } else {
      for (int j = 0; j < p; j++) {
        theta[j] = c.select(moves, load(tile.trial(j)), load(state.theta(j)));
        gradient[j] = choose(tile.sum(1 + j, 0), state.gradient(j));
        for (int k = 0; k <= j; k++) {
          curvature[j][k] = choose(tile.sum(1 + j, 1 + k), state.curvature(j, k));
        }
      }
    }
    Real twiceCost = c.add(cost, cost);
    for (int j = 0; j < p; j++) {
      // before the first step: the share of 2·cost that the scale is at least
      Real old = load(state.scale(j));
      Real known = c.select(first, c.fma(old, twiceCost, c.constant(smallestScale())), old);
      scale[j] = parts.atLeast(curvature[j][j], known);
      store(state.scale(j), scale[j]);
    }
    if (options.bounded()) {
      holdAtBounds();
    }
  }

  private Real choose(int trial, int current) {
    Real chosen = c.select(accepted, load(trial), load(current));
    store(current, chosen);
    return chosen;
  }

  /** A parameter at its bound that the gradient pushes outward does not take part in the step. */
  private void holdAtBounds() {
    held = new Mask[p];
    for (int j = 0; j < p; j++) {
      Mask low = c.and(c.le(theta[j], load(state.lower(j))), c.le(zero, gradient[j]));
      Mask high = c.and(c.le(load(state.upper(j)), theta[j]), c.le(gradient[j], zero));
      held[j] = c.or(low, high);
    }
    for (int j = 0; j < p; j++) {
      gradient[j] = c.select(held[j], zero, gradient[j]);
      for (int k = 0; k < j && !large; k++) {
        curvature[j][k] = c.select(c.or(held[j], held[k]), zero, curvature[j][k]);
      }
      curvature[j][j] = c.select(held[j], scale[j], curvature[j][j]);
      if (large) {
        store(loops.held() + j * tile.lanes(), c.select(held[j], one, zero));
      }
    }
  }

  private Mask gradientVanishes() {
    Real limit = c.mul(c.constant(2 * options.gtol() * options.gtol()), cost);
    Mask all = null;
    for (int j = 0; j < p; j++) {
      // not "at most": both sides may be 0 for want of exponents
      Mask small = c.lt(c.mul(gradient[j], gradient[j]), c.mul(limit, curvature[j][j]));
      all = all == null ? small : c.and(all, small);
    }
    return all;
  }

  private Real effectiveDamping() {
    if (!options.damped()) {
      return null;
    }
    return polishing == null ? damping : c.select(polishing, zero, damping);
  }

  /** δ of (H + λD²) δ = −g, by LDLᵀ; pivots are kept positive. */
  private void solve(Real effective) {
    if (large) {
      store(loops.damping(), effective == null ? zero : effective);
      for (int j = 0; j < p; j++) {
        store(loops.right() + j * tile.lanes(), gradient[j]);
      }
      c.call(DenseLoops.SOLVE);
      for (int j = 0; j < p; j++) {
        delta[j] = load(loops.step() + j * tile.lanes());
      }
      return;
    }
    Real[][] lower = new Real[p][p]; // negated entries of L
    Real[][] work = new Real[p][p]; // L·d
    Real[] inverse = new Real[p]; // −1/d
    Real[] z = new Real[p];
    Real floor = c.constant(pivotFloor());
    for (int j = 0; j < p; j++) {
      Real d = effective == null ? curvature[j][j] : c.fma(effective, scale[j], curvature[j][j]);
      z[j] = gradient[j];
      for (int k = 0; k < j; k++) {
        d = c.fma(lower[j][k], work[j][k], d);
        z[j] = c.fma(lower[j][k], z[k], z[j]);
      }
      inverse[j] = c.div(c.constant(-1), parts.atLeast(d, c.mul(floor, scale[j])));
      for (int i = j + 1; i < p; i++) {
        Real w = curvature[i][j];
        for (int k = 0; k < j; k++) {
          w = c.fma(lower[i][k], work[j][k], w);
        }
        work[i][j] = w;
        lower[i][j] = c.mul(w, inverse[j]);
      }
    }
    for (int j = p - 1; j >= 0; j--) {
      Real x = c.mul(z[j], inverse[j]);
      // what was found last comes last, nothing else waits for it
      for (int i = p - 1; i > j; i--) {
        x = c.fma(lower[i][j], delta[i], x);
      }
      delta[j] = x;
    }
  }

  private void finish(
      Real outcome, Real evaluations, Mask first, Real previous, Real threshold, Real effective) {
    Real[] trial = new Real[p];
    for (int j = 0; j < p && !options.bounded(); j++) {
      // at once: the next evaluation can begin while it is being found out whether this is the end
      trial[j] = c.add(theta[j], delta[j]);
      store(tile.trial(j), trial[j]);
    }
    Real length = zero; // ‖Dδ‖²
    Real size = zero; // ‖Dθ‖²
    Real slope = zero; // gᵀδ, negative
    for (int j = 0; j < p; j++) {
      Real scaled = c.mul(delta[j], scale[j]);
      length = c.fma(delta[j], scaled, length);
      slope = c.fma(delta[j], gradient[j], slope);
      size = c.fma(c.mul(theta[j], theta[j]), scale[j], size);
    }
    Real bound =
        options.linear()
            ? c.constant(largest())
            : c.mul(c.constant(STEP_BOUND * STEP_BOUND), c.fma(c.constant(0.2), cost, size));
    Mask cut = c.and(c.lt(bound, length), c.lt(zero, bound));
    Real dampedLength = effective == null ? zero : c.mul(effective, length);
    // δᵀHδ = −gᵀδ − λ‖Dδ‖²
    Real quadratic = c.neg(c.add(slope, dampedLength));
    Mask nearlyUndamped = c.le(dampedLength, c.mul(c.constant(-0.1), slope));
    Mask shortened = options.damped() ? cut : c.or(cut, c.lt(damping, one));
    Mask raised = polishing == null ? cut : c.and(cut, c.not(polishing));
    Real next;
    if (options.bounded()) {
      Real share = share(cut, bound, length);
      if (options.damped()) {
        damping = c.select(raised, c.div(damping, share), damping);
      }
      next = clampedStep(trial, share);
      length = zero;
      for (int j = 0; j < p; j++) {
        length = c.fma(c.mul(delta[j], delta[j]), scale[j], length);
      }
    } else {
      next = c.neg(c.fma(c.constant(0.5), quadratic, slope));
    }

    Mask whole = c.not(shortened);
    Mask small =
        c.and(
            c.and(c.le(c.abs(next), threshold), c.and(accepted, c.not(first))),
            c.and(justified, whole));
    double xtol = options.xtol();
    Mask shortStep = c.and(c.le(length, c.mul(c.constant(xtol * xtol), size)), whole);
    Mask done = c.or(small, shortStep);
    Real reason = c.select(small, code(Outcome.COST), code(Outcome.PARAMETERS));
    Mask take; // the trial point is the answer, without evaluation
    if (options.polish()) {
      Mask begin = c.and(done, c.not(polishing));
      Real known = c.select(begin, c.constant(Double.POSITIVE_INFINITY), previous);
      Mask shrunk = c.le(length, c.mul(c.constant(0.25), known));
      double rounding = c.target().isDouble() ? 1e-12 : 1e-6;
      double noise = c.target().isDouble() ? 1e-8 : 1e-4;
      Real limit = c.mul(c.constant(rounding * rounding), size);
      // without a step before there is no contraction to extrapolate
      Mask contracted =
          c.and(
              c.lt(known, c.constant(largest())), c.le(c.mul(length, length), c.mul(limit, known)));
      Mask polished = c.or(contracted, c.le(length, limit));
      take = c.and(c.and(c.and(polishing, shrunk), polished), whole);
      // at the end of contraction the model must promise nothing but rounding
      Real promise =
          c.fma(
              c.constant(Math.max(options.ftol(), 1e-8)),
              cost,
              c.mul(c.constant(c.target().isDouble() ? 1e-26 : 1e-13), size));
      Mask exhausted =
          c.and(
              c.and(polishing, c.not(shrunk)),
              c.and(
                  c.le(known, c.mul(c.constant(noise * noise), size)), c.le(c.abs(next), promise)));
      Mask ended = c.or(take, exhausted);
      Mask hard = c.and(c.and(polishing, c.not(shrunk)), c.not(ended));
      Mask running = c.eq(outcome, zero);
      take = c.and(take, running);
      outcome =
          c.select(
              c.and(ended, running),
              phase,
              c.select(c.and(hard, running), code(Outcome.HARD), outcome));
      phase = c.select(begin, reason, phase);
      // the length of a damped step tells nothing about the contraction of undamped ones
      previous =
          c.select(
              c.and(begin, c.not(nearlyUndamped)), c.constant(Double.POSITIVE_INFINITY), length);
      store(state.phase(), phase);
      store(state.stepSquared(), previous);
    } else {
      Mask running = c.eq(outcome, zero);
      take = c.and(c.and(done, nearlyUndamped), running);
      outcome = c.select(take, reason, outcome);
      if (options.damped()) {
        damping =
            c.select(c.and(done, c.not(nearlyUndamped)), c.mul(damping, c.constant(1e-3)), damping);
      }
    }
    Mask goesOn = c.eq(outcome, zero);
    Mask stuck =
        options.damped()
            ? c.lt(c.constant(StepOptions.LARGEST_DAMPING), damping)
            : c.lt(damping, c.constant(SMALLEST_SHARE));
    // not "gradient = 0": NaN must end here too
    outcome = c.select(c.and(goesOn, stuck), code(Outcome.HARD), outcome);
    Mask claimed = c.and(c.ne(outcome, zero), c.le(outcome, code(Outcome.GRADIENT)));
    outcome = c.select(c.and(claimed, unproven(size)), code(Outcome.HARD), outcome);
    Mask spent = c.le(c.constant(options.limit()), evaluations);
    outcome = c.select(c.and(c.eq(outcome, zero), spent), code(Outcome.LIMIT), outcome);

    for (int j = 0; j < p; j++) {
      if (options.bounded()) {
        store(tile.trial(j), trial[j]);
      }
      store(state.theta(j), c.select(take, trial[j], theta[j]));
    }
    // the model may promise more than there is
    Real less = c.sub(cost, next);
    store(state.cost(), c.select(take, c.select(c.lt(less, zero), zero, less), cost));
    store(state.damping(), damping);
    store(state.predicted(), next);
    store(state.outcome(), outcome);
    Mask byParameters = c.eq(outcome, code(Outcome.PARAMETERS));
    store(state.outcomeNumerator(), c.select(byParameters, length, c.abs(next)));
    store(state.outcomeDenominator(), c.select(byParameters, size, cost));
    if (!options.bounded()) {
      Real full = length;
      Real descent = slope;
      c.whenAny(
          shortened,
          () ->
              shorten(shortened, raised, trial, share(cut, bound, full), quadratic, descent, next));
    }
    c.signal(state.signal(), c.ne(outcome, zero));
  }

  /**
   * Whether an end proves nothing. A parameter may have ceased to act: the path led away from where
   * it did, and lengths that are scaled by what it was say nothing. Or numbers are so small or so
   * large that their squares are lost.
   */
  private Mask unproven(Real size) {
    boolean isDouble = c.target().isDouble();
    Mask any =
        c.or(
            c.le(size, c.constant(StepOptions.smallestSize(isDouble))),
            c.not(c.le(size, c.constant(StepOptions.largestSize(isDouble)))));
    Real smallest = c.constant(StepOptions.smallestCurvature(isDouble));
    for (int j = 0; j < p; j++) {
      Mask dead = c.le(curvature[j][j], c.fma(c.constant(StepOptions.DEAD), scale[j], smallest));
      any = c.or(any, dead);
    }
    return any;
  }

  /** Replaces what was stored for a whole step by what holds for a share of it. */
  private void shorten(
      Mask shortened,
      Mask raised,
      Real[] trial,
      Real share,
      Real quadratic,
      Real slope,
      Real next) {
    for (int j = 0; j < p; j++) {
      Real part = c.fma(share, delta[j], theta[j]);
      store(tile.trial(j), c.select(shortened, part, trial[j]));
    }
    Real half = c.mul(c.constant(0.5), c.mul(share, share));
    Real less = c.neg(c.fma(half, quadratic, c.mul(share, slope)));
    store(state.predicted(), c.select(shortened, less, next));
    if (options.damped()) {
      store(state.damping(), c.select(raised, c.div(damping, share), damping));
    }
  }

  /** The share of the step that stays within the bound on its length. */
  private Real share(Mask cut, Real bound, Real length) {
    Real share = c.select(cut, c.sqrt(c.div(bound, length)), one);
    return options.damped() ? share : c.select(c.lt(damping, share), damping, share);
  }

  /** δ becomes the step to the trial point clamped to the bounds; its predicted reduction. */
  private Real clampedStep(Real[] trial, Real share) {
    for (int j = 0; j < p; j++) {
      Real low = load(state.lower(j));
      Real high = load(state.upper(j));
      trial[j] = parts.clamp(c.fma(share, delta[j], theta[j]), low, high);
      delta[j] = c.sub(trial[j], theta[j]);
    }
    if (large) {
      return predictedByLoops();
    }
    Real next = zero;
    for (int j = 0; j < p; j++) {
      Real product = gradient[j];
      for (int k = 0; k < p; k++) {
        Real h = j >= k ? curvature[j][k] : curvature[k][j];
        product = c.fma(c.mul(c.constant(0.5), h), delta[k], product);
      }
      next = c.fma(product, delta[j], next);
    }
    return c.neg(next);
  }

  /** Held parameters do not move, so their rows and columns of H need not be masked. */
  private Real predictedByLoops() {
    Real slope = zero;
    for (int j = 0; j < p; j++) {
      store(loops.step() + j * tile.lanes(), delta[j]);
      slope = c.fma(gradient[j], delta[j], slope);
    }
    c.call(DenseLoops.QUADRATIC);
    return c.neg(c.fma(c.constant(0.5), load(loops.quadratic()), slope));
  }

  /** Keeps the scale of a parameter that does not act from being 0. */
  private double smallestScale() {
    return StepOptions.smallestCurvature(c.target().isDouble());
  }

  private double pivotFloor() {
    return c.target().isDouble() ? 1e-15 : 1e-7;
  }

  private Real code(int outcome) {
    return c.constant(outcome);
  }

  private double largest() {
    return c.target().isDouble() ? Double.MAX_VALUE : Float.MAX_VALUE;
  }

  private Real load(int element) {
    return parts.load(element);
  }

  private void store(int element, Real value) {
    parts.store(element, value);
  }
}
