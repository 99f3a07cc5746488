package org.nabla4j.cpu.regression;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nabla4j.Regression;
import org.nabla4j.backend.Backend;
import org.nabla4j.backend.Backends;
import org.nabla4j.backend.Execution;
import org.nabla4j.backend.KernelPreference;
import org.nabla4j.data.Rows;
import org.nabla4j.data.Tables;
import org.nabla4j.regression.Accuracy;
import org.nabla4j.regression.Family;
import org.nabla4j.regression.Link;
import org.nabla4j.regression.RegressionFit;
import org.nabla4j.regression.RegressionStatus;
import org.nabla4j.regression.RobustErrors;

/** Generalised linear models on the CPU: results of R, and what has to hold in any case. */
class GlmTest {

  private static final double[] AGE = {
    9.21, 10.21, 10.58, 10.83, 11.08, 11.33, 11.58, 11.83, 12.08, 12.33, 12.58, 12.83, 13.08, 13.33,
    13.58, 13.83, 14.08, 14.33, 14.58, 14.83, 15.08, 15.33, 15.58, 15.83, 17.58
  };
  private static final double[] TOTAL = {
    376, 200, 93, 120, 90, 88, 105, 111, 100, 93, 100, 108, 99, 106, 105, 117, 98, 97, 120, 102,
    122, 111, 94, 114, 1049
  };
  private static final double[] MENARCHE = {
    0, 0, 0, 2, 2, 5, 10, 17, 16, 29, 39, 51, 47, 67, 81, 88, 79, 90, 113, 95, 117, 107, 92, 112,
    1049
  };

  private static Backend backend;

  @BeforeAll
  static void open() {
    backend = Backends.open("cpu");
  }

  @AfterAll
  static void close() {
    backend.close();
  }

  private static Regression glm(String formula, Family family) {
    return Regression.glm(formula, family).backend(backend);
  }

  private static Execution kernel(KernelPreference preference) {
    return Execution.defaults().withKernel(preference);
  }

