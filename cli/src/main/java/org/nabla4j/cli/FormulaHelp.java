package org.nabla4j.cli;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.nabla4j.expression.Op;

/** {@code nabla4j help formula}: the language of formulas. */
final class FormulaHelp {

  /** Words that ask for it. */
  static final Set<String> TOPICS = Set.of("formula", "formulas");

  private static final int WIDTH = 84;

  private FormulaHelp() {}

  static String text() {
    String functions =
        Arrays.stream(Op.values())
            .filter(Op::isFunction)
            .map(Op::text)
            .filter(name -> !name.equals("where"))
            .collect(Collectors.joining(" "));
    return """
        Formulas, as in --formula "y = a*exp(-b*x) + c"

        Left of = is the response, a column or an expression of columns: log(y) = a + b*x.
        Without it the response is the column y. A symbol that is a column of the table stands
        for its values (--column NAME=HEADER names one whose header is no symbol); every other
        symbol is a parameter.

        Symbols   a Latin or Greek letter or _, then letters, digits and _: a, b1, tau_2, θ
        Numbers   2  .5  1.5e-3
        Constants pi (or π), Infinity, NaN

        Signs, weakest first:
          < <= > >= == !=   compare, and give 1 or 0
          + -               from left to right
          * /               from left to right
          -                 the sign: -x^2 is -(x^2), 2^-x is allowed
          ^ **              from right to left: a^b^c is a^(b^c)

        Functions:
        %s
          ln is log; arcsin, arccos, arctan are asin, acos, atan; pow(a, b) is a^b
          where(condition, a, b) is a where the condition is not 0, and b elsewhere:
          y = where(x < t, a, a + b*(x - t))
        """
        .formatted(wrapped(functions));
  }

  private static String wrapped(String words) {
    StringBuilder text = new StringBuilder();
    StringBuilder line = new StringBuilder(" ");
    for (String word : words.split(" ", -1)) {
      if (line.length() + 1 + word.length() > WIDTH) {
        text.append(line).append('\n');
        line = new StringBuilder(" ");
      }
      line.append(' ').append(word);
    }
    return text.append(line).toString();
  }
}
