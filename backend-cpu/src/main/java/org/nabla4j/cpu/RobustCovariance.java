package org.nabla4j.cpu;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.nabla4j.backend.Execution;
import org.nabla4j.cpu.codegen.Kernel;
import org.nabla4j.cpu.codegen.KernelCompiler;
import org.nabla4j.cpu.codegen.TileLayout;
import org.nabla4j.objective.LeastSquaresProblem;
import org.nabla4j.result.BatchFit;

/**
 * Covariances of a batch of fits with a robust loss, see {@link RobustMoments}: one more pass over
 * the data at the answers, with a problem in each lane, in double whatever the lanes of the fit.
 *
 * <p>Fits whose errors the solver did not determine keep NaN. Where JᵀJ is ill-conditioned it is
 * inverted by way of a QR factorisation of J.
 */
final class RobustCovariance {

  /** Problems that a thread takes at a time. */
  private static final int CHUNK = 256;

  private final LeastSquaresProblem problem;
  private final Execution execution;
  private final KernelCompiler compiler;
  private final KernelCompiler scalar;
  private final BatchFit fit;
  private final BatchFit.Builder results;
  private final int p;

  /**
   * Prepares.
   *
   * @param compiler for double lanes
   * @param scalar for one double lane
   * @param fit the fits; whether the solver determined the errors of a parameter shows in them
   * @param results receives covariances
   */
  RobustCovariance(
      LeastSquaresProblem problem,
      Execution execution,
      KernelCompiler compiler,
      KernelCompiler scalar,
      BatchFit fit,
      BatchFit.Builder results) {
    this.problem = problem;
    this.execution = execution;
    this.compiler = compiler;
    this.scalar = scalar;
    this.fit = fit;
    this.results = results;
    p = problem.freeCount();
  }

  /** Computes the covariances of all fits. */
  void compute() {
    boolean whole = false;
    boolean masked = false;
    for (long index = 0; index < problem.problems(); index++) {
      boolean missing = fit.points(index) < problem.points();
      whole |= !missing;
      masked |= missing;
    }
    if (whole) {
      run(ResidualProgram.moments(problem, false, false));
    }
    if (masked) {
      run(ResidualProgram.moments(problem, true, false));
    }
  }

  private void run(ResidualProgram program) {
    Shared shared = new Shared(program);
    long chunks = (problem.problems() + CHUNK - 1) / CHUNK;
    int workers = (int) Math.min(execution.parallelism(), chunks);
    execution.run(workers, w -> new Worker(shared).run());
  }

  /** What all workers of a run have in common. */
  private final class Shared {
    final ResidualProgram program;
    final Kernel kernel;
    final LaneMemory data;
    final AtomicLong next = new AtomicLong();
    private Kernel rows;
    private LaneMemory rowData;

    Shared(ResidualProgram program) {
      this.program = program;
      kernel = compiler.batch(program.least());
      data = program.sharedData(kernel, true);
    }

    /** For single problems; compiled when first asked for. */
    synchronized RowEvaluator rows() {
      if (rows == null) {
        rows = scalar.rows(program.least());
        rowData = program.sharedData(rows, true);
      }
      return new RowEvaluator(problem, program, rows, rowData);
    }
  }

  /** One thread's tile. */
  private final class Worker {
    private final Shared shared;
    private final ResidualProgram.Reader reader;
    private final int lanes = compiler.lanes();
    private final int points = Math.toIntExact(problem.points());
    private final TileLayout layout;
    private final double[] tile;
    private final LaneMemory data;
    private final CurvatureInverse inverse = new CurvatureInverse(compiler, p);
    private final long[] problems = new long[lanes];
    private final double[] starts = new double[problem.parameters().size()];
    private final double[] packed = new double[p * (p + 1) / 2];
    private int filled;
    private RowEvaluator rows;

    Worker(Shared shared) {
      this.shared = shared;
      reader = shared.program.reader();
      layout = shared.kernel.tile();
      tile = new double[shared.kernel.evaluation().facts().tileSize()];
      data = LaneMemory.allocate(true, Math.multiplyExact(points, shared.kernel.dataStride()));
      Arrays.fill(tile, layout.points(), layout.points() + lanes, points);
    }

