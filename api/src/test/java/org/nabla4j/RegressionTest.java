package org.nabla4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.nabla4j.data.Column;
import org.nabla4j.data.RowException;
import org.nabla4j.data.Rows;
import org.nabla4j.data.Tables;
import org.nabla4j.expression.FormulaException;
import org.nabla4j.objective.MissingData;
import org.nabla4j.regression.Accuracy;
import org.nabla4j.regression.DependentColumns;
import org.nabla4j.regression.ElasticNet;
import org.nabla4j.regression.Family;
import org.nabla4j.regression.RegressionAccumulator;
import org.nabla4j.regression.RegressionFit;
import org.nabla4j.regression.RegressionFits;
import org.nabla4j.regression.RegressionFormula;
import org.nabla4j.regression.RobustErrors;
import org.nabla4j.testing.ReadOnce;
import org.nabla4j.testing.ReferenceBackend;

class RegressionTest {

  /** The plant weights of R's data set PlantGrowth (Dobson 1983), whose groups stand beside. */
  private static final double[] WEIGHT = {
    4.17, 5.58, 5.18, 6.11, 4.50, 4.61, 5.17, 4.53, 5.33, 5.14, 4.81, 4.17, 4.41, 3.59, 5.87, 3.83,
    6.03, 4.89, 4.32, 4.69, 6.31, 5.12, 5.54, 5.50, 5.37, 5.29, 4.92, 6.15, 5.80, 5.26
  };

  private static Rows plants() {
    String[] group = new String[30];
    double[] number = new double[30];
    for (int i = 0; i < 30; i++) {
      group[i] = i < 10 ? "ctrl" : i < 20 ? "trt1" : "trt2";
      number[i] = i;
    }
    return Tables.builder()
        .numbers("weight", WEIGHT)
        .texts("group", group)
        .numbers("number", number)
        .build();
  }

  private static Regression ols(String formula) {
    return Regression.ols(formula).backend("reference");
  }

  /** R 4.2: summary(lm(weight ~ group, PlantGrowth)). */
  @Test
  void agreesWithRonCategories() {
    RegressionFit fit = ols("weight ~ group").fit(plants());
    assertEquals(List.of("(Intercept)", "C(group)[trt1]", "C(group)[trt2]"), fit.names());
    assertArrayEquals(new double[] {5.032, -0.371, 0.494}, fit.coefficients(), 1e-14);
    assertEquals(0.623374627272, fit.sigma(), 1e-12);
    assertEquals(4.84608786238, fit.fStatistic(), 1e-11);
    assertEquals(0.0159099583256, fit.fPValue(), 1e-13);
    assertEquals("reference", fit.backend());
    RegressionFit other = ols("weight ~ group").reference("group", "trt2").fit(plants());
    assertEquals(5.526, other.coefficient("(Intercept)"), 1e-14);
    assertEquals(-0.494, other.coefficient("C(group)[ctrl]"), 1e-14);
    assertEquals(fit.sigma(), other.sigma(), 1e-14);
    RegressionFit given =
        ols("weight ~ group").levels("group", "trt2", "ctrl", "trt1").fit(plants());
    assertArrayEquals(other.coefficients(), given.coefficients(), 1e-14);
  }

  @Test
  void stepsReachTheFit() {
    RegressionFit fit =
        ols("weight ~ number + offset(number/8)")
            .weights("number")
            .offset("number/4")
            .missing(MissingData.OMIT)
            .accuracy(Accuracy.DOUBLE)
            .dependentColumns(DependentColumns.REFUSE)
            .backend(new ReferenceBackend())
            .fit(plants());
    RegressionFit same = ols("I(weight - 0.375*number) ~ number").weights("number").fit(plants());
    assertArrayEquals(same.coefficients(), fit.coefficients(), 1e-12);
    assertEquals("WLS", fit.model());
    assertEquals("normal equations in double, Cholesky factor", fit.method());
    assertEquals(29, fit.rows());
    RegressionFit ridge = ols("weight ~ number").ridge(1e9).fit(plants());
    assertEquals(0, ridge.coefficient("number"), 1e-5);
    assertEquals(5.073, ridge.coefficient("(Intercept)"), 1e-4);
    RegressionFit lasso = ols("weight ~ number").elasticNet(100, 1).fit(plants());
    assertEquals(0, lasso.coefficient("number"));
    assertEquals(5.073, lasso.coefficient("(Intercept)"), 1e-14);
  }

