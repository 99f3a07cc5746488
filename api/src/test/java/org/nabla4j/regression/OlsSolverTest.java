package org.nabla4j.regression;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nabla4j.backend.Execution;
import org.nabla4j.data.Rows;
import org.nabla4j.data.Tables;
import org.nabla4j.expression.Formula;
import org.nabla4j.result.Interval;
import org.nabla4j.testing.ReadOnce;
import org.nabla4j.testing.ReferenceBackend;

/** Least squares on sums of the reference: results of R, and what has to hold in any case. */
class OlsSolverTest {

  private static RegressionFit fit(Design design, Rows rows) {
    return fit(design, rows, OlsOptions.defaults());
  }

  private static RegressionFit fit(Design design, Rows rows, OlsOptions options) {
    return OlsSolver.fit(design, rows, options, new ReferenceBackend(), Execution.defaults())
        .fit(0);
  }

  private static void assertClose(double expected, double actual, double tolerance) {
    if (Double.isNaN(expected)) {
      assertTrue(Double.isNaN(actual), () -> "expected NaN, but is " + actual);
    } else {
      assertEquals(expected, actual, tolerance * Math.max(1e-300, Math.abs(expected)));
    }
  }

  private static void assertClose(double[] expected, double[] actual, double tolerance) {
    assertEquals(expected.length, actual.length);
    for (int i = 0; i < expected.length; i++) {
      assertClose(expected[i], actual[i], tolerance);
    }
  }

  /** R 4.2: summary(lm(dist ~ speed, cars)), confint, logLik, AIC, BIC. */
  @Test
  void agreesWithRonCars() {
    RegressionFit fit = fit(Designs.of("dist ~ speed"), Cars.cars());
    assertEquals("OLS", fit.model());
    assertClose(new double[] {-17.57909489051089, 3.93240875912409}, fit.coefficients(), 1e-14);
    assertClose(new double[] {6.758440169379234, 0.415512776657122}, fit.standardErrors(), 1e-14);
    assertClose(1.23188161538090e-02, fit.pValue("(Intercept)"), 1e-12);
    assertClose(1.48983649629509e-12, fit.pValue("speed"), 1e-12);
    assertClose(3.93240875912409 / 0.415512776657122, fit.statistic("speed"), 1e-13);
    Interval interval = fit.interval("speed", 0.95);
    assertClose(3.09696432814032, interval.lower(), 1e-12);
    assertClose(4.76785319010785, interval.upper(), 1e-12);
    assertClose(15.3795867488199, fit.sigma(), 1e-14);
    assertClose(0.651079380758251, fit.rSquared(), 1e-14);
    assertClose(0.643810201190715, fit.adjustedRSquared(), 1e-14);
    assertClose(89.5671065364677, fit.fStatistic(), 1e-13);
    assertClose(1.48983649629509e-12, fit.fPValue(), 1e-12);
    assertEquals(48, fit.degreesOfFreedom());
    assertClose(-206.578431513677, fit.logLikelihood(), 1e-14);
    assertClose(419.156863027353, fit.aic(), 1e-14);
    assertClose(424.892932043638, fit.bic(), 1e-14);
    assertEquals(50, fit.rows());
    assertEquals(0, fit.omitted());
    assertEquals(2, fit.rank());
    assertEquals(RegressionStatus.SOLVED, fit.status());
    assertEquals("normal equations in double-double, Cholesky factor", fit.method());
    assertEquals("reference", fit.backend());
    assertClose(1, fit.conditionNumber(), 1e-12);
    assertClose(1, fit.varianceInflation("speed"), 1e-12);
    assertTrue(Double.isNaN(fit.varianceInflation("(Intercept)")));
  }

