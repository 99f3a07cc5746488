package org.nabla4j.objective;

import java.util.List;
import java.util.Objects;
import org.nabla4j.expression.Derivatives;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.Formula;
import org.nabla4j.expression.Op;

/**
 * A condition on the parameters: g(θ) = 0 or g(θ) ≥ 0.
 *
 * <p>{@code left = right} gives g = left − right, {@code left >= right} the same with g ≥ 0, and
 * {@code left <= right} gives g = right − left ≥ 0. At a minimum ∇f = Σ multiplier·∇g: f changes by
 * multiplier·ε where g = 0 becomes g = ε, and of an inequality the multiplier is never negative.
 *
 * <p>Immutable.
 */
public final class Constraint {

  private final Expression function;
  private final boolean equality;
  private final String text;

  private Constraint(Expression function, boolean equality, String text) {
    this.function = function;
    this.equality = equality;
    this.text = text;
  }

  /**
   * Reads a constraint from text.
   *
   * @param text two formulas with {@code =} (or {@code ==}), {@code >=} or {@code <=} between them,
   *     such as {@code x1*x2 >= 2}; see {@link Formula} for what a formula is
   * @return the constraint
   * @throws org.nabla4j.expression.FormulaException if a formula cannot be read; the message points
   *     at the place
   * @throws IllegalArgumentException if there is no such relation, no symbol in it, or nothing that
   *     has a slope
   */
  public static Constraint parse(String text) {
    Objects.requireNonNull(text, "text");
    Relation relation = Relation.read(text, "give two constraints, or bounds").orElse(null);
    if (relation == null) {
      Formula.parse(text);
      throw new IllegalArgumentException(
          "constraint '" + text + "' has no relation, expected 'left = right', >= or <=");
    }
    Expression left = relation.left();
    Expression right = relation.right();
    return switch (relation.op()) {
      case EQ -> checked(Relation.difference(left, right), true, text);
      case GE -> checked(Relation.difference(left, right), false, text);
      case LE -> checked(Relation.difference(right, left), false, text);
      case NE ->
          throw new IllegalArgumentException(
              "constraint '" + text + "' excludes single points, expected =, >= or <=");
      default ->
          throw new IllegalArgumentException(
              "constraint '"
                  + text
                  + "' excludes its own limit, which may be where the minimum is; expected <= or"
                  + " >=");
    };
  }

  /**
   * The condition g = 0.
   *
   * @param function g
   * @return the constraint
   * @throws IllegalArgumentException if g has no symbol, or derivatives that are 0 everywhere
   */
  public static Constraint equality(Expression function) {
    Objects.requireNonNull(function, "function");
    return checked(function, true, function + " = 0");
  }

  /**
   * The condition g ≥ 0.
   *
   * @param function g
   * @return the constraint
   * @throws IllegalArgumentException if g has no symbol, or derivatives that are 0 everywhere
   */
  public static Constraint inequality(Expression function) {
    Objects.requireNonNull(function, "function");
    return checked(function, false, function + " >= 0");
  }

  private static Constraint checked(Expression function, boolean equality, String text) {
    if (function.symbols().isEmpty()) {
      throw new IllegalArgumentException(
          "constraint '" + text + "' has no symbol: it holds everywhere or nowhere");
    }
    List<Expression> slopes = Derivatives.gradient(function, List.copyOf(function.symbols()));
    if (slopes.stream().allMatch(slope -> slope.op() == Op.CONSTANT && slope.value() == 0)) {
      throw new IllegalArgumentException(
          "constraint '" + text + "' is on what changes only in jumps: its derivatives are all 0");
    }
    return new Constraint(function, equality, text);
  }

  /**
   * g, which is to be 0 or at least 0.
   *
   * @return an expression of parameters and constants
   */
  public Expression function() {
    return function;
  }

  /**
   * Whether g is to be 0.
   *
   * @return true for g = 0, false for g ≥ 0
   */
  public boolean isEquality() {
    return equality;
  }

  /**
   * How far a value of g is from what it is to be.
   *
   * @param value g at some point
   * @return |g| of an equality, max(−g, 0) of an inequality; NaN where g is
   */
  public double violation(double value) {
    return equality ? Math.abs(value) : Math.max(-value, 0);
  }

  /** The constraint as it was written. */
  @Override
  public String toString() {
    return text;
  }
}
