package org.nabla4j.cpu.regression;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nabla4j.cpu.codegen.KernelCompiler;
import org.nabla4j.cpu.codegen.MapLayout;
import org.nabla4j.cpu.codegen.Procedure;
import org.nabla4j.cpu.codegen.RowLoops;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.Op;
import org.nabla4j.program.Program;
import org.nabla4j.program.ProgramCompiler;
import org.nabla4j.program.ProgramInputs;
import org.nabla4j.regression.Design;
import org.nabla4j.regression.DesignColumn;
import org.nabla4j.regression.DesignColumn.Indicator;

/**
 * A design, compiled: where each column of a block of rows comes from, where it lies in the tile,
 * and the code that computes those that are expressions.
 *
 * <p>The tile of a thread holds columns of {@link #stride()} elements: first what is looked through
 * for missing values, which are columns of the table, values that indicators are multiplied with,
 * weight, offset, X and Y, then the low parts that double-double needs. Behind the last row of a
 * block all of them are 0.
 */
final class DesignProgram {

  /** Rows are padded to a multiple of the most lanes that there are. */
  static final int PADDING = 8;

  /** Elements that are looked through at a time. */
  private static final int CHECKED = 4 * PADDING;

  /** Rows for which expressions are computed at a time. */
  private static final int PIECE = 256;

  private static final double[] NONE = {};

  /** What a column is. */
  enum Kind {
    /** 1 in all rows. */
    ONES,
    /** A column of the table. */
    SOURCE,
    /** An expression. */
    COMPUTED,
    /** 1, a column of the table or an expression, where all indicators hold, and 0 elsewhere. */
    INDICATED
  }

  /**
   * A column of X, or a response.
   *
   * @param kind what it is
   * @param name for messages
   * @param place first element of its values in the tile
   * @param low first element of the low parts, or −1
   * @param shift element of the number that is subtracted
   * @param number of a SOURCE the column of the table
   * @param value of an INDICATED column the first element of its value, −1 for 1
   * @param valueLow first element of the value's low parts, or −1
   * @param indicators levels for which the column is not 0
   */
  record BlockColumn(
      Kind kind,
      String name,
      int place,
      int low,
      int shift,
      int number,
      int value,
      int valueLow,
      List<Indicator> indicators) {}

  /**
   * A column that may hold NaN.
   *
   * @param place first element
   * @param name for messages
   * @param read whether it was read, and not computed
   */
  record Checked(int place, String name, boolean read) {}

  private final Design design;
  private final RowLoops loops;
  private final boolean exact;
  private final int rows;
  private final int stride;
  private final int[] sources;
  private final List<BlockColumn> columns = new ArrayList<>();
  private final List<BlockColumn> responses = new ArrayList<>();
  private final Map<Expression, int[]> values = new LinkedHashMap<>();
  private final List<Expression> computed = new ArrayList<>();
  private final List<MapLayout.Output> outputs = new ArrayList<>();
  private final List<Checked> checked = new ArrayList<>();
  private final int checkedFrom;
  private final int checkedTo;
  private final int x;
  private final int xLow;
  private final int weight;
  private final int offset;
  private final int response;
  private final int zeros;
  private final Procedure map;
  private int end;

  /**
   * Compiles.
   *
   * @param design what is computed
   * @param compiler of the code
   * @param exact whether in double-double
   * @param rows most rows of a block, a multiple of {@link #PADDING}
   */
  DesignProgram(Design design, KernelCompiler compiler, boolean exact, int rows) {
    this.design = design;
    this.loops = compiler.rowLoops();
    this.exact = exact;
    this.rows = rows;
    // not a power of two: columns would share the sets of the cache
    this.stride = rows + PADDING;
    int width = design.width();
    int both = width + design.responses().size();
    end = padded(both, PADDING);
    checkedFrom = end;
    sources = sources();
    findValues();
    weight = plain(design.weight(), "weight");
    offset = plain(design.offset(), "offset");
    response = design.responses().isEmpty() ? -1 : firstResponse(design.responses().get(0));
    x = take(both);
    end = checkedFrom + padded(end - checkedFrom, CHECKED);
    checkedTo = end;
    xLow = exact ? take(both) : -1;
    zeros = take(1);
    for (int j = 0; j < both; j++) {
      int place = x + j * stride;
      int low = exact ? xLow + j * stride : -1;
      if (j < width) {
        DesignColumn c = design.columns().get(j);
        columns.add(column(c.name(), c.value(), c.indicators(), place, low, j));
      } else {
        Expression y = design.responses().get(j - width);
        responses.add(column(y.toString(), y, List.of(), place, low, j));
      }
    }
    map = computed.isEmpty() ? null : compile(compiler);
  }

