package org.nabla4j.regression;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.Formula;
import org.nabla4j.expression.FormulaException;
import org.nabla4j.expression.Op;

/**
 * Cuts the text of a regression formula into responses and steps; what stands between their signs
 * is read by the parser of formulas. Time and memory are linear in the length of the text.
 *
 * <pre>
 * formula  = response "~" [ sign ] item { sign item }
 * response = expression | "cbind" "(" expression { "," expression } ")"
 * item     = "." | "0" | "1" | "offset" "(" expression ")" | factor { ":" factor }
 * factor   = ( "C" | "factor" ) "(" name [ "," "ref" "=" label ] ")" | expression
 * </pre>
 */
final class FormulaReader {
  static final int LONGEST_TEXT = 100_000;

  /** So that an expression's own text is never cut when it is printed. */
  static final int LONGEST_TERM = 2000;

  private static final int LONGEST_SHOWN_NAME = 60;

  private static final char NAME = 'n';
  private static final char NUMBER = '0';
  private static final char QUOTED = '`';
  private static final char LABEL = '"';

  /**
   * A piece of the text.
   *
   * @param kind one of the above, or the sign that it is
   * @param start its first character
   * @param end after its last character
   * @param depth parentheses around it; a parenthesis itself stands outside
   */
  private record Token(char kind, int start, int end, int depth) {}

  private final String text;

  /** The text in which I(…) has lost its I. */
  private final StringBuilder masked;

  private final List<Token> tokens = new ArrayList<>();

  /** For each opening parenthesis the token that closes it. */
  private final Map<Token, Integer> closings = new HashMap<>();

  private final List<Expression> responses = new ArrayList<>();
  private final List<RegressionFormula.Step> steps = new ArrayList<>();
  private final Map<String, Integer> responsePlaces;

  FormulaReader(String text) {
    if (text.length() > LONGEST_TEXT) {
      throw new FormulaException(
          "a formula has at most "
              + LONGEST_TEXT
              + " characters, but this one has "
              + text.length(),
          text,
          LONGEST_TEXT);
    }
    this.text = text;
    masked = new StringBuilder(text);
    cut();
    int tilde = tilde();
    readResponses(tilde);
    responsePlaces = places(0, tilde);
    readSteps(tilde + 1);
  }

  List<Expression> responses() {
    return responses;
  }

  Map<String, Integer> responsePlaces() {
    return responsePlaces;
  }

  List<RegressionFormula.Step> steps() {
    return steps;
  }

  /** Whether a label can hold the character and stand without quotation marks. */
  static boolean isBare(int c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '.' || c == '-' || c == '+';
  }

