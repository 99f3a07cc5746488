package org.nabla4j.objective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.Formula;
import org.nabla4j.expression.FormulaException;

class ConstraintTest {

  private static Expression expression(String text) {
    return Formula.parse(text).expression();
  }

  private static void assertIs(String g, boolean equality, String text) {
    Constraint constraint = Constraint.parse(text);
    assertSame(expression(g), constraint.function(), text);
    assertEquals(equality, constraint.isEquality());
    assertEquals(text, constraint.toString());
  }

  @Test
  void relationsBecomeFunctions() {
    assertIs("x1+x2-1", true, "x1+x2 = 1");
    assertIs("x1+x2-1", true, "x1+x2 == 1");
    assertIs("1-x", true, "1 = x");
    assertIs("x1*x2-2", false, "x1*x2 >= 2");
    assertIs("3-x", false, "x <= 3");
    assertIs("3-x", false, "x ≤ 3");
    assertIs("x", false, "x >= 0");
    assertIs("x", true, "x=0");
    assertIs("a-where(b>=1, b, 2)", true, "a = where(b>=1, b, 2)");
  }

  @Test
  void violations() {
    Constraint equal = Constraint.equality(expression("x"));
    Constraint least = Constraint.inequality(expression("x"));
    assertEquals("x = 0", equal.toString());
    assertEquals("x >= 0", least.toString());
    assertTrue(equal.isEquality());
    assertFalse(least.isEquality());
    assertEquals(2, equal.violation(-2));
    assertEquals(2, equal.violation(2));
    assertEquals(2, least.violation(-2));
    assertEquals(0, least.violation(2));
    assertTrue(Double.isNaN(equal.violation(Double.NaN)));
    assertTrue(Double.isNaN(least.violation(Double.NaN)));
  }

  private static void assertRefused(String message, String text) {
    assertEquals(
        message,
        assertThrows(IllegalArgumentException.class, () -> Constraint.parse(text)).getMessage());
  }

  @Test
  void whatIsNoConstraintIsRefused() {
    assertRefused("constraint 'x + 1' has no relation, expected 'left = right', >= or <=", "x + 1");
    assertRefused(
        "constraint 'x < 1' excludes its own limit, which may be where the minimum is; expected <="
            + " or >=",
        "x < 1");
    assertRefused("constraint 'x != 1' excludes single points, expected =, >= or <=", "x != 1");
    assertRefused("constraint '1 = 2' has no symbol: it holds everywhere or nowhere", "1 = 2");
    assertRefused(
        "constraint '(x > 1) >= 0' is on what changes only in jumps: its derivatives are all 0",
        "(x > 1) >= 0");
    assertRefused(
        "constraint '2*(x > 1) + sign(y) = 1' is on what changes only in jumps: its derivatives are"
            + " all 0",
        "2*(x > 1) + sign(y) = 1");
    assertRefused("unknown relation '=>', did you mean '>='?\n  x => 2\n    ^", "x => 2");
    assertRefused(
        "relations cannot be chained: give two constraints, or bounds\n  0 <= x <= 1\n         ^",
        "0 <= x <= 1");
    assertRefused(
        "unknown function 'epx', did you mean 'exp'?\n  a = epx(b)\n      ^", "a = epx(b)");
    FormulaException error =
        assertThrows(FormulaException.class, () -> Constraint.parse("x + = 2"));
    assertEquals(4, error.position());
    assertThrows(FormulaException.class, () -> Constraint.parse("x = 2 = y"));
    assertThrows(FormulaException.class, () -> Constraint.parse(""));
  }
}
