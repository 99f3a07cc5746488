package org.nabla4j.cpu.minimize;

/**
 * An evaluation was cancelled before it came to an end: there is nothing to tell a search, which is
 * to end where it is.
 */
public final class Abandoned extends RuntimeException {

  private static final long serialVersionUID = 1;

  /** Without a stack trace: it is no failure. */
  public Abandoned() {
    super("the evaluation was cancelled", null, false, false);
  }
}
