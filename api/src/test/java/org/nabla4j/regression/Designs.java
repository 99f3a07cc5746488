package org.nabla4j.regression;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.Formula;

/** Designs of plain terms, made by hand. */
final class Designs {

  private Designs() {}

  /** Of "y ~ x1 + x2^2", with an intercept unless it ends with "- 1"; responses apart by commas. */
  static Design of(String text) {
    return of(text, null, null);
  }

  /** The same with expressions for weight and offset, or null. */
  static Design of(String text, String weight, String offset) {
    String[] sides = text.split("~", -1);
    List<DesignColumn> columns = new ArrayList<>();
    Set<String> symbols = new LinkedHashSet<>();
    String right = sides[1].strip();
    if (right.endsWith("- 1")) {
      right = right.substring(0, right.length() - 3).strip();
    } else {
      columns.add(new DesignColumn("(Intercept)", Expression.constant(1), List.of()));
    }
    for (String term : right.split("\\+", -1)) {
      if (!term.isBlank() && !term.strip().equals("1")) {
        columns.add(new DesignColumn(term.strip(), expression(term, symbols), List.of()));
      }
    }
    List<Expression> responses = new ArrayList<>();
    for (String response : sides[0].split(",", -1)) {
      responses.add(expression(response, symbols));
    }
    Expression w = weight == null ? null : expression(weight, symbols);
    Expression o = offset == null ? null : expression(offset, symbols);
    return new Design(
        List.copyOf(symbols), List.of(), List.of(), columns, responses, w, o, -1, true);
  }

  private static Expression expression(String text, Set<String> symbols) {
    Expression e = Formula.parse(text.strip()).expression();
    symbols.addAll(e.symbols());
    return e;
  }
}
