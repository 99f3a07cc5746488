package org.nabla4j.cpu.codegen;

import static org.objectweb.asm.Opcodes.ACC_STATIC;
import static org.objectweb.asm.Opcodes.ALOAD;
import static org.objectweb.asm.Opcodes.GOTO;
import static org.objectweb.asm.Opcodes.IADD;
import static org.objectweb.asm.Opcodes.ICONST_0;
import static org.objectweb.asm.Opcodes.ICONST_1;
import static org.objectweb.asm.Opcodes.IDIV;
import static org.objectweb.asm.Opcodes.IF_ICMPGE;
import static org.objectweb.asm.Opcodes.ILOAD;
import static org.objectweb.asm.Opcodes.IMUL;
import static org.objectweb.asm.Opcodes.INVOKESTATIC;
import static org.objectweb.asm.Opcodes.ISTORE;
import static org.objectweb.asm.Opcodes.ISUB;
import static org.objectweb.asm.Opcodes.RETURN;

import org.nabla4j.cpu.codegen.Value.Kind;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;

/**
 * Sums of products of a block of rows, G += AᵀA, lane by lane: A has a row of {@code columns}
 * values for each data point of the block, G is the packed lower triangle by rows.
 *
 * <p>Written as micro-kernels: methods that hold a few rows by a few columns of G in registers
 * while they run over the points of the block, which lies in the first-level cache.
 */
final class GramCode {

  private static final int COLUMNS_AT_ONCE = 4;

  private static final int TILE = 0;

  private final ClassWriter writer;
  private final Target target;
  private final int rows;
  private final int columns;
  private final int sums;
  private final int step;
  private final int rowsAtOnce;
  private final String kernelDescriptor;

  /**
   * Describes the work.
   *
   * @param writer class that gets the methods
   * @param target what code is generated for
   * @param rows element of the tile where A begins; its columns' lanes lie side by side
   * @param columns columns of A
   * @param sums element of the tile where G begins
   * @param step points from one row of A to the next
   */
  GramCode(ClassWriter writer, Target target, int rows, int columns, int sums, int step) {
    this.writer = writer;
    this.target = target;
    this.rows = rows;
    this.columns = columns;
    this.sums = sums;
    this.step = step;
    // accumulators, one row of operands and one more in registers: 32 of 512 bits, 16 elsewhere
    int bits = target.lanes() * (target.isDouble() ? Double.SIZE : Float.SIZE);
    this.rowsAtOnce = bits == 512 ? 4 : 2;
    this.kernelDescriptor = "(" + (target.isDouble() ? "[D" : "[F") + "III)V";
  }

  /** Writes the method {@link ProcedureClass#HOOK} and its micro-kernels. */
  void write(String owner, String descriptor) {
    int full = columns / rowsAtOnce * rowsAtOnce;
    MethodVisitor m = writer.visitMethod(ACC_STATIC, ProcedureClass.HOOK, descriptor, null, null);
    m.visitCode();
    // locals: 0 tile, 3 from, 4 to, 5 count, 6 row, 7 column
    m.visitVarInsn(ILOAD, 4);
    m.visitVarInsn(ILOAD, 3);
    m.visitInsn(ISUB);
    m.visitLdcInsn(step);
    m.visitInsn(IDIV);
    m.visitVarInsn(ISTORE, 5);
    Label rowTop = new Label();
    Label rowEnd = new Label();
    m.visitInsn(ICONST_0);
    m.visitVarInsn(ISTORE, 6);
    m.visitLabel(rowTop);
    m.visitVarInsn(ILOAD, 6);
    m.visitLdcInsn(full);
    m.visitJumpInsn(IF_ICMPGE, rowEnd);
    if (full > 0) {
      writeRow(m, owner, rowsAtOnce);
    }
    m.visitIincInsn(6, rowsAtOnce);
    m.visitJumpInsn(GOTO, rowTop);
    m.visitLabel(rowEnd);
    if (full < columns) {
      writeRow(m, owner, columns - full);
    }
    m.visitInsn(RETURN);
    m.visitMaxs(0, 0);
    m.visitEnd();
  }

