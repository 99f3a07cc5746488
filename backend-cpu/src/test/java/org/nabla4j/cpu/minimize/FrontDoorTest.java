package org.nabla4j.cpu.minimize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nabla4j.Minimize;
import org.nabla4j.backend.Cancellation;
import org.nabla4j.backend.Execution;
import org.nabla4j.backend.IterationListener;
import org.nabla4j.data.Column;
import org.nabla4j.method.AugmentedLagrangian;
import org.nabla4j.method.Bfgs;
import org.nabla4j.method.ConjugateGradient;
import org.nabla4j.method.GradientDescent;
import org.nabla4j.method.LimitedMemoryBfgs;
import org.nabla4j.method.MinimizationMethod;
import org.nabla4j.method.NelderMead;
import org.nabla4j.method.NewtonConjugateGradient;
import org.nabla4j.method.NewtonRaphson;
import org.nabla4j.method.SequentialQuadraticProgramming;
import org.nabla4j.method.StepRule;
import org.nabla4j.objective.CodedObjective;
import org.nabla4j.objective.Objective;
import org.nabla4j.objective.TwiceDifferentiableObjective;
import org.nabla4j.result.BatchMinima;
import org.nabla4j.result.Minima;
import org.nabla4j.result.Minimum;
import org.nabla4j.result.Status;

/** The front door with the searches of the CPU backend behind it. */
class FrontDoorTest {

  private static final String ROSENBROCK = "100*(x2-x1^2)^2 + (1-x1)^2";

  static List<MinimizationMethod> methods() {
    return List.of(
        NewtonRaphson.defaults(),
        NewtonConjugateGradient.defaults(),
        Bfgs.defaults(),
        LimitedMemoryBfgs.defaults(),
        ConjugateGradient.defaults(),
        GradientDescent.defaults(),
        NelderMead.defaults());
  }

  private static Objective sphere(AtomicInteger calls) {
    return CodedObjective.of(
        List.of("a", "b"),
        p -> {
          calls.incrementAndGet();
          return (p[0] - 3) * (p[0] - 3) + 2 * (p[1] + 1) * (p[1] + 1);
        });
  }

  @ParameterizedTest
  @MethodSource("methods")
  void everyMethodMinimisesRosenbrock(MinimizationMethod method) {
    Minimum minimum = Minimize.of(ROSENBROCK).start(-1.2, 1).method(method).backend("cpu").run();
    assertTrue(minimum.converged(), minimum.toString());
    assertEquals(1, minimum.parameter("x1"), 1e-3, minimum.toString());
    assertEquals(1, minimum.parameter("x2"), 2e-3, minimum.toString());
    assertEquals(0, minimum.value(), 1e-6);
    assertEquals("cpu", minimum.backend());
    assertEquals("interpreter, double", minimum.kernel());
    assertTrue(minimum.evaluations() > minimum.iterations() / 2, minimum.toString());
  }

  @Test
  void theReportTellsWhatWasFound() {
    Minimum minimum = Minimize.of(ROSENBROCK).start(-1.2, 1).run();
    String report = minimum.toString();
    assertTrue(report.startsWith("minimise 100*(x2 - x1^2)^2 + (1 - x1)^2\nconverged: "), report);
    assertTrue(report.contains("\nparameter  "), report);
    assertTrue(report.contains("relative gradient"), report);
    assertTrue(report.contains("backend cpu (interpreter, double)"), report);
    assertSame(NewtonRaphson.class, minimum.method().getClass());
  }

  @ParameterizedTest
  @MethodSource("methods")
  void resultsDependNeitherOnTheBatchNorOnThreads(MinimizationMethod method) {
    int problems = 37;
    double[][] starts = new double[problems][2];
    for (int i = 0; i < problems; i++) {
      starts[i][0] = -2 + 0.11 * i;
      starts[i][1] = 1.5 - 0.09 * i;
    }
    // Code, so that the same evaluation stands behind one problem and many.
    Minimize code = Minimize.of(codedRosenbrock()).method(method);
    BatchMinima one =
        code.starts(starts).execution(Execution.defaults().withParallelism(1)).runBatch();
    BatchMinima three =
        code.starts(starts).execution(Execution.defaults().withParallelism(3)).runBatch();
    for (int i = 0; i < problems; i++) {
      Minimum alone = code.start(starts[i]).run();
      assertArrayEquals(alone.parameters(), one.parameters(i));
      assertArrayEquals(one.parameters(i), three.parameters(i));
      assertEquals(alone.value(), three.value(i));
      assertEquals(alone.evaluations(), three.evaluations(i));
      assertEquals(alone.iterations(), one.iterations(i));
      assertEquals(alone.status(), three.status(i));
    }
    assertEquals(problems, one.convergedCount(), one.toString());
  }

