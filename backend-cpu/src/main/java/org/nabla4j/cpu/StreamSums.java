package org.nabla4j.cpu;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.nabla4j.backend.Execution;
import org.nabla4j.cpu.codegen.Kernel;
import org.nabla4j.cpu.codegen.KernelCompiler;
import org.nabla4j.cpu.codegen.TileLayout;
import org.nabla4j.objective.LeastSquaresProblem;

/**
 * Sums over many points: a lane is a data point, the points are cut into runs that threads share.
 *
 * <p>Runs have the same length whatever the number of threads, and their sums are added in the
 * order of the runs, in double: the result does not depend on the threads. Lanes in float sum up
 * short blocks only, which are added in double too. Memory does not grow with the number of points
 * beyond a few numbers for each run.
 */
final class StreamSums {

  /** Points of a run; a multiple of every number of lanes. */
  private static final int RUN = 8192;

  /**
   * Points that a float lane sums up before its sums are added in double: few enough that rounding
   * stays below 1e-6 even where it always goes the same way, and no slower than whole runs.
   */
  private static final int FLOAT_BLOCK = 256;

  private final LeastSquaresProblem problem;
  private final Execution execution;
  private final KernelCompiler compiler;
  private final ResidualProgram program;
  private final Kernel kernel;
  private final Kernel tail;
  private final int sumCount;

  /**
   * Prepares.
   *
   * @param compiler of the kernel that takes whole vectors of points
   * @param scalar compiler of the same precision for the last points
   * @param program for a data point in each lane
   */
  StreamSums(
      LeastSquaresProblem problem,
      Execution execution,
      KernelCompiler compiler,
      KernelCompiler scalar,
      ResidualProgram program) {
    this.problem = problem;
    this.execution = execution;
    this.compiler = compiler;
    this.program = program;
    kernel = compiler.stream(program.least());
    tail = scalar.stream(program.least());
    int columns = kernel.tile().parameters() + 1;
    sumCount = columns * (columns + 1) / 2 + (program.robust() ? 1 : 0);
  }

  Kernel kernel() {
    return kernel;
  }

  /** Number of sums, Σρ among them with a robust loss. */
  int count() {
    return sumCount;
  }

  /** Turns to a problem. */
  Pass pass(long index) {
    return new Pass(index);
  }

  /** Evaluations of one problem over all its points. */
  final class Pass {
    private final long index;
    private final long points = problem.points();
    private final int runs = Math.toIntExact((points + RUN - 1) / RUN);
    private final Object arrays;
    private final double[][] runSums = new double[runs][sumCount];
    private final int[] runPoints = new int[runs];
    private final int workers = Math.min(execution.parallelism(), runs);
    private final Worker[] threads = new Worker[workers];
    private long used;

    private Pass(long index) {
      this.index = index;
      arrays = program.streamArrays(index, compiler.isDouble());
    }

    /** Points of the last evaluation that were not left out. */
    long used() {
      return used;
    }

    /**
     * Sums up.
     *
     * @param theta holds the free parameters
     * @param firstTheta where the first one is
     * @param constants holds the problem's constants
     * @param firstConstant where the first one is
     * @param target receives {@link #count()} sums
     * @param firstSum where the first one goes
     */
    void evaluate(
        double[] theta,
        int firstTheta,
        double[] constants,
        int firstConstant,
        double[] target,
        int firstSum) {
      AtomicInteger next = new AtomicInteger();
      execution.run(
          workers,
          w -> {
            if (threads[w] == null) {
              threads[w] = new Worker(this);
            }
            threads[w].prepare(theta, firstTheta, constants, firstConstant);
            threads[w].run(next);
          });
      used = 0;
      double[] total = new double[sumCount];
      for (int r = 0; r < runs; r++) {
        used += runPoints[r];
        for (int k = 0; k < sumCount; k++) {
          total[k] += runSums[r][k];
        }
      }
      System.arraycopy(total, 0, target, firstSum, sumCount);
    }
  }

