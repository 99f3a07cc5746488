package org.nabla4j.cli;

import java.nio.file.Path;
import java.util.Locale;

/** The formats of plots, by the end of the file's name. */
enum PlotFormat {
  /** Portable Network Graphics. */
  PNG,
  /** JPEG. */
  JPG;

  /**
   * The format of a file.
   *
   * @param path the file
   * @param option the option that names it
   */
  static PlotFormat of(Path path, String option) {
    String name = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
    if (name.endsWith(".png")) {
      return PNG;
    }
    if (name.endsWith(".jpg") || name.endsWith(".jpeg")) {
      return JPG;
    }
    throw new InputException(
        option + " " + path + " has no known ending, expected .png or .jpg",
        "vector formats are not supported");
  }

  /** Its name among Java's image writers. */
  String writer() {
    return this == PNG ? "png" : "jpeg";
  }
}
