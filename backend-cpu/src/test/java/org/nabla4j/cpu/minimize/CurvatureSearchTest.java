package org.nabla4j.cpu.minimize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nabla4j.method.Bfgs;
import org.nabla4j.method.NewtonConjugateGradient;
import org.nabla4j.method.NewtonRaphson;
import org.nabla4j.result.Status;

/** What holds for every method that knows curvature: endings, bounds, domains, independence. */
class CurvatureSearchTest {

  private static final String ROSENBROCK = "100*(x2-x1^2)^2 + (1-x1)^2";

  private static Search run(TestMethod method, String formula, double... start) {
    return TestFunction.of(formula, start.length).run(method.search(start, null, null));
  }

  private static Search run(
      TestMethod method, String formula, double[] start, double[] lower, double[] upper) {
    return TestFunction.of(formula, start.length).run(method.search(start, lower, upper));
  }

  @ParameterizedTest
  @EnumSource(names = {"NEWTON", "NEWTON_CG"})
  void aStartAtASaddlePointIsLeft(TestMethod method) {
    // minima of −1/16 at (±½, 0)
    Search search = run(method, "x1^4 - x1^2/2 + x2^2", 0, 0);
    assertEquals(Status.CONVERGED_GRADIENT, search.status());
    assertEquals(-1 / 16.0, search.value(), 1e-12);
    assertEquals(0.5, Math.abs(search.best()[0]), 1e-6);
    // no curvature along the axes, negative along x1 = −x2
    search = run(method, "x1*x2 + x1^4 + x2^4", 0, 0);
    assertEquals(-0.125, search.value(), 1e-12);
    // a maximum
    search = run(method, "cos(x1) + cos(x2)", 0, 0);
    assertEquals(-2, search.value(), 1e-12);
  }

  @ParameterizedTest
  @EnumSource
  void aSaddleNearTheWayIsLeft(TestMethod method) {
    Search search = run(method, "x1^2 - x2^2 + x2^4/4", 1, 1e-3);
    assertEquals(-1, search.value(), 1e-10);
    // attracts along x1 until x2 has grown
    search = run(method, "x1^2*(1+x2^2) - x2^2 + x2^4/2", 5, 1e-6);
    assertEquals(-0.5, search.value(), 1e-10);
  }

  @Test
  void aSaddleWithinTheBoundsIsLeftToTheInside() {
    double[] zero = {0, 0};
    double[] ten = {10, 10};
    Search search = run(TestMethod.NEWTON, "x2^2 - x1^2 + x1^4/2", zero, zero, ten);
    assertEquals(-0.5, search.value(), 1e-12);
    assertEquals(1, search.best()[0], 1e-6);
    search = run(TestMethod.NEWTON, "-x1*x2 + x1^4 + x2^4", zero, zero, ten);
    assertEquals(-0.125, search.value(), 1e-12);
    // curvature is negative, but only where the bounds forbid to go
    search = run(TestMethod.NEWTON, "x1*x2 + x1^4 + x2^4", zero, zero, ten);
    assertEquals(Status.CONVERGED_GRADIENT, search.status());
    assertArrayEquals(zero, search.best());
  }

  @ParameterizedTest
  @EnumSource
  void boundsThatAreActiveAtTheSolution(TestMethod method) {
    Search search =
        run(
            method,
            ROSENBROCK,
            new double[] {-1.2, 1},
            new double[] {-2, -2},
            new double[] {0.5, 3});
    assertTrue(search.status().converged());
    assertArrayEquals(new double[] {0.5, 0.25}, search.best(), 1e-6);
    assertEquals(0.5, search.best()[0]);
    search =
        run(
            method,
            "(x1-3)^2 + (x2+2)^2 + (x3-0.5)^2 + x1*x2*x3",
            new double[] {0.5, 0.5, 0.5},
            new double[] {0, 0, 0},
            new double[] {1, 1, 1});
    assertTrue(search.status().converged());
    assertArrayEquals(new double[] {1, 0, 0.5}, search.best(), 1e-6);
    assertEquals(1, search.best()[0]);
    assertEquals(0, search.best()[1]);
  }

  @ParameterizedTest
  @EnumSource
  void aStartAtABoundIsReleased(TestMethod method) {
    Search search =
        run(method, ROSENBROCK, new double[] {-2, 3}, new double[] {-2, -2}, new double[] {3, 3});
    assertTrue(search.status().converged());
    assertArrayEquals(new double[] {1, 1}, search.best(), 1e-5);
    // lower bounds alone, and a parameter without room
    search =
        run(
            method,
            "(x1-1)^2 + (x2-x1)^2 + x3^2",
            new double[] {0, 0, 2},
            new double[] {0, 0, 2},
            new double[] {9, 9, 2});
    assertArrayEquals(new double[] {1, 1, 2}, search.best(), 1e-5);
    assertEquals(2, search.best()[2]);
  }

