package org.nabla4j.cpu.codegen;

import static org.objectweb.asm.Opcodes.D2F;
import static org.objectweb.asm.Opcodes.D2I;
import static org.objectweb.asm.Opcodes.DADD;
import static org.objectweb.asm.Opcodes.DALOAD;
import static org.objectweb.asm.Opcodes.DASTORE;
import static org.objectweb.asm.Opcodes.DCMPG;
import static org.objectweb.asm.Opcodes.DCMPL;
import static org.objectweb.asm.Opcodes.DCONST_0;
import static org.objectweb.asm.Opcodes.DDIV;
import static org.objectweb.asm.Opcodes.DLOAD;
import static org.objectweb.asm.Opcodes.DMUL;
import static org.objectweb.asm.Opcodes.DNEG;
import static org.objectweb.asm.Opcodes.DSTORE;
import static org.objectweb.asm.Opcodes.DSUB;
import static org.objectweb.asm.Opcodes.F2D;
import static org.objectweb.asm.Opcodes.F2I;
import static org.objectweb.asm.Opcodes.FADD;
import static org.objectweb.asm.Opcodes.FALOAD;
import static org.objectweb.asm.Opcodes.FASTORE;
import static org.objectweb.asm.Opcodes.FCMPG;
import static org.objectweb.asm.Opcodes.FCMPL;
import static org.objectweb.asm.Opcodes.FCONST_0;
import static org.objectweb.asm.Opcodes.FDIV;
import static org.objectweb.asm.Opcodes.FLOAD;
import static org.objectweb.asm.Opcodes.FMUL;
import static org.objectweb.asm.Opcodes.FNEG;
import static org.objectweb.asm.Opcodes.FSTORE;
import static org.objectweb.asm.Opcodes.FSUB;
import static org.objectweb.asm.Opcodes.GOTO;
import static org.objectweb.asm.Opcodes.I2D;
import static org.objectweb.asm.Opcodes.I2F;
import static org.objectweb.asm.Opcodes.IADD;
import static org.objectweb.asm.Opcodes.IAND;
import static org.objectweb.asm.Opcodes.ICONST_0;
import static org.objectweb.asm.Opcodes.ICONST_1;
import static org.objectweb.asm.Opcodes.IFEQ;
import static org.objectweb.asm.Opcodes.IFGE;
import static org.objectweb.asm.Opcodes.IFGT;
import static org.objectweb.asm.Opcodes.IFNE;
import static org.objectweb.asm.Opcodes.IF_ICMPGE;
import static org.objectweb.asm.Opcodes.IF_ICMPNE;
import static org.objectweb.asm.Opcodes.ILOAD;
import static org.objectweb.asm.Opcodes.INVOKESTATIC;
import static org.objectweb.asm.Opcodes.IOR;
import static org.objectweb.asm.Opcodes.ISHL;
import static org.objectweb.asm.Opcodes.ISHR;
import static org.objectweb.asm.Opcodes.ISTORE;
import static org.objectweb.asm.Opcodes.ISUB;
import static org.objectweb.asm.Opcodes.IUSHR;
import static org.objectweb.asm.Opcodes.IXOR;
import static org.objectweb.asm.Opcodes.LADD;
import static org.objectweb.asm.Opcodes.LAND;
import static org.objectweb.asm.Opcodes.LCMP;
import static org.objectweb.asm.Opcodes.LLOAD;
import static org.objectweb.asm.Opcodes.LOR;
import static org.objectweb.asm.Opcodes.LSHL;
import static org.objectweb.asm.Opcodes.LSHR;
import static org.objectweb.asm.Opcodes.LSTORE;
import static org.objectweb.asm.Opcodes.LSUB;
import static org.objectweb.asm.Opcodes.LUSHR;
import static org.objectweb.asm.Opcodes.LXOR;

import org.nabla4j.cpu.codegen.Value.Kind;
import org.nabla4j.cpu.codegen.Value.Mask;
import org.objectweb.asm.Label;

/** Plain bytecode for one lane: the twin of {@link VectorInstructions}, operation by operation. */
final class ScalarInstructions extends Instructions {

  private static final String MATH = "java/lang/Math";

  private final boolean isDouble;
  private final String element;
  private final String integer;
  private final String box;

  ScalarInstructions(Target target) {
    super(target);
    isDouble = target.isDouble();
    element = isDouble ? "D" : "F";
    integer = isDouble ? "J" : "I";
    box = isDouble ? "java/lang/Double" : "java/lang/Float";
  }

  @Override
  boolean isWide(Kind kind) {
    return isDouble && !isMask(kind);
  }

  @Override
  void loadLocal(Kind kind, int local) {
    m.visitVarInsn(
        isMask(kind) ? ILOAD : isBits(kind) ? pick(LLOAD, ILOAD) : pick(DLOAD, FLOAD), local);
  }

