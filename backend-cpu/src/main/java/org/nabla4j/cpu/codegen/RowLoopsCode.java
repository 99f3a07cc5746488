package org.nabla4j.cpu.codegen;

import static org.objectweb.asm.Opcodes.AALOAD;
import static org.objectweb.asm.Opcodes.ACC_FINAL;
import static org.objectweb.asm.Opcodes.ACC_PUBLIC;
import static org.objectweb.asm.Opcodes.ACC_STATIC;
import static org.objectweb.asm.Opcodes.ACC_SUPER;
import static org.objectweb.asm.Opcodes.ALOAD;
import static org.objectweb.asm.Opcodes.ASTORE;
import static org.objectweb.asm.Opcodes.GOTO;
import static org.objectweb.asm.Opcodes.IADD;
import static org.objectweb.asm.Opcodes.IALOAD;
import static org.objectweb.asm.Opcodes.ICONST_0;
import static org.objectweb.asm.Opcodes.IFEQ;
import static org.objectweb.asm.Opcodes.IF_ICMPGE;
import static org.objectweb.asm.Opcodes.ILOAD;
import static org.objectweb.asm.Opcodes.INVOKESPECIAL;
import static org.objectweb.asm.Opcodes.INVOKESTATIC;
import static org.objectweb.asm.Opcodes.ISTORE;
import static org.objectweb.asm.Opcodes.RETURN;
import static org.objectweb.asm.Opcodes.V17;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Arrays;
import org.nabla4j.cpu.codegen.Value.Kind;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;

/**
 * Writes {@link RowLoops}: small methods, each one loop over rows with all its sums in registers.
 *
 * <p>Error-free transformations: two-sum of Knuth 1969, two-product by fused multiply-add, or by
 * Dekker's splitting (1971) where the processor has none.
 */
final class RowLoopsCode {

  private static final String SUPER = "org/nabla4j/cpu/codegen/RowLoops";

  /** 2²⁷ + 1, which splits a double in two halves. */
  private static final double SPLITTER = 134217729;

  private static final String PRODUCTS = "([DIIII[DI)V";
  private static final String EXACT_PRODUCTS = "([DIIIIII[DI)V";
  private static final String FUSED = "([[D[I[DI[D)V";

  private final Target target;
  private final Instructions instructions;
  private final int wide;
  private final ClassWriter writer;
  private MethodVisitor m;
  private int next;

  private RowLoopsCode(Target target) {
    this.target = target;
    instructions =
        target.isVector() ? new VectorInstructions(target) : new ScalarInstructions(target);
    wide = instructions.isWide(Kind.ADD) ? 2 : 1;
    writer =
        new ClassWriter(ClassWriter.COMPUTE_FRAMES) {
          @Override
          protected String getCommonSuperClass(String a, String b) {
            // interfaces and unrelated API classes only: no class needs to be loaded to know
            return a.equals(b) ? a : "java/lang/Object";
          }
        };
  }

