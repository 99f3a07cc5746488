package org.nabla4j.cpu;

import java.util.Arrays;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.nabla4j.backend.Execution;
import org.nabla4j.cpu.codegen.Kernel;
import org.nabla4j.cpu.codegen.TileLayout;
import org.nabla4j.cpu.codegen.Warmth;
import org.nabla4j.cpu.minimize.Abandoned;
import org.nabla4j.data.Column;
import org.nabla4j.program.SumProgram;

/**
 * Sums over the data rows of a formula, Σ_k e(θ, c, d_k) for each entry e of a {@link SumProgram}:
 * a lane is a row, parameters are the same in all lanes, and threads share the rows.
 *
 * <p>Rows are summed up in blocks: lane l of w adds up rows l, l + w, l + 2w, ... of its block,
 * then the lanes are added in order, then the rows that fill no vector. Blocks stand in runs, whose
 * number follows from the number of rows alone, and the sums of blocks and of runs are added in
 * order with what rounding has lost carried along (Neumaier 1974), so that the error does not grow
 * with the number of rows: it is at most (512/w + w)·2⁻⁵³·Σ|e|, beside that of the terms. The
 * result depends neither on the threads nor on the flavour of the kernel, to the last bit. Memory
 * does not grow with the number of rows.
 *
 * <p>Where both flavours may run, the plain one begins, and blocks go on with vectors as soon as
 * the JVM has compiled those, see {@link WarmUp}. Thread-safe.
 */
final class RowSums {

  /** Rows of a block; a multiple of every number of lanes. */
  static final int BLOCK = 512;

  /** Most runs, for threads to share. */
  static final int RUNS = 256;

  /** Sums that all runs together may keep, as long as there are {@link #LEAST_RUNS}. */
  private static final int KEPT = 1 << 20;

  private static final int LEAST_RUNS = 16;

  /** Operations that are worth another thread. */
  private static final double SHARE = 200_000;

  /** Rows that the vector kernel is warmed up with. */
  private static final int COPIED = 512;

  private static final double[] NONE = {};

  /**
   * The kernels of one program.
   *
   * @param plain the plain one, used for the last rows at least
   * @param vectors asked for the vector kernel when it is needed, gives null if it is not there; or
   *     null if it must not run
   * @param vectorOnly whether the plain kernel must not run but for the last rows
   * @param step lanes of the vectors that both work like
   */
  record Kernels(Kernel plain, Supplier<Kernel> vectors, boolean vectorOnly, int step) {}

  private final Kernels kernels;
  private final Kernel plain;
  private Kernel vector;
  private final Column[] constants;
  private final Column[] columns;
  private final long rows;
  private final Execution execution;
  private final int parallelism;
  private final int size;
  private final Queue<Worker> idle = new ConcurrentLinkedQueue<>();
  private volatile boolean usedPlain;
  private volatile boolean usedVector;

  /**
   * Prepares.
   *
   * @param size the number of sums
   * @param kernels what sums up
   * @param constants known numbers in the order of the program's
   * @param columns data in the order of the program's shared columns, at least one
   * @param execution whose threads and whose cancellation
   * @param parallelism threads to use at a time, at most
   */
  RowSums(
      int size,
      Kernels kernels,
      Column[] constants,
      Column[] columns,
      Execution execution,
      int parallelism) {
    this.size = size;
    this.kernels = kernels;
    this.plain = kernels.plain();
    this.constants = constants;
    this.columns = columns;
    this.rows = columns[0].points();
    this.execution = execution;
    this.parallelism = parallelism;
  }

  /** Whether the plain kernel has summed up blocks. */
  boolean usedPlain() {
    return usedPlain;
  }

  /** Whether the vector kernel has summed up blocks. */
  boolean usedVector() {
    return usedVector;
  }

  private boolean isHot() {
    return kernels.vectors() != null && plain.warmth().isHot();
  }

  /** The vector kernel; null where there is none. */
  private synchronized Kernel vector() {
    if (vector == null) {
      vector = kernels.vectors().get();
    }
    return vector;
  }

