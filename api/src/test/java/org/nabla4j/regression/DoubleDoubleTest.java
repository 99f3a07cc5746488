package org.nabla4j.regression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.MathContext;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

/** Double-double arithmetic against decimals of 80 digits. */
class DoubleDoubleTest {

  private static final MathContext DIGITS = new MathContext(80);

  /** Relative errors of one operation, with room. */
  private static final BigDecimal BOUND = new BigDecimal(Math.scalb(1.0, -100));

  private static BigDecimal exact(DoubleDouble x) {
    return new BigDecimal(x.high).add(new BigDecimal(x.low));
  }

  private static DoubleDouble number(double high, double part) {
    return new DoubleDouble(high, 0).add(high * part * 0x1p-54, 0);
  }

  private static void assertNear(BigDecimal expected, DoubleDouble actual, BigDecimal size) {
    BigDecimal error = exact(actual).subtract(expected).abs();
    assertTrue(
        error.compareTo(size.abs().multiply(BOUND)) <= 0,
        () -> "error " + error.doubleValue() + " of " + expected.doubleValue());
    assertTrue(Math.abs(actual.low) <= Math.ulp(actual.high) / 2);
  }

  @Property
  void operationsHaveThirtyDigits(
      @ForAll @DoubleRange(min = -1e20, max = 1e20) double a,
      @ForAll @DoubleRange(min = -1, max = 1) double aPart,
      @ForAll @DoubleRange(min = -1e9, max = 1e9) double b,
      @ForAll @DoubleRange(min = -1, max = 1) double bPart) {
    DoubleDouble x = number(a, aPart);
    DoubleDouble y = number(b, bPart);
    BigDecimal u = exact(x);
    BigDecimal v = exact(y);
    assertNear(u.add(v), number(a, aPart).add(y), u.add(v));
    assertNear(u.subtract(v), number(a, aPart).subtract(y), u.subtract(v));
    assertNear(u.multiply(v), number(a, aPart).multiply(y), u.multiply(v));
    BigDecimal product = u.multiply(v);
    assertNear(
        u.add(product),
        number(a, aPart).addProduct(x.high, x.low, y.high, y.low),
        u.abs().add(product.abs()));
    if (Math.abs(b) > 1e-9) {
      BigDecimal quotient = u.divide(v, DIGITS);
      assertNear(quotient, number(a, aPart).divide(y), quotient);
    }
    if (a > 0) {
      BigDecimal root = u.sqrt(DIGITS);
      assertNear(root, number(a, aPart).sqrt(), root);
    }
  }

  @Test
  void sumsThatCancelKeepTheirDigits() {
    DoubleDouble x = new DoubleDouble(1, 0x1p-60);
    x.subtract(1, 0);
    assertEquals(0x1p-60, x.high);
    assertEquals(0, x.low);
  }

  @Test
  void whatIsNotFiniteStaysPlain() {
    assertEquals(Double.POSITIVE_INFINITY, new DoubleDouble(1e308, 0).add(1e308, 0).value());
    assertEquals(Double.POSITIVE_INFINITY, new DoubleDouble(1e200, 0).multiply(1e200, 0).high);
    assertEquals(Double.POSITIVE_INFINITY, new DoubleDouble(1, 0).divide(0, 0).value());
    assertTrue(Double.isNaN(new DoubleDouble(0, 0).divide(0, 0).value()));
    assertTrue(Double.isNaN(new DoubleDouble(-1, 0).sqrt().value()));
    assertEquals(0, new DoubleDouble(0, 0).sqrt().value());
    assertEquals(Double.POSITIVE_INFINITY, new DoubleDouble(1.0 / 0, 0).sqrt().value());
  }

  @Test
  void multiplesAreSubtractedFromRuns() {
    double[] xh = {9, 1, 2, 3};
    double[] xl = {0, 0x1p-55, 0, 0};
    double[] yh = {7, 7, 1, 0.1, 5};
    double[] yl = {0, 0, 0, 0, 0};
    DoubleDouble.subtractMultiple(0.3, 0x1p-58, xh, xl, 1, yh, yl, 2, 2);
    assertEquals(7, yh[0]);
    assertEquals(7, yh[1]);
    assertEquals(5, yh[4]);
    DoubleDouble expected = new DoubleDouble(1, 0).subtractProduct(0.3, 0x1p-58, 1, 0x1p-55);
    assertEquals(expected.high, yh[2]);
    assertEquals(expected.low, yl[2], 0x1p-105);
    expected = new DoubleDouble(0.1, 0).subtractProduct(0.3, 0x1p-58, 2, 0);
    assertEquals(expected.high, yh[3]);
    assertEquals(expected.low, yl[3], 0x1p-105);
  }
}
