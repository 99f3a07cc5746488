package org.nabla4j.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nabla4j.backend.KernelPreference;
import org.nabla4j.cpu.algebra.SmallCholesky;
import org.nabla4j.data.Column;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.Formula;
import org.nabla4j.method.Covariance;
import org.nabla4j.method.LevenbergMarquardt;
import org.nabla4j.objective.FormulaModel;
import org.nabla4j.objective.LeastSquaresProblem;
import org.nabla4j.objective.Loss;
import org.nabla4j.objective.MissingData;
import org.nabla4j.objective.Precision;
import org.nabla4j.objective.SigmaKind;
import org.nabla4j.result.BatchFit;

/** Standard errors of fits with a robust loss. */
abstract class RobustErrorsContract extends KernelContract {

  private static final FitModel MODEL = FitModel.DECAY;

  RobustErrorsContract(KernelPreference flavour) {
    super(flavour);
  }

  static Stream<Loss> losses() {
    return Stream.of(Loss.huber(1.345), Loss.softL1(1), Loss.cauchy(2.385), Loss.tukey(4.685));
  }

  /** Normal noise of width σ, and for every tenth point or so an error of ten times that width. */
  private static double[][] spoilt(int problems, double[] x, double sigma, long seed) {
    Random random = new Random(seed);
    double[] t = MODEL.truth();
    double[][] y = new double[problems][x.length];
    for (double[] row : y) {
      for (int k = 0; k < x.length; k++) {
        double width = random.nextInt(10) == 0 ? 10 * sigma : sigma;
        row[k] = t[0] * Math.exp(-t[1] * x[k]) + t[2] + width * random.nextGaussian();
      }
    }
    return y;
  }

  private static double[] filled(int n, double value) {
    double[] row = new double[n];
    Arrays.fill(row, value);
    return row;
  }

  @ParameterizedTest
  @MethodSource("losses")
  void errorsAreTheScatterOfEstimates(Loss loss) {
    int problems = 3000;
    for (SigmaKind kind : SigmaKind.values()) {
      int n = kind == SigmaKind.ABSOLUTE ? 80 : 120;
      double sigma = 0.02;
      double[] x = MODEL.x(n);
      BatchFit fits =
          solve(
              MODEL
                  .problem(x, spoilt(problems, x, sigma, n), Precision.DOUBLE)
                  .sigma(Column.shared(filled(n, sigma)), kind)
                  .starts(Column.shared(new double[] {1.9, 0.75, 0.52}))
                  .loss(loss)
                  .build());
      assertEquals(problems, fits.convergedCount());
      for (int j = 0; j < 3; j++) {
        double squares = 0;
        double variance = 0;
        for (int i = 0; i < problems; i++) {
          double error = fits.parameter(i, j) - MODEL.truth()[j];
          squares += error * error;
          variance += Math.pow(fits.standardError(i, j), 2);
        }
        // the scatter of 3000 is known to 1.3 %
        assertEquals(1, Math.sqrt(variance / squares), 0.05, loss + ", " + kind + ", " + j);
      }
    }
  }

  /** The formula, written down for the decay alone. */
  private static double[] expected(double[] x, double[] y, double[] t, Loss loss) {
    int n = x.length;
    double[] a = new double[9];
    double psi2 = 0;
    double slope = 0;
    double slope2 = 0;
    for (int i = 0; i < n; i++) {
      double e = Math.exp(-t[1] * x[i]);
      double[] row = {e, -t[0] * x[i] * e, 1};
      for (int j = 0; j < 9; j++) {
        a[j] += row[j / 3] * row[j % 3];
      }
      double r = t[0] * e + t[2] - y[i];
      psi2 += Math.pow(r * loss.weight(r * r), 2);
      slope += loss.influenceSlope(r * r) / n;
      slope2 += Math.pow(loss.influenceSlope(r * r), 2) / n;
    }
    double[] d = {Math.sqrt(a[0]), Math.sqrt(a[4]), Math.sqrt(a[8])};
    for (int j = 0; j < 9; j++) {
      a[j] /= d[j / 3] * d[j % 3];
    }
    SmallCholesky cholesky = new SmallCholesky(3);
    cholesky.factorise(a, 0);
    double[] inverse = new double[9];
    cholesky.invert(inverse);
    double k = 1 + 3.0 / n * (slope2 - slope * slope) / (slope * slope);
    double[] errors = new double[3];
    for (int j = 0; j < 3; j++) {
      errors[j] = k / slope * Math.sqrt(psi2 / (n - 3) * inverse[4 * j]) / d[j];
    }
    return errors;
  }

