package org.nabla4j.result;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.nabla4j.CurveFit;
import org.nabla4j.data.Column;
import org.nabla4j.method.LevenbergMarquardt;
import org.nabla4j.objective.CodedModel;
import org.nabla4j.objective.LeastSquaresProblem;
import org.nabla4j.objective.MissingData;
import org.nabla4j.objective.SigmaKind;

/** The message of a fit that could not begin names what is to blame. */
class NonFiniteCauseTest {

  private static final String OVERFLOW =
      "the sum of squares overflows at the start values; give sigma in the size of the residuals,"
          + " or closer start values";

  private static final double[] X = {0, 1, 2, 3, 4};

  /** Two chunks of points. */
  private static final int MANY = 1500;

  private static BatchFit ended(LeastSquaresProblem problem) {
    BatchFit.Builder results =
        BatchFit.builder(problem, LevenbergMarquardt.defaults(), "test", "none");
    for (long i = 0; i < problem.problems(); i++) {
      results.outcome(i, Status.NON_FINITE, Double.NaN, Double.NaN, 0, 1);
    }
    return results.build();
  }

  private static void assertCause(String expected, CurveFit curve) {
    FitResult fit = ended(curve.problem()).get(0);
    assertEquals("non finite: " + expected, fit.statusMessage());
    assertTrue(fit.toString().contains("\nnon finite: " + expected + "\n"), fit.toString());
  }

  private static CurveFit line() {
    return CurveFit.of("y = a + b*x").data("x", X).start(0, 1);
  }

  @Test
  void missingValueOfOneFit() {
    double[] y = {1, 2, Double.NaN, Double.NaN, 5};
    assertCause(
        "y[2] is NaN; leave such points out with missing(MissingData.OMIT)", line().data("y", y));
    double[] x = new double[MANY];
    x[1300] = Double.NaN;
    assertCause(
        "x[1300] is NaN; leave such points out with missing(MissingData.OMIT)",
        line().data("x", x).data("y", new double[MANY]));
  }

  @Test
  void missingValueOfABatch() {
    double[][] y = {{1, 2, 3, 4, 5}, {1, 2, 3, Double.NaN, 5}};
    assertEquals(
        "non finite: y[3] of problem 1 is NaN; leave such points out with"
            + " missing(MissingData.OMIT)",
        ended(line().data("y", y).problem()).statusMessage(1));
    // A column that all problems share is nobody's own.
    double[] x = {0, 1, Double.NaN, 3, 4};
    double[][] whole = {{1, 2, 3, 4, 5}, {1, 2, 3, 4, 5}};
    assertEquals(
        "non finite: x[2] is NaN; leave such points out with missing(MissingData.OMIT)",
        ended(line().data("x", x).data("y", whole).problem()).statusMessage(1));
  }

  @Test
  void infiniteValues() {
    double[] y = {1, 2, 3, 4, Double.NEGATIVE_INFINITY};
    assertCause("y[4] is -Infinity, expected a finite value", line().data("y", y));
    double[] both = {Double.NaN, 2, Double.POSITIVE_INFINITY, 4, 5};
    assertCause(
        "y[2] is Infinity, expected a finite value",
        line().data("y", both).missing(MissingData.OMIT));
    // 1/∞ is 0: the point before it is the one without a value.
    double[] x = {1, Double.POSITIVE_INFINITY, 0, 3, 4};
    assertCause(
        "the model is Infinity at the start values, by its part b/x, in point 2 (x = 0.0, y = 3.0)",
        CurveFit.of("y = a + b/x")
            .data("x", x)
            .data("y", new double[] {1, 2, 3, 4, 5})
            .start(0, 1));
  }

