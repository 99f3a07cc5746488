package org.nabla4j.objective;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** f = a² + 3ab + 2b⁴ as code of every kind. */
class CodedObjectiveTest {

  private static final List<String> NAMES = List.of("a", "b");

  private static double value(double[] t) {
    return t[0] * t[0] + 3 * t[0] * t[1] + 2 * Math.pow(t[1], 4);
  }

  private static double gradient(double[] t, double[] g) {
    g[0] = 2 * t[0] + 3 * t[1];
    g[1] = 3 * t[0] + 8 * Math.pow(t[1], 3);
    return value(t);
  }

  private static void hessian(double[] t, double[][] h) {
    h[0][0] += 2;
    h[0][1] += 3;
    h[1][0] += 3;
    h[1][1] += 24 * t[1] * t[1];
  }

  private static final TwiceDifferentiableObjective SINGLE =
      CodedObjective.of(
          NAMES,
          CodedObjectiveTest::value,
          CodedObjectiveTest::gradient,
          CodedObjectiveTest::hessian);

  private static INDArray column(INDArray theta, int j) {
    return theta.getColumn(j);
  }

  private static INDArray values(INDArray t) {
    INDArray a = column(t, 0);
    INDArray b = column(t, 1);
    return a.mul(a).add(a.mul(b).mul(3)).add(b.mul(b).mul(b).mul(b).mul(2));
  }

  private static INDArray gradients(INDArray t) {
    INDArray result = Nd4j.create(DataType.DOUBLE, t.shape());
    for (int i = 0; i < t.rows(); i++) {
      double[] g = new double[2];
      gradient(new double[] {t.getDouble(i, 0), t.getDouble(i, 1)}, g);
      result.putScalar(i, 0, g[0]);
      result.putScalar(i, 1, g[1]);
    }
    return result;
  }

  private static INDArray hessians(INDArray t) {
    INDArray result = Nd4j.create(DataType.FLOAT, t.rows(), 2, 2);
    for (int i = 0; i < t.rows(); i++) {
      double[][] h = new double[2][2];
      hessian(new double[] {t.getDouble(i, 0), t.getDouble(i, 1)}, h);
      for (int j = 0; j < 2; j++) {
        for (int k = 0; k < 2; k++) {
          result.putScalar(i, j, k, h[j][k]);
        }
      }
    }
    return result;
  }

  private static final TwiceDifferentiableObjective BATCHED =
      CodedObjective.batched(
          NAMES,
          CodedObjectiveTest::values,
          CodedObjectiveTest::gradients,
          CodedObjectiveTest::hessians);

  @Test
  void batchesAndSinglePointsAgree() {
    double[] theta = {1, 2, -0.5, 3, 0, 0, 9, 9};
    Points points = new Points(theta, new long[4], 3, 2);
    for (TwiceDifferentiableObjective objective : List.of(SINGLE, BATCHED)) {
      double[] f = new double[3];
      objective.values(points, f);
      assertArrayEquals(new double[] {39, 157.75, 0}, f, 1e-12);
      double[] g = new double[6];
      objective.gradients(points, f, g);
      assertArrayEquals(new double[] {8, 67, 8, 214.5, 0, 0}, g, 1e-12);
      double[] h = new double[12];
      objective.hessians(points, f, g, h);
      assertArrayEquals(new double[] {2, 3, 3, 96, 2, 3, 3, 216, 2, 3, 3, 0}, h, 1e-12);
      double[] hv = new double[6];
      objective.hessianProducts(points, new double[] {1, 1, 0, 2, 5, -1}, hv);
      assertArrayEquals(new double[] {5, 99, 6, 432, 7, 15}, hv, 1e-12);
      DerivativeCheck.of(objective, 0.7, -1.3).requireCorrect();
    }
    assertArrayEquals(new double[] {1, 2, -0.5, 3, 0, 0, 9, 9}, theta);
  }

  @Test
  void arraysGoInAndComeOut() {
    INDArray theta = Nd4j.createFromArray(new float[][] {{1, 2}, {-0.5f, 3}}).dup('f');
    assertEquals(Nd4j.createFromArray(39.0, 157.75), SINGLE.value(theta));
    assertEquals(
        Nd4j.createFromArray(new double[][] {{8, 67}, {8, 214.5}}), SINGLE.gradient(theta));
    INDArray hessian = SINGLE.hessian(theta);
    assertArrayEquals(new long[] {2, 2, 2}, hessian.shape());
    assertEquals(216, hessian.getDouble(1, 1, 1));
    assertArrayEquals(new double[][] {{2, 3}, {3, 96}}, SINGLE.hessian(1, 2));
    assertMessage(
        "theta has 3 values, expected 2, one for each of [a, b]",
        () -> SINGLE.value(Nd4j.zeros(DataType.DOUBLE, 4, 3)));
    assertMessage(
        "theta has 1 values, expected 2, one for each of [a, b]", () -> SINGLE.gradient(1.0));
  }

