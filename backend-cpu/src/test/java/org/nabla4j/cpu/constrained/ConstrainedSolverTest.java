package org.nabla4j.cpu.constrained;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nabla4j.backend.Cancellation;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.Formula;
import org.nabla4j.method.AugmentedLagrangian;
import org.nabla4j.method.ConstrainedMethod;
import org.nabla4j.method.NewtonRaphson;
import org.nabla4j.method.SequentialQuadraticProgramming;
import org.nabla4j.objective.Points;
import org.nabla4j.objective.TwiceDifferentiableObjective;
import org.nabla4j.result.Status;

/** What constraints can do to a search: nothing, too much, or contradict each other. */
class ConstrainedSolverTest {

  private static final double INF = Double.POSITIVE_INFINITY;

  private static final SequentialQuadraticProgramming SQP =
      SequentialQuadraticProgramming.defaults();

  static Stream<ConstrainedMethod> methods() {
    return Stream.of(SQP, AugmentedLagrangian.defaults());
  }

  private static List<Expression> expressions(String... texts) {
    return Arrays.stream(texts).map(text -> Formula.parse(text).expression()).toList();
  }

  /** A problem in x1..xp whose constraints are {@code g = 0} or {@code g >= 0}. */
  private static FormulaConstraints problem(int p, String f, String... constraints) {
    List<String> equalities = new ArrayList<>();
    List<String> inequalities = new ArrayList<>();
    for (String constraint : constraints) {
      if (constraint.endsWith(" >= 0")) {
        inequalities.add(constraint.substring(0, constraint.length() - 5));
      } else {
        assertTrue(constraint.endsWith(" = 0"), constraint);
        equalities.add(constraint.substring(0, constraint.length() - 4));
      }
    }
    return FormulaConstraints.of(
        Formula.parse(f).expression(),
        expressions(equalities.toArray(new String[0])),
        expressions(inequalities.toArray(new String[0])),
        IntStream.rangeClosed(1, p).mapToObj(j -> "x" + j).toList());
  }

  private static ConstrainedResult solve(
      ConstrainedFunction function, ConstrainedMethod method, double... start) {
    return ConstrainedSolver.solve(function, start, null, null, method, new Cancellation());
  }

  private static void assertMinimum(ConstrainedResult result, double value, double... theta) {
    String what = result.status() + " " + Arrays.toString(result.parameters());
    assertTrue(result.status().converged(), what);
    assertEquals(value, result.value(), 1e-8 * Math.max(1, Math.abs(value)), what);
    assertTrue(result.violation() <= 1e-8, what);
    assertTrue(result.residual() <= 1e-8, what);
    if (theta.length > 0) {
      assertArrayEquals(theta, result.parameters(), 1e-6, what);
    }
  }

  @ParameterizedTest
  @MethodSource("methods")
  void feasibilityAlone(ConstrainedMethod method) {
    ConstrainedResult result =
        solve(problem(2, "0*x1", "x1^2+x2^2-4 = 0", "x1-x2 >= 0"), method, 3, 4);
    assertMinimum(result, 0);
    assertArrayEquals(new double[2], result.multipliers(), 1e-8);
  }

  @ParameterizedTest
  @MethodSource("methods")
  void boundsAlone(ConstrainedMethod method) {
    ConstrainedResult result =
        ConstrainedSolver.solve(
            problem(3, "(x1-3)^2+(x2+1)^4+x3^2"),
            new double[] {9, 9, 9},
            new double[] {-INF, 0, 1},
            new double[] {2, INF, 1},
            method,
            new Cancellation());
    assertMinimum(result, 3, 2, 0, 1);
    assertArrayEquals(new double[] {0, 4, 2}, result.lowerMultipliers(), 1e-8);
    assertArrayEquals(new double[] {2, 0, 0}, result.upperMultipliers(), 1e-8);
    assertEquals(0, result.multipliers().length);
  }

  @ParameterizedTest
  @MethodSource("methods")
  void neitherConstraintsNorBounds(ConstrainedMethod method) {
    assertMinimum(solve(problem(2, "100*(x2-x1^2)^2+(1-x1)^2"), method, -1.2, 1), 0, 1, 1);
  }

