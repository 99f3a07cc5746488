package org.nabla4j.testing;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nabla4j.data.RowBlock;
import org.nabla4j.data.RowException;
import org.nabla4j.data.RowReader;
import org.nabla4j.data.Rows;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.Op;
import org.nabla4j.regression.Design;
import org.nabla4j.regression.DesignColumn;
import org.nabla4j.regression.RowPass;
import org.nabla4j.regression.RowPasses;
import org.nabla4j.regression.RowSums;

/**
 * Sums over rows as they are defined, one row after the other: decimal arithmetic of 60 digits for
 * double-double, and rounded products for double. Slow, and what backends are tested against.
 */
public final class ReferenceRowPasses implements RowPasses {

  private static final MathContext DIGITS = new MathContext(60);

  private final Design design;
  private final Rows rows;
  private long passes;

  /**
   * Passes over rows.
   *
   * @param design what is computed of each row
   * @param rows the table
   */
  public ReferenceRowPasses(Design design, Rows rows) {
    this.design = design;
    this.rows = rows;
  }

  /** How many passes were made. */
  public long passes() {
    return passes;
  }

  /** A row: values as doubles, and as decimals where sums are in double-double. */
  private final class Row {
    boolean missing;
    double[] x;
    double[] y;
    double weight = 1;
    double offset;
    int cluster = -1;
    final Map<String, Double> numbers = new HashMap<>();
    final int[] codes = new int[design.categories().size()];

    void compute() {
      x = new double[design.width()];
      for (int j = 0; j < x.length; j++) {
        x[j] = holds(j) ? design.columns().get(j).value().evaluate(numbers) : 0;
      }
      y = design.responses().stream().mapToDouble(e -> e.evaluate(numbers)).toArray();
      weight = design.weight() == null ? 1 : design.weight().evaluate(numbers);
      offset = design.offset() == null ? 0 : design.offset().evaluate(numbers);
      missing |= Double.isNaN(weight) || Double.isNaN(offset);
      missing |= Arrays.stream(x).anyMatch(Double::isNaN);
      missing |= Arrays.stream(y).anyMatch(Double::isNaN);
    }

    boolean holds(int column) {
      for (DesignColumn.Indicator one : design.columns().get(column).indicators()) {
        if (codes[one.category()] != one.level()) {
          return false;
        }
      }
      return true;
    }

    /** The symbols of a pass. */
    Map<String, Double> symbols(RowPass pass) {
      double[] beta = pass.coefficients();
      double eta = offset;
      for (int j = 0; beta != null && j < x.length; j++) {
        eta += beta[j] * x[j];
      }
      Map<String, Double> values = new LinkedHashMap<>();
      values.put(RowPass.ETA.name(), eta);
      if (y.length > 0) {
        values.put(RowPass.RESPONSE.name(), y[0]);
      }
      values.put(RowPass.WEIGHT.name(), weight);
      values.put(RowPass.OFFSET.name(), offset);
      double[] factor = pass.leverageFactor();
      double[] shift = pass.shift();
      if (factor != null) {
        double h = 0;
        for (int i = 0; i < x.length; i++) {
          double sum = 0;
          for (int j = 0; j <= i; j++) {
            sum += factor[i * (i + 1) / 2 + j] * (x[j] - (shift == null ? 0 : shift[j]));
          }
          h += sum * sum;
        }
        values.put(RowPass.LEVERAGE.name(), h);
      }
      return values;
    }
  }

  /** Told of every row. */
  private interface Visitor {
    void visit(Row row);
  }

