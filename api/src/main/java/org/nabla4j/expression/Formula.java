package org.nabla4j.expression;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * An expression with, if it models something, the response that it models: {@code y = a*exp(-b*x)}.
 *
 * <p><b>The language.</b> Signs, weakest first:
 *
 * <ul>
 *   <li>{@code y = …} names the response, which may be an expression: {@code log(y) = a + b*x}
 *   <li>{@code < <= > >= == !=} compare and give 1 or 0; they cannot be chained
 *   <li>{@code + -}, then {@code * /}, from left to right
 *   <li>the sign {@code -}: {@code -x^2} is −(x²), {@code -a*b} is (−a)·b, {@code 2^-x} is allowed
 *   <li>{@code ^} or {@code **}, from right to left: {@code a^b^c} is a^(b^c)
 * </ul>
 *
 * The characters − · × ≤ ≥ ≠ do as well. Numbers are written {@code 2}, {@code .5}, {@code 1.5e-3};
 * constants are {@code pi} (or {@code π}), {@code Infinity} and {@code NaN}. Functions: exp expm1
 * log (or ln) log1p log2 log10 sqrt cbrt pow sin cos tan asin acos atan (or arcsin, arccos, arctan)
 * atan2 sinh cosh tanh abs sign min max hypot erf erfc lgamma digamma trigamma logistic softplus,
 * and {@code where(condition, a, b)}. Every other name is a symbol: a letter (Latin or Greek) or
 * underscore, then letters, digits and underscores; or anything else in backquotes: {@code `unit
 * price`}.
 *
 * <p><b>Limits.</b> A text has at most 100 000 characters, 1000 parentheses inside each other and
 * 200 characters in a name; it is read in linear time, whatever it holds. What is beyond that, and
 * what is no formula, is refused with a {@link FormulaException}. No name ever reaches generated
 * code.
 *
 * <p>A number with a minus sign before it is a negative constant ({@code -2}); {@code -(2)} is the
 * negation of a constant.
 *
 * <p>Immutable. Two formulas are equal if their expressions and responses are.
 */
public final class Formula {
  private final String text;
  private final Expression response;
  private final Expression expression;

  /** Where the text has the sign of a comparison that is the whole expression. */
  private final int comparison;

  private Formula(String text, Expression response, Expression expression, int comparison) {
    this.response = response;
    this.expression = expression;
    this.text = text == null ? toString() : text;
    this.comparison = comparison;
  }

  /**
   * Reads a formula from text.
   *
   * @param text the formula, see the language above
   * @return the formula
   * @throws FormulaException if the text is none; it points at the place
   */
  public static Formula parse(String text) {
    Objects.requireNonNull(text, "text");
    Parser parser = new Parser(text);
    return new Formula(text, parser.response(), parser.expression(), parser.comparison());
  }

  /**
   * A formula without a response.
   *
   * @param expression the expression
   * @return the formula
   */
  public static Formula of(Expression expression) {
    return new Formula(null, null, Objects.requireNonNull(expression, "expression"), 0);
  }

  /**
   * A formula from Java code, which is run once, on symbols:
   *
   * <pre>{@code
   * Formula.trace(List.of("a", "b"), List.of("x"),
   *     (p, x) -> p.get(0).times(exp(p.get(1).negate().times(x.get(0)))))
   * }</pre>
   *
   * <p>The expression is the same object as that of {@code Formula.parse("a*exp(-b*x)")}. A branch
   * of the Java code that depends on data must be a {@link Functions#where}.
   *
   * @param parameterNames names of the symbols in the code's first list
   * @param columnNames names of the symbols in its second list
   * @param code the model, from parameters and data columns to an expression of them
   * @return the formula, without a response
   * @throws IllegalArgumentException if a name cannot be a symbol's or stands twice, or if the code
   *     returns null or an expression with symbols that it was not given
   */
  public static Formula trace(
      List<String> parameterNames,
      List<String> columnNames,
      BiFunction<List<Expression>, List<Expression>, Expression> code) {
    Objects.requireNonNull(parameterNames, "parameterNames");
    Objects.requireNonNull(columnNames, "columnNames");
    Objects.requireNonNull(code, "code");
    Set<String> given = new HashSet<>();
    List<Expression> parameters = symbols("parameterNames", parameterNames, given);
    List<Expression> columns = symbols("columnNames", columnNames, given);
    Expression expression = code.apply(parameters, columns);
    if (expression == null) {
      throw new IllegalArgumentException("code must return an expression, but returned null");
    }
    for (String name : expression.symbols()) {
      if (!given.contains(name)) {
        throw new IllegalArgumentException(
            "code must use only the symbols it is given, but used '" + name + "'");
      }
    }
    return of(expression);
  }

