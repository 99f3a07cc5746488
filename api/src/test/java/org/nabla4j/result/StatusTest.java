package org.nabla4j.result;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;

/** Messages put the value beside its threshold. */
class StatusTest {

  @Test
  void messages() {
    assertEquals(
        "converged: relative reduction of the cost 3.10e-09 <= costTolerance 1.49e-08",
        Status.CONVERGED_COST.message(3.1e-9, 1.4901e-8));
    assertEquals(
        "converged: relative change of the parameters <= parameterTolerance 1.00e-08",
        Status.CONVERGED_PARAMETERS.message(Double.NaN, 1e-8));
    assertEquals(
        "iteration limit: evaluations 400 >= maxEvaluations 400",
        Status.ITERATION_LIMIT.message(400, 400));
    assertEquals(
        "too few points: points 2 < free parameters 3", Status.TOO_FEW_POINTS.message(2, 3));
    assertEquals(
        "non finite: cost NaN, expected finite", Status.NON_FINITE.message(Double.NaN, Double.NaN));
    assertEquals(
        "singular: reciprocal condition of the curvature 1.00e-17 < rounding",
        Status.SINGULAR.message(1e-17, Double.NaN));
    assertEquals("cancelled", Status.CANCELLED.message(Double.NaN, Double.NaN));
    assertEquals("no progress", Status.NO_PROGRESS.message(Double.NaN, Double.NaN));
  }

  @Test
  void codesRoundTrip() {
    for (Status status : Status.values()) {
      assertSame(status, Status.of(status.code()));
      assertEquals(status.name().startsWith("CONVERGED"), status.converged());
    }
  }

  @Test
  void roundingIsNotSaidToMeetATolerance() {
    assertEquals(
        "converged: relative change of the parameters 1.41e-15 is rounding (parameterTolerance 0)",
        Status.CONVERGED_PARAMETERS.message(1.41e-15, 0));
    assertEquals(
        "converged: relative change of the parameters 1.41e-15 <= parameterTolerance 1.41e-15",
        Status.CONVERGED_PARAMETERS.message(1.41e-15, 1.41e-15));
  }
}