  @Test
  void sigmaWeightsAndStarts() {
    double[][] y = {{1, 2, 3, 4, 5}, {1, 2, 3, 4, 5}};
    double[][] spread = {{1, 1, 1, 1, 1}, {1, 1, 0, 1, 1}};
    CurveFit curve = line().data("y", y);
    assertEquals(
        "non finite: sigma[2] of problem 1 is 0.0, expected a finite value > 0",
        ended(curve.sigma(spread, SigmaKind.ABSOLUTE).problem()).statusMessage(1));
    spread[1][2] = Double.POSITIVE_INFINITY;
    assertEquals(
        "non finite: sigma[2] of problem 1 is Infinity, expected a finite value > 0",
        ended(curve.sigma(spread, SigmaKind.ABSOLUTE).problem()).statusMessage(1));
    spread[1][2] = -1;
    assertEquals(
        "non finite: sigma[2] of problem 1 is -1.0, expected a finite value > 0",
        ended(curve.sigma(spread, SigmaKind.ABSOLUTE).problem()).statusMessage(1));
    assertEquals(
        "non finite: weights[2] of problem 1 is -1.0, expected a finite value >= 0",
        ended(curve.weights(spread, SigmaKind.ABSOLUTE).problem()).statusMessage(1));
    spread[1][2] = Double.NaN;
    assertEquals(
        "non finite: sigma[2] of problem 1 is NaN; leave such points out with"
            + " missing(MissingData.OMIT)",
        ended(curve.sigma(spread, SigmaKind.ABSOLUTE).problem()).statusMessage(1));
    assertEquals(
        "non finite: start of b of problem 1 is NaN, expected a finite value",
        ended(curve.starts(new double[][] {{0, 1}, {0, Double.NaN}}).problem()).statusMessage(1));
  }

  @Test
  void modelsWithoutAValue() {
    double[] y = {1, 2, 3, 4, 5};
    assertCause(
        "the model is NaN at the start values in point 0 (x = 0.0, y = 1.0)",
        CurveFit.of("y = log(x - a)").data("x", X).data("y", y).start(1));
    assertCause(
        "the response log(y) is -Infinity in point 0 (x = 0.0, y = 0.0)",
        CurveFit.of("log(y) = a*x").data("x", X).data("y", X).start(1));
    assertCause(
        "the derivative of the model by a is Infinity at the start values in point 1 (x = 1.0, y ="
            + " 2.0)",
        CurveFit.of("y = sqrt(a + (x != 1)) + b").data("x", X).data("y", y).start(0, 0));
    assertCause(OVERFLOW, line().data("y", new double[] {1e200, 0, 0, 0, 0}));
    assertEquals(
        "non finite: the model is Infinity at the start values in point 4 of problem 1 (x = 4.0, y"
            + " = 0.0)",
        ended(
                CurveFit.of("y = exp(a*x)")
                    .data("x", X)
                    .data("y", new double[2][5])
                    .start("a", Column.perProblem(new double[] {1, 200}, 1))
                    .problem())
            .statusMessage(1));
  }

  @Test
  void floatOverflows() {
    float[] x = {0, 1, 2, 3, 4};
    CurveFit curve = CurveFit.of("y = a*x").data("x", x).start(1);
    assertCause(
        "the model or its sum of squares overflows float at the start values; compute with"
            + " precision(Precision.DOUBLE), or give sigma in the size of the residuals",
        curve.data("y", new float[] {1e25f, 2e25f, 3e25f, 4e25f, 5e25f}));
  }

  /** A solver begins at the bound, where this model has a value. */
  @Test
  void startsAreTakenWithinTheBounds() {
    CurveFit curve =
        CurveFit.of("y = sqrt(x + a) + b")
            .data("x", X)
            .data("y", new double[] {1e200, 2, 3, 4, 5})
            .bounds("a", 1, 9)
            .starts(new double[][] {{1, 0}});
    assertCause(OVERFLOW, curve);
  }

  @Test
  void codedModels() {
    CodedModel model =
        CodedModel.of(List.of("a"), List.of("x", "y"), (theta, data) -> data[1].sub(data[0]));
    CurveFit curve = CurveFit.of(model).data("x", X).start(1);
    assertCause(
        "y[1] is NaN; leave such points out with missing(MissingData.OMIT)",
        curve.data("y", new double[] {0, Double.NaN, 0, 0, 0}));
    assertCause(
        "the residuals or derivatives that the code computes at the start values are not finite",
        curve.data("y", X));
  }
}
