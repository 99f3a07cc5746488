package org.nabla4j.expression;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Reads the text of a formula by operator precedence (Dijkstra 1961, the shunting-yard algorithm),
 * with its own stacks: nesting costs no call stack, time and memory are linear in the length.
 *
 * <pre>
 * formula    = [ comparison "=" ] comparison
 * comparison = sum [ ( "&lt;" | "&lt;=" | "&gt;" | "&gt;=" | "==" | "!=" ) sum ]
 * sum        = product { ( "+" | "-" ) product }
 * product    = signed { ( "*" | "/" ) signed }
 * signed     = ( "-" | "+" ) signed | power
 * power      = atom [ ( "^" | "**" ) signed ]
 * atom       = number | name | quoted | name "(" comparison { "," comparison } ")" | "(" comparison ")"
 * </pre>
 *
 * A minus sign right before a number that is not raised to a power is part of the number.
 */
final class Parser {
  static final int LONGEST_TEXT = 100_000;
  static final int DEEPEST_NESTING = 1000;

  private static final int COMPARISON = 1;
  private static final int SIGN = 4;
  private static final int POWER = 5;

  private final String text;
  private final List<Lexer.Token> tokens;
  private int next;

  /** What waits for its right argument or its closing parenthesis. */
  private final Deque<Pending> pending = new ArrayDeque<>();

  private final Deque<Expression> operands = new ArrayDeque<>();
  private int nesting;

  /** Whether the operation applied last was a comparison. */
  private boolean lastCompared;

  /** The sign of the infix operation or call that was applied last; null before the first. */
  private Lexer.Token lastApplied;

  private Expression response;
  private Expression expression;

  Parser(String text) {
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
    this.tokens = new Lexer(text).tokens();
    parse();
  }

  /** Left of the equals sign, or null. */
  Expression response() {
    return response;
  }

  Expression expression() {
    return expression;
  }

  /** Where the sign stands that makes the expression a comparison; -1 if it is none. */
  int comparison() {
    // What is applied last is the whole.
    return expression.op().isComparison() ? lastApplied.start : -1;
  }

  private static final class Pending {
    /** Operation, or null for a parenthesis that only groups. */
    final Op op;

    /** Binding strength, or 0 for a parenthesis or a call. */
    final int strength;

    final Lexer.Token token;
    int arguments = 1;

    Pending(Op op, int strength, Lexer.Token token) {
      this.op = op;
      this.strength = strength;
      this.token = token;
    }
  }

  private void parse() {
    while (true) {
      readOperand();
      Lexer.Token token = readClosings();
      switch (token.kind) {
        case OPERATOR -> pushInfix(token);
        case COMMA -> startNextArgument(token);
        case EQUALS -> takeResponse(token);
        default -> {
          expression = finishSide();
          return;
        }
      }
    }
  }

  /** Signs, opening parentheses and calls, up to and including a number or a name. */
  private void readOperand() {
    while (true) {
      Lexer.Token token = tokens.get(next++);
      if (token.kind == Lexer.Kind.NUMBER) {
        operands.push(Expression.constant(token.value));
        return;
      } else if (token.kind == Lexer.Kind.QUOTED) {
        operands.push(Expression.quotedSymbol(text.substring(token.start + 1, token.end - 1)));
        return;
      } else if (token.kind == Lexer.Kind.NAME) {
        if (tokens.get(next).kind == Lexer.Kind.OPEN) {
          open(new Pending(calledFunction(token), 0, token));
          next++;
        } else {
          operands.push(named(token));
          return;
        }
      } else if (token.kind == Lexer.Kind.OPEN) {
        open(new Pending(null, 0, token));
      } else if (token.kind == Lexer.Kind.OPERATOR && token.op == Op.SUB) {
        Double number = plainNumber(tokens.get(next));
        if (number != null && !isPower(tokens.get(next + 1))) {
          operands.push(Expression.constant(-number));
          next++;
          return;
        }
        pending.push(new Pending(Op.NEG, SIGN, token));
      } else if (token.kind != Lexer.Kind.OPERATOR || token.op != Op.ADD) {
        throw missingOperand(token);
      }
    }
  }

  private void open(Pending parenthesis) {
    if (++nesting > DEEPEST_NESTING) {
      throw error(
          "a formula has at most " + DEEPEST_NESTING + " parentheses inside each other",
          parenthesis.token);
    }
    pending.push(parenthesis);
  }

  private Double plainNumber(Lexer.Token token) {
    return switch (token.kind) {
      case NUMBER -> token.value;
      case NAME -> Names.constant(token.in(text));
      default -> null;
    };
  }

  private static boolean isPower(Lexer.Token token) {
    return token.kind == Lexer.Kind.OPERATOR && token.op == Op.POW;
  }

  private Expression named(Lexer.Token token) {
    String name = token.in(text);
    Double constant = Names.constant(name);
    if (constant != null) {
      return Expression.constant(constant);
    }
    if (Names.function(name) != null) {
      throw error("'" + name + "' is a function and needs its arguments: " + call(name), token);
    }
    return Expression.symbol(name);
  }

  private Op calledFunction(Lexer.Token token) {
    String name = token.in(text);
    Op op = Names.function(name);
    if (op != null) {
      return op;
    }
    if (Names.constant(name) != null) {
      throw error("'" + name + "' is a constant, not a function", token);
    }
    Optional<String> nearest = Names.nearestFunction(name);
    throw error(
        "unknown function "
            + Names.quote(name)
            + nearest
                .map(known -> ", did you mean '" + known + "'?")
                .orElse("; a product is written with '*' before the parenthesis"),
        token);
  }