  private static void assertClose(double[] expected, double[] actual, double tolerance) {
    assertEquals(expected.length, actual.length);
    double largest = Arrays.stream(expected).map(Math::abs).max().orElse(0);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual[i], tolerance * Math.max(largest, 1e-300), "element " + i);
    }
  }

  static List<Family> families() {
    return List.of(
        Family.binomial(),
        Family.binomial(Link.PROBIT),
        Family.binomial(Link.CLOGLOG),
        Family.poisson(),
        Family.poisson(Link.SQRT),
        Family.poisson(Link.IDENTITY),
        Family.gamma(),
        Family.gamma(Link.LOG),
        Family.gamma(Link.IDENTITY),
        Family.gaussian(),
        Family.gaussian(Link.LOG));
  }

  /** Responses of a family at η = 0.9 + 0.3 x1 − 0.2 x2, which has a mean in all of them. */
  private static Map<String, double[]> sample(Family family, int rows, long seed) {
    Random random = new Random(seed);
    Map<String, double[]> columns = new LinkedHashMap<>();
    for (String name : List.of("y", "x1", "x2", "w")) {
      columns.put(name, new double[rows]);
    }
    for (int i = 0; i < rows; i++) {
      double x1 = random.nextDouble();
      double x2 = random.nextDouble();
      double eta = 0.9 + 0.3 * x1 - 0.2 * x2;
      columns.get("x1")[i] = x1;
      columns.get("x2")[i] = x2;
      columns.get("w")[i] = 1 + random.nextInt(3);
      columns.get("y")[i] =
          switch (family.name()) {
            case "Binomial" -> random.nextDouble() < 1 / (1 + Math.exp(1 - eta)) ? 1 : 0;
            case "Poisson" -> random.nextInt(5);
            case "Gamma" -> 0.2 + random.nextDouble() + random.nextDouble();
            default -> Math.exp(eta) + random.nextGaussian() * 0.3;
          };
    }
    return columns;
  }

  /** R 4.2: glm(cbind(menarche, total - menarche) ~ age, binomial(link)), epsilon = 1e-15. */
  @ParameterizedTest
  @EnumSource(
      value = KernelPreference.class,
      names = {"SCALAR", "VECTOR"})
  void agreesWithR(KernelPreference preference) {
    Rows rows = Tables.columns(Map.of("age", AGE, "w", TOTAL, "n", MENARCHE));
    RegressionFit logit =
        glm("n/w ~ age", Family.binomial()).weights("w").execution(kernel(preference)).fit(rows);
    assertClose(
        new double[] {-21.226394905167353, 1.6319683482275738}, logit.coefficients(), 1e-12);
    assertClose(
        new double[] {0.7706858843874074, 0.0589531746186883}, logit.standardErrors(), 1e-10);
    assertEquals(26.70345163576482, logit.deviance(), 1e-10);
    assertEquals(3693.883574794155, logit.nullDeviance(), 1e-8);
    assertEquals(114.75525431310388, logit.aic(), 1e-9);
    RegressionFit probit =
        glm("n/w ~ age", Family.binomial(Link.PROBIT))
            .weights("w")
            .execution(kernel(preference))
            .fit(rows);
    assertClose(new double[] {-11.818941760263485, 0.90782306932}, probit.coefficients(), 1e-9);
    assertEquals(22.88743251467646, probit.deviance(), 1e-9);
    assertEquals("cpu", probit.backend());
  }

  @ParameterizedTest
  @MethodSource("families")
  void scoresVanishAtTheSolution(Family family) {
    Map<String, double[]> data = sample(family, 3000, 11);
    Rows rows = Tables.columns(data);
    RegressionFit fit = glm("y ~ x1 + x2", family).weights("w").fit(rows);
    assertEquals(RegressionStatus.SOLVED, fit.status(), () -> family + "\n" + fit);
    // A central difference of the deviance by each coefficient: 0, and no lower deviance near.
    for (int j = 0; j < 3; j++) {
      double[] beta = fit.coefficients();
      double step = 1e-3 * fit.standardErrors()[j];
      beta[j] += step;
      double up = devianceAt(beta, data, family);
      beta[j] -= 2 * step;
      double down = devianceAt(beta, data, family);
      double here = fit.deviance();
      assertTrue(up > here && down > here, () -> family + ": lower deviance nearby");
      assertEquals(0, (up - down) / (up + down - 2 * here), 1e-2, () -> family.toString());
    }
  }

  /** Of a model with nothing but these coefficients: all of it is offset. */
  private static double devianceAt(double[] beta, Map<String, double[]> data, Family family) {
    Map<String, double[]> columns = new LinkedHashMap<>(data);
    double[] eta = new double[data.get("y").length];
    Arrays.setAll(eta, i -> beta[0] + beta[1] * data.get("x1")[i] + beta[2] * data.get("x2")[i]);
    columns.put("o", eta);
    columns.put("zero", new double[eta.length]);
    RegressionFit fit =
        glm("y ~ zero - 1", family).weights("w").offset("o").start(0).fit(Tables.columns(columns));
    assertEquals(RegressionStatus.RANK_DEFICIENT, fit.status());
    return fit.deviance();
  }

  @ParameterizedTest
  @MethodSource("families")
  void threadsAndKernelsAgree(Family family) {
    Rows rows = Tables.columns(sample(family, 50_000, 5));
    Regression model = glm("y ~ x1 + x2", family).accuracy(Accuracy.DOUBLE);
    RegressionFit one = model.execution(Execution.defaults().withParallelism(1)).fit(rows);
    RegressionFit four = model.execution(Execution.defaults().withParallelism(4)).fit(rows);
    assertArrayEquals(one.coefficients(), four.coefficients());
    assertArrayEquals(one.standardErrors(), four.standardErrors());
    assertEquals(one.deviance(), four.deviance());
    RegressionFit scalar = model.execution(kernel(KernelPreference.SCALAR)).fit(rows);
    RegressionFit vector = model.execution(kernel(KernelPreference.VECTOR)).fit(rows);
    assertClose(scalar.coefficients(), vector.coefficients(), 1e-12);
    assertClose(scalar.standardErrors(), vector.standardErrors(), 1e-11);
    RegressionFit exact = model.accuracy(Accuracy.DOUBLE_DOUBLE).fit(rows);
    assertClose(exact.coefficients(), one.coefficients(), 1e-12);
    assertEquals(exact.deviance(), one.deviance(), 1e-12 * Math.abs(exact.deviance()));
  }

  @ParameterizedTest
  @MethodSource("families")
  void shiftsAndScalesOfColumnsChangeNothingElse(Family family) {
    Rows rows = Tables.columns(sample(family, 500, 7));
    RegressionFit plain = glm("y ~ x1 + x2", family).fit(rows);
    RegressionFit moved = glm("y ~ I(1000*(x1 + 20)) + I(x2/1000 - 3)", family).fit(rows);
    double[] b = plain.coefficients();
    double[] c = moved.coefficients();
    assertClose(b, new double[] {c[0] + 20_000 * c[1] - 3 * c[2], 1000 * c[1], c[2] / 1000}, 1e-8);
    assertEquals(plain.deviance(), moved.deviance(), 1e-9 * plain.deviance());
    double[] s = plain.standardErrors();
    double[] t = moved.standardErrors();
    assertClose(new double[] {s[1], s[2]}, new double[] {1000 * t[1], t[2] / 1000}, 1e-8);
  }

  @ParameterizedTest
  @MethodSource("families")
  void weightsAreRepeatedRows(Family family) {
    Map<String, double[]> data = sample(family, 400, 3);
    Map<String, double[]> repeated = new LinkedHashMap<>();
    for (String name : data.keySet()) {
      List<Double> values = new ArrayList<>();
      for (int i = 0; i < 400; i++) {
        for (int k = 0; k < data.get("w")[i]; k++) {
          values.add(data.get(name)[i]);
        }
      }
      repeated.put(name, values.stream().mapToDouble(Double::doubleValue).toArray());
    }
    RegressionFit weighted = glm("y ~ x1 + x2", family).weights("w").fit(Tables.columns(data));
    RegressionFit rows = glm("y ~ x1 + x2", family).fit(Tables.columns(repeated));
    assertClose(rows.coefficients(), weighted.coefficients(), 1e-11);
    assertEquals(rows.deviance(), weighted.deviance(), 1e-10 * rows.deviance());
    assertEquals(rows.nullDeviance(), weighted.nullDeviance(), 1e-10 * rows.nullDeviance());
    double ratio = Math.sqrt(weighted.dispersion() / rows.dispersion());
    for (int j = 0; j < 3; j++) {
      double expected = rows.standardErrors()[j] * ratio;
      assertEquals(expected, weighted.standardErrors()[j], 1e-9 * expected);
    }
  }

  @ParameterizedTest
  @MethodSource("families")
  void anOffsetIsAKnownCoefficient(Family family) {
    Rows rows = Tables.columns(sample(family, 300, 9));
    RegressionFit free = glm("y ~ x1 + x2", family).fit(rows);
    String known = free.coefficient("x2") + "*x2";
    RegressionFit held = glm("y ~ x1", family).offset(known).fit(rows);
    assertEquals(RegressionStatus.SOLVED, held.status());
    assertClose(
        new double[] {free.coefficients()[0], free.coefficients()[1]}, held.coefficients(), 1e-9);
    assertEquals(free.deviance(), held.deviance(), 1e-10 * free.deviance());
    RegressionFit alone = glm("y ~ 1", family).offset(known).fit(rows);
    assertEquals(alone.deviance(), held.nullDeviance(), 1e-9 * alone.deviance());
  }

  @ParameterizedTest
  @MethodSource("families")
  void aPenaltyShrinks(Family family) {
    Rows rows = Tables.columns(sample(family, 300, 13));
    double last = Double.POSITIVE_INFINITY;
    double deviance = 0;
    for (double lambda : new double[] {0, 1, 100, 1e8}) {
      RegressionFit fit = glm("y ~ x1 + x2", family).ridge(lambda).fit(rows);
      assertEquals(RegressionStatus.SOLVED, fit.status(), () -> family + " " + lambda);
      double size = Math.hypot(fit.coefficient("x1"), fit.coefficient("x2"));
      assertTrue(size < last, () -> family + " " + lambda);
      assertTrue(fit.deviance() >= deviance * (1 - 1e-12));
      last = size;
      deviance = fit.deviance();
    }
    assertTrue(last < 1e-4);
    RegressionFit none = glm("y ~ x1 + x2", family).fit(rows);
    assertEquals(none.nullDeviance(), deviance, 1e-4 * deviance);
  }

  @Test
  void aGaussianModelIsLeastSquares() {
    Rows rows = Tables.columns(sample(Family.gaussian(), 300, 17));
    RegressionFit glm = glm("y ~ x1 + x2", Family.gaussian()).weights("w").fit(rows);
    RegressionFit ols = ols().weights("w").fit(rows);
    assertClose(ols.coefficients(), glm.coefficients(), 1e-13);
    assertClose(ols.standardErrors(), glm.standardErrors(), 1e-12);
    assertEquals(ols.logLikelihood(), glm.logLikelihood(), 1e-10 * Math.abs(ols.logLikelihood()));
    assertEquals(ols.aic(), glm.aic(), 1e-10 * Math.abs(ols.aic()));
    assertEquals(ols.pValue("x1"), glm.pValue("x1"), 1e-9);
    double[] hc3 = ols().robust(RobustErrors.HC3).fit(rows).standardErrors();
    double[] same =
        glm("y ~ x1 + x2", Family.gaussian()).robust(RobustErrors.HC3).fit(rows).standardErrors();
    assertClose(hc3, same, 1e-12);
  }

  private static Regression ols() {
    return Regression.ols("y ~ x1 + x2").backend(backend);
  }

  @ParameterizedTest
  @EnumSource(
      value = Link.class,
      names = {"LOGIT", "PROBIT", "CLOGLOG"})
  void completeSeparationIsNamed(Link link) {
    Rows rows =
        Tables.columns(
            Map.of(
                "x", new double[] {1, 2, 3, 4, 5, 6, 7, 8},
                "z", new double[] {3, 1, 4, 1, 5, 9, 2, 6},
                "y", new double[] {0, 0, 0, 0, 1, 1, 1, 1}));
    RegressionFit fit = glm("y ~ x", Family.binomial(link)).fit(rows);
    assertEquals(RegressionStatus.SEPARATED, fit.status(), fit::toString);
    assertEquals(
        "complete separation: coefficients grow without end, x towards +infinity",
        fit.separation());
    assertTrue(fit.coefficient("x") > 3);
    assertTrue(fit.deviance() < 1e-3);
    assertTrue(fit.toString().contains("complete separation"));
    assertEquals(fit.separation(), fit.toMap().get("separation"));
    assertEquals(
        RegressionStatus.SEPARATED, glm("y ~ x + z", Family.binomial(link)).fit(rows).status());
    // A penalty ends it.
    assertEquals(
        RegressionStatus.SOLVED, glm("y ~ x", Family.binomial(link)).ridge(0.1).fit(rows).status());
  }

  @ParameterizedTest
  @EnumSource(
      value = Link.class,
      names = {"LOGIT", "PROBIT", "CLOGLOG"})
  void quasiCompleteSeparationIsNamed(Link link) {
    String[] kind = new String[600];
    double[] y = new double[600];
    double[] x = new double[600];
    Random random = new Random(1);
    for (int i = 0; i < 600; i++) {
      kind[i] = i < 3 ? "rare" : i % 2 == 0 ? "one" : "two";
      x[i] = random.nextGaussian();
      y[i] = i < 3 ? 0 : random.nextDouble() < 0.5 ? 1 : 0;
    }
    Rows rows = Tables.builder().numbers("x", x).numbers("y", y).texts("kind", kind).build();
    RegressionFit fit =
        glm("y ~ x + kind", Family.binomial(link)).reference("kind", "one").fit(rows);
    assertEquals(RegressionStatus.SEPARATED, fit.status(), fit::toString);
    assertEquals(
        "quasi-complete separation: coefficients grow without end, C(kind)[rare] towards -infinity",
        fit.separation());
    // The other coefficients are those without the separated rows.
    Rows rest =
        Tables.builder()
            .numbers("x", Arrays.copyOfRange(x, 3, 600))
            .numbers("y", Arrays.copyOfRange(y, 3, 600))
            .texts("kind", Arrays.copyOfRange(kind, 3, 600))
            .build();
    RegressionFit others =
        glm("y ~ x + kind", Family.binomial(link)).reference("kind", "one").fit(rest);
    assertEquals(RegressionStatus.SOLVED, others.status());
    assertEquals(others.coefficient("x"), fit.coefficient("x"), 1e-6);
    assertEquals(others.standardError("x"), fit.standardError("x"), 1e-6);
  }

  @Test
  void aGroupWithoutCountsSeparates() {
    Rows rows =
        Tables.columns(
            Map.of(
                "y", new double[] {0, 0, 0, 3, 1, 4, 1, 5},
                "g", new double[] {1, 1, 1, 0, 0, 0, 0, 0}));
    RegressionFit fit = glm("y ~ g", Family.poisson()).fit(rows);
    assertEquals(RegressionStatus.SEPARATED, fit.status());
    assertTrue(fit.separation().contains("g towards -infinity"), fit::separation);
  }

  /** Overlap by one row is no separation, however steep. */
  @Test
  void overlapIsNoSeparation() {
    int n = 2000;
    double[] x = new double[n];
    double[] y = new double[n];
    for (int i = 0; i < n; i++) {
      x[i] = (i - n / 2 + 0.5) / n;
      y[i] = x[i] > 0 ? 1 : 0;
    }
    y[n / 2] = 0;
    y[n / 2 - 1] = 1;
    RegressionFit fit = glm("y ~ x", Family.binomial()).fit(Tables.columns(Map.of("x", x, "y", y)));
    assertEquals(RegressionStatus.SOLVED, fit.status());
    assertTrue(fit.coefficient("x") > 100);
  }

  @Test
  void allResponsesTheSame() {
    double[] ones = {1, 1, 1, 1};
    Rows rows = Tables.columns(Map.of("y", ones, "x", new double[] {1, 2, 3, 5}));
    RegressionFit binomial = glm("y ~ x", Family.binomial()).fit(rows);
    assertEquals(RegressionStatus.SEPARATED, binomial.status());
    assertEquals(0, binomial.nullDeviance());
    RegressionFit alone = glm("y ~ 1", Family.binomial()).fit(rows);
    assertEquals(RegressionStatus.SEPARATED, alone.status());
    for (Family family : families()) {
      if (!family.name().equals("Binomial")) {
        RegressionFit fit = glm("y ~ x", family).fit(rows);
        assertEquals(RegressionStatus.SOLVED, fit.status(), family::toString);
        assertEquals(0, fit.coefficient("x"), 1e-10);
        assertEquals(0, fit.deviance(), 1e-12);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("families")
  void degenerateTables(Family family) {
    Regression model = glm("y ~ x", family);
    double[] none = {};
    RegressionFit empty = model.fit(Tables.columns(Map.of("y", none, "x", none)));
    assertEquals(RegressionStatus.NO_ROWS, empty.status());
    assertEquals(0, empty.rows());
    assertTrue(Double.isNaN(empty.coefficient("x")));
    assertTrue(empty.toString().contains("no rows"));
    Rows few = Tables.columns(Map.of("y", new double[] {1, 1}, "x", new double[] {1, 2}));
    RegressionFit weightless = model.weights("0*x").fit(few);
    assertEquals(RegressionStatus.NO_ROWS, weightless.status());
    double half = family.name().equals("Binomial") ? 0.5 : 2;
    RegressionFit one =
        model.fit(Tables.columns(Map.of("y", new double[] {half}, "x", new double[] {3})));
    assertEquals(RegressionStatus.RANK_DEFICIENT, one.status(), family::toString);
    assertEquals(
        family.link() == Link.INVERSE ? 0.5 : predictor(family, half),
        one.coefficient("(Intercept)"),
        1e-9);
    assertEquals(List.of("x = 3"), one.dependencies());
    assertTrue(Double.isNaN(one.coefficient("x")));
  }

  private static double predictor(Family family, double mu) {
    return switch (family.link()) {
      case LOG -> Math.log(mu);
      case SQRT -> Math.sqrt(mu);
      case IDENTITY -> mu;
      case CLOGLOG -> Math.log(-Math.log1p(-mu));
      default -> 0;
    };
  }

  @Test
  void responsesOutOfRangeAreCounted() {
    Rows rows =
        Tables.columns(
            Map.of(
                "y", new double[] {0, 1, 2, -1, 0.5, 3},
                "x", new double[] {1, 2, 3, 4, 5, 6},
                "w", new double[] {1, 1, 1, 0, 1, 1}));
    String[] message = {
      "3 of 6 rows have a response y that the Binomial family does not allow: expected 0 <= y <= 1",
      "1 of 6 rows have a response y that the Poisson family does not allow: expected y >= 0 and"
          + " finite",
      "2 of 6 rows have a response y that the Gamma family does not allow: expected y > 0 and"
          + " finite"
    };
    List<Family> families = List.of(Family.binomial(), Family.poisson(), Family.gamma());
    for (int k = 0; k < 3; k++) {
      Family family = families.get(k);
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> glm("y ~ x", family).fit(rows));
      assertEquals(message[k], e.getMessage());
    }
    // A row of weight 0 does not count.
    assertEquals(
        RegressionStatus.SOLVED, glm("y ~ x", Family.poisson()).weights("w").fit(rows).status());
  }

  @Test
  void dependentColumnsAreNamed() {
    Map<String, double[]> data = sample(Family.binomial(), 500, 21);
    Rows rows = Tables.columns(data);
    RegressionFit fit = glm("y ~ x1 + x2 + I(x1 - 2*x2 + 1)", Family.binomial()).fit(rows);
    assertEquals(RegressionStatus.RANK_DEFICIENT, fit.status());
    assertEquals(3, fit.rank());
    assertEquals(1, fit.dependencies().size());
    assertTrue(fit.dependencies().get(0).endsWith("= x1 - 2*x2 + 1"), fit.dependencies()::toString);
    RegressionFit without = glm("y ~ x1 + x2", Family.binomial()).fit(rows);
    assertClose(without.coefficients(), Arrays.copyOf(fit.coefficients(), 3), 1e-10);
    RegressionFit robust =
        glm("y ~ x1 + x2 + I(x1 - 2*x2 + 1)", Family.binomial()).robust(RobustErrors.HC2).fit(rows);
    double[] expected =
        glm("y ~ x1 + x2", Family.binomial()).robust(RobustErrors.HC2).fit(rows).standardErrors();
    assertClose(expected, Arrays.copyOf(robust.standardErrors(), 3), 1e-10);
    assertTrue(Double.isNaN(robust.standardErrors()[3]));
  }

  @Test
  void iterationsAreLimited() {
    Rows rows = Tables.columns(sample(Family.binomial(), 500, 21));
    RegressionFit fit = glm("y ~ x1 + x2", Family.binomial()).iterationLimit(1).fit(rows);
    assertEquals(RegressionStatus.ITERATION_LIMIT, fit.status());
    assertEquals(1, fit.iterations());
    RegressionFit full = glm("y ~ x1 + x2", Family.binomial()).fit(rows);
    RegressionFit again =
        glm("y ~ x1 + x2", Family.binomial()).start(full.coefficients()).fit(rows);
    assertClose(full.coefficients(), again.coefficients(), 1e-13);
    assertTrue(again.iterations() < full.iterations());
  }

  @Test
  void startValuesOfDependentColumnsDoNotCount() {
    Rows rows =
        Tables.columns(
            Map.of(
                "x1", new double[] {1, 2, 3, 4, 5},
                "x2", new double[] {2, 4, 6, 8, 10},
                "y", new double[] {1, 3, 4, 9, 12}));
    RegressionFit plain = glm("y ~ x1 + x2", Family.poisson()).fit(rows);
    RegressionFit started = glm("y ~ x1 + x2", Family.poisson()).start(0, 0, 0.1).fit(rows);
    assertEquals(0.5414, plain.coefficient("x1"), 5e-5);
    assertEquals(plain.coefficient("x1"), started.coefficient("x1"), 1e-12);
    assertEquals(plain.coefficient("(Intercept)"), started.coefficient("(Intercept)"), 1e-12);
    assertTrue(Double.isNaN(started.coefficient("x2")));
    assertEquals(plain.deviance(), started.deviance(), 1e-12);
  }

  /** With y = 1 ± e and the mean 1 all is known: the deviance is −log(1 − e²). */
  @ParameterizedTest
  @ValueSource(doubles = {0.5, 0.1, 0.07, 1e-3, 1e-6})
  void gammaLikelihoodsOfSmallDispersions(double e) {
    Rows rows = Tables.columns(Map.of("y", new double[] {1 - e, 1 + e}));
    RegressionFit fit = glm("y ~ 1", Family.gamma(Link.LOG)).fit(rows);
    double deviance = -2 * Math.log1p(-e * e);
    assertEquals(deviance, fit.deviance(), 1e-9 * deviance);
    // Stirling's series of log Γ, from k + 20 on.
    double k = 2 / deviance;
    double shift = 0;
    double z = k;
    if (k < 1000) {
      for (; z < k + 20; z++) {
        shift += Math.log(z);
      }
    }
    double tail = 1 / (12 * z) - 1 / (360 * z * z * z) + 1 / (1260 * Math.pow(z, 5));
    double constant =
        z == k
            ? 0.5 * Math.log(k / (2 * Math.PI)) - tail
            : k * Math.log(k)
                - k
                - ((z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + tail - shift);
    double expected = 2 * constant - 1 - Math.log1p(-e * e);
    assertEquals(expected, fit.logLikelihood(), 1e-9 * Math.max(1, Math.abs(expected)));
  }

  /** The mean is 1, so that the deviance is −2 Σ log y. */
  @Test
  void gammaDeviancesFarFromTheMean() {
    for (double small : new double[] {1e-3, 1e-12, 1e-20, 1e-100}) {
      Rows rows = Tables.columns(Map.of("y", new double[] {small, 1, 2 - small, 1}));
      double expected = -2 * (Math.log(small) + Math.log(2 - small));
      for (Link link : List.of(Link.LOG, Link.INVERSE, Link.IDENTITY)) {
        double start = link == Link.LOG ? 0.1 : 1.1;
        RegressionFit fit = glm("y ~ 1", Family.gamma(link)).start(start).fit(rows);
        assertEquals(RegressionStatus.SOLVED, fit.status(), () -> link + " " + small);
        assertEquals(expected, fit.deviance(), 1e-11 * expected, () -> link + " " + small);
        assertEquals(expected, fit.nullDeviance(), 1e-11 * expected);
      }
    }
  }

  /** Neither tiny nor huge weights end the iterations early. */
  @ParameterizedTest
  @MethodSource("families")
  void theSizeOfWeightsDoesNotMatter(Family family) {
    Rows rows = Tables.columns(sample(family, 300, 23));
    RegressionFit plain = glm("y ~ x1 + x2", family).weights("w").fit(rows);
    for (String weight : List.of("w*1e-9", "w*1e9")) {
      RegressionFit fit = glm("y ~ x1 + x2", family).weights(weight).fit(rows);
      assertEquals(plain.status(), fit.status(), () -> family + " " + weight);
      assertClose(plain.coefficients(), fit.coefficients(), 1e-10);
    }
  }

  /** Means of the rows with x = 0 go to 0: there is no solution, but nothing is told apart. */
  @Test
  void onlyOutcomesAreSeparated() {
    Rows rows =
        Tables.columns(
            Map.of(
                "x", new double[] {0, 0, 0, 1, 1, 1},
                "y", new double[] {0, 0, 0, 2, 3, 4}));
    RegressionFit gaussian = glm("y ~ x", Family.gaussian(Link.LOG)).fit(rows);
    assertEquals(RegressionStatus.ITERATION_LIMIT, gaussian.status(), gaussian::toString);
    assertEquals("", gaussian.separation());
    RegressionFit poisson = glm("y ~ x", Family.poisson()).fit(rows);
    assertEquals(RegressionStatus.SEPARATED, poisson.status(), poisson::toString);
  }

  @Test
  void aNullModelWithoutSolutionHasNoDeviance() {
    Map<String, double[]> data = sample(Family.poisson(), 200, 29);
    Regression model = glm("y ~ x1", Family.poisson()).offset("x2");
    assertTrue(model.fit(Tables.columns(data)).nullDeviance() > 0);
    RegressionFit stopped = model.iterationLimit(1).fit(Tables.columns(data));
    assertEquals(RegressionStatus.ITERATION_LIMIT, stopped.status());
    assertTrue(Double.isNaN(stopped.nullDeviance()));
    assertTrue(Double.isNaN(stopped.pseudoRSquared()));
  }

  /** A single far row pulls Newton's steps too far: they are halved. */
  @Test
  void stepsAreHalved() {
    Map<String, double[]> data = sample(Family.poisson(), 200, 2);
    data.get("x1")[0] = 60;
    data.get("y")[0] = 1e6;
    Rows rows = Tables.columns(data);
    RegressionFit fit = glm("y ~ x1 + x2", Family.poisson()).start(0, 0, 0).fit(rows);
    assertEquals(RegressionStatus.SOLVED, fit.status());
    RegressionFit plain = glm("y ~ x1 + x2", Family.poisson()).fit(rows);
    assertClose(plain.coefficients(), fit.coefficients(), 1e-10);
  }

  @Test
  void whatDoesNotFitIsRefused() {
    Rows rows = Tables.columns(sample(Family.binomial(), 50, 21));
    assertThrows(IllegalArgumentException.class, () -> Family.binomial(Link.LOG));
    assertThrows(
        IllegalArgumentException.class,
        () -> glm("y ~ x1", Family.binomial()).start(1, 2, 3).fit(rows));
    assertThrows(
        IllegalArgumentException.class, () -> glm("y ~ x1", Family.binomial()).start(Double.NaN));
    assertThrows(
        IllegalArgumentException.class, () -> glm("y ~ x1", Family.binomial()).fitEach(rows));
    assertThrows(
        IllegalArgumentException.class,
        () -> glm("y ~ x1", Family.binomial()).elasticNet(1, 0.5).fit(rows));
    assertThrows(
        IllegalArgumentException.class,
        () -> glm("y ~ x1", Family.binomial()).robust(RobustErrors.HC1).clusters("w").fit(rows));
  }
}