  private static TwiceDifferentiableObjective codedRosenbrock() {
    return CodedObjective.of(
        List.of("x1", "x2"),
        t -> 100 * Math.pow(t[1] - t[0] * t[0], 2) + Math.pow(1 - t[0], 2),
        (t, g) -> {
          double u = t[1] - t[0] * t[0];
          g[0] = -400 * u * t[0] - 2 * (1 - t[0]);
          g[1] = 200 * u;
          return 100 * Math.pow(u, 2) + Math.pow(1 - t[0], 2);
        },
        (t, h) -> {
          h[0][0] = 1200 * t[0] * t[0] - 400 * t[1] + 2;
          h[0][1] = -400 * t[0];
          h[1][0] = h[0][1];
          h[1][1] = 200;
        });
  }

  @Test
  void theMethodFollowsFromTheProblem() {
    assertSame(NewtonRaphson.class, Minimize.of("a^2").start(1).method().getClass());
    Minimize constrained = Minimize.of("a^2+b^2").start(1, 1).subjectTo("a+b=1");
    assertSame(SequentialQuadraticProgramming.class, constrained.method().getClass());
    AtomicInteger calls = new AtomicInteger();
    assertSame(Bfgs.class, Minimize.of(sphere(calls)).start(1, 1).method().getClass());
    List<String> many = IntStream.range(0, 60).mapToObj(j -> "x" + j).toList();
    Objective wide = CodedObjective.of(many, t -> Arrays.stream(t).map(v -> v * v).sum());
    assertSame(
        LimitedMemoryBfgs.class, Minimize.of(wide).start(new double[60]).method().getClass());
  }

  @Test
  void codeWithoutDerivativesIsCountedCallByCall() {
    AtomicInteger calls = new AtomicInteger();
    Minimum minimum = Minimize.of(sphere(calls)).start(0, 0).run();
    assertTrue(minimum.converged(), minimum.toString());
    assertEquals(3, minimum.parameter("a"), 1e-6);
    assertEquals(-1, minimum.parameter("b"), 1e-6);
    assertEquals(calls.get(), minimum.evaluations());
    assertEquals("Java code, gradient by central differences", minimum.kernel());
    assertEquals(0, calls.get() % 5, "a gradient takes 1 + 2p = 5 evaluations");
    Minimum newton = Minimize.of(sphere(calls)).start(0, 0).method(NewtonRaphson.defaults()).run();
    assertTrue(newton.converged(), newton.toString());
    assertEquals(3, newton.parameter("a"), 1e-6);
  }

  @Test
  void boundsHoldParametersAndHaveMultipliers() {
    for (MinimizationMethod method : methods()) {
      Minimum minimum =
          Minimize.of("(x-3)^2 + (y+1)^2 + (z-0.5)^2")
              .start(0.5, 1, 0.1)
              .bounds("x", 0, 1)
              .bounds("y", 0, 5)
              .method(method)
              .run();
      assertTrue(minimum.converged(), minimum.toString());
      assertArrayEquals(new double[] {1, 0, 0.5}, minimum.parameters(), 1e-5, method.toString());
      if (minimum.gradient()[0] < 0) {
        assertArrayEquals(new double[] {-4, 2, 0}, minimum.boundMultipliers(), 1e-4);
        assertTrue(minimum.gradientNorm() < 1e-4, minimum.toString());
      } else {
        assertSame(NelderMead.class, method.getClass());
      }
      assertTrue(minimum.isAtBound("x") && minimum.isAtBound("y") && !minimum.isAtBound("z"));
    }
  }