  @ParameterizedTest
  @MethodSource("methods")
  void inequalitiesAlone(ConstrainedMethod method) {
    ConstrainedResult result =
        solve(problem(2, "x1^2+x2^2", "x1+x2-2 >= 0", "x1-x2+5 >= 0", "4-x1 >= 0"), method, 9, -7);
    assertMinimum(result, 2, 1, 1);
    assertArrayEquals(new double[] {2, 0, 0}, result.multipliers(), 1e-7);
  }

  @ParameterizedTest
  @MethodSource("methods")
  void redundantEqualities(ConstrainedMethod method) {
    assertMinimum(
        solve(
            problem(2, "(x1-1)^2+x2^2", "x1+x2-2 = 0", "2*x1+2*x2-4 = 0", "3*x1-6+3*x2 = 0"),
            method,
            5,
            -2),
        0.5,
        1.5,
        0.5);
    assertMinimum( // the same circle twice
        solve(problem(2, "x1+x2", "x1^2+x2^2-2 = 0", "3*x1^2+3*x2^2-6 = 0"), method, -3, -0.5),
        -2,
        -1,
        -1);
  }

  /** Three lines through the solution, whose multipliers are not unique. */
  @ParameterizedTest
  @MethodSource("methods")
  void dependentActiveConstraints(ConstrainedMethod method) {
    ConstrainedResult result =
        solve(
            problem(2, "x1^2+(x2+1)^2", "x2 >= 0", "x2-x1 >= 0", "x2+x1 >= 0", "2*x2 >= 0"),
            method,
            3,
            1);
    assertMinimum(result, 1, 0, 0);
    double[] lambda = result.multipliers();
    assertEquals(2, lambda[0] + lambda[1] + lambda[2] + 2 * lambda[3], 1e-7);
    assertEquals(0, lambda[2] - lambda[1], 1e-7);
  }

  @ParameterizedTest
  @MethodSource("methods")
  void infeasible(ConstrainedMethod method) {
    ConstrainedResult parallel =
        solve(problem(2, "x1^2+x2^2", "x1+x2-1 = 0", "x1+x2-2 = 0"), method, 3, 4);
    assertEquals(Status.INFEASIBLE, parallel.status());
    assertTrue(parallel.violation() >= 0.5 - 1e-9, "violation " + parallel.violation());
    assertTrue(parallel.violation() <= 1 + 1e-6, "violation " + parallel.violation());
    assertEquals(parallel.violation(), parallel.statusValue());
    ConstrainedResult imaginary = solve(problem(1, "x1", "x1^2+1 = 0"), method, 2);
    assertEquals(Status.INFEASIBLE, imaginary.status());
    assertEquals(1, imaginary.violation(), 1e-6);
    ConstrainedResult bounded =
        ConstrainedSolver.solve(
            problem(2, "x1-x2", "5-x1^2-x2^2 >= 0"),
            new double[] {5, 5},
            new double[] {2, 2},
            null,
            method,
            new Cancellation());
    assertEquals(Status.INFEASIBLE, bounded.status());
    assertEquals(3, bounded.violation(), 1e-6);
  }

  @ParameterizedTest
  @MethodSource("methods")
  void unbounded(ConstrainedMethod method) {
    for (String f : List.of("-x1", "-x1^2", "x2-x1^3", "-exp(x1)", "-x1*x2")) {
      ConstrainedResult result = solve(problem(2, f, "x1-x2 = 0"), method, 1, 1);
      assertEquals(Status.UNBOUNDED, result.status(), f);
    }
    ConstrainedResult line = solve(problem(2, "-x1-x2", "x1-2*x2 >= 0"), method, 1, 1);
    assertEquals(Status.UNBOUNDED, line.status());
    ConstrainedResult free = solve(problem(1, "-x1^3"), method, 0.5);
    assertEquals(Status.UNBOUNDED, free.status());
  }

  /** What is unbounded without the constraints need not be with them. */
  @ParameterizedTest
  @MethodSource("methods")
  void boundedByConstraintsOnly(ConstrainedMethod method) {
    assertMinimum(
        solve(problem(2, "x2^2-x1^3", "2-x1^2-x2^2 >= 0"), method, 0.5, 0.5),
        -Math.sqrt(8),
        Math.sqrt(2),
        0);
  }

