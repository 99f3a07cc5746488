package org.nabla4j.cpu.codegen;

import static org.objectweb.asm.Opcodes.ALOAD;
import static org.objectweb.asm.Opcodes.ASTORE;
import static org.objectweb.asm.Opcodes.DUP_X2;
import static org.objectweb.asm.Opcodes.GETSTATIC;
import static org.objectweb.asm.Opcodes.ICONST_0;
import static org.objectweb.asm.Opcodes.IFEQ;
import static org.objectweb.asm.Opcodes.INVOKESTATIC;
import static org.objectweb.asm.Opcodes.INVOKEVIRTUAL;
import static org.objectweb.asm.Opcodes.POP;
import static org.objectweb.asm.Opcodes.SWAP;

import org.nabla4j.cpu.codegen.Value.Kind;
import org.nabla4j.cpu.codegen.Value.Mask;
import org.objectweb.asm.Label;

/**
 * Calls to {@code jdk.incubator.vector}. Each operation calls the API itself: a helper method that
 * returns a vector would not be inlined once C2's node budget is spent, and everything would box.
 *
 * <p>Arithmetic goes to the abstract {@code lanewise} methods, never to their final shorthands such
 * as {@code add} and {@code mul}. A shorthand calls {@code lanewise} on a receiver whose class C2
 * knows only from the type profile of the shorthand itself, which all code in the JVM shares. When
 * C2 is busy, that method runs in code without profiling; then on JDK 17 the call inside stays
 * virtual while the kernel is parsed, and every value with several uses is boxed, ten times slower.
 * Called from here, {@code lanewise} has a profile of its own at each call.
 */
final class VectorInstructions extends Instructions {

  private static final String PACKAGE = "jdk/incubator/vector/";
  private static final String VECTOR = "L" + PACKAGE + "Vector;";
  private static final String SPECIES = "L" + PACKAGE + "VectorSpecies;";
  private static final String OPERATORS = PACKAGE + "VectorOperators";
  private static final String UNARY = "L" + OPERATORS + "$Unary;";
  private static final String TERNARY = "L" + OPERATORS + "$Ternary;";
  private static final String BINARY = "L" + OPERATORS + "$Binary;";
  private static final String ASSOCIATIVE = "L" + OPERATORS + "$Associative;";
  private static final String COMPARISON = "L" + OPERATORS + "$Comparison;";
  private static final String MASK = PACKAGE + "VectorMask";
  private static final String MASK_TYPE = "L" + MASK + ";";

  private final String real;
  private final String realType;
  private final String bits;
  private final String bitsType;
  private final String element;
  private final String integer;
  private final String speciesName;

  VectorInstructions(Target target) {
    super(target);
    boolean d = target.isDouble();
    real = PACKAGE + (d ? "DoubleVector" : "FloatVector");
    bits = PACKAGE + (d ? "LongVector" : "IntVector");
    realType = "L" + real + ";";
    bitsType = "L" + bits + ";";
    element = d ? "D" : "F";
    integer = d ? "J" : "I";
    speciesName = "SPECIES_" + target.lanes() * (d ? 64 : 32);
  }

  @Override
  boolean isWide(Kind kind) {
    return false;
  }

  @Override
  void loadLocal(Kind kind, int local) {
    m.visitVarInsn(ALOAD, local);
  }

  @Override
  void storeLocal(Kind kind, int local) {
    m.visitVarInsn(ASTORE, local);
  }

  @Override
  void operation(Value v) {
    switch (v.kind) {
      case CONSTANT -> {
        species(real);
        pushNumber(v.number());
        broadcastStatic(real, realType, element);
      }
      case BITS_CONSTANT -> bitsConstant(v.bits);
      case ADD, SUB, MUL, DIV, MIN, MAX -> binary(v, real, realType, v.kind.name());
      case FMA -> {
        push.accept(v.operands[0]);
        operator("FMA", TERNARY);
        push.accept(v.operands[1]);
        push.accept(v.operands[2]);
        ternary();
      }
      case NEG, ABS, SQRT -> unary(v);
      case SELECT -> blend(v, real, realType);
      case FROM_BITS -> {
        pushAll(v);
        fromBits();
      }
      case TO_BITS -> {
        pushAll(v);
        toBits();
      }
      case BITS_ADD -> binary(v, bits, bitsType, "ADD");
      case BITS_SUB -> binary(v, bits, bitsType, "SUB");
      case BITS_AND -> binary(v, bits, bitsType, "AND");
      case BITS_OR -> binary(v, bits, bitsType, "OR");
      case BITS_XOR -> binary(v, bits, bitsType, "XOR");
      case BITS_MIN -> binary(v, bits, bitsType, "MIN");
      case BITS_MAX -> binary(v, bits, bitsType, "MAX");
      case BITS_SHL -> shift(v, "LSHL");
      case BITS_LSHR -> shift(v, "LSHR");
      case BITS_ASHR -> shift(v, "ASHR");
      case BITS_SELECT -> blend(v, bits, bitsType);
      case LT, LE, EQ, NE -> compare(v, real, v.kind.name());
      case BITS_LT -> compare(v, bits, "LT");
      case BITS_EQ -> compare(v, bits, "EQ");
      case AND, OR -> {
        pushAll(v);
        m.visitMethodInsn(
            INVOKEVIRTUAL,
            MASK,
            v.kind == Kind.AND ? "and" : "or",
            "(" + MASK_TYPE + ")" + MASK_TYPE,
            false);
      }
      case NOT -> {
        pushAll(v);
        m.visitMethodInsn(INVOKEVIRTUAL, MASK, "not", "()" + MASK_TYPE, false);
      }
      case SLOW_PATH -> slowPath(v);
      default -> throw new IllegalStateException("no instruction for " + v.kind);
    }
  }

