package org.nabla4j.cpu.regression;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.nabla4j.cpu.codegen.RowLoops;
import org.nabla4j.cpu.regression.DesignProgram.BlockColumn;
import org.nabla4j.cpu.regression.DesignProgram.Checked;
import org.nabla4j.cpu.regression.DesignProgram.Kind;
import org.nabla4j.cpu.regression.OrderedBlocks.Levels;
import org.nabla4j.data.RowBlock;
import org.nabla4j.data.RowException;
import org.nabla4j.regression.Design;
import org.nabla4j.regression.DesignColumn.Indicator;

/**
 * Some rows of the design, of one thread: X and Y less their shifts, the weight, the offset, the
 * first response and the clusters, without the rows in which something is missing.
 */
final class DesignBlock {

  private final DesignProgram program;
  private final RowLoops loops;
  private final Design design;
  private final String table;
  private final boolean needsResponse;
  private final double[] tile;
  private final double[] found;
  private final int[][] codes;
  private final int[][] levelOfCode;
  private final List<Map<String, Integer>> levelOfLabel = new ArrayList<>();
  private final int[] kept;
  private final boolean[] missing;
  private boolean allKept;
  private int rows;

  /**
   * Allocates.
   *
   * @param pass what is computed; its shifts are subtracted, but from columns of ones
   * @param table name of the table, for messages
   */
  DesignBlock(PassProgram pass, String table) {
    this.program = pass.design();
    this.loops = program.loops();
    this.design = program.design();
    this.table = table;
    needsResponse = pass.needsResponse();
    tile = new double[Math.max(pass.end(), program.end())];
    found = new double[loops.lanes()];
    double[] shift = pass.pass().shift();
    if (shift != null) {
      System.arraycopy(shift, 0, tile, 0, shift.length);
      for (BlockColumn c : program.columns()) {
        if (c.kind() == Kind.ONES) {
          tile[c.shift()] = 0;
        }
      }
    }
    int categories = design.categories().size();
    codes = new int[categories][program.rows()];
    levelOfCode = new int[categories][0];
    for (List<String> labels : design.levels()) {
      Map<String, Integer> known = new HashMap<>();
      for (int l = 0; l < labels.size(); l++) {
        known.putIfAbsent(labels.get(l), l);
      }
      levelOfLabel.add(known);
    }
    kept = new int[program.rows()];
    missing = new boolean[program.rows()];
    Arrays.setAll(kept, i -> i);
    allKept = true;
  }

  /** The memory in which everything lies where the program says. */
  double[] tile() {
    return tile;
  }

  /** Rows without those that were left out. */
  int rows() {
    return rows;
  }

  /** Rows up to a whole number of vectors. */
  int padded() {
    return (rows + DesignProgram.PADDING - 1) / DesignProgram.PADDING * DesignProgram.PADDING;
  }

  /** Place of each row among those that were read. */
  int[] kept() {
    return kept;
  }

  /** Cluster of each row, or null without clusters. */
  int[] clusters() {
    return design.cluster() < 0 ? null : codes[design.cluster()];
  }

  /**
   * Reads rows and computes what the design says.
   *
   * @param block holds them
   * @param from first row within the block
   * @param count rows, at most {@link DesignProgram#rows()}
   * @param levels of the reader
   * @throws RowException if something is missing that is not to be left out, a level is unknown or
   *     a weight is not a weight
   */
  void load(RowBlock block, int from, int count, Levels levels) {
    rows = count;
    if (!allKept) {
      Arrays.setAll(kept, i -> i);
      allKept = true;
    }
    long firstRow = block.firstRow() + from;
    block.readAll(from, count, tile, program.sourcePlaces());
    if (needsResponse && program.responseNumber() >= 0) {
      block.read(program.responseNumber(), from, count, tile, program.response());
    }
    boolean any = false;
    for (int c = 0; c < codes.length; c++) {
      block.readCodes(c, from, count, codes[c], 0);
      any |= translate(c, count, firstRow, levels);
    }
    // what lies behind the last row is computed too, and then set to 0
    program.map(program.map(), tile, padded());
    for (BlockColumn c : program.columns()) {
      fill(c, block, from);
    }
    for (BlockColumn c : program.responses()) {
      fill(c, block, from);
    }
    clearBehind();
    int checked = program.checkedTo() - program.checkedFrom();
    loops.notFinite(tile, program.checkedFrom(), checked, found);
    for (double f : found) {
      any |= f != 0;
    }
    if (any) {
      keep(firstRow);
    }
    checkWeights(firstRow);
  }

