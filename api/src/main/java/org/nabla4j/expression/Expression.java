package org.nabla4j.expression;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A mathematical expression: a number, a symbol, or an {@link Op} applied to expressions.
 *
 * <p>Expressions are immutable and hash-consed: building the same thing twice, on whatever thread,
 * gives the same object. So {@code ==} and {@code equals} compare structure in constant time, and
 * an expression is a directed acyclic graph in which no subexpression is held twice. Nothing is
 * simplified on the way: {@code x.plus(0)} is an addition. NaN has one representation; −0 and +0
 * are two constants.
 *
 * <p>No operation of this class recurses over the graph: expressions a million levels deep work.
 * All methods may be called from several threads.
 */
public final class Expression {
  private static final InternTable TABLE = new InternTable();
  private static final Expression[] NO_ARGUMENTS = {};

  private final Op op;
  private final Expression[] arguments;
  private final double value;
  private final String name;
  private final int hash;

  private Expression(Op op, Expression[] arguments, double value, String name) {
    this.op = op;
    this.arguments = arguments;
    this.value = value;
    this.name = name;
    // Made of structure alone, so that iteration orders that hang on it are the same in every run.
    long h = op.name().hashCode() * 0x9E3779B97F4A7C15L + Double.doubleToLongBits(value);
    h = mix(h + (name == null ? 0 : name.hashCode()));
    for (Expression argument : arguments) {
      h = mix(h + argument.hash);
    }
    this.hash = (int) (h >>> 32);
  }

  /** Bijective mixing of 64 bits: the finaliser of SplitMix64 (Steele, Lea, Flood 2014). */
  private static long mix(long h) {
    h = (h ^ (h >>> 30)) * 0xBF58476D1CE4E5B9L;
    h = (h ^ (h >>> 27)) * 0x94D049BB133111EBL;
    return h ^ (h >>> 31);
  }

  private static Expression intern(Op op, Expression[] arguments, double value, String name) {
    return TABLE.intern(new Expression(op, arguments, value, name));
  }

  /** How many distinct expressions are alive, about: those collected may still be counted. */
  static int internedCount() {
    return TABLE.size();
  }

  /**
   * A number.
   *
   * @param value any double, NaN and infinities included
   * @return the constant
   */
  public static Expression constant(double value) {
    double canonical = Double.isNaN(value) ? Double.NaN : value;
    return intern(Op.CONSTANT, NO_ARGUMENTS, canonical, null);
  }

  /**
   * A named input: a parameter, a data column, whatever the user of the expression makes of it.
   *
   * @param name a letter (a to z, A to Z, α to ω, Α to Ω) or underscore, then letters, digits and
   *     underscores, 200 characters at most; not the name of a function or of a constant ({@code
   *     pi}, {@code π}, {@code NaN}, {@code Infinity})
   * @return the symbol
   * @throws IllegalArgumentException if the name is not as above
   */
  public static Expression symbol(String name) {
    Objects.requireNonNull(name, "name");
    Names.requireSymbolName(name);
    return intern(Op.SYMBOL, NO_ARGUMENTS, 0, name);
  }

  /**
   * A named input whose name need not be an identifier: formulas write it in backquotes, {@code
   * `unit price`}. For a name that can be that of a {@link #symbol} it is that symbol.
   *
   * @param name 1 to 200 characters, no backquote, no line end or other control character among
   *     them
   * @return the symbol
   * @throws IllegalArgumentException if the name is not as above
   */
  public static Expression quotedSymbol(String name) {
    Objects.requireNonNull(name, "name");
    String problem = Names.quotedNameProblem(name);
    if (problem != null) {
      throw new IllegalArgumentException(problem + ": " + Names.quote(name));
    }
    return intern(Op.SYMBOL, NO_ARGUMENTS, 0, name);
  }

