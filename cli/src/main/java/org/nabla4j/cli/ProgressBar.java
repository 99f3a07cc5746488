package org.nabla4j.cli;

import java.io.PrintStream;
import java.util.Locale;
import org.nabla4j.backend.ProgressListener;

/** A line on standard error that says how far long work has come. Silent on short work. */
final class ProgressBar implements ProgressListener, AutoCloseable {

  private static final long DELAY_NANOS = 700_000_000L;
  private static final long INTERVAL_NANOS = 100_000_000L;
  private static final int WIDTH = 30;

  private final PrintStream err;
  private final boolean enabled;
  private final String what;
  private final long begin = System.nanoTime();
  private long next = begin + DELAY_NANOS;
  private int written;

  /**
   * A bar.
   *
   * @param console where to write
   * @param forced whether to write although nobody may be watching, and at once
   * @param what the work
   */
  ProgressBar(Console console, boolean forced, String what) {
    this.err = console.err();
    this.enabled = forced || console.terminal();
    this.what = what;
    if (forced) {
      next = begin;
    }
  }

  @Override
  public synchronized void progress(long done, long total) {
    if (!enabled || total <= 0) {
      return;
    }
    long now = System.nanoTime();
    if (now < next) {
      return;
    }
    next = now + INTERVAL_NANOS;
    double share = Math.min(1, (double) done / total);
    int full = (int) (share * WIDTH);
    double elapsed = (now - begin) * 1e-9;
    String left =
        share > 0.01 && share < 1
            ? String.format(Locale.ROOT, ", %.0f s left", elapsed / share - elapsed)
            : "";
    String line =
        String.format(
            Locale.ROOT,
            "%s [%s%s] %3d %%%s",
            what,
            "#".repeat(full),
            " ".repeat(WIDTH - full),
            (int) (100 * share),
            left);
    err.print("\r" + line + " ".repeat(Math.max(0, written - line.length())));
    err.flush();
    written = line.length();
  }

  /** Wipes the line. */
  @Override
  public synchronized void close() {
    if (written > 0) {
      err.print("\r" + " ".repeat(written) + "\r");
      err.flush();
      written = 0;
    }
  }
}