  /** One thread's tiles. */
  private final class Worker {
    private final Pass pass;
    private final LaneMemory tile;
    private final LaneMemory tailTile;
    private final LaneMemory[] copies;
    private final Object copied;
    private final double[] row;
    private final boolean[] keep;
    private final LaneMemory none = LaneMemory.allocate(compiler.isDouble(), 0);

    Worker(Pass pass) {
      this.pass = pass;
      tile = LaneMemory.allocate(compiler.isDouble(), kernel.evaluation().facts().tileSize());
      tailTile = LaneMemory.allocate(compiler.isDouble(), tail.evaluation().facts().tileSize());
      if (pass.arrays != null) {
        copies = null;
        copied = null;
        row = null;
        keep = null;
        return;
      }
      int columns = program.streamColumnCount();
      copies = new LaneMemory[columns];
      double[][] doubles = new double[columns][];
      float[][] floats = new float[columns][];
      for (int c = 0; c < columns; c++) {
        copies[c] = LaneMemory.allocate(compiler.isDouble(), RUN);
        if (compiler.isDouble()) {
          doubles[c] = (double[]) copies[c].array();
        } else {
          floats[c] = (float[]) copies[c].array();
        }
      }
      copied = compiler.isDouble() ? doubles : floats;
      row = new double[RUN];
      keep = new boolean[RUN];
    }

    void run(AtomicInteger next) {
      for (int r = next.getAndIncrement(); r < pass.runs; r = next.getAndIncrement()) {
        long from = (long) r * RUN;
        int count = (int) Math.min(RUN, pass.points - from);
        if (pass.arrays != null) {
          sum(r, pass.arrays, (int) from, count);
        } else {
          sum(r, copied, 0, program.readStream(pass.index, from, count, copies, row, keep));
        }
      }
    }

    void prepare(double[] theta, int firstTheta, double[] constants, int firstConstant) {
      prepare(tile, kernel.tile(), theta, firstTheta, constants, firstConstant);
      prepare(tailTile, tail.tile(), theta, firstTheta, constants, firstConstant);
    }

    private void prepare(
        LaneMemory memory,
        TileLayout layout,
        double[] theta,
        int firstTheta,
        double[] constants,
        int firstConstant) {
      for (int l = 0; l < layout.lanes(); l++) {
        for (int j = 0; j < program.free().length; j++) {
          memory.set(layout.trial(j) + l, theta[firstTheta + j]);
        }
        for (int k = 0; k < program.fixed().length; k++) {
          memory.set(layout.problemConstant(k) + l, constants[firstConstant + k]);
        }
      }
    }

    private void sum(int run, Object columns, int from, int count) {
      double[] target = pass.runSums[run];
      Arrays.fill(target, 0);
      pass.runPoints[run] = count;
      int lanes = compiler.lanes();
      int whole = from + count / lanes * lanes;
      int block = compiler.isDouble() ? RUN : FLOAT_BLOCK * lanes;
      for (int at = from; at < whole; at += block) {
        execute(kernel, tile, columns, at, Math.min(at + block, whole), lanes, target);
      }
      if (whole < from + count) {
        execute(tail, tailTile, columns, whole, from + count, 1, target);
      }
    }

    private void execute(
        Kernel k, LaneMemory memory, Object columns, int from, int to, int lanes, double[] target) {
      TileLayout layout = k.tile();
      int pointsOfLane = (to - from) / lanes;
      for (int l = 0; l < lanes; l++) {
        memory.set(layout.points() + l, pointsOfLane);
      }
      k.evaluation().run(memory.array(), none.array(), columns, from, to);
      for (int e = 0; e < sumCount; e++) {
        double sum = 0;
        for (int l = 0; l < lanes; l++) {
          sum += memory.get(layout.sums() + e * lanes + l);
        }
        target[e] += sum;
      }
    }
  }
}