  /** R 4.2: lm(dist ~ speed, cars, weights = speed - 4), of which two weights are 0. */
  @Test
  void agreesWithRonWeights() {
    RegressionFit fit = fit(Designs.of("dist ~ speed", "speed - 4", null), Cars.cars());
    assertEquals("WLS", fit.model());
    assertClose(new double[] {-25.76333703073798, 4.39210702675608}, fit.coefficients(), 1e-14);
    assertClose(new double[] {9.859507334003139, 0.536958606249608}, fit.standardErrors(), 1e-14);
    assertClose(57.6024030620422, fit.sigma(), 1e-14);
    assertClose(0.592580965576459, fit.rSquared(), 1e-14);
    assertClose(0.583724030045513, fit.adjustedRSquared(), 1e-14);
    assertClose(66.9058686840335, fit.fStatistic(), 1e-13);
    assertEquals(46, fit.degreesOfFreedom());
    assertEquals(48, fit.rows());
    assertClose(-204.638207908867, fit.logLikelihood(), 1e-14);
    assertClose(415.276415817734, fit.aic(), 1e-14);
    assertClose(420.890018850457, fit.bic(), 1e-14);
  }

  /** R 4.2: lm(mpg ~ wt + hp - 1, mtcars): R² is about 0. */
  @Test
  void agreesWithRwithoutIntercept() {
    RegressionFit fit = fit(Designs.of("mpg ~ wt + hp - 1"), Cars.mtcars());
    assertClose(new double[] {6.8404499708353, -0.0339352599066577}, fit.coefficients(), 1e-14);
    assertClose(new double[] {1.894247638192973, 0.0393981150048478}, fit.standardErrors(), 1e-14);
    assertClose(11.3160824579663, fit.sigma(), 1e-14);
    assertClose(0.726425946595343, fit.rSquared(), 1e-14);
    assertClose(0.708187676368365, fit.adjustedRSquared(), 1e-14);
    assertClose(39.8297611316697, fit.fStatistic(), 1e-13);
    assertClose(-122.012614812677, fit.logLikelihood(), 1e-14);
    assertClose(254.422437333753, fit.bic(), 1e-14);
  }

  /** R 4.2: lm(mpg ~ wt, mtcars, offset = hp/10); R² is that of lm(I(mpg - hp/10) ~ wt). */
  @Test
  void agreesWithRonAnOffset() {
    RegressionFit fit = fit(Designs.of("mpg ~ wt", null, "hp/10"), Cars.mtcars());
    assertClose(new double[] {37.46721834446151, -9.96047660096714}, fit.coefficients(), 1e-14);
    assertClose(new double[] {4.54027319264375, 1.35195703464431}, fit.standardErrors(), 1e-14);
    assertClose(7.36521922361065, fit.sigma(), 1e-14);
    assertClose(0.644040824218493, fit.rSquared(), 1e-13);
    assertClose(-108.270018806495, fit.logLikelihood(), 1e-14);
    assertEquals("mpg", fit.response());
    assertEquals("hp/10", fit.design().offset().toString());
  }

  /** R 4.2: vcov of lm(mpg ~ wt + hp, mtcars); 1/(1 - R²) of the columns; svd of scaled columns. */
  @Test
  void agreesWithRonCovarianceAndInflation() {
    RegressionFit small = fit(Designs.of("mpg ~ wt + hp"), Cars.mtcars());
    double[][] covariance = small.covariance();
    assertClose(
        new double[] {2.55612159166216, -7.35945146418476e-01, 1.48470052650852e-04},
        covariance[0],
        1e-12);
    assertClose(
        new double[] {-7.35945146418476e-01, 4.00351674907029e-01, -3.76369001909614e-03},
        covariance[1],
        1e-13);
    assertClose(8.15356568302425e-05, covariance[2][2], 1e-13);
    double[][] correlation = small.correlation();
    assertEquals(1, correlation[1][1]);
    assertClose(
        covariance[1][2] / Math.sqrt(covariance[1][1] * covariance[2][2]),
        correlation[2][1],
        1e-14);
    RegressionFit fit = fit(Designs.of("mpg ~ wt + hp + qsec"), Cars.mtcars());
    assertClose(2.53044275012898, fit.varianceInflation("wt"), 1e-13);
    assertClose(4.92195574807949, fit.varianceInflation("hp"), 1e-13);
    assertClose(2.87380375438739, fit.varianceInflation("qsec"), 1e-13);
    assertClose(4.21452828505881, fit.conditionNumber(), 0.01);
  }

