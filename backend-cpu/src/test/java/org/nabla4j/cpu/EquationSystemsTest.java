package org.nabla4j.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.nabla4j.Solve;
import org.nabla4j.backend.Cancellation;
import org.nabla4j.backend.Execution;
import org.nabla4j.method.RootFinding;
import org.nabla4j.objective.Equation;
import org.nabla4j.result.BatchRoots;
import org.nabla4j.result.Root;
import org.nabla4j.result.Status;

/**
 * Systems of equations, many of them from J. J. Moré, B. S. Garbow, K. E. Hillstrom, Testing
 * Unconstrained Optimization Software (1981).
 */
class EquationSystemsTest {

  private static Root run(Solve solve) {
    Root root = solve.backend(RootsContract.CPU).run();
    assertEquals("cpu", root.backend());
    assertTrue(root.kernel().startsWith("interpreter"), root.kernel());
    return root;
  }

  private static Root converged(Solve solve, double... expected) {
    Root root = run(solve);
    assertEquals(Status.CONVERGED_PARAMETERS, root.status(), root::toString);
    double[] x = root.values();
    double size = 0;
    for (double value : expected) {
      size = Math.max(size, Math.abs(value));
    }
    for (int j = 0; j < x.length; j++) {
      assertEquals(expected[j], x[j], 1e-11 * size, root::toString);
    }
    return root;
  }

  @Test
  void rosenbrock() {
    Root root =
        converged(
            Solve.of("10*(x2 - x1^2) = 0", "1 - x1 = 0").unknowns("x1", "x2").start(-1.2, 1), 1, 1);
    assertEquals(0, root.residual());
  }

  @Test
  void powellBadlyScaled() {
    converged(
        Solve.of("10000*x1*x2 - 1 = 0", "exp(-x1) + exp(-x2) = 1.0001").start(0, 1),
        1.098159329699759e-5,
        9.106146739866453);
  }

  @Test
  void helicalValley() {
    converged(
        Solve.of(
                "10*(x3 - 10*atan2(x2, x1)/(2*pi)) = 0", "10*(sqrt(x1^2 + x2^2) - 1) = 0", "x3 = 0")
            .unknowns("x1", "x2", "x3")
            .start(0.5, 0.3, 0),
        1,
        0,
        0);
  }

  @Test
  void powellSingularEndsWithWhatItIsWorth() {
    Root root =
        run(
            Solve.of(
                    "x1 + 10*x2 = 0",
                    "sqrt(5)*(x3 - x4) = 0",
                    "(x2 - 2*x3)^2 = 0",
                    "sqrt(10)*(x1 - x4)^2 = 0")
                .start(3, -1, 0, 1));
    assertEquals(Status.CONVERGED_COST, root.status(), root::toString);
    assertArrayEquals(new double[4], root.values(), 1e-7);
    assertTrue(root.residual() < 1e-14);
    assertTrue(root.iterations() < 100, root::toString);
  }

  @Test
  void broydenTridiagonal() {
    int n = 100;
    List<Equation> equations = new ArrayList<>();
    double[] start = new double[n];
    for (int i = 1; i <= n; i++) {
      String before = i > 1 ? " - x" + (i - 1) : "";
      String after = i < n ? " - 2*x" + (i + 1) : "";
      equations.add(Equation.parse("(3 - 2*x" + i + ")*x" + i + before + after + " + 1 = 0"));
      start[i - 1] = -1;
    }
    Root root = run(Solve.of(equations).start(start));
    assertEquals(Status.CONVERGED_PARAMETERS, root.status(), root::toString);
    assertTrue(root.residual() < 1e-14, root::toString);
    double[] x = root.values();
    for (int i = 0; i < n; i++) {
      double before = i > 0 ? x[i - 1] : 0;
      double after = i < n - 1 ? x[i + 1] : 0;
      assertEquals(0, (3 - 2 * x[i]) * x[i] - before - 2 * after + 1, 1e-14);
    }
  }

  @Test
  void trigonometric() {
    int n = 10;
    List<Equation> equations = new ArrayList<>();
    double[] start = new double[n];
    for (int i = 1; i <= n; i++) {
      StringBuilder text = new StringBuilder("10");
      for (int j = 1; j <= n; j++) {
        text.append(" - cos(x").append(j).append(')');
      }
      text.append(" + " + i + "*(1 - cos(x" + i + ")) - sin(x" + i + ") = 0");
      equations.add(Equation.parse(text.toString()));
      start[i - 1] = 1.0 / n;
    }
    Root root = run(Solve.of(equations).start(start));
    // a root, or a minimum that is none, as its problem has some; never one for the other
    if (root.converged()) {
      assertTrue(root.residual() < 1e-13, root::toString);
    } else {
      assertEquals(Status.NO_PROGRESS, root.status(), root::toString);
      assertTrue(root.residual() > 1e-6, root::toString);
    }
  }

