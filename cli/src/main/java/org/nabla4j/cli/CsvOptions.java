package org.nabla4j.cli;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.nabla4j.data.CsvRows;
import org.nabla4j.data.Tables;
import picocli.CommandLine.Option;

/** How a table is written: options of every command that reads one. */
final class CsvOptions {

  /** Most columns that a message lists. */
  private static final int LISTED_COLUMNS = 20;

  @Option(
      names = "--delimiter",
      paramLabel = "SIGN",
      description = "The sign between fields, or tab; found out by default.")
  private String delimiter;

  @Option(
      names = "--decimal-comma",
      description = "Numbers of the table are written 1,5; its fields are apart by ; or tab.")
  private boolean decimalComma;

  @Option(
      names = "--comment",
      paramLabel = "SIGN",
      description = "Pass over lines that begin with this sign, such as '#'.")
  private String comment;

  /** What messages call the file. */
  static String name(String data) {
    return data.equals("-") ? "standard input" : data;
  }

  /** The file that is read, or null for none and for standard input. */
  static Path file(String data) {
    return data == null || data.equals("-") ? null : Path.of(data);
  }

  /** Complains of options that exclude each other. */
  void check() {
    if (decimalComma && ",".equals(delimiter)) {
      throw new InputException(
          "--decimal-comma with --delimiter ',', expected another sign between fields",
          "--delimiter ';' or --delimiter tab");
    }
  }

  /**
   * Opens a table.
   *
   * @param data a path, or - for standard input
   * @param bar is told how far reading is
   */
  CsvTable open(String data, ProgressBar bar) {
    return new CsvTable(table(data), bar);
  }

  /**
   * A table as rows.
   *
   * @param data a path, or - for standard input
   */
  CsvRows table(String data) {
    check();
    CsvRows rows = rows(data);
    if (delimiter != null) {
      rows = rows.separator(sign("--delimiter", delimiter));
    }
    if (comment != null) {
      rows = rows.comment(sign("--comment", comment));
    }
    return decimalComma ? rows.decimalComma() : rows;
  }

  /** Whether the data can be read only once: standard input, or a pipe. */
  static boolean isStream(String data) {
    return data.equals("-") || isPipe(data);
  }

  private static boolean isPipe(String data) {
    if (data.isBlank()) {
      return false;
    }
    Path path = Path.of(data);
    return Files.exists(path) && !Files.isRegularFile(path) && !Files.isDirectory(path);
  }

  /** The bytes of what can be read only once. */
  static InputStream stream(String data) {
    try {
      return data.equals("-") ? System.in : new FileInputStream(data);
    } catch (IOException e) {
      throw new InputException("cannot read " + data + ": " + OutputFile.reason(e));
    }
  }

  /** The table in a file or in standard input. */
  private static CsvRows rows(String data) {
    if (isStream(data)) {
      return Tables.csv(stream(data), name(data));
    }
    if (data.isBlank()) {
      throw new InputException("--data is empty, expected a file, or - for standard input");
    }
    Path path = Path.of(data);
    if (Files.isDirectory(path)) {
      throw new InputException("--data " + data + " is a directory, expected a file");
    }
    return Tables.csv(path);
  }

  private static char sign(String option, String text) {
    if (text.equals("tab") || text.equals("\\t")) {
      return '\t';
    }
    if (text.length() != 1 || text.equals("\"") || text.equals("\n") || text.equals("\r")) {
      throw new InputException(
          option + " '" + text + "', expected one character other than a quote, or tab");
    }
    return text.charAt(0);
  }

  /** The columns of a table in words. */
  String columnsOf(CsvTable csv) {
    List<String> header = csv.header();
    if (header.size() == 1) {
      return "the table has one column, named '"
          + shortened(header.get(0))
          + "'; fields are apart by "
          + (delimiter != null
              ? "'" + delimiter + "' as --delimiter says"
              : (decimalComma ? "" : "comma, ")
                  + "semicolon or tab, --delimiter names another sign, such as --delimiter ' '");
    }
    StringBuilder text = new StringBuilder("the columns are ");
    for (int k = 0; k < header.size(); k++) {
      if (k == LISTED_COLUMNS) {
        return text.append(", …").toString();
      }
      text.append(k == 0 ? "" : ", ").append(shortened(header.get(k)));
    }
    return text.toString();
  }

  private static String shortened(String name) {
    return name.length() <= 40 ? name : name.substring(0, 40) + "…";
  }
}
