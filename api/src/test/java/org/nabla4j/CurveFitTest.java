package org.nabla4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.nabla4j.backend.Backend;
import org.nabla4j.backend.BackendException;
import org.nabla4j.backend.Execution;
import org.nabla4j.data.Column;
import org.nabla4j.expression.FormulaException;
import org.nabla4j.expression.Functions;
import org.nabla4j.method.GaussNewton;
import org.nabla4j.method.LeastSquaresMethod;
import org.nabla4j.method.LevenbergMarquardt;
import org.nabla4j.objective.CodedModel;
import org.nabla4j.objective.FormulaModel;
import org.nabla4j.objective.LeastSquaresProblem;
import org.nabla4j.objective.Loss;
import org.nabla4j.objective.MissingData;
import org.nabla4j.objective.Precision;
import org.nabla4j.objective.SigmaKind;
import org.nabla4j.objective.StartGuess;
import org.nabla4j.result.BatchFit;
import org.nabla4j.result.FitResult;
import org.nd4j.linalg.factory.Nd4j;

/** The front door over the reference backend: what each call sets, and what each mistake says. */
class CurveFitTest {

  private static final double[] X = {0, 1, 2, 3, 4, 5};
  private static final double[] Y = {2.5, 1.7, 1.25, 1, 0.85, 0.7};

  private static double[] decay(double a, double b, double c) {
    double[] y = new double[X.length];
    for (int k = 0; k < y.length; k++) {
      y[k] = a * Math.exp(-b * X[k]) + c;
    }
    return y;
  }

  private static void assertTheta(double[] expected, double[] actual) {
    assertArrayEquals(expected, actual, 1e-6);
  }

  @Test
  void threeLinesForOneFit() {
    FitResult fit = CurveFit.of("y = a*exp(-b*x) + c").start(1, 0.5, 0).fit(X, decay(2, 0.7, 0.3));
    assertTheta(new double[] {2, 0.7, 0.3}, fit.parameters());
    assertEquals(List.of("a", "b", "c"), fit.parameterNames());
    assertEquals("reference", fit.backend());
  }

  /** The examples of the class's documentation, as they stand there. */
  @Test
  void examplesOfTheDocumentation() {
    double[] x = {0, 1, 2, 3, 4, 5};
    double[] y = {2.1, 1.35, 0.95, 0.72, 0.64, 0.55};
    String report = CurveFit.of("y = a*exp(-b*x) + c").start(1, 0.5, 0).fit(x, y).toString();
    assertTrue(report.contains("\na           1.610927365  "), report);

    double[][] rows = {{2.1, 1.35, 0.95, 0.72}, {4.0, 2.7, 1.9, 1.4}};
    BatchFit fits =
        CurveFit.of("y = a*exp(-b*x)").start(1, 0.5).fitBatch(new double[] {0, 1, 2, 3}, rows);
    double[] theta = fits.parameters(1);
    double error = fits.standardError(1, 0);
    assertEquals(4, theta[0], 0.1);
    assertTrue(error > 0 && error < 0.1);

    double[] u = {1, 2, 3, 4, 5};
    double[] v = {2, 1, 5, 3, 4};
    double[] z = {3.1, 3.9, 18.2, 16.1, 25.8};
    double[] errors = {0.1, 0.1, 0.2, 0.2, 0.2};
    FitResult fit =
        CurveFit.of("z = a + b*u + c*u*v")
            .data("u", u)
            .data("v", v)
            .data("z", z)
            .start("a", 0)
            .start("b", 1)
            .start("c", 1)
            .bounds("b", 0, 10)
            .sigma(errors, SigmaKind.ABSOLUTE)
            .fit();
    assertTrue(fit.converged());
    assertEquals(2, fit.degreesOfFreedom());
  }