  /** f falls without end outside of the constraints, some of it faster than any penalty rises. */
  @ParameterizedTest
  @MethodSource("methods")
  void boundedByOneConstraintOnly(ConstrainedMethod method) {
    for (double start : new double[] {0.01, 0.4, 0.47937156455582164, 1, 1.9, 5, 1000, 1e6}) {
      assertSame(solve(problem(1, "log(x1)", "x1-0.5 >= 0"), method, start), Math.log(0.5));
      assertSame(solve(problem(1, "-log(x1)", "2-x1 >= 0"), method, start), -Math.log(2));
      assertSame(solve(problem(1, "-x1", "3-log(x1) >= 0"), method, start), -Math.exp(3));
    }
    for (double start : new double[] {0.01, 1, 5, 20, 692, 1e6}) {
      assertSame(solve(problem(1, "-exp(x1)", "2-x1 >= 0"), method, start), -Math.exp(2));
      assertSame(solve(problem(1, "-x1^2", "1/x1-0.1 >= 0", "x1-1 >= 0"), method, start), -100);
      assertSame(solve(problem(1, "-x1^4", "4-x1^2 >= 0"), method, start), -16);
    }
    assertMinimum(
        solve(problem(2, "log(x2)-log(x1)", "3-x1 >= 0", "x2-1 >= 0"), method, 1, 1),
        -Math.log(3),
        3,
        1);
  }

  private static void assertSame(ConstrainedResult result, double value) {
    String what = result.status() + " " + Arrays.toString(result.parameters());
    assertEquals(value, result.value(), 1e-7 * Math.max(1, Math.abs(value)), what);
    assertTrue(result.status().converged(), what);
  }

  /** The same f on the side of the constraint on which it does fall without end. */
  @ParameterizedTest
  @MethodSource("methods")
  void unboundedOnTheAllowedSide(ConstrainedMethod method) {
    for (String f : List.of("-x1", "-x1^2", "-exp(x1)", "-x1^3")) {
      ConstrainedResult result = solve(problem(1, f, "x1-0.5 >= 0"), method, 1);
      assertEquals(Status.UNBOUNDED, result.status(), f);
    }
    // so slowly that it may take too long to see
    ConstrainedResult slow = solve(problem(1, "-log(x1)", "x1-0.5 >= 0"), method, 1);
    assertTrue(
        slow.status() == Status.UNBOUNDED || slow.status() == Status.ITERATION_LIMIT,
        slow.status().toString());
  }

  /** The unit of a constraint changes its multiplier and nothing else. */
  @ParameterizedTest
  @MethodSource("methods")
  void scaleOfConstraints(ConstrainedMethod method) {
    for (int exponent = -10; exponent <= 10; exponent++) {
      double unit = Double.parseDouble("1e" + exponent);
      String what = "1e" + exponent;
      ConstrainedResult line =
          solve(problem(2, "x1^2+x2^2", what + "*(x1+x2-4) = 0"), method, 3, 1);
      assertScaled(line, 8, unit, new double[] {4}, what, 2, 2);
      ConstrainedResult curve =
          solve(problem(2, "x1^2+x2^2", what + "*(x1*x2-4) >= 0"), method, 3, 1);
      assertScaled(curve, 8, unit, new double[] {2}, what, 2, 2);
      ConstrainedResult both =
          solve(
              problem(2, "x1^2+x2^2", what + "*(x1+x2-4) = 0", what + "*(x1-x2-1) >= 0"),
              method,
              3,
              1);
      assertScaled(both, 8.5, unit, new double[] {4, 1}, what, 2.5, 1.5);
      ConstrainedResult barrier = solve(problem(1, "-log(x1)", what + "*(4-x1) >= 0"), method, 3);
      assertScaled(barrier, -Math.log(4), unit, new double[] {0.25}, what, 4);
      ConstrainedResult origin =
          solve(problem(2, "x1+x2", what + "*(x1^2+x2^2-2) = 0"), method, 0, 0);
      assertScaled(origin, -2, unit, new double[] {-0.5}, what, -1, -1);
      ConstrainedResult never =
          solve(problem(2, "x1^2+x2^2", what + "*(x1^2+x2^2+1) = 0"), method, 3, 1);
      assertEquals(Status.INFEASIBLE, never.status(), what);
      assertEquals(unit, never.violation(), 1e-6 * unit, what);
      assertEquals(unit, never.statusValue(), 1e-6 * unit, what);
    }
  }

