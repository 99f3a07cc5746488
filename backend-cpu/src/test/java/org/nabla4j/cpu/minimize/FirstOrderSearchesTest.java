package org.nabla4j.cpu.minimize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nabla4j.method.ConjugateGradient;
import org.nabla4j.method.GradientDescent;
import org.nabla4j.method.LimitedMemoryBfgs;
import org.nabla4j.method.NelderMead;
import org.nabla4j.method.StepRule;
import org.nabla4j.result.Status;

/** What all searches that need no second derivatives have in common. */
class FirstOrderSearchesTest {

  private static final double INF = Double.POSITIVE_INFINITY;

  /** The searches; rates suit functions whose largest curvature is about 4. */
  enum Kind {
    LIMITED_MEMORY_BFGS,
    CONJUGATE_GRADIENT,
    NELDER_MEAD,
    BARZILAI_BORWEIN,
    BACKTRACKING,
    STRONG_WOLFE,
    NESTEROV,
    NESTEROV_RATE,
    FIXED,
    MOMENTUM,
    ADAM;

    private StepRule rule() {
      return switch (this) {
        case BARZILAI_BORWEIN -> StepRule.barzilaiBorwein();
        case BACKTRACKING -> StepRule.backtracking();
        case STRONG_WOLFE -> StepRule.strongWolfe();
        case NESTEROV -> StepRule.nesterov();
        case NESTEROV_RATE -> StepRule.nesterov(0.25);
        case FIXED -> StepRule.fixed(0.25);
        case MOMENTUM -> StepRule.momentum(0.25, 0.5);
        case ADAM -> StepRule.adam(0.05);
        default -> throw new IllegalStateException(this + " is no gradient descent");
      };
    }

    Search search(double[] start, double[] lower, double[] upper) {
      return switch (this) {
        case LIMITED_MEMORY_BFGS ->
            new LimitedMemoryBfgsSearch(LimitedMemoryBfgs.defaults(), start, lower, upper);
        case CONJUGATE_GRADIENT ->
            new ConjugateGradientSearch(ConjugateGradient.defaults(), start, lower, upper);
        case NELDER_MEAD -> new NelderMeadSearch(NelderMead.defaults(), start, lower, upper);
        default ->
            new GradientDescentSearch(
                GradientDescent.defaults().withStepRule(rule()), start, lower, upper);
      };
    }

    Search search(double... start) {
      return search(start, null, null);
    }

    /** Whether it looks for the length of its steps. */
    boolean choosesLength() {
      return switch (this) {
        case NESTEROV_RATE, FIXED, MOMENTUM, ADAM -> false;
        default -> true;
      };
    }
  }

  private static final PlainFunction BOWL =
      PlainFunction.quadratic(new double[] {1, 4, 2}, new double[] {1, -2, 3});

  @ParameterizedTest
  @EnumSource
  void findsTheMinimumOfABowl(Kind kind) {
    Search search = kind.search(5, 5, -5);
    BOWL.run(search);
    assertTrue(search.status().converged(), () -> kind + " " + search.status());
    assertArrayEquals(new double[] {1, -2, 3}, search.best(), 2e-5);
    assertEquals(0, search.value(), 1e-9);
    assertTrue(search.iterations() > 0);
  }

  @ParameterizedTest
  @EnumSource
  void endsAtOnceAtTheMinimum(Kind kind) {
    Search search = kind.search(1, -2, 3);
    int evaluations = BOWL.run(search);
    assertTrue(search.status().converged());
    assertArrayEquals(new double[] {1, -2, 3}, search.best(), kind == Kind.NELDER_MEAD ? 1e-5 : 0);
    if (kind != Kind.NELDER_MEAD) {
      assertEquals(1, evaluations);
      assertEquals(0, search.iterations());
      assertSame(Status.CONVERGED_GRADIENT, search.status());
      assertArrayEquals(new double[3], search.gradient());
    }
  }