  /** Calls the kernels of {@code height} rows from the row in local 6 on. */
  private void writeRow(MethodVisitor m, String owner, int height) {
    Label top = new Label();
    Label end = new Label();
    m.visitInsn(ICONST_0);
    m.visitVarInsn(ISTORE, 7);
    m.visitLabel(top);
    m.visitVarInsn(ILOAD, 7);
    m.visitLdcInsn(COLUMNS_AT_ONCE);
    m.visitInsn(IADD);
    m.visitInsn(ICONST_1);
    m.visitInsn(ISUB);
    m.visitVarInsn(ILOAD, 6);
    m.visitJumpInsn(IF_ICMPGE, end);
    call(m, owner, "rectangle" + height);
    m.visitIincInsn(7, COLUMNS_AT_ONCE);
    m.visitJumpInsn(GOTO, top);
    m.visitLabel(end);
    call(m, owner, "corner" + height);
    writeKernel("rectangle" + height, height, COLUMNS_AT_ONCE, false);
    writeCorner(height);
  }

  private static void call(MethodVisitor m, String owner, String kernel, String descriptor) {
    m.visitVarInsn(ALOAD, TILE);
    m.visitVarInsn(ILOAD, 6);
    m.visitVarInsn(ILOAD, 7);
    m.visitVarInsn(ILOAD, 5);
    m.visitMethodInsn(INVOKESTATIC, owner, kernel, descriptor, false);
  }

  private void call(MethodVisitor m, String owner, String kernel) {
    call(m, owner, kernel, kernelDescriptor);
  }

  /**
   * The columns that no rectangle covers: from the column in local 2 up to the diagonal. With two
   * rows at once that can be a rectangle of two columns beside the triangle.
   */
  private void writeCorner(int height) {
    if (rowsAtOnce == COLUMNS_AT_ONCE) {
      writeKernel("corner" + height, height, height, true);
      return;
    }
    MethodVisitor m =
        writer.visitMethod(ACC_STATIC, "corner" + height, kernelDescriptor, null, null);
    m.visitCode();
    Label triangle = new Label();
    m.visitVarInsn(ILOAD, 2);
    m.visitVarInsn(ILOAD, 1);
    m.visitJumpInsn(IF_ICMPGE, triangle);
    callHere(m, "beside" + height);
    m.visitIincInsn(2, rowsAtOnce);
    m.visitLabel(triangle);
    callHere(m, "triangle" + height);
    m.visitInsn(RETURN);
    m.visitMaxs(0, 0);
    m.visitEnd();
    writeKernel("beside" + height, height, rowsAtOnce, false);
    writeKernel("triangle" + height, height, height, true);
  }

  private void callHere(MethodVisitor m, String kernel) {
    m.visitVarInsn(ALOAD, TILE);
    m.visitVarInsn(ILOAD, 1);
    m.visitVarInsn(ILOAD, 2);
    m.visitVarInsn(ILOAD, 3);
    m.visitMethodInsn(INVOKESTATIC, ProcedureClass.NAME, kernel, kernelDescriptor, false);
  }

