package org.nabla4j.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Options of the methods for constraints. */
class ConstrainedOptionsTest {

  @Test
  void defaults() {
    for (ConstrainedMethod method :
        List.<ConstrainedMethod>of(
            SequentialQuadraticProgramming.defaults(), AugmentedLagrangian.defaults())) {
      assertEquals(1e-9, method.gradientTolerance());
      assertEquals(1e-9, method.constraintTolerance());
      assertEquals(0, method.valueTolerance());
      assertEquals(0, method.parameterTolerance());
      assertEquals(4, method.furtherStarts());
    }
    assertEquals(600, SequentialQuadraticProgramming.defaults().iterationLimit(2));
    assertEquals(3000, AugmentedLagrangian.defaults().iterationLimit(2));
    assertEquals(
        Integer.MAX_VALUE, AugmentedLagrangian.defaults().iterationLimit(Integer.MAX_VALUE));
  }

  /** What a method has of its own outlives a change of what it shares, and the other way round. */
  @Test
  void copiesChangeOneThing() {
    SequentialQuadraticProgramming sqp =
        SequentialQuadraticProgramming.defaults()
            .withConstraintTolerance(1e-6)
            .withFurtherStarts(0)
            .withMaxIterations(7)
            .withValueTolerance(1e-3);
    assertEquals(1e-6, sqp.constraintTolerance());
    assertEquals(0, sqp.furtherStarts());
    assertEquals(7, sqp.iterationLimit(100));
    assertEquals(1e-3, sqp.withFurtherStarts(9).valueTolerance());
    assertEquals(4, SequentialQuadraticProgramming.defaults().furtherStarts());
    assertEquals(
        "SQP(gradientTolerance=1.0E-9, valueTolerance=0.001, parameterTolerance=0.0,"
            + " maxIterations=7, constraintTolerance=1.0E-6, furtherStarts=0)",
        sqp.toString());
    assertEquals(
        "augmented Lagrangian(gradientTolerance=1.0E-8, valueTolerance=0.0,"
            + " parameterTolerance=0.0, constraintTolerance=1.0E-9, furtherStarts=2)",
        AugmentedLagrangian.defaults().withFurtherStarts(2).withGradientTolerance(1e-8).toString());
  }

  private static void assertMessage(String expected, Runnable code) {
    assertEquals(expected, assertThrows(IllegalArgumentException.class, code::run).getMessage());
  }

  @Test
  void messagesHaveNameValueAndConstraint() {
    SequentialQuadraticProgramming method = SequentialQuadraticProgramming.defaults();
    assertMessage(
        "constraintTolerance = 0.0, expected 0 < constraintTolerance < 1",
        () -> method.withConstraintTolerance(0));
    assertMessage(
        "constraintTolerance = NaN, expected 0 < constraintTolerance < 1",
        () -> method.withConstraintTolerance(Double.NaN));
    assertMessage("furtherStarts = -1, expected >= 0", () -> method.withFurtherStarts(-1));
  }
}
