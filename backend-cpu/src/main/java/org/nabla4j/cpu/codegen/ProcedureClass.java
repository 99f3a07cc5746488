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

  /** Name of the method that works on a block of points. */
  static final String HOOK = "block";

  private ProcedureClass() {}

  /**
   * A generated class file and what is known of it.
   *
   * @param bytes the class file
   * @param facts sizes and counts
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Bytes(byte[] bytes, Procedure.Facts facts) {}

  /** How shared data is handed over. */
  enum SharedData {
    /** One array, the columns of a data point side by side. */
    INTERLEAVED,
    /** One array for each column. */
    COLUMNS
  }

  /**
   * Work in blocks of points: the code stores rows of values for each point of a block, and the
   * hook then works on them.
   *
   * @param points most points of a block
   * @param zeroFrom first element of the tile that is set to zero before everything
   * @param zeroTo end of those elements
   * @param writer writes the method {@link #HOOK}, called after each block
   */
  record Blocks(int points, int zeroFrom, int zeroTo, Consumer<ClassWriter> writer) {}

  /**
   * Generates the class file.
   *
   * @param code what the procedure does
   * @param shared how shared data is handed over
   * @param tileSize elements of the tile that the code uses; slots are added after them
   * @param blocks work in blocks, or null
   */
  static Bytes generate(LaneCode code, SharedData shared, int tileSize, Blocks blocks) {
    return generate(code, shared, tileSize, blocks, writer -> {});
  }

  /**
   * Generates the class file.
   *
   * @param code what the procedure does
   * @param shared how shared data is handed over
   * @param tileSize elements of the tile that the code uses; slots are added after them
   * @param blocks work in blocks, or null
   * @param called writes the methods that the code calls
   */
  static Bytes generate(
      LaneCode code, SharedData shared, int tileSize, Blocks blocks, Consumer<ClassWriter> called) {
    int largest =
        JitDirectives.isC1Excluded()
            ? ProcedureAssembler.MAXIMUM_METHOD_SIZE
            : ProcedureAssembler.MAXIMUM_METHOD_SIZE_FOR_C1;
    Bytes bytes = null;
    // what is estimated is not exact: cut earlier while a method is too large
    for (int budget = largest * 7 / 8; budget > largest / 6; budget -= largest / 6) {
      bytes = generate(code, shared, tileSize, blocks, called, budget);
      if (bytes.facts().largestMethod() <= largest) {
        return bytes;
      }
    }
    return bytes;
  }

  /** Descriptor of all methods of a procedure: (tile, data, shared, from, to). */
  static String descriptor(LaneCode code, SharedData shared) {
    String array = code.target().isDouble() ? "[D" : "[F";
    return "(" + array + array + (shared == SharedData.COLUMNS ? "[" : "") + array + "II)V";
  }

  private static Bytes generate(
      LaneCode code,
      SharedData shared,
      int tileSize,
      Blocks blocks,
      Consumer<ClassWriter> called,
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
    String descriptor = descriptor(code, shared);
    bridge(writer, array, sharedType, descriptor);
    ProcedureAssembler assembler =
        new ProcedureAssembler(writer, NAME, ENTRY, code, descriptor, tileSize, budget);
    called.accept(writer);
    Assembled a;
    if (blocks == null) {
      a = assembler.assemble(null, 0);
    } else {
      blocks.writer().accept(writer);
      assembler.zeroBefore(blocks.zeroFrom(), blocks.zeroTo());
      a = assembler.assemble(HOOK, blocks.points());
    }
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
            ACC_PUBLIC,
            "run",
            "(Ljava/lang/Object;Ljava/lang/Object;Ljava/lang/Object;II)V",
            null,
            null);
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
