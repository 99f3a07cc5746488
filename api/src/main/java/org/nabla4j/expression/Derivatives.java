package org.nabla4j.expression;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Exact derivatives of expressions, as expressions, by the {@link ChainRule}.
 *
 * <p>The gradient is taken in reverse mode: one sweep over the graph gives the derivatives with
 * respect to all symbols, and costs a small multiple of the expression itself, however many symbols
 * there are. {@link Op#WHERE} is the exception, and {@code min} and {@code max} if one of their
 * arguments has derivatives that can be infinite: there the derivatives of the branches are chosen
 * between, symbol by symbol, so that the branch not taken has no influence on the derivative
 * either. (Multiplying its derivative by zero, as plain reverse mode does, gives NaN where that
 * derivative is infinite or NaN.)
 *
 * <p>Results share subexpressions with the expression and with each other.
 */
public final class Derivatives {
  private Derivatives() {}

  /**
   * The derivative with respect to one symbol.
   *
   * @param expression what to differentiate
   * @param symbol name of a symbol
   * @return ∂expression/∂symbol; the constant 0 if the symbol does not occur
   */
  public static Expression derivative(Expression expression, String symbol) {
    Objects.requireNonNull(expression, "expression");
    Objects.requireNonNull(symbol, "symbol");
    return gradient(expression, List.of(symbol)).get(0);
  }

  /**
   * The derivatives with respect to several symbols.
   *
   * @param expression what to differentiate
   * @param symbols names of p symbols
   * @return ∂expression/∂symbol, p of them in the order of the symbols; the constant 0 for a symbol
   *     that does not occur
   */
  public static List<Expression> gradient(Expression expression, List<String> symbols) {
    Objects.requireNonNull(expression, "expression");
    Objects.requireNonNull(symbols, "symbols");
    Map<String, Expression> gradient = new ReverseMode(expression, symbols).gradient();
    List<Expression> result = new ArrayList<>(symbols.size());
    for (String symbol : symbols) {
      result.add(gradient.getOrDefault(symbol, Expression.constant(0)));
    }
    return Collections.unmodifiableList(result);
  }

  /**
   * The derivatives of several expressions.
   *
   * @param expressions m expressions
   * @param symbols names of p symbols
   * @return m rows of p: ∂expressionᵢ/∂symbolⱼ
   */
  public static List<List<Expression>> jacobian(
      List<Expression> expressions, List<String> symbols) {
    Objects.requireNonNull(expressions, "expressions");
    Objects.requireNonNull(symbols, "symbols");
    List<List<Expression>> rows = new ArrayList<>(expressions.size());
    for (Expression expression : expressions) {
      rows.add(gradient(expression, symbols));
    }
    return Collections.unmodifiableList(rows);
  }

  /**
   * The second derivatives. Only the lower triangle is derived; the upper one is the same objects.
   *
   * @param expression what to differentiate
   * @param symbols names of p symbols
   * @return p rows of p: ∂²expression/∂symbolᵢ∂symbolⱼ, row i column j the same object as row j
   *     column i
   */
  public static List<List<Expression>> hessian(Expression expression, List<String> symbols) {
    Objects.requireNonNull(expression, "expression");
    Objects.requireNonNull(symbols, "symbols");
    List<Expression> gradient = gradient(expression, symbols);
    int p = symbols.size();
    Expression[][] hessian = new Expression[p][p];
    for (int i = 0; i < p; i++) {
      List<Expression> row = gradient(gradient.get(i), symbols.subList(0, i + 1));
      for (int j = 0; j <= i; j++) {
        hessian[i][j] = row.get(j);
        hessian[j][i] = row.get(j);
      }
    }
    List<List<Expression>> rows = new ArrayList<>(p);
    for (Expression[] row : hessian) {
      rows.add(List.of(row));
    }
    return Collections.unmodifiableList(rows);
  }
}
