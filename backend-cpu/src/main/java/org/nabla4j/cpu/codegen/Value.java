package org.nabla4j.cpu.codegen;

/**
 * A node of the lane code: one value in static single assignment form, the same operation in every
 * lane. Made by {@link LaneCode} only; the three subclasses keep the types of lanes apart.
 */
abstract class Value {

  /** The operation that gives a value. */
  enum Kind {
    // real
    CONSTANT,
    LOAD,
    BROADCAST,
    ADD,
    SUB,
    MUL,
    DIV,
    FMA,
    NEG,
    ABS,
    SQRT,
    MIN,
    MAX,
    SELECT,
    FROM_BITS,
    ACCUMULATED,
    SLOW_PATH,
    // integer bits of the same width as the real
    BITS_CONSTANT,
    TO_BITS,
    BITS_ADD,
    BITS_SUB,
    BITS_AND,
    BITS_OR,
    BITS_XOR,
    BITS_SHL,
    BITS_LSHR,
    BITS_ASHR,
    BITS_MIN,
    BITS_MAX,
    BITS_SELECT,
    // mask
    LT,
    LE,
    EQ,
    NE,
    BITS_LT,
    BITS_EQ,
    AND,
    OR,
    NOT;

    /** Counted floating-point operations of one lane; a fused multiply-add counts two. */
    int flops() {
      return switch (this) {
        case ADD, SUB, MUL, DIV, SQRT -> 1;
        case FMA -> 2;
        default -> 0;
      };
    }
  }

  private static final Value[] NONE = {};

  final Kind kind;
  final Value[] operands;
  final Region region;

  /** Position among the statements of its region; −1 for constants, which belong to no position. */
  int position = -1;

  /** Value of a constant (real constants as the bits of a double), amount of a shift. */
  final long bits;

  /** Where a load reads, or null. */
  final Place place;

  /** Elements from the start of {@link #place}. */
  final int offset;

  /** Accumulator of {@code ACCUMULATED}, name of the function of {@code SLOW_PATH}, or null. */
  final Object attachment;

  Value(
      Kind kind,
      Region region,
      Value[] operands,
      long bits,
      Place place,
      int offset,
      Object attachment) {
    this.kind = kind;
    this.region = region;
    this.operands = operands == null ? NONE : operands;
    this.bits = bits;
    this.place = place;
    this.offset = offset;
    this.attachment = attachment;
  }

  double number() {
    return Double.longBitsToDouble(bits);
  }

  boolean isConstant() {
    return kind == Kind.CONSTANT || kind == Kind.BITS_CONSTANT;
  }

  /** Lanes of floating-point numbers. */
  static final class Real extends Value {
    Real(Kind k, Region r, Value[] o, long bits, Place place, int offset, Object attachment) {
      super(k, r, o, bits, place, offset, attachment);
    }
  }

  /** Lanes of integers, as wide as the reals. */
  static final class Bits extends Value {
    Bits(Kind k, Region r, Value[] o, long bits) {
      super(k, r, o, bits, null, 0, null);
    }
  }

  /** Lanes of truth values. */
  static final class Mask extends Value {
    /** Whether it belongs to {@link Bits} lanes: the Vector API does not mix the two. */
    final boolean ofBits;

    Mask(Kind k, Region r, Value[] o) {
      super(k, r, o, 0, null, 0, null);
      ofBits = k == Kind.BITS_LT || k == Kind.BITS_EQ || (o[0] instanceof Mask m && m.ofBits);
    }
  }
}