  @ParameterizedTest
  @EnumSource
  void staysWithinTheBounds(Kind kind) {
    double[] lower = {2, -INF, 2.5};
    double[] upper = {6, -3, 2.75};
    Search search = kind.search(new double[] {5, -4, 2.5}, lower, upper);
    while (search.need() != Search.Need.NOTHING) {
      for (int j = 0; j < 3; j++) {
        double x = search.point()[j];
        assertTrue(x >= lower[j] && x <= upper[j], () -> kind + " " + x);
      }
      BOWL.answer(search);
    }
    assertTrue(search.status().converged(), () -> kind + " " + search.status());
    assertArrayEquals(new double[] {2, -3, 2.75}, search.best(), 2e-6);
  }

  @ParameterizedTest
  @EnumSource
  void leavesABoundThatDoesNotHoldTheMinimum(Kind kind) {
    double[] lower = {0, -5, 0};
    Search search = kind.search(new double[] {0, -5, 0}, lower, null);
    BOWL.run(search);
    assertTrue(search.status().converged(), () -> kind + " " + search.status());
    assertArrayEquals(new double[] {1, -2, 3}, search.best(), 2e-5);
  }

  @ParameterizedTest
  @EnumSource
  void fixedParametersStay(Kind kind) {
    double[] lower = {-1, -INF, 7};
    double[] upper = {-1, INF, 7};
    Search search = kind.search(new double[] {-1, 0, 7}, lower, upper);
    BOWL.run(search);
    assertTrue(search.status().converged());
    assertEquals(-1, search.best()[0]);
    assertEquals(-2, search.best()[1], 1e-5);
    assertEquals(7, search.best()[2]);
    Search none =
        kind.search(new double[] {1, 2, 3}, new double[] {1, 2, 3}, new double[] {1, 2, 3});
    assertEquals(1, BOWL.run(none));
    assertTrue(none.status().converged());
  }

