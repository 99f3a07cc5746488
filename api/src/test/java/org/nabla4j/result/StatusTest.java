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

  @Test
  void minimisationHasWordsOfItsOwn() {
    assertEquals(
        "converged: relative gradient 2.00e-07 <= gradientTolerance 1.00e-06",
        Status.CONVERGED_GRADIENT.message(Wording.MINIMIZATION, 2e-7, 1e-6));
    assertEquals(
        "converged: relative reduction of the objective 1.00e-17 is rounding (valueTolerance 0)",
        Status.CONVERGED_COST.message(Wording.MINIMIZATION, 1e-17, 0));
    assertEquals(
        "iteration limit: iterations 400 >= maxIterations 400",
        Status.ITERATION_LIMIT.message(Wording.MINIMIZATION, 400, 400));
    assertEquals(
        "no progress: relative gradient 0.00300 > gradientTolerance 1.00e-06",
        Status.NO_PROGRESS.message(Wording.MINIMIZATION, 3e-3, 1e-6));
    assertEquals(
        "unbounded: objective -Infinity, expected finite",
        Status.UNBOUNDED.message(Wording.MINIMIZATION, Double.NEGATIVE_INFINITY, Double.NaN));
    assertEquals(
        "no progress: f differs across a simplex of relative size 2.00e-16 <= parameterTolerance"
            + " 1.00e-07",
        Status.NO_PROGRESS.message(Wording.SIMPLEX, 2e-16, 1e-7));
    assertEquals(
        "converged: relative size of the simplex 2.00e-08 <= parameterTolerance 1.00e-07",
        Status.CONVERGED_PARAMETERS.message(Wording.SIMPLEX, 2e-8, 1e-7));
    assertEquals(
        "infeasible: constraint violation 0.500 > constraintTolerance 1.00e-09",
        Status.INFEASIBLE.message(Wording.MINIMIZATION, 0.5, 1e-9));
    assertEquals(
        "non finite: objective NaN, expected finite",
        Status.NON_FINITE.message(Wording.MINIMIZATION, Double.NaN, Double.NaN));
  }
}
