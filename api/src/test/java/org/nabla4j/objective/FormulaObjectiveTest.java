package org.nabla4j.objective;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.nabla4j.data.Column;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.Formula;

class FormulaObjectiveTest {

  private static final FormulaObjective ROSENBROCK =
      FormulaObjective.of(expression("100*(x2-x1^2)^2 + (1-x1)^2"), List.of("x1", "x2"));

  private static Expression expression(String text) {
    return Formula.parse(text).expression();
  }

  @Test
  void rosenbrockAndItsDerivatives() {
    Points points = new Points(new double[] {-1.2, 1, 1, 1, 0, 2}, new long[3], 3, 2);
    double[] values = new double[3];
    double[] gradients = new double[6];
    double[] hessians = new double[12];
    ROSENBROCK.hessians(points, values, gradients, hessians);
    assertArrayEquals(new double[] {24.2, 0, 401}, values, 1e-12);
    assertArrayEquals(new double[] {-215.6, -88, 0, 0, -2, 400}, gradients, 1e-12);
    assertArrayEquals(
        new double[] {1330, 480, 480, 200, 802, -400, -400, 200, -798, 0, 0, 200}, hessians, 1e-12);

    double[] again = new double[3];
    ROSENBROCK.values(points, again);
    assertArrayEquals(values, again, 1e-12);
    double[] slopes = new double[6];
    ROSENBROCK.gradients(points, again, slopes);
    assertArrayEquals(gradients, slopes, 1e-12);

    double[] directions = {1, 2, -1, 0.5, 3, 0};
    double[] products = new double[6];
    ROSENBROCK.hessianProducts(points, directions, products);
    assertArrayEquals(new double[] {2290, 880, -1002, 500, -2394, 0}, products, 1e-12);
  }

  @Test
  void longerArraysKeepTheirRest() {
    double[] values = {7, 7, 7};
    double[] theta = {1, 1, 9, 9};
    ROSENBROCK.values(new Points(theta, new long[2], 1, 2), values);
    assertArrayEquals(new double[] {0, 7, 7}, values);
    assertArrayEquals(new double[] {1, 1, 9, 9}, theta);
  }

  @Test
  void constantsAreReadByProblem() {
    FormulaObjective objective =
        FormulaObjective.of(expression("(a-k)^2 + s"), List.of("a"), List.of("k", "s"), List.of())
            .constant("k", Column.perProblem(new double[] {1, 2, 5}, 1))
            .constant("s", Column.shared(0.5));
    double[] values = new double[3];
    double[] gradients = new double[3];
    objective.gradients(
        new Points(new double[] {2, 2, 2}, new long[] {2, 0, 1}, 3, 1), values, gradients);
    assertArrayEquals(new double[] {9.5, 1.5, 0.5}, values);
    assertArrayEquals(new double[] {-6, 2, 0}, gradients);
    assertEquals(3, objective.problems());
    assertTrue(objective.perProblem());
    assertEquals(1, objective.points());
  }

  @Test
  void aSumOverDataIsTheSumOfItsPoints() {
    int n = 1000;
    double[] x = IntStream.range(0, n).mapToDouble(k -> k * 0.01).toArray();
    double[][] y = new double[2][n];
    for (int k = 0; k < n; k++) {
      y[0][k] = Math.sin(k);
      y[1][k] = Math.cos(k);
    }
    FormulaObjective objective =
        FormulaObjective.of(
                expression("(y - a*exp(-b*x))^2"), List.of("a", "b"), List.of(), List.of("x", "y"))
            .data("x", Column.shared(x))
            .data("y", Column.perProblem(y));
    assertEquals(n, objective.points());
    double[] theta = {1.5, 0.3};
    double f = 0;
    double ga = 0;
    double gb = 0;
    double haa = 0;
    double hab = 0;
    double hbb = 0;
    for (int k = 0; k < n; k++) {
      double e = Math.exp(-0.3 * x[k]);
      double r = y[1][k] - 1.5 * e;
      f += r * r;
      ga += -2 * r * e;
      gb += 2 * r * 1.5 * x[k] * e;
      haa += 2 * e * e;
      hab += -2 * 1.5 * x[k] * e * e + 2 * r * x[k] * e;
      hbb += 2 * 2.25 * x[k] * x[k] * e * e - 2 * r * 1.5 * x[k] * x[k] * e;
    }
    double[] values = new double[1];
    double[] gradient = new double[2];
    double[] hessian = new double[4];
    Points point = new Points(theta, new long[] {1}, 1, 2);
    objective.hessians(point, values, gradient, hessian);
    assertEquals(f, values[0], 1e-11 * f);
    assertArrayEquals(new double[] {ga, gb}, gradient, 1e-10 * (Math.abs(ga) + Math.abs(gb)));
    assertArrayEquals(new double[] {haa, hab, hab, hbb}, hessian, 1e-11 * hbb);
    double[] product = new double[2];
    objective.hessianProducts(point, new double[] {2, -1}, product);
    assertArrayEquals(new double[] {2 * haa - hab, 2 * hab - hbb}, product, 1e-10 * hbb);
  }

  @Test
  void sumsKeepTheDigitsThatPlainAdditionLoses() {
    double[] x = new double[100_001];
    Arrays.fill(x, 1e-17);
    x[0] = 1;
    FormulaObjective objective =
        FormulaObjective.of(expression("a*x"), List.of("a"), List.of(), List.of("x"))
            .data("x", Column.shared(x));
    double[] value = new double[1];
    objective.values(Points.of(1), value);
    assertEquals(1 + 1e-12, value[0]);
    x[5] = Double.POSITIVE_INFINITY;
    objective.values(Points.of(1), value);
    assertEquals(Double.POSITIVE_INFINITY, value[0]);
    x[6] = Double.NaN;
    objective.values(Points.of(1), value);
    assertTrue(Double.isNaN(value[0]));
  }

