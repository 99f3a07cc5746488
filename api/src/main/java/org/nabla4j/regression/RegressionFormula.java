package org.nabla4j.regression;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.nabla4j.backend.Execution;
import org.nabla4j.data.Rows;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.FormulaException;

/**
 * The formula of a regression, as R and statsmodels have it: {@code y ~ x1 + log(x2) + x1:x3 +
 * C(kind)}.
 *
 * <p><b>Responses.</b> Left of {@code ~} stands a column or any expression of {@linkplain
 * org.nabla4j.expression.Formula the formula language}, {@code log(y)}; several at once are {@code
 * cbind(y1, y2)}.
 *
 * <p><b>Terms.</b> Right of it stand terms between {@code +}; the model has a coefficient for each,
 * and an intercept.
 *
 * <ul>
 *   <li>A term is any expression of the formula language: {@code x^2} is a power and {@code x1*x2}
 *       the one product, not R's crossing. {@code I(…)} is accepted and changes nothing; like mere
 *       parentheses it makes one term of a sum: {@code I(x1 + x2)}.
 *   <li>{@code C(kind)} or {@code factor(kind)} is a category: a coefficient for each of its levels
 *       but one, the reference, with which they are compared. A column of text is a category also
 *       without {@code C}. The reference is the first level in {@linkplain org.nabla4j.NaturalOrder
 *       natural order}, or the one that {@code C(kind, ref=b)} says; a label with other signs than
 *       letters, digits, {@code _ . - +} stands in quotation marks, {@code ref="b c"}.
 *   <li>{@code x1:x2} is an interaction, the product; {@code x:C(kind)} gives each level its own
 *       slope, {@code C(kind):C(place)} each pair of levels its own coefficient.
 *   <li>{@code .} stands for every column of the table but those of the responses, the weight, the
 *       offset and the clusters.
 *   <li>{@code - x} takes a term away that stands before. {@code - 1} and {@code + 0} take the
 *       intercept away, {@code 1} puts it back, {@code y ~ 1} has nothing else.
 *   <li>{@code offset(log(n))} is a known part of the linear predictor, without a coefficient.
 * </ul>
 *
 * <p>Names that are no identifiers stand in backquotes: {@code `unit price`}.
 *
 * <p><b>Columns.</b> A term that stands twice counts once. Terms come in the order of their number
 * of factors, as written otherwise; of an interaction's levels, the first factor's run fastest.
 * Where all levels of a category would say again what lower terms say, its reference level has no
 * column; where no lower term says it, as in {@code x:C(kind)} without {@code x} or for the first
 * category without an intercept, all levels have one. So categories alone never make columns
 * dependent (the coding is chosen as patsy does; R's columns are the same wherever R's are
 * independent).
 *
 * <p><b>Limits.</b> A text has at most 100 000 characters, a term 2000 and 8 categories.
 *
 * <p>Immutable. Two formulas are equal if they have the same responses and steps, whatever the
 * spelling.
 */
public final class RegressionFormula {

  /** What a step of the right side adds or takes away. */
  enum Kind {
    TERM,
    INTERCEPT,
    ALL_COLUMNS,
    OFFSET
  }

  /**
   * A step of the right side.
   *
   * @param kind what it is about
   * @param added whether it is added, otherwise taken away
   * @param term the term, null if it is none
   * @param offset the offset, null if it is none
   * @param place where it begins in the text
   * @param names where in the text the names in it first stand
   */
  record Step(
      Kind kind,
      boolean added,
      Term term,
      Expression offset,
      int place,
      Map<String, Integer> names) {

    static Step term(boolean added, Term term, int place, Map<String, Integer> names) {
      return new Step(Kind.TERM, added, term, null, place, names);
    }

    static Step intercept(boolean added, int place) {
      return new Step(Kind.INTERCEPT, added, null, null, place, Map.of());
    }

    static Step all(int place) {
      return new Step(Kind.ALL_COLUMNS, true, null, null, place, Map.of());
    }

    static Step offset(Expression offset, int place, Map<String, Integer> names) {
      return new Step(Kind.OFFSET, true, null, offset, place, names);
    }

    String item() {
      return switch (kind) {
        case TERM -> term.text();
        case INTERCEPT -> "1";
        case ALL_COLUMNS -> ".";
        case OFFSET -> "offset(" + offset + ")";
      };
    }
  }

