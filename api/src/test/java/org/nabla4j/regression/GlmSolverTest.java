package org.nabla4j.regression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nabla4j.Regression;
import org.nabla4j.data.Rows;
import org.nabla4j.data.Tables;
import org.nabla4j.testing.ReferenceBackend;

/** Generalised linear models on sums of the reference: results of R's glm. */
class GlmSolverTest {

  /** Of warpbreaks and of the clotting times; 1 in other sets. */
  static final double[] CLOTTING_WEIGHTS = {1, 2, 1, 3, 1, 1, 2, 1, 4};

  static Rows table(String data, String... columns) {
    RResults set = RResults.read(data);
    Map<String, double[]> map = new LinkedHashMap<>();
    for (String column : columns) {
      map.put(column, set.numbers(column));
    }
    int rows = map.values().iterator().next().length;
    double[] row = new double[rows];
    double[] group = new double[rows];
    for (int i = 0; i < rows; i++) {
      row[i] = i + 1;
      group[i] = 1 + i / 6;
    }
    map.put("row", row);
    map.put("group", group);
    if (data.startsWith("clotting")) {
      map.put("k", CLOTTING_WEIGHTS);
    }
    return Tables.columns(map);
  }

  static Rows menarche() {
    return table("menarche-data", "age", "w", "share");
  }

  static Rows warpbreaks() {
    return table("warpbreaks-data", "breaks", "b", "m", "h");
  }

  static Rows clotting() {
    return table("clotting-data", "u", "lot1");
  }

  static Rows infert() {
    return table("infert-data", "case", "spontaneous", "induced", "age", "parity", "stratum");
  }

  static Rows rows(String set) {
    return switch (set.replaceAll("-.*", "")) {
      case "menarche" -> menarche();
      case "warpbreaks" -> warpbreaks();
      case "clotting" -> clotting();
      default -> infert();
    };
  }

  static Regression model(String set) {
    Regression model =
        switch (set) {
          case "menarche-logit" -> glm("share/w ~ age", Family.binomial()).weights("w");
          case "menarche-probit" -> glm("share/w ~ age", Family.binomial(Link.PROBIT)).weights("w");
          case "menarche-cloglog" ->
              glm("share/w ~ age", Family.binomial(Link.CLOGLOG)).weights("w");
          case "warpbreaks-log" -> glm("breaks ~ b + m + h", Family.poisson());
          case "warpbreaks-sqrt" -> glm("breaks ~ b + m + h", Family.poisson(Link.SQRT));
          case "warpbreaks-identity" -> glm("breaks ~ b + m + h", Family.poisson(Link.IDENTITY));
          case "warpbreaks-offset" ->
              glm("breaks ~ b + m + h", Family.poisson()).offset("log(row)/7");
          case "warpbreaks-nointercept" -> glm("breaks ~ b + m - 1", Family.poisson());
          case "clotting-inverse" -> glm("lot1 ~ log(u)", Family.gamma());
          case "clotting-log" -> glm("lot1 ~ log(u)", Family.gamma(Link.LOG));
          case "clotting-gaussianlog" -> glm("lot1 ~ log(u)", Family.gaussian(Link.LOG));
          case "clotting-weights" -> glm("lot1 ~ log(u)", Family.gamma()).weights("k");
          default -> glm("`case` ~ spontaneous + induced + age + parity", Family.binomial());
        };
    return model.backend(new ReferenceBackend());
  }

  static Regression glm(String formula, Family family) {
    return Regression.glm(formula, family);
  }

  @ParameterizedTest
  @CsvSource({
    "menarche-logit",
    "menarche-probit",
    "menarche-cloglog",
    "warpbreaks-log",
    "warpbreaks-sqrt",
    "warpbreaks-identity",
    "warpbreaks-offset",
    "warpbreaks-nointercept",
    "clotting-inverse",
    "clotting-log",
    "clotting-gaussianlog",
    "clotting-weights",
    "infert"
  })
  void agreesWithR(String name) {
    RResults expected = RResults.read(name);
    RegressionFit fit = model(name).fit(rows(name));
    assertEquals(RegressionStatus.SOLVED, fit.status());
    expected.check("coefficients", 1e-11, fit.coefficients());
    expected.check("errors", 1e-9, fit.standardErrors());
    expected.check("p", 1e-7, fit.names().stream().mapToDouble(fit::pValue).toArray());
    expected.check("deviance", 1e-11, fit.deviance());
    expected.check("null", 1e-11, fit.nullDeviance());
    expected.check("dispersion", 1e-10, fit.dispersion());
    expected.check("likelihood", 1e-11, fit.logLikelihood());
    expected.check("aic", 1e-11, fit.aic());
    expected.check("bic", 1e-11, fit.bic());
    expected.check("df", 0, fit.degreesOfFreedom());
    assertTrue(fit.iterations() <= 8, () -> fit.iterations() + " iterations");
  }

  @ParameterizedTest
  @CsvSource({
    "menarche-logit",
    "menarche-probit",
    "menarche-cloglog",
    "warpbreaks-log",
    "warpbreaks-sqrt",
    "clotting-inverse",
    "clotting-gaussianlog",
    "clotting-weights",
    "infert"
  })
  void robustErrorsAgreeWithR(String name) {
    RResults expected = RResults.read(name);
    for (RobustErrors errors : RobustErrors.values()) {
      RegressionFit fit = model(name).robust(errors).fit(rows(name));
      expected.check(errors.name().toLowerCase(java.util.Locale.ROOT), 1e-9, fit.standardErrors());
      assertEquals(errors.name(), fit.errors());
    }
  }

  @ParameterizedTest
  @CsvSource({"warpbreaks-log, group, 9", "warpbreaks-sqrt, group, 9", "infert, stratum, 83"})
  void clusteredErrorsAgreeWithR(String name, String column, int clusters) {
    RResults expected = RResults.read(name);
    RegressionFit fit = model(name).clusters(column).fit(rows(name));
    expected.check("clustered", 1e-9, fit.standardErrors());
    assertEquals("clustered by " + column + ", " + clusters + " clusters", fit.errors());
    assertTrue(List.of(fit.toString().split("\n")).stream().anyMatch(l -> l.contains("clustered")));
  }
}
