package org.nabla4j.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nabla4j.CurveFit;
import org.nabla4j.backend.Cancellation;
import org.nabla4j.backend.Execution;
import org.nabla4j.data.Column;
import org.nabla4j.method.GaussNewton;
import org.nabla4j.method.LevenbergMarquardt;
import org.nabla4j.objective.CodedModel;
import org.nabla4j.objective.Loss;
import org.nabla4j.objective.MissingData;
import org.nabla4j.objective.SigmaKind;
import org.nabla4j.result.BatchFit;
import org.nabla4j.result.FitResult;
import org.nabla4j.result.Status;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Models as code against the same models as formulas. */
class CodedSolverTest {

  private static final String DECAY = "a*exp(-k*x) + c";
  private static final String GAUSSIAN = "h*exp(-(x - m)^2/(2*s^2)) + c";
  private static final int POINTS = 41;

  /** The decay in ND4J operations. */
  private static INDArray decay(INDArray theta, INDArray[] data) {
    INDArray rate = theta.getColumn(1, true).mul(-1);
    INDArray shape = Transforms.exp(rate.mul(data[0]), false);
    return shape.mul(theta.getColumn(0, true)).add(theta.getColumn(2, true)).sub(data[1]);
  }

  private static INDArray decayJacobian(INDArray theta, INDArray[] data) {
    int b = (int) theta.size(0);
    int n = (int) data[0].size(1);
    double[][] t = theta.toDoubleMatrix();
    double[][] x = data[0].toDoubleMatrix();
    double[][][] values = new double[b][n][3];
    for (int k = 0; k < b; k++) {
      for (int i = 0; i < n; i++) {
        double point = x[x.length == 1 ? 0 : k][i];
        double e = Math.exp(-t[k][1] * point);
        values[k][i] = new double[] {e, -t[k][0] * point * e, 1};
      }
    }
    return Nd4j.createFromArray(values);
  }

  private static CodedModel decay() {
    return CodedModel.of(List.of("a", "k", "c"), List.of("x", "y"), CodedSolverTest::decay);
  }

  private static CodedModel gaussian() {
    return CodedModel.of(
        List.of("h", "m", "s", "c"),
        List.of("x", "y"),
        (theta, data) -> {
          double[][] t = theta.toDoubleMatrix();
          double[][] x = data[0].toDoubleMatrix();
          double[][] y = data[1].toDoubleMatrix();
          double[][] r = new double[t.length][x[0].length];
          for (int k = 0; k < t.length; k++) {
            for (int i = 0; i < r[k].length; i++) {
              double u = (x[x.length == 1 ? 0 : k][i] - t[k][1]) / t[k][2];
              r[k][i] = t[k][0] * Math.exp(-u * u / 2) + t[k][3] - y[y.length == 1 ? 0 : k][i];
            }
          }
          return Nd4j.createFromArray(r);
        });
  }

  private static double[] x() {
    double[] x = new double[POINTS];
    for (int i = 0; i < POINTS; i++) {
      x[i] = 0.1 * i;
    }
    return x;
  }

  private static double[][] decays(int problems) {
    Random random = new Random(7);
    double[][] y = new double[problems][POINTS];
    double[] x = x();
    for (double[] row : y) {
      double a = 2 + random.nextDouble();
      double k = 0.7 + random.nextDouble();
      double c = random.nextDouble();
      for (int i = 0; i < POINTS; i++) {
        row[i] = a * Math.exp(-k * x[i]) + c + 0.02 * random.nextGaussian();
      }
    }
    return y;
  }

  private static CurveFit coded(CodedModel model) {
    return CurveFit.of(model).backend("cpu");
  }

  private static CurveFit formula(String text) {
    return CurveFit.of(text).backend("cpu");
  }

  private static CurveFit started(CurveFit fit) {
    return fit.start("a", 1.5).start("k", 0.5).start("c", 0.1);
  }