  /** Sets what lies behind the last row to 0. */
  private void clearBehind() {
    if (rows < program.rows()) {
      for (int p = program.checkedFrom(); p + program.stride() <= program.checkedTo(); ) {
        Arrays.fill(tile, p + rows, p + program.stride(), 0);
        p += program.stride();
      }
      if (program.isExact()) {
        int columns = program.columns().size() + program.responses().size();
        for (int j = 0; j < columns; j++) {
          int p = program.xLow() + j * program.stride();
          Arrays.fill(tile, p + rows, p + program.stride(), 0);
        }
      }
    }
  }

  /** From codes of the reader to levels of the design; true if any is missing. */
  private boolean translate(int category, int count, long firstRow, Levels levels) {
    boolean known = category == design.cluster() && design.levels().get(category).isEmpty();
    int[] own = codes[category];
    boolean any = false;
    for (int i = 0; i < count; i++) {
      any |= own[i] < 0;
      if (own[i] >= 0 && !known) {
        if (own[i] >= levelOfCode[category].length) {
          levelOfCode[category] = levelsOfCodes(category, levels.of(category));
        }
        int level = levelOfCode[category][own[i]];
        if (level < 0) {
          throw new RowException(
              row(firstRow + i)
                  + "'"
                  + design.categories().get(category)
                  + "' is '"
                  + levels.of(category).get(own[i])
                  + "', expected one of "
                  + design.levels().get(category));
        }
        own[i] = level;
      }
    }
    return any;
  }

  private int[] levelsOfCodes(int category, List<String> labels) {
    Map<String, Integer> known = levelOfLabel.get(category);
    int[] result = new int[labels.size()];
    for (int c = 0; c < result.length; c++) {
      result[c] = known.getOrDefault(labels.get(c), -1);
    }
    return result;
  }

  private void fill(BlockColumn c, RowBlock block, int from) {
    switch (c.kind()) {
      case ONES -> Arrays.fill(tile, c.place(), c.place() + rows, 1);
      case SOURCE -> subtract(c, block, from);
      case INDICATED -> indicate(c, tile[c.shift()]);
      case COMPUTED -> {}
    }
  }

  private void subtract(BlockColumn c, RowBlock block, int from) {
    double shift = tile[c.shift()];
    double[] array = block.arrayOrNull(c.number());
    if (array == null) {
      block.read(c.number(), from, rows, tile, c.place());
      subtract(c, tile, c.place(), shift, padded());
    } else {
      int first = block.base(c.number()) + from;
      int whole = rows - rows % loops.lanes();
      subtract(c, array, first, shift, whole);
      for (int i = whole; i < rows; i++) {
        double value = array[first + i];
        tile[c.place() + i] = value - shift;
        if (c.low() >= 0) {
          tile[c.low() + i] = lowOfDifference(value, shift);
        }
      }
    }
  }

  private void subtract(BlockColumn c, double[] source, int first, double shift, int count) {
    if (c.low() >= 0) {
      loops.exactSubtract(source, first, tile, c.place(), c.low(), count, shift);
    } else {
      loops.subtract(source, first, tile, c.place(), count, shift);
    }
  }

