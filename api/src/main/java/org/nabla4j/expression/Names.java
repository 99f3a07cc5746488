package org.nabla4j.expression;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The words of the formula language: functions, constants, and what may name a symbol. */
final class Names {
  static final int LONGEST_IDENTIFIER = 200;

  /** Stands around a name that is no identifier. */
  static final char QUOTE = '`';

  private static final Map<String, Op> FUNCTIONS = functions();

  private static final Map<String, Double> CONSTANTS =
      Map.of("pi", Math.PI, "π", Math.PI, "NaN", Double.NaN, "Infinity", Double.POSITIVE_INFINITY);

  private Names() {}

  private static Map<String, Op> functions() {
    Map<String, Op> functions = new LinkedHashMap<>();
    for (Op op : Op.values()) {
      if (op.isFunction()) {
        functions.put(op.text(), op);
      }
    }
    functions.put("pow", Op.POW);
    functions.put("ln", Op.LOG);
    functions.put("arcsin", Op.ASIN);
    functions.put("arccos", Op.ACOS);
    functions.put("arctan", Op.ATAN);
    return functions;
  }

  /** The operation that a function name stands for, or null. */
  static Op function(String name) {
    return FUNCTIONS.get(name);
  }

  /** The number that a constant's name stands for, or null. */
  static Double constant(String name) {
    return CONSTANTS.get(name);
  }

  /** Latin letters, Greek letters and the underscore. */
  static boolean isIdentifierStart(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || c == '_'
        || (c >= 'α' && c <= 'ω')
        || (c >= 'Α' && c <= 'Ω' && c != 0x3A2); // U+03A2 is unassigned
  }

  static boolean isIdentifierPart(int c) {
    return isIdentifierStart(c) || (c >= '0' && c <= '9');
  }

  /** Throws unless the name can be that of a symbol. */
  static void requireSymbolName(String name) {
    String shown = quote(name);
    if (name.isEmpty() || name.length() > LONGEST_IDENTIFIER) {
      throw new IllegalArgumentException(
          "symbol name must have 1 to "
              + LONGEST_IDENTIFIER
              + " characters, but "
              + shown
              + " has "
              + name.length());
    }
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (i == 0 ? !isIdentifierStart(c) : !isIdentifierPart(c)) {
        throw new IllegalArgumentException(
            "symbol name must be a letter (Latin or Greek) or '_', then letters, digits or '_',"
                + " but is "
                + shown);
      }
    }
    if (FUNCTIONS.containsKey(name)) {
      throw new IllegalArgumentException(
          "symbol name must not be that of a function, but is " + shown);
    }
    if (CONSTANTS.containsKey(name)) {
      throw new IllegalArgumentException(
          "symbol name must not be that of a constant, but is " + shown);
    }
  }

  /** What is wrong with a name that stands in backquotes; null if nothing is. */
  static String quotedNameProblem(String name) {
    if (name.isEmpty() || name.length() > LONGEST_IDENTIFIER) {
      return "a name in backquotes has 1 to "
          + LONGEST_IDENTIFIER
          + " characters, but this one has "
          + name.length();
    }
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c == QUOTE || Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
        return "a name in backquotes must not hold " + (c == QUOTE ? "'`'" : printable(c));
      }
    }
    return null;
  }

  /** The name as a formula has it: in backquotes if it is no identifier or has another meaning. */
  static String written(String name) {
    boolean plain =
        isIdentifierStart(name.charAt(0))
            && name.chars().allMatch(Names::isIdentifierPart)
            && !FUNCTIONS.containsKey(name)
            && !CONSTANTS.containsKey(name);
    return plain ? name : QUOTE + name + QUOTE;
  }

  /** Text in quotes, shortened; what is not plain print is written by its number, in hex digits. */
  static String quote(String text) {
    StringBuilder quoted = new StringBuilder("'");
    int shown = Math.min(text.length(), 40);
    for (int i = 0; i < shown; i++) {
      quoted.append(printable(text.charAt(i)));
    }
    return quoted.append(text.length() > shown ? "…'" : "'").toString();
  }

  static String printable(char c) {
    return isPlain(c) ? String.valueOf(c) : String.format(Locale.ROOT, "\\u%04X", (int) c);
  }

  /** Printable ASCII, Greek letters, and the signs that a formula may hold. */
  static boolean isPlain(char c) {
    return (c >= ' ' && c <= '~') || isIdentifierPart(c) || "−·⋅×≤≥≠".indexOf(c) >= 0;
  }

  /**
   * The function or constant whose name is nearest to a mistyped one, by at most one edit for a
   * short word and two for one of five letters or more; a neighbouring pair swapped counts as one.
   */
  static Optional<String> nearestFunction(String typed) {
    if (typed.length() > 12) {
      return Optional.empty();
    }
    String best = null;
    int bestDistance = typed.length() < 5 ? 2 : 3;
    for (String name : FUNCTIONS.keySet()) {
      int distance = editDistance(typed.toLowerCase(Locale.ROOT), name);
      if (distance < bestDistance) {
        best = name;
        bestDistance = distance;
      }
    }
    return Optional.ofNullable(best);
  }

  /** Edit distance with adjacent transpositions (optimal string alignment). */
  private static int editDistance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        boolean same = a.charAt(i - 1) == b.charAt(j - 1);
        int least = Math.min(d[i - 1][j], d[i][j - 1]) + 1;
        least = Math.min(least, d[i - 1][j - 1] + (same ? 0 : 1));
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          least = Math.min(least, d[i - 2][j - 2] + 1);
        }
        d[i][j] = least;
      }
    }
    return d[a.length()][b.length()];
  }
}
