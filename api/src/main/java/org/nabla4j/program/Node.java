package org.nabla4j.program;

import java.util.Arrays;

/**
 * A node of the normal form, made and interned by {@link NormalForm}.
 *
 * <ul>
 *   <li>CONSTANT: the number {@code constant}.
 *   <li>INPUT: the input {@code opcode}, {@code index}.
 *   <li>CALL: {@code opcode} applied to {@code operands}.
 *   <li>PRODUCT: {@code constant · Π operands[i]^exponents[i]}. A base may occur once with a
 *       positive and once with a negative exponent: {@code x²/x} is not {@code x}, for it is NaN at
 *       0.
 *   <li>SUM: {@code constant + Σ coefficients[i] · operands[i]}, where no operand has a constant
 *       factor.
 * </ul>
 */
final class Node {
  enum Kind {
    CONSTANT,
    INPUT,
    CALL,
    PRODUCT,
    SUM
  }

  static final Node[] NO_NODES = {};
  static final int[] NO_EXPONENTS = {};
  static final double[] NO_COEFFICIENTS = {};

  final Kind kind;
  final Opcode opcode;
  final int index;
  final double constant;
  final Node[] operands;
  final int[] exponents;
  final double[] coefficients;
  final Dependence dependence;
  private final int hash;

  /** Position in the arena: operands have lower ids than what is made of them. */
  int id = -1;

  Node(
      Kind kind,
      Opcode opcode,
      int index,
      double constant,
      Node[] operands,
      int[] exponents,
      double[] coefficients,
      Dependence dependence) {
    this.kind = kind;
    this.opcode = opcode;
    this.index = index;
    this.constant = constant;
    this.operands = operands;
    this.exponents = exponents;
    this.coefficients = coefficients;
    this.dependence = dependence;
    int h = kind.name().hashCode();
    h = 31 * h + (opcode == null ? 0 : opcode.name().hashCode());
    h = 31 * h + index;
    h = 31 * h + Double.hashCode(constant);
    for (Node operand : operands) {
      h = 31 * h + operand.id;
    }
    h = 31 * h + Arrays.hashCode(exponents);
    this.hash = 31 * h + Arrays.hashCode(coefficients);
  }

  boolean isConstant() {
    return kind == Kind.CONSTANT;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Node that
        && hash == that.hash
        && kind == that.kind
        && opcode == that.opcode
        && index == that.index
        && Double.doubleToLongBits(constant) == Double.doubleToLongBits(that.constant)
        && Arrays.equals(exponents, that.exponents)
        && Arrays.equals(coefficients, that.coefficients)
        && sameOperands(that);
  }

  private boolean sameOperands(Node that) {
    if (operands.length != that.operands.length) {
      return false;
    }
    for (int i = 0; i < operands.length; i++) {
      if (operands[i].id != that.operands[i].id) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
