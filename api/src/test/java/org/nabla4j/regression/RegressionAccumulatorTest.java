package org.nabla4j.regression;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.nabla4j.backend.Execution;
import org.nabla4j.data.Rows;
import org.nabla4j.data.Tables;
import org.nabla4j.testing.ReadOnce;
import org.nabla4j.testing.ReferenceBackend;

class RegressionAccumulatorTest {

  private static final Design DESIGN = Designs.of("y ~ a + b + a*b", "w", "b/8");

  private static RegressionAccumulator empty(Design design, OlsOptions options) {
    return new RegressionAccumulator(design, options, new ReferenceBackend(), Execution.defaults());
  }

  private static RegressionAccumulator of(Rows rows) {
    return empty(DESIGN, OlsOptions.defaults()).add(rows);
  }

  /** Columns far from 0, so that parts have shifts that differ. */
  private static Map<String, double[]> data(long seed, int n) {
    Random random = new Random(seed);
    double far = random.nextInt(1 << 20);
    Map<String, double[]> columns = new LinkedHashMap<>();
    columns.put("a", random.doubles(n, far, far + 3).toArray());
    columns.put("b", random.doubles(n, -1, 1).toArray());
    columns.put("w", random.doubles(n, 0, 2).toArray());
    columns.put("y", random.doubles(n, far / 7, far / 7 + 1).toArray());
    return columns;
  }

  private static Rows part(Map<String, double[]> data, int from, int to) {
    Map<String, double[]> columns = new LinkedHashMap<>();
    data.forEach((name, values) -> columns.put(name, Arrays.copyOfRange(values, from, to)));
    return Tables.columns(columns);
  }

  private static void assertSame(RegressionFit expected, RegressionFit actual) {
    assertEquals(expected.rows(), actual.rows());
    for (String name : expected.names()) {
      double scale = 1e-12 * Math.abs(expected.coefficient(name));
      assertEquals(expected.coefficient(name), actual.coefficient(name), scale);
      assertEquals(
          expected.standardError(name),
          actual.standardError(name),
          1e-12 * expected.standardError(name));
    }
    assertEquals(expected.logLikelihood(), actual.logLikelihood(), 1e-9);
    assertEquals(expected.rSquared(), actual.rSquared(), 1e-12);
  }

  /** Adding parts, merging parts in any order, and adding more and taking it away. */
  @Property(tries = 40)
  void theWayRowsComeDoesNotMatter(
      @ForAll long seed, @ForAll @IntRange(min = 6, max = 40) int cut) {
    Map<String, double[]> data = data(seed, 50);
    RegressionFit whole = of(part(data, 0, 50)).fit();
    assertSame(whole, of(part(data, 0, cut)).add(part(data, cut, 50)).fit());
    RegressionAccumulator first = of(part(data, 0, cut));
    RegressionAccumulator second = of(part(data, cut, 50));
    byte[] before = second.toBytes();
    assertSame(whole, first.merge(second).fit());
    assertArrayEquals(before, second.toBytes());
    assertSame(whole, second.merge(of(part(data, 0, cut))).fit());
    Rows other = part(data(seed + 1, 20), 0, 20);
    assertSame(whole, of(part(data, 0, 50)).add(other).remove(other).fit());
  }

  @Test
  void theFitIsThatOfTheSolver() {
    Rows rows = part(data(1, 50), 0, 50);
    RegressionFit direct =
        OlsSolver.fit(
                DESIGN, rows, OlsOptions.defaults(), new ReferenceBackend(), Execution.defaults())
            .fit(0);
    RegressionAccumulator sums = of(rows);
    assertArrayEquals(direct.coefficients(), sums.fit().coefficients());
    assertEquals(direct.toMap(), sums.fit().toMap());
    assertEquals(50, sums.rows());
    assertEquals("sums of 50 rows for 1 response on 4 columns", sums.toString());
    // Fitting leaves the sums alone.
    assertEquals(direct.toMap(), sums.fit().toMap());
  }