  private static void assertScaled(
      ConstrainedResult result,
      double value,
      double unit,
      double[] multipliers,
      String scale,
      double... theta) {
    String what = scale + " " + result.status() + " " + Arrays.toString(result.parameters());
    assertTrue(result.status().converged(), what);
    assertEquals(value, result.value(), 1e-7, what);
    assertArrayEquals(theta, result.parameters(), 1e-7, what);
    assertTrue(result.violation() <= 1e-8 * Math.max(1, unit), what);
    for (int i = 0; i < multipliers.length; i++) {
      assertEquals(multipliers[i], result.multipliers()[i] * unit, 1e-6, what);
    }
  }

  @Test
  void undefinedStart() {
    FormulaConstraints roots = problem(2, "x1+x2", "sqrt(x1)+sqrt(x2)-2 >= 0");
    assertEquals(Status.NON_FINITE, solve(roots, SQP, -1, 1).status());
    // f is not defined at the start, but where the constraint leads
    ConstrainedResult result = solve(problem(2, "log(x1)+x2^2", "x1-2 >= 0"), SQP, -3, 1);
    assertMinimum(result, Math.log(2), 2, 0);
    assertEquals(0.5, result.multipliers()[0], 1e-8);
    ConstrainedResult never = solve(problem(1, "log(x1)", "-1-x1 >= 0"), SQP, -3);
    assertEquals(Status.NON_FINITE, never.status());
    ConstrainedMethod other = AugmentedLagrangian.defaults();
    assertMinimum(solve(problem(2, "log(x1)+x2^2", "x1-2 >= 0"), other, -3, 1), Math.log(2), 2, 0);
    assertEquals(Status.NON_FINITE, solve(problem(1, "log(x1)", "-1-x1 >= 0"), other, -3).status());
    assertEquals(
        Status.NON_FINITE,
        solve(problem(1, "log(x1)"), AugmentedLagrangian.defaults(), -1).status());
  }

  /** Full steps leave the domain of the square root and of the logarithm. */
  @ParameterizedTest
  @MethodSource("methods")
  void undefinedRegions(ConstrainedMethod method) {
    assertMinimum(
        solve(problem(2, "x1+x2-log(x1)-2*log(x2)", "x1*x2-1 >= 0"), method, 1e-3, 30),
        3 - 2 * Math.log(2),
        1,
        2);
    ConstrainedResult root =
        solve(problem(2, "x1^2-2*sqrt(x2)", "10-x1-x2 >= 0", "x1-1 >= 0"), method, 5, 0.1);
    assertMinimum(root, 1 - 6, 1, 9);
  }

  /** Maratos (1978): full steps are good, and raise both f and the violation. */
  @Test
  void maratos() {
    FormulaConstraints circle = problem(2, "2*(x1^2+x2^2-1)-x1", "x1^2+x2^2-1 = 0");
    for (double angle : new double[] {0.1, 0.5, 1, 1.5}) {
      ConstrainedResult result =
          solve(circle, SQP.withFurtherStarts(0), Math.cos(angle), Math.sin(angle));
      assertMinimum(result, -1, 1, 0);
      assertEquals(1.5, result.multipliers()[0], 1e-8);
      assertTrue(result.iterations() <= 10, "iterations " + result.iterations());
    }
  }

  /** Stationary points that are no minima, at which the search begins. */
  @ParameterizedTest
  @MethodSource("methods")
  void saddlesAndMaximaAreLeft(ConstrainedMethod method) {
    ConstrainedMethod one =
        method instanceof AugmentedLagrangian al
            ? al.withFurtherStarts(0)
            : SQP.withFurtherStarts(0);
    assertMinimum(
        solve(problem(2, "x1", "x1^2+x2^2-1 = 0"), SQP.withFurtherStarts(0), 1, 0), -1, -1, 0);
    assertMinimum(solve(problem(2, "x1^2+(x2^2-1)^2"), one, 0, 0), 0);
    ConstrainedResult corner =
        ConstrainedSolver.solve(
            problem(2, "-x1^2-2*x2^2"),
            new double[2],
            new double[2],
            new double[] {1, 3},
            one,
            new Cancellation());
    assertMinimum(corner, -19, 1, 3);
  }