  @Test
  void fixedParametersStayWhereTheyAre() {
    Minimum formula = Minimize.of(ROSENBROCK).fix("x1", 2).start("x2", 0).run();
    assertArrayEquals(new double[] {2, 4}, formula.parameters(), 1e-9);
    assertTrue(Double.isNaN(formula.gradient()[0]));
    assertTrue(formula.isFixed("x1"));
    Minimum code = Minimize.of(codedRosenbrock()).start(2, 0).fix("x1").run();
    assertArrayEquals(new double[] {2, 4}, code.parameters(), 1e-9);
    BatchMinima each =
        Minimize.of(codedRosenbrock())
            .start("x2", 0)
            .fix("x1", Column.perProblem(new double[] {1, 2, 3}, 1))
            .runBatch();
    assertArrayEquals(new double[] {1, 1, 2, 4, 3, 9}, each.parameters(), 1e-8);
    BatchMinima formulas =
        Minimize.of(ROSENBROCK)
            .start("x2", 0)
            .fix("x1", Column.perProblem(new double[] {1, 2, 3}, 1))
            .runBatch();
    assertArrayEquals(new double[] {1, 1, 2, 4, 3, 9}, formulas.parameters(), 1e-8);
  }

  @Test
  void constantsOfEachProblem() {
    for (MinimizationMethod method : methods()) {
      BatchMinima minima =
          Minimize.of("(x-k)^2 + 3")
              .constant("k", new double[] {1, -2, 7})
              .start(0)
              .method(method)
              .runBatch();
      assertEquals(3, minima.convergedCount(), minima.toString());
      assertArrayEquals(new double[] {1, -2, 7}, minima.parameters(), 1e-3, method.toString());
      assertArrayEquals(new double[] {3, 3, 3}, minima.values(), 1e-5);
    }
  }

  @Test
  void aLikelihoodIsTheSumOverItsData() {
    double[] counts = {3, 5, 2, 8, 4};
    Minimum minimum = Minimize.of("m - c*log(m)").data("c", counts).start(1).run();
    assertTrue(minimum.converged(), minimum.toString());
    assertEquals(4.4, minimum.parameter("m"), 1e-6);
    // with minibatches, of an objective that is a sum
    Minimum stochastic =
        Minimize.of("m - c*log(m)")
            .data("c", counts)
            .start(3)
            .method(
                GradientDescent.defaults()
                    .withStepRule(StepRule.adam(0.05))
                    .withMinibatch(2, 1)
                    .withGradientTolerance(1e-3))
            .run();
    assertEquals(4.4, stochastic.parameter("m"), 0.05, stochastic.toString());
  }

  @Test
  void constraintsGiveMultipliersInTheirOrder() {
    Minimum minimum =
        Minimize.of("x^2 + y^2").start(3, 1).subjectTo("x >= -5", "x + 2*y = 5", "y <= 10").run();
    assertTrue(minimum.converged(), minimum.toString());
    assertArrayEquals(new double[] {1, 2}, minimum.parameters(), 1e-8);
    assertArrayEquals(new double[] {0, 2, 0}, minimum.multipliers(), 1e-7);
    assertEquals(2, minimum.multiplier("x + 2*y = 5"), 1e-7);
    assertEquals(5, minimum.value(), 1e-8);
    assertTrue(minimum.gradientNorm() < 1e-6, minimum.toString());
    assertTrue(minimum.toString().contains("x + 2*y = 5"), minimum.toString());
    assertArrayEquals(new double[] {2, 4}, minimum.gradient(), 1e-7);
  }

  @Test
  void constraintsMayHoldOtherParametersConstantsAndFixedOnes() {
    BatchMinima minima =
        Minimize.of("(x-1)^2")
            .constant("k", new double[] {2, 3})
            .start("x", 0.5)
            .start("y", 0.5)
            .fix("z", 1)
            .subjectTo("y = x + k*z", "y <= 2.5")
            .runBatch();
    assertEquals(2, minima.convergedCount(), minima.toString());
    assertArrayEquals(new double[] {0.5, 2.5, 1}, minima.parameters(0), 1e-7);
    assertArrayEquals(new double[] {-0.5, 2.5, 1}, minima.parameters(1), 1e-7);
    // ∇f = λ₁∇(y − x − kz) + λ₂∇(2.5 − y): −1 = −λ₁, 0 = λ₁ − λ₂
    assertArrayEquals(new double[] {1, 1}, minima.multipliers(0), 1e-6);
  }