  /** R 4.2: lm(mpg ~ wt + hp + I(2*wt + hp + 1) + qsec, mtcars) has NA for the third. */
  @Test
  void namesWhatADependentColumnEquals() {
    Design design = withSum("2*wt + hp + 1");
    RegressionFit fit = fit(design, Cars.mtcars());
    assertEquals(RegressionStatus.RANK_DEFICIENT, fit.status());
    assertTrue(fit.status().converged());
    assertEquals(List.of("sum = 2*wt + hp + 1"), fit.dependencies());
    double[] beta = fit.coefficients();
    assertClose(27.61052685820494, beta[0], 1e-14);
    assertClose(-4.358797200162686, beta[1], 1e-14);
    assertClose(-0.0178222716055425, beta[2], 1e-13);
    assertTrue(Double.isNaN(beta[3]));
    assertClose(0.5108336942450574, beta[4], 1e-13);
    assertTrue(Double.isNaN(fit.standardError("sum")));
    assertTrue(Double.isNaN(fit.pValue("sum")));
    assertTrue(Double.isNaN(fit.interval("sum", 0.95).lower()));
    assertTrue(Double.isNaN(fit.covariance()[3][3]));
    assertTrue(fit.toString().contains("sum = 2*wt + hp + 1"));
    assertEquals(4, fit.rank());
    assertEquals(28, fit.degreesOfFreedom());
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                fit(
                    design,
                    Cars.mtcars(),
                    OlsOptions.defaults().withDependentColumns(DependentColumns.REFUSE)));
    assertEquals("columns depend on others: sum = 2*wt + hp + 1", e.getMessage());
  }

  /** The design "mpg ~ wt + hp + sum + qsec" with the sum an expression. */
  private static Design withSum(String sum) {
    Design design = Designs.of("mpg ~ wt + hp + wt + qsec");
    List<DesignColumn> columns = new ArrayList<>(design.columns());
    columns.set(3, new DesignColumn("sum", Formula.parse(sum).expression(), List.of()));
    return new Design(
        design.numbers(),
        design.categories(),
        design.levels(),
        columns,
        design.responses(),
        design.weight(),
        design.offset(),
        design.cluster(),
        design.omitMissing());
  }

  private static Rows table(Object... namesAndColumns) {
    Map<String, double[]> columns = new LinkedHashMap<>();
    for (int i = 0; i < namesAndColumns.length; i += 2) {
      columns.put((String) namesAndColumns[i], (double[]) namesAndColumns[i + 1]);
    }
    return Tables.columns(columns);
  }

  @Test
  void constantColumnsAndColumnsOfZerosAreLeftOutAndNamed() {
    double[] x = {1, 2, 3, 4, 5};
    double[] y = {2, 1, 4, 3, 7};
    Rows rows =
        table(
            "y",
            y,
            "c",
            new double[] {5, 5, 5, 5, 5},
            "z",
            new double[5],
            "x",
            x,
            "tenth",
            tenths());
    RegressionFit fit = fit(Designs.of("y ~ c + z + x + tenth"), rows);
    assertEquals(List.of("c = 5", "z = 0", "tenth = 0.1"), fit.dependencies());
    RegressionFit alone = fit(Designs.of("y ~ x"), rows);
    assertEquals(alone.coefficient("x"), fit.coefficient("x"));
    assertEquals(alone.coefficient("(Intercept)"), fit.coefficient("(Intercept)"));
    assertEquals(alone.sigma(), fit.sigma());
    RegressionFit without = fit(Designs.of("y ~ z + c + tenth + x - 1"), rows);
    assertEquals(List.of("z = 0", "tenth = 0.02*c"), without.dependencies());
  }

  private static double[] tenths() {
    double[] values = new double[5];
    Arrays.fill(values, 0.1);
    return values;
  }

  @Test
  void columnsThatDependButForRoundingAreFound() {
    Random random = new Random(7);
    int n = 200;
    double[] a = random.doubles(n, 1e6, 1e6 + 1).toArray();
    double[] b = random.doubles(n, -3, 5).toArray();
    double[] c = new double[n];
    double[] y = random.doubles(n).toArray();
    for (int i = 0; i < n; i++) {
      c[i] = 0.1 * a[i] - 0.7 * b[i] + 0.3;
    }
    RegressionFit fit = fit(Designs.of("y ~ a + b + c"), table("y", y, "a", a, "b", b, "c", c));
    assertEquals(List.of("c = 0.1*a - 0.7*b + 0.3"), fit.dependencies());
    // A column that differs by more than rounding is none of them.
    c[17] += 1e-7;
    RegressionFit other = fit(Designs.of("y ~ a + b + c"), table("y", y, "a", a, "b", b, "c", c));
    assertEquals(List.of(), other.dependencies());
    assertTrue(other.conditionNumber() > 1e6, () -> "kappa = " + other.conditionNumber());
    assertTrue(other.toString().contains("The condition number is large"));
  }

  @Test
  void moreColumnsThanRowsLeaveTheFirstOnes() {
    Rows rows =
        table(
            "y",
            new double[] {1, 2},
            "a",
            new double[] {1, 3},
            "b",
            new double[] {0, 1},
            "c",
            new double[] {7, 8});
    RegressionFit fit = fit(Designs.of("y ~ a + b + c"), rows);
    assertEquals(RegressionStatus.RANK_DEFICIENT, fit.status());
    assertEquals(2, fit.rank());
    assertEquals(List.of("b = 0.5*a - 0.5", "c = 0.5*a + 6.5"), fit.dependencies());
    assertClose(new double[] {0.5, 0.5, Double.NaN, Double.NaN}, fit.coefficients(), 1e-15);
    assertEquals(0, fit.degreesOfFreedom());
    assertTrue(Double.isNaN(fit.sigma()));
    assertTrue(Double.isNaN(fit.standardError("a")));
    assertTrue(Double.isNaN(fit.fStatistic()));
    assertTrue(Double.isNaN(fit.adjustedRSquared()));
    assertEquals(1, fit.rSquared());
    assertEquals(0, fit.deviance());
    assertTrue(Double.isNaN(fit.interval("a", 0.9).upper()));
    assertFalse(fit.toString().isEmpty());
  }

  @Test
  void asManyColumnsAsRowsMeetEveryPoint() {
    RegressionFit fit =
        fit(
            Designs.of("y ~ x + x^2"),
            table("y", new double[] {1, 4, 11}, "x", new double[] {0, 1, 2}));
    assertClose(new double[] {1, 1, 2}, fit.coefficients(), 1e-15);
    assertEquals(0, fit.degreesOfFreedom());
    assertEquals(0, fit.deviance());
    assertTrue(Double.isNaN(fit.sigma()));
    assertTrue(Double.isNaN(fit.pValue("x")));
  }

  @Test
  void noColumnsAreARegressionToo() {
    RegressionFit fit = fit(Designs.of("y ~ - 1"), table("y", new double[] {1, 2, -2}));
    assertEquals(0, fit.coefficients().length);
    assertEquals(9, fit.deviance());
    assertEquals(3, fit.degreesOfFreedom());
    assertClose(Math.sqrt(3), fit.sigma(), 1e-15);
    assertEquals(0, fit.rSquared());
    assertTrue(Double.isNaN(fit.fStatistic()));
    assertEquals(0, fit.rank());
    RegressionFit mean = fit(Designs.of("y ~ 1"), table("y", new double[] {1, 2, -2}));
    assertClose(new double[] {1.0 / 3}, mean.coefficients(), 1e-15);
    assertEquals(0, mean.rSquared());
    assertTrue(Double.isNaN(mean.fStatistic()));
    assertClose(Math.sqrt(mean.deviance() / 2 / 3), mean.standardError("(Intercept)"), 1e-15);
  }

  @Test
  void noRowsSayNothing() {
    double nan = Double.NaN;
    for (Rows rows :
        List.of(
            table("y", new double[] {nan, 1}, "x", new double[] {1, nan}, "w", new double[] {1, 1}),
            table("y", new double[] {2, 1}, "x", new double[] {1, 2}, "w", new double[2]))) {
      OlsOptions refusing = OlsOptions.defaults().withDependentColumns(DependentColumns.REFUSE);
      RegressionFit without = fit(Designs.of("y ~ x - 1", "w", null), rows, refusing);
      assertEquals(RegressionStatus.NO_ROWS, without.status());
      assertEquals(List.of(), without.dependencies());
      RegressionFit fit = fit(Designs.of("y ~ x", "w", null), rows);
      assertEquals(RegressionStatus.NO_ROWS, fit.status());
      assertFalse(fit.status().converged());
      assertEquals(0, fit.rows());
      assertTrue(Arrays.stream(fit.coefficients()).allMatch(Double::isNaN));
      assertTrue(Double.isNaN(fit.rSquared()));
      assertTrue(Double.isNaN(fit.sigma()));
      assertEquals(0, fit.rank());
      assertTrue(fit.toString().contains("no rows"));
    }
  }

  @Test
  void whatIsNotFiniteIsSaid() {
    RegressionFit fit =
        fit(
            Designs.of("y ~ x"),
            table("y", new double[] {1, 2, 3}, "x", new double[] {1, Double.POSITIVE_INFINITY, 2}));
    assertEquals(RegressionStatus.NON_FINITE, fit.status());
    assertTrue(Double.isNaN(fit.coefficient("x")));
    RegressionFit overflow =
        fit(
            Designs.of("y ~ x"),
            table("y", new double[] {1, 2, 3}, "x", new double[] {1e200, 1e201, 3e200}));
    assertEquals(RegressionStatus.NON_FINITE, overflow.status());
  }

  @Test
  void aResponseThatDoesNotVaryHasNoRSquared() {
    RegressionFit fit =
        fit(Designs.of("y ~ x"), table("y", tenths(), "x", new double[] {1, 2, 3, 4, 6}));
    assertClose(0.1, fit.coefficient("(Intercept)"), 1e-14);
    assertEquals(0, fit.coefficient("x"), 1e-16);
    assertTrue(Double.isNaN(fit.rSquared()));
  }

  @Test
  void missingValuesAreLeftOutInPairs() {
    double[] x = {1, 2, Double.NaN, 4, 5, 6};
    double[] y = {2, 1, 4, Double.NaN, 7, 8};
    RegressionFit fit = fit(Designs.of("y ~ x"), table("y", y, "x", x));
    RegressionFit clean =
        fit(
            Designs.of("y ~ x"),
            table("y", new double[] {2, 1, 7, 8}, "x", new double[] {1, 2, 5, 6}));
    assertArrayEquals(clean.coefficients(), fit.coefficients(), 1e-15);
    assertEquals(4, fit.rows());
    assertEquals(2, fit.omitted());
  }

  @Test
  void weightsOfZeroAreRowsLeftOutAndWholeWeightsAreRepetitions() {
    double[] x = {1, 2, 3, 5, 8};
    double[] y = {2, 1, 4, 4, 9};
    Rows rows = table("y", y, "x", x, "w", new double[] {1, 0, 2, 3, 1});
    Rows repeated =
        table("y", new double[] {2, 4, 4, 4, 4, 4, 9}, "x", new double[] {1, 3, 3, 5, 5, 5, 8});
    RegressionFit weighted = fit(Designs.of("y ~ x", "w", null), rows);
    RegressionFit plain = fit(Designs.of("y ~ x"), repeated);
    assertArrayEquals(plain.coefficients(), weighted.coefficients(), 1e-14);
    assertClose(plain.deviance(), weighted.deviance(), 1e-14);
    assertEquals(4, weighted.rows());
    assertEquals(2, weighted.degreesOfFreedom());
  }

  /** Fourteen digits at an offset of 10⁷: the exact solution is known. */
  @ParameterizedTest
  @EnumSource(
      value = Accuracy.class,
      names = {"AUTO", "DOUBLE", "DOUBLE_DOUBLE"})
  void offsetsCostNoDigits(Accuracy accuracy) {
    int n = 3000;
    double[] x = new double[n];
    double[] z = new double[n];
    double[] y = new double[n];
    Random random = new Random(3);
    for (int i = 0; i < n; i++) {
      x[i] = 1e7 + random.nextInt(1000) / 256.0;
      z[i] = -1e7 + random.nextInt(1000) / 256.0;
      // Exact in binary: 2 ^ 24 times 2 ^ 8 times a half.
      y[i] = 0.5 * x[i] - 0.25 * z[i] + 3;
    }
    RegressionFit fit =
        fit(
            Designs.of("y ~ x + z"),
            table("y", y, "x", x, "z", z),
            OlsOptions.defaults().withAccuracy(accuracy));
    assertClose(0.5, fit.coefficient("x"), 1e-14);
    assertClose(-0.25, fit.coefficient("z"), 1e-14);
    assertEquals(3, fit.coefficient("(Intercept)"), 1e-14 * 7.5e6);
  }

  /** Shifting and scaling columns changes what belongs to them and nothing else. */
  @Test
  void shiftsAndScalesOfColumnsDoNotMatter() {
    Random random = new Random(11);
    int n = 60;
    double[] a = random.doubles(n, -2, 3).toArray();
    double[] b = random.doubles(n, 0, 1).toArray();
    double[] y = random.doubles(n, 5, 6).toArray();
    double[] moved = Arrays.stream(a).map(v -> 1024 * v + 0x1p20).toArray();
    double[] back = Arrays.stream(moved).map(v -> (v - 0x1p20) / 1024).toArray();
    RegressionFit one = fit(Designs.of("y ~ a + b"), table("y", y, "a", back, "b", b));
    RegressionFit two = fit(Designs.of("y ~ a + b"), table("y", y, "a", moved, "b", b));
    assertClose(one.coefficient("a"), 1024 * two.coefficient("a"), 1e-14);
    assertClose(one.standardError("a"), 1024 * two.standardError("a"), 1e-13);
    assertClose(one.coefficient("b"), two.coefficient("b"), 1e-13);
    assertClose(one.standardError("b"), two.standardError("b"), 1e-13);
    assertClose(one.sigma(), two.sigma(), 1e-13);
    assertClose(one.rSquared(), two.rSquared(), 1e-13);
    assertClose(one.conditionNumber(), two.conditionNumber(), 1e-10);
    assertClose(
        one.coefficient("(Intercept)"),
        two.coefficient("(Intercept)") + 0x1p20 * two.coefficient("a"),
        1e-13);
  }

  /** The residual passes of ill-conditioned sums in double, beside double-double. */
  @ParameterizedTest
  @EnumSource(Accuracy.class)
  void everyAccuracySaysWhatItDid(Accuracy accuracy) {
    NistData longley = NistData.read("Longley");
    RegressionFit fit =
        fit(
            Designs.of(longley.formula()),
            longley.rows(),
            OlsOptions.defaults().withAccuracy(accuracy));
    double digits = longley.digits("certified", fit.coefficients());
    switch (accuracy) {
      case AUTO, DOUBLE_DOUBLE -> {
        assertEquals("normal equations in double-double, Cholesky factor", fit.method());
        assertTrue(digits >= 14.7, () -> digits + " digits");
      }
      case DOUBLE -> {
        assertEquals("normal equations in double, Cholesky factor", fit.method());
        assertTrue(digits >= 10, () -> digits + " digits");
      }
      case REFINED -> {
        assertTrue(fit.method().contains("refining pass"), fit.method());
        assertTrue(fit.iterations() >= 1);
        assertTrue(digits >= 11.5, () -> digits + " digits");
      }
    }
  }

  @Test
  void rowsThatCanBeReadOnlyOnceAreSummedInDoubleDouble() {
    RegressionFit fit = fit(Designs.of("dist ~ speed"), new ReadOnce(Cars.cars()));
    assertClose(new double[] {-17.57909489051089, 3.93240875912409}, fit.coefficients(), 1e-14);
    assertTrue(fit.method().contains("double-double"));
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                fit(
                    Designs.of("dist ~ speed"),
                    new ReadOnce(Cars.cars()),
                    OlsOptions.defaults().withAccuracy(Accuracy.REFINED)));
    assertTrue(e.getMessage().startsWith("accuracy = REFINED"), e.getMessage());
  }

  /** Passes that refine know one response: several are summed up with more digits instead. */
  @Test
  void severalResponsesAreAsGoodAsRefinedOnes() {
    Random random = new Random(21);
    double[] x = random.doubles(60, 0, 1).toArray();
    double[] z = new double[60];
    double[] y = new double[60];
    double[] minus = new double[60];
    for (int i = 0; i < 60; i++) {
      z[i] = x[i] + 1e-7 * random.nextInt(100);
      y[i] = 1 + 2 * x[i] - z[i];
      minus[i] = -y[i] + 3;
    }
    Rows rows = new ListRows().numbers("x", x).numbers("z", z).numbers("y", y).numbers("v", minus);
    OlsOptions refined = OlsOptions.defaults().withAccuracy(Accuracy.REFINED);
    RegressionFits fits =
        OlsSolver.fit(
            Designs.of("y, v ~ x + z"),
            rows,
            refined,
            new ReferenceBackend(),
            Execution.defaults());
    assertArrayEquals(new double[] {1, 2, -1}, fits.fit("y").coefficients(), 1e-8);
    assertArrayEquals(new double[] {2, -2, 1}, fits.fit("v").coefficients(), 1e-8);
    assertEquals(
        "normal equations in double-double, Cholesky factor (2 responses are not refined)",
        fits.fit("v").method());
    assertEquals(0, fits.fit("v").iterations());
  }

  @Test
  void refinementThatDoesNotSettleIsTold() {
    Random random = new Random(22);
    double[] x = random.doubles(60, 0, 1).toArray();
    double[] z = new double[60];
    double[] y = new double[60];
    for (int i = 0; i < 60; i++) {
      // So far from 0 that residuals are rounded more than a correction is large.
      x[i] += 1e6;
      z[i] = x[i] + 1e-4 * random.nextDouble();
      y[i] = 1 + 2 * x[i] + random.nextGaussian();
    }
    Rows rows = new ListRows().numbers("x", x).numbers("z", z).numbers("y", y);
    RegressionFit fit =
        fit(Designs.of("y ~ x + z"), rows, OlsOptions.defaults().withAccuracy(Accuracy.REFINED));
    assertTrue(fit.method().endsWith("that did not settle"), fit.method());
  }

  /** R 4.2: solve(t(Xc) %*% Xc + 7 diag, ...) of centred columns. */
  @Test
  void ridgeDoesNotPenaliseTheIntercept() {
    RegressionFit fit =
        fit(
            Designs.of("mpg ~ wt + hp + qsec + cyl"),
            Cars.mtcars(),
            OlsOptions.defaults().withRidge(7));
    assertEquals("Ridge", fit.model());
    assertClose(
        new double[] {
          41.97145605236529,
          -1.9569622492951841,
          -0.0285583556179949,
          -0.2303952307822650,
          -1.1771108833423474
        },
        fit.coefficients(),
        1e-13);
    assertTrue(fit.degreesOfFreedom() > 27 && fit.degreesOfFreedom() < 31);
    RegressionFit plain = fit(Designs.of("mpg ~ wt + hp + qsec + cyl"), Cars.mtcars());
    RegressionFit nearly =
        fit(
            Designs.of("mpg ~ wt + hp + qsec + cyl"),
            Cars.mtcars(),
            OlsOptions.defaults().withRidge(1e-12));
    assertArrayEquals(plain.coefficients(), nearly.coefficients(), 1e-9);
    for (int i = 0; i < 5; i++) {
      assertClose(plain.standardErrors()[i], nearly.standardErrors()[i], 1e-9);
    }
    assertTrue(fit.standardError("wt") < plain.standardError("wt"));
    assertThrows(IllegalArgumentException.class, () -> OlsOptions.defaults().withRidge(-1));
    assertThrows(IllegalArgumentException.class, () -> OlsOptions.defaults().withRidge(Double.NaN));
  }

  /** Ridge is least squares with rows √λ eⱼ and responses 0 added, without an intercept. */
  @Test
  void ridgeIsLeastSquaresWithRowsAdded() {
    double[] a = {1, 2, -1, 4, 0.5, 3};
    double[] b = {0, 1, 1, -2, 3, 1};
    double[] y = {3, 1, 4, 1, 5, 9};
    RegressionFit ridge =
        fit(
            Designs.of("y ~ a + b - 1"),
            table("y", y, "a", a, "b", b),
            OlsOptions.defaults().withRidge(4));
    RegressionFit rows =
        fit(
            Designs.of("y ~ a + b - 1"),
            table(
                "y", new double[] {3, 1, 4, 1, 5, 9, 0, 0},
                "a", new double[] {1, 2, -1, 4, 0.5, 3, 2, 0},
                "b", new double[] {0, 1, 1, -2, 3, 1, 0, 2}));
    assertArrayEquals(rows.coefficients(), ridge.coefficients(), 1e-14);
    // Dependent columns are no trouble for a penalty.
    RegressionFit twice =
        fit(
            Designs.of("y ~ a + a*1"),
            table("y", y, "a", a, "b", b),
            OlsOptions.defaults().withRidge(4));
    assertEquals(RegressionStatus.SOLVED, twice.status());
    assertClose(twice.coefficients()[1], twice.coefficients()[2], 1e-13);
  }

  @Test
  void manyResponsesShareOneGramMatrix() {
    Rows rows = Cars.mtcars();
    RegressionFits fits =
        OlsSolver.fit(
            Designs.of("mpg, qsec, mpg*2 ~ wt + hp"),
            rows,
            OlsOptions.defaults(),
            new ReferenceBackend(),
            Execution.defaults());
    assertEquals(List.of("mpg", "qsec", "mpg*2"), fits.responses());
    assertEquals(List.of("(Intercept)", "wt", "hp"), fits.names());
    for (int r = 0; r < 3; r++) {
      RegressionFit alone = fit(Designs.of(fits.responses().get(r) + " ~ wt + hp"), rows);
      assertArrayEquals(alone.coefficients(), fits.coefficients()[r], 1e-13);
      assertArrayEquals(alone.standardErrors(), fits.standardErrors()[r], 1e-13);
      assertEquals(alone.rSquared(), fits.rSquared()[r], 1e-14);
      assertEquals(alone.sigma(), fits.sigma()[r], 1e-13);
      assertArrayEquals(alone.coefficients(), fits.fit(r).coefficients(), 1e-13);
      assertEquals(alone.bic(), fits.fit(fits.responses().get(r)).bic(), 1e-10);
    }
    assertThrows(IndexOutOfBoundsException.class, () -> fits.fit(3));
    assertThrows(IllegalArgumentException.class, () -> fits.fit("cyl"));
    assertTrue(fits.toString().startsWith("3 responses on 3 columns, 32 rows"));
  }

  @Test
  void thereHasToBeAResponse() {
    Design design = Designs.of("dist ~ speed");
    Design none =
        new Design(
            design.numbers(),
            List.of(),
            List.of(),
            design.columns(),
            List.of(),
            null,
            null,
            -1,
            true);
    assertThrows(IllegalArgumentException.class, () -> fit(none, Cars.cars()));
  }

  @Test
  void namesAndLevelsAreChecked() {
    RegressionFit fit = fit(Designs.of("dist ~ speed"), Cars.cars());
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> fit.coefficient("sped"));
    assertEquals(
        "there is no coefficient sped, expected one of [(Intercept), speed]", e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> fit.interval("speed", 1));
    assertThrows(IllegalArgumentException.class, () -> fit.interval("speed", Double.NaN));
  }
}
