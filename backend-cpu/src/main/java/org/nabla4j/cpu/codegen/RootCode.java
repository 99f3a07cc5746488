package org.nabla4j.cpu.codegen;

import java.util.LinkedHashMap;
import java.util.Map;
import org.nabla4j.cpu.codegen.ProcedureClass.SharedData;
import org.nabla4j.cpu.codegen.Value.Mask;
import org.nabla4j.cpu.codegen.Value.Real;
import org.nabla4j.program.Dependence;
import org.nabla4j.program.Instruction;
import org.nabla4j.program.Program;

/**
 * Newton-Raphson for one equation F(x) = L(x) − R(x) = 0 in each lane, as straight-line code.
 *
 * <p>A step goes by δ = −F/F′, with Halley's factor where F″ is cheap:
 *
 * <pre>  δ = −(F/F′) / (1 − t/2),   t = (F/F′)·(F″/F′) kept within [−1, 1]</pre>
 *
 * <p>Where L and R have the same sign and are a factor of 2 or more apart, F is replaced by log L −
 * log R for the step: prices, rates and concentrations are far nearer to exponentials than to lines
 * there.
 *
 * <p>The root is looked for in an interval [a, b]. The first step tells the side that it is
 * presumed on; the interval then shrinks with the sign of F at every point. A step that leaves it,
 * or is longer than half the step before the last, is replaced by bisection, in the geometric mean
 * where the ends are far apart; but first by a look at the end where the other sign is presumed. A
 * wrong presumption is left to a careful search, like everything else that does not go well.
 */
final class RootCode {

  /** Intervals up to this width can be bisected. */
  private static final double BOUNDED = 1e300;

  /** Evaluations after which a search is called hard. */
  static final int LIMIT = 48;

  /** A step δ leaves an error of about δ³ (Halley) or δ² (Newton), relative to x: rounding. */
  private static final double LAST_HALLEY = 0x1p-18;

  private static final double LAST_NEWTON = 0x1p-27;

  /** A step that is not worth taking. */
  private static final double LAST_DIGITS = 0x1p-50;

  private final RootProgram root;
  private final Program program;
  private final Target target;

  /** What is computed of constants alone and used by steps. */
  private final Map<Integer, Integer> slots = new LinkedHashMap<>();

  private final RootLayout layout;

  RootCode(RootProgram root, Target target) {
    this.root = root;
    this.program = root.step();
    this.target = target;
    findSlots();
    this.layout =
        new RootLayout(target.lanes(), program.inputs().sharedColumns().size(), slots.size());
  }

  RootLayout layout() {
    return layout;
  }

  private void findSlots() {
    for (int id = program.start(Dependence.POINT); id < program.end(Dependence.POINT); id++) {
      Instruction i = program.instruction(id);
      if (!i.opcode().isInput()) {
        for (int k = 0; k < i.opcode().arity(); k++) {
          addSlot(i.operand(k));
        }
      }
    }
    for (int id : program.outputs()) {
      addSlot(id);
    }
  }

  private void addSlot(int id) {
    if (program.dependence(id) == Dependence.SHARED) {
      slots.putIfAbsent(id, slots.size());
    }
  }

  /** Generates the class that computes what x does not enter. */
  ProcedureClass.Bytes prepare() {
    LaneCode c = new LaneCode(target);
    ProgramLowering lowering = new ProgramLowering(c, program, new Places(c));
    lowering.lower(Dependence.SHARED);
    slots.forEach((id, slot) -> store(c, layout.prepared(slot), lowering.value(id)));
    return generate(c);
  }

  /** Generates the class that makes a step. */
  ProcedureClass.Bytes step() {
    return generate(new Evaluation(program, false).step());
  }

  /** Generates the class that judges an x. */
  ProcedureClass.Bytes check() {
    return generate(new Evaluation(root.check(), true).check());
  }

  private ProcedureClass.Bytes generate(LaneCode c) {
    return ProcedureClass.generate(c, SharedData.INTERLEAVED, layout.end(), null);
  }

  private static void store(LaneCode c, int element, Real value) {
    c.store(Place.tile(element), 0, value);
  }

  /** F and its derivatives at x, and what is made of them. */
  private final class Evaluation {
    private final LaneCode c = new LaneCode(target);
    private final ProgramLowering lowering;
    private final int[] outputs;
    private final Real zero = c.constant(0);
    private final Real one = c.constant(1);
    private final Real half = c.constant(0.5);
    private final Real left;
    private final Real right;
    private final Real residual;
    private final Real slope;
    private final Real curvature;

