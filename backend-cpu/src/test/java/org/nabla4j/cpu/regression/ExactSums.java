package org.nabla4j.cpu.regression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.Op;
import org.nabla4j.regression.Design;
import org.nabla4j.regression.DesignColumn;
import org.nabla4j.regression.DesignColumn.Indicator;
import org.nabla4j.regression.RowPass;
import org.nabla4j.regression.RowSums;

/**
 * The sums of a pass in 60 digits, row by row. Sums, differences, products and whole powers are
 * exact; other functions and the expressions of a row's symbols are rounded to double.
 */
final class ExactSums {

  private static final MathContext DIGITS = new MathContext(60);

  private final Design design;
  private final RowPass pass;
  private final ArrayTable table;
  private final RowSums places;
  private final BigDecimal[] sums;
  private final double[] sizes;
  final Map<String, double[]> clusters = new HashMap<>();
  final List<double[]> mapped = new ArrayList<>();
  long rows;
  long omitted;

  ExactSums(Design design, RowPass pass, ArrayTable table) {
    this.design = design;
    this.pass = pass;
    this.table = table;
    places =
        new RowSums(
            design.width(), design.responses().size(), pass.scores().size(), pass.totals().size());
    sums = new BigDecimal[places.high().length];
    Arrays.fill(sums, BigDecimal.ZERO);
    sizes = new double[sums.length];
    long count = Math.min(pass.rowLimit(), table.rows());
    for (int i = 0; i < count; i++) {
      row(i);
    }
  }

  private void row(int i) {
    Map<String, Double> values = new HashMap<>();
    boolean missing = false;
    for (String name : design.numbers()) {
      values.put(name, table.numbers(name)[i]);
      missing |= Double.isNaN(table.numbers(name)[i]);
    }
    for (String name : design.categories()) {
      missing |= table.texts(name)[i] == null;
    }
    List<Expression> all = new ArrayList<>();
    design.columns().forEach(c -> all.add(c.value()));
    all.addAll(design.responses());
    if (design.weight() != null) {
      all.add(design.weight());
    }
    if (design.offset() != null) {
      all.add(design.offset());
    }
    for (double v : Expression.evaluate(all, values)) {
      missing |= Double.isNaN(v);
    }
    if (missing) {
      omitted++;
      mapped.add(null);
      return;
    }
    rows++;
    add(i, values);
  }

  private void add(int i, Map<String, Double> values) {
    int p = design.width();
    int q = design.responses().size();
    double[] shift = pass.shift() == null ? new double[p + q] : pass.shift();
    BigDecimal[] x = new BigDecimal[p + q];
    double[] size = new double[p + q];
    BigDecimal eta = design.offset() == null ? BigDecimal.ZERO : exact(design.offset(), values);
    double etaSize = Math.abs(eta.doubleValue());
    for (int j = 0; j < p + q; j++) {
      BigDecimal value;
      boolean ones = false;
      if (j < p) {
        DesignColumn c = design.columns().get(j);
        value = exact(c.value(), values);
        for (Indicator n : c.indicators()) {
          String label = design.levels().get(n.category()).get(n.level());
          if (!label.equals(table.texts(design.categories().get(n.category()))[i])) {
            value = BigDecimal.ZERO;
          }
        }
        ones = c.isIntercept();
        if (pass.coefficients() != null) {
          BigDecimal term = value.multiply(new BigDecimal(pass.coefficients()[j]), DIGITS);
          eta = eta.add(term, DIGITS);
          etaSize += Math.abs(term.doubleValue());
          etaSize += ones ? 0 : Math.abs(pass.coefficients()[j] * shift[j]);
        }
      } else {
        value = exact(design.responses().get(j - p), values);
      }
      double s = ones ? 0 : shift[j];
      x[j] = value.subtract(new BigDecimal(s), DIGITS);
      size[j] = Math.abs(value.doubleValue()) + Math.abs(s);
    }
    if (pass.coefficients() == null) {
      eta = design.offset() == null ? BigDecimal.ZERO : exact(design.offset(), values);
    }
    Map<String, Double> symbols = new HashMap<>();
    symbols.put("eta", eta.doubleValue());
    symbols.put("y", q == 0 ? Double.NaN : exact(design.responses().get(0), values).doubleValue());
    symbols.put("w", design.weight() == null ? 1.0 : exact(design.weight(), values).doubleValue());
    symbols.put(
        "offset", design.offset() == null ? 0.0 : exact(design.offset(), values).doubleValue());
    double[] h = leverage(x, size);
    symbols.put("h", h[0]);
    double scale = 1 + etaSize + (q == 0 ? 0 : size[p]) + h[1];
    sum(x, size, symbols, scale, i);
  }

  private double[] leverage(BigDecimal[] x, double[] size) {
    double[] factor = pass.leverageFactor();
    BigDecimal h = BigDecimal.ZERO;
    double bound = 0;
    if (factor != null) {
      int at = 0;
      for (int r = 0; r < design.width(); r++) {
        BigDecimal part = BigDecimal.ZERO;
        double partSize = 0;
        for (int j = 0; j <= r; j++) {
          part = part.add(x[j].multiply(new BigDecimal(factor[at]), DIGITS), DIGITS);
          partSize += Math.abs(factor[at++]) * size[j];
        }
        h = h.add(part.multiply(part, DIGITS), DIGITS);
        bound += partSize * partSize;
      }
    }
    return new double[] {h.doubleValue(), bound};
  }

