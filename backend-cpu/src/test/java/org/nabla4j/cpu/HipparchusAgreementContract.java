package org.nabla4j.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nabla4j.backend.KernelPreference;
import org.nabla4j.data.Column;
import org.nabla4j.expression.Formula;
import org.nabla4j.method.GaussNewton;
import org.nabla4j.method.LeastSquaresMethod;
import org.nabla4j.method.LevenbergMarquardt;
import org.nabla4j.objective.FormulaModel;
import org.nabla4j.objective.LeastSquaresProblem;
import org.nabla4j.objective.Precision;
import org.nabla4j.objective.SigmaKind;
import org.nabla4j.result.BatchFit;

/** Answers and standard errors against Hipparchus' Levenberg-Marquardt, at its full accuracy. */
abstract class HipparchusAgreementContract extends KernelContract {

  private static final int BATCH = 19;

  HipparchusAgreementContract(KernelPreference flavour) {
    super(flavour);
  }

  static Stream<FitModel> models() {
    return Stream.concat(
        FitModel.all().stream(), IntStream.rangeClosed(1, 12).mapToObj(FitModel::exponentials));
  }

  private void check(LeastSquaresProblem problem) {
    check(problem, LevenbergMarquardt.defaults());
  }

  private void check(LeastSquaresProblem problem, LeastSquaresMethod method) {
    BatchFit fits = solve(problem, method, execution().withParallelism(2));
    double share = problem.precision() == Precision.SINGLE ? 2e-3 : 1e-7;
    for (int i = 0; i < problem.problems(); i++) {
      HipparchusFit expected = new HipparchusFit(problem, i);
      String where = problem + ", problem " + i + ": ";
      assertTrue(fits.converged(i), where + fits.statusMessage(i));
      assertEquals(expected.cost, fits.cost(i), 2 * share * expected.cost, where + "cost");
      for (int j = 0; j < expected.parameters.length; j++) {
        double error = expected.standardErrors[j];
        assertEquals(
            expected.parameters[j],
            fits.parameter(i, j),
            share * (Math.abs(expected.parameters[j]) + error),
            where + "parameter " + j);
        assertEquals(error, fits.standardError(i, j), 10 * share * error, where + "error " + j);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void models(FitModel model) {
    check(model.problem(0, BATCH, 37, Precision.DOUBLE).build());
  }

  @ParameterizedTest
  @MethodSource("models")
  void modelsInFloat(FitModel model) {
    check(model.problem(0, BATCH, 37, Precision.SINGLE).build());
  }

  @Test
  void gaussNewtonFindsTheSame() {
    for (FitModel model : List.of(FitModel.LINEAR, FitModel.DECAY, FitModel.LOGISTIC)) {
      check(
          model.problem(0, BATCH, 37, Precision.DOUBLE).build(),
          GaussNewton.defaults().withTolerance(1e-12));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void sigmaAndWeights(boolean common) {
    FitModel model = FitModel.GAUSSIAN;
    int n = 29;
    Random random = new Random(8);
    double[][] spread = new double[BATCH][n];
    for (double[] row : spread) {
      for (int k = 0; k < n; k++) {
        row[k] = 0.01 * (1 + 3 * random.nextDouble());
      }
    }
    Column column = common ? Column.shared(spread[0]) : Column.perProblem(spread);
    for (SigmaKind kind : SigmaKind.values()) {
      check(model.problem(0, BATCH, n, Precision.DOUBLE).sigma(column, kind).build());
      check(model.problem(0, BATCH, n, Precision.DOUBLE).weights(column, kind).build());
    }
  }

  @Test
  void ownXAndOwnStarts() {
    Random random = new Random(9);
    for (FitModel model : FitModel.all()) {
      int n = 21;
      double[][] y = model.y(0, BATCH, n);
      double[][] x = new double[BATCH][n];
      double[][] start = new double[BATCH][];
      for (int i = 0; i < BATCH; i++) {
        x[i] = model.x(n);
        start[i] = model.start().clone();
        for (int j = 0; j < start[i].length; j++) {
          start[i][j] *= 1 + 0.05 * random.nextGaussian();
        }
        for (int k = 0; k < n; k++) {
          // a little off: the points are each problem's own
          x[i][k] += 0.01 * random.nextDouble();
        }
      }
      check(
          LeastSquaresProblem.builder(model.model())
              .column("x", Column.perProblem(x))
              .column("y", Column.perProblem(y))
              .starts(Column.perProblem(start))
              .build());
    }
  }

  @Test
  void severalColumnsSomeCommonSomeOwn() {
    int n = 35;
    Random random = new Random(10);
    double[] u = new double[n];
    double[][] v = new double[BATCH][n];
    double[][] z = new double[BATCH][n];
    for (int k = 0; k < n; k++) {
      u[k] = random.nextDouble() * 3;
    }
    for (int i = 0; i < BATCH; i++) {
      for (int k = 0; k < n; k++) {
        v[i][k] = random.nextDouble() * 2 - 1;
        z[i][k] =
            (1 + 0.1 * i) * Math.exp(-0.5 * u[k]) * Math.cos(0.9 * v[i][k])
                + 0.3 * u[k] * v[i][k]
                + 0.01 * random.nextGaussian();
      }
    }
    FormulaModel model =
        FormulaModel.of(
            Formula.parse("z").expression(),
            Formula.parse("a*exp(-b*u)*cos(c*v) + d*u*v").expression(),
            List.of("a", "b", "c", "d"),
            List.of("u", "v", "z"));
    check(
        LeastSquaresProblem.builder(model)
            .column("u", Column.shared(u))
            .column("v", Column.perProblem(v))
            .column("z", Column.perProblem(z))
            .starts(Column.shared(1, 0.4, 1, 0.2))
            .build());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void responseExpressions(boolean common) {
    FitModel model = FitModel.POWER;
    int n = 25;
    double[][] y = model.y(0, common ? 1 : BATCH, n);
    FormulaModel logarithm =
        FormulaModel.of(
            Formula.parse("log(y)").expression(),
            Formula.parse("log(a) + b*log(x)").expression(),
            List.of("a", "b"),
            List.of("x", "y"));
    check(
        LeastSquaresProblem.builder(logarithm)
            .column("x", Column.shared(model.x(n)))
            .column("y", common ? Column.shared(y[0]) : Column.perProblem(y))
            .starts(Column.shared(1, 1))
            .build());
  }

  @Test
  void fixedParameters() {
    FitModel model = FitModel.GAUSSIAN;
    double[][] start = new double[BATCH][];
    for (int i = 0; i < BATCH; i++) {
      start[i] = model.start().clone();
      start[i][3] = 0.45 + 0.005 * i;
    }
    for (boolean[] fixed :
        new boolean[][] {
          {false, false, false, true}, {true, false, false, false}, {false, true, false, true}
        }) {
      check(model.problem(0, BATCH, 31, Precision.DOUBLE).fixed(fixed).build());
      check(
          model
              .problem(0, BATCH, 31, Precision.DOUBLE)
              .fixed(fixed)
              .starts(Column.perProblem(start))
              .build());
    }
  }
}
