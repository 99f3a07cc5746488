package org.nabla4j.cpu.codegen;

import static org.objectweb.asm.Opcodes.ACC_STATIC;
import static org.objectweb.asm.Opcodes.ALOAD;
import static org.objectweb.asm.Opcodes.GOTO;
import static org.objectweb.asm.Opcodes.IADD;
import static org.objectweb.asm.Opcodes.ICONST_1;
import static org.objectweb.asm.Opcodes.IDIV;
import static org.objectweb.asm.Opcodes.IF_ICMPGE;
import static org.objectweb.asm.Opcodes.ILOAD;
import static org.objectweb.asm.Opcodes.IMUL;
import static org.objectweb.asm.Opcodes.ISTORE;
import static org.objectweb.asm.Opcodes.ISUB;
import static org.objectweb.asm.Opcodes.RETURN;

import org.nabla4j.cpu.codegen.Value.Kind;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;

/**
 * Dense linear algebra on the lanes of a tile with more parameters than straight-line code is made
 * for: methods with loops, for {@link LaneCode#call}.
 *
 * <p>Triangles are packed by rows, {@code lanes} elements for each entry.
 */
final class DenseLoops {

  /** Copies where a mask is set: what was chosen stays elsewhere. */
  static final String CHOOSE = "choose";

  /** Solves the damped normal equations. */
  static final String SOLVE = "solve";

  /** δᵀHδ. */
  static final String QUADRATIC = "quadratic";

  private static final int TILE = 0;

  // local variables of all methods: 0 tile to 4 to; then
  private static final int I = 5;
  private static final int J = 6;
  private static final int K = 7;
  private static final int ROW = 8;
  private static final int LIMIT = 9;
  private static final int FIRST_VALUE = 10;

  /**
   * Where the operands lie, each the element of its first lane.
   *
   * @param mask reals, not 0 where the trial point was accepted
   * @param damping λ
   * @param held reals for each parameter, not 0 where it does not take part, or −1
   * @param right right-hand side, overwritten
   * @param step receives δ
   * @param column scratch for each parameter
   * @param inverse receives the inverse pivots
   * @param work receives L, a triangle
   * @param quadratic receives δᵀHδ
   * @param end end of all these
   */
  record Places(
      int mask,
      int damping,
      int held,
      int right,
      int step,
      int column,
      int inverse,
      int work,
      int quadratic,
      int end) {

    static Places from(int base, int p, int lanes, boolean bounded) {
      int held = base + 2 * lanes;
      int vector = p * lanes;
      int work = held + 5 * vector;
      int quadratic = work + p * (p + 1) / 2 * lanes;
      return new Places(
          base,
          base + lanes,
          bounded ? held : -1,
          held + vector,
          held + 2 * vector,
          held + 3 * vector,
          held + 4 * vector,
          work,
          quadratic,
          quadratic + lanes);
    }
  }

  private final ClassWriter writer;
  private final Target target;
  private final String descriptor;
  private final TileLayout tile;
  private final StateLayout state;
  private final Places places;
  private final int p;
  private final int lanes;
  private MethodVisitor m;
  private Instructions op;
  private int wide;

  DenseLoops(
      ClassWriter writer,
      Target target,
      String descriptor,
      TileLayout tile,
      StateLayout state,
      Places places) {
    this.writer = writer;
    this.target = target;
    this.descriptor = descriptor;
    this.tile = tile;
    this.state = state;
    this.places = places;
    this.p = tile.parameters();
    this.lanes = tile.lanes();
  }

  private void begin(String name) {
    m = writer.visitMethod(ACC_STATIC, name, descriptor, null, null);
    op = target.isVector() ? new VectorInstructions(target) : new ScalarInstructions(target);
    op.begin(m, v -> {}, k -> 0);
    wide = op.isWide(Kind.ADD) ? 2 : 1;
    m.visitCode();
  }

  private void end() {
    m.visitInsn(RETURN);
    m.visitMaxs(0, 0);
    m.visitEnd();
  }

