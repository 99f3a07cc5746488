package org.nabla4j.expression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nabla4j.expression.Functions.exp;
import static org.nabla4j.expression.Functions.symbol;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FormulaTest {
  private static Expression parse(String text) {
    return Formula.parse(text).expression();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1 + 2*3 | 7",
        "(1 + 2)*3 | 9",
        "10 - 4 - 3 | 3",
        "100/5/2 | 10",
        "2^3^2 | 512",
        "(2^3)^2 | 64",
        "-3^2 | -9",
        "(-3)^2 | 9",
        "2^-1 | 0.5",
        "2^-2^2 | 0.0625",
        "2*-3 | -6",
        "2--3 | 5",
        "2-+3 | -1",
        "--3 | 3",
        "+3 | 3",
        "-2*3 + 1 | -5",
        "2**3**2 | 512",
        "6/2*3 | 9",
        "1.5e-3 | 0.0015",
        "1E+2 | 100",
        ".5 + 5. | 5.5",
        "pi | 3.141592653589793",
        "π/2 | 1.5707963267948966",
        "-Infinity | -Infinity",
        "NaN | NaN",
        "1 < 2 | 1",
        "1 + 1 <= 2*1 | 1",
        "3 > 4 | 0",
        "3 >= 3 | 1",
        "3 == 3 | 1",
        "3 != 3 | 0",
        "(1 < 2) + (2 < 3) | 2",
        "where(1 > 2, 10, 20) | 20",
        "min(3, max(1, 2)) | 2",
        "pow(2, 10) | 1024",
        "ln(1) + log(1) | 0",
        "arctan(0) + arcsin(0) + arccos(1) | 0",
        "atan2(0, 1) + hypot(3, 4) | 5",
        "log2(8) + log10(100) + cbrt(27) + sqrt(16) | 12",
        "abs(-2) + sign(-3) | 1",
        "2 · 3 × 4 ⋅ 1 − 1 | 23",
        "(1 ≤ 2)*(2 ≥ 1)*(1 ≠ 2) | 1",
        "1e-999 | 0",
      })
  void arithmetic(String text, double value) {
    assertEquals(value, parse(text).evaluate(Map.of()));
  }

  @Test
  void minusBelongsToANumberUnlessItIsRaised() {
    assertSame(Expression.constant(-2), parse("-2"));
    assertSame(Expression.constant(2).negate(), parse("-(2)"));
    assertSame(Expression.constant(2).pow(symbol("x")).negate(), parse("-2^x"));
    assertSame(Expression.constant(-2).times(symbol("x")), parse("-2*x"));
    assertSame(symbol("a").negate().times(symbol("b")), parse("-a*b"));
    assertSame(symbol("x").pow(-2), parse("x^-2"));
    assertSame(Expression.constant(-Math.PI), parse("-pi"));
    assertSame(Expression.constant(-0.0), parse("-0"));
  }

  @Test
  void eIsAName() {
    assertEquals(List.of("e", "E"), Formula.parse("e + E*2").symbols());
  }

  @Test
  void whiteSpaceIsFree() {
    assertSame(parse("a*exp(-b*x)"), parse(" a\t*\n exp ( - b\r\n * x ) "));
  }

  @Test
  void responseIsLeftOfTheEqualsSign() {
    Formula formula = Formula.parse("y = b1*(1-exp(-b2*x))");
    assertSame(symbol("y"), formula.response().orElseThrow());
    assertSame(parse("b1*(1-exp(-b2*x))"), formula.expression());
    assertEquals(List.of("b1", "b2", "x"), formula.symbols());
    assertEquals(List.of("y"), formula.responseSymbols());
    assertEquals("y = b1*(1-exp(-b2*x))", formula.text());
    assertEquals("y = b1*(1 - exp(-b2*x))", formula.toString());
  }

  @Test
  void responseMayBeAnExpression() {
    Formula formula = Formula.parse("log(y) - log(n) = a + b*x");
    assertSame(parse("log(y) - log(n)"), formula.response().orElseThrow());
    assertEquals(List.of("y", "n"), formula.responseSymbols());
    assertEquals(List.of("a", "b", "x"), formula.symbols());
  }

  @Test
  void withoutEqualsSignThereIsNoResponse() {
    Formula formula = Formula.parse("a*x == b");
    assertTrue(formula.response().isEmpty());
    assertEquals(List.of(), formula.responseSymbols());
    assertSame(symbol("a").times(symbol("x")).equalTo(symbol("b")), formula.expression());
  }

  @Test
  void equalFormulasMayHaveDifferentTexts() {
    Formula one = Formula.parse("y=a*x");
    Formula two = Formula.of(parse("a * x")).withResponse(symbol("y"));
    assertEquals(one, two);
    assertEquals(one.hashCode(), two.hashCode());
    assertEquals("y = a*x", two.text());
    assertNotEquals(one, Formula.parse("z=a*x"));
    assertNotEquals(one, Formula.parse("y=a*x*1"));
    assertNotEquals(one, (Object) "y=a*x");
    assertThrows(IllegalArgumentException.class, () -> one.withResponse(Expression.constant(1)));
  }

  @Test
  void tracingJavaGivesTheParsedExpression() {
    AtomicInteger calls = new AtomicInteger();
    Formula traced =
        Formula.trace(
            List.of("b1", "b2"),
            List.of("x"),
            (p, x) -> {
              calls.incrementAndGet();
              return p.get(0)
                  .times(Functions.constant(1).minus(exp(p.get(1).negate().times(x.get(0)))));
            });
    assertEquals(1, calls.get());
    assertSame(parse("b1*(1-exp(-b2*x))"), traced.expression());
    assertEquals("b1*(1 - exp(-b2*x))", traced.text());
    assertTrue(traced.response().isEmpty());
  }

  @Test
  void tracingSeesLoops() {
    Formula traced =
        Formula.trace(
            List.of("c0", "c1", "c2", "c3"),
            List.of("x"),
            (p, x) -> {
              Expression horner = p.get(3);
              for (int i = 2; i >= 0; i--) {
                horner = horner.times(x.get(0)).plus(p.get(i));
              }
              return horner;
            });
    assertSame(parse("((c3*x + c2)*x + c1)*x + c0"), traced.expression());
  }

  @Test
  void tracedCodeIsChecked() {
    List<String> a = List.of("a");
    List<String> x = List.of("x");
    assertEquals(
        "code must return an expression, but returned null",
        refusal(() -> Formula.trace(a, x, (p, c) -> null)));
    assertEquals(
        "code must use only the symbols it is given, but used 'b'",
        refusal(() -> Formula.trace(a, x, (p, c) -> p.get(0).plus(symbol("b")))));
    assertEquals(
        "columnNames must hold no name twice, but has 'a' again",
        refusal(() -> Formula.trace(a, a, (p, c) -> p.get(0))));
    assertEquals(
        "symbol name must not be that of a function, but is 'exp'",
        refusal(() -> Formula.trace(List.of("exp"), x, (p, c) -> p.get(0))));
  }

  private static String refusal(org.junit.jupiter.api.function.Executable code) {
    return assertThrows(IllegalArgumentException.class, code).getMessage();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a*x+b | a*x + b",
        "a-(b-c) | a - (b - c)",
        "(a-b)-c | a - b - c",
        "a+(b+c) | a + (b + c)",
        "a/(b*c) | a/(b*c)",
        "a*(b/c) | a*(b/c)",
        "(a*b)/c | a*b/c",
        "((a^b))^c | (a^b)^c",
        "a^(b^c) | a^b^c",
        "-(x^2) | -x^2",
        "(-x)^2 | (-x)^2",
        "-(a*b) | -(a*b)",
        "(-a)*b | -a*b",
        "a*(-b) | a*(-b)",
        "a+-b | a + (-b)",
        "a+-b*c | a + (-b*c)",
        "a- -2 | a - (-2)",
        "-(-x) | -(-x)",
        "2^(-x) | 2^-x",
        "x^(1/2) | x^(1/2)",
        "exp((a)) | exp(a)",
        "where((a<b),(c),d+1) | where(a < b, c, d + 1)",
        "(a<b)*c | (a < b)*c",
        "(a<b)<c | (a < b) < c",
        "atan2(y,x)*2e-7 | atan2(y, x)*2e-7",
        "1000000*x+1e20+0.1 | 1000000*x + 1e20 + 0.1",
        "3.141592653589793*r^2 | pi*r^2",
        "-1*-1 | -1*(-1)",
        "pow(a,b)+ln(c) | a^b + log(c)",
      })
  void printsWithFewParentheses(String text, String printed) {
    assertEquals(printed, Formula.parse(text).toString());
    assertSame(parse(text), parse(printed));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-0.0",
        "1",
        "-1",
        "0.1",
        "0.3333333333333333",
        "1e15",
        "100000000000000.5",
        "123456789012345680",
        "1e22",
        "1e23",
        "1e-5",
        "9007199254740992",
        "4.9e-324",
        "2.2250738585072014e-308",
        "1.7976931348623157e308",
        "3.141592653589793",
        "-3.141592653589793",
        "NaN",
        "Infinity",
        "-Infinity"
      })
  void numbersReadBackExactly(String number) {
    Expression constant = Expression.constant(Double.parseDouble(number));
    assertSame(constant, parse(constant.toString()));
    Expression power = constant.pow(constant.negate()).minus(constant);
    assertSame(power, parse(power.toString()));
  }
}
