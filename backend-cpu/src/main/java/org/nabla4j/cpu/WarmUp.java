package org.nabla4j.cpu;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.nabla4j.cpu.BatchSolver.Engine;
import org.nabla4j.cpu.BatchSolver.Flavour;
import org.nabla4j.cpu.codegen.Kernel;
import org.nabla4j.cpu.codegen.Procedure;
import org.nabla4j.cpu.codegen.StateLayout;
import org.nabla4j.cpu.codegen.StepOptions;
import org.nabla4j.cpu.codegen.Warmth;
import org.nabla4j.method.LeastSquaresMethod;
import org.nabla4j.objective.LeastSquaresProblem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a vector kernel on copies of a few problems, on a thread of its own, until the JVM has
 * compiled it and it is faster than the scalar kernel that works meanwhile.
 *
 * <p>An interpreted vector kernel is thousands of times slower, and it takes the JVM a second or
 * more to compile one.
 */
final class WarmUp implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);

  /** One after the other, on a thread that goes when there is nothing to do. */
  private static final Executor THREAD = thread();

  /** Problems that are copied; more than lanes of any vector are not needed. */
  private static final int COPIES = 32;

  /** Nanoseconds between two looks at the clock. */
  private static final long SLICE = 2_000_000;

  /** Times that the kernel must be seen to be the faster one: the machine may be busy. */
  private static final int TIMES = 3;

  /** Nanoseconds after which there is no hope left. */
  private static final long PATIENCE = 30_000_000_000L;

  private final ResidualProgram program;
  private final Warmth warmth;
  private final LaneMemory shared;
  private final StepOptions options;
  private final StepOptions optionsInFloat;
  private final Supplier<Flavour> vectors;
  private final boolean isDouble;
  private final int points;
  private final int columns;
  private final LaneMemory copies;
  private final double[][] starts = new double[COPIES][];
  private final double[] lower;
  private final double[] upper;

  private WarmUp(
      LeastSquaresProblem problem,
      LeastSquaresMethod method,
      Engine scalar,
      Supplier<Flavour> vectors) {
    this.program = scalar.program;
    this.warmth = scalar.kernel.warmth();
    this.shared = scalar.data;
    this.vectors = vectors;
    isDouble = scalar.flavour.kernels().isDouble();
    options = Steps.options(problem, method, program, true);
    optionsInFloat = Steps.options(problem, method, program, false);
    points = Math.toIntExact(problem.points());
    columns = scalar.kernel.dataStride();
    lower = problem.lower();
    upper = problem.upper();
    // now: the caller's arrays may change or go when its batch has ended
    copies = LaneMemory.allocate(isDouble, Math.multiplyExact(points * columns, COPIES));
    ResidualProgram.Reader reader = program.reader();
    for (int k = 0; k < COPIES; k++) {
      long index = k % problem.problems();
      reader.read(index, copies, columns * COPIES, COPIES, k);
      starts[k] = new double[lower.length];
      problem.starts().read(index, 0, lower.length, starts[k], 0);
    }
  }

  /** Begins to warm up the vector kernel beside a scalar one, unless that has begun already. */
  static void begin(
      LeastSquaresProblem problem,
      LeastSquaresMethod method,
      Engine scalar,
      Supplier<Flavour> vectors) {
    if (scalar.kernel.warmth().begin()) {
      THREAD.execute(new WarmUp(problem, method, scalar, vectors));
    }
  }

  private static Executor thread() {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            1,
            1,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "nabla4j-warm-up");
              thread.setDaemon(true);
              return thread;
            });
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  @Override
  public void run() {
    Flavour vector = vectors.get();
    if (vector == null) {
      return;
    }
    Kernel kernel = vector.kernels().batch(program.least());
    Procedure step = vector.kernels().step(isDouble ? options : optionsInFloat);
    int lanes = vector.kernels().lanes();
    StateLayout state = new StateLayout(kernel.tile());
    LaneMemory data = data(lanes);
    LaneMemory tile =
        LaneMemory.allocate(
            isDouble, Math.max(kernel.evaluation().facts().tileSize(), step.facts().tileSize()));
    for (int l = 0; l < lanes; l++) {
      tile.set(kernel.tile().points() + l, points);
      load(kernel, state, tile, l);
    }
    long begin = System.nanoTime();
    int faster = 0;
    while (faster < TIMES) {
      long start = System.nanoTime();
      if (start - begin > PATIENCE) {
        LOG.warn(
            "the JVM has not compiled a vector kernel within {} s; batches of this formula stay"
                + " with the scalar kernel: results are right, but slow",
            TimeUnit.NANOSECONDS.toSeconds(PATIENCE));
        return;
      }
      long turns = 0;
      long spent = 0;
      while (spent < SLICE) {
        kernel.evaluation().run(tile.array(), data.array(), shared.array(), 0, points);
        step.run(tile.array(), data.array(), shared.array(), 0, 0);
        for (int ended = tile.nonZero(state.outcome(), lanes); ended != 0; ended &= ended - 1) {
          load(kernel, state, tile, Integer.numberOfTrailingZeros(ended));
        }
        turns++;
        spent = System.nanoTime() - start;
      }
      faster = (double) spent / (turns * lanes) < warmth.pace() ? faster + 1 : 0;
    }
    warmth.setHot();
  }

  /** The copies as lanes of the kernel. */
  private LaneMemory data(int lanes) {
    LaneMemory data = LaneMemory.allocate(isDouble, points * columns * lanes);
    for (int e = 0; e < points * columns; e++) {
      for (int l = 0; l < lanes; l++) {
        data.set(e * lanes + l, copies.get(e * COPIES + l));
      }
    }
    return data;
  }

  private void load(Kernel kernel, StateLayout state, LaneMemory tile, int l) {
    int[] free = program.free();
    int[] fixed = program.fixed();
    for (int j = 0; j < free.length; j++) {
      Steps.start(
          tile, kernel.tile(), state, l, j, starts[l][free[j]], lower[free[j]], upper[free[j]]);
    }
    for (int k = 0; k < fixed.length; k++) {
      tile.set(kernel.tile().problemConstant(k) + l, starts[l][fixed[k]]);
    }
    tile.set(state.evaluations() + l, 0);
    tile.set(state.outcome() + l, 0);
  }
}