  /** The constraints' Jacobian vanishes where the search begins. */
  @Test
  void rankDeficientStart() {
    assertMinimum(
        solve(problem(2, "(x1-2)^2+x2^2", "x1^2+x2^2-1 = 0", "x1^2-x2^2-1 = 0"), SQP, 0, 0),
        1,
        1,
        0);
  }

  /** No multipliers exist at the minimum: to claim them would be wrong. */
  @Test
  void minimumWithoutMultipliers() {
    ConstrainedResult result =
        ConstrainedSolver.solve(
            problem(2, "(x1-2)^2+x2^2", "(1-x1)^3-x2 >= 0"),
            new double[] {-2, -2},
            new double[2],
            null,
            SQP,
            new Cancellation());
    assertEquals(Status.NO_PROGRESS, result.status());
    assertEquals(1, result.value(), 1e-3);
  }

  /** Convex quadratic programs made from their solution and its multipliers. */
  @Test
  void randomConvexPrograms() {
    int seed = 20;
    Random random = new Random(seed);
    for (int trial = 0; trial < 40; trial++) {
      int p = 1 + random.nextInt(8);
      KnownProgram known = new KnownProgram(random, p);
      for (ConstrainedMethod method :
          List.<ConstrainedMethod>of(
              SQP.withFurtherStarts(0), AugmentedLagrangian.defaults().withFurtherStarts(0))) {
        ConstrainedResult result =
            ConstrainedSolver.solve(
                known,
                random.doubles(p, -3, 3).toArray(),
                known.lower,
                known.upper,
                method,
                new Cancellation());
        String what = "seed " + seed + ", trial " + trial + ", " + method + ": " + result.status();
        assertTrue(result.status().converged(), what);
        assertArrayEquals(known.solution, result.parameters(), 1e-6, what);
        assertArrayEquals(known.multipliers, result.multipliers(), 1e-5, what);
      }
    }
  }

  /** ½θᵀHθ + b·θ with linear constraints, strictly complementary at a known solution. */
  private static final class KnownProgram implements ConstrainedFunction {
    private final int p;
    private final int equalities;
    private final int m;
    private final double[] h;
    private final double[] b;
    private final double[] a;
    private final double[] c;
    private final double[] solution;
    private final double[] multipliers;
    private final double[] lower;
    private final double[] upper;

    KnownProgram(Random random, int p) {
      this.p = p;
      int active = random.nextInt(p + 1);
      equalities = active == 0 ? 0 : random.nextInt(active);
      int held = active == equalities ? 0 : random.nextInt(active - equalities);
      int activeInequalities = active - equalities - held;
      m = equalities + activeInequalities + random.nextInt(p + 2);
      solution = random.doubles(p, -2, 2).toArray();
      multipliers = new double[m];
      lower = new double[p];
      upper = new double[p];
      Arrays.fill(lower, -INF);
      Arrays.fill(upper, INF);
      h = new double[p * p];
      double[] root = random.doubles((long) p * p, -1, 1).toArray();
      for (int i = 0; i < p; i++) {
        for (int j = 0; j < p; j++) {
          for (int k = 0; k < p; k++) {
            h[i * p + j] += root[i * p + k] * root[j * p + k];
          }
        }
        h[i * p + i] += 0.2;
      }
      a = random.doubles((long) m * p, -1, 1).toArray();
      c = new double[m];
      b = new double[p];
      for (int i = 0; i < m; i++) {
        for (int j = 0; j < p; j++) {
          c[i] -= a[i * p + j] * solution[j];
        }
        if (i < equalities) {
          multipliers[i] = random.nextGaussian();
        } else if (i < equalities + activeInequalities) {
          multipliers[i] = 0.1 + random.nextDouble();
        } else {
          c[i] += 0.1 + random.nextDouble();
        }
      }
      for (int j = 0; j < p; j++) {
        for (int i = 0; i < m; i++) {
          b[j] += multipliers[i] * a[i * p + j];
        }
        for (int k = 0; k < p; k++) {
          b[j] -= h[j * p + k] * solution[k];
        }
        if (j < held) {
          lower[j] = solution[j];
          b[j] += 0.1 + random.nextDouble();
        } else if (random.nextBoolean()) {
          upper[j] = solution[j] + 0.1 + random.nextDouble();
        }
      }
    }

