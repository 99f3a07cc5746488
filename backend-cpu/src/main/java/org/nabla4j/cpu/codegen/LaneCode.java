package org.nabla4j.cpu.codegen;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.nabla4j.cpu.codegen.Region.Accumulate;
import org.nabla4j.cpu.codegen.Region.Accumulator;
import org.nabla4j.cpu.codegen.Region.Begin;
import org.nabla4j.cpu.codegen.Region.End;
import org.nabla4j.cpu.codegen.Region.Signal;
import org.nabla4j.cpu.codegen.Region.Store;
import org.nabla4j.cpu.codegen.Value.Bits;
import org.nabla4j.cpu.codegen.Value.Kind;
import org.nabla4j.cpu.codegen.Value.Mask;
import org.nabla4j.cpu.codegen.Value.Real;

/**
 * Builder of lane code: straight-line arithmetic, the same in every lane, in static single
 * assignment form. Nothing is executed here; {@link ProcedureAssembler} turns the regions into
 * methods, in vector or scalar bytecode.
 *
 * <p>Equal operations on equal operands are one value. Constants are folded in the target's
 * precision. Every operation rounds once, as IEEE 754 says, so both flavours agree to the last bit.
 */
final class LaneCode {

  private record Key(Kind kind, List<Value> operands, long bits, Place place, int offset) {}

  private final Target target;
  private final List<Region> regions = new ArrayList<>();
  private final List<Accumulator> accumulators = new ArrayList<>();
  private final Region constants = new Region(-1, 0, null);
  private Region current;

  LaneCode(Target target) {
    this.target = target;
    straight();
  }

  Target target() {
    return target;
  }

  List<Region> regions() {
    return regions;
  }

  List<Accumulator> accumulators() {
    return accumulators;
  }

  // ---- regions

  /** Begins a region that is executed once. */
  void straight() {
    current = new Region(regions.size(), 0, null);
    regions.add(current);
  }

  /**
   * Begins a region that is executed for i = from, from + step, ... below the limit.
   *
   * @param step distance of i from one execution to the next, at least 1
   */
  void loop(int step) {
    current = new Region(regions.size(), step, null);
    regions.add(current);
  }

  /**
   * Calls a method of the same class, with the arguments of all, and begins a new straight region.
   * What it reads and writes lies in the tile; values made before can be used after it.
   *
   * @param method its name
   */
  void call(String method) {
    regions.add(new Region(regions.size(), 0, method));
    straight();
  }

  // ---- memory

  Real load(Place place, int offset) {
    return place.readOnly()
        ? shared(Kind.LOAD, place, offset)
        : defined(new Real(Kind.LOAD, current, null, 0, place, offset, null));
  }

  /** One element in all lanes. */
  Real broadcast(Place place, int offset) {
    return place.readOnly()
        ? shared(Kind.BROADCAST, place, offset)
        : defined(new Real(Kind.BROADCAST, current, null, 0, place, offset, null));
  }

  void store(Place place, int offset, Real value) {
    current.add(new Store(place, offset, value));
  }

  /**
   * Statements for conditions that seldom hold: executed, for all lanes, only if any lane of the
   * mask is set. Values that are made in them are not known after them; what they change lies in
   * memory.
   */
  void whenAny(Mask mask, Runnable statements) {
    Set<Object> before = new HashSet<>(current.known.keySet());
    current.add(new Begin(mask));
    statements.run();
    current.add(new End());
    current.known.keySet().retainAll(before);
  }

  /** Sets one element of the tile to 1 when any lane of the mask is set. */
  void signal(int element, Mask mask) {
    current.add(new Signal(element, mask));
  }

  Accumulator accumulator() {
    Accumulator a = new Accumulator(accumulators.size());
    accumulators.add(a);
    return a;
  }

  void accumulate(Accumulator accumulator, Real addend) {
    current.add(new Accumulate(accumulator, addend, null));
  }

  /** Adds a·b, with one rounding where the target has fused multiply-add. */
  void accumulate(Accumulator accumulator, Real a, Real b) {
    if (target.fma()) {
      current.add(new Accumulate(accumulator, a, b));
    } else {
      current.add(new Accumulate(accumulator, mul(a, b), null));
    }
  }

  /** The value of an accumulator after its loop. */
  Real accumulated(Accumulator accumulator) {
    return defined(new Real(Kind.ACCUMULATED, current, null, 0, null, 0, accumulator));
  }

  // ---- reals

  Real constant(double v) {
    double rounded = target.isDouble() ? v : (float) v;
    long bits = Double.doubleToRawLongBits(rounded);
    return (Real)
        constants.known.computeIfAbsent(
            new Key(Kind.CONSTANT, List.of(), bits, null, 0),
            k -> new Real(Kind.CONSTANT, constants, null, bits, null, 0, null));
  }

  Real add(Real a, Real b) {
    return bothConstant(a, b) ? fold(Kind.ADD, a, b) : real(Kind.ADD, a, b);
  }

  Real sub(Real a, Real b) {
    return bothConstant(a, b) ? fold(Kind.SUB, a, b) : real(Kind.SUB, a, b);
  }