  /** θ, g and H of the trial point where the mask is set. */
  void writeChoose() {
    begin(CHOOSE);
    loop(
        I,
        0,
        () -> constant(p),
        () ->
            chooseOne(() -> index(I, tile.trial(0), lanes), () -> index(I, state.theta(0), lanes)));
    // gradient and curvature: row j of the sums has the gradient first
    loop(
        J,
        0,
        () -> constant(p),
        () -> {
          rowOf(J, 1);
          chooseOne(() -> index(ROW, tile.sums(), 0), () -> index(J, state.gradient(0), lanes));
          loop(
              K,
              0,
              () -> {
                m.visitVarInsn(ILOAD, J);
                m.visitInsn(ICONST_1);
                m.visitInsn(IADD);
              },
              () ->
                  chooseOne(
                      () -> {
                        index(ROW, tile.sums() + lanes, 0);
                        addLanes(K);
                      },
                      () -> {
                        triangle(J, state.curvature(0, 0));
                        addLanes(K);
                      }));
        });
    end();
  }

  private void chooseOne(Runnable trial, Runnable current) {
    op.store(
        () ->
            op.selectNonZero(
                () -> load(() -> constant(places.mask())), () -> load(trial), () -> load(current)),
        this::array,
        current);
  }

  /** (H + λD²) δ = −g by LDLᵀ, right-looking; held parameters have a unit row. */
  void writeSolve(double floor) {
    begin(SOLVE);
    fill();
    int value = FIRST_VALUE;
    int inverse = value + wide;
    loop(
        K,
        0,
        () -> constant(p),
        () -> {
          // pivot
          triangle(K, places.work());
          addLanes(K);
          m.visitVarInsn(ISTORE, ROW);
          op.larger(
              () -> load(() -> m.visitVarInsn(ILOAD, ROW)),
              () -> {
                op.constant(floor);
                load(() -> index(K, state.scale(0), lanes));
                op.multiply();
              },
              value);
          op.reciprocal(() -> op.loadLocal(Kind.ADD, value));
          op.storeLocal(Kind.ADD, inverse);
          op.store(
              () -> op.loadLocal(Kind.ADD, inverse),
              this::array,
              () -> index(K, places.inverse(), lanes));
          // column k of L, and the right-hand side
          loopFromNext(
              I,
              K,
              () -> {
                triangle(I, places.work());
                addLanes(K);
                m.visitVarInsn(ISTORE, ROW);
                load(() -> m.visitVarInsn(ILOAD, ROW));
                op.storeLocal(Kind.ADD, value);
                op.store(
                    () -> op.loadLocal(Kind.ADD, value),
                    this::array,
                    () -> index(I, places.column(), lanes));
                op.loadLocal(Kind.ADD, value);
                op.loadLocal(Kind.ADD, inverse);
                op.multiply();
                op.storeLocal(Kind.ADD, value);
                op.store(
                    () -> op.loadLocal(Kind.ADD, value),
                    this::array,
                    () -> m.visitVarInsn(ILOAD, ROW));
                subtractProduct(
                    () -> op.loadLocal(Kind.ADD, value),
                    () -> load(() -> index(K, places.right(), lanes)),
                    () -> index(I, places.right(), lanes));
              });
          // what is left of the triangle
          loopFromNext(
              J,
              K,
              () -> {
                triangle(J, places.work());
                m.visitVarInsn(ISTORE, ROW);
                load(
                    () -> {
                      m.visitVarInsn(ILOAD, ROW);
                      addLanes(K);
                    });
                op.storeLocal(Kind.ADD, value);
                m.visitVarInsn(ILOAD, J);
                m.visitInsn(ICONST_1);
                m.visitInsn(IADD);
                m.visitVarInsn(ISTORE, LIMIT);
                loopFromNextTo(
                    I,
                    K,
                    () -> m.visitVarInsn(ILOAD, LIMIT),
                    () ->
                        subtractProduct(
                            () -> op.loadLocal(Kind.ADD, value),
                            () -> load(() -> index(I, places.column(), lanes)),
                            () -> {
                              m.visitVarInsn(ILOAD, ROW);
                              addLanes(I);
                            }));
              });
        });
    // δ = −D⁻¹z, then upwards
    loop(
        K,
        0,
        () -> constant(p),
        () ->
            op.store(
                () -> {
                  op.constant(-1);
                  load(() -> index(K, places.right(), lanes));
                  load(() -> index(K, places.inverse(), lanes));
                  op.multiply();
                  op.multiply();
                },
                this::array,
                () -> index(K, places.step(), lanes)));
    loop(
        J,
        0,
        () -> constant(p),
        () -> {
          // k = p − 1 − j
          constant(p - 1);
          m.visitVarInsn(ILOAD, J);
          m.visitInsn(ISUB);
          m.visitVarInsn(ISTORE, K);
          triangle(K, places.work());
          m.visitVarInsn(ISTORE, ROW);
          load(() -> index(K, places.step(), lanes));
          op.storeLocal(Kind.ADD, value);
          loop(
              I,
              0,
              () -> m.visitVarInsn(ILOAD, K),
              () ->
                  subtractProduct(
                      () -> op.loadLocal(Kind.ADD, value),
                      () ->
                          load(
                              () -> {
                                m.visitVarInsn(ILOAD, ROW);
                                addLanes(I);
                              }),
                      () -> index(I, places.step(), lanes)));
        });
    end();
  }

