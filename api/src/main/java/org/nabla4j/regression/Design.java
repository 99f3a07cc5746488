package org.nabla4j.regression;

import java.util.List;
import java.util.Objects;
import org.nabla4j.expression.Expression;

/**
 * What is computed of each row of a table: the columns of the design matrix X, the responses, the
 * prior weight and the offset, each an expression of the table's columns of numbers.
 *
 * <p>A row in which a number that is read, or a category, is missing, or in which a value that is
 * computed is NaN, is left out or refused as {@code omitMissing} says.
 *
 * @param numbers names of the table's columns that are read as numbers: the symbols of all
 *     expressions
 * @param categories names of the table's columns that are read as levels
 * @param levels for each category the labels of its levels, in the order of their indicators; a
 *     label that is not among them is an error
 * @param columns X, p columns
 * @param responses Y, q columns; may be empty
 * @param weight prior weight of the row, finite and ≥ 0, or null for 1
 * @param offset known part of the linear predictor, or null for 0
 * @param cluster index of the category that says which rows belong together, or -1
 * @param omitMissing whether rows with something missing are left out; otherwise they are an error
 *     that names the row and the column
 */
public record Design(
    List<String> numbers,
    List<String> categories,
    List<List<String>> levels,
    List<DesignColumn> columns,
    List<Expression> responses,
    Expression weight,
    Expression offset,
    int cluster,
    boolean omitMissing) {

  /**
   * Checks and copies.
   *
   * @param numbers names of the table's columns that are read as numbers: the symbols of all
   *     expressions
   * @param categories names of the table's columns that are read as levels
   * @param levels for each category the labels of its levels, in the order of their indicators; a
   *     label that is not among them is an error
   * @param columns X, p columns
   * @param responses Y, q columns; may be empty
   * @param weight prior weight of the row, finite and ≥ 0, or null for 1
   * @param offset known part of the linear predictor, or null for 0
   * @param cluster index of the category that says which rows belong together, or -1
   * @param omitMissing whether rows with something missing are left out; otherwise they are an
   *     error that names the row and the column
   * @throws IllegalArgumentException if levels and categories differ in number
   */
  public Design {
    Objects.requireNonNull(numbers, "numbers");
    Objects.requireNonNull(categories, "categories");
    Objects.requireNonNull(levels, "levels");
    Objects.requireNonNull(columns, "columns");
    Objects.requireNonNull(responses, "responses");
    numbers = List.copyOf(numbers);
    categories = List.copyOf(categories);
    levels = levels.stream().map(List::copyOf).toList();
    columns = List.copyOf(columns);
    responses = List.copyOf(responses);
    if (levels.size() != categories.size()) {
      throw new IllegalArgumentException(
          "levels of " + levels.size() + " categories, expected " + categories.size());
    }
    Objects.checkIndex(cluster + 1, categories.size() + 1);
  }

  /**
   * The number of columns of X.
   *
   * @return p
   */
  public int width() {
    return columns.size();
  }

  /**
   * The place of the column of ones.
   *
   * @return its index among the columns, or -1
   */
  public int intercept() {
    for (int j = 0; j < columns.size(); j++) {
      if (columns.get(j).isIntercept()) {
        return j;
      }
    }
    return -1;
  }
}
