package org.nabla4j.bench;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.nabla4j.objective.Precision;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The ceilings of one core, in the same run as what is held against them. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xmx3g", "--add-modules=jdk.incubator.vector"})
public class PeakProbe {

  /** What JMH reports per second. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Counters {
    /** Operations done, a multiply-add counting two. */
    public long flops;

    /** Bytes read. */
    public long bytes;
  }

  /** Multiply-add kernels. */
  @State(Scope.Benchmark)
  public static class Kernels {
    private static final int ROUNDS = 20_000;

    /** Element type. */
    @Param({"DOUBLE", "SINGLE"})
    public Precision precision;

    private PeakKernel kernel;

    /** Takes the kernel that is fastest here. */
    @Setup
    public void choose() {
      double best = 0;
      for (PeakKernel candidate : Ceilings.kernels(precision)) {
        double speed = Ceilings.gigaflops(candidate);
        if (speed > best) {
          best = speed;
          kernel = candidate;
        }
      }
    }
  }

  /** More memory than any cache holds. */
  @State(Scope.Benchmark)
  public static class Memory {
    private final double[] values = new double[1 << 25];

    /** Touches every page. */
    @Setup
    public void fill() {
      Arrays.fill(values, 1e-3);
    }
  }

  /**
   * Multiply-adds in registers.
   *
   * @param kernels the code
   * @param counters what is counted
   * @return a number that depends on all of them
   */
  @Benchmark
  public double multiplyAdd(Kernels kernels, Counters counters) {
    double result = kernels.kernel.run(Kernels.ROUNDS);
    counters.flops += Math.round(kernels.kernel.flopsPerRound() * Kernels.ROUNDS);
    return result;
  }

  /**
   * Reads memory from end to end.
   *
   * @param memory what is read
   * @param counters what is counted
   * @return the sum
   */
  @Benchmark
  public double read(Memory memory, Counters counters) {
    counters.bytes += 8L * memory.values.length;
    return Ceilings.sum(memory.values);
  }
}