  /**
   * An operation applied to arguments, exactly as given.
   *
   * @param op any operation but {@link Op#CONSTANT} and {@link Op#SYMBOL}
   * @param arguments as many as {@link Op#arity()}; not modified, copied
   * @return the expression
   * @throws IllegalArgumentException if op is a leaf or the number of arguments is not its arity
   */
  public static Expression of(Op op, Expression... arguments) {
    Objects.requireNonNull(op, "op");
    Objects.requireNonNull(arguments, "arguments");
    if (op.arity() == 0) {
      throw new IllegalArgumentException(
          "op must take arguments, but is " + op + "; use constant(…) or symbol(…)");
    }
    if (arguments.length != op.arity()) {
      throw new IllegalArgumentException(
          op + " takes " + op.arity() + " arguments, but was given " + arguments.length);
    }
    Expression[] own = arguments.clone();
    for (int i = 0; i < own.length; i++) {
      if (own[i] == null) {
        throw new NullPointerException("arguments[" + i + "] must not be null");
      }
    }
    return intern(op, own, 0, null);
  }

  /**
   * The operation at the root.
   *
   * @return the operation
   */
  public Op op() {
    return op;
  }

  /**
   * What the operation is applied to.
   *
   * @return {@code op().arity()} expressions, unmodifiable
   */
  public List<Expression> arguments() {
    return Collections.unmodifiableList(Arrays.asList(arguments));
  }

  int arity() {
    return arguments.length;
  }

  Expression argument(int i) {
    return arguments[i];
  }

  boolean isConstant() {
    return op == Op.CONSTANT;
  }

  /** Whether this is the constant with exactly these bits: −0 is not 0. */
  boolean isConstant(double number) {
    return op == Op.CONSTANT && Double.doubleToLongBits(value) == Double.doubleToLongBits(number);
  }

  /** Equality of one level; arguments by identity. For the intern table. */
  boolean isSameNode(Expression other) {
    return op == other.op
        && Double.doubleToLongBits(value) == Double.doubleToLongBits(other.value)
        && Objects.equals(name, other.name)
        && sameArguments(other);
  }

  private boolean sameArguments(Expression other) {
    for (int i = 0; i < arguments.length; i++) {
      if (arguments[i] != other.arguments[i]) {
        return false;
      }
    }
    return true;
  }

  /**
   * The number that a constant is. Symbols and operations have none: a model in Java code is run
   * once, on symbols, and cannot branch on their values; {@link Functions#where} chooses instead.
   *
   * @return the number
   * @throws IllegalStateException if this is not a {@link Op#CONSTANT}
   */
  public double value() {
    if (op != Op.CONSTANT) {
      throw new IllegalStateException(
          "only a CONSTANT has a value, but this is a "
              + op
              + "; a model is run once, on symbols: choose by Functions.where(condition, a, b)"
              + " instead of a branch");
    }
    return value;
  }

  /**
   * The name that a symbol has.
   *
   * @return the name
   * @throws IllegalStateException if this is not a {@link Op#SYMBOL}
   */
  public String name() {
    if (op != Op.SYMBOL) {
      throw new IllegalStateException("only a SYMBOL has a name, but this is a " + op);
    }
    return name;
  }

  /**
   * The names of all symbols.
   *
   * @return names in the order in which {@link #toString()} first writes them, unmodifiable
   */
  public Set<String> symbols() {
    Set<String> names = new LinkedHashSet<>();
    for (Expression node : new Topology(List.of(this)).nodes()) {
      if (node.op == Op.SYMBOL) {
        names.add(node.name);
      }
    }
    return Collections.unmodifiableSet(names);
  }

  /**
   * This expression with symbols replaced, all at once: what is put in is not searched again.
   *
   * @param replacements what to put in the place of which symbol; symbols not named stay
   * @return the new expression, this one if nothing changes
   */
  public Expression substitute(Map<String, Expression> replacements) {
    Objects.requireNonNull(replacements, "replacements");
    Topology topology = new Topology(List.of(this));
    Expression[] replaced = new Expression[topology.size()];
    for (int i = 0; i < replaced.length; i++) {
      Expression node = topology.node(i);
      if (node.op == Op.SYMBOL) {
        replaced[i] = replacements.getOrDefault(node.name, node);
      } else {
        Expression[] changed = new Expression[node.arguments.length];
        boolean same = true;
        for (int k = 0; k < changed.length; k++) {
          changed[k] = replaced[topology.position(node.arguments[k])];
          same &= changed[k] == node.arguments[k];
        }
        replaced[i] = same ? node : of(node.op, changed);
      }
    }
    return replaced[replaced.length - 1];
  }

