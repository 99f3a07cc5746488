package org.nabla4j.cpu.codegen;

import org.nabla4j.cpu.codegen.Value.Kind;
import org.nabla4j.cpu.codegen.Value.Real;
import org.nabla4j.program.Opcode;

/**
 * The functions of a program as lane arithmetic: which method emits which operation.
 *
 * <p>No tables, no calls, no branches, but for arguments that hardly ever occur ({@link
 * SlowPaths}). Errors, in units in the last place, are bounds measured against higher precision,
 * and stated with each method; NaN, ±∞, ±0 and subnormal numbers are as {@link Math} has them.
 */
final class ElementaryFunctions {

  private ElementaryFunctions() {}

  /**
   * Emits a function.
   *
   * @param b second operand, ignored by functions of one operand
   * @throws IllegalArgumentException if the operation is not a function of this kind
   */
  static Real emit(LaneCode c, Opcode op, Real a, Real b) {
    return switch (op) {
      case ABS -> c.abs(a);
      case MIN -> c.min(a, b);
      case MAX -> c.max(a, b);
      case SIGN -> sign(c, a);
      case SQRT -> c.sqrt(a);
      case CBRT -> Roots.cbrt(c, a);
      case HYPOT -> Roots.hypot(c, a, b);
      case POW -> Power.pow(c, a, b);
      case EXP -> Exponentials.exp(c, a);
      case EXP2 -> exp2(c, a);
      case EXPM1 -> Exponentials.expm1(c, a);
      case LOGISTIC -> Exponentials.logistic(c, a);
      case LOG -> Logarithms.log(c, a);
      case LOG1P -> Logarithms.log1p(c, a);
      case LOG2 -> Logarithms.log2(c, a);
      case LOG10 -> Logarithms.log10(c, a);
      case SOFTPLUS -> Logarithms.softplus(c, a);
      case SIN -> Trigonometry.sin(c, a);
      case COS -> Trigonometry.cos(c, a);
      case TAN -> Trigonometry.tan(c, a);
      case ASIN -> InverseTrigonometry.asin(c, a);
      case ACOS -> InverseTrigonometry.acos(c, a);
      case ATAN -> InverseTrigonometry.atan(c, a);
      case ATAN2 -> InverseTrigonometry.atan2(c, a, b);
      case SINH -> Hyperbolics.sinh(c, a);
      case COSH -> Hyperbolics.cosh(c, a);
      case TANH -> Hyperbolics.tanh(c, a);
      case ERF -> ErrorFunctions.erf(c, a);
      case ERFC -> ErrorFunctions.erfc(c, a);
      case LGAMMA -> GammaFunctions.lgamma(c, a);
      case DIGAMMA -> GammaFunctions.digamma(c, a);
      case TRIGAMMA -> GammaFunctions.trigamma(c, a);
      default -> throw new IllegalArgumentException("op = " + op + " is not a function");
    };
  }

  /** A program raises 2 to products that carry log₂ e: the product need not be rounded. */
  private static Real exp2(LaneCode c, Real a) {
    return a.kind == Kind.MUL
        ? Exponentials.exp2Product(c, (Real) a.operands[0], (Real) a.operands[1])
        : Exponentials.exp2Product(c, c.constant(1), a);
  }

  /** −1, 1, or the number itself where it is ±0 or NaN. */
  private static Real sign(LaneCode c, Real a) {
    Real one = FloatingFormat.withSign(c, c.constant(1), FloatingFormat.sign(c, a));
    return c.select(c.lt(c.constant(0), c.abs(a)), one, a);
  }
}