  @Test
  void codeUnderConstraints() {
    Minimum minimum =
        Minimize.of(sphere(new AtomicInteger()))
            .start(0, 0)
            .bounds("a", -10, 2)
            .subjectTo("a + b = 1")
            .run();
    assertTrue(minimum.converged(), minimum.toString());
    assertArrayEquals(new double[] {2, -1}, minimum.parameters(), 1e-6);
    // ∇f = (−2, 0) = λ(1, 1) + μ(1, 0)
    assertEquals(0, minimum.multipliers()[0], 1e-5);
    assertEquals(-2, minimum.boundMultipliers()[0], 1e-5);
  }

  @Test
  void whatCannotBeMetIsInfeasible() {
    Minimum minimum = Minimize.of("x^2").start(1).subjectTo("x >= 2", "x <= 1").run();
    assertEquals(Status.INFEASIBLE, minimum.status(), minimum.toString());
    assertEquals(
        "infeasible: 'x >= 2' is missed by 1; 'x >= 2' and 'x <= 1' contradict each other",
        minimum.statusMessage());
  }

  @Test
  void aMethodWithoutConstraintsRefusesThem() {
    Minimize wrong =
        Minimize.of("x^2").start(1).subjectTo("x >= 2").method(NewtonRaphson.defaults());
    String message = assertThrows(IllegalArgumentException.class, wrong::run).getMessage();
    assertTrue(message.contains("SequentialQuadraticProgramming"), message);
  }

  @Test
  void listenersSeeEveryStep() {
    List<double[]> path = new ArrayList<>();
    List<Double> values = new ArrayList<>();
    List<Integer> steps = new ArrayList<>();
    Minimum minimum =
        Minimize.of(ROSENBROCK)
            .start(-1.2, 1)
            .method(Bfgs.defaults())
            .listener(
                (problem, iteration, theta, value, norm) -> {
                  assertEquals(0, problem);
                  steps.add(iteration);
                  path.add(theta);
                  values.add(value);
                  assertTrue(norm >= 0);
                })
            .run();
    assertArrayEquals(new double[] {-1.2, 1}, path.get(0));
    assertEquals(24.2, values.get(0), 1e-12);
    assertArrayEquals(minimum.parameters(), path.get(path.size() - 1));
    for (int k = 1; k < values.size(); k++) {
      assertTrue(values.get(k) <= values.get(k - 1));
      assertTrue(steps.get(k) > steps.get(k - 1));
    }
    assertEquals(minimum.iterations(), steps.get(steps.size() - 1));
  }

  /** What a search under constraints tells of its steps. */
  private static final class Steps implements IterationListener {
    final List<Integer> steps = new ArrayList<>();
    final List<double[]> path = new ArrayList<>();
    final List<Double> values = new ArrayList<>();
    final List<Double> norms = new ArrayList<>();
    final List<Double> violations = new ArrayList<>();

    @Override
    public void iteration(long problem, int iteration, double[] theta, double value, double norm) {
      throw new AssertionError("the violation is known");
    }

    @Override
    public void iteration(
        long problem, int iteration, double[] theta, double value, double norm, double violation) {
      steps.add(iteration);
      path.add(theta);
      values.add(value);
      norms.add(norm);
      violations.add(violation);
    }
  }

  static Stream<MinimizationMethod> constrainedMethods() {
    return Stream.of(SequentialQuadraticProgramming.defaults(), AugmentedLagrangian.defaults());
  }

