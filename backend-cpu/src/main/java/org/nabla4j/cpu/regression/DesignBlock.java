package org.nabla4j.cpu.regression;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.nabla4j.cpu.regression.DesignProgram.BlockColumn;
import org.nabla4j.cpu.regression.DesignProgram.Kind;
import org.nabla4j.cpu.regression.OrderedBlocks.Levels;
import org.nabla4j.data.RowBlock;
import org.nabla4j.data.RowException;
import org.nabla4j.regression.Design;
import org.nabla4j.regression.DesignColumn.Indicator;
import org.nabla4j.regression.RowPass;

/**
 * Some rows of the design, of one thread: X and Y less their shifts, the weight, the offset, the
 * first response and the clusters, without the rows in which something is missing.
 */
final class DesignBlock {

  private static final double[] NONE = {};

  private final DesignProgram program;
  private final Design design;
  private final String table;
  private final double[] tile;
  private final int[][] codes;
  private final int[][] levelOfCode;
  private final List<Map<String, Integer>> levelOfLabel = new ArrayList<>();
  private final int[] kept;
  private final int[] movedColumns;
  private final boolean[] missing;
  private int rows;

  /**
   * Allocates.
   *
   * @param program what is computed
   * @param table name of the table, for messages
   * @param pass its shifts are subtracted, but from columns of ones
   * @param tileSize elements of the tile
   */
  DesignBlock(DesignProgram program, String table, RowPass pass, int tileSize) {
    this.program = program;
    this.design = program.design();
    this.table = table;
    tile = new double[Math.max(tileSize, program.end())];
    double[] shift = pass.shift();
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
    movedColumns = movedColumns();
  }

  private int[] movedColumns() {
    List<Integer> places = new ArrayList<>();
    List<BlockColumn> all = new ArrayList<>(program.columns());
    all.addAll(program.responses());
    for (BlockColumn c : all) {
      places.add(c.place());
      if (c.low() >= 0) {
        places.add(c.low());
      }
    }
    for (int place : new int[] {program.weight(), program.offset(), program.response()}) {
      if (place >= 0) {
        places.add(place);
      }
    }
    return places.stream().mapToInt(Integer::intValue).distinct().toArray();
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
    for (int s = 0; s < design.numbers().size(); s++) {
      block.read(s, from, count, tile, program.source(s));
    }
    for (int c = 0; c < codes.length; c++) {
      block.readCodes(c, from, count, codes[c], 0);
      translate(c, count, block.firstRow() + from, levels);
    }
    rows = count;
    compute();
    keep(block.firstRow() + from);
    for (int place : movedColumns) {
      Arrays.fill(tile, place + rows, place + padded(), 0);
    }
    checkWeights(block.firstRow() + from);
  }

  /** From codes of the reader to levels of the design. */
  private void translate(int category, int count, long firstRow, Levels levels) {
    if (category == design.cluster() && design.levels().get(category).isEmpty()) {
      return;
    }
    int[] own = codes[category];
    for (int i = 0; i < count; i++) {
      if (own[i] >= 0) {
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
  }

  private int[] levelsOfCodes(int category, List<String> labels) {
    Map<String, Integer> known = levelOfLabel.get(category);
    int[] result = new int[labels.size()];
    for (int c = 0; c < result.length; c++) {
      result[c] = known.getOrDefault(labels.get(c), -1);
    }
    return result;
  }

  private void compute() {
    int padded = padded();
    if (program.map() != null) {
      // what lies behind the last row is computed too, and then set to 0
      program.map().run(tile, NONE, NONE, 0, padded);
    }
    program.columns().forEach(this::fill);
    program.responses().forEach(this::fill);
  }

  private void fill(BlockColumn c) {
    double shift = tile[c.shift()];
    switch (c.kind()) {
      case ONES -> Arrays.fill(tile, c.place(), c.place() + rows, 1);
      case SOURCE -> subtract(c, shift);
      case INDICATED -> indicate(c, shift);
      case COMPUTED -> {}
    }
  }

  private void subtract(BlockColumn c, double shift) {
    int from = c.source();
    int to = c.place();
    for (int i = 0; i < rows; i++) {
      tile[to + i] = tile[from + i] - shift;
    }
    if (c.low() >= 0) {
      for (int i = 0; i < rows; i++) {
        tile[c.low() + i] = lowOfDifference(tile[from + i], shift);
      }
    }
  }

  private void indicate(BlockColumn c, double shift) {
    for (int i = 0; i < rows; i++) {
      double high = c.source() < 0 ? 1 : tile[c.source() + i];
      double low = c.sourceLow() < 0 ? 0 : tile[c.sourceLow() + i];
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
    for (int s = 0; s < design.numbers().size(); s++) {
      any |= markNaN(program.source(s));
    }
    for (int[] code : codes) {
      for (int i = 0; i < rows; i++) {
        missing[i] |= code[i] < 0;
        any |= code[i] < 0;
      }
    }
    for (int k = 0; k < program.outputs().size(); k++) {
      any |= markNaN(program.outputs().get(k).high());
    }
    if (!any) {
      for (int i = 0; i < rows; i++) {
        kept[i] = i;
      }
      return;
    }
    if (!design.omitMissing()) {
      refuse(firstRow);
    }
    compact();
  }

  private boolean markNaN(int place) {
    boolean any = false;
    for (int i = 0; i < rows; i++) {
      double v = tile[place + i];
      if (v != v) {
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
    for (int place : movedColumns) {
      for (int i = 0; i < count; i++) {
        tile[place + i] = tile[place + kept[i]];
      }
    }
    if (design.cluster() >= 0) {
      int[] cluster = codes[design.cluster()];
      for (int i = 0; i < count; i++) {
        cluster[i] = cluster[kept[i]];
      }
    }
    rows = count;
  }

  private void refuse(long firstRow) {
    int i = 0;
    while (!missing[i]) {
      i++;
    }
    for (int s = 0; s < design.numbers().size(); s++) {
      if (Double.isNaN(tile[program.source(s) + i])) {
        throw new RowException(row(firstRow + i) + "'" + design.numbers().get(s) + "' is missing");
      }
    }
    for (int c = 0; c < codes.length; c++) {
      if (codes[c][i] < 0) {
        throw new RowException(
            row(firstRow + i) + "'" + design.categories().get(c) + "' is missing");
      }
    }
    for (int k = 0; k < program.outputs().size(); k++) {
      if (Double.isNaN(tile[program.outputs().get(k).high() + i])) {
        throw new RowException(
            row(firstRow + i) + "'" + program.outputNames().get(k) + "' is not a number");
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