  /**
   * The value, by the functions of {@link ScalarMath}. For occasional use and for tests; it is not
   * fast.
   *
   * @param values a number for every symbol; further ones are ignored
   * @return the value, NaN where there is none
   * @throws IllegalArgumentException if a symbol has no number
   */
  public double evaluate(Map<String, Double> values) {
    return evaluate(List.of(this), values)[0];
  }

  /**
   * The values of several expressions; what they share is computed once.
   *
   * @param expressions what to evaluate
   * @param values a number for every symbol; further ones are ignored
   * @return a value for each expression, NaN where there is none
   * @throws IllegalArgumentException if a symbol has no number
   */
  public static double[] evaluate(List<Expression> expressions, Map<String, Double> values) {
    Objects.requireNonNull(expressions, "expressions");
    Objects.requireNonNull(values, "values");
    Topology topology = new Topology(expressions);
    double[] results = new double[topology.size()];
    for (int i = 0; i < results.length; i++) {
      Expression node = topology.node(i);
      if (node.op == Op.CONSTANT) {
        results[i] = node.value;
      } else if (node.op == Op.SYMBOL) {
        Double given = values.get(node.name);
        if (given == null) {
          throw new IllegalArgumentException(
              "values must have a number for every symbol, but has none for '" + node.name + "'");
        }
        results[i] = given;
      } else {
        results[i] =
            ScalarMath.apply(
                node.op,
                node.argumentValue(0, topology, results),
                node.argumentValue(1, topology, results),
                node.argumentValue(2, topology, results));
      }
    }
    double[] asked = new double[expressions.size()];
    for (int i = 0; i < asked.length; i++) {
      asked[i] = results[topology.position(expressions.get(i))];
    }
    return asked;
  }

  private double argumentValue(int i, Topology topology, double[] results) {
    return i < arguments.length ? results[topology.position(arguments[i])] : 0;
  }

  /**
   * The sum.
   *
   * @param other the second argument
   * @return this + other
   */
  public Expression plus(Expression other) {
    return of(Op.ADD, this, Objects.requireNonNull(other, "other"));
  }

  /**
   * The sum.
   *
   * @param other the second argument, a constant
   * @return this + other
   */
  public Expression plus(double other) {
    return of(Op.ADD, this, constant(other));
  }

  /**
   * The difference.
   *
   * @param other the second argument
   * @return this − other
   */
  public Expression minus(Expression other) {
    return of(Op.SUB, this, Objects.requireNonNull(other, "other"));
  }

  /**
   * The difference.
   *
   * @param other the second argument, a constant
   * @return this − other
   */
  public Expression minus(double other) {
    return of(Op.SUB, this, constant(other));
  }

  /**
   * The product.
   *
   * @param other the second argument
   * @return this · other
   */
  public Expression times(Expression other) {
    return of(Op.MUL, this, Objects.requireNonNull(other, "other"));
  }

  /**
   * The product.
   *
   * @param other the second argument, a constant
   * @return this · other
   */
  public Expression times(double other) {
    return of(Op.MUL, this, constant(other));
  }

  /**
   * The quotient.
   *
   * @param other the second argument
   * @return this / other
   */
  public Expression dividedBy(Expression other) {
    return of(Op.DIV, this, Objects.requireNonNull(other, "other"));
  }

  /**
   * The quotient.
   *
   * @param other the second argument, a constant
   * @return this / other
   */
  public Expression dividedBy(double other) {
    return of(Op.DIV, this, constant(other));
  }

  /**
   * The power.
   *
   * @param other the second argument
   * @return this to the power other
   */
  public Expression pow(Expression other) {
    return of(Op.POW, this, Objects.requireNonNull(other, "other"));
  }

  /**
   * The power.
   *
   * @param other the second argument, a constant
   * @return this to the power other
   */
  public Expression pow(double other) {
    return of(Op.POW, this, constant(other));
  }