  @Test
  void aThousandParametersHaveGradientsAndProducts() {
    int p = 1000;
    List<String> names = new ArrayList<>();
    Expression f = Expression.constant(0);
    for (int j = 1; j <= p; j++) {
      names.add("x" + j);
    }
    for (int j = 1; j < p; j++) {
      Expression a = Expression.symbol("x" + j);
      Expression b = Expression.symbol("x" + (j + 1));
      f = f.plus(b.minus(a.times(a)).pow(2).times(100)).plus(a.negate().plus(1).pow(2));
    }
    FormulaObjective objective = FormulaObjective.of(f, names);
    double[] theta = new double[p];
    double[] v = new double[p];
    for (int j = 0; j < p; j++) {
      theta[j] = Math.sin(j);
      v[j] = Math.cos(3 * j);
    }
    double[] value = new double[1];
    double[] gradient = new double[p];
    double[] product = new double[p];
    objective.gradients(Points.of(theta), value, gradient);
    objective.hessianProducts(Points.of(theta), v, product);
    double expected = 0;
    double[] g = new double[p];
    double[] hv = new double[p];
    for (int j = 0; j < p - 1; j++) {
      double t = theta[j + 1] - theta[j] * theta[j];
      expected += 100 * t * t + (1 - theta[j]) * (1 - theta[j]);
      g[j] += -400 * t * theta[j] - 2 * (1 - theta[j]);
      g[j + 1] += 200 * t;
      hv[j] += (-400 * t + 800 * theta[j] * theta[j] + 2) * v[j] - 400 * theta[j] * v[j + 1];
      hv[j + 1] += -400 * theta[j] * v[j] + 200 * v[j + 1];
    }
    assertEquals(expected, value[0], 1e-9);
    assertArrayEquals(g, gradient, 1e-9);
    assertArrayEquals(hv, product, 1e-9);
  }

  @Test
  void componentsOfADirectionTakeNoNameOfTheCallers() {
    FormulaObjective objective =
        FormulaObjective.of(
                expression("v0^2*v1 + k*v0"), List.of("v0", "v1"), List.of("k"), List.of())
            .constant("k", Column.shared(4));
    double[] product = new double[2];
    objective.hessianProducts(Points.of(3, 5), new double[] {1, 10}, product);
    assertArrayEquals(new double[] {10 + 60, 6}, product);
  }

  @Test
  void aParameterThatDoesNotOccurHasNoSlope() {
    FormulaObjective objective = FormulaObjective.of(expression("x^2"), List.of("x", "unused"));
    double[] value = new double[1];
    double[] gradient = new double[2];
    objective.gradients(Points.of(3, 4), value, gradient);
    assertArrayEquals(new double[] {6, 0}, gradient);
  }

  @Test
  void whatIsOutsideTheDomainIsNotFinite() {
    FormulaObjective objective = FormulaObjective.of(expression("log(x)"), List.of("x"));
    double[] value = new double[1];
    objective.values(Points.of(-1), value);
    assertTrue(Double.isNaN(value[0]));
  }

  @Test
  void badNamesAreTold() {
    assertMessage(
        "symbol b of a + b is no parameter, no constant and no column",
        () -> FormulaObjective.of(expression("a+b"), List.of("a")));
    assertMessage(
        "the name a stands twice: parameters = [a], constants = [a], columns = []",
        () -> FormulaObjective.of(expression("a"), List.of("a"), List.of("a"), List.of()));
    assertMessage(
        "parameters = [], expected at least one",
        () -> FormulaObjective.of(expression("2"), List.of()));
    FormulaObjective objective =
        FormulaObjective.of(expression("a*x*u+k"), List.of("a"), List.of("k"), List.of("x", "u"));
    assertMessage(
        "no constant q, expected one of [k]", () -> objective.constant("q", Column.shared(1)));
    assertMessage(
        "no column k, expected one of [x, u]", () -> objective.data("k", Column.shared(1)));
    assertMessage(
        "constant k is double[2], expected one value per problem",
        () -> objective.constant("k", Column.shared(1, 2)));
    assertMessage(
        "column u has 3 points, expected 2 as in column x",
        () -> objective.data("x", Column.shared(1, 2)).data("u", Column.shared(1, 2, 3)));
    assertMessage(
        "column x has 1 problem, expected 2 as in constant k",
        () ->
            objective
                .constant("k", Column.perProblem(new double[] {1, 2}, 1))
                .data("x", Column.perProblem(new double[] {1, 2, 3}, 3)));
    assertMessage(
        "column x has 0 points, expected at least 1",
        () -> objective.data("x", Column.shared(new double[0])));
    assertEquals(List.of("k", "x", "u"), objective.missing());
    IllegalStateException error =
        assertThrows(
            IllegalStateException.class, () -> objective.values(Points.of(1), new double[1]));
    assertEquals("no values for [k, x, u] of sum of a*x*u + k", error.getMessage());
    assertFalse(objective.perProblem());
    assertMessage(
        "points have 3 parameters, expected 2: [x1, x2]",
        () -> ROSENBROCK.values(Points.of(1, 2, 3), new double[1]));
  }

  private static void assertMessage(String message, Executable code) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, code).getMessage());
  }
}
