package org.nabla4j.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nabla4j.Regression;
import org.nabla4j.data.Column;
import org.nabla4j.data.Tables;
import org.nabla4j.expression.FormulaException;
import org.nabla4j.objective.MissingData;
import org.nabla4j.regression.BatchRegression;
import org.nabla4j.regression.Family;
import org.nabla4j.regression.RegressionFit;
import org.nabla4j.regression.RobustErrors;
import org.nabla4j.result.Status;

/** Small regressions by the batch: the same numbers as of each regression by itself. */
class SmallRegressionsTest {

  private static final double TOLERANCE = 1e-10;

  /** B problems of n rows. */
  private static Map<String, double[][]> data(int problems, int n) {
    Random random = new Random(11);
    Map<String, double[][]> data = new LinkedHashMap<>();
    for (String name : List.of("x1", "x2", "n", "w", "y")) {
      data.put(name, new double[problems][n]);
    }
    for (int i = 0; i < problems; i++) {
      for (int k = 0; k < n; k++) {
        double x1 = random.nextGaussian() + 3;
        double x2 = random.nextDouble() * 100;
        data.get("x1")[i][k] = x1;
        data.get("x2")[i][k] = x2;
        data.get("n")[i][k] = 1 + random.nextDouble();
        data.get("w")[i][k] = 0.5 + random.nextDouble();
        data.get("y")[i][k] = 40 + 2 * x1 - 0.3 * x2 + random.nextGaussian();
      }
    }
    return data;
  }

  private static Map<String, Column> columns(Map<String, double[][]> data) {
    Map<String, Column> columns = new LinkedHashMap<>();
    data.forEach((name, values) -> columns.put(name, Column.perProblem(values)));
    return columns;
  }

  private static RegressionFit alone(
      Regression regression, Map<String, double[][]> data, int problem) {
    Map<String, double[]> rows = new LinkedHashMap<>();
    data.forEach((name, values) -> rows.put(name, values[problem]));
    return regression.fit(Tables.columns(rows));
  }

  private static void compare(Regression regression, Map<String, double[][]> data) {
    BatchRegression batch = regression.fitBatch(columns(data));
    int problems = data.get("y").length;
    assertEquals(problems, batch.problems());
    double[] coefficients = batch.coefficients();
    double[] errors = batch.standardErrors();
    int p = batch.names().size();
    for (int i = 0; i < problems; i++) {
      RegressionFit fit = alone(regression, data, i);
      assertTrue(batch.converged(i), batch.status(i).toString());
      assertEquals(fit.names(), batch.names());
      assertClose(fit.coefficients(), Arrays.copyOfRange(coefficients, i * p, i * p + p));
      assertClose(fit.standardErrors(), Arrays.copyOfRange(errors, i * p, i * p + p));
      String last = batch.names().get(p - 1);
      assertEquals(coefficients[i * p + p - 1], batch.coefficient(i, last));
      assertEquals(errors[i * p + p - 1], batch.standardError(i, last));
      assertClose(new double[] {fit.sigma()}, new double[] {batch.sigma(i)});
      assertEquals(fit.rSquared(), batch.rSquared(i), 1e-12);
      assertEquals(fit.rows(), batch.rows(i));
      assertEquals(fit.degreesOfFreedom(), (double) batch.degreesOfFreedom(i));
    }
    assertEquals(batch.sigma(problems - 1), batch.sigmas()[problems - 1]);
    assertEquals(batch.rSquared(problems - 1), batch.rSquareds()[problems - 1]);
  }

  private static void assertClose(double[] expected, double[] found) {
    for (int j = 0; j < expected.length; j++) {
      assertEquals(expected[j], found[j], TOLERANCE * Math.abs(expected[j]), "number " + j);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "y ~ x1 + x2",
        "y ~ x1 + x2 - 1",
        "y ~ 1",
        "y ~ x1 + I(x1^2) + log(x2) + x1:x2",
        "log(y) ~ x1 + x2",
        "y ~ x1 + offset(2*log(n))",
      })
  void numbersAreThoseOfEachRegressionAlone(String formula) {
    for (int n : new int[] {7, 50, 201}) {
      compare(Regression.ols(formula), data(37, n));
    }
  }

  @Test
  void rowsHaveWeights() {
    Map<String, double[][]> data = data(20, 30);
    compare(Regression.ols("y ~ x1 + x2").weights("w"), data);
    for (double[] w : data.get("w")) {
      w[3] = 0;
      w[17] = 0;
    }
    compare(Regression.ols("y ~ x1 + x2").weights("w"), data);
  }

