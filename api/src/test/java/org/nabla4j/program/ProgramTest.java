package org.nabla4j.program;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nabla4j.expression.Op;

/** The data types: what they hold, what they refuse, and their keys. */
class ProgramTest {
  private static final ProgramInputs INPUTS =
      new ProgramInputs(List.of("a", "b"), List.of("k"), List.of("x"), List.of("y"));

  /** 2·a, then 2·a·x + y. */
  private static Program sample(ProgramInputs inputs, double two) {
    return Program.of(
        inputs,
        List.of(
            Instruction.constant(two),
            Instruction.input(Opcode.PARAMETER, 0),
            Instruction.of(Opcode.MUL, 0, 1),
            Instruction.input(Opcode.SHARED_COLUMN, 0),
            Instruction.input(Opcode.PROBLEM_COLUMN, 0),
            Instruction.of(Opcode.FMA, 2, 3, 4)),
        5,
        2);
  }

  @Test
  void knowsWhatEachValueDependsOn() {
    Program program = sample(INPUTS, 2);
    assertEquals(6, program.size());
    assertEquals(Dependence.CONSTANT, program.dependence(0));
    assertEquals(Dependence.PARAMETER, program.dependence(2));
    assertEquals(Dependence.SHARED, program.dependence(3));
    assertEquals(Dependence.POINT, program.dependence(5));
    assertEquals(1, program.start(Dependence.PARAMETER));
    assertEquals(3, program.end(Dependence.PARAMETER));
    assertEquals(4, program.start(Dependence.POINT));
    assertArrayEquals(new int[] {5, 2}, program.outputs());
    assertFalse(program.columnsVary());
  }

  @Test
  void sharedColumnsVaryInTheStreamLayout() {
    List<Instruction> instructions = List.of(Instruction.input(Opcode.SHARED_COLUMN, 0));
    assertEquals(Dependence.SHARED, Program.of(INPUTS, instructions, 0).dependence(0));
    assertEquals(Dependence.POINT, Program.of(INPUTS, instructions, true, 0).dependence(0));
    assertNotEquals(
        Program.of(INPUTS, instructions, 0).contentKey(),
        Program.of(INPUTS, instructions, true, 0).contentKey());
  }

  @Test
  void listsItselfReadably() {
    assertEquals(
        """
        CONSTANT
          v0 = constant 2.0
        PARAMETER
          v1 = parameter 0 (a)
          v2 = mul v0 v1
        SHARED
          v3 = shared_column 0 (x)
        POINT
          v4 = problem_column 0 (y)
          v5 = fma v2 v3 v4
        outputs v5 v2
        """,
        sample(INPUTS, 2).toString());
  }

  @Test
  void equalityIsStructural() {
    assertEquals(sample(INPUTS, 2), sample(INPUTS, 2));
    assertEquals(sample(INPUTS, 2).hashCode(), sample(INPUTS, 2).hashCode());
    assertNotEquals(sample(INPUTS, 2), sample(INPUTS, 3));
    assertNotEquals(sample(INPUTS, 0.0), sample(INPUTS, -0.0));
    assertNotEquals(
        sample(INPUTS, 2),
        sample(new ProgramInputs(List.of("p", "q"), List.of("k"), List.of("x"), List.of("y")), 2));
    assertFalse(sample(INPUTS, 2).equals(null));
  }

  @Test
  void contentKeyIsOfTheContentNotOfTheNames() {
    String key = sample(INPUTS, 2).contentKey();
    // Written down, for kernels may be cached across processes.
    assertEquals("8d312b7cf1b6fb6745071baa3ff42f9c614cb0254573bf71254394f188bbacab", key);
    assertEquals(
        key,
        sample(new ProgramInputs(List.of("p", "q"), List.of("c"), List.of("t"), List.of("u")), 2)
            .contentKey());
    assertNotEquals(key, sample(INPUTS, 2.5).contentKey());
    assertNotEquals(
        key,
        sample(new ProgramInputs(List.of("a"), List.of("k"), List.of("x"), List.of("y")), 2)
            .contentKey());
  }

  @Test
  void refusesWhatIsNotInOrder() {
    refuse(
        "operands must come before",
        Instruction.input(Opcode.PARAMETER, 0),
        Instruction.of(Opcode.NEG, 1));
    refuse(
        "ordered by dependence",
        Instruction.input(Opcode.SHARED_COLUMN, 0),
        Instruction.input(Opcode.PARAMETER, 0));
    refuse("there are 2", Instruction.input(Opcode.PARAMETER, 2));
    IllegalArgumentException output =
        assertThrows(
            IllegalArgumentException.class,
            () -> Program.of(INPUTS, List.of(Instruction.constant(1)), 1));
    assertTrue(output.getMessage().contains("output 1"), output.getMessage());
  }