  @ParameterizedTest
  @EnumSource
  void stepsBackFromWhereTheFunctionIsNotDefined(Kind kind) {
    // x - log x: NaN to the left of 0, minimum 1 at x = 1.
    PlainFunction barrier =
        (x, g) -> {
          g[0] = 1 - 1 / x[0];
          return x[0] < 0 ? Double.NaN : x[0] - Math.log(x[0]);
        };
    for (double start : new double[] {0.1, 1.4, 8}) {
      Search search = kind.search(start);
      barrier.run(search);
      assertTrue(search.status().converged(), () -> kind + " " + search.status());
      assertEquals(1, search.best()[0], 2e-5, () -> kind + " from " + start);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aStartWithoutAValueEndsTheSearch(Kind kind) {
    for (double value : new double[] {Double.NaN, INF}) {
      Search search = kind.search(1, 2);
      PlainFunction nowhere = (x, g) -> value;
      assertEquals(1, nowhere.run(search));
      assertSame(Status.NON_FINITE, search.status());
      assertEquals(value, search.value());
      assertArrayEquals(new double[] {1, 2}, search.best());
    }
  }

  @ParameterizedTest
  @EnumSource(names = "NELDER_MEAD", mode = EnumSource.Mode.EXCLUDE)
  void aStartWithoutAGradientEndsTheSearch(Kind kind) {
    Search search = kind.search(1, 2);
    PlainFunction edge =
        (x, g) -> {
          g[1] = Double.NaN;
          return 3;
        };
    edge.run(search);
    assertSame(Status.NON_FINITE, search.status());
  }

  @ParameterizedTest
  @EnumSource
  void seesThatThereIsNoMinimum(Kind kind) {
    PlainFunction falling =
        (x, g) -> {
          g[0] = -Math.exp(x[0]);
          return g[0];
        };
    Search search = kind.search(0.5);
    falling.run(search);
    assertSame(Status.UNBOUNDED, search.status(), kind.toString());
    assertTrue(search.value() < -1e300);
    assertEquals(search.value(), -Math.exp(search.best()[0]));
  }

  @ParameterizedTest
  @EnumSource
  void seesThatAStraightLineHasNoMinimum(Kind kind) {
    PlainFunction line =
        (x, g) -> {
          g[0] = -2;
          g[1] = 1;
          return -2 * x[0] + x[1];
        };
    Search search = kind.search(1, 1);
    line.run(search);
    boolean found = kind.choosesLength();
    assertSame(found ? Status.UNBOUNDED : Status.ITERATION_LIMIT, search.status(), kind.toString());
  }

  @ParameterizedTest
  @EnumSource
  void givesTheBestPointWhenCancelled(Kind kind) {
    Search search = kind.search(5, 5, -5);
    double lowest = INF;
    for (int i = 0; i < 6; i++) {
      double[] point = search.point().clone();
      lowest = Math.min(lowest, BOWL.at(point, new double[3]));
      BOWL.answer(search);
    }
    search.cancel();
    assertSame(Search.Need.NOTHING, search.need());
    assertSame(Status.CANCELLED, search.status());
    assertEquals(search.value(), BOWL.at(search.best(), new double[3]));
    assertTrue(search.value() < BOWL.at(new double[] {5, 5, -5}, new double[3]));
    assertTrue(search.value() >= lowest);
    search.cancel();
    assertSame(Status.CANCELLED, search.status());
  }

  @ParameterizedTest
  @EnumSource
  void aSearchThatHasEndedStaysSo(Kind kind) {
    Search search = kind.search(5, 5, -5);
    BOWL.run(search);
    Status status = search.status();
    search.cancel();
    assertSame(status, search.status());
  }

  @ParameterizedTest
  @EnumSource
  void oneParameter(Kind kind) {
    // x² + sin(2x): between two curvatures, 2 - 4·sin 2x.
    PlainFunction wavy =
        (x, g) -> {
          g[0] = 2 * x[0] + 2 * Math.cos(2 * x[0]);
          return x[0] * x[0] + Math.sin(2 * x[0]);
        };
    Search search = kind.search(0.9);
    wavy.run(search);
    assertTrue(search.status().converged());
    assertEquals(-0.514933264661129, search.best()[0], 1e-5);
  }

  @ParameterizedTest
  @EnumSource
  void theArraysThatAreToldBelongToTheCaller(Kind kind) {
    Search shared = kind.search(5, 5, -5);
    double[] gradient = new double[3];
    while (shared.need() != Search.Need.NOTHING) {
      double value = BOWL.at(shared.point(), gradient);
      shared.tell(value, shared.need() == Search.Need.VALUE ? null : gradient, null);
      Arrays.fill(gradient, Double.NaN);
    }
    Search own = kind.search(5, 5, -5);
    BOWL.run(own);
    assertArrayEquals(own.best(), shared.best());
    assertArrayEquals(own.gradient(), shared.gradient());
    assertEquals(own.iterations(), shared.iterations());
  }

  @ParameterizedTest
  @EnumSource
  void theStartIsNotModified(Kind kind) {
    double[] start = {5, 5, -5};
    BOWL.run(kind.search(start));
    assertArrayEquals(new double[] {5, 5, -5}, start);
  }

  @ParameterizedTest
  @EnumSource
  void valuesAndGradientsBelongToTheBestPoint(Kind kind) {
    double[] centre = {0.3, -0.7, 0.2};
    PlainFunction quartic =
        (x, g) -> {
          double sum = 1;
          for (int j = 0; j < 3; j++) {
            double d = x[j] - centre[j];
            sum += (j + 1) * d * d * (1 + 0.1 * d * d) / 4;
            g[j] = (j + 1) * d * (2 + 0.4 * d * d) / 4;
          }
          return sum;
        };
    Search search = kind.search(1, 1, 1);
    quartic.run(search);
    double[] gradient = new double[3];
    assertEquals(quartic.at(search.best(), gradient), search.value());
    if (search.gradient() != null) {
      assertArrayEquals(gradient, search.gradient());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"LIMITED_MEMORY_BFGS", "CONJUGATE_GRADIENT", "BARZILAI_BORWEIN", "NESTEROV"})
  void tinyAndHugeFunctions(Kind kind) {
    for (double scale : new double[] {1e-170, 1e-3, 1e140}) {
      PlainFunction scaled =
          (x, g) -> {
            double value = BOWL.at(x, g);
            for (int j = 0; j < 3; j++) {
              g[j] *= scale;
            }
            return scale * value;
          };
      Search search = kind.search(5, 5, -5);
      scaled.run(search);
      assertTrue(search.status().converged(), () -> kind + " " + search.status());
      // The relative gradient of a function far below 1 is small anywhere.
      assertTrue(scale < 1 || search.value() < 1e-6 * scale, () -> kind + " " + search.value());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"LIMITED_MEMORY_BFGS", "CONJUGATE_GRADIENT", "BARZILAI_BORWEIN"})
  void aHundredThousandParameters(Kind kind) {
    Search search = kind.search(PlainFunction.rosenbrockStart(100_000));
    PlainFunction rosenbrock = PlainFunction::rosenbrock;
    int evaluations = rosenbrock.run(search);
    assertTrue(search.status().converged());
    assertTrue(evaluations < 400, () -> "evaluations: " + evaluations);
    for (double x : search.best()) {
      assertEquals(1, x, 1e-5);
    }
  }

  @ParameterizedTest
  @EnumSource(
      names = {
        "LIMITED_MEMORY_BFGS",
        "CONJUGATE_GRADIENT",
        "BARZILAI_BORWEIN",
        "BACKTRACKING",
        "STRONG_WOLFE",
        "NESTEROV"
      })
  void manyBounds(Kind kind) {
    int p = 2000;
    Random random = new Random(11);
    double[] curvatures = new double[p];
    double[] centre = new double[p];
    double[] lower = new double[p];
    double[] upper = new double[p];
    double[] expected = new double[p];
    for (int j = 0; j < p; j++) {
      curvatures[j] = Math.pow(100, random.nextDouble());
      centre[j] = 2 * random.nextGaussian();
      lower[j] = j % 7 == 0 ? -INF : -1;
      upper[j] = j % 5 == 0 ? INF : 1;
      expected[j] = Math.max(lower[j], Math.min(upper[j], centre[j]));
    }
    PlainFunction bowl = // less its minimum, term by term
        (x, g) -> {
          double sum = 0;
          for (int j = 0; j < p; j++) {
            g[j] = curvatures[j] * (x[j] - centre[j]);
            sum +=
                0.5 * curvatures[j] * (x[j] - expected[j]) * (x[j] + expected[j] - 2 * centre[j]);
          }
          return sum;
        };
    Search search = kind.search(new double[p], lower, upper);
    int evaluations = bowl.run(search);
    assertTrue(search.status().converged(), () -> kind + " " + search.status());
    assertArrayEquals(expected, search.best(), 3e-5);
    assertTrue(evaluations < 3000, () -> kind + " evaluations: " + evaluations);
  }

  @Test
  void aBowlThatIsFlatAtItsBottomEndsByTheLimitOrTheTolerances() {
    PlainFunction flat =
        (x, g) -> {
          g[0] = 4e-3 * x[0] * x[0] * x[0];
          return 1e-3 * x[0] * x[0] * x[0] * x[0];
        };
    LimitedMemoryBfgs method = LimitedMemoryBfgs.defaults().withGradientTolerance(0);
    Search byValue =
        new LimitedMemoryBfgsSearch(method.withValueTolerance(1e-6), new double[] {3}, null, null);
    flat.run(byValue);
    assertSame(Status.CONVERGED_COST, byValue.status());
    assertTrue(byValue.statusValue() <= 1e-6);
    Search byStep =
        new LimitedMemoryBfgsSearch(
            method.withParameterTolerance(1e-2), new double[] {3}, null, null);
    flat.run(byStep);
    assertSame(Status.CONVERGED_PARAMETERS, byStep.status());
    assertTrue(byStep.statusValue() <= 1e-2);
    Search byLimit =
        new LimitedMemoryBfgsSearch(method.withMaxIterations(3), new double[] {3}, null, null);
    flat.run(byLimit);
    assertSame(Status.ITERATION_LIMIT, byLimit.status());
    assertEquals(3, byLimit.iterations());
  }
}
