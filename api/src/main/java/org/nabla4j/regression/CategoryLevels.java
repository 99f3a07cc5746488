package org.nabla4j.regression;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.nabla4j.NaturalOrder;
import org.nabla4j.backend.Execution;
import org.nabla4j.data.RowBlock;
import org.nabla4j.data.RowReader;
import org.nabla4j.data.Rows;

/** Finds the levels of categories in one pass over a table. */
final class CategoryLevels {

  private CategoryLevels() {}

  /**
   * Reads the table once.
   *
   * @param rows the table
   * @param columns names of its columns
   * @param limits the most levels of each
   * @return the levels of each column in natural order
   * @throws IllegalArgumentException if a column has more levels than its limit
   */
  static List<List<String>> read(
      Rows rows, List<String> columns, List<Integer> limits, Execution execution) {
    try (RowReader reader = rows.read(List.of(), columns)) {
      int[] codes = new int[0];
      long done = 0;
      for (RowBlock block = reader.next(); block != null; block = reader.next()) {
        if (execution.cancellation().isCancelled()) {
          throw new CancellationException("cancelled while levels were read");
        }
        int count = block.rows();
        codes = codes.length < count ? new int[count] : codes;
        done += count;
        for (int c = 0; c < columns.size(); c++) {
          block.readCodes(c, 0, count, codes, 0);
          int levels = 0;
          for (int i = 0; i < count; i++) {
            levels = Math.max(levels, codes[i] + 1);
          }
          if (levels > limits.get(c)) {
            throw new IllegalArgumentException(
                "'"
                    + columns.get(c)
                    + "' has at least "
                    + levels
                    + " levels in the first "
                    + done
                    + " rows, but at most "
                    + limits.get(c)
                    + " can be told apart: is it a name or a number of each row?");
          }
        }
        block.release();
        execution.listener().progress(done, rows.count());
      }
      List<List<String>> levels = new ArrayList<>();
      for (int c = 0; c < columns.size(); c++) {
        levels.add(reader.levels(c).stream().sorted(NaturalOrder.COMPARATOR).toList());
      }
      return levels;
    }
  }
}