  @Override
  void load(Runnable array, Runnable index) {
    species(real);
    array.run();
    index.run();
    fromArray();
  }

  @Override
  void broadcast(Runnable array, Runnable index) {
    species(real);
    array.run();
    index.run();
    m.visitInsn(
        target.isDouble() ? org.objectweb.asm.Opcodes.DALOAD : org.objectweb.asm.Opcodes.FALOAD);
    broadcastStatic(real, realType, element);
  }

  @Override
  void broadcast(int local) {
    species(real);
    m.visitVarInsn(org.objectweb.asm.Opcodes.DLOAD, local);
    broadcastStatic(real, realType, element);
  }

  @Override
  void store(Runnable value, Runnable array, Runnable index) {
    value.run();
    array.run();
    index.run();
    m.visitMethodInsn(INVOKEVIRTUAL, real, "intoArray", "([" + element + "I)V", false);
  }

  @Override
  void zero() {
    constant(0);
  }

  @Override
  void constant(double value) {
    species(real);
    pushNumber(value);
    broadcastStatic(real, realType, element);
  }

  @Override
  void selectNonZero(Runnable condition, Runnable a, Runnable b) {
    b.run();
    a.run();
    condition.run();
    operator("NE", COMPARISON);
    zero();
    compare(real);
    blend(real, realType);
  }

  @Override
  void reciprocal(Runnable a) {
    constant(1);
    binaryOperator("DIV");
    a.run();
    binary(real, realType);
  }

  @Override
  void larger(Runnable a, Runnable b, int local) {
    a.run();
    m.visitVarInsn(ASTORE, local);
    m.visitVarInsn(ALOAD, local);
    b.run();
    m.visitVarInsn(ALOAD, local);
    operator("LT", COMPARISON);
    b.run();
    compare(real);
    blend(real, realType);
    m.visitVarInsn(ASTORE, local);
  }

  @Override
  void add() {
    binaryOperator("ADD");
    m.visitInsn(SWAP);
    binary(real, realType);
  }

  @Override
  void subtract() {
    binaryOperator("SUB");
    m.visitInsn(SWAP);
    binary(real, realType);
  }

  @Override
  void multiply() {
    binaryOperator("MUL");
    m.visitInsn(SWAP);
    binary(real, realType);
  }

  @Override
  void fma() {
    // a, b, c to a, operator, b, c
    operator("FMA", TERNARY);
    m.visitInsn(DUP_X2);
    m.visitInsn(POP);
    ternary();
  }

  @Override
  void pack(Value v) {
    if (isBits(v.kind)) {
      fromBits();
    } else if (v instanceof Mask k) {
      int mask = allocate.applyAsInt(v.kind);
      m.visitVarInsn(ASTORE, mask);
      if (k.ofBits) {
        bitsConstant(0);
        bitsConstant(1);
        m.visitVarInsn(ALOAD, mask);
        blend(bits, bitsType);
        fromBits();
      } else {
        zero();
        species(real);
        pushNumber(1);
        broadcastStatic(real, realType, element);
        m.visitVarInsn(ALOAD, mask);
        blend(real, realType);
      }
    }
  }

  @Override
  void unpack(Value v) {
    if (isBits(v.kind)) {
      toBits();
    } else if (v instanceof Mask k && k.ofBits) {
      toBits();
      operator("NE", COMPARISON);
      bitsConstant(0);
      compare(bits);
    } else if (isMask(v.kind)) {
      operator("NE", COMPARISON);
      zero();
      compare(real);
    }
  }

  @Override
  void branchUnlessAny(Mask mask, Label label) {
    push.accept(mask);
    anyTrue();
    m.visitJumpInsn(IFEQ, label);
  }