  @Test
  void batchesOverEveryKindOfArray() {
    double[][] rows = {decay(2, 0.7, 0.3), decay(3, 0.4, 1), decay(1, 1.1, -2)};
    CurveFit curve = CurveFit.of("y = a*exp(-b*x) + c").start(1, 0.6, 0);
    float[][] floats = new float[3][X.length];
    float[] floatX = new float[X.length];
    for (int k = 0; k < X.length; k++) {
      floatX[k] = (float) X[k];
      for (int b = 0; b < 3; b++) {
        floats[b][k] = (float) rows[b][k];
      }
    }
    List<BatchFit> all =
        List.of(
            curve.fitBatch(X, rows),
            curve.fitBatch(new double[][] {X, X, X}, rows),
            curve.fitBatch(Nd4j.createFromArray(X), Nd4j.createFromArray(rows)),
            curve.fitBatch(Column.shared(X), Column.perProblem(rows)),
            curve.fitBatch(floatX, floats),
            curve.fitBatch(new float[][] {floatX, floatX, floatX}, floats));
    for (BatchFit fits : all) {
      assertEquals(3, fits.problems());
      boolean single = fits.problem().precision() == Precision.SINGLE;
      double tolerance = single ? 1e-4 : 1e-6;
      assertArrayEquals(new double[] {3, 0.4, 1}, fits.parameters(1), tolerance);
      assertArrayEquals(new double[] {1, 1.1, -2}, fits.parameters(2), tolerance);
    }
    assertEquals(Precision.SINGLE, all.get(4).problem().precision());
    assertEquals(Precision.SINGLE, all.get(5).problem().precision());
    assertTheta(
        new double[] {2, 0.7, 0.3},
        curve.fit(Nd4j.createFromArray(X), Nd4j.createFromArray(rows[0])).parameters());
    assertArrayEquals(new double[] {2, 0.7, 0.3}, curve.fit(floatX, floats[0]).parameters(), 1e-4);
  }

  @Test
  void severalColumnsByName() {
    double[] u = {1, 2, 3, 4, 5, 6};
    double[] v = {2, 1, 4, 3, 6, 5};
    double[] z = new double[6];
    for (int k = 0; k < 6; k++) {
      z[k] = 1 + 2 * u[k] - 0.5 * u[k] * v[k];
    }
    FitResult fit =
        CurveFit.of("z = a + b*u + c*u*v")
            .data("u", u)
            .data("v", v)
            .data("z", z)
            .start("c", 0)
            .start(Map.of("a", 0.0, "b", 1.0))
            .fit();
    assertTheta(new double[] {1, 2, -0.5}, fit.parameters());
  }

  @Test
  void lambdasAreTraced() {
    double[] y = decay(2, 0.7, 0);
    FitResult one =
        CurveFit.of(List.of("a", "b"), (p, x) -> p.get(0).times(p.get(1).times(x).negate().exp()))
            .start(1, 1)
            .fit(X, y);
    assertTheta(new double[] {2, 0.7}, one.parameters());
    FitResult other =
        CurveFit.of(
                List.of("a", "b"),
                List.of("t"),
                (p, c) -> p.get(0).times(Functions.exp(p.get(1).times(c.get(0)).negate())))
            .start(1, 1)
            .fit(X, y);
    assertTheta(new double[] {2, 0.7}, other.parameters());
  }

  /** Whichever the lambda happens to use first. */
  @Test
  void lambdasHaveTheirParametersAsListed() {
    CurveFit curve =
        CurveFit.of(List.of("b", "a"), (p, x) -> p.get(1).times(p.get(0).times(x).negate().exp()));
    assertEquals(List.of("b", "a"), curve.parameters());
    FitResult fit = curve.start(1, 1).fit(X, decay(2, 0.7, 0));
    assertEquals(List.of("b", "a"), fit.parameterNames());
    assertTheta(new double[] {0.7, 2}, fit.parameters());
  }

  @Test
  void lambdasMustUseTheirParameters() {
    assertMessage(
        "parameter b is not used by the model a*x; leave it out of [a, b]",
        () -> CurveFit.of(List.of("a", "b"), (p, x) -> p.get(0).times(x)));
    assertMessage(
        "parameter c is not used by the model a*u; leave it out of [c, a]",
        () ->
            CurveFit.of(List.of("c", "a"), List.of("u", "v"), (p, c) -> p.get(1).times(c.get(0))));
  }