  @Override
  void storeLocal(Kind kind, int local) {
    m.visitVarInsn(
        isMask(kind) ? ISTORE : isBits(kind) ? pick(LSTORE, ISTORE) : pick(DSTORE, FSTORE), local);
  }

  @Override
  void operation(Value v) {
    switch (v.kind) {
      case CONSTANT -> pushNumber(v.number());
      case BITS_CONSTANT -> pushInteger(v.bits);
      case ADD -> simple(v, pick(DADD, FADD));
      case SUB -> simple(v, pick(DSUB, FSUB));
      case MUL -> simple(v, pick(DMUL, FMUL));
      case DIV -> simple(v, pick(DDIV, FDIV));
      case NEG -> simple(v, pick(DNEG, FNEG));
      case FMA -> {
        pushAll(v);
        fma();
      }
      case MIN -> math(v, "min", "(" + element + element + ")" + element);
      case MAX -> math(v, "max", "(" + element + element + ")" + element);
      case ABS -> math(v, "abs", "(" + element + ")" + element);
      case SQRT -> {
        pushAll(v);
        if (!isDouble) {
          m.visitInsn(F2D);
        }
        m.visitMethodInsn(INVOKESTATIC, MATH, "sqrt", "(D)D", false);
        if (!isDouble) {
          m.visitInsn(D2F);
        }
      }
      case SELECT, BITS_SELECT -> select(v);
      case FROM_BITS -> {
        pushAll(v);
        fromBits();
      }
      case TO_BITS -> {
        pushAll(v);
        toBits();
      }
      case BITS_ADD -> simple(v, pick(LADD, IADD));
      case BITS_SUB -> simple(v, pick(LSUB, ISUB));
      case BITS_AND -> simple(v, pick(LAND, IAND));
      case BITS_OR -> simple(v, pick(LOR, IOR));
      case BITS_XOR -> simple(v, pick(LXOR, IXOR));
      case BITS_SHL -> shift(v, pick(LSHL, ISHL));
      case BITS_LSHR -> shift(v, pick(LUSHR, IUSHR));
      case BITS_ASHR -> shift(v, pick(LSHR, ISHR));
      case BITS_MIN -> math(v, "min", "(" + integer + integer + ")" + integer);
      case BITS_MAX -> math(v, "max", "(" + integer + integer + ")" + integer);
      case LT, LE, EQ, NE, BITS_LT, BITS_EQ, AND, OR, NOT -> maskValue(v);
      case SLOW_PATH -> slowPath(v);
      default -> throw new IllegalStateException("no instruction for " + v.kind);
    }
  }

  @Override
  void load(Runnable array, Runnable index) {
    array.run();
    index.run();
    m.visitInsn(pick(DALOAD, FALOAD));
  }

  @Override
  void broadcast(Runnable array, Runnable index) {
    load(array, index);
  }

  @Override
  void broadcast(int local) {
    m.visitVarInsn(DLOAD, local);
  }

  @Override
  void store(Runnable value, Runnable array, Runnable index) {
    array.run();
    index.run();
    value.run();
    m.visitInsn(pick(DASTORE, FASTORE));
  }

  @Override
  void zero() {
    m.visitInsn(pick(DCONST_0, FCONST_0));
  }

  @Override
  void constant(double value) {
    pushNumber(value);
  }

  @Override
  void selectNonZero(Runnable condition, Runnable a, Runnable b) {
    Label otherwise = new Label();
    Label end = new Label();
    condition.run();
    zero();
    m.visitInsn(pick(DCMPL, FCMPL));
    m.visitJumpInsn(IFEQ, otherwise);
    a.run();
    m.visitJumpInsn(GOTO, end);
    m.visitLabel(otherwise);
    b.run();
    m.visitLabel(end);
  }

  @Override
  void reciprocal(Runnable a) {
    pushNumber(1);
    a.run();
    m.visitInsn(pick(DDIV, FDIV));
  }

  @Override
  void larger(Runnable a, Runnable b, int local) {
    Label end = new Label();
    a.run();
    m.visitVarInsn(pick(DSTORE, FSTORE), local);
    m.visitVarInsn(pick(DLOAD, FLOAD), local);
    b.run();
    m.visitInsn(pick(DCMPG, FCMPG));
    m.visitJumpInsn(IFGE, end);
    b.run();
    m.visitVarInsn(pick(DSTORE, FSTORE), local);
    m.visitLabel(end);
  }

  @Override
  void add() {
    m.visitInsn(pick(DADD, FADD));
  }

  @Override
  void subtract() {
    m.visitInsn(pick(DSUB, FSUB));
  }

  @Override
  void multiply() {
    m.visitInsn(pick(DMUL, FMUL));
  }

  @Override
  void fma() {
    m.visitMethodInsn(
        INVOKESTATIC, MATH, "fma", "(" + element + element + element + ")" + element, false);
  }