  private void slowPath(Value v) {
    Value mask = v.operands[0];
    int arguments = v.operands.length - 2;
    int result = allocate.applyAsInt(Kind.ADD);
    push.accept(v.operands[arguments + 1]);
    m.visitVarInsn(ASTORE, result);
    Label skip = new Label();
    push.accept(mask);
    anyTrue();
    m.visitJumpInsn(IFEQ, skip);
    int array = allocate.applyAsInt(Kind.ADD);
    push.accept(v.operands[1]);
    toArray();
    m.visitVarInsn(ASTORE, array);
    m.visitLdcInsn(v.attachment);
    m.visitVarInsn(ALOAD, array);
    if (arguments == 2) {
      push.accept(v.operands[2]);
      toArray();
    } else {
      m.visitVarInsn(ALOAD, array);
    }
    m.visitMethodInsn(
        INVOKESTATIC,
        SLOW_PATHS,
        "apply",
        "(Ljava/lang/String;[" + element + "[" + element + ")V",
        false);
    m.visitVarInsn(ALOAD, result);
    species(real);
    m.visitVarInsn(ALOAD, array);
    m.visitInsn(ICONST_0);
    fromArray();
    push.accept(mask);
    blend(real, realType);
    m.visitVarInsn(ASTORE, result);
    m.visitLabel(skip);
    m.visitVarInsn(ALOAD, result);
  }

  private void pushAll(Value v) {
    for (Value o : v.operands) {
      push.accept(o);
    }
  }

  private void species(String owner) {
    m.visitFieldInsn(GETSTATIC, owner, speciesName, SPECIES);
  }

  private void operator(String name, String type) {
    m.visitFieldInsn(GETSTATIC, OPERATORS, name, type);
  }

  private void bitsConstant(long v) {
    species(bits);
    pushInteger(v);
    broadcastStatic(bits, bitsType, integer);
  }

  private void pushNumber(double v) {
    if (target.isDouble()) {
      m.visitLdcInsn(v);
    } else {
      m.visitLdcInsn((float) v);
    }
  }

  private void pushInteger(long v) {
    if (target.isDouble()) {
      m.visitLdcInsn(v);
    } else {
      m.visitLdcInsn((int) v);
    }
  }

  private void broadcastStatic(String owner, String type, String argument) {
    m.visitMethodInsn(
        INVOKESTATIC, owner, "broadcast", "(" + SPECIES + argument + ")" + type, false);
  }

  private void fromArray() {
    m.visitMethodInsn(
        INVOKESTATIC, real, "fromArray", "(" + SPECIES + "[" + element + "I)" + realType, false);
  }

  private void toArray() {
    m.visitMethodInsn(INVOKEVIRTUAL, real, "toArray", "()[" + element, false);
  }

  private void anyTrue() {
    m.visitMethodInsn(INVOKEVIRTUAL, MASK, "anyTrue", "()Z", false);
  }

  private void ternary() {
    m.visitMethodInsn(
        INVOKEVIRTUAL, real, "lanewise", "(" + TERNARY + VECTOR + VECTOR + ")" + realType, false);
  }

  private void unary(Value v) {
    pushAll(v);
    operator(v.kind.name(), UNARY);
    m.visitMethodInsn(INVOKEVIRTUAL, real, "lanewise", "(" + UNARY + ")" + realType, false);
  }

  private void binary(Value v, String owner, String type, String operation) {
    push.accept(v.operands[0]);
    binaryOperator(operation);
    push.accept(v.operands[1]);
    binary(owner, type);
  }

  private void binaryOperator(String operation) {
    boolean associative = !operation.equals("SUB") && !operation.equals("DIV");
    operator(operation, associative ? ASSOCIATIVE : BINARY);
  }

  /** Calls an operation on (a, operator, b). */
  private void binary(String owner, String type) {
    m.visitMethodInsn(INVOKEVIRTUAL, owner, "lanewise", "(" + BINARY + VECTOR + ")" + type, false);
  }

  private void shift(Value v, String operation) {
    pushAll(v);
    operator(operation, BINARY);
    pushInteger(v.bits);
    m.visitMethodInsn(
        INVOKEVIRTUAL, bits, "lanewise", "(" + BINARY + integer + ")" + bitsType, false);
  }

  private void fromBits() {
    m.visitMethodInsn(
        INVOKEVIRTUAL,
        bits,
        target.isDouble() ? "reinterpretAsDoubles" : "reinterpretAsFloats",
        "()" + realType,
        false);
  }

  private void toBits() {
    m.visitMethodInsn(
        INVOKEVIRTUAL,
        real,
        target.isDouble() ? "reinterpretAsLongs" : "reinterpretAsInts",
        "()" + bitsType,
        false);
  }

  private void compare(Value v, String owner, String operation) {
    push.accept(v.operands[0]);
    operator(operation, COMPARISON);
    push.accept(v.operands[1]);
    compare(owner);
  }

  private void compare(String owner) {
    m.visitMethodInsn(
        INVOKEVIRTUAL, owner, "compare", "(" + COMPARISON + VECTOR + ")" + MASK_TYPE, false);
  }

  /** Operands are (mask, a, b); the API's blend is called on b. */
  private void blend(Value v, String owner, String type) {
    push.accept(v.operands[2]);
    push.accept(v.operands[1]);
    push.accept(v.operands[0]);
    blend(owner, type);
  }

  private void blend(String owner, String type) {
    m.visitMethodInsn(INVOKEVIRTUAL, owner, "blend", "(" + VECTOR + MASK_TYPE + ")" + type, false);
  }
}
