package org.nabla4j.regression;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.statistics.distribution.TDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nabla4j.Regression;
import org.nabla4j.backend.Execution;
import org.nabla4j.data.Rows;
import org.nabla4j.data.Tables;
import org.nabla4j.testing.ReferenceBackend;

/** Predictions, diagnostics and robust errors beside R's. */
class PredictionTest {

  private static double[] groups() {
    double[] groups = new double[50];
    Arrays.setAll(groups, i -> 1 + i / 5);
    return groups;
  }

  private static Rows cars() {
    return Tables.columns(Map.of("speed", Cars.SPEED, "dist", Cars.DISTANCE, "group", groups()));
  }

  private static Regression line() {
    return Regression.ols("dist ~ speed").backend(new ReferenceBackend());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "menarche-logit",
        "menarche-probit",
        "menarche-cloglog",
        "clotting-inverse",
        "clotting-log",
        "clotting-gaussianlog",
        "clotting-weights"
      })
  void generalizedLinearModelsAgreeWithR(String name) {
    RResults expected = RResults.read(name);
    Rows rows = GlmSolverTest.rows(name);
    RegressionFit fit = GlmSolverTest.model(name).fit(rows);
    Predictions predictions = fit.predict(rows, 0.9);
    expected.check("mean", 1e-10, predictions.means());
    expected.check("meanError", 1e-9, predictions.standardErrors());
    double[] linkErrors = expected.numbers("linkError");
    for (int i = 0; i < predictions.rows(); i++) {
      double mean = predictions.means()[i];
      assertTrue(predictions.lower()[i] <= mean && mean <= predictions.upper()[i]);
      double eta = fit.family().orElseThrow().link().predictor(mean);
      double lower = fit.family().orElseThrow().link().predictor(predictions.lower()[i]);
      double upper = fit.family().orElseThrow().link().predictor(predictions.upper()[i]);
      if (Math.abs(eta) < 5) {
        double half = fit.quantile(0.9) * linkErrors[i];
        assertEquals(half, Math.abs(eta - lower), 1e-7 * half);
        assertEquals(half, Math.abs(upper - eta), 1e-7 * half);
      }
      assertTrue(Double.isNaN(predictions.predictionLower()[i]));
    }
    Diagnostics diagnostics = fit.diagnose(rows);
    // R keeps 1 - mu above 2e-16, where the last group's is 1e-19.
    double close = name.endsWith("cloglog") ? 1e-3 : 1e-8;
    expected.check("response", 1e-8, diagnostics.residuals());
    expected.check("pearson", close, diagnostics.pearson());
    expected.check("devianceResidual", close, diagnostics.deviance());
    expected.check("standardized", close, diagnostics.standardized());
    expected.check("leverage", 1e-9, diagnostics.leverages());
    expected.check("cook", 1e-8, diagnostics.cookDistances());
  }

  @Test
  void linearModelsAgreeWithR() {
    RResults expected = RResults.read("cars");
    RegressionFit fit = line().fit(cars());
    Rows further = Tables.columns(Map.of("speed", new double[] {4, 10, 21.5}));
    Predictions predictions = fit.predict(further);
    expected.check("mean", 1e-13, predictions.means());
    expected.check("meanError", 1e-12, predictions.standardErrors());
    expected.check("confLower", 1e-12, predictions.lower());
    expected.check("confUpper", 1e-12, predictions.upper());
    expected.check("lower", 1e-12, predictions.predictionLower());
    expected.check("upper", 1e-12, predictions.predictionUpper());
    Diagnostics diagnostics = fit.diagnose(cars());
    expected.check("standardized", 1e-12, diagnostics.standardized());
    expected.check("leverage", 1e-12, diagnostics.leverages());
    expected.check("cook", 1e-12, diagnostics.cookDistances());
  }

  /** With 10 clusters t has 9 degrees of freedom: its 97.5 % quantile is 2.262157162798205. */
  @Test
  void clusteredErrorsAreComparedWithTOfTheClusters() {
    RegressionFit fit = line().clusters("group").fit(cars());
    assertEquals(48, fit.degreesOfFreedom());
    assertEquals(2.262157162798205, fit.quantile(0.95), 1e-12);
    double half = 2.262157162798205 * fit.standardError("speed");
    assertEquals(fit.coefficient("speed") + half, fit.interval("speed", 0.95).upper(), 1e-11);
    double expected = 2 * TDistribution.of(9).survivalProbability(fit.statistic("speed"));
    assertEquals(expected, fit.pValue("speed"), 1e-12 * expected);
    RegressionFit plain = line().robust(RobustErrors.HC1).fit(cars());
    assertEquals(2.010634757624228, plain.quantile(0.95), 1e-12);
    RegressionFit known =
        Regression.glm("dist ~ speed", Family.poisson())
            .clusters("group")
            .backend(new ReferenceBackend())
            .fit(cars());
    assertEquals(1.959963984540054, known.quantile(0.95), 1e-12);
  }

  /** The last row alone tells of the slope: the intercept is the mean of the others. */
  @Test
  void rowsOfLeverageOneHaveNoInfluence() {
    double[] group = new double[4];
    group[3] = 0.3;
    Rows rows = Tables.columns(Map.of("x", group, "y", new double[] {1, 2, 4, 7}));
    Regression model = Regression.ols("y ~ x").backend(new ReferenceBackend());
    RegressionFit fit = model.fit(rows);
    Diagnostics diagnostics = fit.diagnose(rows);
    assertEquals(1, diagnostics.leverages()[3], 1e-12);
    assertTrue(Double.isNaN(diagnostics.standardized()[3]));
    assertTrue(Double.isNaN(diagnostics.cookDistances()[3]));
    double sigma = Math.sqrt(14.0 / 6);
    assertEquals(-4 / 3.0 / (sigma * Math.sqrt(2 / 3.0)), diagnostics.standardized()[0], 1e-12);
    assertEquals(4.0 / 3 / (sigma * sigma * 2), diagnostics.cookDistances()[0], 1e-12);
    double hc2 = Math.sqrt(7.0 / 9);
    double hc3 = Math.sqrt(7.0 / 6);
    RegressionFit two = model.robust(RobustErrors.HC2).fit(rows);
    assertArrayEquals(new double[] {hc2, hc2 / 0.3}, two.standardErrors(), 1e-12);
    RegressionFit three = model.robust(RobustErrors.HC3).fit(rows);
    assertArrayEquals(new double[] {hc3, hc3 / 0.3}, three.standardErrors(), 1e-12);
  }

  @Test
  void robustErrorsWithoutDegreesOfFreedomHaveNoTest() {
    Rows rows = Tables.columns(Map.of("x", new double[] {1, 2}, "y", new double[] {1.3, 2.1}));
    RegressionFit fit =
        Regression.ols("y ~ x").robust(RobustErrors.HC0).backend(new ReferenceBackend()).fit(rows);
    assertEquals(0, fit.degreesOfFreedom());
    assertTrue(Double.isNaN(fit.pValue("x")));
    assertTrue(Double.isNaN(fit.interval("x", 0.95).lower()));
    assertTrue(fit.toString().contains("HC0"));
    assertEquals("HC0", fit.toMap().get("errors"));
  }

  @Test
  void weightedLinearModelsAgreeWithR() {
    RResults expected = RResults.read("cars-weights");
    Diagnostics diagnostics = line().weights("speed").fit(cars()).diagnose(cars());
    expected.check("pearson", 1e-12, diagnostics.pearson());
    expected.check("standardized", 1e-12, diagnostics.standardized());
    expected.check("leverage", 1e-12, diagnostics.leverages());
    expected.check("cook", 1e-12, diagnostics.cookDistances());
  }

  @Test
  void robustErrorsOfLinearModelsAgreeWithR() {
    for (String set : List.of("cars", "cars-weights")) {
      RResults expected = RResults.read(set);
      Regression model = set.equals("cars") ? line() : line().weights("speed");
      for (RobustErrors errors : RobustErrors.values()) {
        RegressionFit fit = model.robust(errors).fit(cars());
        expected.check(errors.name().toLowerCase(Locale.ROOT), 1e-12, fit.standardErrors());
        assertEquals(errors.name(), fit.errors());
        assertTrue(fit.toString().contains(errors.name()));
      }
      RegressionFit clustered = model.clusters("group").fit(cars());
      expected.check("clustered", 1e-12, clustered.standardErrors());
      assertEquals("clustered by group, 10 clusters", clustered.errors());
    }
  }

  /** The errors of predictions are those of the covariance, robust or not. */
  @Test
  void predictionsUseTheRobustCovariance() {
    RegressionFit fit = line().robust(RobustErrors.HC3).fit(cars());
    double[][] v = fit.covariance();
    double x = 21.5;
    double expected = Math.sqrt(v[0][0] + 2 * x * v[0][1] + x * x * v[1][1]);
    Predictions predictions = fit.predict(Tables.columns(Map.of("speed", new double[] {x})));
    assertEquals(expected, predictions.standardErrors()[0], 1e-11 * expected);
  }

  @Test
  void missingValuesPredictNothing() {
    RegressionFit fit = line().fit(cars());
    Rows rows = Tables.columns(Map.of("speed", new double[] {4, Double.NaN, 10}));
    double[] means = fit.predict(rows).means();
    assertTrue(Double.isNaN(means[1]));
    assertTrue(means[0] < means[2]);
    List<Predictions> blocks = new ArrayList<>();
    fit.predict(rows, 0.5, Execution.defaults(), blocks::add);
    assertArrayEquals(means, blocks.get(0).means());
  }

  @Test
  void categoriesAndOffsetsPredict() {
    Rows rows =
        Tables.builder()
            .numbers("y", new double[] {1, 2, 4, 8, 3, 5})
            .numbers("n", new double[] {1, 2, 3, 4, 5, 6})
            .texts("kind", new String[] {"a", "b", "a", "b", "c", "c"})
            .texts("id", new String[] {"p", "p", "q", "q", "r", "r"})
            .build();
    RegressionFit fit =
        Regression.glm("y ~ kind + offset(log(n))", Family.poisson())
            .clusters("id")
            .backend(new ReferenceBackend())
            .fit(rows);
    Rows further =
        Tables.builder()
            .texts("kind", new String[] {"c", "a", "b"})
            .numbers("n", new double[] {11, 4, 6})
            .build();
    // The rate of each kind is its sum of y over its sum of n.
    assertArrayEquals(
        new double[] {11 * 8.0 / 11, 4 * 5.0 / 4, 6 * 10.0 / 6},
        fit.predict(further).means(),
        1e-12);
    assertThrows(
        IllegalArgumentException.class,
        () -> fit.predict(Tables.columns(Map.of("n", new double[] {1}))));
  }

  @Test
  void aFitWithoutRowsPredictsNothing() {
    RegressionFit fit = line().weights("0*speed").fit(cars());
    assertEquals(RegressionStatus.NO_ROWS, fit.status());
    assertThrows(IllegalStateException.class, () -> fit.predict(cars()));
    assertThrows(IllegalStateException.class, () -> fit.diagnose(cars()));
  }
}
