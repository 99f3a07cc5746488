package org.nabla4j.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nabla4j.CurveFit;
import org.nabla4j.Minimize;
import org.nabla4j.backend.Execution;
import org.nabla4j.backend.KernelPreference;
import org.nabla4j.data.Column;
import org.nabla4j.method.Bfgs;
import org.nabla4j.method.LimitedMemoryBfgs;
import org.nabla4j.method.MinimizationMethod;
import org.nabla4j.method.NelderMead;
import org.nabla4j.method.NewtonConjugateGradient;
import org.nabla4j.method.NewtonRaphson;
import org.nabla4j.objective.CodedObjective;
import org.nabla4j.objective.Objective;
import org.nabla4j.objective.SigmaKind;
import org.nabla4j.result.BatchMinima;
import org.nabla4j.result.FitResult;
import org.nabla4j.result.Minimum;

/** Maximum likelihood estimates and their standard errors. */
class LikelihoodTest {

  private static final String LOGISTIC = "log(1 + exp(a + b*x)) - y*(a + b*x)";

  /** Two groups, x = 0 and x = 1, with so many successes of so many trials. */
  private static double[][] groups(int n0, int s0, int n1, int s1) {
    double[] x = new double[n0 + n1];
    double[] y = new double[n0 + n1];
    Arrays.fill(x, n0, n0 + n1, 1);
    Arrays.fill(y, 0, s0, 1);
    Arrays.fill(y, n0, n0 + s1, 1);
    return new double[][] {x, y};
  }

  /**
   * With two groups a = logit p₀ and a + b = logit p₁, var a = 1/(n₀p₀q₀) and var b = 1/(n₀p₀q₀) +
   * 1/(n₁p₁q₁).
   */
  private static void assertClosedForm(Minimum fit, int n0, int s0, int n1, int s1) {
    double p0 = (double) s0 / n0;
    double p1 = (double) s1 / n1;
    double a = Math.log(p0 / (1 - p0));
    double b = Math.log(p1 / (1 - p1)) - a;
    double v0 = 1 / (n0 * p0 * (1 - p0));
    double v1 = 1 / (n1 * p1 * (1 - p1));
    assertTrue(fit.converged(), fit.toString());
    assertArrayEquals(new double[] {a, b}, fit.parameters(), 1e-4);
    double[][] covariance = fit.covariance();
    assertArrayEquals(new double[] {v0, -v0}, covariance[0], 1e-3 * v0);
    assertArrayEquals(new double[] {-v0, v0 + v1}, covariance[1], 1e-3 * v0);
    assertEquals(Math.sqrt(v0), fit.standardError("a"), 1e-3 * Math.sqrt(v0));
    assertEquals(
        Map.of("a", fit.standardError("a"), "b", fit.standardErrors()[1]),
        fit.standardErrorsToMap());
    assertEquals(Optional.empty(), fit.covarianceFailure());
  }

  static Stream<MinimizationMethod> methods() {
    return Stream.of(
        NewtonRaphson.defaults(),
        NewtonConjugateGradient.defaults(),
        Bfgs.defaults(),
        LimitedMemoryBfgs.defaults(),
        NelderMead.defaults());
  }

  @ParameterizedTest
  @MethodSource("methods")
  void logisticRegressionHasItsClosedForm(MinimizationMethod method) {
    for (int scale : new int[] {1, 500}) {
      double[][] data = groups(40 * scale, 10 * scale, 60 * scale, 45 * scale);
      Minimum fit =
          Minimize.of(LOGISTIC)
              .data("x", data[0])
              .data("y", data[1])
              .negativeLogLikelihood()
              .start(0, 0)
              .method(method)
              .run();
      assertClosedForm(fit, 40 * scale, 10 * scale, 60 * scale, 45 * scale);
      String kernel = fit.kernel();
      assertEquals(scale == 1, kernel.startsWith("interpreter"), kernel);
    }
  }