  @Test
  void rowsWithSomethingMissingAreLeftOut() {
    Map<String, double[][]> data = data(20, 30);
    for (int i = 0; i < 20; i += 3) {
      data.get("x1")[i][i] = Double.NaN;
      data.get("y")[i][5] = Double.NaN;
      data.get("w")[i][9] = Double.NaN;
    }
    Regression omitting = Regression.ols("y ~ x1 + x2").missing(MissingData.OMIT);
    compare(omitting, data);
    compare(omitting.weights("w"), data);
    BatchRegression refused = Regression.ols("y ~ x1 + x2").fitBatch(columns(data));
    for (int i = 0; i < 20; i++) {
      assertEquals(i % 3 == 0 ? Status.NON_FINITE : Status.CONVERGED_COST, refused.status(i));
      assertEquals(i % 3 == 0, Double.isNaN(refused.coefficient(i, 1)));
      assertEquals(i % 3 == 0, Double.isNaN(refused.sigma(i)));
      assertEquals(i % 3 == 0, Double.isNaN(refused.rSquared(i)));
    }
  }

  @Test
  void columnsAreSharedOrFloatOrLieInOneArray() {
    Map<String, double[][]> data = data(9, 40);
    double[] x = data.get("x1")[0];
    Arrays.fill(data.get("x1"), x);
    Map<String, Column> columns = columns(data);
    double[] expected = Regression.ols("y ~ x1 + x2").fitBatch(columns).coefficients();
    columns.put("x1", Column.shared(x));
    double[] flat = Arrays.stream(data.get("x2")).flatMapToDouble(Arrays::stream).toArray();
    columns.put("x2", Column.perProblem(flat, 40));
    assertClose(expected, Regression.ols("y ~ x1 + x2").fitBatch(columns).coefficients());
    float[][] floats = new float[9][40];
    for (int i = 0; i < 9; i++) {
      for (int k = 0; k < 40; k++) {
        floats[i][k] = (float) data.get("y")[i][k];
        data.get("y")[i][k] = floats[i][k];
      }
    }
    columns.put("y", Column.perProblem(floats));
    BatchRegression batch = Regression.ols("y ~ x1 + x2").fitBatch(columns);
    assertClose(
        alone(Regression.ols("y ~ x1 + x2"), data, 4).coefficients(),
        Arrays.copyOfRange(batch.coefficients(), 12, 15));
    // in double arithmetic, though all columns are float
    Map<String, Column> single = Map.of("y", Column.perProblem(floats));
    double mean = Arrays.stream(data.get("y")[4]).average().orElseThrow();
    double found = Regression.ols("y ~ 1").fitBatch(single).coefficient(4, 0);
    assertEquals(mean, found, 1e-14 * Math.abs(mean));
  }

  @Test
  void problemsWithoutSolutionSaySoAndHarmNoOther() {
    Map<String, double[][]> data = data(16, 12);
    for (int k = 0; k < 12; k++) {
      data.get("x2")[3][k] = 5 * data.get("x1")[3][k] - 2;
      data.get("x2")[8][k] = 4;
    }
    data.get("y")[5][2] = Double.POSITIVE_INFINITY;
    Arrays.fill(data.get("y")[11], 7);
    BatchRegression batch = Regression.ols("y ~ x1 + x2").fitBatch(columns(data));
    for (int i = 0; i < 16; i++) {
      switch (i) {
        case 3, 8 -> {
          assertEquals(Status.SINGULAR, batch.status(i));
          assertTrue(Double.isNaN(batch.standardError(i, 1)));
          assertTrue(Double.isNaN(batch.sigma(i)));
          assertTrue(Double.isNaN(batch.sigmas()[i]));
          assertTrue(Double.isNaN(batch.rSquared(i)));
        }
        case 5 -> assertEquals(Status.NON_FINITE, batch.status(i));
        case 11 -> {
          assertTrue(batch.converged(i));
          assertEquals(7, batch.coefficient(i, "(Intercept)"), 1e-12);
          assertTrue(Double.isNaN(batch.rSquared(i)));
        }
        default -> {
          assertTrue(batch.converged(i));
          assertClose(
              alone(Regression.ols("y ~ x1 + x2"), data, i).standardErrors(),
              new double[] {
                batch.standardError(i, 0), batch.standardError(i, 1), batch.standardError(i, 2)
              });
        }
      }
    }
    assertEquals(2, batch.statusCounts().get(Status.SINGULAR));
  }

