package org.nabla4j.cpu;

import org.nabla4j.cpu.codegen.RootKernel;
import org.nabla4j.cpu.codegen.RootLayout;
import org.nabla4j.method.RootFinding;
import org.nabla4j.result.BatchRoots;
import org.nabla4j.result.Status;

/**
 * One thread of a {@link RootSolver}: a tile whose lanes each work on a problem. New problems wait
 * in a tile of their own, where what the unknown does not enter is computed for all lanes at once;
 * roots are gathered in another, where they are checked together.
 */
final class RootWorker {

  /** Most checks of a root, each of which may correct it. */
  private static final int MOST_CHECKS = 4;

  /** A first correction of so small a share of x is not worth another check. */
  private static final double WORTHLESS = 0x1p-46;

  private final ProblemPile.Share share;
  private final RootKernel kernel;
  private final RootLayout layout;
  private final RootFinding method;
  private final BatchRoots.Builder results;
  private final EquationReader reader;
  private final RootSolver solver;
  private final int lanes;
  private final double[] inbox;
  private final double[] tile;
  private final double[] outbox;
  private final LaneMemory memory;
  private final long[] waiting;
  private final long[] problems;
  private final long[] ended;
  private final int[] checks;
  private int nextWaiting;
  private int countWaiting;
  private int countEnded;
  private int busy;
  private boolean closing;
  private boolean stopped;
  private CarefulRoot careful;
  private long spent;
  private double pace;

  RootWorker(RootSolver solver, RootKernel kernel, ProblemPile.Share share) {
    this.solver = solver;
    this.share = share;
    this.kernel = kernel;
    layout = kernel.layout();
    method = solver.method;
    results = solver.results;
    reader = new EquationReader(solver.problem);
    lanes = layout.lanes();
    inbox = new double[kernel.tileSize()];
    tile = new double[kernel.tileSize()];
    outbox = new double[kernel.tileSize()];
    memory = LaneMemory.of(tile);
    waiting = new long[lanes];
    problems = new long[lanes];
    ended = new long[lanes];
    checks = new int[lanes];
  }

  /** Works until no problem is left, and writes all results; to be called once. */
  void finish() {
    work(Long.MAX_VALUE);
    while (countEnded > 0) {
      flush();
    }
    share.report();
  }

  /** Ends the problems that have been taken without taking others, and writes all results. */
  void finishBegun() {
    closing = true;
    finish();
  }

  ProblemPile.Share share() {
    return share;
  }

  /** Nanoseconds that the last {@link #work} took. */
  long spent() {
    return spent;
  }

  /** Nanoseconds for a step of a problem in the last {@link #work}. */
  double pace() {
    return pace;
  }

  /**
   * Works for about so long, at least for one turn.
   *
   * @param nanos when to pause
   * @return whether there are problems in the lanes; if not, none is left
   */
  boolean work(long nanos) {
    long start = System.nanoTime();
    long calls = 0;
    int signal = layout.signal();
    for (int l = 0; l < lanes; l++) {
      if ((busy >>> l & 1) == 0) {
        refill(l);
      }
    }
    boolean paused = false;
    while (busy != 0 && !paused) {
      kernel.step().run(tile, tile, tile, 0, 0);
      calls++;
      if (tile[signal] != 0) {
        tile[signal] = 0;
        harvest();
      }
      stopped = share.isCancelled();
      if (stopped) {
        abandon();
      }
      paused = nanos != Long.MAX_VALUE && System.nanoTime() - start >= nanos;
    }
    spent = System.nanoTime() - start;
    pace = (double) spent / (Math.max(1, calls) * lanes);
    return busy != 0;
  }

  // ---- lanes

  private void harvest() {
    int over = memory.nonZero(layout.outcome(), lanes) & busy;
    for (; over != 0; over &= over - 1) {
      int l = Integer.numberOfTrailingZeros(over);
      busy &= ~(1 << l);
      if (tile[layout.outcome() + l] == RootKernel.HARD) {
        solveCarefully(problems[l], (int) tile[layout.evaluations() + l]);
      } else {
        gather(l);
      }
      refill(l);
    }
  }

  private void refill(int l) {
    if (stopped || (nextWaiting == countWaiting && !fetch())) {
      return;
    }
    int from = nextWaiting++;
    problems[l] = waiting[from];
    tile[layout.x() + l] = inbox[layout.x() + from];
    tile[layout.lower() + l] = inbox[layout.lower() + from];
    tile[layout.upper() + l] = inbox[layout.upper() + from];
    tile[layout.step() + l] = inbox[layout.step() + from];
    tile[layout.earlierStep() + l] = inbox[layout.earlierStep() + from];
    tile[layout.magnitude() + l] = inbox[layout.magnitude() + from];
    tile[layout.evaluations() + l] = 0;
    int count = layout.preparedCount();
    for (int k = 0, e = layout.prepared(0); k < count; k++, e += lanes) {
      tile[e + l] = inbox[e + from];
    }
    busy |= 1 << l;
  }

