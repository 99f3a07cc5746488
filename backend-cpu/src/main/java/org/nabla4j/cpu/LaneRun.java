package org.nabla4j.cpu;

import java.util.function.Supplier;
import org.nabla4j.backend.Execution;
import org.nabla4j.cpu.codegen.Kernel;
import org.nabla4j.cpu.codegen.KernelCompiler;
import org.nabla4j.cpu.codegen.Warmth;

/**
 * The threads of a batch. It can begin with the scalar kernel, which the JVM compiles soon, and go
 * on with the vector kernel once that is compiled, see {@link WarmUp}: results are the same.
 *
 * @param <E> one flavour's code
 */
final class LaneRun<E extends LaneRun.Engine> {

  /** Problems that keep a thread busy, while it is not known how many lanes there will be. */
  private static final int FEW = 8;

  /** Nanoseconds between two looks whether the vector kernel is warm. */
  private static final long SLICE = 5_000_000;

  /** One flavour's code. */
  interface Engine {

    /** What made it. */
    KernelCompiler compiler();

    /** The evaluation. */
    Kernel kernel();
  }

  /** What a batch is made of. */
  interface Work<E> {

    /** A worker with empty lanes. */
    LaneWorker worker(E engine, LaneWorker.Source source);

    /** A few problems copied now, for the vector flavour to run on later. */
    Copies<E> copies();
  }

  /** Copies of a few problems. */
  interface Copies<E> {

    /** How many. */
    int count();

    /** A worker on them, whose results go nowhere. */
    LaneWorker worker(E engine, LaneWorker.Source source);
  }

  private final E scalar;
  private final Supplier<E> vectors;
  private final Work<E> work;
  private E vector;

  /**
   * Prepares a run.
   *
   * @param scalar the scalar flavour, or null if only the vector flavour may run
   * @param vectors asked for the vector flavour when it is needed, gives null if it is not there;
   *     or null if it must not run
   */
  LaneRun(E scalar, Supplier<E> vectors, Work<E> work) {
    this.scalar = scalar;
    this.vectors = vectors;
    this.work = work;
  }

  /**
   * Solves all problems.
   *
   * @return the kernel that ran at the end, in words
   */
  String run(Execution execution, long problems) {
    boolean isHot = vectors != null && (scalar == null || scalar.kernel().warmth().isHot());
    vector = isHot ? vectors.get() : null;
    boolean isSettled = isHot || vectors == null;
    E first = vector == null ? scalar : vector;
    int lanes = isSettled ? first.compiler().lanes() : FEW;
    long tiles = (problems + lanes - 1) / lanes;
    int workers = (int) Math.min(execution.parallelism(), Math.max(1, tiles / 2));
    ProblemPile pile = new ProblemPile(problems, execution);
    execution.run(
        workers,
        w -> {
          LaneWorker worker = work.worker(first, pile.share());
          if (isSettled) {
            worker.finish();
          } else {
            workUntilHot(worker);
          }
        });
    pile.finish();
    return vector == null || isSettled
        ? first.compiler().description()
        : vector.compiler().description() + " (scalar while it warmed up)";
  }

  /** Works with the scalar kernel, and with the vector kernel as soon as that is faster. */
  private void workUntilHot(LaneWorker worker) {
    Warmth warmth = scalar.kernel().warmth();
    boolean isLeft = true;
    while (isLeft && !warmth.isHot()) {
      isLeft = worker.work(SLICE);
      warmth.add(worker.spent(), worker.pace());
      WarmUp.begin(warmth, this::trial);
    }
    worker.finishBegun();
    if (isLeft) {
      work.worker(vector(), worker.source()).finish();
    }
  }

  private synchronized E vector() {
    if (vector == null) {
      vector = vectors.get();
    }
    return vector;
  }

  /** Works on copies that are made now, over and over again. */
  private Supplier<WarmUp.Trial> trial() {
    Copies<E> copies = work.copies();
    return () -> {
      E engine = vectors.get();
      return engine == null ? null : new Repetition(copies.worker(engine, new Cycle(copies)));
    };
  }

  /** A worker's turns. */
  private record Repetition(LaneWorker worker) implements WarmUp.Trial {

    @Override
    public int lanes() {
      return worker.lanes;
    }

    @Override
    public void turn() {
      worker.work(0);
    }
  }

  /** The same problems again and again. */
  private static final class Cycle implements LaneWorker.Source {
    private final int count;
    private int next;

    Cycle(Copies<?> copies) {
      count = copies.count();
    }

    @Override
    public long take() {
      next = next + 1 < count ? next + 1 : 0;
      return next;
    }

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public void countEnded() {
      // nobody asks
    }

    @Override
    public void report() {
      // nobody asks
    }
  }
}