    void run() {
      long count = problem.problems();
      long from = shared.next.getAndAdd(CHUNK);
      // after a cancellation too: what the solver left is no covariance yet
      while (from < count) {
        for (long index = from; index < Math.min(from + CHUNK, count); index++) {
          boolean masked = fit.points(index) < points;
          if (masked == shared.program.masked() && isDetermined(index)) {
            load(index);
          }
        }
        from = shared.next.getAndAdd(CHUNK);
      }
      flush();
    }

    private boolean isDetermined(long index) {
      for (int j : shared.program.free()) {
        if (!Double.isNaN(fit.standardError(index, j))) {
          return true;
        }
      }
      return false;
    }

    private void load(long index) {
      int[] free = shared.program.free();
      int[] fixed = shared.program.fixed();
      for (int j = 0; j < p; j++) {
        tile[layout.trial(j) + filled] = fit.parameter(index, free[j]);
      }
      if (fixed.length > 0) {
        problem.starts().read(index, 0, starts.length, starts, 0);
      }
      for (int k = 0; k < fixed.length; k++) {
        tile[layout.problemConstant(k) + filled] = starts[fixed[k]];
      }
      reader.read(index, data, shared.kernel.dataStride(), lanes, filled);
      problems[filled++] = index;
      if (filled == lanes) {
        flush();
      }
    }

    /** Evaluates and inverts what has been gathered. */
    private void flush() {
      if (filled == 0) {
        return;
      }
      shared.kernel.evaluation().run(tile, data.array(), shared.data.array(), 0, points);
      results.addOperations(filled * Steps.operations(shared.kernel.evaluation(), points));
      for (int l = 0; l < filled; l++) {
        for (int j = 0, e = 0; j < p; j++) {
          for (int k = 0; k <= j; k++) {
            inverse.set(e++, l, tile[layout.sum(1 + j, 1 + k) + l]);
          }
        }
      }
      inverse.invert(filled);
      for (int l = 0; l < filled; l++) {
        double factor =
            RobustMoments.factor(
                p, fit.degreesOfFreedom(problems[l]), tile, layout.sums() + l, lanes);
        if (inverse.pivot(l) >= CurvatureInverse.ILL_CONDITIONED) {
          for (int e = 0; e < packed.length; e++) {
            packed[e] = inverse.array()[inverse.inverse(l) + e * lanes];
          }
        } else {
          invertCarefully(problems[l]);
        }
        for (int e = 0; e < packed.length; e++) {
          packed[e] *= factor;
        }
        results.curvatureInverse(problems[l], packed, 0, 1);
      }
      filled = 0;
    }

    /** By QR, over the parameters whose errors the solver found to be determined. */
    private void invertCarefully(long index) {
      if (rows == null) {
        rows = shared.rows();
      }
      int[] free = shared.program.free();
      rows.load(index);
      double[] theta = new double[p];
      int[] active = new int[p];
      int count = 0;
      for (int j = 0; j < p; j++) {
        theta[j] = fit.parameter(index, free[j]);
        if (!Double.isNaN(fit.standardError(index, free[j]))) {
          active[count++] = j;
        }
      }
      rows.evaluate(theta);
      HouseholderQr qr = new HouseholderQr(points, count);
      for (int k = 0; k < count; k++) {
        int e = rows.firstRow() + 1 + active[k];
        for (int i = 0; i < points; i++, e += rows.rowStride()) {
          qr.matrix()[k * points + i] = rows.rows()[e];
        }
      }
      Arrays.fill(packed, Double.NaN);
      if (qr.factorise(count, new double[points]) > HouseholderFinisher.SINGULAR) {
        double[] gram = new double[count * count];
        qr.invertGram(gram);
        for (int k = 0; k < count; k++) {
          for (int m = 0; m <= k; m++) {
            packed[active[k] * (active[k] + 1) / 2 + active[m]] = gram[k * count + m];
          }
        }
      }
    }
  }
}
