package org.nabla4j.result;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.nabla4j.CurveFit;
import org.nabla4j.data.Column;
import org.nabla4j.method.Covariance;
import org.nabla4j.method.LevenbergMarquardt;
import org.nabla4j.objective.CodedModel;
import org.nabla4j.objective.LeastSquaresProblem;
import org.nabla4j.objective.MissingData;
import org.nabla4j.objective.Precision;
import org.nabla4j.objective.SigmaKind;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What a backend puts in comes out at the right place, scaled as the kind of σ says. */
class BatchFitTest {

  private static final int BATCH = 5;

  private static CurveFit line() {
    return CurveFit.of("y = a + b*x + c*x^2")
        .data("x", new double[] {0, 1, 2, 3, 4, 5, 6})
        .data("y", new double[BATCH][7])
        .start(1, 2, 3);
  }

  private static final LevenbergMarquardt METHOD = LevenbergMarquardt.defaults();

  /** Fills with recognisable numbers, as a tile with 4 lanes would: strided. */
  private static BatchFit.Builder filled(LeastSquaresProblem problem, LevenbergMarquardt method) {
    BatchFit.Builder sink = BatchFit.builder(problem, method, "test", "scalar");
    int free = problem.freeCount();
    int entries = free * (free + 1) / 2;
    for (int i = 0; i < BATCH; i++) {
      int lanes = 4;
      int lane = i % lanes;
      double[] theta = new double[free * lanes];
      double[] inverse = new double[entries * lanes];
      for (int j = 0; j < free; j++) {
        theta[j * lanes + lane] = 100 * i + j;
      }
      for (int e = 0; e < entries; e++) {
        inverse[e * lanes + lane] = 10 * i + e + 1;
      }
      sink.outcome(i, Status.CONVERGED_COST, 1e-10, 2 * i, 3 + i, 4 + i);
      sink.freeParameters(i, theta, lane, lanes);
      sink.curvatureInverse(i, inverse, lane, lanes);
    }
    return sink;
  }

  @Test
  void unsetProblemsAreCancelledAtTheirStart() {
    BatchFit fits = BatchFit.builder(line().problem(), METHOD, "test", "scalar").build();
    assertEquals(Map.of(Status.CANCELLED, 5L), fits.statusCounts());
    assertArrayEquals(new double[] {1, 2, 3}, fits.parameters(3));
    assertTrue(Double.isNaN(fits.standardError(3, 1)));
    assertTrue(Double.isNaN(fits.cost(3)));
    assertEquals("cancelled", fits.statusMessage(0));
  }

  @Test
  void relativeSigmaScalesByReducedChiSquared() {
    BatchFit fits = filled(line().problem(), METHOD).timings(1, 2).build();
    assertEquals(5, fits.convergedCount());
    // Problem 3: cost 6, χ² 12, 4 degrees of freedom, H⁻¹ = 31, 32, 33, 34, 35, 36.
    assertEquals(12, fits.chiSquared(3));
    assertEquals(3, fits.reducedChiSquared(3));
    assertEquals(4, fits.degreesOfFreedom(3));
    assertArrayEquals(new double[] {300, 301, 302}, fits.parameters(3));
    assertEquals(301, fits.parameter(3, "b"));
    assertEquals(Math.sqrt(33 * 3), fits.standardError(3, "b"));
    assertThrows(IllegalArgumentException.class, () -> fits.standardError(3, "q"));
    assertEquals(Math.sqrt(33 * 3), fits.standardError(3, 1));
    assertEquals(35 * 3, fits.covariance(3, 1, 2));
    assertEquals(35 * 3, fits.covariance(3, 2, 1));
    assertArrayEquals(
        new double[][] {{93, 96, 102}, {96, 99, 105}, {102, 105, 108}}, fits.covariance(3));
    assertEquals(6, fits.iterations(3));
    assertEquals(7, fits.evaluations(3));
    assertEquals(4 + 5 + 6 + 7 + 8, fits.totalEvaluations());
    assertEquals(2e-9, fits.solveSeconds());
    assertEquals(15, fits.parameters().length);
    assertEquals(301, fits.parameters()[3 * 3 + 1]);
    assertEquals(Math.sqrt(99), fits.standardErrors()[3 * 3 + 1]);
    assertArrayEquals(new double[] {0, 4, 8, 12, 16}, fits.chiSquared());
  }

