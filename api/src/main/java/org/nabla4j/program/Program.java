package org.nabla4j.program;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Straight-line code in static single assignment form: each instruction defines one value, whose id
 * is the position of the instruction, from values defined before it.
 *
 * <p>The instructions are ordered by {@link Dependence}: all {@code CONSTANT} values first, then
 * {@code PARAMETER}, {@code SHARED} and {@code POINT}, each class in an order in which operands
 * come before their use. A backend thus executes four consecutive ranges, each as often as it has
 * to be.
 *
 * <p>Immutable.
 */
public final class Program {
  private final ProgramInputs inputs;
  private final Instruction[] instructions;
  private final Dependence[] dependences;
  private final int[] outputs;
  private final boolean columnsVary;
  private final Map<Dependence, Integer> starts = new EnumMap<>(Dependence.class);
  private final Map<Dependence, Integer> ends = new EnumMap<>(Dependence.class);
  private volatile String contentKey;

  private Program(
      ProgramInputs inputs, Instruction[] instructions, int[] outputs, boolean columnsVary) {
    this.inputs = inputs;
    this.instructions = instructions;
    this.outputs = outputs;
    this.columnsVary = columnsVary;
    dependences = new Dependence[instructions.length];
    for (int id = 0; id < instructions.length; id++) {
      dependences[id] = check(id);
    }
    int end = 0;
    for (Dependence dependence : Dependence.values()) {
      starts.put(dependence, end);
      while (end < instructions.length && dependences[end] == dependence) {
        end++;
      }
      ends.put(dependence, end);
    }
    if (end < instructions.length) {
      throw new IllegalArgumentException(
          "instruction "
              + end
              + " is "
              + dependences[end]
              + " after one that is "
              + dependences[end - 1]
              + ": instructions must be ordered by dependence");
    }
    for (int output : outputs) {
      if (output < 0 || output >= instructions.length) {
        throw new IllegalArgumentException(
            "output " + output + ": must be the id of one of " + instructions.length + " values");
      }
    }
  }

  private Dependence check(int id) {
    Instruction instruction = instructions[id];
    Opcode opcode = instruction.opcode();
    if (opcode.isInput()) {
      if (instruction.a() >= inputs.count(opcode)) {
        throw new IllegalArgumentException(
            "instruction "
                + id
                + " reads "
                + opcode
                + " "
                + instruction.a()
                + ": there are "
                + inputs.count(opcode));
      }
      return inputDependence(opcode, columnsVary);
    }
    Dependence dependence = Dependence.CONSTANT;
    for (int k = 0; k < opcode.arity(); k++) {
      int operand = instruction.operand(k);
      if (operand >= id) {
        throw new IllegalArgumentException(
            "instruction " + id + " uses value " + operand + ": operands must come before");
      }
      dependence = dependence.join(dependences[operand]);
    }
    return dependence;
  }

  /**
   * The class of an input.
   *
   * @param opcode one of the four input opcodes
   * @param columnsVary whether shared columns vary from lane to lane, as in the stream layout
   * @return its dependence
   */
  static Dependence inputDependence(Opcode opcode, boolean columnsVary) {
    return switch (opcode) {
      case PARAMETER, PROBLEM_CONSTANT -> Dependence.PARAMETER;
      case SHARED_COLUMN -> columnsVary ? Dependence.POINT : Dependence.SHARED;
      case PROBLEM_COLUMN -> Dependence.POINT;
      default -> throw new IllegalArgumentException("opcode " + opcode + " does not read an input");
    };
  }

  /**
   * A program from its parts, for batches: shared columns are {@link Dependence#SHARED}.
   *
   * @param inputs what it reads
   * @param instructions the instructions, ordered by dependence and operands before uses; copied
   * @param outputs ids of the values asked for; copied
   * @return the program
   * @throws IllegalArgumentException if an operand, an input or the order is wrong
   */
  public static Program of(ProgramInputs inputs, List<Instruction> instructions, int... outputs) {
    return of(inputs, instructions, false, outputs);
  }

