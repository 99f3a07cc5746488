package org.nabla4j.expression;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The distinct nodes under some expressions, each after its arguments, leaves in the order in which
 * they are first written. Found with an explicit stack, so depth costs memory and no call stack.
 */
final class Topology {
  private final List<Expression> nodes = new ArrayList<>();
  private final Map<Expression, Integer> positions = new HashMap<>();

  Topology(List<Expression> roots) {
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

  int size() {
    return nodes.size();
  }

  Expression node(int position) {
    return nodes.get(position);
  }

  /** Where a node stands; it must be one of this topology. */
  int position(Expression node) {
    return positions.get(node);
  }

  List<Expression> nodes() {
    return nodes;
  }
}
