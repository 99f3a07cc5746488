package org.nabla4j.backend;

import java.util.Objects;

/**
 * Whether a backend can run here.
 *
 * @param usable true if it can
 * @param reason why it can, or why it cannot: a fact about this machine
 * @param remedy what would make it run, empty where it runs
 */
public record Availability(boolean usable, String reason, String remedy) {

  /**
   * Checks that nothing is null.
   *
   * @param usable true if it can
   * @param reason why it can, or why it cannot
   * @param remedy what would make it run
   */
  public Availability {
    Objects.requireNonNull(reason, "reason");
    Objects.requireNonNull(remedy, "remedy");
  }

  /**
   * The backend can run.
   *
   * @param reason what it found, such as the device
   * @return usable
   */
  public static Availability usable(String reason) {
    return new Availability(true, reason, "");
  }

  /**
   * The backend cannot run.
   *
   * @param reason why not
   * @param remedy what would help
   * @return not usable
   */
  public static Availability unusable(String reason, String remedy) {
    return new Availability(false, reason, remedy);
  }
}
