package org.nabla4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.nabla4j.backend.Backend;
import org.nabla4j.backend.Execution;
import org.nabla4j.data.Column;
import org.nabla4j.expression.Formula;
import org.nabla4j.expression.FormulaException;
import org.nabla4j.method.Bfgs;
import org.nabla4j.method.LeastSquaresMethod;
import org.nabla4j.method.MinimizationMethod;
import org.nabla4j.method.NewtonRaphson;
import org.nabla4j.objective.CodedObjective;
import org.nabla4j.objective.FormulaObjective;
import org.nabla4j.objective.LeastSquaresProblem;
import org.nabla4j.objective.MinimizationProblem;
import org.nabla4j.result.BatchFit;
import org.nabla4j.result.BatchMinima;
import org.nabla4j.result.Minima;
import org.nabla4j.result.Minimum;
import org.nabla4j.result.Status;
import org.nabla4j.testing.ReferenceBackend;
import org.nd4j.linalg.factory.Nd4j;

class MinimizeTest {

  /** Keeps what it is asked, and answers with the start values. */
  private static final class Recorder implements Backend {
    MinimizationProblem problem;

    @Override
    public String name() {
      return "recorder";
    }

    @Override
    public String description() {
      return "records";
    }

    @Override
    public BatchFit solve(LeastSquaresProblem asked, LeastSquaresMethod how, Execution execution) {
      throw new AssertionError("nothing is fitted here");
    }

    @Override
    public BatchMinima minimize(
        MinimizationProblem asked, MinimizationMethod how, Execution execution) {
      problem = asked;
      BatchMinima.Builder results = BatchMinima.builder(asked, how, name(), "none");
      double[] theta = new double[asked.freeCount()];
      for (long i = 0; i < asked.problems(); i++) {
        for (int k = 0; k < theta.length; k++) {
          theta[k] = asked.starts().value(i, asked.freePositions()[k]);
        }
        results.freeParameters(i, theta);
        results.outcome(i, Status.CONVERGED_GRADIENT, 1e-9, Math.rint(theta[0]), 1, 2);
      }
      return results.timings(1, 2).build();
    }

    @Override
    public void close() {}
  }

  private final Recorder recorder = new Recorder();

  @Test
  void namedParametersSetTheOrder() {
    Recorder backend = new Recorder();
    Minimum minimum =
        Minimize.of("z^2 + a^2 + k")
            .constant("k", 1)
            .parameters("z", "idle", "a")
            .start(1, 2, 3)
            .backend(backend)
            .run();
    assertArrayEquals(new double[] {1, 2, 3}, minimum.parameters());
    assertEquals(2, minimum.parameter("idle"));
    assertEquals(3, minimum.parameter("a"));
    Minimize problem = Minimize.of("z^2 + a^2");
    assertMessage("parameters = [a] without z", () -> problem.parameters("a").start(1).problem());
    assertMessage(
        "parameters = [a, z, a], where a stands twice", () -> problem.parameters("a", "z", "a"));
    assertMessage(
        "parameters = [a], but the objective names its own: "
            + CodedObjective.of(List.of("a"), t -> t[0]),
        () -> Minimize.of(CodedObjective.of(List.of("a"), t -> t[0])).parameters("a"));
  }

  @Test
  void parametersAreInAlphabeticalOrderWithNumbersByValue() {
    assertEquals(List.of("x1", "x2"), Minimize.of("100*(x2-x1^2)^2 + (1-x1)^2").parameters());
    assertEquals(
        List.of("a", "x2", "x10", "y", "y01", "y1"),
        Minimize.of("y1 + y01 + x10 + y + x2 + a").parameters());
    assertEquals(
        List.of("b", "a"),
        Minimize.of(List.of("b", "a"), p -> p.get(0).plus(p.get(1))).parameters());
    assertEquals(
        List.of("q", "p"),
        Minimize.of(CodedObjective.of(List.of("q", "p"), t -> t[0])).parameters());
    assertEquals(List.of("x", "y"), Minimize.of("x^2").subjectTo("y = x", "y >= 1").parameters());
    assertEquals(
        List.of("m"),
        Minimize.of("m - c*log(m) + k")
            .data("c", new double[] {1, 2})
            .constant("k", 3)
            .parameters());
  }