  @Override
  void pack(Value v) {
    if (isBits(v.kind)) {
      fromBits();
    } else if (isMask(v.kind)) {
      m.visitInsn(pick(I2D, I2F));
    }
  }

  @Override
  void unpack(Value v) {
    if (isBits(v.kind)) {
      toBits();
    } else if (isMask(v.kind)) {
      m.visitInsn(pick(D2I, F2I));
    }
  }

  @Override
  void branchUnlessAny(Mask mask, Label label) {
    push.accept(mask);
    m.visitJumpInsn(IFEQ, label);
  }

  private int pick(int forDouble, int forFloat) {
    return isDouble ? forDouble : forFloat;
  }

  private void pushNumber(double v) {
    if (isDouble) {
      m.visitLdcInsn(v);
    } else {
      m.visitLdcInsn((float) v);
    }
  }

  private void pushInteger(long v) {
    if (isDouble) {
      m.visitLdcInsn(v);
    } else {
      m.visitLdcInsn((int) v);
    }
  }

  private void pushAll(Value v) {
    for (Value o : v.operands) {
      push.accept(o);
    }
  }

  private void simple(Value v, int opcode) {
    pushAll(v);
    m.visitInsn(opcode);
  }

  private void math(Value v, String method, String descriptor) {
    pushAll(v);
    m.visitMethodInsn(INVOKESTATIC, MATH, method, descriptor, false);
  }

  private void shift(Value v, int opcode) {
    pushAll(v);
    m.visitLdcInsn((int) v.bits);
    m.visitInsn(opcode);
  }

  private void fromBits() {
    m.visitMethodInsn(
        INVOKESTATIC,
        box,
        isDouble ? "longBitsToDouble" : "intBitsToFloat",
        "(" + integer + ")" + element,
        false);
  }

  private void toBits() {
    m.visitMethodInsn(
        INVOKESTATIC,
        box,
        isDouble ? "doubleToRawLongBits" : "floatToRawIntBits",
        "(" + element + ")" + integer,
        false);
  }

  /** Leaves 1 or 0. */
  private void maskValue(Value v) {
    pushAll(v);
    switch (v.kind) {
      case AND -> m.visitInsn(IAND);
      case OR -> m.visitInsn(IOR);
      case NOT -> {
        m.visitInsn(ICONST_1);
        m.visitInsn(IXOR);
      }
      default -> {
        Label no = new Label();
        Label end = new Label();
        m.visitJumpInsn(compareAndJumpIfFalse(v.kind), no);
        m.visitInsn(ICONST_1);
        m.visitJumpInsn(GOTO, end);
        m.visitLabel(no);
        m.visitInsn(ICONST_0);
        m.visitLabel(end);
      }
    }
  }

  /** Emits the comparison of the operands on the stack, returns the jump for "not so". */
  private int compareAndJumpIfFalse(Kind kind) {
    switch (kind) {
      case LT -> {
        m.visitInsn(pick(DCMPG, FCMPG));
        return IFGE;
      }
      case LE -> {
        m.visitInsn(pick(DCMPG, FCMPG));
        return IFGT;
      }
      case EQ -> {
        m.visitInsn(pick(DCMPL, FCMPL));
        return IFNE;
      }
      case NE -> {
        m.visitInsn(pick(DCMPL, FCMPL));
        return IFEQ;
      }
      case BITS_LT -> {
        if (!isDouble) {
          return IF_ICMPGE;
        }
        m.visitInsn(LCMP);
        return IFGE;
      }
      default -> {
        if (!isDouble) {
          return IF_ICMPNE;
        }
        m.visitInsn(LCMP);
        return IFNE;
      }
    }
  }

  private void select(Value v) {
    Label otherwise = new Label();
    Label end = new Label();
    push.accept(v.operands[0]);
    m.visitJumpInsn(IFEQ, otherwise);
    push.accept(v.operands[1]);
    m.visitJumpInsn(GOTO, end);
    m.visitLabel(otherwise);
    push.accept(v.operands[2]);
    m.visitLabel(end);
  }

  private void slowPath(Value v) {
    int arguments = v.operands.length - 2;
    Label fast = new Label();
    Label end = new Label();
    push.accept(v.operands[0]);
    m.visitJumpInsn(IFEQ, fast);
    m.visitLdcInsn(v.attachment);
    push.accept(v.operands[1]);
    push.accept(v.operands[arguments]);
    m.visitMethodInsn(
        INVOKESTATIC,
        SLOW_PATHS,
        "apply",
        "(Ljava/lang/String;" + element + element + ")" + element,
        false);
    m.visitJumpInsn(GOTO, end);
    m.visitLabel(fast);
    push.accept(v.operands[arguments + 1]);
    m.visitLabel(end);
  }
}
