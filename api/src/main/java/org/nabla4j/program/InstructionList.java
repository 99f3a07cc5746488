package org.nabla4j.program;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Collects instructions, each once, then makes the {@link Program}: divisions put together again,
 * dead code left out, and instructions ordered by dependence.
 */
final class InstructionList {
  private final List<Instruction> instructions = new ArrayList<>();
  private final Map<Instruction, Integer> ids = new HashMap<>();

  int constant(double value) {
    return add(Instruction.constant(value));
  }

  int input(Opcode opcode, int index) {
    return add(Instruction.input(opcode, index));
  }

  /** The id of an operation's value, written now if it was not before. */
  int add(Opcode opcode, int... operands) {
    int[] ordered = operands;
    if (opcode.isCommutative() && operands[0] > operands[1]) {
      ordered = operands.clone();
      ordered[0] = operands[1];
      ordered[1] = operands[0];
    }
    if (Arrays.stream(ordered).allMatch(id -> instructions.get(id).opcode() == Opcode.CONSTANT)) {
      return constant(
          Interpreter.apply(
              opcode,
              number(ordered[0]),
              ordered.length > 1 ? number(ordered[1]) : 0,
              ordered.length > 2 ? number(ordered[2]) : 0));
    }
    return add(Instruction.of(opcode, ordered));
  }

  private double number(int id) {
    return instructions.get(id).constant();
  }

  private int add(Instruction instruction) {
    Integer known = ids.putIfAbsent(instruction, instructions.size());
    if (known != null) {
      return known;
    }
    instructions.add(instruction);
    return instructions.size() - 1;
  }

  Program finish(ProgramInputs inputs, int[] outputs, boolean columnsVary) {
    restoreDivisions(dependences(columnsVary), outputs);
    // Written anew, for what was restored may be there already, and what it replaced is dead.
    InstructionList live = new InstructionList();
    int[] uses = uses(outputs);
    int[] places = new int[instructions.size()];
    for (int id = 0; id < places.length; id++) {
      if (uses[id] > 0) {
        Instruction instruction = instructions.get(id);
        places[id] =
            instruction.opcode().arity() == 0
                ? live.add(instruction)
                : live.add(instruction.opcode(), operands(instruction, places));
      }
    }
    int[] ends = Arrays.stream(outputs).map(id -> places[id]).toArray();
    return live.ordered(inputs, ends, columnsVary);
  }

  private Program ordered(ProgramInputs inputs, int[] outputs, boolean columnsVary) {
    Dependence[] dependences = dependences(columnsVary);
    int[] order = new int[instructions.size()];
    List<Instruction> ordered = new ArrayList<>();
    for (Dependence dependence : Dependence.values()) {
      for (int id = 0; id < order.length; id++) {
        if (dependences[id] == dependence) {
          order[id] = ordered.size();
          ordered.add(renumbered(instructions.get(id), order));
        }
      }
    }
    int[] ends = Arrays.stream(outputs).map(id -> order[id]).toArray();
    return Program.of(inputs, ordered, columnsVary, ends);
  }

  private static Instruction renumbered(Instruction instruction, int[] places) {
    return instruction.opcode().arity() == 0
        ? instruction
        : Instruction.of(instruction.opcode(), operands(instruction, places));
  }

  /** The operands of an instruction at their new places. */
  private static int[] operands(Instruction instruction, int[] places) {
    int[] operands = new int[instruction.opcode().arity()];
    for (int k = 0; k < operands.length; k++) {
      operands[k] = places[instruction.operand(k)];
    }
    return operands;
  }

  private Dependence[] dependences(boolean columnsVary) {
    Dependence[] dependences = new Dependence[instructions.size()];
    for (int id = 0; id < dependences.length; id++) {
      Instruction instruction = instructions.get(id);
      if (instruction.opcode().isInput()) {
        dependences[id] = Program.inputDependence(instruction.opcode(), columnsVary);
        continue;
      }
      dependences[id] = Dependence.CONSTANT;
      for (int k = 0; k < instruction.opcode().arity(); k++) {
        dependences[id] = dependences[id].join(dependences[instruction.operand(k)]);
      }
    }
    return dependences;
  }

  /** How often each value is used by what the outputs need; 0 for dead code. */
  private int[] uses(int[] outputs) {
    int[] uses = new int[instructions.size()];
    for (int output : outputs) {
      uses[output]++;
    }
    for (int id = uses.length - 1; id >= 0; id--) {
      if (uses[id] > 0) {
        Instruction instruction = instructions.get(id);
        for (int k = 0; k < instruction.opcode().arity(); k++) {
          uses[instruction.operand(k)]++;
        }
      }
    }
    return uses;
  }

  /**
   * {@code a·(1/b)} is {@code a/b}, and {@code (1/a)·(1/b)} is {@code 1/(a·b)}, if the reciprocal
   * is of no other use and as often computed: one operation less, and rounded once less.
   */
  private void restoreDivisions(Dependence[] dependences, int[] outputs) {
    int[] uses = uses(outputs);
    for (int id = 0; id < instructions.size(); id++) {
      Instruction product = instructions.get(id);
      if (product.opcode() != Opcode.MUL || product.a() == product.b()) {
        continue;
      }
      boolean a = isOnlyFor(product.a(), id, dependences, uses);
      boolean b = isOnlyFor(product.b(), id, dependences, uses);
      if (a && b) {
        int first = instructions.get(product.a()).a();
        int second = instructions.get(product.b()).a();
        instructions.set(product.b(), Instruction.of(Opcode.MUL, first, second));
        instructions.set(id, Instruction.of(Opcode.RECIPROCAL, product.b()));
        continue;
      }
      if (b) {
        instructions.set(
            id, Instruction.of(Opcode.DIV, product.a(), instructions.get(product.b()).a()));
      } else if (a) {
        instructions.set(
            id, Instruction.of(Opcode.DIV, product.b(), instructions.get(product.a()).a()));
      }
    }
  }

  private boolean isOnlyFor(int id, int user, Dependence[] dependences, int[] uses) {
    return instructions.get(id).opcode() == Opcode.RECIPROCAL
        && uses[id] == 1
        && dependences[id] == dependences[user];
  }
}
