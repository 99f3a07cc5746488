package org.nabla4j.cpu.codegen;

import static org.objectweb.asm.Opcodes.ALOAD;
import static org.objectweb.asm.Opcodes.ASTORE;
import static org.objectweb.asm.Opcodes.GETSTATIC;
import static org.objectweb.asm.Opcodes.ICONST_0;
import static org.objectweb.asm.Opcodes.IFEQ;
import static org.objectweb.asm.Opcodes.INVOKESTATIC;
import static org.objectweb.asm.Opcodes.INVOKEVIRTUAL;

import org.nabla4j.cpu.codegen.Value.Kind;
import org.nabla4j.cpu.codegen.Value.Mask;
import org.objectweb.asm.Label;

/**
 * Calls to {@code jdk.incubator.vector}. Each operation calls the API itself: a helper method that
 * returns a vector would not be inlined once C2's node budget is spent, and everything would box.
 */
final class VectorInstructions extends Instructions {

  private static final String PACKAGE = "jdk/incubator/vector/";
  private static final String VECTOR = "L" + PACKAGE + "Vector;";
  private static final String SPECIES = "L" + PACKAGE + "VectorSpecies;";
  private static final String OPERATORS = PACKAGE + "VectorOperators";
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
      case ADD -> real2(v, "add");
      case SUB -> real2(v, "sub");
      case MUL -> real2(v, "mul");
      case DIV -> real2(v, "div");
      case MIN -> real2(v, "min");
      case MAX -> real2(v, "max");
      case FMA -> {
        pushAll(v);
        fma();
      }
      case NEG -> real1(v, "neg");
      case ABS -> real1(v, "abs");
      case SQRT -> real1(v, "sqrt");
      case SELECT -> blend(v, real, realType);
      case FROM_BITS -> {
        pushAll(v);
        fromBits();
      }
      case TO_BITS -> {
        pushAll(v);
        toBits();
      }
      case BITS_ADD -> bits2(v, "add");
      case BITS_SUB -> bits2(v, "sub");
      case BITS_AND -> bits2(v, "and");
      case BITS_OR -> bits2(v, "or");
      case BITS_MIN -> bits2(v, "min");
      case BITS_MAX -> bits2(v, "max");
      case BITS_XOR -> {
        push.accept(v.operands[0]);
        operator("XOR", ASSOCIATIVE);
        push.accept(v.operands[1]);
        m.visitMethodInsn(
            INVOKEVIRTUAL, bits, "lanewise", "(" + BINARY + VECTOR + ")" + bitsType, false);
      }
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
    a.run();
    m.visitMethodInsn(INVOKEVIRTUAL, real, "div", "(" + VECTOR + ")" + realType, false);
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
    m.visitMethodInsn(INVOKEVIRTUAL, real, "add", "(" + VECTOR + ")" + realType, false);
  }

  @Override
  void multiply() {
    m.visitMethodInsn(INVOKEVIRTUAL, real, "mul", "(" + VECTOR + ")" + realType, false);
  }

  @Override
  void fma() {
    m.visitMethodInsn(INVOKEVIRTUAL, real, "fma", "(" + VECTOR + VECTOR + ")" + realType, false);
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

  private void real1(Value v, String method) {
    pushAll(v);
    m.visitMethodInsn(INVOKEVIRTUAL, real, method, "()" + realType, false);
  }

  private void real2(Value v, String method) {
    pushAll(v);
    m.visitMethodInsn(INVOKEVIRTUAL, real, method, "(" + VECTOR + ")" + realType, false);
  }

  private void bits2(Value v, String method) {
    pushAll(v);
    m.visitMethodInsn(INVOKEVIRTUAL, bits, method, "(" + VECTOR + ")" + bitsType, false);
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
