package org.nabla4j.data;

/** Numbers that lie row after row, so that columns are better read together. */
interface RowMatrix {

  /**
   * Copies a run of rows without checks.
   *
   * @param from first row
   * @param count rows
   * @param target receives the values
   * @param offsets for each column that is read where its first value goes, negative for none
   */
  void copyRows(long from, int count, double[] target, int[] offsets);
}
