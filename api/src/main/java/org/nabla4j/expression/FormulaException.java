package org.nabla4j.expression;

import java.util.Objects;

/**
 * A formula that cannot be read. The message says what is wrong, shows the line of the text where
 * it is, and points at the place:
 *
 * <pre>
 * unknown function 'epx', did you mean 'exp'?
 *   y = a*epx(-b*x)
 *         ^
 * </pre>
 */
public final class FormulaException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** How much of a line is shown on each side of the place. */
  private static final int SHOWN_BEFORE = 60;

  private static final int SHOWN_AFTER = 30;

  private final String problem;

  /** The whole text. */
  private final String text;

  /** Where the problem is in it. */
  private final int position;

  /**
   * Says what is wrong with a text, and where.
   *
   * @param problem what is wrong, without the place
   * @param text the whole text
   * @param position an index into the text, or its length if something is missing at the end
   * @throws IndexOutOfBoundsException if the position is outside of the text
   */
  public FormulaException(String problem, String text, int position) {
    super(
        Objects.requireNonNull(problem, "problem")
            + "\n"
            + excerpt(Objects.requireNonNull(text, "text"), position));
    this.problem = problem;
    this.text = text;
    this.position = position;
  }

  /**
   * What is wrong, without the place.
   *
   * @return the message's beginning
   */
  public String problem() {
    return problem;
  }

  /**
   * The whole text of the formula.
   *
   * @return the text as given
   */
  public String text() {
    return text;
  }

  /**
   * Where the problem is.
   *
   * @return an index into {@link #text()}, or its length if something is missing at the end
   */
  public int position() {
    return position;
  }

  private static String excerpt(String text, int position) {
    Objects.checkIndex(position, text.length() + 1);
    int start = position;
    while (start > 0 && !isLineEnd(text.charAt(start - 1)) && position - start < SHOWN_BEFORE) {
      start--;
    }
    int end = position;
    while (end < text.length() && !isLineEnd(text.charAt(end)) && end - position < SHOWN_AFTER) {
      end++;
    }
    boolean cutBefore = start > 0 && !isLineEnd(text.charAt(start - 1));
    boolean cutAfter = end < text.length() && !isLineEnd(text.charAt(end));
    StringBuilder shown = new StringBuilder(cutBefore ? "  …" : "  ");
    int caret = shown.length() + position - start;
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      // One column for each character, and nothing that could steer a terminal.
      shown.append(Names.isPlain(c) ? c : c == '\t' ? ' ' : '?');
    }
    return shown.append(cutAfter ? "…\n" : "\n").append(" ".repeat(caret)).append('^').toString();
  }

  private static boolean isLineEnd(char c) {
    return c == '\n' || c == '\r';
  }
}
