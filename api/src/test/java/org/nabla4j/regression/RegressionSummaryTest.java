package org.nabla4j.regression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.nabla4j.backend.Execution;
import org.nabla4j.data.Rows;
import org.nabla4j.data.Tables;
import org.nabla4j.testing.ReferenceBackend;

class RegressionSummaryTest {

  private static RegressionFit fit(String formula, Rows rows) {
    return OlsSolver.fit(
            Designs.of(formula),
            rows,
            OlsOptions.defaults(),
            new ReferenceBackend(),
            Execution.defaults())
        .fit(0);
  }

  @Test
  void isATable() {
    String expected =
        """
                                    OLS Regression Results
        ==============================================================================
        Dep. variable:                    dist  R-squared:                       0.651
        Model:                             OLS  Adj. R-squared:                  0.644
        Rows:                               50  F-statistic:                     89.57
        Df residuals:                       48  Prob (F-statistic):           1.49e-12
        Rank:                                2  Sigma:                          15.380
        Covariance:                  nonrobust  Deviance:                        11354
        Status:                         solved  Log-likelihood:                -206.58
        Condition number:                 1.00  AIC:                            419.16
                                                BIC:                            424.89
        ==============================================================================
                                coef   std err         t     P>|t|    [0.025    0.975]
        ------------------------------------------------------------------------------
        (Intercept)         -17.5791    6.7584    -2.601     0.012  -31.1678   -3.9903
        speed                 3.9324    0.4155     9.464     0.000    3.0970    4.7679
        ==============================================================================
        Computed by normal equations in double-double, Cholesky factor (reference).""";
    assertEquals(expected, fit("dist ~ speed", Cars.cars()).toString());
  }

  @Test
  void longNamesHaveALineOfTheirOwn() {
    Map<String, double[]> data = new LinkedHashMap<>();
    String name = "a_name_that_is_much_longer_than_its_column";
    data.put(name, new double[] {1, 2, 3, 4});
    data.put("y", new double[] {1e9, 3e9, 2e9, 5e9});
    String text = fit("y ~ " + name, Tables.columns(data)).toString();
    assertTrue(text.contains("\n" + name + "\n"), text);
    for (String line : text.split("\n", -1)) {
      assertTrue(line.length() <= 78 || line.startsWith("Computed by"), line);
    }
  }

  @Test
  void mapsHoldTheNumbers() {
    RegressionFit fit = fit("dist ~ speed", Cars.cars());
    Map<String, Object> map = fit.toMap();
    assertEquals(
        List.of(
            "model",
            "response",
            "status",
            "coefficients",
            "errors",
            "rows",
            "omitted",
            "rank",
            "degreesOfFreedom",
            "rSquared",
            "adjustedRSquared",
            "fStatistic",
            "fPValue",
            "sigma",
            "deviance",
            "logLikelihood",
            "aic",
            "bic",
            "conditionNumber",
            "dependencies",
            "iterations",
            "method",
            "backend",
            "kernel"),
        List.copyOf(map.keySet()));
    @SuppressWarnings("unchecked")
    Map<String, Map<String, Double>> coefficients =
        (Map<String, Map<String, Double>>) map.get("coefficients");
    assertEquals(List.of("(Intercept)", "speed"), List.copyOf(coefficients.keySet()));
    Map<String, Double> speed = coefficients.get("speed");
    assertEquals(fit.coefficient("speed"), speed.get("value"));
    assertEquals(fit.standardError("speed"), speed.get("standardError"));
    assertEquals(fit.statistic("speed"), speed.get("statistic"));
    assertEquals(fit.pValue("speed"), speed.get("p"));
    assertEquals(fit.interval("speed", 0.95).lower(), speed.get("lower"));
    assertEquals(fit.interval("speed", 0.95).upper(), speed.get("upper"));
    assertEquals(fit.rSquared(), map.get("rSquared"));
    assertEquals(50L, map.get("rows"));
  }
}
