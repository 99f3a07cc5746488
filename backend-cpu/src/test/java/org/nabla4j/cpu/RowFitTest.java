package org.nabla4j.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntBinaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nabla4j.CurveFit;
import org.nabla4j.backend.Cancellation;
import org.nabla4j.backend.Execution;
import org.nabla4j.backend.KernelPreference;
import org.nabla4j.data.Column;
import org.nabla4j.data.RowBlock;
import org.nabla4j.data.RowColumns;
import org.nabla4j.data.RowException;
import org.nabla4j.data.RowReader;
import org.nabla4j.data.Rows;
import org.nabla4j.data.Tables;
import org.nabla4j.objective.LeastSquaresProblem;
import org.nabla4j.objective.Loss;
import org.nabla4j.objective.MissingData;
import org.nabla4j.objective.Precision;
import org.nabla4j.objective.SigmaKind;
import org.nabla4j.objective.StartGuess;
import org.nabla4j.result.FitResult;
import org.nabla4j.result.Status;

/** Fits of tables, which have to be those of the same numbers in arrays. */
class RowFitTest {

  private static final int ROWS = 70_001;

  private final double[] x = new double[ROWS];
  private final double[] y = new double[ROWS];
  private final double[] s = new double[ROWS];

  @TempDir Path folder;

  RowFitTest() {
    SplittableRandom random = new SplittableRandom(23);
    for (int i = 0; i < ROWS; i++) {
      x[i] = 5 * random.nextDouble();
      y[i] = 10 * Math.exp(-0.7 * x[i]) + 1 + 0.3 * (random.nextDouble() - 0.5);
      s[i] = 0.05 + 0.1 * random.nextDouble();
    }
  }

  private static CurveFit decay(KernelPreference kernel, int threads) {
    return CurveFit.of("y = a*exp(-b*x)+c")
        .start(8, 1, 0.5)
        .execution(Execution.defaults().withKernel(kernel).withParallelism(threads));
  }

  private static Rows table(double[] x, double[] y, double[] s) {
    Map<String, double[]> columns = new LinkedHashMap<>();
    columns.put("unused", new double[x.length]);
    columns.put("y", y);
    columns.put("x", x);
    columns.put("s", s);
    return Tables.columns(columns);
  }

  private Rows table() {
    return table(x, y, s);
  }

  private static void assertSameFit(FitResult expected, FitResult actual) {
    assertEquals(expected.status(), actual.status());
    assertEquals(expected.kernel(), actual.kernel());
    assertArrayEquals(expected.parameters(), actual.parameters(), 0);
    assertArrayEquals(expected.standardErrors(), actual.standardErrors(), 0);
    assertEquals(expected.chiSquared(), actual.chiSquared(), 0);
    assertEquals(expected.degreesOfFreedom(), actual.degreesOfFreedom());
    assertEquals(expected.evaluations(), actual.evaluations());
    assertEquals(expected.rSquared(), actual.rSquared(), 0);
  }

  /** A table whose readers and blocks are counted, and may be disturbed on their way. */
  private static final class Wrapped implements Rows {
    final Rows rows;
    final AtomicInteger opened = new AtomicInteger();
    final AtomicInteger closed = new AtomicInteger();
    final AtomicInteger held = new AtomicInteger();
    final AtomicInteger mostHeld = new AtomicInteger();

    /** Called with reader and block before each is read: how many rows to cut off its end. */
    private final IntBinaryOperator disturbance;

    Wrapped(Rows rows) {
      this(rows, (reader, block) -> 0);
    }

    Wrapped(Rows rows, IntBinaryOperator disturbance) {
      this.rows = rows;
      this.disturbance = disturbance;
    }

    @Override
    public List<Field> fields() {
      return rows.fields();
    }

    @Override
    public long count() {
      return rows.count();
    }

    @Override
    public boolean rereadable() {
      return rows.rereadable();
    }

    @Override
    public String description() {
      return "the test's table";
    }

    @Override
    public RowReader read(List<String> numbers, List<String> categories) {
      RowReader reader = rows.read(numbers, categories);
      int number = opened.getAndIncrement();
      return new RowReader() {
        private int blocks;
        private boolean isClosed;

        @Override
        public RowBlock next() {
          int cut = disturbance.applyAsInt(number, blocks++);
          RowBlock block = reader.next();
          if (block != null) {
            int now = held.incrementAndGet();
            mostHeld.accumulateAndGet(now, Math::max);
          }
          return block == null ? null : new Counted(block, held, cut);
        }

        @Override
        public List<String> levels(int category) {
          return reader.levels(category);
        }

        @Override
        public void close() {
          if (!isClosed) {
            isClosed = true;
            closed.incrementAndGet();
          }
          reader.close();
        }
      };
    }
  }

