package org.nabla4j.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Columns over ND4J arrays of every layout, against element-by-element reads. */
class NdArrayColumnTest {

  private static INDArray matrix(int rows, int columns, DataType type) {
    double[] values = new double[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = i * 0.5 - 3;
    }
    return Nd4j.createFromArray(values).reshape(rows, columns).castTo(type);
  }

  private static double[][] elements(INDArray array) {
    int rows = (int) array.size(0);
    int columns = (int) array.size(1);
    double[][] values = new double[rows][columns];
    for (int b = 0; b < rows; b++) {
      for (int k = 0; k < columns; k++) {
        values[b][k] = array.getDouble(b, k);
      }
    }
    return values;
  }

  private static void assertReads(INDArray array) {
    Column column = Column.perProblem(array);
    assertFalse(column.shared());
    assertEquals(array.size(0), column.problems());
    ColumnTest.assertReads(elements(array), column);
  }

  @Test
  void everyLayoutOfBothTypes() {
    for (DataType type : new DataType[] {DataType.DOUBLE, DataType.FLOAT}) {
      for (int columns : new int[] {6, 1500}) {
        INDArray whole = matrix(5, columns, type);
        assertReads(whole);
        assertReads(whole.dup('f'));
        assertReads(whole.transpose());
        assertReads(whole.dup('f').transpose());
        assertReads(whole.get(NDArrayIndex.interval(1, 4), NDArrayIndex.all()));
        assertReads(whole.get(NDArrayIndex.all(), NDArrayIndex.interval(2, columns - 1)));
        assertReads(whole.get(NDArrayIndex.interval(1, 5), NDArrayIndex.interval(1, 2, columns)));
        assertReads(
            whole
                .dup('f')
                .get(NDArrayIndex.interval(1, 2, 5), NDArrayIndex.interval(2, columns - 1)));
        assertReads(
            whole.get(NDArrayIndex.interval(1, 4), NDArrayIndex.interval(2, 5)).transpose());
        assertEquals(type == DataType.FLOAT, Column.perProblem(whole).isFloat());
      }
    }
  }

  @Test
  void runsCrossWindows() {
    for (DataType type : new DataType[] {DataType.DOUBLE, DataType.FLOAT}) {
      INDArray whole = matrix(5, 13, type);
      INDArray view = whole.get(NDArrayIndex.interval(1, 5), NDArrayIndex.interval(2, 12));
      for (int shift = 0; shift < 8; shift++) {
        ColumnTest.assertReads(elements(whole), NdArrayColumn.fromMatrix(whole, shift));
        ColumnTest.assertReads(elements(view), NdArrayColumn.fromMatrix(view, shift));
      }
    }
  }

  @Test
  void vectorsAreShared() {
    INDArray whole = matrix(4, 7, DataType.DOUBLE);
    INDArray[] vectors = {
      whole.getRow(2),
      whole.getRow(2, true),
      whole.getColumn(3),
      whole.getColumn(3, true),
      whole.getRow(1).get(NDArrayIndex.interval(2, 6))
    };
    for (INDArray vector : vectors) {
      Column column = Column.of(vector);
      assertTrue(column.shared());
      int n = (int) vector.length();
      double[][] expected = new double[2][n];
      for (int k = 0; k < n; k++) {
        expected[0][k] = vector.getDouble(k);
        expected[1][k] = vector.getDouble(k);
      }
      ColumnTest.assertReads(expected, column);
    }
    assertFalse(Column.of(whole).shared());
  }

  @Test
  void singleRowsAndColumnsCanBeProblems() {
    INDArray row = matrix(1, 4, DataType.DOUBLE);
    assertEquals(1, Column.perProblem(row).problems());
    assertFalse(Column.perProblem(row).shared());
    INDArray column = matrix(4, 1, DataType.DOUBLE);
    assertEquals(4, Column.perProblem(column).problems());
    assertReads(column);
  }

  @Test
  void otherTypesBecomeDouble() {
    for (DataType type :
        new DataType[] {DataType.INT32, DataType.INT64, DataType.INT16, DataType.INT8}) {
      INDArray array = matrix(3, 4, DataType.DOUBLE).mul(2).castTo(type);
      Column column = Column.of(array);
      assertFalse(column.isFloat());
      ColumnTest.assertReads(elements(array), column);
    }
  }

  @Test
  void messagesHaveTheShape() {
    assertEquals(
        "values has shape [2, 3, 4], expected [B, n]",
        assertThrows(
                IllegalArgumentException.class,
                () -> Column.of(Nd4j.zeros(DataType.DOUBLE, 2, 3, 4)))
            .getMessage());
    assertEquals(
        "values has shape [5], expected [B, n]",
        assertThrows(
                IllegalArgumentException.class,
                () -> Column.perProblem(Nd4j.zeros(DataType.DOUBLE, 5)))
            .getMessage());
    assertEquals(
        "values has data type BOOL, expected a numeric one",
        assertThrows(
                IllegalArgumentException.class, () -> Column.of(Nd4j.create(DataType.BOOL, 2, 3)))
            .getMessage());
    assertEquals(
        "values is empty, expected at least one element",
        assertThrows(IllegalArgumentException.class, () -> Column.of(Nd4j.empty(DataType.DOUBLE)))
            .getMessage());
  }
}