  Real mul(Real a, Real b) {
    if (bothConstant(a, b)) {
      return fold(Kind.MUL, a, b);
    }
    if (isNumber(a, 1)) {
      return b;
    }
    if (isNumber(b, 1)) {
      return a;
    }
    if (isNumber(a, -1)) {
      return neg(b);
    }
    if (isNumber(b, -1)) {
      return neg(a);
    }
    return real(Kind.MUL, a, b);
  }

  Real div(Real a, Real b) {
    return bothConstant(a, b) ? fold(Kind.DIV, a, b) : real(Kind.DIV, a, b);
  }

  /** a·b + c, with one rounding where the target has fused multiply-add, with two elsewhere. */
  Real fma(Real a, Real b, Real c) {
    if (!target.fma() || (bothConstant(a, b) && c.isConstant())) {
      return add(mul(a, b), c);
    }
    if (isNumber(a, 1)) {
      return add(b, c);
    }
    if (isNumber(b, 1)) {
      return add(a, c);
    }
    return real(Kind.FMA, a, b, c);
  }

  Real neg(Real a) {
    if (a.isConstant()) {
      return constant(-a.number());
    }
    return a.kind == Kind.NEG ? (Real) a.operands[0] : real(Kind.NEG, a);
  }

  Real abs(Real a) {
    return a.isConstant() ? constant(Math.abs(a.number())) : real(Kind.ABS, a);
  }

  Real sqrt(Real a) {
    return a.isConstant() ? constant(Math.sqrt(a.number())) : real(Kind.SQRT, a);
  }

  /** As {@link Math#min(double, double)}: NaN if either is, −0 below +0. */
  Real min(Real a, Real b) {
    return bothConstant(a, b) ? constant(Math.min(a.number(), b.number())) : real(Kind.MIN, a, b);
  }

  /** As {@link Math#max(double, double)}: NaN if either is, −0 below +0. */
  Real max(Real a, Real b) {
    return bothConstant(a, b) ? constant(Math.max(a.number(), b.number())) : real(Kind.MAX, a, b);
  }

  /** a where the mask is set, b elsewhere. */
  Real select(Mask mask, Real a, Real b) {
    if (a == b) {
      return a;
    }
    return mask.ofBits
        ? fromBits(bitsValue(Kind.BITS_SELECT, 0, mask, bitsOf(a), bitsOf(b)))
        : real(Kind.SELECT, mask, a, b);
  }

  private Bits bitsOf(Real a) {
    if (!a.isConstant()) {
      return toBits(a);
    }
    return bits(
        target.isDouble()
            ? Double.doubleToRawLongBits(a.number())
            : Float.floatToRawIntBits((float) a.number()));
  }

  private Real realOf(Bits a) {
    if (!a.isConstant()) {
      return fromBits(a);
    }
    return constant(
        target.isDouble() ? Double.longBitsToDouble(a.bits) : Float.intBitsToFloat((int) a.bits));
  }

  /** The same mask, for real lanes. */
  private Mask ofReals(Mask mask) {
    return mask.ofBits ? ne(select(mask, constant(1), constant(0)), constant(0)) : mask;
  }

  /**
   * Lanes of the mask are computed out of line by a method of {@link SlowPaths}, all others keep
   * {@code fast}. For arguments that hardly ever occur: it costs one branch where they do not.
   *
   * @param mask lanes to compute
   * @param function name of the method, which maps {@code double} to {@code double}
   * @param x argument
   * @param fast value of the other lanes
   */
  Real slowPath(Mask mask, String function, Real x, Real fast) {
    return defined(
        new Real(Kind.SLOW_PATH, current, new Value[] {mask, x, fast}, 0, null, 0, function));
  }

  /** As {@link #slowPath(Mask, String, Real, Real)} for a function of two arguments. */
  Real slowPath(Mask mask, String function, Real x, Real y, Real fast) {
    Value[] operands = {ofReals(mask), x, y, fast};
    return defined(new Real(Kind.SLOW_PATH, current, operands, 0, null, 0, function));
  }

  // ---- bits

  /** An integer in all lanes: 64 bits for double, the low 32 for float. */
  Bits bits(long v) {
    long value = target.isDouble() ? v : (int) v;
    return (Bits)
        constants.known.computeIfAbsent(
            new Key(Kind.BITS_CONSTANT, List.of(), value, null, 0),
            k -> new Bits(Kind.BITS_CONSTANT, constants, null, value));
  }

  Bits toBits(Real a) {
    return a.kind == Kind.FROM_BITS ? (Bits) a.operands[0] : bitsValue(Kind.TO_BITS, 0, a);
  }

  Real fromBits(Bits a) {
    return a.kind == Kind.TO_BITS ? (Real) a.operands[0] : real(Kind.FROM_BITS, a);
  }

  Bits add(Bits a, Bits b) {
    return bitsValue(Kind.BITS_ADD, 0, a, b);
  }

  Bits sub(Bits a, Bits b) {
    return bitsValue(Kind.BITS_SUB, 0, a, b);
  }

