package org.nabla4j.cpu.constrained;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nabla4j.backend.Cancellation;
import org.nabla4j.method.AugmentedLagrangian;
import org.nabla4j.method.MinimizationMethod;
import org.nabla4j.method.SequentialQuadraticProgramming;
import org.nabla4j.result.Status;

/** Published minima, to 1e-8 in objective and violation, with multipliers. */
class HockSchittkowskiTest {

  /** Evaluations that sequential quadratic programming may take for all problems together. */
  private static final int EVALUATIONS = 3000;

  static List<HockSchittkowski> problems() {
    return HockSchittkowski.all();
  }

  private static ConstrainedResult solve(HockSchittkowski problem, MinimizationMethod method) {
    return ConstrainedSolver.solve(
        problem.function(),
        problem.start(),
        problem.bounds(0),
        problem.bounds(1),
        method,
        new Cancellation());
  }

  @Test
  void allProblemsAreThere() {
    assertEquals(46, problems().size());
    assertEquals(46, problems().stream().map(HockSchittkowski::name).distinct().count());
  }

  private static void check(HockSchittkowski problem, ConstrainedResult result) {
    String what = problem + ": " + result.status() + " " + Arrays.toString(result.parameters());
    assertTrue(result.status().converged(), what);
    double size = Math.max(1, Math.abs(problem.minimum()));
    assertEquals(problem.minimum(), result.value(), 1e-8 * size, what);
    assertTrue(result.violation() <= 1e-8, what);
    assertTrue(independentResidual(problem, result) <= 1e-6, what);
    for (int i = problem.function().equalities(); i < result.multipliers().length; i++) {
      assertTrue(result.multipliers()[i] >= 0, what);
    }
    if (problem.hasUniqueMultipliers()) {
      assertMultipliers(problem.multipliers(), result.multipliers(), what);
      if (problem.boundMultipliers(0) != null) {
        assertMultipliers(problem.boundMultipliers(0), result.lowerMultipliers(), what);
        assertMultipliers(problem.boundMultipliers(1), result.upperMultipliers(), what);
      }
    }
  }

  private static void assertMultipliers(double[] expected, double[] actual, String what) {
    assertEquals(expected.length, actual.length, what);
    for (int i = 0; i < expected.length; i++) {
      double size = Math.max(1, Math.abs(expected[i]));
      assertEquals(expected[i], actual[i], 1e-6 * size, what + ", multiplier " + i);
    }
  }

  /** ‖∇f − Σ λ∇g − lower + upper‖ / max(1, ‖∇f‖), from the derivatives and not from the solver. */
  private static double independentResidual(HockSchittkowski problem, ConstrainedResult result) {
    FormulaConstraints function = problem.function();
    int p = function.parameters();
    int m = function.equalities() + function.inequalities();
    double[] gradient = new double[p];
    double[] jacobian = new double[m * p];
    function.gradients(result.parameters(), gradient, jacobian);
    double length = 0;
    double residual = 0;
    for (int j = 0; j < p; j++) {
      double sum = gradient[j] - result.lowerMultipliers()[j] + result.upperMultipliers()[j];
      for (int i = 0; i < m; i++) {
        sum -= result.multipliers()[i] * jacobian[i * p + j];
      }
      residual = Math.hypot(residual, sum);
      length = Math.hypot(length, gradient[j]);
    }
    return residual / Math.max(1, length);
  }

  @ParameterizedTest
  @MethodSource("problems")
  void sequentialQuadraticProgramming(HockSchittkowski problem) {
    check(problem, solve(problem, SequentialQuadraticProgramming.defaults()));
  }

  @ParameterizedTest
  @MethodSource("problems")
  void augmentedLagrangian(HockSchittkowski problem) {
    check(problem, solve(problem, AugmentedLagrangian.defaults()));
  }

  @Test
  void oneStartDoesForNearlyAll() {
    int solved = 0;
    int evaluations = 0;
    for (HockSchittkowski problem : problems()) {
      ConstrainedResult result =
          solve(problem, SequentialQuadraticProgramming.defaults().withFurtherStarts(0));
      double size = Math.max(1, Math.abs(problem.minimum()));
      boolean right =
          result.status().converged()
              && result.violation() <= 1e-8
              && Math.abs(result.value() - problem.minimum()) <= 1e-8 * size;
      solved += right ? 1 : 0;
      evaluations += result.evaluations();
      // Whoever says that the minimum was found has found one: of violation, f or nothing else.
      assertTrue(right || result.status() != Status.NO_PROGRESS, problem.name());
    }
    assertTrue(solved >= 44, "solved " + solved);
    assertTrue(evaluations <= 600, "evaluations " + evaluations);
  }

  @Test
  void evaluationsAreFew() {
    int sum =
        problems().stream()
            .mapToInt(p -> solve(p, SequentialQuadraticProgramming.defaults()).evaluations())
            .sum();
    assertTrue(sum <= EVALUATIONS, "evaluations " + sum);
  }

  static Stream<HockSchittkowski> someProblems() {
    return problems().stream().filter(p -> List.of("HS71", "HS100", "HS80").contains(p.name()));
  }

  /** The rate at which the minimum rises with the right-hand side of a constraint. */
  @ParameterizedTest
  @MethodSource("someProblems")
  void multipliersAreSensitivities(HockSchittkowski problem) {
    ConstrainedResult at = solve(problem, SequentialQuadraticProgramming.defaults());
    double h = 1e-4;
    for (int i = 0; i < at.multipliers().length; i++) {
      double[] shift = new double[at.multipliers().length];
      shift[i] = h;
      double above = shifted(problem, shift, at.parameters());
      shift[i] = -h;
      double below = shifted(problem, shift, at.parameters());
      assertEquals((above - below) / (2 * h), at.multipliers()[i], 1e-5, problem + " " + i);
    }
  }

  /** The minimum with g_i = b_i or g_i ≥ b_i. */
  private static double shifted(HockSchittkowski problem, double[] b, double[] start) {
    FormulaConstraints function = problem.function();
    ConstrainedFunction shifted =
        new ConstrainedFunction() {
          @Override
          public int parameters() {
            return function.parameters();
          }

          @Override
          public int equalities() {
            return function.equalities();
          }

          @Override
          public int inequalities() {
            return function.inequalities();
          }

          @Override
          public double values(double[] theta, double[] constraints) {
            double value = function.values(theta, constraints);
            for (int i = 0; i < b.length; i++) {
              constraints[i] -= b[i];
            }
            return value;
          }

          @Override
          public void gradients(double[] theta, double[] gradient, double[] jacobian) {
            function.gradients(theta, gradient, jacobian);
          }

          @Override
          public void hessian(
              double[] theta, double weight, double[] multipliers, double[] hessian) {
            function.hessian(theta, weight, multipliers, hessian);
          }
        };
    ConstrainedResult result =
        ConstrainedSolver.solve(
            shifted,
            start,
            problem.bounds(0),
            problem.bounds(1),
            SequentialQuadraticProgramming.defaults().withFurtherStarts(0),
            new Cancellation());
    assertTrue(result.status().converged(), problem.name());
    return result.value();
  }
}
