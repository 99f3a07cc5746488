package org.nabla4j.bench;

import java.lang.invoke.MethodHandles;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Optional;
import org.nabla4j.objective.Precision;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Independent chains of multiply-add in vector registers, through the Vector API. Emitted as
 * bytecode, since sources must not need its module; of the library's own code generator it uses
 * nothing, so that the yardstick does not shrink with what it measures.
 */
final class VectorPeakKernel {

  private static final String VECTOR_MODULE = "jdk.incubator.vector";
  private static final String API = "jdk/incubator/vector/";
  private static final String GENERIC = "L" + API + "Vector;";
  private static final String SPECIES = "L" + API + "VectorSpecies;";

  /** Enough to hide the latency of two pipes, few enough for 16 registers with the two factors. */
  private static final int CHAINS = 12;

  private static final int UNROLL = 4;

  private static final int ROUNDS = 1;
  private static final int COUNTER = 2;
  private static final int FACTOR = 3;
  private static final int SUMMAND = 4;
  private static final int FIRST_CHAIN = 5;

  private final String vector;
  private final String self;
  private final boolean isDouble;
  private final boolean fma;

  private VectorPeakKernel(Precision precision, boolean fma) {
    isDouble = precision == Precision.DOUBLE;
    vector = API + (isDouble ? "DoubleVector" : "FloatVector");
    self = "L" + vector + ";";
    this.fma = fma;
  }

  /** The kernel, or nothing where the vector module is not there. */
  static Optional<PeakKernel> of(Precision precision, boolean fma) {
    if (ModuleLayer.boot().findModule(VECTOR_MODULE).isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new VectorPeakKernel(precision, fma).define());
  }

  /** Lanes of the preferred species. */
  private int lanes() {
    try {
      Object species =
          Class.forName(vector.replace('/', '.')).getField("SPECIES_PREFERRED").get(null);
      Method length = Class.forName(VECTOR_MODULE + ".VectorSpecies").getMethod("length");
      return (int) length.invoke(species);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("module " + VECTOR_MODULE + " is not as expected", e);
    }
  }

  private PeakKernel define() {
    String parent = PeakKernel.class.getName().replace('.', '/');
    ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_FRAMES);
    writer.visit(
        Opcodes.V17,
        Opcodes.ACC_FINAL | Opcodes.ACC_SUPER,
        parent + "Generated",
        null,
        parent,
        null);
    MethodVisitor init = writer.visitMethod(Opcodes.ACC_PUBLIC, "<init>", "()V", null, null);
    init.visitCode();
    init.visitVarInsn(Opcodes.ALOAD, 0);
    init.visitMethodInsn(Opcodes.INVOKESPECIAL, parent, "<init>", "()V", false);
    init.visitInsn(Opcodes.RETURN);
    init.visitMaxs(0, 0);
    init.visitEnd();

    MethodVisitor flops = writer.visitMethod(0, "flopsPerRound", "()D", null, null);
    flops.visitCode();
    flops.visitLdcInsn(2.0 * CHAINS * UNROLL * lanes());
    flops.visitInsn(Opcodes.DRETURN);
    flops.visitMaxs(0, 0);
    flops.visitEnd();

    emitRun(writer.visitMethod(0, "run", "(I)D", null, null));
    writer.visitEnd();
    try {
      return (PeakKernel)
          MethodHandles.lookup()
              .defineHiddenClass(writer.toByteArray(), true)
              .lookupClass()
              .getDeclaredConstructor()
              .newInstance();
    } catch (IllegalAccessException
        | InstantiationException
        | NoSuchMethodException
        | InvocationTargetException e) {
      throw new IllegalStateException("the generated probe cannot be defined", e);
    }
  }

  private void emitRun(MethodVisitor m) {
    m.visitCode();
    broadcast(m, 0.999_999, FACTOR);
    broadcast(m, 1e-9, SUMMAND);
    for (int chain = 0; chain < CHAINS; chain++) {
      broadcast(m, 1.0 / (chain + 1), FIRST_CHAIN + chain);
    }
    m.visitInsn(Opcodes.ICONST_0);
    m.visitVarInsn(Opcodes.ISTORE, COUNTER);
    Label top = new Label();
    Label end = new Label();
    m.visitLabel(top);
    m.visitVarInsn(Opcodes.ILOAD, COUNTER);
    m.visitVarInsn(Opcodes.ILOAD, ROUNDS);
    m.visitJumpInsn(Opcodes.IF_ICMPGE, end);
    for (int step = 0; step < UNROLL; step++) {
      for (int chain = 0; chain < CHAINS; chain++) {
        multiplyAdd(m, FIRST_CHAIN + chain);
      }
    }
    m.visitIincInsn(COUNTER, 1);
    m.visitJumpInsn(Opcodes.GOTO, top);
    m.visitLabel(end);
    m.visitVarInsn(Opcodes.ALOAD, FIRST_CHAIN);
    for (int chain = 1; chain < CHAINS; chain++) {
      m.visitVarInsn(Opcodes.ALOAD, FIRST_CHAIN + chain);
      call(m, "add", "(" + GENERIC + ")" + self);
    }
    m.visitFieldInsn(
        Opcodes.GETSTATIC,
        API + "VectorOperators",
        "ADD",
        "L" + API + "VectorOperators$Associative;");
    call(m, "reduceLanes", "(L" + API + "VectorOperators$Associative;)" + (isDouble ? "D" : "F"));
    if (!isDouble) {
      m.visitInsn(Opcodes.F2D);
    }
    m.visitInsn(Opcodes.DRETURN);
    m.visitMaxs(0, 0);
    m.visitEnd();
  }

  private void multiplyAdd(MethodVisitor m, int chain) {
    m.visitVarInsn(Opcodes.ALOAD, chain);
    m.visitVarInsn(Opcodes.ALOAD, FACTOR);
    if (fma) {
      m.visitVarInsn(Opcodes.ALOAD, SUMMAND);
      call(m, "fma", "(" + GENERIC + GENERIC + ")" + self);
    } else {
      call(m, "mul", "(" + GENERIC + ")" + self);
      m.visitVarInsn(Opcodes.ALOAD, SUMMAND);
      call(m, "add", "(" + GENERIC + ")" + self);
    }
    m.visitVarInsn(Opcodes.ASTORE, chain);
  }

  private void broadcast(MethodVisitor m, double value, int local) {
    m.visitFieldInsn(Opcodes.GETSTATIC, vector, "SPECIES_PREFERRED", SPECIES);
    m.visitLdcInsn(isDouble ? (Object) value : (Object) (float) value);
    m.visitMethodInsn(
        Opcodes.INVOKESTATIC,
        vector,
        "broadcast",
        "(" + SPECIES + (isDouble ? "D" : "F") + ")" + self,
        false);
    m.visitVarInsn(Opcodes.ASTORE, local);
  }

  private void call(MethodVisitor m, String name, String descriptor) {
    m.visitMethodInsn(Opcodes.INVOKEVIRTUAL, vector, name, descriptor, false);
  }
}