  @Test
  void aDoubleRootIsKnownToItsUncertaintyOnly() {
    Root root = run(Solve.of("x^2 + y^2 = 2", "x + y = 2").start(3, 0.5));
    assertEquals(Status.CONVERGED_COST, root.status(), root::toString);
    assertEquals(Map.of("x", root.value("x"), "y", root.value("y")), root.toMap());
    assertEquals(List.of("x", "y"), List.copyOf(root.toMap().keySet()));
    assertTrue(root.uncertainty("x") > 1e-10 && root.uncertainty("x") < 1e-5, root::toString);
    assertTrue(Math.abs(root.value("x") - 1) <= root.uncertainty("x"), root::toString);
    assertTrue(Math.abs(root.value("y") - 1) <= root.uncertainty("y"), root::toString);
  }

  @Test
  void aSystemWithoutARootIsNoProgress() {
    Root root = run(Solve.of("x^2 + y^2 = -1", "x - y = 0").start(1, 2));
    assertEquals(Status.NO_PROGRESS, root.status(), root::toString);
    assertFalse(root.converged());
    assertEquals(1, root.residual(), 1e-6);
  }

  @Test
  void aSystemThatDoesNotDetermineItsUnknownsIsSingular() {
    Root root = run(Solve.of("x + y = 2", "2*x + 2*y = 4").start(3, 0.5));
    assertEquals(Status.SINGULAR, root.status(), root::toString);
    assertEquals(2, root.value("x") + root.value("y"), 1e-14);
  }

  @Test
  void aContradictionIsNoRoot() {
    Root root = run(Solve.of("x + y = 2", "x + y = 4").start(3, 0.5));
    assertEquals(Status.NO_PROGRESS, root.status(), root::toString);
  }

  @Test
  void aStartThatIsNotFiniteIsNonFinite() {
    Root undefined = run(Solve.of("y = 1", "log(x) + y = 0").start(1, -1));
    assertEquals(Status.NON_FINITE, undefined.status());
    assertEquals(
        "non finite: in the equation 'log(x) + y = 0' log(x) is NaN at x = -1.0",
        undefined.statusMessage());
    Root slope = run(Solve.of("sqrt(x) + y = 1", "y = 1 - x").start(0, 0.5));
    assertEquals(Status.NON_FINITE, slope.status());
    assertEquals(
        "non finite: in the equation 'sqrt(x) + y = 1' in the derivative by x 0.5/sqrt(x) is"
            + " Infinity at x = 0.0",
        slope.statusMessage());
    Root start = run(Solve.of("x + y = 0", "y = 1").start(Double.NaN, 1));
    assertEquals(Status.NON_FINITE, start.status());
    assertEquals("non finite: start of x is NaN, expected a finite value", start.statusMessage());
  }

  @Test
  void stepsBackFromWhereTheEquationsAreNotFinite() {
    converged(
        Solve.of("log(x) + y = 1", "y - x = -1").start(8, 3),
        1.5571455989976115,
        0.5571455989976115);
  }

  @Test
  void staysWithinBounds() {
    Solve circle = Solve.of("x^2 + y^2 = 4", "x*y = 1").start(0.9, 1.2);
    Root root = run(circle.bracket("x", 0, 1).bracket("y", 0, 5));
    assertEquals(Status.CONVERGED_PARAMETERS, root.status(), root::toString);
    assertEquals(0.5176380902050415, root.value("x"), 1e-15);
    Root none = run(circle.bracket("x", 0.6, 1.8));
    assertEquals(Status.NO_PROGRESS, none.status(), none::toString);
    assertTrue(none.value("x") >= 0.6 && none.value("x") <= 1.8, none::toString);
  }

  @Test
  void theLimitOfIterationsIsKept() {
    Root root =
        run(
            Solve.of("x^2 + y^2 = 2", "x + y = 2")
                .start(3, 0.5)
                .method(RootFinding.defaults().withMaxIterations(4)));
    assertEquals(Status.ITERATION_LIMIT, root.status(), root::toString);
    assertEquals(4, root.iterations());
  }

