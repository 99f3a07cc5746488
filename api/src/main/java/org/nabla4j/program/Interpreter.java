package org.nabla4j.program;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.nabla4j.expression.Op;
import org.nabla4j.expression.ScalarMath;

/**
 * Runs a {@link Program} in plain double, one data point at a time: the reference that every
 * backend is tested against, and not meant to be fast.
 *
 * <p>Operations that expressions have too are those of {@link ScalarMath}; FMA is {@link Math#fma},
 * EXP2 is {@code Math.pow(2, a)}, RECIPROCAL is {@code 1 / a}.
 *
 * <p>An interpreter keeps the values of its last evaluation and is not for use by several threads.
 */
public final class Interpreter {
  private static final Map<Opcode, Op> OPS = new EnumMap<>(Opcode.class);

  static {
    for (Opcode opcode : Opcode.values()) {
      if (opcode.arity() > 0
          && opcode != Opcode.FMA
          && opcode != Opcode.RECIPROCAL
          && opcode != Opcode.EXP2) {
        OPS.put(opcode, Op.valueOf(opcode.name()));
      }
    }
  }

  private final Program program;
  private final double[] values;
  private final int[] outputs;

  /**
   * An interpreter of one program.
   *
   * @param program what to run
   */
  public Interpreter(Program program) {
    this.program = Objects.requireNonNull(program, "program");
    values = new double[program.size()];
    outputs = program.outputs();
  }

  /**
   * Evaluates the program at one data point of one problem.
   *
   * @param parameters θ; not modified
   * @param problemConstants the problem's constants; not modified
   * @param sharedRow the shared columns at the data point; not modified
   * @param problemRow the problem's own columns at the data point; not modified
   * @param outputs receives the outputs in the order asked for; may be longer than needed
   * @throws IllegalArgumentException if an array is shorter than the program's inputs or outputs
   */
  public void evaluate(
      double[] parameters,
      double[] problemConstants,
      double[] sharedRow,
      double[] problemRow,
      double[] outputs) {
    ProgramInputs inputs = program.inputs();
    require("parameters", parameters.length, inputs.parameters().size());
    require("problemConstants", problemConstants.length, inputs.problemConstants().size());
    require("sharedRow", sharedRow.length, inputs.sharedColumns().size());
    require("problemRow", problemRow.length, inputs.problemColumns().size());
    require("outputs", outputs.length, this.outputs.length);
    for (int id = 0; id < values.length; id++) {
      Instruction instruction = program.instruction(id);
      values[id] =
          switch (instruction.opcode()) {
            case CONSTANT -> instruction.constant();
            case PARAMETER -> parameters[instruction.a()];
            case PROBLEM_CONSTANT -> problemConstants[instruction.a()];
            case SHARED_COLUMN -> sharedRow[instruction.a()];
            case PROBLEM_COLUMN -> problemRow[instruction.a()];
            default ->
                apply(
                    instruction.opcode(),
                    values[instruction.a()],
                    instruction.b() < 0 ? 0 : values[instruction.b()],
                    instruction.c() < 0 ? 0 : values[instruction.c()]);
          };
    }
    for (int i = 0; i < this.outputs.length; i++) {
      outputs[i] = values[this.outputs[i]];
    }
  }

  /**
   * A value of the last evaluation.
   *
   * @param id the value's id
   * @return the value
   */
  public double value(int id) {
    return values[id];
  }

  private static void require(String name, int length, int needed) {
    if (length < needed) {
      throw new IllegalArgumentException(
          name + " has length " + length + ": must be at least " + needed);
    }
  }

  /**
   * Applies an operation to numbers.
   *
   * @param opcode any operation that takes operands
   * @param a first operand
   * @param b second operand, ignored by operations of one operand
   * @param c third operand, ignored by operations of one or two operands
   * @return the value, NaN where there is none
   * @throws IllegalArgumentException if the opcode is an input or a constant
   */
  public static double apply(Opcode opcode, double a, double b, double c) {
    return switch (opcode) {
      case FMA -> Math.fma(a, b, c);
      case RECIPROCAL -> 1 / a;
      case EXP2 -> Math.pow(2, a);
      default -> {
        Op op = OPS.get(opcode);
        if (op == null) {
          throw new IllegalArgumentException("opcode " + opcode + " takes no operands");
        }
        yield ScalarMath.apply(op, a, b, c);
      }
    };
  }
}
