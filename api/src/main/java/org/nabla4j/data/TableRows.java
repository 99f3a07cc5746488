package org.nabla4j.data;

import java.util.List;

/** A table in memory. */
final class TableRows implements Rows {

  private final String description;
  private final Fields fields;
  private final long count;

  /** For each field a {@link NumberColumn} or a {@link TextColumn}. */
  private final Object[] columns;

  TableRows(String description, List<Field> fields, long count, Object[] columns) {
    this.description = description;
    this.fields = new Fields(description, fields);
    this.count = count;
    this.columns = columns;
  }

  @Override
  public List<Field> fields() {
    return fields.list();
  }

  @Override
  public long count() {
    return count;
  }

  @Override
  public boolean rereadable() {
    return true;
  }

  @Override
  public RowReader read(List<String> numbers, List<String> categories) {
    fields.checkNumbers(numbers);
    NumberColumn[] read = new NumberColumn[numbers.size()];
    for (int k = 0; k < read.length; k++) {
      read[k] = (NumberColumn) columns[fields.index(numbers.get(k))];
    }
    TextColumn[] texts = new TextColumn[categories.size()];
    NumberColumn[] coded = new NumberColumn[texts.length];
    for (int c = 0; c < texts.length; c++) {
      Object column = columns[fields.index(categories.get(c))];
      if (column instanceof TextColumn text) {
        texts[c] = text;
      } else {
        coded[c] = (NumberColumn) column;
      }
    }
    return new TableReader(description, count, read, texts, coded, null);
  }

  @Override
  public String description() {
    return description;
  }
}
