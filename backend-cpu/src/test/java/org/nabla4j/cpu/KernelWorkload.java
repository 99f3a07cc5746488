package org.nabla4j.cpu;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import org.nabla4j.backend.Execution;
import org.nabla4j.backend.KernelPreference;
import org.nabla4j.method.LevenbergMarquardt;
import org.nabla4j.objective.LeastSquaresProblem;
import org.nabla4j.objective.Precision;
import org.nabla4j.result.BatchFit;

/** Fits for some seconds, for {@link CompiledKernelsTest} to see what the JIT does about it. */
final class KernelWorkload {

  private static final int FITS = 1024;
  private static final double SECONDS = 1.5;

  /** Words before the kernel that ran, in the output. */
  static final String KERNEL = "kernel: ";

  private KernelWorkload() {}

  public static void main(String[] arguments) {
    try (CpuBackend backend = new CpuBackend()) {
      for (FitModel model : new FitModel[] {FitModel.DECAY, FitModel.exponentials(8)}) {
        LeastSquaresProblem problem = model.problem(0, FITS, 50, Precision.DOUBLE).build();
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long begin = threads.getCurrentThreadCpuTime();
        BatchFit fits;
        do {
          fits =
              backend.solve(
                  problem,
                  LevenbergMarquardt.defaults(),
                  Execution.defaults().withParallelism(1).withKernel(KernelPreference.VECTOR));
          if (fits.convergedCount() < 0.9 * FITS) {
            throw new IllegalStateException(fits.toString());
          }
          // processor time, so that a busy machine does as much as an idle one
        } while (threads.getCurrentThreadCpuTime() - begin < SECONDS * 1e9);
        System.out.println();
        System.out.println(KERNEL + fits.kernel());
      }
    }
  }
}
