package org.nabla4j.expression;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * How far rounding can shift the value of an expression that is evaluated in double, as an
 * expression itself: to first order
 *
 * <pre>  E = Σ |∂f/∂z|·(u|z| + 2⁻¹⁰⁷⁴)</pre>
 *
 * <p>over all operations z below f, with u the rounding of the operation: half a unit in the last
 * place for arithmetic, two units for functions, nothing for what is exact. The derivatives ∂f/∂z
 * are the adjoints of reverse mode, so that errors which cancel do so here. Values of symbols and
 * constants are taken as exact.
 *
 * <p>Reference: W. Miller, C. Wrathall, Software for Roundoff Analysis of Matrix Algorithms (1980).
 */
public final class RoundingBound {

  private static final double HALF_UNIT = 0x1p-53;
  private static final double TWO_UNITS = 0x1p-51;

  private final Topology topology;
  private final Map<Integer, Expression> bounds = new HashMap<>();

  private RoundingBound(Topology topology) {
    this.topology = topology;
  }

  /**
   * The bound of an expression.
   *
   * @param expression f
   * @return E ≥ 0, of the same symbols; where f chooses by {@code where}, {@code min} or {@code
   *     max}, the bound of what is chosen
   */
  public static Expression of(Expression expression) {
    Objects.requireNonNull(expression, "expression");
    RoundingBound bound = new RoundingBound(new Topology(List.of(expression)));
    for (int i = 0; i < bound.topology.size(); i++) {
      if (isChoice(bound.topology.node(i))) {
        bound.bounds.put(i, bound.ofChoice(bound.topology.node(i)));
      }
    }
    return bound.of(bound.topology.size() - 1);
  }

  private static boolean isChoice(Expression node) {
    return node.op() == Op.WHERE || node.op() == Op.MIN || node.op() == Op.MAX;
  }

  private Expression ofChoice(Expression node) {
    int first = node.op() == Op.WHERE ? 1 : 0;
    return Simplifier.make(
        Op.WHERE,
        ChainRule.condition(node),
        of(topology.position(node.argument(first))),
        of(topology.position(node.argument(first + 1))));
  }

  /** A sweep from a node down to symbols and choices. */
  private Expression of(int root) {
    Expression known = bounds.get(root);
    if (known != null) {
      return known;
    }
    Expression sum = Expression.constant(0);
    TreeMap<Integer, Expression> adjoints = new TreeMap<>();
    adjoints.put(root, Expression.constant(1));
    while (!adjoints.isEmpty()) {
      Map.Entry<Integer, Expression> last = adjoints.pollLastEntry();
      Expression node = topology.node(last.getKey());
      if (node.arity() == 0) {
        continue;
      }
      Expression adjoint = Simplifier.make(Op.ABS, last.getValue());
      Expression inner = isChoice(node) ? bounds.get(last.getKey()) : own(node);
      if (inner != null) {
        sum = Simplifier.make(Op.ADD, Simplifier.make(Op.MUL, adjoint, inner), sum);
      }
      if (!isChoice(node)) {
        for (int k = 0; k < node.arity(); k++) {
          int argument = topology.position(node.argument(k));
          if (node.argument(k).arity() > 0 && ChainRule.passes(node, k)) {
            adjoints.merge(
                argument,
                ChainRule.contribution(node, k, last.getValue()),
                (a, b) -> Simplifier.make(Op.ADD, a, b));
          }
        }
      }
    }
    bounds.put(root, sum);
    return sum;
  }

  /** What the operation itself adds, or null for one that is exact. */
  private static Expression own(Expression node) {
    double unit =
        switch (node.op()) {
          case NEG, ABS, SIGN, LT, LE, GT, GE, EQ, NE -> 0;
          case ADD, SUB, MUL, DIV, SQRT -> HALF_UNIT;
          default -> TWO_UNITS;
        };
    if (unit == 0) {
      return null;
    }
    Expression size =
        Simplifier.make(Op.MUL, Expression.constant(unit), Simplifier.make(Op.ABS, node));
    // below the normal numbers the last place no longer shrinks
    return switch (node.op()) {
      case MUL, DIV, POW, EXP, ERFC ->
          Simplifier.make(Op.ADD, size, Expression.constant(Double.MIN_VALUE));
      default -> size;
    };
  }
}
