package org.nabla4j.expression;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The distinct nodes under some expressions, each after its arguments, leaves in the order in which
 * they are first written. Found with an explicit stack, so depth costs memory and no call stack.
 */
public final class Topology {
  private final List<Expression> nodes = new ArrayList<>();
  private final Map<Expression, Integer> positions = new HashMap<>();

  /**
   * Finds the nodes.
   *
   * @param roots the expressions
   */
  public Topology(List<Expression> roots) {
    Objects.requireNonNull(roots, "roots");
    Deque<Frame> path = new ArrayDeque<>();
    for (Expression root : roots) {
      if (positions.containsKey(root)) {
        continue;
      }
      path.push(new Frame(root));
      while (!path.isEmpty()) {
        Frame top = path.peek();
        if (top.next < top.expression.arity()) {
          Expression argument = top.expression.argument(top.next++);
          if (!positions.containsKey(argument)) {
            path.push(new Frame(argument));
          }
        } else {
          path.pop();
          if (positions.putIfAbsent(top.expression, nodes.size()) == null) {
            nodes.add(top.expression);
          }
        }
      }
    }
  }

  private static final class Frame {
    final Expression expression;
    int next;

    Frame(Expression expression) {
      this.expression = expression;
    }
  }

  /**
   * How many nodes there are.
   *
   * @return the number of distinct subexpressions, the roots among them
   */
  public int size() {
    return nodes.size();
  }

  /**
   * A node by its place.
   *
   * @param position 0 ≤ position &lt; size
   * @return the node; its arguments have smaller positions
   */
  public Expression node(int position) {
    return nodes.get(position);
  }

  /**
   * Where a node stands.
   *
   * @param node a root or a subexpression of one
   * @return its position
   * @throws IllegalArgumentException if it is neither
   */
  public int position(Expression node) {
    Integer position = positions.get(Objects.requireNonNull(node, "node"));
    if (position == null) {
      throw new IllegalArgumentException("node is no part of the expressions: " + node);
    }
    return position;
  }

  /**
   * All nodes.
   *
   * @return the nodes in order of their positions, unmodifiable
   */
  public List<Expression> nodes() {
    return Collections.unmodifiableList(nodes);
  }
}
