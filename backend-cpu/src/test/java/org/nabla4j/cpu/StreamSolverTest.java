package org.nabla4j.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nabla4j.CurveFit;
import org.nabla4j.backend.Cancellation;
import org.nabla4j.backend.Execution;
import org.nabla4j.backend.KernelPreference;
import org.nabla4j.data.Column;
import org.nabla4j.method.LevenbergMarquardt;
import org.nabla4j.objective.Loss;
import org.nabla4j.objective.MissingData;
import org.nabla4j.objective.Precision;
import org.nabla4j.objective.SigmaKind;
import org.nabla4j.result.BatchFit;
import org.nabla4j.result.FitResult;
import org.nabla4j.result.Status;

/** Fits of so many points that lanes are points. */
class StreamSolverTest {

  private static final int POINTS = 50_003;

  private final double[] x = new double[POINTS];
  private final double[] y = new double[POINTS];

  StreamSolverTest() {
    SplittableRandom random = new SplittableRandom(17);
    for (int i = 0; i < POINTS; i++) {
      x[i] = 5 * random.nextDouble();
      y[i] = 10 * Math.exp(-0.7 * x[i]) + 1 + 0.3 * (random.nextDouble() - 0.5);
    }
  }

  private static CurveFit decay(KernelPreference kernel, int threads) {
    return CurveFit.of("y = a*exp(-b*x)+c")
        .start(8, 1, 0.5)
        .execution(Execution.defaults().withKernel(kernel).withParallelism(threads));
  }

  private static String flavour(KernelPreference kernel) {
    return kernel == KernelPreference.SCALAR ? "scalar" : "vector";
  }

