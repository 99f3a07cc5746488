package org.nabla4j.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.nabla4j.objective.Precision;

/** Options of the methods: defaults, copies and messages. */
class MethodOptionsTest {

  @Test
  void defaultsAreThoseOfMinpack() {
    LevenbergMarquardt method = LevenbergMarquardt.defaults();
    assertEquals(Math.sqrt(Math.ulp(1.0)), method.costTolerance());
    assertEquals(Math.sqrt(Math.ulp(1.0)), method.parameterTolerance());
    assertEquals(0, method.gradientTolerance());
    assertEquals(800, method.evaluationLimit(3));
    assertEquals(0.03, method.initialDamping());
    assertTrue(method.polish());
    assertEquals(Covariance.FULL, method.covariance());
    assertEquals(800, GaussNewton.defaults().evaluationLimit(3));
  }

  @Test
  void copiesChangeOneThing() {
    LevenbergMarquardt method =
        LevenbergMarquardt.defaults()
            .withTolerance(1e-4)
            .withGradientTolerance(1e-3)
            .withMaxEvaluations(10)
            .withInitialDamping(0.5)
            .withPolish(false)
            .withCovariance(Covariance.NONE);
    assertEquals(1e-4, method.costTolerance());
    assertEquals(1e-4, method.parameterTolerance());
    assertEquals(1e-3, method.gradientTolerance());
    assertEquals(10, method.evaluationLimit(3));
    assertEquals(0.5, method.initialDamping());
    assertFalse(method.polish());
    assertEquals(Covariance.NONE, method.covariance());
    assertTrue(LevenbergMarquardt.defaults().polish());
    assertEquals(
        "Levenberg-Marquardt(costTolerance=1.0E-4, parameterTolerance=1.0E-4,"
            + " gradientTolerance=0.001, maxEvaluations=10, initialDamping=0.5, polish=false,"
            + " covariance=NONE)",
        method.toString());
    GaussNewton newton =
        GaussNewton.defaults()
            .withTolerance(1e-4)
            .withGradientTolerance(1e-3)
            .withCovariance(Covariance.STANDARD_ERRORS);
    assertEquals(
        "Gauss-Newton(costTolerance=1.0E-4, parameterTolerance=1.0E-4, gradientTolerance=0.001,"
            + " maxEvaluations=200(p+1), covariance=STANDARD_ERRORS)",
        newton.toString());
    assertEquals(7, newton.withMaxEvaluations(7).evaluationLimit(3));
  }

  @Test
  void singlePrecisionHasALeastTolerance() {
    for (LeastSquaresMethod method :
        List.of(LevenbergMarquardt.defaults(), GaussNewton.defaults())) {
      assertEquals(1e-6, method.costTolerance(Precision.SINGLE));
      assertEquals(1e-6, method.parameterTolerance(Precision.SINGLE));
      assertEquals(method.costTolerance(), method.costTolerance(Precision.DOUBLE));
      assertEquals(method.parameterTolerance(), method.parameterTolerance(Precision.DOUBLE));
    }
    LevenbergMarquardt loose = LevenbergMarquardt.defaults().withCostTolerance(1e-3);
    assertEquals(1e-3, loose.costTolerance(Precision.SINGLE));
    assertEquals(1e-6, loose.withParameterTolerance(0).parameterTolerance(Precision.SINGLE));
    assertEquals(0, loose.withParameterTolerance(0).parameterTolerance(Precision.DOUBLE));
  }

  /** What a method has of its own outlives a change of what it shares. */
  @Test
  void ownOptionsAreKept() {
    LevenbergMarquardt method =
        LevenbergMarquardt.defaults()
            .withInitialDamping(2)
            .withPolish(false)
            .withCostTolerance(1e-3)
            .withParameterTolerance(1e-4)
            .withGradientTolerance(1e-5)
            .withMaxEvaluations(3);
    assertEquals(2, method.initialDamping());
    assertFalse(method.polish());
    assertEquals(1e-3, method.costTolerance());
    assertEquals(1e-4, method.parameterTolerance());
    assertEquals(1e-5, method.gradientTolerance());
    assertEquals(3, method.withPolish(true).withInitialDamping(1).evaluationLimit(8));
  }

