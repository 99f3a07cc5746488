package org.nabla4j.program;

/**
 * The operations of a {@link Program}.
 *
 * <p>Operands {@code a}, {@code b}, {@code c} are ids of earlier values, except for the five
 * inputs, where {@code a} is the index of the input (and {@link #CONSTANT}, which has no operand).
 * All arithmetic is in IEEE 754 double; an operation has the special cases (NaN, ±∞, ±0) of the
 * expression operation with the same name.
 */
public enum Opcode {
  /** The number {@link Instruction#constant()}. */
  CONSTANT(0),
  /** Parameter θ_a. */
  PARAMETER(0),
  /** Per-problem constant number a. */
  PROBLEM_CONSTANT(0),
  /** Data column number a of those shared by all problems, at the current data point. */
  SHARED_COLUMN(0),
  /** Data column number a of those that each problem has for itself, at the current point. */
  PROBLEM_COLUMN(0),
  /** {@code a + b}. */
  ADD(2),
  /** {@code a - b}. */
  SUB(2),
  /** {@code a * b}. */
  MUL(2),
  /** {@code a / b}. */
  DIV(2),
  /** {@code -a}. */
  NEG(1),
  /** {@code a} to the power of {@code b}. */
  POW(2),
  /** Square root of {@code a}. */
  SQRT(1),
  /** Cube root of {@code a}. */
  CBRT(1),
  /** e to the power of {@code a}. */
  EXP(1),
  /** {@code exp(a) - 1} without cancellation. */
  EXPM1(1),
  /** Natural logarithm of {@code a}. */
  LOG(1),
  /** {@code log(1 + a)} without cancellation. */
  LOG1P(1),
  /** Logarithm of {@code a} to base 2. */
  LOG2(1),
  /** Logarithm of {@code a} to base 10. */
  LOG10(1),
  /** Sine of {@code a} in radians. */
  SIN(1),
  /** Cosine of {@code a} in radians. */
  COS(1),
  /** Tangent of {@code a} in radians. */
  TAN(1),
  /** Arc sine of {@code a}. */
  ASIN(1),
  /** Arc cosine of {@code a}. */
  ACOS(1),
  /** Arc tangent of {@code a}. */
  ATAN(1),
  /** Angle of the point with ordinate {@code a} and abscissa {@code b}. */
  ATAN2(2),
  /** Hyperbolic sine of {@code a}. */
  SINH(1),
  /** Hyperbolic cosine of {@code a}. */
  COSH(1),
  /** Hyperbolic tangent of {@code a}. */
  TANH(1),
  /** Absolute value of {@code a}. */
  ABS(1),
  /** −1, 0 or 1 as the sign of {@code a}. */
  SIGN(1),
  /** The smaller of {@code a} and {@code b}. */
  MIN(2),
  /** The larger of {@code a} and {@code b}. */
  MAX(2),
  /** {@code sqrt(a² + b²)} without overflow on the way. */
  HYPOT(2),
  /** Error function of {@code a}. */
  ERF(1),
  /** Complementary error function of {@code a}. */
  ERFC(1),
  /** Logarithm of the absolute value of the gamma function at {@code a}. */
  LGAMMA(1),
  /** Derivative of {@link #LGAMMA}. */
  DIGAMMA(1),
  /** Derivative of {@link #DIGAMMA}. */
  TRIGAMMA(1),
  /** {@code 1 / (1 + exp(-a))}. */
  LOGISTIC(1),
  /** {@code log(1 + exp(a))} without overflow on the way. */
  SOFTPLUS(1),
  /** 1 if {@code a < b}, else 0. */
  LT(2),
  /** 1 if {@code a <= b}, else 0. */
  LE(2),
  /** 1 if {@code a > b}, else 0. */
  GT(2),
  /** 1 if {@code a >= b}, else 0. */
  GE(2),
  /** 1 if {@code a == b}, else 0. */
  EQ(2),
  /** 1 if {@code a != b}, else 0. */
  NE(2),
  /** {@code b} where the condition {@code a} is not 0, else {@code c}. */
  WHERE(3),
  /** {@code a * b + c}, rounded once where the machine can. */
  FMA(3),
  /** {@code 1 / a}. */
  RECIPROCAL(1),
  /** 2 to the power of {@code a}. */
  EXP2(1);

  private final int arity;

  Opcode(int arity) {
    this.arity = arity;
  }

  /**
   * The number of operands that are ids of other values.
   *
   * @return 0 for inputs and constants, else 1 to 3
   */
  public int arity() {
    return arity;
  }

  /**
   * Whether this reads an input: a parameter, a per-problem constant or a column.
   *
   * @return true if operand {@code a} is the index of an input
   */
  public boolean isInput() {
    return this == PARAMETER
        || this == PROBLEM_CONSTANT
        || this == SHARED_COLUMN
        || this == PROBLEM_COLUMN;
  }

  /**
   * Whether the order of the first two operands does not matter.
   *
   * @return true for operations with {@code op(a, b) == op(b, a)} bit for bit (NaN payloads apart)
   */
  public boolean isCommutative() {
    return switch (this) {
      case ADD, MUL, MIN, MAX, HYPOT, EQ, NE, FMA -> true;
      default -> false;
    };
  }
}
