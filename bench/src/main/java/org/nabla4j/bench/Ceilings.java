package org.nabla4j.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.openblas.global.openblas;
import org.nabla4j.objective.Precision;

/**
 * What one core of this machine can do at best: multiply-adds in registers and reading from memory.
 * Of several probes the fastest counts, and of its repetitions the best, since a ceiling that other
 * work on the machine has pressed down would flatter whatever is held against it.
 */
final class Ceilings {

  private static final int WARM_UP = 6;
  private static final int REPETITIONS = 12;
  private static final long SLICE_NANOS = 40_000_000;

  /** 256 MiB: more than any cache that one core reaches. */
  private static final int READ_LENGTH = 1 << 25;

  /** Keeps results alive. */
  @SuppressWarnings("UnusedVariable") // Written, so that the work is not left out.
  private static volatile double sink;

  private Ceilings() {}

  /**
   * Multiply-add peak of one core in GFLOP/s, a multiply-add counting two.
   *
   * @param precision of the numbers
   * @return the best of all probes
   */
  static double gigaflops(Precision precision) {
    double best = 0;
    for (PeakKernel kernel : kernels(precision)) {
      best = Math.max(best, gigaflops(kernel));
    }
    return best;
  }

  /** All probes of a precision: the vector ones where they run; plain loops are double only. */
  static List<PeakKernel> kernels(Precision precision) {
    List<PeakKernel> kernels = new ArrayList<>();
    for (boolean fma : new boolean[] {true, false}) {
      VectorPeakKernel.of(precision, fma).ifPresent(kernels::add);
    }
    if (precision == Precision.DOUBLE || kernels.isEmpty()) {
      kernels.add(new PlainPeakKernel(true));
      kernels.add(new PlainPeakKernel(false));
    }
    return kernels;
  }

  /** Best speed of one probe in GFLOP/s. */
  static double gigaflops(PeakKernel kernel) {
    int rounds = 1;
    double best = 0;
    int slices = 0;
    while (slices < WARM_UP + REPETITIONS) {
      long start = System.nanoTime();
      sink = kernel.run(rounds);
      long nanos = System.nanoTime() - start;
      best = Math.max(best, rounds * kernel.flopsPerRound() / nanos);
      if (nanos < SLICE_NANOS && rounds < 1 << 29) {
        rounds *= 2;
      } else {
        slices++;
      }
    }
    return best;
  }

  /**
   * Bandwidth of one core reading memory from end to end, in GB/s.
   *
   * @return the best of all repetitions
   */
  static double readGigabytes() {
    double[] values = new double[READ_LENGTH];
    Arrays.fill(values, 1e-3);
    double[] equal = values.clone();
    double best = 0;
    for (int repetition = 0; repetition < REPETITIONS; repetition++) {
      best = Math.max(best, timeSum(values));
      best = Math.max(best, timeComparison(values, equal));
    }
    return best;
  }

  /**
   * Speed of one core multiplying matrices of 1024 by 1024 with the BLAS that ND4J brings, in
   * GFLOP/s.
   *
   * @return the best of all repetitions
   */
  static double matrixProductGigaflops() {
    openblas.blas_set_num_threads(1);
    int n = 1024;
    double best = 0;
    try (DoublePointer a = new DoublePointer((long) n * n);
        DoublePointer b = new DoublePointer((long) n * n);
        DoublePointer c = new DoublePointer((long) n * n)) {
      double[] values = new double[n * n];
      Arrays.fill(values, 1e-3);
      a.put(values);
      b.put(values);
      for (int repetition = 0; repetition < REPETITIONS; repetition++) {
        long start = System.nanoTime();
        openblas.cblas_dgemm(
            openblas.CblasRowMajor,
            openblas.CblasNoTrans,
            openblas.CblasNoTrans,
            n,
            n,
            n,
            1,
            a,
            n,
            b,
            n,
            0,
            c,
            n);
        best = Math.max(best, 2.0 * n * n * n / (System.nanoTime() - start));
      }
    }
    return best;
  }

  private static double timeSum(double[] values) {
    long start = System.nanoTime();
    sink = sum(values);
    return 8.0 * values.length / (System.nanoTime() - start);
  }

  /** The JIT's own vector comparison of two arrays, for machines where scalar loads fall short. */
  private static double timeComparison(double[] first, double[] second) {
    long start = System.nanoTime();
    sink = Arrays.mismatch(first, second);
    return 16.0 * first.length / (System.nanoTime() - start);
  }

  /** Sum with eight partial sums, so that no addition waits for the one before. */
  static double sum(double[] values) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    double s4 = 0;
    double s5 = 0;
    double s6 = 0;
    double s7 = 0;
    for (int i = 0; i + 8 <= values.length; i += 8) {
      s0 += values[i];
      s1 += values[i + 1];
      s2 += values[i + 2];
      s3 += values[i + 3];
      s4 += values[i + 4];
      s5 += values[i + 5];
      s6 += values[i + 6];
      s7 += values[i + 7];
    }
    return s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7;
  }

  /**
   * Prints the ceilings.
   *
   * @param arguments none
   */
  public static void main(String[] arguments) {
    System.out.printf("double %.1f GFLOP/s%n", gigaflops(Precision.DOUBLE));
    for (PeakKernel kernel : kernels(Precision.DOUBLE)) {
      System.out.printf("  %s %.1f%n", kernel.getClass().getSimpleName(), gigaflops(kernel));
    }
    System.out.printf("float %.1f GFLOP/s%n", gigaflops(Precision.SINGLE));
    System.out.printf("matrix products %.1f GFLOP/s%n", matrixProductGigaflops());
    System.out.printf("read %.1f GB/s%n", readGigabytes());
  }
}