    /** With what constants alone give computed on the spot, or taken as prepared. */
    Evaluation(Program evaluated, boolean fromConstants) {
      lowering = new ProgramLowering(c, evaluated, new Places(c));
      outputs = evaluated.outputs();
      if (fromConstants) {
        lowering.lower(Dependence.SHARED);
      }
      lowering.lower(Dependence.POINT);
      left = value(RootProgram.LEFT);
      right = value(RootProgram.RIGHT);
      residual = root.hasRight() ? c.sub(left, right) : left;
      slope = less(RootProgram.LEFT_SLOPE, RootProgram.RIGHT_SLOPE);
      curvature =
          outputs.length > RootProgram.LEFT_CURVATURE
              ? less(RootProgram.LEFT_CURVATURE, RootProgram.RIGHT_CURVATURE)
              : null;
    }

    private Real value(int output) {
      return lowering.value(outputs[output]);
    }

    private Real less(int of, int from) {
      return root.rightVaries() ? c.sub(value(of), value(from)) : value(of);
    }

    private Real load(int element) {
      return c.load(Place.tile(element), 0);
    }

    private void put(int element, Real value) {
      store(c, element, value);
    }

    LaneCode step() {
      Real x = load(layout.x());
      Real count = load(layout.evaluations());
      Real magnitude = c.abs(residual);
      Real delta = wanted();

      // the interval
      Real sign = c.select(c.lt(residual, zero), c.constant(-1), one);
      Mask first = c.eq(count, zero);
      Real presumed = c.select(c.lt(zero, delta), sign, c.neg(sign));
      Real signBelow = c.select(first, presumed, load(layout.sign()));
      Mask below = c.eq(sign, signBelow);
      Real lower = c.select(below, x, load(layout.lower()));
      Real upper = c.select(below, load(layout.upper()), x);
      Real only = load(layout.onlySign());
      Real seen = c.select(c.or(first, c.eq(sign, only)), sign, zero);
      Real width = c.sub(upper, lower);
      Mask bounded = c.lt(width, c.constant(BOUNDED));

      // the next point
      Real trial = c.add(x, delta);
      Real length = c.abs(delta);
      Mask inside = c.and(c.lt(lower, trial), c.lt(trial, upper));
      Mask halves = c.le(length, c.mul(half, load(layout.earlierStep())));
      Mask falls = c.lt(magnitude, load(layout.magnitude()));
      Mask accepted = c.and(inside, c.or(halves, c.and(falls, c.not(bounded))));
      Mask bisected = c.and(bounded, c.not(accepted));
      Real moved = c.select(accepted, trial, x);
      put(layout.x(), moved);
      c.whenAny(
          bisected,
          () -> {
            // before a change of sign was seen its place is the end that it is presumed at
            Real end = c.select(below, upper, lower);
            Real halfway = c.select(c.eq(seen, zero), middle(lower, upper), end);
            put(layout.x(), c.select(bisected, halfway, moved));
          });
      Real next = load(layout.x());

      // the end
      Mask zeroed =
          c.le(
              magnitude,
              c.max(
                  c.mul(c.constant(0x1p-52), value(RootProgram.SIZE)),
                  c.constant(root.residualTolerance())));
      double last = root.curved() ? LAST_HALLEY : LAST_NEWTON;
      Mask tiny = c.le(length, c.mul(c.constant(LAST_DIGITS), c.abs(x)));
      Mask small = c.or(tiny, c.and(accepted, c.le(length, c.mul(c.constant(last), c.abs(next)))));
      Mask finite = c.lt(magnitude, c.constant(Double.MAX_VALUE));
      Real narrow = c.mul(c.constant(0x1p-51), c.add(c.abs(lower), c.abs(upper)));
      Mask collapsed = c.and(bounded, c.le(width, narrow));
      Real evaluations = c.add(count, one);
      Mask stuck = c.and(c.not(accepted), c.not(bounded));
      Mask hard =
          c.or(c.or(collapsed, stuck), c.or(c.not(finite), c.le(c.constant(LIMIT), evaluations)));
      Mask ended = c.and(c.or(small, zeroed), finite);
      Real outcome = c.select(hard, c.constant(RootKernel.HARD), zero);
      outcome = c.select(ended, c.constant(RootKernel.ENDED), outcome);

      put(layout.x(), c.select(c.or(zeroed, tiny), x, next));
      put(layout.onlySign(), seen);
      put(layout.lower(), lower);
      put(layout.upper(), upper);
      put(layout.sign(), signBelow);
      put(layout.earlierStep(), load(layout.step()));
      put(layout.step(), c.abs(c.sub(next, x)));
      put(layout.magnitude(), magnitude);
      put(layout.evaluations(), evaluations);
      put(layout.outcome(), outcome);
      c.signal(layout.signal(), c.ne(outcome, zero));
      return c;
    }

