package org.nabla4j.program;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.Op;

/**
 * Brings expressions into {@link NormalForm}: n-ary sums and products, small powers as products,
 * quotients as products with negative powers, {@code exp} with a factor that a problem's points
 * share as {@code EXP2}.
 *
 * <p>A sum is taken apart into an enclosing sum only if nothing else uses it, so that work is never
 * doubled, and not if it is the distance of a data column from a parameter: in {@code (x−m)−d}, the
 * difference {@code x−m} may be exact where {@code m+d} is rounded.
 */
final class Normalizer {
  /** Larger powers stay calls of POW: n multiplications are wrong by up to n/2 ulp. */
  private static final int MAX_INTEGER_POWER = 16;

  /** log₂ e = 1 / ln 2. */
  private static final double LOG2_E = 1.4426950408889634;

  private final ProgramInputs inputs;
  private final NormalForm form;
  private final Map<String, Node> symbols = new HashMap<>();

  Normalizer(ProgramInputs inputs, NormalForm form) {
    this.inputs = inputs;
    this.form = form;
    declare(Opcode.PARAMETER);
    declare(Opcode.PROBLEM_CONSTANT);
    declare(Opcode.SHARED_COLUMN);
    declare(Opcode.PROBLEM_COLUMN);
  }

  private void declare(Opcode opcode) {
    List<String> names = inputs.names(opcode);
    for (int i = 0; i < names.size(); i++) {
      symbols.put(names.get(i), form.input(opcode, i));
    }
  }

  /** The normal forms of some expressions, which may share parts. */
  List<Node> normalize(List<Expression> roots) {
    return new Pass(roots).run();
  }

  /** One run over the distinct subexpressions of some roots. */
  private final class Pass {
    private final List<Expression> roots;
    private final List<Expression> order = new ArrayList<>();
    private final Map<Expression, Integer> positions = new HashMap<>();
    private int[][] arguments;
    private Node[] nodes;
    private boolean[] absorbed;

    Pass(List<Expression> roots) {
      this.roots = roots;
    }

    List<Node> run() {
      sort();
      findAbsorbed();
      nodes = new Node[order.size()];
      for (int i = 0; i < nodes.length; i++) {
        if (!absorbed[i]) {
          nodes[i] = normalize(i);
        }
      }
      List<Node> results = new ArrayList<>();
      for (Expression root : roots) {
        results.add(nodes[positions.get(root)]);
      }
      return results;
    }

    /** Operands before uses, by depth-first search with an explicit stack. */
    private void sort() {
      Deque<Expression> stack = new ArrayDeque<>();
      Map<Expression, Integer> next = new HashMap<>();
      for (Expression root : roots) {
        stack.push(root);
        while (!stack.isEmpty()) {
          Expression top = stack.peek();
          int argument = next.merge(top, 1, Integer::sum) - 1;
          if (positions.containsKey(top)) {
            stack.pop();
          } else if (argument < top.arguments().size()) {
            stack.push(top.arguments().get(argument));
          } else {
            stack.pop();
            positions.put(top, order.size());
            order.add(top);
          }
        }
      }
      arguments = new int[order.size()][];
      for (int i = 0; i < arguments.length; i++) {
        arguments[i] = order.get(i).arguments().stream().mapToInt(positions::get).toArray();
      }
    }

    /** Finds the sums that become part of the only sum which uses them. */
    private void findAbsorbed() {
      int[] uses = new int[order.size()];
      int[] user = new int[order.size()];
      Dependence[] dependences = new Dependence[order.size()];
      for (int i = 0; i < uses.length; i++) {
        dependences[i] = leafDependence(order.get(i));
        for (int argument : arguments[i]) {
          uses[argument]++;
          user[argument] = i;
          dependences[i] = dependences[i].join(dependences[argument]);
        }
      }
      for (Expression root : roots) {
        uses[positions.get(root)] += 2;
      }
      absorbed = new boolean[order.size()];
      for (int i = 0; i < absorbed.length; i++) {
        absorbed[i] =
            uses[i] == 1
                && isAdditive(order.get(i).op())
                && isAdditive(order.get(user[i]).op())
                && !isShiftedColumn(i, dependences);
      }
    }

    private Dependence leafDependence(Expression expression) {
      return switch (expression.op()) {
        case CONSTANT -> Dependence.CONSTANT;
        case SYMBOL -> symbol(expression.name()).dependence;
        default -> Dependence.CONSTANT;
      };
    }

    private static boolean isAdditive(Op op) {
      return op == Op.ADD || op == Op.SUB || op == Op.NEG;
    }