  @Test
  void aColumnOfValuesWillDo() {
    Objective objective = CodedObjective.batched(NAMES, t -> values(t).reshape(t.rows(), 1));
    assertEquals(39, objective.value(1, 2));
    assertFalse(objective instanceof DifferentiableObjective);
  }

  @Test
  void wrongShapesAndTypesAreTold() {
    assertMessage(
        "value returned DOUBLE [1, 2], expected DOUBLE or FLOAT [1]",
        () -> CodedObjective.batched(NAMES, t -> t.dup()).value(1, 2));
    assertMessage(
        "value returned LONG [1], expected DOUBLE or FLOAT [1]",
        () -> CodedObjective.batched(NAMES, t -> Nd4j.createFromArray(1L)).value(1, 2));
    assertMessage(
        "value returned null, expected [1]",
        () -> CodedObjective.batched(NAMES, t -> null).value(1, 2));
    assertMessage(
        "gradient returned DOUBLE [1, 2, 1], expected DOUBLE or FLOAT [1, 2]",
        () ->
            CodedObjective.batched(NAMES, CodedObjectiveTest::values, t -> t.dup().reshape(1, 2, 1))
                .gradient(1.0, 2.0));
  }

  @Test
  void namesAreChecked() {
    assertMessage(
        "parameters = [], expected at least one", () -> CodedObjective.of(List.of(), t -> 0));
    assertMessage(
        "the name a stands twice: parameters = [a, a]",
        () -> CodedObjective.of(List.of("a", "a"), t -> 0));
    assertEquals("coded(a, b)", SINGLE.toString());
    List<String> many = IntStream.range(0, 1000).mapToObj(j -> "x" + j).toList();
    assertTrue(CodedObjective.of(many, t -> 0).toString().endsWith("x9, …)"));
  }

  @Test
  void gradientsBeginAtZeroEachTime() {
    DifferentiableObjective objective =
        CodedObjective.of(
            NAMES,
            t -> t[0] + 2 * t[1],
            (t, g) -> {
              g[0] += 1;
              g[1] += 2;
              return t[0] + 2 * t[1];
            });
    double[] g = new double[4];
    objective.gradients(new Points(new double[4], new long[2], 2, 2), new double[2], g);
    assertArrayEquals(new double[] {1, 2, 1, 2}, g);
  }

  @Test
  void aCheckNamesTheEntryThatIsOff() {
    TwiceDifferentiableObjective wrong =
        CodedObjective.of(
            NAMES,
            CodedObjectiveTest::value,
            (t, g) -> {
              double f = gradient(t, g);
              g[1] *= 1.001;
              return f;
            },
            CodedObjectiveTest::hessian);
    DerivativeCheck check = DerivativeCheck.of(wrong, 1, 2);
    assertFalse(check.passed());
    assertEquals(1, check.wrong().size(), check.toString());
    assertEquals("∂f/∂b", check.wrong().get(0).name());
    assertEquals(67.067, check.wrong().get(0).coded(), 1e-9);
    assertEquals(67, check.wrong().get(0).difference(), 1e-6);
    assertTrue(check.wrong().get(0).tolerance() < 1e-3);
    String message = assertThrows(IllegalStateException.class, check::requireCorrect).getMessage();
    assertTrue(message.contains("∂f/∂b = 67.06700000, differences give 67.00000000"), message);

    TwiceDifferentiableObjective swapped =
        CodedObjective.of(
            NAMES,
            CodedObjectiveTest::value,
            CodedObjectiveTest::gradient,
            (t, h) -> {
              hessian(t, h);
              h[0][1] = -3;
            });
    assertEquals(
        List.of("∂²f/∂a∂b"),
        DerivativeCheck.of(swapped, 1, 2).wrong().stream()
            .map(DerivativeCheck.Entry::name)
            .toList());

    DifferentiableObjective other =
        CodedObjective.of(NAMES, t -> value(t) + 1, CodedObjectiveTest::gradient);
    assertEquals("f beside ∇f", DerivativeCheck.of(other, 1, 2).wrong().get(0).name());
    assertMessage(
        "f = NaN at the point, expected a finite value",
        () ->
            DerivativeCheck.of(
                CodedObjective.of(NAMES, t -> Double.NaN, CodedObjectiveTest::gradient), 1, 2));
  }

  @Test
  void aCheckNearTheEdgeOfTheDomain() {
    for (double x : new double[] {1e-12, 1e-6, 1e-3}) {
      DifferentiableObjective right = logarithm(1);
      DerivativeCheck.of(right, x).requireCorrect();
      assertEquals(1, DerivativeCheck.of(logarithm(2), x).wrong().size(), "x = " + x);
      assertEquals(1, DerivativeCheck.of(logarithm(1.001), x).wrong().size(), "x = " + x);
    }
    DifferentiableObjective edge =
        CodedObjective.of(
            List.of("x"),
            t -> Math.sqrt(t[0]),
            (t, g) -> {
              g[0] = 1;
              return Math.sqrt(t[0]);
            });
    DerivativeCheck.Entry entry = DerivativeCheck.of(edge, 0).wrong().get(0);
    assertEquals(
        "∂f/∂x cannot be checked: the function is not finite on both sides of the point",
        entry.toString());
  }