  @Test
  void everySettingReachesTheProblem() {
    Minimum minimum =
        Minimize.of("f = (a-k)^2 + b*x + c")
            .backend(recorder)
            .start("a", 1)
            .start(Map.of("b", 2.0, "c", 3.0))
            .constant("k", 5)
            .data("x", new double[] {1, 2, 3})
            .bounds("a", 0, 10)
            .fix("c")
            .subjectTo("a + b <= 9")
            .run();
    MinimizationProblem problem = recorder.problem;
    assertSame(problem, minimum.problem());
    assertEquals(List.of("a", "b", "c"), problem.parameters());
    assertArrayEquals(new double[] {1, 2, 3}, minimum.parameters());
    assertEquals(10, problem.upper()[0]);
    assertTrue(problem.isFixed(2));
    assertEquals("a + b <= 9", problem.constraints().get(0).toString());
    FormulaObjective objective = (FormulaObjective) problem.objective();
    assertEquals(List.of("k"), objective.constants());
    assertEquals(3, objective.points());
    assertEquals(3 * 16 + 2 * 6 + 9, objective.value(1, 2, 3));
    assertEquals(
        "converged: relative gradient 1.00e-09 <= gradientTolerance 1.00e-09",
        minimum.statusMessage());
    assertTrue(Double.isNaN(minimum.multiplier("a + b <= 9")));
    assertMessage("no constraint 'a', expected one of [a + b <= 9]", () -> minimum.multiplier("a"));
  }

  @Test
  void startsOfABatch() {
    Minimize plane = Minimize.of("x^2 + y^2").backend(recorder);
    BatchMinima batch = plane.starts(new double[][] {{1, 2}, {3, 4}}).runBatch();
    assertArrayEquals(new double[] {1, 2, 3, 4}, batch.parameters());
    assertArrayEquals(new double[] {1, 3}, batch.values());
    assertEquals(2, batch.convergedCount());
    assertEquals(4, batch.totalEvaluations());
    batch = plane.starts(Nd4j.createFromArray(new float[][] {{1, 2}, {3, 4}})).runBatch();
    assertArrayEquals(new double[] {1, 2, 3, 4}, batch.parameters());
    assertEquals(Nd4j.createFromArray(new double[][] {{1, 2}, {3, 4}}), batch.parametersArray());
    assertArrayEquals(new long[] {2, 1}, batch.valuesArray().shape());
    batch = plane.start(7, 8).start("y", Column.perProblem(new double[] {5, 6}, 1)).runBatch();
    assertArrayEquals(new double[] {7, 5, 7, 6}, batch.parameters());
    Minimize two = plane.starts(new double[][] {{1, 2}, {3, 4}});
    assertMessage("there are 2 problems, expected one; use runBatch for all", two::run);
    batch =
        Minimize.of("(x-k)^2")
            .constant("k", Nd4j.createFromArray(1.0, 2.0, 3.0))
            .start(0)
            .backend(recorder)
            .runBatch();
    assertEquals(3, batch.problems());
    assertTrue(batch.toString().contains("3 of 3 problems converged"), batch.toString());
  }

  @Test
  void whatIsMissingOrWrongIsTold() {
    Minimize plane = Minimize.of("x^2 + y^2").backend(recorder);
    assertMessage(
        "no start value for y of the objective x^2 + y^2; a symbol is a parameter unless"
            + " constant(...) or data(...) name it",
        () -> plane.start("x", 1).run());
    assertMessage(
        "start has 3 values, expected 2, one for each of [x, y]", () -> plane.start(1, 2, 3).run());
    assertMessage(
        "start names z, expected one of the parameters [x, y]",
        () -> plane.start(1, 2).start("z", 3).run());
    assertMessage(
        "bounds names z, expected one of the parameters [x, y]",
        () -> plane.start(1, 2).bounds("z", 0, 1).run());
    assertMessage(
        "fix names z, expected one of the parameters [x, y]",
        () -> plane.start(1, 2).fix("z").run());
    assertMessage(
        "bounds of x = [1.0, 0.0], expected lower < upper", () -> plane.bounds("x", 1, 0));
    assertMessage(
        "constant k is not used by the objective x^2 + y^2",
        () -> plane.start(1, 2).constant("k", 1).run());
    assertMessage(
        "data d is not used by the objective x^2 + y^2",
        () -> plane.start(1, 2).data("d", new double[] {1}).run());
    assertMessage(
        "the objective x^2 + y^2 has no parameter: every symbol is known",
        () -> plane.constant("x", 1).constant("y", 2).run());
    assertMessage(
        "the objective 'x^2 = y' is an equation, expected a formula; give equations by"
            + " subjectTo(...)",
        () -> Minimize.of("x^2 = y"));
    assertMessage(
        "constant k is double[2], expected one value per problem",
        () -> plane.constant("k", Column.shared(1, 2)));
    assertMessage("starts = 0, expected > 0", () -> plane.multiStart(0));
    assertThrows(FormulaException.class, () -> Minimize.of("x +"));
    assertThrows(FormulaException.class, () -> Minimize.of("x >= 2"));
    assertEquals(
        "the backend reference does not minimise",
        assertThrows(
                UnsupportedOperationException.class,
                () -> plane.start(1, 2).backend(new ReferenceBackend()).run())
            .getMessage());
  }

