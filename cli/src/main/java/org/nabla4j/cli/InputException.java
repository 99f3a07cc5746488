package org.nabla4j.cli;

/** Something that the user gave cannot be used; the message is for them and ends the command. */
final class InputException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String hint;

  /**
   * Makes the exception.
   *
   * @param message what is wrong: the place, the value and what was expected
   * @param hint what would help, empty for nothing
   */
  InputException(String message, String hint) {
    super(message);
    this.hint = hint;
  }

  InputException(String message) {
    this(message, "");
  }

  /** What would help, empty for nothing. */
  String hint() {
    return hint;
  }
}
