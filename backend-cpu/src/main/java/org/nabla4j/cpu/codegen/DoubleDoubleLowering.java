package org.nabla4j.cpu.codegen;

import java.util.function.IntFunction;
import org.nabla4j.cpu.codegen.Value.Real;
import org.nabla4j.program.Dependence;
import org.nabla4j.program.Instruction;
import org.nabla4j.program.Program;

/**
 * Turns a program over columns into lane code in double-double: each value is an unevaluated sum
 * high + low with |low| ≤ ½ ulp(high).
 *
 * <p>Sums, differences, products, quotients and so whole powers carry some 31 digits. All other
 * functions are computed in double from the high parts. Where a high part is not finite, the low
 * part is 0.
 *
 * <p>Algorithms: Dekker 1971 and Joldes, Muller, Popescu 2017, <i>Tight and rigorous error bounds
 * for basic building blocks of double-word arithmetic</i>.
 */
final class DoubleDoubleLowering {

  /** 2²⁷ + 1, which splits a double in two halves. */
  private static final double SPLITTER = 134217729;

  /**
   * A number in every lane.
   *
   * @param high nearest double
   * @param low the rest, or null for 0
   */
  record Pair(Real high, Real low) {}

  private final LaneCode code;
  private final Program program;
  private final IntFunction<Real> columns;
  private final Pair[] pairs;
  private final ProgramLowering plain;

  /**
   * Prepares.
   *
   * @param code where instructions go
   * @param program its inputs are shared columns
   * @param columns loads a column at the current point
   */
  DoubleDoubleLowering(LaneCode code, Program program, IntFunction<Real> columns) {
    this.code = code;
    this.program = program;
    this.columns = columns;
    this.pairs = new Pair[program.size()];
    this.plain = new ProgramLowering(code, program, new Highs());
  }

  /** Lowers everything that varies from point to point. */
  void lower() {
    for (int id = program.start(Dependence.POINT); id < program.end(Dependence.POINT); id++) {
      pairs[id] = lower(program.instruction(id), id);
      plain.define(id, pairs[id].high());
    }
  }

  Pair value(int id) {
    return pairs[id] != null ? pairs[id] : new Pair(plain.value(id), null);
  }

  private Pair lower(Instruction i, int id) {
    return switch (i.opcode()) {
      case ADD -> add(value(i.a()), value(i.b()));
      case SUB -> subtract(value(i.a()), value(i.b()));
      case MUL -> multiply(value(i.a()), value(i.b()));
      case FMA -> add(multiply(value(i.a()), value(i.b())), value(i.c()));
      case DIV -> divide(value(i.a()), value(i.b()));
      case RECIPROCAL -> divide(new Pair(code.constant(1), null), value(i.a()));
      case NEG -> negate(value(i.a()));
      case ABS -> magnitude(value(i.a()));
      default -> {
        plain.lowerOne(id);
        yield new Pair(plain.value(id), null);
      }
    };
  }

  Pair subtract(Pair a, Pair b) {
    return add(a, negate(b));
  }

  private Pair negate(Pair a) {
    return new Pair(code.neg(a.high()), a.low() == null ? null : code.neg(a.low()));
  }

  private Pair magnitude(Pair a) {
    if (a.low() == null) {
      return new Pair(code.abs(a.high()), null);
    }
    Real low = code.select(code.lt(a.high(), code.constant(0)), code.neg(a.low()), a.low());
    return new Pair(code.abs(a.high()), low);
  }

  private Pair add(Pair a, Pair b) {
    Pair s = twoSum(a.high(), b.high());
    if (a.low() == null && b.low() == null) {
      return s;
    }
    if (a.low() == null || b.low() == null) {
      Real low = a.low() == null ? b.low() : a.low();
      return fastTwoSum(s.high(), code.add(low, s.low()));
    }
    Pair t = twoSum(a.low(), b.low());
    Pair v = fastTwoSum(s.high(), code.add(s.low(), t.high()));
    return fastTwoSum(v.high(), code.add(t.low(), v.low()));
  }

  private Pair multiply(Pair a, Pair b) {
    Pair p = twoProduct(a.high(), b.high());
    Real rest = p.low();
    if (b.low() != null) {
      rest = code.fma(a.high(), b.low(), rest);
    }
    if (a.low() != null) {
      rest = code.fma(a.low(), b.high(), rest);
    }
    return rest == p.low() ? p : fastTwoSum(p.high(), rest);
  }

  /** One Newton correction of the quotient of the high parts. */
  private Pair divide(Pair a, Pair b) {
    Real quotient = code.div(a.high(), b.high());
    Pair rest = subtract(a, multiply(new Pair(quotient, null), b));
    return fastTwoSum(quotient, code.div(rest.high(), b.high()));
  }

  private Pair twoSum(Real a, Real b) {
    Real s = code.add(a, b);
    Real t = code.sub(s, a);
    return finite(s, code.add(code.sub(a, code.sub(s, t)), code.sub(b, t)));
  }

  /** Of |a| ≥ |b|. */
  private Pair fastTwoSum(Real a, Real b) {
    Real rest = finite(a, b).low();
    Real s = code.add(a, rest);
    return finite(s, code.sub(rest, code.sub(s, a)));
  }

  private Pair twoProduct(Real a, Real b) {
    Real p = code.mul(a, b);
    if (code.target().fma()) {
      return finite(p, code.fma(a, b, code.neg(p)));
    }
    Pair u = split(a);
    Pair v = split(b);
    Real error = code.sub(code.mul(u.high(), v.high()), p);
    error = code.add(error, code.mul(u.high(), v.low()));
    error = code.add(error, code.mul(u.low(), v.high()));
    return finite(p, code.add(error, code.mul(u.low(), v.low())));
  }

  private Pair split(Real a) {
    Real t = code.mul(a, code.constant(SPLITTER));
    Real high = code.sub(t, code.sub(t, a));
    return new Pair(high, code.sub(a, high));
  }

  /** The error of something that overflowed is NaN: it counts as 0. */
  private Pair finite(Real high, Real low) {
    Real largest = code.constant(Double.MAX_VALUE);
    return new Pair(high, code.select(code.le(code.abs(low), largest), low, code.constant(0)));
  }

  private final class Highs implements ProgramLowering.Inputs {
    @Override
    public Real parameter(int index) {
      throw unexpected();
    }

    @Override
    public Real problemConstant(int index) {
      throw unexpected();
    }

    @Override
    public Real sharedColumn(int index) {
      return columns.apply(index);
    }

    @Override
    public Real problemColumn(int index) {
      throw unexpected();
    }

    @Override
    public Real shared(int id) {
      throw unexpected();
    }

    private IllegalStateException unexpected() {
      return new IllegalStateException("a map reads shared columns only");
    }
  }
}