  /** The minimum has a vanishing gradient, here made by plain loops. */
  private static void assertStationary(double[] theta, double[] x, double[] y) {
    double[] gradient = new double[3];
    double[] size = new double[3];
    double squares = 0;
    for (int i = 0; i < x.length; i++) {
      double e = Math.exp(-theta[1] * x[i]);
      double r = theta[0] * e + theta[2] - y[i];
      double[] row = {e, -theta[0] * x[i] * e, 1};
      for (int j = 0; j < 3; j++) {
        gradient[j] += row[j] * r;
        size[j] += row[j] * row[j];
      }
      squares += r * r;
    }
    for (int j = 0; j < 3; j++) {
      assertTrue(Math.abs(gradient[j]) < 1e-9 * Math.sqrt(size[j] * squares), "parameter " + j);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SCALAR", "VECTOR"})
  void findsTheMinimum(KernelPreference kernel) {
    FitResult fit = decay(kernel, 2).fit(x, y);
    assertTrue(fit.converged(), fit::toString);
    assertTrue(fit.kernel().startsWith(flavour(kernel)), fit.kernel());
    assertStationary(fit.parameters(), x, y);
    assertEquals(0.7, fit.parameter("b"), 5 * fit.standardError("b"));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7})
  void threadsDoNotChangeABit(int threads) {
    FitResult one = decay(KernelPreference.VECTOR, 1).fit(x, y);
    FitResult many = decay(KernelPreference.VECTOR, threads).fit(x, y);
    assertArrayEquals(one.parameters(), many.parameters());
    assertArrayEquals(one.standardErrors(), many.standardErrors());
  }

  @Test
  void flavoursAgreeToRounding() {
    FitResult vector = decay(KernelPreference.VECTOR, 2).fit(x, y);
    FitResult scalar = decay(KernelPreference.SCALAR, 2).fit(x, y);
    assertArrayEquals(scalar.parameters(), vector.parameters(), 1e-11);
    assertArrayEquals(scalar.standardErrors(), vector.standardErrors(), 1e-11);
  }

  @Test
  void piecesAndWeightsAndLossesAreReadRight() {
    double[] sigma = new double[POINTS];
    Arrays.fill(sigma, 0.1);
    CurveFit fit = decay(KernelPreference.VECTOR, 2);
    FitResult plain = fit.fit(x, y);
    FitResult weighted = fit.sigma(sigma, SigmaKind.ABSOLUTE).fit(x, y);
    assertArrayEquals(plain.parameters(), weighted.parameters(), 1e-10);
    assertEquals(plain.chiSquared() * 100, weighted.chiSquared(), 1e-7 * weighted.chiSquared());
    List<Column> pieces =
        List.of(
            Column.shared(Arrays.copyOfRange(x, 0, 12_345)),
            Column.shared(Arrays.copyOfRange(x, 12_345, POINTS)));
    FitResult inPieces = fit.data("x", Column.concatenatePoints(pieces)).data("y", y).fit();
    assertArrayEquals(plain.parameters(), inPieces.parameters());
    double[] spoilt = y.clone();
    for (int i = 0; i < POINTS; i += 50) {
      spoilt[i] += 40;
    }
    FitResult robust = fit.loss(Loss.cauchy(0.1)).fit(x, spoilt);
    assertTrue(robust.converged(), robust::toString);
    assertEquals(0.7, robust.parameter("b"), 0.01);
    assertTrue(Math.abs(fit.fit(x, spoilt).parameter("c") - 1) > 0.5);
  }

  @Test
  void missingPointsAreLeftOutOrRefused() {
    double[] holes = y.clone();
    int count = 0;
    for (int i = 0; i < POINTS; i += 7) {
      holes[i] = Double.NaN;
      count++;
    }
    double[] keptX = new double[POINTS - count];
    double[] keptY = new double[POINTS - count];
    for (int i = 0, k = 0; i < POINTS; i++) {
      if (i % 7 != 0) {
        keptX[k] = x[i];
        keptY[k++] = y[i];
      }
    }
    CurveFit fit = decay(KernelPreference.VECTOR, 2);
    FitResult omitted = fit.missing(MissingData.OMIT).fit(x, holes);
    FitResult reduced = fit.fit(keptX, keptY);
    assertArrayEquals(reduced.parameters(), omitted.parameters(), 1e-10);
    assertEquals(reduced.degreesOfFreedom(), omitted.degreesOfFreedom());
    assertEquals(Status.NON_FINITE, fit.fit(x, holes).status());
  }

  @Test
  void floatDataHaveFloatDigits() {
    FitResult exact = decay(KernelPreference.VECTOR, 2).fit(x, y);
    FitResult single = decay(KernelPreference.VECTOR, 2).precision(Precision.SINGLE).fit(x, y);
    assertTrue(single.converged(), single::toString);
    assertTrue(single.kernel().contains("float"), single.kernel());
    assertArrayEquals(exact.parameters(), single.parameters(), 1e-4);
  }

  @Test
  void aLargeResidualConvergesToo() {
    double[] wild = new double[POINTS];
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < POINTS; i++) {
      wild[i] = Math.sin(3 * x[i]) * 5 + 10 * random.nextDouble();
    }
    FitResult fit = decay(KernelPreference.VECTOR, 2).fit(x, wild);
    assertTrue(fit.converged(), fit::toString);
  }