  @Test
  void comparisonsAreNoModels() {
    FormulaException equals =
        assertThrows(FormulaException.class, () -> CurveFit.of("y == a*x + b"));
    assertEquals(2, equals.position());
    assertEquals(
        """
        '==' compares and gives 1 or 0; the response is named by one '=', as in y = a*x
          y == a*x + b
            ^\
        """,
        equals.getMessage());
    assertEquals(
        4, assertThrows(FormulaException.class, () -> CurveFit.of("(y) == (a*x < 2)")).position());
    FormulaException less = assertThrows(FormulaException.class, () -> CurveFit.of("y = a*x < 2"));
    assertEquals(8, less.position());
    assertTrue(
        less.getMessage()
            .startsWith("a comparison gives 1 or 0 and changes with no parameter: it is no model"),
        less.getMessage());
    assertThrows(
        FormulaException.class, () -> CurveFit.of(List.of("a"), (p, x) -> p.get(0).lessThan(x)));
    // Within a model they are what they are for.
    assertEquals(List.of("a", "b"), CurveFit.of("y = a*(x < 2) + b*(x == 2)").parameters());
    assertEquals(List.of("a", "b"), CurveFit.of("y = where(x >= 2, a, b)").parameters());
  }

  @Test
  void theResponseCanBeAFormula() {
    FitResult fit =
        CurveFit.of("log(y) = a - b*t").columns("t").start(0, 1).fit(X, decay(2, 0.7, 0));
    assertTheta(new double[] {Math.log(2), 0.7}, fit.parameters());
    assertEquals(List.of("t", "y"), fit.problem().model().columns());
  }

  @Test
  void withoutEqualsSignTheResponseIsY() {
    FitResult fit = CurveFit.of("a*exp(-b*x)").start(1, 1).fit(X, decay(2, 0.7, 0));
    assertTheta(new double[] {2, 0.7}, fit.parameters());
    assertEquals("y = a*exp(-b*x)", fit.problem().model().toString());
  }

  @Test
  void startsPerProblemAndByName() {
    CurveFit curve = CurveFit.of("y = a*exp(-b*x)").data("x", X).data("y", new double[2][6]);
    LeastSquaresProblem rows =
        curve.starts(new double[][] {{1, 2}, {3, 4}}).start("b", 9).problem();
    assertEquals(3, rows.starts().value(1, 0));
    assertEquals(9, rows.starts().value(1, 1));
    LeastSquaresProblem mixed =
        curve.start(5, 6).start("a", Column.perProblem(new double[] {7, 8}, 1)).problem();
    assertEquals(8, mixed.starts().value(1, 0));
    assertEquals(6, mixed.starts().value(1, 1));
    LeastSquaresProblem array =
        curve.starts(Nd4j.createFromArray(new double[][] {{1, 2}, {3, 4}})).problem();
    assertEquals(4, array.starts().value(1, 1));
  }

  @Test
  void guessesReplaceStarts() {
    double[][] rows = {decay(2, 0.7, 0.3), decay(30, 0.4, 1), decay(-1, 1.1, 2)};
    BatchFit fits =
        CurveFit.of("y = a*exp(-b*x) + c").guess(StartGuess.EXPONENTIAL).fitBatch(X, rows);
    assertTheta(new double[] {30, 0.4, 1}, fits.parameters(1));
    assertTheta(new double[] {-1, 1.1, 2}, fits.parameters(2));
    FitResult named =
        CurveFit.of("y = c + s*a*exp(-b*x)")
            .guess(StartGuess.EXPONENTIAL, "a", "b", "c")
            .fix("s", 1)
            .fit(X, rows[0]);
    assertEquals(2, named.parameter("a"), 1e-6);
    assertEquals(1, named.parameter("s"));
    // A value that is given counts more than an estimate.
    LeastSquaresProblem given =
        CurveFit.of("y = a*exp(-b*x) + c")
            .guess(StartGuess.EXPONENTIAL)
            .start("b", 0.123)
            .data("x", X)
            .data("y", rows)
            .problem();
    assertEquals(0.123, given.starts().value(2, 1));
    assertEquals(2, given.starts().value(2, 2), 0.3);
  }

