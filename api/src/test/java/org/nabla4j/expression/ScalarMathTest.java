package org.nabla4j.expression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScalarMathTest {
  private static final double INF = Double.POSITIVE_INFINITY;
  private static final double NAN = Double.NaN;

  /** Values to 40 digits by mpmath 1.2, rounded. */
  @ParameterizedTest
  @CsvSource({
    "-3.7, -1.3797399049658245, -0.8450768588704194, 14.84242186412428, -68.89345468867354",
    "-0.5, 1.2655121234846454, 0.03648997397857652, 8.934802200544679, -0.82879664423432",
    "0.1, 2.252712651734206, -10.423754940411076, 101.43329915079275, -2001.8614573783436",
    "0.5, 0.5723649429247001, -1.9635100260214235, 4.934802200544679, -16.82879664423432",
    "1.0, 0.0, -0.5772156649015329, 1.6449340668482264, -2.4041138063191885",
    "1.5, -0.12078223763524522, 0.03648997397857652, 0.9348022005446793, -0.82879664423432",
    "3.25, 0.9358019311087253, 1.016990911068179, 0.3597982903095799, -0.12815694713911513",
    "11.9, 17.25847745059552, 2.4339335368825377, 0.08766320119000419, -0.007679939159328307",
    "12.5, 18.734347511936445, 2.4851956512749123, 0.08328522460157838, -0.006932436585788241",
    "40.0, 106.63176026064346, 3.676327374034843, 0.02531510384129103, -0.0006408202718352986",
    "1e6, 12815504.569147611, 13.815510057964191, 1.0000005000001667e-06, -1.0000010000005e-12"
  })
  void gammaFunctions(
      double x, double logGamma, double digamma, double trigamma, double tetragamma) {
    assertClose(logGamma, ScalarMath.logGamma(x), 4e-15);
    assertClose(digamma, ScalarMath.digamma(x), 4e-15);
    assertClose(trigamma, ScalarMath.trigamma(x), 4e-15);
    Expression symbolic = Tetragamma.of(Expression.symbol("x"));
    assertClose(tetragamma, symbolic.evaluate(Map.of("x", x)), 1e-13);
  }

  /** Relative to the larger of value and 1, but purely relative for small reference values. */
  private static void assertClose(double expected, double actual, double tolerance) {
    double scale = Math.abs(expected) > 0.5 || Math.abs(expected) < 0.03 ? Math.abs(expected) : 1;
    assertEquals(expected, actual, tolerance * Math.max(scale, expected == 0 ? 1 : 0));
  }

  @Test
  void gammaFunctionsAtTheirEnds() {
    for (double pole : new double[] {0, -0.0, -1, -2, -1e15, -1e300}) {
      assertEquals(INF, ScalarMath.logGamma(pole));
      assertEquals(INF, ScalarMath.trigamma(pole));
    }
    assertEquals(-INF, ScalarMath.digamma(0.0));
    assertEquals(INF, ScalarMath.digamma(-0.0));
    assertEquals(NAN, ScalarMath.digamma(-3));
    assertEquals(INF, ScalarMath.logGamma(INF));
    assertEquals(INF, ScalarMath.logGamma(-INF));
    assertEquals(INF, ScalarMath.digamma(INF));
    assertEquals(NAN, ScalarMath.digamma(-INF));
    assertEquals(0, ScalarMath.trigamma(INF));
    assertEquals(NAN, ScalarMath.trigamma(-INF));
    assertEquals(NAN, ScalarMath.logGamma(NAN));
    assertEquals(NAN, ScalarMath.digamma(NAN));
    assertEquals(NAN, ScalarMath.trigamma(NAN));
  }

  @Test
  void logarithmToBaseTwo() {
    for (int k = -1074; k <= 1023; k++) {
      assertEquals(k, ScalarMath.log2(Math.scalb(1.0, k)));
    }
    assertEquals(3.321928094887362, ScalarMath.log2(10), 4e-16);
    assertEquals(1.584962500721156, ScalarMath.log2(3), 3e-16);
    assertEquals(1024, ScalarMath.log2(Double.MAX_VALUE));
    assertEquals(-INF, ScalarMath.log2(0));
    assertEquals(INF, ScalarMath.log2(INF));
    assertEquals(NAN, ScalarMath.log2(-1));
    assertEquals(NAN, ScalarMath.log2(NAN));
  }

  @Test
  void tailsOfLogisticAndSoftplus() {
    assertEquals(0.9525741268224333, ScalarMath.logistic(3), 2e-16);
    assertEquals(4.248354255291589e-18, ScalarMath.logistic(-40), 2e-33);
    assertEquals(0, ScalarMath.logistic(-1000));
    assertEquals(1, ScalarMath.logistic(1000));
    assertEquals(3.048587351573742, ScalarMath.softplus(3), 5e-16);
    assertEquals(4.248354255291589e-18, ScalarMath.softplus(-40), 2e-33);
    assertEquals(1000, ScalarMath.softplus(1000));
    assertEquals(0, ScalarMath.softplus(-INF));
    assertEquals(INF, ScalarMath.softplus(INF));
    assertEquals(NAN, ScalarMath.softplus(NAN));
    assertEquals(NAN, ScalarMath.logistic(NAN));
  }

  @Test
  void errorFunctions() {
    assertEquals(0.3286267594591274, ScalarMath.apply(Op.ERF, 0.3, 0, 0), 1e-16);
    assertEquals(1.537459794428035e-12, ScalarMath.apply(Op.ERFC, 5, 0, 0), 1e-27);
    assertEquals(0, ScalarMath.apply(Op.ERFC, INF, 0, 0));
    assertEquals(2, ScalarMath.apply(Op.ERFC, -INF, 0, 0));
  }

  @Test
  void comparisonsWithNan() {
    for (Op op : new Op[] {Op.LT, Op.LE, Op.GT, Op.GE, Op.EQ}) {
      assertTrue(op.isComparison());
      assertEquals(0, ScalarMath.apply(op, NAN, 1, 0));
      assertEquals(0, ScalarMath.apply(op, 1, NAN, 0));
    }
    assertEquals(1, ScalarMath.apply(Op.NE, NAN, NAN, 0));
    assertEquals(1, ScalarMath.apply(Op.EQ, 0.0, -0.0, 0));
    assertEquals(1, ScalarMath.apply(Op.LT, 1, 2, 0));
    assertEquals(1, ScalarMath.apply(Op.GE, 2, 2, 0));
  }

  @Test
  void whereTakesOneBranchOnly() {
    assertEquals(5, ScalarMath.where(1, 5, NAN));
    assertEquals(5, ScalarMath.where(-0.25, 5, INF));
    assertEquals(7, ScalarMath.where(0, NAN, 7));
    assertEquals(7, ScalarMath.where(-0.0, NAN, 7));
    assertEquals(NAN, ScalarMath.where(NAN, 5, 7));
  }

  @Test
  void signAndExtremaKeepNanAndZero() {
    assertEquals(-0.0, ScalarMath.apply(Op.SIGN, -0.0, 0, 0));
    assertEquals(NAN, ScalarMath.apply(Op.SIGN, NAN, 0, 0));
    assertEquals(-0.0, ScalarMath.apply(Op.MIN, 0.0, -0.0, 0));
    assertEquals(NAN, ScalarMath.apply(Op.MAX, 1, NAN, 0));
    assertEquals(-2, ScalarMath.apply(Op.CBRT, -8, 0, 0));
  }
}