  private void sum(
      BigDecimal[] x, double[] size, Map<String, Double> symbols, double scale, int row) {
    int p = design.width();
    double curvature = pass.curvature().evaluate(symbols);
    BigDecimal a = new BigDecimal(curvature);
    double aSize = Math.abs(curvature);
    // what a row's symbols are made of is rounded: so is what is made of them
    aSize += pass.curvature().symbols().contains("eta") ? scale : 0;
    for (int i = 0; i < p && pass.gram(); i++) {
      for (int j = 0; j <= i; j++) {
        add(places.gram(i, j), a.multiply(x[i]).multiply(x[j]), aSize * size[i] * size[j]);
      }
    }
    for (int k = 0; k < design.responses().size() && pass.responses(); k++) {
      for (int j = 0; j < p; j++) {
        BigDecimal term = a.multiply(x[j]).multiply(x[p + k]);
        add(places.product(k, j), term, aSize * size[j] * size[p + k]);
      }
      BigDecimal term = a.multiply(x[p + k]).multiply(x[p + k]);
      add(places.square(k), term, aSize * size[p + k] * size[p + k]);
    }
    double[] scores = new double[pass.scores().size() * p];
    for (int k = 0; k < pass.scores().size(); k++) {
      double score = pass.scores().get(k).evaluate(symbols);
      for (int j = 0; j < p; j++) {
        BigDecimal term = new BigDecimal(score).multiply(x[j]);
        scores[k * p + j] = term.doubleValue();
        add(places.score(k, j), term, (Math.abs(score) + scale) * size[j]);
      }
    }
    if (pass.byCluster()) {
      String label = table.texts(design.categories().get(design.cluster()))[row];
      double[] sum = clusters.computeIfAbsent(label, l -> new double[scores.length]);
      for (int j = 0; j < scores.length; j++) {
        sum[j] += scores[j];
      }
    }
    double[] totals = new double[pass.totals().size()];
    for (int k = 0; k < totals.length; k++) {
      totals[k] = pass.totals().get(k).evaluate(symbols);
      add(places.total(k), new BigDecimal(totals[k]), Math.abs(totals[k]) + scale);
    }
    mapped.add(totals);
  }

  private void add(int index, BigDecimal term, double size) {
    sums[index] = sums[index].add(term, DIGITS);
    sizes[index] += size;
  }

  /** The sums of what is not exact in 60 digits. */
  private boolean[] rounded() {
    int p = design.width();
    int q = design.responses().size();
    boolean[] column = new boolean[p + q];
    for (int j = 0; j < p + q; j++) {
      column[j] = !isExact(j < p ? design.columns().get(j).value() : design.responses().get(j - p));
    }
    boolean[] result = new boolean[sums.length];
    Arrays.fill(result, pass.curvature().symbols().contains("eta"));
    Arrays.fill(result, places.score(0, 0), sums.length, true);
    for (int i = 0; i < p; i++) {
      for (int j = 0; j <= i; j++) {
        result[places.gram(i, j)] |= column[i] || column[j];
      }
      for (int k = 0; k < q; k++) {
        result[places.product(k, i)] |= column[i] || column[p + k];
      }
    }
    for (int k = 0; k < q; k++) {
      result[places.square(k)] |= column[p + k];
    }
    return result;
  }

  private static boolean isExact(Expression e) {
    return switch (e.op()) {
      case CONSTANT, SYMBOL, ADD, SUB, MUL, NEG, POW ->
          e.arguments().stream().allMatch(ExactSums::isExact);
      default -> false;
    };
  }

  private static BigDecimal exact(Expression e, Map<String, Double> values) {
    List<Expression> a = e.arguments();
    return switch (e.op()) {
      case ADD -> exact(a.get(0), values).add(exact(a.get(1), values), DIGITS);
      case SUB -> exact(a.get(0), values).subtract(exact(a.get(1), values), DIGITS);
      case MUL -> exact(a.get(0), values).multiply(exact(a.get(1), values), DIGITS);
      case NEG -> exact(a.get(0), values).negate();
      case POW -> {
        if (a.get(1).op() == Op.CONSTANT && a.get(1).value() == Math.rint(a.get(1).value())) {
          yield exact(a.get(0), values).pow((int) a.get(1).value(), DIGITS);
        }
        yield new BigDecimal(e.evaluate(values));
      }
      default -> new BigDecimal(e.evaluate(values));
    };
  }

  /**
   * Compares.
   *
   * @param actual what a backend summed up
   * @param tolerance of each sum, in units of the sum of the absolute values of its terms
   * @param rowTolerance the same of sums that contain a row's symbols or functions, which are
   *     rounded to double
   */
  void assertAgrees(RowSums actual, double tolerance, double rowTolerance) {
    assertEquals(rows, actual.rows(), "rows");
    assertEquals(omitted, actual.omitted(), "omitted rows");
    boolean[] rounded = rounded();
    for (int i = 0; i < sums.length; i++) {
      BigDecimal sum = new BigDecimal(actual.high()[i]).add(new BigDecimal(actual.low()[i]));
      double error = sum.subtract(sums[i]).abs().doubleValue();
      double bound = (rounded[i] ? rowTolerance : tolerance) * sizes[i];
      int index = i;
      assertTrue(
          error <= bound,
          () ->
              "sum "
                  + index
                  + " is "
                  + actual.high()[index]
                  + " + "
                  + actual.low()[index]
                  + ", expected "
                  + sums[index].round(new MathContext(34))
                  + ", error "
                  + error
                  + " > "
                  + bound);
    }
  }
}
