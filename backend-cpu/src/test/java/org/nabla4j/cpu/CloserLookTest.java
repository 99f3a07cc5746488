package org.nabla4j.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nabla4j.CurveFit;
import org.nabla4j.backend.Execution;
import org.nabla4j.backend.KernelPreference;
import org.nabla4j.method.Covariance;
import org.nabla4j.method.GaussNewton;
import org.nabla4j.method.LevenbergMarquardt;
import org.nabla4j.objective.Loss;
import org.nabla4j.objective.MissingData;
import org.nabla4j.result.BatchFit;
import org.nabla4j.result.FitResult;
import org.nabla4j.result.Status;

/** Problems that lanes hand over, through the front door. */
class CloserLookTest {

  private static final double[] X = new double[40];

  static {
    for (int i = 0; i < X.length; i++) {
      X[i] = 0.25 * i;
    }
  }

  private static double[] decay(long seed, double noise) {
    Random random = new Random(seed);
    return Arrays.stream(X)
        .map(x -> 5 * Math.exp(-0.7 * x) + 1 + noise * random.nextGaussian())
        .toArray();
  }

  @Test
  void parametersThatAreNotDeterminedAreSingular() {
    for (String formula : new String[] {"y = a*b*exp(-k*x)", "y = (a + b)*exp(-k*x)"}) {
      FitResult fit = CurveFit.of(formula).start(1, 2, 0.5).fit(X, decay(1, 0.1));
      assertEquals(Status.SINGULAR, fit.status(), fit::toString);
      assertTrue(Double.isNaN(fit.standardError("a")));
      assertFalse(fit.converged());
    }
  }

  @Test
  void aColumnOfZerosIsSingular() {
    FitResult fit =
        CurveFit.of("y = a*exp(-k*x) + c*z")
            .data("z", new double[X.length])
            .start(1, 0.5, 1)
            .fit(X, decay(2, 0.1));
    assertEquals(Status.SINGULAR, fit.status(), fit::toString);
  }

  /** Powers of x far from 0: the scaled curvature has pivots of 1e-12 and less. */
  @ParameterizedTest
  @EnumSource(
      value = KernelPreference.class,
      names = {"SCALAR", "VECTOR"})
  void illConditionedPolynomialsKeepTheirDigits(KernelPreference kernel) {
    double[] x = new double[50];
    double[] y = new double[50];
    for (int i = 0; i < 50; i++) {
      x[i] = 10 + 0.01 * i;
      double u = x[i];
      y[i] = 1 + u * (1 + u * (1 + u)) + (i % 2 == 0 ? 1e-3 : -1e-3);
    }
    FitResult fit =
        CurveFit.of("y = a + b*x + c*x^2 + d*x^3")
            .start(0, 0, 0, 0)
            .execution(Execution.defaults().withKernel(kernel))
            .fit(x, y);
    assertTrue(fit.converged(), fit::toString);
    // the same polynomial in x − 10.245 is well-conditioned; the cost must agree
    double[] shifted = Arrays.stream(x).map(v -> v - 10.245).toArray();
    FitResult other = CurveFit.of("y = a + b*x + c*x^2 + d*x^3").start(0, 0, 0, 0).fit(shifted, y);
    assertEquals(other.cost(), fit.cost(), 1e-9 * other.cost());
    // d is the same in both
    assertEquals(other.parameter("d"), fit.parameter("d"), 1e-4 * other.standardError("d"));
    assertEquals(other.standardError("d"), fit.standardError("d"), 1e-6 * other.standardError("d"));
  }

  @Test
  void largeResidualsDoNotStopTheFit() {
    // contraction of undamped steps is slow here: lanes hand such problems over
    NistProblem enso = NistProblem.read("ENSO");
    FitResult fit = enso.fit(enso.start(1)).fit(enso.x(), enso.y());
    assertTrue(fit.converged());
    assertEquals(enso.squares(), fit.chiSquared(), 1e-9 * enso.squares());
  }

