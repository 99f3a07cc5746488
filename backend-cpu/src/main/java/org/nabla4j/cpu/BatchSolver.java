package org.nabla4j.cpu;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.nabla4j.backend.Execution;
import org.nabla4j.cpu.codegen.Kernel;
import org.nabla4j.cpu.codegen.KernelCompiler;
import org.nabla4j.cpu.codegen.Procedure;
import org.nabla4j.method.LeastSquaresMethod;
import org.nabla4j.objective.LeastSquaresProblem;
import org.nabla4j.result.BatchFit;

/**
 * Many fits at once: each lane of a tile works on one problem, and takes the next one as soon as
 * its own has ended.
 *
 * <p>A problem's arithmetic does not depend on its lane, its neighbours, or the thread, so its
 * result is the same to the last bit however it is batched.
 */
final class BatchSolver {

  /** Problems that a thread takes from the common pile at a time. */
  private static final int CHUNK = 256;

  final LeastSquaresProblem problem;
  final LeastSquaresMethod method;
  final Execution execution;
  final KernelCompiler compiler;
  final KernelCompiler doubles;
  final CarefulFit.Factory careful;
  final BatchFit.Builder results;
  final int points;
  private final ConcurrentLinkedQueue<Long> incomplete = new ConcurrentLinkedQueue<>();
  private final AtomicLong done = new AtomicLong();
  private final ReentrantLock reporting = new ReentrantLock();

  /**
   * Prepares a batch.
   *
   * @param compiler of the kernels
   * @param doubles compiler of the same flavour for double lanes, for covariances
   * @param careful what solves problems that need a closer look
   * @param results where results go
   */
  BatchSolver(
      LeastSquaresProblem problem,
      LeastSquaresMethod method,
      Execution execution,
      KernelCompiler compiler,
      KernelCompiler doubles,
      CarefulFit.Factory careful,
      BatchFit.Builder results) {
    this.problem = problem;
    this.method = method;
    this.execution = execution;
    this.compiler = compiler;
    this.doubles = doubles;
    this.careful = careful;
    this.results = results;
    this.points = Math.toIntExact(problem.points());
  }

  /** Solves all problems. */
  void solve() {
    run(ResidualProgram.batch(problem, false), null);
    if (!incomplete.isEmpty()) {
      long[] rest = incomplete.stream().mapToLong(Long::longValue).sorted().toArray();
      run(ResidualProgram.batch(problem, true), rest);
    }
    execution.listener().progress(done.get(), problem.problems());
  }

  /** Solves the listed problems, or all where the list is null. */
  private void run(ResidualProgram program, long[] list) {
    long count = list == null ? problem.problems() : list.length;
    Pile pile = new Pile(program, list, count);
    long tiles = (count + compiler.lanes() - 1) / compiler.lanes();
    int workers = (int) Math.min(execution.parallelism(), Math.max(1, tiles / 2));
    execution.run(workers, w -> new BatchWorker(this, pile).run());
  }

  /** The problems of a run, from which all workers take, and what the workers have in common. */
  final class Pile {
    final ResidualProgram program;
    final Kernel kernel;
    final Procedure step;
    final LaneMemory data;
    private final long[] list;
    private final long count;
    private final int chunk;
    private final AtomicLong next = new AtomicLong();

    private Pile(ResidualProgram program, long[] list, long count) {
      this.program = program;
      this.list = list;
      this.count = count;
      kernel = compiler.batch(program.least());
      step = compiler.step(Steps.options(problem, method, program, compiler.isDouble()));
      data = program.sharedData(kernel, compiler.isDouble());
      // small batches are spread over all threads
      long share = count / (4L * execution.parallelism() * compiler.lanes());
      chunk = (int) Math.max(1, Math.min(CHUNK / compiler.lanes(), share)) * compiler.lanes();
    }

    /** The position of the next chunk of problems, or a number below 0 if there is none. */
    long take() {
      long from = next.getAndAdd(chunk);
      return from < count ? from : -1;
    }

    /** The end of the chunk at a position. */
    long end(long from) {
      return Math.min(from + chunk, count);
    }

    /** The problem at a position. */
    long problem(long position) {
      return list == null ? position : list[(int) position];
    }

    /** Leaves a problem, in which a value is missing, to the next run. */
    void putOff(long index) {
      incomplete.add(index);
    }

    /**
     * Tells how far it is, unless another thread is about to: what is told never goes back.
     *
     * @param ended problems that have ended since the caller's last report
     */
    void report(long ended) {
      done.addAndGet(ended);
      if (reporting.tryLock()) {
        try {
          execution.listener().progress(done.get(), problem.problems());
        } finally {
          reporting.unlock();
        }
      }
    }
  }
}
