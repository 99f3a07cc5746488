package org.nabla4j.cpu;

import java.util.ArrayList;
import java.util.List;
import org.nabla4j.cpu.codegen.Kernel;
import org.nabla4j.program.Dependence;
import org.nabla4j.program.Instruction;
import org.nabla4j.program.Interpreter;
import org.nabla4j.program.Program;
import org.nabla4j.program.ProgramInputs;

/** What a program computes once for all problems of a batch. */
final class SharedValues {

  private SharedValues() {}

  /**
   * Computes what a kernel reads of data that all problems share.
   *
   * @param program the kernel's program
   * @param columns its shared columns, n points each
   * @param n data points
   * @return its values of each point side by side
   */
  static LaneMemory of(
      Program program, Kernel kernel, double[][] columns, int n, boolean isDouble) {
    List<Integer> ids = kernel.sharedValues();
    LaneMemory memory = LaneMemory.allocate(isDouble, Math.multiplyExact(n, ids.size()));
    if (ids.isEmpty()) {
      return memory;
    }
    Interpreter interpreter = new Interpreter(sharedPart(program, ids));
    ProgramInputs inputs = program.inputs();
    double[] none = new double[0];
    double[] constants = new double[inputs.problemConstants().size()];
    double[] theta = new double[inputs.parameters().size()];
    double[] row = new double[columns.length];
    double[] values = new double[ids.size()];
    for (int i = 0; i < n; i++) {
      for (int c = 0; c < row.length; c++) {
        row[c] = columns[c][i];
      }
      interpreter.evaluate(theta, constants, row, none, values);
      for (int k = 0; k < values.length; k++) {
        memory.set(i * values.length + k, values[k]);
      }
    }
    return memory;
  }

  /** The instructions that shared values need, without those of parameters. */
  private static Program sharedPart(Program program, List<Integer> ids) {
    List<Instruction> instructions = new ArrayList<>();
    for (int id = 0; id < program.end(Dependence.SHARED); id++) {
      instructions.add(program.instruction(id));
    }
    ProgramInputs inputs = program.inputs();
    ProgramInputs withoutOwn =
        new ProgramInputs(
            inputs.parameters(), inputs.problemConstants(), inputs.sharedColumns(), List.of());
    return Program.of(withoutOwn, instructions, ids.stream().mapToInt(Integer::intValue).toArray());
  }
}