  @Test
  void guessesRespectBounds() {
    LeastSquaresProblem problem =
        CurveFit.of("y = a*exp(-b*x) + c")
            .guess(StartGuess.EXPONENTIAL)
            .bounds("a", Double.NEGATIVE_INFINITY, 1.5)
            .bounds("c", 0.6, 9)
            .data("x", X)
            .data("y", decay(2, 0.7, 0.3))
            .problem();
    assertEquals(1.5, problem.starts().value(0, 0));
    assertEquals(0.7, problem.starts().value(0, 1), 0.1);
    assertEquals(0.6, problem.starts().value(0, 2));
  }

  @Test
  void guessesOfAnyNumberOfProblems() {
    int batch = 1500;
    double[][] rows = new double[batch][];
    for (int b = 0; b < batch; b++) {
      rows[b] = decay(1 + b, 0.7, b % 7);
    }
    LeastSquaresProblem problem =
        CurveFit.of("y = a*exp(-b*x) + c")
            .guess(StartGuess.EXPONENTIAL)
            .execution(Execution.defaults().withParallelism(3))
            .data("x", X)
            .data("y", rows)
            .problem();
    for (int b = 0; b < batch; b++) {
      double[] alone = StartGuess.EXPONENTIAL.estimate(X, rows[b]);
      for (int j = 0; j < 3; j++) {
        assertEquals(alone[j], problem.starts().value(b, j));
      }
    }
  }

  /** Keeps what it was asked to solve. */
  private static final class Recorder implements Backend {
    private final AtomicReference<LeastSquaresProblem> problem = new AtomicReference<>();
    private final AtomicReference<LeastSquaresMethod> method = new AtomicReference<>();
    private final AtomicReference<Execution> execution = new AtomicReference<>();

    @Override
    public String name() {
      return "recorder";
    }

    @Override
    public String description() {
      return "keeps its arguments";
    }

    @Override
    public BatchFit solve(LeastSquaresProblem asked, LeastSquaresMethod how, Execution where) {
      problem.set(asked);
      method.set(how);
      execution.set(where);
      return BatchFit.builder(asked, how, name(), "none").build();
    }

    @Override
    public void close() {
      throw new AssertionError("closed although the caller's own");
    }
  }

  @Test
  void everySettingReachesTheBackend() {
    Recorder recorder = new Recorder();
    Execution execution = Execution.defaults().withParallelism(1);
    GaussNewton method = GaussNewton.defaults().withTolerance(1e-3);
    double[] spread = {1, 2, 3, 4, 5, 6};
    CurveFit curve =
        CurveFit.of("y = a*exp(-b*x) + c")
            .start(1, 2, 3)
            .bounds("b", 0, Double.POSITIVE_INFINITY)
            .fix("c")
            .sigma(spread, SigmaKind.RELATIVE)
            .loss(Loss.cauchy(2))
            .missing(MissingData.OMIT)
            .precision(Precision.SINGLE)
            .method(method)
            .execution(execution)
            .backend(recorder);
    FitResult fit = curve.fit(X, Y);
    LeastSquaresProblem problem = recorder.problem.get();
    assertSame(method, recorder.method.get());
    assertSame(execution, recorder.execution.get());
    assertSame(spread, problem.sigma().orElseThrow().arrayOrNull(0));
    assertEquals(SigmaKind.RELATIVE, problem.sigmaKind());
    assertEquals(Loss.cauchy(2), problem.loss());
    assertEquals(MissingData.OMIT, problem.missingData());
    assertEquals(Precision.SINGLE, problem.precision());
    assertTrue(problem.isFixed(2));
    assertFalse(problem.isFixed(1));
    assertEquals(0, problem.lower()[1]);
    assertEquals(Double.NEGATIVE_INFINITY, problem.lower()[0]);
    assertEquals(Double.POSITIVE_INFINITY, problem.upper()[1]);
    assertFalse(fit.converged());
    curve.weights(spread, SigmaKind.ABSOLUTE).fit(X, Y);
    assertTrue(recorder.problem.get().sigma().isEmpty());
    assertEquals(SigmaKind.ABSOLUTE, recorder.problem.get().sigmaKind());
    curve.sigma(new double[][] {spread}, SigmaKind.ABSOLUTE).fit(X, Y);
    assertFalse(recorder.problem.get().sigma().orElseThrow().shared());
    curve.weights(Nd4j.createFromArray(spread), SigmaKind.ABSOLUTE).fit(X, Y);
    assertEquals(6, recorder.problem.get().weights().orElseThrow().value(0, 5));
    curve.weights(new double[][] {spread}, SigmaKind.ABSOLUTE).fit(X, Y);
    assertFalse(recorder.problem.get().weights().orElseThrow().shared());
    curve.sigma(Nd4j.createFromArray(spread), SigmaKind.ABSOLUTE).fit(X, Y);
    assertEquals(6, recorder.problem.get().sigma().orElseThrow().value(0, 5));
  }

