package org.nabla4j.data;

/** One problem's points of a column, as the rows of a table. */
final class ColumnNumbers implements NumberColumn {

  private final Column column;
  private final long problem;

  ColumnNumbers(Column column, long problem) {
    this.column = column;
    this.problem = problem;
  }

  @Override
  public long length() {
    return column.points();
  }

  @Override
  public void copy(long from, int count, double[] target, int offset) {
    column.copy(problem, from, count, target, offset);
  }

  @Override
  public double[] arrayOrNull() {
    return column.arrayOrNull(problem);
  }

  @Override
  public int base() {
    return column.base(problem);
  }
}
