package org.nabla4j.objective;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.nabla4j.data.Column;
import org.nabla4j.expression.Formula;

class MinimizationProblemTest {

  private static final FormulaObjective FORMULA =
      FormulaObjective.of(
          Formula.parse("a^2*b + k*c").expression(),
          List.of("a", "b", "c"),
          List.of("k"),
          List.of());

  private static MinimizationProblem.Builder builder() {
    return MinimizationProblem.builder(FORMULA)
        .constant("k", Column.shared(2))
        .starts(Column.shared(1, 2, 3));
  }

  @Test
  void aFixedParameterDoesNotHideThatTheGradientIsMadeOfDifferences() {
    Objective wave = CodedObjective.of(List.of("x", "y"), t -> Math.exp(t[0]) + t[1] * t[1]);
    DifferentiableObjective lifted =
        NumericalDerivatives.gradient(wave, NumericalDerivatives.Scheme.CENTRAL);
    MinimizationProblem problem =
        MinimizationProblem.builder(lifted)
            .starts(Column.shared(1, 2))
            .fixed(new boolean[] {false, true})
            .build();
    DifferentiableObjective free = (DifferentiableObjective) problem.freeObjective();
    assertEquals(lifted.gradientError(), free.gradientError());
    double second =
        NumericalDerivatives.hessian(free, NumericalDerivatives.Scheme.CENTRAL).hessian(1)[0][0];
    assertEquals(Math.E, second, 2e-5);
  }

  @Test
  void whatIsFixedBecomesAConstantOfAFormula() {
    MinimizationProblem problem =
        builder()
            .fixed(new boolean[] {false, true, false})
            .constraints(List.of(Constraint.parse("b*c = k"), Constraint.parse("a >= 0")))
            .build();
    assertEquals(List.of("a", "c"), problem.freeParameters());
    assertArrayEquals(new int[] {0, 2}, problem.freePositions());
    assertEquals(2, problem.freeCount());
    FormulaObjective free = (FormulaObjective) problem.freeObjective();
    assertEquals(25 * 2 + 2 * 7, free.value(5, 7));
    assertArrayEquals(new double[] {20, 2}, free.gradient(5, 7));
    FormulaObjective g = problem.constraintFunctions().get(0);
    assertEquals(2 * 7 - 2, g.value(5, 7));
    assertArrayEquals(new double[] {0, 2}, g.gradient(5, 7));
    assertEquals(5, problem.constraintFunctions().get(1).value(5, 7));
    assertEquals(
        "minimise a^2*b + k*c subject to b*c = k, a >= 0: B = 1, p = 3 (2 free)",
        problem.toString());
    assertFalse(problem.bounded());
  }

  @Test
  void whatIsFixedInCodeIsPutIn() {
    TwiceDifferentiableObjective code =
        CodedObjective.of(
            List.of("a", "b", "c"),
            t -> t[0] * t[1] * t[2],
            (t, g) -> {
              g[0] = t[1] * t[2];
              g[1] = t[0] * t[2];
              g[2] = t[0] * t[1];
              return t[0] * t[1] * t[2];
            },
            (t, h) -> {
              h[0][1] = t[2];
              h[1][0] = t[2];
              h[0][2] = t[1];
              h[2][0] = t[1];
              h[1][2] = t[0];
              h[2][1] = t[0];
            });
    MinimizationProblem problem =
        MinimizationProblem.builder(code)
            .starts(Column.perProblem(new double[][] {{1, 2, 3}, {4, 5, 6}}))
            .fixed(new boolean[] {false, true, false})
            .build();
    assertEquals(2, problem.problems());
    TwiceDifferentiableObjective free = (TwiceDifferentiableObjective) problem.freeObjective();
    assertEquals(List.of("a", "c"), free.parameters());
    Points points = new Points(new double[] {7, 8, 7, 8}, new long[] {0, 1}, 2, 2);
    double[] values = new double[2];
    double[] gradients = new double[4];
    double[] hessians = new double[8];
    free.hessians(points, values, gradients, hessians);
    assertArrayEquals(new double[] {112, 280}, values);
    assertArrayEquals(new double[] {16, 14, 40, 35}, gradients);
    assertArrayEquals(new double[] {0, 2, 2, 0, 0, 5, 5, 0}, hessians);
    double[] products = new double[4];
    free.hessianProducts(points, new double[] {1, 0, 0, 1}, products);
    assertArrayEquals(new double[] {0, 2, 5, 0}, products);
    free.values(points, values);
    assertArrayEquals(new double[] {112, 280}, values);
    free.gradients(points, values, gradients);
    assertArrayEquals(new double[] {16, 14, 40, 35}, gradients);
    Objective plain =
        MinimizationProblem.builder(CodedObjective.of(List.of("a", "b"), t -> t[0] + t[1]))
            .starts(Column.shared(1, 2))
            .fixed(new boolean[] {true, false})
            .build()
            .freeObjective();
    assertFalse(plain instanceof DifferentiableObjective);
    assertEquals(6, plain.value(5));
  }