  /**
   * The minimum.
   *
   * @param other the second argument
   * @return the smaller of the two
   */
  public Expression min(Expression other) {
    return of(Op.MIN, this, Objects.requireNonNull(other, "other"));
  }

  /**
   * The minimum.
   *
   * @param other the second argument, a constant
   * @return the smaller of the two
   */
  public Expression min(double other) {
    return of(Op.MIN, this, constant(other));
  }

  /**
   * The maximum.
   *
   * @param other the second argument
   * @return the larger of the two
   */
  public Expression max(Expression other) {
    return of(Op.MAX, this, Objects.requireNonNull(other, "other"));
  }

  /**
   * The maximum.
   *
   * @param other the second argument, a constant
   * @return the larger of the two
   */
  public Expression max(double other) {
    return of(Op.MAX, this, constant(other));
  }

  /**
   * Compares.
   *
   * @param other the second argument
   * @return this &lt; other as 1 or 0
   */
  public Expression lessThan(Expression other) {
    return of(Op.LT, this, Objects.requireNonNull(other, "other"));
  }

  /**
   * Compares.
   *
   * @param other the second argument, a constant
   * @return this &lt; other as 1 or 0
   */
  public Expression lessThan(double other) {
    return of(Op.LT, this, constant(other));
  }

  /**
   * Compares.
   *
   * @param other the second argument
   * @return this ≤ other as 1 or 0
   */
  public Expression lessOrEqual(Expression other) {
    return of(Op.LE, this, Objects.requireNonNull(other, "other"));
  }

  /**
   * Compares.
   *
   * @param other the second argument, a constant
   * @return this ≤ other as 1 or 0
   */
  public Expression lessOrEqual(double other) {
    return of(Op.LE, this, constant(other));
  }

  /**
   * Compares.
   *
   * @param other the second argument
   * @return this &gt; other as 1 or 0
   */
  public Expression greaterThan(Expression other) {
    return of(Op.GT, this, Objects.requireNonNull(other, "other"));
  }

  /**
   * Compares.
   *
   * @param other the second argument, a constant
   * @return this &gt; other as 1 or 0
   */
  public Expression greaterThan(double other) {
    return of(Op.GT, this, constant(other));
  }

  /**
   * Compares.
   *
   * @param other the second argument
   * @return this ≥ other as 1 or 0
   */
  public Expression greaterOrEqual(Expression other) {
    return of(Op.GE, this, Objects.requireNonNull(other, "other"));
  }

  /**
   * Compares.
   *
   * @param other the second argument, a constant
   * @return this ≥ other as 1 or 0
   */
  public Expression greaterOrEqual(double other) {
    return of(Op.GE, this, constant(other));
  }

  /**
   * Compares values.
   *
   * @param other the second argument
   * @return this = other as 1 or 0
   */
  public Expression equalTo(Expression other) {
    return of(Op.EQ, this, Objects.requireNonNull(other, "other"));
  }

  /**
   * Compares values.
   *
   * @param other the second argument, a constant
   * @return this = other as 1 or 0
   */
  public Expression equalTo(double other) {
    return of(Op.EQ, this, constant(other));
  }

  /**
   * Compares values.
   *
   * @param other the second argument
   * @return this ≠ other as 1 or 0
   */
  public Expression notEqualTo(Expression other) {
    return of(Op.NE, this, Objects.requireNonNull(other, "other"));
  }

  /**
   * Compares values.
   *
   * @param other the second argument, a constant
   * @return this ≠ other as 1 or 0
   */
  public Expression notEqualTo(double other) {
    return of(Op.NE, this, constant(other));
  }

  /**
   * The negative.
   *
   * @return −this
   */
  public Expression negate() {
    return of(Op.NEG, this);
  }

  /**
   * The square root.
   *
   * @return sqrt of this
   */
  public Expression sqrt() {
    return of(Op.SQRT, this);
  }

  /**
   * The real cube root.
   *
   * @return cbrt of this
   */
  public Expression cbrt() {
    return of(Op.CBRT, this);
  }

  /**
   * e to the power of the argument.
   *
   * @return exp of this
   */
  public Expression exp() {
    return of(Op.EXP, this);
  }