  private static int padded(int count, int to) {
    return (count + to - 1) / to * to;
  }

  private Procedure compile(KernelCompiler compiler) {
    List<Integer> inputs = new ArrayList<>();
    for (int source : sources) {
      // an input that no expression reads is never asked for
      inputs.add(Math.max(source, 0));
    }
    Program program =
        ProgramCompiler.compile(
            computed,
            new ProgramInputs(List.of(), List.of(), design.numbers(), List.of()),
            new ProgramCompiler.Options(KernelCompiler.hasFma(), true));
    return compiler.map(program, new MapLayout(inputs, outputs, exact, end));
  }

  private int take(int count) {
    int start = end;
    end = Math.addExact(end, Math.multiplyExact(count, stride));
    return start;
  }

  /** Places for columns of the table that have to be in the tile as they are; −1 for others. */
  private int[] sources() {
    int count = design.numbers().size();
    boolean[] direct = new boolean[count];
    boolean[] needed = new boolean[count];
    for (DesignColumn c : design.columns()) {
      use(c.value(), c.indicators().isEmpty() ? direct : needed, needed);
    }
    design.responses().forEach(y -> use(y, direct, needed));
    if (design.weight() != null) {
      use(design.weight(), needed, needed);
    }
    if (design.offset() != null) {
      use(design.offset(), needed, needed);
    }
    int[] places = new int[count];
    for (int s = 0; s < count; s++) {
      // what nothing reads has to be looked through too
      boolean copied = needed[s] || !direct[s];
      places[s] = copied ? take(1) : -1;
      if (copied) {
        checked.add(new Checked(places[s], design.numbers().get(s), true));
      }
    }
    return places;
  }

  private void use(Expression value, boolean[] asSymbol, boolean[] inExpression) {
    if (value.op() == Op.SYMBOL) {
      asSymbol[number(value.name())] = true;
    } else {
      value.symbols().forEach(s -> inExpression[number(s)] = true);
    }
  }

  private int number(String symbol) {
    int index = design.numbers().indexOf(symbol);
    if (index < 0) {
      throw new IllegalArgumentException(
          "'" + symbol + "' is not among the design's numbers " + design.numbers());
    }
    return index;
  }

  /** Computes what indicators are multiplied with. */
  private void findValues() {
    List<int[]> places = new ArrayList<>();
    for (DesignColumn c : design.columns()) {
      Expression v = c.value();
      if (!c.indicators().isEmpty() && v.op() != Op.SYMBOL && !isOne(v)) {
        values.computeIfAbsent(
            v,
            k -> {
              int[] place = {take(1), -1};
              places.add(place);
              checked.add(new Checked(place[0], c.name(), false));
              return place;
            });
      }
    }
    if (exact) {
      places.forEach(place -> place[1] = take(1));
    }
    values.forEach(
        (v, place) -> {
          computed.add(v);
          outputs.add(new MapLayout.Output(place[0], place[1], -1));
        });
  }

  private static boolean isOne(Expression value) {
    return value.equals(Expression.constant(1));
  }