  @ParameterizedTest
  @MethodSource("constrainedMethods")
  void listenersSeeEveryStepUnderConstraints(MinimizationMethod method) {
    Steps told = new Steps();
    Minimum minimum =
        Minimize.of("100*(y-x^2)^2 + (1-x)^2 + k")
            .start("x", -1.2)
            .start("y", 1)
            .start("k", 7)
            .fix("k")
            .subjectTo("1000*(x^2 + y^2) = 1500", "y >= -3")
            .method(method)
            .listener(told)
            .run();
    assertTrue(minimum.converged(), minimum::toString);
    List<String> names = minimum.parameterNames();
    int x = names.indexOf("x");
    int y = names.indexOf("y");
    assertEquals(0, told.steps.get(0));
    assertEquals(-1.2, told.path.get(0)[x]);
    assertEquals(1, told.path.get(0)[y]);
    assertTrue(told.steps.size() > 5, () -> told.steps.toString());
    boolean ends = false;
    for (int k = 0; k < told.steps.size(); k++) {
      double[] theta = told.path.get(k);
      assertEquals(7, theta[names.indexOf("k")]);
      double valley = theta[y] - theta[x] * theta[x];
      double f = 100 * valley * valley + (1 - theta[x]) * (1 - theta[x]) + 7;
      assertEquals(f, told.values.get(k), 1e-12 * f);
      double violation =
          Math.max(
              Math.abs(1000 * (theta[x] * theta[x] + theta[y] * theta[y]) - 1500), -3 - theta[y]);
      assertEquals(violation, told.violations.get(k), 1e-9 * Math.max(violation, 1000));
      assertTrue(told.norms.get(k) >= 0);
      ends |= Arrays.equals(minimum.parameters(), theta);
      // A search from a further start is told from its own beginning.
      int step = told.steps.get(k);
      assertTrue(k == 0 || step == 0 || step > told.steps.get(k - 1), () -> told.steps.toString());
    }
    assertTrue(ends, "the minimum is where the path ends");
  }

  private static void assertMessage(String expected, Minimize problem) {
    Minimum minimum = problem.run();
    assertEquals(expected, minimum.statusMessage());
    assertTrue(minimum.toString().contains(expected), minimum::toString);
  }

  @ParameterizedTest
  @MethodSource("constrainedMethods")
  void namesWhatCannotBeMet(MinimizationMethod method) {
    Minimize bowl = Minimize.of("x^2 + y^2").start(3, 4).method(method);
    String lines = bowl.subjectTo("x+y = 1", "x + y = 2", "x >= -9").run().statusMessage();
    assertTrue(lines.startsWith("infeasible: 'x"), lines);
    assertTrue(lines.contains("' is missed by "), lines);
    assertTrue(lines.endsWith("; 'x+y = 1' and 'x + y = 2' contradict each other"), lines);
    String apart = bowl.subjectTo("2*x + 2*y >= 4", "x+y <= 1").run().statusMessage();
    assertTrue(apart.endsWith("'2*x + 2*y >= 4' and 'x+y <= 1' contradict each other"), apart);
    String curved = bowl.subjectTo("x^2+y^2 <= 1", "x+y >= 3").run().statusMessage();
    assertTrue(
        curved.endsWith("'x^2+y^2 <= 1' and 'x+y >= 3' contradict each other there"), curved);
    assertMessage(
        "infeasible: '1e-6*(x^2 + y^2) = -1e-6' is missed by 1e-6",
        bowl.subjectTo("1e-6*(x^2 + y^2) = -1e-6"));
    assertMessage(
        "infeasible: '5 >= x^2 + y^2' is missed by 3; the bounds stand against it",
        bowl.bounds("x", 2, 10).bounds("y", 2, 10).subjectTo("5 >= x^2 + y^2"));
    String three = bowl.subjectTo("x >= 1", "y >= 1", "x+y <= 1").run().statusMessage();
    assertTrue(three.contains("' is missed by "), three);
    assertFalse(three.contains("contradict"), three);
  }

  @Test
  void namesWhatHasNoValue() {
    assertMessage(
        "non finite: log(x - 3) is NaN at x = 1.0",
        Minimize.of("y^2 + 2*log(x-3)").start("x", 1).start("y", 2));
    assertMessage(
        "non finite: sqrt(x - 2) is NaN at x = -1.0",
        Minimize.of("where(x > 0, log(x), sqrt(x-2))").start(-1));
    assertMessage(
        "non finite: in the derivative by x 0.5/sqrt(x) is Infinity at x = 0.0",
        Minimize.of("sqrt(x) + x^2").start(0));
    assertMessage(
        "non finite: a/x is Infinity at a = 2.0, x = 0.0",
        Minimize.of("x^2 + a/x").constant("a", 2).start(0));
    assertMessage(
        "non finite: log(a - t) is NaN at a = 2.5, t = 3.0, in point 2",
        Minimize.of("(y - log(a-t))^2")
            .data("t", new double[] {1, 2, 3, 4})
            .data("y", new double[] {1, 2, 3, 4})
            .start("a", 2.5));
    assertMessage(
        "non finite: t is NaN, in point 1",
        Minimize.of("(a-t)^2").data("t", new double[] {1, Double.NaN}).start("a", 0));
    assertMessage(
        "non finite: each point has a value, and their sum overflows",
        Minimize.of("(a-t)^2").data("t", new double[] {1e154, 1e154, 1e154}).start("a", 0));
    assertMessage(
        "non finite: in the constraint 'sqrt(y) = 3' sqrt(y) is NaN at y = -1.0",
        Minimize.of("x^2 + y").start(3, -1).subjectTo("sqrt(y) = 3"));
    assertMessage(
        "non finite: the value or a derivative that the code computes is not finite at x = 2.0",
        Minimize.of(CodedObjective.of(List.of("x"), p -> Math.log(1 - p[0])))
            .start(2)
            .method(NelderMead.defaults()));
  }