  @Test
  void absoluteSigmaDoesNot() {
    double[] sigma = {1, 1, 1, 1, 1, 1, 1};
    BatchFit fits = filled(line().sigma(sigma, SigmaKind.ABSOLUTE).problem(), METHOD).build();
    assertEquals(Math.sqrt(33), fits.standardError(3, 1));
    assertEquals(35, fits.covariance(3, 1, 2));
  }

  @Test
  void fixedParametersKeepTheirStartsAndHaveNoVariance() {
    double[] starts = {0.5, 1.5, 2.5, 3.5, 4.5};
    BatchFit fits = filled(line().fix("b", Column.perProblem(starts, 1)).problem(), METHOD).build();
    assertArrayEquals(new double[] {300, 3.5, 301}, fits.parameters(3));
    assertEquals(0, fits.standardError(3, 1));
    // Two free parameters: H⁻¹ = 31, 32, 33; χ² 12 over 5 degrees of freedom.
    assertEquals(33 * 12.0 / 5, fits.covariance(3, 2, 2), 1e-12);
    assertEquals(32 * 12.0 / 5, fits.covariance(3, 0, 2), 1e-12);
    assertEquals(0, fits.covariance(3, 0, 1));
  }

  @Test
  void levelsOfCovariance() {
    LevenbergMarquardt errorsOnly = METHOD.withCovariance(Covariance.STANDARD_ERRORS);
    LeastSquaresProblem problem = line().problem();
    BatchFit fits = filled(problem, errorsOnly).build();
    assertEquals(Math.sqrt(33 * 3), fits.standardError(3, 1));
    assertEquals(
        "covariance = STANDARD_ERRORS, expected FULL among the method's options",
        assertThrows(IllegalStateException.class, () -> fits.covariance(3, 1, 1)).getMessage());
    BatchFit none = filled(problem, METHOD.withCovariance(Covariance.NONE)).build();
    assertTrue(Double.isNaN(none.standardError(3, 1)));
  }

  @Test
  void countedPointsChangeTheDegreesOfFreedom() {
    BatchFit.Builder sink = filled(line().missing(MissingData.OMIT).problem(), METHOD);
    sink.points(3, 5);
    BatchFit fits = sink.build();
    assertEquals(5, fits.points(3));
    assertEquals(2, fits.degreesOfFreedom(3));
    assertEquals(7, fits.points(2));
    assertThrows(IllegalStateException.class, () -> filled(line().problem(), METHOD).points(0, 5));
  }

  @Test
  void arraysOfNd4j() {
    BatchFit fits = filled(line().problem(), METHOD).build();
    INDArray parameters = fits.parametersArray();
    assertArrayEquals(new long[] {5, 3}, parameters.shape());
    assertEquals(402, parameters.getDouble(4, 2));
    assertEquals(fits.standardError(4, 2), fits.standardErrorsArray().getDouble(4, 2));
  }

  @Test
  void indicesAreChecked() {
    BatchFit fits = filled(line().problem(), METHOD).build();
    assertThrows(IndexOutOfBoundsException.class, () -> fits.get(5));
    assertThrows(IndexOutOfBoundsException.class, () -> fits.parameter(0, 3));
    assertThrows(IndexOutOfBoundsException.class, () -> fits.status(-1));
    assertEquals(
        "no parameter q, expected one of [a, b, c]",
        assertThrows(IllegalArgumentException.class, () -> fits.parameter(0, "q")).getMessage());
  }

  @Test
  void summary() {
    BatchFit.Builder sink = filled(line().problem(), METHOD).timings(1, 2_000_000_000);
    sink.outcome(4, Status.ITERATION_LIMIT, 800, 1, 790, 800);
    assertEquals(
        """
        y = a + b*x + c*x^2: B = 5, n = 7, p = 3
        4 of 5 fits converged in 2 s (2.5 fits/s), 822 evaluations, backend test (scalar)
          CONVERGED_COST         4
          ITERATION_LIMIT        1\
        """,
        sink.build().toString());
    assertEquals(
        "iteration limit: evaluations 800 >= maxEvaluations 800", sink.build().statusMessage(4));
  }

