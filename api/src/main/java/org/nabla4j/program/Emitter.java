package org.nabla4j.program;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns nodes of the normal form into a {@link Program}: plans them, shares what products have in
 * common, and writes instructions.
 */
final class Emitter {
  private final NormalForm form;
  private final boolean fma;
  private final InstructionList code = new InstructionList();
  private final Map<Integer, Integer> values = new HashMap<>();

  private Map<Integer, Plan> plans;
  private final Map<Plan.Term, Factorizer.Item> items = new HashMap<>();
  private int firstPair;
  private List<int[]> pairs;

  Emitter(NormalForm form, boolean fma) {
    this.form = form;
    this.fma = fma;
  }

  /** The program whose outputs are the given nodes, in that order. */
  Program emit(ProgramInputs inputs, List<Node> outputs, boolean columnsVary) {
    plans = new Planner(form).plan(outputs);
    factorize();
    for (Node output : outputs) {
      emit(output.id);
    }
    int[] ids = outputs.stream().mapToInt(output -> values.get(output.id)).toArray();
    return code.finish(inputs, ids, columnsVary);
  }

  private void factorize() {
    List<Factorizer.Item> all = new ArrayList<>();
    for (Map.Entry<Integer, Plan> entry : plans.entrySet()) {
      Plan plan = entry.getValue();
      for (int i = 0; i < plan.terms.size(); i++) {
        Plan.Term term = plan.terms.get(i);
        boolean whole = plan.kind == Plan.Kind.PRODUCT && !term.negative;
        boolean fused = fma && plan.kind == Plan.Kind.SUM && i != plan.start && !term.negative;
        Factorizer.Item item =
            new Factorizer.Item(whole ? entry.getKey() : -1, fused, term.atoms.clone());
        items.put(term, item);
        if (!term.isAddend()) {
          all.add(item);
        }
      }
    }
    firstPair = form.size();
    pairs = new Factorizer(all, firstPair).run();
  }

  /** Emits a node or pair and all that it needs, with an explicit stack. */
  private void emit(int root) {
    Deque<Integer> stack = new ArrayDeque<>();
    stack.push(root);
    while (!stack.isEmpty()) {
      int top = stack.peek();
      if (values.containsKey(top)) {
        stack.pop();
        continue;
      }
      int before = stack.size();
      int[] operands = operands(top);
      for (int i = operands.length - 1; i >= 0; i--) {
        if (!values.containsKey(operands[i])) {
          stack.push(operands[i]);
        }
      }
      if (stack.size() == before) {
        stack.pop();
        values.put(top, write(top));
      }
    }
  }

  private int[] operands(int id) {
    if (id >= firstPair) {
      return pairs.get(id - firstPair);
    }
    Plan plan = plans.get(id);
    if (plan.kind == Plan.Kind.CALL || plan.kind == Plan.Kind.RECIPROCAL) {
      int[] operands = new int[plan.node.operands.length];
      for (int i = 0; i < operands.length; i++) {
        operands[i] = plan.node.operands[i].id;
      }
      return operands;
    }
    return plan.terms.stream().flatMapToInt(t -> Arrays.stream(atoms(t))).toArray();
  }

  private int[] atoms(Plan.Term term) {
    return items.get(term).atoms;
  }

  private int write(int id) {
    if (id >= firstPair) {
      int[] pair = pairs.get(id - firstPair);
      return code.add(Opcode.MUL, values.get(pair[0]), values.get(pair[1]));
    }
    Plan plan = plans.get(id);
    return switch (plan.kind) {
      case LEAF ->
          plan.node.isConstant()
              ? code.constant(plan.node.constant)
              : code.input(plan.node.opcode, plan.node.index);
      case CALL -> {
        int[] operands = new int[plan.node.operands.length];
        for (int i = 0; i < operands.length; i++) {
          operands[i] = values.get(plan.node.operands[i].id);
        }
        yield code.add(plan.node.opcode, operands);
      }
      case RECIPROCAL -> code.add(Opcode.RECIPROCAL, values.get(plan.node.operands[0].id));
      case PRODUCT -> {
        Plan.Term term = plan.terms.get(0);
        int product = product(atoms(term), 0);
        yield term.negative ? code.add(Opcode.NEG, product) : product;
      }
      case SUM -> sum(plan);
    };
  }

  /** The product of the atoms from number {@code from} on. */
  private int product(int[] atoms, int from) {
    int product = values.get(atoms[from]);
    for (int i = from + 1; i < atoms.length; i++) {
      product = code.add(Opcode.MUL, product, values.get(atoms[i]));
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
    int sum = product(atoms(plan.terms.get(plan.start)), 0);
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
    int[] atoms = atoms(term);
    if (fma && !term.negative && atoms.length > 1) {
      return code.add(Opcode.FMA, values.get(atoms[0]), product(atoms, 1), sum);
    }
    return code.add(term.negative ? Opcode.SUB : Opcode.ADD, sum, product(atoms, 0));
  }
}