  private static void assertSameFit(
      BatchFit expected, BatchFit actual, double parameters, double errors) {
    assertEquals(expected.problems(), actual.problems());
    for (long i = 0; i < expected.problems(); i++) {
      assertTrue(expected.converged(i), "expected " + i + ": " + expected.statusMessage(i));
      assertTrue(actual.converged(i), "actual " + i + ": " + actual.statusMessage(i));
      assertEquals(expected.points(i), actual.points(i));
      assertEquals(expected.cost(i), actual.cost(i), 1e-9 * expected.cost(i));
      for (String name : expected.parameterNames()) {
        int e = expected.parameterNames().indexOf(name);
        int a = actual.parameterNames().indexOf(name);
        double value = expected.parameter(i, e);
        assertEquals(value, actual.parameter(i, a), parameters * Math.abs(value), name + " " + i);
        double error = expected.standardError(i, e);
        assertEquals(error, actual.standardError(i, a), errors * error, "error " + name + " " + i);
      }
    }
  }

  @Test
  void exactDerivativesGiveTheFormulasAnswer() {
    double[][] y = decays(37);
    BatchFit expected = started(formula(DECAY)).fitBatch(x(), y);
    BatchFit actual =
        started(coded(decay().withJacobian(CodedSolverTest::decayJacobian))).fitBatch(x(), y);
    assertEquals("coded, scalar double", actual.kernel());
    assertEquals("cpu", actual.backend());
    assertSameFit(expected, actual, 1e-9, 1e-9);
    for (int i = 0; i < 37; i++) {
      assertTrue(actual.evaluations(i) > actual.iterations(i));
      assertTrue(actual.evaluations(i) < 40, "evaluations " + actual.evaluations(i));
    }
  }

  @Test
  void differencesGiveTheFormulasAnswer() {
    double[][] y = decays(37);
    BatchFit expected = started(formula(DECAY)).fitBatch(x(), y);
    BatchFit actual = started(coded(decay())).fitBatch(x(), y);
    assertEquals("coded, scalar double, finite differences", actual.kernel());
    assertSameFit(expected, actual, 1e-7, 1e-5);
  }

  @Test
  void gaussianOnItsOwnColumnsAndStarts() {
    int problems = 5;
    Random random = new Random(3);
    double[][] x = new double[problems][60];
    double[][] y = new double[problems][60];
    double[][] starts = new double[problems][];
    for (int k = 0; k < problems; k++) {
      for (int i = 0; i < 60; i++) {
        x[k][i] = -3 + 0.1 * i + 0.3 * k;
        double u = (x[k][i] - 0.4 * k) / 0.8;
        y[k][i] = (1 + k) * Math.exp(-u * u / 2) + 0.1 + 0.05 * random.nextGaussian();
      }
      starts[k] = new double[] {0.7 + k, 0.4 * k + 0.3, 1.2, 0};
    }
    double[][] formulaStarts = new double[problems][];
    CurveFit formula = formula(GAUSSIAN);
    List<String> order = formula.parameters();
    List<String> codedOrder = List.of("h", "m", "s", "c");
    for (int k = 0; k < problems; k++) {
      formulaStarts[k] = new double[4];
      for (int j = 0; j < 4; j++) {
        formulaStarts[k][order.indexOf(codedOrder.get(j))] = starts[k][j];
      }
    }
    BatchFit expected = formula.starts(formulaStarts).fitBatch(x, y);
    BatchFit actual = coded(gaussian()).starts(starts).fitBatch(x, y);
    assertEquals("coded, scalar double, finite differences", actual.kernel());
    assertSameFit(expected, actual, 1e-7, 1e-5);
  }

  @Test
  void withoutPolishDifferencesStillEndCentral() {
    double[][] y = decays(5);
    CurveFit fit = started(coded(decay()));
    BatchFit expected = started(formula(DECAY)).fitBatch(x(), y);
    BatchFit damped =
        fit.method(LevenbergMarquardt.defaults().withPolish(false).withTolerance(1e-13))
            .fitBatch(x(), y);
    BatchFit undamped = fit.method(GaussNewton.defaults().withTolerance(1e-13)).fitBatch(x(), y);
    assertSameFit(expected, damped, 1e-7, 1e-5);
    assertSameFit(expected, undamped, 1e-7, 1e-5);
  }

