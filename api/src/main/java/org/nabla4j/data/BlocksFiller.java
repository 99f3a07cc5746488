package org.nabla4j.data;

import java.util.Iterator;
import java.util.List;

/** Takes rows from blocks of any size that an iterator gives. */
final class BlocksFiller implements BlockFiller {

  private final String description;
  private final List<Rows.Field> fields;
  private final Columns columns;
  private final Iterator<? extends Object[]> blocks;
  private final Levels[] levels;
  private final double[] value = new double[1];

  /** The block that is used up at the moment, and how far. */
  private Object[] current;

  private int currentRows;
  private int used;
  private int blockNumber;
  private volatile long rows;

  BlocksFiller(
      String description,
      List<Rows.Field> fields,
      Columns columns,
      Iterator<? extends Object[]> blocks) {
    this.description = description;
    this.fields = fields;
    this.columns = columns;
    this.blocks = blocks;
    levels = new Levels[columns.categoryCount()];
    for (int c = 0; c < levels.length; c++) {
      levels[c] = new Levels();
    }
  }

  @Override
  public int fill(DataBlock block, int capacity) {
    int row = 0;
    while (row < capacity && (used < currentRows || advance())) {
      int count = Math.min(capacity - row, currentRows - used);
      for (int k = 0; k < columns.numberCount(); k++) {
        numbers(current[columns.numberField(k)], used, count, block.numbers[k], row);
      }
      for (int c = 0; c < columns.categoryCount(); c++) {
        codes(current[columns.categoryField(c)], count, levels[c], block.codes[c], row);
      }
      used += count;
      row += count;
    }
    for (int c = 0; c < levels.length; c++) {
      block.levelCounts[c] = levels[c].size();
    }
    long before = rows;
    rows = before + row;
    return row;
  }

  /** Takes the next block that has rows; false after the last one. */
  private boolean advance() {
    do {
      try {
        if (!blocks.hasNext()) {
          return false;
        }
        current = blocks.next();
      } catch (RowException e) {
        throw e;
      } catch (RuntimeException e) {
        throw new RowException(
            description + ": no more blocks after " + blockNumber + ": " + RowException.reason(e),
            e);
      }
      blockNumber++;
      currentRows = checkedRows();
      used = 0;
    } while (currentRows == 0);
    return true;
  }

  private int checkedRows() {
    if (current == null || current.length != fields.size()) {
      throw wrong(
          current == null ? "null" : current.length + " columns", fields.size() + " arrays");
    }
    int length = -1;
    for (int j = 0; j < current.length; j++) {
      Rows.Field field = fields.get(j);
      int columnLength = length(current[j], field.kind());
      if (columnLength < 0) {
        throw wrong(
            "column '"
                + field.name()
                + "' is "
                + (current[j] == null ? "null" : current[j].getClass().getSimpleName()),
            field.kind() == Rows.Kind.TEXT ? "String[]" : "double[], float[], int[] or long[]");
      }
      if (length >= 0 && columnLength != length) {
        throw wrong(
            "column '" + field.name() + "' has " + columnLength + " rows",
            length + " as in '" + fields.get(0).name() + "'");
      }
      length = columnLength;
    }
    return Math.max(length, 0);
  }

  private RowException wrong(String what, String expected) {
    return new RowException(
        description + ", block " + blockNumber + ": " + what + ", expected " + expected);
  }

  /** The length of an array that a field of this kind may be, or -1. */
  private static int length(Object column, Rows.Kind kind) {
    if (kind == Rows.Kind.TEXT) {
      return column instanceof String[] texts ? texts.length : -1;
    }
    if (column instanceof double[] doubles) {
      return doubles.length;
    }
    if (column instanceof float[] floats) {
      return floats.length;
    }
    if (column instanceof int[] ints) {
      return ints.length;
    }
    return column instanceof long[] longs ? longs.length : -1;
  }

  /** Copies a run of a column of numbers; that it is one was checked. */
  private static void numbers(Object column, int from, int count, double[] target, int row) {
    if (column instanceof double[] doubles) {
      System.arraycopy(doubles, from, target, row, count);
    } else if (column instanceof float[] floats) {
      for (int i = 0; i < count; i++) {
        target[row + i] = floats[from + i];
      }
    } else if (column instanceof int[] ints) {
      for (int i = 0; i < count; i++) {
        target[row + i] = ints[from + i];
      }
    } else {
      long[] longs = (long[]) column;
      for (int i = 0; i < count; i++) {
        target[row + i] = longs[from + i];
      }
    }
  }

  private void codes(Object column, int count, Levels known, int[] target, int row) {
    if (column instanceof String[] texts) {
      for (int i = 0; i < count; i++) {
        target[row + i] = known.code(texts[used + i]);
      }
    } else if (column instanceof long[] longs) {
      for (int i = 0; i < count; i++) {
        target[row + i] = known.code(longs[used + i]);
      }
    } else {
      for (int i = 0; i < count; i++) {
        numbers(column, used + i, 1, value, 0);
        target[row + i] = known.code(value[0]);
      }
    }
  }

  @Override
  public Levels levels(int category) {
    return levels[category];
  }

  @Override
  public long done() {
    return rows;
  }

  @Override
  public long total() {
    return -1;
  }

  @Override
  public void close() throws Exception {
    if (blocks instanceof AutoCloseable closeable) {
      closeable.close();
    }
  }
}
