package org.nabla4j.backend;

/** A backend that was asked for cannot run; the message has the reason and the remedy. */
public final class BackendException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message what was asked for, why it cannot be had and what would help
   */
  public BackendException(String message) {
    super(message);
  }
}
