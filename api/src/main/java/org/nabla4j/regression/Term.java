package org.nabla4j.regression;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.nabla4j.expression.Expression;

/**
 * A product of factors, x1:C(kind). Two terms are equal if they have the same factors, in whatever
 * order.
 *
 * @param factors different ones, in the order in which they are written
 */
record Term(Set<Factor> factors) {

  Term {
    factors = Collections.unmodifiableSet(new LinkedHashSet<>(factors));
  }

  /** The columns of which the term has levels. */
  List<String> categories() {
    List<String> columns = new ArrayList<>();
    for (Factor factor : factors) {
      if (factor instanceof Factor.Category category) {
        columns.add(category.column());
      }
    }
    return columns;
  }

  /** The numbers of a row that are multiplied. */
  List<Expression> quantities() {
    List<Expression> expressions = new ArrayList<>();
    for (Factor factor : factors) {
      if (factor instanceof Factor.Quantity quantity) {
        expressions.add(quantity.expression());
      }
    }
    return expressions;
  }

  /** The term as a formula has it. */
  String text() {
    return factors.stream().map(Factor::text).collect(Collectors.joining(":"));
  }
}