  @Test
  void copiesDoNotShareSettings() {
    Minimize plane = Minimize.of("x^2 + y^2").start(1, 2);
    Minimize fixed = plane.fix("x");
    assertNotSame(plane, fixed);
    assertFalse(plane.problem().isFixed(0));
    assertTrue(fixed.problem().isFixed(0));
    assertSame(NewtonRaphson.class, plane.method().getClass());
    assertSame(Bfgs.class, plane.method(Bfgs.defaults()).method().getClass());
  }

  @Test
  void settingsShow() {
    assertEquals(
        "Minimize(x^2 + k*y; constants k = 2.0; start [1.0, 2.0]; bounds x [0.0, 5.0]; fixed y;"
            + " subject to x = y; backend cpu)",
        Minimize.of("x^2 + k*y")
            .constant("k", 2)
            .start(1, 2)
            .bounds("x", 0, 5)
            .fix("y")
            .subjectTo("x = y")
            .backend("cpu")
            .toString());
  }

  @Test
  void startsOfAMultiStartFillTheBox() {
    Minima minima =
        Minimize.of("x + y")
            .bounds("x", -4, 4)
            .bounds("y", 10, 12)
            .backend(recorder)
            .multiStart(64);
    assertEquals(64, recorder.problem.problems());
    int[] cells = new int[8];
    for (long i = 0; i < 64; i++) {
      double x = recorder.problem.starts().value(i, 0);
      double y = recorder.problem.starts().value(i, 1);
      assertTrue(x > -4 && x < 4 && y > 10 && y < 12);
      cells[(int) Math.floor(x + 4)]++;
    }
    int[] even = new int[8];
    Arrays.fill(even, 8);
    assertArrayEquals(even, cells);
    // what the recorder calls f is the nearest integer to x: of the lowest there is one each
    List<Double> values = new ArrayList<>();
    minima.basins().forEach(basin -> values.add(basin.minimum().value()));
    assertEquals(values.stream().sorted().toList(), values);
    assertEquals(-4, minima.best().value());
    assertEquals(64, minima.basins().stream().mapToLong(Minima.Basin::count).sum());
  }

  @Test
  void multiStartRefusesABatch() {
    Minimize well = Minimize.of("(x - k)^2").bounds("x", -5, 5).backend(recorder);
    assertMessage(
        "constant k is double[3, 1], expected the same for all starts of a multi-start",
        () -> well.constant("k", new double[] {1, 2, 3}).multiStart(3));
    assertMessage(
        "data k is double[2, 1], expected the same for all starts of a multi-start",
        () -> well.data("k", Column.perProblem(new double[][] {{1}, {2}})).multiStart(2));
    FormulaObjective coded =
        FormulaObjective.of(
                Formula.parse("(x - k)^2").expression(), List.of("x"), List.of("k"), List.of())
            .constant("k", Column.perProblem(new double[][] {{1}, {2}}));
    assertMessage(
        "constant k is double[2, 1], expected the same for all starts of a multi-start",
        () -> Minimize.of(coded).bounds("x", -5, 5).backend(recorder).multiStart(2));
  }

  @Test
  void multiStartTakesWhatIsGiven() {
    Minimize box =
        Minimize.of("x + y + z").bounds("x", -4, 4).bounds("y", 10, 12).fix("z").backend(recorder);
    assertMessage("no start value for z, held by fix(...)", () -> box.multiStart(3));
    Minimize held = box.start("z", 7);
    assertMessage(
        "start names zz, expected one of the parameters [x, y, z]",
        () -> held.start("zz", 3).multiStart(3));
    held.multiStart(3);
    double y = recorder.problem.starts().value(0, 1);
    double next = recorder.problem.starts().value(1, 0);
    held.start("x", 1.5).multiStart(3);
    Column starts = recorder.problem.starts();
    assertEquals(1.5, starts.value(0, 0));
    assertEquals(y, starts.value(0, 1));
    assertEquals(next, starts.value(1, 0));
    for (int i = 0; i < 3; i++) {
      assertEquals(7, starts.value(i, 2));
    }
  }

  @Test
  void theRateModelOfTheClassExample() {
    double[] counts = {3, 8, 10};
    double[] times = {1, 2, 4};
    FormulaObjective sum =
        (FormulaObjective)
            Minimize.of("a*t - c*log(a*t)")
                .data("c", counts)
                .data("t", times)
                .start(1)
                .problem()
                .freeObjective();
    assertEquals(List.of("a"), sum.parameters());
    // the likeliest rate is all counts over all of the time
    assertEquals(0, sum.gradient(3)[0], 1e-12);
  }

  private static void assertMessage(String message, Executable code) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, code).getMessage());
  }
}