  /**
   * A program from its parts.
   *
   * @param inputs what it reads
   * @param instructions the instructions, ordered by dependence and operands before uses; copied
   * @param columnsVary true if every column is {@link Dependence#POINT}, as in the stream layout,
   *     where a lane is a data point and nothing is computed ahead per shared column
   * @param outputs ids of the values asked for; copied
   * @return the program
   * @throws IllegalArgumentException if an operand, an input or the order is wrong
   */
  public static Program of(
      ProgramInputs inputs, List<Instruction> instructions, boolean columnsVary, int... outputs) {
    return new Program(
        Objects.requireNonNull(inputs, "inputs"),
        instructions.toArray(new Instruction[0]),
        outputs.clone(),
        columnsVary);
  }

  /**
   * The number of instructions, which is the number of values.
   *
   * @return the size
   */
  public int size() {
    return instructions.length;
  }

  /**
   * The instruction that defines a value.
   *
   * @param id 0 ≤ id &lt; size
   * @return the instruction
   */
  public Instruction instruction(int id) {
    return instructions[id];
  }

  /**
   * What a value varies with.
   *
   * @param id 0 ≤ id &lt; size
   * @return its dependence
   */
  public Dependence dependence(int id) {
    return dependences[id];
  }

  /**
   * The first id of a class's range of instructions.
   *
   * @param dependence the class
   * @return the id; equal to {@link #end} if the class is empty
   */
  public int start(Dependence dependence) {
    return starts.get(dependence);
  }

  /**
   * The id after the last of a class's range of instructions.
   *
   * @param dependence the class
   * @return the id, exclusive
   */
  public int end(Dependence dependence) {
    return ends.get(dependence);
  }

  /**
   * The values asked for.
   *
   * @return their ids in the order asked for; a copy
   */
  public int[] outputs() {
    return outputs.clone();
  }

  /**
   * What the program reads.
   *
   * @return the inputs
   */
  public ProgramInputs inputs() {
    return inputs;
  }

  /**
   * Whether shared columns count as {@link Dependence#POINT}, as in the stream layout.
   *
   * @return true if nothing is computed ahead for shared columns
   */
  public boolean columnsVary() {
    return columnsVary;
  }

  /**
   * A key by which compiled kernels can be cached: equal for programs that compute the same from
   * inputs at the same positions, whatever the inputs are called; the same in every process.
   *
   * @return 64 hexadecimal digits (SHA-256 of the instructions, outputs and input counts)
   */
  public String contentKey() {
    String key = contentKey;
    if (key == null) {
      key = computeContentKey();
      contentKey = key;
    }
    return key;
  }

  private String computeContentKey() {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
    ByteBuffer header = ByteBuffer.allocate(28 + 4 * outputs.length);
    header.putInt(columnsVary ? 1 : 0);
    header.putInt(inputs.parameters().size()).putInt(inputs.problemConstants().size());
    header.putInt(inputs.sharedColumns().size()).putInt(inputs.problemColumns().size());
    header.putInt(instructions.length).putInt(outputs.length);
    for (int output : outputs) {
      header.putInt(output);
    }
    digest.update(header.array());
    for (Instruction instruction : instructions) {
      // Names, not ordinals: the key stays the same when opcodes are added.
      digest.update(instruction.opcode().name().getBytes(StandardCharsets.US_ASCII));
      ByteBuffer rest = ByteBuffer.allocate(20);
      rest.putInt(instruction.a()).putInt(instruction.b()).putInt(instruction.c());
      rest.putLong(Double.doubleToLongBits(instruction.constant()));
      digest.update(rest.array());
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Program that
        && columnsVary == that.columnsVary
        && inputs.equals(that.inputs)
        && Arrays.equals(instructions, that.instructions)
        && Arrays.equals(outputs, that.outputs);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * inputs.hashCode() + Arrays.hashCode(instructions)) + Arrays.hashCode(outputs);
  }

  /** A listing: one line for each instruction, grouped by dependence, and the outputs. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (Dependence dependence : Dependence.values()) {
      for (int id = start(dependence); id < end(dependence); id++) {
        if (id == start(dependence)) {
          text.append(dependence).append('\n');
        }
        Instruction instruction = instructions[id];
        text.append("  v").append(id).append(" = ").append(instruction);
        if (instruction.opcode().isInput()) {
          String name = inputs.names(instruction.opcode()).get(instruction.a());
          text.append(" (").append(name).append(')');
        }
        text.append('\n');
      }
    }
    text.append("outputs");
    for (int output : outputs) {
      text.append(" v").append(output);
    }
    return text.append('\n').toString();
  }
}