  @Test
  void streamsCanBeAddedWithAndWithoutAShift() {
    Map<String, double[]> data = data(2, 50);
    RegressionFit whole = of(part(data, 0, 50)).fit();
    assertSame(whole, of(new ReadOnce(part(data, 0, 20))).add(part(data, 20, 50)).fit());
    assertSame(whole, of(part(data, 0, 20)).add(new ReadOnce(part(data, 20, 50))).fit());
    RegressionAccumulator stream = of(new ReadOnce(part(data, 0, 20)));
    assertSame(whole, stream.merge(of(part(data, 20, 50))).fit());
  }

  @Test
  void bytesHoldEverything() {
    Map<String, double[]> data = data(3, 50);
    RegressionAccumulator sums = of(part(data, 0, 30));
    byte[] bytes = sums.toBytes();
    RegressionAccumulator back =
        RegressionAccumulator.of(
            bytes, OlsOptions.defaults(), new ReferenceBackend(), Execution.defaults());
    assertEquals(DESIGN, back.design());
    assertArrayEquals(bytes, back.toBytes());
    assertArrayEquals(sums.fit().coefficients(), back.fit().coefficients());
    assertSame(of(part(data, 0, 50)).fit(), back.add(part(data, 30, 50)).fit());
    assertSame(of(part(data, 0, 50)).fit(), of(part(data, 30, 50)).merge(sums).fit());
  }

