package org.nabla4j.calculus;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.Formula;

class TaylorTest {

  private static final int ORDER = 20;

  static List<String> knownSeries() throws IOException {
    try (InputStream stream = TaylorTest.class.getResourceAsStream("taylor.csv")) {
      String text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      return text.lines().filter(line -> !line.startsWith("#")).toList();
    }
  }

  @ParameterizedTest
  @MethodSource("knownSeries")
  void agreesWithKnownSeries(String line) {
    String[] parts = line.split("; ", -1);
    double[] expected =
        List.of(parts[2].split(", ", -1)).stream().mapToDouble(Double::parseDouble).toArray();
    assertEquals(ORDER + 1, expected.length);
    Taylor taylor = Taylor.of(parts[0], "x", Double.parseDouble(parts[1]), ORDER);
    for (int k = 0; k <= ORDER; k++) {
      // A coefficient that vanishes, or nearly so, is as good as those on both sides of it.
      double before = Math.abs(expected[Math.max(k - 1, 0)]);
      double after = Math.abs(expected[Math.min(k + 1, ORDER)]);
      double scale = Math.max(Math.abs(expected[k]), Math.min(before, after));
      double tolerance = Math.max(1e-12 * scale, expected[k] == 0 ? 1e-16 : 0);
      assertEquals(expected[k], taylor.coefficient(k), tolerance, parts[0] + " order " + k);
    }
  }

