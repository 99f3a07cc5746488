package org.nabla4j.cpu.codegen;

import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import org.nabla4j.cpu.codegen.Value.Kind;
import org.nabla4j.cpu.codegen.Value.Mask;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;

/** The bytecode of each operation in one flavour. All work on the operand stack. */
abstract class Instructions {

  static final String SLOW_PATHS = "org/nabla4j/cpu/codegen/SlowPaths";

  final Target target;
  MethodVisitor m;
  Consumer<Value> push;
  ToIntFunction<Kind> allocate;

  Instructions(Target target) {
    this.target = target;
  }

  /**
   * Begins a method.
   *
   * @param method where instructions go
   * @param pushOperand leaves a value on the operand stack
   * @param allocateLocal gives a local variable for a value of the kind
   */
  final void begin(
      MethodVisitor method, Consumer<Value> pushOperand, ToIntFunction<Kind> allocateLocal) {
    this.m = method;
    this.push = pushOperand;
    this.allocate = allocateLocal;
  }

  /** Whether a value of the kind takes two local variable slots. */
  abstract boolean isWide(Kind kind);

  abstract void loadLocal(Kind kind, int local);

  abstract void storeLocal(Kind kind, int local);

  /** Computes a value that is neither in memory nor in a local variable. */
  abstract void operation(Value v);

  abstract void load(Runnable array, Runnable index);

  abstract void broadcast(Runnable array, Runnable index);

  /** Leaves the number of a local variable of type double in all lanes. */
  abstract void broadcast(int local);

  abstract void store(Runnable value, Runnable array, Runnable index);

  abstract void zero();

  /** Adds the two values on the stack. */
  abstract void add();

  /** Subtracts the value on top of the stack from the one below. */
  abstract void subtract();

  /** Multiplies the two values on the stack. */
  abstract void multiply();

  /** a·b + c of the three values on the stack. */
  abstract void fma();

  /** A number in all lanes. */
  abstract void constant(double value);

  /** Leaves a where the condition is not 0, else b; all three are reals. */
  abstract void selectNonZero(Runnable condition, Runnable a, Runnable b);

  /** Leaves 1/a. */
  abstract void reciprocal(Runnable a);

  /** Local = a, or b where a is smaller. */
  abstract void larger(Runnable a, Runnable b, int local);

  /** Turns the value on the stack into a real that can lie in the tile. */
  abstract void pack(Value v);

  /** Turns what {@link #pack} made back into the value. */
  abstract void unpack(Value v);

  /** Jumps unless any lane of the mask is set. */
  abstract void branchUnlessAny(Mask mask, Label target);

  /** Stores the number 1 into the array and index on the stack. */
  final void storeOne() {
    if (target.isDouble()) {
      m.visitInsn(org.objectweb.asm.Opcodes.DCONST_1);
      m.visitInsn(org.objectweb.asm.Opcodes.DASTORE);
    } else {
      m.visitInsn(org.objectweb.asm.Opcodes.FCONST_1);
      m.visitInsn(org.objectweb.asm.Opcodes.FASTORE);
    }
  }

  static boolean isMask(Kind kind) {
    return switch (kind) {
      case LT, LE, EQ, NE, BITS_LT, BITS_EQ, AND, OR, NOT -> true;
      default -> false;
    };
  }

  static boolean isBits(Kind kind) {
    return switch (kind) {
      case BITS_CONSTANT,
          TO_BITS,
          BITS_ADD,
          BITS_SUB,
          BITS_AND,
          BITS_OR,
          BITS_XOR,
          BITS_SHL,
          BITS_LSHR,
          BITS_ASHR,
          BITS_MIN,
          BITS_MAX,
          BITS_SELECT ->
          true;
      default -> false;
    };
  }
}