  @Test
  void textShowsWhatWasSet() {
    CurveFit curve = CurveFit.of("y = a*exp(-b*x) + c").start(1, 2, 3);
    assertEquals(
        "CurveFit(y = a*exp(-b*x) + c; start [1.0, 2.0, 3.0]; "
            + LevenbergMarquardt.defaults()
            + ")",
        curve.toString());
    String all =
        curve
            .columns("x")
            .data("x", X)
            .data("y", new float[][] {{1}, {2}})
            .start("a", 5)
            .guess(StartGuess.EXPONENTIAL, "a", "b", "c")
            .bounds("b", 0, 10)
            .fix("c", Column.perProblem(new double[] {1, 2}, 1))
            .sigma(new double[] {1, 1}, SigmaKind.ABSOLUTE)
            .loss(Loss.huber(1.345))
            .missing(MissingData.OMIT)
            .precision(Precision.SINGLE)
            .method(GaussNewton.defaults())
            .backend("cpu")
            .execution(Execution.defaults().withParallelism(3))
            .toString();
    assertEquals(
        "CurveFit(y = a*exp(-b*x) + c; columns x; data x double[6], y float[2, 1];"
            + " start [1.0, 2.0, 3.0]; start a = 5.0, c double[2, 1];"
            + " guess EXPONENTIAL of a, b, c; bounds b [0.0, 10.0]; fixed c;"
            + " sigma double[2] ABSOLUTE; loss huber(1.345); missing OMIT; precision SINGLE; "
            + GaussNewton.defaults()
            + "; backend cpu; Execution(threads=3, kernel=AUTO))",
        all);
    String weighted = curve.weights(X, SigmaKind.RELATIVE).toString();
    assertTrue(weighted.contains("; weights double[6] RELATIVE; "), weighted);
  }

  /** σ, weights and starts of type double leave a fit of floats in float. */
  @Test
  void columnsAloneDecideThePrecision() {
    CurveFit curve =
        CurveFit.of("y = a*x").start(1).sigma(new double[] {1, 1, 1}, SigmaKind.ABSOLUTE);
    float[] x = {1, 2, 3};
    assertEquals(Precision.SINGLE, curve.data("x", x).data("y", x).problem().precision());
    double[] wide = {1, 2, 3};
    assertEquals(Precision.DOUBLE, curve.data("x", wide).data("y", x).problem().precision());
    assertEquals(Precision.DOUBLE, curve.data("x", x).data("y", wide).problem().precision());
  }

