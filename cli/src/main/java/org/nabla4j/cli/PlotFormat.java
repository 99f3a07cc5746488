package org.nabla4j.cli;

import java.nio.file.Path;
import java.util.Locale;

/** The formats of plots, by the end of the file's name. */
enum PlotFormat {
  /** Portable Network Graphics. */
  PNG,
  /** JPEG. */
  JPG,
  /** Scalable Vector Graphics. */
  SVG,
  /** Portable Document Format. */
  PDF;

  /**
   * The format of a file.
   *
   * @param path the file
   * @param option the option that names it
   */
  static PlotFormat of(Path path, String option) {
    String name = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
    for (PlotFormat format : values()) {
      if (name.endsWith("." + format.name().toLowerCase(Locale.ROOT))) {
        return format;
      }
    }
    if (name.endsWith(".jpeg")) {
      return JPG;
    }
    throw new InputException(
        option + " " + path + " has no known ending, expected .png, .jpg, .svg or .pdf");
  }
}
