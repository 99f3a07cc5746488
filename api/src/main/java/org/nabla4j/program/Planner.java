package org.nabla4j.program;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;

/**
 * Decides how each node of the normal form that the outputs need is computed: which factors and
 * terms are put together per dependence class, and where a minus sign costs nothing.
 */
final class Planner {
  private final NormalForm form;
  private final List<Plan> plans = new ArrayList<>();
  private final Deque<Node> open = new ArrayDeque<>();

  Planner(NormalForm form) {
    this.form = form;
  }

  /** The plans of all nodes that are needed, operands before uses. */
  List<Plan> plan(List<Node> outputs) {
    outputs.forEach(this::need);
    drain();
    settleSigns(live(outputs));
    drain();
    flipSums(live(outputs), outputs);
    drain();
    for (Plan plan : live(outputs)) {
      if (plan.kind == Plan.Kind.SUM) {
        startPositive(plan);
      }
    }
    drain();
    List<Plan> live = live(outputs);
    for (Plan plan : live) {
      if (plan.kind == Plan.Kind.SUM) {
        plan.chooseStart();
      }
    }
    return live;
  }

  private Plan known(int id) {
    return id < plans.size() ? plans.get(id) : null;
  }

  private void put(Plan plan) {
    while (plans.size() <= plan.id) {
      plans.add(null);
    }
    plans.set(plan.id, plan);
  }

  private void need(Node node) {
    if (known(node.id) == null) {
      open.add(node);
    }
  }

  private void need(Plan.Term term) {
    for (int atom : term.atoms) {
      need(form.node(atom));
    }
  }

  private void drain() {
    while (!open.isEmpty()) {
      Node node = open.remove();
      if (known(node.id) == null) {
        put(planOf(node));
      }
    }
  }

  private Plan planOf(Node node) {
    switch (node.kind) {
      case CONSTANT, INPUT -> {
        return new Plan(node.id, node, Plan.Kind.LEAF);
      }
      case CALL -> {
        for (Node operand : node.operands) {
          need(operand);
        }
        return new Plan(node.id, node, Plan.Kind.CALL);
      }
      case SUM -> {
        return planSum(node.id, node);
      }
      default -> {
        return planProduct(node);
      }
    }
  }

  private static boolean isReciprocal(Node node) {
    return node.kind == Node.Kind.PRODUCT
        && node.constant == 1.0
        && node.operands.length == 1
        && node.exponents[0] == -1;
  }

  private Plan planProduct(Node node) {
    if (isReciprocal(node)) {
      need(node.operands[0]);
      return new Plan(node.id, node, Plan.Kind.RECIPROCAL);
    }
    Plan plan = new Plan(node.id, node, Plan.Kind.PRODUCT);
    Plan.Term term = term(node);
    plan.terms.add(term);
    need(term);
    return plan;
  }

  /** The atoms of a product: one for each class that is computed ahead, then what varies. */
  private Plan.Term term(Node product) {
    Node unit = form.withoutCoefficient(product);
    if (product.kind != Node.Kind.PRODUCT || isReciprocal(product)) {
      return Plan.Term.addend(product, false);
    }
    double coefficient = product.constant;
    List<Integer> atoms = new ArrayList<>();
    Node rest = unit;
    if (product.dependence == Dependence.POINT) {
      Node parameters = form.part(unit, true);
      Node shared = form.part(unit, Dependence.SHARED);
      if (!parameters.isConstant()) {
        atoms.add(form.scale(coefficient, parameters).id);
        coefficient = 1.0;
      } else if (parameters.constant != 1.0) {
        atoms.add(parameters.id); // a number kept out of the coefficient, which it would overflow
      }
      if (!shared.isConstant()) {
        if (Math.abs(coefficient) != 1.0) {
          shared = form.scale(coefficient, shared);
          coefficient = 1.0;
        }
        atoms.add(shared.id);
      }
      rest = form.part(unit, Dependence.POINT);
    }
    boolean negative = coefficient == -1.0;
    if (Math.abs(coefficient) != 1.0) {
      atoms.add(form.constant(coefficient).id);
    }
    if (rest.kind == Node.Kind.PRODUCT) {
      for (int i = 0; i < rest.operands.length; i++) {
        int exponent = rest.exponents[i];
        Node atom = exponent > 0 ? rest.operands[i] : form.power(rest.operands[i], -1);
        for (int k = Math.abs(exponent); k > 0; k--) {
          atoms.add(atom.id);
        }
      }
    } else if (!rest.isConstant()) {
      atoms.add(rest.id);
    }
    boolean isUnit = Math.abs(product.constant) == 1.0;
    return new Plan.Term(isUnit ? unit : null, product.constant < 0, negative, sorted(atoms));
  }

  private static int[] sorted(List<Integer> atoms) {
    return atoms.stream().mapToInt(Integer::intValue).sorted().toArray();
  }

