package org.nabla4j.result;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.nabla4j.CurveFit;
import org.nabla4j.method.Covariance;
import org.nabla4j.method.LevenbergMarquardt;
import org.nabla4j.objective.CodedModel;
import org.nabla4j.objective.LeastSquaresProblem;
import org.nabla4j.objective.Loss;
import org.nabla4j.objective.MissingData;
import org.nabla4j.objective.SigmaKind;

/** Statistics of a fit against SciPy 1.17 and NumPy on the same data. */
class FitResultTest {

  private static final double[] X = {0, 0.5, 1, 1.5, 2, 3, 4, 5, 6, 8};
  private static final double[] Y = {2.53, 2.08, 1.71, 1.49, 1.22, 0.98, 0.79, 0.66, 0.62, 0.53};
  private static final double[] SIGMA = {
    0.05, 0.05, 0.04, 0.04, 0.04, 0.03, 0.03, 0.02, 0.02, 0.02
  };
  private static final double[] NEW_X = {0.25, 2.5, 10};

  private static CurveFit decay() {
    return CurveFit.of("y = a*exp(-b*x) + c").start(2, 0.5, 0.5).backend("reference");
  }

  private static void assertClose(double[] expected, double[] actual) {
    assertEquals(expected.length, actual.length);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual[i], 1e-8 * Math.abs(expected[i]), "element " + i);
    }
  }

  private static void assertClose(double expected, double actual) {
    assertEquals(expected, actual, 1e-8 * Math.abs(expected));
  }

  @Test
  void withoutSigma() {
    FitResult fit = decay().fit(X, Y);
    assertTrue(fit.converged());
    assertEquals("reference", fit.backend());
    assertClose(
        new double[] {2.0193465106269493, 0.49764561934885626, 0.504779818765828},
        fit.parameters());
    assertClose(
        new double[] {0.0220022139173143, 0.01473109123691522, 0.018380382927450277},
        fit.standardErrors());
    assertClose(0.003327939515392489, fit.chiSquared());
    assertClose(0.5 * 0.003327939515392489, fit.cost());
    assertClose(0.0004754199307703556, fit.reducedChiSquared());
    assertClose(Math.sqrt(0.0004754199307703556), fit.residualStandardDeviation());
    assertEquals(7, fit.degreesOfFreedom());
    // Without σ, χ² has no distribution to compare with.
    assertTrue(Double.isNaN(fit.pValue()));
    assertClose(0.9991969432335224, fit.rSquared());
    assertClose(0.9989674984431002, fit.adjustedRSquared());
    assertClose(-43.70109957234424, fit.aic());
    assertClose(-42.49075920036806, fit.bic());
    assertClose(-0.181293578381224, fit.correlation()[0][1]);
    assertEquals(1, fit.correlation()[2][2]);
    Interval interval = fit.confidenceInterval("a", 0.95);
    assertClose(1.9673195420093357, interval.lower());
    assertClose(2.071373479244563, interval.upper());
    Band confidence = fit.confidenceBand(0.95, NEW_X);
    assertClose(
        new double[] {2.2878960844331675, 1.0867476538885068, 0.5187102122546563},
        confidence.fit());
    assertClose(
        new double[] {2.255078479001566, 1.062094217336418, 0.4793246051978787},
        confidence.lower());
    assertClose(confidence.fit(), fit.predict(NEW_X));
    assertClose(
        new double[] {2.226779139347556, 1.0295980459794294, 0.45382946169207183},
        fit.predictionBand(0.95, NEW_X).lower());
    assertEquals(
        confidence.fit()[1] - confidence.lower()[1],
        confidence.upper()[1] - confidence.fit()[1],
        1e-14);
  }

  @Test
  void absoluteSigma() {
    FitResult fit = decay().sigma(SIGMA, SigmaKind.ABSOLUTE).fit(X, Y);
    assertClose(
        new double[] {0.03791757447890221, 0.02241342638339913, 0.020415127860380324},
        fit.standardErrors());
    assertClose(3.144604606061596, fit.chiSquared());
    assertClose(0.8713105793918733, fit.pValue());
    assertClose(0.9989566211651257, fit.rSquared());
    assertClose(-41.27117839511892, fit.aic());
    assertClose(-40.36342311613679, fit.bic());
    Interval interval = fit.confidenceInterval("a", 0.95);
    assertClose(1.9448956683834377, interval.lower());
    assertClose(
        new double[] {2.2242570205689014, 1.0578118384440196, 0.4786159470710703},
        fit.confidenceBand(0.95, NEW_X).lower());
    double[] sigma = {0.03, 0.03, 0.03};
    assertClose(
        new double[] {2.2003151754123356, 1.023278816041281, 0.44503222743632004},
        fit.predictionBand(0.95, Map.of("x", NEW_X), sigma).lower());
  }

  @Test
  void relativeSigmaAndWeightsAgree() {
    double[] weights = Arrays.stream(SIGMA).map(s -> 1 / (s * s)).toArray();
    for (FitResult fit :
        List.of(
            decay().sigma(SIGMA, SigmaKind.RELATIVE).fit(X, Y),
            decay().weights(weights, SigmaKind.RELATIVE).fit(X, Y))) {
      assertClose(
          new double[] {0.025414089299105883, 0.015022501503190368, 0.013683150613577727},
          fit.standardErrors());
      assertTrue(Double.isNaN(fit.pValue()));
      assertClose(-43.984752323063496, fit.aic());
      assertClose(-42.774411951087316, fit.bic());
      assertClose(
          new double[] {2.2357837023726503, 1.0640872689243597, 0.4852530024831816},
          fit.confidenceBand(0.95, NEW_X).lower());
      double[] sigma = {0.03, 0.03, 0.03};
      assertClose(
          new double[] {2.2164236882774246, 1.0361629466302436, 0.4580963117082198},
          fit.predictionBand(0.95, Map.of("x", NEW_X), sigma).lower());
      assertEquals(
          "the fit has sigma or weights: give the sigma of the new observations too",
          assertThrows(IllegalStateException.class, () -> fit.predictionBand(0.95, 1.0))
              .getMessage());
    }
  }

  @Test
  void residualsAddUp() {
    FitResult fit = decay().fit(X, Y);
    double[] residuals = fit.residuals();
    double sum = 0;
    for (int k = 0; k < X.length; k++) {
      assertEquals(Y[k] - fit.predict(X[k])[0], residuals[k], 1e-14);
      sum += residuals[k] * residuals[k];
    }
    assertClose(sum, fit.chiSquared());
  }

  @Test
  void fixedParameters() {
    FitResult fit = decay().fix("c", 0.5).fit(X, Y);
    assertTrue(fit.isFixed("c"));
    assertFalse(fit.isFixed("a"));
    assertEquals(0.5, fit.parameter("c"));
    assertEquals(0, fit.standardError("c"));
    assertEquals(8, fit.degreesOfFreedom());
    assertEquals(0, fit.correlation()[0][2]);
    assertEquals(1, fit.correlation()[2][2]);
    assertTrue(Double.isNaN(fit.tStatistic("c")));
    assertEquals(Map.of("a", fit.parameter("a"), "b", fit.parameter("b"), "c", 0.5), fit.toMap());
  }

  /** A result as a backend would leave it, for what the reference backend cannot do. */
  private static FitResult filled(LeastSquaresProblem problem, LevenbergMarquardt method) {
    BatchFit.Builder sink = BatchFit.builder(problem, method, "test", "vector 512-bit double");
    sink.outcome(0, Status.CONVERGED_COST, 2.5e-10, 1.572302303030798, 4, 5);
    sink.freeParameters(
        0, new double[] {2.0192127487432012, 0.4906132757180403, 0.49835283286214793}, 0, 1);
    sink.curvatureInverse(
        0,
        new double[] {
          0.0014377424543630963,
          0.0002048213179862965,
          0.0005023616822440522,
          -0.00011221633364373854,
          0.00037758580972425596,
          0.0004167774455556769
        },
        0,
        1);
    return sink.build().get(0);
  }

  private static final LevenbergMarquardt METHOD = LevenbergMarquardt.defaults();

  @Test
  void reportWithAbsoluteSigma() {
    LeastSquaresProblem problem =
        decay().sigma(SIGMA, SigmaKind.ABSOLUTE).data("x", X).data("y", Y).problem();
    assertEquals(
        """
        y = a*exp(-b*x) + c
        converged: relative reduction of the cost 2.50e-10 <= costTolerance 1.49e-08

        parameter         value  standard error      t  95 % confidence interval
        a           2.019212749         0.03792  53.25  1.9449 to 2.09353
        b          0.4906132757         0.02241  21.89  0.446684 to 0.534543
        c          0.4983528329         0.02042  24.41  0.45834 to 0.538366

        10 points, 3 free parameters, 7 degrees of freedom
        chi-squared 3.1446, reduced 0.449229, p-value 0.871311
        R-squared 0.998957, adjusted 0.998659, residual standard deviation 0.670246 in units of sigma
        AIC -41.2712, BIC -40.3634
        4 iterations, 5 evaluations, backend test (vector 512-bit double)\
        """,
        filled(problem, METHOD).toString());
  }

  @Test
  void reportOfBoundsFixedParametersAndMissingErrors() {
    LeastSquaresProblem problem =
        CurveFit.of("y = a*exp(-b*x) + c + d*0")
            .data("x", X)
            .data("y", Y)
            .start(2, 0.5, 0.5, 7)
            .fix("d")
            .bounds("b", 0.4906132757180403, 3)
            .loss(Loss.huber(1.345))
            .problem();
    FitResult fit = filled(problem, METHOD.withCovariance(Covariance.NONE));
    assertTrue(fit.isAtBound("b"));
    assertFalse(fit.isAtBound("a"));
    assertFalse(fit.isAtBound("d"));
    assertTrue(Double.isNaN(fit.aic()));
    assertEquals(
        """
        y = a*exp(-b*x) + c + d*0
        converged: relative reduction of the cost 2.50e-10 <= costTolerance 1.49e-08

        parameter         value  standard error  t  95 % confidence interval
        a           2.019212749               -  -  -
        b          0.4906132757               -  -  - (at bound)
        c          0.4983528329               -  -  -
        d                     7           fixed

        10 points, 3 free parameters, 7 degrees of freedom
        robust chi-squared 3.1446, reduced 0.449229
        R-squared 0.99917, adjusted 0.998933, robust residual standard deviation 0.670246
        4 iterations, 5 evaluations, backend test (vector 512-bit double)\
        """,
        fit.toString());
  }

  @Test
  void theSpreadOfResidualsHasItsUnit() {
    double[] weights = Arrays.stream(SIGMA).map(s -> 1 / (s * s)).toArray();
    String plain = decay().fit(X, Y).toString();
    assertTrue(plain.contains(", residual standard deviation 0.0218041\n"), plain);
    String weighted = decay().weights(weights, SigmaKind.RELATIVE).fit(X, Y).toString();
    assertTrue(
        weighted.contains(", residual standard deviation 0.670246 in units of 1/sqrt(weight)\n"),
        weighted);
  }

  /** Six digits of 300000.00001 ± 0.00001 are those of 300000. */
  @Test
  void intervalsShowTheirWidth() {
    double[] x = {0, 1, 2, 3};
    double[] y = {300000.00001, 299999.99999, 300000.00002, 299999.99998};
    FitResult fit = CurveFit.of("y = a + 0*x").start(3e5).backend("reference").fit(x, y);
    Interval interval = fit.confidenceInterval("a", 0.95);
    String[] ends =
        fit.toString()
            .lines()
            .filter(l -> l.startsWith("a "))
            .findFirst()
            .orElseThrow()
            .replaceAll(".* {2}(\\S+ to \\S+)$", "$1")
            .split(" to ", -1);
    double half = interval.upper() - fit.parameter("a");
    assertEquals(interval.lower(), Double.parseDouble(ends[0]), 0.01 * half, ends[0]);
    assertEquals(interval.upper(), Double.parseDouble(ends[1]), 0.01 * half, ends[1]);
    assertTrue(ends[1].length() < 17, ends[1]);
  }

  @Test
  void bandsShowAndCompareTheirValues() {
    Band band = new Band(new double[] {1, 2}, new double[] {0.5, 1}, new double[] {1.5, 3});
    assertEquals("Band[fit=[1.0, 2.0], lower=[0.5, 1.0], upper=[1.5, 3.0]]", band.toString());
    Band same = new Band(new double[] {1, 2}, new double[] {0.5, 1}, new double[] {1.5, 3});
    assertEquals(same, band);
    assertEquals(same.hashCode(), band.hashCode());
    assertNotEquals(new Band(band.fit(), band.lower(), band.lower()), band);
    assertNotEquals(new Band(band.fit(), band.upper(), band.upper()), band);
    assertNotEquals(new Band(band.upper(), band.lower(), band.upper()), band);
  }

  @Test
  void strongCorrelationsAreNamed() {
    double[] x = {10, 10.1, 10.2, 10.3, 10.4};
    double[] y = {1, 2.1, 2.9, 4.2, 5};
    FitResult fit = CurveFit.of("y = a + b*x").start(0, 1).backend("reference").fit(x, y);
    assertTrue(fit.toString().contains("\ncorrelation of a and b -0.9999\n"), () -> fit.toString());
  }

  @Test
  void oneOfEverythingAndNoResidual() {
    LeastSquaresProblem problem =
        CurveFit.of("y = a*x")
            .data("x", new double[] {1, 2})
            .data("y", new double[] {3, 6})
            .start(1)
            .problem();
    BatchFit.Builder sink = BatchFit.builder(problem, METHOD, "test", "scalar");
    sink.outcome(0, Status.CONVERGED_EXACT, 0, 0, 1, 1);
    sink.freeParameters(0, new double[] {3}, 0, 1);
    String report = sink.build().get(0).toString();
    assertTrue(report.contains("\n2 points, 1 free parameter, 1 degree of freedom\n"), report);
    assertTrue(report.endsWith("\n1 iteration, 1 evaluation, backend test (scalar)"), report);
    assertFalse(report.contains("Infinity"), report);
  }

  @Test
  void noDegreesOfFreedom() {
    LeastSquaresProblem problem =
        decay().data("x", new double[] {0, 1, 2}).data("y", new double[] {3, 2, 1}).problem();
    FitResult fit = filled(problem, METHOD);
    assertEquals(0, fit.degreesOfFreedom());
    assertTrue(Double.isNaN(fit.reducedChiSquared()));
    assertTrue(Double.isNaN(fit.standardError("a")));
    assertTrue(Double.isNaN(fit.confidenceInterval("a", 0.95).lower()));
    assertTrue(Double.isNaN(fit.adjustedRSquared()));
  }

  @Test
  void missingPointsDoNotCount() {
    double[] x = Arrays.copyOf(X, 12);
    double[] y = Arrays.copyOf(Y, 12);
    x[10] = 1;
    y[10] = Double.NaN;
    x[11] = Double.NaN;
    LeastSquaresProblem problem =
        decay().missing(MissingData.OMIT).data("x", x).data("y", y).problem();
    BatchFit.Builder sink = BatchFit.builder(problem, METHOD, "test", "scalar");
    FitResult whole = decay().fit(X, Y);
    sink.outcome(0, Status.CONVERGED_COST, 1e-10, whole.cost(), 4, 5);
    sink.freeParameters(0, whole.parameters(), 0, 1);
    sink.points(0, 10);
    FitResult fit = sink.build().get(0);
    assertEquals(whole.rSquared(), fit.rSquared(), 1e-14);
    assertEquals(whole.aic(), fit.aic(), 1e-12);
    assertEquals(7, fit.degreesOfFreedom());
    assertTrue(Double.isNaN(fit.residuals()[10]));
    assertArrayEquals(whole.residuals(), Arrays.copyOf(fit.residuals(), 10), 1e-15);
  }

  @Test
  void codedModelsHaveNoCurve() {
    CodedModel model =
        CodedModel.of(List.of("a", "b", "c"), List.of("x", "y"), (theta, data) -> data[1])
            .withResponse("y");
    LeastSquaresProblem problem =
        CurveFit.of(model).data("x", X).data("y", Y).start(2, 0.5, 0.5).problem();
    FitResult fit = filled(problem, METHOD);
    double mean = Arrays.stream(Y).average().orElseThrow();
    double total = Arrays.stream(Y).map(y -> (y - mean) * (y - mean)).sum();
    assertEquals(1 - fit.chiSquared() / total, fit.rSquared(), 1e-12);
    assertEquals(
        "the model is Java code for residuals, expected a formula to predict from",
        assertThrows(IllegalStateException.class, () -> fit.predict(1)).getMessage());
    assertTrue(fit.toString().startsWith("coded(a, b, c; x, y)\nconverged"));
  }

  @Test
  void newDataAreChecked() {
    FitResult fit =
        CurveFit.of("z = a + b*u + c*v")
            .data("u", X)
            .data("v", Y)
            .data("z", SIGMA)
            .start(0, 0, 0)
            .backend("reference")
            .fit();
    assertEquals(
        fit.parameter("a") + 2 * fit.parameter("b") + 3 * fit.parameter("c"),
        fit.predict(Map.of("u", new double[] {2}, "v", new double[] {3}))[0],
        1e-12);
    assertMessage(
        "the prediction reads [u, v], expected one column; give each by name",
        () -> fit.predict(1));
    assertMessage(
        "no values for column v, expected each of [u, v]",
        () -> fit.predict(Map.of("u", new double[1])));
    assertMessage(
        "column v has 2 values, expected 1 as in column u",
        () -> fit.predict(Map.of("u", new double[1], "v", new double[2])));
    assertMessage(
        "column z is not read by the prediction, expected [u, v]",
        () -> fit.predict(Map.of("z", new double[1])));
    assertMessage("level = 95.0, expected 0 < level < 1", () -> fit.confidenceInterval("a", 95));
    assertMessage("no parameter q, expected one of [a, b, c]", () -> fit.standardError("q"));
  }

  private static void assertMessage(String expected, Runnable code) {
    assertEquals(expected, assertThrows(IllegalArgumentException.class, code::run).getMessage());
  }

  @Test
  void numbersInReports() {
    assertEquals("0", Report.number(0, 5));
    assertEquals("1.5", Report.number(1.5, 10));
    assertEquals("123457", Report.number(123456.7, 6));
    assertEquals("1.23457e7", Report.number(12345678, 6));
    assertEquals("0.0000123", Report.number(1.23e-5, 6));
    assertEquals("1.23e-6", Report.number(1.23e-6, 6));
    assertEquals("-2", Report.number(-1.99999999999, 6));
    assertEquals("100000", Report.number(99999.99, 4));
    assertEquals("NaN", Report.number(Double.NaN, 4));
  }
}