  @Test
  void resultsDoNotDependOnNeighbours() {
    NistProblem mgh = NistProblem.read("MGH10");
    double[][] starts = {mgh.start(1), mgh.start(2), mgh.start(1), mgh.start(2)};
    double[][] rows = new double[4][];
    Arrays.fill(rows, mgh.y());
    BatchFit batch = CurveFit.of(mgh.formula()).starts(starts).fitBatch(mgh.x(), rows);
    for (int i = 0; i < 4; i++) {
      assertTrue(batch.converged(i), batch.statusMessage(i));
      for (int j = 0; j < 3; j++) {
        assertEquals(batch.parameter(i % 2, j), batch.parameter(i, j));
      }
      FitResult alone = mgh.fit(starts[i]).fitBatch(mgh.x(), new double[][] {mgh.y()}).get(0);
      assertEquals(alone.evaluations(), batch.evaluations(i));
      assertEquals(alone.parameters()[0], batch.parameter(i, 0));
    }
  }

  @Test
  void gaussNewtonHasNoSecondAttempt() {
    NistProblem mgh = NistProblem.read("MGH10");
    FitResult fit = mgh.fit(mgh.start(1)).method(GaussNewton.defaults()).fit(mgh.x(), mgh.y());
    assertFalse(fit.converged() && Math.abs(fit.chiSquared() / mgh.squares() - 1) > 1e-6);
    FitResult easy =
        CurveFit.of("y = a*exp(-b*x) + c")
            .start(4, 0.6, 1)
            .method(GaussNewton.defaults())
            .fit(X, decay(3, 0.1));
    assertTrue(easy.converged(), easy::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {"MGH10", "MGH09", "Lanczos2", "Bennett5", "BoxBOD"})
  void theLimitIsThatOfAllAttemptsTogether(String name) {
    NistProblem problem = NistProblem.read(name);
    int usual = LevenbergMarquardt.defaults().evaluationLimit(problem.start(1).length);
    for (int limit : new int[] {1, 2, 3, 5, 9, 20, 21, 22, 50, 120, usual, usual + 50}) {
      for (Covariance covariance : Covariance.values()) {
        FitResult fit =
            problem
                .fit(problem.start(1))
                .method(
                    LevenbergMarquardt.defaults()
                        .withMaxEvaluations(limit)
                        .withCovariance(covariance))
                .fit(problem.x(), problem.y());
        int most = fit.converged() ? limit + 1 : limit;
        assertTrue(fit.evaluations() <= most, () -> fit.evaluations() + " of " + limit);
        if (fit.status() == Status.ITERATION_LIMIT) {
          assertEquals(limit, fit.evaluations(), fit::toString);
        }
        assertTrue(Double.isFinite(fit.cost()));
      }
    }
  }

  @Test
  void boundsHold() {
    NistProblem bennett = NistProblem.read("Bennett5");
    double[] start = {-1500, 39, 0.85};
    FitResult fit = bennett.fit(start).bounds("b2", 0, 40).fit(bennett.x(), bennett.y());
    assertTrue(fit.parameter("b2") <= 40);
    assertTrue(fit.isAtBound("b2"), fit::toString);
    assertTrue(fit.converged(), fit::toString);
    // a fit in which it is fixed there must agree
    FitResult fixed = bennett.fit(start).fix("b2", 40).fit(bennett.x(), bennett.y());
    assertTrue(fixed.converged(), fixed::toString);
    assertEquals(fixed.cost(), fit.cost(), 1e-9 * fit.cost());
    assertEquals(fixed.parameter("b1"), fit.parameter("b1"), -1e-7 * fixed.parameter("b1"));
  }

  @Test
  void robustLossesAndMissingPoints() {
    double[] y = decay(4, 0.05);
    y[3] += 20;
    y[17] -= 15;
    FitResult robust =
        CurveFit.of("y = a*exp(-b*x) + c").loss(Loss.cauchy(0.2)).start(3, 1, 0).fit(X, y);
    assertTrue(robust.converged(), robust::toString);
    assertEquals(0.7, robust.parameter("b"), 0.1);
    double[] holes = y.clone();
    holes[3] = Double.NaN;
    holes[17] = Double.NaN;
    FitResult masked =
        CurveFit.of("y = a*b*exp(-k*x) + c")
            .missing(MissingData.OMIT)
            .start(1, 2, 1, 0)
            .fit(X, holes);
    assertEquals(Status.SINGULAR, masked.status(), masked::toString);
    assertEquals(38, masked.points());
    assertNotEquals(0, masked.cost());
  }
}
