package org.nabla4j.data;

import java.util.Arrays;
import java.util.List;

/** A column of text in memory, as codes of levels in the order in which they appear. */
final class TextColumn {

  private final int[] codes;
  private final Levels levels = new Levels();

  /** For each level the row in which it appears first; rises. */
  private long[] firstRows = new long[16];

  TextColumn(List<String> values) {
    codes = new int[values.size()];
    int row = 0;
    for (String value : values) {
      int known = levels.size();
      codes[row] = levels.code(value);
      if (levels.size() > known) {
        if (known == firstRows.length) {
          firstRows = Arrays.copyOf(firstRows, 2 * known);
        }
        firstRows[known] = row;
      }
      row++;
    }
  }

  int length() {
    return codes.length;
  }

  void copy(long from, int count, int[] target, int offset) {
    System.arraycopy(codes, (int) from, target, offset, count);
  }

  /** The levels of the first rows. */
  List<String> levels(long rows) {
    int found = Arrays.binarySearch(firstRows, 0, levels.size(), rows);
    return levels.first(found >= 0 ? found : -found - 1);
  }
}