  @Test
  void nothingFixedIsTheObjectiveItself() {
    assertSame(FORMULA.parameters(), builder().build().freeObjective().parameters());
    MinimizationProblem problem =
        builder()
            .bounds(
                new double[] {0, Double.NEGATIVE_INFINITY, 0},
                new double[] {5, Double.POSITIVE_INFINITY, 9})
            .build();
    assertTrue(problem.bounded());
    assertSame(problem.objective(), problem.freeObjective());
    assertArrayEquals(new double[] {0, Double.NEGATIVE_INFINITY, 0}, problem.lower());
    assertArrayEquals(new double[] {5, Double.POSITIVE_INFINITY, 9}, problem.upper());
    assertEquals(2, problem.starts().value(0, 1));
  }

  @Test
  void startsOutsideTheBoundsAreMovedOntoThem() {
    MinimizationProblem problem =
        MinimizationProblem.builder(CodedObjective.of(List.of("a", "b", "c"), t -> t[0]))
            .starts(Column.perProblem(new double[][] {{-1, 2, 9}, {0.5, Double.NaN, -9}}))
            .bounds(new double[3], new double[] {1, 1, 1})
            .fixed(new boolean[] {false, false, true})
            .build();
    assertArrayEquals(new double[] {0, 1}, problem.freeStart(0));
    assertArrayEquals(new double[] {0.5, Double.NaN}, problem.freeStart(1));
    assertThrows(IndexOutOfBoundsException.class, () -> problem.freeStart(2));
  }

  @Test
  void whatDoesNotFitIsTold() {
    assertMessage(
        "no values for k of the objective a^2*b + k*c",
        () -> MinimizationProblem.builder(FORMULA).starts(Column.shared(1, 2, 3)).build());
    assertMessage(
        "no start values; expected one for each of [a, b, c]",
        () -> MinimizationProblem.builder(FORMULA).constant("k", Column.shared(2)).build());
    assertMessage(
        "starts has 2 values, expected 3, one for each of [a, b, c]",
        () -> builder().starts(Column.shared(1, 2)).build());
    assertMessage(
        "start of b = NaN, expected a finite value",
        () -> builder().starts(Column.shared(1, Double.NaN, 2)).build());
    assertMessage(
        "every parameter is fixed: nothing is left to minimise over",
        () -> builder().fixed(new boolean[] {true, true, true}).build());
    assertMessage(
        "starts has 2 problems, expected 3 as in constant k",
        () ->
            MinimizationProblem.builder(FORMULA)
                .constant("k", Column.perProblem(new double[] {1, 2, 3}, 1))
                .starts(Column.perProblem(new double[2][3]))
                .build());
    assertMessage(
        "symbol z of the constraint 'z = 1' is neither a parameter, of [a, b, c], nor a constant",
        () -> builder().constraints(List.of(Constraint.parse("z = 1"))).build());
    assertMessage(
        "constraint 'b = k' has no parameter that is free",
        () ->
            builder()
                .fixed(new boolean[] {false, true, false})
                .constraints(List.of(Constraint.parse("b = k")))
                .build());
    Objective code = CodedObjective.of(List.of("a"), t -> t[0]);
    assertMessage(
        "constant k is given, but the objective coded(a) is no formula",
        () -> MinimizationProblem.builder(code).constant("k", Column.shared(1)));
    assertMessage(
        "bounds of b = [2.0, 2.0], expected lower < upper",
        () -> builder().bounds(new double[] {0, 2, 0}, new double[] {1, 2, 1}));
    assertMessage(
        "fixed has length 1, expected 3, one for each of [a, b, c]",
        () -> builder().fixed(new boolean[1]));
  }

  private static void assertMessage(String message, Executable code) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, code).getMessage());
  }
}
