package org.nabla4j.cli;

import java.util.List;
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
    check();
    return new CsvTable(
        name(data),
        CsvSource.open(data, bar),
        sign("--delimiter", delimiter),
        sign("--comment", comment),
        decimalComma);
  }

  private static char sign(String option, String text) {
    if (text == null) {
      return 0;
    }
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