  /** (tile, r, c, count): G[r+i][c+j] += Σ A[·][r+i]·A[·][c+j], of a triangle only for j ≤ i. */
  private void writeKernel(String name, int height, int width, boolean triangle) {
    int lanes = target.lanes();
    MethodVisitor m = writer.visitMethod(ACC_STATIC, name, kernelDescriptor, null, null);
    Instructions instructions =
        target.isVector() ? new VectorInstructions(target) : new ScalarInstructions(target);
    instructions.begin(m, v -> {}, k -> 0);
    m.visitCode();
    int wide = instructions.isWide(Kind.ADD) ? 2 : 1;
    // locals: 0 tile, 1 r, 2 c, 3 count, 4 point, 5 address of A[·][c], 6 address of A[·][r]
    int sumLocal = 7;
    int columnLocal = sumLocal + height * width * wide;
    int rowLocal = columnLocal + width * wide;
    for (int k = 0; k < height * width; k++) {
      instructions.zero();
      instructions.storeLocal(Kind.ADD, sumLocal + k * wide);
    }
    m.visitInsn(ICONST_0);
    m.visitVarInsn(ISTORE, 4);
    address(m, 2, 5);
    address(m, 1, 6);
    Label top = new Label();
    Label end = new Label();
    m.visitLabel(top);
    m.visitVarInsn(ILOAD, 4);
    m.visitVarInsn(ILOAD, 3);
    m.visitJumpInsn(IF_ICMPGE, end);
    for (int j = 0; j < width; j++) {
      load(m, instructions, 5, j * lanes);
      instructions.storeLocal(Kind.ADD, columnLocal + j * wide);
    }
    for (int i = 0; i < height; i++) {
      load(m, instructions, 6, i * lanes);
      instructions.storeLocal(Kind.ADD, rowLocal);
      for (int j = 0; j < (triangle ? i + 1 : width); j++) {
        int sum = sumLocal + (i * width + j) * wide;
        if (target.fma()) {
          instructions.loadLocal(Kind.ADD, rowLocal);
          instructions.loadLocal(Kind.ADD, columnLocal + j * wide);
          instructions.loadLocal(Kind.ADD, sum);
          instructions.fma();
        } else {
          instructions.loadLocal(Kind.ADD, sum);
          instructions.loadLocal(Kind.ADD, rowLocal);
          instructions.loadLocal(Kind.ADD, columnLocal + j * wide);
          instructions.multiply();
          instructions.add();
        }
        instructions.storeLocal(Kind.ADD, sum);
      }
    }
    m.visitIincInsn(4, 1);
    m.visitIincInsn(5, columns * lanes);
    m.visitIincInsn(6, columns * lanes);
    m.visitJumpInsn(GOTO, top);
    m.visitLabel(end);
    for (int i = 0; i < height; i++) {
      sumAddress(m, i);
      for (int j = 0; j < (triangle ? i + 1 : width); j++) {
        int offset = j * lanes;
        int sum = sumLocal + (i * width + j) * wide;
        instructions.store(
            () -> {
              load(m, instructions, 5, offset);
              instructions.loadLocal(Kind.ADD, sum);
              instructions.add();
            },
            () -> m.visitVarInsn(ALOAD, TILE),
            () -> index(m, 5, offset));
      }
    }
    m.visitInsn(RETURN);
    m.visitMaxs(0, 0);
    m.visitEnd();
  }

  private void address(MethodVisitor m, int column, int local) {
    m.visitVarInsn(ILOAD, column);
    m.visitLdcInsn(target.lanes());
    m.visitInsn(IMUL);
    m.visitLdcInsn(rows);
    m.visitInsn(IADD);
    m.visitVarInsn(ISTORE, local);
  }

  /** Local 5 = sums + ((r+i)(r+i+1)/2 + c)·lanes. */
  private void sumAddress(MethodVisitor m, int i) {
    m.visitVarInsn(ILOAD, 1);
    m.visitLdcInsn(i);
    m.visitInsn(IADD);
    m.visitVarInsn(ILOAD, 1);
    m.visitLdcInsn(i + 1);
    m.visitInsn(IADD);
    m.visitInsn(IMUL);
    m.visitLdcInsn(2);
    m.visitInsn(IDIV);
    m.visitVarInsn(ILOAD, 2);
    m.visitInsn(IADD);
    m.visitLdcInsn(target.lanes());
    m.visitInsn(IMUL);
    m.visitLdcInsn(sums);
    m.visitInsn(IADD);
    m.visitVarInsn(ISTORE, 5);
  }

  private static void load(MethodVisitor m, Instructions instructions, int local, int offset) {
    instructions.load(() -> m.visitVarInsn(ALOAD, TILE), () -> index(m, local, offset));
  }

  private static void index(MethodVisitor m, int local, int offset) {
    m.visitVarInsn(ILOAD, local);
    if (offset != 0) {
      m.visitLdcInsn(offset);
      m.visitInsn(IADD);
    }
  }
}
