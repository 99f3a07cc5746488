package org.nabla4j.calculus;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.Formula;

class SecondOrderTaylorTest {

  private static Expression parse(String text) {
    return Formula.parse(text).expression();
  }

  @Test
  void valueGradientAndHessian() {
    SecondOrderTaylor expansion =
        SecondOrderTaylor.of(parse("x^2*sin(y)"), List.of("x", "y"), 3, 0.5);
    double s = Math.sin(0.5);
    double c = Math.cos(0.5);
    assertEquals(9 * s, expansion.value(), 1e-15);
    assertArrayEquals(new double[] {6 * s, 9 * c}, expansion.gradient(), 1e-14);
    assertArrayEquals(new double[] {2 * s, 6 * c}, expansion.hessian()[0], 1e-14);
    assertArrayEquals(new double[] {6 * c, -9 * s}, expansion.hessian()[1], 1e-14);
    assertArrayEquals(new double[] {3, 0.5}, expansion.at());
    assertEquals(List.of("x", "y"), expansion.variables());
    expansion.hessian()[0][0] = 99;
    assertEquals(2 * s, expansion.hessian()[0][0], 1e-15);
  }

  @Test
  void quadraticsAreExactAndOthersAreEstimated() {
    SecondOrderTaylor quadratic =
        SecondOrderTaylor.of(parse("3 + x*y - 2*y^2 + x"), List.of("x", "y"), 1, 2);
    assertEquals(3 + 5 * -4 - 2 * 16 + 5.0, quadratic.evaluate(5, -4), 1e-13);
    assertEquals(0, quadratic.remainderEstimate(5, -4));
    Expression f = parse("exp(x)*cos(y) + log(2 + x + y)");
    SecondOrderTaylor other = SecondOrderTaylor.of(f, List.of("x", "y"), 0.5, 0.25);
    for (double[] d : new double[][] {{0.1, 0}, {0, -0.2}, {0.15, 0.1}, {-0.1, 0.3}}) {
      double x = 0.5 + d[0];
      double y = 0.25 + d[1];
      double error = Math.abs(f.evaluate(Map.of("x", x, "y", y)) - other.evaluate(x, y));
      double estimate = other.remainderEstimate(x, y);
      assertTrue(error <= 1.01 * estimate && estimate <= 10 * error, error + " " + estimate);
    }
    assertEquals(0, other.remainderEstimate(0.5, 0.25));
    assertEquals(Double.POSITIVE_INFINITY, other.remainderEstimate(-3, -3));
  }

  @Test
  void symbolsThatAreHeld() {
    SecondOrderTaylor expansion =
        SecondOrderTaylor.of(
            parse("a*x^2"), List.of("x"), Map.of("a", 3.0, "x", 2.0, "unused", 1.0));
    assertEquals(12, expansion.value());
    assertArrayEquals(new double[] {12}, expansion.gradient());
    assertEquals(27, expansion.evaluate(3));
  }

  @Test
  void argumentsAreChecked() {
    Expression f = parse("a*x");
    List<String> x = List.of("x");
    assertMessage("at has 2 numbers", () -> SecondOrderTaylor.of(f, x, 1, 2));
    assertMessage("x = Infinity", () -> SecondOrderTaylor.of(f, x, 1 / 0.0));
    assertMessage("'a'", () -> SecondOrderTaylor.of(f, x, 1));
    assertMessage("'x' again", () -> SecondOrderTaylor.of(f, List.of("x", "x"), 1, 1));
    assertMessage("x = null", () -> SecondOrderTaylor.of(f, x, Map.of("a", 1.0)));
    SecondOrderTaylor good = SecondOrderTaylor.of(f, x, Map.of("a", 1.0, "x", 1.0));
    assertMessage("x has 0 numbers", good::evaluate);
  }

  private static void assertMessage(String part, org.junit.jupiter.api.function.Executable code) {
    String message = assertThrows(IllegalArgumentException.class, code).getMessage();
    assertTrue(message.contains(part), message);
  }

  @Test
  void linearizationOfAVectorFunction() {
    List<Expression> f = List.of(parse("r*cos(phi)"), parse("r*sin(phi)"), parse("abs(r - 2)"));
    Linearization linear = Linearization.of(f, List.of("r", "phi"), 2, 0);
    assertArrayEquals(new double[] {2, 0, 0}, linear.value(), 1e-15);
    assertArrayEquals(new double[] {1, 0}, linear.jacobian()[0], 1e-15);
    assertArrayEquals(new double[] {0, 2}, linear.jacobian()[1], 1e-15);
    assertArrayEquals(new double[] {2.5, 0.2, 0}, linear.evaluate(2.5, 0.1), 1e-15);
    assertEquals("[2 + (r - 2), 0 + 2*phi, 0]", linear.toExpressions().toString());
    double[] error = linear.errorEstimate(2.5, 0.1);
    assertEquals(2.5 - 2.5 * Math.cos(0.1), error[0], 1e-3);
    assertEquals(Math.abs(2.5 * Math.sin(0.1) - 0.2), error[1], 1e-3);
    assertTrue(Double.isNaN(error[2]), "a kink has no error estimate");
    assertEquals(List.of("r", "phi"), linear.variables());
    assertArrayEquals(new double[] {2, 0}, linear.at(), 1e-15);
    Linearization held =
        Linearization.of(List.of(parse("a*x^2")), List.of("x"), Map.of("a", -2.0, "x", 3.0));
    assertEquals("[-18 - 12*(x - 3)]", held.toExpressions().toString());
    assertEquals(2, held.errorEstimate(4)[0], 1e-13);
  }

