package org.nabla4j.data;

import java.util.List;

/** Columns of one point each, side by side. */
final class StackedColumn extends Column {

  private final Column[] values;

  StackedColumn(List<Column> values) {
    super(
        values.stream().allMatch(Column::shared),
        commonProblems(values),
        values.size(),
        !values.isEmpty() && values.stream().allMatch(Column::isFloat));
    this.values = values.toArray(Column[]::new);
  }

  private static long commonProblems(List<Column> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("values is empty: at least one column is needed");
    }
    long problems = 0;
    for (int i = 0; i < values.size(); i++) {
      Column value = values.get(i);
      if (value.points() != 1) {
        throw new IllegalArgumentException(
            "values[" + i + "] is " + value + ", expected one point per problem");
      }
      if (!value.shared()) {
        if (problems != 0 && value.problems() != problems) {
          throw new IllegalArgumentException(
              "values[" + i + "] is " + value + ", expected " + problems + " problems");
        }
        problems = value.problems();
      }
    }
    return Math.max(problems, 1);
  }

  @Override
  void copy(long problem, long from, int count, double[] target, int offset) {
    for (int i = 0; i < count; i++) {
      Column value = values[(int) from + i];
      value.copy(value.shared() ? 0 : problem, 0, 1, target, offset + i);
    }
  }

  @Override
  void copy(long problem, long from, int count, float[] target, int offset) {
    for (int i = 0; i < count; i++) {
      Column value = values[(int) from + i];
      value.copy(value.shared() ? 0 : problem, 0, 1, target, offset + i);
    }
  }
}
