package org.nabla4j.regression;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nabla4j.data.RowBlock;
import org.nabla4j.data.RowReader;
import org.nabla4j.data.Rows;

/**
 * A small table in memory: columns of numbers ({@code double[]}) and of text ({@code String[]}).
 */
final class ListRows implements Rows {
  final Map<String, Object> columns = new LinkedHashMap<>();
  boolean rereadable = true;
  int reads;
  int blockRows = 3;

  ListRows numbers(String name, double... values) {
    columns.put(name, values);
    return this;
  }

  ListRows texts(String name, String... values) {
    columns.put(name, values);
    return this;
  }

  @Override
  public List<Field> fields() {
    List<Field> fields = new ArrayList<>();
    columns.forEach(
        (name, values) ->
            fields.add(new Field(name, values instanceof double[] ? Kind.NUMBER : Kind.TEXT)));
    return fields;
  }

  @Override
  public long count() {
    Object first = columns.values().iterator().next();
    return first instanceof double[] numbers ? numbers.length : ((String[]) first).length;
  }

  @Override
  public boolean rereadable() {
    return rereadable;
  }

  /** What a category calls the value; null where it is missing. */
  String label(String column, int row) {
    Object values = columns.get(column);
    if (values instanceof String[] texts) {
      return texts[row];
    }
    double value = ((double[]) values)[row];
    return Double.isNaN(value)
        ? null
        : value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }

  @Override
  public RowReader read(List<String> numbers, List<String> categories) {
    reads++;
    List<Map<String, Integer>> levels = new ArrayList<>();
    categories.forEach(name -> levels.add(new LinkedHashMap<>()));
    return new RowReader() {
      private int next;

      @Override
      public RowBlock next() {
        int first = next;
        int rows = (int) Math.min(blockRows, count() - first);
        next += rows;
        return rows == 0 ? null : new Block(first, rows);
      }

      @Override
      public List<String> levels(int category) {
        return List.copyOf(levels.get(category).keySet());
      }

      @Override
      public void close() {}

      final class Block implements RowBlock {
        private final int first;
        private final int rows;

        Block(int first, int rows) {
          this.first = first;
          this.rows = rows;
        }

        @Override
        public long firstRow() {
          return first;
        }

        @Override
        public int rows() {
          return rows;
        }

        @Override
        public void read(int number, int from, int count, double[] target, int offset) {
          double[] values = (double[]) columns.get(numbers.get(number));
          System.arraycopy(values, first + from, target, offset, count);
        }

        @Override
        public void readCodes(int category, int from, int count, int[] target, int offset) {
          Map<String, Integer> known = levels.get(category);
          for (int i = 0; i < count; i++) {
            String label = label(categories.get(category), first + from + i);
            if (label != null) {
              known.putIfAbsent(label, known.size());
            }
            target[offset + i] = label == null ? -1 : known.get(label);
          }
        }
      }
    };
  }

  @Override
  public String description() {
    return "the table";
  }
}