  /**
   * Which rows are summed up.
   *
   * @param selection their indices, or null for all
   * @param from where those that count begin in the selection
   * @param to where they end
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Rows(int[] selection, int from, int to) {
    static final Rows ALL = new Rows(null, 0, 0);
  }

  /**
   * Sums up.
   *
   * @param problem whose data
   * @param theta holds the parameters
   * @param firstTheta where the first one is
   * @param directions holds what stands behind the problem's constants, or null
   * @param firstDirection where the first of them is
   * @param chosen which rows
   * @param target receives the sums
   * @throws Abandoned if it was cancelled
   */
  void sum(
      long problem,
      double[] theta,
      int firstTheta,
      double[] directions,
      int firstDirection,
      Rows chosen,
      double[] target) {
    long count = chosen.selection() == null ? rows : chosen.to() - chosen.from();
    Pass pass = new Pass(problem, chosen, count);
    int parameters = plain.tile().parameters();
    double[] inputs = known(problem, theta, firstTheta, parameters, directions, firstDirection);
    execution.run(
        pass.workers,
        w -> {
          Worker taken = idle.poll();
          Worker worker = taken == null ? new Worker() : taken;
          worker.begin(inputs);
          worker.work(pass);
          idle.add(worker);
        });
    if (pass.abandoned) {
      throw new Abandoned();
    }
    double[] lost = new double[size];
    Arrays.fill(target, 0, size, 0);
    for (int r = 0; r < pass.runs; r++) {
      add(pass.sums[r], target, lost);
      for (int e = 0; e < size; e++) {
        lost[e] += pass.lost[r][e];
      }
    }
    for (int e = 0; e < size; e++) {
      // Of an infinite sum ∞ - ∞ was lost, which is no correction.
      target[e] = Double.isFinite(target[e]) ? target[e] + lost[e] : target[e];
    }
  }

  /** Parameters, then constants. */
  private double[] known(
      long problem,
      double[] theta,
      int firstTheta,
      int parameters,
      double[] directions,
      int firstDirection) {
    int own = directions == null ? 0 : parameters;
    double[] inputs = new double[parameters + constants.length + own];
    System.arraycopy(theta, firstTheta, inputs, 0, parameters);
    for (int c = 0; c < constants.length; c++) {
      constants[c].read(problem, 0, 1, inputs, parameters + c);
    }
    if (own > 0) {
      System.arraycopy(directions, firstDirection, inputs, parameters + constants.length, own);
    }
    return inputs;
  }

  private static void add(double[] addends, double[] sums, double[] lost) {
    for (int e = 0; e < addends.length; e++) {
      double a = sums[e];
      double b = addends[e];
      double sum = a + b;
      lost[e] += Math.abs(a) >= Math.abs(b) ? (a - sum) + b : (b - sum) + a;
      sums[e] = sum;
    }
  }

  /** One evaluation of all sums. */
  private final class Pass {
    final long problem;
    final Rows chosen;
    final long count;
    final long blocks;
    final int runs;
    final int workers;

    /** The columns where they can be read in place, by one index for all; else null. */
    final double[][] arrays;

    final double[][] sums;
    final double[][] lost;
    final AtomicInteger next = new AtomicInteger();
    volatile boolean abandoned;

    Pass(long problem, Rows chosen, long count) {
      this.problem = problem;
      this.chosen = chosen;
      this.count = count;
      blocks = (count + BLOCK - 1) / BLOCK;
      int most = Math.max(LEAST_RUNS, Math.min(RUNS, KEPT / Math.max(1, size)));
      runs = (int) Math.min(blocks, most);
      double work = (double) count * plain.evaluation().facts().flopsPerPoint();
      workers = (int) Math.max(1, Math.min(Math.min(parallelism, runs), work / SHARE));
      sums = new double[runs][];
      lost = new double[runs][];
      arrays = chosen.selection() == null ? inPlace() : null;
    }

    private double[][] inPlace() {
      double[][] found = new double[columns.length][];
      for (int c = 0; c < found.length; c++) {
        found[c] = columns[c].arrayOrNull(problem);
        if (found[c] == null || columns[c].base(problem) != 0) {
          return null;
        }
      }
      return found;
    }

    /** Where the first block of a run begins. */
    long firstBlock(int run) {
      return blocks * run / runs;
    }
  }

  /** One thread's memory. */
  private final class Worker {
    private final double[] tile = new double[plain.evaluation().facts().tileSize()];
    private final double[] block = new double[size];
    private double[] inputs;

    /** Made when it is first needed. */
    private double[] vectorTile;

    /** The inputs that the vector tile holds. */
    private double[] vectorInputs;

    private double[][] copies;

    void begin(double[] known) {
      inputs = known;
      put(inputs, tile, plain.tile());
    }

    /** Takes runs until there are none. */
    void work(Pass pass) {
      for (int r = pass.next.getAndIncrement(); r < pass.runs; r = pass.next.getAndIncrement()) {
        double[] sums = new double[size];
        double[] lost = new double[size];
        long start = System.nanoTime();
        long end = pass.firstBlock(r + 1);
        long plainRows = 0;
        for (long b = pass.firstBlock(r); b < end; b++) {
          if (pass.abandoned || execution.cancellation().isCancelled()) {
            pass.abandoned = true;
            return;
          }
          plainRows += sum(pass, b * BLOCK);
          add(block, sums, lost);
        }
        pass.sums[r] = sums;
        pass.lost[r] = lost;
        if (plainRows > 0 && kernels.vectors() != null) {
          warmUp(pass, System.nanoTime() - start, plainRows);
        }
      }
    }

