package org.nabla4j.cpu.minimize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.nabla4j.method.GradientDescent;
import org.nabla4j.method.StepRule;
import org.nabla4j.result.Status;

class GradientDescentSearchTest {

  private static final int P = 60;

  /** Curvatures from 1 to κ, evenly spaced in the logarithm. */
  private static double[] curvatures(double condition) {
    double[] curvatures = new double[P];
    for (int j = 0; j < P; j++) {
      curvatures[j] = Math.pow(condition, j / (P - 1.0));
    }
    return curvatures;
  }

  /** Iterations from (1, …, 1) until no component of the gradient exceeds 10⁻⁶. */
  private static int iterations(StepRule rule, double condition) {
    double[] start = new double[P];
    Arrays.fill(start, 1);
    GradientDescentSearch search =
        new GradientDescentSearch(GradientDescent.defaults().withStepRule(rule), start, null, null);
    PlainFunction.quadratic(curvatures(condition), new double[P]).run(search);
    assertSame(Status.CONVERGED_GRADIENT, search.status(), rule.toString());
    for (int j = 0; j < P; j++) {
      assertTrue(Math.abs(search.gradient()[j]) <= 1e-6);
    }
    return search.iterations();
  }

  private static void assertWithin(double least, double most, double actual) {
    assertTrue(
        actual >= least && actual <= most, () -> actual + " is not in " + least + " to " + most);
  }

  /** The flattest component is multiplied by 1 - 1/κ in each step: κ·ln 10⁶ steps. */
  @Test
  void fixedStepsNeedAsManyAsTheConditionNumber() {
    for (double condition : new double[] {100, 1000}) {
      double expected = Math.log(1e6) * condition;
      assertWithin(
          0.95 * expected, 1.02 * expected, iterations(StepRule.fixed(1 / condition), condition));
    }
  }

  /** With the rate and momentum of Polyak (1964) the error falls by (√κ - 1)/(√κ + 1) a step. */
  @Test
  void momentumNeedsTheRootOfTheConditionNumber() {
    for (double condition : new double[] {100, 1000, 10_000}) {
      double root = Math.sqrt(condition);
      double rate = 4 / ((root + 1) * (root + 1));
      double momentum = Math.pow((root - 1) / (root + 1), 2);
      double steps = Math.log(1e6) / Math.log((root + 1) / (root - 1));
      int iterations = iterations(StepRule.momentum(rate, momentum), condition);
      assertWithin(0.9 * steps, 3 * steps, iterations);
    }
  }

  /** √κ·ln 10⁶ steps with the best momentum; restarts find it at a small multiple of that. */
  @Test
  void nesterovNeedsTheRootOfTheConditionNumber() {
    for (StepRule rule : new StepRule[] {StepRule.nesterov(), null}) {
      for (double condition : new double[] {100, 1000, 10_000}) {
        StepRule used = rule == null ? StepRule.nesterov(1 / condition) : rule;
        double steps = Math.log(1e6) * Math.sqrt(condition);
        assertWithin(0.3 * steps, 3 * steps, iterations(used, condition));
      }
    }
  }

  @Test
  void barzilaiBorweinBeatsSteepestDescent() {
    for (double condition : new double[] {100, 1000, 10_000}) {
      int spectral = iterations(StepRule.barzilaiBorwein(), condition);
      assertWithin(1, 15 * Math.sqrt(condition), spectral);
      assertTrue(8 * spectral < Math.log(1e6) * condition);
    }
  }

  @Test
  void lineSearchesNeedNoMoreThanFixedSteps() {
    for (StepRule rule : new StepRule[] {StepRule.backtracking(), StepRule.strongWolfe()}) {
      for (double condition : new double[] {100, 1000}) {
        assertWithin(1, Math.log(1e6) * condition, iterations(rule, condition));
      }
    }
  }

  /** Adam's steps are of the size of the rate at first, whatever the curvatures. */
  @Test
  void adamDoesNotFeelTheScaleOfAParameter() {
    int[] iterations = new int[2];
    for (int i = 0; i < 2; i++) {
      double[] scales = i == 0 ? new double[] {1, 1} : new double[] {1, 1000};
      GradientDescentSearch search =
          new GradientDescentSearch(
              GradientDescent.defaults().withStepRule(StepRule.adam(0.02)),
              new double[] {1, 1},
              null,
              null);
      PlainFunction.quadratic(scales, new double[2]).run(search);
      assertSame(Status.CONVERGED_GRADIENT, search.status());
      iterations[i] = search.iterations();
    }
    assertTrue(iterations[0] > 30, () -> Arrays.toString(iterations));
    assertTrue(iterations[1] < 10 * iterations[0], () -> Arrays.toString(iterations));
  }

