package org.nabla4j.regression;

import java.util.Objects;
import org.nabla4j.expression.Expression;

/** One of the things that are multiplied in a term. */
sealed interface Factor permits Factor.Quantity, Factor.Category {

  /**
   * The factor as a formula has it, so that signs and colons can stand around it.
   *
   * @return the text, which reads back as this factor
   */
  String text();

  /**
   * A number of each row.
   *
   * @param expression of the table's columns
   */
  record Quantity(Expression expression) implements Factor {

    @Override
    public String text() {
      String text = expression.toString();
      boolean bare =
          switch (expression.op()) {
            case ADD, SUB, LT, LE, GT, GE, EQ, NE -> false;
            default -> text.charAt(0) != '-';
          };
      return bare ? text : "I(" + text + ")";
    }
  }

  /**
   * The levels of a column.
   *
   * @param column name of the column
   * @param reference label of the level that the others are compared with, or null where the
   *     formula does not say
   */
  record Category(String column, String reference) implements Factor {

    @Override
    public String text() {
      String name = Expression.quotedSymbol(column).toString();
      return reference == null ? "C(" + name + ")" : "C(" + name + ", ref=" + label() + ")";
    }

    private String label() {
      boolean bare = !reference.isEmpty() && reference.chars().allMatch(FormulaReader::isBare);
      return bare ? reference : '"' + reference.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /** The same category, whatever it is compared with. */
    Category withoutReference() {
      return Objects.isNull(reference) ? this : new Category(column, null);
    }
  }
}
