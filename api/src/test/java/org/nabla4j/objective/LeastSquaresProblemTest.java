package org.nabla4j.objective;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.nabla4j.data.Column;
import org.nabla4j.expression.Expression;

/** Problems: what is accepted, and the message of everything that is not. */
class LeastSquaresProblemTest {

  private static final FormulaModel LINE =
      FormulaModel.of(
          Expression.symbol("y"),
          Expression.symbol("a").plus(Expression.symbol("b").times(Expression.symbol("x"))),
          List.of("a", "b"),
          List.of("x", "y"));

  private static LeastSquaresProblem.Builder line() {
    return LeastSquaresProblem.builder(LINE)
        .column("x", Column.shared(1, 2, 3))
        .column("y", Column.perProblem(new double[][] {{1, 2, 3}, {2, 4, 6}}))
        .starts(Column.shared(0, 1));
  }

  private static void assertMessage(
      String expected, UnaryOperator<LeastSquaresProblem.Builder> change) {
    assertEquals(
        expected,
        assertThrows(IllegalArgumentException.class, () -> change.apply(line()).build())
            .getMessage());
  }

  @Test
  void shapesAreDerived() {
    LeastSquaresProblem problem = line().build();
    assertEquals(2, problem.problems());
    assertEquals(3, problem.points());
    assertEquals(2, problem.freeCount());
    assertFalse(problem.bounded());
    assertEquals(Precision.DOUBLE, problem.precision());
    assertEquals(SigmaKind.RELATIVE, problem.sigmaKind());
    assertEquals(MissingData.REFUSE, problem.missingData());
    assertTrue(problem.loss().isLinear());
    assertEquals(Optional.empty(), problem.sigma());
    assertEquals(List.of("x", "y"), problem.model().columns());
    assertTrue(problem.column("x").shared());
    assertEquals("y = a + b*x: B = 2, n = 3, p = 2", problem.toString());
  }

  @Test
  void startsAloneCanMakeABatch() {
    LeastSquaresProblem problem =
        line()
            .column("y", Column.shared(1, 2, 3))
            .starts(Column.perProblem(new double[3][2]))
            .build();
    assertEquals(3, problem.problems());
  }

  @Test
  void floatDataAskForSinglePrecision() {
    UnaryOperator<LeastSquaresProblem.Builder> floats =
        b -> b.column("y", Column.shared(new float[3]));
    assertEquals(Precision.DOUBLE, floats.apply(line()).build().precision());
    LeastSquaresProblem.Builder all = floats.apply(line()).column("x", Column.shared(new float[3]));
    assertEquals(Precision.SINGLE, all.build().precision());
    assertEquals(Precision.DOUBLE, all.precision(Precision.DOUBLE).build().precision());
  }

  @Test
  void boundsAndFixedParameters() {
    double infinity = Double.POSITIVE_INFINITY;
    LeastSquaresProblem problem =
        line()
            .bounds(new double[] {-1, -infinity}, new double[] {infinity, infinity})
            .fixed(new boolean[] {true, false})
            .build();
    assertEquals(1, problem.freeCount());
    assertTrue(problem.isFixed(0));
    // The bound belongs to the fixed parameter.
    assertFalse(problem.bounded());
    assertArrayEquals(new double[] {-1, -infinity}, problem.lower());
    problem.lower()[0] = 99;
    assertEquals(-1, problem.lower()[0]);
    assertTrue(line().bounds(new double[] {-1, 0}, new double[] {1, 2}).build().bounded());
  }

  @Test
  void shapesThatDoNotMatch() {
    assertMessage(
        "column y has 2 points, expected 3 as in column x",
        b -> b.column("y", Column.shared(1, 2)));
    assertMessage(
        "sigma has 2 points, expected 3 as in column x",
        b -> b.sigma(Column.shared(1, 2), SigmaKind.ABSOLUTE));
    assertMessage(
        "starts has 3 problems, expected 2 as in column y",
        b -> b.starts(Column.perProblem(new double[3][2])));
    assertMessage(
        "starts has 3 values, expected 2, one for each of [a, b]",
        b -> b.starts(Column.shared(1, 2, 3)));
    assertMessage(
        "lower has length 1, expected 2, one for each of [a, b]",
        b -> b.bounds(new double[1], new double[] {1, 1}));
    assertMessage(
        "fixed has length 3, expected 2, one for each of [a, b]", b -> b.fixed(new boolean[3]));
    assertMessage(
        "the data columns have 0 points, expected at least 1",
        b -> b.column("x", Column.shared(new double[0])).column("y", Column.shared(new double[0])));
  }

  @Test
  void valuesThatMakeNoSense() {
    assertMessage(
        "start of b = NaN, expected a finite value", b -> b.starts(Column.shared(0, Double.NaN)));
    assertMessage(
        "start of a = 0.0, expected a value within its bounds [1.0, 2.0]",
        b -> b.bounds(new double[] {1, 0}, new double[] {2, 9}));
    assertMessage(
        "bounds of a = [1.0, 1.0], expected lower < upper",
        b -> b.bounds(new double[] {1, 0}, new double[] {1, 9}));
    assertMessage(
        "bounds of b = [NaN, 9.0], expected lower < upper",
        b -> b.bounds(new double[] {0, Double.NaN}, new double[] {1, 9}));
    assertMessage(
        "sigma[1] = 0.0, expected a finite value > 0",
        b -> b.sigma(Column.shared(1, 0, 1), SigmaKind.ABSOLUTE));
    assertMessage(
        "weights[2] = -1.0, expected a finite value >= 0",
        b -> b.weights(Column.shared(1, 0, -1), SigmaKind.RELATIVE));
    assertMessage(
        "sigma[0] = NaN, expected a finite value > 0; leave such points out with"
            + " missing(MissingData.OMIT)",
        b -> b.sigma(Column.shared(Double.NaN, 1, 1), SigmaKind.RELATIVE));
    assertMessage(
        "every parameter is fixed: nothing is left to fit",
        b -> b.fixed(new boolean[] {true, true}));
  }

