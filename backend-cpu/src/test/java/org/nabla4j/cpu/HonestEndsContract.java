package org.nabla4j.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nabla4j.backend.Cancellation;
import org.nabla4j.backend.KernelPreference;
import org.nabla4j.data.Column;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.Formula;
import org.nabla4j.method.GaussNewton;
import org.nabla4j.method.LeastSquaresMethod;
import org.nabla4j.method.LevenbergMarquardt;
import org.nabla4j.objective.FormulaModel;
import org.nabla4j.objective.LeastSquaresProblem;
import org.nabla4j.objective.Loss;
import org.nabla4j.objective.MissingData;
import org.nabla4j.objective.Precision;
import org.nabla4j.objective.SigmaKind;
import org.nabla4j.result.BatchFit;
import org.nabla4j.result.Status;

/** No fit claims to have converged where it has not, whatever the numbers. */
abstract class HonestEndsContract extends KernelContract {

  private static final int MANY = 20_000;
  private static final double[] DECAY = {5.1, 3.4, 2.6, 2.0, 1.8, 1.5, 1.4, 1.3};

  HonestEndsContract(KernelPreference flavour) {
    super(flavour);
  }

  private static LeastSquaresProblem.Builder formula(
      String prediction, List<String> parameters, double[] x, double[][] y, Precision precision) {
    return LeastSquaresProblem.builder(
            FormulaModel.of(
                Expression.symbol("y"),
                Formula.parse(prediction).expression(),
                parameters,
                List.of("x", "y")))
        .column("x", common(x, precision))
        .column("y", own(y, precision));
  }

  private static double[] filled(int n, double value) {
    double[] row = new double[n];
    Arrays.fill(row, value);
    return row;
  }