  private static List<Expression> symbols(String argument, List<String> names, Set<String> given) {
    List<Expression> symbols = new ArrayList<>();
    for (String name : names) {
      if (!given.add(name)) {
        throw new IllegalArgumentException(
            argument + " must hold no name twice, but has '" + name + "' again");
      }
      symbols.add(Expression.symbol(name));
    }
    return Collections.unmodifiableList(symbols);
  }

  /**
   * The same expression as a model of a response.
   *
   * @param newResponse what is modelled; needs a symbol
   * @return {@code newResponse = expression()}
   * @throws IllegalArgumentException if the response has no symbol
   */
  public Formula withResponse(Expression newResponse) {
    Objects.requireNonNull(newResponse, "newResponse");
    if (newResponse.symbols().isEmpty()) {
      throw new IllegalArgumentException("newResponse must have a symbol, but is " + newResponse);
    }
    return new Formula(null, newResponse, expression, 0);
  }

  /**
   * This formula, unless it is a comparison as a whole: {@code y == a*x} is 1 or 0 and its
   * derivatives are 0, so that there is nothing to fit. What was meant has one equals sign.
   *
   * @return this formula
   * @throws FormulaException if the expression is a comparison; it points at its sign
   */
  public Formula asModel() {
    if (expression.op().isComparison()) {
      throw new FormulaException(
          expression.op() == Op.EQ && response == null
              ? "'==' compares and gives 1 or 0; the response is named by one '=', as in y = a*x"
              : "a comparison gives 1 or 0 and changes with no parameter: it is no model",
          text,
          comparison);
    }
    return this;
  }

  /**
   * What is modelled: left of the equals sign.
   *
   * @return the response, empty if the text has no equals sign
   */
  public Optional<Expression> response() {
    return Optional.ofNullable(response);
  }

  /**
   * The expression: right of the equals sign, or everything.
   *
   * @return the expression
   */
  public Expression expression() {
    return expression;
  }

  /**
   * The symbols of the expression, those of the response not among them.
   *
   * @return names in order of first appearance, unmodifiable
   */
  public List<String> symbols() {
    return List.copyOf(expression.symbols());
  }

  /**
   * The symbols of the response.
   *
   * @return names in order of first appearance, unmodifiable; empty without a response
   */
  public List<String> responseSymbols() {
    return response == null ? List.of() : List.copyOf(response.symbols());
  }

  /**
   * The text that was read, character by character; for a formula that was not read from text,
   * {@link #toString()}.
   *
   * @return the text
   */
  public String text() {
    return text;
  }

  /**
   * Whether the other object is a formula of the same expression and response; texts may differ.
   *
   * @param other any object
   * @return whether equal
   */
  @Override
  public boolean equals(Object other) {
    return other instanceof Formula that
        && expression == that.expression
        && response == that.response;
  }

  /**
   * A hash of expression and response.
   *
   * @return the hash
   */
  @Override
  public int hashCode() {
    return Objects.hash(expression, response);
  }

  /**
   * The formula in standard spelling, which reads back as an equal one; see {@link
   * Expression#toString()} for what is cut.
   *
   * @return the text
   */
  @Override
  public String toString() {
    return response == null ? expression.toString() : response + " = " + expression;
  }
}
