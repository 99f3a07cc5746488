package org.nabla4j.expression;

import static org.nabla4j.expression.Expression.constant;

/**
 * The chain rule, one rule per operation. For z = op(a, b) with the adjoint z̄ = ∂F/∂z of some
 * outer F, a rule gives what z adds to the adjoint of an argument: z̄ · ∂z/∂a.
 *
 * <p>Rules reuse z itself where the derivative contains it (exp, sqrt, tanh, logistic, a/b, …), so
 * that a common subexpression serves both. Where a function has a kink the rule takes the
 * convention of automatic differentiation: |a|′ is sign(a), 0 at 0; at equal arguments min and max
 * follow the first; a comparison, sign(a), and the condition of {@code where} contribute nothing.
 */
final class ChainRule {
  private static final double LOG2_E = 0x1.71547652b82fep0;
  private static final double LOG10_E = 0x1.bcb7b1526e50ep-2;

  /** 2/√π, the derivative of erf at 0. */
  private static final double ERF_SLOPE = 0x1.20dd750429b6dp0;

  private ChainRule() {}

  /** Whether z can have a derivative other than zero with respect to its i-th argument. */
  static boolean passes(Expression z, int i) {
    return switch (z.op()) {
      case CONSTANT, SYMBOL, SIGN, LT, LE, GT, GE, EQ, NE -> false;
      case WHERE -> i > 0;
      default -> true;
    };
  }

  /** z̄ · ∂z/∂(i-th argument); only for arguments that {@link #passes} names. */
  static Expression contribution(Expression z, int i, Expression adjoint) {
    Expression a = z.argument(0);
    return switch (z.op()) {
      case ADD -> adjoint;
      case SUB -> i == 0 ? adjoint : minus(adjoint);
      case MUL -> times(adjoint, z.argument(1 - i));
      case DIV -> quotientRule(z, i, adjoint);
      case NEG -> minus(adjoint);
      case POW -> powerRule(z, i, adjoint);
      case SQRT -> over(times(constant(0.5), adjoint), z);
      // ∛a′ = 1/(3 ∛a²)
      case CBRT -> over(times(constant(1.0 / 3), adjoint), times(z, z));
      case EXP -> times(adjoint, z);
      case EXPM1 -> times(adjoint, Simplifier.make(Op.EXP, a));
      case LOG -> over(adjoint, a);
      case LOG1P -> over(adjoint, plus(constant(1), a));
      case LOG2 -> over(times(constant(LOG2_E), adjoint), a);
      case LOG10 -> over(times(constant(LOG10_E), adjoint), a);
      case SIN -> times(adjoint, Simplifier.make(Op.COS, a));
      case COS -> minus(times(adjoint, Simplifier.make(Op.SIN, a)));
      case TAN -> times(adjoint, plus(constant(1), times(z, z)));
      case ASIN -> over(adjoint, halfChord(a));
      case ACOS -> minus(over(adjoint, halfChord(a)));
      case ATAN -> over(adjoint, plus(constant(1), times(a, a)));
      case ATAN2 -> angleRule(z, i, adjoint);
      case SINH -> times(adjoint, Simplifier.make(Op.COSH, a));
      case COSH -> times(adjoint, Simplifier.make(Op.SINH, a));
      case TANH -> times(adjoint, less(constant(1), times(z, z)));
      case ABS -> times(adjoint, Simplifier.make(Op.SIGN, a));
      case MIN, MAX -> chosen(condition(z), i == 0, adjoint);
      // √(a² + b²)′ = a/z
      case HYPOT -> times(adjoint, over(z.argument(i), z));
      case ERF -> times(adjoint, bell(a));
      case ERFC -> minus(times(adjoint, bell(a)));
      case LGAMMA -> times(adjoint, Simplifier.make(Op.DIGAMMA, a));
      case DIGAMMA -> times(adjoint, Simplifier.make(Op.TRIGAMMA, a));
      case TRIGAMMA -> times(adjoint, Tetragamma.of(a));
      case LOGISTIC -> times(adjoint, times(z, less(constant(1), z)));
      case SOFTPLUS -> times(adjoint, Simplifier.make(Op.LOGISTIC, a));
      case WHERE -> chosen(a, i == 1, adjoint);
      default -> throw new IllegalArgumentException(z.op() + " passes no derivative");
    };
  }

  /** For where, min and max: the condition under which the first branch is the value. */
  static Expression condition(Expression z) {
    return switch (z.op()) {
      case WHERE -> z.argument(0);
      case MIN -> Simplifier.make(Op.LE, z.argument(0), z.argument(1));
      case MAX -> Simplifier.make(Op.GE, z.argument(0), z.argument(1));
      default -> throw new IllegalArgumentException(z.op() + " has no branches");
    };
  }

  /** (a/b)′ = a′/b − (a/b) b′/b. */
  private static Expression quotientRule(Expression z, int i, Expression adjoint) {
    Expression share = over(adjoint, z.argument(1));
    return i == 0 ? share : minus(times(share, z));
  }

  /**
   * ∂aᵇ/∂a = b aᵇ⁻¹, which is right at a = 0 too; ∂aᵇ/∂b = aᵇ log a, which at a = 0 is taken to be
   * its limit for b &gt; 0, zero.
   */
  private static Expression powerRule(Expression z, int i, Expression adjoint) {
    Expression a = z.argument(0);
    Expression b = z.argument(1);
    if (i == 0) {
      Expression lower = Simplifier.make(Op.POW, a, less(b, constant(1)));
      return times(adjoint, times(b, lower));
    }
    Expression isZero = Simplifier.make(Op.EQ, a, constant(0));
    Expression positive = Simplifier.make(Op.WHERE, isZero, constant(1), a);
    return times(adjoint, times(z, Simplifier.make(Op.LOG, positive)));
  }

  /** ∂ atan2(y, x)/∂y = x/(x² + y²), ∂/∂x = −y/(x² + y²). */
  private static Expression angleRule(Expression z, int i, Expression adjoint) {
    Expression y = z.argument(0);
    Expression x = z.argument(1);
    Expression share = over(adjoint, plus(times(x, x), times(y, y)));
    return i == 0 ? times(share, x) : minus(times(share, y));
  }

  /** √(1 − a²), with no cancellation near ±1. */
  private static Expression halfChord(Expression a) {
    Expression one = constant(1);
    return Simplifier.make(Op.SQRT, times(less(one, a), plus(one, a)));
  }

  /** 2/√π exp(−a²). */
  private static Expression bell(Expression a) {
    return times(constant(ERF_SLOPE), Simplifier.make(Op.EXP, minus(times(a, a))));
  }

  private static Expression chosen(Expression condition, boolean first, Expression adjoint) {
    Expression zero = constant(0);
    return first
        ? Simplifier.make(Op.WHERE, condition, adjoint, zero)
        : Simplifier.make(Op.WHERE, condition, zero, adjoint);
  }

  private static Expression plus(Expression a, Expression b) {
    return Simplifier.make(Op.ADD, a, b);
  }

  private static Expression less(Expression a, Expression b) {
    return Simplifier.make(Op.SUB, a, b);
  }

  private static Expression times(Expression a, Expression b) {
    return Simplifier.make(Op.MUL, a, b);
  }

  private static Expression over(Expression a, Expression b) {
    return Simplifier.make(Op.DIV, a, b);
  }

  private static Expression minus(Expression a) {
    return Simplifier.make(Op.NEG, a);
  }
}
