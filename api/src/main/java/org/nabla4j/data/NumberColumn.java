package org.nabla4j.data;

/** A column of numbers of which any run can be read at any time, by any number of threads. */
interface NumberColumn {

  /** The number of rows. */
  long length();

  /** Copies a run without checks. */
  void copy(long from, int count, double[] target, int offset);

  /** The array in which all rows lie one after the other, or null. */
  default double[] arrayOrNull() {
    return null;
  }

  /** Where the first row lies in that array. */
  default int base() {
    return 0;
  }

  /** Codes of the values of a run taken as levels, -1 where one is missing. */
  default void codes(long from, int count, Levels levels, int[] target) {
    double[] values = new double[count];
    copy(from, count, values, 0);
    for (int i = 0; i < count; i++) {
      target[i] = levels.code(values[i]);
    }
  }
}