  /** The mean of equal numbers is not always that number. */
  @ParameterizedTest
  @ValueSource(ints = {7, 11, 30})
  void responsesThatDoNotVaryHaveNoRSquared(int n) {
    Map<String, double[][]> data = data(3, n);
    Arrays.fill(data.get("y")[0], 0.1);
    Arrays.fill(data.get("y")[1], 1e9 / 3);
    BatchRegression plain = Regression.ols("y ~ x1").fitBatch(columns(data));
    BatchRegression weighted = Regression.ols("y ~ x1").weights("w").fitBatch(columns(data));
    for (BatchRegression batch : List.of(plain, weighted)) {
      assertTrue(Double.isNaN(batch.rSquared(0)), () -> "R² = " + batch.rSquared(0));
      assertTrue(Double.isNaN(batch.rSquareds()[1]), () -> "R² = " + batch.rSquared(1));
      assertTrue(batch.rSquared(2) > 0);
    }
  }

  @Test
  void asManyRowsAsCoefficientsHaveNoErrors() {
    BatchRegression exact = Regression.ols("y ~ x1 + x2").fitBatch(columns(data(10, 3)));
    BatchRegression few = Regression.ols("y ~ x1 + x2").fitBatch(columns(data(10, 2)));
    for (int i = 0; i < 10; i++) {
      assertTrue(exact.converged(i));
      assertTrue(Double.isNaN(exact.sigma(i)));
      assertTrue(Double.isNaN(exact.standardError(i, 0)));
      assertEquals(Status.TOO_FEW_POINTS, few.status(i));
      assertFalse(few.converged(i));
      assertTrue(Double.isNaN(few.coefficient(i, 0)));
    }
    assertTrue(Arrays.stream(few.coefficients()).allMatch(Double::isNaN));
  }

  @Test
  void illConditionedProblemsKeepTheirDigits() {
    int n = 50;
    double[][] x = new double[4][n];
    double[][] y = new double[4][n];
    for (int i = 0; i < 4; i++) {
      for (int k = 0; k < n; k++) {
        x[i][k] = 1e5 + k;
        y[i][k] = 3 + 0.5 * (x[i][k] - 1e5) + ((k * 7919) % 13 - 6) * 0.25;
      }
    }
    Map<String, double[][]> data = new LinkedHashMap<>(Map.of("x", x, "y", y));
    Regression regression = Regression.ols("y ~ x + x^2");
    BatchRegression batch = regression.fitBatch(columns(data));
    RegressionFit alone = alone(regression, data, 0);
    assertEquals(alone.coefficient("x^2"), batch.coefficient(0, "x^2"), 1e-5);
    assertEquals(alone.sigma(), batch.sigma(0), 1e-6 * alone.sigma());
  }

  @Test
  void whatIsNoBatchOfRegressionsIsRefused() {
    Map<String, Column> columns = columns(data(4, 10));
    assertThrows(FormulaException.class, () -> Regression.ols("y ~ z").fitBatch(columns));
    refused("formula has 2 responses", Regression.ols("cbind(y, w) ~ x1"), columns);
    refused("small regressions have no categories", Regression.ols("y ~ C(x1)"), columns);
    refused(
        "small regressions have no categories",
        Regression.ols("y ~ C(x1)").levels("x1", "1", "2"),
        columns);
    refused("ridge = 2.0", Regression.ols("y ~ x1").ridge(2), columns);
    refused("elastic net", Regression.ols("y ~ x1").elasticNet(0.1, 0.5), columns);
    refused("linear models only", Regression.glm("y ~ x1", Family.poisson()), columns);
    refused("robust errors", Regression.ols("y ~ x1").robust(RobustErrors.HC1), columns);
    refused("weight = w*w, expected a column", Regression.ols("y ~ x1").weights("w*w"), columns);
    columns.put("x1", Column.shared(1, 2, 3));
    refused("points", Regression.ols("y ~ x1"), columns);
    assertThrows(
        IllegalArgumentException.class,
        () -> Regression.ols("y ~ x2").fitBatch(columns).coefficient(0, "x1"));
  }

  private static void refused(String problem, Regression regression, Map<String, Column> columns) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> regression.fitBatch(columns));
    assertTrue(e.getMessage().contains(problem), e.getMessage());
  }

  @Test
  void manyProblemsOnSeveralThreadsAreTheSame() {
    Map<String, double[][]> data = data(3000, 12);
    BatchRegression all = Regression.ols("y ~ x1 + x2").fitBatch(columns(data));
    assertEquals(3000, all.problems());
    Map<String, double[][]> few = new LinkedHashMap<>();
    data.forEach((name, values) -> few.put(name, Arrays.copyOfRange(values, 2990, 3000)));
    BatchRegression last = Regression.ols("y ~ x1 + x2").fitBatch(columns(few));
    assertArrayEquals(last.coefficients(), Arrays.copyOfRange(all.coefficients(), 2990 * 3, 9000));
    assertEquals(last.rSquared(9), all.rSquared(2999));
    assertTrue(all.toString().startsWith("3000 of 3000 regressions solved in "), all.toString());
    assertEquals("cpu", all.backend());
  }
}