  @Test
  void aProblemDoesNotDependOnItsBatchOrThreads() {
    Random random = new Random(5);
    double[] a = random.doubles(203, 0.1, 1.9).toArray();
    a[17] = Double.NaN;
    Solve solve = Solve.of("x^2 + y^2 = 4", "x*y = a").start(2, 0.5).backend(RootsContract.CPU);
    BatchRoots one =
        solve.constant("a", a).execution(Execution.defaults().withParallelism(1)).runBatch();
    BatchRoots four =
        solve.constant("a", a).execution(Execution.defaults().withParallelism(4)).runBatch();
    assertEquals(Status.NON_FINITE, one.status(17));
    assertEquals(202, one.convergedCount());
    for (int i = 0; i < a.length; i += 9) {
      BatchRoots alone = solve.constant("a", new double[] {a[i]}).runBatch();
      assertArrayEquals(one.values(i), four.values(i));
      assertArrayEquals(one.values(i), alone.values(0));
      assertEquals(one.status(i), alone.status(0));
      assertEquals(one.evaluations(i), alone.evaluations(0));
    }
  }

  @Test
  void aLocalMinimumOrASingularJacobianIsLeftForAnotherStart() {
    Solve cubic = Solve.of("x^3 - x + 3 + y = 0", "y = 0").unknowns("x", "y");
    Solve circle = Solve.of("x^2 + y^2 = 4", "x*y = 1").unknowns("x", "y");
    for (Solve solve : List.of(cubic.start(0.9, -0.5), cubic.start(0, 0), circle.start(0, 0))) {
      Root root = run(solve);
      assertEquals(Status.CONVERGED_PARAMETERS, root.status(), root::toString);
      assertTrue(root.residual() < 1e-14, root::toString);
      assertTrue(root.evaluations() > root.iterations(), root::toString);
    }
    Root bounded = run(cubic.start(0.9, -0.5).bracket("x", -3, 1).bracket("y", -1, 1));
    assertEquals(-1.6716998816571609, bounded.value("x"), 1e-14, bounded::toString);
    // their iterations count
    Root few = run(cubic.start(0, 0).method(RootFinding.defaults().withMaxIterations(8)));
    assertFalse(few.converged(), few::toString);
    assertTrue(few.iterations() <= 8, few::toString);
  }

  @Test
  void furtherStartsDoNotDependOnTheBatch() {
    double[] a = new Random(7).doubles(101, -4, 4).toArray();
    Solve solve =
        Solve.of("x^3 - x + a + y = 0", "y = 0*a")
            .unknowns("x", "y")
            .start(0.5, 0)
            .backend(RootsContract.CPU);
    BatchRoots all =
        solve.constant("a", a).execution(Execution.defaults().withParallelism(3)).runBatch();
    assertTrue(all.convergedCount() >= 95, () -> "converged: " + all.convergedCount());
    for (int i = 0; i < a.length; i++) {
      BatchRoots alone = solve.constant("a", new double[] {a[i]}).runBatch();
      assertArrayEquals(all.values(i), alone.values(0), "problem " + i);
      assertEquals(all.status(i), alone.status(0));
      assertEquals(all.iterations(i), alone.iterations(0));
      assertEquals(all.evaluations(i), alone.evaluations(0));
    }
  }

  @Test
  void aRootWhereAnEquationIsTinyIsFound() {
    Root root = run(Solve.of("exp(-x) = 1e-40", "y - x = 1").start(1, 1));
    assertEquals(Status.CONVERGED_PARAMETERS, root.status(), root::toString);
    assertEquals(40 * Math.log(10), root.value("x"), 1e-12, root::toString);
  }

  @Test
  void anEquationThatOnlyFallsHasNoRoot() {
    Root root = run(Solve.of("exp(-x) = 0", "y - x = 1").start(1, 1));
    assertFalse(root.converged(), root::toString);
  }

  @Test
  void unknownsOfVeryDifferentSizesAreFound() {
    Root root = run(Solve.of("1e10*x + 1e-10*y = 1", "x*y = 1e-3").unknowns("x", "y").start(1, 1));
    assertTrue(root.converged(), root::toString);
    assertEquals(1, 1e10 * root.value("x") + 1e-10 * root.value("y"), 1e-12, root::toString);
    assertEquals(1e-3, root.value("x") * root.value("y"), 1e-14, root::toString);
  }

  @Test
  void cancelledBeforeItBeginsItIsWhereItWasToStart() {
    Cancellation cancellation = new Cancellation();
    cancellation.cancel();
    Root root =
        Solve.of("x^2 + y^2 = 4", "x*y = 1")
            .bracket("x", 0, 3)
            .start("y", 1)
            .backend(RootsContract.CPU)
            .execution(Execution.defaults().withCancellation(cancellation))
            .run();
    assertEquals(Status.CANCELLED, root.status());
    assertEquals(1.5, root.value("x"));
    assertEquals(1, root.value("y"));
    assertTrue(Double.isNaN(root.uncertainty("x")));
  }
}
