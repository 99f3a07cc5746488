package org.nabla4j.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Options of the methods without second derivatives: defaults, copies and messages. */
class FirstOrderOptionsTest {

  @Test
  void defaults() {
    GradientDescent descent = GradientDescent.defaults();
    assertEquals(StepRule.barzilaiBorwein(), descent.stepRule());
    assertEquals(0, descent.minibatchSize());
    assertEquals(1e-6, descent.gradientTolerance());
    assertEquals(100_000, descent.iterationLimit(3));
    assertEquals(10, LimitedMemoryBfgs.defaults().memory());
    assertEquals(15_000, LimitedMemoryBfgs.defaults().iterationLimit(3));
    assertEquals(10_000, ConjugateGradient.defaults().iterationLimit(3));
    assertEquals(200_200, ConjugateGradient.defaults().iterationLimit(1000));
    NelderMead simplex = NelderMead.defaults();
    assertEquals(0.05, simplex.initialSize());
    assertEquals(1e-10, simplex.valueTolerance());
    assertEquals(1e-7, simplex.parameterTolerance());
    assertEquals(3000, simplex.iterationLimit(2));
  }

  @Test
  void copiesChangeOneThing() {
    GradientDescent descent =
        GradientDescent.defaults()
            .withStepRule(StepRule.adam(0.01))
            .withMinibatch(32, 7)
            .withGradientTolerance(1e-3)
            .withMaxIterations(50);
    assertEquals(StepRule.adam(0.01, 0.9, 0.999, 1e-8), descent.stepRule());
    assertEquals(32, descent.minibatchSize());
    assertEquals(7, descent.minibatchSeed());
    assertEquals(
        "gradient descent(gradientTolerance=0.001, valueTolerance=0.0, parameterTolerance=0.0,"
            + " maxIterations=50, stepRule=Adam[rate=0.01, beta1=0.9, beta2=0.999,"
            + " epsilon=1.0E-8], minibatchSize=32, minibatchSeed=7)",
        descent.toString());
    assertEquals(0, GradientDescent.defaults().minibatchSize());
    LimitedMemoryBfgs bfgs = LimitedMemoryBfgs.defaults().withMemory(5).withMaxIterations(9);
    assertEquals(5, bfgs.memory());
    assertEquals(
        "L-BFGS(gradientTolerance=1.0E-6, valueTolerance=0.0, parameterTolerance=0.0,"
            + " maxIterations=9, memory=5)",
        bfgs.toString());
    NelderMead simplex = NelderMead.defaults().withInitialSize(2).withValueTolerance(0.5);
    assertEquals(2, simplex.initialSize());
    assertEquals(
        "Nelder-Mead(gradientTolerance=0.0, valueTolerance=0.5, parameterTolerance=1.0E-7,"
            + " initialSize=2.0)",
        simplex.toString());
  }

  @Test
  void rules() {
    assertEquals(new StepRule.Fixed(0.5), StepRule.fixed(0.5));
    assertEquals(new StepRule.Momentum(0.5, 0.9), StepRule.momentum(0.5, 0.9));
    assertEquals(new StepRule.Nesterov(0.5), StepRule.nesterov(0.5));
    assertEquals(new StepRule.Nesterov(0), StepRule.nesterov());
    assertEquals(new StepRule.Backtracking(), StepRule.backtracking());
    assertEquals(new StepRule.StrongWolfe(), StepRule.strongWolfe());
  }

  private static void assertMessage(String message, Executable code) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, code).getMessage());
  }

  @Test
  void messagesNameValueAndConstraint() {
    assertMessage("rate = 0.0, expected a finite value > 0", () -> StepRule.fixed(0));
    assertMessage("rate = NaN, expected a finite value > 0", () -> StepRule.adam(Double.NaN));
    assertMessage(
        "rate = Infinity, expected a finite value > 0",
        () -> StepRule.momentum(Double.POSITIVE_INFINITY, 0));
    assertMessage("rate = 0.0, expected a finite value > 0", () -> StepRule.nesterov(0));
    assertMessage("rate = -1.0, expected a finite value > 0", () -> new StepRule.Nesterov(-1));
    assertMessage("momentum = 1.0, expected 0 <= momentum < 1", () -> StepRule.momentum(1, 1));
    assertMessage("beta1 = -0.1, expected 0 <= beta1 < 1", () -> StepRule.adam(1, -0.1, 0, 1));
    assertMessage("beta2 = 1.0, expected 0 <= beta2 < 1", () -> StepRule.adam(1, 0, 1, 1));
    assertMessage("epsilon = 0.0, expected a finite value > 0", () -> StepRule.adam(1, 0, 0, 0));
    assertMessage(
        "minibatchSize = -1, expected >= 0 (0 uses the whole sum)",
        () -> GradientDescent.defaults().withMinibatch(-1, 0));
    assertMessage(
        "memory = 0, expected 1 <= memory <= 1000",
        () -> LimitedMemoryBfgs.defaults().withMemory(0));
    assertMessage(
        "initialSize = 0.0, expected a finite value > 0",
        () -> NelderMead.defaults().withInitialSize(0));
    assertThrows(NullPointerException.class, () -> GradientDescent.defaults().withStepRule(null));
  }
}