    @Override
    public int parameters() {
      return p;
    }

    @Override
    public int equalities() {
      return equalities;
    }

    @Override
    public int inequalities() {
      return m - equalities;
    }

    @Override
    public double values(double[] theta, double[] constraints) {
      double value = 0;
      for (int i = 0; i < p; i++) {
        value += b[i] * theta[i];
        for (int j = 0; j < p; j++) {
          value += 0.5 * theta[i] * h[i * p + j] * theta[j];
        }
      }
      for (int i = 0; i < m; i++) {
        constraints[i] = c[i];
        for (int j = 0; j < p; j++) {
          constraints[i] += a[i * p + j] * theta[j];
        }
      }
      return value;
    }

    @Override
    public void gradients(double[] theta, double[] gradient, double[] jacobian) {
      for (int i = 0; i < p; i++) {
        gradient[i] = b[i];
        for (int j = 0; j < p; j++) {
          gradient[i] += h[i * p + j] * theta[j];
        }
      }
      System.arraycopy(a, 0, jacobian, 0, m * p);
    }

    @Override
    public void hessian(double[] theta, double weight, double[] lambda, double[] hessian) {
      for (int i = 0; i < p * p; i++) {
        hessian[i] = weight * h[i];
      }
    }
  }

  @Test
  void furtherStartsFindLowerMinima() {
    FormulaConstraints wells = problem(2, "(x1^2-1)^2+0.3*x1+x2^2", "2-x2 >= 0");
    ConstrainedResult one = solve(wells, SQP.withFurtherStarts(0), 1.2, 1);
    ConstrainedResult more = solve(wells, SQP, 1.2, 1);
    assertTrue(one.status().converged() && one.parameters()[0] > 0);
    assertTrue(more.status().converged() && more.parameters()[0] < 0);
    assertTrue(more.evaluations() > one.evaluations());
    assertArrayEquals(more.parameters(), solve(wells, SQP, 1.2, 1).parameters());
  }

  @ParameterizedTest
  @MethodSource("methods")
  void limitsAndCancellation(ConstrainedMethod method) {
    FormulaConstraints function = problem(2, "100*(x2-x1^2)^2+(1-x1)^2", "x1+x2-1 = 0");
    Cancellation cancelled = new Cancellation();
    cancelled.cancel();
    double[] start = {-1.2, 1};
    ConstrainedResult none =
        ConstrainedSolver.solve(function, start, null, null, method, cancelled);
    assertEquals(Status.CANCELLED, none.status());
    assertArrayEquals(new double[] {-1.2, 1}, none.parameters());
    assertArrayEquals(new double[] {-1.2, 1}, start);
    ConstrainedMethod limited =
        method instanceof AugmentedLagrangian al
            ? al.withMaxIterations(2)
            : SQP.withMaxIterations(2);
    ConstrainedResult few = solve(function, limited, -1.2, 1);
    assertEquals(Status.ITERATION_LIMIT, few.status());
    assertEquals(2, few.iterations());
    assertTrue(few.value() < 900);
  }

  @Test
  void tolerancesOfValueAndParameters() {
    FormulaConstraints function = problem(2, "x1^4+x2^4", "x1+2*x2-3 = 0");
    ConstrainedResult exact = solve(function, SQP.withFurtherStarts(0), 3, 4);
    assertEquals(Status.CONVERGED_GRADIENT, exact.status());
    SequentialQuadraticProgramming rough = SQP.withFurtherStarts(0).withGradientTolerance(0);
    assertEquals(
        Status.CONVERGED_COST, solve(function, rough.withValueTolerance(1e-2), 3, 4).status());
    assertEquals(
        Status.CONVERGED_PARAMETERS,
        solve(function, rough.withParameterTolerance(1e-2), 3, 4).status());
    assertTrue(solve(function, rough, 3, 4).status().converged());
    assertTrue(
        solve(function, rough.withValueTolerance(1e-2), 3, 4).iterations() < exact.iterations());
  }