  @Test
  void cancellationKeepsTheBestSoFar() {
    Cancellation cancellation = new Cancellation();
    BatchMinima minima =
        Minimize.of(codedRosenbrock())
            .starts(new double[5000][2])
            .method(Bfgs.defaults())
            .execution(Execution.defaults().withCancellation(cancellation))
            .listener(
                (problem, iteration, theta, value, norm) -> {
                  if (iteration == 3) {
                    cancellation.cancel();
                  }
                })
            .runBatch();
    assertEquals(5000, minima.statusCounts().get(Status.CANCELLED));
    boolean moved = false;
    for (int i = 0; i < 5000; i++) {
      moved |= minima.value(i) < 1;
      assertTrue(Double.isNaN(minima.value(i)) || minima.value(i) <= 1);
    }
    assertTrue(moved);
    assertArrayEquals(new double[] {0, 0}, minima.parameters(4999));
  }

  @Test
  void whatCodeThrowsComesOutAsItIs() {
    IllegalStateException own = new IllegalStateException("no such file");
    Objective broken =
        CodedObjective.of(
            List.of("x"),
            p -> {
              if (p[0] < 0.9) {
                throw own;
              }
              return p[0] * p[0];
            });
    for (int threads = 1; threads <= 3; threads++) {
      Minimize run =
          Minimize.of(broken)
              .starts(new double[200][1])
              .execution(Execution.defaults().withParallelism(threads));
      assertSame(own, assertThrows(IllegalStateException.class, run::runBatch));
    }
  }

  @Test
  void progressCountsProblems() {
    List<Long> told = new ArrayList<>();
    Minimize.of(codedRosenbrock())
        .starts(new double[300][2])
        .execution(
            Execution.defaults()
                .withListener(
                    (done, total) -> {
                      assertEquals(300, total);
                      told.add(done);
                    }))
        .runBatch();
    assertEquals(300, told.get(told.size() - 1));
  }

  @Test
  void startsOutsideTheDomainEndAlone() {
    BatchMinima minima =
        Minimize.of("x - log(x)")
            .starts(new double[][] {{2}, {-1}, {Double.NaN}, {0.5}})
            .method(Bfgs.defaults())
            .runBatch();
    assertEquals(Status.NON_FINITE, minima.status(1));
    assertEquals(Status.NON_FINITE, minima.status(2));
    assertEquals("non finite: log(x) is NaN at x = -1.0", minima.statusMessage(1));
    assertEquals(1, minima.parameter(0, "x"), 1e-5);
    assertEquals(1, minima.parameter(3, "x"), 1e-5);
  }

  @Test
  void multiStartFindsAllMinimaOfHimmelblau() {
    Minima minima =
        Minimize.of("(x^2+y-11)^2 + (x+y^2-7)^2 + 0.1*x")
            .bounds("x", -6, 6)
            .bounds("y", -6, 6)
            .multiStart(200);
    assertEquals(4, minima.basins().size(), minima.toString());
    long all = minima.basins().stream().mapToLong(Minima.Basin::count).sum();
    assertEquals(minima.searches().convergedCount(), all);
    assertEquals(200, minima.searches().problems());
    assertEquals(-3.78, minima.best().parameter("x"), 0.01);
    assertEquals(-3.28, minima.best().parameter("y"), 0.01);
    for (int k = 1; k < 4; k++) {
      assertTrue(
          minima.basins().get(k).minimum().value() >= minima.basins().get(k - 1).minimum().value());
      assertTrue(minima.basins().get(k).count() > 10, minima.toString());
    }
    assertTrue(minima.toString().contains("4 minima from 200 starts"), minima.toString());
  }