  @Test
  void theFirstStepOfAdamIsTheRate() {
    GradientDescentSearch search =
        new GradientDescentSearch(
            GradientDescent.defaults().withStepRule(StepRule.adam(0.25)),
            new double[] {4, -3},
            null,
            null);
    PlainFunction bowl = PlainFunction.quadratic(new double[] {1, 500}, new double[2]);
    bowl.answer(search);
    assertArrayEquals(new double[] {3.75, -2.75}, search.point(), 1e-8);
  }

  @Test
  void theFirstStepsWithMomentum() {
    GradientDescentSearch search =
        new GradientDescentSearch(
            GradientDescent.defaults().withStepRule(StepRule.momentum(0.25, 0.5)),
            new double[] {8},
            null,
            null);
    PlainFunction bowl = PlainFunction.quadratic(new double[] {1}, new double[1]);
    bowl.answer(search);
    assertEquals(6, search.point()[0]); // v = -2
    bowl.answer(search);
    assertEquals(3.5, search.point()[0]); // v = -1 - 1.5
    bowl.answer(search);
    assertEquals(1.375, search.point()[0]); // v = -1.25 - 0.875
  }

  @Test
  void aRateThatIsTooLargeIsHalved() {
    for (StepRule rule :
        new StepRule[] {
          StepRule.fixed(100),
          StepRule.momentum(100, 0.9),
          StepRule.nesterov(100),
          StepRule.adam(100)
        }) {
      double[] start = {1, 1};
      GradientDescentSearch search =
          new GradientDescentSearch(
              GradientDescent.defaults().withStepRule(rule), start, null, null);
      PlainFunction.quadratic(new double[] {1, 3}, new double[2]).run(search);
      assertTrue(search.status().converged(), () -> rule + " " + search.status());
      assertEquals(0, search.value(), 1e-9, rule.toString());
    }
  }

  /** The minimum lies in a kink: only shorter and shorter steps come closer. */
  @Test
  void aKinkEndsWithoutConvergence() {
    PlainFunction kink =
        (x, g) -> {
          g[0] = x[0] > 0.3 ? 1 : -1;
          return 1 + Math.abs(x[0] - 0.3);
        };
    for (StepRule rule :
        new StepRule[] {
          StepRule.fixed(0.1),
          StepRule.adam(0.1),
          StepRule.backtracking(),
          StepRule.strongWolfe(),
          StepRule.barzilaiBorwein(),
          StepRule.nesterov()
        }) {
      GradientDescentSearch search =
          new GradientDescentSearch(
              GradientDescent.defaults().withStepRule(rule), new double[] {2}, null, null);
      kink.run(search);
      assertSame(Status.NO_PROGRESS, search.status(), rule.toString());
      assertEquals(1, search.statusValue(), 1e-6, rule.toString());
      assertEquals(0.3, search.best()[0], 1e-3, rule.toString());
    }
  }

  /** Steps across a kink need ever more tries: these count too. */
  @Test
  void evaluationsHaveALimitToo() {
    PlainFunction absolute =
        (x, g) -> {
          g[0] = Math.signum(x[0]);
          return Math.abs(x[0]);
        };
    for (StepRule rule :
        new StepRule[] {
          StepRule.backtracking(),
          StepRule.strongWolfe(),
          StepRule.barzilaiBorwein(),
          StepRule.nesterov()
        }) {
      for (int limit : new int[] {1, 3, 40, 1000}) {
        GradientDescentSearch search =
            new GradientDescentSearch(
                GradientDescent.defaults().withStepRule(rule).withMaxIterations(limit),
                new double[] {3.3},
                null,
                null);
        int evaluations = absolute.run(search);
        String where = rule + " with " + limit + ": " + evaluations + " " + search.status();
        assertTrue(evaluations <= 10 * (limit + 1), where);
        assertTrue(search.iterations() <= limit, where);
        if (search.status() == Status.ITERATION_LIMIT) {
          assertEquals(limit, search.statusValue(), where);
          assertEquals(limit, search.iterations(), where);
        } else {
          assertEquals(0, search.value(), where);
        }
      }
    }
    GradientDescentSearch spectral =
        new GradientDescentSearch(GradientDescent.defaults(), new double[] {3.3}, null, null);
    int evaluations = absolute.run(spectral);
    assertSame(Status.ITERATION_LIMIT, spectral.status());
    assertTrue(evaluations <= 10 * (spectral.iterations() + 1), "evaluations: " + evaluations);
  }

  @Test
  void theDefaultRuleSolvesRosenbrock() {
    GradientDescentSearch search =
        new GradientDescentSearch(
            GradientDescent.defaults(), PlainFunction.rosenbrockStart(2), null, null);
    PlainFunction rosenbrock = PlainFunction::rosenbrock;
    int evaluations = rosenbrock.run(search);
    assertSame(Status.CONVERGED_GRADIENT, search.status());
    assertArrayEquals(new double[] {1, 1}, search.best(), 1e-5);
    assertTrue(evaluations < 400, () -> "evaluations: " + evaluations);
  }
}
