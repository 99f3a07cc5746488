package org.nabla4j.program;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.nabla4j.expression.Op;
import org.nabla4j.expression.ScalarMath;

/**
 * The arena of normal-form nodes: n-ary products with a constant coefficient and integer powers,
 * n-ary sums, and calls of everything else, each structure held once.
 *
 * <p>Products and sums are reassociated and like factors and terms are collected, so that what
 * depends on parameters only, or on shared data only, comes together and can be computed ahead.
 * What is never done: distribute a product over a sum ({@code (x−m)/s} keeps its subtraction),
 * cancel {@code x/x}, drop {@code x−x} or {@code 0·x}. A value that is not finite thus stays so;
 * whether it is NaN or infinite, and what overflows on the way in extreme ranges, may change.
 */
final class NormalForm {
  /** Products with more distinct factors are nested, which keeps long chains in linear time. */
  static final int MAX_FACTORS = 24;

  private static final int MAX_EXPONENT = 64;

  private final Map<Node, Node> interned = new HashMap<>();
  private final List<Node> nodes = new ArrayList<>();
  private final boolean columnsVary;

  NormalForm(boolean columnsVary) {
    this.columnsVary = columnsVary;
  }

  int size() {
    return nodes.size();
  }

  Node node(int id) {
    return nodes.get(id);
  }

  private Node intern(Node probe) {
    Node known = interned.putIfAbsent(probe, probe);
    if (known != null) {
      return known;
    }
    probe.id = nodes.size();
    nodes.add(probe);
    return probe;
  }

  Node constant(double value) {
    return intern(
        new Node(
            Node.Kind.CONSTANT,
            null,
            0,
            value,
            Node.NO_NODES,
            Node.NO_EXPONENTS,
            Node.NO_COEFFICIENTS,
            Dependence.CONSTANT));
  }

  Node input(Opcode opcode, int index) {
    return intern(
        new Node(
            Node.Kind.INPUT,
            opcode,
            index,
            0.0,
            Node.NO_NODES,
            Node.NO_EXPONENTS,
            Node.NO_COEFFICIENTS,
            Program.inputDependence(opcode, columnsVary)));
  }

  /** An operation that is neither product nor sum; folded if all operands are numbers. */
  Node call(Opcode opcode, Node... operands) {
    boolean constant = true;
    for (Node operand : operands) {
      constant &= operand.isConstant();
    }
    if (constant) {
      return constant(
          Interpreter.apply(
              opcode,
              operands[0].constant,
              operands.length > 1 ? operands[1].constant : 0,
              operands.length > 2 ? operands[2].constant : 0));
    }
    Node[] ordered = operands;
    if (opcode.isCommutative() && operands[0].id > operands[1].id) {
      ordered = operands.clone();
      ordered[0] = operands[1];
      ordered[1] = operands[0];
    }
    return intern(
        new Node(
            Node.Kind.CALL,
            opcode,
            0,
            0.0,
            ordered,
            Node.NO_EXPONENTS,
            Node.NO_COEFFICIENTS,
            join(ordered)));
  }

  private static Dependence join(Node[] operands) {
    Dependence dependence = Dependence.CONSTANT;
    for (Node operand : operands) {
      dependence = dependence.join(operand.dependence);
    }
    return dependence;
  }

  // ---------------------------------------------------------------- products

  Node multiply(Node a, Node b) {
    return new Product().times(a, 1).times(b, 1).build();
  }

  Node scale(double coefficient, Node a) {
    return new Product().times(coefficient).times(a, 1).build();
  }

  Node divide(Node a, Node b) {
    if (b.isConstant() && !isNormal(1 / b.constant)) {
      // The reciprocal of 0, ±∞, NaN or an extreme number is no substitute for the division.
      return call(Opcode.DIV, a, b);
    }
    return new Product().times(a, 1).times(b, -1).build();
  }

  /** {@code base^exponent} by multiplication; {@code exponent} is not 0. */
  Node power(Node base, int exponent) {
    return new Product().times(base, exponent).build();
  }

