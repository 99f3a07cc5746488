package org.nabla4j.cpu;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Supplier;
import org.nabla4j.backend.Execution;
import org.nabla4j.cpu.codegen.Kernel;
import org.nabla4j.cpu.codegen.KernelCompiler;
import org.nabla4j.cpu.codegen.Procedure;
import org.nabla4j.cpu.codegen.Warmth;
import org.nabla4j.cpu.minimize.BatchProgress;
import org.nabla4j.method.LeastSquaresMethod;
import org.nabla4j.objective.LeastSquaresProblem;
import org.nabla4j.objective.MissingData;
import org.nabla4j.result.BatchFit;

/**
 * Many fits at once: each lane of a tile works on one problem, and takes the next one as soon as
 * its own has ended.
 *
 * <p>A problem's arithmetic does not depend on its lane, its neighbours, the thread, or the flavour
 * of the kernel, so its result is the same to the last bit however it is batched. Therefore a batch
 * can begin with the scalar kernel, which the JVM compiles soon, and go on with the vector kernel
 * once that is compiled, see {@link WarmUp}.
 */
final class BatchSolver {

  /** Problems that a thread takes from the common pile at a time. */
  private static final int CHUNK = 256;

  /** Problems that keep a thread busy, while it is not known how many lanes there will be. */
  private static final int FEW = 8;

  /** Nanoseconds between two looks whether the vector kernel is warm. */
  private static final long SLICE = 5_000_000;

  final LeastSquaresProblem problem;
  final LeastSquaresMethod method;
  final Execution execution;
  final CarefulFit.Factory careful;
  final BatchFit.Builder results;
  final int points;
  private final Flavour scalar;
  private final Supplier<Flavour> vectors;
  private final AtomicLongArray putOff;
  private final BatchProgress progress;
  private Flavour last;
  private boolean warmedUp;

  /**
   * Compilers of one flavour.
   *
   * @param kernels of the problem's precision
   * @param doubles of double lanes, for covariances
   */
  record Flavour(KernelCompiler kernels, KernelCompiler doubles) {}

  /**
   * Prepares a batch.
   *
   * @param scalar the scalar flavour, or null if only the vector flavour may run
   * @param vectors asked for the vector flavour when it is needed, gives null if it is not there;
   *     or null if it must not run
   * @param careful what solves problems that need a closer look
   * @param results where results go
   */
  BatchSolver(
      LeastSquaresProblem problem,
      LeastSquaresMethod method,
      Execution execution,
      Flavour scalar,
      Supplier<Flavour> vectors,
      CarefulFit.Factory careful,
      BatchFit.Builder results) {
    this.problem = problem;
    this.method = method;
    this.execution = execution;
    this.scalar = scalar;
    this.vectors = vectors;
    this.careful = careful;
    this.results = results;
    progress = new BatchProgress(execution, problem.problems());
    this.points = Math.toIntExact(problem.points());
    boolean omits = problem.missingData() == MissingData.OMIT;
    putOff = new AtomicLongArray(omits ? (int) ((problem.problems() + 63) >>> 6) : 0);
  }

  /**
   * Solves all problems.
   *
   * @return the flavour that ran at the end, the vector flavour if most problems met it
   */
  Flavour solve() {
    run(ResidualProgram.batch(problem, false), null);
    long[] rest = problemsPutOff();
    if (rest.length > 0) {
      run(ResidualProgram.batch(problem, true), rest);
    }
    progress.finish();
    results.kernel(last.kernels().description() + (warmedUp ? " (scalar while it warmed up)" : ""));
    return last;
  }

  private long[] problemsPutOff() {
    int count = 0;
    for (int w = 0; w < putOff.length(); w++) {
      count += Long.bitCount(putOff.get(w));
    }
    long[] list = new long[count];
    int k = 0;
    for (int w = 0; w < putOff.length(); w++) {
      for (long bits = putOff.get(w); bits != 0; bits &= bits - 1) {
        list[k++] = ((long) w << 6) + Long.numberOfTrailingZeros(bits);
      }
    }
    return list;
  }