  Bits and(Bits a, Bits b) {
    return bitsValue(Kind.BITS_AND, 0, a, b);
  }

  Bits or(Bits a, Bits b) {
    return bitsValue(Kind.BITS_OR, 0, a, b);
  }

  Bits xor(Bits a, Bits b) {
    return bitsValue(Kind.BITS_XOR, 0, a, b);
  }

  Bits shl(Bits a, int count) {
    return bitsValue(Kind.BITS_SHL, count, a);
  }

  /** Shift right, zeros come in. */
  Bits lshr(Bits a, int count) {
    return bitsValue(Kind.BITS_LSHR, count, a);
  }

  /** Shift right, the sign comes in. */
  Bits ashr(Bits a, int count) {
    return bitsValue(Kind.BITS_ASHR, count, a);
  }

  Bits min(Bits a, Bits b) {
    return bitsValue(Kind.BITS_MIN, 0, a, b);
  }

  Bits max(Bits a, Bits b) {
    return bitsValue(Kind.BITS_MAX, 0, a, b);
  }

  Bits select(Mask mask, Bits a, Bits b) {
    if (a == b) {
      return a;
    }
    return mask.ofBits
        ? bitsValue(Kind.BITS_SELECT, 0, mask, a, b)
        : toBits(real(Kind.SELECT, mask, realOf(a), realOf(b)));
  }

  // ---- masks; comparisons with NaN are false, but ne

  Mask lt(Real a, Real b) {
    return mask(Kind.LT, a, b);
  }

  Mask le(Real a, Real b) {
    return mask(Kind.LE, a, b);
  }

  Mask gt(Real a, Real b) {
    return lt(b, a);
  }

  Mask ge(Real a, Real b) {
    return le(b, a);
  }

  Mask eq(Real a, Real b) {
    return mask(Kind.EQ, a, b);
  }

  Mask ne(Real a, Real b) {
    return mask(Kind.NE, a, b);
  }

  Mask isNaN(Real a) {
    return ne(a, a);
  }

  Mask lt(Bits a, Bits b) {
    return mask(Kind.BITS_LT, a, b);
  }

  Mask eq(Bits a, Bits b) {
    return mask(Kind.BITS_EQ, a, b);
  }

  Mask and(Mask a, Mask b) {
    return a.ofBits == b.ofBits ? mask(Kind.AND, a, b) : and(ofReals(a), ofReals(b));
  }

  Mask or(Mask a, Mask b) {
    return a.ofBits == b.ofBits ? mask(Kind.OR, a, b) : or(ofReals(a), ofReals(b));
  }

  Mask not(Mask a) {
    return a.kind == Kind.NOT ? (Mask) a.operands[0] : mask(Kind.NOT, a);
  }

  // ---- making values

  private static boolean bothConstant(Value a, Value b) {
    return a.isConstant() && b.isConstant();
  }

  private static boolean isNumber(Real a, double v) {
    return a.isConstant() && a.number() == v;
  }

  private Real fold(Kind kind, Real a, Real b) {
    double x = a.number();
    double y = b.number();
    if (target.isDouble()) {
      return constant(
          switch (kind) {
            case ADD -> x + y;
            case SUB -> x - y;
            case MUL -> x * y;
            default -> x / y;
          });
    }
    float u = (float) x;
    float v = (float) y;
    return constant(
        switch (kind) {
          case ADD -> u + v;
          case SUB -> u - v;
          case MUL -> u * v;
          default -> u / v;
        });
  }

  private Real real(Kind kind, Value... operands) {
    Key key = new Key(kind, Arrays.asList(operands), 0, null, 0);
    Value old = find(key);
    return old != null
        ? (Real) old
        : known(key, new Real(kind, current, operands, 0, null, 0, null));
  }

  private Real shared(Kind kind, Place place, int offset) {
    Key key = new Key(kind, List.of(), 0, place, offset);
    Value old = find(key);
    return old != null
        ? (Real) old
        : known(key, new Real(kind, current, null, 0, place, offset, null));
  }

  private Bits bitsValue(Kind kind, long amount, Value... operands) {
    Key key = new Key(kind, Arrays.asList(operands), amount, null, 0);
    Value old = find(key);
    return old != null ? (Bits) old : known(key, new Bits(kind, current, operands, amount));
  }

  private Mask mask(Kind kind, Value... operands) {
    Key key = new Key(kind, Arrays.asList(operands), 0, null, 0);
    Value old = find(key);
    return old != null ? (Mask) old : known(key, new Mask(kind, current, operands));
  }

  /** A value already made, if it can be seen from here: not one from inside another loop. */
  private Value find(Key key) {
    Value own = current.known.get(key);
    for (int r = 0; own == null && r < current.index; r++) {
      if (!regions.get(r).isLoop()) {
        own = regions.get(r).known.get(key);
      }
    }
    return own;
  }

  private <V extends Value> V known(Key key, V value) {
    current.known.put(key, value);
    return defined(value);
  }

  private <V extends Value> V defined(V value) {
    current.define(value);
    return value;
  }
}