  /**
   * exp − 1, accurate near 0.
   *
   * @return expm1 of this
   */
  public Expression expm1() {
    return of(Op.EXPM1, this);
  }

  /**
   * The natural logarithm.
   *
   * @return log of this
   */
  public Expression log() {
    return of(Op.LOG, this);
  }

  /**
   * log(1 + argument), accurate near 0.
   *
   * @return log1p of this
   */
  public Expression log1p() {
    return of(Op.LOG1P, this);
  }

  /**
   * The logarithm to base 2.
   *
   * @return log2 of this
   */
  public Expression log2() {
    return of(Op.LOG2, this);
  }

  /**
   * The logarithm to base 10.
   *
   * @return log10 of this
   */
  public Expression log10() {
    return of(Op.LOG10, this);
  }

  /**
   * The sine.
   *
   * @return sin of this
   */
  public Expression sin() {
    return of(Op.SIN, this);
  }

  /**
   * The cosine.
   *
   * @return cos of this
   */
  public Expression cos() {
    return of(Op.COS, this);
  }

  /**
   * The tangent.
   *
   * @return tan of this
   */
  public Expression tan() {
    return of(Op.TAN, this);
  }

  /**
   * The arc sine.
   *
   * @return asin of this
   */
  public Expression asin() {
    return of(Op.ASIN, this);
  }

  /**
   * The arc cosine.
   *
   * @return acos of this
   */
  public Expression acos() {
    return of(Op.ACOS, this);
  }

  /**
   * The arc tangent.
   *
   * @return atan of this
   */
  public Expression atan() {
    return of(Op.ATAN, this);
  }

  /**
   * The hyperbolic sine.
   *
   * @return sinh of this
   */
  public Expression sinh() {
    return of(Op.SINH, this);
  }

  /**
   * The hyperbolic cosine.
   *
   * @return cosh of this
   */
  public Expression cosh() {
    return of(Op.COSH, this);
  }

  /**
   * The hyperbolic tangent.
   *
   * @return tanh of this
   */
  public Expression tanh() {
    return of(Op.TANH, this);
  }

  /**
   * The absolute value.
   *
   * @return abs of this
   */
  public Expression abs() {
    return of(Op.ABS, this);
  }

  /**
   * −1, 0 or 1 by sign.
   *
   * @return sign of this
   */
  public Expression sign() {
    return of(Op.SIGN, this);
  }

  /**
   * The error function.
   *
   * @return erf of this
   */
  public Expression erf() {
    return of(Op.ERF, this);
  }

  /**
   * The complementary error function.
   *
   * @return erfc of this
   */
  public Expression erfc() {
    return of(Op.ERFC, this);
  }

  /**
   * The logarithm of |Γ|.
   *
   * @return lgamma of this
   */
  public Expression lgamma() {
    return of(Op.LGAMMA, this);
  }

  /**
   * ψ, the derivative of log Γ.
   *
   * @return digamma of this
   */
  public Expression digamma() {
    return of(Op.DIGAMMA, this);
  }

  /**
   * ψ′, the second derivative of log Γ.
   *
   * @return trigamma of this
   */
  public Expression trigamma() {
    return of(Op.TRIGAMMA, this);
  }

  /**
   * The logistic function 1 / (1 + exp(−argument)).
   *
   * @return logistic of this
   */
  public Expression logistic() {
    return of(Op.LOGISTIC, this);
  }

  /**
   * log(1 + exp(argument)), without overflow.
   *
   * @return softplus of this
   */
  public Expression softplus() {
    return of(Op.SOFTPLUS, this);
  }

  /**
   * A hash of the structure, the same in every run of the program.
   *
   * @return the hash
   */
  @Override
  public int hashCode() {
    return hash;
  }

  /**
   * The expression as a formula, with no more parentheses than needed. {@link Formula#parse} gives
   * this very expression back, unless the text was cut: since a subexpression is written out
   * wherever it is used, a small graph can have a text of astronomic length, so what exceeds 10 000
   * characters is left off, and the text ends in {@code …} and the number of nodes, which no parser
   * accepts.
   *
   * @return the text
   */
  @Override
  public String toString() {
    return new Printer(this).print();
  }
}