  static boolean isNormal(double value) {
    return Math.abs(value) >= Double.MIN_NORMAL && Math.abs(value) <= Double.MAX_VALUE;
  }

  /** Collects the factors of a product. */
  final class Product {
    private double coefficient = 1.0;
    // Keyed by base id and sign of the exponent: x and 1/x are not cancelled.
    private final TreeMap<Long, Integer> factors = new TreeMap<>();

    /** Multiplies by a number; one that would over- or underflow the coefficient is kept apart. */
    Product times(double value) {
      double product = coefficient * value;
      if (isNormal(product) || !isNormal(coefficient) || !isNormal(value)) {
        coefficient = product;
      } else {
        add(constant(value), 1);
      }
      return this;
    }

    /** Multiplies by a power of a node, taking a product apart into its factors. */
    Product times(Node node, int exponent) {
      if (node.kind == Node.Kind.CONSTANT) {
        double power = integerPower(node.constant, exponent);
        if (isNormal(power) || !isNormal(node.constant)) {
          return times(power);
        }
        return add(node, exponent);
      }
      if (node.kind != Node.Kind.PRODUCT) {
        return add(node, exponent);
      }
      // also where the rest stays whole: nobody looks for a number in a factor
      times(constant(node.constant), exponent);
      if (factors.size() + node.operands.length > MAX_FACTORS || !exponentsFit(node, exponent)) {
        return add(withoutCoefficient(node), exponent);
      }
      for (int i = 0; i < node.operands.length; i++) {
        add(node.operands[i], node.exponents[i] * exponent);
      }
      return this;
    }

    private boolean exponentsFit(Node node, int exponent) {
      for (int i = 0; i < node.operands.length; i++) {
        long power = (long) node.exponents[i] * exponent;
        Integer present = factors.get(key(node.operands[i], power > 0));
        if (Math.abs(power + (present == null ? 0 : present)) > MAX_EXPONENT) {
          return false;
        }
      }
      return true;
    }

    private Product add(Node base, int exponent) {
      factors.merge(key(base, exponent > 0), exponent, Integer::sum);
      return this;
    }

    private long key(Node base, boolean positive) {
      return ((long) base.id << 1) | (positive ? 0 : 1);
    }

    /** Lets x cancel against 1/x: for derivatives, whose removable singularities are removed. */
    Product cancel() {
      for (long key : factors.keySet().toArray(Long[]::new)) {
        Integer negative = factors.get(key | 1);
        if ((key & 1) == 0 && negative != null) {
          int exponent = factors.remove(key) + negative;
          factors.remove(key | 1);
          if (exponent != 0) {
            add(node((int) (key >> 1)), exponent);
          }
        }
      }
      return this;
    }

    Node build() {
      if (factors.isEmpty()) {
        return constant(coefficient);
      }
      if (coefficient == 1.0 && factors.size() == 1 && factors.firstEntry().getValue() == 1) {
        return node((int) (factors.firstKey() >> 1));
      }
      Node[] bases = new Node[factors.size()];
      int[] exponents = new int[factors.size()];
      int i = 0;
      for (Map.Entry<Long, Integer> factor : factors.entrySet()) {
        bases[i] = node((int) (factor.getKey() >> 1));
        exponents[i++] = factor.getValue();
      }
      return intern(
          new Node(
              Node.Kind.PRODUCT,
              null,
              0,
              coefficient,
              bases,
              exponents,
              Node.NO_COEFFICIENTS,
              join(bases)));
    }
  }

  private static double integerPower(double base, int exponent) {
    if (exponent == 1) {
      return base;
    }
    return exponent == -1 ? 1 / base : ScalarMath.apply(Op.POW, base, exponent, 0);
  }

  /** The constant coefficient of a node. */
  static double coefficient(Node node) {
    return node.kind == Node.Kind.PRODUCT ? node.constant : 1.0;
  }