    /** Sums up a block, and tells how many of its rows by the plain kernel, but for the last. */
    private int sum(Pass pass, long from) {
      int count = (int) Math.min(BLOCK, pass.count - from);
      double[][] data = pass.arrays;
      int at = (int) from;
      if (data == null) {
        data = read(pass, from, count);
        at = 0;
      }
      Arrays.fill(block, 0);
      int step = kernels.step();
      int whole = at + count / step * step;
      boolean byVector = kernels.vectorOnly() || isHot();
      if (whole > at && byVector) {
        if (!usedVector) {
          usedVector = true;
        }
        sumOfLanes(data, at, whole);
      } else if (whole > at) {
        if (!usedPlain) {
          usedPlain = true;
        }
        for (int l = 0; l < step; l++) {
          lane(data, at + l, whole, (whole - at) / step);
        }
      }
      for (int i = whole; i < at + count; i++) {
        lane(data, i, i + 1, 1);
      }
      return byVector ? 0 : whole - at;
    }

    private void sumOfLanes(double[][] data, int from, int to) {
      int lanes = kernels.step();
      Kernel kernel = vector();
      TileLayout layout = kernel.tile();
      if (vectorTile == null) {
        vectorTile = new double[kernel.evaluation().facts().tileSize()];
      }
      if (vectorInputs != inputs) {
        put(inputs, vectorTile, layout);
        vectorInputs = inputs;
      }
      double[] memory = vectorTile;
      int rowsOfLane = (to - from) / lanes;
      Arrays.fill(memory, layout.points(), layout.points() + lanes, rowsOfLane);
      kernel.evaluation().run(memory, NONE, data, from, to);
      for (int e = 0, at = layout.sums(); e < size; e++, at += lanes) {
        double sum = 0;
        for (int l = 0; l < lanes; l++) {
          sum += memory[at + l];
        }
        block[e] = sum;
      }
    }

    /** What one lane of a vector does. */
    private void lane(double[][] data, int from, int to, int count) {
      tile[plain.tile().points()] = count;
      plain.evaluation().run(tile, NONE, data, from, to);
      int at = plain.tile().sums();
      for (int e = 0; e < size; e++) {
        block[e] += tile[at + e];
      }
    }

    /** Copies rows. */
    private double[][] read(Pass pass, long from, int count) {
      if (copies == null) {
        copies = new double[columns.length][(int) Math.min(BLOCK, rows)];
      }
      int[] selection = pass.chosen.selection();
      for (int c = 0; c < columns.length; c++) {
        if (selection == null) {
          columns[c].read(pass.problem, from, count, copies[c], 0);
        } else {
          gather(columns[c], pass, selection, pass.chosen.from() + (int) from, count, copies[c]);
        }
      }
      return copies;
    }

    private void gather(
        Column column, Pass pass, int[] selection, int from, int count, double[] target) {
      double[] array = column.arrayOrNull(pass.problem);
      int base = column.base(pass.problem);
      for (int k = 0; k < count; k++) {
        if (array == null) {
          column.read(pass.problem, selection[from + k], 1, target, k);
        } else {
          target[k] = array[base + Objects.checkIndex(selection[from + k], (int) rows)];
        }
      }
    }

    private void warmUp(Pass pass, long nanos, long plainRows) {
      Warmth warmth = plain.warmth();
      warmth.add(nanos, (double) nanos / plainRows);
      WarmUp.begin(
          warmth,
          () -> {
            int count = (int) Math.min(COPIED, pass.count / kernels.step() * kernels.step());
            double[][] some = new double[columns.length][count];
            for (int c = 0; c < some.length; c++) {
              columns[c].read(pass.problem, 0, count, some[c], 0);
            }
            double[] known = inputs;
            return () -> Repetition.of(vector(), known, some, count);
          });
    }
  }

  /** The vector kernel on copies of a few rows, over and over again. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Repetition(Kernel kernel, double[] memory, double[][] data, int count)
      implements WarmUp.Trial {

    static Repetition of(Kernel kernel, double[] inputs, double[][] data, int count) {
      if (kernel == null) {
        return null;
      }
      double[] memory = new double[kernel.evaluation().facts().tileSize()];
      put(inputs, memory, kernel.tile());
      return new Repetition(kernel, memory, data, count);
    }

    @Override
    public int lanes() {
      return count;
    }

    @Override
    public void turn() {
      kernel.evaluation().run(memory, NONE, data, 0, count);
    }
  }

  /** Puts parameters and constants into all lanes of a tile. */
  private static void put(double[] inputs, double[] memory, TileLayout layout) {
    int lanes = layout.lanes();
    int parameters = layout.parameters();
    for (int k = 0; k < inputs.length; k++) {
      int first = k < parameters ? layout.trial(k) : layout.problemConstant(k - parameters);
      Arrays.fill(memory, first, first + lanes, inputs[k]);
    }
  }
}
