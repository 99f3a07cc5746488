package org.nabla4j.expression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimplifierTest {
  private static final double[] AWKWARD = {
    0,
    -0.0,
    1,
    -1,
    2,
    -2.5,
    0.3,
    1e300,
    -1e-300,
    Double.MIN_VALUE,
    Double.NaN,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY
  };

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "x*1 | x",
        "1*x | x",
        "x/1 | x",
        "x^1 | x",
        "x^0 | 1",
        "x - 0 | x",
        "x + -0 | x",
        "-0 + x | x",
        "x*-1 | -x",
        "x/-1 | -x",
        "-0 - x | -x",
        "-(-x) | x",
        "a + (-b) | a - b",
        "(-a) + b | b - a",
        "a - (-b) | a + b",
        "(-a)*b | -(a*b)",
        "(-a)*(-b) | a*b",
        "(-a)*2 | -2*a",
        "(-a)/b | -(a/b)",
        "2/(-b) | -2/b",
        "(-a)/2 | a/(-2)",
        "-(2*x) | -2*x",
        "x*2 | 2*x",
        "x + x | 2*x",
        "abs(-x) | abs(x)",
        "abs(abs(x)) | abs(x)",
        "min(x, x) + max(x, x) | 2*x",
        "where(1 < 2, a, b) | a",
        "where(0, a, b) | b",
        "where(NaN, a, b) | NaN",
        "where(a < b, x, x) | x",
        "exp(0) + 2*3 - sqrt(4) | 5",
        "x*(2 - 1) | x",
        "sin(x*1)*1 + 0*1 | sin(x) + 0",
      })
  void rules(String text, String simple) {
    Expression e = Formula.parse(text).expression();
    assertEquals(simple, Simplifier.simplify(e).toString());
    assertSameValues(e);
  }

  @ParameterizedTest
  @CsvSource({"0*x", "x - x", "x/x", "x + 0", "-(a - b)", "0/x", "sqrt(x^2)", "exp(log(x))"})
  void leftAlone(String text) {
    Expression e = Formula.parse(text).expression();
    assertSame(e, Simplifier.simplify(e));
  }

  @ParameterizedTest
  @CsvSource({"'where(c, x, x)'", "'where(x*y, a, a)'"})
  void aConditionThatMayBeNanStays(String text) {
    Expression e = Formula.parse(text).expression();
    assertSame(e, Simplifier.simplify(e));
  }

  /** The same bits at every combination of awkward values of up to three symbols. */
  private static void assertSameValues(Expression e) {
    Expression simple = Simplifier.simplify(e);
    List<String> symbols = new ArrayList<>(e.symbols());
    for (double first : AWKWARD) {
      for (double second : AWKWARD) {
        Map<String, Double> point =
            Map.of("x", first, "a", first, "b", second, "y_1", second, "θ", first - second);
        assertEquals(
            e.evaluate(point), simple.evaluate(point), () -> e + " as " + simple + " at " + point);
      }
    }
    assertEquals(true, symbols.containsAll(simple.symbols()));
  }

  @Property(tries = 3000)
  void everyValueStaysTheSame(@ForAll long seed, @ForAll @IntRange(max = 20) int operations) {
    // Mostly arithmetic, where the rules are.
    List<Op> arithmetic =
        List.of(
            Op.ADD, Op.SUB, Op.MUL, Op.DIV, Op.NEG, Op.NEG, Op.POW, Op.ABS, Op.MIN, Op.MAX, Op.LT,
            Op.WHERE, Op.EXP);
    List<String> symbols = List.of("x", "y_1", "θ");
    Random random = new Random(seed);
    Expression e =
        random.nextInt(4) == 0
            ? RandomExpressions.ofEverything(seed, AWKWARD).next(operations)
            : new RandomExpressions(seed, symbols, arithmetic, AWKWARD).next(operations);
    assertSameValues(e);
    Expression simple = Simplifier.simplify(e);
    assertSame(simple, Simplifier.simplify(simple), () -> "of " + e + " once " + simple);
  }
}
