package org.nabla4j.cpu.codegen;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What is known of a scalar kernel from its use: how long it has been busy, and whether the vector
 * kernel of the same program has been seen to be the faster one, compiled by the JVM. Thread-safe;
 * it lives as long as the kernel is kept.
 */
public final class Warmth {

  private final AtomicLong nanos = new AtomicLong();
  private final AtomicBoolean begun = new AtomicBoolean();
  private volatile double pace;
  private volatile boolean hot;

  Warmth() {}

  /**
   * Adds to the time that the kernel has been busy.
   *
   * @param more nanoseconds
   * @param latest nanoseconds that it took for an evaluation of a problem
   */
  public void add(long more, double latest) {
    nanos.addAndGet(more);
    pace = latest;
  }

  /**
   * How fast the kernel was when it was used last.
   *
   * @return nanoseconds for an evaluation of a problem
   */
  public double pace() {
    return pace;
  }

  /**
   * Asks to warm up the vector kernel.
   *
   * @return true for the first who asks
   */
  public boolean begin() {
    return begun.compareAndSet(false, true);
  }

  /**
   * The time that the kernel has been busy.
   *
   * @return nanoseconds, of all threads together
   */
  public long nanos() {
    return nanos.get();
  }

  /**
   * Whether the vector kernel was faster.
   *
   * @return whether it was
   */
  public boolean isHot() {
    return hot;
  }

  /** Notes that the vector kernel was faster. */
  public void setHot() {
    hot = true;
  }
}
