package org.nabla4j.cpu;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.nabla4j.backend.Execution;
import org.nabla4j.cpu.codegen.Kernel;
import org.nabla4j.cpu.codegen.KernelCompiler;
import org.nabla4j.cpu.codegen.TileLayout;
import org.nabla4j.data.Column;
import org.nabla4j.data.RowColumns;
import org.nabla4j.objective.LeastSquaresProblem;

/**
 * Sums over many points: a lane is a data point, the points are cut into runs that threads share.
 *
 * <p>Runs have the same length whatever the number of threads, and their sums are added in the
 * order of the runs, in double: the result does not depend on the threads, nor on where the points
 * come from. Lanes in float sum up short blocks only, which are added in double too. Memory does
 * not grow with the number of points. The rows of a table that is not in memory are read in every
 * evaluation.
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
    private final Optional<RowColumns> table = problem.table().filter(t -> !t.inMemory());
    private final Object arrays;
    private final int workers = Math.min(execution.parallelism(), runs);
    private final Worker[] threads = new Worker[workers];
    private long used;

    private Pass(long index) {
      this.index = index;
      arrays = table.isPresent() ? null : program.streamArrays(index, compiler.isDouble());
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
     * @return false if it was cancelled, with nothing received
     * @throws org.nabla4j.data.RowException if the table cannot be read
     */
    boolean evaluate(
        double[] theta,
        int firstTheta,
        double[] constants,
        int firstConstant,
        double[] target,
        int firstSum) {
      OrderedSums sums = new OrderedSums(sumCount);
      if (table.isPresent()) {
        try (RowRuns rows = new RowRuns(table.get(), program.streamColumns(), RUN)) {
          execution.run(
              workers,
              w -> {
                try {
                  worker(w, theta, firstTheta, constants, firstConstant).run(rows, sums);
                } catch (Throwable e) {
                  rows.stop();
                  throw e;
                }
              });
          if (rows.ended()) {
            table.get().checkCount(rows.rows());
          }
        }
      } else {
        AtomicInteger next = new AtomicInteger();
        execution.run(
            workers, w -> worker(w, theta, firstTheta, constants, firstConstant).run(next, sums));
      }
      if (sums.runs() < runs) {
        return false;
      }
      used = sums.points();
      System.arraycopy(sums.total(), 0, target, firstSum, sumCount);
      return true;
    }

    private Worker worker(
        int w, double[] theta, int firstTheta, double[] constants, int firstConstant) {
      if (threads[w] == null) {
        threads[w] = new Worker(this);
      }
      threads[w].prepare(theta, firstTheta, constants, firstConstant);
      return threads[w];
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
    private final List<Column> columns = program.streamColumns();
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
      copies = new LaneMemory[columns.size()];
      double[][] doubles = new double[columns.size()][];
      float[][] floats = new float[columns.size()][];
      for (int c = 0; c < copies.length; c++) {
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

    /** Takes runs of columns in memory until there are no more, or nobody wants them. */
    void run(AtomicInteger next, OrderedSums sums) {
      for (int r = next.getAndIncrement(); r < pass.runs; r = next.getAndIncrement()) {
        if (execution.cancellation().isCancelled()) {
          return;
        }
        long from = (long) r * RUN;
        int count = (int) Math.min(RUN, pass.points - from);
        if (pass.arrays != null) {
          sum(r, pass.arrays, (int) from, count, sums);
        } else {
          ResidualProgram.Points points =
              (c, target) -> columns.get(c).read(pass.index, from, count, target, 0);
          sum(r, copied, 0, program.readStream(points, count, copies, row, keep), sums);
        }
      }
    }

    /** Takes runs of a table until there are no more, or nobody wants them. */
    void run(RowRuns rows, OrderedSums sums) {
      boolean inPlace = compiler.isDouble() && program.readsInPlace();
      double[][] arrays = new double[columns.size()][];
      RowRuns.Run run = rows.newRun();
      while (!execution.cancellation().isCancelled() && rows.next(run)) {
        int from = inPlace ? run.arrays(arrays) : -1;
        if (from >= 0) {
          sum(run.index(), arrays, from, run.count(), sums);
        } else {
          int kept = program.readStream(run::read, run.count(), copies, row, keep);
          sum(run.index(), copied, 0, kept, sums);
        }
        rows.release(run);
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

    private void sum(int run, Object columns, int from, int count, OrderedSums sums) {
      double[] target = sums.take();
      int lanes = compiler.lanes();
      int whole = from + count / lanes * lanes;
      int block = compiler.isDouble() ? RUN : FLOAT_BLOCK * lanes;
      for (int at = from; at < whole; at += block) {
        execute(kernel, tile, columns, at, Math.min(at + block, whole), lanes, target);
      }
      if (whole < from + count) {
        execute(tail, tailTile, columns, whole, from + count, 1, target);
      }
      sums.add(run, target, count);
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
