package org.nabla4j.cpu.regression;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.nabla4j.backend.Execution;
import org.nabla4j.cpu.codegen.KernelCompiler;
import org.nabla4j.data.RowReader;
import org.nabla4j.expression.Expression;
import org.nabla4j.regression.Design;
import org.nabla4j.regression.DesignColumn;
import org.nabla4j.regression.DesignColumn.Indicator;
import org.nabla4j.regression.RowPass;
import org.nabla4j.regression.RowPass.Precision;
import org.nabla4j.regression.RowSums;

/** Sums of random passes over random tables, against sums in 60 digits. */
class RowPassesPropertyTest {

  private static final int[] WIDTHS = {1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 20, 33, 100};
  private static final List<String> LEVELS = List.of("a", "b", "c");
  private static final Expression Y = RowPass.RESPONSE;
  private static final Expression ETA = RowPass.ETA;
  private static final Expression W = RowPass.WEIGHT;

  private SplittableRandom random;
  private ArrayTable table;
  private Design design;
  private RowPass pass;

  @Property(tries = 100, shrinking = ShrinkingMode.OFF)
  void sumsAreRight(@ForAll long seed, @ForAll Precision precision) {
    draw(seed, precision);
    ExactSums expected = new ExactSums(design, pass, table);
    boolean exact = precision == Precision.DOUBLE_DOUBLE;
    for (KernelCompiler compiler : compilers()) {
      RowSums first = null;
      for (int threads = 1; threads <= 3; threads++) {
        Execution execution = Execution.defaults().withParallelism(threads);
        try (CpuRowPasses passes = new CpuRowPasses(design, table, execution, compiler)) {
          assertTrue(passes.kernel().startsWith(compiler.isVector() ? "vector" : "scalar"));
          RowSums actual = passes.sum(pass);
          expected.assertAgrees(actual, exact ? 1e-28 : 2e-13, 2e-13);
          assertClusters(expected, actual);
          if (first == null) {
            first = actual;
          } else {
            assertArrayEquals(first.high(), actual.high(), "other threads");
            assertArrayEquals(first.low(), actual.low(), "other threads");
            assertArrayEquals(first.clusterScores(), actual.clusterScores(), "other threads");
          }
        }
      }
      assertMapped(expected, compiler);
    }
    assertEquals(0, table.open.get(), "blocks that were not given back");
    assertEquals(0, table.releasedTwice.get());
    assertEquals(0, table.readers.get(), "readers that were not closed");
  }

  static List<KernelCompiler> compilers() {
    return List.of(KernelCompiler.scalar(false), KernelCompiler.vector(false).orElseThrow());
  }

  private void assertClusters(ExactSums expected, RowSums actual) {
    if (!pass.byCluster()) {
      assertEquals(0, actual.clusterScores().length);
      return;
    }
    List<String> labels = design.levels().get(design.cluster());
    if (labels.isEmpty()) {
      List<String> met = new ArrayList<>();
      long count = Math.min(table.rows(), pass.rowLimit());
      int size = RowReader.blockRows(design.numbers().size() + design.categories().size());
      long read = Math.min(table.rows(), (count + size - 1) / size * size);
      for (int i = 0; i < read; i++) {
        String label = table.texts("group")[i];
        if (label != null && !met.contains(label)) {
          met.add(label);
        }
      }
      labels = met;
    }
    assertTrue(actual.clusterScores().length <= labels.size());
    for (int c = 0; c < labels.size(); c++) {
      double[] sum = expected.clusters.get(labels.get(c));
      for (int j = 0; j < pass.scores().size() * design.width(); j++) {
        double found = c < actual.clusterScores().length ? actual.clusterScores()[c][j] : 0;
        double wanted = sum == null ? 0 : sum[j];
        assertEquals(wanted, found, 1e-11 * (1 + Math.abs(wanted)) * table.rows() * scale());
      }
    }
  }

  private double scale() {
    return pass.shift() == null ? 1 : 1e3;
  }

