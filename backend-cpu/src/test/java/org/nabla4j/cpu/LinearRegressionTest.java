package org.nabla4j.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nabla4j.Regression;
import org.nabla4j.backend.Execution;
import org.nabla4j.backend.KernelPreference;
import org.nabla4j.data.Rows;
import org.nabla4j.data.Tables;
import org.nabla4j.regression.Accuracy;
import org.nabla4j.regression.RegressionFit;

/** Linear regressions on the kernels of this backend: NIST's data sets, and how sums are chosen. */
class LinearRegressionTest {

  /** Significant digits of certified values. */
  private static final int CERTIFIED = 15;

  /** Digits that the data, rounded to doubles, have at least; see the api module's test. */
  @ParameterizedTest
  @CsvSource({
    "Norris, 14.0",
    "Pontius, 13.5",
    "NoInt1, 15",
    "NoInt2, 15",
    "Filip, 13.9",
    "Longley, 14.7",
    "Wampler1, 15",
    "Wampler2, 13.2",
    "Wampler3, 15",
    "Wampler4, 15",
    "Wampler5, 15",
  })
  void certifiedDigitsComeWithDefaultSettings(String name, double digits) throws IOException {
    Map<String, String> lines = new HashMap<>();
    Map<String, double[]> data = new LinkedHashMap<>();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                LinearRegressionTest.class.getResourceAsStream("/linear/" + name + ".txt"),
                StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        String[] parts = line.split(" ", 3);
        if (parts[0].equals("data")) {
          double[] values =
              Arrays.stream(parts[2].split(" ", -1)).mapToDouble(Double::parseDouble).toArray();
          data.put(parts[1], values);
        } else {
          lines.put(parts[0], line.substring(parts[0].length() + 1));
        }
      }
    }
    for (KernelPreference kernel : KernelPreference.values()) {
      RegressionFit fit =
          Regression.ols(lines.get("formula"))
              .backend("cpu")
              .execution(Execution.defaults().withKernel(kernel))
              .fit(Tables.columns(data));
      assertDigits(digits, lines.get("certified"), fit.coefficients());
      assertDigits(12, lines.get("deviations"), fit.standardErrors());
      assertDigits(12, lines.get("residualDeviation"), fit.sigma());
      assertDigits(14, lines.get("rSquared"), fit.rSquared());
      assertEquals("cpu", fit.backend());
    }
  }

  private static void assertDigits(double least, String certified, double... values) {
    String[] texts = certified.split(" ", -1);
    assertEquals(texts.length, values.length);
    for (int i = 0; i < texts.length; i++) {
      BigDecimal expected = new BigDecimal(texts[i]);
      BigDecimal value = new BigDecimal(values[i]);
      if (value.round(new MathContext(CERTIFIED)).compareTo(expected) != 0) {
        double scale = expected.signum() == 0 ? 1 : Math.abs(expected.doubleValue());
        double digits = -Math.log10(value.subtract(expected).abs().doubleValue() / scale);
        assertTrue(digits >= least, () -> digits + " digits of " + expected);
      }
    }
  }

  private static final int ROWS = 60_000;
  private static final int WIDTH = 40;

  /**
   * A table too large for double-double at first sight, columns at an offset, the last one equal to
   * the one before but for noise of the size told.
   */
  private static Rows table(double offset, double noise) {
    SplittableRandom random = new SplittableRandom(17);
    Map<String, double[]> data = new LinkedHashMap<>();
    double[] y = random.doubles(ROWS, -1, 1).toArray();
    double[] last = null;
    for (int j = 0; j < WIDTH; j++) {
      double[] x = random.doubles(ROWS, offset - 1, offset + 1).toArray();
      for (int i = 0; i < ROWS; i++) {
        if (j == WIDTH - 1) {
          x[i] = last[i] + noise * (x[i] - offset);
        }
        y[i] += x[i] / (j + 1);
      }
      data.put("x" + (10 + j), x);
      last = x;
    }
    data.put("y", y);
    return Tables.columns(data);
  }

  private static void assertAgree(
      RegressionFit exact, RegressionFit fit, double tolerance, double errorTolerance) {
    double[] errors = exact.standardErrors();
    for (int j = 1; j < errors.length; j++) {
      double expected = exact.coefficients()[j];
      assertEquals(expected, fit.coefficients()[j], tolerance * Math.abs(expected));
      assertEquals(errors[j], fit.standardErrors()[j], errorTolerance * errors[j]);
    }
    assertEquals(exact.sigma(), fit.sigma(), 1e-12 * exact.sigma());
    assertEquals(exact.rSquared(), fit.rSquared(), 1e-12);
  }

  @ParameterizedTest
  @CsvSource({
    // offset, noise, tolerances of coefficients and standard errors, what is done
    "0, 1, 1e-12, 1e-13, 'normal equations in double, Cholesky factor'",
    "1e7, 1, 1e-12, 1e-13, 'normal equations in double, Cholesky factor'",
    "0, 1e-4, 1e-9, 1e-6, 'normal equations in double, Cholesky factor, 1 refining pass'",
    "1e4, 1e-4, 0, 0, 'normal equations in double-double, Cholesky factor (in double the condition "
        + "number came out as 2.0e+04)'",
    "0, 1e-9, 0, 0, 'normal equations in double-double, Cholesky factor (in double the matrix came "
        + "out singular)'",
  })
  void theConditionChoosesTheSums(
      double offset, double noise, double tolerance, double errorTolerance, String method) {
    Rows rows = table(offset, noise);
    Regression regression = Regression.ols("y ~ .").backend("cpu");
    RegressionFit fit = regression.fit(rows);
    assertEquals(method, fit.method());
    RegressionFit exact = regression.accuracy(Accuracy.DOUBLE_DOUBLE).fit(rows);
    assertAgree(exact, fit, tolerance, errorTolerance);
  }

  @Test
  void severalResponsesAreSummedWithOneMatrix() {
    SplittableRandom random = new SplittableRandom(23);
    int n = 400;
    int responses = 300;
    Map<String, double[]> data = new LinkedHashMap<>();
    data.put("a", random.doubles(n).toArray());
    data.put("b", random.doubles(n).toArray());
    StringBuilder formula = new StringBuilder("cbind(");
    for (int r = 0; r < responses; r++) {
      data.put("y" + r, random.doubles(n).toArray());
      formula.append(r == 0 ? "" : ", ").append('y').append(r);
    }
    Rows rows = Tables.columns(data);
    double[][] all =
        Regression.ols(formula.append(") ~ a + b").toString())
            .backend("cpu")
            .fitEach(rows)
            .coefficients();
    assertEquals(responses, all.length);
    for (int r = 0; r < responses; r += 37) {
      RegressionFit alone = Regression.ols("y" + r + " ~ a + b").backend("cpu").fit(rows);
      assertArrayEquals(alone.coefficients(), all[r], 1e-15);
    }
  }
}
