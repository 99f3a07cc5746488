package org.nabla4j.expression;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Writes an expression as a person would: like factors and like terms collected, quotients as one
 * fraction, numbers in front. d/dx of {@code x^3*sin(x)} is then {@code x^3*cos(x) + 3*x^2*sin(x)},
 * that of {@code log(x)*x} is {@code log(x) + 1}.
 *
 * <p>Sums become lists of terms, and a term becomes c·Πaᵐ/Πbⁿ with numbers m, n = 1, 2, …; where c
 * is a fraction of decimal numbers as they are written, so that 3·0.1 is 0.3. In exact arithmetic
 * with ±∞ and NaN, products and quotients may be ordered and grouped as one likes, and so may sums:
 * 0·∞, 0/0, ∞/∞ and ∞ − ∞ are NaN in any order. So all of this is honest: at finite values of the
 * symbols the new form has a finite value where the old one has, and NaN or ±∞ where the old one
 * has. Rounding differs, intermediate results may overflow or underflow elsewhere, and a zero, so
 * that what is divided by it, may have the other sign. Kernels are therefore made of expressions as
 * they are, see {@link Simplifier} for rules that keep every bit.
 *
 * <p>What is cancelled needs more care, since it takes a pole or a NaN away:
 *
 * <ul>
 *   <li>aᵐ/aⁿ is shortened as far as an a remains below: a/a³ is 1/a², but x²/x is left
 *   <li>it is shortened altogether where another term has a pole at a = 0 itself, or the logarithm
 *       of a as a factor: log(x) + x/x is NaN or infinite at x = 0 with or without x/x
 *   <li>a − 3·a is −2·a, which is infinite where that is NaN; a − a is 0 where a is finite
 *       everywhere, such as a polynomial, else it is left, as are 0·a and a + 0
 *   <li>brackets are multiplied out where that makes the text shorter; a·(b + c) has a pole where
 *       a·b + a·c has one, or is NaN
 * </ul>
 *
 * <p>But for a that is finite everywhere this holds for the outermost sum alone, where nothing can
 * make a number of the one or the other; and the first two for an a that has no pole of its own.
 * Comparisons and {@code sign} jump, so that nothing is changed in their arguments.
 */
public final class ReadableForm {

  /** Terms and factors that are handled before an expression counts as too large to be read. */
  private static final int EFFORT = 2_000_000;

  /** Brackets that are multiplied out, at most. */
  private static final int OPENED = 16;

  /** Nodes of the largest expression that is looked at. */
  private static final int LARGEST_SIZE = 100_000;

  private final Map<Expression, Terms> sums = new HashMap<>();
  private int effort = EFFORT;

  private ReadableForm() {}

  /**
   * Writes an expression in this form.
   *
   * @param expression any expression
   * @return an expression of the same value, up to rounding; the expression itself if it is too
   *     large to be read
   */
  public static Expression of(Expression expression) {
    Objects.requireNonNull(expression, "expression");
    Topology topology = new Topology(List.of(expression));
    return topology.size() > LARGEST_SIZE
        ? expression
        : new ReadableForm().form(topology, expression);
  }

  private Expression form(Topology topology, Expression root) {
    Terms[] terms = new Terms[topology.size()];
    Expression[] forms = new Expression[terms.length];
    for (int i = 0; i < terms.length; i++) {
      Expression node = topology.node(i);
      Terms[] arguments = new Terms[node.arity()];
      Expression[] written = new Expression[node.arity()];
      for (int k = 0; k < arguments.length; k++) {
        int position = topology.position(node.argument(k));
        arguments[k] = terms[position];
        written[k] = forms[position];
      }
      terms[i] = terms(node, arguments, written);
      effort -= terms[i].effort();
      if (effort < 0) {
        return root;
      }
      forms[i] = terms[i].expression();
      if (terms[i].size() > 1) {
        sums.put(forms[i], terms[i]);
      }
    }
    return shortest(terms[terms.length - 1].outermost()).expression();
  }

  /** Multiplies brackets out where that makes the text shorter. */
  private Terms shortest(Terms root) {
    Terms best = root;
    int length = length(best);
    for (int opened = 0; opened < OPENED && length < Printer.LONGEST_TEXT; opened++) {
      Terms shorter = null;
      for (Terms candidate : best.multipliedOut(sums)) {
        Terms collected = candidate.outermost();
        int asLong = length(collected);
        if (asLong < length) {
          length = asLong;
          shorter = collected;
        }
      }
      if (shorter == null) {
        break;
      }
      best = shorter;
    }
    return best;
  }

  private static int length(Terms terms) {
    return terms.expression().toString().length();
  }

