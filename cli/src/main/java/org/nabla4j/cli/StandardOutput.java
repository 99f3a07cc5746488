package org.nabla4j.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;

/**
 * Standard output that remembers why it failed: {@link java.io.PrintStream} only says that it did,
 * and a reader that went away ({@code | head}) is no error while a full disk is one.
 */
final class StandardOutput extends OutputStream {

  private final OutputStream target;
  private IOException failure;

  StandardOutput(OutputStream target) {
    this.target = target;
  }

  /** The process's own. */
  static StandardOutput ofProcess() {
    return new StandardOutput(new FileOutputStream(FileDescriptor.out));
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (failure != null) {
      throw failure;
    }
    try {
      target.write(bytes, offset, length);
    } catch (IOException e) {
      failure = e;
      throw e;
    }
  }

  @Override
  public void flush() throws IOException {
    target.flush();
  }

  /** Why output was lost, null if none was or if the reader did not want it. */
  String loss() {
    if (failure == null) {
      return null;
    }
    String reason = String.valueOf(failure.getMessage());
    String lower = reason.toLowerCase(Locale.ROOT);
    // EPIPE on Unix, ERROR_NO_DATA ("The pipe is being closed") on Windows.
    return lower.contains("broken pipe") || lower.contains("pipe is being closed") ? null : reason;
  }
}
