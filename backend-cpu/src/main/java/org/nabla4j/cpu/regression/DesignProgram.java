package org.nabla4j.cpu.regression;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nabla4j.cpu.codegen.KernelCompiler;
import org.nabla4j.cpu.codegen.MapLayout;
import org.nabla4j.cpu.codegen.Procedure;
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
 * <p>The tile of a thread holds, each {@link #stride()} elements long: the columns of X, of Y,
 * values that indicators are multiplied with, the table's own columns, the weight, the offset and
 * the first response as it is; in double-double the low parts of X, Y and the values too. Behind
 * the last row of a block all columns of X, Y and the weight are 0 up to a whole number of vectors.
 */
final class DesignProgram {

  /** Rows are padded to a multiple of the most lanes that there are. */
  static final int PADDING = 8;

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
   * @param source first element of the table's column or of the value, −1 for 1
   * @param sourceLow first element of the value's low part, or −1
   * @param indicators levels for which the column is not 0
   */
  record BlockColumn(
      Kind kind,
      String name,
      int place,
      int low,
      int shift,
      int source,
      int sourceLow,
      List<Indicator> indicators) {}

  private final Design design;
  private final boolean exact;
  private final int rows;
  private final int stride;
  private final int sources;
  private final List<BlockColumn> columns = new ArrayList<>();
  private final List<BlockColumn> responses = new ArrayList<>();
  private final Map<Expression, int[]> values = new LinkedHashMap<>();
  private final List<Expression> computed = new ArrayList<>();
  private final List<MapLayout.Output> outputs = new ArrayList<>();
  private final List<String> outputNames = new ArrayList<>();
  private final int weight;
  private final int offset;
  private final int response;
  private final Procedure map;
  private int end;

  /**
   * Compiles.
   *
   * @param design what is computed
   * @param compiler of the code
   * @param exact whether in double-double
   * @param rows most rows of a block
   */
  DesignProgram(Design design, KernelCompiler compiler, boolean exact, int rows) {
    this.design = design;
    this.exact = exact;
    this.rows = rows;
    // not a power of two: columns would share the sets of the cache
    this.stride = (rows + PADDING - 1) / PADDING * PADDING + PADDING;
    int shifts = design.width() + design.responses().size();
    end = (shifts + PADDING - 1) / PADDING * PADDING;
    int x = take(design.width());
    int xLow = exact ? take(design.width()) : -1;
    int y = take(design.responses().size());
    int yLow = exact ? take(design.responses().size()) : -1;
    sources = take(design.numbers().size());
    for (int j = 0; j < design.width(); j++) {
      DesignColumn c = design.columns().get(j);
      int low = exact ? xLow + j * stride : -1;
      columns.add(column(c.name(), c.value(), c.indicators(), x + j * stride, low, j));
    }
    for (int k = 0; k < design.responses().size(); k++) {
      int low = exact ? yLow + k * stride : -1;
      responses.add(
          column(
              design.responses().get(k).toString(),
              design.responses().get(k),
              List.of(),
              y + k * stride,
              low,
              design.width() + k));
    }
    weight = plain(design.weight(), "weight");
    offset = plain(design.offset(), "offset");
    response =
        design.responses().isEmpty() ? -1 : plain(design.responses().get(0), "first response");
    List<Integer> inputs = new ArrayList<>();
    for (int s = 0; s < design.numbers().size(); s++) {
      inputs.add(source(s));
    }
    if (computed.isEmpty()) {
      map = null;
    } else {
      Program program =
          ProgramCompiler.compile(
              computed,
              new ProgramInputs(List.of(), List.of(), design.numbers(), List.of()),
              new ProgramCompiler.Options(KernelCompiler.hasFma(), true));
      map = compiler.map(program, new MapLayout(inputs, outputs, exact, end));
    }
  }

  private int take(int count) {
    int start = end;
    end = Math.addExact(end, Math.multiplyExact(count, stride));
    return start;
  }

  private BlockColumn column(
      String name, Expression value, List<Indicator> indicators, int place, int low, int shift) {
    boolean one = value.equals(Expression.constant(1));
    if (!indicators.isEmpty()) {
      int[] from = one ? new int[] {-1, -1} : value(value, name);
      return new BlockColumn(Kind.INDICATED, name, place, low, shift, from[0], from[1], indicators);
    }
    if (one) {
      return new BlockColumn(Kind.ONES, name, place, low, shift, -1, -1, indicators);
    }
    if (value.op() == Op.SYMBOL) {
      int from = source(sourceIndex(value));
      return new BlockColumn(Kind.SOURCE, name, place, low, shift, from, -1, indicators);
    }
    compute(value, name, place, low, shift);
    return new BlockColumn(Kind.COMPUTED, name, place, low, shift, -1, -1, indicators);
  }

  /** A value as it is, for indicators to be multiplied with. */
  private int[] value(Expression value, String name) {
    if (value.op() == Op.SYMBOL) {
      return new int[] {source(sourceIndex(value)), -1};
    }
    return values.computeIfAbsent(
        value,
        v -> {
          int high = take(1);
          int low = exact ? take(1) : -1;
          compute(v, name, high, low, -1);
          return new int[] {high, low};
        });
  }

  /** A column in double, not shifted: one of the table, or computed, or −1 for null. */
  private int plain(Expression value, String name) {
    if (value == null) {
      return -1;
    }
    if (value.op() == Op.SYMBOL) {
      return source(sourceIndex(value));
    }
    int place = take(1);
    compute(value, name, place, -1, -1);
    return place;
  }

  private void compute(Expression value, String name, int high, int low, int shift) {
    computed.add(value);
    outputs.add(new MapLayout.Output(high, low, shift));
    outputNames.add(name);
  }

  private int sourceIndex(Expression symbol) {
    int index = design.numbers().indexOf(symbol.name());
    if (index < 0) {
      throw new IllegalArgumentException(
          "'" + symbol.name() + "' is not among the design's numbers " + design.numbers());
    }
    return index;
  }

  /** First element of a column of the table. */
  int source(int number) {
    return sources + number * stride;
  }

  Design design() {
    return design;
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

  /** First element of X; its columns lie one after the other. */
  int x() {
    return columns.isEmpty() ? 0 : columns.get(0).place();
  }

  /** First element of the low parts of X. */
  int xLow() {
    return columns.isEmpty() ? 0 : columns.get(0).low();
  }

  /** First element of Y; its columns lie one after the other. */
  int y() {
    return responses.isEmpty() ? 0 : responses.get(0).place();
  }

  /** First element of the low parts of Y. */
  int yLow() {
    return responses.isEmpty() ? 0 : responses.get(0).low();
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

  /** Columns that are computed, one for each name. */
  List<MapLayout.Output> outputs() {
    return outputs;
  }

  /** What messages call the columns that are computed. */
  List<String> outputNames() {
    return outputNames;
  }

  /** Code that computes all expressions, or null. */
  Procedure map() {
    return map;
  }

  /** Elements of the tile up to here, for the code that computes expressions too. */
  int end() {
    return map == null ? end : Math.max(end, map.facts().tileSize());
  }
}
