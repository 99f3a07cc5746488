package org.nabla4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.nabla4j.calculus.SecondOrderTaylor;
import org.nabla4j.expression.Formula;
import org.nabla4j.expression.FormulaException;

class DeriveTest {

  @Test
  void formulasAndNumbers() {
    Derive f = Derive.of("x^2*sin(y)");
    assertEquals(List.of("x", "y"), f.variables());
    assertEquals(2, f.gradient().size());
    Map<String, Double> point = Map.of("x", 3.0, "y", 0.5);
    assertEquals(6 * Math.sin(0.5), f.gradient().get(0).evaluate(point), 1e-15);
    assertEquals(6 * Math.cos(0.5), f.hessian().get(1).get(0).evaluate(point), 1e-15);
    assertEquals(2 * Math.cos(0.5), f.derivative("x", "x", "y").evaluate(point), 1e-15);
    assertEquals(f.expression(), f.derivative());
    SecondOrderTaylor numbers = f.at(3, 0.5);
    assertEquals(9 * Math.sin(0.5), numbers.value(), 1e-15);
    assertArrayEquals(f.at(point).gradient(), numbers.gradient());
    assertEquals("x^2*sin(y) by x, y", f.toString());
  }

  @Test
  void otherVariables() {
    Derive f = Derive.of("a*exp(-b*x)").by("b", "a");
    assertEquals("[-a*x*exp(-b*x), exp(-b*x)]", f.gradient().toString());
    assertArrayEquals(
        new double[] {-4, 1}, f.at(Map.of("a", 2.0, "b", 0.0, "x", 2.0)).gradient(), 1e-15);
    assertMessage("'x'", () -> f.at(1, 2));
    assertMessage("expected 2 numbers, one for each of [b, a]", () -> f.at(1));
    assertEquals("[0]", Derive.of("x").by("q").gradient().toString());
    assertMessage("'a' again", () -> f.by("a", "a"));
    assertThrows(IllegalArgumentException.class, () -> f.by("2a"));
  }

  @Test
  void series() {
    assertEquals(
        "1 + x + 0.5*x^2 - 0.125*x^4 + O(x^5)", Derive.of("exp(sin(x))").taylor("x", 4).toString());
    assertEquals(
        "4 + 4*(x - 2) + (x - 2)^2 + O((x - 2)^4)",
        Derive.of("a*x^2").taylor("x", 3, Map.of("a", 1.0, "x", 2.0)).toString());
    assertMessage("'a'", () -> Derive.of("a*x").taylor("x", 1));
  }

  @Test
  void onlyExpressionsAreDerived() {
    assertMessage("equals sign", () -> Derive.of("y = x^2"));
    assertThrows(FormulaException.class, () -> Derive.of("x^"));
    assertEquals(Derive.of("x").expression(), Derive.of(Formula.parse("x")).expression());
    assertEquals(List.of(), Derive.of("2").gradient());
    assertEquals(2, Derive.of("2").at().value());
  }

  private static void assertMessage(String part, Executable code) {
    String message = assertThrows(IllegalArgumentException.class, code).getMessage();
    assertTrue(message.contains(part), message);
  }
}