  private final String text;
  private final List<Expression> responses;
  private final Map<String, Integer> responsePlaces;
  private final List<Step> steps;

  private RegressionFormula(String text) {
    FormulaReader reader = new FormulaReader(text);
    this.text = text;
    responses = List.copyOf(reader.responses());
    responsePlaces = reader.responsePlaces();
    steps = List.copyOf(reader.steps());
  }

  /**
   * Reads a formula.
   *
   * @param text the formula, see the language above
   * @return the formula
   * @throws FormulaException if the text is none; it points at the place
   */
  public static RegressionFormula parse(String text) {
    return new RegressionFormula(Objects.requireNonNull(text, "text"));
  }

  /**
   * What the formula means for a table: the columns of its design matrix. Levels of categories that
   * the options do not give are read, in one pass over the rows.
   *
   * @param rows the table
   * @param options weight, offset, clusters, levels, what to do about missing values
   * @return the design
   * @throws FormulaException if a name is no column of the table, or is text where a number is
   *     needed, or a term cannot be coded; it points at the place
   * @throws IllegalArgumentException if the options name what is not there, a category has more
   *     than 10 000 levels or fewer than 2, or the design more than 20 000 columns
   * @throws IllegalStateException if levels have to be read and the rows can be read only once
   * @throws org.nabla4j.data.RowException if the rows cannot be read
   */
  public Design design(Rows rows, DesignOptions options) {
    return design(rows, options, Execution.defaults());
  }

  /**
   * As {@link #design(Rows, DesignOptions)}, watched.
   *
   * @param rows the table
   * @param options weight, offset, clusters, levels, what to do about missing values
   * @param execution its listener is told rows done while levels are read, and all rows or -1; its
   *     cancellation ends that
   * @return the design
   * @throws FormulaException if a name is no column of the table, or is text where a number is
   *     needed, or a term cannot be coded; it points at the place
   * @throws IllegalArgumentException if the options name what is not there, a category has more
   *     than 10 000 levels or fewer than 2, or the design more than 20 000 columns
   * @throws IllegalStateException if levels have to be read and the rows can be read only once
   * @throws org.nabla4j.data.RowException if the rows cannot be read
   * @throws java.util.concurrent.CancellationException if the execution was cancelled
   */
  public Design design(Rows rows, DesignOptions options, Execution execution) {
    Objects.requireNonNull(rows, "rows");
    Objects.requireNonNull(options, "options");
    Objects.requireNonNull(execution, "execution");
    return new DesignBuilder(this, rows, options, execution).build();
  }

  /**
   * The responses.
   *
   * @return one expression of the table's columns, or those of {@code cbind}
   */
  public List<Expression> responses() {
    return responses;
  }

  /**
   * The text that was read, character by character.
   *
   * @return the text
   */
  public String text() {
    return text;
  }

  List<Step> steps() {
    return steps;
  }

  /** Where names of the responses first stand in the text. */
  Map<String, Integer> responsePlaces() {
    return responsePlaces;
  }

  /**
   * Whether the other object is a formula of the same responses and steps; texts may differ.
   *
   * @param other any object
   * @return whether equal
   */
  @Override
  public boolean equals(Object other) {
    return other instanceof RegressionFormula that && toString().equals(that.toString());
  }

  /**
   * A hash of responses and steps.
   *
   * @return the hash
   */
  @Override
  public int hashCode() {
    return toString().hashCode();
  }

  /**
   * The formula in standard spelling, which reads back as an equal one.
   *
   * @return the text
   */
  @Override
  public String toString() {
    List<String> pieces = new ArrayList<>();
    for (Step step : steps) {
      String sign = step.added() ? "+ " : "- ";
      pieces.add(pieces.isEmpty() && step.added() ? step.item() : sign + step.item());
    }
    String left =
        responses.size() == 1
            ? responses.get(0).toString()
            : responses.stream()
                .map(Expression::toString)
                .collect(Collectors.joining(", ", "cbind(", ")"));
    return left + " ~ " + String.join(" ", pieces);
  }
}
