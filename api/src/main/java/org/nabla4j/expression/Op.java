package org.nabla4j.expression;

import java.util.Locale;

/**
 * The operations an {@link Expression} is made of.
 *
 * <p>Every operation works on doubles and yields a double; {@link ScalarMath#apply} is its
 * reference definition. A comparison yields 1.0 or 0.0, and any comparison with NaN but {@link #NE}
 * yields 0.0.
 */
public enum Op {
  /** A number; {@link Expression#value()} tells which. */
  CONSTANT(0, Kind.LEAF),
  /** A named input; {@link Expression#name()} tells which. */
  SYMBOL(0, Kind.LEAF),
  /** a + b. */
  ADD(2, Kind.INFIX, "+"),
  /** a − b. */
  SUB(2, Kind.INFIX, "-"),
  /** a · b. */
  MUL(2, Kind.INFIX, "*"),
  /** a / b. */
  DIV(2, Kind.INFIX, "/"),
  /** −a. */
  NEG(1, Kind.PREFIX, "-"),
  /** a to the power b, with the special cases of {@link Math#pow}. */
  POW(2, Kind.INFIX, "^"),
  /** √a; NaN for a &lt; 0. */
  SQRT(1, Kind.FUNCTION),
  /** The real cube root of a, negative for a &lt; 0. */
  CBRT(1, Kind.FUNCTION),
  /** e to the power a. */
  EXP(1, Kind.FUNCTION),
  /** exp(a) − 1, accurate for small a. */
  EXPM1(1, Kind.FUNCTION),
  /** The natural logarithm; −∞ at 0, NaN for a &lt; 0. */
  LOG(1, Kind.FUNCTION),
  /** log(1 + a), accurate for small a. */
  LOG1P(1, Kind.FUNCTION),
  /** The logarithm to base 2, exact for powers of two. */
  LOG2(1, Kind.FUNCTION),
  /** The logarithm to base 10. */
  LOG10(1, Kind.FUNCTION),
  /** Sine of a in radians. */
  SIN(1, Kind.FUNCTION),
  /** Cosine of a in radians. */
  COS(1, Kind.FUNCTION),
  /** Tangent of a in radians. */
  TAN(1, Kind.FUNCTION),
  /** Arc sine, in [−π/2, π/2]. */
  ASIN(1, Kind.FUNCTION),
  /** Arc cosine, in [0, π]. */
  ACOS(1, Kind.FUNCTION),
  /** Arc tangent, in [−π/2, π/2]. */
  ATAN(1, Kind.FUNCTION),
  /** The angle of the point (b, a), in [−π, π]: {@code atan2(y, x)}. */
  ATAN2(2, Kind.FUNCTION),
  /** Hyperbolic sine. */
  SINH(1, Kind.FUNCTION),
  /** Hyperbolic cosine. */
  COSH(1, Kind.FUNCTION),
  /** Hyperbolic tangent. */
  TANH(1, Kind.FUNCTION),
  /** |a|. */
  ABS(1, Kind.FUNCTION),
  /** −1, 0 or 1 by the sign of a; ±0 and NaN give themselves. */
  SIGN(1, Kind.FUNCTION),
  /** The smaller of two; NaN if either is NaN; −0 is below +0. */
  MIN(2, Kind.FUNCTION),
  /** The larger of two; NaN if either is NaN; −0 is below +0. */
  MAX(2, Kind.FUNCTION),
  /** √(a² + b²) without undue overflow. */
  HYPOT(2, Kind.FUNCTION),
  /** The error function, 2/√π ∫₀ᵃ exp(−t²) dt. */
  ERF(1, Kind.FUNCTION),
  /** 1 − erf(a), accurate for large a. */
  ERFC(1, Kind.FUNCTION),
  /** log |Γ(a)|. */
  LGAMMA(1, Kind.FUNCTION),
  /** ψ(a), the derivative of log Γ(a). */
  DIGAMMA(1, Kind.FUNCTION),
  /** ψ′(a), the second derivative of log Γ(a). */
  TRIGAMMA(1, Kind.FUNCTION),
  /** 1 / (1 + exp(−a)). */
  LOGISTIC(1, Kind.FUNCTION),
  /** log(1 + exp(a)), without overflow. */
  SOFTPLUS(1, Kind.FUNCTION),
  /** 1 if a &lt; b, else 0. */
  LT(2, Kind.INFIX, "<"),
  /** 1 if a ≤ b, else 0. */
  LE(2, Kind.INFIX, "<="),
  /** 1 if a &gt; b, else 0. */
  GT(2, Kind.INFIX, ">"),
  /** 1 if a ≥ b, else 0. */
  GE(2, Kind.INFIX, ">="),
  /** 1 if a = b, else 0; −0 equals +0, NaN equals nothing. */
  EQ(2, Kind.INFIX, "=="),
  /** 1 if a ≠ b, else 0; NaN differs from everything. */
  NE(2, Kind.INFIX, "!="),
  /**
   * {@code where(c, a, b)}: a where c is not 0, b where c is ±0, NaN where c is NaN. The branch
   * that is not taken has no influence on the value, be it NaN or infinite.
   */
  WHERE(3, Kind.FUNCTION);

  private enum Kind {
    LEAF,
    INFIX,
    PREFIX,
    FUNCTION
  }

  private final int arity;
  private final Kind kind;
  private final String text;

  Op(int arity, Kind kind) {
    this.arity = arity;
    this.kind = kind;
    this.text = name().toLowerCase(Locale.ROOT);
  }

  Op(int arity, Kind kind, String text) {
    this.arity = arity;
    this.kind = kind;
    this.text = text;
  }

  /**
   * The number of arguments.
   *
   * @return 0 for {@link #CONSTANT} and {@link #SYMBOL}, else 1, 2 or 3
   */
  public int arity() {
    return arity;
  }

  /**
   * How the operation is written in a formula: its sign for an infix or prefix operation, else the
   * name of the function.
   *
   * @return for example {@code "+"} or {@code "exp"}
   */
  public String text() {
    return text;
  }

  /**
   * Whether the operation is written as a function, {@code text(a, b)}.
   *
   * @return false for leaves, signs of arithmetic and comparisons
   */
  public boolean isFunction() {
    return kind == Kind.FUNCTION;
  }

  /**
   * Whether the operation compares its two arguments and yields 1.0 or 0.0.
   *
   * @return true for {@link #LT}, {@link #LE}, {@link #GT}, {@link #GE}, {@link #EQ}, {@link #NE}
   */
  public boolean isComparison() {
    return compareTo(LT) >= 0 && compareTo(NE) <= 0;
  }
}
