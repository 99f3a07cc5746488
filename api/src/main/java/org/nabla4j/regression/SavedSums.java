package org.nabla4j.regression;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.Op;

/**
 * A design and sums over rows as bytes, big-endian: the mark {@code n4jR}, a version, the
 * precision, the design, the shift, the numbers of rows, the high and the low parts of the sums.
 * Lists and texts (UTF-8) begin with their length; an expression is the list of its nodes,
 * arguments first, each the name of its operation, then the number, the symbol's name or the places
 * of its arguments.
 */
final class SavedSums {

  private static final int MARK = 0x6e346a52;
  private static final int VERSION = 1;

  private final Design design;
  private final RowPass.Precision precision;
  private final double[] shift;
  private final RowSums sums;

  private SavedSums(Design design, RowPass.Precision precision, double[] shift, RowSums sums) {
    this.design = design;
    this.precision = precision;
    this.shift = shift;
    this.sums = sums;
  }

  /** The design, with its offset. */
  Design design() {
    return design;
  }

  /** In what the sums were made. */
  RowPass.Precision precision() {
    return precision;
  }

  /** What the pass subtracted, or null; the array itself. */
  double[] shift() {
    return shift;
  }

  /** The sums, without clusters and scores. */
  RowSums sums() {
    return sums;
  }