  private BatchFit decay(Precision precision, int n, double scale, boolean absolute) {
    double[] x = new double[n];
    double[] y = new double[n];
    for (int i = 0; i < n; i++) {
      x[i] = i % 8;
      y[i] = DECAY[i % 8] * scale;
    }
    LeastSquaresProblem.Builder problem =
        formula("a*exp(-b*x) + c", List.of("a", "b", "c"), x, new double[][] {y, y, y}, precision)
            .starts(Column.shared(4 * scale, 0.5, scale));
    if (absolute) {
      problem.sigma(common(filled(n, 0.04 * scale), precision), SigmaKind.ABSOLUTE);
    }
    return solve(problem.build());
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void anyScaleGivesTheScaledAnswerOrNone(Precision precision) {
    boolean single = precision == Precision.SINGLE;
    int range = single ? 30 : 250;
    for (int n : new int[] {8, MANY}) {
      for (boolean absolute : new boolean[] {false, true}) {
        BatchFit unit = decay(Precision.DOUBLE, n, 1, absolute);
        int converged = 0;
        int tried = 0;
        for (int e = -range; e <= range; e += single ? 3 : 20) {
          double scale = Math.pow(10, e);
          BatchFit fits = decay(precision, n, scale, absolute);
          tried++;
          if (!fits.converged(0)) {
            assertFalse(single, "double holds all that float does: " + fits.statusMessage(0));
            continue;
          }
          converged++;
          String where = precision + ", n = " + n + ", scale " + scale;
          for (int j = 0; j < 3; j++) {
            double factor = j == 1 ? 1 : scale;
            double value = unit.parameter(0, j);
            assertEquals(value, fits.parameter(0, j) / factor, 1e-4 * value, where);
            double error = unit.standardError(0, j);
            assertEquals(error, fits.standardError(0, j) / factor, 1e-3 * error, where);
          }
        }
        assertTrue(2 * converged > tried, converged + " of " + tried);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {40, MANY})
  void derivativesThatFloatCannotSquare(int n) {
    double[] x = new double[n];
    double[][] y = new double[2][n];
    for (int i = 0; i < n; i++) {
      x[i] = 8.0 * i / n;
      y[0][i] = 1 + 3 * Math.exp(-0.4 * x[i]);
      y[1][i] = y[0][i];
    }
    BatchFit fits =
        solve(
            formula("d + n*1e-18*exp(-k*x)", List.of("d", "n", "k"), x, y, Precision.SINGLE)
                .starts(Column.shared(1, 4e18, 0.5))
                .build());
    for (int i = 0; i < 2; i++) {
      assertTrue(fits.converged(i), fits.statusMessage(i));
      assertEquals(1, fits.parameter(i, 0), 1e-4);
      assertEquals(3e18, fits.parameter(i, 1), 3e14);
      assertEquals(0.4, fits.parameter(i, 2), 1e-4);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {40, MANY})
  void noAnswerIsNoAnswerWhereSquaresVanish(int n) {
    double[] x = new double[n];
    double[][] y = new double[2][n];
    for (int i = 0; i < n; i++) {
      x[i] = 8.0 * i / n;
      y[0][i] = 1e-200 * (1 + 2 * x[i] + 0.1 * Math.sin(7 * i));
    }
    BatchFit fits =
        solve(
            formula("a + b*x", List.of("a", "b"), x, y, Precision.DOUBLE)
                .starts(Column.perProblem(new double[][] {{1e-200, 1e-200}, {1, 1}}))
                .build());
    assertFalse(fits.converged(0), fits.statusMessage(0));
    assertTrue(Double.isNaN(fits.standardError(0, 0)));
    if (n < MANY) {
      assertEquals(Status.CONVERGED_EXACT, fits.status(1), fits.statusMessage(1));
      assertEquals(0, fits.parameter(1, 0), 1e-100);
    }
  }

  private static double[] places(int n) {
    double[] x = new double[n];
    Arrays.setAll(x, i -> 0.1 + 4.0 * i / n);
    return x;
  }

  private static double[] logistic(double[] x) {
    double[] y = new double[x.length];
    Arrays.setAll(y, i -> 2 / (1 + Math.exp(-3 * x[i])) + 0.01 * Math.sin(7 * i));
    return y;
  }

  @ParameterizedTest
  @ValueSource(ints = {20, MANY})
  void startsThatAreNoNumbers(int n) {
    double[] x = places(n);
    double[][] y = {logistic(x), logistic(x)};
    LeastSquaresMethod[] methods = {
      LevenbergMarquardt.defaults(),
      LevenbergMarquardt.defaults().withPolish(false),
      GaussNewton.defaults()
    };
    for (String prediction : new String[] {"a/(1 + exp(-b*x))", "a*tanh(b*x)", "a + exp(-b*x)"}) {
      for (double start : new double[] {1 / 0.0, -1 / 0.0, 0 / 0.0}) {
        for (boolean fixed : new boolean[] {false, true}) {
          for (LeastSquaresMethod method : methods) {
            BatchFit fits =
                solve(
                    formula(prediction, List.of("a", "b"), x, y, Precision.DOUBLE)
                        .starts(Column.perProblem(new double[][] {{1, start}, {1, 2}}))
                        .fixed(new boolean[] {false, fixed})
                        .build(),
                    method);
            String where = prediction + ", start " + start + ", fixed " + fixed + ", " + method;
            assertEquals(Status.NON_FINITE, fits.status(0), where);
            assertTrue(fits.statusMessage(0).contains("start of b"), fits.statusMessage(0));
            assertEquals(start, fits.parameter(0, 1), where);
            assertEquals(0, fits.evaluations(0), where);
            assertTrue(Double.isNaN(fits.standardError(0, 0)), where);
            assertTrue(fits.status(1) != Status.NON_FINITE, where);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {20, MANY})
  void infiniteDataEndAlikeWithAnyLoss(int n) {
    double[] x = places(n);
    double[][] y = {logistic(x), logistic(x)};
    y[0][3] = Double.POSITIVE_INFINITY;
    for (Precision precision : Precision.values()) {
      for (Loss loss : List.of(Loss.linear(), Loss.tukey(1), Loss.huber(1), Loss.cauchy(1))) {
        BatchFit fits =
            solve(
                formula("a/(1 + exp(-b*x))", List.of("a", "b"), x, y, precision)
                    .starts(Column.shared(1, 2))
                    .loss(loss)
                    .build());
        String where = loss + ", " + precision;
        assertEquals(Status.NON_FINITE, fits.status(0), where + ": " + fits.statusMessage(0));
        assertArrayEquals(new double[] {1, 2}, fits.parameters(0), where);
        assertEquals(0, fits.iterations(0), where);
        assertTrue(fits.converged(1), where + ": " + fits.statusMessage(1));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {20, MANY})
  void aPointWithoutWeightMayBeAnything(int n) {
    double[] x = new double[n];
    double[][] y = new double[3][n];
    double[] weights = filled(n, 2);
    weights[0] = 0;
    for (int i = 0; i < n; i++) {
      x[i] = 4.0 * i / n; // 0 first, where the model is infinite
      y[0][i] = 2 / x[i] + 1 + 0.01 * Math.sin(7 * i);
      y[0][0] = 5;
      y[1][i] = y[0][i];
      y[2][i] = y[0][i];
    }
    y[1][7] = Double.NaN; // takes the way of problems with missing points
    y[2][7] = Double.NaN;
    for (Precision precision : Precision.values()) {
      for (Loss loss : List.of(Loss.linear(), Loss.softL1(0.1))) {
        for (boolean own : new boolean[] {false, true}) {
          Column column =
              own
                  ? Column.perProblem(new double[][] {weights, weights, weights})
                  : Column.shared(weights);
          BatchFit fits =
              solve(
                  formula("a/x + c", List.of("a", "c"), x, y, precision)
                      .starts(Column.shared(1, 0.5))
                      .weights(column, SigmaKind.RELATIVE)
                      .loss(loss)
                      .missingData(MissingData.OMIT)
                      .build());
          for (int i = 0; i < 3; i++) {
            String where = loss + ", " + precision + ", problem " + i;
            assertTrue(fits.converged(i), where + ": " + fits.statusMessage(i));
            assertEquals(2, fits.parameter(i, 0), 0.01, where);
            assertEquals(1, fits.parameter(i, 1), 0.01, where);
            assertTrue(fits.standardError(i, 0) > 0, where);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1500})
  void errorsOfRobustFitsThatWereDoneWhenStopped(int after) {
    int problems = 4000;
    double[] x = FitModel.DECAY.x(40);
    double[][] y = new double[problems][40];
    Random random = new Random(1);
    double[] t = FitModel.DECAY.truth();
    for (double[] row : y) {
      for (int k = 0; k < 40; k++) {
        double outlier = random.nextInt(10) == 0 ? 2 : 0;
        row[k] = t[0] * Math.exp(-t[1] * x[k]) + t[2] + 0.05 * random.nextGaussian() + outlier;
      }
    }
    LeastSquaresProblem problem =
        FitModel.DECAY.problem(x, y, Precision.DOUBLE).loss(Loss.huber(0.06)).build();
    BatchFit whole = solve(problem);
    Cancellation cancellation = new Cancellation();
    BatchFit part =
        solve(
            problem,
            LevenbergMarquardt.defaults(),
            execution()
                .withParallelism(1)
                .withCancellation(cancellation)
                .withListener(
                    (done, total) -> {
                      if (done > after) {
                        cancellation.cancel();
                      }
                    }));
    int finished = 0;
    for (int i = 0; i < problems; i++) {
      if (part.converged(i)) {
        assertSame(whole, i, part, i, "stopped after " + after);
        finished++;
      } else if (whole.converged(i)) {
        assertTrue(Double.isNaN(part.standardError(i, 0)));
      }
    }
    assertTrue(finished < problems, finished + " finished");
    assertTrue(finished > after, finished + " finished");
  }

  /** Fits that need a closer look, stopped at any time. */
  @Test
  void whatWasStoppedHasTheCostOfItsParameters() {
    int n = 30;
    double[] x = new double[n];
    double[][] y = new double[300][n];
    Random random = new Random(2);
    for (int i = 0; i < n; i++) {
      x[i] = 0.1 * i;
      for (int b = 0; b < 300; b++) {
        double exact = Math.exp(-x[i]) + 0.9 * Math.exp(-1.05 * x[i]);
        y[b][i] =
            b % 2 == 0
                ? (1 + b) * exact + 1e-7 * random.nextGaussian()
                : (1 + b) * Math.sin(3 * x[i]) + 0.5 * random.nextGaussian();
      }
    }
    LeastSquaresProblem problem =
        formula("a*exp(-b*x) + c*exp(-d*x)", List.of("a", "b", "c", "d"), x, y, Precision.DOUBLE)
            .starts(Column.shared(1, 0.9, 1, 1.2))
            .build();
    solve(problem); // compiled from here on
    int stopped = 0;
    for (int delay = 0; delay < 40; delay++) {
      Cancellation cancellation = new Cancellation();
      long micros = 100L * delay;
      Thread other =
          new Thread(
              () -> {
                long end = System.nanoTime() + 1000 * micros;
                while (System.nanoTime() < end) {
                  Thread.onSpinWait();
                }
                cancellation.cancel();
              });
      other.setDaemon(true);
      other.start();
      BatchFit fits =
          solve(
              problem,
              LevenbergMarquardt.defaults(),
              execution().withParallelism(1).withCancellation(cancellation));
      for (int b = 0; b < 300; b++) {
        double[] theta = fits.parameters(b);
        double cost = 0;
        double square = 0;
        for (int i = 0; i < n; i++) {
          double first = theta[0] * Math.exp(-theta[1] * x[i]);
          double r = first + theta[2] * Math.exp(-theta[3] * x[i]) - y[b][i];
          cost += 0.5 * r * r;
          square += first * first;
        }
        if (fits.status(b) == Status.CANCELLED && !Double.isNaN(fits.cost(b))) {
          double rounding = 1e-22 + 1e-28 * square;
          assertEquals(cost, fits.cost(b), 1e-6 * cost + rounding, "delay " + delay + ", " + b);
          stopped++;
        }
        assertTrue(fits.evaluations(b) > 0 || Double.isNaN(fits.cost(b)));
      }
    }
    assertTrue(stopped > 0, "no fit was stopped half way");
  }

  @ParameterizedTest
  @ValueSource(ints = {40, MANY})
  void linearModelsTakeOneStep(int n) {
    double[] x = new double[n];
    double[][] line = new double[3][n];
    double[][] parabola = new double[3][n];
    for (int i = 0; i < n; i++) {
      x[i] = 4.0 * i / n;
      for (int b = 0; b < 3; b++) {
        line[b][i] = 3e5 + b + 2.5 * x[i];
        parabola[b][i] = 40 * x[i] * x[i] - 7 - b;
      }
    }
    for (boolean polish : new boolean[] {true, false}) {
      LevenbergMarquardt method = LevenbergMarquardt.defaults().withPolish(polish);
      BatchFit lines =
          solve(
              formula("a + b*x", List.of("a", "b"), x, line, Precision.DOUBLE)
                  .starts(Column.shared(1, 1))
                  .build(),
              method);
      BatchFit parabolas =
          solve(
              formula("a*x^2 + c", List.of("a", "c"), x, parabola, Precision.DOUBLE)
                  .starts(Column.shared(1, 0))
                  .build(),
              method);
      for (int b = 0; b < 3; b++) {
        for (BatchFit fits : List.of(lines, parabolas)) {
          assertTrue(fits.converged(b), fits.statusMessage(b));
          assertTrue(fits.evaluations(b) <= 3, fits.evaluations(b) + " evaluations");
        }
        assertEquals(3e5 + b, lines.parameter(b, 0), 3e-7);
        assertEquals(2.5, lines.parameter(b, 1), 3e-7, "in units of 3e5");
        assertEquals(40, parabolas.parameter(b, 0), 4e-11);
        assertEquals(-7 - b, parabolas.parameter(b, 1), 4e-11);
      }
    }
  }

  @Test
  void stepsOfAllAttemptsCount() {
    double[] x = {0, 1, 2, 3, 4, 5, 6, 7};
    BatchFit fits =
        solve(
            formula(
                    "a*exp(-b*x) + c",
                    List.of("a", "b", "c"),
                    x,
                    new double[][] {DECAY, filled(8, 2)},
                    Precision.DOUBLE)
                .starts(Column.perProblem(new double[][] {{4, -0.5, 1}, {4, 0.5, 1}}))
                .build());
    assertTrue(fits.converged(0), fits.statusMessage(0));
    assertTrue(fits.iterations(0) > fits.evaluations(0) / 2, "steps " + fits.iterations(0));
    assertTrue(fits.iterations(0) < fits.evaluations(0));
    assertEquals(Status.SINGULAR, fits.status(1), "no decay in a constant");
    assertTrue(fits.statusMessage(1).startsWith("singular: "), fits.statusMessage(1));
    for (int j = 0; j < 3; j++) {
      assertTrue(Double.isNaN(fits.standardError(1, j)));
    }
  }
}