  private void visit(long limit, Visitor visitor) {
    passes++;
    List<Map<String, Integer>> indices = new ArrayList<>();
    for (List<String> levels : design.levels()) {
      Map<String, Integer> index = new HashMap<>();
      levels.forEach(level -> index.put(level, index.size()));
      indices.add(index);
    }
    long left = limit;
    try (RowReader reader = rows.read(design.numbers(), design.categories())) {
      for (RowBlock block = reader.next(); block != null && left > 0; block = reader.next()) {
        int count = (int) Math.min(left, block.rows());
        double[][] numbers = new double[design.numbers().size()][count];
        for (int i = 0; i < numbers.length; i++) {
          block.read(i, 0, count, numbers[i], 0);
        }
        int[][] codes = new int[indices.size()][count];
        for (int c = 0; c < codes.length; c++) {
          block.readCodes(c, 0, count, codes[c], 0);
        }
        for (int k = 0; k < count; k++) {
          Row row = new Row();
          for (int i = 0; i < numbers.length; i++) {
            row.numbers.put(design.numbers().get(i), numbers[i][k]);
            row.missing |= Double.isNaN(numbers[i][k]);
          }
          for (int c = 0; c < codes.length; c++) {
            row.codes[c] = -1;
            if (codes[c][k] < 0) {
              row.missing = true;
              continue;
            }
            String label = reader.levels(c).get(codes[c][k]);
            Integer index = indices.get(c).get(label);
            if (index == null) {
              throw new RowException("unknown level " + label);
            }
            row.codes[c] = index;
          }
          row.cluster = design.cluster() < 0 ? -1 : row.codes[design.cluster()];
          row.compute();
          if (row.missing && !design.omitMissing()) {
            throw new RowException(
                rows.description() + ", row " + (block.firstRow() + k) + ": something is missing");
          }
          visitor.visit(row);
        }
        left -= count;
        block.release();
      }
    }
  }

  @Override
  public RowSums sum(RowPass pass) {
    int p = design.width();
    int q = pass.responses() ? design.responses().size() : 0;
    RowSums sums =
        new RowSums(p, design.responses().size(), pass.scores().size(), pass.totals().size());
    boolean precise = pass.precision() == RowPass.Precision.DOUBLE_DOUBLE;
    Accumulators total = new Accumulators(sums);
    double[] shift = pass.shift() == null ? new double[p + q] : pass.shift();
    if (pass.byCluster()) {
      sums.clusterScores(
          new double[design.levels().get(design.cluster()).size()][pass.scores().size() * p]);
    }
    visit(
        pass.rowLimit(),
        row -> {
          if (row.missing) {
            sums.count(0, 1);
            return;
          }
          sums.count(1, 0);
          Map<String, Double> symbols = row.symbols(pass);
          Quantity a = new Quantity(pass.curvature().evaluate(symbols));
          Quantity[] x = new Quantity[p];
          for (int j = 0; j < p; j++) {
            x[j] =
                precise && row.holds(j)
                    ? precise(design.columns().get(j).value(), row.numbers)
                    : new Quantity(row.x[j]);
            x[j] = shift[j] == 0 ? x[j] : x[j].minus(new Quantity(shift[j]), precise);
          }
          for (int i = 0; pass.gram() && i < p; i++) {
            Quantity ax = a.times(x[i], precise);
            for (int j = 0; j <= i; j++) {
              total.add(sums.gram(i, j), ax.times(x[j], precise));
            }
          }
          for (int k = 0; k < q; k++) {
            Quantity y =
                precise ? precise(design.responses().get(k), row.numbers) : new Quantity(row.y[k]);
            y = y.minus(new Quantity(shift[p + k]), precise);
            Quantity ay = a.times(y, precise);
            for (int j = 0; j < p; j++) {
              total.add(sums.product(k, j), ay.times(x[j], precise));
            }
            total.add(sums.square(k), ay.times(y, precise));
          }
          for (int k = 0; k < pass.scores().size(); k++) {
            Quantity s = new Quantity(pass.scores().get(k).evaluate(symbols));
            for (int j = 0; j < p; j++) {
              Quantity term = s.times(x[j], precise);
              total.add(sums.score(k, j), term);
              if (pass.byCluster()) {
                sums.clusterScores()[row.cluster][k * p + j] += term.value;
              }
            }
          }
          for (int k = 0; k < pass.totals().size(); k++) {
            total.add(sums.total(k), new Quantity(pass.totals().get(k).evaluate(symbols)));
          }
        });
    total.finish();
    return sums;
  }