  /** Generates, defines and instantiates the class for a target of doubles. */
  static RowLoops define(Target target) {
    byte[] bytes = new RowLoopsCode(target).generate();
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup().defineHiddenClass(bytes, true);
      RowLoops loops =
          (RowLoops)
              lookup
                  .findConstructor(lookup.lookupClass(), MethodType.methodType(void.class))
                  .invoke();
      return loops.with(target);
    } catch (Throwable e) {
      throw new IllegalStateException("the JVM refused a generated class: " + e.getMessage(), e);
    }
  }

  private byte[] generate() {
    writer.visit(V17, ACC_FINAL | ACC_SUPER, ProcedureClass.NAME, null, SUPER, null);
    m = writer.visitMethod(ACC_PUBLIC, "<init>", "()V", null, null);
    m.visitCode();
    m.visitVarInsn(ALOAD, 0);
    m.visitMethodInsn(INVOKESPECIAL, SUPER, "<init>", "()V", false);
    end();
    for (int height = 1; height <= RowLoops.SIDE; height++) {
      for (int width = 1; width <= RowLoops.SIDE; width++) {
        products(RowLoops.rectangle(height, width), height, width, false);
      }
      products(RowLoops.triangle(height), height, height, true);
    }
    for (int height = 1; height <= RowLoops.EXACT_SIDE; height++) {
      for (int width = 1; width <= RowLoops.EXACT_SIDE; width++) {
        exactProducts(RowLoops.rectangle(height, width), height, width, false);
      }
      exactProducts(RowLoops.triangle(height), height, height, true);
    }
    for (int number = 1; number <= RowLoops.FUSED; number++) {
      fused(number, false);
      fused(number, true);
    }
    choose();
    chooseExact();
    chooseFused();
    subtract();
    exactSubtract();
    multiply();
    exactMultiply();
    addMultiple();
    addMultiples();
    addExactMultiple();
    addSquares();
    total();
    exactTotal();
    notFinite();
    writer.visitEnd();
    return writer.toByteArray();
  }

  // ---- products

  /** Static (t, a, b, stride, count, sums, at). */
  private void products(int kind, int height, int width, boolean triangle) {
    begin(ACC_STATIC, "products" + kind, PRODUCTS, 7);
    int[] left = addresses(1, 3, height);
    int[] right = triangle ? left : addresses(2, 3, width);
    int[][] sums = new int[height][width];
    for (int u = 0; u < height; u++) {
      for (int v = 0; v < (triangle ? u + 1 : width); v++) {
        sums[u][v] = real();
        int offset = (u * width + v) * target.lanes();
        set(sums[u][v], () -> load(5, 6, offset));
      }
    }
    int[] b = reals(width);
    int a = real();
    int r = integer();
    loop(
        r,
        4,
        target.lanes(),
        () -> {
          for (int v = 0; v < width; v++) {
            int address = right[v];
            set(b[v], () -> at(0, address, r));
          }
          for (int u = 0; u < height; u++) {
            int address = left[u];
            if (!triangle) {
              set(a, () -> at(0, address, r));
            }
            int factor = triangle ? b[u] : a;
            for (int v = 0; v < (triangle ? u + 1 : width); v++) {
              accumulate(sums[u][v], factor, b[v]);
            }
          }
        });
    for (int u = 0; u < height; u++) {
      for (int v = 0; v < (triangle ? u + 1 : width); v++) {
        int offset = (u * width + v) * target.lanes();
        int sum = sums[u][v];
        store(5, 6, offset, () -> get(sum));
      }
    }
    end();
  }

  /** Static (t, a, aLow, b, bLow, stride, count, sums, at). */
  private void exactProducts(int kind, int height, int width, boolean triangle) {
    begin(ACC_STATIC, "exact" + kind, EXACT_PRODUCTS, 9);
    int[] left = addresses(1, 5, height);
    int[] leftLow = addresses(2, 5, height);
    int[] right = triangle ? left : addresses(3, 5, width);
    int[] rightLow = triangle ? leftLow : addresses(4, 5, width);
    int[][] high = new int[height][width];
    int[][] low = new int[height][width];
    for (int u = 0; u < height; u++) {
      for (int v = 0; v < (triangle ? u + 1 : width); v++) {
        high[u][v] = real();
        low[u][v] = real();
        int offset = (u * width + v) * 2 * target.lanes();
        set(high[u][v], () -> load(7, 8, offset));
        set(low[u][v], () -> load(7, 8, offset + target.lanes()));
      }
    }
    int[] b = reals(width);
    int[] bLow = reals(width);
    int a = real();
    int negative = real();
    int negativeLow = real();
    Temporaries temporaries = new Temporaries();
    int r = integer();
    loop(
        r,
        6,
        target.lanes(),
        () -> {
          for (int v = 0; v < width; v++) {
            int address = right[v];
            int addressLow = rightLow[v];
            set(b[v], () -> at(0, address, r));
            set(bLow[v], () -> at(0, addressLow, r));
          }
          for (int u = 0; u < height; u++) {
            int address = left[u];
            int addressLow = leftLow[u];
            if (!triangle) {
              set(a, () -> at(0, address, r));
            }
            int factor = triangle ? b[u] : a;
            int row = u;
            temporaries.negate(negative, () -> get(factor));
            temporaries.negate(
                negativeLow,
                () -> {
                  if (triangle) {
                    get(bLow[row]);
                  } else {
                    at(0, addressLow, r);
                  }
                });
            for (int v = 0; v < (triangle ? u + 1 : width); v++) {
              temporaries.accumulate(
                  high[u][v], low[u][v], factor, negative, negativeLow, b[v], bLow[v]);
            }
          }
        });
    for (int u = 0; u < height; u++) {
      for (int v = 0; v < (triangle ? u + 1 : width); v++) {
        int offset = (u * width + v) * 2 * target.lanes();
        int h = high[u][v];
        int l = low[u][v];
        store(7, 8, offset, () -> get(h));
        store(7, 8, offset + target.lanes(), () -> get(l));
      }
    }
    end();
  }

  /** Static (columns, first, shifts, count, sums). */
  private void fused(int number, boolean ones) {
    begin(ACC_STATIC, fusedName(number, ones), FUSED, 5);
    int[] arrays = new int[number];
    int[] bases = new int[number];
    int[] shifts = reals(number);
    for (int k = 0; k < number; k++) {
      arrays[k] = integer();
      bases[k] = integer();
      m.visitVarInsn(ALOAD, 0);
      m.visitLdcInsn(k);
      m.visitInsn(AALOAD);
      m.visitVarInsn(ASTORE, arrays[k]);
      m.visitVarInsn(ALOAD, 1);
      m.visitLdcInsn(k);
      m.visitInsn(IALOAD);
      m.visitVarInsn(ISTORE, bases[k]);
      int index = k;
      set(
          shifts[k],
          () ->
              instructions.broadcast(() -> m.visitVarInsn(ALOAD, 2), () -> m.visitLdcInsn(index)));
    }
    int count = number * (number + 1) / 2;
    int[] sums = reals(count + (ones ? number : 0));
    for (int sum : sums) {
      set(sum, instructions::zero);
    }
    int[] x = reals(number);
    int r = integer();
    loop(
        r,
        3,
        target.lanes(),
        () -> {
          for (int j = 0; j < number; j++) {
            int column = j;
            set(
                x[j],
                () -> {
                  at(arrays[column], bases[column], r);
                  get(shifts[column]);
                  instructions.subtract();
                });
            for (int k = 0; k <= j; k++) {
              accumulate(sums[j * (j + 1) / 2 + k], x[j], x[k]);
            }
            if (ones) {
              int sum = sums[count + j];
              set(
                  sum,
                  () -> {
                    get(sum);
                    get(x[column]);
                    instructions.add();
                  });
            }
          }
        });
    for (int e = 0; e < sums.length; e++) {
      int sum = sums[e];
      int element = e * target.lanes();
      instructions.store(
          () -> get(sum), () -> m.visitVarInsn(ALOAD, 4), () -> m.visitLdcInsn(element));
    }
    end();
  }

  private static String fusedName(int number, boolean ones) {
    return "fused" + number + (ones ? "ones" : "");
  }

  private void choose() {
    begin(ACC_PUBLIC, "products", "(I[DIIII[DI)V", 9);
    int kinds = RowLoops.triangle(RowLoops.SIDE) + 1;
    Label[] labels = labels(kinds);
    Label other = new Label();
    m.visitVarInsn(ILOAD, 1);
    m.visitTableSwitchInsn(0, kinds - 1, other, labels);
    for (int kind = 0; kind < kinds; kind++) {
      m.visitLabel(labels[kind]);
      m.visitVarInsn(ALOAD, 2);
      for (int local = 3; local <= 6; local++) {
        m.visitVarInsn(ILOAD, local);
      }
      m.visitVarInsn(ALOAD, 7);
      m.visitVarInsn(ILOAD, 8);
      call("products" + kind, PRODUCTS);
    }
    m.visitLabel(other);
    end();
  }

  private void chooseExact() {
    begin(ACC_PUBLIC, "exactProducts", "(I[DIIIIII[DI)V", 11);
    Label other = new Label();
    int kinds = RowLoops.triangle(RowLoops.SIDE) + 1;
    Label[] labels = new Label[kinds];
    Arrays.fill(labels, other);
    for (int height = 1; height <= RowLoops.EXACT_SIDE; height++) {
      for (int width = 1; width <= RowLoops.EXACT_SIDE; width++) {
        labels[RowLoops.rectangle(height, width)] = new Label();
      }
      labels[RowLoops.triangle(height)] = new Label();
    }
    m.visitVarInsn(ILOAD, 1);
    m.visitTableSwitchInsn(0, kinds - 1, other, labels);
    for (int kind = 0; kind < kinds; kind++) {
      if (labels[kind] != other) {
        m.visitLabel(labels[kind]);
        m.visitVarInsn(ALOAD, 2);
        for (int local = 3; local <= 8; local++) {
          m.visitVarInsn(ILOAD, local);
        }
        m.visitVarInsn(ALOAD, 9);
        m.visitVarInsn(ILOAD, 10);
        call("exact" + kind, EXACT_PRODUCTS);
      }
    }
    m.visitLabel(other);
    end();
  }

  private void chooseFused() {
    begin(ACC_PUBLIC, "fused", "([[DIZ[I[DI[D)V", 8);
    Label[] labels = labels(RowLoops.FUSED);
    Label other = new Label();
    m.visitVarInsn(ILOAD, 2);
    m.visitTableSwitchInsn(1, RowLoops.FUSED, other, labels);
    for (int number = 1; number <= RowLoops.FUSED; number++) {
      m.visitLabel(labels[number - 1]);
      Label plain = new Label();
      m.visitVarInsn(ILOAD, 3);
      m.visitJumpInsn(IFEQ, plain);
      fusedArguments();
      call(fusedName(number, true), FUSED);
      m.visitLabel(plain);
      fusedArguments();
      call(fusedName(number, false), FUSED);
    }
    m.visitLabel(other);
    end();
  }

  private void fusedArguments() {
    m.visitVarInsn(ALOAD, 1);
    m.visitVarInsn(ALOAD, 4);
    m.visitVarInsn(ALOAD, 5);
    m.visitVarInsn(ILOAD, 6);
    m.visitVarInsn(ALOAD, 7);
  }

  private static Label[] labels(int count) {
    Label[] labels = new Label[count];
    Arrays.setAll(labels, k -> new Label());
    return labels;
  }

  /** Calls a static method and returns. */
  private void call(String name, String descriptor) {
    m.visitMethodInsn(INVOKESTATIC, ProcedureClass.NAME, name, descriptor, false);
    m.visitInsn(RETURN);
  }

  // ---- columns

  /** (source 1, x 2, t 3, to 4, count 5, shift 6). */
  private void subtract() {
    begin(ACC_PUBLIC, "subtract", "([DI[DIID)V", 8);
    int shift = real();
    set(shift, () -> everywhere(6));
    int r = integer();
    loop(
        r,
        5,
        target.lanes(),
        () ->
            put(
                3,
                4,
                r,
                () -> {
                  at(1, 2, r);
                  get(shift);
                  instructions.subtract();
                }));
    end();
  }

  /** (source 1, x 2, t 3, to 4, low 5, count 6, shift 7). */
  private void exactSubtract() {
    begin(ACC_PUBLIC, "exactSubtract", "([DI[DIIID)V", 9);
    int shift = real();
    set(shift, () -> everywhere(7));
    int x = real();
    int difference = real();
    int part = real();
    int r = integer();
    Temporaries temporaries = new Temporaries();
    loop(
        r,
        6,
        target.lanes(),
        () -> {
          set(x, () -> at(1, 2, r));
          set(difference, () -> minus(x, shift));
          set(part, () -> minus(difference, x));
          put(3, 4, r, () -> get(difference));
          set(
              temporaries.error,
              () -> {
                get(x);
                minus(difference, part);
                instructions.subtract();
                get(shift);
                get(part);
                instructions.add();
                instructions.subtract();
              });
          put(3, 5, r, () -> finite(temporaries.error));
        });
    end();
  }

  /** (t 1, a 2, x 3, to 4, count 5). */
  private void multiply() {
    begin(ACC_PUBLIC, "multiply", "([DIIII)V", 6);
    int r = integer();
    loop(
        r,
        5,
        target.lanes(),
        () ->
            put(
                1,
                4,
                r,
                () -> {
                  at(1, 2, r);
                  at(1, 3, r);
                  instructions.multiply();
                }));
    end();
  }

  /** (t 1, a 2, x 3, xLow 4, to 5, low 6, count 7). */
  private void exactMultiply() {
    begin(ACC_PUBLIC, "exactMultiply", "([DIIIIII)V", 8);
    int a = real();
    int x = real();
    int product = real();
    int sum = real();
    Temporaries temporaries = new Temporaries();
    int r = integer();
    loop(
        r,
        7,
        target.lanes(),
        () -> {
          set(a, () -> at(1, 2, r));
          set(x, () -> at(1, 3, r));
          temporaries.product(product, a, x);
          set(
              temporaries.error,
              () -> {
                get(a);
                at(1, 4, r);
                instructions.multiply();
                get(temporaries.error);
                instructions.add();
              });
          set(temporaries.error, () -> finite(temporaries.error));
          set(
              sum,
              () -> {
                get(product);
                get(temporaries.error);
                instructions.add();
              });
          put(1, 5, r, () -> get(sum));
          set(
              temporaries.error,
              () -> {
                get(temporaries.error);
                minus(sum, product);
                instructions.subtract();
              });
          put(1, 6, r, () -> finite(temporaries.error));
        });
    end();
  }

  /** (t 1, f 2, x 4, to 5, count 6). */
  private void addMultiple() {
    begin(ACC_PUBLIC, "addMultiple", "([DDIII)V", 7);
    int f = real();
    set(f, () -> everywhere(2));
    int sum = real();
    int x = real();
    int r = integer();
    loop(
        r,
        6,
        target.lanes(),
        () -> {
          set(sum, () -> at(1, 5, r));
          set(x, () -> at(1, 4, r));
          accumulate(sum, f, x);
          put(1, 5, r, () -> get(sum));
        });
    end();
  }

  /** (t 1, f 2, first 3, x 4, stride 5, to 6, count 7). */
  private void addMultiples() {
    begin(ACC_PUBLIC, "addMultiples", "([D[DIIIII)V", 8);
    int[] f = reals(RowLoops.SIDE);
    for (int u = 0; u < f.length; u++) {
      int offset = u;
      set(
          f[u],
          () -> instructions.broadcast(() -> m.visitVarInsn(ALOAD, 2), () -> index(3, offset)));
    }
    int[] columns = addresses(4, 5, RowLoops.SIDE);
    int sum = real();
    int x = real();
    int r = integer();
    loop(
        r,
        7,
        target.lanes(),
        () -> {
          set(sum, () -> at(1, 6, r));
          for (int u = 0; u < f.length; u++) {
            int address = columns[u];
            set(x, () -> at(1, address, r));
            accumulate(sum, f[u], x);
          }
          put(1, 6, r, () -> get(sum));
        });
    end();
  }

  /** (t 1, f 2, x 4, xLow 5, to 6, rest 7, count 8). */
  private void addExactMultiple() {
    begin(ACC_PUBLIC, "addExactMultiple", "([DDIIIII)V", 9);
    int f = real();
    set(f, () -> everywhere(2));
    int x = real();
    int low = real();
    int high = real();
    int rest = real();
    int zero = real();
    int negative = real();
    set(zero, instructions::zero);
    Temporaries temporaries = new Temporaries();
    temporaries.negate(negative, () -> get(f));
    int r = integer();
    loop(
        r,
        8,
        target.lanes(),
        () -> {
          set(x, () -> at(1, 4, r));
          set(low, () -> at(1, 5, r));
          set(high, () -> at(1, 6, r));
          set(rest, () -> at(1, 7, r));
          temporaries.accumulate(high, rest, f, negative, zero, x, low);
          put(1, 6, r, () -> get(high));
          put(1, 7, r, () -> get(rest));
        });
    end();
  }

  /** (t 1, f 2, first 3, columns 4, x 5, stride 6, h 7, count 8). */
  private void addSquares() {
    begin(ACC_PUBLIC, "addSquares", "([D[DIIIIII)V", 9);
    int[] parts = reals(RowLoops.FACTOR_ROWS);
    int x = real();
    int factor = real();
    int h = real();
    int r = integer();
    int j = integer();
    int address = integer();
    int place = integer();
    loop(
        r,
        8,
        target.lanes(),
        () -> {
          for (int part : parts) {
            set(part, instructions::zero);
          }
          m.visitVarInsn(ILOAD, 5);
          m.visitVarInsn(ISTORE, address);
          m.visitVarInsn(ILOAD, 3);
          m.visitVarInsn(ISTORE, place);
          loop(
              j,
              4,
              1,
              () -> {
                set(x, () -> at(1, address, r));
                for (int u = 0; u < parts.length; u++) {
                  int offset = u;
                  set(
                      factor,
                      () ->
                          instructions.broadcast(
                              () -> m.visitVarInsn(ALOAD, 2), () -> index(place, offset)));
                  accumulate(parts[u], factor, x);
                }
                m.visitIincInsn(place, RowLoops.FACTOR_ROWS);
                m.visitVarInsn(ILOAD, address);
                m.visitVarInsn(ILOAD, 6);
                m.visitInsn(IADD);
                m.visitVarInsn(ISTORE, address);
              });
          set(h, () -> at(1, 7, r));
          for (int part : parts) {
            accumulate(h, part, part);
          }
          put(1, 7, r, () -> get(h));
        });
    end();
  }

  // ---- sums of columns

  /** (t 1, x 2, count 3, sums 4, at 5). */
  private void total() {
    begin(ACC_PUBLIC, "total", "([DII[DI)V", 6);
    int sum = real();
    set(sum, () -> load(4, 5, 0));
    int r = integer();
    loop(
        r,
        3,
        target.lanes(),
        () ->
            set(
                sum,
                () -> {
                  get(sum);
                  at(1, 2, r);
                  instructions.add();
                }));
    store(4, 5, 0, () -> get(sum));
    end();
  }

  /** (t 1, x 2, count 3, sums 4, at 5). */
  private void exactTotal() {
    begin(ACC_PUBLIC, "exactTotal", "([DII[DI)V", 6);
    int high = real();
    int low = real();
    int x = real();
    set(high, () -> load(4, 5, 0));
    set(low, () -> load(4, 5, target.lanes()));
    Temporaries temporaries = new Temporaries();
    int r = integer();
    loop(
        r,
        3,
        target.lanes(),
        () -> {
          set(x, () -> at(1, 2, r));
          temporaries.add(high, low, x);
        });
    store(4, 5, 0, () -> get(high));
    store(4, 5, target.lanes(), () -> get(low));
    end();
  }

  /** (t 1, from 2, count 3, found 4). */
  private void notFinite() {
    begin(ACC_PUBLIC, "notFinite", "([DII[D)V", 5);
    int[] sums = reals(4);
    int zero = real();
    int x = real();
    set(zero, instructions::zero);
    for (int sum : sums) {
      set(sum, instructions::zero);
    }
    int r = integer();
    loop(
        r,
        3,
        4 * target.lanes(),
        () -> {
          for (int k = 0; k < sums.length; k++) {
            int offset = k * target.lanes();
            set(
                x,
                () ->
                    instructions.load(
                        () -> m.visitVarInsn(ALOAD, 1),
                        () -> {
                          index(2, offset);
                          m.visitVarInsn(ILOAD, r);
                          m.visitInsn(IADD);
                        }));
            accumulate(sums[k], x, zero);
          }
        });
    instructions.store(
        () -> {
          get(sums[0]);
          for (int k = 1; k < sums.length; k++) {
            get(sums[k]);
            instructions.add();
          }
        },
        () -> m.visitVarInsn(ALOAD, 4),
        () -> m.visitInsn(ICONST_0));
    end();
  }

  // ---- error-free transformations

  /** Locals of what is computed on the way. */
  private final class Temporaries {
    /** The error of the last product. */
    private final int error = real();

    private final int product = real();
    private final int sum = real();
    private final int part = real();
    private final int[] halves;
    private final int minusOne;

    Temporaries() {
      halves = target.fma() ? new int[0] : reals(4);
      minusOne = real();
      set(minusOne, () -> instructions.constant(-1));
    }

    /** to = −x. */
    void negate(int to, Runnable x) {
      set(
          to,
          () -> {
            x.run();
            get(minusOne);
            instructions.multiply();
          });
    }

    /**
     * (high, low) += (a + aLow)·(b + bLow); −a and −aLow are given, so that what is lost of a·b can
     * be had with its sign turned and nothing has to be turned in the loop.
     */
    void accumulate(int high, int low, int a, int minusA, int minusLow, int b, int bLow) {
      set(
          product,
          () -> {
            get(a);
            get(b);
            instructions.multiply();
          });
      if (target.fma()) {
        set(
            error,
            () -> {
              get(minusA);
              get(b);
              get(product);
              instructions.fma();
            });
      } else {
        splitError(a, b, product);
        negate(error, () -> get(error));
      }
      RowLoopsCode.this.accumulate(error, minusA, bLow);
      RowLoopsCode.this.accumulate(error, minusLow, b);
      twoSum(high, product);
      set(
          low,
          () -> {
            get(low);
            lowOfSum(high, product);
            get(error);
            instructions.subtract();
            instructions.add();
          });
      set(high, () -> get(sum));
    }

    /** (high, low) += x. */
    void add(int high, int low, int x) {
      twoSum(high, x);
      set(
          low,
          () -> {
            get(low);
            lowOfSum(high, x);
            instructions.add();
          });
      set(high, () -> get(sum));
    }

    private void twoSum(int a, int b) {
      set(
          sum,
          () -> {
            get(a);
            get(b);
            instructions.add();
          });
      set(part, () -> minus(sum, a));
    }

    /** What the last sum of a and b lacks. */
    private void lowOfSum(int a, int b) {
      get(a);
      minus(sum, part);
      instructions.subtract();
      minus(b, part);
      instructions.add();
    }

    /** to + error = a·b. */
    void product(int to, int a, int b) {
      set(
          to,
          () -> {
            get(a);
            get(b);
            instructions.multiply();
          });
      if (target.fma()) {
        set(
            error,
            () -> {
              get(a);
              get(b);
              get(to);
              get(minusOne);
              instructions.multiply();
              instructions.fma();
            });
        return;
      }
      splitError(a, b, to);
    }

    /** error = a·b − product, by halves. */
    private void splitError(int a, int b, int product) {
      split(a, halves[0], halves[1]);
      split(b, halves[2], halves[3]);
      set(
          error,
          () -> {
            get(halves[0]);
            get(halves[2]);
            instructions.multiply();
            get(product);
            instructions.subtract();
          });
      RowLoopsCode.this.accumulate(error, halves[0], halves[3]);
      RowLoopsCode.this.accumulate(error, halves[1], halves[2]);
      RowLoopsCode.this.accumulate(error, halves[1], halves[3]);
    }

    private void split(int x, int high, int low) {
      set(
          low,
          () -> {
            get(x);
            instructions.constant(SPLITTER);
            instructions.multiply();
          });
      set(
          high,
          () -> {
            get(low);
            minus(low, x);
            instructions.subtract();
          });
      set(low, () -> minus(x, high));
    }
  }

  /** Leaves x where it is finite, else 0. */
  private void finite(int x) {
    instructions.selectNonZero(
        () -> {
          get(x);
          instructions.zero();
          instructions.multiply();
        },
        instructions::zero,
        () -> get(x));
  }

  // ---- writing

  private void begin(int access, String name, String descriptor, int firstLocal) {
    m = writer.visitMethod(access, name, descriptor, null, null);
    instructions.begin(
        m,
        v -> {
          throw new IllegalStateException("there are no values here");
        },
        k -> real());
    m.visitCode();
    next = firstLocal;
  }

  private void end() {
    m.visitInsn(RETURN);
    m.visitMaxs(0, 0);
    m.visitEnd();
  }

  private int real() {
    int local = next;
    next += wide;
    return local;
  }

  private int[] reals(int count) {
    int[] locals = new int[count];
    Arrays.setAll(locals, k -> real());
    return locals;
  }

  private int integer() {
    return next++;
  }

  /** Locals that hold {@code first + u·stride}. */
  private int[] addresses(int first, int stride, int count) {
    int[] locals = new int[count];
    for (int u = 0; u < count; u++) {
      locals[u] = integer();
      m.visitVarInsn(ILOAD, u == 0 ? first : locals[u - 1]);
      if (u > 0) {
        m.visitVarInsn(ILOAD, stride);
        m.visitInsn(IADD);
      }
      m.visitVarInsn(ISTORE, locals[u]);
    }
    return locals;
  }

  private void loop(int r, int limit, int step, Runnable body) {
    Label top = new Label();
    Label end = new Label();
    m.visitInsn(ICONST_0);
    m.visitVarInsn(ISTORE, r);
    m.visitLabel(top);
    m.visitVarInsn(ILOAD, r);
    m.visitVarInsn(ILOAD, limit);
    m.visitJumpInsn(IF_ICMPGE, end);
    body.run();
    m.visitIincInsn(r, step);
    m.visitJumpInsn(GOTO, top);
    m.visitLabel(end);
  }

  private void get(int local) {
    instructions.loadLocal(Kind.ADD, local);
  }

  private void set(int local, Runnable value) {
    value.run();
    instructions.storeLocal(Kind.ADD, local);
  }

  private void minus(int a, int b) {
    get(a);
    get(b);
    instructions.subtract();
  }

  /** sum += a·b, with one rounding where the processor can. */
  private void accumulate(int sum, int a, int b) {
    if (target.fma()) {
      get(a);
      get(b);
      get(sum);
      instructions.fma();
    } else {
      get(sum);
      get(a);
      get(b);
      instructions.multiply();
      instructions.add();
    }
    instructions.storeLocal(Kind.ADD, sum);
  }

  /** Leaves a number of a double local in all lanes. */
  private void everywhere(int local) {
    instructions.broadcast(local);
  }

  private void at(int array, int address, int r) {
    instructions.load(
        () -> m.visitVarInsn(ALOAD, array),
        () -> {
          m.visitVarInsn(ILOAD, address);
          m.visitVarInsn(ILOAD, r);
          m.visitInsn(IADD);
        });
  }

  private void put(int array, int address, int r, Runnable value) {
    instructions.store(
        value,
        () -> m.visitVarInsn(ALOAD, array),
        () -> {
          m.visitVarInsn(ILOAD, address);
          m.visitVarInsn(ILOAD, r);
          m.visitInsn(IADD);
        });
  }

  private void load(int array, int address, int offset) {
    instructions.load(() -> m.visitVarInsn(ALOAD, array), () -> index(address, offset));
  }

  private void store(int array, int address, int offset, Runnable value) {
    instructions.store(value, () -> m.visitVarInsn(ALOAD, array), () -> index(address, offset));
  }

  private void index(int address, int offset) {
    m.visitVarInsn(ILOAD, address);
    if (offset != 0) {
      m.visitLdcInsn(offset);
      m.visitInsn(IADD);
    }
  }
}
