package org.nabla4j.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/** Rows could not be read: the message names the source, and the line and column where it can. */
public final class RowException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final String hint;

  /**
   * What is wrong.
   *
   * @param message the source, the place and what was expected
   */
  public RowException(String message) {
    this(message, "");
  }

  /**
   * What is wrong, and why.
   *
   * @param message the source, the place and what was expected
   * @param cause what the source threw
   */
  public RowException(String message, Throwable cause) {
    super(message, cause);
    hint = "";
  }

  /**
   * What is wrong, and what would help.
   *
   * @param message the source, the place and what was expected
   * @param hint what would help, empty for nothing
   */
  RowException(String message, String hint) {
    super(hint.isEmpty() ? message : message + "; " + hint);
    this.hint = hint;
  }

  /**
   * What would help.
   *
   * @return the end of the message, or empty if nothing is known
   */
  public String hint() {
    return hint;
  }

  /** A file that cannot be opened or read. */
  static RowException unreadable(String name, IOException e) {
    return new RowException("cannot read " + name + ": " + reason(e), e);
  }

  /** Why input failed, in words. */
  static String reason(Throwable e) {
    Throwable cause = e instanceof UncheckedIOException ? e.getCause() : e;
    if (cause instanceof NoSuchFileException) {
      return "there is no such file";
    }
    if (cause instanceof AccessDeniedException) {
      return "permission denied";
    }
    String message = cause.getMessage();
    return message == null || message.isBlank() ? cause.getClass().getSimpleName() : message;
  }
}
