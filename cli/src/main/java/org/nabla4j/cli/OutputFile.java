package org.nabla4j.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A file that appears complete or not at all: it is written beside its place under another name and
 * renamed at the end. A device or pipe is written directly.
 */
final class OutputFile {

  /** Writes the content. */
  @FunctionalInterface
  interface Content {
    void writeTo(OutputStream stream) throws IOException;
  }

  private OutputFile() {}

  /**
   * Checks before long work that a file can be written.
   *
   * @param path the file
   * @param option the option that names it
   */
  static void check(Path path, String option) {
    Path directory = directory(path);
    if (Files.isDirectory(path)) {
      throw new InputException(option + " " + path + " is a directory, expected a file");
    }
    if (!Files.isDirectory(directory)) {
      throw new InputException(
          option + " " + path + ": there is no directory " + directory, "create it first");
    }
    if (!Files.isWritable(special(path) ? path : directory)) {
      throw new InputException(option + " " + path + ": no permission to write there");
    }
  }

  /**
   * Checks before long work that a file can be written and is not the one that is read.
   *
   * @param path the file
   * @param option the option that names it
   * @param input the file that is read, or null
   */
  static void check(Path path, String option, Path input) {
    check(path, option);
    try {
      if (input != null && !special(path) && Files.exists(path) && Files.isSameFile(path, input)) {
        throw new InputException(
            option + " " + path + " is the file that is read", "write to another one");
      }
    } catch (IOException e) {
      // What cannot be read is complained of where it is read.
    }
  }

  /**
   * Writes a file.
   *
   * @param path the file; replaced if it exists
   * @param content what to write
   */
  static void write(Path path, Content content) {
    try {
      if (special(path)) {
        try (OutputStream stream = Files.newOutputStream(path, StandardOpenOption.WRITE)) {
          content.writeTo(stream);
        }
        return;
      }
      // A link keeps pointing to the file that is replaced.
      Path target = Files.exists(path) ? path.toRealPath() : path.toAbsolutePath();
      Path temporary =
          target.resolveSibling(
              "." + target.getFileName() + "." + ThreadLocalRandom.current().nextInt(1 << 30));
      // Also when the user interrupts.
      temporary.toFile().deleteOnExit();
      try {
        try (OutputStream stream =
            Files.newOutputStream(
                temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
          content.writeTo(stream);
        }
        move(temporary, target);
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException | UncheckedIOException e) {
      throw new InputException("cannot write " + path + ": " + reason(e));
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static boolean special(Path path) {
    return Files.exists(path) && !Files.isRegularFile(path);
  }

  private static Path directory(Path path) {
    Path parent = path.toAbsolutePath().getParent();
    return parent == null ? path.toAbsolutePath() : parent;
  }

  /** Why reading or writing failed, without the name of an exception. */
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
