package org.nabla4j.cpu.regression;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nabla4j.backend.Cancellation;
import org.nabla4j.backend.Execution;
import org.nabla4j.cpu.codegen.KernelCompiler;
import org.nabla4j.data.RowException;
import org.nabla4j.expression.Expression;
import org.nabla4j.regression.Design;
import org.nabla4j.regression.DesignColumn;
import org.nabla4j.regression.DesignColumn.Indicator;
import org.nabla4j.regression.RowPass;
import org.nabla4j.regression.RowPass.Precision;
import org.nabla4j.regression.RowSums;

/** What a pass does beside summing up: limits, errors, threads and memory. */
class RowPassesTest {

  private static final int BLOCK = 16_384;
  private static final int ROWS = 20 * BLOCK + 5;
  private static final Expression X = Expression.symbol("x");
  private static final Expression Y = Expression.symbol("y");
  private static final DesignColumn ONES =
      new DesignColumn("(Intercept)", Expression.constant(1), List.of());
  private static final RowPass SUMS = RowPass.counting().withGram(RowPass.WEIGHT).withResponses();

  private final ArrayTable table = new ArrayTable(ROWS).with("x", random(1)).with("y", random(2));

  private static double[] random(int seed) {
    return new SplittableRandom(seed).doubles(ROWS).toArray();
  }

  private static Design line(boolean omit) {
    return design(List.of("x", "y"), X, null, omit);
  }

  private static Design design(List<String> numbers, Expression x, Expression w, boolean omit) {
    return new Design(
        numbers,
        List.of(),
        List.of(),
        List.of(ONES, new DesignColumn("x", x, List.of())),
        List.of(Y),
        w,
        null,
        -1,
        omit);
  }

  private static CpuRowPasses passes(Design design, ArrayTable rows, Execution execution) {
    return new CpuRowPasses(design, rows, execution, KernelCompiler.scalar(false));
  }

  private static Execution threads(int count) {
    return Execution.defaults().withParallelism(count);
  }