  private static void assertMessage(String expected, Runnable code) {
    assertEquals(expected, assertThrows(IllegalArgumentException.class, code::run).getMessage());
  }

  @Test
  void messagesHaveNameValueAndConstraint() {
    LevenbergMarquardt method = LevenbergMarquardt.defaults();
    assertMessage(
        "costTolerance = -1.0, expected 0 <= costTolerance < 1",
        () -> method.withCostTolerance(-1));
    assertMessage(
        "tolerance = 1.0, expected 0 <= tolerance < 1",
        () -> GaussNewton.defaults().withTolerance(1));
    assertMessage(
        "parameterTolerance = NaN, expected 0 <= parameterTolerance < 1",
        () -> method.withParameterTolerance(Double.NaN));
    assertMessage(
        "gradientTolerance = 1.0, expected 0 <= gradientTolerance < 1",
        () -> GaussNewton.defaults().withGradientTolerance(1));
    assertMessage(
        "maxEvaluations = -2, expected >= 0 (0 leaves it to the method)",
        () -> method.withMaxEvaluations(-2));
    assertMessage(
        "initialDamping = 0.0, expected a finite value > 0", () -> method.withInitialDamping(0));
  }

  @Test
  void optionsOfTrustRegions() {
    NewtonRaphson newton =
        NewtonRaphson.defaults()
            .withInitialRadius(0.5)
            .withMaxRadius(10)
            .withAcceptance(0.1)
            .withGradientTolerance(1e-8)
            .withMaxIterations(7);
    assertEquals(
        "Newton-Raphson(gradientTolerance=1.0E-8, valueTolerance=0.0, parameterTolerance=0.0,"
            + " maxIterations=7, initialRadius=0.5, maxRadius=10.0, acceptance=0.1)",
        newton.toString());
    assertEquals(0.5, newton.initialRadius());
    assertEquals(10, newton.maxRadius());
    assertEquals(0.1, newton.acceptance());
    NewtonConjugateGradient products = NewtonConjugateGradient.defaults().withInitialRadius(2);
    assertEquals(2, products.initialRadius());
    assertEquals(Double.POSITIVE_INFINITY, products.maxRadius());
    assertEquals(1, NewtonConjugateGradient.defaults().initialRadius());
    assertEquals(800, products.iterationLimit(3));
    assertEquals(
        "initialRadius = 0.0, expected a finite value > 0",
        assertThrows(
                IllegalArgumentException.class, () -> NewtonRaphson.defaults().withInitialRadius(0))
            .getMessage());
    assertEquals(
        "maxRadius = NaN, expected > 0",
        assertThrows(IllegalArgumentException.class, () -> products.withMaxRadius(Double.NaN))
            .getMessage());
    assertEquals(
        "acceptance = 0.25, expected 0 < acceptance < 0.25",
        assertThrows(IllegalArgumentException.class, () -> products.withAcceptance(0.25))
            .getMessage());
  }

  @Test
  void optionsOfBfgs() {
    Bfgs method = Bfgs.defaults().withLineSearch(1e-3, 0.5).withMaxIterations(9);
    assertEquals(1e-3, method.sufficientDecrease());
    assertEquals(0.5, method.curvature());
    assertEquals(9, method.iterationLimit(3));
    assertEquals(0.9, Bfgs.defaults().curvature());
    assertEquals(
        "BFGS(gradientTolerance=1.0E-6, valueTolerance=0.0, parameterTolerance=0.0,"
            + " sufficientDecrease=1.0E-4, curvature=0.9)",
        Bfgs.defaults().toString());
    assertEquals(
        "sufficientDecrease = 0.5, curvature = 0.9,"
            + " expected 0 < sufficientDecrease < curvature < 1, sufficientDecrease < 0.5",
        assertThrows(IllegalArgumentException.class, () -> method.withLineSearch(0.5, 0.9))
            .getMessage());
    assertThrows(IllegalArgumentException.class, () -> method.withLineSearch(0.1, 0.1));
    assertThrows(IllegalArgumentException.class, () -> method.withLineSearch(0.1, 1));
  }
}