  private static void refuse(String message, Instruction... instructions) {
    IllegalArgumentException thrown =
        assertThrows(
            IllegalArgumentException.class,
            () -> Program.of(INPUTS, List.of(instructions), instructions.length - 1));
    assertTrue(thrown.getMessage().contains(message), thrown.getMessage());
  }

  @Test
  void instructionsTakeTheOperandsOfTheirOpcode() {
    assertThrows(IllegalArgumentException.class, () -> Instruction.of(Opcode.ADD, 1));
    assertThrows(IllegalArgumentException.class, () -> Instruction.of(Opcode.NEG, 1, 2));
    assertThrows(IllegalArgumentException.class, () -> Instruction.of(Opcode.CONSTANT));
    assertThrows(IllegalArgumentException.class, () -> Instruction.input(Opcode.ADD, 0));
    assertThrows(IllegalArgumentException.class, () -> new Instruction(Opcode.ADD, 0, -1, -1, 0));
    assertThrows(IllegalArgumentException.class, () -> new Instruction(Opcode.NEG, 0, -1, -1, 1.0));
    Instruction where = Instruction.of(Opcode.WHERE, 4, 5, 6);
    assertEquals(4, where.operand(0));
    assertEquals(5, where.operand(1));
    assertEquals(6, where.operand(2));
    assertThrows(IndexOutOfBoundsException.class, () -> where.operand(3));
    assertEquals("where v4 v5 v6", where.toString());
  }

  @Test
  void inputNamesAreDistinct() {
    IllegalArgumentException thrown =
        assertThrows(
            IllegalArgumentException.class,
            () -> new ProgramInputs(List.of("a"), List.of(), List.of("a"), List.of()));
    assertTrue(thrown.getMessage().contains("'a'"), thrown.getMessage());
    assertThrows(IllegalArgumentException.class, () -> INPUTS.names(Opcode.ADD));
    assertEquals(1, INPUTS.count(Opcode.PROBLEM_CONSTANT));
  }

  @Test
  void dependenceIsALattice() {
    for (Dependence a : Dependence.values()) {
      assertEquals(a, a.join(a));
      assertEquals(a, a.join(Dependence.CONSTANT));
      assertEquals(Dependence.POINT, a.join(Dependence.POINT));
      for (Dependence b : Dependence.values()) {
        assertEquals(a.join(b), b.join(a));
      }
    }
    assertEquals(Dependence.POINT, Dependence.PARAMETER.join(Dependence.SHARED));
    assertTrue(Dependence.PARAMETER.isPointInvariant());
    assertFalse(Dependence.SHARED.isPointInvariant());
  }

  @ParameterizedTest
  @EnumSource(Op.class)
  void everyOperationOfExpressionsHasAnOpcode(Op op) {
    if (op.arity() > 0) {
      assertEquals(op.arity(), Opcode.valueOf(op.name()).arity());
    }
  }

  @Test
  void interpreterKnowsTheOperationsThatExpressionsLack() {
    assertEquals(7.0, Interpreter.apply(Opcode.FMA, 2, 3, 1));
    assertEquals(0.25, Interpreter.apply(Opcode.RECIPROCAL, 4, 0, 0));
    assertEquals(8.0, Interpreter.apply(Opcode.EXP2, 3, 0, 0));
    assertEquals(Math.hypot(3, 5), Interpreter.apply(Opcode.HYPOT, 3, 5, 0));
    assertThrows(
        IllegalArgumentException.class, () -> Interpreter.apply(Opcode.PARAMETER, 0, 0, 0));
  }

  @Test
  void interpreterReadsEachInputAndKeepsValues() {
    Interpreter interpreter = new Interpreter(sample(INPUTS, 2));
    double[] outputs = new double[2];
    interpreter.evaluate(
        new double[] {5, 0}, new double[1], new double[] {7}, new double[] {11}, outputs);
    assertArrayEquals(new double[] {81, 10}, outputs);
    assertEquals(7.0, interpreter.value(3));
    IllegalArgumentException thrown =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                interpreter.evaluate(
                    new double[1], new double[1], new double[1], new double[1], outputs));
    assertEquals("parameters has length 1: must be at least 2", thrown.getMessage());
  }
}
