package org.nabla4j.expression;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reverse-mode differentiation of one expression.
 *
 * <p>A sweep starts from a node with the adjoint 1 and goes down in topological order; every node
 * hands its adjoint on to its arguments by the {@link ChainRule}. A sweep ends at symbols and at
 * <i>branch points</i>: nodes that choose between two arguments, one of which may have a derivative
 * that is not finite where it is not taken. The gradient of a branch point is the choice between
 * the gradients of its arguments, each from a sweep of its own; branch points are done from the
 * inside out.
 */
final class ReverseMode {
  private final Topology topology;
  private final Set<String> symbols;

  /** Whether a node depends on one of the symbols. */
  private final boolean[] active;

  private final boolean[] branchPoint;

  /** Gradients of branch points and of their arguments, by position: no entry means zero. */
  private final Map<Integer, Map<String, Expression>> gradients = new HashMap<>();

  ReverseMode(Expression expression, Collection<String> symbols) {
    this.topology = new Topology(List.of(expression));
    this.symbols = new HashSet<>(symbols);
    this.active = new boolean[topology.size()];
    this.branchPoint = new boolean[topology.size()];
    classify();
  }

  /** ∂/∂symbol for every symbol that the expression depends on. */
  Map<String, Expression> gradient() {
    boolean[] needed = needed();
    for (int i = 0; i < branchPoint.length; i++) {
      if (branchPoint[i] && needed[i]) {
        gradients.put(i, ofBranchPoint(topology.node(i)));
      }
    }
    return of(topology.size() - 1);
  }

  /** Whether a sweep comes by: a node that only conditions depend on has no adjoint. */
  private boolean[] needed() {
    boolean[] needed = new boolean[topology.size()];
    needed[needed.length - 1] = true;
    for (int i = needed.length - 1; i >= 0; i--) {
      Expression node = topology.node(i);
      for (int k = 0; needed[i] && k < node.arity(); k++) {
        int argument = topology.position(node.argument(k));
        needed[argument] |= active[argument] && ChainRule.passes(node, k);
      }
    }
    return needed;
  }

  private void classify() {
    boolean[] unbounded = new boolean[topology.size()];
    for (int i = 0; i < unbounded.length; i++) {
      Expression node = topology.node(i);
      active[i] = node.op() == Op.SYMBOL && symbols.contains(node.name());
      for (int k = 0; k < node.arity(); k++) {
        int argument = topology.position(node.argument(k));
        if (active[argument] && ChainRule.passes(node, k)) {
          active[i] = true;
          unbounded[i] |= unbounded[argument];
        }
      }
      switch (node.op()) {
        case WHERE -> branchPoint[i] = active[i];
        case MIN, MAX -> branchPoint[i] = unbounded[i];
        default -> unbounded[i] |= active[i] && hasUnboundedDerivative(node);
      }
    }
  }

  /** Whether finite arguments can give an infinite or undefined derivative. */
  private static boolean hasUnboundedDerivative(Expression node) {
    return switch (node.op()) {
      case SYMBOL, ADD, SUB, NEG, MUL, SIN, COS, ATAN, TANH, ABS, MIN, MAX, ERF, ERFC -> false;
      case LOGISTIC, SOFTPLUS, WHERE -> false;
      case DIV -> !node.argument(1).isConstant();
      case POW -> !isPolynomial(node.argument(1));
      default -> true;
    };
  }

  private static boolean isPolynomial(Expression exponent) {
    return exponent.isConstant()
        && exponent.value() >= 0
        && exponent.value() == Math.rint(exponent.value());
  }

  private Map<String, Expression> ofBranchPoint(Expression node) {
    int first = node.op() == Op.WHERE ? 1 : 0;
    Map<String, Expression> a = ofArgument(node.argument(first));
    Map<String, Expression> b = ofArgument(node.argument(first + 1));
    Expression condition = ChainRule.condition(node);
    Expression zero = Expression.constant(0);
    Set<String> reached = new HashSet<>(a.keySet());
    reached.addAll(b.keySet());
    Map<String, Expression> gradient = new HashMap<>();
    for (String symbol : reached) {
      gradient.put(
          symbol,
          Simplifier.make(
              Op.WHERE, condition, a.getOrDefault(symbol, zero), b.getOrDefault(symbol, zero)));
    }
    return gradient;
  }

  private Map<String, Expression> ofArgument(Expression argument) {
    int position = topology.position(argument);
    Map<String, Expression> known = gradients.get(position);
    if (known == null) {
      known = of(position);
      gradients.put(position, known);
    }
    return known;
  }

  private Map<String, Expression> of(int root) {
    if (branchPoint[root]) {
      return gradients.get(root);
    }
    Map<String, Expression> gradient = new LinkedHashMap<>();
    if (!active[root]) {
      return gradient;
    }
    // The largest position first: all that a node can receive comes from larger ones.
    TreeMap<Integer, Expression> adjoints = new TreeMap<>();
    adjoints.put(root, Expression.constant(1));
    while (!adjoints.isEmpty()) {
      Map.Entry<Integer, Expression> last = adjoints.pollLastEntry();
      int position = last.getKey();
      Expression node = topology.node(position);
      Expression adjoint = last.getValue();
      if (node.op() == Op.SYMBOL) {
        add(gradient, node.name(), adjoint);
      } else if (branchPoint[position]) {
        for (Map.Entry<String, Expression> inner : gradients.get(position).entrySet()) {
          add(gradient, inner.getKey(), Simplifier.make(Op.MUL, adjoint, inner.getValue()));
        }
      } else {
        handOn(node, adjoint, adjoints);
      }
    }
    return gradient;
  }

  private void handOn(Expression node, Expression adjoint, Map<Integer, Expression> adjoints) {
    for (int k = 0; k < node.arity(); k++) {
      int argument = topology.position(node.argument(k));
      if (active[argument] && ChainRule.passes(node, k)) {
        add(adjoints, argument, ChainRule.contribution(node, k, adjoint));
      }
    }
  }

  private static <K> void add(Map<K, Expression> sums, K key, Expression term) {
    sums.merge(key, term, (sum, more) -> Simplifier.make(Op.ADD, sum, more));
  }
}