  private Plan planSum(int id, Node sum) {
    Plan plan = new Plan(id, sum, Plan.Kind.SUM);
    NormalForm.Sum parameters = form.new Sum();
    NormalForm.Sum shared = form.new Sum();
    boolean hasParameters = false;
    boolean hasShared = false;
    boolean split = sum.dependence == Dependence.POINT;
    List<Plan.Term> varying = new ArrayList<>();
    for (int i = 0; i < sum.operands.length; i++) {
      Node operand = sum.operands[i];
      double coefficient = sum.coefficients[i];
      if (split && operand.dependence.isPointInvariant()) {
        parameters.plus(coefficient, operand);
        hasParameters = true;
      } else if (split && operand.dependence == Dependence.SHARED) {
        shared.plus(coefficient, operand);
        hasShared = true;
      } else {
        varying.add(term(form.scale(coefficient, operand)));
      }
    }
    if (sum.constant != 0.0) {
      Node constant = form.constant(sum.constant);
      if (hasParameters) {
        parameters.plus(1.0, constant);
      } else if (hasShared) {
        shared.plus(1.0, constant);
      } else {
        plan.terms.add(Plan.Term.addend(constant, false));
      }
    }
    if (hasParameters) {
      plan.terms.add(addend(parameters.build()));
    }
    if (hasShared) {
      plan.terms.add(addend(shared.build()));
    }
    plan.terms.addAll(varying);
    plan.terms.forEach(this::need);
    return plan;
  }

  /** A value that is added as it stands, or subtracted if that saves a sign. */
  private Plan.Term addend(Node node) {
    boolean negative = node.kind == Node.Kind.PRODUCT && node.constant == -1.0;
    return Plan.Term.addend(negative ? form.withoutCoefficient(node) : node, negative);
  }

  /** The plans that the outputs lead to, operands before uses. */
  private List<Plan> live(List<Node> outputs) {
    List<Plan> live = new ArrayList<>();
    BitSet done = new BitSet();
    Deque<Plan> stack = new ArrayDeque<>();
    for (Node output : outputs) {
      stack.push(plans.get(output.id));
      while (!stack.isEmpty()) {
        Plan top = stack.peek();
        if (done.get(top.id)) {
          stack.pop();
          continue;
        }
        int before = stack.size();
        for (int operand : top.operands()) {
          if (!done.get(operand)) {
            stack.push(plans.get(operand));
          }
        }
        if (stack.size() == before) {
          stack.pop();
          done.set(top.id);
          live.add(top);
        }
      }
    }
    return live;
  }

  /**
   * Uses a product's value where another needs it anyway; else moves its minus sign into the factor
   * that is computed once per batch.
   */
  private void settleSigns(List<Plan> live) {
    BitSet wanted = new BitSet();
    live.forEach(plan -> wanted.set(plan.id));
    for (Plan plan : live) {
      for (Plan.Term term : plan.terms) {
        if (term.atoms.length < 2) {
          continue;
        }
        boolean known = term.unit != null && term.unit.id != plan.id && wanted.get(term.unit.id);
        if (known && term.negative == term.unitNegative) {
          term.atoms = new int[] {term.unit.id};
        } else if (term.negative && plan.node.dependence == Dependence.POINT) {
          negateAtom(term, Dependence.SHARED);
        }
      }
    }
  }

  private boolean negateAtom(Plan.Term term, Dependence dependence) {
    for (int i = 0; i < term.atoms.length; i++) {
      Node atom = form.node(term.atoms[i]);
      if (atom.dependence == dependence) {
        Node negated = form.scale(-1.0, atom);
        need(negated);
        term.atoms[i] = negated.id;
        term.negative = false;
        return true;
      }
    }
    return false;
  }

  /** Computes {@code −(a−b)} as {@code b−a} where {@code a−b} is of no other use. */
  private void flipSums(List<Plan> live, List<Node> outputs) {
    int[] uses = new int[plans.size()];
    outputs.forEach(output -> uses[output.id]++);
    for (Plan plan : live) {
      for (int operand : plan.operands()) {
        uses[operand]++;
      }
    }
    for (Plan plan : live) {
      if (plan.kind == Plan.Kind.PRODUCT) {
        Plan.Term term = plan.terms.get(0);
        if (isFlippable(term, uses)) {
          Plan flipped = planSum(plan.id, form.negatedSum(form.node(term.atoms[0])));
          flipped.terms.forEach(inner -> flip(inner, uses));
          if (flipped.terms.stream().anyMatch(inner -> !inner.negative)) {
            put(flipped);
          }
        }
      } else if (plan.kind == Plan.Kind.SUM) {
        plan.terms.forEach(term -> flip(term, uses));
      }
    }
  }

  private boolean isFlippable(Plan.Term term, int[] uses) {
    int id = term.atoms[0];
    return term.negative
        && term.isAddend()
        && form.node(id).kind == Node.Kind.SUM
        && id < uses.length
        && uses[id] == 1;
  }

  private void flip(Plan.Term term, int[] uses) {
    if (isFlippable(term, uses)) {
      Node negated = form.negatedSum(form.node(term.atoms[0]));
      Plan flipped = planSum(negated.id, negated);
      if (flipped.terms.stream().anyMatch(inner -> !inner.negative)) {
        put(flipped);
        term.atoms[0] = negated.id;
        term.negative = false;
      }
    }
  }

  /** Sees to it that a sum has an addend to start with, if a sign ahead of the points gives it. */
  private void startPositive(Plan plan) {
    if (plan.node.dependence != Dependence.POINT
        || plan.terms.stream().anyMatch(term -> term.isAddend() && !term.negative)) {
      return;
    }
    for (Plan.Term term : plan.terms) {
      if (term.isAddend()
          && (negateAtom(term, Dependence.PARAMETER) || negateAtom(term, Dependence.SHARED))) {
        return;
      }
    }
  }
}