  /** Takes as many problems as there are lanes; false if none is left. */
  private boolean fetch() {
    nextWaiting = 0;
    countWaiting = 0;
    while (countWaiting < lanes && !closing) {
      long index = share.take();
      if (index < 0) {
        break;
      }
      reader.load(index, inbox, layout, countWaiting);
      waiting[countWaiting++] = index;
    }
    if (countWaiting == 0) {
      return false;
    }
    kernel.prepare().run(inbox, inbox, inbox, 0, 0);
    return true;
  }

  // ---- results

  /** Puts the lane's root among those to be checked. */
  private void gather(int l) {
    int k = countEnded++;
    ended[k] = problems[l];
    checks[k] = 0;
    move(tile, l, k);
    while (countEnded == lanes) {
      flush();
    }
  }

  private void move(double[] source, int from, int to) {
    outbox[layout.x() + to] = source[layout.x() + from];
    outbox[layout.lower() + to] = source[layout.lower() + from];
    outbox[layout.upper() + to] = source[layout.upper() + from];
    outbox[layout.magnitude() + to] = source[layout.magnitude() + from];
    outbox[layout.evaluations() + to] = source[layout.evaluations() + from];
    reader.constants(ended[to], outbox, layout, to);
  }

  /** Checks what has been gathered; what was corrected stays for another check. */
  private void flush() {
    kernel.check().run(outbox, outbox, outbox, 0, 0);
    int kept = 0;
    int size = countEnded;
    for (int k = 0; k < size; k++) {
      double correction = outbox[layout.correction() + k];
      double x = outbox[layout.x() + k];
      checks[k]++;
      if (isWorthAnother(k, x, correction)) {
        outbox[layout.x() + k] = x + correction;
        outbox[layout.magnitude() + k] = Math.abs(outbox[layout.residual() + k]);
        ended[kept] = ended[k];
        checks[kept] = checks[k];
        if (kept != k) {
          move(outbox, k, kept);
        }
        kept++;
      } else {
        end(k, x, correction);
      }
    }
    countEnded = kept;
  }

  /** Whether the correction is more than rounding, and stays within the interval. */
  private boolean isWorthAnother(int k, double x, double correction) {
    double size = Math.abs(correction);
    boolean worth =
        checks[k] == 1
            ? size > WORTHLESS * Math.abs(x)
            : checks[k] < MOST_CHECKS
                && size > RootVerdict.LAST_DIGITS * Math.abs(x)
                && !RootVerdict.isZero(
                    method, outbox[layout.residual() + k], outbox[layout.bound() + k]);
    double next = x + correction;
    return worth
        && Math.abs(outbox[layout.residual() + k]) > method.residualTolerance()
        && next >= outbox[layout.lower() + k]
        && next <= outbox[layout.upper() + k];
  }

  private void end(int k, double x, double correction) {
    long index = ended[k];
    int count = (int) outbox[layout.evaluations() + k];
    int evaluations = count + checks[k];
    double residual = outbox[layout.residual() + k];
    double bound = outbox[layout.bound() + k];
    double uncertainty = outbox[layout.uncertainty() + k];
    Status status = RootVerdict.judge(method, x, residual, correction, bound, uncertainty, 0);
    if (status == Status.SINGULAR) {
      // it may be well known beside where it was looked for
      double extent = reader.extent(index);
      status = RootVerdict.judge(method, x, residual, correction, bound, uncertainty, extent);
    }
    boolean falls =
        RootVerdict.isZero(method, residual, bound)
            || Math.abs(residual) <= outbox[layout.magnitude() + k];
    if (status == null || !falls) {
      solveCarefully(index, evaluations);
      return;
    }
    if (count > method.iterationLimit()) {
      status = Status.ITERATION_LIMIT;
    }
    share.countEnded();
    results.value(index, 0, x, uncertainty + RootVerdict.HALF_UNIT * Math.abs(x));
    results.outcome(index, status, residual, evaluations - 1, evaluations);
  }

  private void solveCarefully(long index, int evaluations) {
    if (careful == null) {
      careful = new CarefulRoot(solver.scalarKernel(), reader, method);
    }
    careful.solve(index, evaluations, results);
    share.countEnded();
  }

  /** Ends what has not ended yet where it is. */
  private void abandon() {
    for (; busy != 0; busy &= busy - 1) {
      int l = Integer.numberOfTrailingZeros(busy);
      int evaluations = (int) tile[layout.evaluations() + l];
      results.value(problems[l], 0, tile[layout.x() + l], Double.NaN);
      results.outcome(
          problems[l], Status.CANCELLED, Double.NaN, Math.max(0, evaluations - 1), evaluations);
    }
  }
}