  @Test
  void changesMakeCopies() {
    CurveFit first = CurveFit.of("y = a*x").start(1);
    CurveFit second = first.start(2).bounds("a", 0, 3).fix("a");
    LeastSquaresProblem problem = first.data("x", X).data("y", Y).problem();
    assertEquals(1, problem.starts().value(0, 0));
    assertFalse(problem.isFixed(0));
    assertFalse(problem.bounded());
    assertThrows(IllegalArgumentException.class, () -> second.data("x", X).data("y", Y).problem());
  }

  @Test
  void codedModels() {
    Recorder recorder = new Recorder();
    CodedModel model =
        CodedModel.of(
            List.of("a", "b"),
            List.of("t", "signal"),
            (theta, data) -> theta.getColumn(0, true).sub(data[1]));
    CurveFit.of(model).start(1, 2).backend(recorder).fit(X, Y);
    assertSame(X, recorder.problem.get().column("t").arrayOrNull(0));
    assertSame(Y, recorder.problem.get().column("signal").arrayOrNull(0));
    CurveFit.of(model.withResponse("t")).start(1, 2).backend(recorder).fit(X, Y);
    assertSame(Y, recorder.problem.get().column("t").arrayOrNull(0));
    assertSame(
        model, CurveFit.of(model).data("t", X).data("signal", Y).start(1, 2).problem().model());
    CodedModel wide = CodedModel.of(List.of("a"), List.of("u", "v", "w"), (theta, data) -> data[0]);
    assertMessage(
        "fit(x, y) is for a model of two columns, got [u, v, w]; give each by data(name, ...)",
        () -> CurveFit.of(wide).start(1).fit(X, Y));
  }

  @Test
  void parametersAreListedInOrder() {
    CurveFit curve = CurveFit.of("y = b*exp(-a*t) + c*x");
    assertEquals(List.of("b", "a", "t", "c"), curve.parameters());
    assertEquals(List.of("b", "a", "c"), curve.columns("t", "x").parameters());
    assertEquals(List.of("b", "a", "c", "x"), curve.data("t", X).parameters());
    FormulaModel model =
        (FormulaModel)
            curve
                .columns("t", "x")
                .data("t", X)
                .data("x", X)
                .data("y", Y)
                .start(1, 1, 1)
                .problem()
                .model();
    assertEquals(List.of("t", "x", "y"), model.columns());
  }

  private static void assertMessage(String expected, Runnable code) {
    assertEquals(expected, assertThrows(IllegalArgumentException.class, code::run).getMessage());
  }

  @Test
  void mistakesAreNamed() {
    CurveFit curve = CurveFit.of("y = a*exp(-b*x) + c");
    assertMessage(
        "no start value for b, c of the model y = a*exp(-b*x) + c; a symbol is a parameter"
            + " unless data(...) or columns(...) name it",
        () -> curve.start("a", 1).fit(X, Y));
    assertMessage(
        "start has 2 values, expected 3, one for each of [a, b, c]",
        () -> curve.start(1, 2).fit(X, Y));
    assertMessage(
        "start names q, expected one of the parameters [a, b, c]",
        () -> curve.start(1, 2, 3).start("q", 1).fit(X, Y));
    assertMessage(
        "bounds names q, expected one of the parameters [a, b, c]",
        () -> curve.start(1, 2, 3).bounds("q", 0, 1).fit(X, Y));
    assertMessage(
        "fix names q, expected one of the parameters [a, b, c]",
        () -> curve.start(1, 2, 3).fix("q").fit(X, Y));
    assertMessage(
        "bounds of a = [2.0, 1.0], expected lower < upper", () -> curve.bounds("a", 2, 1));
    assertMessage(
        "column y has 2 points, expected 6 as in column x",
        () -> curve.start(1, 2, 3).fit(X, new double[2]));
    assertMessage(
        "data z are not used by the model y = a*exp(-b*x) + c",
        () -> curve.start(1, 2, 3).data("z", X).columns("x").fit(X, Y));
    assertMessage(
        "no data for x of the model y = a*exp(-b*x) + c; give them by data(\"x\", ...)",
        () -> curve.start(1, 2, 3).data("y", Y).fit());
    assertMessage(
        "the data hold 2 problems, expected one; use fitBatch for all",
        () -> curve.start(1, 2, 3).data("x", X).data("y", new double[2][6]).fit());
    assertMessage(
        "the model y = a*t has no symbol x, only [a, t]; name its column by columns(\"...\")",
        () -> CurveFit.of("y = a*t").start(1).fit(X, Y));
    assertMessage(
        "columns [t, u] have no data; fit(x, y) is for one, give each by data(name, ...)",
        () -> CurveFit.of("y = a*t*u").columns("t", "u").start(1).fit(X, Y));
    assertMessage(
        "the model y = 2*x has no parameter: every symbol is a column",
        () -> CurveFit.of("y = 2*x").fit(X, Y));
    assertMessage(
        "the response of y/w = a*x has the symbols [y, w], expected one without data; give each"
            + " by data(name, ...)",
        () -> CurveFit.of("y/w = a*x").start(1).fit(X, Y));
    assertMessage(
        "start of a is double[2], expected one value per problem",
        () -> curve.start("a", Column.shared(1, 2)));
    assertThrows(FormulaException.class, () -> CurveFit.of("y = a*(x"));
    assertThrows(BackendException.class, () -> curve.start(1, 2, 3).backend("abacus").fit(X, Y));
  }

