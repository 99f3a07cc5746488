package org.nabla4j.backend;

/**
 * A switch that stops a running solve: problems that have not ended by then end as cancelled with
 * the best parameters so far. One switch can serve several solves; it cannot be reset.
 */
public final class Cancellation {

  private volatile boolean cancelled;

  /** A switch that is off. */
  public Cancellation() {}

  /** Turns the switch on. Any thread may. */
  public void cancel() {
    cancelled = true;
  }

  /**
   * Whether the switch is on.
   *
   * @return true after {@link #cancel()}
   */
  public boolean isCancelled() {
    return cancelled;
  }
}
