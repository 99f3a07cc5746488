package org.nabla4j.cpu;

import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.nabla4j.cpu.codegen.KernelCompiler;
import org.nabla4j.cpu.codegen.RootKernel;
import org.nabla4j.cpu.codegen.RootLayout;
import org.nabla4j.cpu.codegen.RootProgram;
import org.nabla4j.cpu.codegen.Warmth;
import org.nabla4j.data.Column;
import org.nabla4j.objective.EquationProblem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a vector kernel for roots on copies of a few problems, on a thread of its own, until the JVM
 * has compiled it and it is faster than the scalar kernel that works meanwhile.
 */
final class RootWarmUp implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(RootWarmUp.class);

  /** Problems that are copied; more than lanes of any vector are not needed. */
  private static final int COPIES = 32;

  /** Nanoseconds between two looks at the clock. */
  private static final long SLICE = 2_000_000;

  /** Times that the kernel must be seen to be the faster one: the machine may be busy. */
  private static final int TIMES = 3;

  /** Nanoseconds after which there is no hope left. */
  private static final long PATIENCE = 30_000_000_000L;

  private final EquationProblem copies;
  private final RootProgram program;
  private final Warmth warmth;
  private final Supplier<KernelCompiler> vectors;

  private RootWarmUp(
      EquationProblem problem,
      RootProgram program,
      Warmth warmth,
      Supplier<KernelCompiler> vectors) {
    this.program = program;
    this.warmth = warmth;
    this.vectors = vectors;
    copies = copy(problem);
  }

  /** Begins to warm up the vector kernel beside a scalar one, unless that has begun already. */
  static void begin(
      EquationProblem problem,
      RootProgram program,
      Warmth warmth,
      Supplier<KernelCompiler> vectors) {
    if (warmth.begin()) {
      Thread thread = new Thread(new RootWarmUp(problem, program, warmth, vectors));
      thread.setName("nabla4j-warm-up");
      thread.setDaemon(true);
      thread.start();
    }
  }

  /** The first problems: the caller's arrays may change or go when its batch has ended. */
  private static EquationProblem copy(EquationProblem problem) {
    EquationProblem.Builder builder =
        EquationProblem.builder(problem.equations(), problem.unknowns());
    for (int k = 0; k < problem.constants().size(); k++) {
      builder.constant(problem.constantNames().get(k), copy(problem, problem.constants().get(k)));
    }
    String unknown = problem.unknowns().get(0);
    problem.start(0).ifPresent(column -> builder.start(unknown, copy(problem, column)));
    if (problem.lower(0).isPresent() && problem.upper(0).isPresent()) {
      builder.bracket(
          unknown, copy(problem, problem.lower(0).get()), copy(problem, problem.upper(0).get()));
    }
    return builder.build();
  }

  private static Column copy(EquationProblem problem, Column column) {
    if (column.shared()) {
      return Column.shared(column.value(0, 0));
    }
    double[] values = new double[COPIES];
    for (int k = 0; k < COPIES; k++) {
      values[k] = column.value(k % problem.problems(), 0);
    }
    return Column.perProblem(values, 1);
  }

  @Override
  public void run() {
    KernelCompiler compiler = vectors.get();
    if (compiler == null) {
      return;
    }
    RootKernel kernel = compiler.root(program);
    RootLayout layout = kernel.layout();
    EquationReader reader = new EquationReader(copies);
    double[] tile = new double[kernel.tileSize()];
    long begin = System.nanoTime();
    int faster = 0;
    long next = 0;
    while (faster < TIMES) {
      long start = System.nanoTime();
      if (start - begin > PATIENCE) {
        LOG.warn(
            "the JVM has not compiled a vector kernel within {} s; batches of this equation stay"
                + " with the scalar kernel: results are right, but slow",
            TimeUnit.NANOSECONDS.toSeconds(PATIENCE));
        return;
      }
      long turns = 0;
      long spent = 0;
      while (spent < SLICE) {
        for (int l = 0; l < layout.lanes(); l++) {
          reader.load(next++ % copies.problems(), tile, layout, l);
        }
        kernel.prepare().run(tile, tile, tile, 0, 0);
        for (int k = 0; k < 4; k++) {
          kernel.step().run(tile, tile, tile, 0, 0);
        }
        kernel.check().run(tile, tile, tile, 0, 0);
        turns += 4;
        spent = System.nanoTime() - start;
      }
      faster = (double) spent / (turns * layout.lanes()) < warmth.pace() ? faster + 1 : 0;
    }
    warmth.setHot();
  }
}
