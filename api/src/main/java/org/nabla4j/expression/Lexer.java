package org.nabla4j.expression;

import java.util.ArrayList;
import java.util.List;

/** Cuts the text of a formula into tokens. */
final class Lexer {
  enum Kind {
    NUMBER,
    NAME,
    /** A name in backquotes. */
    QUOTED,
    /** An infix operation; {@link Op#SUB} may turn out to be a sign. */
    OPERATOR,
    OPEN,
    CLOSE,
    COMMA,
    EQUALS,
    END
  }

  /**
   * A piece of the text: from start to end, with the number or the operation that it stands for.
   */
  static final class Token {
    final Kind kind;
    final int start;
    final int end;
    final double value;
    final Op op;

    Token(Kind kind, int start, int end, double value, Op op) {
      this.kind = kind;
      this.start = start;
      this.end = end;
      this.value = value;
      this.op = op;
    }

    String in(String text) {
      return text.substring(start, end);
    }
  }

  private final String text;
  private final List<Token> tokens = new ArrayList<>();
  private int position;

  Lexer(String text) {
    this.text = text;
  }

  List<Token> tokens() {
    while (position < text.length()) {
      char c = text.charAt(position);
      if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
        position++;
      } else if (isDigit(c) || (c == '.' && isDigit(peek(1)))) {
        number();
      } else if (Names.isIdentifierStart(c)) {
        name();
      } else if (c == Names.QUOTE) {
        quotedName();
      } else {
        sign(c);
      }
    }
    tokens.add(new Token(Kind.END, position, position, 0, null));
    return tokens;
  }

  private void sign(char c) {
    char next = peek(1);
    switch (c) {
      case '(' -> add(Kind.OPEN, 1, null);
      case ')' -> add(Kind.CLOSE, 1, null);
      case ',' -> add(Kind.COMMA, 1, null);
      case '+' -> add(Kind.OPERATOR, 1, Op.ADD);
      case '-', '−' -> add(Kind.OPERATOR, 1, Op.SUB);
      case '*' -> add(Kind.OPERATOR, next == '*' ? 2 : 1, next == '*' ? Op.POW : Op.MUL);
      case '·', '⋅', '×' -> add(Kind.OPERATOR, 1, Op.MUL);
      case '/' -> add(Kind.OPERATOR, 1, Op.DIV);
      case '^' -> add(Kind.OPERATOR, 1, Op.POW);
      case '<' -> add(Kind.OPERATOR, next == '=' ? 2 : 1, next == '=' ? Op.LE : Op.LT);
      case '>' -> add(Kind.OPERATOR, next == '=' ? 2 : 1, next == '=' ? Op.GE : Op.GT);
      case '≤' -> add(Kind.OPERATOR, 1, Op.LE);
      case '≥' -> add(Kind.OPERATOR, 1, Op.GE);
      case '≠' -> add(Kind.OPERATOR, 1, Op.NE);
      case '=' -> {
        if (next == '=') {
          add(Kind.OPERATOR, 2, Op.EQ);
        } else {
          add(Kind.EQUALS, 1, null);
        }
      }
      case '!' -> {
        if (next != '=') {
          throw error("'!' means nothing alone; the comparison is '!='");
        }
        add(Kind.OPERATOR, 2, Op.NE);
      }
      default ->
          throw error(
              "a formula has no character "
                  + (Names.isPlain(c) ? "'" + c + "'" : Names.printable(c)));
    }
  }

  private void number() {
    int start = position;
    skipDigits();
    if (peek(0) == '.') {
      position++;
      skipDigits();
    }
    if ((peek(0) == 'e' || peek(0) == 'E') && startsExponent()) {
      position += isDigit(peek(1)) ? 1 : 2;
      skipDigits();
    }
    if (peek(0) == '.') {
      throw new FormulaException("a number has only one decimal point", text, position);
    }
    double value = Double.parseDouble(text.substring(start, position));
    if (Double.isInfinite(value)) {
      throw new FormulaException(
          "number is beyond the range of double (1.8e308); infinity is written Infinity",
          text,
          start);
    }
    tokens.add(new Token(Kind.NUMBER, start, position, value, null));
  }

  private boolean startsExponent() {
    return isDigit(peek(1)) || ((peek(1) == '+' || peek(1) == '-') && isDigit(peek(2)));
  }

  private void name() {
    int start = position;
    while (position < text.length() && Names.isIdentifierPart(text.charAt(position))) {
      position++;
    }
    if (position - start > Names.LONGEST_IDENTIFIER) {
      throw new FormulaException(
          "a name has at most "
              + Names.LONGEST_IDENTIFIER
              + " characters, but this one has "
              + (position - start),
          text,
          start);
    }
    tokens.add(new Token(Kind.NAME, start, position, 0, null));
  }

  private void quotedName() {
    int end = text.indexOf(Names.QUOTE, position + 1);
    if (end < 0) {
      throw error("the name in backquotes never ends");
    }
    String problem = Names.quotedNameProblem(text.substring(position + 1, end));
    if (problem != null) {
      throw error(problem);
    }
    tokens.add(new Token(Kind.QUOTED, position, end + 1, 0, null));
    position = end + 1;
  }

  private void add(Kind kind, int length, Op op) {
    tokens.add(new Token(kind, position, position + length, 0, op));
    position += length;
  }

  private void skipDigits() {
    while (isDigit(peek(0))) {
      position++;
    }
  }

  private char peek(int ahead) {
    return position + ahead < text.length() ? text.charAt(position + ahead) : '\0';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private FormulaException error(String problem) {
    return new FormulaException(problem, text, position);
  }
}