  @Test
  void moreProblemsThanSlots() {
    int problems = 5000;
    AtomicInteger widest = new AtomicInteger();
    CodedModel model =
        CodedModel.of(
            List.of("a"),
            List.of("y"),
            (theta, data) -> {
              widest.accumulateAndGet((int) theta.size(0), Math::max);
              return data[0].neg().addColumnVector(theta);
            });
    double[][] y = new double[problems][2];
    for (int k = 0; k < problems; k++) {
      y[k][0] = k;
      y[k][1] = k + 2;
    }
    AtomicLong told = new AtomicLong();
    BatchFit fit =
        coded(model)
            .start("a", 1)
            .data("y", y)
            .execution(
                Execution.defaults()
                    .withListener(
                        (done, total) -> {
                          assertEquals(problems, total);
                          assertTrue(done >= told.get());
                          told.set(done);
                        }))
            .fitBatch();
    assertEquals("coded, scalar double, finite differences", fit.kernel());
    assertTrue(widest.get() > 1000 && widest.get() < problems, "widest " + widest.get());
    assertEquals(problems, told.get());
    for (int k = 0; k < problems; k++) {
      assertTrue(fit.converged(k), k + ": " + fit.statusMessage(k));
      assertEquals(k + 1, fit.parameter(k, 0), 1e-7 * (k + 1));
      assertEquals(1, fit.cost(k), 1e-9);
    }
  }

  @Test
  void resultsDoNotDependOnTheBatch() {
    double[][] y = decays(6);
    BatchFit all = started(coded(loops())).fitBatch(x(), y);
    for (int k = 0; k < y.length; k++) {
      BatchFit one = started(coded(loops())).fitBatch(x(), new double[][] {y[k]});
      assertArrayEquals(all.parameters(k), one.parameters(0));
      assertEquals(all.evaluations(k), one.evaluations(0));
    }
  }

