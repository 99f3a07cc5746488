package org.nabla4j.program;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * Turns nodes of the normal form into a {@link Program}: plans them, shares what products have in
 * common, and writes instructions.
 */
final class Emitter {
  private final NormalForm form;
  private final boolean fma;
  private final InstructionList code = new InstructionList();
  private Plan[] plans;
  private int firstPair;

  /** Value ids by node or pair id; −1 for what is not written yet. */
  private int[] values;

  private List<int[]> pairs;

  Emitter(NormalForm form, boolean fma) {
    this.form = form;
    this.fma = fma;
  }

  /** The program whose outputs are the given nodes, in that order. */
  Program emit(ProgramInputs inputs, List<Node> outputs, boolean columnsVary) {
    List<Plan> live = new Planner(form).plan(outputs);
    factorize(live);
    plans = new Plan[firstPair];
    live.forEach(plan -> plans[plan.id] = plan);
    values = new int[firstPair + pairs.size()];
    Arrays.fill(values, -1);
    outputs.forEach(output -> emit(output.id));
    int[] ids = outputs.stream().mapToInt(output -> values[output.id]).toArray();
    return code.finish(inputs, ids, columnsVary);
  }

  private void factorize(List<Plan> live) {
    List<Factorizer.Item> items = new ArrayList<>();
    List<Plan.Term> terms = new ArrayList<>();
    for (Plan plan : live) {
      for (int i = 0; i < plan.terms.size(); i++) {
        Plan.Term term = plan.terms.get(i);
        if (!term.isAddend()) {
          boolean whole = plan.kind == Plan.Kind.PRODUCT && !term.negative;
          boolean fused = fma && plan.kind == Plan.Kind.SUM && i != plan.start && !term.negative;
          items.add(new Factorizer.Item(whole ? plan.id : -1, fused, term.atoms));
          terms.add(term);
        }
      }
    }
    firstPair = form.size();
    pairs = new Factorizer(items, firstPair).run();
    for (int i = 0; i < terms.size(); i++) {
      terms.get(i).atoms = items.get(i).atoms;
    }
  }

  /** Emits a node or pair and all that it needs, with an explicit stack. */
  private void emit(int root) {
    Deque<Integer> stack = new ArrayDeque<>();
    stack.push(root);
    while (!stack.isEmpty()) {
      int top = stack.peek();
      if (values[top] >= 0) {
        stack.pop();
        continue;
      }
      int before = stack.size();
      for (int operand : top >= firstPair ? pairs.get(top - firstPair) : plans[top].operands()) {
        if (values[operand] < 0) {
          stack.push(operand);
        }
      }
      if (stack.size() == before) {
        stack.pop();
        values[top] = write(top);
      }
    }
  }

  private int write(int id) {
    if (id >= firstPair) {
      int[] pair = pairs.get(id - firstPair);
      return code.add(Opcode.MUL, values[pair[0]], values[pair[1]]);
    }
    Plan plan = plans[id];
    return switch (plan.kind) {
      case LEAF ->
          plan.node.isConstant()
              ? code.constant(plan.node.constant)
              : code.input(plan.node.opcode, plan.node.index);
      case CALL -> {
        int[] operands = new int[plan.node.operands.length];
        for (int i = 0; i < operands.length; i++) {
          operands[i] = values[plan.node.operands[i].id];
        }
        yield code.add(plan.node.opcode, operands);
      }
      case RECIPROCAL -> code.add(Opcode.RECIPROCAL, values[plan.node.operands[0].id]);
      case PRODUCT -> {
        Plan.Term term = plan.terms.get(0);
        int product = product(term.atoms, 0);
        yield term.negative ? code.add(Opcode.NEG, product) : product;
      }
      case SUM -> sum(plan);
    };
  }

  /** The product of the atoms from number {@code from} on. */
  private int product(int[] atoms, int from) {
    int product = values[atoms[from]];
    for (int i = from + 1; i < atoms.length; i++) {
      product = code.add(Opcode.MUL, product, values[atoms[i]]);
    }
    return product;
  }

  /** Addends first, for they are known early; then the products, fused where possible. */
  private int sum(Plan plan) {
    if (plan.start < 0) {
      for (Plan.Term term : plan.terms) {
        term.negative = false;
      }
      plan.start = 0;
      return code.add(Opcode.NEG, sum(plan));
    }
    int sum = product(plan.terms.get(plan.start).atoms, 0);
    for (int i = 0; i < plan.terms.size(); i++) {
      Plan.Term term = plan.terms.get(i);
      if (i != plan.start && term.isAddend()) {
        sum = plus(sum, term);
      }
    }
    for (int i = 0; i < plan.terms.size(); i++) {
      Plan.Term term = plan.terms.get(i);
      if (i != plan.start && !term.isAddend()) {
        sum = plus(sum, term);
      }
    }
    return sum;
  }

  private int plus(int sum, Plan.Term term) {
    int[] atoms = term.atoms;
    if (fma && !term.negative && atoms.length > 1) {
      return code.add(Opcode.FMA, values[atoms[0]], product(atoms, 1), sum);
    }
    return code.add(term.negative ? Opcode.SUB : Opcode.ADD, sum, product(atoms, 0));
  }
}