  private Terms terms(Expression node, Terms[] arguments, Expression[] written) {
    return switch (node.op()) {
      case CONSTANT, SYMBOL -> Terms.of(leaf(node));
      case ADD -> Terms.sum(opened(arguments[0]), opened(arguments[1]));
      case SUB -> Terms.sum(opened(arguments[0]), opened(arguments[1].negated()));
      case NEG -> Terms.of(factor(arguments[0], written[0]).negated());
      case MUL ->
          Terms.of(factor(arguments[0], written[0]).times(factor(arguments[1], written[1])));
      case DIV ->
          Terms.of(
              factor(arguments[0], written[0]).times(factor(arguments[1], written[1]).inverse()));
      case POW -> Terms.of(power(node, factor(arguments[0], written[0]), written));
      case SIGN, LT, LE, GT, GE, EQ, NE -> Terms.of(Term.of(node));
      case WHERE ->
          Terms.of(Term.of(Simplifier.make(Op.WHERE, node.argument(0), written[1], written[2])));
      default -> Terms.of(leaf(Simplifier.make(node.op(), written)));
    };
  }

  private static Term leaf(Expression node) {
    return node.isConstant() ? Term.number(node) : Term.of(node);
  }

  /** The terms of a sum in brackets that stands alone or behind a minus. */
  private Terms opened(Terms terms) {
    if (terms.size() == 1) {
      Term term = terms.get(0);
      Terms inner = term.signedBase() == null ? null : sums.get(term.signedBase());
      if (inner != null) {
        return term.coefficient().isNegative() ? inner.negated() : inner;
      }
    }
    return terms;
  }

  /** A sum is a factor as a whole. */
  private static Term factor(Terms terms, Expression written) {
    return terms.size() == 1 ? terms.get(0) : Term.of(written);
  }

  /** aⁿ for a whole number n, of whose factors each has that power; else a factor as it is. */
  private Term power(Expression node, Term base, Expression[] written) {
    Expression exponent = exponent(node, written[1]);
    if (exponent.isConstant()
        && exponent.value() == Math.rint(exponent.value())
        && exponent.value() != 0
        && Math.abs(exponent.value()) <= Term.LARGEST_POWER) {
      int n = (int) Math.abs(exponent.value());
      Term power = base.power(n);
      if (power != null) {
        return exponent.value() < 0 ? power.inverse() : power;
      }
    }
    return leaf(Simplifier.make(node.op(), written[0], exponent));
  }

  /** A number to the last bit, where it is one: (−1)^2 is none with another than 2. */
  private Expression exponent(Expression node, Expression written) {
    if (!written.isConstant()) {
      return written;
    }
    Expression exact = Simplifier.simplify(node.argument(1));
    return exact.isConstant() ? exact : written;
  }

  /** Whether an expression has a finite value or NaN, in exact arithmetic, for finite symbols. */
  static boolean hasNoPole(Expression expression) {
    for (Expression node : new Topology(List.of(expression)).nodes()) {
      boolean fine =
          switch (node.op()) {
            case SQRT, ASIN, ACOS -> true;
            case POW -> node.argument(1).isConstant() && node.argument(1).value() >= 0;
            default -> isDefined(node);
          };
      if (!fine) {
        return false;
      }
    }
    return true;
  }

  /** Whether an expression has a finite value, in exact arithmetic, for finite symbols. */
  static boolean isEntire(Expression expression) {
    return new Topology(List.of(expression)).nodes().stream().allMatch(ReadableForm::isDefined);
  }

  /** Whether finite arguments have a finite value. */
  private static boolean isDefined(Expression node) {
    return switch (node.op()) {
      case SYMBOL, ADD, SUB, MUL, NEG -> true;
      case CONSTANT -> Double.isFinite(node.value());
      case DIV -> node.argument(1).isConstant() && node.argument(1).value() != 0;
      case POW -> {
        Expression exponent = node.argument(1);
        yield exponent.isConstant()
            && exponent.value() >= 0
            && exponent.value() == Math.rint(exponent.value());
      }
      case CBRT, EXP, EXPM1, SIN, COS, SINH, COSH, TANH, ATAN, ATAN2, ERF, ERFC -> true;
      case ABS, SIGN, MIN, MAX, HYPOT, LOGISTIC, SOFTPLUS, LT, LE, GT, GE, EQ, NE -> true;
      default -> false;
    };
  }

  /** Names of functions that are −∞ at 0 and not finite where their argument is not. */
  static List<Expression> logarithms(Expression argument) {
    List<Expression> logarithms = new ArrayList<>();
    for (Op op : List.of(Op.LOG, Op.LOG2, Op.LOG10)) {
      logarithms.add(Expression.of(op, argument));
    }
    return logarithms;
  }
}