  @ParameterizedTest
  @MethodSource("methods")
  void batchesHaveOneEach(MinimizationMethod method) {
    double[][] first = groups(40, 10, 60, 45);
    double[][] second = groups(40, 30, 60, 20);
    Minimize search =
        Minimize.of(LOGISTIC)
            .data("x", first[0])
            .data("y", new double[][] {first[1], second[1]})
            .start(0, 0)
            .method(method);
    BatchMinima fits = search.negativeLogLikelihood().runBatch();
    assertClosedForm(fits.get(0), 40, 10, 60, 45);
    assertClosedForm(fits.get(1), 40, 30, 60, 20);
    assertEquals(fits.standardError(1, 0), fits.standardErrors(1)[0]);
  }

  @ParameterizedTest
  @MethodSource("methods")
  void aGaussianLikelihoodGivesTheErrorsOfTheFit(MinimizationMethod method) {
    SplittableRandom random = new SplittableRandom(3);
    int n = 60;
    double[] x = random.doubles(n, -1, 2).toArray();
    double[] y = new double[n];
    double[] sigma = new double[n];
    for (int k = 0; k < n; k++) {
      sigma[k] = 0.1 + 0.1 * random.nextDouble();
      y[k] = 1 + 2 * x[k] + 3 * sigma[k] * (random.nextDouble() - 0.5);
    }
    FitResult fit =
        CurveFit.of("y = a + b*x").start(0, 0).sigma(sigma, SigmaKind.ABSOLUTE).fit(x, y);
    Minimum minimum =
        Minimize.of("((y - a - b*x)/s)^2/2")
            .data("x", x)
            .data("y", y)
            .data("s", sigma)
            .negativeLogLikelihood()
            .start(0, 0)
            .method(method)
            .run();
    assertArrayEquals(fit.parameters(), minimum.parameters(), 1e-5);
    for (int j = 0; j < 2; j++) {
      assertArrayEquals(fit.covariance()[j], minimum.covariance()[j], 1e-10);
    }
    assertArrayEquals(fit.standardErrors(), minimum.standardErrors(), 1e-9);
  }

  @Test
  void poissonRatesOverManyRows() {
    SplittableRandom random = new SplittableRandom(4);
    int n = 200_001;
    float[] x = new float[n];
    double[] y = new double[n];
    for (int k = 0; k < n; k++) {
      x[k] = (float) (2 * random.nextDouble() - 1);
      double product = random.nextDouble();
      double limit = Math.exp(-Math.exp(0.5 + 0.8 * x[k]));
      for (; product > limit; product *= random.nextDouble()) {
        y[k]++;
      }
    }
    Minimize search =
        Minimize.of("exp(a + b*x) - y*(a + b*x)")
            .data("x", Column.shared(x))
            .data("y", y)
            .negativeLogLikelihood()
            .start(0, 0);
    double[] errors = null;
    double[] parameters = null;
    for (KernelPreference kernel :
        List.of(KernelPreference.SCALAR, KernelPreference.VECTOR, KernelPreference.AUTO)) {
      for (int threads : new int[] {1, 2, 3}) {
        Minimum fit =
            search
                .execution(Execution.defaults().withKernel(kernel).withParallelism(threads))
                .run();
        assertEquals(0.5, fit.parameter("a"), 5 * fit.standardError("a"), fit.toString());
        assertEquals(0.8, fit.parameter("b"), 5 * fit.standardError("b"), fit.toString());
        errors = errors == null ? fit.standardErrors() : errors;
        parameters = parameters == null ? fit.parameters() : parameters;
        assertArrayEquals(parameters, fit.parameters());
        assertArrayEquals(errors, fit.standardErrors());
        String flavour = kernel == KernelPreference.VECTOR ? "vector " : "scalar double";
        assertTrue(
            kernel == KernelPreference.AUTO || fit.kernel().startsWith(flavour), fit.kernel());
      }
    }
    assertTrue(errors[0] > 1e-3 && errors[0] < 3e-3);
  }

