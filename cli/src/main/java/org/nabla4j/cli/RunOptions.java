package org.nabla4j.cli;

import org.nabla4j.backend.Execution;
import org.nabla4j.backend.KernelPreference;
import picocli.CommandLine.Option;

/** Where and how to compute: options of every command that does. */
final class RunOptions {

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      description = "Where to compute; see nabla4j devices.")
  private String backend;

  @Option(
      names = "--kernel",
      paramLabel = "KIND",
      description = "auto (default), vector or scalar.")
  private String kernel = "auto";

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads to use; default all processors.")
  private Integer threads;

  @Option(
      names = "--progress",
      description = "Show progress on standard error even where it is no terminal.")
  private boolean progress;

  /** The backend that was asked for, or null. */
  String backend() {
    return backend;
  }

  /** The threads and kernels that were asked for. */
  Execution execution() {
    OptionValues.positive("--threads", threads);
    Execution execution =
        Execution.defaults()
            .withKernel(OptionValues.choice("--kernel", kernel, KernelPreference.class));
    return threads == null ? execution : execution.withParallelism(threads);
  }

  /** A bar that shows how far some work is. */
  ProgressBar bar(Console console, String what) {
    return new ProgressBar(console, progress, what);
  }
}