  @Test
  void everyStartLiesWithinItsBounds() {
    UnaryOperator<LeastSquaresProblem.Builder> bounded =
        b -> b.bounds(new double[] {-1, Double.NEGATIVE_INFINITY}, new double[] {1, 9});
    assertMessage(
        "start of b of problem 1 = 10.0, expected a value within its bounds [-Infinity, 9.0]",
        b -> bounded.apply(b).starts(Column.perProblem(new double[] {-1, 9, 1, 10}, 2)));
    assertMessage(
        "start of a of problem 0 = -2.0, expected a value within its bounds [-1.0, 1.0]",
        b ->
            bounded
                .apply(b)
                .starts(
                    Column.stack(
                        List.of(Column.perProblem(new float[] {-2, 0}, 1), Column.shared(0.0)))));
    // On the bounds, and anywhere if fixed; a NaN is its problem's own.
    double nan = Double.NaN;
    LeastSquaresProblem problem =
        bounded
            .apply(line())
            .fixed(new boolean[] {true, false})
            .starts(Column.perProblem(new double[] {5, 9, 1, nan}, 2))
            .build();
    assertTrue(problem.bounded());
  }

  @Test
  void missingSigmaIsAllowedWherePointsMayBeMissing() {
    LeastSquaresProblem problem =
        line()
            .sigma(Column.shared(Double.NaN, 1, 1), SigmaKind.RELATIVE)
            .missingData(MissingData.OMIT)
            .build();
    assertEquals(MissingData.OMIT, problem.missingData());
  }

  @Test
  void namesThatDoNotMatch() {
    assertEquals(
        "no data for column x of the model y = a + b*x",
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    LeastSquaresProblem.builder(LINE)
                        .column("y", Column.shared(1))
                        .starts(Column.shared(0, 1))
                        .build())
            .getMessage());
    assertMessage(
        "column z is not one of the model's columns [x, y]", b -> b.column("z", Column.shared(1)));
    assertEquals(
        "no start values; expected one for each of [a, b]",
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    LeastSquaresProblem.builder(LINE)
                        .column("x", Column.shared(1))
                        .column("y", Column.shared(1))
                        .build())
            .getMessage());
    assertEquals(
        "no column q, expected one of [x, y]",
        assertThrows(IllegalArgumentException.class, () -> line().build().column("q"))
            .getMessage());
  }

  private static void assertModel(
      String expected, Expression response, List<String> parameters, List<String> columns) {
    Expression prediction =
        Expression.symbol("a").plus(Expression.symbol("b").times(Expression.symbol("x")));
    assertEquals(
        expected,
        assertThrows(
                IllegalArgumentException.class,
                () -> FormulaModel.of(response, prediction, parameters, columns))
            .getMessage());
  }

  @Test
  void modelsAreChecked() {
    Expression y = Expression.symbol("y");
    assertModel(
        "symbol b of y = a + b*x is neither a parameter nor a column",
        y,
        List.of("a"),
        List.of("x", "y"));
    assertModel(
        "parameter c does not occur in the model y = a + b*x",
        y,
        List.of("a", "b", "c"),
        List.of("x", "y"));
    assertModel("parameter a is given twice", y, List.of("a", "a"), List.of("x", "y"));
    assertModel(
        "column b is given twice or is a parameter too",
        y,
        List.of("a", "b"),
        List.of("x", "y", "b"));
    assertModel(
        "parameter a occurs in the response of a*y = a + b*x, expected columns only there",
        Expression.symbol("a").times(y),
        List.of("a", "b"),
        List.of("x", "y"));
    assertEquals(Optional.of("y"), LINE.responseColumn());
    FormulaModel logarithm =
        FormulaModel.of(y.log(), LINE.prediction(), List.of("a", "b"), List.of("x", "y"));
    assertEquals(Optional.empty(), logarithm.responseColumn());
    assertEquals("a + b*x - log(y)", logarithm.residual().toString());
  }

  @Test
  void codedModels() {
    CodedModel model =
        CodedModel.of(List.of("a"), List.of("x", "y"), (theta, data) -> data[1].sub(data[0]));
    assertEquals(Optional.empty(), model.responseColumn());
    assertEquals(Optional.of("y"), model.withResponse("y").responseColumn());
    assertTrue(model.jacobian().isEmpty());
    assertTrue(model.withJacobian((theta, data) -> data[0]).jacobian().isPresent());
    assertEquals("coded(a; x, y)", model.toString());
    assertEquals(
        "response = q, expected one of the columns [x, y]",
        assertThrows(IllegalArgumentException.class, () -> model.withResponse("q")).getMessage());
    assertEquals(
        "the name x is given twice",
        assertThrows(
                IllegalArgumentException.class,
                () -> CodedModel.of(List.of("x"), List.of("x"), (theta, data) -> theta))
            .getMessage());
    assertEquals(
        "parameters = [], columns = [x]: at least one of each is needed",
        assertThrows(
                IllegalArgumentException.class,
                () -> CodedModel.of(List.of(), List.of("x"), (theta, data) -> theta))
            .getMessage());
  }
}
