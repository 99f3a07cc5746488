package org.nabla4j.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nabla4j.backend.KernelPreference;
import org.nabla4j.data.Column;
import org.nabla4j.method.LevenbergMarquardt;
import org.nabla4j.objective.LeastSquaresProblem;
import org.nabla4j.objective.Loss;
import org.nabla4j.objective.MissingData;
import org.nabla4j.objective.Precision;
import org.nabla4j.objective.SigmaKind;
import org.nabla4j.result.BatchFit;
import org.nabla4j.result.Status;

/** Missing points, and values that no fit can use: they concern their own problem only. */
abstract class MissingDataContract extends KernelContract {

  private static final FitModel MODEL = FitModel.DECAY;
  private static final int BATCH = 27;
  private static final int N = 30;

  MissingDataContract(KernelPreference flavour) {
    super(flavour);
  }

  private static double[][] copies(double[] row, int count) {
    double[][] table = new double[count][];
    for (int i = 0; i < count; i++) {
      table[i] = row.clone();
    }
    return table;
  }

  private static double[][] sigma() {
    Random random = new Random(4);
    double[][] sigma = new double[BATCH][N];
    for (double[] row : sigma) {
      for (int k = 0; k < N; k++) {
        row[k] = 0.01 + 0.02 * random.nextDouble();
      }
    }
    return sigma;
  }

  private static double[] kept(double[] row, boolean[] missing) {
    int count = 0;
    double[] result = new double[row.length];
    for (int k = 0; k < row.length; k++) {
      if (!missing[k]) {
        result[count++] = row[k];
      }
    }
    return Arrays.copyOf(result, count);
  }

