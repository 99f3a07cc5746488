package org.nabla4j.expression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RoundingBoundTest {

  private static Expression bound(String formula) {
    return RoundingBound.of(Formula.parse(formula).expression());
  }

  /** A difference that cancels, computed exactly beside. */
  @Test
  void holdsForAPolynomialNearItsRoot() {
    Random random = new Random(3);
    Expression f = Formula.parse("x*x*x - 3*x*x + 3*x - 1").expression();
    Expression bound = RoundingBound.of(f);
    double largest = 0;
    for (int i = 0; i < 2000; i++) {
      double x = 1 + 1e-5 * random.nextGaussian();
      BigDecimal d = new BigDecimal(x).subtract(BigDecimal.ONE);
      BigDecimal exact = d.multiply(d).multiply(d);
      double error = new BigDecimal(f.evaluate(Map.of("x", x))).subtract(exact).abs().doubleValue();
      double limit = bound.evaluate(Map.of("x", x));
      assertTrue(error <= limit, "x = " + x + ": error " + error + ", bound " + limit);
      largest = Math.max(largest, error / limit);
    }
    assertTrue(largest > 0.05, "the bound is " + 1 / largest + " times too large");
  }

  @Test
  void whatIsExactHasNoRounding() {
    assertEquals(0, bound("-x").evaluate(Map.of("x", 3.0)));
    assertEquals(0, bound("abs(x)").evaluate(Map.of("x", 3.0)));
    assertEquals(0, bound("x").evaluate(Map.of("x", 3.0)));
  }

  @Test
  void errorsGrowWithTheDerivativesAbove() {
    double x = 1e-3;
    double product = bound("1e6*(x + 1)").evaluate(Map.of("x", x));
    assertEquals(2 * 0x1p-53 * 1e6 * (1 + x), product, 1e-3 * product);
    double difference = bound("(x + 1) - 1").evaluate(Map.of("x", x));
    assertTrue(difference >= 0x1p-53 && difference < 0x1p-52, "" + difference);
  }

  /** The branch that is not taken has infinite derivatives. */
  @Test
  void onlyTheChosenBranchCounts() {
    Expression bound = bound("where(x < 1, 2*x, sqrt(x - 1)*1e9) + max(x, sqrt(x - 0.5))");
    double value = bound.evaluate(Map.of("x", 0.5));
    assertTrue(value > 0 && value < 1e-15, "" + value);
  }

  @Test
  void belowTheNormalNumbersTheLastPlaceNoLongerShrinks() {
    double bound = bound("exp(-x)*1e300").evaluate(Map.of("x", 740.0));
    assertTrue(bound >= Double.MIN_VALUE * 1e300, "" + bound);
  }
}
