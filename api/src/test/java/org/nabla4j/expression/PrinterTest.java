package org.nabla4j.expression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PrinterTest {
  private static final double[] CONSTANTS = {
    0,
    -0.0,
    1,
    -1,
    2,
    -2,
    0.5,
    -3.75e-9,
    1e22,
    1.0 / 3,
    Math.PI,
    -Math.PI,
    Double.NaN,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    Double.MIN_VALUE,
    Double.MAX_VALUE
  };

  @Property(tries = 4000)
  void whatIsPrintedReadsBackAsTheSame(
      @ForAll long seed, @ForAll @IntRange(max = 25) int operations) {
    Expression e = RandomExpressions.ofEverything(seed, CONSTANTS).next(operations);
    String text = e.toString();
    if (text.length() <= Printer.LONGEST_TEXT) {
      assertSame(e, Formula.parse(text).expression(), text);
    } else {
      assertElided(text);
    }
  }

  @Property(tries = 1000)
  void anyDoubleReadsBackAsTheSame(@ForAll long bits) {
    Expression e = Expression.constant(Double.longBitsToDouble(bits));
    assertSame(e, Formula.parse(e.toString()).expression());
  }

  private static void assertElided(String text) {
    assertTrue(text.length() < Printer.LONGEST_TEXT + 100);
    assertTrue(text.endsWith(" nodes)"), text.substring(text.length() - 50));
    assertThrows(FormulaException.class, () -> Formula.parse(text));
  }

  @Test
  void sharingDoesNotMakePrintingExponential() {
    Expression e = Expression.symbol("x");
    for (int i = 0; i < 100_000; i++) {
      e = e.times(e).sin();
    }
    Expression deep = e;
    String text = assertTimeoutPreemptively(Duration.ofSeconds(60), deep::toString);
    assertElided(text);
    assertTrue(text.endsWith("… (an expression of 200001 nodes)"));
  }

  @Test
  void longestTextIsPrintedWhole() {
    Expression e = Expression.symbol("x");
    for (int i = 0; i < 2499; i++) {
      e = e.plus(Expression.symbol("x"));
    }
    assertEquals(1 + 4 * 2499, e.toString().length());
    assertSame(e, Formula.parse(e.toString()).expression());
    assertElided(e.plus(1).toString());
  }
}