  private void assertMapped(ExactSums expected, KernelCompiler compiler) {
    Execution execution = Execution.defaults().withParallelism(2);
    int[] at = {0};
    Thread caller = Thread.currentThread();
    try (CpuRowPasses passes = new CpuRowPasses(design, table, execution, compiler)) {
      passes.map(
          pass.totals(),
          pass,
          (rows, values) -> {
            assertEquals(caller, Thread.currentThread());
            for (int i = 0; i < rows; i++) {
              double[] wanted = expected.mapped.get(at[0]++);
              for (int k = 0; k < values.length; k++) {
                if (wanted == null) {
                  assertTrue(Double.isNaN(values[k][i]));
                } else {
                  double size = Math.abs(wanted[k]) + scale() * scale();
                  assertEquals(wanted[k], values[k][i], 1e-9 * size);
                }
              }
            }
          });
    }
    assertEquals(expected.mapped.size(), at[0]);
  }

  // ---- random tables, designs and passes

  private void draw(long seed, Precision precision) {
    random = new SplittableRandom(seed);
    int p = WIDTHS[random.nextInt(WIDTHS.length)];
    int q = random.nextInt(6);
    int columns = Math.min(p, 1 + random.nextInt(20));
    boolean weighted = random.nextBoolean();
    boolean offset = random.nextBoolean();
    boolean categories = random.nextInt(3) == 0;
    double center = random.nextInt(3) == 0 ? 1e7 : 0;
    int fields = columns + q + 2 + (categories ? 2 : 0);
    int rows = rows(p + q, fields);
    table = new ArrayTable(rows);
    List<String> numbers = new ArrayList<>();
    for (int j = 0; j < columns; j++) {
      numbers.add("x" + j);
    }
    for (int k = 0; k < q; k++) {
      numbers.add("r" + k);
    }
    numbers.add("weight");
    numbers.add("known");
    for (String name : numbers) {
      table.with(name, column(rows, name.equals("weight"), name.startsWith("x") ? center : 0));
    }
    if (categories) {
      table.with("kind", labels(rows, 3)).with("group", labels(rows, 1 + random.nextInt(40)));
    }
    if (random.nextBoolean()) {
      table.copying();
    }
    if (random.nextInt(4) == 0) {
      table.uncounted();
    }
    List<DesignColumn> x = new ArrayList<>();
    for (int j = 0; j < p; j++) {
      x.add(designColumn(j, columns, categories, center));
    }
    List<Expression> responses = new ArrayList<>();
    for (int k = 0; k < q; k++) {
      Expression r = Expression.symbol("r" + k);
      responses.add(random.nextInt(4) == 0 ? r.times(r).minus(0.25) : r);
    }
    Expression weight = weighted ? Expression.symbol("weight") : null;
    Expression known = offset ? Expression.symbol("known") : null;
    int cluster = categories ? 1 : -1;
    List<String> groups = random.nextBoolean() ? List.of() : groupLabels();
    design =
        new Design(
            numbers,
            categories ? List.of("kind", "group") : List.of(),
            categories ? List.of(LEVELS, groups) : List.of(),
            x,
            responses,
            weight,
            known,
            cluster,
            true);
    pass = pass(p, q, center, categories, precision);
  }

  private static List<String> groupLabels() {
    List<String> labels = new ArrayList<>();
    for (int l = 39; l >= 0; l--) {
      labels.add(label(l));
    }
    return labels;
  }

  private static String label(int level) {
    return level < 3 ? LEVELS.get(level) : "g" + level;
  }

  /** Around every edge there is, and few enough for 60 digits. */
  private int rows(int width, int fields) {
    int block = RowReader.blockRows(fields);
    int[] candidates = {0, 1, 2, 7, 8, 9, 15, 17, 63, 64, 65, 511, 512, 513, 1031};
    int[] large = {block - 1, block, block + 1, 2 * block + 9};
    if (width <= 4 && random.nextInt(4) == 0) {
      return large[random.nextInt(large.length)];
    }
    int rows = candidates[random.nextInt(candidates.length)];
    return (long) rows * width * width > 400_000 ? rows % 65 : rows;
  }