  @Test
  void constantsAndCopies() {
    FormulaConstraints first =
        FormulaConstraints.of(
            Formula.parse("(x-a)^2+y^2").expression(),
            expressions("x+y-b"),
            List.of(),
            List.of("x", "y"),
            List.of("a", "b"),
            new double[] {1, 3});
    assertMinimum(solve(first, SQP, 0, 0), 2, 2, 1);
    assertMinimum(solve(first.copy(0, 1), SQP, 0, 0), 0.5, 0.5, 0.5);
    assertMinimum(solve(first, SQP, 0, 0), 2, 2, 1);
    assertThrows(IllegalArgumentException.class, () -> first.copy(1));
    // names that the multipliers would have by themselves
    FormulaConstraints taken =
        FormulaConstraints.of(
            Formula.parse("lambda0^2+lambda1^2").expression(),
            expressions("lambda0+lambda1-2"),
            List.of(),
            List.of("lambda0", "lambda1"));
    assertMinimum(solve(taken, SQP, 5, 0), 2, 1, 1);
  }

  /** An objective in Java code, with constraints from formulas. */
  @Test
  void codedObjective() {
    TwiceDifferentiableObjective coded =
        new TwiceDifferentiableObjective() {
          @Override
          public List<String> parameters() {
            return List.of("x1", "x2");
          }

          @Override
          public void values(Points points, double[] values) {
            double[] x = points.theta();
            values[0] = Math.exp(x[0]) + x[1] * x[1] + points.problem(0);
          }

          @Override
          public void gradients(Points points, double[] values, double[] gradients) {
            values(points, values);
            gradients[0] = Math.exp(points.theta()[0]);
            gradients[1] = 2 * points.theta()[1];
          }

          @Override
          public void hessians(
              Points points, double[] values, double[] gradients, double[] hessians) {
            gradients(points, values, gradients);
            hessians[0] = gradients[0];
            hessians[1] = 0;
            hessians[2] = 0;
            hessians[3] = 2;
          }

          @Override
          public void hessianProducts(Points points, double[] directions, double[] products) {
            throw new UnsupportedOperationException();
          }
        };
    FormulaConstraints constraints = problem(2, "0*x1", "x1*x2-1 = 0", "x1-0.2 >= 0");
    ConstrainedResult joined =
        solve(new ObjectiveWithConstraints(coded, 7, constraints), SQP, 2, 2);
    ConstrainedResult formula =
        solve(problem(2, "exp(x1)+x2^2+7", "x1*x2-1 = 0", "x1-0.2 >= 0"), SQP, 2, 2);
    assertTrue(joined.status().converged());
    assertArrayEquals(formula.parameters(), joined.parameters(), 1e-9);
    assertArrayEquals(formula.multipliers(), joined.multipliers(), 1e-7);
    assertEquals(formula.value(), joined.value(), 1e-10);
    assertThrows(
        IllegalArgumentException.class,
        () -> new ObjectiveWithConstraints(coded, 0, problem(3, "0*x1")));
  }

  private static void assertMessage(String expected, Runnable code) {
    assertEquals(expected, assertThrows(IllegalArgumentException.class, code::run).getMessage());
  }

  @Test
  void messagesHaveNameValueAndConstraint() {
    FormulaConstraints function = problem(2, "x1^2+x2^2");
    Cancellation none = new Cancellation();
    assertMessage("start has length 1, expected 2", () -> solve(function, SQP, 1));
    assertMessage(
        "start[1] = NaN, expected a finite value", () -> solve(function, SQP, 1, Double.NaN));
    assertMessage(
        "lower has length 1, expected 2",
        () -> ConstrainedSolver.solve(function, new double[2], new double[1], null, SQP, none));
    assertMessage(
        "lower[0] = 2.0, upper[0] = 1.0, expected lower <= upper",
        () ->
            ConstrainedSolver.solve(
                function, new double[2], new double[] {2, 0}, new double[] {1, 1}, SQP, none));
    assertTrue(
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    ConstrainedSolver.solve(
                        function, new double[2], null, null, NewtonRaphson.defaults(), none))
            .getMessage()
            .endsWith("expected SequentialQuadraticProgramming or AugmentedLagrangian"));
    assertMessage(
        "parameters = [], expected at least one",
        () -> FormulaConstraints.of(Expression.constant(1), List.of(), List.of(), List.of()));
  }
}