  /** W = H, with λD² on the diagonal and unit rows for held parameters. */
  private void fill() {
    loop(
        J,
        0,
        () -> constant(p),
        () -> {
          loop(
              K,
              0,
              () -> m.visitVarInsn(ILOAD, J),
              () ->
                  op.store(
                      () -> {
                        Runnable h =
                            () ->
                                load(
                                    () -> {
                                      triangle(J, state.curvature(0, 0));
                                      addLanes(K);
                                    });
                        if (places.held() < 0) {
                          h.run();
                        } else {
                          op.selectNonZero(
                              () -> {
                                load(() -> index(J, places.held(), lanes));
                                load(() -> index(K, places.held(), lanes));
                                op.add();
                              },
                              op::zero,
                              h);
                        }
                      },
                      this::array,
                      () -> {
                        triangle(J, places.work());
                        addLanes(K);
                      }));
          Runnable damped =
              () -> {
                Runnable h =
                    () ->
                        load(
                            () -> {
                              triangle(J, state.curvature(0, 0));
                              addLanes(J);
                            });
                multiplyAdd(
                    () -> load(() -> constant(places.damping())),
                    () -> load(() -> index(J, state.scale(0), lanes)),
                    h);
              };
          op.store(
              () -> {
                if (places.held() < 0) {
                  damped.run();
                } else {
                  op.selectNonZero(
                      () -> load(() -> index(J, places.held(), lanes)),
                      () -> load(() -> index(J, state.scale(0), lanes)),
                      damped);
                }
              },
              this::array,
              () -> {
                triangle(J, places.work());
                addLanes(J);
              });
        });
  }

  /** δᵀHδ = Σ_j δ_j (H_jj δ_j + 2 Σ_k&lt;j H_jk δ_k). */
  void writeQuadratic() {
    begin(QUADRATIC);
    int total = FIRST_VALUE;
    int row = total + wide;
    op.zero();
    op.storeLocal(Kind.ADD, total);
    loop(
        J,
        0,
        () -> constant(p),
        () -> {
          op.zero();
          op.storeLocal(Kind.ADD, row);
          triangle(J, state.curvature(0, 0));
          m.visitVarInsn(ISTORE, ROW);
          loop(
              K,
              0,
              () -> m.visitVarInsn(ILOAD, J),
              () -> {
                multiplyAdd(
                    () ->
                        load(
                            () -> {
                              m.visitVarInsn(ILOAD, ROW);
                              addLanes(K);
                            }),
                    () -> load(() -> index(K, places.step(), lanes)),
                    () -> op.loadLocal(Kind.ADD, row));
                op.storeLocal(Kind.ADD, row);
              });
          op.loadLocal(Kind.ADD, row);
          op.loadLocal(Kind.ADD, row);
          op.add();
          op.storeLocal(Kind.ADD, row);
          multiplyAdd(
              () ->
                  load(
                      () -> {
                        m.visitVarInsn(ILOAD, ROW);
                        addLanes(J);
                      }),
              () -> load(() -> index(J, places.step(), lanes)),
              () -> op.loadLocal(Kind.ADD, row));
          op.storeLocal(Kind.ADD, row);
          multiplyAdd(
              () -> op.loadLocal(Kind.ADD, row),
              () -> load(() -> index(J, places.step(), lanes)),
              () -> op.loadLocal(Kind.ADD, total));
          op.storeLocal(Kind.ADD, total);
        });
    op.store(() -> op.loadLocal(Kind.ADD, total), this::array, () -> constant(places.quadratic()));
    end();
  }