  @Test
  void otherBytesAreRefused() {
    byte[] bytes = of(part(data(4, 20), 0, 20)).toBytes();
    for (int length : new int[] {0, 3, 8, 40, bytes.length - 1, bytes.length + 1}) {
      IllegalArgumentException e = refused(Arrays.copyOf(bytes, length));
      assertTrue(e.getMessage().startsWith("bytes are not what toBytes()"), e.getMessage());
    }
    Random random = new Random(9);
    int different = 0;
    for (int i = 0; i < 2000; i++) {
      byte[] changed = bytes.clone();
      changed[random.nextInt(200)] ^= (byte) (1 << random.nextInt(8));
      try {
        RegressionAccumulator.of(
            changed, OlsOptions.defaults(), new ReferenceBackend(), Execution.defaults());
      } catch (IllegalArgumentException expected) {
        different++;
      }
    }
    assertNotEquals(0, different);
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                RegressionAccumulator.of(
                    bytes,
                    OlsOptions.defaults().withAccuracy(Accuracy.DOUBLE),
                    new ReferenceBackend(),
                    Execution.defaults()));
    assertTrue(e.getMessage().contains("DOUBLE_DOUBLE"), e.getMessage());
  }

  /** What is wrong is told before memory is asked for. */
  @Test
  void bytesThatCannotBeSumsAreRefused() {
    IllegalArgumentException few = refused(new byte[] {1, 2, 3});
    assertTrue(few.getMessage().endsWith("all 3 of them end too early"), few.getMessage());
    List<DesignColumn> columns = Collections.nCopies(50_000, DESIGN.columns().get(1));
    RowSums sums = GramSums.empty(OlsSolver.withoutOffset(DESIGN));
    for (int width : new int[] {20_000, 50_000}) {
      Design wide =
          new Design(
              DESIGN.numbers(),
              List.of(),
              List.of(),
              columns.subList(0, width),
              DESIGN.responses(),
              null,
              null,
              -1,
              false);
      IllegalArgumentException e = refused(saved(wide, null, sums));
      assertTrue(e.getMessage().contains(" sums, expected at least "), e.getMessage());
    }
    double[] shift = {0, 1, 2, 3, Double.NaN};
    assertTrue(refused(saved(DESIGN, shift, sums)).getMessage().contains("shift = NaN"));
    sums.count(-1, 4);
    assertTrue(refused(saved(DESIGN, null, sums)).getMessage().contains("rows = -1"));
    assertThrows(ArithmeticException.class, () -> new RowSums(70_000, 1, 0, 0));
  }

  private static byte[] saved(Design design, double[] shift, RowSums sums) {
    return SavedSums.write(design, RowPass.Precision.DOUBLE_DOUBLE, shift, sums);
  }

  private static IllegalArgumentException refused(byte[] bytes) {
    return assertThrows(
        IllegalArgumentException.class,
        () ->
            RegressionAccumulator.of(
                bytes, OlsOptions.defaults(), new ReferenceBackend(), Execution.defaults()));
  }

  @Test
  void allRowsCanBeTakenAway() {
    Rows rows = part(data(5, 30), 0, 30);
    RegressionAccumulator sums = of(rows).remove(rows);
    assertEquals(0, sums.rows());
    assertEquals(RegressionStatus.NO_ROWS, sums.fit().status());
    assertSame(of(rows).fit(), sums.add(rows).fit());
    Rows more = part(data(6, 31), 0, 31);
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> sums.remove(more));
    assertTrue(e.getMessage().contains("has 31 rows"), e.getMessage());
    assertSame(of(rows).fit(), sums.fit());
  }

  @Test
  void designsHaveToBeTheSame() {
    RegressionAccumulator one = empty(Designs.of("y ~ a"), OlsOptions.defaults());
    RegressionAccumulator two = empty(Designs.of("y ~ a + b"), OlsOptions.defaults());
    assertThrows(IllegalArgumentException.class, () -> one.merge(two));
    assertThrows(
        IllegalArgumentException.class,
        () -> empty(DESIGN, OlsOptions.defaults().withAccuracy(Accuracy.REFINED)));
  }

  @Test
  void precisionsHaveToBeTheSame() {
    Rows rows = part(data(7, 20), 0, 20);
    RegressionAccumulator exact = of(rows);
    RegressionAccumulator plain =
        empty(DESIGN, OlsOptions.defaults().withAccuracy(Accuracy.DOUBLE)).add(rows);
    assertEquals(
        "the sums were made in DOUBLE, but accuracy = AUTO asks for DOUBLE_DOUBLE",
        assertThrows(IllegalArgumentException.class, () -> exact.merge(plain)).getMessage());
    assertEquals(
        "the sums were made in DOUBLE_DOUBLE, but accuracy = DOUBLE asks for DOUBLE",
        assertThrows(IllegalArgumentException.class, () -> plain.merge(exact)).getMessage());
    assertEquals(20, exact.rows());
    assertEquals(20, plain.rows());
  }

  @Test
  void severalResponsesAreFittedEach() {
    Map<String, double[]> data = data(8, 30);
    RegressionAccumulator sums =
        empty(Designs.of("y, w ~ a + b"), OlsOptions.defaults()).add(part(data, 0, 10));
    sums.merge(empty(Designs.of("y, w ~ a + b"), OlsOptions.defaults()).add(part(data, 10, 30)));
    assertThrows(IllegalArgumentException.class, sums::fit);
    RegressionFit w =
        empty(Designs.of("w ~ a + b"), OlsOptions.defaults()).add(part(data, 0, 30)).fit();
    assertSame(w, sums.fitEach().fit("w"));
  }

  /** What made the sums also predicts, also from fits of each response and from paths. */
  @Test
  void fitsKnowTheirBackend() {
    ReferenceBackend backend = new ReferenceBackend();
    Rows rows = part(data(11, 30), 0, 30);
    OlsOptions options = OlsOptions.defaults();
    Execution execution = Execution.defaults();
    RegressionAccumulator sums =
        new RegressionAccumulator(DESIGN, options, backend, execution).add(rows);
    ElasticNet lasso = ElasticNet.of(0.1, 1);
    Assertions.assertSame(backend, sums.fit().values().engine);
    Assertions.assertSame(backend, sums.path(lasso).fit(0).values().engine);
    Design two = Designs.of("y, w ~ a + b");
    RegressionFits fits = OlsSolver.fit(two, rows, options, backend, execution);
    Assertions.assertSame(backend, fits.fit("w").values().engine);
    ElasticNetPath path =
        ElasticNetSolver.fit(DESIGN, rows, lasso, Accuracy.AUTO, backend, execution);
    Assertions.assertSame(backend, path.fit(0).values().engine);
  }

  @Test
  void sumsInDoubleAreSumsToo() {
    Map<String, double[]> data = data(10, 30);
    RegressionAccumulator sums =
        empty(Designs.of("y ~ a + b"), OlsOptions.defaults().withAccuracy(Accuracy.DOUBLE))
            .add(part(data, 0, 30));
    RegressionFit exact =
        empty(Designs.of("y ~ a + b"), OlsOptions.defaults()).add(part(data, 0, 30)).fit();
    RegressionFit fit = sums.fit();
    assertEquals("normal equations in double, Cholesky factor", fit.method());
    assertEquals(exact.coefficient("b"), fit.coefficient("b"), 1e-13);
  }
}