  private void indicate(BlockColumn c, double shift) {
    for (int i = 0; i < rows; i++) {
      double high = c.value() < 0 ? 1 : tile[c.value() + i];
      double low = c.valueLow() < 0 ? 0 : tile[c.valueLow() + i];
      if (!Double.isNaN(high)) {
        for (Indicator indicator : c.indicators()) {
          if (codes[indicator.category()][i] != indicator.level()) {
            high = 0;
            low = 0;
          }
        }
      }
      double difference = high - shift;
      if (c.low() >= 0) {
        double rest = lowOfDifference(high, shift) + low;
        double sum = difference + rest;
        tile[c.low() + i] = Double.isFinite(sum) ? rest - (sum - difference) : 0;
        difference = Double.isFinite(sum) ? sum : difference;
      }
      tile[c.place() + i] = difference;
    }
  }

  /** What a − b has beyond its nearest double; 0 where that is not finite. */
  private static double lowOfDifference(double a, double b) {
    double difference = a - b;
    double part = difference - a;
    double low = (a - (difference - part)) - (b + part);
    return Double.isFinite(low) ? low : 0;
  }

  // ---- rows with something missing

  private void keep(long firstRow) {
    Arrays.fill(missing, 0, rows, false);
    boolean any = false;
    for (int[] code : codes) {
      for (int i = 0; i < rows; i++) {
        missing[i] |= code[i] < 0;
        any |= code[i] < 0;
      }
    }
    for (Checked c : program.checked()) {
      any |= markNaN(c.place());
    }
    if (any) {
      if (!design.omitMissing()) {
        refuse(firstRow);
      }
      compact();
      clearBehind();
    }
  }

  private boolean markNaN(int place) {
    boolean any = false;
    for (int i = 0; i < rows; i++) {
      if (Double.isNaN(tile[place + i])) {
        missing[i] = true;
        any = true;
      }
    }
    return any;
  }

  private void compact() {
    int count = 0;
    for (int i = 0; i < rows; i++) {
      if (!missing[i]) {
        kept[count++] = i;
      }
    }
    int columns = (program.checkedTo() - program.checkedFrom()) / program.stride();
    for (int c = 0; c < columns; c++) {
      move(program.checkedFrom() + c * program.stride(), count);
    }
    if (program.isExact()) {
      columns = program.columns().size() + program.responses().size();
      for (int c = 0; c < columns; c++) {
        move(program.xLow() + c * program.stride(), count);
      }
    }
    if (design.cluster() >= 0) {
      int[] cluster = codes[design.cluster()];
      for (int i = 0; i < count; i++) {
        cluster[i] = cluster[kept[i]];
      }
    }
    rows = count;
    allKept = false;
  }

  private void move(int place, int count) {
    for (int i = 0; i < count; i++) {
      tile[place + i] = tile[place + kept[i]];
    }
  }

  private void refuse(long firstRow) {
    int i = 0;
    while (!missing[i]) {
      i++;
    }
    for (Checked c : program.checked()) {
      if (c.read() && Double.isNaN(tile[c.place() + i])) {
        throw new RowException(row(firstRow + i) + "'" + c.name() + "' is missing");
      }
    }
    for (int c = 0; c < codes.length; c++) {
      if (codes[c][i] < 0) {
        throw new RowException(
            row(firstRow + i) + "'" + design.categories().get(c) + "' is missing");
      }
    }
    for (Checked c : program.checked()) {
      if (Double.isNaN(tile[c.place() + i])) {
        throw new RowException(row(firstRow + i) + "'" + c.name() + "' is not a number");
      }
    }
    throw new IllegalStateException("row " + i + " of a block is marked as missing");
  }

  private void checkWeights(long firstRow) {
    if (program.weight() >= 0) {
      for (int i = 0; i < rows; i++) {
        double w = tile[program.weight() + i];
        if (!(w >= 0 && w <= Double.MAX_VALUE)) {
          throw new RowException(
              row(firstRow + kept[i]) + "the weight is " + w + ", expected finite and >= 0");
        }
      }
    }
  }

  private String row(long index) {
    return "row " + (index + 1) + " of " + table + ": ";
  }
}