  private static DifferentiableObjective logarithm(double factor) {
    return CodedObjective.of(
        List.of("x"),
        t -> Math.log(t[0]),
        (t, g) -> {
          g[0] = factor / t[0];
          return Math.log(t[0]);
        });
  }

  @Test
  void errorsOfDifferencesAreAsStated() {
    Objective wave =
        CodedObjective.of(NAMES, t -> Math.sin(t[0]) * Math.exp(t[1]) + Math.cos(3 * t[1]));
    double[] at = {0.8, 0.3};
    double[] exact = {
      Math.cos(0.8) * Math.exp(0.3), Math.sin(0.8) * Math.exp(0.3) - 3 * Math.sin(0.9)
    };
    Map<NumericalDerivatives.Scheme, Double> errors =
        Map.of(
            NumericalDerivatives.Scheme.FORWARD,
            1e-6,
            NumericalDerivatives.Scheme.CENTRAL,
            1e-9,
            NumericalDerivatives.Scheme.RICHARDSON,
            5e-11);
    errors.forEach(
        (scheme, error) ->
            assertArrayEquals(
                exact,
                NumericalDerivatives.gradient(wave, scheme).gradient(at),
                error,
                scheme.toString()));
    double[][] hessian =
        NumericalDerivatives.hessian(
                NumericalDerivatives.gradient(wave, NumericalDerivatives.Scheme.CENTRAL),
                NumericalDerivatives.Scheme.CENTRAL)
            .hessian(at);
    assertEquals(-Math.sin(0.8) * Math.exp(0.3), hessian[0][0], 2e-6);
    assertEquals(Math.cos(0.8) * Math.exp(0.3), hessian[0][1], 2e-6);
    assertEquals(hessian[0][1], hessian[1][0]);
    assertEquals(Math.sin(0.8) * Math.exp(0.3) - 9 * Math.cos(0.9), hessian[1][1], 5e-6);
  }

  @Test
  void differencesOfManyPointsAndParameters() {
    int p = 300;
    List<String> names = IntStream.range(0, p).mapToObj(j -> "x" + j).toList();
    Objective square = CodedObjective.of(names, t -> Arrays.stream(t).map(v -> v * v * v).sum());
    int rows = 7;
    double[] theta = new double[rows * p];
    Arrays.setAll(theta, k -> Math.sin(k));
    double[] g = new double[rows * p];
    NumericalDerivatives.gradient(square, NumericalDerivatives.Scheme.CENTRAL)
        .gradients(new Points(theta, new long[rows], rows, p), new double[rows], g);
    for (int k = 0; k < g.length; k++) {
      assertEquals(3 * theta[k] * theta[k], g[k], 1e-7);
    }
    double[] v = new double[rows * p];
    Arrays.setAll(v, k -> Math.cos(2 * k));
    DifferentiableObjective once =
        CodedObjective.of(
            names,
            t -> Arrays.stream(t).map(x -> x * x * x).sum(),
            (t, slope) -> {
              Arrays.setAll(slope, j -> 3 * t[j] * t[j]);
              return Arrays.stream(t).map(x -> x * x * x).sum();
            });
    TwiceDifferentiableObjective twice =
        NumericalDerivatives.hessian(once, NumericalDerivatives.Scheme.CENTRAL);
    double[] hv = new double[rows * p];
    twice.hessianProducts(new Points(theta, new long[rows], rows, p), v, hv);
    for (int k = 0; k < hv.length; k++) {
      assertEquals(6 * theta[k] * v[k], hv[k], 1e-7);
    }
    twice.hessianProducts(new Points(theta, new long[rows], rows, p), new double[rows * p], hv);
    assertArrayEquals(new double[rows * p], hv);
  }

  @Test
  void differencesStayWithinTheDomain() {
    Objective root = CodedObjective.of(List.of("x"), t -> Math.sqrt(t[0]) * (1 + t[0]));
    for (NumericalDerivatives.Scheme scheme : NumericalDerivatives.Scheme.values()) {
      // the step is about 1e-5 to 1e-3, so that θ - h is outside
      double x = 1e-7;
      double slope = NumericalDerivatives.gradient(root, scheme).gradient(x)[0];
      // the difference of the side that is inside: the slope of a secant, not of the tangent
      double h = scheme.step(x, NumericalDerivatives.NOISE);
      double expected = (root.value(x + h) - root.value(x)) / h;
      assertEquals(expected, slope, 1e-9 * expected, scheme.toString());
    }
  }

  private static void assertMessage(String message, Executable code) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, code).getMessage());
  }
}