  /** The node without its constant coefficient. */
  Node withoutCoefficient(Node node) {
    if (node.kind != Node.Kind.PRODUCT || node.constant == 1.0) {
      return node;
    }
    Product product = new Product();
    for (int i = 0; i < node.operands.length; i++) {
      product.add(node.operands[i], node.exponents[i]);
    }
    return product.build();
  }

  /** The part of a product whose factors are, or are not, the same for all points. */
  Node part(Node node, boolean pointInvariant) {
    if (node.kind != Node.Kind.PRODUCT) {
      return node.dependence.isPointInvariant() == pointInvariant ? node : constant(1.0);
    }
    Product product = new Product();
    for (int i = 0; i < node.operands.length; i++) {
      if (node.operands[i].dependence.isPointInvariant() == pointInvariant) {
        product.add(node.operands[i], node.exponents[i]);
      }
    }
    return product.build();
  }

  /** The factors of one dependence class, without the coefficient. */
  Node part(Node node, Dependence dependence) {
    if (node.kind != Node.Kind.PRODUCT) {
      return node.dependence == dependence ? node : constant(1.0);
    }
    Product product = new Product();
    for (int i = 0; i < node.operands.length; i++) {
      if (node.operands[i].dependence == dependence) {
        product.add(node.operands[i], node.exponents[i]);
      }
    }
    return product.build();
  }

  /** The same product with x and 1/x cancelled. */
  Node cancelled(Node node) {
    if (node.kind != Node.Kind.PRODUCT) {
      return node;
    }
    Product product = new Product().times(node.constant);
    for (int i = 0; i < node.operands.length; i++) {
      product.add(node.operands[i], node.exponents[i]);
    }
    return product.cancel().build();
  }

  // -------------------------------------------------------------------- sums

  /** Collects the terms of a sum. */
  final class Sum {
    private double constant;
    private final Map<Node, Double> terms = new LinkedHashMap<>();

    /** Adds {@code coefficient · node}; a nested sum stays a term of its own. */
    Sum plus(double coefficient, Node node) {
      if (node.isConstant()) {
        constant += coefficient * node.constant;
        return this;
      }
      double product = coefficient * coefficient(node);
      if (isNormal(product) || !isNormal(coefficient) || !isNormal(coefficient(node))) {
        terms.merge(withoutCoefficient(node), product, Double::sum);
      } else {
        terms.merge(node, coefficient, Double::sum);
      }
      return this;
    }

    Node build() {
      if (terms.isEmpty()) {
        return constant(constant);
      }
      collectParameterFactors();
      Node factored = factorOut();
      return factored != null ? factored : normalise();
    }

    /** {@code a·x + b·x} is {@code (a+b)·x} if the coefficients can be added once per problem. */
    private void collectParameterFactors() {
      Map<Node, Integer> counts = new HashMap<>();
      boolean any = false;
      for (Node term : terms.keySet()) {
        if (!term.dependence.isPointInvariant()) {
          any |= counts.merge(part(term, false), 1, Integer::sum) > 1;
        }
      }
      if (!any) {
        return;
      }
      Map<Node, Sum> groups = new LinkedHashMap<>();
      Map<Node, Double> rest = new LinkedHashMap<>();
      for (Map.Entry<Node, Double> entry : terms.entrySet()) {
        Node term = entry.getKey();
        Node varying = term.dependence.isPointInvariant() ? term : part(term, false);
        if (counts.getOrDefault(varying, 0) > 1) {
          groups
              .computeIfAbsent(varying, key -> new Sum())
              .plus(entry.getValue(), part(term, true));
        } else {
          rest.put(term, entry.getValue());
        }
      }
      terms.clear();
      terms.putAll(rest);
      groups.forEach((varying, sum) -> plus(1.0, multiply(sum.build(), varying)));
    }