  @ParameterizedTest
  @EnumSource
  void boundedQuadraticsMeetTheirConditions(TestMethod method) {
    long seed = 20240607;
    Random random = new Random(seed);
    for (int round = 0; round < 30; round++) {
      int p = 2 + random.nextInt(7);
      StringBuilder formula = new StringBuilder("0");
      for (int k = 0; k < p + 1; k++) {
        formula.append(" + (").append(random.nextGaussian());
        for (int j = 1; j <= p; j++) {
          formula.append(" + (").append(random.nextGaussian()).append(")*x").append(j);
        }
        formula.append(")^2");
      }
      double[] lower = new double[p];
      double[] upper = new double[p];
      double[] start = new double[p];
      for (int j = 0; j < p; j++) {
        lower[j] = -random.nextDouble();
        upper[j] = random.nextDouble();
        start[j] = lower[j] + (upper[j] - lower[j]) * random.nextInt(3) / 2;
      }
      Search search = run(method, formula.toString(), start, lower, upper);
      String where = "seed " + seed + " round " + round + " " + formula;
      assertTrue(search.status().converged(), () -> search.status() + " " + where);
      for (int j = 0; j < p; j++) {
        double theta = search.best()[j];
        double g = search.gradient()[j];
        assertTrue(theta >= lower[j] && theta <= upper[j], where);
        boolean optimal =
            Math.abs(g) <= 1e-4 || (theta == lower[j] && g > 0) || (theta == upper[j] && g < 0);
        assertTrue(optimal, () -> "gradient " + g + " at " + theta + " " + where);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void placesWithoutAValueAreSteppedBackFrom(TestMethod method) {
    // not a number for x1 ≤ 0, and the first steps lead there
    Search search = run(method, "x1 - log(x1)", 30);
    assertEquals(Status.CONVERGED_GRADIENT, search.status());
    assertEquals(1, search.best()[0], 1e-6);
    search = run(method, "x1*log(x1) + (x2-x1)^2 - sqrt(x2)", 0.01, 5);
    assertTrue(search.status().converged());
    assertEquals(0, search.gradient()[0], 1e-5);
    assertEquals(0, search.gradient()[1], 1e-5);
    // overflows to infinity beyond 709
    search = run(method, "exp(x1) - 2*x1", -300);
    assertEquals(Math.log(2), search.best()[0], 1e-6);
  }

  @ParameterizedTest
  @EnumSource
  void aStartWithoutAValueEnds(TestMethod method) {
    Search search = run(method, "log(x1)", -1);
    assertEquals(Status.NON_FINITE, search.status());
    assertEquals(-1, search.best()[0]);
    assertEquals(0, search.iterations());
    // a value, but no gradient
    assertEquals(Status.NON_FINITE, run(method, "sqrt(x1) + x1", 0).status());
  }

  @ParameterizedTest
  @EnumSource
  void functionsThatFallWithoutEnd(TestMethod method) {
    assertEquals(Status.UNBOUNDED, run(method, "-x1^2", 1).status());
    assertEquals(Status.UNBOUNDED, run(method, "x2^2 - x1^4", 1, 1).status());
    Search search = run(method, "-x1", 1);
    assertEquals(Status.UNBOUNDED, search.status());
    assertTrue(search.value() < -1e300);
    // falls for ever, but its gradient vanishes
    search = run(method, "exp(x1)", 1);
    assertEquals(Status.CONVERGED_GRADIENT, search.status());
    assertTrue(search.value() < 1e-5);
  }

  @ParameterizedTest
  @EnumSource
  void oneParameter(TestMethod method) {
    Search search = run(method, "(x1-3)^4 + (x1-3)^2", -10);
    assertEquals(Status.CONVERGED_GRADIENT, search.status());
    assertEquals(3, search.best()[0], 1e-6);
    search = run(method, "(x1-3)^2", new double[] {0}, new double[] {-1}, new double[] {2});
    assertEquals(2, search.best()[0]);
    assertTrue(search.status().converged());
    assertEquals(0, run(method, "7", 1).iterations());
  }

  @Test
  void aHundredThousandParameters() {
    int p = 100_000;
    double[] start = new double[p];
    for (int j = 0; j < p; j += 2) {
      start[j] = -1.2;
      start[j + 1] = 1;
    }
    Search search =
        new NewtonConjugateGradientSearch(NewtonConjugateGradient.defaults(), start, null, null);
    int evaluations = 0;
    while (search.need() != Search.Need.NOTHING) {
      double[] x = search.point();
      double[] answer = new double[p];
      double f = 0;
      boolean product = search.need() == Search.Need.PRODUCT;
      for (int j = 0; j < p; j += 2) {
        double valley = x[j + 1] - x[j] * x[j];
        f += 100 * valley * valley + (1 - x[j]) * (1 - x[j]);
        if (product) {
          double u = search.direction()[j];
          double v = search.direction()[j + 1];
          answer[j] = (800 * x[j] * x[j] - 400 * valley + 2) * u - 400 * x[j] * v;
          answer[j + 1] = 200 * v - 400 * x[j] * u;
        } else {
          answer[j] = -400 * valley * x[j] - 2 * (1 - x[j]);
          answer[j + 1] = 200 * valley;
        }
      }
      evaluations += product ? 0 : 1;
      search.tell(f, answer, null);
    }
    assertEquals(Status.CONVERGED_GRADIENT, search.status());
    assertTrue(search.value() < 1e-9);
    assertTrue(evaluations < 60);
  }

  @ParameterizedTest
  @EnumSource
  void illConditionedQuadratics(TestMethod method) {
    int p = 8;
    String formula =
        IntStream.rangeClosed(1, p)
            .mapToObj(
                j ->
                    Math.pow(10, 1.5 * (j - 1))
                        + "*(x"
                        + j
                        + (j > 1 ? "-x" + (j - 1) : "-1")
                        + ")^2")
            .collect(Collectors.joining(" + "));
    double[] start = new double[p];
    Search search = run(method, formula, start);
    assertTrue(search.status().converged(), () -> search.status().toString());
    assertTrue(search.value() < 1e-10, () -> "value " + search.value());
  }

  @ParameterizedTest
  @EnumSource
  void aStartThatIsOptimalAlready(TestMethod method) {
    TestFunction f = TestFunction.of(ROSENBROCK, 2);
    Search search = f.run(method.search(new double[] {1, 1}, null, null));
    assertEquals(Status.CONVERGED_GRADIENT, search.status());
    assertEquals(0, search.iterations());
    assertEquals(1, f.evaluations());
    assertEquals(0, search.statusValue());
    assertArrayEquals(new double[] {1, 1}, search.best());
  }

  @ParameterizedTest
  @EnumSource
  void cancelling(TestMethod method) {
    TestFunction f = TestFunction.of(ROSENBROCK, 2);
    Search search = method.search(new double[] {-1.2, 1}, null, null);
    double last = Double.NaN;
    for (int k = 0; k < 8; k++) {
      f.answer(search);
      last = search.value();
    }
    search.cancel();
    assertEquals(Search.Need.NOTHING, search.need());
    assertEquals(Status.CANCELLED, search.status());
    assertEquals(last, search.value());
    assertTrue(last < 24.2);
    Search ended = run(method, ROSENBROCK, -1.2, 1);
    ended.cancel();
    assertEquals(Status.CONVERGED_GRADIENT, ended.status());
  }

  @ParameterizedTest
  @EnumSource
  void theLimitOfIterations(TestMethod method) {
    for (int most : new int[] {1, 5}) {
      Search search =
          TestFunction.of(ROSENBROCK, 2)
              .run(method.search(most, new double[] {-1.2, 1}, null, null));
      assertEquals(Status.ITERATION_LIMIT, search.status());
      assertEquals(most, search.iterations());
      assertEquals(most, search.statusValue());
      assertTrue(search.value() < 24.2);
    }
  }

  @Test
  void tolerancesOfValueAndParameters() {
    double[] start = {-1.2, 1};
    TestFunction f = TestFunction.of(ROSENBROCK, 2);
    List<Search> byValue =
        List.of(
            new NewtonSearch(NewtonRaphson.defaults().withValueTolerance(0.1), start, null, null),
            new BfgsSearch(Bfgs.defaults().withValueTolerance(0.1), start, null, null),
            new NewtonConjugateGradientSearch(
                NewtonConjugateGradient.defaults().withValueTolerance(0.1), start, null, null));
    for (Search search : byValue) {
      assertEquals(Status.CONVERGED_COST, f.run(search).status());
      assertTrue(search.statusValue() <= 0.1 && search.value() > 1e-3);
    }
    Search search =
        new NewtonSearch(NewtonRaphson.defaults().withParameterTolerance(0.5), start, null, null);
    assertEquals(Status.CONVERGED_PARAMETERS, f.run(search).status());
    assertTrue(search.statusValue() <= 0.5);
  }

  @Test
  void optionsOfTheRegionAreHeeded() {
    double[] start = {-1.2, 1};
    TestFunction f = TestFunction.of(ROSENBROCK, 2);
    Search near =
        new NewtonSearch(NewtonRaphson.defaults().withInitialRadius(1e-6), start, null, null);
    f.answer(near);
    assertTrue(Math.abs(near.point()[0] + 1.2) < 1e-4);
    Search usual = new NewtonSearch(NewtonRaphson.defaults(), start, null, null);
    f.answer(usual);
    assertTrue(Math.abs(usual.point()[0] + 1.2) > 1e-3);
    Search small =
        new NewtonSearch(NewtonRaphson.defaults().withMaxRadius(1e-3), start, null, null);
    double[] before = start;
    while (small.need() != Search.Need.NOTHING && small.iterations() < 20) {
      f.answer(small);
      double moved = Math.hypot(small.best()[0] - before[0], small.best()[1] - before[1]);
      assertTrue(moved < 0.1);
      before = small.best().clone();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aShiftOfTheOriginLeavesTheMinimum(TestMethod method) {
    for (double shift : new double[] {0, 1, -7, 100, 12345}) {
      String formula =
          ROSENBROCK.replace("x1", "(x1-" + shift + ")").replace("x2", "(x2-" + shift + ")");
      Search search = run(method, formula.replace("--", "+"), shift - 1.2, shift + 1);
      assertTrue(search.status().converged(), () -> search.status() + " " + shift);
      assertEquals(0, search.value(), 1e-9);
      assertEquals(1, search.best()[0] - shift, 1e-4);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aConstantAddedChangesNothingButTheValue(TestMethod method) {
    Search search = run(method, ROSENBROCK + " + 1000", -1.2, 1);
    assertTrue(search.status().converged());
    assertEquals(1, search.best()[0], 1e-4);
    assertEquals(1000, search.value(), 1e-9);
  }

  @ParameterizedTest
  @EnumSource
  void valuesNeverRise(TestMethod method) {
    for (MghProblem problem : MghProblem.read("/mgh/problems.txt")) {
      TestFunction f = TestFunction.of(problem.formula(), problem.start().length);
      Search search = method.search(problem.start(), null, null);
      double lowest = Double.POSITIVE_INFINITY;
      while (search.need() != Search.Need.NOTHING) {
        f.answer(search);
        double value = search.value();
        if (!Double.isNaN(value)) {
          double known = lowest;
          // where rounding of f hides the difference, slopes decide: Meyer's loses twelve digits
          double slack = 1e-10 * Math.abs(known);
          assertTrue(value <= known + slack, () -> problem + ": " + value + " after " + known);
          lowest = Math.min(lowest, value);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void searchesDoNotDependOnEachOther(TestMethod method) {
    List<MghProblem> problems = MghProblem.read("/mgh/problems.txt").subList(0, 8);
    List<Search> alone = new ArrayList<>();
    List<Search> together = new ArrayList<>();
    List<TestFunction> functions = new ArrayList<>();
    for (MghProblem problem : problems) {
      TestFunction f = TestFunction.of(problem.formula(), problem.start().length);
      alone.add(f.run(method.search(problem.start(), null, null)));
      functions.add(f);
      together.add(method.search(problem.start(), null, null));
    }
    boolean going = true;
    while (going) {
      going = false;
      for (int k = 0; k < together.size(); k++) {
        if (together.get(k).need() != Search.Need.NOTHING) {
          functions.get(k).answer(together.get(k));
          going = true;
        }
      }
    }
    for (int k = 0; k < together.size(); k++) {
      assertArrayEquals(alone.get(k).best(), together.get(k).best());
      assertEquals(alone.get(k).value(), together.get(k).value());
      assertEquals(alone.get(k).status(), together.get(k).status());
      assertEquals(alone.get(k).iterations(), together.get(k).iterations());
    }
  }

  @ParameterizedTest
  @EnumSource
  void theArraysOfTheCallerAreNotKept(TestMethod method) {
    double[] start = {-1.2, 1};
    Search search = method.search(start, null, null);
    Arrays.fill(start, 99);
    Search other = run(method, ROSENBROCK, -1.2, 1);
    TestFunction.of(ROSENBROCK, 2).run(search);
    assertArrayEquals(other.best(), search.best());
    assertNotEquals(99, search.best()[0]);
  }
}