  /** Leaves a·b + c. */
  private void multiplyAdd(Runnable a, Runnable b, Runnable c) {
    if (target.fma()) {
      a.run();
      b.run();
      c.run();
      op.fma();
    } else {
      a.run();
      b.run();
      op.multiply();
      c.run();
      op.add();
    }
  }

  /** memory[index] −= a·b. */
  private void subtractProduct(Runnable a, Runnable b, Runnable index) {
    op.store(
        () ->
            multiplyAdd(
                () -> {
                  op.constant(-1);
                  a.run();
                  op.multiply();
                },
                b,
                () -> load(index)),
        this::array,
        index);
  }

  private void load(Runnable index) {
    op.load(this::array, index);
  }

  private void array() {
    m.visitVarInsn(ALOAD, TILE);
  }

  private void constant(int value) {
    m.visitLdcInsn(value);
  }

  /** base + local·stride; a stride of 0 adds the local itself. */
  private void index(int local, int base, int stride) {
    m.visitVarInsn(ILOAD, local);
    if (stride != 0) {
      m.visitLdcInsn(stride);
      m.visitInsn(IMUL);
    }
    m.visitLdcInsn(base);
    m.visitInsn(IADD);
  }

  /** Adds local·lanes to the number on the stack. */
  private void addLanes(int local) {
    m.visitVarInsn(ILOAD, local);
    m.visitLdcInsn(lanes);
    m.visitInsn(IMUL);
    m.visitInsn(IADD);
  }

  /** base + local(local+1)/2·lanes: the first element of a row of a packed triangle. */
  private void triangle(int local, int base) {
    m.visitVarInsn(ILOAD, local);
    m.visitVarInsn(ILOAD, local);
    m.visitInsn(ICONST_1);
    m.visitInsn(IADD);
    m.visitInsn(IMUL);
    m.visitLdcInsn(2);
    m.visitInsn(IDIV);
    m.visitLdcInsn(lanes);
    m.visitInsn(IMUL);
    m.visitLdcInsn(base);
    m.visitInsn(IADD);
  }

  /** Local ROW = offset of row (local + shift) of a packed triangle. */
  private void rowOf(int local, int shift) {
    m.visitVarInsn(ILOAD, local);
    m.visitLdcInsn(shift);
    m.visitInsn(IADD);
    m.visitVarInsn(ISTORE, LIMIT);
    triangle(LIMIT, 0);
    m.visitVarInsn(ISTORE, ROW);
  }

  private void loop(int local, int from, Runnable to, Runnable body) {
    constant(from);
    loopHere(local, to, body);
  }

  private void loopFromNext(int local, int after, Runnable body) {
    loopFromNextTo(local, after, () -> constant(p), body);
  }

  private void loopFromNextTo(int local, int after, Runnable to, Runnable body) {
    m.visitVarInsn(ILOAD, after);
    m.visitInsn(ICONST_1);
    m.visitInsn(IADD);
    loopHere(local, to, body);
  }

  private void loopHere(int local, Runnable to, Runnable body) {
    m.visitVarInsn(ISTORE, local);
    Label top = new Label();
    Label end = new Label();
    m.visitLabel(top);
    m.visitVarInsn(ILOAD, local);
    to.run();
    m.visitJumpInsn(IF_ICMPGE, end);
    body.run();
    m.visitIincInsn(local, 1);
    m.visitJumpInsn(GOTO, top);
    m.visitLabel(end);
  }
}