    private boolean isShiftedColumn(int i, Dependence[] dependences) {
      if (arguments[i].length != 2) {
        return false;
      }
      int a = arguments[i][0];
      int b = arguments[i][1];
      return (isColumn(a) && dependences[b].isPointInvariant())
          || (isColumn(b) && dependences[a].isPointInvariant());
    }

    private boolean isColumn(int i) {
      Expression expression = order.get(i);
      return expression.op() == Op.SYMBOL
          && !symbol(expression.name()).dependence.isPointInvariant();
    }

    private Node normalize(int i) {
      Expression expression = order.get(i);
      Op op = expression.op();
      return switch (op) {
        case CONSTANT -> form.constant(expression.value());
        case SYMBOL -> symbol(expression.name());
        case ADD, SUB, NEG -> sum(i);
        case MUL -> form.multiply(argument(i, 0), argument(i, 1));
        case DIV -> form.divide(argument(i, 0), argument(i, 1));
        case POW -> pow(argument(i, 0), argument(i, 1));
        case EXP -> exp(argument(i, 0));
        case WHERE -> where(argument(i, 0), argument(i, 1), argument(i, 2));
        default -> {
          Node[] operands = new Node[arguments[i].length];
          for (int k = 0; k < operands.length; k++) {
            operands[k] = argument(i, k);
          }
          yield form.call(Opcode.valueOf(op.name()), operands);
        }
      };
    }

    private Node argument(int i, int k) {
      return nodes[arguments[i][k]];
    }

    private Node sum(int root) {
      NormalForm.Sum sum = form.new Sum();
      Deque<Integer> positionsLeft = new ArrayDeque<>();
      Deque<Double> signsLeft = new ArrayDeque<>();
      positionsLeft.push(root);
      signsLeft.push(1.0);
      while (!positionsLeft.isEmpty()) {
        int i = positionsLeft.pop();
        double sign = signsLeft.pop();
        if (i != root && !absorbed[i]) {
          sum.plus(sign, nodes[i]);
          continue;
        }
        Op op = order.get(i).op();
        // Pushed from last to first, so that terms come in the order in which they are written.
        for (int k = arguments[i].length - 1; k >= 0; k--) {
          positionsLeft.push(arguments[i][k]);
          signsLeft.push(op == Op.NEG || (op == Op.SUB && k == 1) ? -sign : sign);
        }
      }
      return sum.build();
    }
  }

  private Node symbol(String name) {
    Node node = symbols.get(name);
    if (node == null) {
      throw new IllegalArgumentException(
          "symbol '" + name + "' is not among the inputs " + symbols.keySet());
    }
    return node;
  }

  private Node pow(Node base, Node exponent) {
    if (base.isConstant() || !exponent.isConstant()) {
      return form.call(Opcode.POW, base, exponent);
    }
    double power = exponent.constant;
    double twice = 2 * power;
    if (Math.abs(power) > MAX_INTEGER_POWER || twice != Math.rint(twice)) {
      return form.call(Opcode.POW, base, exponent);
    }
    if (power == 0.0) {
      return form.constant(1.0); // pow(x, 0) is 1 for every x, NaN included
    }
    if (power == Math.rint(power)) {
      return form.power(base, (int) power);
    }
    Node root = form.call(Opcode.SQRT, base);
    if (power < 0) {
      // All factors over one root: one reciprocal serves x^(-1/2), x^(-3/2), ...
      return form.power(root, (int) twice);
    }
    int whole = (int) Math.floor(power);
    return whole == 0 ? root : form.multiply(form.power(base, whole), root);
  }

  /**
   * {@code exp(c·u)} is {@code 2^((c·log₂e)·u)}: with c the same for all points, the multiplication
   * by log₂ e is done once, and its rounding is one of c by less than an ulp.
   */
  private Node exp(Node argument) {
    boolean foldable =
        argument.kind == Node.Kind.PRODUCT
            && argument.dependence == Dependence.POINT
            && (Math.abs(argument.constant) != 1.0
                || form.part(argument, Dependence.PARAMETER).kind != Node.Kind.CONSTANT);
    return foldable
        ? form.call(Opcode.EXP2, form.scale(LOG2_E, argument))
        : form.call(Opcode.EXP, argument);
  }

  private Node where(Node condition, Node a, Node b) {
    if (condition.isConstant() && !Double.isNaN(condition.constant)) {
      return condition.constant != 0 ? a : b;
    }
    return form.call(Opcode.WHERE, condition, a, b);
  }
}