  private record Counted(RowBlock block, AtomicInteger held, int cut) implements RowBlock {
    @Override
    public long firstRow() {
      return block.firstRow();
    }

    @Override
    public int rows() {
      return block.rows() - cut;
    }

    @Override
    public void read(int number, int from, int count, double[] target, int offset) {
      block.read(number, from, count, target, offset);
    }

    @Override
    public void readCodes(int category, int from, int count, int[] target, int offset) {
      block.readCodes(category, from, count, target, offset);
    }

    @Override
    public void release() {
      block.release();
      held.decrementAndGet();
    }
  }

  /** A row less than, as many as and a row more than blocks and runs have. */
  @ParameterizedTest
  @ValueSource(
      ints = {
        1, 2, 3, 5, 8191, 8192, 8193, 16_383, 16_384, 16_385, 24_575, 24_576, 24_577, 32_767,
        32_768, 32_769, 40_961, 65_537
      })
  void equalsTheFitOfArraysAtEverySize(int rows) {
    double[] px = Arrays.copyOf(x, rows);
    double[] py = Arrays.copyOf(y, rows);
    for (KernelPreference kernel :
        List.of(KernelPreference.SCALAR, KernelPreference.VECTOR, KernelPreference.AUTO)) {
      FitResult expected = decay(kernel, 2).fit(px, py);
      for (int threads = 1; threads <= 3; threads++) {
        CurveFit fit = decay(kernel, threads);
        assertSameFit(expected, fit.fit(table(px, py, py)));
        Rows copied = new Wrapped(table(px, py, py));
        assertSameFit(expected, fit.fit(copied));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SCALAR", "VECTOR"})
  void sigmaWeightsLossesBoundsAndFixedParametersAreThoseOfArrays(KernelPreference kernel) {
    double[] weights = Arrays.stream(s).map(v -> 1 / (v * v)).toArray();
    double[] spoilt = y.clone();
    for (int i = 0; i < ROWS; i += 50) {
      spoilt[i] += 40;
    }
    for (int threads = 1; threads <= 3; threads++) {
      CurveFit fit = decay(kernel, threads);
      assertSameFit(
          fit.sigma(s, SigmaKind.ABSOLUTE).fit(x, y),
          fit.sigma("s", SigmaKind.ABSOLUTE).fit(table()));
      assertSameFit(
          fit.weights(weights, SigmaKind.RELATIVE).fit(x, y),
          fit.weights("s", SigmaKind.RELATIVE).fit(table(x, y, weights)));
      CurveFit robust = fit.loss(Loss.cauchy(0.1));
      assertSameFit(robust.fit(x, spoilt), robust.fit(table(x, spoilt, s)));
      CurveFit bounded = fit.bounds("b", 0.75, 2).fix("c", 0.9);
      FitResult atBound = bounded.fit(table());
      assertSameFit(bounded.fit(x, y), atBound);
      assertEquals(0.75, atBound.parameter("b"));
      assertEquals(0.9, atBound.parameter("c"));
      CurveFit single = fit.precision(Precision.SINGLE);
      assertSameFit(single.fit(x, y), single.fit(table()));
    }
  }

  @Test
  void missingRowsAreLeftOutOrNamed() {
    double[] holes = y.clone();
    for (int i = 20_000; i < ROWS; i += 7) {
      holes[i] = Double.NaN;
    }
    double[] sigma = s.clone();
    sigma[40_000] = Double.NaN;
    CurveFit fit = decay(KernelPreference.AUTO, 2);
    CurveFit omit = fit.missing(MissingData.OMIT);
    FitResult without = omit.fit(table(x, holes, s));
    assertSameFit(omit.fit(x, holes), without);
    assertTrue(without.points() < ROWS);
    assertSameFit(
        omit.sigma(sigma, SigmaKind.ABSOLUTE).fit(x, holes),
        omit.sigma("s", SigmaKind.ABSOLUTE).fit(table(x, holes, sigma)));
    FitResult refused = fit.fit(table(x, holes, s));
    assertEquals(Status.NON_FINITE, refused.status());
    assertEquals(
        "non finite: y in row 20001 of the table is NaN; leave such points out with"
            + " missing(MissingData.OMIT)",
        refused.statusMessage());
    // the model does not let this one through
    CurveFit where = CurveFit.of("y = where(x > 1, a, b)").start(1, 2);
    double[] px = x.clone();
    px[69_000] = Double.NaN;
    FitResult swallowed = where.fit(table(px, y, s));
    assertEquals(Status.NON_FINITE, swallowed.status());
    assertTrue(swallowed.statusMessage().contains("x in row 69001 of"), swallowed.statusMessage());
  }

  /** The same words whether the table is read into memory or not. */
  @ParameterizedTest
  @ValueSource(ints = {100, ROWS})
  void sigmaOutOfRangeIsNamedByItsRow(int rows) {
    double[] sigma = Arrays.copyOf(s, rows);
    sigma[77] = -1;
    FitResult fit =
        decay(KernelPreference.AUTO, 2)
            .sigma("s", SigmaKind.ABSOLUTE)
            .fit(table(Arrays.copyOf(x, rows), Arrays.copyOf(y, rows), sigma));
    assertEquals(Status.NON_FINITE, fit.status());
    assertEquals(
        "non finite: sigma in row 78 of the table is -1.0, expected a finite value > 0",
        fit.statusMessage());
  }

  @Test
  void startsAreGuessedFromTheFirstRows() {
    CurveFit guess = CurveFit.of("y = a*exp(-b*x)+c").guess(StartGuess.EXPONENTIAL);
    LeastSquaresProblem few = guess.problem(table());
    double[] px = Arrays.copyOf(x, 65_536);
    double[] py = Arrays.copyOf(y, 65_536);
    LeastSquaresProblem first = guess.data("x", px).data("y", py).problem();
    for (int j = 0; j < 3; j++) {
      assertEquals(first.starts().value(0, j), few.starts().value(0, j));
    }
    FitResult fit = guess.fit(table());
    assertTrue(fit.converged(), fit::toString);
    assertEquals(0.7, fit.parameter("b"), 5 * fit.standardError("b"));
  }

  @Test
  void columnsComeFromTheTableByNameAndTheRestAreParameters() {
    Map<String, double[]> columns = new LinkedHashMap<>();
    columns.put("v", x);
    columns.put("z", y);
    columns.put("u", s);
    CurveFit fit = CurveFit.of("z = a + b*u + c*v").start("a", 0).start("b", 1).start("c", 1);
    FitResult rows = fit.fit(Tables.columns(columns));
    assertEquals(List.of("a", "b", "c"), rows.parameterNames());
    assertSameFit(fit.data("u", s).data("v", x).data("z", y).fit(), rows);
    FitResult lambda =
        CurveFit.of(
                List.of("p"), List.of("u", "v"), (p, c) -> p.get(0).times(c.get(0)).plus(c.get(1)))
            .start(1)
            .fit(table2("u", s, "v", x, "y", y));
    assertTrue(lambda.converged(), lambda::toString);
  }

  private static Rows table2(
      String n1, double[] c1, String n2, double[] c2, String n3, double[] c3) {
    return Tables.builder().numbers(n1, c1).numbers(n2, c2).numbers(n3, c3).build();
  }

  /** With so many columns blocks are shorter than the runs that are summed. */
  @Test
  void manyColumnsMakeRunsOfSeveralBlocks() {
    int width = 150;
    int rows = 20_000;
    assertTrue(RowReader.blockRows(width + 1) < 8192);
    SplittableRandom random = new SplittableRandom(5);
    Map<String, double[]> columns = new LinkedHashMap<>();
    StringBuilder model = new StringBuilder("y = a + b*(");
    for (int c = 1; c <= width; c++) {
      columns.put("x" + c, random.doubles(rows).toArray());
      model.append(c == 1 ? "" : " + ").append("x" + c);
    }
    columns.put("y", random.doubles(rows).toArray());
    CurveFit fit = CurveFit.of(model.append(")").toString()).start("a", 1).start("b", 0.1);
    CurveFit direct = fit;
    for (Map.Entry<String, double[]> column : columns.entrySet()) {
      direct = direct.data(column.getKey(), column.getValue());
    }
    FitResult expected = direct.fit();
    assertSameFit(expected, fit.fit(Tables.columns(columns)));
    Wrapped wrapped = new Wrapped(Tables.columns(columns));
    assertSameFit(expected, fit.execution(Execution.defaults().withParallelism(3)).fit(wrapped));
    assertEquals(wrapped.opened.get(), wrapped.closed.get());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void everyBlockIsReleasedAndFewAreHeld(int threads) {
    Wrapped rows = new Wrapped(table());
    FitResult fit = decay(KernelPreference.AUTO, threads).fit(rows);
    assertTrue(fit.converged(), fit::toString);
    assertEquals(fit.evaluations(), rows.opened.get());
    assertEquals(rows.opened.get(), rows.closed.get());
    assertEquals(0, rows.held.get());
    assertTrue(rows.mostHeld.get() <= threads + 1, () -> "held " + rows.mostHeld.get());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void failuresOfTheSourceComeOutAsTheyAre(int threads) {
    RowException failure = new RowException("the test's table: row 40000 is not there");
    Wrapped rows =
        new Wrapped(
            table(),
            (reader, block) -> {
              if (reader == 2 && block == 2) {
                throw failure;
              }
              return 0;
            });
    CurveFit fit = decay(KernelPreference.AUTO, threads);
    assertSame(failure, assertThrows(RowException.class, () -> fit.fit(rows)));
    assertEquals(3, rows.opened.get());
    assertEquals(3, rows.closed.get());
    RuntimeException own = new IllegalStateException("a fault of the caller's source");
    Wrapped other =
        new Wrapped(
            table(),
            (reader, block) -> {
              if (block == 1) {
                throw own;
              }
              return 0;
            });
    assertSame(own, assertThrows(IllegalStateException.class, () -> fit.fit(other)));
    assertEquals(1, other.closed.get());
  }

  @Test
  void aTableThatChangesIsRefused() {
    Wrapped rows = new Wrapped(table(), (reader, block) -> reader == 1 && block == 4 ? 1 : 0);
    RowException changed =
        assertThrows(RowException.class, () -> decay(KernelPreference.AUTO, 2).fit(rows));
    assertEquals(
        "the test's table has 70000 rows, expected 70001 as before: it must not change while it is"
            + " in use",
        changed.getMessage());
    assertEquals(rows.opened.get(), rows.closed.get());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void cancellationEndsInTheMiddleOfThePass(int threads) {
    Cancellation cancellation = new Cancellation();
    AtomicInteger blocks = new AtomicInteger();
    Wrapped rows =
        new Wrapped(
            table(),
            (reader, block) -> {
              blocks.incrementAndGet();
              if (reader == 2 && block == 1) {
                cancellation.cancel();
              }
              return 0;
            });
    CurveFit fit =
        CurveFit.of("y = a*exp(-b*x)+c")
            .start(8, 1, 0.5)
            .execution(
                Execution.defaults().withParallelism(threads).withCancellation(cancellation));
    FitResult result = fit.fit(rows);
    assertEquals(Status.CANCELLED, result.status());
    assertEquals(2, result.evaluations());
    assertEquals(3, rows.closed.get());
    assertTrue(blocks.get() < 3 * 5, "read on to the end");
    assertNotEquals(8, result.parameter("a"));
  }

  /** As when the number of rows of a file is not known. */
  @Test
  void rowsAreCountedWhereTheirNumberIsNotKnown() {
    Rows unknown = blocks(ROWS);
    assertEquals(-1, unknown.count());
    FitResult expected = decay(KernelPreference.AUTO, 2).fit(x, y);
    assertSameFit(expected, decay(KernelPreference.AUTO, 2).fit(unknown));
    assertSameFit(
        decay(KernelPreference.AUTO, 2).fit(Arrays.copyOf(x, 500), Arrays.copyOf(y, 500)),
        decay(KernelPreference.AUTO, 2).fit(blocks(500)));
    Cancellation cancellation = new Cancellation();
    cancellation.cancel();
    FitResult none =
        decay(KernelPreference.AUTO, 2)
            .execution(Execution.defaults().withCancellation(cancellation))
            .fit(unknown);
    assertEquals(Status.CANCELLED, none.status());
    IllegalArgumentException empty =
        assertThrows(
            IllegalArgumentException.class, () -> decay(KernelPreference.AUTO, 2).fit(blocks(0)));
    assertEquals("the data columns have 0 points, expected at least 1", empty.getMessage());
  }

  private static List<Rows.Field> xy() {
    return List.of(new Rows.Field("x", Rows.Kind.NUMBER), new Rows.Field("y", Rows.Kind.NUMBER));
  }

  private Rows blocks(int rows) {
    return Tables.blocks(xy(), () -> pieces(rows).iterator());
  }

  private List<double[][]> pieces(int rows) {
    List<double[][]> pieces = new ArrayList<>();
    for (int from = 0; from < rows; from += 3001) {
      int to = Math.min(rows, from + 3001);
      pieces.add(new double[][] {Arrays.copyOfRange(x, from, to), Arrays.copyOfRange(y, from, to)});
    }
    return pieces;
  }

  @Test
  void whatDoesNotFitIsRefused() {
    CurveFit fit = decay(KernelPreference.AUTO, 2);
    assertRefused(
        () -> fit.fit(Tables.blocks(xy(), pieces(ROWS).iterator())),
        "can be read once, expected rows that can be read for every evaluation: give a file");
    assertRefused(() -> fit.fit(Tables.columns(Map.of("x", x))), "no column 'y' in the table");
    assertRefused(() -> fit.sigma("error", SigmaKind.ABSOLUTE).fit(table()), "no column 'error'");
    assertRefused(
        () -> fit.data("x", x).fit(table()),
        "data x were given beside the table, expected all columns in the table");
    assertRefused(
        () -> fit.sigma(s, SigmaKind.ABSOLUTE).fit(table()),
        "expected the name of a column: sigma(\"name\", ABSOLUTE)");
    assertRefused(
        () -> fit.weights("s", SigmaKind.ABSOLUTE).fit(x, y),
        "weights are the column s of a table, but there is none: fit(rows) takes one");
    assertRefused(
        () -> fit.fit(Tables.builder().numbers("x", x).texts("y", new String[ROWS]).build()),
        "column 'y' of the table holds text, expected numbers");
    assertRefused(
        () -> fit.starts(new double[][] {{1, 1, 1}, {2, 1, 1}}).fit(table()),
        "the data hold 2 problems, expected one");
    RowColumns columns = RowColumns.of(table(), List.of("x", "y"), new Cancellation());
    assertRefused(
        () -> fit.data("x", columns.column("x")).data("y", y).fit(),
        "expected all data, sigma and weights in one table");
  }

  private static void assertRefused(Runnable call, String part) {
    IllegalArgumentException wrong = assertThrows(IllegalArgumentException.class, call::run);
    assertTrue(wrong.getMessage().contains(part), wrong::getMessage);
  }

  @Test
  void singleColumnsOfALongTableCanBeReadAnywhere() {
    Column column = RowColumns.of(table(), List.of("y", "x"), new Cancellation()).column("x");
    double[] run = new double[20_000];
    column.read(0, 30_001, 19_999, run, 1);
    assertArrayEquals(Arrays.copyOfRange(x, 30_001, 50_000), Arrays.copyOfRange(run, 1, 20_000));
    assertEquals(x[ROWS - 1], column.value(0, ROWS - 1));
    float[] rounded = new float[3];
    column.slice(16_383, 3).read(0, 0, 3, rounded, 0);
    assertEquals((float) x[16_385], rounded[2]);
  }

  @Test
  void aMillionRowsOfAFileAreFittedInLittleMemory() throws IOException {
    int rows = 1_000_000;
    SplittableRandom random = new SplittableRandom(31);
    ByteBuffer bytes = ByteBuffer.allocate(128 + 16 * rows).order(ByteOrder.LITTLE_ENDIAN);
    String header = "{'descr': '<f8', 'fortran_order': False, 'shape': (" + rows + ", 2), }";
    bytes.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII));
    bytes.put((byte) 1).put((byte) 0).putShort((short) 118);
    bytes.put(
        (header + " ".repeat(117 - header.length()) + "\n").getBytes(StandardCharsets.US_ASCII));
    double[] px = new double[rows];
    double[] py = new double[rows];
    for (int i = 0; i < rows; i++) {
      px[i] = 5 * random.nextDouble();
      py[i] = 10 * Math.exp(-0.7 * px[i]) + 1 + 0.3 * (random.nextDouble() - 0.5);
      bytes.putDouble(px[i]).putDouble(py[i]);
    }
    Path file = folder.resolve("rows.npy");
    Files.write(file, bytes.array());
    for (KernelPreference kernel : List.of(KernelPreference.SCALAR, KernelPreference.VECTOR)) {
      FitResult expected = decay(kernel, 2).fit(px, py);
      Wrapped table = new Wrapped(Tables.npy(file, "x", "y"));
      FitResult fit = decay(kernel, 2).fit(table);
      assertSameFit(expected, fit);
      assertTrue(table.mostHeld.get() <= 3, () -> "held " + table.mostHeld.get());
    }
  }
}
