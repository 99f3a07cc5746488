package org.nabla4j.cpu;

import org.nabla4j.cpu.codegen.Kernel;
import org.nabla4j.cpu.codegen.KernelCompiler;
import org.nabla4j.cpu.codegen.Procedure;

/**
 * One thread of a batch: a tile whose lanes each work on a problem. Evaluates, steps, takes out
 * what has ended and puts new problems into the free lanes. What is read into a lane and what is
 * written when its problem ends is the subclass's.
 */
abstract class LaneWorker {

  /** Where problems come from. */
  interface Source {

    /** The next problem, or a number below 0 if there is none. */
    long take();

    /** Whether to stop. */
    boolean isCancelled();

    /** Notes that a problem has ended. */
    void countEnded();

    /** Tells how far it is. */
    void report();
  }

  private final Kernel kernel;
  private final Procedure step;
  private final LaneMemory shared;
  private final Source source;
  private final int points;
  private final int signal;
  private final int outcome;

  /** Problems in the tile. */
  final int lanes;

  /** The tile. */
  final LaneMemory memory;

  /** Data of the lanes' own problems. */
  final LaneMemory data;

  /** The problem of each lane. */
  private final long[] problems;

  /** A bit for each lane that works on a problem. */
  private int busy;

  /** Whether the lanes are to be left empty when their problems have ended. */
  private boolean closing;

  private boolean stopped;
  private long spent;
  private double pace;

  /**
   * Prepares a worker with empty lanes.
   *
   * @param shared what the kernel reads of data that all problems share
   * @param points data points
   * @param signal element of the tile that is not 0 when any problem has ended
   * @param outcome element of the first lane's outcome
   * @param source where problems come from
   */
  LaneWorker(
      KernelCompiler compiler,
      Kernel kernel,
      Procedure step,
      LaneMemory shared,
      int points,
      int signal,
      int outcome,
      Source source) {
    this.kernel = kernel;
    this.step = step;
    this.shared = shared;
    this.points = points;
    this.signal = signal;
    this.outcome = outcome;
    this.source = source;
    lanes = compiler.lanes();
    int size = Math.max(kernel.evaluation().facts().tileSize(), step.facts().tileSize());
    memory = LaneMemory.allocate(compiler.isDouble(), size);
    data =
        LaneMemory.allocate(compiler.isDouble(), Math.multiplyExact(points, kernel.dataStride()));
    problems = new long[lanes];
    for (int l = 0; l < lanes; l++) {
      memory.set(kernel.tile().points() + l, points);
    }
  }

  /** Puts a problem into a lane; false if it cannot begin and so is done. */
  abstract boolean load(long index, int lane);

  /** Writes the result of a lane's problem, which has ended so. */
  abstract void end(long index, int lane, int how);

  /** Writes the best so far of a lane's problem, which was stopped. */
  abstract void stop(long index, int lane);

  /** Works until no problem is left; to be called once. */
  final void finish() {
    work(Long.MAX_VALUE);
    source.report();
  }

  /** Ends the problems in the lanes without taking others. */
  final void finishBegun() {
    closing = true;
    finish();
  }

  final Source source() {
    return source;
  }

  /** Nanoseconds that the last {@link #work} took. */
  final long spent() {
    return spent;
  }

  /** Nanoseconds for an evaluation of a problem in the last {@link #work}. */
  final double pace() {
    return pace;
  }

  /**
   * Works for about so long, at least for one turn.
   *
   * @param nanos when to pause
   * @return whether there are problems in the lanes; if not, none is left
   */
  final boolean work(long nanos) {
    Object tileArray = memory.array();
    Object dataArray = data.array();
    Object sharedArray = shared.array();
    Procedure evaluation = kernel.evaluation();
    long start = System.nanoTime();
    long calls = 0;
    boolean paused = false;
    for (int l = 0; l < lanes; l++) {
      if ((busy >>> l & 1) == 0) {
        refill(l);
      }
    }
    while (busy != 0 && !paused) {
      evaluation.run(tileArray, dataArray, sharedArray, 0, points);
      step.run(tileArray, dataArray, sharedArray, 0, 0);
      calls++;
      stopped = source.isCancelled();
      if (memory.get(signal) != 0) {
        memory.set(signal, 0);
        harvest();
      }
      if (stopped) {
        abandon();
      }
      paused = nanos != Long.MAX_VALUE && System.nanoTime() - start >= nanos;
    }
    spent = System.nanoTime() - start;
    pace = (double) spent / (Math.max(1, calls) * lanes);
    return busy != 0;
  }

  /** Takes out what has ended. */
  private void harvest() {
    // no branch for each lane: which ones have ended cannot be predicted
    int over = memory.nonZero(outcome, lanes) & busy;
    while (over != 0) {
      int l = Integer.numberOfTrailingZeros(over);
      over &= over - 1;
      busy &= ~(1 << l);
      end(problems[l], l, (int) memory.get(outcome + l));
      source.countEnded();
      refill(l);
    }
  }

  /** Gives the lane its next problem, if there is one. */
  private void refill(int l) {
    while (!stopped && !closing) {
      long index = source.take();
      if (index < 0) {
        return;
      }
      if (load(index, l)) {
        problems[l] = index;
        busy |= 1 << l;
        return;
      }
      source.countEnded();
    }
  }

  /** Ends what has not ended yet with the best so far. */
  private void abandon() {
    for (; busy != 0; busy &= busy - 1) {
      int l = Integer.numberOfTrailingZeros(busy);
      stop(problems[l], l);
    }
  }
}
