package org.nabla4j.cpu.codegen;

import static org.objectweb.asm.Opcodes.ACC_FINAL;
import static org.objectweb.asm.Opcodes.ACC_PUBLIC;
import static org.objectweb.asm.Opcodes.ACC_SUPER;
import static org.objectweb.asm.Opcodes.ALOAD;
import static org.objectweb.asm.Opcodes.CHECKCAST;
import static org.objectweb.asm.Opcodes.ILOAD;
import static org.objectweb.asm.Opcodes.INVOKESPECIAL;
import static org.objectweb.asm.Opcodes.INVOKESTATIC;
import static org.objectweb.asm.Opcodes.RETURN;
import static org.objectweb.asm.Opcodes.V17;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.Consumer;
import org.nabla4j.cpu.codegen.ProcedureAssembler.Assembled;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;

/**
 * Makes a hidden class of lane code. The class goes away with the last reference to its procedure.
 */
final class ProcedureClass {

  /** Internal name of all generated classes; the JVM appends a suffix to each. */
  static final String NAME = "org/nabla4j/cpu/codegen/Kernel";

  private static final String SUPER = "org/nabla4j/cpu/codegen/Procedure";
  private static final String ENTRY = "procedure";

  private ProcedureClass() {}

  /**
   * A generated class file and what is known of it.
   *
   * @param bytes the class file
   * @param facts sizes and counts
   */
  record Bytes(byte[] bytes, Procedure.Facts facts) {}

  /** How shared data is handed over. */
  enum SharedData {
    /** One array, the columns of a data point side by side. */
    INTERLEAVED,
    /** One array for each column. */
    COLUMNS
  }

  /**
   * Generates the class file.
   *
   * @param code what the procedure does
   * @param shared how shared data is handed over
   * @param tileSize elements of the tile that the code uses; slots are added after them
   * @param blockElements elements that the code itself stores for each point of a block
   * @param hook writes a method "{@code hook}" that is called after each block of points, or null
   */
  static Bytes generate(
      LaneCode code,
      SharedData shared,
      int tileSize,
      int blockElements,
      Consumer<ClassWriter> hook) {
    Bytes bytes = null;
    // the estimate of a method's size can be too small: then cut earlier
    for (int budget = ProcedureAssembler.BUDGET; budget > 300; budget -= 300) {
      bytes = generate(code, shared, tileSize, blockElements, hook, budget);
      if (bytes.facts().largestMethod() <= ProcedureAssembler.MAXIMUM_METHOD_SIZE) {
        return bytes;
      }
    }
    return bytes;
  }

  private static Bytes generate(
      LaneCode code,
      SharedData shared,
      int tileSize,
      int blockElements,
      Consumer<ClassWriter> hook,
      int budget) {
    ClassWriter writer =
        new ClassWriter(ClassWriter.COMPUTE_FRAMES) {
          @Override
          protected String getCommonSuperClass(String a, String b) {
            // interfaces and unrelated API classes only: no class needs to be loaded to know
            return a.equals(b) ? a : "java/lang/Object";
          }
        };
    writer.visit(V17, ACC_FINAL | ACC_SUPER, NAME, null, SUPER, null);
    constructor(writer);
    String array = code.target().isDouble() ? "[D" : "[F";
    String sharedType = shared == SharedData.COLUMNS ? "[" + array : array;
    String descriptor = "(" + array + array + sharedType + "II)V";
    bridge(writer, array, sharedType, descriptor);
    ProcedureAssembler assembler =
        new ProcedureAssembler(writer, NAME, ENTRY, code, descriptor, tileSize, budget);
    if (hook != null) {
      hook.accept(writer);
    }
    Assembled a = assembler.assemble(hook == null ? null : "hook", blockElements);
    writer.visitEnd();
    return new Bytes(
        writer.toByteArray(),
        new Procedure.Facts(
            a.tileSize(),
            a.methods(),
            a.largestMethod(),
            a.flops().perPoint(),
            a.flops().perEvaluation()));
  }

  /** Defines the hidden class and makes its only instance. */
  static Procedure define(Bytes bytes) {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup().defineHiddenClass(bytes.bytes(), true);
      Procedure p =
          (Procedure)
              lookup
                  .findConstructor(lookup.lookupClass(), MethodType.methodType(void.class))
                  .invoke();
      return p.with(bytes.facts());
    } catch (Throwable e) {
      throw new IllegalStateException("the JVM refused a generated class: " + e.getMessage(), e);
    }
  }

  private static void constructor(ClassWriter writer) {
    MethodVisitor m = writer.visitMethod(ACC_PUBLIC, "<init>", "()V", null, null);
    m.visitCode();
    m.visitVarInsn(ALOAD, 0);
    m.visitMethodInsn(INVOKESPECIAL, SUPER, "<init>", "()V", false);
    m.visitInsn(RETURN);
    m.visitMaxs(0, 0);
    m.visitEnd();
  }

  private static void bridge(
      ClassWriter writer, String array, String sharedType, String descriptor) {
    MethodVisitor m =
        writer.visitMethod(
            ACC_PUBLIC, "run", "(Ljava/lang/Object;Ljava/lang/Object;Ljava/lang/Object;II)V", null, null);
    m.visitCode();
    m.visitVarInsn(ALOAD, 1);
    m.visitTypeInsn(CHECKCAST, array);
    m.visitVarInsn(ALOAD, 2);
    m.visitTypeInsn(CHECKCAST, array);
    m.visitVarInsn(ALOAD, 3);
    m.visitTypeInsn(CHECKCAST, sharedType);
    m.visitVarInsn(ILOAD, 4);
    m.visitVarInsn(ILOAD, 5);
    m.visitMethodInsn(INVOKESTATIC, NAME, ENTRY, descriptor, false);
    m.visitInsn(RETURN);
    m.visitMaxs(0, 0);
    m.visitEnd();
  }
}