  private double[] column(int rows, boolean positive, double center) {
    double[] values = new double[rows];
    boolean holes = random.nextInt(3) == 0;
    for (int i = 0; i < rows; i++) {
      values[i] = positive ? random.nextDouble() * 2 : random.nextDouble() * 4 - 2 + center;
      if (holes && random.nextInt(40) == 0) {
        values[i] = Double.NaN;
      }
    }
    return values;
  }

  private String[] labels(int rows, int count) {
    String[] labels = new String[rows];
    boolean holes = random.nextBoolean();
    for (int i = 0; i < rows; i++) {
      labels[i] = holes && random.nextInt(50) == 0 ? null : label(random.nextInt(count));
    }
    return labels;
  }

  private DesignColumn designColumn(int j, int columns, boolean categories, double center) {
    Expression x = Expression.symbol("x" + random.nextInt(columns));
    Expression z = Expression.symbol("x" + random.nextInt(columns));
    int kind = random.nextInt(center == 0 ? 9 : 6);
    if (j == 0 && random.nextBoolean()) {
      return new DesignColumn("(Intercept)", Expression.constant(1), List.of());
    }
    if (categories && kind < 3) {
      List<Indicator> indicators = new ArrayList<>();
      indicators.add(new Indicator(0, random.nextInt(3)));
      Expression[] values = {Expression.constant(1), x, x.times(z)};
      return new DesignColumn("c" + j, values[kind], indicators);
    }
    Expression value =
        switch (kind) {
          case 5 -> x.times(z);
          case 6 -> x.pow(2 + random.nextInt(9));
          case 7 -> x.minus(0.5).times(z).plus(x.pow(3)).negate();
          case 8 -> x.plus(1.99).log();
          default -> x;
        };
    return new DesignColumn("c" + j, value, List.of());
  }

  private RowPass pass(int p, int q, double center, boolean categories, Precision precision) {
    RowPass result = RowPass.counting().withPrecision(precision);
    // the products of 1e7's are not shifted away
    boolean shifted = center != 0 || random.nextInt(3) == 0;
    if (shifted) {
      double[] shift = new double[p + q];
      for (int j = 0; j < shift.length; j++) {
        shift[j] = (j < p ? center : 0) + random.nextInt(3) - 1 + random.nextDouble();
      }
      result = result.withShift(shift);
    }
    if (random.nextInt(3) > 0) {
      double[] beta = new double[p];
      for (int j = 0; j < p; j++) {
        beta[j] = (random.nextDouble() - 0.5) / (1 + center) / p;
      }
      result = result.withCoefficients(beta);
    }
    Expression mu = ETA.logistic();
    Expression[] curvatures = {
      W, Expression.constant(1), W.times(mu.times(mu.negate().plus(1))), W.times(2)
    };
    if (random.nextInt(5) > 0) {
      result = result.withGram(curvatures[random.nextInt(curvatures.length)]);
    }
    if (random.nextBoolean()) {
      result = result.withResponses();
    }
    List<Expression> scores = new ArrayList<>();
    List<Expression> totals = new ArrayList<>();
    totals.add(W);
    totals.add(ETA.plus(RowPass.OFFSET.times(0.5)));
    if (q > 0) {
      scores.add(Y.minus(ETA));
      totals.add(Y.minus(ETA).pow(2).times(W));
      if (random.nextBoolean()) {
        scores.add(Y.minus(mu).times(W));
        totals.add(ETA.softplus().minus(Y.times(ETA)));
      }
    }
    if (p <= 20 && center == 0 && random.nextBoolean()) {
      double[] factor = new double[p * (p + 1) / 2];
      for (int k = 0; k < factor.length; k++) {
        factor[k] = random.nextDouble() * 0.1;
      }
      result = result.withLeverageFactor(factor);
      totals.add(RowPass.LEVERAGE);
    }
    result = result.withScores(scores).withTotals(totals);
    if (categories && random.nextBoolean()) {
      result = result.withScoresByCluster();
    }
    if (random.nextInt(4) == 0) {
      result = result.withRowLimit(1 + random.nextInt(600));
    }
    return result;
  }
}