  private void cut() {
    List<Integer> open = new ArrayList<>();
    int position = 0;
    while (position < text.length()) {
      char c = text.charAt(position);
      if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
        position++;
        continue;
      }
      int end = position + 1;
      char kind = c;
      if (Character.isLetter(c) || c == '_') {
        kind = NAME;
        end = endOfName(position);
      } else if (isDigit(position) || (c == '.' && isDigit(position + 1))) {
        kind = NUMBER;
        end = endOfNumber(position);
      } else if (c == '`') {
        end = endOfQuoted(position);
      } else if (c == '"' || c == '\'') {
        kind = LABEL;
        end = endOfLabel(position);
      } else if (c == ')') {
        if (open.isEmpty()) {
          throw error("')' closes nothing", position);
        }
        closings.put(tokens.get(open.remove(open.size() - 1)), tokens.size());
      } else if (c == '−') {
        kind = '-';
      }
      tokens.add(new Token(kind, position, end, open.size()));
      if (c == '(') {
        maskIdentity();
        open.add(tokens.size() - 1);
      }
      position = end;
    }
    if (!open.isEmpty()) {
      throw error("'(' is never closed", tokens.get(open.get(open.size() - 1)).start);
    }
  }

  /** Takes the I off where I( was just read. */
  private void maskIdentity() {
    if (tokens.size() >= 2) {
      Token before = tokens.get(tokens.size() - 2);
      if (isName(before, "I")) {
        masked.setCharAt(before.start, ' ');
      }
    }
  }

  private int endOfName(int from) {
    int end = from;
    while (end < text.length()
        && (Character.isLetterOrDigit(text.charAt(end)) || text.charAt(end) == '_')) {
      end++;
    }
    return end;
  }

  private int endOfNumber(int from) {
    int end = from;
    while (isDigit(end) || (end < text.length() && text.charAt(end) == '.')) {
      end++;
    }
    if (end < text.length() && (text.charAt(end) == 'e' || text.charAt(end) == 'E')) {
      int digits = end + 1;
      if (digits < text.length() && (text.charAt(digits) == '+' || text.charAt(digits) == '-')) {
        digits++;
      }
      if (isDigit(digits)) {
        end = digits;
        while (isDigit(end)) {
          end++;
        }
      }
    }
    return end;
  }

  private boolean isDigit(int position) {
    return position < text.length() && text.charAt(position) >= '0' && text.charAt(position) <= '9';
  }

  private int endOfQuoted(int from) {
    int end = text.indexOf('`', from + 1);
    if (end < 0) {
      throw error("the name in backquotes never ends", from);
    }
    return end + 1;
  }

  private int endOfLabel(int from) {
    int end = from + 1;
    while (end < text.length() && text.charAt(end) != text.charAt(from)) {
      end += text.charAt(end) == '\\' ? 2 : 1;
    }
    if (end >= text.length()) {
      throw error("the label in quotation marks never ends", from);
    }
    return end + 1;
  }

  private int tilde() {
    int tilde = -1;
    for (int i = 0; i < tokens.size(); i++) {
      if (tokens.get(i).kind == '~') {
        if (tilde >= 0 || tokens.get(i).depth > 0) {
          throw error("'~' stands once, between the response and the terms", tokens.get(i).start);
        }
        tilde = i;
      }
    }
    if (tilde < 0) {
      String problem =
          tokens.isEmpty()
              ? "a formula must not be empty"
              : "a regression's formula has '~' between the response and the terms:"
                  + " y ~ x1 + x2";
      int place = text.length();
      for (Token token : tokens) {
        if (token.kind == '=' && token.depth == 0) {
          place = Math.min(place, token.start);
        }
      }
      throw error(problem, place);
    }
    return tilde;
  }

  private void readResponses(int tilde) {
    if (tilde == 0) {
      throw error("the response, left of '~', is missing", tokens.get(0).start);
    }
    if (!isCall(0, tilde, "cbind")) {
      addResponse(0, tilde);
      return;
    }
    int from = 2;
    for (int i = 2; i < tilde; i++) {
      boolean ends = i == tilde - 1 || (tokens.get(i).kind == ',' && tokens.get(i).depth == 1);
      if (ends) {
        if (i == from) {
          throw error("expected a response", tokens.get(i).start);
        }
        addResponse(from, i);
        from = i + 1;
      }
    }
  }

  private void addResponse(int from, int to) {
    Expression response = expression(from, to);
    if (response.symbols().isEmpty()) {
      throw error("the response must have a column of the table", tokens.get(from).start);
    }
    if (responses.contains(response)) {
      throw error("the response " + shown(from, to) + " stands twice", tokens.get(from).start);
    }
    responses.add(response);
  }

  private void readSteps(int first) {
    int from = first;
    do {
      boolean added = true;
      while (from < tokens.size() && isSign(tokens.get(from))) {
        added ^= tokens.get(from).kind == '-';
        from++;
      }
      if (from == tokens.size()) {
        Token last = tokens.get(from - 1);
        throw error("expected a term after '" + last.kind + "'", text.length());
      }
      int to = from + 1;
      while (to < tokens.size()
          && !(isSign(tokens.get(to))
              && tokens.get(to).depth == 0
              && !isOperator(tokens.get(to - 1)))) {
        to++;
      }
      steps.add(step(added, from, to));
      from = to;
    } while (from < tokens.size());
  }

  private RegressionFormula.Step step(boolean added, int from, int to) {
    int place = tokens.get(from).start;
    if (tokens.get(to - 1).end - place > LONGEST_TERM) {
      throw error("a term has at most " + LONGEST_TERM + " characters", place);
    }
    Map<String, Integer> names = places(from, to);
    if (to == from + 1 && tokens.get(from).kind == '.') {
      if (!added) {
        throw error("'.' stands for all columns and cannot be taken away", place);
      }
      return RegressionFormula.Step.all(place);
    }
    if (isCall(from, to, "offset")) {
      if (!added) {
        throw error("an offset cannot be taken away", place);
      }
      Expression offset = expression(from + 2, to - 1);
      requireColumn(offset, place);
      return RegressionFormula.Step.offset(offset, place, names);
    }
    Set<Factor> factors = new LinkedHashSet<>();
    int start = from;
    for (int i = from; i <= to; i++) {
      if (i == to || (tokens.get(i).kind == ':' && tokens.get(i).depth == 0)) {
        if (i == start) {
          int missing = i < tokens.size() ? tokens.get(i).start : text.length();
          throw error("expected a factor " + (i == from ? "before" : "after") + " ':'", missing);
        }
        factors.add(factor(start, i));
        start = i + 1;
      }
    }
    if (factors.size() == 1
        && factors.iterator().next() instanceof Factor.Quantity quantity
        && quantity.expression().op() == Op.CONSTANT) {
      double value = quantity.expression().value();
      if (value != 0 && value != 1) {
        throw error("a number is no term, but for 1, the intercept, and 0, none", place);
      }
      return RegressionFormula.Step.intercept(added == (value == 1), place);
    }
    for (Factor factor : factors) {
      if (factor instanceof Factor.Quantity quantity) {
        requireColumn(quantity.expression(), place);
      }
    }
    return RegressionFormula.Step.term(added, new Term(factors), place, names);
  }

  private void requireColumn(Expression expression, int place) {
    if (expression.symbols().isEmpty()) {
      throw error("a term must have a column of the table", place);
    }
  }

  private Factor factor(int from, int to) {
    if (isCall(from, to, "C") || isCall(from, to, "factor")) {
      return category(from, to);
    }
    Token first = tokens.get(from);
    if (to == from + 1 && first.kind == '.') {
      throw error("'.' stands for all columns, and only alone, between '+' and '-'", first.start);
    }
    for (int i = from; i + 1 < to; i++) {
      if (isName(tokens.get(i), "C") && tokens.get(i + 1).kind == '(') {
        throw error("C(…) is no number: it stands alone or between ':'", tokens.get(i).start);
      }
    }
    return new Factor.Quantity(expression(from, to));
  }

  private Factor category(int from, int to) {
    Token column = tokens.get(from + 2);
    int next = from + 3;
    if ((column.kind != NAME && column.kind != QUOTED) || next >= to) {
      throw error(
          "expected the name of a column in " + tokenText(tokens.get(from)) + "(…)", column.start);
    }
    String name =
        column.kind == NAME
            ? tokenText(column)
            : expression(from + 2, next).symbols().iterator().next();
    if (next == to - 1) {
      return new Factor.Category(name, null);
    }
    Token comma = tokens.get(next);
    if (comma.kind != ',') {
      String hint = backquotes(comma.start);
      throw error(
          hint != null ? hint : "C(…) takes the name of a column, not an expression", comma.start);
    }
    if (next + 3 >= to - 1
        || !isName(tokens.get(next + 1), "ref")
        || tokens.get(next + 2).kind != '=') {
      throw error("expected the reference level, C(" + name + ", ref=label)", comma.end);
    }
    return new Factor.Category(name, label(next + 3, to - 1));
  }

  private String label(int from, int to) {
    Token first = tokens.get(from);
    String raw = text.substring(first.start, tokens.get(to - 1).end);
    if (first.kind == LABEL && to == from + 1) {
      StringBuilder label = new StringBuilder();
      for (int i = 1; i < raw.length() - 1; i++) {
        i += raw.charAt(i) == '\\' ? 1 : 0;
        label.append(raw.charAt(i));
      }
      return label.toString();
    }
    for (int i = 0; i < raw.length(); i++) {
      if (!isBare(raw.charAt(i))) {
        throw error(
            "a label with other signs than letters, digits, '_', '.', '-' and '+' stands in"
                + " quotation marks",
            first.start + i);
      }
    }
    return raw;
  }

  private Expression expression(int from, int to) {
    if (from == to) {
      throw error("expected an expression", tokens.get(from).start);
    }
    int start = tokens.get(from).start;
    int end = tokens.get(to - 1).end;
    if (end - start > LONGEST_TERM) {
      throw error("a term has at most " + LONGEST_TERM + " characters", start);
    }
    Formula formula;
    try {
      formula = Formula.parse(masked.substring(start, end));
    } catch (FormulaException e) {
      int place = start + e.position();
      boolean foreign = e.problem().startsWith("a formula has no character");
      boolean dot = place < text.length() && text.charAt(place) == '.';
      String hint = foreign || dot ? backquotes(place) : null;
      throw error(hint != null ? hint : e.problem(), place);
    }
    if (formula.response().isPresent()) {
      int place = start;
      while (tokens.get(from).kind != '=') {
        place = tokens.get(++from).start;
      }
      throw error("'=' has no meaning here; the comparison is '=='", place);
    }
    return formula.expression();
  }

  /** What to say if there is a name with signs that only a name in backquotes can have. */
  private String backquotes(int place) {
    if (place >= text.length() || !isWordPart(text.charAt(place))) {
      return null;
    }
    int start = place;
    while (start > 0 && isWordPart(text.charAt(start - 1)) && place - start < LONGEST_SHOWN_NAME) {
      start--;
    }
    int end = place;
    while (end < text.length()
        && isWordPart(text.charAt(end))
        && end - place < LONGEST_SHOWN_NAME) {
      end++;
    }
    String word = text.substring(start, end);
    boolean odd =
        Character.isLetter(word.charAt(0))
            && word.chars().anyMatch(c -> c == '.' || (Character.isLetter(c) && c > 0x7f));
    return odd ? "such a name stands in backquotes: `" + word + "`" : null;
  }

  private static boolean isWordPart(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '.';
  }

  /** Where each name first stands. */
  private Map<String, Integer> places(int from, int to) {
    Map<String, Integer> places = new HashMap<>();
    for (int i = from; i < to; i++) {
      Token token = tokens.get(i);
      if (token.kind == NAME) {
        places.putIfAbsent(tokenText(token), token.start);
      } else if (token.kind == QUOTED) {
        places.putIfAbsent(text.substring(token.start + 1, token.end - 1), token.start);
      }
    }
    return places;
  }

  /** Whether the tokens are a call of the name, and nothing else. */
  private boolean isCall(int from, int to, String name) {
    return to - from >= 3
        && isName(tokens.get(from), name)
        && tokens.get(from + 1).kind == '('
        && closings.get(tokens.get(from + 1)) == to - 1;
  }

  private boolean isName(Token token, String name) {
    return token.kind == NAME
        && token.end - token.start == name.length()
        && text.startsWith(name, token.start);
  }

  private static boolean isSign(Token token) {
    return token.kind == '+' || token.kind == '-';
  }

  /** Whether a sign after it belongs to its right side. */
  private static boolean isOperator(Token token) {
    return "*/^·⋅×<>=≤≥≠!:".indexOf(token.kind) >= 0;
  }

  private String tokenText(Token token) {
    return text.substring(token.start, token.end);
  }

  private String shown(int from, int to) {
    String whole = text.substring(tokens.get(from).start, tokens.get(to - 1).end);
    return whole.length() <= LONGEST_SHOWN_NAME
        ? whole
        : whole.substring(0, LONGEST_SHOWN_NAME - 1) + "…";
  }

  private FormulaException error(String problem, int place) {
    return new FormulaException(problem, text, place);
  }
}
