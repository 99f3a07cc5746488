package org.nabla4j.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nabla4j.backend.KernelPreference;
import org.nabla4j.data.Column;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.Formula;
import org.nabla4j.method.LevenbergMarquardt;
import org.nabla4j.objective.CodedModel;
import org.nabla4j.objective.FormulaModel;
import org.nabla4j.objective.LeastSquaresProblem;
import org.nabla4j.objective.Loss;
import org.nabla4j.objective.MissingData;
import org.nabla4j.objective.ResidualModel;
import org.nabla4j.objective.SigmaKind;
import org.nabla4j.result.BatchFit;
import org.nabla4j.result.Status;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A fault in one problem's data, σ or weights ends that problem, and in one way, in any layout. */
abstract class FaultyDataContract extends KernelContract {

  private static final int BATCH = 5;
  private static final int BAD = 2;
  private static final double NAN = Double.NaN;
  private static final double INFINITY = Double.POSITIVE_INFINITY;

  FaultyDataContract(KernelPreference flavour) {
    super(flavour);
  }

  /** How a problem is worked on. */
  private enum Layout {
    BATCH(30),
    STREAM(20_000),
    CODED(30);

    private final int n;

    Layout(int n) {
      this.n = n;
    }
  }

  /** a + b·x, in which a NaN of x does not show. */
  private static final String SWALLOWING = "where(x < 100, a + b*x, a)";

  private static INDArray residuals(INDArray theta, INDArray[] data) {
    int problems = (int) theta.size(0);
    int n = (int) data[1].size(1);
    double[][] r = new double[problems][n];
    for (int i = 0; i < problems; i++) {
      for (int k = 0; k < n; k++) {
        double x = data[0].getDouble(data[0].size(0) == 1 ? 0 : i, k);
        double y = data[1].getDouble(data[1].size(0) == 1 ? 0 : i, k);
        double f = theta.getDouble(i, 0) + (x < 100 ? theta.getDouble(i, 1) * x : 0);
        r[i][k] = f - y;
      }
    }
    return Nd4j.createFromArray(r);
  }

  private static ResidualModel model(Layout layout, String formula) {
    if (layout == Layout.CODED) {
      return CodedModel.of(List.of("a", "b"), List.of("x", "y"), FaultyDataContract::residuals);
    }
    return FormulaModel.of(
        Expression.symbol("y"),
        Formula.parse(formula).expression(),
        List.of("a", "b"),
        List.of("x", "y"));
  }

  private static double[][] table(int n, double first, double step) {
    double[][] rows = new double[BATCH][n];
    for (int i = 0; i < BATCH; i++) {
      for (int k = 0; k < n; k++) {
        double x = 3.0 * k / n;
        rows[i][k] = first + step * x + (step == 0 ? 0 : 0.01 * Math.sin(17 * k + i));
      }
    }
    return rows;
  }

  private void check(
      Layout layout,
      String formula,
      MissingData missing,
      double[][] x,
      double[][] y,
      double[][] spread,
      boolean isSigma) {
    for (Loss loss : List.of(Loss.linear(), Loss.softL1(10))) {
      LeastSquaresProblem.Builder problem =
          LeastSquaresProblem.builder(model(layout, formula))
              .column("x", Column.perProblem(x))
              .column("y", Column.perProblem(y))
              .starts(Column.shared(new double[] {0.5, 0.75}))
              .missingData(missing)
              .loss(loss);
      if (isSigma) {
        problem.sigma(Column.perProblem(spread), SigmaKind.RELATIVE);
      } else if (spread != null) {
        problem.weights(Column.perProblem(spread), SigmaKind.RELATIVE);
      }
      LevenbergMarquardt method = LevenbergMarquardt.defaults();
      BatchFit fits =
          layout == Layout.CODED
              ? CPU.solve(problem.build(), method, execution())
              : solve(problem.build(), method);
      for (int i = 0; i < BATCH; i++) {
        String where = layout + ", " + formula + ", problem " + i;
        if (i == BAD) {
          assertEquals(Status.NON_FINITE, fits.status(i), where);
          String place = "[" + layout.n / 2 + "] of problem " + BAD + " is ";
          assertTrue(fits.statusMessage(i).contains(place), where + ": " + fits.statusMessage(i));
          assertEquals(NAN, fits.cost(i), where);
          assertArrayEquals(new double[] {0.5, 0.75}, fits.parameters(i), where);
          assertArrayEquals(new double[] {NAN, NAN}, fits.standardErrors(i), where);
          assertEquals(0, fits.iterations(i), where);
        } else {
          assertTrue(fits.converged(i), where + ": " + fits.statusMessage(i));
          assertTrue(fits.standardError(i, 0) > 0, where);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void faultySigmaAndWeights(Layout layout) {
    for (MissingData missing : MissingData.values()) {
      for (double fault : new double[] {0, -1, -0.0, INFINITY, -INFINITY, NAN}) {
        if (missing == MissingData.OMIT && Double.isNaN(fault)) {
          continue; // a missing point
        }
        for (boolean isSigma : new boolean[] {true, false}) {
          if (!isSigma && fault == 0) {
            continue; // a point without weight
          }
          double[][] spread = table(layout.n, 1, 0);
          spread[BAD][layout.n / 2] = fault;
          double[][] y = table(layout.n, 1, 2);
          if (missing == MissingData.OMIT) {
            y[BAD][layout.n / 3] = NAN; // takes the way of problems with missing points
          }
          double[][] x = table(layout.n, 0, 1);
          check(layout, "a + b*x", missing, x, y, spread, isSigma);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void refusedValuesThatTheModelSwallows(Layout layout) {
    double[][] y = table(layout.n, 1, 2);
    double[][] x = table(layout.n, 0, 1);
    x[BAD][layout.n / 2] = NAN;
    check(layout, SWALLOWING, MissingData.REFUSE, x, y, null, false);
    if (layout != Layout.CODED) {
      check(layout, "a + b*x^1 + 0*hypot(x, 1)", MissingData.REFUSE, x, y, null, false);
      check(layout, "a*x^0 + where(x < 100, b*x, 0)", MissingData.REFUSE, x, y, null, false);
    }
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void aSharedColumnSpoilsAll(Layout layout) {
    double[] x = table(layout.n, 0, 1)[0];
    x[3] = NAN;
    LeastSquaresProblem problem =
        LeastSquaresProblem.builder(model(layout, SWALLOWING))
            .column("x", Column.shared(x))
            .column("y", Column.perProblem(table(layout.n, 1, 2)))
            .starts(Column.shared(new double[] {0.5, 0.75}))
            .build();
    BatchFit fits = CPU.solve(problem, LevenbergMarquardt.defaults(), execution());
    Status[] expected = new Status[BATCH];
    Arrays.fill(expected, Status.NON_FINITE);
    Status[] actual = new Status[BATCH];
    for (int i = 0; i < BATCH; i++) {
      actual[i] = fits.status(i);
    }
    assertArrayEquals(expected, actual);
  }
}
