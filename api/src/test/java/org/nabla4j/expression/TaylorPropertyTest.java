package org.nabla4j.expression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import org.hipparchus.analysis.differentiation.DerivativeStructure;
import org.nabla4j.calculus.Taylor;

/** Taylor series of random expressions: against derivatives, and against themselves. */
class TaylorPropertyTest {

  private static final List<String> SYMBOLS = List.of("x", "y", "z");
  private static final int ORDER = 6;

  private static int fair;
  private static int tried;

  private static Expression random(long seed, int operations) {
    return new RandomExpressions(
            seed, SYMBOLS, RandomExpressions.operations(), 0.5, 1, 2, -1, -3, 0.1, 4)
        .next(operations);
  }

  private static Map<String, Double> point(long seed) {
    Random random = new Random(~seed);
    Map<String, Double> point = new HashMap<>();
    for (String symbol : SYMBOLS) {
      point.put(symbol, 0.2 + 1.5 * random.nextDouble());
    }
    return point;
  }

  /** Whether all that is met on the way is moderate and far from kinks, so that digits last. */
  private static boolean isTame(Expression e, Map<String, Double> point) {
    TaylorEvaluator evaluator = new TaylorEvaluator(SYMBOLS, 2);
    evaluator.evaluate(e, point);
    return evaluator.wasTame();
  }

  private static Taylor taylor(Expression e, Map<String, Double> point) {
    return Taylor.of(e, "x", point.get("x"), ORDER, point);
  }

  @Property(tries = 2000)
  void agreesWithDerivatives(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 12) int operations) {
    Expression e = random(seed, operations);
    Map<String, Double> point = point(seed);
    tried++;
    TaylorEvaluator reference = new TaylorEvaluator(SYMBOLS, 2);
    DerivativeStructure expected = reference.evaluate(e, point);
    if (!reference.wasTame()) {
      return;
    }
    fair++;
    Taylor taylor = taylor(e, point);
    for (int k = 0; k <= 2; k++) {
      assertClose(expected.getPartialDerivative(k, 0, 0), taylor.derivative(k), 1e-7, e, point);
    }
    Expression derivative = e;
    for (int k = 0; k <= 3; k++) {
      double value = derivative.evaluate(point);
      if (Math.abs(value) < 1e5) {
        assertClose(value, taylor.derivative(k), 1e-6, e, point);
      }
      derivative = Derivatives.derivative(derivative, "x");
    }
  }

  @AfterContainer
  static void enoughWereCompared() {
    assertTrue(fair >= tried / 4, fair + " of " + tried + " expressions were compared");
  }

  private static void assertClose(
      double expected, double actual, double tolerance, Expression e, Map<String, Double> point) {
    assertEquals(
        expected, actual, tolerance * Math.max(1, Math.abs(expected)), () -> e + " at " + point);
  }

  @Property(tries = 500)
  void sumsProductsAndShifts(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 8) int operations) {
    Expression f = random(seed, operations);
    Expression g = random(seed + 1, operations);
    Map<String, Double> point = point(seed);
    if (!isTame(f, point) || !isTame(g, point)) {
      return;
    }
    Taylor a = taylor(f, point);
    Taylor b = taylor(g, point);
    Taylor sum = taylor(f.plus(g), point);
    Taylor product = taylor(f.times(g), point);
    Taylor slope = taylor(Derivatives.derivative(f, "x"), point);
    // A series about a point moved to 0 is the same series.
    Expression moved =
        f.substitute(Map.of("x", Formula.parse("x + " + point.get("x")).expression()));
    Taylor shifted = Taylor.of(moved, "x", 0, ORDER, point);
    for (int k = 0; k <= ORDER; k++) {
      double convolution = 0;
      double size = 0;
      for (int j = 0; j <= k; j++) {
        double term = a.coefficient(j) * b.coefficient(k - j);
        convolution += term;
        size += Math.abs(term);
      }
      if (!(size < 1e12)) {
        return;
      }
      double scale = 1 + Math.abs(a.coefficient(k)) + Math.abs(b.coefficient(k));
      assertEquals(a.coefficient(k) + b.coefficient(k), sum.coefficient(k), 1e-12 * scale);
      assertEquals(convolution, product.coefficient(k), 1e-12 * (1 + size), f + " times " + g);
      assertEquals(a.coefficient(k), shifted.coefficient(k), 1e-9 * scale, f::toString);
      if (k > 0) {
        assertEquals(
            k * a.coefficient(k),
            slope.coefficient(k - 1),
            1e-6 * k * scale,
            () -> f + " at " + point);
      }
    }
  }

  @Property(tries = 300)
  void compositionsAreThoseOfTheSeries(@ForAll @IntRange(min = 0, max = 1_000_000) int seed) {
    // f(g(x)) of polynomials f and g, done by hand with Horner's rule.
    Random random = new Random(seed);
    StringBuilder outer = new StringBuilder("0");
    StringBuilder inner = new StringBuilder("0");
    double[] f = new double[5];
    double[] g = new double[5];
    for (int k = 0; k < 5; k++) {
      f[k] = random.nextInt(9) - 4;
      g[k] = k == 0 ? 0 : random.nextInt(9) - 4;
      outer.append(" + (").append(f[k]).append(")*u^").append(k);
      inner.append(" + (").append(g[k]).append(")*x^").append(k);
    }
    double[] expected = new double[ORDER + 1];
    for (int k = 4; k >= 0; k--) {
      double[] next = new double[ORDER + 1];
      for (int i = 0; i <= ORDER; i++) {
        for (int j = 0; j < 5 && i + j <= ORDER; j++) {
          next[i + j] += expected[i] * g[j];
        }
      }
      next[0] += f[k];
      expected = next;
    }
    Expression composed =
        Formula.parse(outer.toString())
            .expression()
            .substitute(Map.of("u", Formula.parse(inner.toString()).expression()));
    Taylor taylor = Taylor.of(composed, "x", 0, ORDER);
    for (int k = 0; k <= ORDER; k++) {
      assertEquals(expected[k], taylor.coefficient(k), 0, composed::toString);
    }
  }
}