  @Test
  void multiStartBeginsWhereTheCallerSays() {
    Minimize box = Minimize.of("(x-1)^2 + (y-z)^2").bounds("x", 0, 3).bounds("y", -1, 1);
    Minima minima = box.start("x", 2.5).start("y", 0.25).fix("z", 0.5).multiStart(5);
    assertEquals(2.5, minima.searches().problem().starts().value(0, 0));
    assertEquals(0.25, minima.searches().problem().starts().value(0, 1));
    assertEquals(0.5, minima.searches().problem().starts().value(3, 2));
    assertArrayEquals(new double[] {1, 0.5, 0.5}, minima.best().parameters(), 1e-6);
    assertEquals(5, minima.basins().get(0).count());
    assertEquals(
        "bounds of z = none, expected finite ones for a multi-start",
        assertThrows(IllegalArgumentException.class, () -> box.multiStart(3)).getMessage());
  }

  @Test
  void aValueBeyondFloatIsShownAsItIs() {
    Objective falling = CodedObjective.of(List.of("x"), t -> -1e301 * (1 + t[0] * t[0]));
    for (MinimizationMethod method : methods()) {
      Minimum minimum = Minimize.of(falling).start(1).method(method).run();
      assertEquals(Status.UNBOUNDED, minimum.status(), method.toString());
      assertTrue(
          minimum.statusMessage().matches("unbounded: objective -\\d.*e\\+30\\d, expected finite"),
          minimum.statusMessage());
    }
  }

  @Test
  void aSimplexSpeaksOfItsSize() {
    Minimum minimum =
        Minimize.of(sphere(new AtomicInteger())).start(1, 1).method(NelderMead.defaults()).run();
    assertTrue(
        minimum.statusMessage().startsWith("converged: relative size of the simplex "),
        minimum.statusMessage());
  }

  @Test
  void aFlatMinimumCountsOnce() {
    Minima flat = Minimize.of("x^4 + y^4").bounds("x", -1, 1).bounds("y", -1, 1).multiStart(64);
    assertEquals(1, flat.basins().size(), flat.toString());
    assertEquals(flat.searches().convergedCount(), flat.basins().get(0).count());
    Minima floor = Minimize.of("(x + y)^2").bounds("x", -1, 1).bounds("y", -1, 1).multiStart(64);
    assertEquals(1, floor.basins().size(), floor.toString());
    Minima two = Minimize.of("(x^2 - 1)^4").bounds("x", -2, 2).multiStart(64);
    assertEquals(2, two.basins().size(), two.toString());
  }

  @Test
  void minimaWithAHillBetweenThemCountEach() {
    // the line between two of them passes through others of the same f, and over all the hills
    Minima waves = Minimize.of("sin(x)").bounds("x", -20, 20).multiStart(200);
    List<Double> places = new ArrayList<>();
    waves.basins().forEach(basin -> places.add(basin.minimum().parameter("x")));
    assertEquals(6, places.stream().filter(x -> Math.abs(x) < 19.9).count(), waves.toString());
    Minima low =
        Minimize.of("1e-9*(x^2 - 1)^2")
            .bounds("x", -2, 2)
            .method(Bfgs.defaults().withGradientTolerance(1e-15))
            .multiStart(20);
    assertTrue(low.basins().size() >= 2, low.toString());
  }

  @Test
  void lanesAndSearchesAgree() {
    double[][] starts = {{-1.2, 1}, {0, 0}, {2, -1}, {5, 5}, {-3, 4}};
    BatchMinima lanes = Minimize.of(ROSENBROCK).starts(starts).runBatch();
    assertFalse(lanes.kernel().startsWith("interpreter"), lanes.kernel());
    for (int i = 0; i < starts.length; i++) {
      Minimum alone = Minimize.of(ROSENBROCK).start(starts[i]).run();
      assertArrayEquals(alone.parameters(), lanes.parameters(i), 1e-4);
      assertTrue(lanes.converged(i), lanes.statusMessage(i));
      assertTrue(lanes.gradientNorm(i) < 1e-4);
    }
  }
}
