package org.nabla4j.program;

import java.util.Locale;
import java.util.Objects;

/**
 * One instruction of a {@link Program}; the value it defines has the instruction's position in the
 * program as its id.
 *
 * @param opcode what is computed
 * @param a id of the first operand, or the index of the input; −1 if there is none
 * @param b id of the second operand; −1 if there is none
 * @param c id of the third operand; −1 if there is none
 * @param constant the number of a {@link Opcode#CONSTANT}; +0.0 otherwise
 */
public record Instruction(Opcode opcode, int a, int b, int c, double constant) {

  /**
   * Checks that the operands fit the opcode.
   *
   * @param opcode what is computed
   * @param a id of the first operand, or the index of the input; −1 if there is none
   * @param b id of the second operand; −1 if there is none
   * @param c id of the third operand; −1 if there is none
   * @param constant the number of a {@link Opcode#CONSTANT}; +0.0 otherwise
   * @throws IllegalArgumentException if an operand is missing or superfluous
   */
  public Instruction {
    Objects.requireNonNull(opcode, "opcode");
    int arity = opcode.arity();
    boolean usesA = arity >= 1 || opcode.isInput();
    if (usesA != a >= 0 || arity >= 2 != b >= 0 || arity >= 3 != c >= 0) {
      throw new IllegalArgumentException(
          "operands of "
              + opcode
              + " are ("
              + a
              + ", "
              + b
              + ", "
              + c
              + "): it takes "
              + (opcode.isInput() ? "the index of an input" : arity + " ids")
              + ", and -1 for what it does not take");
    }
    if (opcode != Opcode.CONSTANT && Double.doubleToRawLongBits(constant) != 0L) {
      throw new IllegalArgumentException("constant of " + opcode + " is " + constant + ", not 0");
    }
  }

  /**
   * An instruction that loads a number.
   *
   * @param value the number
   * @return the instruction
   */
  public static Instruction constant(double value) {
    return new Instruction(Opcode.CONSTANT, -1, -1, -1, value);
  }

  /**
   * An instruction that reads an input.
   *
   * @param opcode one of the four input opcodes
   * @param index which input of that kind
   * @return the instruction
   */
  public static Instruction input(Opcode opcode, int index) {
    if (!opcode.isInput()) {
      throw new IllegalArgumentException("opcode " + opcode + " does not read an input");
    }
    return new Instruction(opcode, index, -1, -1, 0.0);
  }

  /**
   * An arithmetic instruction.
   *
   * @param opcode an opcode that takes as many operands as are given
   * @param operands ids of earlier values
   * @return the instruction
   */
  public static Instruction of(Opcode opcode, int... operands) {
    if (operands.length != opcode.arity() || opcode.arity() == 0) {
      throw new IllegalArgumentException(
          opcode + " takes " + opcode.arity() + " operands, " + operands.length + " given");
    }
    return new Instruction(
        opcode,
        operands[0],
        operands.length > 1 ? operands[1] : -1,
        operands.length > 2 ? operands[2] : -1,
        0.0);
  }

  /**
   * Operand number {@code k}.
   *
   * @param k 0, 1 or 2
   * @return {@code a}, {@code b} or {@code c}
   */
  public int operand(int k) {
    return switch (k) {
      case 0 -> a;
      case 1 -> b;
      case 2 -> c;
      default -> throw new IndexOutOfBoundsException("operand " + k + ": must be 0, 1 or 2");
    };
  }

  /** For a listing: {@code mul v3 v7}, {@code constant 2.0}, {@code parameter 0}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(opcode.name().toLowerCase(Locale.ROOT));
    if (opcode == Opcode.CONSTANT) {
      return text.append(' ').append(constant).toString();
    }
    if (opcode.isInput()) {
      return text.append(' ').append(a).toString();
    }
    for (int k = 0; k < opcode.arity(); k++) {
      text.append(" v").append(operand(k));
    }
    return text.toString();
  }
}