  /** Exact for + − · and whole powers, a double elsewhere. */
  private static Quantity precise(Expression e, Map<String, Double> values) {
    Quantity minusOne = new Quantity(-1);
    return switch (e.op()) {
      case ADD -> argument(e, 0, values).minus(argument(e, 1, values).times(minusOne, true), true);
      case SUB -> argument(e, 0, values).minus(argument(e, 1, values), true);
      case MUL -> argument(e, 0, values).times(argument(e, 1, values), true);
      case NEG -> argument(e, 0, values).times(minusOne, true);
      case POW -> isWholePower(e.arguments().get(1)) ? power(e, values) : plain(e, values);
      default -> plain(e, values);
    };
  }

  private static Quantity argument(Expression e, int index, Map<String, Double> values) {
    return precise(e.arguments().get(index), values);
  }

  private static Quantity plain(Expression e, Map<String, Double> values) {
    return new Quantity(e.evaluate(values));
  }

  private static boolean isWholePower(Expression exponent) {
    return exponent.op() == Op.CONSTANT
        && exponent.value() >= 1
        && exponent.value() <= 64
        && exponent.value() == Math.rint(exponent.value());
  }

  private static Quantity power(Expression e, Map<String, Double> values) {
    Quantity base = argument(e, 0, values);
    Quantity power = base;
    for (int k = 1; k < e.arguments().get(1).value(); k++) {
      power = power.times(base, true);
    }
    return power;
  }

  /** A double, and the same number with all its digits where it is finite. */
  private static final class Quantity {
    final double value;
    final BigDecimal exact;

    Quantity(double value) {
      this.value = value;
      exact = Double.isFinite(value) ? new BigDecimal(value) : null;
    }

    Quantity(BigDecimal exact) {
      this.value = exact.doubleValue();
      this.exact = exact;
    }

    Quantity times(Quantity other, boolean precise) {
      return precise && exact != null && other.exact != null
          ? new Quantity(exact.multiply(other.exact, DIGITS))
          : new Quantity(value * other.value);
    }

    Quantity minus(Quantity other, boolean precise) {
      return precise && exact != null && other.exact != null
          ? new Quantity(exact.subtract(other.exact, DIGITS))
          : new Quantity(value - other.value);
    }
  }

  /** Sums in decimals, written into double-double at the end. */
  private static final class Accumulators {
    private final RowSums sums;
    private final BigDecimal[] exact;
    private final double[] rest;

    Accumulators(RowSums sums) {
      this.sums = sums;
      exact = new BigDecimal[sums.high().length];
      Arrays.fill(exact, BigDecimal.ZERO);
      rest = new double[exact.length];
    }

    void add(int index, Quantity term) {
      if (term.exact == null) {
        rest[index] += term.value;
      } else {
        exact[index] = exact[index].add(term.exact, DIGITS);
      }
    }

    void finish() {
      for (int i = 0; i < exact.length; i++) {
        double high = exact[i].doubleValue();
        double low =
            Double.isFinite(high) ? exact[i].subtract(new BigDecimal(high)).doubleValue() : 0;
        sums.add(i, high, low);
        if (rest[i] != 0) {
          sums.add(i, rest[i]);
        }
      }
    }
  }

  @Override
  public void map(List<Expression> values, RowPass pass, RowSink sink) {
    List<double[]> all = new ArrayList<>();
    visit(
        pass.rowLimit(),
        row -> {
          double[] one = new double[values.size()];
          Arrays.fill(one, Double.NaN);
          if (!row.missing) {
            Map<String, Double> symbols = row.symbols(pass);
            for (int k = 0; k < one.length; k++) {
              one[k] = values.get(k).evaluate(symbols);
            }
          }
          all.add(one);
        });
    double[][] table = new double[values.size()][all.size()];
    for (int i = 0; i < all.size(); i++) {
      for (int k = 0; k < table.length; k++) {
        table[k][i] = all.get(i)[k];
      }
    }
    sink.accept(all.size(), table);
  }

  @Override
  public String kernel() {
    return "reference";
  }

  @Override
  public void close() {}
}
