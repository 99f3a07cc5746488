package org.nabla4j.data;

import java.util.Optional;

/** A column of a table, shared by all problems. */
final class RowColumn extends Column {

  private final RowColumns table;
  private final int number;

  RowColumn(RowColumns table, int number) {
    super(true, 1, table.count(), false);
    this.table = table;
    this.number = number;
  }

  @Override
  public Optional<RowColumns> table() {
    return Optional.of(table);
  }

  @Override
  public double[] arrayOrNull(long problem) {
    return table.keptOrNull(number);
  }

  @Override
  void copy(long problem, long from, int count, double[] target, int offset) {
    table.copy(number, from, count, target, offset);
  }

  @Override
  void copy(long problem, long from, int count, float[] target, int offset) {
    double[] values = new double[count];
    table.copy(number, from, count, values, 0);
    for (int i = 0; i < count; i++) {
      target[offset + i] = (float) values[i];
    }
  }
}
