package org.nabla4j.method;

/**
 * L-BFGS: BFGS from the last few steps alone, for many parameters. Time of a step and memory grow
 * as memory·p.
 *
 * <p>References: J. Nocedal (1980), Mathematics of Computation 35; D. C. Liu and J. Nocedal (1989),
 * Mathematical Programming 45; bounds by projection with two metrics, D. P. Bertsekas (1982), SIAM
 * Journal on Control and Optimization 20.
 */
public final class LimitedMemoryBfgs extends MinimizationOptions<LimitedMemoryBfgs> {

  private static final LimitedMemoryBfgs DEFAULTS = new LimitedMemoryBfgs(Values.DEFAULTS, 10);

  private final int memory;

  private LimitedMemoryBfgs(Values shared, int memory) {
    super(shared);
    this.memory = memory;
  }

  /**
   * The default options: ten steps are remembered.
   *
   * @return the options
   */
  public static LimitedMemoryBfgs defaults() {
    return DEFAULTS;
  }

  @Override
  LimitedMemoryBfgs with(Values changed) {
    return new LimitedMemoryBfgs(changed, memory);
  }

  /**
   * How many steps are remembered.
   *
   * @return m ≥ 1
   */
  public int memory() {
    return memory;
  }

  /**
   * Changes how many steps are remembered.
   *
   * @param value m, 1 ≤ m ≤ 1000; 3 to 20 is usual
   * @return a changed copy
   * @throws IllegalArgumentException if the value is out of range
   */
  public LimitedMemoryBfgs withMemory(int value) {
    if (value < 1 || value > 1000) {
      throw new IllegalArgumentException("memory = " + value + ", expected 1 <= memory <= 1000");
    }
    return new LimitedMemoryBfgs(shared(), value);
  }

  @Override
  int defaultIterationLimit(int parameters) {
    return 15_000;
  }

  @Override
  public String toString() {
    return describe("L-BFGS", ", memory=" + memory);
  }
}