  @ParameterizedTest
  @ValueSource(ints = {50, 20_001})
  void batchesAndStreamsFollowTheFormula(int n) {
    double[] x = MODEL.x(n);
    double[][] y = spoilt(3, x, 0.02, 5);
    for (Loss loss : List.of(Loss.huber(0.03), Loss.softL1(0.02), Loss.cauchy(0.05))) {
      for (Precision precision : Precision.values()) {
        for (Covariance covariance : List.of(Covariance.STANDARD_ERRORS, Covariance.FULL)) {
          BatchFit fits =
              solve(
                  MODEL.problem(x, y, precision).loss(loss).build(),
                  LevenbergMarquardt.defaults().withCovariance(covariance));
          for (int i = 0; i < 3; i++) {
            assertTrue(fits.converged(i), fits.statusMessage(i));
            double[] errors = expected(x, y[i], fits.parameters(i), loss);
            double share = precision == Precision.SINGLE ? 1e-4 : 1e-9;
            for (int j = 0; j < 3; j++) {
              assertEquals(errors[j], fits.standardError(i, j), share * errors[j], loss + ", " + j);
            }
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 5, 6, 8, 18})
  void aLossThatNoResidualReachesChangesNoError(int p) {
    FitModel model = FitModel.exponentials(p);
    for (boolean fixed : new boolean[] {false, true}) {
      boolean[] flags = new boolean[p];
      flags[p - 1] = fixed && p > 1;
      double[] start = model.start().clone();
      start[p - 1] = flags[p - 1] ? model.truth()[p - 1] : start[p - 1];
      LeastSquaresProblem.Builder problem =
          model.problem(0, 11, 120, Precision.DOUBLE).starts(Column.shared(start)).fixed(flags);
      BatchFit plain = solve(problem.build());
      BatchFit robust = solve(problem.loss(Loss.huber(1e6)).build());
      for (int i = 0; i < 11; i++) {
        assertTrue(plain.converged(i), plain.statusMessage(i));
        double[] errors = plain.standardErrors(i);
        for (int j = 0; j < p; j++) {
          assertEquals(errors[j], robust.standardError(i, j), 1e-6 * errors[j], p + ": " + j);
        }
      }
    }
  }

  @Test
  void anIllConditionedJacobianKeepsItsDigits() {
    int n = 50;
    String formula = "a + b*x + c*x^2 + d*x^3 + e*x^4 + f*x^5 + g*x^6";
    double[] x = new double[n];
    double[][] y = new double[9][n];
    Random random = new Random(8);
    for (int k = 0; k < n; k++) {
      x[k] = 3 + 0.04 * k;
      for (double[] row : y) {
        row[k] = Math.sin(x[k]) + 0.01 * random.nextGaussian();
      }
    }
    FormulaModel model =
        FormulaModel.of(
            Expression.symbol("y"),
            Formula.parse(formula).expression(),
            List.of("a", "b", "c", "d", "e", "f", "g"),
            List.of("x", "y"));
    LeastSquaresProblem.Builder problem =
        LeastSquaresProblem.builder(model)
            .column("x", Column.shared(x))
            .column("y", Column.perProblem(y))
            .starts(Column.shared(filled(7, 0.1)));
    BatchFit plain = solve(problem.build());
    BatchFit robust = solve(problem.loss(Loss.huber(100)).build());
    for (int i = 0; i < 9; i++) {
      assertTrue(plain.converged(i), plain.statusMessage(i));
      assertTrue(robust.converged(i), robust.statusMessage(i));
      for (int j = 0; j < 7; j++) {
        double error = plain.standardError(i, j);
        assertTrue(error > 0);
        assertEquals(error, robust.standardError(i, j), 1e-6 * error, "parameter " + j);
      }
    }
  }

  @Test
  void pointsThatDoNotCountDoNotCount() {
    int n = 60;
    double[] x = MODEL.x(n);
    double[][] y = spoilt(11, x, 0.02, 3);
    double[][] whole = new double[11][40];
    double[] wholeX = new double[40];
    double[] weights = new double[n];
    double[][] holes = new double[11][n];
    for (int k = 0, to = 0; k < n; k++) {
      boolean counts = k % 3 != 1;
      weights[k] = counts ? 1 : 0;
      for (int i = 0; i < 11; i++) {
        holes[i][k] = counts ? y[i][k] : Double.NaN;
        if (counts) {
          whole[i][to] = y[i][k];
        }
      }
      if (counts) {
        wholeX[to++] = x[k];
      }
    }
    Loss loss = Loss.softL1(0.02);
    BatchFit expected = solve(MODEL.problem(wholeX, whole, Precision.DOUBLE).loss(loss).build());
    BatchFit omitted =
        solve(
            MODEL
                .problem(x, holes, Precision.DOUBLE)
                .loss(loss)
                .missingData(MissingData.OMIT)
                .build());
    BatchFit weighted =
        solve(
            MODEL
                .problem(x, y, Precision.DOUBLE)
                .loss(loss)
                .weights(Column.shared(weights), SigmaKind.RELATIVE)
                .build());
    for (int i = 0; i < 11; i++) {
      double[] errors = expected.standardErrors(i);
      for (int j = 0; j < 3; j++) {
        assertEquals(errors[j], omitted.standardError(i, j), 1e-8 * errors[j]);
        // points of weight 0 are left out of the sums, but not out of n − p
        double share = Math.sqrt(37.0 / 57.0);
        assertEquals(share * errors[j], weighted.standardError(i, j), 1e-8 * errors[j]);
      }
    }
  }

  @Test
  void withoutCovarianceThereIsNone() {
    BatchFit fits =
        solve(
            MODEL.problem(0, 5, 20, Precision.DOUBLE).loss(Loss.huber(0.02)).build(),
            LevenbergMarquardt.defaults().withCovariance(Covariance.NONE));
    assertArrayEquals(filled(3, Double.NaN), fits.standardErrors(2));
  }
}