  /** Everything that the operand just read completes; returns the token that goes on from there. */
  private Lexer.Token readClosings() {
    while (true) {
      Lexer.Token token = tokens.get(next++);
      switch (token.kind) {
        case CLOSE -> close(token);
        case NUMBER, NAME, QUOTED, OPEN -> throw missingOperator(token);
        default -> {
          return token;
        }
      }
    }
  }

  private void close(Lexer.Token token) {
    reduce(1);
    if (pending.isEmpty()) {
      throw error("')' closes nothing", token);
    }
    Pending opened = pending.pop();
    nesting--;
    if (opened.op != null) {
      requireArity(opened, opened.arguments);
      apply(opened);
    }
  }

  private void requireArity(Pending call, int given) {
    if (given != call.op.arity()) {
      String name = call.token.in(text);
      throw error(
          "'"
              + name
              + "' takes "
              + call.op.arity()
              + (call.op.arity() == 1 ? " argument, " : " arguments, ")
              + call(name)
              + ", but is given "
              + (given == 0 ? "none" : given),
          call.token);
    }
  }

  private void pushInfix(Lexer.Token token) {
    int strength = strength(token.op);
    // What binds more strongly is complete; so is what binds as strongly and comes first, powers
    // apart.
    reduce(token.op == Op.POW ? strength + 1 : strength);
    if (strength == COMPARISON && lastCompared) {
      throw error("comparisons cannot be chained; write (a < b)*(b < c)", token);
    }
    pending.push(new Pending(token.op, strength, token));
  }

  private static int strength(Op op) {
    return switch (op) {
      case ADD, SUB -> 2;
      case MUL, DIV -> 3;
      case POW -> POWER;
      default -> COMPARISON;
    };
  }

  /** Applies pending operations that bind at least so strongly. */
  private void reduce(int strength) {
    lastCompared = false;
    while (!pending.isEmpty() && pending.peek().strength >= strength) {
      Pending done = pending.pop();
      lastCompared = done.op.isComparison();
      apply(done);
    }
  }

  private void apply(Pending done) {
    Expression[] arguments = new Expression[done.op.arity()];
    for (int i = arguments.length - 1; i >= 0; i--) {
      arguments[i] = operands.pop();
    }
    operands.push(Expression.of(done.op, arguments));
    lastApplied = done.token;
  }

  private void startNextArgument(Lexer.Token comma) {
    reduce(1);
    if (pending.isEmpty() || pending.peek().op == null) {
      throw error("',' stands only between the arguments of a function", comma);
    }
    pending.peek().arguments++;
  }

  private void takeResponse(Lexer.Token equals) {
    reduce(1);
    if (!pending.isEmpty()) {
      throw error("'=' names the response of the whole formula; the comparison is '=='", equals);
    }
    if (response != null) {
      throw error("a formula has only one '='; the comparison is '=='", equals);
    }
    response = operands.pop();
    if (response.symbols().isEmpty()) {
      throw new FormulaException("the response, left of '=', must have a name", text, 0);
    }
  }

  private Expression finishSide() {
    reduce(1);
    if (!pending.isEmpty()) {
      throw error("'(' is never closed", tokenOfParenthesis(pending.peek()));
    }
    return operands.pop();
  }

  private Lexer.Token tokenOfParenthesis(Pending opened) {
    return opened.op == null ? opened.token : tokens.get(tokens.indexOf(opened.token) + 1);
  }

  private FormulaException missingOperand(Lexer.Token found) {
    Lexer.Token before = next >= 2 ? tokens.get(next - 2) : null;
    if (found.kind == Lexer.Kind.CLOSE && before != null && before.kind == Lexer.Kind.OPEN) {
      Pending opened = pending.peek();
      if (opened.op == null) {
        return error("expected an expression inside the parentheses", found);
      }
      requireArity(opened, 0);
    }
    String where = before == null ? "" : " after '" + before.in(text) + "'";
    String what =
        found.kind == Lexer.Kind.END ? "the formula ends" : "found '" + found.in(text) + "'";
    if (before == null && found.kind == Lexer.Kind.END) {
      return error("a formula must not be empty", found);
    }
    return error("expected a number, a name or '('" + where + ", but " + what, found);
  }

  private FormulaException missingOperator(Lexer.Token found) {
    Lexer.Token before = tokens.get(next - 2);
    String left = shortened(before);
    String right = shortened(found);
    boolean parenthesis = before.kind == Lexer.Kind.CLOSE || found.kind == Lexer.Kind.OPEN;
    String hint =
        found.kind == Lexer.Kind.NUMBER
            ? ""
            : "; a product is written " + (parenthesis ? "with '*'" : left + "*" + right);
    return error("expected an operator between '" + left + "' and '" + right + "'" + hint, found);
  }

  private String shortened(Lexer.Token token) {
    String whole = token.in(text);
    return whole.length() <= 20 ? whole : whole.substring(0, 19) + "…";
  }

  private static String call(String function) {
    return switch (Names.function(function).arity()) {
      case 1 -> function + "(x)";
      case 2 -> function + "(a, b)";
      default -> function + "(condition, a, b)";
    };
  }

  private FormulaException error(String problem, Lexer.Token token) {
    return new FormulaException(problem, text, token.start);
  }
}
