package org.nabla4j.expression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FormulaExceptionTest {
  private static FormulaException refused(String text) {
    return assertThrows(FormulaException.class, () -> Formula.parse(text));
  }

  static Stream<Arguments> problems() {
    return Stream.of(
        problem("", 0, "a formula must not be empty"),
        problem("  ", 2, "a formula must not be empty"),
        problem("y = ", 4, "expected a number, a name or '(' after '=', but the formula ends"),
        problem("= x", 0, "expected a number, a name or '(', but found '='"),
        problem("a^*b", 2, "expected a number, a name or '(' after '^', but found '*'"),
        problem("max(a,,b)", 6, "expected a number, a name or '(' after ',', but found ','"),
        problem("a*", 2, "expected a number, a name or '(' after '*', but the formula ends"),
        problem("(a+)", 3, "expected a number, a name or '(' after '+', but found ')'"),
        problem("a*epx(-b*x)", 2, "unknown function 'epx', did you mean 'exp'?"),
        problem("lgama(x)", 0, "unknown function 'lgama', did you mean 'lgamma'?"),
        problem("Sin(x)", 0, "unknown function 'Sin', did you mean 'sin'?"),
        problem("sqr(x)", 0, "unknown function 'sqr', did you mean 'sqrt'?"),
        problem(
            "b1(x)",
            0,
            "unknown function 'b1'; a product is written with '*' before the parenthesis"),
        problem("pi(2)", 0, "'pi' is a constant, not a function"),
        problem("1 + exp", 4, "'exp' is a function and needs its arguments: exp(x)"),
        problem("a*(1-exp(-b*x)", 2, "'(' is never closed"),
        problem("sin(cos(x)", 3, "'(' is never closed"),
        problem("a*x)", 3, "')' closes nothing"),
        problem("()", 1, "expected an expression inside the parentheses"),
        problem("2x", 1, "expected an operator between '2' and 'x'; a product is written 2*x"),
        problem("x y", 2, "expected an operator between 'x' and 'y'; a product is written x*y"),
        problem(
            "(a)(b)", 3, "expected an operator between ')' and '('; a product is written with '*'"),
        problem("x 2", 2, "expected an operator between 'x' and '2'"),
        problem("exp()", 0, "'exp' takes 1 argument, exp(x), but is given none"),
        problem("exp(1,2)", 0, "'exp' takes 1 argument, exp(x), but is given 2"),
        problem("atan2(1)", 0, "'atan2' takes 2 arguments, atan2(a, b), but is given 1"),
        problem("ln(1,2)", 0, "'ln' takes 1 argument, ln(x), but is given 2"),
        problem(
            "where(a<b,c)", 0, "'where' takes 3 arguments, where(condition, a, b), but is given 2"),
        problem("a<b<c", 3, "comparisons cannot be chained; write (a < b)*(b < c)"),
        problem("a = b = c", 6, "a formula has only one '='; the comparison is '=='"),
        problem("(a=b)", 2, "'=' names the response of the whole formula; the comparison is '=='"),
        problem("1 = x", 0, "the response, left of '=', must have a name"),
        problem("a,b", 1, "',' stands only between the arguments of a function"),
        problem("(a,b)", 2, "',' stands only between the arguments of a function"),
        problem("1..2", 2, "a number has only one decimal point"),
        problem("1.2.3", 3, "a number has only one decimal point"),
        problem(
            "1e999",
            0,
            "number is beyond the range of double (1.8e308); infinity is written Infinity"),
        problem("a $ b", 2, "a formula has no character '$'"),
        problem("a.b", 1, "a formula has no character '.'"),
        problem("a !b", 2, "'!' means nothing alone; the comparison is '!='"));
  }

  private static Arguments problem(String text, int position, String message) {
    return Arguments.of(text, position, message);
  }

  @ParameterizedTest
  @MethodSource("problems")
  void messagesShowTextAndPlace(String text, int position, String message) {
    FormulaException e = refused(text);
    assertEquals(text, e.text());
    assertEquals(position, e.position());
    String caret = " ".repeat(2 + position) + "^";
    assertEquals(message + "\n  " + text + "\n" + caret, e.getMessage());
  }

  @Test
  void onlyTheLineInQuestionIsShown() {
    assertEquals(
        "expected a number, a name or '(' after '*', but found '*'\n   + y * * z\n         ^",
        refused("x\n + y * * z\n + w").getMessage());
  }

  @Test
  void longLinesAreCutAroundThePlace() {
    FormulaException e = refused("x+".repeat(100) + "*" + "+y".repeat(40));
    assertEquals(200, e.position());
    List<String> lines = e.getMessage().lines().toList();
    assertEquals(3, lines.size());
    assertEquals("  …" + "x+".repeat(30) + "*" + "+y".repeat(14) + "+…", lines.get(1));
    assertEquals('*', lines.get(1).charAt(lines.get(2).indexOf('^')));
  }

  @Test
  void nothingUnprintableComesBack() {
    for (String odd : new String[] {"\u0007", "\0", "\u001b[31m", "\u202e", "\ud83d\ude00", "с"}) {
      FormulaException e = refused("a + " + odd + " b");
      assertEquals(4, e.position());
      String message = e.getMessage().replace("\n", "");
      assertTrue(message.chars().allMatch(c -> c >= ' ' && c <= '~'), message);
      assertTrue(message.contains(String.format("\\u%04X", (int) odd.charAt(0))), message);
    }
  }

  @Test
  void theUnderlyingTypeIsACallersError() {
    assertTrue(IllegalArgumentException.class.isAssignableFrom(FormulaException.class));
  }
}