    /** The step of F, or of log L − log R where the sides are far apart. */
    private Real wanted() {
      Real plain =
          root.curved() ? halley(c.div(residual, slope), c.div(curvature, slope)) : newton();
      if (!root.hasRight()) {
        return plain;
      }
      put(layout.wanted(), plain);
      Real ratio = c.div(left, right);
      Mask large = c.and(c.lt(c.constant(2), ratio), c.lt(ratio, c.constant(Double.MAX_VALUE)));
      Mask small = c.and(c.lt(ratio, half), c.lt(c.constant(Double.MIN_NORMAL), ratio));
      Mask apart = c.or(large, small);
      c.whenAny(apart, () -> put(layout.wanted(), c.select(apart, logarithmic(ratio), plain)));
      return load(layout.wanted());
    }

    private Real newton() {
      return c.neg(c.div(residual, slope));
    }

    private Real halley(Real quotient, Real bend) {
      Real t = c.max(c.constant(-1), c.min(one, c.mul(quotient, bend)));
      return c.neg(c.div(quotient, c.fma(c.constant(-0.5), t, one)));
    }

    /** G = log(L/R): G′ = L′/L − R′/R, and of either side (log L)″ = L″/L − (L′/L)². */
    private Real logarithmic(Real ratio) {
      Real value = Logarithms.log(c, ratio);
      Real rate = c.div(value(RootProgram.LEFT_SLOPE), left);
      Real gradient = rate;
      Real rightRate = null;
      if (root.rightVaries()) {
        rightRate = c.div(value(RootProgram.RIGHT_SLOPE), right);
        gradient = c.sub(rate, rightRate);
      }
      Real quotient = c.div(value, gradient);
      if (!root.curved()) {
        return c.neg(quotient);
      }
      Real bend = logCurvature(RootProgram.LEFT_CURVATURE, left, rate);
      if (root.rightVaries()) {
        bend = c.sub(bend, logCurvature(RootProgram.RIGHT_CURVATURE, right, rightRate));
      }
      return halley(quotient, c.div(bend, gradient));
    }

    private Real logCurvature(int output, Real side, Real rate) {
      return c.sub(c.div(value(output), side), c.mul(rate, rate));
    }

    /**
     * The geometric mean where the ends have the same sign and are far apart, or the arithmetic.
     */
    private Real middle(Real lower, Real upper) {
      Real small = c.min(c.abs(lower), c.abs(upper));
      Real large = c.max(c.abs(lower), c.abs(upper));
      Real mean = c.fma(half, lower, c.mul(half, upper));
      Real geometric = c.mul(c.sqrt(small), c.sqrt(large));
      Real signed = c.select(c.lt(lower, zero), c.neg(geometric), geometric);
      Mask sameSign = c.or(c.lt(zero, lower), c.lt(upper, zero));
      Mask apart = c.lt(c.mul(c.constant(4), small), large);
      return c.select(c.and(sameSign, apart), signed, mean);
    }

    /**
     * With c = E + |F|, E the bound of F's rounding, the root can be as far as the nearer solution
     * u of |F′|u − ½|F″|u² = c. Where there is none, as at a double root, as far as the farther one
     * of ½|F″|u² − |F′|u = c, rounded up.
     */
    LaneCode check() {
      Real bound = value(RootProgram.SIZE);
      Real steep = c.abs(slope);
      Real bend = c.abs(curvature);
      Real twice = c.mul(c.constant(2), c.add(bound, c.abs(residual)));
      Real bent = c.mul(c.sqrt(twice), c.sqrt(bend));
      Real w = c.div(bent, steep);
      Real linear = c.div(twice, steep);
      Real near = c.div(linear, c.add(one, c.sqrt(c.fma(c.neg(w), w, one))));
      Real far = c.div(c.fma(c.constant(1.5), bent, steep), bend);
      Real uncertainty = c.select(c.lt(w, one), near, far);
      uncertainty = c.select(c.lt(bend, c.constant(Double.MAX_VALUE)), uncertainty, linear);
      uncertainty =
          c.select(c.isNaN(uncertainty), c.constant(Double.POSITIVE_INFINITY), uncertainty);
      put(layout.residual(), residual);
      put(layout.correction(), newton());
      put(layout.bound(), bound);
      put(layout.uncertainty(), c.select(c.eq(twice, zero), zero, uncertainty));
      return c;
    }
  }

  private final class Places implements ProgramLowering.Inputs {
    private final LaneCode c;

    Places(LaneCode c) {
      this.c = c;
    }

    private Real load(int element) {
      return c.load(Place.tile(element), 0);
    }

    @Override
    public Real parameter(int index) {
      throw new IllegalStateException("an equation has no parameters");
    }

    @Override
    public Real problemConstant(int index) {
      throw new IllegalStateException("constants of an equation are shared columns");
    }

    @Override
    public Real sharedColumn(int index) {
      return load(layout.constant(index));
    }

    @Override
    public Real problemColumn(int index) {
      return load(layout.x());
    }

    @Override
    public Real shared(int id) {
      return c.load(new Place(Place.Array.TILE, layout.prepared(slots.get(id)), 0, false, true), 0);
    }
  }
}