  private static StationaryPoint.Kind kind(String formula, double... at) {
    Expression f = parse(formula);
    List<String> names = new ArrayList<>(f.symbols());
    return StationaryPoint.classify(f, names, at).kind();
  }

  @Test
  void stationaryPoints() {
    assertEquals(StationaryPoint.Kind.MINIMUM, kind("100*(y - x^2)^2 + (1 - x)^2", 1, 1));
    assertEquals(StationaryPoint.Kind.MAXIMUM, kind("cos(x)*exp(-y^2)", 0, 0));
    assertEquals(StationaryPoint.Kind.SADDLE, kind("x*y", 0, 0));
    assertEquals(StationaryPoint.Kind.SADDLE, kind("x*y + z^4", 0, 0, 0));
    assertEquals(StationaryPoint.Kind.SADDLE, kind("x^3 - 3*x - y^2", 1, 0));
    assertEquals(StationaryPoint.Kind.DEGENERATE, kind("x^2 + y^4", 0, 0));
    assertEquals(StationaryPoint.Kind.DEGENERATE, kind("x^3", 0));
    assertEquals(StationaryPoint.Kind.DEGENERATE, kind("(x - y)^2", 3, 3));
    assertEquals(StationaryPoint.Kind.NOT_STATIONARY, kind("x^2 + y^2", 1, 0));
    assertEquals(StationaryPoint.Kind.UNDEFINED, kind("log(x)", -1));
    assertEquals(StationaryPoint.Kind.UNDEFINED, kind("abs(x)^1.5", 0));
    // Nearly stationary: the curvature here is not that of the stationary point itself.
    assertEquals(StationaryPoint.Kind.DEGENERATE, kind("x^3", 1e-4));
    assertEquals(StationaryPoint.Kind.MINIMUM, kind("x^4", 1e-3));
    assertEquals(StationaryPoint.Kind.MINIMUM, kind("x^2 + x^3", 1e-8));
    // Units of very different size.
    assertEquals(StationaryPoint.Kind.MINIMUM, kind("(x/1e9 - 1)^2 + (1e4*y)^2", 1e9, 0));
  }

  @Test
  void kinksAreNotStationary() {
    for (String kink :
        List.of("abs(x)", "max(x, -x)", "-abs(x)", "sign(x)", "where(x > 0, x, -x)", "min(x, 0)")) {
      assertEquals(StationaryPoint.Kind.NOT_DIFFERENTIABLE, kind(kink, 0), kink);
    }
    assertEquals(StationaryPoint.Kind.NOT_DIFFERENTIABLE, kind("abs(x - y) + x^2", 0, 0));
    assertEquals(StationaryPoint.Kind.NOT_DIFFERENTIABLE, kind("max(abs(x), abs(y))", 0, 0));
    // What looks like a kink and is none, and a kink elsewhere.
    assertEquals(StationaryPoint.Kind.DEGENERATE, kind("abs(x^2)", 0));
    assertEquals(StationaryPoint.Kind.DEGENERATE, kind("x*abs(x)", 0));
    assertEquals(StationaryPoint.Kind.MINIMUM, kind("x^2 + abs(x - 1)", 0.5));
    assertEquals(StationaryPoint.Kind.NOT_STATIONARY, kind("abs(x)", 1e-9));
    assertEquals(StationaryPoint.Kind.MINIMUM, kind("where(x > 0, x^2, x^4 + x^2)", 0));
  }

  @Test
  void eigenvaluesAreThoseOfTheHessian() {
    StationaryPoint point =
        StationaryPoint.classify(
            parse("2*x^2 + 2*x*y + 2*y^2 + 5*z^2"), List.of("x", "y", "z"), 0, 0, 0);
    assertArrayEquals(new double[] {2, 6, 10}, point.eigenvalues(), 1e-14);
    assertEquals(0, point.relativeGradient());
    assertTrue(point.toString().startsWith("MINIMUM (relative gradient 0.0"), point.toString());
    SecondOrderTaylor off = SecondOrderTaylor.of(parse("x^2"), List.of("x"), 0.01);
    assertEquals(StationaryPoint.Kind.NOT_STATIONARY, off.stationaryPoint().kind());
    assertEquals(StationaryPoint.Kind.MINIMUM, StationaryPoint.of(off, 0.1, 0).kind());
    assertMessage("gradientTolerance = -1.0", () -> StationaryPoint.of(off, -1, 0));
    assertMessage("curvatureTolerance = 1.0", () -> StationaryPoint.of(off, 0, 1));
  }

  @Test
  void eigenvaluesOfLargerMatrices() {
    // The second difference has 2 − 2 cos(kπ/(p+1)).
    int p = 40;
    double[][] matrix = new double[p][p];
    for (int i = 0; i < p; i++) {
      matrix[i][i] = 2;
      if (i > 0) {
        matrix[i][i - 1] = -1;
        matrix[i - 1][i] = -1;
      }
    }
    SymmetricEigen eigen = new SymmetricEigen(matrix);
    double[] values = eigen.values().clone();
    java.util.Arrays.sort(values);
    for (int k = 0; k < p; k++) {
      assertEquals(2 - 2 * Math.cos((k + 1) * Math.PI / (p + 1)), values[k], 1e-13);
      double residual = 0;
      for (int i = 0; i < p; i++) {
        double product = 0;
        for (int j = 0; j < p; j++) {
          product += matrix[i][j] * eigen.vector(j, k);
        }
        residual = Math.max(residual, Math.abs(product - eigen.values()[k] * eigen.vector(i, k)));
      }
      assertEquals(0, residual, 1e-13);
    }
  }
}