  @Test
  void severalResponsesAreFittedEach() {
    Regression both = ols("cbind(weight, number) ~ group");
    RegressionFits fits = both.fitEach(plants());
    assertEquals(List.of("weight", "number"), fits.responses());
    assertArrayEquals(new double[] {4.5, 10, 20}, fits.fit("number").coefficients(), 1e-14);
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> both.fit(plants()));
    assertEquals("the formula has 2 responses, expected 1; use fitEach(rows)", e.getMessage());
  }

  @Test
  void sumsAreKept() {
    Regression regression = ols("weight ~ group");
    RegressionAccumulator sums = regression.accumulate(plants()).add(plants());
    assertEquals(60, sums.rows());
    assertArrayEquals(new double[] {5.032, -0.371, 0.494}, sums.fit().coefficients(), 1e-14);
    RegressionAccumulator back = regression.resume(sums.toBytes()).remove(plants());
    assertEquals(regression.fit(plants()).sigma(), back.fit().sigma(), 1e-14);
  }

  @Test
  void pathsNeedAnElasticNet() {
    Regression plain = ols("weight ~ group");
    assertThrows(IllegalStateException.class, () -> plain.path(plants()));
    Regression lasso = plain.elasticNet(ElasticNet.path(1));
    assertEquals(100, lasso.path(plants()).count());
    assertThrows(IllegalArgumentException.class, () -> lasso.fit(plants()));
    assertThrows(IllegalArgumentException.class, () -> lasso.fitEach(plants()));
    assertThrows(IllegalArgumentException.class, () -> lasso.accumulate(plants()));
    assertThrows(IllegalArgumentException.class, () -> lasso.ridge(1).path(plants()));
  }

  @Test
  void faultsAreTold() {
    assertThrows(FormulaException.class, () -> Regression.ols("y ~ (x"));
    assertThrows(FormulaException.class, () -> ols("weight ~ height").fit(plants()));
    Rows missing = Tables.builder().numbers("y", new double[] {1, Double.NaN}).build();
    assertThrows(RowException.class, () -> ols("y ~ 1").fit(missing));
    assertEquals(1, ols("y ~ 1").missing(MissingData.OMIT).fit(missing).omitted());
    assertThrows(IllegalArgumentException.class, () -> ols("y ~ x").ridge(-1));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            ols("weight ~ number + I(2*number)")
                .dependentColumns(DependentColumns.REFUSE)
                .fit(plants()));
  }

  private static void refused(String message, Executable call) {
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, call);
    assertEquals(message, e.getMessage());
  }

  @Test
  void optionsThatDoNotFitAreRefused() {
    Regression plain = ols("weight ~ number");
    byte[] saved = plain.accumulate(plants()).toBytes();
    Regression glm = Regression.glm("weight ~ number", Family.gaussian()).backend("reference");
    refused(
        "resume knows linear models only, but the family is " + Family.gaussian(),
        () -> glm.resume(saved));
    Regression robust = plain.robust(RobustErrors.HC3);
    refused("resume does not know robust errors; use fit(rows)", () -> robust.resume(saved));
    refused(
        "the elastic net does not know robust errors; leave one out",
        () -> robust.elasticNet(1, 1).fit(plants()));
    String limit = "iterationLimit = 7, but a linear model is not iterated; leave it out";
    refused(limit, () -> plain.iterationLimit(7).fit(plants()));
    refused(limit, () -> plain.iterationLimit(7).fitEach(plants()));
    refused(limit, () -> plain.iterationLimit(7).elasticNet(1, 1).fit(plants()));
    refused(
        "start = [1.0, 2.0], but a linear model is not iterated; leave it out",
        () -> plain.start(1, 2).fit(plants()));
    Regression strict = plain.dependentColumns(DependentColumns.REFUSE);
    refused(
        "dependentColumns = REFUSE, expected DROP for an elastic net",
        () -> strict.elasticNet(1, 1).path(plants()));
    Map<String, Column> columns = Map.of("weight", Column.shared(WEIGHT));
    refused(
        "dependentColumns = REFUSE, expected DROP for a batch of small regressions",
        () -> strict.fitBatch(columns));
    refused(
        "accuracy = DOUBLE, expected AUTO for a batch of small regressions",
        () -> plain.accuracy(Accuracy.DOUBLE).fitBatch(columns));
  }

  /** No row is read of what would be read in vain. */
  @Test
  void robustErrorsOfRowsThatAreReadOnceAreRefusedBeforeTheFit() {
    Rows once = new ReadOnce(plants());
    String message =
        "robust errors need the rows again, but " + once.description() + " can be read only once";
    Regression plain = ols("weight ~ number");
    refused(message, () -> plain.robust(RobustErrors.HC1).fit(once));
    refused(message, () -> plain.clusters("number").fit(once));
    assertEquals(30, plain.fit(once).rows());
  }

  @Test
  void saysEverythingThatWasSet() {
    assertEquals(
        "Regression(y ~ x, levels of k [a, b], reference of k b, missing OMIT, elastic net with"
            + " L1 ratio 0.5, dependent columns REFUSE, iteration limit 7, start [1.0], robust HC3)",
        Regression.ols("y~x")
            .levels("k", "a", "b")
            .reference("k", "b")
            .missing(MissingData.OMIT)
            .elasticNet(1, 0.5)
            .dependentColumns(DependentColumns.REFUSE)
            .iterationLimit(7)
            .start(1)
            .robust(RobustErrors.HC3)
            .toString());
  }

  @Test
  void saysWhatItIs() {
    assertEquals(
        "Regression(y ~ x, weights w, offset log(n), ridge 2.0, accuracy DOUBLE, backend reference)",
        ols("y~x").weights("w").offset("log(n)").ridge(2).accuracy(Accuracy.DOUBLE).toString());
    assertTrue(Regression.ols(RegressionFormula.parse("y ~ 1")).toString().contains("y ~ 1"));
  }
}
