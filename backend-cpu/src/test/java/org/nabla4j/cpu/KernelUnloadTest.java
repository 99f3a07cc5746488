package org.nabla4j.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nabla4j.cpu.codegen.Kernel;
import org.nabla4j.cpu.codegen.KernelCompiler;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.Formula;
import org.nabla4j.program.LeastSquaresProgram;
import org.nabla4j.program.ProgramCompiler;
import org.nabla4j.program.ProgramInputs;

/** Generated classes live as long as their compiler keeps them, and no longer. */
class KernelUnloadTest {

  private static final int SECONDS = 20;

  private static KernelCompiler compiler(boolean vector) {
    return vector ? KernelCompiler.vector(false).orElseThrow() : KernelCompiler.scalar(false);
  }

  private static LeastSquaresProgram program(String model) {
    Expression residual = Formula.parse(model).expression().minus(Expression.symbol("y"));
    return LeastSquaresProgram.of(
        residual,
        new ProgramInputs(List.of("a", "b"), List.of(), List.of("x"), List.of("y")),
        null,
        ProgramCompiler.Options.defaults());
  }

  /** Compiles, runs, and leaves nothing but weak references to the classes. */
  private static List<WeakReference<Class<?>>> use(KernelCompiler compiler, int kernels) {
    List<WeakReference<Class<?>>> classes = new ArrayList<>();
    for (int k = 0; k < kernels; k++) {
      Kernel kernel = compiler.batch(program("a*exp(-b*x) + " + k));
      double[] tile = new double[kernel.evaluation().facts().tileSize()];
      double[] data = new double[kernel.dataStride() * 4];
      kernel.evaluation().run(tile, data, new double[] {1, 2, 3, 4}, 0, 4);
      Class<?> type = kernel.evaluation().getClass();
      assertTrue(type.isHidden());
      classes.add(new WeakReference<>(type));
    }
    return classes;
  }

  private static void awaitUnloading(List<WeakReference<Class<?>>> classes) throws Exception {
    long end = System.nanoTime() + SECONDS * 1_000_000_000L;
    while (classes.stream().anyMatch(c -> c.get() != null) && System.nanoTime() < end) {
      System.gc();
      Thread.sleep(20);
    }
    for (WeakReference<Class<?>> type : classes) {
      assertNull(type.get(), "a generated class is still loaded after " + SECONDS + " s");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void closedCompilersLetTheirClassesGo(boolean vector) throws Exception {
    KernelCompiler compiler = compiler(vector);
    List<WeakReference<Class<?>>> classes = use(compiler, 5);
    System.gc();
    assertFalse(classes.stream().anyMatch(c -> c.get() == null), "still in use");
    compiler.clear();
    awaitUnloading(classes);
    // and can be used again
    assertNotNull(compiler.batch(program("a + b*x")));
  }

  @Test
  void theOldestKernelsAreForgotten() throws Exception {
    KernelCompiler compiler = compiler(false);
    List<WeakReference<Class<?>>> classes = use(compiler, 300);
    // 256 are kept
    awaitUnloading(classes.subList(0, 44));
    assertEquals(
        256, classes.subList(44, 300).stream().filter(c -> c.get() != null).count(), "kept");
    Kernel last = compiler.batch(program("a*exp(-b*x) + 299"));
    assertSame(last, compiler.batch(program("a*exp(-b*x) + 299")), "the same kernel again");
  }
}
