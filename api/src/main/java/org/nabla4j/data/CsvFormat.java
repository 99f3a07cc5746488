package org.nabla4j.data;

import java.util.List;
import java.util.Set;

/**
 * How a table is written.
 *
 * @param separator the sign between fields, 0 to find out
 * @param comment the sign that begins a line to pass over, 0 for none
 * @param decimalComma whether numbers are written 1,5
 * @param missing what stands for a value that is not there, in any case of letters
 * @param names names of the columns of a table without a header, empty for x1, x2 and so on; null
 *     where the first line has them
 * @param texts columns that hold text although they look like numbers
 */
record CsvFormat(
    char separator,
    char comment,
    boolean decimalComma,
    List<String> missing,
    List<String> names,
    Set<String> texts) {

  /** Checks that the signs do not stand for two things. */
  CsvFormat {
    if (decimalComma && separator == ',') {
      throw new IllegalArgumentException(
          "separator = ',' with decimalComma(), expected another sign between fields");
    }
    if (separator != 0 && separator == comment) {
      throw new IllegalArgumentException(
          "separator = '" + separator + "' is also the sign of comments, expected another");
    }
  }

  static final CsvFormat DEFAULT =
      new CsvFormat(
          (char) 0, (char) 0, false, List.of("", "NA", "N/A", "NaN", "null"), null, Set.of());

  CsvFormat withSeparator(char sign) {
    return new CsvFormat(sign, comment, decimalComma, missing, names, texts);
  }

  CsvFormat withComment(char sign) {
    return new CsvFormat(separator, sign, decimalComma, missing, names, texts);
  }

  CsvFormat withDecimalComma() {
    return new CsvFormat(separator, comment, true, missing, names, texts);
  }

  CsvFormat withMissing(List<String> words) {
    return new CsvFormat(separator, comment, decimalComma, words, names, texts);
  }

  CsvFormat withNames(List<String> columns) {
    return new CsvFormat(separator, comment, decimalComma, missing, columns, texts);
  }

  CsvFormat withTexts(Set<String> columns) {
    return new CsvFormat(separator, comment, decimalComma, missing, names, columns);
  }

  /** The decimal sign. */
  char point() {
    return decimalComma ? ',' : '.';
  }

  /** Whether characters, without blanks around them, stand for a value that is not there. */
  boolean isMissing(char[] text, int from, int to) {
    for (int k = 0; k < missing.size(); k++) {
      String word = missing.get(k);
      if (word.length() == to - from && isWord(word, text, from)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isWord(String word, char[] text, int from) {
    for (int i = 0; i < word.length(); i++) {
      char a = word.charAt(i);
      char b = text[from + i];
      if (a != b && Character.toLowerCase(a) != Character.toLowerCase(b)) {
        return false;
      }
    }
    return true;
  }
}