  @Test
  void cancelledFitsAreNotAmongThoseOfASecond() {
    BatchFit.Builder sink =
        BatchFit.builder(line().problem(), METHOD, "test", "scalar").timings(1, 500_000_000);
    sink.outcome(1, Status.CONVERGED_COST, 1e-10, 2, 3, 4);
    sink.outcome(2, Status.SINGULAR, 0, 2, 3, 5);
    String text = sink.build().toString();
    assertTrue(
        text.contains(
            "\n1 of 5 fits converged, 3 were cancelled, in 0.5 s (4 fits/s), 9 evaluations, "),
        text);
  }

  @Test
  void determinationOfEachFit() {
    double[] x = {0, 1, 2, 3};
    double[][] y = {{1, 2, 2, 4}, {3, 2, 2.5, 0}};
    BatchFit fits = CurveFit.of("y = a + b*x").start(1, 1).backend("reference").fitBatch(x, y);
    // From NumPy's corrcoef, squared.
    assertEquals(0.8526315789473684, fits.rSquared(0), 1e-9);
    assertEquals(fits.get(1).rSquared(), fits.rSquared(1));
    assertThrows(IndexOutOfBoundsException.class, () -> fits.rSquared(2));
  }

  /** The tolerance that float arithmetic leaves room for, and none where nothing was tested. */
  @Test
  void messagesShowTheToleranceThatWasUsed() {
    CurveFit floats =
        CurveFit.of("y = a*x").data("x", new float[] {1, 2}).data("y", new float[] {1, 2}).start(1);
    BatchFit.Builder sink = BatchFit.builder(floats.problem(), METHOD, "test", "scalar float");
    sink.outcome(0, Status.CONVERGED_COST, 2e-7, 1, 3, 4);
    assertEquals(
        "converged: relative reduction of the cost 2.00e-07 <= costTolerance 1.00e-06",
        sink.build().statusMessage(0));
    sink.outcome(0, Status.CONVERGED_PARAMETERS, 2e-7, 1, 3, 4);
    assertEquals(
        "converged: relative change of the parameters 2.00e-07 <= parameterTolerance 1.00e-06",
        sink.build().statusMessage(0));
    BatchFit.Builder doubles =
        BatchFit.builder(
            floats.precision(Precision.DOUBLE).problem(),
            METHOD.withGradientTolerance(1e-3),
            "test",
            "scalar double");
    doubles.outcome(0, Status.CONVERGED_COST, 2e-9, 1, 3, 4);
    assertEquals(
        "converged: relative reduction of the cost 2.00e-09 <= costTolerance 1.49e-08",
        doubles.build().statusMessage(0));
    doubles.outcome(0, Status.CONVERGED_GRADIENT, Double.NaN, 1, 3, 4);
    assertEquals(
        "converged: cosine between residuals and Jacobian columns <= gradientTolerance 0.00100",
        doubles.build().statusMessage(0));
    CodedModel code =
        CodedModel.of(List.of("a"), List.of("x", "y"), (theta, data) -> data[1].sub(data[0]));
    BatchFit.Builder coded =
        BatchFit.builder(
            CurveFit.of(code)
                .data("x", new float[] {1, 2})
                .data("y", new float[] {1, 2})
                .start(1)
                .problem(),
            METHOD,
            "test",
            "code");
    coded.outcome(0, Status.CONVERGED_COST, 2e-9, 1, 3, 4);
    assertEquals(
        "converged: relative reduction of the cost 2.00e-09 <= costTolerance 1.49e-08",
        coded.build().statusMessage(0));
  }

  @Test
  void tablesOverSeveralArrays() {
    for (int chunk : new int[] {1, 3, 4, 7, 8, 64, 1000}) {
      DoubleTable table = new DoubleTable(21, 3, chunk);
      double[] expected = new double[63];
      for (int i = 0; i < 63; i++) {
        assertTrue(Double.isNaN(table.get(i / 3, i % 3)));
        expected[i] = i * i;
        table.set(i / 3, i % 3, expected[i]);
      }
      assertArrayEquals(expected, table.flat("table"));
      table.set(19, new int[] {2, 0}, new double[] {9, -1, 9, 9, -2}, 1, 3);
      expected[59] = -1;
      expected[57] = -2;
      assertArrayEquals(expected, table.flat("table"));
      double[] row = new double[5];
      table.get(20, row, 1);
      assertArrayEquals(new double[] {0, 3600, 3721, 3844, 0}, row);
    }
  }
}
