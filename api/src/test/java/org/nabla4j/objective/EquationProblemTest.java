package org.nabla4j.objective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nabla4j.Solve;
import org.nabla4j.data.Column;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.FormulaException;
import org.nabla4j.method.RootFinding;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class EquationProblemTest {

  private static void refused(String message, Runnable action) {
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, action::run);
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  @Test
  void anEquationHasTwoSides() {
    Equation equation = Equation.parse("x^2 = 2");
    assertEquals(Expression.symbol("x").pow(2), equation.left());
    assertEquals(Expression.constant(2), equation.right());
    assertEquals("x ^ 2 - 2", equation.residual().toString().replace("^", " ^ "));
    assertEquals("x^2 = 2", equation.toString());
  }

  @Test
  void anExpressionIsToBeZero() {
    Equation equation = Equation.parse("cos(x) - x");
    assertEquals(Expression.constant(0), equation.right());
    assertEquals(equation.left(), equation.residual());
    assertEquals("x = 0", Equation.zero(Expression.symbol("x")).text());
  }

  @Test
  void aNumberMayStandFirst() {
    Equation equation = Equation.parse("sqrt(2) = x*y");
    assertEquals(List.of("x", "y"), List.copyOf(equation.symbols()));
    assertTrue(equation.left().symbols().isEmpty());
  }

  @Test
  void oneEqualsSignOrTwo() {
    assertEquals(Expression.constant(2), Equation.parse("2 == x").left());
    assertEquals(Expression.symbol("y"), Equation.parse("where(x == 1, x, 2) = y").right());
    refused(
        "'≤' makes no equation, expected '='\n  x^2 ≤ 4\n      ^", () -> Equation.parse("x^2 ≤ 4"));
    assertEquals(Equation.parse("x = 2").residual(), Equation.parse("x == 2").residual());
    refused("x = y +\n         ^", () -> Equation.parse("x = y +"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x != 2",
        "x < 2",
        "x => 2",
        "x == 2 = 3",
        "(x > 1) = 0",
        "x = 2 = 3",
        "= 2",
        "x =",
        "2 =",
        "1 = x = 2",
        ""
      })
  void whatIsNoEquationIsRefused(String text) {
    assertThrows(FormulaException.class, () -> Equation.parse(text));
  }

  @Test
  void symbolsWithoutConstantsAreUnknowns() {
    Solve solve = Solve.of("a*x + y = b", "x*y = 1").constant("a", 2).constant("b", 3);
    assertEquals(List.of("x", "y"), solve.unknowns());
    EquationProblem problem = solve.start(1, 2).problem();
    assertEquals(List.of("a", "b"), problem.constantNames());
    assertEquals(2, problem.start(1).get().value(0, 0));
    assertEquals(1, problem.problems());
    assertEquals(List.of("y", "x"), solve.unknowns("y", "x").unknowns());
  }

  @Test
  void aBatchHasAsManyProblemsAsConstants() {
    Solve solve = Solve.of("x = a").constant("a", new double[] {1, 2, 3}).start(1);
    assertEquals(3, solve.problem().problems());
    refused(
        "constant b has 2 problems, expected 3 as in constant a",
        () ->
            Solve.of("x = a + b")
                .constant("a", new double[3])
                .constant("b", new double[2])
                .start(1)
                .problem());
    refused("expected one; use runBatch", solve::run);
    refused("has 0 values", () -> solve.constant("a", new double[0]));
  }

  @Test
  void aConstantOfEachProblemIsAVector() {
    Solve solve = Solve.of("x = a").start(1);
    for (INDArray vector : List.of(Nd4j.ones(3), Nd4j.ones(1, 3), Nd4j.ones(3, 1))) {
      assertEquals(3, solve.constant("a", vector).problem().problems());
    }
    refused(
        "constant a has shape [2, 3], expected a vector with one value per problem",
        () -> solve.constant("a", Nd4j.ones(2, 3)));
  }

  @Test
  void whatWasSetIsShown() {
    String line =
        Solve.of("x = a", "y = x")
            .unknowns("y", "x")
            .constant("a", new double[] {1, 2})
            .start(1, 2)
            .start("x", 3)
            .bracket("y", -1, Double.POSITIVE_INFINITY)
            .toString();
    assertTrue(line.startsWith("Solve(x = a; y = x; unknowns y, x; constants a "), line);
    assertTrue(
        line.contains("; start [1.0, 2.0]; start x = 3.0; bracket y [-1.0, Infinity]; "), line);
    String one = Solve.of("x = 2").bracket(1, 5).toString();
    assertTrue(one.startsWith("Solve(x = 2; bracket [1.0, 5.0]; "), one);
  }

  @Test
  void saysWhatIsMissing() {
    refused("no start value for x", () -> Solve.of("x^2 = 2").problem());
    refused(
        "no start value for x",
        () -> Solve.of("x^2 = 2").bracket("x", 0, Double.POSITIVE_INFINITY).problem());
    refused(
        "expected as many equations as unknowns", () -> Solve.of("x*y = 2").start(1, 2).problem());
    refused("start has 2 values, expected 1", () -> Solve.of("x^2 = 2").start(1, 2).problem());
    refused("unknown y does not occur", () -> Solve.of("x^2 = 2").unknown("y").start(1).problem());
    refused("no value for the constant a", () -> Solve.of("x = a").unknown("x").start(1).problem());
    refused(
        "constant q does not occur", () -> Solve.of("x^2 = 2").constant("q", 1).start(1).problem());
    refused("start names q", () -> Solve.of("x^2 = 2").start("q", 1).start("x", 1).problem());
    refused(
        "bracket of x = [2.0, 1.0], expected lower < upper",
        () -> Solve.of("x^2 = 2").bracket(2, 1).problem());
    refused(
        "expected the name of one of [x, y]",
        () -> Solve.of("x = 1", "y = 2").start(1, 2).bracket(0, 1).problem());
    refused("expected at least one", () -> Solve.of(List.of()));
    refused(
        "expected one value per problem",
        () -> Solve.of("x = a").constant("a", Column.shared(1, 2)).start(1).problem());
    refused(
        "unknown x is given twice",
        () ->
            EquationProblem.builder(
                List.of(Equation.parse("x = 1"), Equation.parse("x = 2")), List.of("x", "x")));
  }

  @Test
  void optionsAreChecked() {
    RootFinding method = RootFinding.defaults();
    assertEquals(200, method.iterationLimit());
    assertEquals(7, method.withMaxIterations(7).iterationLimit());
    assertEquals(1e-3, method.withResidualTolerance(1e-3).residualTolerance());
    assertEquals(1e-6, method.withParameterTolerance(1e-6).parameterTolerance());
    refused("parameterTolerance = 1.0", () -> method.withParameterTolerance(1));
    refused("parameterTolerance = NaN", () -> method.withParameterTolerance(Double.NaN));
    refused("residualTolerance = -1.0", () -> method.withResidualTolerance(-1));
    refused("maxIterations = -1", () -> method.withMaxIterations(-1));
    assertTrue(method.toString().contains("maxIterations=200"), method.toString());
  }
}
