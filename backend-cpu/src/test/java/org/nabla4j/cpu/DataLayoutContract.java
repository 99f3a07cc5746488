package org.nabla4j.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nabla4j.backend.KernelPreference;
import org.nabla4j.data.Column;
import org.nabla4j.method.LevenbergMarquardt;
import org.nabla4j.objective.LeastSquaresProblem;
import org.nabla4j.objective.Precision;
import org.nabla4j.result.BatchFit;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The same data in whatever arrays they come give the same bits. */
abstract class DataLayoutContract extends KernelContract {

  private static final FitModel MODEL = FitModel.DECAY;

  DataLayoutContract(KernelPreference flavour) {
    super(flavour);
  }

  private static LeastSquaresProblem problem(Column x, Column y) {
    return LeastSquaresProblem.builder(MODEL.model())
        .column("x", x)
        .column("y", y)
        .starts(Column.shared(MODEL.start()))
        .build();
  }

  private void assertSameFits(BatchFit expected, LeastSquaresProblem problem, String what) {
    BatchFit fits = solve(problem, LevenbergMarquardt.defaults(), execution().withParallelism(2));
    assertEquals(expected.problems(), fits.problems(), what);
    for (int i = 0; i < expected.problems(); i++) {
      assertSame(expected, i, fits, i, what);
    }
  }

  private static double[] flat(double[][] rows) {
    return Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void javaArraysAndPieces(Precision precision) {
    int batch = 300;
    int n = 14;
    double[][] y = MODEL.y(0, batch, n);
    Column x = common(MODEL.x(n), precision);
    BatchFit expected = solve(problem(x, own(y, precision)));
    assertTrue(expected.convergedCount() > 290, expected.toString());
    double[] flat = flat(y);
    assertSameFits(
        expected,
        problem(
            x,
            precision == Precision.SINGLE
                ? Column.perProblem(toFloat(flat), n)
                : Column.perProblem(flat, n)),
        "flat");
    List<Column> pieces = new ArrayList<>();
    int[] edges = {0, 1, 9, 10, 137, 299, 300};
    for (int k = 1; k < edges.length; k++) {
      pieces.add(own(Arrays.copyOfRange(y, edges[k - 1], edges[k]), precision));
    }
    assertSameFits(expected, problem(x, Column.concatenateProblems(pieces)), "pieces");
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void nd4jArraysOfAnyOrder(Precision precision) {
    int batch = 61;
    int n = 14;
    double[][] y = MODEL.y(0, batch, n);
    BatchFit expected = solve(problem(common(MODEL.x(n), precision), own(y, precision)));
    DataType type = precision == Precision.SINGLE ? DataType.FLOAT : DataType.DOUBLE;
    Column x = Column.of(Nd4j.create(MODEL.x(n), new long[] {n}, DataType.DOUBLE).castTo(type));
    INDArray rows = Nd4j.create(flat(y), new long[] {batch, n}, DataType.DOUBLE).castTo(type);
    assertSameFits(expected, problem(x, Column.of(rows)), "C order");
    assertSameFits(expected, problem(x, Column.of(rows.dup('f'))), "F order");
    assertSameFits(
        expected, problem(x, Column.of(rows.transpose().dup().transpose())), "transposed");
    INDArray wide = Nd4j.zeros(type, batch + 3, 2 * n + 1);
    INDArray view =
        wide.get(NDArrayIndex.interval(2, batch + 2), NDArrayIndex.interval(1, 2, 2 * n + 1));
    view.assign(rows);
    assertEquals(n, view.size(1));
    assertSameFits(expected, problem(x, Column.of(view)), "view with stride");
    assertSameFits(
        expected,
        problem(
            x,
            Column.concatenateProblems(
                List.of(
                    Column.of(rows.get(NDArrayIndex.interval(0, 7), NDArrayIndex.all())),
                    own(Arrays.copyOfRange(y, 7, batch), precision)))),
        "pieces of both kinds");
  }

  @Test
  void manyFitsInFloat() {
    int distinct = 2003;
    int n = 10;
    // more than 2·10⁵, and no multiple of anything
    int batch = 200_009;
    float[][] rows = toFloat(MODEL.y(0, distinct, n));
    float[][] y = new float[batch][];
    for (int i = 0; i < batch; i++) {
      y[i] = rows[i % distinct];
    }
    Column x = Column.shared(toFloat(MODEL.x(n)));
    BatchFit expected = solve(problem(x, Column.perProblem(rows)));
    assertTrue(expected.convergedCount() > 0.95 * distinct, expected.toString());
    BatchFit fits =
        solve(
            problem(x, Column.perProblem(y)),
            LevenbergMarquardt.defaults(),
            execution().withParallelism(2));
    for (int i = 0; i < batch; i++) {
      assertEquals(expected.status(i % distinct), fits.status(i));
      for (int j = 0; j < 3; j++) {
        double value = expected.parameter(i % distinct, j);
        if (Double.compare(value, fits.parameter(i, j)) != 0) {
          assertSame(expected, i % distinct, fits, i, "many");
        }
      }
    }
  }
}