  @Test
  void numbersOfCombinatorics() {
    // Bernoulli numbers B₂₀/20!, Catalan numbers, Bell numbers, Euler's secant numbers.
    assertEquals(
        -174611.0 / 330 / 2432902008176640000.0,
        Taylor.of("x/(exp(x) - 1)", "x", 0, 20).coefficient(20),
        1e-12 * 2.2e-16);
    Taylor catalan = Taylor.of("(1 - sqrt(1 - 4*x))/(2*x)", "x", 0, 20);
    assertEquals(6564120420.0, catalan.coefficient(20), 1e-12 * 6564120420.0);
    Taylor bell = Taylor.of("exp(exp(x) - 1)", "x", 0, 20);
    assertEquals(51724158235372.0, bell.derivative(20), 1e-12 * 51724158235372.0);
    Taylor secant = Taylor.of("1/cos(x)", "x", 0, 20);
    assertEquals(370371188237525.0, secant.derivative(20), 1e-12 * 370371188237525.0);
    assertEquals(0, secant.derivative(19));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "exp(x) | 0 | 2 | 1 + x + 0.5*x^2 + O(x^3)",
        "x^2 | -1 | 2 | 1 - 2*(x + 1) + (x + 1)^2 + O((x + 1)^3)",
        "x^2 | 3 | 1 | 9 + 6*(x - 3) + O((x - 3)^2)",
        "exp(x) | 0 | 0 | 1 + O(x)",
        "1/x | 2 | 0 | 0.5 + O(x - 2)",
        "-sin(x) | 0 | 4 | -x + 0.16666666666666666*x^3 + O(x^5)",
        "x - x | 0 | 2 | 0 + O(x^3)",
        "7 | 0 | 3 | 7 + O(x^4)",
        "-3*x | 0 | 3 | -3*x + O(x^4)",
        "sin(x)/x | 0 | 3 | 1 - 0.16666666666666666*x^2 + O(x^4)",
        "sqrt(x^4) | 0 | 4 | x^2 + O(x^5)",
        "abs(x^2) | 0 | 3 | x^2 + O(x^4)",
        "abs(x) | -2 | 2 | 2 - (x + 2) + O((x + 2)^3)",
        "cbrt(x^3 + x^6) | 0 | 4 | x + 0.3333333333333333*x^4 + O(x^5)",
        "cbrt(-8*x^3) | 0 | 4 | -2*x + O(x^5)",
        "where(x == 0, 1, sin(x)/x) | 0 | 3 | 1 - 0.16666666666666666*x^2 + O(x^4)",
        "where(x > 0, x, sin(x)) | 0 | 2 | x + o(x^2)",
        "where(x - 1, x, 1/0) | 0 | 2 | x + O(x^3)",
        "where(x < 1, x, log(x - 1)) | 0.5 | 1 | 0.5 + (x - 0.5) + O((x - 0.5)^2)",
        "max(x, x^2) | 0.5 | 1 | 0.5 + (x - 0.5) + O((x - 0.5)^2)",
        "max(x, sqrt(x^2 - 9)) | 5 | 1 | 5 + (x - 5) + O((x - 5)^2)",
        "min(x^2, 2*x^2) | 0 | 3 | x^2 + O(x^4)",
        "x^2.5 | 0 | 2 | 0 + o(x^2)",
        "x + x^1.5 | 0 | 1 | x + o(x)",
        "2 + abs(x) | 0 | 0 | 2 + o(1)",
        "where(x > 1, (x - 1)^2.5, 0) | 1 | 1 | 0 + O((x - 1)^2)",
        "3 + abs(x + 1) | -1 | 0 | 3 + o(1)",
        "(x + 1)^3.5 | -1 | 3 | 0 + o((x + 1)^3)",
        "sign(x)*x + (x > -1) | 1 | 1 | 2 + (x - 1) + O((x - 1)^2)",
        "hypot(3, 4 + x) | 0 | 1 | 5 + 0.8*x + O(x^2)",
        "atan2(x^2, -1) | 0 | 2 | pi - x^2 + O(x^3)",
        "0^(x + 1) | 0 | 2 | 0 + O(x^3)",
        "x^0 | 0 | 2 | 1 + O(x^3)",
        "x^3/x^2 | 0 | 2 | x + O(x^3)",
      })
  void texts(String formula, double at, int order, String text) {
    Taylor taylor = Taylor.of(formula, "x", at, order);
    assertEquals(text, taylor.toString());
    assertEquals(
        taylor.evaluate(at + 0.375),
        taylor.toExpression().evaluate(Map.of("x", at + 0.375)),
        1e-14 * Math.abs(taylor.evaluate(at + 0.375)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sqrt(x) | no derivative of order 1 at x = 0: sqrt(x)",
        "2 + abs(sin(x)) | no derivative of order 1 at x = 0: abs(sin(x)) has a kink",
        "1/x | no value at x = 0: 1/x has a pole",
        "log(x) | log(x) is no number around here",
        "log1p(x - 1) | log1p(x - 1) is no number around here",
        "sqrt(x - 1) | sqrt(x - 1) is no number around here: its argument is -1.0",
        "sqrt(x^2) | sqrt(x^2) has no derivative of order 1",
        "sqrt(-x^4) | sqrt(-x^4) has no derivative of order 1",
        "x^2.5 | no derivative of order 3 at x = 0",
        "abs(x)^3 | abs(x) has a kink",
        "(x - 1)^0.5 | is no number around here: its base is -1.0",
        "x^x | x^x is no number around here",
        "x^-2 | x^-2 has a pole",
        "max(x, -x) | max(x, -x) has a kink",
        "min(x, sqrt(x - 1)) | min(x, sqrt(x - 1)) is no number",
        "where(x > 0, 1, 0) | where(x > 0, 1, 0) has a kink or a jump",
        "where(x == 0, 2, sin(x)/x) | has a kink or a jump",
        "where((x > 0)*(x < 1), x, -x) | has a kink or a jump",
        "where(log(x - 1), x, -x) | is no number around here",
        "sign(x) | sign(x) jumps",
        "x <= 0 | x <= 0 switches",
        "sign(x^2) | sign(x^2) jumps",
        "hypot(x, 2*x) | has no derivative of order 1",
        "atan2(x, x) | has no derivative at the origin",
        "atan2(x, -1) | jumps",
        "asin(x + 1) | no derivative of order 1",
        "acos(x - 2) | is no number around here: its argument is -2.0",
        "lgamma(x) | no derivative of order 1",
        "digamma(x - 1) | has a pole",
        "trigamma(x) | has a pole",
        "sqrt(x - x) | 0/0 there to every order",
        "exp(-1/x^2) | no value at x = 0",
        "cbrt(x^2) | has no derivative of order 1",
      })
  void missingDerivativesAreExplained(String formula, String part) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> Taylor.of(formula, "x", 0, 3))
            .getMessage();
    assertTrue(message.contains(part), message);
  }

  @Test
  void whatIsNotReachedHasNoInfluence() {
    // Of order 0 there is a value, and where a branch is not taken its flaws do not matter.
    assertEquals(0, Taylor.of("abs(x)", "x", 0, 0).coefficient(0));
    assertEquals("1 + O(x^3)", Taylor.of("where(x < 1, 1, log(x))", "x", 0, 2).toString());
    assertEquals("x + O(x^3)", Taylor.of("x + abs(y)", "x", 0, 2, Map.of("y", 0.0)).toString());
  }

  @Test
  void otherSymbolsAreNumbers() {
    Taylor taylor = Taylor.of("a*exp(-b*x)", "x", 0, 3, Map.of("a", 2.0, "b", 3.0, "x", 99.0));
    assertArrayEquals(new double[] {2, -6, 9, -9}, taylor.coefficients(), 1e-14);
    assertEquals(-54, taylor.derivative(3), 1e-13);
    assertEquals("x", taylor.symbol());
    assertEquals(0, taylor.at());
    assertEquals(3, taylor.order());
    assertThrows(
        IllegalArgumentException.class, () -> Taylor.of("a*x", "x", 0, 1, Map.of("b", 1.0)));
  }

  @Test
  void derivativesThatOverflowAreInfinite() {
    assertEquals(
        Double.POSITIVE_INFINITY, Taylor.of("exp(x)", "x", 700, 170).derivative(170) * 9e4);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "x/0 | x/0 has a pole: its denominator is 0",
        "2 + exp(1000 + x) | no finite value at x = 0: exp(1000 + x) is Infinity",
        "1 - 2*exp(700 + 700*x) | of order 2 at x = 0: exp(700 + 700*x) has there the coefficient",
        "x + NaN | no finite value at x = 0: NaN is NaN",
        "sin(x)*log(0) | no finite value at x = 0: log(0) is -Infinity",
      })
  void whatIsNotFiniteIsExplained(String formula, String part) {
    assertMessage(part, () -> Taylor.of(formula, "x", 0, 5));
    // Where it is not reached it does not matter.
    assertEquals(1, Taylor.of("where(x < 1, 1, " + formula + ")", "x", 0, 5).coefficient(0));
  }

  @Test
  void remaindersAreEstimated() {
    for (String formula : List.of("exp(x)", "sin(3*x)", "1/(2 - x)", "log(3 + x)", "tanh(x)")) {
      Expression f = Formula.parse(formula).expression();
      Taylor taylor = Taylor.of(f, "x", 0, 5);
      for (double x : new double[] {-0.9, -0.3, 0.2, 0.7, 1}) {
        double error = Math.abs(f.evaluate(Map.of("x", x)) - taylor.evaluate(x));
        double estimate = taylor.remainderEstimate(x);
        assertTrue(error <= 1.001 * estimate + 1e-15, formula + " at " + x);
        assertTrue(estimate <= 20 * error + 1e-12, formula + " at " + x + ": " + estimate);
      }
    }
    Taylor geometric = Taylor.of("1/(1 - x)", "x", 0, 4);
    assertEquals(Math.pow(0.5, 5) / 0.5, geometric.remainderEstimate(0.5), 1e-15);
    assertEquals(Double.POSITIVE_INFINITY, geometric.remainderEstimate(1.5));
    assertEquals(0, geometric.remainderEstimate(0));
    assertEquals(0, Taylor.of("x^3", "x", 1, 3).remainderEstimate(7));
    assertTrue(Double.isNaN(Taylor.of("x^2.5", "x", 0, 2).remainderEstimate(1)));
    assertTrue(Double.isNaN(geometric.remainderEstimate(Double.NaN)));
  }

  @Test
  void argumentsAreChecked() {
    assertMessage("at = NaN", () -> Taylor.of("x", "x", Double.NaN, 2));
    assertMessage("order = -1, expected 0 <= order", () -> Taylor.of("x", "x", 0, -1));
    assertMessage("order = 1001", () -> Taylor.of("x", "x", 0, 1001));
    assertMessage("'2'", () -> Taylor.of("x", "2", 0, 1));
    Taylor taylor = Taylor.of("x", "x", 0, 2);
    assertThrows(IndexOutOfBoundsException.class, () -> taylor.coefficient(3));
    assertThrows(IndexOutOfBoundsException.class, () -> taylor.derivative(-1));
  }

  private static void assertMessage(String part, org.junit.jupiter.api.function.Executable code) {
    String message = assertThrows(IllegalArgumentException.class, code).getMessage();
    assertTrue(message.contains(part), message);
  }

  @Test
  void highOrdersAndLongChains() {
    Taylor geometric = Taylor.of("1/(1 - x)", "x", 0, 1000);
    assertEquals(1, geometric.coefficient(1000));
    Expression tower = Expression.symbol("x");
    for (int i = 0; i < 20_000; i++) {
      tower = tower.sin();
    }
    Taylor deep = Taylor.of(tower, "x", 0, 3);
    assertEquals(1, deep.coefficient(1));
    // The third derivatives add up: x − n x³/6.
    assertEquals(-20_000 / 6.0, deep.coefficient(3), 1e-8);
  }
}
