package org.nabla4j.cpu;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nabla4j.backend.KernelPreference;
import org.nabla4j.data.Column;
import org.nabla4j.expression.Formula;
import org.nabla4j.method.GaussNewton;
import org.nabla4j.method.LeastSquaresMethod;
import org.nabla4j.method.LevenbergMarquardt;
import org.nabla4j.objective.FormulaModel;
import org.nabla4j.objective.LeastSquaresProblem;
import org.nabla4j.objective.Loss;
import org.nabla4j.objective.Precision;
import org.nabla4j.objective.SigmaKind;
import org.nabla4j.result.BatchFit;

/** A fit has the same result to the last bit, however it is batched. */
abstract class BatchIndependenceContract extends KernelContract {

  private static final int[] SIZES = {1, 2, 7, 8, 9, 13, 17, 207};
  private static final int[] THREADS = {1, 2, 5};

  BatchIndependenceContract(KernelPreference flavour) {
    super(flavour);
  }

  private BatchFit solve(LeastSquaresProblem problem, int threads) {
    return solve(problem, LevenbergMarquardt.defaults(), execution().withParallelism(threads));
  }

  /** Every size and number of threads against every fit alone. */
  private void check(
      double[][] y, Function<double[][], LeastSquaresProblem> problem, LeastSquaresMethod method) {
    BatchFit[] alone = new BatchFit[y.length];
    for (int i = 0; i < y.length; i++) {
      alone[i] = solve(problem.apply(new double[][] {y[i]}), method);
    }
    int converged = 0;
    for (BatchFit fit : alone) {
      converged += fit.converged(0) ? 1 : 0;
    }
    assertTrue(converged > 0.9 * y.length, converged + " of " + y.length + " converged");
    for (int size : SIZES) {
      if (size > y.length) {
        continue;
      }
      int[] order = new int[size];
      for (int i = 0; i < size; i++) {
        order[i] = y.length - size + i;
      }
      for (int threads : THREADS) {
        BatchFit fits =
            solve(problem.apply(rows(y, order)), method, execution().withParallelism(threads));
        for (int i = 0; i < size; i++) {
          assertSame(alone[order[i]], 0, fits, i, size + " problems, " + threads + " threads");
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void plainFits(Precision precision) {
    for (FitModel model : List.of(FitModel.DECAY, FitModel.GAUSSIAN)) {
      double[] x = model.x(23);
      check(
          model.y(0, 207, 23),
          y -> model.problem(x, y, precision).build(),
          LevenbergMarquardt.defaults());
    }
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void manyParameters(Precision precision) {
    FitModel model = FitModel.exponentials(8);
    double[] x = model.x(41);
    check(
        model.y(0, 17, 41),
        y -> model.problem(x, y, precision).build(),
        LevenbergMarquardt.defaults());
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void boundsWeightsAndLosses(Precision precision) {
    FitModel model = FitModel.DECAY;
    double[] x = model.x(20);
    double[] sigma = new double[20];
    for (int k = 0; k < 20; k++) {
      sigma[k] = 0.01 + 0.002 * k;
    }
    double[] lower = {0, 0, 0.49};
    double[] upper = {10, 0.81, 10};
    check(
        model.y(0, 17, 20),
        y ->
            model
                .problem(x, y, precision)
                .sigma(common(sigma, precision), SigmaKind.ABSOLUTE)
                .bounds(lower, upper)
                .starts(Column.shared(1, 0.5, 0.5))
                .build(),
        LevenbergMarquardt.defaults());
    check(
        model.y(0, 17, 20),
        y -> model.problem(x, y, precision).loss(Loss.cauchy(0.05)).build(),
        LevenbergMarquardt.defaults());
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void otherMethods(Precision precision) {
    FitModel model = FitModel.LOGISTIC;
    double[] x = model.x(20);
    check(
        model.y(0, 17, 20),
        y -> model.problem(x, y, precision).build(),
        LevenbergMarquardt.defaults().withPolish(false).withTolerance(1e-6));
    check(model.y(0, 17, 20), y -> model.problem(x, y, precision).build(), GaussNewton.defaults());
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void permutedBatchesGivePermutedResults(Precision precision) {
    FitModel model = FitModel.DECAY;
    double[] x = model.x(16);
    for (int size : new int[] {207, 1000}) {
      double[][] y = model.y(0, size, 16);
      BatchFit straight = solve(model.problem(x, y, precision).build(), 1);
      List<Integer> shuffled = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        shuffled.add(i);
      }
      Collections.shuffle(shuffled, new Random(5));
      int[] order = shuffled.stream().mapToInt(Integer::intValue).toArray();
      for (int threads : THREADS) {
        BatchFit fits = solve(model.problem(x, rows(y, order), precision).build(), threads);
        for (int i = 0; i < size; i++) {
          assertSame(straight, order[i], fits, i, "permuted, " + threads + " threads");
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void largerBatches(Precision precision) {
    FitModel model = FitModel.DECAY;
    double[] x = model.x(16);
    double[][] y = model.y(0, 4098, 16);
    BatchFit all = solve(model.problem(x, y, precision).build(), 1);
    for (int threads : new int[] {2, 5}) {
      BatchFit fits = solve(model.problem(x, y, precision).build(), threads);
      for (int i = 0; i < y.length; i++) {
        assertSame(all, i, fits, i, threads + " threads");
      }
    }
    for (int i = 0; i < y.length; i += 41) {
      BatchFit alone = solve(model.problem(x, new double[][] {y[i]}, precision).build());
      assertSame(alone, 0, all, i, "among 4098");
    }
  }

  @Test
  void ownXAndOwnStarts() {
    FitModel model = FitModel.DECAY;
    int n = 19;
    double[][] y = model.y(0, 207, n);
    double[][] x = new double[207][];
    double[][] start = new double[207][3];
    Random random = new Random(3);
    for (int i = 0; i < y.length; i++) {
      x[i] = model.x(n);
      for (int j = 0; j < 3; j++) {
        start[i][j] = model.start()[j] * (1 + 0.3 * random.nextDouble());
      }
    }
    BatchFit all = solve(own(model, x, y, start), 2);
    for (int i = 0; i < y.length; i++) {
      int[] one = {i};
      BatchFit alone = solve(own(model, rows(x, one), rows(y, one), rows(start, one)), 1);
      assertSame(alone, 0, all, i, "own x and starts");
    }
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void oneFitWithoutABatchAround(Precision precision) {
    for (FitModel model : FitModel.all()) {
      double[] x = model.x(25);
      double[][] y = model.y(0, 33, 25);
      for (double[] row : y) {
        for (int k = 0; k < row.length; k++) {
          row[k] = Math.exp(0.3 * row[k]);
        }
      }
      for (String response : new String[] {"y", "log(y)"}) {
        FormulaModel formula =
            FormulaModel.of(
                Formula.parse(response).expression(),
                Formula.parse(model.formula()).expression(),
                model.parameters(),
                List.of("x", "y"));
        BatchFit all = solve(problem(formula, model, common(x, precision), own(y, precision)), 1);
        for (int i = 0; i < y.length; i++) {
          // one row is no matrix of one row
          Column row = common(y[i], precision);
          BatchFit alone = solve(problem(formula, model, common(x, precision), row), 1);
          assertSame(alone, 0, all, i, response + " = " + model);
        }
      }
    }
  }

  private static LeastSquaresProblem problem(
      FormulaModel formula, FitModel model, Column x, Column y) {
    return LeastSquaresProblem.builder(formula)
        .column("x", x)
        .column("y", y)
        .starts(Column.shared(model.start()))
        .build();
  }

  @Test
  void manyPoints() {
    FitModel model = FitModel.DECAY;
    int n = 16_400;
    double[] x = model.x(n);
    double[][] y = model.y(0, 41, n);
    BatchFit all = solve(model.problem(x, y, Precision.DOUBLE).build(), 1);
    BatchFit shared = solve(model.problem(x, y, Precision.DOUBLE).build(), 5);
    for (int i = 0; i < y.length; i++) {
      assertSame(all, i, shared, i, "threads, many points");
    }
    BatchFit alone = solve(model.problem(x, new double[][] {y[7]}, Precision.DOUBLE).build(), 1);
    assertSame(alone, 0, all, 7, "many points");
  }

  private static LeastSquaresProblem own(
      FitModel model, double[][] x, double[][] y, double[][] start) {
    return LeastSquaresProblem.builder(model.model())
        .column("x", Column.perProblem(x))
        .column("y", Column.perProblem(y))
        .starts(Column.perProblem(start))
        .build();
  }
}