  private CurveFit watched(Precision precision, List<Long> seen, List<Long> totals) {
    return decay(KernelPreference.VECTOR, 2)
        .precision(precision)
        .execution(
            Execution.defaults()
                .withParallelism(2)
                .withListener(
                    (done, total) -> {
                      seen.add(done);
                      totals.add(total);
                    }));
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void progressOfASingleFitIsItsEvaluations(Precision precision) {
    List<Long> seen = new ArrayList<>();
    List<Long> totals = new ArrayList<>();
    FitResult fit = watched(precision, seen, totals).fit(x, y);
    assertTrue(fit.converged(), fit::toString);
    List<Long> expected = new ArrayList<>();
    for (long k = 1; k <= fit.evaluations(); k++) {
      expected.add(k);
    }
    assertEquals(expected, seen);
    assertEquals(List.of(800L), totals.stream().distinct().toList());
  }

  @Test
  void aCancelledFitKeepsItsBestPointAndSaysHowFarItCame() {
    Cancellation token = new Cancellation();
    List<Long> seen = new ArrayList<>();
    FitResult fit =
        decay(KernelPreference.VECTOR, 2)
            .execution(
                Execution.defaults()
                    .withKernel(KernelPreference.VECTOR)
                    .withCancellation(token)
                    .withListener(
                        (done, total) -> {
                          seen.add(done);
                          if (done == 3) {
                            token.cancel();
                          }
                        }))
            .fit(x, y);
    assertEquals(Status.CANCELLED, fit.status());
    assertEquals(3, fit.evaluations());
    assertEquals(List.of(1L, 2L, 3L, 3L), seen);
    FitResult limited =
        decay(KernelPreference.VECTOR, 2)
            .method(LevenbergMarquardt.defaults().withMaxEvaluations(3))
            .fit(x, y);
    assertArrayEquals(limited.parameters(), fit.parameters());
    assertEquals(limited.cost(), fit.cost());
  }

  @Test
  void cancelledBetweenFits() {
    Cancellation token = new Cancellation();
    List<Long> seen = new ArrayList<>();
    BatchFit fits =
        decay(KernelPreference.VECTOR, 2)
            .execution(
                Execution.defaults()
                    .withCancellation(token)
                    .withListener(
                        (done, total) -> {
                          assertEquals(4, total);
                          seen.add(done);
                          if (done == 2) {
                            token.cancel();
                          }
                        }))
            .fitBatch(x, new double[][] {y, y, y, y});
    assertEquals(2, fits.convergedCount());
    assertEquals(2L, fits.statusCounts().get(Status.CANCELLED));
    assertEquals(List.of(1L, 2L, 2L), seen);
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void theLimitOfEvaluationsIsALimit(Precision precision) {
    // residuals that float cannot tell from rounding: the fit goes on in double
    double[] flat = new double[POINTS];
    Arrays.fill(flat, 1000);
    for (int limit = 1; limit < 30; limit++) {
      for (double[] data : new double[][] {y, flat}) {
        FitResult fit =
            decay(KernelPreference.VECTOR, 2)
                .precision(precision)
                .method(LevenbergMarquardt.defaults().withMaxEvaluations(limit))
                .fit(x, data);
        assertTrue(fit.evaluations() <= limit, fit.evaluations() + " of " + limit);
        if (fit.status() == Status.ITERATION_LIMIT) {
          assertEquals(limit, fit.evaluations());
        }
      }
    }
  }

  private static void assertFloatSumsHold(CurveFit fit, KernelPreference kernel, double share) {
    CurveFit settings = fit.execution(Execution.defaults().withKernel(kernel).withParallelism(2));
    FitResult exact = settings.precision(Precision.DOUBLE).fit();
    FitResult single = settings.precision(Precision.SINGLE).fit();
    assertTrue(exact.converged(), exact::toString);
    assertTrue(single.converged(), single::toString);
    assertEquals(exact.chiSquared(), single.chiSquared(), share * exact.chiSquared());
    for (String name : exact.parameterNames()) {
      double error = exact.standardError(name);
      assertEquals(error, single.standardError(name), share * error, name);
      assertEquals(exact.parameter(name), single.parameter(name), 0.01 * error, name);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = KernelPreference.class,
      names = {"SCALAR", "VECTOR"})
  void tenMillionFloatsAreSummedUpAsInDouble(KernelPreference kernel) {
    int n = 10_000_000;
    float[] manyX = new float[n];
    float[] manyY = new float[n];
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < n; i++) {
      manyX[i] = (float) (5 * random.nextDouble());
      double noise = 0.3 * (random.nextDouble() - 0.5);
      manyY[i] = (float) (10 * Math.exp(-0.7 * manyX[i]) + 1 + noise);
    }
    CurveFit decay = CurveFit.of("y = a*exp(-b*x)+c").start(8, 1, 0.5);
    assertFloatSumsHold(decay.data("x", manyX).data("y", manyY), kernel, 3e-7);
    // the same few values again and again: rounding of sums does not average out
    for (int i = 0; i < n; i++) {
      manyX[i] = i % 2;
      manyY[i] = 0.7f + 0.3f * manyX[i] + (i / 2 % 2 - 0.5f) * 0.1f;
    }
    CurveFit line = CurveFit.of("y = a*x + b").start(1, 1);
    assertFloatSumsHold(line.data("x", manyX).data("y", manyY), kernel, 1e-6);
  }
}
