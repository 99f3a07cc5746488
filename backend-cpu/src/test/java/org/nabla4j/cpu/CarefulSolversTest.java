package org.nabla4j.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.RealVector;
import org.hipparchus.optim.nonlinear.vector.leastsquares.LeastSquaresFactory;
import org.hipparchus.optim.nonlinear.vector.leastsquares.LeastSquaresOptimizer.Optimum;
import org.hipparchus.optim.nonlinear.vector.leastsquares.LevenbergMarquardtOptimizer;
import org.hipparchus.util.Pair;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nabla4j.backend.Cancellation;
import org.nabla4j.cpu.HouseholderFinisher.End;
import org.nabla4j.result.Status;

/** The solvers of single problems on functions written by hand. */
class CarefulSolversTest {

  private static final double TOLERANCE = 1.5e-8;

  /** y = θ₀ exp(−θ₁ x) + θ₂ at x = 0, …, n−1 with a fixed pattern of errors. */
  private static CodedFunction decay(int n) {
    return new CodedFunction(
        n,
        3,
        (i, theta, row) -> {
          double x = 0.3 * i;
          double y = 5 * Math.exp(-0.7 * x) + 1 + 0.05 * Math.sin(7.0 * i);
          double e = Math.exp(-theta[1] * x);
          row[0] = theta[0] * e + theta[2] - y;
          row[1] = e;
          row[2] = -theta[0] * x * e;
          row[3] = 1;
        });
  }

  /** Rosenbrock's valley: r = 10(θ₁ − θ₀²), 1 − θ₀, and a constant so that the cost is not 0. */
  private static CodedFunction valley() {
    return new CodedFunction(
        3,
        2,
        (i, theta, row) -> {
          row[0] = i == 0 ? 10 * (theta[1] - theta[0] * theta[0]) : i == 1 ? 1 - theta[0] : 0.1;
          row[1] = i == 0 ? -20 * theta[0] : i == 1 ? -1 : 0;
          row[2] = i == 0 ? 10 : 0;
        });
  }

  private static double[] all(int p, double value) {
    double[] values = new double[p];
    Arrays.fill(values, value);
    return values;
  }

  private static ScalarLevenbergMarquardt solver(
      LeastSquaresFunction f, boolean polish, double[] lower, double[] upper, Cancellation stop) {
    return new ScalarLevenbergMarquardt(
        f,
        new ScalarLevenbergMarquardt.Options(TOLERANCE, TOLERANCE, 0, 0.03, polish, stop),
        lower,
        upper);
  }

  private static ScalarLevenbergMarquardt solver(LeastSquaresFunction f, boolean polish) {
    double[] low = all(f.parameters(), Double.NEGATIVE_INFINITY);
    double[] high = all(f.parameters(), Double.POSITIVE_INFINITY);
    return solver(f, polish, low, high, new Cancellation());
  }

  private static HouseholderFinisher finisher(LeastSquaresFunction f, double low, double high) {
    int p = f.parameters();
    return new HouseholderFinisher(f, all(p, low), all(p, high), new Cancellation());
  }