  private enum Place {
    Y,
    OWN_X,
    COMMON_X,
    SIGMA,
    SOMEWHERE
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void omittedPointsAreAsIfTheyWereNotThere(Place place) {
    for (Loss loss : new Loss[] {Loss.linear(), Loss.softL1(0.1)}) {
      Random random = new Random(place.name().length());
      double[][] y = MODEL.y(0, BATCH, N);
      double[][] x = copies(MODEL.x(N), BATCH);
      double[][] sigma = sigma();
      boolean[][] missing = new boolean[BATCH][N];
      for (int i = 0; i < BATCH; i++) {
        // every third problem is complete
        for (int m = 0; m < (place == Place.COMMON_X ? 4 : 3 * (i % 3)); m++) {
          int k = place == Place.COMMON_X ? 7 * m : random.nextInt(N);
          missing[i][k] = true;
          switch (place) {
            case Y -> y[i][k] = Double.NaN;
            case OWN_X, COMMON_X -> x[i][k] = Double.NaN;
            case SIGMA -> sigma[i][k] = Double.NaN;
            case SOMEWHERE -> (m % 2 == 0 ? y : sigma)[i][k] = Double.NaN;
          }
        }
      }
      BatchFit fits =
          solve(
              LeastSquaresProblem.builder(MODEL.model())
                  .column("x", place == Place.COMMON_X ? Column.shared(x[0]) : Column.perProblem(x))
                  .column("y", Column.perProblem(y))
                  .sigma(Column.perProblem(sigma), SigmaKind.RELATIVE)
                  .starts(Column.shared(MODEL.start()))
                  .loss(loss)
                  .missingData(MissingData.OMIT)
                  .build(),
              LevenbergMarquardt.defaults(),
              execution().withParallelism(2));
      for (int i = 0; i < BATCH; i++) {
        double[] reduced = kept(y[i], missing[i]);
        BatchFit alone =
            solve(
                LeastSquaresProblem.builder(MODEL.model())
                    .column("x", Column.shared(kept(x[i], missing[i])))
                    .column("y", Column.perProblem(new double[][] {reduced}))
                    .sigma(Column.shared(kept(sigma[i], missing[i])), SigmaKind.RELATIVE)
                    .starts(Column.shared(MODEL.start()))
                    .loss(loss)
                    .build());
        String where = place + ", " + loss + ", problem " + i;
        assertTrue(alone.converged(0), where + ": " + alone.statusMessage(0));
        assertTrue(fits.converged(i), where + ": " + fits.statusMessage(i));
        assertEquals(reduced.length, fits.points(i), where);
        assertEquals(reduced.length - 3, fits.degreesOfFreedom(i), where);
        assertEquals(alone.cost(0), fits.cost(i), 1e-10 * alone.cost(0), where);
        for (int j = 0; j < 3; j++) {
          double value = alone.parameter(0, j);
          assertEquals(value, fits.parameter(i, j), 1e-10 * Math.abs(value), where);
          double error = alone.standardError(0, j);
          assertEquals(error, fits.standardError(i, j), 1e-9 * error, where);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void tooFewPointsAreLeft(Precision precision) {
    double[][] y = MODEL.y(0, 11, N);
    Arrays.fill(y[3], Double.NaN);
    Arrays.fill(y[10], 2, N, Double.NaN);
    Arrays.fill(y[5], 3, N, Double.NaN);
    BatchFit fits =
        solve(MODEL.problem(MODEL.x(N), y, precision).missingData(MissingData.OMIT).build());
    for (int i = 0; i < 11; i++) {
      if (i == 3 || i == 10) {
        assertEquals(Status.TOO_FEW_POINTS, fits.status(i), "problem " + i);
        assertEquals(i == 3 ? 0 : 2, fits.points(i));
        assertTrue(Double.isNaN(fits.standardError(i, 0)));
      } else {
        assertEquals(i == 5 ? 3 : N, fits.points(i));
        assertTrue(fits.converged(i), i + ": " + fits.statusMessage(i));
      }
    }
    assertEquals(0, fits.degreesOfFreedom(5));
  }

  /** A problem with one bad value among good ones; the good ones must not notice. */
  private void checkBad(
      double[][] x, double[][] y, double[][] sigma, double[][] start, int bad, Status expected) {
    LeastSquaresProblem problem =
        LeastSquaresProblem.builder(MODEL.model())
            .column("x", Column.perProblem(x))
            .column("y", Column.perProblem(y))
            .sigma(Column.perProblem(sigma), SigmaKind.ABSOLUTE)
            .starts(Column.perProblem(start))
            .build();
    BatchFit clean =
        solve(
            LeastSquaresProblem.builder(MODEL.model())
                .column("x", Column.perProblem(copies(MODEL.x(N), y.length)))
                .column("y", Column.perProblem(MODEL.y(0, y.length, N)))
                .sigma(Column.perProblem(Arrays.copyOf(sigma(), y.length)), SigmaKind.ABSOLUTE)
                .starts(Column.perProblem(copies(MODEL.start(), y.length)))
                .build());
    BatchFit fits = solve(problem);
    for (int i = 0; i < y.length; i++) {
      if (i == bad) {
        assertEquals(expected, fits.status(i), fits.statusMessage(i));
        assertFalse(fits.converged(i));
        assertTrue(Double.isNaN(fits.standardError(i, 0)));
      } else {
        assertSame(clean, i, fits, i, "beside a bad problem");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void badValuesEndTheirOwnProblemOnly(double value) {
    int batch = 21;
    for (int bad : new int[] {0, 6, 20}) {
      for (int what = 0; what < 4; what++) {
        double[][] x = copies(MODEL.x(N), batch);
        double[][] y = MODEL.y(0, batch, N);
        double[][] sigma = Arrays.copyOf(sigma(), batch);
        double[][] start = copies(MODEL.start(), batch);
        double[][] place = new double[][][] {x, y, sigma, start}[what];
        place[bad][1] = value;
        checkBad(x, y, sigma, start, bad, Status.NON_FINITE);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void refusedMissingValues(Precision precision) {
    double[][] y = MODEL.y(0, 19, N);
    BatchFit clean = solve(MODEL.problem(MODEL.x(N), y, precision).build());
    y[2][0] = Double.NaN;
    y[11][N - 1] = Double.NaN;
    BatchFit fits = solve(MODEL.problem(MODEL.x(N), y, precision).build());
    for (int i = 0; i < y.length; i++) {
      if (i == 2 || i == 11) {
        assertEquals(Status.NON_FINITE, fits.status(i));
        assertTrue(Double.isNaN(fits.cost(i)));
        assertEquals(MODEL.start()[0], fits.parameter(i, 0), "the start is what is known");
      } else {
        assertSame(clean, i, fits, i, "beside missing values");
      }
    }
    assertEquals(17, fits.convergedCount());
  }
}