  /** Solves the listed problems, or all where the list is null. */
  private void run(ResidualProgram program, long[] list) {
    long count = list == null ? problem.problems() : list.length;
    Engine starter = scalar == null ? null : new Engine(scalar, program);
    boolean isHot = vectors != null && (starter == null || starter.kernel.warmth().isHot());
    Flavour vector = isHot ? vectors.get() : null;
    boolean isSettled = isHot || vectors == null;
    Engine only = vector == null ? starter : new Engine(vector, program);
    Pile pile = new Pile(list, count);
    int lanes = isSettled ? only.flavour.kernels().lanes() : FEW;
    long tiles = (count + lanes - 1) / lanes;
    int workers = (int) Math.min(execution.parallelism(), Math.max(1, tiles / 2));
    Later later = new Later(program);
    execution.run(
        workers,
        w -> {
          BatchWorker worker = new BatchWorker(this, only, pile.share());
          if (isSettled) {
            worker.finish();
          } else {
            workUntilHot(worker, only, later);
          }
        });
    // a second run, of the few problems that were put off, may be scalar again: not worth telling
    if (last == null || !last.kernels().isVector()) {
      last = later.engine == null ? only.flavour : later.engine.flavour;
      warmedUp = later.engine != null;
    }
  }

  /** Works with the scalar kernel, and with the vector kernel as soon as that is faster. */
  private void workUntilHot(BatchWorker worker, Engine scalars, Later later) {
    Warmth warmth = scalars.kernel.warmth();
    boolean isLeft = true;
    while (isLeft && !warmth.isHot()) {
      isLeft = worker.work(SLICE);
      warmth.add(worker.spent(), worker.pace());
      WarmUp.begin(warmth, () -> new LeastSquaresTrial(problem, method, scalars, vectors));
    }
    worker.finishBegun();
    if (isLeft) {
      new BatchWorker(this, later.engine(), worker.share()).finish();
    }
  }

  /** The vector flavour's code, made when it is first asked for. */
  private final class Later {
    private final ResidualProgram program;
    private Engine engine;

    Later(ResidualProgram program) {
      this.program = program;
    }

    synchronized Engine engine() {
      if (engine == null) {
        engine = new Engine(vectors.get(), program);
      }
      return engine;
    }
  }

  /** One flavour's code for a program. */
  final class Engine {
    final Flavour flavour;
    final ResidualProgram program;
    final Kernel kernel;
    final Procedure step;
    final LaneMemory data;

    private Engine(Flavour flavour, ResidualProgram program) {
      this.flavour = flavour;
      this.program = program;
      KernelCompiler compiler = flavour.kernels();
      kernel = compiler.batch(program.least());
      step = compiler.step(Steps.options(problem, method, program, compiler.isDouble()));
      data = program.sharedData(kernel, compiler.isDouble());
    }
  }

  /** The problems of a run, from which all threads take. */
  final class Pile {
    private final long[] list;
    private final long count;
    private final int chunk;
    private final AtomicLong next = new AtomicLong();

    private Pile(long[] list, long count) {
      this.list = list;
      this.count = count;
      // small batches are spread over all threads
      chunk = (int) Math.max(1, Math.min(CHUNK, count / (4L * execution.parallelism())));
    }

    private Share share() {
      return new Share();
    }

    /** What one thread has taken. */
    final class Share {
      private long from;
      private long to;
      private long ended;

      /** The next problem, or a number below 0 if there is none. */
      long take() {
        if (from == to) {
          long start = isCancelled() ? count : next.getAndAdd(chunk);
          report();
          if (start >= count) {
            return -1;
          }
          from = start;
          to = Math.min(start + chunk, count);
        }
        long position = from++;
        return list == null ? position : list[(int) position];
      }

      /** Leaves a problem, in which a value is missing, to the next run. */
      void putOff(long index) {
        putOff.getAndAccumulate((int) (index >>> 6), 1L << index, (a, b) -> a | b);
      }

      boolean isCancelled() {
        return execution.cancellation().isCancelled();
      }

      void countEnded() {
        ended++;
      }

      /** Tells how far it is. */
      void report() {
        progress.add(ended);
        ended = 0;
        progress.report();
      }
    }
  }
}