  private void assertGivenBack() {
    assertEquals(0, table.open.get(), "blocks that were not given back");
    assertEquals(0, table.releasedTwice.get(), "blocks that were given back twice");
    assertEquals(0, table.readers.get(), "readers that were not closed");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8})
  void holdsABlockForEachThread(int threads) {
    try (CpuRowPasses passes = passes(line(true), table, threads(threads))) {
      assertEquals(ROWS, passes.sum(SUMS).rows());
      assertTrue(table.mostOpen.get() <= threads, table.mostOpen.get() + " blocks at a time");
      passes.map(List.of(RowPass.RESPONSE), SUMS, (rows, values) -> {});
      assertTrue(table.mostOpen.get() <= threads, table.mostOpen.get() + " blocks at a time");
    }
    assertGivenBack();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void endsWhenTheReaderFails(int threads) {
    RowException broken = new RowException("line 40000 is broken");
    table.before(
        row -> {
          if (row == 5L * BLOCK) {
            throw broken;
          }
        });
    try (CpuRowPasses passes = passes(line(true), table, threads(threads))) {
      assertSame(broken, assertThrows(RowException.class, () -> passes.sum(SUMS)));
      AtomicLong seen = new AtomicLong();
      RowException thrown =
          assertThrows(
              RowException.class,
              () -> passes.map(List.of(RowPass.RESPONSE), SUMS, (rows, v) -> seen.addAndGet(rows)));
      assertSame(broken, thrown);
      assertEquals(5L * BLOCK, seen.get(), "rows before the failure");
    }
    assertGivenBack();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void endsWhenCancelled(int threads) {
    Cancellation cancellation = new Cancellation();
    table.before(
        row -> {
          if (row == 7L * BLOCK) {
            cancellation.cancel();
          }
        });
    Execution execution = threads(threads).withCancellation(cancellation);
    try (CpuRowPasses passes = passes(line(true), table, execution)) {
      assertThrows(CancellationException.class, () -> passes.sum(SUMS));
      CancellationException e =
          assertThrows(
              CancellationException.class,
              () -> passes.map(List.of(RowPass.RESPONSE), SUMS, (rows, v) -> {}));
      assertEquals("the pass was cancelled after 0 rows", e.getMessage());
    }
    assertGivenBack();
  }

  @Test
  void theSinkMayRefuse() {
    IllegalStateException full = new IllegalStateException("disk full");
    try (CpuRowPasses passes = passes(line(true), table, threads(3))) {
      IllegalStateException thrown =
          assertThrows(
              IllegalStateException.class,
              () ->
                  passes.map(
                      List.of(RowPass.RESPONSE),
                      SUMS,
                      (rows, v) -> {
                        throw full;
                      }));
      assertSame(full, thrown);
    }
    assertGivenBack();
  }

  /** As callbacks in other languages do, which declare no exceptions. */
  @SuppressWarnings("unchecked")
  private static <E extends Throwable> void throwUndeclared(Throwable thrown) throws E {
    throw (E) thrown;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @Timeout(60)
  void endsWhenACallbackThrowsWhatItDoesNotDeclare(boolean onCaller) {
    IOException full = new IOException("disk full");
    Thread caller = Thread.currentThread();
    AtomicBoolean thrown = new AtomicBoolean();
    Execution execution =
        threads(3)
            .withListener(
                (done, total) -> {
                  if ((Thread.currentThread() == caller) == onCaller) {
                    thrown.set(true);
                    RowPassesTest.<RuntimeException>throwUndeclared(full);
                  }
                });
    try (CpuRowPasses passes = passes(line(true), table, execution)) {
      for (int attempt = 0; attempt < 100 && !thrown.get(); attempt++) {
        try {
          passes.sum(SUMS);
        } catch (UndeclaredThrowableException e) {
          assertSame(full, e.getUndeclaredThrowable());
        }
      }
      assertTrue(thrown.get(), "no callback on such a thread");
    }
    assertGivenBack();
  }

  @Test
  void tellsItsProgress() {
    List<Long> told = new ArrayList<>();
    Execution execution =
        threads(2)
            .withListener(
                (done, total) -> {
                  assertEquals(ROWS, total);
                  told.add(done);
                });
    try (CpuRowPasses passes = passes(line(true), table, execution)) {
      passes.sum(SUMS);
    }
    assertEquals(21, told.size());
    for (int i = 1; i < told.size(); i++) {
      assertTrue(told.get(i - 1) < told.get(i));
    }
    assertEquals(ROWS, told.get(20));
  }

  @Test
  void tellsThatThereAreNoRows() {
    List<Long> told = new ArrayList<>();
    Execution execution = threads(2).withListener((done, total) -> told.add(done + total));
    ArrayTable empty = new ArrayTable(0).with("x", new double[0]).with("y", new double[0]);
    try (CpuRowPasses passes = passes(line(true), empty, execution)) {
      RowSums sums = passes.sum(SUMS);
      assertEquals(0, sums.rows());
      assertArrayEquals(new double[sums.high().length], sums.high());
      passes.map(
          List.of(RowPass.RESPONSE),
          SUMS,
          (rows, v) -> {
            throw new AssertionError("there are no rows");
          });
    }
    assertEquals(List.of(0L, 0L), told);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void namesTheFirstRowWithSomethingMissing(int threads) {
    double[] x = random(1);
    x[12 * BLOCK] = Double.NaN;
    x[3 * BLOCK + 17] = Double.NaN;
    double[] y = random(2);
    y[3 * BLOCK + 18] = Double.NaN;
    table.with("x", x).with("y", y);
    try (CpuRowPasses passes = passes(line(false), table, threads(threads))) {
      RowException e = assertThrows(RowException.class, () -> passes.sum(SUMS));
      assertEquals("row " + (3 * BLOCK + 18) + " of the table: 'x' is missing", e.getMessage());
    }
    try (CpuRowPasses passes = passes(line(true), table, threads(threads))) {
      RowSums sums = passes.sum(SUMS);
      assertEquals(3, sums.omitted());
      assertEquals(ROWS - 3, sums.rows());
    }
    assertGivenBack();
  }

  @Test
  void namesAColumnThatIsNotANumber() {
    double[] x = random(1);
    x[100] = -1;
    table.with("x", x);
    Design design = design(List.of("x", "y"), X.log(), null, false);
    try (CpuRowPasses passes = passes(design, table, threads(1))) {
      RowException e = assertThrows(RowException.class, () -> passes.sum(SUMS));
      assertEquals("row 101 of the table: 'x' is not a number", e.getMessage());
    }
    Design unused = design(List.of("x", "y", "z"), X, null, false);
    double[] z = random(3);
    z[4] = Double.NaN;
    table.with("x", random(1)).with("z", z);
    try (CpuRowPasses passes = passes(unused, table, threads(1))) {
      RowException e = assertThrows(RowException.class, () -> passes.sum(SUMS));
      assertEquals("row 5 of the table: 'z' is missing", e.getMessage());
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1, Double.POSITIVE_INFINITY})
  void refusesWhatIsNotAWeight(double weight) {
    double[] w = random(3);
    w[2 * BLOCK + 600] = weight;
    w[2 * BLOCK + 599] = Double.NaN;
    table.with("w", w);
    Design design = design(List.of("x", "y", "w"), X, Expression.symbol("w"), true);
    try (CpuRowPasses passes = passes(design, table, threads(2))) {
      RowException e = assertThrows(RowException.class, () -> passes.sum(SUMS));
      assertEquals(
          "row "
              + (2 * BLOCK + 601)
              + " of the table: the weight is "
              + weight
              + ", expected finite and >= 0",
          e.getMessage());
    }
  }

  @Test
  void namesAnUnknownLevel() {
    String[] kinds = new String[ROWS];
    Arrays.fill(kinds, "a");
    kinds[BLOCK + 2] = "zebra";
    table.with("kind", kinds);
    Design design =
        new Design(
            List.of("x", "y"),
            List.of("kind"),
            List.of(List.of("a", "b")),
            List.of(new DesignColumn("kind", X, List.of(new Indicator(0, 0)))),
            List.of(Y),
            null,
            null,
            -1,
            true);
    try (CpuRowPasses passes = passes(design, table, threads(2))) {
      RowException e = assertThrows(RowException.class, () -> passes.sum(SUMS));
      assertEquals(
          "row " + (BLOCK + 3) + " of the table: 'kind' is 'zebra', expected one of [a, b]",
          e.getMessage());
    }
  }

  @ParameterizedTest
  @EnumSource
  void infinityIsANumber(Precision precision) {
    double[] x = random(1);
    x[9] = Double.NEGATIVE_INFINITY;
    table.with("x", x);
    for (KernelCompiler compiler : RowPassesPropertyTest.compilers()) {
      try (CpuRowPasses passes = new CpuRowPasses(line(true), table, threads(2), compiler)) {
        RowSums sums = passes.sum(SUMS.withPrecision(precision).withShift(new double[3]));
        assertEquals(0, sums.omitted());
        assertFalse(Double.isFinite(sums.high()[sums.gram(1, 0)]));
        assertFalse(Double.isFinite(sums.high()[sums.gram(1, 1)]));
        assertEquals(ROWS, sums.high()[sums.gram(0, 0)]);
        assertTrue(Double.isFinite(sums.high()[sums.square(0)]));
      }
    }
  }

  @Test
  void readsNoMoreThanTheLimit() {
    try (CpuRowPasses passes = passes(line(true), table, threads(2))) {
      assertEquals(BLOCK + 1, passes.sum(SUMS.withRowLimit(BLOCK + 1)).rows());
      AtomicLong seen = new AtomicLong();
      passes.map(
          List.of(RowPass.RESPONSE), SUMS.withRowLimit(100), (rows, v) -> seen.addAndGet(rows));
      assertEquals(100, seen.get());
    }
  }

  @Test
  void checksItsArguments() {
    try (CpuRowPasses passes = passes(line(true), table, threads(1))) {
      assertMessage(
          "shift has 2 numbers, expected 3", () -> passes.sum(SUMS.withShift(new double[2])));
      assertMessage(
          "coefficients has 3 numbers, expected 2",
          () -> passes.sum(SUMS.withCoefficients(new double[3])));
      assertMessage(
          "leverageFactor has 2 numbers, expected 3",
          () -> passes.sum(SUMS.withLeverageFactor(new double[2])));
      assertMessage(
          "scores by cluster, but the design has no clusters",
          () -> passes.sum(SUMS.withScoresByCluster()));
      assertMessage(
          "'h' is used, but the pass has no leverage factor",
          () -> passes.sum(SUMS.withTotals(List.of(RowPass.LEVERAGE))));
      assertMessage(
          "'z' is none of a row's symbols [eta, y, w, offset, h]",
          () -> passes.sum(SUMS.withTotals(List.of(Expression.symbol("z")))));
    }
    assertMessage(
        "'z' is not among the design's numbers [x, y]",
        () ->
            passes(
                design(List.of("x", "y"), Expression.symbol("z"), null, true), table, threads(1)));
  }

  private static void assertMessage(String message, Runnable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
  }

  @Test
  void isClosedForGood() {
    CpuRowPasses passes = passes(line(true), table, threads(1));
    passes.close();
    passes.close();
    IllegalStateException e = assertThrows(IllegalStateException.class, () -> passes.sum(SUMS));
    assertEquals("the passes are closed", e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
  void fewColumnsAreSummedInPlace(int width) {
    SplittableRandom random = new SplittableRandom(width);
    for (int rows : new int[] {0, 1, 7, 8, 9, 4095, BLOCK - 1, BLOCK, BLOCK + 9}) {
      for (boolean ones : new boolean[] {false, true}) {
        for (int responses = 0; responses <= 2; responses++) {
          for (boolean hole : new boolean[] {false, true}) {
            few(random, width, rows, ones, responses, hole && rows > 0);
          }
        }
      }
    }
  }

  /** The same sums from arrays, from copies, and from the other flavour. */
  private static void few(
      SplittableRandom random, int width, int rows, boolean ones, int responses, boolean hole) {
    ArrayTable inPlace = new ArrayTable(rows);
    ArrayTable copied = new ArrayTable(rows).copying();
    List<String> numbers = new ArrayList<>();
    List<DesignColumn> columns = new ArrayList<>();
    List<Expression> y = new ArrayList<>();
    for (int j = 0; j < width + responses; j++) {
      String name = "x" + j;
      double[] values = random.doubles(rows, -1, 2).toArray();
      if (hole && j == width + responses - 1) {
        values[rows / 2] = Double.NaN;
      }
      inPlace.with(name, values);
      copied.with(name, values);
      numbers.add(name);
      if (ones && j == width / 2) {
        columns.add(ONES);
      }
      if (j < width) {
        columns.add(new DesignColumn(name, Expression.symbol(name), List.of()));
      } else {
        y.add(Expression.symbol(name));
      }
    }
    Design design = new Design(numbers, List.of(), List.of(), columns, y, null, null, -1, true);
    double[] shift = random.doubles(columns.size() + responses).toArray();
    RowPass pass = RowPass.counting().withGram(RowPass.WEIGHT).withShift(shift);
    pass = responses == 1 ? pass : pass.withResponses();
    double[] expected = null;
    for (KernelCompiler compiler : RowPassesPropertyTest.compilers()) {
      for (ArrayTable table : List.of(copied, inPlace)) {
        try (CpuRowPasses passes = new CpuRowPasses(design, table, threads(2), compiler)) {
          RowSums sums = passes.sum(pass);
          assertEquals(rows - (hole ? 1 : 0), sums.rows());
          assertEquals(hole ? 1 : 0, sums.omitted());
          expected = expected == null ? sums.high() : expected;
          assertArrayEquals(expected, sums.high(), 1e-12 * (rows + 1));
        }
      }
    }
    if (rows > 0 && width > 0) {
      RowSums places = new RowSums(columns.size(), responses, 0, 0);
      int last = columns.size() - 1;
      double[] x = inPlace.numbers("x" + (width - 1));
      double sum = 0;
      for (int i = 0; i < rows; i++) {
        if (!hole || i != rows / 2) {
          sum += (x[i] - shift[last]) * (x[i] - shift[last]);
        }
      }
      boolean one = columns.get(last).isIntercept();
      assertEquals(one ? rows : sum, expected[places.gram(last, last)], 1e-12 * (rows + 1));
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 3", "150, 1", "150, 9", "7, 300", "33, 40"})
  void manyColumnsAndResponses(int width, int responses) {
    int rows = 1100;
    SplittableRandom random = new SplittableRandom(width + responses);
    ArrayTable wide = new ArrayTable(rows);
    List<String> numbers = new ArrayList<>();
    List<DesignColumn> columns = new ArrayList<>();
    List<Expression> y = new ArrayList<>();
    for (int j = 0; j < width + responses; j++) {
      String name = "x" + j;
      numbers.add(name);
      wide.with(name, random.doubles(rows, -1, 1).toArray());
      if (j < width) {
        columns.add(new DesignColumn(name, Expression.symbol(name), List.of()));
      } else {
        y.add(Expression.symbol(name));
      }
    }
    numbers.add("w");
    wide.with("w", random.doubles(rows).toArray());
    Design design =
        new Design(
            numbers, List.of(), List.of(), columns, y, Expression.symbol("w"), null, -1, true);
    for (KernelCompiler compiler : RowPassesPropertyTest.compilers()) {
      for (Precision precision : Precision.values()) {
        try (CpuRowPasses passes = new CpuRowPasses(design, wide, threads(2), compiler)) {
          RowSums sums = passes.sum(SUMS.withPrecision(precision));
          assertWide(wide, sums, width, responses);
          // without the products of X, as when only responses have changed
          RowSums fewer = passes.sum(RowPass.counting().withResponses().withPrecision(precision));
          for (int k = 0; k < responses; k++) {
            assertEquals(sums.high()[sums.square(k)], fewer.high()[fewer.square(k)], 1e-12 * rows);
            for (int j = 0; j < width; j++) {
              double one = sums.high()[sums.product(k, j)];
              assertEquals(one, fewer.high()[fewer.product(k, j)], 1e-12 * rows);
            }
          }
        }
      }
    }
  }

  private static void assertWide(ArrayTable table, RowSums sums, int width, int responses) {
    double[] w = table.numbers("w");
    for (int i = 0; i < width + responses; i++) {
      double[] a = table.numbers("x" + i);
      for (int j = 0; j <= i; j++) {
        if (j < width || i == j) {
          double[] b = table.numbers("x" + j);
          double expected = 0;
          for (int r = 0; r < w.length; r++) {
            expected += w[r] * a[r] * b[r];
          }
          int index = i < width ? sums.gram(i, j) : sums.square(i - width);
          index = i >= width && j < width ? sums.product(i - width, j) : index;
          assertEquals(expected, sums.high()[index], 1e-12 * w.length, i + ", " + j);
        }
      }
    }
  }

  @Test
  void manyRowsLoseNothing() {
    // sums of 0.1 drift by a rounding error per row in plain double
    double[] tenth = new double[ROWS];
    Arrays.fill(tenth, 0.1);
    table.with("x", tenth);
    for (KernelCompiler compiler : RowPassesPropertyTest.compilers()) {
      try (CpuRowPasses passes = new CpuRowPasses(line(true), table, threads(2), compiler)) {
        RowSums sums = passes.sum(SUMS);
        assertEquals(0.1 * ROWS, sums.high()[sums.gram(1, 0)], 1e-12 * ROWS);
        RowSums exact = passes.sum(SUMS.withPrecision(Precision.DOUBLE_DOUBLE));
        // 0.1 is 0.1 + 5.55e-18
        double low = exact.low()[exact.gram(1, 0)];
        double high = exact.high()[exact.gram(1, 0)];
        assertEquals(ROWS * 5.551115123125783e-18, (high - ROWS / 10.0) + low, 1e-14 * high / 1e9);
      }
    }
  }
}