  @Test
  void mistakesOfRowsNameTheirColumn() {
    CurveFit curve = CurveFit.of("y = a*x").start(1);
    String none = " has 0 rows: at least one problem is needed";
    assertMessage("y" + none, () -> curve.fitBatch(X, new double[0][]));
    assertMessage("y" + none, () -> curve.fitBatch(new float[] {1}, new float[0][]));
    assertMessage("x" + none, () -> curve.fitBatch(new double[0][], new double[0][]));
    assertMessage("u" + none, () -> curve.data("u", new double[0][]));
    assertMessage("starts" + none, () -> curve.starts(new double[0][]));
    assertMessage(
        "y[1] has length 2, expected 3 as in y[0]; mark missing points with NaN",
        () -> curve.fitBatch(new double[] {1, 2, 3}, new double[][] {{1, 2, 3}, {1, 2}}));
    assertMessage(
        "starts has 1 problem, expected 2 as in column y",
        () -> curve.starts(new double[][] {{1}}).fitBatch(X, new double[][] {Y, Y}));
  }

  @Test
  void mistakesOfLambdas() {
    assertMessage(
        "x is both a parameter and a column: parameters = [a, x], columns = [x]; rename one,"
            + " columns by of(parameters, columns, model)",
        () -> CurveFit.of(List.of("a", "x"), (p, x) -> p.get(0).times(x)));
    String message =
        assertThrows(
                IllegalStateException.class,
                () ->
                    CurveFit.of(
                        List.of("a"), (p, x) -> p.get(0).value() > 0 ? x : p.get(0).times(x)))
            .getMessage();
    assertTrue(message.contains("Functions.where(condition, a, b)"), message);
  }

  @Test
  void mistakesOfGuesses() {
    assertMessage(
        "parameters = [a, b], expected 3 names for EXPONENTIAL",
        () -> CurveFit.of("y = a*exp(-b*x)").guess(StartGuess.EXPONENTIAL, "a", "b"));
    assertMessage(
        "guess EXPONENTIAL is for 3 parameters, the model has [a, b]; name them in the order of"
            + " the shape's",
        () -> CurveFit.of("y = a*exp(-b*x)").guess(StartGuess.EXPONENTIAL).fit(X, Y));
    assertMessage(
        "guess names q, expected one of the parameters [a, b]",
        () -> CurveFit.of("y = a*x^b").guess(StartGuess.POWER_LAW, "a", "q").fit(X, Y));
    assertMessage(
        "guess needs a response that is a column and one other column, the model is"
            + " log(y) = a*x^b",
        () -> CurveFit.of("log(y) = a*x^b").guess(StartGuess.POWER_LAW).fit(X, Y));
  }
}
