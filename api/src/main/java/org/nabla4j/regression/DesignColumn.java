package org.nabla4j.regression;

import java.util.List;
import java.util.Objects;
import org.nabla4j.expression.Expression;

/**
 * A column of a design matrix: x = value · Π [category = level], an expression of the table's
 * columns of numbers times the indicators of levels.
 *
 * @param name as results call it
 * @param value of the numbers in the row; the constant 1 for an intercept or a mere indicator
 * @param indicators the levels for which the column is not 0, one for each category of the term
 */
public record DesignColumn(String name, Expression value, List<Indicator> indicators) {

  /**
   * One level of a category: 1 in the rows that have it, 0 in others.
   *
   * @param category index into {@link Design#categories()}
   * @param level index into {@link Design#levels()} of that category
   */
  public record Indicator(int category, int level) {}

  /**
   * Checks and copies.
   *
   * @param name as results call it
   * @param value of the numbers in the row
   * @param indicators the levels for which the column is not 0
   */
  public DesignColumn {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(value, "value");
    indicators = List.copyOf(Objects.requireNonNull(indicators, "indicators"));
  }

  /**
   * Whether this is the column of ones.
   *
   * @return true for the intercept
   */
  public boolean isIntercept() {
    return indicators.isEmpty() && value.equals(Expression.constant(1));
  }
}