    /** Takes out the factors that all terms have; null if there is none. */
    private Node factorOut() {
      if (terms.size() < 2 || constant != 0.0) {
        return null;
      }
      Map<Long, Integer> common = null;
      for (Node term : terms.keySet()) {
        Map<Long, Integer> factors = factors(term);
        if (common == null) {
          common = factors;
        } else {
          common.keySet().retainAll(factors.keySet());
          common.replaceAll(
              (key, exponent) ->
                  exponent > 0
                      ? Math.min(exponent, factors.get(key))
                      : Math.max(exponent, factors.get(key)));
        }
        if (common.isEmpty()) {
          return null;
        }
      }
      Sum inner = new Sum();
      for (Map.Entry<Node, Double> entry : terms.entrySet()) {
        Product quotient = new Product();
        for (Map.Entry<Long, Integer> factor : factors(entry.getKey()).entrySet()) {
          int exponent = factor.getValue() - common.getOrDefault(factor.getKey(), 0);
          if (exponent != 0) {
            quotient.add(node((int) (factor.getKey() >> 1)), exponent);
          }
        }
        inner.plus(entry.getValue(), quotient.build());
      }
      Product product = new Product().times(inner.build(), 1);
      common.forEach((key, exponent) -> product.times(node((int) (key >> 1)), exponent));
      return product.build();
    }

    private static Map<Long, Integer> factors(Node term) {
      Map<Long, Integer> factors = new TreeMap<>();
      if (term.kind == Node.Kind.PRODUCT) {
        for (int i = 0; i < term.operands.length; i++) {
          factors.put(
              ((long) term.operands[i].id << 1) | (term.exponents[i] > 0 ? 0 : 1),
              term.exponents[i]);
        }
      } else {
        factors.put((long) term.id << 1, 1);
      }
      return factors;
    }

    /**
     * Takes out a number so that signs and equal coefficients do not tell sums apart: {@code m−x}
     * is {@code −(x−m)}, {@code 2x+2y} is {@code 2(x+y)}.
     */
    private Node normalise() {
      if (constant == 0.0 && terms.size() == 1) {
        Map.Entry<Node, Double> only = terms.entrySet().iterator().next();
        return scale(only.getValue(), only.getKey());
      }
      Node[] operands = terms.keySet().toArray(Node[]::new);
      Arrays.sort(operands, (a, b) -> Integer.compare(a.id, b.id));
      double[] coefficients = new double[operands.length];
      double magnitude = Math.abs(terms.get(operands[0]));
      int negative = constant < 0 ? 1 : 0;
      int positive = constant > 0 ? 1 : 0;
      for (int i = 0; i < operands.length; i++) {
        coefficients[i] = terms.get(operands[i]);
        negative += coefficients[i] < 0 ? 1 : 0;
        positive += coefficients[i] > 0 ? 1 : 0;
        if (Math.abs(coefficients[i]) != magnitude) {
          magnitude = 1.0;
        }
      }
      // A common magnitude may be divided out only if the constant part survives that exactly.
      if (!isNormal(magnitude)
          || (constant != 0.0
              && (operands.length < 2 || constant / magnitude * magnitude != constant))) {
        magnitude = 1.0;
      }
      double first = constant != 0.0 ? constant : coefficients[0];
      boolean flip = negative > positive || (negative == positive && first < 0);
      double divisor = flip ? -magnitude : magnitude;
      if (divisor != 1.0) {
        for (int i = 0; i < coefficients.length; i++) {
          coefficients[i] /= divisor;
        }
      }
      Node sum = rawSum(constant == 0.0 ? 0.0 : constant / divisor, operands, coefficients);
      return divisor == 1.0 ? sum : scale(divisor, sum);
    }
  }

  private Node rawSum(double constant, Node[] operands, double[] coefficients) {
    return intern(
        new Node(
            Node.Kind.SUM,
            null,
            0,
            constant,
            operands,
            Node.NO_EXPONENTS,
            coefficients,
            join(operands)));
  }

  /** A sum with all signs changed, as a node of its own that is not in normal form. */
  Node negatedSum(Node sum) {
    double[] coefficients = new double[sum.coefficients.length];
    for (int i = 0; i < coefficients.length; i++) {
      coefficients[i] = -sum.coefficients[i];
    }
    return rawSum(sum.constant == 0.0 ? 0.0 : -sum.constant, sum.operands, coefficients);
  }
}
