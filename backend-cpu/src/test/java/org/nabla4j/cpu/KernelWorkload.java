package org.nabla4j.cpu;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import org.nabla4j.backend.Execution;
import org.nabla4j.backend.KernelPreference;
import org.nabla4j.method.LevenbergMarquardt;
import org.nabla4j.objective.LeastSquaresProblem;
import org.nabla4j.objective.Precision;
import org.nabla4j.result.BatchFit;

/** Fits for some seconds, for {@link CompiledKernelsTest} to see what the JIT does about it. */
final class KernelWorkload {

  private static final int FITS = 2048;

  /** So many batches call even what runs once for eight fits more often than C2 asks for. */
  private static final int BATCHES = 60;

  /** A compiler that finishes nothing for so long has nothing to do. */
  private static final long QUIET_MILLIS = 500;

  private KernelWorkload() {}

  /**
   * Fits two models, the second one in code that is cut into several methods. Prints nothing: the
   * JVM's own lines would mix with it.
   *
   * @param arguments none
   * @throws InterruptedException if interrupted
   */
  public static void main(String[] arguments) throws InterruptedException {
    try (CpuBackend backend = new CpuBackend()) {
      for (FitModel model : new FitModel[] {FitModel.DECAY, FitModel.exponentials(8)}) {
        LeastSquaresProblem problem = model.problem(0, FITS, 20, Precision.DOUBLE).build();
        for (int round = 0; round < 2; round++) {
          for (int k = 0; k < BATCHES; k++) {
            BatchFit fits =
                backend.solve(
                    problem,
                    LevenbergMarquardt.defaults(),
                    Execution.defaults().withParallelism(1).withKernel(KernelPreference.VECTOR));
            if (fits.convergedCount() < 0.9 * FITS || !fits.kernel().startsWith("vector ")) {
              throw new IllegalStateException(fits.toString());
            }
          }
          awaitCompiler();
        }
      }
    }
  }

  private static void awaitCompiler() throws InterruptedException {
    CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
    long before;
    do {
      before = compiler.getTotalCompilationTime();
      Thread.sleep(QUIET_MILLIS);
    } while (compiler.getTotalCompilationTime() != before);
  }
}
