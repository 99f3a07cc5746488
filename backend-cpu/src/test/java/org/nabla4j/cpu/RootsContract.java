package org.nabla4j.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nabla4j.Solve;
import org.nabla4j.backend.Backend;
import org.nabla4j.backend.Cancellation;
import org.nabla4j.backend.Execution;
import org.nabla4j.backend.KernelPreference;
import org.nabla4j.data.Column;
import org.nabla4j.method.RootFinding;
import org.nabla4j.result.BatchRoots;
import org.nabla4j.result.Root;
import org.nabla4j.result.Status;

/** Roots of one equation, for one flavour of kernel. */
abstract class RootsContract {

  static final Backend CPU = new CpuBackend();

  private static final String BLACK_SCHOLES =
      "S*erfc(-(log(S/K) + (r + v^2/2)*T)/(v*sqrt(2*T)))/2"
          + " - K*exp(-r*T)*erfc(-(log(S/K) + (r - v^2/2)*T)/(v*sqrt(2*T)))/2 = price";

  private final KernelPreference flavour;

  RootsContract(KernelPreference flavour) {
    this.flavour = flavour;
  }

  private Solve on(Solve solve) {
    return solve.backend(CPU).execution(execution());
  }

  private Execution execution() {
    return Execution.defaults().withKernel(flavour).withParallelism(1);
  }

  private Root run(Solve solve) {
    Root root = on(solve).run();
    assertRan(root.kernel());
    return root;
  }

  private BatchRoots batch(Solve solve) {
    BatchRoots roots = on(solve).runBatch();
    assertRan(roots.kernel());
    return roots;
  }

  private void assertRan(String kernel) {
    String word = flavour == KernelPreference.SCALAR ? "scalar double" : "vector ";
    assertTrue(kernel.startsWith(word), kernel);
  }

