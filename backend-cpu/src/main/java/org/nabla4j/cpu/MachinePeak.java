package org.nabla4j.cpu;

import java.util.Optional;
import org.nabla4j.cpu.codegen.KernelCompiler;
import org.nabla4j.cpu.codegen.Procedure;

/** The ceiling of a core's arithmetic, measured: what a share of the peak is a share of. */
public final class MachinePeak {

  private static final int ROUNDS = 500;
  private static final double SECONDS = 1;

  /** No compiled code is that slow: the JVM is still at it, on a busy machine. */
  private static final double IMPLAUSIBLE = 5e9;

  private static final double PATIENCE = 15;

  private MachinePeak() {}

  /**
   * Floating-point operations a second of one core that does nothing but independent fused
   * multiply-adds on registers, in the widest lanes that the backend uses here. Takes a second,
   * more on a machine that is too busy to compile.
   *
   * @param single float lanes instead of double
   * @return operations a second, a fused multiply-add counting two
   */
  public static double measure(boolean single) {
    Optional<KernelCompiler> vector = KernelCompiler.vector(single);
    KernelCompiler compiler = vector.orElseGet(() -> KernelCompiler.scalar(single));
    Procedure chains = compiler.multiplyAddChains();
    LaneMemory tile = LaneMemory.allocate(compiler.isDouble(), chains.facts().tileSize());
    for (int e = 0; e < compiler.lanes(); e++) {
      tile.set(e, 0.5);
      tile.set(compiler.lanes() + e, 0.5);
    }
    double operations = (double) chains.facts().flopsPerPoint() * compiler.lanes() * ROUNDS;
    double best = 0;
    long begin = System.nanoTime();
    double seconds = 0;
    while (seconds < SECONDS || (best < IMPLAUSIBLE && seconds < PATIENCE)) {
      long start = System.nanoTime();
      chains.run(tile.array(), tile.array(), tile.array(), 0, ROUNDS);
      long end = System.nanoTime();
      best = Math.max(best, operations / ((end - start) * 1e-9));
      seconds = (end - begin) * 1e-9;
    }
    return best;
  }
}