  /** A decay by plain loops, whose arithmetic cannot depend on shapes. */
  private static CodedModel loops() {
    return CodedModel.of(
        List.of("a", "k", "c"),
        List.of("x", "y"),
        (theta, data) -> {
          double[][] t = theta.toDoubleMatrix();
          double[] x = data[0].toDoubleMatrix()[0];
          double[][] r = data[1].toDoubleMatrix();
          for (int k = 0; k < t.length; k++) {
            for (int i = 0; i < x.length; i++) {
              r[k][i] = t[k][0] * Math.exp(-t[k][1] * x[i]) + t[k][2] - r[k][i];
            }
          }
          return Nd4j.createFromArray(r);
        });
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void evaluationsAreResidualVectors(boolean exact) {
    AtomicInteger calls = new AtomicInteger();
    CodedModel model =
        CodedModel.of(
            List.of("a", "k", "c"),
            List.of("x", "y"),
            (theta, data) -> {
              calls.addAndGet((int) theta.size(0));
              return decay(theta, data);
            });
    CurveFit fit =
        started(coded(exact ? model.withJacobian(CodedSolverTest::decayJacobian) : model));
    BatchFit result = fit.fitBatch(x(), decays(11));
    assertEquals(calls.get(), result.totalEvaluations());
    BatchFit limited =
        fit.method(LevenbergMarquardt.defaults().withMaxEvaluations(2)).fitBatch(x(), decays(1));
    assertEquals(Status.ITERATION_LIMIT, limited.status(0));
    assertEquals(exact ? 2 : 4, limited.evaluations(0));
    assertTrue(Double.isFinite(limited.cost(0)));
  }

  @Test
  void boundsAreNeverLeft() {
    double[][] y = decays(8);
    CodedModel watched =
        CodedModel.of(
            List.of("a", "k", "c"),
            List.of("x", "y"),
            (theta, data) -> {
              for (double[] t : theta.toDoubleMatrix()) {
                assertTrue(t[2] >= 0.5 && t[2] <= 0.6, "c = " + t[2]);
                assertTrue(t[1] >= 1, "k = " + t[1]);
              }
              return decay(theta, data);
            });
    UnaryOperator<CurveFit> settings =
        fit ->
            fit.start("a", 2)
                .start("k", 1)
                .start("c", 0.6)
                .bounds("c", 0.5, 0.6)
                .bounds("k", 1, Double.POSITIVE_INFINITY);
    BatchFit expected = settings.apply(formula(DECAY)).method(tight()).fitBatch(x(), y);
    BatchFit actual = settings.apply(coded(watched)).fitBatch(x(), y);
    int atBound = 0;
    for (int k = 0; k < y.length; k++) {
      assertTrue(actual.converged(k), k + ": " + actual.statusMessage(k));
      for (String name : List.of("a", "k", "c")) {
        double value = expected.parameter(k, name);
        assertEquals(value, actual.parameter(k, name), 1e-6 * Math.abs(value), name + " " + k);
      }
      double c = actual.parameter(k, "c");
      atBound += c == 0.5 || c == 0.6 ? 1 : 0;
    }
    assertTrue(atBound > 0, "no fit ended at a bound");
  }

  @Test
  void parametersWithoutRoomStayWhereTheyAre() {
    BatchFit fit =
        started(coded(decay()))
            .start("c", 0.25)
            .bounds("c", 0.25, Math.nextUp(0.25))
            .fitBatch(x(), decays(1));
    assertTrue(fit.converged(0), fit.statusMessage(0));
    assertEquals(0.25, fit.parameter(0, "c"), 1e-15);
  }

  @Test
  void fixedParametersAreGivenToTheCode() {
    double[][] y = decays(6);
    double[] fixed = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6};
    UnaryOperator<CurveFit> settings =
        fit -> fit.start("a", 2).start("k", 1).fix("c", Column.perProblem(fixed, 1));
    BatchFit expected = settings.apply(formula(DECAY)).method(tight()).fitBatch(x(), y);
    BatchFit exact =
        settings
            .apply(coded(decay().withJacobian(CodedSolverTest::decayJacobian)))
            .method(tight())
            .fitBatch(x(), y);
    BatchFit differences = settings.apply(coded(decay())).fitBatch(x(), y);
    assertSameFit(expected, exact, 1e-9, 1e-9);
    assertSameFit(expected, differences, 1e-7, 1e-5);
    assertEquals(0.4, exact.parameter(3, "c"));
    assertEquals(0, exact.standardError(3, 2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"huber", "softL1", "cauchy", "tukey"})
  void robustLosses(String name) {
    Loss loss =
        switch (name) {
          case "huber" -> Loss.huber(1.345);
          case "softL1" -> Loss.softL1(1);
          case "cauchy" -> Loss.cauchy(2.385);
          default -> Loss.tukey(40);
        };
    double[][] y = decays(4);
    for (double[] row : y) {
      row[5] += 0.3;
      row[20] -= 1;
    }
    double[] sigma = new double[POINTS];
    for (int i = 0; i < POINTS; i++) {
      sigma[i] = i < 20 ? 0.02 : 0.03;
    }
    UnaryOperator<CurveFit> settings =
        fit ->
            fit.start("a", 2.5)
                .start("k", 1.2)
                .start("c", 0.5)
                .loss(loss)
                .sigma(sigma, SigmaKind.ABSOLUTE);
    BatchFit expected = settings.apply(formula(DECAY)).method(tight()).fitBatch(x(), y);
    BatchFit exact =
        settings
            .apply(coded(decay().withJacobian(CodedSolverTest::decayJacobian)))
            .method(tight())
            .fitBatch(x(), y);
    BatchFit differences = settings.apply(coded(decay())).method(tight()).fitBatch(x(), y);
    assertSameFit(expected, exact, 1e-7, 1e-6);
    assertSameFit(expected, differences, 1e-6, 1e-5);
  }

  private static LevenbergMarquardt tight() {
    return LevenbergMarquardt.defaults().withPolish(false).withTolerance(1e-13);
  }

  @Test
  void weightsPerProblem() {
    double[][] y = decays(4);
    double[][] weights = new double[4][POINTS];
    Random random = new Random(5);
    for (double[] row : weights) {
      for (int i = 0; i < POINTS; i++) {
        row[i] = 0.5 + random.nextDouble();
      }
    }
    UnaryOperator<CurveFit> settings = fit -> started(fit).weights(weights, SigmaKind.RELATIVE);
    assertSameFit(
        settings.apply(formula(DECAY)).fitBatch(x(), y),
        settings.apply(coded(decay())).fitBatch(x(), y),
        1e-7,
        1e-5);
  }

  @Test
  void missingPointsAreLeftOut() {
    double[][] y = decays(5);
    y[1][3] = Double.NaN;
    y[1][40] = Double.NaN;
    y[2][0] = Double.NaN;
    double[][] sigma = new double[5][POINTS];
    for (double[] row : sigma) {
      Arrays.fill(row, 0.02);
    }
    sigma[4][7] = Double.NaN;
    UnaryOperator<CurveFit> settings =
        fit -> started(fit).missing(MissingData.OMIT).sigma(sigma, SigmaKind.ABSOLUTE);
    BatchFit expected = settings.apply(formula(DECAY)).fitBatch(x(), y);
    BatchFit actual =
        settings
            .apply(coded(decay().withJacobian(CodedSolverTest::decayJacobian)))
            .fitBatch(x(), y);
    assertSameFit(expected, actual, 1e-9, 1e-9);
    assertEquals(POINTS - 2, actual.points(1));
    assertEquals(POINTS - 1, actual.points(4));
  }

  @Test
  void missingSharedPointsAreNotSeenByTheCode() {
    double[] x = x();
    x[4] = Double.NaN;
    CodedModel watched =
        CodedModel.of(
            List.of("a", "k", "c"),
            List.of("x", "y"),
            (theta, data) -> {
              for (double v : data[0].toDoubleVector()) {
                assertFalse(Double.isNaN(v));
              }
              return decay(theta, data);
            });
    UnaryOperator<CurveFit> settings = fit -> started(fit).missing(MissingData.OMIT);
    BatchFit expected = settings.apply(formula(DECAY)).fitBatch(x, decays(3));
    BatchFit actual = settings.apply(coded(watched)).fitBatch(x, decays(3));
    assertSameFit(expected, actual, 1e-7, 1e-5);
    assertEquals(POINTS - 1, actual.points(2));
  }

  @Test
  void badProblemsDoNotHarmTheOthers() {
    double[][] y = decays(5);
    y[1][3] = Double.NaN;
    y[3][3] = Double.POSITIVE_INFINITY;
    double[][] starts = new double[5][];
    for (int k = 0; k < 5; k++) {
      starts[k] = new double[] {1.5, 0.5, 0.1};
    }
    starts[4][1] = Double.NaN;
    BatchFit fit = coded(decay()).starts(starts).fitBatch(x(), y);
    assertEquals(Status.NON_FINITE, fit.status(1));
    assertEquals(Status.NON_FINITE, fit.status(3));
    assertEquals(Status.NON_FINITE, fit.status(4));
    assertTrue(Double.isNaN(fit.standardError(1, 0)));
    BatchFit good = started(coded(decay())).fitBatch(x(), decays(5));
    for (int k : new int[] {0, 2}) {
      assertTrue(fit.converged(k));
      for (int j = 0; j < 3; j++) {
        assertEquals(good.parameter(k, j), fit.parameter(k, j), 1e-9);
      }
    }
  }

  @Test
  void nonFiniteDerivativesAreNonFinite() {
    CodedModel model =
        decay()
            .withJacobian(
                (theta, data) -> {
                  INDArray values = decayJacobian(theta, data);
                  values.putScalar(new int[] {0, 2, 1}, Double.NaN);
                  return values;
                });
    BatchFit fit = started(coded(model)).fitBatch(x(), decays(1));
    assertEquals(Status.NON_FINITE, fit.status(0));
  }

  @Test
  void tooFewPoints() {
    double[][] y = {{1, 2, 3}, {1, Double.NaN, 3}};
    BatchFit fit =
        started(coded(decay())).missing(MissingData.OMIT).fitBatch(new double[] {0, 1, 2}, y);
    assertEquals(Status.TOO_FEW_POINTS, fit.status(1));
    assertEquals(2, fit.points(1));
    assertEquals(0, fit.evaluations(1));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void illConditionedFitsKeepTheirDigits(boolean exact) {
    int n = 40;
    double[] x = new double[n];
    double[] y = new double[n];
    Random random = new Random(13);
    for (int i = 0; i < n; i++) {
      x[i] = 1 + i / 40.0;
      y[i] = 1 + x[i] * (2 + x[i] * (3 + x[i] * (4 + x[i]))) + 0.01 * random.nextGaussian();
    }
    CodedModel model =
        CodedModel.of(
            List.of("a", "b", "c", "d", "e"),
            List.of("x", "y"),
            (theta, data) -> {
              double[] t = theta.toDoubleVector();
              double[][] r = new double[1][n];
              for (int i = 0; i < n; i++) {
                double v = x[i];
                r[0][i] = t[0] + v * (t[1] + v * (t[2] + v * (t[3] + v * t[4]))) - y[i];
              }
              return Nd4j.createFromArray(r);
            });
    if (exact) {
      model =
          model.withJacobian(
              (theta, data) -> {
                double[][][] values = new double[1][n][5];
                for (int i = 0; i < n; i++) {
                  for (int j = 0; j < 5; j++) {
                    values[0][i][j] = Math.pow(x[i], j);
                  }
                }
                return Nd4j.createFromArray(values);
              });
    }
    UnaryOperator<CurveFit> settings =
        fit ->
            fit.start("a", 1)
                .start("b", 1)
                .start("c", 1)
                .start("d", 1)
                .start("e", 1)
                .data("x", x)
                .data("y", y);
    List<Loss> losses = List.of(Loss.linear(), Loss.softL1(0.02));
    // differences cost the robust fit digits that assertSameFit asks for
    for (Loss loss : exact ? losses : losses.subList(0, 1)) {
      CurveFit quartic = settings.apply(formula("a + b*x + c*x^2 + d*x^3 + e*x^4"));
      BatchFit expected = quartic.loss(loss).fitBatch();
      BatchFit actual = settings.apply(coded(model)).loss(loss).fitBatch();
      double share = loss.isLinear() ? 1e-8 : 1e-6;
      assertSameFit(expected, actual, exact ? share : 1e-3, exact ? 1e-6 : 1e-3);
    }
    // wherever the limit cuts in, QR steps at the end among the rest, it is what is told
    int limited = 0;
    for (int limit = 1; limit < (exact ? 30 : 120); limit += exact ? 1 : 7) {
      BatchFit fit =
          settings
              .apply(coded(model))
              .method(LevenbergMarquardt.defaults().withMaxEvaluations(limit))
              .fitBatch();
      assertTrue(fit.converged(0) || fit.status(0) == Status.ITERATION_LIMIT, fit.statusMessage(0));
      limited += fit.converged(0) ? 0 : 1;
      assertTrue(fit.evaluations(0) <= limit + (exact ? 0 : 10), fit.evaluations(0) + " " + limit);
    }
    assertTrue(limited > 3, limited + " of them");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void undeterminedParametersAreSingular(boolean exact) {
    CodedModel model =
        CodedModel.of(
            List.of("a", "b"),
            List.of("x", "y"),
            (theta, data) -> {
              INDArray slope = theta.getColumn(0, true).add(theta.getColumn(1, true));
              return slope.mul(data[0]).sub(data[1]);
            });
    if (exact) {
      model =
          model.withJacobian(
              (theta, data) -> {
                INDArray values = Nd4j.zeros(DataType.DOUBLE, theta.size(0), data[0].size(1), 2);
                for (int k = 0; k < theta.size(0); k++) {
                  for (int j = 0; j < 2; j++) {
                    values.put(
                        new INDArrayIndex[] {
                          NDArrayIndex.point(k), NDArrayIndex.all(), NDArrayIndex.point(j)
                        },
                        data[0].reshape(data[0].size(1)));
                  }
                }
                return values;
              });
    }
    double[] x = {1, 2, 3, 4, 5};
    double[] y = {2.1, 3.9, 6.2, 7.8, 10.1};
    FitResult fit = coded(model).start("a", 1).start("b", 0.5).fit(x, y);
    assertEquals(Status.SINGULAR, fit.status(), fit.toString());
  }

  @Test
  void floatsAndViewsAreRead() {
    double[][] y = decays(3);
    List<Function<INDArray, INDArray>> forms = new ArrayList<>();
    forms.add(r -> r.dup('f'));
    forms.add(r -> r.transpose().dup('c').transpose());
    forms.add(
        r -> {
          INDArray wide = Nd4j.zeros(DataType.DOUBLE, r.size(0) + 2, 2 * r.size(1));
          INDArray view =
              wide.get(
                  NDArrayIndex.interval(1, r.size(0) + 1),
                  NDArrayIndex.interval(0, 2, 2 * r.size(1)));
          view.assign(r);
          return view;
        });
    BatchFit expected = started(coded(decay())).fitBatch(x(), y);
    for (Function<INDArray, INDArray> form : forms) {
      CodedModel model =
          CodedModel.of(
              List.of("a", "k", "c"),
              List.of("x", "y"),
              (theta, data) -> form.apply(decay(theta, data)));
      BatchFit actual = started(coded(model)).fitBatch(x(), y);
      assertArrayEquals(expected.parameters(), actual.parameters());
    }
    CodedModel exact = decay().withJacobian(CodedSolverTest::decayJacobian);
    CodedModel turned =
        decay()
            .withJacobian(
                (theta, data) ->
                    decayJacobian(theta, data).permute(2, 0, 1).dup('c').permute(1, 2, 0));
    assertArrayEquals(
        started(coded(exact)).fitBatch(x(), y).parameters(),
        started(coded(turned)).fitBatch(x(), y).parameters());
  }

  @Test
  void floatDataAndFloatCode() {
    double[][] y = decays(3);
    INDArray data = Nd4j.createFromArray(y).castTo(DataType.FLOAT);
    INDArray wide = Nd4j.zeros(DataType.FLOAT, 3, 2 * POINTS);
    INDArray view = wide.get(NDArrayIndex.all(), NDArrayIndex.interval(POINTS, 2 * POINTS));
    view.assign(data);
    INDArray x = Nd4j.createFromArray(x()).castTo(DataType.FLOAT);
    BatchFit fit =
        started(coded(decay().withJacobian(CodedSolverTest::decayJacobian))).fitBatch(x, view);
    assertEquals("coded, scalar double", fit.kernel());
    CodedModel single =
        CodedModel.of(
                List.of("a", "k", "c"),
                List.of("x", "y"),
                (theta, columns) -> {
                  assertEquals(DataType.DOUBLE, theta.dataType());
                  assertEquals(DataType.DOUBLE, columns[0].dataType());
                  assertEquals(DataType.DOUBLE, columns[1].dataType());
                  return decay(theta, columns).castTo(DataType.FLOAT);
                })
            .withJacobian((t, columns) -> decayJacobian(t, columns).castTo(DataType.FLOAT));
    BatchFit rounded = started(coded(single)).fitBatch(x, view);
    BatchFit expected = started(coded(decay())).fitBatch(x(), y);
    for (int k = 0; k < 3; k++) {
      assertTrue(fit.converged(k));
      assertTrue(rounded.converged(k), rounded.statusMessage(k));
      for (int j = 0; j < 3; j++) {
        assertEquals(expected.parameter(k, j), fit.parameter(k, j), 1e-5);
        assertEquals(fit.parameter(k, j), rounded.parameter(k, j), 1e-5);
      }
    }
  }

  private static String refused(CodedModel model) {
    CurveFit fit = started(coded(model));
    return assertThrows(IllegalArgumentException.class, () -> fit.fitBatch(x(), decays(4)))
        .getMessage();
  }

  private static CodedModel returning(UnaryOperator<INDArray> change) {
    return CodedModel.of(
        List.of("a", "k", "c"),
        List.of("x", "y"),
        (theta, data) -> change.apply(decay(theta, data)));
  }

  @Test
  void wrongResultsAreRefusedByName() {
    assertEquals(
        "the model's residuals returned double [41, 4], expected double or float [4, 41] = [b, n]"
            + " for b = 4 problems, n = 41 points",
        refused(returning(INDArray::transpose)));
    assertTrue(refused(returning(r -> r.castTo(DataType.INT32))).contains("returned int [4, 41]"));
    assertTrue(refused(returning(r -> null)).contains("residuals returned null"));
    assertTrue(refused(returning(INDArray::ravel)).contains("returned double [164]"));
    assertTrue(
        refused(
                returning(
                    r -> {
                      r.close();
                      return r;
                    }))
            .contains("has been closed"));
    assertEquals(
        "the model's jacobian returned double [4, 3, 41], expected double or float [4, 41, 3] ="
            + " [b, n, p] for b = 4 problems, n = 41 points, p = 3 parameters",
        refused(
            decay().withJacobian((theta, data) -> decayJacobian(theta, data).permute(0, 2, 1))));
    assertTrue(
        refused(decay().withJacobian((theta, data) -> null)).contains("jacobian returned null"));
  }

  @Test
  void exceptionsOfTheCodeComeThrough() {
    RuntimeException fault = new IllegalStateException("no such table");
    AtomicInteger calls = new AtomicInteger();
    CodedModel model =
        returning(
            r -> {
              if (calls.incrementAndGet() == 6) {
                throw fault;
              }
              return r;
            });
    CurveFit fit = started(coded(model));
    assertSame(fault, assertThrows(RuntimeException.class, () -> fit.fitBatch(x(), decays(4))));
    // and the backend goes on working
    assertEquals(4, fit.fitBatch(x(), decays(4)).convergedCount());
  }

  @Test
  void cancelledFitsKeepTheirBestParameters() {
    double[][] y = decays(4);
    Cancellation token = new Cancellation();
    AtomicInteger calls = new AtomicInteger();
    CodedModel model =
        returning(
            r -> {
              if (calls.incrementAndGet() == 9) { // in the third step
                token.cancel();
              }
              return r;
            });
    CurveFit fit = started(coded(model)).execution(Execution.defaults().withCancellation(token));
    BatchFit result = fit.fitBatch(x(), y);
    for (int k = 0; k < 4; k++) {
      assertEquals(Status.CANCELLED, result.status(k));
      assertTrue(result.evaluations(k) > 4);
      assertTrue(Double.isFinite(result.cost(k)));
      assertTrue(result.parameter(k, "k") > 0.5);
    }
    BatchFit none = fit.fitBatch(x(), y);
    assertEquals(12, calls.get());
    for (int k = 0; k < 4; k++) {
      assertEquals(Status.CANCELLED, none.status(k));
      assertEquals(0, none.evaluations(k));
      assertArrayEquals(new double[] {1.5, 0.5, 0.1}, none.parameters(k));
    }
  }

  @Test
  void exactDataConvergeExactlyEnough() {
    double[] x = x();
    double[] y = new double[POINTS];
    for (int i = 0; i < POINTS; i++) {
      y[i] = 2 * Math.exp(-0.8 * x[i]);
    }
    FitResult fit = coded(decay()).start("a", 1).start("k", 0.5).start("c", 0).fit(x, y);
    assertTrue(fit.converged(), fit.toString());
    assertEquals(2, fit.parameter("a"), 1e-9);
    assertEquals(0.8, fit.parameter("k"), 1e-9);
    assertEquals(0, fit.parameter("c"), 1e-9);
  }

  @Test
  void parametersOfVeryDifferentSizes() {
    double[] x = x();
    double[] y = new double[POINTS];
    Random random = new Random(11);
    for (int i = 0; i < POINTS; i++) {
      y[i] = 2e9 * Math.exp(-3e-7 * 1e7 * x[i]) + 1e8 + 1e7 * random.nextGaussian();
      x[i] *= 1e7;
    }
    UnaryOperator<CurveFit> start = fit -> fit.start("a", 1e9).start("k", 2e-7).start("c", 0);
    CurveFit formula = start.apply(formula(DECAY)).data("x", x).data("y", y);
    CurveFit code = start.apply(coded(decay())).data("x", x).data("y", y);
    assertSameFit(formula.fitBatch(), code.fitBatch(), 1e-7, 1e-5);
  }

  @Test
  void largeResidualsEndByTheOrdinaryTests() {
    // residuals (eᵃ + 3, e⁻ᵃ + 3): at the minimum a = 0 the Hessian is 10, JᵀJ only 2, so that
    // undamped steps overshoot fivefold
    CodedModel model =
        CodedModel.of(
            List.of("a"),
            List.of("y"),
            (theta, data) -> {
              double a = theta.getDouble(0, 0);
              return Nd4j.createFromArray(new double[][] {{Math.exp(a) + 3, Math.exp(-a) + 3}});
            });
    BatchFit fit = coded(model).start("a", 1).data("y", new double[] {0, 0}).fitBatch();
    assertTrue(fit.converged(0), fit.statusMessage(0));
    assertEquals(0, fit.parameter(0, 0), 1e-5);
    assertEquals(16, fit.cost(0), 1e-9);
  }

  @Test
  void progressOfASingleFitIsItsEvaluations() {
    AtomicLong last = new AtomicLong();
    BatchFit fit =
        started(coded(decay()))
            .execution(
                Execution.defaults()
                    .withListener(
                        (done, total) -> {
                          assertEquals(800, total);
                          assertTrue(done >= last.get());
                          last.set(done);
                        }))
            .fitBatch(x(), decays(1));
    assertEquals(last.get(), fit.evaluations(0));
  }
}
