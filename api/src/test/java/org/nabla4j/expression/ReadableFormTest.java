package org.nabla4j.expression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReadableFormTest {

  private static final double[] NUMBERS = {0, 1, -1, 2, 3, -0.5, 0.25};

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "x^3*sin(x) | x^3*cos(x) + 3*x^2*sin(x)",
        "1/(1+exp(-x)) | exp(-x)/(1 + exp(-x))^2",
        "exp(-(x-m)^2/(2*s^2)) | -(x - m)*exp(-(x - m)^2/(2*s^2))/s^2",
        "log(x)*x | log(x) + 1",
        "x^2*log(x) | x + 2*x*log(x)",
        "(x^2+1)/(x-1) | 2*x/(x - 1) - (x^2 + 1)/(x - 1)^2",
        "sqrt(x^2+1) | x/sqrt(x^2 + 1)",
        "x^2 - 3*x + 2 | 2*x - 3",
        "x*x*x | 3*x^2",
        "a*exp(-b*x) + c | -a*b*exp(-b*x)",
        "a*x/(b+x) | a/(b + x) - a*x/(b + x)^2",
        "0.1*x^3 | 0.3*x^2",
        "sin(2*pi*x) | 2*pi*cos(2*pi*x)",
        "cbrt(x) | 1/(3*cbrt(x)^2)",
        "tan(x) | 1 + tan(x)^2",
        "x^y | y*x^(y - 1)",
        "1/x | -1/x^2",
        "sin(x)^2 + cos(x)^2 | 0",
        "where(x < 0, x^2, x^3) | where(x < 0, 2*x, 3*x^2)",
        "(2*x)^3 | 24*x^2",
      })
  void derivatives(String text, String derivative) {
    Expression e = Formula.parse(text).expression();
    assertEquals(
        derivative, ReadableForm.of(Derivatives.derivative(e, "x")).toString(), () -> text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "x*x^2 | x^3",
        "--a | a",
        "a + -b | a - b",
        "-a + b | b - a",
        "a - (b - c) | a - b + c",
        "x*2*y*3 | 6*x*y",
        "x/2/3 | x/6",
        "2*x/4 | x/2",
        "x/0.5 | 2*x",
        "a/b/c*d | a*d/(b*c)",
        "1/(1/x) | x",
        "x^-2 | 1/x^2",
        "2*x + 3*x | 5*x",
        "x + y - 2*x | y - x",
        "x^2*y - x*y*x | 0",
        "x/x^3 | 1/x^2",
        "x^3/x^2 | x^2/x",
        "1/x + x^2/x^2 | 1/x + 1",
        "1 + 2*x + 3 - 4 | 2*x",
        "0.1 + 0.2 + x | 0.3 + x",
        "(x^2)^3 | x^6",
        "2^3*x | 8*x",
        "3*log(x) - log(x) | 2*log(x)",
        "2/x - 2/x - 3/x | -3/x",
        "2/x - 5/x + 2/x - 3/x | -4/x",
      })
  void rules(String text, String form) {
    assertEquals(form, ReadableForm.of(Formula.parse(text).expression()).toString());
  }

  /** Each of these has a value where a shorter form has another one, NaN or ±∞ among them. */
  @ParameterizedTest
  @CsvSource({
    "x/x",
    "x^2/x",
    "0*x",
    "x + 0",
    "log(x) - log(x)",
    "1/x - 1/x",
    "sqrt(x)*sqrt(y)",
    "sqrt(x) - sqrt(x)",
    "atan(x/x^3)",
    "atan(3/x - 2/x)",
    "log(x)/log(x) + 1",
    "(1/x + 1)/(1/x + 1)^2",
    "x^0.5*x^1.5",
    "'where(x*x/x > 0, a, b)'",
    "2*x^(1e9 + 1)",
    "x^(sqrt(2)*sqrt(2))",
    "x^1.9999999999999998"
  })
  void leftAlone(String text) {
    Expression e = Formula.parse(text).expression();
    for (double at : new double[] {0, 1, -1}) {
      Map<String, Double> point = Map.of("x", at, "y", at, "a", 1.0, "b", 2.0);
      double value = e.evaluate(point);
      assertEquals(value, ReadableForm.of(e).evaluate(point), () -> text + " at x = " + at);
    }
  }

  @Test
  void aPoleIsKept() {
    Expression e = Formula.parse("x/x").expression();
    assertSame(e, ReadableForm.of(e));
    assertEquals("x^2/x", ReadableForm.of(Formula.parse("x^2/x").expression()).toString());
  }

  @Test
  void whatNobodyReadsIsLeft() {
    Expression e = Expression.symbol("x");
    for (int i = 0; i < 120_000; i++) {
      e = e.plus(i % 7 + 1.5).times(Expression.symbol("x"));
    }
    assertSame(e, ReadableForm.of(e));
    Expression doubled = Expression.symbol("x");
    for (int i = 0; i < 60; i++) {
      doubled = doubled.times(doubled);
    }
    assertTrue(Double.isInfinite(ReadableForm.of(doubled).evaluate(Map.of("x", 2.0))));
    Expression sum = Expression.symbol("x");
    for (int i = 0; i < 2000; i++) {
      sum = sum.plus(Expression.symbol("x" + i).sin());
    }
    assertTrue(ReadableForm.of(sum).symbols().contains("x1999"));
  }

  /** The same value up to rounding, and no value where there is none, at every small number. */
  @Property(tries = 4000)
  void sameValues(@ForAll long seed, @ForAll @IntRange(min = 1, max = 12) int operations) {
    List<Op> arithmetic =
        List.of(
            Op.ADD, Op.ADD, Op.SUB, Op.SUB, Op.MUL, Op.MUL, Op.MUL, Op.DIV, Op.DIV, Op.NEG, Op.POW,
            Op.LOG, Op.SQRT, Op.SIN, Op.ATAN);
    Expression e =
        new RandomExpressions(seed, List.of("x", "y"), arithmetic, NUMBERS).next(operations);
    assertSameValues(e);
    assertSameValues(Derivatives.derivative(e, "x"));
  }

  private static void assertSameValues(Expression e) {
    Expression form = ReadableForm.of(e);
    Expression again = ReadableForm.of(form);
    for (double x : NUMBERS) {
      for (double y : NUMBERS) {
        Map<String, Double> point = Map.of("x", x, "y", y);
        if (isPlain(e, point) && !isSigned(e, point) && isPlain(form, point)) {
          compare(e, form, point);
          if (isPlain(again, point)) {
            compare(e, again, point);
          }
        }
      }
    }
  }

  private static void compare(Expression e, Expression form, Map<String, Double> point) {
    double expected = e.evaluate(point);
    double actual = form.evaluate(point);
    String what = e + " as " + form + " at " + point + ": " + expected + ", " + actual;
    assertEquals(Double.isFinite(expected), Double.isFinite(actual), what);
    if (Double.isFinite(expected)) {
      assertEquals(expected, actual, 1e-7 * Math.max(1, Math.abs(expected)), what);
    }
  }

  /** Whether the sign of an infinite part decides, which is that of a zero. */
  private static boolean isSigned(Expression e, Map<String, Double> point) {
    return new Topology(List.of(e))
        .nodes().stream()
            .filter(node -> List.of(Op.POW, Op.LOG, Op.SQRT, Op.ATAN).contains(node.op()))
            .flatMap(node -> node.arguments().stream())
            .anyMatch(argument -> Double.isInfinite(argument.evaluate(point)));
  }

  /**
   * Whether rounding leaves no doubt which parts are 0 and none is near the ends of the range: each
   * part that is a number is one of moderate size, or 0 in floating point and nearly 0 nowhere, and
   * no exponent is nearly whole.
   */
  private static boolean isPlain(Expression e, Map<String, Double> point) {
    Map<Expression, Double> values = new HashMap<>();
    for (Expression node : new Topology(List.of(e)).nodes()) {
      values.put(node, node.evaluate(point));
    }
    for (Map.Entry<Expression, Double> part : values.entrySet()) {
      double value = Math.abs(part.getValue());
      double size = 1;
      for (Expression argument : part.getKey().arguments()) {
        double of = Math.abs(values.get(argument));
        size = Double.isFinite(of) ? Math.max(size, of) : size;
      }
      if (part.getKey().op() == Op.POW) {
        double exponent = values.get(part.getKey().argument(1));
        double off = Math.abs(exponent - Math.rint(exponent));
        if (off > 0 && off < 1e-6) {
          return false;
        }
      }
      if (Double.isFinite(value) && (value > 1e5 || (value != 0 && value < 1e-6 * size))) {
        return false;
      }
    }
    return true;
  }
}