  /** The minimum by Hipparchus, whose optimiser descends from MINPACK. */
  private static Optimum reference(LeastSquaresFunction f, double[] start) {
    int n = f.points();
    int p = f.parameters();
    return new LevenbergMarquardtOptimizer()
        .withCostRelativeTolerance(1e-15)
        .withParameterRelativeTolerance(1e-15)
        .optimize(
            LeastSquaresFactory.create(
                point -> {
                  f.evaluate(point.toArray());
                  RealVector r = new ArrayRealVector(n);
                  RealMatrix j = new Array2DRowRealMatrix(n, p);
                  for (int i = 0; i < n; i++) {
                    int e = f.firstRow() + i * f.rowStride();
                    r.setEntry(i, f.rows()[e]);
                    for (int k = 0; k < p; k++) {
                      j.setEntry(i, k, f.rows()[e + 1 + k]);
                    }
                  }
                  return new Pair<>(r, j);
                },
                new ArrayRealVector(n),
                new ArrayRealVector(start),
                null,
                10_000,
                10_000));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void levenbergMarquardtFindsTheMinimum(boolean polish) {
    CodedFunction f = decay(20);
    double[] expected = reference(f, new double[] {1, 1, 1}).getPoint().toArray();
    ScalarLevenbergMarquardt solver = solver(f, polish);
    assertTrue(solver.run(new double[] {1, 0.1, 0}, 100).converged());
    assertArrayEquals(expected, solver.theta(), polish ? 1e-9 : 1e-3);
    assertTrue(solver.steps() < solver.evaluations());
    // without polish the cost is that before the last step, equal within the tolerance
    double cost = f.evaluate(expected);
    assertEquals(cost, solver.cost(), 1e-7 * cost);
  }

  @Test
  void levenbergMarquardtLeavesZeroAndCurvedValleys() {
    ScalarLevenbergMarquardt solver = solver(decay(20), true);
    assertTrue(solver.run(new double[3], 200).converged());
    solver = solver(valley(), true);
    assertTrue(solver.run(new double[] {-1.2, 1}, 200).converged());
    assertArrayEquals(new double[] {1, 1}, solver.theta(), 1e-10);
  }

  @Test
  void levenbergMarquardtSaysWhyItEnds() {
    ScalarLevenbergMarquardt solver = solver(decay(20), true);
    assertEquals(Status.ITERATION_LIMIT, solver.run(new double[] {1, 0.1, 0}, 3));
    assertEquals(3, solver.evaluations());
    assertEquals(Status.NON_FINITE, solver.run(new double[] {Double.NaN, 1, 1}, 100));
    CodedFunction flat =
        new CodedFunction(
            4,
            2,
            (i, theta, row) -> {
              row[0] = theta[0] * theta[1] - i;
              row[1] = theta[1];
              row[2] = theta[0];
            });
    // the product is determined, its factors are not: any point of the ridge is a minimum
    HouseholderFinisher finisher = finisher(flat, -9, 9);
    assertEquals(End.SINGULAR, finisher.run(new double[] {1, 1.5}, true, 50));
    Cancellation stop = new Cancellation();
    stop.cancel();
    ScalarLevenbergMarquardt stopped = solver(decay(20), true, all(3, -9), all(3, 9), stop);
    assertEquals(Status.CANCELLED, stopped.run(new double[] {1, 1, 1}, 100));
    assertEquals(1, stopped.evaluations(), "its cost shall be that of its parameters");
  }

  @Test
  void levenbergMarquardtStaysWithinBounds() {
    CodedFunction f = decay(20);
    double[] low = {0, 0, 1.2};
    double[] high = {4, 10, 10};
    ScalarLevenbergMarquardt solver = solver(f, true, low, high, new Cancellation());
    assertTrue(solver.run(new double[] {9, 0.1, 0}, 200).converged());
    double[] theta = solver.theta();
    for (int j = 0; j < 3; j++) {
      assertTrue(theta[j] >= low[j] && theta[j] <= high[j], Arrays.toString(theta));
    }
    // first-order conditions: no gradient inside, at bounds it points outward
    double[] descent = new double[3];
    f.evaluate(theta);
    f.normalEquations(descent, new double[6]);
    for (int j = 0; j < 3; j++) {
      if (theta[j] == low[j]) {
        assertTrue(descent[j] <= 0);
      } else if (theta[j] == high[j]) {
        assertTrue(descent[j] >= 0);
      } else {
        assertEquals(0, descent[j], 1e-9);
      }
    }
    assertTrue(theta[0] == 4 || theta[2] == 1.2);
  }

  @Test
  void finisherConvergesAndInverts() {
    CodedFunction f = decay(20);
    Optimum expected = reference(f, new double[] {1, 1, 1});
    double[] near = expected.getPoint().mapMultiply(1.001).toArray();
    HouseholderFinisher finisher = finisher(f, -99, 99);
    assertEquals(End.CONVERGED, finisher.run(near, true, 50));
    assertArrayEquals(expected.getPoint().toArray(), finisher.theta(), 1e-9);
    double[] packed = new double[6];
    finisher.covariance(packed);
    RealMatrix covariance = expected.getCovariances(1e-14);
    for (int j = 0, t = 0; j < 3; j++) {
      for (int k = 0; k <= j; k++) {
        double c = covariance.getEntry(j, k);
        assertEquals(c, packed[t++], 1e-6 * Math.abs(c));
      }
    }
    assertEquals(End.WELL_CONDITIONED, finisher.run(near, false, 50));
    assertArrayEquals(near, finisher.theta());
    assertEquals(1, finisher.evaluations());
  }

  @Test
  void finisherDoesNotClaimWhatDiverges() {
    CodedFunction f = decay(20);
    HouseholderFinisher finisher = finisher(f, -1e9, 1e9);
    double[] far = {5, -3, 0};
    End end = finisher.run(far, true, 4);
    assertEquals(End.DIVERGED, end);
    assertArrayEquals(far, finisher.theta());
  }

  @Test
  void finisherLeavesOutWhatIsHeldAtABound() {
    CodedFunction f = decay(20);
    double[] low = {0, 0, 1.2};
    double[] high = {9, 9, 9};
    ScalarLevenbergMarquardt solver = solver(f, true, low, high, new Cancellation());
    assertTrue(solver.run(new double[] {4, 0.6, 2}, 200).converged());
    double[] near = solver.theta().clone();
    near[0] *= 1.0001;
    near[1] *= 0.9999;
    HouseholderFinisher finisher = new HouseholderFinisher(f, low, high, new Cancellation());
    assertEquals(End.CONVERGED, finisher.run(near, true, 50));
    assertArrayEquals(solver.theta(), finisher.theta(), 1e-10);
    assertEquals(1.2, finisher.theta()[2]);
    double[] packed = new double[6];
    finisher.covariance(packed);
    for (double v : packed) {
      assertTrue(Double.isFinite(v));
    }
  }

  @Test
  void trustRegionTakesTheStepsOfMinpack() {
    for (int k = 0; k < 2; k++) {
      CodedFunction f = k == 0 ? valley() : decay(20);
      double[] start = k == 0 ? new double[] {-1.2, 1} : new double[] {1, 0.1, 0};
      Optimum expected = reference(f, start);
      TrustRegionRetry retry = new TrustRegionRetry(f, 1e-15, 1e-15, new Cancellation());
      int evaluations = retry.run(start, 1000);
      assertArrayEquals(expected.getPoint().toArray(), retry.theta(), 1e-6);
      int other = expected.getEvaluations();
      assertTrue(
          evaluations <= 2 * other + 10,
          () -> evaluations + " evaluations, the other library needs " + other);
      assertEquals(expected.getCost() * expected.getCost() / 2, retry.cost(), 1e-9 * retry.cost());
    }
  }

  @Test
  void trustRegionKeepsToItsLimits() {
    CodedFunction f = valley();
    TrustRegionRetry retry = new TrustRegionRetry(f, 1e-15, 1e-15, new Cancellation());
    assertEquals(5, retry.run(new double[] {-1.2, 1}, 5));
    assertEquals(5, f.evaluations());
    Cancellation stop = new Cancellation();
    stop.cancel();
    assertEquals(1, new TrustRegionRetry(f, 0, 0, stop).run(new double[] {-1.2, 1}, 100));
  }
}
