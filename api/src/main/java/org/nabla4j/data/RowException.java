package org.nabla4j.data;

/** Rows could not be read: the message names the source, and the line and column where it can. */
public final class RowException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /**
   * What is wrong.
   *
   * @param message the source, the place and what was expected
   */
  public RowException(String message) {
    super(message);
  }

  /**
   * What is wrong, and why.
   *
   * @param message the source, the place and what was expected
   * @param cause what the source threw
   */
  public RowException(String message, Throwable cause) {
    super(message, cause);
  }
}