  static byte[] write(Design design, RowPass.Precision precision, double[] shift, RowSums sums) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      DataOutputStream out = new DataOutputStream(bytes);
      out.writeInt(MARK);
      out.writeInt(VERSION);
      text(out, precision.name());
      design(out, design);
      numbers(out, shift == null ? new double[0] : shift);
      out.writeLong(sums.rows());
      out.writeLong(sums.omitted());
      numbers(out, sums.high());
      numbers(out, sums.low());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static SavedSums read(byte[] bytes) {
    try {
      return read(new DataInputStream(new ByteArrayInputStream(bytes)));
    } catch (EOFException e) {
      throw new IllegalArgumentException(
          "bytes are not what toBytes() of an accumulator wrote: all "
              + bytes.length
              + " of them end too early",
          e);
    } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new IllegalArgumentException(
          "bytes are not what toBytes() of an accumulator wrote: " + e.getMessage(), e);
    }
  }

  private static SavedSums read(DataInputStream in) throws IOException {
    if (in.readInt() != MARK) {
      throw new IOException("they do not begin with its mark");
    }
    int version = in.readInt();
    if (version != VERSION) {
      throw new IOException("version = " + version + ", expected " + VERSION);
    }
    RowPass.Precision precision = RowPass.Precision.valueOf(text(in));
    Design design = design(in);
    int width = design.width();
    int responses = design.responses().size();
    double[] shift = numbers(in);
    if (shift.length != 0 && shift.length != width + responses) {
      throw new IOException(shift.length + " shifts, expected " + (width + responses));
    }
    for (double value : shift) {
      if (!Double.isFinite(value)) {
        throw new IOException("shift = " + value + ", expected finite numbers");
      }
    }
    long rows = in.readLong();
    long omitted = in.readLong();
    if (rows < 0 || omitted < 0) {
      throw new IOException(
          "rows = " + rows + " and left out = " + omitted + ", expected both >= 0");
    }
    double[] high = numbers(in);
    double[] low = numbers(in);
    // Compared before anything is allocated for a design that the sums do not fit.
    long least = (long) width * (width + 1L) / 2 + (long) responses * (width + 1L);
    if (high.length < least) {
      throw new IOException(high.length + " sums, expected at least " + least);
    }
    RowSums sums = GramSums.empty(design);
    sums.count(rows, omitted);
    if (high.length != sums.high().length || low.length != high.length) {
      throw new IOException(high.length + " sums, expected " + sums.high().length);
    }
    System.arraycopy(high, 0, sums.high(), 0, high.length);
    System.arraycopy(low, 0, sums.low(), 0, low.length);
    if (in.read() >= 0) {
      throw new IOException("they go on after the sums");
    }
    return new SavedSums(design, precision, shift.length == 0 ? null : shift, sums);
  }

  private static void design(DataOutputStream out, Design design) throws IOException {
    texts(out, design.numbers());
    texts(out, design.categories());
    for (List<String> levels : design.levels()) {
      texts(out, levels);
    }
    out.writeInt(design.columns().size());
    for (DesignColumn column : design.columns()) {
      text(out, column.name());
      expression(out, column.value());
      out.writeInt(column.indicators().size());
      for (DesignColumn.Indicator indicator : column.indicators()) {
        out.writeInt(indicator.category());
        out.writeInt(indicator.level());
      }
    }
    out.writeInt(design.responses().size());
    for (Expression response : design.responses()) {
      expression(out, response);
    }
    optional(out, design.weight());
    optional(out, design.offset());
    out.writeInt(design.cluster());
    out.writeBoolean(design.omitMissing());
  }

  private static Design design(DataInputStream in) throws IOException {
    List<String> numbers = texts(in);
    List<String> categories = texts(in);
    List<List<String>> levels = new ArrayList<>();
    for (int i = 0; i < categories.size(); i++) {
      levels.add(texts(in));
    }
    List<DesignColumn> columns = new ArrayList<>();
    for (int left = length(in, 1); left > 0; left--) {
      String name = text(in);
      Expression value = expression(in);
      List<DesignColumn.Indicator> indicators = new ArrayList<>();
      for (int rest = length(in, 8); rest > 0; rest--) {
        indicators.add(new DesignColumn.Indicator(in.readInt(), in.readInt()));
      }
      columns.add(new DesignColumn(name, value, indicators));
    }
    List<Expression> responses = new ArrayList<>();
    for (int left = length(in, 1); left > 0; left--) {
      responses.add(expression(in));
    }
    Expression weight = optional(in);
    Expression offset = optional(in);
    return new Design(
        numbers,
        categories,
        levels,
        columns,
        responses,
        weight,
        offset,
        in.readInt(),
        in.readBoolean());
  }

  private static void optional(DataOutputStream out, Expression expression) throws IOException {
    out.writeBoolean(expression != null);
    if (expression != null) {
      expression(out, expression);
    }
  }

  private static Expression optional(DataInputStream in) throws IOException {
    return in.readBoolean() ? expression(in) : null;
  }

  private static void expression(DataOutputStream out, Expression root) throws IOException {
    Map<Expression, Integer> places = new HashMap<>();
    List<Expression> nodes = new ArrayList<>();
    Deque<Expression> open = new ArrayDeque<>();
    open.push(root);
    while (!open.isEmpty()) {
      Expression node = open.peek();
      boolean ready = true;
      for (Expression argument : node.arguments()) {
        if (!places.containsKey(argument)) {
          open.push(argument);
          ready = false;
        }
      }
      if (ready) {
        open.pop();
        if (places.putIfAbsent(node, nodes.size()) == null) {
          nodes.add(node);
        }
      }
    }
    out.writeInt(nodes.size());
    for (Expression node : nodes) {
      text(out, node.op().name());
      if (node.op() == Op.CONSTANT) {
        out.writeDouble(node.value());
      } else if (node.op() == Op.SYMBOL) {
        text(out, node.name());
      } else {
        for (Expression argument : node.arguments()) {
          out.writeInt(places.get(argument));
        }
      }
    }
  }

  private static Expression expression(DataInputStream in) throws IOException {
    List<Expression> nodes = new ArrayList<>();
    for (int left = length(in, 4); left > 0; left--) {
      Op op = Op.valueOf(text(in));
      if (op == Op.CONSTANT) {
        nodes.add(Expression.constant(in.readDouble()));
      } else if (op == Op.SYMBOL) {
        nodes.add(Expression.quotedSymbol(text(in)));
      } else {
        Expression[] arguments = new Expression[op.arity()];
        for (int i = 0; i < arguments.length; i++) {
          arguments[i] = nodes.get(in.readInt());
        }
        nodes.add(Expression.of(op, arguments));
      }
    }
    return nodes.get(nodes.size() - 1);
  }

  private static void texts(DataOutputStream out, List<String> list) throws IOException {
    out.writeInt(list.size());
    for (String item : list) {
      text(out, item);
    }
  }

  private static List<String> texts(DataInputStream in) throws IOException {
    List<String> list = new ArrayList<>();
    for (int left = length(in, 4); left > 0; left--) {
      list.add(text(in));
    }
    return list;
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static String text(DataInputStream in) throws IOException {
    byte[] bytes = new byte[length(in, 1)];
    in.readFully(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static void numbers(DataOutputStream out, double[] values) throws IOException {
    out.writeInt(values.length);
    for (double value : values) {
      out.writeDouble(value);
    }
  }

  private static double[] numbers(DataInputStream in) throws IOException {
    double[] values = new double[length(in, 8)];
    for (int i = 0; i < values.length; i++) {
      values[i] = in.readDouble();
    }
    return values;
  }

  /** A length that the rest of the bytes can hold: nothing is allocated for what is not there. */
  private static int length(DataInputStream in, int size) throws IOException {
    int length = in.readInt();
    if (length < 0 || (long) length * size > in.available()) {
      throw new IOException("length = " + length + " with " + in.available() + " bytes left");
    }
    return length;
  }
}