  @Test
  void theReportShowsThem() {
    double[][] data = groups(40, 10, 60, 45);
    Minimize search = Minimize.of(LOGISTIC).data("x", data[0]).data("y", data[1]).start(0, 0);
    Minimum fit = search.negativeLogLikelihood().run();
    assertTrue(fit.toString().contains("standard error"), fit.toString());
    assertTrue(fit.toString().contains("0.3651"), fit.toString());
    assertTrue(search.negativeLogLikelihood().toString().contains("negative log-likelihood"));
    Minimum unsaid = search.run();
    assertFalse(unsaid.toString().contains("standard error"), unsaid.toString());
    for (Executable ask :
        List.<Executable>of(
            unsaid::covariance,
            unsaid::standardErrors,
            unsaid::covarianceFailure,
            unsaid::standardErrorsToMap)) {
      String message = assertThrows(IllegalStateException.class, ask).getMessage();
      assertTrue(message.contains("negativeLogLikelihood()"), message);
    }
  }

  @Test
  void whatIsHeldCountsAsKnown() {
    // f = (a-1)² + (b-2)² + a·b/2 + (c-3)²
    Minimize search =
        Minimize.of("(a-1)^2 + (b-2)^2 + a*b/2 + (c-3)^2")
            .negativeLogLikelihood()
            .start(0, 0, 0)
            .fix("c");
    Minimum free = search.run();
    double det = 4 - 0.25;
    assertArrayEquals(new double[] {2 / det, -0.5 / det, 0}, free.covariance()[0], 1e-12);
    assertArrayEquals(new double[3], free.covariance()[2]);
    assertEquals(0, free.standardError("c"));
    Minimum held = search.bounds("b", 3, 9).run();
    assertEquals(3, held.parameter("b"));
    assertEquals(Math.sqrt(0.5), held.standardError("a"), 1e-12);
    assertTrue(Double.isNaN(held.standardError("b")));
    assertEquals(Optional.empty(), held.covarianceFailure());
    Minimum all = search.fix("a").bounds("b", 3, 9).run();
    assertEquals(Optional.of("bounds hold all parameters"), all.covarianceFailure());
  }

  private static void assertNone(String reason, Minimize search) {
    Minimum minimum = search.negativeLogLikelihood().run();
    assertEquals(Optional.of(reason), minimum.covarianceFailure(), minimum.toString());
    assertTrue(Arrays.stream(minimum.standardErrors()).allMatch(Double::isNaN));
    assertTrue(minimum.toString().contains("no standard errors: " + reason), minimum.toString());
  }

  @Test
  void whereThereIsNoneTheReasonIsTold() {
    String indefinite = "the Hessian is not positive definite";
    assertNone(indefinite, Minimize.of("(a + b - 1)^2").start(3, 3));
    assertNone(indefinite, Minimize.of("(a - 1)^4").start(1));
    assertNone("there are constraints", Minimize.of("a^2 + b^2").start(1, 2).subjectTo("a = 1"));
    assertNone(
        "the search did not converge",
        Minimize.of("a^2 + exp(a)")
            .start(30)
            .method(NewtonRaphson.defaults().withMaxIterations(1)));
    Objective code = CodedObjective.of(List.of("a"), p -> (p[0] - 1) * (p[0] - 1));
    assertNone("the objective has no derivatives", Minimize.of(code).start(0));
  }

  @Test
  void aGradientInCodeIsEnough() {
    Objective code =
        CodedObjective.of(
            List.of("a"),
            p -> Math.exp(p[0]) - 3 * p[0],
            (p, g) -> {
              g[0] = Math.exp(p[0]) - 3;
              return Math.exp(p[0]) - 3 * p[0];
            });
    Minimum fit = Minimize.of(code).start(0).negativeLogLikelihood().run();
    assertEquals(Math.log(3), fit.parameter("a"), 1e-5);
    assertEquals(1 / Math.sqrt(3), fit.standardError("a"), 1e-5);
  }
}