  /** A column in double, not shifted: one of the table, or computed, or −1 for null. */
  private int plain(Expression value, String name) {
    if (value == null) {
      return -1;
    }
    if (value.op() == Op.SYMBOL && sources[number(value.name())] >= 0) {
      return sources[number(value.name())];
    }
    int place = take(1);
    if (value.op() != Op.SYMBOL) {
      computed.add(value);
      outputs.add(new MapLayout.Output(place, -1, -1));
      checked.add(new Checked(place, name, false));
    }
    return place;
  }

  private BlockColumn column(
      String name, Expression value, List<Indicator> indicators, int place, int low, int shift) {
    if (!indicators.isEmpty()) {
      int[] from = {-1, -1};
      if (value.op() == Op.SYMBOL) {
        from[0] = sources[number(value.name())];
      } else if (!isOne(value)) {
        from = values.get(value);
      }
      return new BlockColumn(
          Kind.INDICATED, name, place, low, shift, -1, from[0], from[1], indicators);
    }
    if (isOne(value)) {
      return new BlockColumn(Kind.ONES, name, place, low, shift, -1, -1, -1, indicators);
    }
    if (value.op() == Op.SYMBOL) {
      checked.add(new Checked(place, value.name(), true));
      int number = number(value.name());
      return new BlockColumn(Kind.SOURCE, name, place, low, shift, number, -1, -1, indicators);
    }
    computed.add(value);
    outputs.add(new MapLayout.Output(place, low, shift));
    checked.add(new Checked(place, name, false));
    return new BlockColumn(Kind.COMPUTED, name, place, low, shift, -1, -1, -1, indicators);
  }

  Design design() {
    return design;
  }

  RowLoops loops() {
    return loops;
  }

  /** Whether values are in double-double. */
  boolean isExact() {
    return exact;
  }

  /** Most rows of a block. */
  int rows() {
    return rows;
  }

  int stride() {
    return stride;
  }

  List<BlockColumn> columns() {
    return columns;
  }

  List<BlockColumn> responses() {
    return responses;
  }

  private int firstResponse(Expression y) {
    return plain(y, y.toString());
  }

  /** First element of each of the table's columns, −1 where it is not needed as it is. */
  int[] sourcePlaces() {
    return sources;
  }

  /** First element of X; its columns, and those of Y behind them, lie one after the other. */
  int x() {
    return x;
  }

  /** First element of the low parts of X and Y. */
  int xLow() {
    return xLow;
  }

  /** First element of the prior weight, or −1. */
  int weight() {
    return weight;
  }

  /** First element of the offset, or −1. */
  int offset() {
    return offset;
  }

  /** First element of the first response, not shifted, or −1. */
  int response() {
    return response;
  }

  /** The column of the table that has to be copied for {@link #response()}, or −1. */
  int responseNumber() {
    if (responses.isEmpty() || responses.get(0).kind() != Kind.SOURCE) {
      return -1;
    }
    int number = responses.get(0).number();
    return sources[number] < 0 ? number : -1;
  }

  /** First element of a column that is 0. */
  int zeros() {
    return zeros;
  }

  /** What may hold NaN, read before computed. */
  List<Checked> checked() {
    return checked;
  }

  /** First element that is looked through for missing values. */
  int checkedFrom() {
    return checkedFrom;
  }

  /** End of what is looked through. */
  int checkedTo() {
    return checkedTo;
  }

  /** Code that computes all expressions, or null. */
  Procedure map() {
    return map;
  }

  /**
   * Runs code over the rows of a block, a piece at a time: what it reads and writes stays in the
   * first-level cache, and the JVM, which counts calls, compiles it sooner.
   *
   * @param code what to run, or null for nothing
   * @param tile modified
   * @param padded rows, to a whole number of vectors
   */
  void map(Procedure code, double[] tile, int padded) {
    for (int from = 0; code != null && from < padded; from += PIECE) {
      code.run(tile, NONE, NONE, from, Math.min(from + PIECE, padded));
    }
  }

  /** Elements of the tile up to here, for the code that computes expressions too. */
  int end() {
    return map == null ? end : Math.max(end, map.facts().tileSize());
  }
}