  // ---- known roots

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "x^2 = 2; 1; 1.4142135623730950488",
        "2 = x^2; 1; 1.4142135623730950488",
        "x^2 - 2; 1; 1.4142135623730950488",
        "x^2 = 2; 1e-3; 1.4142135623730950488",
        "cos(x) = x; 1; 0.73908513321516064166",
        "x*exp(x) = 3; 1; 1.0499088949640399600",
        "exp(x) = 1e30; 1; 69.077552789821370521",
        "log(x) = -3; 1.5; 0.049787068367863942979",
        "tanh(x) = 0.5; 2; 0.54930614433405484570",
        "x^3 - 2*x + 2 = 0; 0; -1.7692923542386314152",
        "lgamma(x) = 3; 4; 4.8807250299627037450",
        "x + 1000 = 5000; 1; 4000",
        "1e-200*x = 3e-200; 1; 3",
        "x - 1e-300 = 0; 1; 1e-300",
        "erfc(x) = 1e-100; 1; 15.065574702592645704"
      })
  void findsKnownRoots(String equation, double start, double expected) {
    Root root = run(Solve.of(equation).start(start));
    assertEquals(Status.CONVERGED_PARAMETERS, root.status(), root::toString);
    assertEquals(expected, root.value(), 2e-14 * Math.abs(expected), root::toString);
    assertTrue(root.uncertainty() <= 1e-12 * Math.abs(expected), root::toString);
    assertTrue(root.converged());
    assertTrue(root.evaluations() > root.iterations());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "x^2 = 4; 0; 2; 2",
        "x^2 = 4; 2; 9; 2",
        "x^3 = 5; -10; 10; 1.7099759466766969894",
        "exp(-x) = x; 0; 5; 0.56714329040978387300",
        "tan(x) = 2*x; 0.5; 1.5; 1.1655611852072113068",
        "atan(x - 3) = 0; -1000; 1e6; 3",
        "x^9 = 1e-9; 1e-6; 1e6; 0.1",
        "where(x < 1, -1, x - 0.5) - 0.75 = 0; 0; 3; 1.25"
      })
  void findsRootsInBrackets(String equation, double lower, double upper, double expected) {
    Root root = run(Solve.of(equation).bracket(lower, upper));
    assertEquals(Status.CONVERGED_PARAMETERS, root.status(), root::toString);
    assertEquals(expected, root.value(), 4e-15 * expected, root::toString);
    assertTrue(root.value() >= lower && root.value() <= upper);
  }

  @Test
  void aBracketInTheWrongOrderOfAProblemIsTurnedRound() {
    BatchRoots roots =
        batch(
            Solve.of("x^2 = 2")
                .bracket(
                    "x",
                    Column.perProblem(new double[] {0, 2}, 1),
                    Column.perProblem(new double[] {2, 0}, 1)));
    assertEquals(Math.sqrt(2), roots.value(0), 3e-16);
    assertEquals(Math.sqrt(2), roots.value(1), 3e-16);
  }

  // ---- double roots: honest accuracy

  @Test
  void aDoubleRootIsKnownToItsUncertaintyOnly() {
    Root root = run(Solve.of("x^2 - 2*x + 1 = 0").start(3));
    assertEquals(Status.CONVERGED_COST, root.status(), root::toString);
    assertTrue(Math.abs(root.value() - 1) <= root.uncertainty(), root::toString);
    assertTrue(root.uncertainty() < 1e-7 && root.uncertainty() > 1e-9, root::toString);
    assertTrue(root.statusMessage().contains("is rounding"), root.statusMessage());
  }

  @Test
  void aDoubleRootWhoseDigitsAreThereIsFoundToThem() {
    Root root = run(Solve.of("(x - 1)^2 = 0").start(3));
    assertEquals(Status.CONVERGED_PARAMETERS, root.status(), root::toString);
    assertEquals(1, root.value(), 1e-14);
  }

  @Test
  void aDoubleRootInABracketIsFoundWithoutASignChange() {
    Root root = run(Solve.of("x^2 - 2*x + 1 = 0").bracket(-4, 9));
    assertEquals(Status.CONVERGED_COST, root.status(), root::toString);
    assertTrue(Math.abs(root.value() - 1) <= root.uncertainty(), root::toString);
  }

  @Test
  void aRootOfHighOrderEnds() {
    Root root = run(Solve.of("x^4 = 0").start(1.5));
    assertEquals(Status.CONVERGED_COST, root.status(), root::toString);
    assertEquals(0, root.value(), 1e-7);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "x^20 = 0; 1; 0",
        "x^20 = 0; -4.3; 0",
        "x^50 = 0; 1.5; 0",
        "(x - 1)^31 = 0; -4.3; 1",
        "(x - 3)^15*exp(x) = 0; 1; 3"
      })
  void stepsTowardsARootOfHighOrderGoToTheirLimit(String equation, double start, double expected) {
    Root root = run(Solve.of(equation).start(start));
    assertTrue(root.converged(), root::toString);
    assertEquals(expected, root.value(), 1e-13, root::toString);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "1/x = 0; 1; 0",
        "1/x = 0; -4.3; 0",
        "1/x^3 = 0; 1.5; 0",
        "1/(x - 1) = 0; -4.3; 1",
        "1/(x - 2)^3 = 0; 1.5; 2",
        "1/x = 0*x; 3; 0"
      })
  void aPoleIsNamedWithoutABracket(String equation, double start, double place) {
    Root root = run(Solve.of(equation).start(start));
    assertEquals(Status.NO_PROGRESS, root.status(), root::toString);
    assertEquals(place, root.value(), 1e-14, root::toString);
    assertTrue(root.statusMessage().contains("changes its sign at a pole"), root.statusMessage());
    assertTrue(root.evaluations() < 170, root::toString);
  }

  @Test
  void aRootBetweenWhatLooksLikeAPoleIsFound() {
    Root root = run(Solve.of("x/(x^2 + 1e-12) = 0").start(1.5));
    assertEquals(Status.CONVERGED_PARAMETERS, root.status(), root::toString);
    assertEquals(0, root.value());
    Root beside = run(Solve.of("(x - 2)/((x - 2)^2 + 1e-8) = 0").bracket(-3, 9.1));
    assertEquals(2, beside.value(), 1e-15, beside::toString);
    assertTrue(beside.converged(), beside::toString);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "x^2 = 1e-40; 1; 1e-20",
        "x^5 - 1e-60; 1; 1e-12",
        "x^3 - 1e-45; 1; 1e-15",
        "x*exp(-x) = 0; 2; 0",
        "exp(1000*x) = 1; 3; 0"
      })
  void findsRootsThatAreFarFromTheStart(String equation, double start, double expected) {
    Root root = run(Solve.of(equation).start(start));
    assertTrue(root.converged(), root::toString);
    assertTrue(expected == 0 || root.status() == Status.CONVERGED_PARAMETERS, root::toString);
    assertEquals(expected, Math.abs(root.value()), 1e-12 * expected + 1e-18, root::toString);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, -600, 700, 740})
  void aFunctionThatOnlyFallsHasNoRoot(double start) {
    Root root = run(Solve.of("exp(-x) = 0").start(start));
    assertFalse(root.converged(), root::toString);
  }

  @Test
  void whatUnderflowsAtAnEndIsNoRoot() {
    Root root = run(Solve.of("exp(-x) = 0").bracket(0, 1000));
    assertFalse(root.converged(), root::toString);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "x^3 - 1e-45; 0; 1; 1e-15",
        "x*exp(-x); -1; 900; 0",
      })
  void aSimpleRootInABracketIsFoundThoughItsEndIsAlmostOne(
      String equation, double lower, double upper, double expected) {
    Root root = run(Solve.of(equation).bracket(lower, upper));
    assertTrue(root.converged(), root::toString);
    assertEquals(expected, root.value(), 1e-12 * Math.abs(expected) + 1e-300, root::toString);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "1/x = 0; -1; 1; 0",
        "1/x = 0; -1; 1.5; 0",
        "x/abs(x) = 0; -1; 1.5; 0",
        "x/abs(x) = 0; -1; 1; 0",
        "1/(x - 1) = 0; -3; 5.1; 1",
        "where(x < 1.7, -1, 1) = 0; 0; 3; 1.7"
      })
  void saysWhereTheSignJumps(String equation, double lower, double upper, double place) {
    Root root = run(Solve.of(equation).bracket(lower, upper));
    assertEquals(Status.NO_PROGRESS, root.status(), root::toString);
    assertEquals(place, root.value(), 1e-14, root::toString);
    assertTrue(
        root.statusMessage().startsWith("no progress: F changes its sign at a pole or a jump near"),
        root.statusMessage());
    assertTrue(Double.isFinite(root.residual()), root::toString);
    assertTrue(Double.isNaN(root.uncertainty()));
    assertTrue(root.evaluations() < 180, root::toString);
  }

  @Test
  void aRootBesideAPoleIsFound() {
    Root root = run(Solve.of("tan(x) = x").bracket(2, 4.6));
    assertEquals(Status.CONVERGED_PARAMETERS, root.status(), root::toString);
    assertEquals(4.493409457909064, root.value(), 1e-14);
  }

  // ---- no roots

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "x^2 = 4; 3; 5; NO_SIGN_CHANGE",
        "x^2 + 1 = 0; -3; 5; NO_SIGN_CHANGE",
        "1/(x - 1) = 0; -3; 5.1; NO_PROGRESS",
        "where(x < 1.7, -1, 1) = 0; 0; 3; NO_PROGRESS",
        "log(x) = 1e9 + 0*x; -3; -1; NON_FINITE"
      })
  void saysWhyThereIsNone(String equation, double lower, double upper, Status expected) {
    Root root = run(Solve.of(equation).bracket(lower, upper));
    assertEquals(expected, root.status(), root::toString);
    assertFalse(root.converged());
    assertTrue(Double.isNaN(root.uncertainty()));
  }

  @Test
  void whatIsNotFiniteIsNamed() {
    Root root = run(Solve.of("log(x) = 1e9 + 0*x").bracket(-3, -1));
    assertEquals(
        "non finite: log(x) is NaN at x = -2.0, where the search starts, and beyond",
        root.statusMessage());
    assertTrue(root.toString().contains(root.statusMessage()), root::toString);
    double[] a = {2, Double.NaN, 3};
    BatchRoots batch = Solve.of("x^2 = a").start(1).constant("a", a).backend(CPU).runBatch();
    assertEquals(Status.NON_FINITE, batch.status(1));
    assertEquals(
        "non finite: constant a of problem 1 is NaN, expected a finite value",
        batch.statusMessage(1));
    assertEquals(
        "non finite: start of x is NaN, expected a finite value",
        run(Solve.of("x^2 = 2").start(Double.NaN)).statusMessage());
  }

  @Test
  void aMinimumThatIsNoRootIsNoProgress() {
    Root root = run(Solve.of("x^2 + 1 = 0").start(2));
    assertEquals(Status.NO_PROGRESS, root.status(), root::toString);
    assertEquals(1, root.residual(), 1e-6);
    assertTrue(root.statusMessage().startsWith("no progress: |F| 1"), root.statusMessage());
  }

  @Test
  void anEquationThatDoesNotDetermineItsUnknownIsSingular() {
    // beyond 20 the last term is lost in the rounding of the first
    Root root = run(Solve.of("1e6 + exp(-x) = 1e6").bracket(30, 40));
    assertEquals(Status.SINGULAR, root.status(), root::toString);
    assertFalse(root.converged());
  }

  @Test
  void theLimitOfIterationsIsKept() {
    Root root =
        run(
            Solve.of("x^9 = 1e-9")
                .bracket(1e-6, 1e6)
                .method(RootFinding.defaults().withMaxIterations(2)));
    assertEquals(Status.ITERATION_LIMIT, root.status(), root::toString);
  }

  @Test
  void aResidualToleranceEndsEarly() {
    RootFinding loose = RootFinding.defaults().withResidualTolerance(1);
    Root root = run(Solve.of("x^3 = 5").start(2).method(loose));
    Root exact = run(Solve.of("x^3 = 5").start(2));
    assertEquals(Status.CONVERGED_COST, root.status(), root::toString);
    assertTrue(Math.abs(root.residual()) <= 1);
    assertTrue(root.evaluations() < exact.evaluations());
    assertTrue(Math.abs(root.value() - exact.value()) <= root.uncertainty(), root::toString);
    assertTrue(root.statusMessage().contains("residualTolerance 1"), root.statusMessage());
  }

  // ---- numbers that are none

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void aConstantThatIsNoNumberSpoilsItsOwnProblemOnly(double bad) {
    double[] a = new double[19];
    Arrays.setAll(a, i -> i % 3 == 1 ? bad : 1 + i);
    BatchRoots roots = batch(Solve.of("x*exp(x) = a").constant("a", a).start(1));
    for (int i = 0; i < a.length; i++) {
      if (i % 3 == 1) {
        assertEquals(Status.NON_FINITE, roots.status(i), "problem " + i);
        assertTrue(Double.isNaN(roots.residual(i)));
      } else {
        assertEquals(Status.CONVERGED_PARAMETERS, roots.status(i), "problem " + i);
        double x = roots.value(i);
        assertEquals(a[i], x * Math.exp(x), 1e-13 * a[i]);
      }
    }
  }

  @Test
  void aStartThatIsNoNumberIsNonFinite() {
    assertEquals(Status.NON_FINITE, run(Solve.of("x^2 = 2").start(Double.NaN)).status());
    assertEquals(
        Status.NON_FINITE, run(Solve.of("x^2 = 2").start(Double.POSITIVE_INFINITY)).status());
  }

  @Test
  void aNanRegionIsSteppedBackFrom() {
    Root root = run(Solve.of("sqrt(x) + x = 0.01").start(9));
    assertEquals(Status.CONVERGED_PARAMETERS, root.status(), root::toString);
    assertEquals(0.01, Math.sqrt(root.value()) + root.value(), 1e-16);
  }

  // ---- batches

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 8, 9, 1000})
  void aProblemDoesNotDependOnItsBatch(int size) {
    double[] a = amounts(size);
    Solve solve = Solve.of("x*exp(x) + x^2 = a").start(1);
    BatchRoots roots = batch(solve.constant("a", a));
    assertEquals(size, roots.problems());
    for (int i = 0; i < size; i += 1 + size / 40) {
      assertSame(roots, i, batch(solve.constant("a", new double[] {a[i]})), 0);
    }
  }

  @Test
  void nothingDependsOnThreads() {
    double[] a = amounts(5000);
    Solve solve = Solve.of("x*exp(x) + x^2 = a").constant("a", a).start(1).backend(CPU);
    BatchRoots one = solve.execution(execution()).runBatch();
    BatchRoots four = solve.execution(execution().withParallelism(4)).runBatch();
    assertRan(four.kernel());
    for (int i = 0; i < a.length; i++) {
      assertSame(one, i, four, i);
    }
    assertEquals(a.length, one.convergedCount());
  }

  @Test
  void manyCallersAtOnceGetTheirOwn() throws Exception {
    double[] a = amounts(300);
    Solve solve = Solve.of("x*exp(x) + x^2 = a").start(1);
    BatchRoots expected = batch(solve.constant("a", a));
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try {
      CountDownLatch together = new CountDownLatch(4);
      List<Future<BatchRoots>> all = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        all.add(
            pool.submit(
                () -> {
                  together.countDown();
                  together.await();
                  return batch(solve.constant("a", a));
                }));
      }
      for (Future<BatchRoots> one : all) {
        for (int i = 0; i < a.length; i++) {
          assertSame(expected, i, one.get(), i);
        }
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void aSharedConstantIsAnyProblems() {
    BatchRoots roots =
        batch(
            Solve.of("b*x^2 = a")
                .constant("a", new double[] {4, 9, 16})
                .constant("b", 1)
                .bracket(0, 100));
    for (int i = 0; i < 3; i++) {
      assertEquals(2 + i, roots.value(i), 1e-15 * 4);
      assertEquals(roots.value(i), roots.values()[i]);
      assertEquals(roots.value(i), roots.get(i).value("x"));
    }
  }

  @Test
  void cancelledBeforeItBeginsItIsAllCancelled() {
    Cancellation cancellation = new Cancellation();
    cancellation.cancel();
    BatchRoots roots =
        Solve.of("x^2 = a")
            .constant("a", amounts(100))
            .start(1.5)
            .backend(CPU)
            .execution(execution().withCancellation(cancellation))
            .runBatch();
    assertEquals(100L, roots.statusCounts().get(Status.CANCELLED));
    assertEquals(1.5, roots.value(3));
  }

  @Test
  void progressReachesItsEnd() {
    AtomicLong last = new AtomicLong();
    Solve.of("x^2 = a")
        .constant("a", amounts(3000))
        .start(1.5)
        .backend(CPU)
        .execution(execution().withListener((done, total) -> last.set(done)))
        .runBatch();
    assertEquals(3000, last.get());
  }

  // ---- implied volatilities, against roots in 80 digits of the same formula of the same doubles

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Quotes(double[][] columns, BigDecimal[] roots) {}

  private static Quotes quotes() {
    List<String[]> rows = new ArrayList<>();
    try (BufferedReader text =
        new BufferedReader(
            new InputStreamReader(
                RootsContract.class.getResourceAsStream("implied-volatility.csv"),
                StandardCharsets.UTF_8))) {
      text.lines().skip(1).forEach(line -> rows.add(line.split(",", -1)));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    double[][] columns = new double[5][rows.size()];
    BigDecimal[] roots = new BigDecimal[rows.size()];
    for (int i = 0; i < roots.length; i++) {
      for (int c = 0; c < 5; c++) {
        columns[c][i] = Double.parseDouble(rows.get(i)[c]);
      }
      String root = rows.get(i)[5];
      roots[i] = root.equals("none") ? null : new BigDecimal(root);
    }
    return new Quotes(columns, roots);
  }

  private static Solve volatility(String equation, Quotes quotes) {
    return Solve.of(equation)
        .constant("S", quotes.columns[0])
        .constant("K", quotes.columns[1])
        .constant("T", quotes.columns[2])
        .constant("r", quotes.columns[3])
        .constant("price", quotes.columns[4])
        .start("v", 0.3)
        .bracket("v", 1e-4, 10);
  }

  /** What is called a root is one, to what is said of it; and that is mostly 12 digits. */
  @ParameterizedTest
  @ValueSource(strings = {"price", "logarithm", "difference"})
  void impliedVolatilitiesAreWhatTheySayTheyAre(String form) {
    Quotes quotes = quotes();
    String[] sides = BLACK_SCHOLES.split(" = ", 2);
    String equation =
        switch (form) {
          case "price" -> BLACK_SCHOLES;
          case "logarithm" -> "log(" + sides[0] + ") = log(price)";
          default -> sides[0] + " - price";
        };
    BatchRoots roots = batch(volatility(equation, quotes));
    int good = 0;
    for (int i = 0; i < quotes.roots.length; i++) {
      String what = "quote " + i + ": " + roots.get(i);
      Status status = roots.status(i);
      if (quotes.roots[i] == null) {
        assertNotEquals(Status.CONVERGED_PARAMETERS, status, what);
        continue;
      }
      double truth = quotes.roots[i].doubleValue();
      double error = quotes.roots[i].subtract(new BigDecimal(roots.value(i))).abs().doubleValue();
      switch (status) {
        case CONVERGED_PARAMETERS -> {
          assertTrue(error <= 1e-12 * truth, what);
          assertTrue(error <= roots.uncertainty(i, 0), what);
          good++;
        }
        // first order: beyond a percent the formula is no line any more
        case CONVERGED_COST ->
            assertTrue(
                error <= roots.uncertainty(i, 0) || roots.uncertainty(i, 0) > 0.01 * truth, what);
        case SINGULAR, NO_SIGN_CHANGE, NO_PROGRESS -> {}
        default -> throw new AssertionError(what);
      }
    }
    assertTrue(good >= 0.75 * quotes.roots.length, good + " of " + quotes.roots.length);
  }

  @Test
  void aPriceBelowIntrinsicHasNoVolatility() {
    double[] price = {4.5, 120, -1, 0};
    BatchRoots roots =
        batch(
            Solve.of(BLACK_SCHOLES)
                .constant("S", 105)
                .constant("K", 100)
                .constant("T", 1)
                .constant("r", 0)
                .constant("price", price)
                .start("v", 0.3)
                .bracket("v", 1e-4, 10));
    for (int i = 0; i < price.length; i++) {
      assertEquals(Status.NO_SIGN_CHANGE, roots.status(i), "price " + price[i]);
    }
  }

  /** Problems that go well and problems that do not, mixed so that lanes end at all times. */
  private static double[] amounts(int size) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(11);
    double[] a = new double[size];
    for (int i = 0; i < size; i++) {
      a[i] = Math.exp(random.nextDouble(-20, 40));
    }
    return a;
  }

  private static void assertSame(BatchRoots expected, long i, BatchRoots actual, long k) {
    String where = "problem " + i;
    assertEquals(expected.status(i), actual.status(k), where);
    assertEquals(expected.evaluations(i), actual.evaluations(k), where);
    assertEquals(expected.iterations(i), actual.iterations(k), where);
    assertEquals(
        Double.doubleToLongBits(expected.value(i)),
        Double.doubleToLongBits(actual.value(k)),
        where);
    assertEquals(
        Double.doubleToLongBits(expected.residual(i)),
        Double.doubleToLongBits(actual.residual(k)),
        where);
    assertEquals(
        Double.doubleToLongBits(expected.uncertainty(i, 0)),
        Double.doubleToLongBits(actual.uncertainty(k, 0)),
        where);
  }
}
